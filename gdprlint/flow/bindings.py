"""Which elements does markup bind to the members of an object that a library gives to code?

`ng-model="booking.reason"` is `$scope.booking.reason`, `data-booking-target="reason"` is
`this.reasonTarget` in the controller of that name. Which attributes and names is told in rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase, translate

from gdprlint.facts import Element, Expr, Member, Name, Opaque, Text
from gdprlint.flow.library import Passing
from gdprlint.project import Project


@dataclass(frozen=True, slots=True)
class _Mark:
    """An attribute with what it says, and the element that has it, with its file."""

    name: str
    text: str
    element: Element
    path: str

    @property
    def expression(self) -> Expr:
        """The element, as code would mean it."""
        return Opaque("element", self.element.span.start, self.element.span.end)


class Bindings:
    """The attributes of markup that rows speak of."""

    def __init__(self, project: Project, passings: Iterable[Passing]) -> None:
        self.project = project
        self._models: dict[str, list[Passing]] = {}
        self._marks: list[Passing] = []
        for passing in passings:
            kind = passing.source[0].kind
            if kind == "model":
                self._models.setdefault(passing.called, []).append(passing)
            elif kind == "marked":
                self._marks.append(passing)
        self._index: list[_Mark] | None = None

    def of(self, value: Expr, keys: tuple[str, ...], path: str) -> Iterator[tuple[Expr, str, int]]:
        """What the members `keys` of a value are by markup: an element or what is entered into it,
        its file, and how many of the members are spoken of."""
        if not isinstance(value, Name) or not (self._models or self._marks):
            return
        for passing in self._models.get(value.name, ()):
            for mark in self._modelled(passing, value.name, ".".join(keys), path):
                element = mark.expression
                read = Member(element, "value", element.start, element.end)
                yield read, mark.path, len(keys)
        if value.name == "this":
            for passing in self._marks:
                for mark in self._marked(passing, keys[0], path):
                    yield mark.expression, mark.path, 1

    def _modelled(self, passing: Passing, name: str, asked: str, path: str) -> list[_Mark]:
        """The controls that an attribute binds to a member; of `this`, by the name that markup has
        for it."""
        attribute = passing.source[0].key
        found = [
            mark
            for mark in self._all()
            if mark.name.partition(".")[0] == attribute
            and (mark.text.partition(".")[2] if name == "this" else mark.text) == asked
        ]
        return self._near(found, path)

    def _marked(self, passing: Passing, member: str, path: str) -> list[_Mark]:
        """The elements that an attribute marks by the word that a member's name begins with."""
        before, _, after = passing.called.rpartition(".")[2].partition("*")
        if not (member.startswith(before) and member.endswith(after)) or not after:
            return []
        word = member[len(before) : -len(after)]
        mine = _starred(passing.file, path.rpartition("/")[2])
        found = [
            mark
            for mark in self._all()
            if fnmatchcase(mark.name, passing.source[0].key)
            and _is_of(mark, passing.source[0].key, mine)
            and any(word == one.rpartition(".")[2] for one in mark.text.split())
        ]
        return self._near(found, path)

    def _near(self, found: list[_Mark], path: str) -> list[_Mark]:
        """Those of the file itself, else of its pages; elsewhere, where they are of one file."""
        own = [mark for mark in found if mark.path == path]
        if own:
            return own
        pages = {page.id for page in self.project.pages_of.get(path, ())}
        beside = [
            mark
            for mark in found
            if any(page.id in pages for page in self.project.pages_of.get(mark.path, ()))
        ]
        return beside or (found if len({mark.path for mark in found}) == 1 else [])

    def _all(self) -> list[_Mark]:
        if self._index is None:
            named = {p.source[0].key for many in self._models.values() for p in many}
            marked = [passing.source[0].key for passing in self._marks]
            self._index = [
                _Mark(given.name, given.value.text, fact, path)
                for path in self.project.files
                for fact in self.project.facts(path)
                if isinstance(fact, Element)
                for given in fact.attributes
                if isinstance(given.value, Text)
                and (
                    given.name.partition(".")[0] in named
                    or any(fnmatchcase(given.name, one) for one in marked)
                )
            ]
        return self._index


def _starred(pattern: str, name: str) -> str:
    """The part of a name that the star of a pattern stands for, empty where it does not fit."""
    match = re.match(translate(pattern).replace(".*", "(.*)", 1), name) if pattern else None
    return match.group(1).replace("_", "-") if match is not None else ""


def _is_of(mark: _Mark, pattern: str, mine: str) -> bool:
    """Whether a mark is for the code in a file of that name, as far as either says so."""
    theirs = _starred(pattern, mark.name) if "*" in pattern else mark.text.rpartition(".")[0]
    return not mine or not theirs or theirs == mine or theirs.endswith("--" + mine)
