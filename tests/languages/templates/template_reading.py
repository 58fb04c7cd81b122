"""One template in, its facts and the page it makes out, for the tests of the template reader."""

from __future__ import annotations

from time import monotonic

from gdprlint.facts import (
    Call,
    Define,
    Element,
    Expr,
    Fragment,
    Link,
    Reading,
    Text,
    Unread,
)
from gdprlint.languages import templates


def read(text: str, language: str = "django", path: str = "page.html") -> Reading:
    """What the reader makes of a whole template."""
    fragment = Fragment(language=language, text=text)
    return templates.read(fragment, path, deadline=monotonic() + 20)


def page(text: str, language: str = "django", path: str = "page.html") -> Fragment:
    """The page that the template makes."""
    (found,) = read(text, language, path).fragments
    return found


def holes(text: str, language: str = "django") -> list[Expr]:
    """What the template writes out, without what writes nothing."""
    values = [hole.value for hole in page(text, language).holes]
    return [value for value in values if not (isinstance(value, Text) and not value.text)]


def output(text: str, language: str = "django") -> Expr:
    """The one value that the template writes out."""
    (value,) = holes(text, language)
    return value


def links(text: str, language: str = "django") -> list[tuple[str, str]]:
    """The links, each with its target's text."""
    found = [fact for fact in read(text, language).facts if isinstance(fact, Link)]
    return [
        (link.kind, link.target.text if isinstance(link.target, Text) else "?") for link in found
    ]


def defines(text: str, language: str = "django") -> list[Define]:
    """The names that the template defines."""
    return [fact for fact in read(text, language).facts if isinstance(fact, Define)]


def calls(text: str, language: str = "django") -> list[Call]:
    """The calls, in order."""
    return [fact for fact in read(text, language).facts if isinstance(fact, Call)]


def elements(text: str, language: str = "django") -> list[Element]:
    """The elements that tags and outputs amount to."""
    return [fact for fact in read(text, language).facts if isinstance(fact, Element)]


def unread(text: str, language: str = "django") -> list[tuple[int, str]]:
    """Where and why stretches were not read."""
    facts = read(text, language).facts
    return [(fact.span.start, fact.why) for fact in facts if isinstance(fact, Unread)]
