"""Ways to ask the reader about a snippet, for the tests beside this module."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from time import monotonic
from typing import Any

from gdprlint.facts import Assign, Call, Define, Element, Fragment, Link, Name, Reading, Unread
from gdprlint.languages.javascript import read

PATH = "page.js"


def reading(text: str, *, seconds: float = 20, **fragment: Any) -> Reading:
    """What the reader says of `text`, a classic script unless `fragment` says otherwise."""
    given = {"language": "javascript", "kind": "script", **fragment}
    return read(Fragment(text=text, **given), PATH, deadline=monotonic() + seconds)


def bare(value: Any) -> Any:
    """`value` without places: every `start` and `end` in it is 0, and spans are dropped."""
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


def value(text: str, **fragment: Any) -> Any:
    """The value of the expression `text`."""
    found = reading(text, kind="expression", binds="it", **fragment)
    (define,) = [f for f in found.facts if isinstance(f, Define) and f.name == "it"]
    return bare(define.value)


def calls(text: str, **fragment: Any) -> list[Any]:
    """The calls that `text` makes, in the order of their places."""
    return [bare(f.invoke) for f in reading(text, **fragment).facts if isinstance(f, Call)]


def assigns(text: str, **fragment: Any) -> list[tuple[Any, Any, bool]]:
    """Target, value and whether it is augmented, of each assignment."""
    found = reading(text, **fragment).facts
    return [(bare(f.to), bare(f.value), f.augmented) for f in found if isinstance(f, Assign)]


def defines(text: str, **fragment: Any) -> list[tuple[str, int, Any]]:
    """Name, scope and value of each definition."""
    found = reading(text, **fragment).facts
    return [(f.name, f.scope, bare(f.value)) for f in found if isinstance(f, Define)]


def links(text: str, **fragment: Any) -> list[Any]:
    """The targets of the links."""
    return [bare(f.target) for f in reading(text, **fragment).facts if isinstance(f, Link)]


def elements(text: str, **fragment: Any) -> list[Element]:
    """The elements."""
    return [f for f in reading(text, **fragment).facts if isinstance(f, Element)]


def unread(text: str, **fragment: Any) -> list[tuple[str, str]]:
    """The text and the reason of each stretch that was not understood."""
    found = reading(text, **fragment).facts
    return [(text[f.span.start : f.span.end], f.why) for f in found if isinstance(f, Unread)]


def way_to(called: str, text: str, **fragment: Any) -> Any:
    """The way to the one call of the name `called`."""
    ways = [
        f.way
        for f in reading(text, **fragment).facts
        if isinstance(f, Call) and isinstance(f.invoke.to, Name) and f.invoke.to.name == called
    ]
    (way,) = ways
    return bare(way)
