"""Editors are told what a ruleset's files may say, and what they are told is what is read."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from gdprlint.knowledge import ConsentPlatform, Vendor, shipped
from gdprlint.knowledge.api import ApiFamily
from gdprlint.knowledge.data import Family
from gdprlint.knowledge.shelf import files_of
from gdprlint.rules.questions import QUESTIONS, Question
from gdprlint.rules.rule import Asks, Profile, Rule
from gdprlint.yamldoc import schema

_KINDS: Mapping[str, type] = {
    "rule": Rule,
    "profile": Profile,
    "vendor": Vendor,
    "consent": ConsentPlatform,
    "data": Family,
    "api": ApiFamily,
}
_FOLDERS = {
    "profiles": "profile",
    "knowledge/vendors": "vendor",
    "knowledge/consent": "consent",
    "knowledge/data": "data",
    "knowledge/api": "api",
}
_LINE = re.compile(r"# yaml-language-server: \$schema=(\S+)")


# -------------------------------------------------------------------- how they are made


def _made(name: str) -> dict[str, Any]:
    made = schema(_KINDS[name])
    return made if name != "rule" else _with_questions(made)


def _with_questions(made: dict[str, Any]) -> dict[str, Any]:
    """The schema of a rule in which asks are not any mapping, but the questions there are."""
    asks = schema(_AnyAsks)["$defs"]["_AnyAsks"]["properties"]["asks"]
    put: dict[str, Any] = _replaced(made, asks, {"$ref": "#/$defs/Asks"})
    put["$defs"] = dict(sorted({**put["$defs"], "Asks": _asks()}.items()))
    return put


@dataclass(frozen=True)
class _AnyAsks:
    """Holds asks and nothing else, which shows what their schema is without the questions."""

    asks: Asks


def _replaced(part: Any, old: Any, new: Any) -> Any:
    if part == old:
        return new
    match part:
        case dict():
            return {key: _replaced(inner, old, new) for key, inner in part.items()}
        case list():
            return [_replaced(inner, old, new) for inner in part]
    return part


def _asks() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "Questions and the answers that count: each must be answered by one of its.",
        "properties": {name: _question(one) for name, one in QUESTIONS.items()},
        "additionalProperties": False,
    }


def _question(question: Question) -> dict[str, Any]:
    value: dict[str, Any] = (
        {"enum": list(question.values)} if question.values else {"type": "string"}
    )
    return {"description": question.says, "anyOf": [value, {"type": "array", "items": value}]}


def _text(name: str) -> str:
    return json.dumps(_made(name), indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", _KINDS)
def test_the_schema_for_editors_is_the_one_of_the_dataclasses(
    name: str, pytestconfig: pytest.Config
) -> None:
    place = shipped() / "schema" / f"{name}.json"
    if pytestconfig.getoption("--update"):
        place.parent.mkdir(exist_ok=True)
        place.write_text(_text(name), encoding="utf-8", newline="\n")
    assert place.read_text(encoding="utf-8") == _text(name)


def test_there_is_no_schema_of_anything_else() -> None:
    found = {path.name for path in (shipped() / "schema").iterdir()}
    assert found == {f"{name}.json" for name in _KINDS}


# -------------------------------------------------------------------- what they allow


class _Editor(yaml.SafeLoader):
    """Reads YAML as editors do, by version 1.2: `yes`, `off` and days are texts."""


_Editor.yaml_implicit_resolvers = {
    first: [(tag, shape) for tag, shape in known if not tag.endswith((":timestamp", ":bool"))]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Editor.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"true|false"), list("tf"))


def _schema_for(file: str) -> str:
    """The schema that a file of the ruleset is held to; none for tables that exist once."""
    folder = file.rpartition("/")[0]
    if folder in _FOLDERS:
        return _FOLDERS[folder]
    return "" if folder == "knowledge" else "rule"


@cache
def _committed(name: str) -> Draft202012Validator:
    text = (shipped() / "schema" / f"{name}.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


def _refused(name: str, text: str) -> list[str]:
    """What an editor underlines in a file with that text."""
    said = yaml.load(text, Loader=_Editor)
    found = _committed(name).iter_errors(said)
    return [f"{'.'.join(map(str, one.absolute_path))}: {one.message}" for one in found]


def _shipped_files() -> dict[str, Path]:
    every = {path.relative_to(shipped()).as_posix(): path for path in files_of(shipped())}
    return {file: path for file, path in every.items() if _schema_for(file)}


FILES = _shipped_files()


def test_each_schema_has_files_that_are_held_to_it() -> None:
    assert {_schema_for(file) for file in FILES} == set(_KINDS)


@pytest.mark.parametrize("name", _KINDS)
def test_the_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(_committed(name).schema)


@pytest.mark.parametrize("file", FILES)
def test_an_editor_underlines_nothing_in_a_shipped_file(file: str) -> None:
    assert _refused(_schema_for(file), FILES[file].read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("file", FILES)
def test_a_file_tells_editors_where_its_schema_is(file: str) -> None:
    first = FILES[file].read_text(encoding="utf-8").partition("\n")[0]
    named = _LINE.fullmatch(first)
    assert named is not None, first
    place = os.path.normpath(FILES[file].parent / named[1])
    assert place == os.path.normpath(shipped() / "schema" / f"{_schema_for(file)}.json")


# -------------------------------------------------------------------- what they refuse

_RULE = "consent/unconsented-tracker.yaml"
_VENDOR = "knowledge/vendors/clarity.yaml"
_PLATFORM = "knowledge/consent/cookiebot.yaml"

_WRITTEN_WRONGLY = [
    (_VENDOR, "purposes:", "purposses:"),
    (_VENDOR, "category: session-replay", "category: session-reply"),
    (_VENDOR, "use: identity", "use: identty"),
    (_PLATFORM, "signs:", "sings:"),
    ("knowledge/data/health.yaml", "strength: weak", "strength: week"),
    ("knowledge/api/storage.yaml", "does: store", "dose: store"),
    ("profiles/default.yaml", "rules:", "ruls:"),
    (_RULE, "precision: high", "precision: exact"),
    (_RULE, "  - effect: load", "  - efect: load"),
    (_RULE, "  - effect: load", "  - effect: loads"),
    (_RULE, "role: [script,", "role: [scirpt,"),
    (_RULE, "  - consent: given", "  - consent: maybe"),
    (_RULE, "when: {consent: denied-by-default}}", "when: {consent: denied}}"),
    (_RULE, "  - when: {consent: denied-by-default}", "  - when: {consnt: denied-by-default}"),
    (_RULE, "one-for:", "folds: {plaice: url}\none-for:"),
]


@pytest.mark.parametrize(("file", "right", "wrong"), _WRITTEN_WRONGLY)
def test_an_editor_underlines_a_word_that_is_written_wrongly(
    file: str, right: str, wrong: str
) -> None:
    text = FILES[file].read_text(encoding="utf-8")
    assert right in text
    assert _refused(_schema_for(file), text.replace(right, wrong, 1)) != []


def test_an_editor_is_told_what_a_question_means_and_what_it_takes() -> None:
    asks = _committed("rule").schema["$defs"]["Asks"]["properties"]
    assert asks["reached"] == {
        "description": "Whether it happens only once the visitor clicks, presses a key or sends a "
        "form.",
        "anyOf": [{"enum": ["click"]}, {"type": "array", "items": {"enum": ["click"]}}],
    }
    assert asks["vendor"]["anyOf"][0] == {"type": "string"}
    assert list(asks) == list(QUESTIONS)
