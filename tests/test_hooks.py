"""The pre-commit hooks, run by pre-commit itself in throw-away repositories."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gdprlint import languages
from gdprlint.yamldoc import load

ROOT = Path(__file__).resolve().parents[1]
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
EXAMPLES = ROOT / "examples"


def run(*command: str | Path, cwd: Path, home: Path | None = None) -> tuple[int, str]:
    """Status and output of a command that sees none of this machine's git settings."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "GIT_CONFIG_GLOBAL": os.devnull,
        "NO_COLOR": "1",
        **{f"GIT_{who}_{what}": "nobody@booking.example"
           for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }  # fmt: skip
    if home is not None:
        environment["PRE_COMMIT_HOME"] = str(home)
    done = subprocess.run(
        [*map(str, command)],
        cwd=cwd,
        env=environment,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=300,
    )
    return done.returncode, done.stdout


def done(*command: str | Path, cwd: Path) -> str:
    """The output of a command that must succeed."""
    status, output = run(*command, cwd=cwd)
    assert status == 0, output
    return output


def committed(folder: Path) -> str:
    """Makes a repository of a folder; the id of its one commit."""
    done("git", "init", "-q", cwd=folder)
    done("git", "add", "-A", cwd=folder)
    done("git", "commit", "-q", "-m", "all", cwd=folder)
    return done("git", "rev-parse", "HEAD", cwd=folder).strip()


@pytest.fixture(scope="module")
def tool(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This checkout as a repository of its own, with what is not committed yet."""
    folder = tmp_path_factory.mktemp("tool")
    listed = done("git", "ls-files", "-coz", "--exclude-standard", cwd=ROOT)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    committed(folder)
    return folder


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps the environment, so that it is made once."""
    return tmp_path_factory.mktemp("pre-commit-home")


def site(example: str, folder: Path, tool: Path) -> Path:
    """A repository with an example site, set up to use the hooks."""
    shutil.copytree(EXAMPLES / example, folder)
    rev = done("git", "rev-parse", "HEAD", cwd=tool).strip()
    (folder / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {tool}\n  rev: {rev}\n  hooks:\n"
        "  - id: gdprlint\n  - id: gdprlint-project\n",
        encoding="utf-8",
    )
    committed(folder)
    return folder


def hook(*arguments: str, folder: Path, home: Path) -> tuple[int, str]:
    """`pre-commit run` in a site."""
    return run(sys.executable, "-m", "pre_commit", "run", *arguments, cwd=folder, home=home)


def test_the_manifest_is_one_that_pre_commit_takes() -> None:
    done(sys.executable, "-m", "pre_commit", "validate-manifest", MANIFEST, cwd=ROOT)


def test_a_leaking_site_fails_when_the_hook_is_tried(tool: Path, tmp_path: Path) -> None:
    folder = site("booking-leak", tmp_path / "site", tool)
    command = (sys.executable, "-m", "pre_commit", "try-repo", tool, "gdprlint", "--all-files")
    status, output = run(*command, cwd=folder)
    assert status == 1
    assert "error[sensitive-param-to-tracker]" in output
    assert "error[tracking-pixel]" in output


def test_a_clean_site_passes(tool: Path, home: Path, tmp_path: Path) -> None:
    folder = site("booking-clean", tmp_path / "site", tool)
    status, output = hook("gdprlint", "--all-files", folder=folder, home=home)
    assert status == 0, output
    assert output.rstrip().endswith("Passed")


def test_a_changed_script_fails_for_the_layout_that_is_elsewhere(
    tool: Path, home: Path, tmp_path: Path
) -> None:
    folder = site("booking-leak", tmp_path / "site", tool)
    status, output = hook("gdprlint", "--files", "static/js/booking.js", folder=folder, home=home)
    assert status == 1
    assert "error[sensitive-param-to-tracker]" in output
    assert "templates/booking.html" in output
    assert "views.py" not in output


def test_a_changed_page_passes_although_others_leak(tool: Path, home: Path, tmp_path: Path) -> None:
    folder = site("booking-leak", tmp_path / "site", tool)
    status, output = hook("gdprlint", "--files", "templates/privacy.html", folder=folder, home=home)
    assert status == 0, output


def test_the_whole_project_is_checked_before_a_push(tool: Path, home: Path, tmp_path: Path) -> None:
    folder = site("booking-leak", tmp_path / "site", tool)
    status, output = hook("gdprlint-project", "--hook-stage", "manual", folder=folder, home=home)
    assert status == 1
    assert "warning[excessive-cookie-lifetime]" in output
    assert "views.py" in output


def changed_files_hook() -> dict[str, Any]:
    """The first hook of the manifest."""
    hooks: Any = load(MANIFEST.read_text(encoding="utf-8"), str(MANIFEST)).value
    found: dict[str, Any] = hooks[0]
    assert found["id"] == "gdprlint"
    return found


def is_passed(name: str) -> bool:
    """Whether pre-commit hands a file of this name to the hook."""
    given = changed_files_hook()
    wanted = re.search(given["files"], name) is not None
    return wanted and re.search(given["exclude"], name) is None


@pytest.mark.parametrize("suffix", sorted(languages._SUFFIXES))
def test_every_suffix_that_is_read_is_passed_to_the_hook(suffix: str) -> None:
    assert languages.language_of(f"page.{suffix}")
    assert is_passed(f"src/page.{suffix}")


@pytest.mark.parametrize(
    "name",
    [
        "node_modules/library/index.js",
        "app/node_modules/library/index.js",
        "static/app.min.js",
        "static/app.min.css",
        "logo.svg",
        "README.md",
        "package.json",
        "page.html.bak",
    ],
)
def test_what_is_not_ones_own_source_is_not_passed_to_the_hook(name: str) -> None:
    assert not is_passed(name)


def test_what_the_hook_cannot_do_without_is_not_in_args() -> None:
    given = changed_files_hook()
    assert given["entry"] == "gdprlint check --force-exclude"
    assert json.dumps(given["args"]) == '["--profile=minimal"]'
