"""Where a walk through a syntax tree stands, and what it has found so far."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from gdprlint.facts import (
    Define,
    Entry,
    Expr,
    Fact,
    Fragment,
    FunctionFacts,
    If,
    Return,
    Span,
    Way,
)
from gdprlint.facts.unread import unread
from gdprlint.languages.python.parse import Places

_LONGEST_WAY = 200


class OutOfTime(Exception):
    """The deadline has passed; `line` is where the reading stopped."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


@dataclass(slots=True, kw_only=True)
class Walk:
    """The state of one walk.

    `text` is the file's, up to the end of what is read. `scope` is where names are used, `home`
    where statements define them; they differ inside a comprehension. `declared` are the names of
    `global` and `nonlocal`, with their scope. `view` is the innermost named function, or the class
    around a method. `answers`: what the function around gives back goes to a visitor. `window` is
    the f-string that we are in: before Python 3.12, places inside it are not to be trusted.
    """

    path: str
    text: str
    places: Places
    deadline: float
    way: Way
    scope: int
    home: int
    module: int
    facts: list[Fact] = field(default_factory=list)
    fragments: list[Fragment] = field(default_factory=list)
    functions: dict[int, FunctionFacts] = field(default_factory=dict)
    scopes: dict[int, int] = field(default_factory=dict)
    declared: dict[str, int] = field(default_factory=dict)
    returns: list[Return] = field(default_factory=list)
    members: list[Entry] | None = None
    class_name: str = ""
    view: Expr | None = None
    window: tuple[int, int] | None = None
    answers: bool = False
    depth: int = 0

    def place(self, node: Any) -> tuple[int, int]:
        """The stretch of the file that spells `node`."""
        place = self.places.stretch(node)
        window = self.window
        if window is not None and not window[0] <= place[0] <= place[1] <= window[1]:
            return window
        return place

    def define(self, name: str, value: Expr, start: int, end: int) -> None:
        """`name` comes to mean `value` in the scope of the statement that we are in."""
        scope = self.declared.get(name, self.home)
        self.facts.append(Define(name, scope, value, Span(self.path, start, end), self.way))
        if self.members is not None and scope == self.home:
            self.members.append(Entry(name, value, start, end))

    def beyond(self, way: Way, test: Expr, taken: bool) -> Way:
        """`way` and one condition more.

        Past 200 steps no more are noted, which can only make a place seem less guarded: a ladder
        of thousands of conditions would cost memory with the square of its length.
        """
        if len(way) >= _LONGEST_WAY:
            return way
        return (*way, If(test, taken, test.start, test.end))

    def unread(self, start: int, end: int, why: str) -> None:
        """A stretch of the file that is left aside."""
        self.facts.append(unread(self.path, self.text, start, end, why))

    def look_at_the_clock(self, line: int) -> None:
        """Stops the walk at `line` if its time is over."""
        if time.monotonic() > self.deadline:
            raise OutOfTime(line)
