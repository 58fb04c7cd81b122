"""What is built is what is here: a wheel, an editable install and a checkout find the same rules.

An environment of its own costs seconds, so the dependencies of the one that runs the tests are
lent to it; gdprlint itself is not.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from gdprlint.knowledge.shelf import COMPILED, compile_ruleset

PROJECT = Path(__file__).resolve().parent.parent
_PAGE = '<script src="https://connect.facebook.net/en_US/fbevents.js"></script>\n'
_NOT_COPIED = shutil.ignore_patterns(
    "__pycache__", "node_modules", ".git", ".venv", "venv", ".*_cache", ".hypothesis", "dist"
)


def _run(command: Sequence[str | Path], folder: Path, **environment: str) -> str:
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _build(checkout: Path, output: Path, *kinds: str) -> Path:
    """What `python -m build` makes of a checkout, with the build requirements of pyproject.toml."""
    _run([sys.executable, "-m", "build", *kinds, "-o", output, checkout], output.parent)
    return next(path for path in sorted(output.iterdir()) if path.suffix in (".whl", ".gz"))


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project's files, as a clone would be."""
    folder = tmp_path_factory.mktemp("clone") / "gdprlint"
    shutil.copytree(PROJECT, folder, ignore=_NOT_COPIED)
    return folder


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the checkout."""
    return _build(checkout, tmp_path_factory.mktemp("wheel"), "--wheel")


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with the wheel in it."""
    return _environment(tmp_path_factory.mktemp("installed"), wheel)


@pytest.fixture(scope="module")
def sdist(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution of the checkout."""
    return _build(checkout, tmp_path_factory.mktemp("sdist"), "--sdist")


def _environment(folder: Path, *install: str | Path) -> Path:
    """The Python of a fresh environment with gdprlint installed so, or without any."""
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    site = _run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], folder)
    # Paths in such a file are searched last, and what lies in them installs nothing further: an
    # editable install in the lending environment stays where it is.
    lent = dict.fromkeys([sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
    Path(site.strip(), "lent.pth").write_text("\n".join(lent), encoding="utf-8")
    if install:
        pip: list[str | Path] = [
            sys.executable,
            "-m",
            "pip",
            "--python",
            python,
            "install",
            "-q",
            "--no-deps",
        ]
        _run([*pip, *install], folder)
    return python


def _rules(python: Path, folder: Path, **environment: str) -> list[str]:
    listed = _run([python, "-m", "gdprlint", "rules", "--format", "json"], folder, **environment)
    return [rule["id"] for rule in json.loads(listed)["rules"]]


def _findings(python: Path, folder: Path, **environment: str) -> list[str]:
    (folder / "page.html").write_text(_PAGE, encoding="utf-8")
    command = ["-m", "gdprlint", "check", ".", "--fail-on", "never", "--format", "concise"]
    return _run([python, *command], folder, **environment).splitlines()


def _shipped_rules(checkout: Path) -> set[str]:
    themes = (path for path in (checkout / "rulesets").iterdir() if path.is_dir())
    aside = {"knowledge", "profiles", "schema", "questions"}
    return {
        path.stem for theme in themes if theme.name not in aside for path in theme.glob("*.yaml")
    }


def _contents(wheel: Path) -> dict[str, str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}


# -------------------------------------------------------------------- what is in the wheel


def test_the_wheel_carries_the_compiled_ruleset(wheel: Path, checkout: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        compiled = json.loads(archive.read(f"gdprlint/{COMPILED}"))
    assert compiled == compile_ruleset(checkout / "rulesets")


def test_the_wheel_carries_the_page_of_every_rule(wheel: Path, checkout: Path) -> None:
    carried = {Path(name).stem for name in _contents(wheel) if name.endswith(".md")}
    assert _shipped_rules(checkout) <= carried


def test_the_wheel_says_that_it_is_typed(wheel: Path) -> None:
    assert "gdprlint/py.typed" in _contents(wheel)


def test_the_wheel_carries_neither_tests_nor_examples(wheel: Path) -> None:
    roots = {name.partition("/")[0] for name in _contents(wheel)}
    assert {root for root in roots if not root.endswith(".dist-info")} == {"gdprlint"}


def test_a_wheel_built_twice_has_the_same_bytes(
    wheel: Path, checkout: Path, tmp_path: Path
) -> None:
    again = _build(checkout, tmp_path / "again", "--wheel")
    assert again.read_bytes() == wheel.read_bytes()


def test_building_leaves_only_the_wheel_in_its_folder(wheel: Path) -> None:
    assert [path.name for path in wheel.parent.iterdir()] == [wheel.name]


def test_a_wheel_of_the_source_distribution_is_the_wheel_of_the_checkout(
    wheel: Path, sdist: Path, tmp_path: Path
) -> None:
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    assert _contents(_build(source, tmp_path / "again", "--wheel")) == _contents(wheel)


def test_the_source_distribution_carries_the_tests_and_the_examples(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"tests/test_packaging.py", "examples/booking-leak/README.md", "LICENSE"} <= names


# -------------------------------------------------------------------- the three installs


def test_an_installed_wheel_finds_the_rules(
    installed: Path, checkout: Path, tmp_path: Path
) -> None:
    assert set(_rules(installed, tmp_path)) >= _shipped_rules(checkout)
    assert len(_findings(installed, tmp_path)) == 1


def test_an_editable_install_finds_the_rules(checkout: Path, tmp_path: Path) -> None:
    python = _environment(tmp_path / "env", "-e", checkout)
    assert set(_rules(python, tmp_path)) >= _shipped_rules(checkout)
    assert len(_findings(python, tmp_path)) == 1


def test_a_checkout_finds_the_rules(checkout: Path, tmp_path: Path) -> None:
    python = _environment(tmp_path / "env")
    lent = {"PYTHONPATH": str(checkout)}
    assert set(_rules(python, tmp_path, **lent)) >= _shipped_rules(checkout)
    assert len(_findings(python, tmp_path, **lent)) == 1


def test_an_installed_wheel_shows_the_page_of_a_rule(installed: Path, tmp_path: Path) -> None:
    page = _run([installed, "-m", "gdprlint", "explain", "unconsented-tracker"], tmp_path)
    assert "## How to fix it" in page


def test_an_installed_wheel_has_the_command(installed: Path, tmp_path: Path) -> None:
    assert _run([installed.parent / "gdprlint", "--version"], tmp_path).startswith("gdprlint ")
