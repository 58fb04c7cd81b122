"""One page in, its facts and fragments out, for the tests of the HTML reader."""

from __future__ import annotations

from time import monotonic

from gdprlint.facts import (
    Element,
    Expr,
    Fragment,
    Link,
    Reading,
    Text,
    Unread,
)
from gdprlint.languages import html


def read(text: str, language: str = "html") -> Reading:
    """What the reader makes of a whole file."""
    fragment = Fragment(language=language, text=text)
    return html.read(fragment, f"page.{language}", deadline=monotonic() + 20)


def elements(reading: Reading) -> list[Element]:
    """The elements, in order."""
    return [fact for fact in reading.facts if isinstance(fact, Element)]


def element(text: str, tag: str, language: str = "html") -> Element:
    """The first element of that name."""
    return next(found for found in elements(read(text, language)) if found.tag == tag)


def links(reading: Reading) -> list[Link]:
    """The links, in order."""
    return [fact for fact in reading.facts if isinstance(fact, Link)]


def unread(reading: Reading) -> list[str]:
    """Why stretches were not read."""
    return [fact.why for fact in reading.facts if isinstance(fact, Unread)]


def value(text: str, tag: str, name: str, language: str = "html") -> Expr | None:
    """The value of an attribute of the first element of that name."""
    attribute = element(text, tag, language).attribute(name)
    assert attribute is not None
    return attribute.value


def shown(expr: Expr | None) -> str | None:
    """The text of a `Text`."""
    return expr.text if isinstance(expr, Text) else None
