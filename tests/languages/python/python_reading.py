"""Ways to ask the Python reader about a snippet, for the tests beside this module."""

from __future__ import annotations

import time
from dataclasses import fields, is_dataclass, replace
from typing import Any

from gdprlint.facts import Assign, Call, Define, Fact, Fragment, Link, Reading, Unread
from gdprlint.languages.python import read

PATH = "views.py"


def reading(text: str, *, seconds: float = 60, **fragment: Any) -> Reading:
    """What the reader says of a file of that text."""
    given = Fragment(language="python", text=text, **fragment)
    return read(given, PATH, deadline=time.monotonic() + seconds)


def bare(value: Any) -> Any:
    """`value` without places: every `start` and `end` in it is 0."""
    if isinstance(value, tuple):
        return tuple(bare(item) for item in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    changes: dict[str, Any] = {
        field.name: 0 if field.name in ("start", "end") else bare(getattr(value, field.name))
        for field in fields(value)
        if field.name != "span"
    }
    return replace(value, **changes)


def value(text: str) -> Any:
    """The value that `it` is given, last, in a module of that text or of `it = text`."""
    text = text if "it =" in text else f"it = {text}"
    return [bare(fact.value) for fact in defined(text) if fact.name == "it"][-1]


def defined(text: str) -> list[Define]:
    return [fact for fact in reading(text).facts if isinstance(fact, Define)]


def defines(text: str) -> list[tuple[str, int, Any]]:
    """Name, scope and value of each definition."""
    return [(fact.name, fact.scope, bare(fact.value)) for fact in defined(text)]


def calls(text: str) -> list[Call]:
    return [fact for fact in reading(text).facts if isinstance(fact, Call)]


def way_of(text: str, called: str = "f") -> Any:
    """The way of the first call that is spelled `called()`."""
    for call in calls(text):
        if text[call.span.start : call.span.end] == f"{called}()":
            return bare(call.way)
    raise AssertionError(f"there is no {called}()")


def assigns(text: str) -> list[tuple[Any, Any, bool]]:
    """Target, value and whether it is augmented, of each assignment."""
    found = [fact for fact in reading(text).facts if isinstance(fact, Assign)]
    return [(bare(fact.to), bare(fact.value), fact.augmented) for fact in found]


def links(text: str, kind: str) -> list[tuple[Any, str, Any]]:
    """Target, name and view of each link of that kind."""
    found = [f for f in reading(text).facts if isinstance(f, Link) and f.kind == kind]
    return [(bare(fact.target), fact.name, bare(fact.view)) for fact in found]


def unread(text: str) -> list[Unread]:
    return [fact for fact in reading(text).facts if isinstance(fact, Unread)]


def spelled(text: str, fact: Fact) -> str:
    """What stands at the place of `fact`."""
    return text[fact.span.start : fact.span.end]
