"""What the documents say is true of the program."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from command_line import ROOT, gdprlint

from gdprlint import __version__, api, settings
from gdprlint.reporters import FORMATS
from gdprlint.yamldoc import load

README = ROOT / "README.md"
MAP = ROOT / "gdprlint" / "README.md"
WORKFLOW = ROOT / "examples" / "github-code-scanning" / "gdprlint.yml"
HOOKS = ROOT / "examples" / "pre-commit" / ".pre-commit-config.yaml"
DOCUMENTS = (
    README,
    MAP,
    ROOT / "CHANGELOG.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "examples" / "README.md",
)
LEAK = "examples/booking-leak"


def blocks(document: Path, language: str) -> list[str]:
    """The fenced blocks of a language, in order."""
    text = document.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def told(document: Path, heading: str) -> str:
    """The part of a document below a second-level heading."""
    text = document.read_text(encoding="utf-8")
    return text.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def first_cells(text: str) -> list[str]:
    """The words in the first column of the tables in a text."""
    return re.findall(r"^\| `([^`]+)` \|", text, re.MULTILINE)


def console_blocks() -> dict[str, str]:
    """The commands of README's console blocks, with what is shown below each."""
    shown: dict[str, str] = {}
    for block in blocks(README, "console"):
        command = ""
        for line in block.splitlines(keepends=True):
            if line.startswith("$ "):
                command = line[2:].strip()
                shown[command] = ""
            else:
                shown[command] += line
    return shown


def test_the_commands_of_the_readme_are_these() -> None:
    assert list(console_blocks()) == [
        "python3 -m venv .venv && .venv/bin/pip install -q . "
        "&& .venv/bin/gdprlint check examples/booking-leak",
        "python3 -m venv .venv && .venv/bin/pip install -q -e '.[test]' "
        "&& .venv/bin/python -m pytest",
        "gdprlint check examples/booking-leak --select sensitive-get-form",
        "gdprlint check --diff",
        "gdprlint check --fix",
        "gdprlint check --fix --unsafe-fixes",
        "gdprlint check --write-baseline gdprlint.baseline.json",
        "gdprlint check --baseline gdprlint.baseline.json",
    ]


def test_the_finding_in_the_readme_is_printed_as_shown(request: pytest.FixtureRequest) -> None:
    ((command, shown),) = [each for each in console_blocks().items() if each[1]]
    printed = gdprlint(*shlex.split(command)[1:]).stdout
    if request.config.getoption("--update"):
        text = README.read_text(encoding="utf-8")
        README.write_text(text.replace(shown, printed), encoding="utf-8")
        ((_, shown),) = [each for each in console_blocks().items() if each[1]]
    assert printed == shown


def test_a_baseline_hides_what_it_knows(tmp_path: Path) -> None:
    site = shutil.copytree(ROOT / LEAK, tmp_path / "site")
    commands = [command for command in console_blocks() if "baseline" in command]
    statuses = [gdprlint(*shlex.split(each)[1:], cwd=site).returncode for each in commands]
    assert statuses == [0, 0]


@pytest.mark.external
def test_the_first_command_works_in_a_fresh_clone(tmp_path: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-coz", "--exclude-standard"],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tmp_path / name)
    command = next(iter(console_blocks())).replace("python3", shlex.quote(sys.executable))
    done = subprocess.run(
        command, shell=True, cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=600
    )
    assert done.returncode == 1, done.stderr
    assert done.stdout == (ROOT / LEAK / "report.txt").read_text(encoding="utf-8")


def test_the_settings_of_the_readme_are_read_and_settle_a_consent_check(tmp_path: Path) -> None:
    (written,) = [block for block in blocks(README, "yaml") if "consent:" in block]
    (tmp_path / "gdprlint.yml").write_text(written, encoding="utf-8")
    (tmp_path / "index.html").write_text(
        "<!doctype html><title>Page</title><script>\n"
        "if (siteConsent.allows('statistics')) { gtag('config', 'G-1'); }\n"
        "</script>\n"
        "<script>siteConsent.whenAgreed(function () { fbq('init', '1'); });</script>\n",
        encoding="utf-8",
    )
    wish = ("--format", "concise", "--min-confidence", "possible", "--notes")
    assert gdprlint("check", *wish, cwd=tmp_path).stdout == ""
    (tmp_path / "gdprlint.yml").write_text("context: [health]\n", encoding="utf-8")
    assert gdprlint("check", *wish, cwd=tmp_path).stdout != ""


def test_the_table_of_settings_names_keys_that_exist() -> None:
    known = {field.name for field in fields(settings.Settings)}
    nested = {
        f"{outer}.{field.name}"
        for outer, inner in (
            ("consent", settings.Consent),
            ("cookies", settings.Cookies),
            ("search", settings.Search),
        )
        for field in fields(inner)
    }
    keys = first_cells(told(README, "Settings"))
    assert len(keys) == 11
    assert set(keys) <= known | nested


def test_the_table_of_formats_is_whole() -> None:
    assert first_cells(told(README, "In GitHub code scanning")) == list(FORMATS)


def test_the_options_of_the_readme_exist() -> None:
    text = README.read_text(encoding="utf-8")
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", text))
    assert "--fail-on" in named
    shown = gdprlint("check", "--help").stdout
    assert {option for option in named if option not in shown} == set()


def test_the_ignore_comment_of_the_readme_silences_its_finding(tmp_path: Path) -> None:
    (block,) = blocks(README, "html")
    page = tmp_path / "index.html"
    page.write_text(block, encoding="utf-8")
    done = gdprlint("check", "--format", "concise", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert "1 ignored" in done.stderr
    page.write_text(block.split("\n", 1)[1], encoding="utf-8")
    assert "remote-font" in gdprlint("check", "--format", "concise", cwd=tmp_path).stdout


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files(document: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8"))
    assert [each for each in targets if not (document.parent / each).exists()] == []


def test_the_changelog_tells_of_this_version_and_of_every_rule() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n## {__version__}\n" in text
    shipped = {rule.id for rule in api.rules(api.Options(root=ROOT)) if rule.theme != "governance"}
    assert shipped - set(re.findall(r"`([a-z-]+)`", text)) == set()


def test_the_workflow_is_one_that_github_takes() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    done = subprocess.run(
        [*command, "vendor.github-workflows", str(WORKFLOW)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def steps() -> list[dict[str, Any]]:
    """The steps of the workflow's one job."""
    workflow: Any = load(WORKFLOW.read_text(encoding="utf-8"), str(WORKFLOW)).value
    assert workflow["permissions"] == {}
    found: list[dict[str, Any]] = workflow["jobs"]["gdprlint"]["steps"]
    return found


def test_the_workflow_pins_every_action_to_a_commit() -> None:
    used = [step["uses"] for step in steps() if "uses" in step]
    assert len(used) == 3
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", name) for name in used)


def test_the_scan_of_the_workflow_makes_a_log_and_fails_nothing(tmp_path: Path) -> None:
    (scan,) = [step["run"] for step in steps() if "run" in step]
    assert f"@v{__version__} " in scan
    site = shutil.copytree(ROOT / LEAK, tmp_path / "site")
    arguments = shlex.split(scan)
    done = gdprlint(*arguments[arguments.index("gdprlint") + 1 :], cwd=site)
    assert done.returncode == 0, done.stderr
    assert (site / "gdprlint.sarif").read_text(encoding="utf-8").startswith("{")


@pytest.mark.parametrize("place", ["example", "readme"])
def test_the_hooks_to_copy_are_those_of_this_version(place: str, tmp_path: Path) -> None:
    (shown,) = [block for block in blocks(README, "yaml") if "repos:" in block]
    text = HOOKS.read_text(encoding="utf-8") if place == "example" else shown
    config = tmp_path / "config.yaml"
    config.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pre_commit", "validate-config", str(config)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    read: Any = load(text, str(config)).value
    (repo,) = read["repos"]
    assert repo["rev"] == f"v{__version__}"
    manifest: Any = load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"), "").value
    assert [hook["id"] for hook in repo["hooks"]] == [hook["id"] for hook in manifest]


def test_ci_runs_the_test_command_of_the_readme() -> None:
    # It takes the command out of README.md, so that the two cannot differ.
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    (pattern,) = re.findall(r"^readme_pattern='(.*)'$", script, re.MULTILINE)
    lines = [
        line
        for line in README.read_text(encoding="utf-8").splitlines()
        if re.fullmatch(pattern, line)
    ]
    assert lines == ["$ " + list(console_blocks())[1]]


def rooms() -> set[str]:
    """The rooms that there are: the modules and packages below `gdprlint/`."""
    found = {path.stem for path in (ROOT / "gdprlint").glob("*.py")}
    found |= {path.parent.name for path in (ROOT / "gdprlint").glob("*/__init__.py")}
    return found - {"__init__", "__main__"}


def test_every_room_is_on_the_map() -> None:
    assert set(first_cells(told(MAP, "Rooms"))) == rooms()


@pytest.mark.parametrize("room", sorted(rooms()))
def test_a_room_imports_no_room_that_the_map_does_not_name(room: str) -> None:
    row = re.search(rf"^\| `{room}` \|.*\| (.*) \|$", told(MAP, "Rooms"), re.MULTILINE)
    assert row is not None
    named = rooms() if row[1] == "all of the above" else set(re.findall(r"\w+", row[1]))
    folder = ROOT / "gdprlint" / room
    files = [*folder.rglob("*.py")] if folder.is_dir() else [folder.with_suffix(".py")]
    imported: set[str] = set()
    for file in files:
        text = file.read_text(encoding="utf-8")
        imported |= set(re.findall(r"^\s*(?:from|import) gdprlint\.(\w+)", text, re.MULTILINE))
        for names in re.findall(r"^\s*from gdprlint import ([\w, ]+)", text, re.MULTILINE):
            imported |= set(re.findall(r"\w+", names))
    assert (imported & rooms()) - {room} <= named


def test_the_glossary_is_in_order_and_says_each_word_once() -> None:
    words = re.findall(r"^\| ([a-z]+) \|", told(MAP, "Glossary"), re.MULTILINE)
    assert words[0] == "word"
    assert words[1:] == sorted(set(words[1:]))
