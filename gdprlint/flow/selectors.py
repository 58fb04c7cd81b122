"""What does a CSS selector ask for? (Selectors Level 4, as far as markup can tell.)

States that only a visitor's doing brings (`:checked`, `:focus`) are taken to hold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from gdprlint.facts import Element
from gdprlint.project.controls import attribute

_MOST_PARTS = 12
_SIMPLE = re.compile(
    r"(?P<tag>\*|[a-zA-Z][\w-]*)|#(?P<id>(?:[\w-]|\\.)+)|\.(?P<class>(?:[\w-]|\\.)+)"
    r"|\[\s*(?P<attribute>[\w:-]+)\s*(?:(?P<operator>[~|^$*]?=)\s*"
    r"(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\]\s\"']+))\s*[iIsS]?\s*)?\]"
    r"|::?(?P<pseudo>[\w-]+)(?:\((?P<argument>[^()]*)\))?"
)
_COMBINATOR = re.compile(r"\s*([>+~])\s*|\s+")
# jQuery's own names for kinds of controls ("Form" in its selector API).
_KINDS = frozenset({"checkbox", "radio", "text", "password", "file", "submit", "button"})
# What can be in such a state at all.
_STATES = {
    "checked": frozenset({"input", "option"}),
    "selected": frozenset({"option"}),
    "input": frozenset({"input", "select", "textarea", "button"}),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One attribute that an element is to have; `value` is None where it may be any."""

    name: str
    operator: str = ""
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Compound:
    """What one element is to be: `input.wide[name="x"]:checked`, `combinator` before it."""

    combinator: str = ""
    tag: str = ""
    id: str = ""
    classes: tuple[str, ...] = ()
    wanted: tuple[Wanted, ...] = ()
    refused: tuple[Compound, ...] = ()
    states: tuple[str, ...] = ()

    def fits(self, element: Element) -> bool:
        """Whether an element may be meant, its place aside."""
        if self.tag not in ("", "*") and element.tag.lower() != self.tag:
            return False
        if self.id and attribute(element, "id") != self.id:
            return False
        if any(element.tag not in _STATES.get(state, (element.tag,)) for state in self.states):
            return False
        if self.classes:
            classes = attribute(element, "class").split()
            if any(name not in classes for name in self.classes):
                return False
        if not all(_has(element, one) for one in self.wanted):
            return False
        return not any(one.fits(element) for one in self.refused)

    @property
    def settled(self) -> bool:
        """Whether markup alone tells which elements fit."""
        return not self.states


Complex = tuple[Compound, ...]
"""Compounds from the outermost to the element itself."""


@lru_cache(maxsize=2048)
def parsed(selector: str) -> tuple[Complex, ...]:
    """The alternatives of a selector; nothing where one of them is not understood."""
    found: list[Complex] = []
    for one in _alternatives(selector):
        complex_ = _complex(one.strip())
        if complex_ is None:
            return ()
        found.append(complex_)
    return tuple(found)


def named_by(selector: str) -> str:
    """The id or the name that a selector asks its element to have, or nothing."""
    alternatives = parsed(selector)
    if len(alternatives) != 1:
        return ""
    last = alternatives[0][-1]
    names = (one.value for one in last.wanted if one.name == "name" and one.operator == "=")
    return next((name for name in names if name), last.id)


def _alternatives(selector: str) -> list[str]:
    """A selector cut at the commas that stand outside brackets and quotes."""
    found: list[str] = []
    start = deep = 0
    quote = ""
    for i, character in enumerate(selector):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif character in "[(":
            deep += 1
        elif character in "])":
            deep -= 1
        elif character == "," and not deep:
            found.append(selector[start:i])
            start = i + 1
    found.append(selector[start:])
    return found


def _complex(text: str) -> Complex | None:
    found: list[Compound] = []
    combinator = ""
    place = 0
    lead = _COMBINATOR.match(text)
    if lead is not None and lead.group(1):
        # `.find("> input")`: relative to what it is asked of.
        combinator, place = lead.group(1), lead.end()
    while place < len(text):
        compound, place = _compound(text, place, combinator)
        if compound is None or len(found) >= _MOST_PARTS:
            return None
        found.append(compound)
        between = _COMBINATOR.match(text, place)
        if between is None:
            break
        combinator, place = between.group(1) or " ", between.end()
    return tuple(found) if found and place >= len(text) else None


def _compound(text: str, place: int, combinator: str) -> tuple[Compound | None, int]:
    start = place
    tag = identifier = ""
    classes: list[str] = []
    wanted: list[Wanted] = []
    refused: list[Compound] = []
    states: list[str] = []
    while (match := _SIMPLE.match(text, place)) is not None:
        if match["tag"] and place != start:
            break
        place = match.end()
        if match["tag"]:
            tag = match["tag"].lower()
        elif match["id"]:
            identifier = match["id"].replace("\\", "")
        elif match["class"]:
            classes.append(match["class"].replace("\\", ""))
        elif match["attribute"]:
            wanted.append(_wanted(match))
        elif match["pseudo"] == "not":
            refused.extend(c[0] for c in parsed(match["argument"] or "") if len(c) == 1)
        elif match["pseudo"] in _KINDS:
            wanted.append(Wanted("type", "=", match["pseudo"]))
        else:
            states.append(match["pseudo"])
    if place == start:
        return None, place
    one = Compound(
        combinator, tag, identifier, tuple(classes), tuple(wanted), tuple(refused), tuple(states)
    )
    return one, place


def _wanted(match: re.Match[str]) -> Wanted:
    operator = match["operator"] or ""
    value = next((v for v in (match["double"], match["single"], match["bare"]) if v), "")
    return Wanted(match["attribute"].lower(), operator, value if operator else None)


def _has(element: Element, wanted: Wanted) -> bool:
    found = element.attribute(wanted.name)
    if found is None:
        return False
    if wanted.value is None:
        return True
    value = attribute(element, wanted.name)
    match wanted.operator:
        case "=":
            return value == wanted.value
        case "~=":
            return wanted.value in value.split()
        case "|=":
            return value == wanted.value or value.startswith(wanted.value + "-")
        case "^=":
            return bool(wanted.value) and value.startswith(wanted.value)
        case "$=":
            return bool(wanted.value) and value.endswith(wanted.value)
        case "*=":
            return bool(wanted.value) and wanted.value in value
    return False


def fits(element: Element, selector: str) -> bool:
    """Whether an element fits a selector as far as it alone can tell, what is around it aside."""
    return any(alternative[-1].fits(element) for alternative in parsed(selector))
