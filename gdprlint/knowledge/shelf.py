"""Where the shipped ruleset lies, and its files as nested strings, compiled where possible.

Hundreds of YAML files are not parsed at each start: a wheel carries them compiled to one JSON file,
and a checkout keeps the same under the user's cache folder, keyed by the files' names, sizes and
times. Compiled and source say the same; a test holds them to it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from gdprlint.errors import RulesetError
from gdprlint.yamldoc import load

COMPILED = "rulesets.json"
_HERE = Path(__file__).resolve().parent.parent

Tree = Mapping[str, Any]


def shipped() -> Path:
    """The folder of the shipped ruleset: in the wheel, else beside the package in a checkout."""
    inside = _HERE / "rulesets"
    return inside if inside.is_dir() else _HERE.parent / "rulesets"


def files_of(directory: Path) -> Iterator[Path]:
    """The YAML files of a ruleset, in the order of their paths."""
    if not directory.is_dir():
        raise RulesetError(f"{directory}: there is no ruleset in this folder")
    yield from sorted(
        path
        for path in directory.rglob("*.y*ml")
        if path.suffix in (".yaml", ".yml") and path.is_file()
    )


def compile_ruleset(directory: Path) -> dict[str, Any]:
    """Every file of the ruleset, parsed: relative path -> nested strings."""
    compiled: dict[str, Any] = {}
    for path in files_of(directory):
        name = path.relative_to(directory).as_posix()
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeError) as error:
            raise RulesetError(
                f"{path}: this file of the ruleset cannot be read ({error})"
            ) from None
        compiled[name] = load(text, str(path)).value
    return compiled


def read_shelf(directory: Path | None = None) -> Mapping[str, Any]:
    """The ruleset in `directory` (the shipped one by default) as nested strings by file name."""
    if directory is not None:
        return compile_ruleset(directory)
    ready = _HERE / COMPILED
    if ready.is_file():
        loaded: Mapping[str, Any] = json.loads(ready.read_text(encoding="utf-8"))
        return loaded
    return _cached(shipped())


def without_examples(shelf: Mapping[str, Any]) -> dict[str, Any]:
    """A shelf whose entries have no examples: they are for tests, and half of what is to be
    typed."""
    return {name: _bare(value) for name, value in shelf.items()}


def _bare(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    found = {key: inner for key, inner in value.items() if key != "examples"}
    if "categories" in found:
        found["categories"] = [_bare(inner) for inner in found["categories"]]
    return found


def _cached(directory: Path) -> Mapping[str, Any]:
    marks = [
        f"{path.relative_to(directory).as_posix()} {status.st_size} {status.st_mtime_ns}"
        for path in files_of(directory)
        for status in (path.stat(),)
    ]
    key = sha256("\n".join([str(directory), sys.version, *marks]).encode()).hexdigest()[:32]
    folder = _cache_folder()
    place = folder / f"rulesets-{key}.json"
    try:
        loaded: Mapping[str, Any] = json.loads(place.read_text(encoding="utf-8"))
        return loaded
    except (OSError, ValueError):
        pass
    compiled = compile_ruleset(directory)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("rulesets-*.json"):
            old.unlink(missing_ok=True)
        beside = place.with_suffix(f".{os.getpid()}.partial")
        beside.write_text(json.dumps(compiled, separators=(",", ":")), encoding="utf-8")
        beside.replace(place)
    except OSError:
        pass
    return compiled


def _cache_folder() -> Path:
    """The same folder as the fact cache's; see `gdprlint.cache`."""
    named = os.environ.get("GDPRLINT_CACHE_DIR")
    if named:
        return Path(named)
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(home) / "gdprlint"
