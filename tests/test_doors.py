"""The doors between rooms: who may import whom, what a start may load, what code may not name."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from gdprlint.knowledge import Knowledge

PACKAGE = Path(__file__).resolve().parent.parent / "gdprlint"
PROJECT = PACKAGE.parent
_HEAVY = ("yaml", "rich", "libcst", "sarif_om", "tree_sitter", "publicsuffixlist", "pathspec")
_LINT = "from importlinter.cli import lint_imports_command as lint; lint()"
# Words of the language, of its libraries and of everyday English that happen to be names as well.
_EVERYDAY = frozenset({"segment", "piano", "matter", "sentry", "outer", "iterable"})
# A shop sign's worth of letters: shorter names are syllables of other words.
_SHORTEST = 5


def _rooms() -> list[str]:
    """The modules and packages at the top of the engine."""
    packages = [path.parent.name for path in PACKAGE.glob("*/__init__.py")]
    modules = [path.stem for path in PACKAGE.glob("*.py") if not path.stem.startswith("__")]
    return sorted([*packages, *modules])


def test_the_rooms_import_only_what_lies_below_them() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LINT, "--no-cache"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("room", _rooms())
def test_the_map_has_a_line_for_every_room(room: str) -> None:
    text = (PACKAGE / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"^.*`{room}(?:/\*|/|\.py)?`", text, re.MULTILINE), room


def test_the_map_names_no_room_that_is_not_there() -> None:
    text = (PACKAGE / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| *`([a-z_]+)(?:/\*|/|\.py)?` *\|", text, re.MULTILINE)
    assert [name for name in named if name not in (*_rooms(), "__main__")] == []


def _loaded(code: str) -> set[str]:
    """The top-level modules in memory after a fresh interpreter ran `code`."""
    listing = "import sys; print('\\n'.join({n.partition('.')[0] for n in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{listing}"], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_the_command_line_starts_without_heavy_modules() -> None:
    assert _loaded("import gdprlint.cli") & set(_HEAVY) == set()


def test_the_version_is_told_without_heavy_modules() -> None:
    code = "from gdprlint.cli import run\nrun(['--version'])"
    assert _loaded(code) & set(_HEAVY) == set()


def test_a_text_report_loads_neither_sarif_nor_fixes(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>hello</p>", encoding="utf-8")
    code = f"from gdprlint.cli import run\nrun(['check', {str(tmp_path)!r}, '-q'])"
    assert _loaded(code) & {"sarif_om", "libcst"} == set()


# -------------------------------------------------------------------- what code may not name


def _words_of_the_world() -> dict[str, str]:
    """Names of vendors and platforms, in lower case, and whose they are."""
    known = Knowledge.shipped()
    found: dict[str, str] = {}
    for entry in (*known.vendors.values(), *known.platforms.values()):
        packages = getattr(entry, "packages", ())
        names = (entry.id, entry.name, *entry.globals, *getattr(entry, "aliases", ()), *packages)
        for name in names:
            if len(name) >= _SHORTEST and name.lower() not in _EVERYDAY:
                found[name.lower()] = entry.id
    return found


def _code() -> Iterator[tuple[str, int, str]]:
    """Every line of code, without comments and docstrings, which may well give an example."""
    for path in sorted(PACKAGE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        told = _documentation(ast.parse(text))
        lines: dict[int, list[str]] = {}
        for token in tokenize.generate_tokens(StringIO(text).readline):
            if token.type != tokenize.COMMENT and token.start not in told:
                for i, line in enumerate(token.string.split("\n")):
                    lines.setdefault(token.start[0] + i, []).append(line)
        for number, words in lines.items():
            yield path.relative_to(PROJECT).as_posix(), number, " ".join(words)


def _documentation(tree: ast.Module) -> set[tuple[int, int]]:
    """Where strings stand that are statements of their own: they only tell."""
    return {
        (node.lineno, node.col_offset)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def test_no_code_names_a_vendor_or_a_consent_platform() -> None:
    world = _words_of_the_world()
    name = re.compile(
        r"(?<![\w$])(?:"
        + "|".join(map(re.escape, sorted(world, key=len, reverse=True)))
        + r")(?![\w$])"
    )
    hits = [
        f"{path}:{number}: {match.group()}"
        for path, number, line in _code()
        for match in name.finditer(line.lower())
    ]
    assert hits == []


def test_no_code_names_a_host_of_a_vendor() -> None:
    hosts = {
        pattern.partition("/")[0].removeprefix("*.").lower()
        for vendor in Knowledge.shipped().vendors.values()
        for pattern in (*vendor.hosts, *vendor.scripts, *vendor.pixels, *vendor.frames)
    }
    whole = sorted(host for host in hosts if "." in host and "*" not in host)
    name = re.compile(r"(?<![\w.-])(?:" + "|".join(map(re.escape, whole)) + r")(?![\w.-])")
    hits = [
        f"{path}:{number}: {match.group()}"
        for path, number, line in _code()
        for match in name.finditer(line.lower())
    ]
    assert hits == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        path.relative_to(PROJECT).as_posix()
        for path in sorted(PACKAGE.rglob("*.py"))
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def _functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                yield f"{path.relative_to(PROJECT).as_posix()}:{node.lineno} {node.name}", node


def test_no_function_is_longer_than_eighty_lines() -> None:
    long = [place for place, node in _functions() if (node.end_lineno or 0) - node.lineno + 1 > 80]
    assert long == []


def test_only_the_command_line_and_the_guards_of_single_files_catch_everything() -> None:
    catching = {
        path for path, _, line in _code() if re.search(r"\bexcept (?:(?:Base)?Exception\b|:)", line)
    }
    assert catching == {
        "gdprlint/cli/__init__.py",
        "gdprlint/effects/scene.py",
        "gdprlint/languages/__init__.py",
    }


def test_nothing_but_the_caches_keeps_state_between_calls() -> None:
    """No module has a dictionary, list or set at its top that some function changes."""
    changed = []
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(isinstance(node, ast.Global) for node in ast.walk(tree)):
            changed.append(path.relative_to(PROJECT).as_posix())
    assert changed == []


def _files() -> Iterator[Path]:
    """What is published: the files at the top, and all in the folders of the project."""
    yield from (path for path in PROJECT.iterdir() if path.is_file())
    for folder in ("gdprlint", "rulesets", "examples", "tests"):
        for path in sorted((PROJECT / folder).rglob("*")):
            if path.is_file() and not {"__pycache__", "node_modules"} & set(path.parts):
                yield path


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    """Whoever clones the project has none of the folders in which it was written."""
    places = re.compile(r"(?<![\w./-])/(?:home|Users|work)/[\w.]")
    named = [
        path.relative_to(PROJECT).as_posix()
        for path in _files()
        if path != Path(__file__).resolve()
        and places.search(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert named == []
