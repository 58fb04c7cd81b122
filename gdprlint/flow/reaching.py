"""Which of the values that a name is given can it still have where it is used?

A value is left out where another one surely came in between: given in straight-line code that every
way to the use passes, or in each of the branches that a way may take. So is one that is given after
the use, where nothing leads back. Whatever is not sure stays: values given in other functions, in
some branches only, in loops, in code of templates.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from gdprlint.facts import (
    Body,
    Branch,
    Define,
    Element,
    Expr,
    FileFacts,
    Function,
    Gate,
    If,
    Name,
    Way,
)
from gdprlint.project import Page, Project
from gdprlint.source import Span

_MOST = 60
_MOST_TESTS = 12

Tests: TypeAlias = tuple[tuple[int, bool], ...]
"""Tests by their places, and how each comes out."""


@dataclass(frozen=True, slots=True)
class Definition:
    """One value that a name is given, and the way to that place in its file.

    `overwrites` where nothing of an older value is left after it; not so of `+=`, of a declaration
    without a value and of a part of a pattern.
    """

    value: Expr
    path: str
    span: Span
    way: Way
    augmented: bool = False
    overwrites: bool = False


class Reaching:
    """The order in which the scripts of the project run, as far as it is sure."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._scripts: dict[str, _Script] = {}
        self._orders: dict[str, dict[str, tuple[int, int]]] = {}

    def of(
        self, definitions: Sequence[Definition], use: Name, path: str, declared: int
    ) -> tuple[Definition, ...]:
        """Those of `definitions`, of a name of the scope `declared`, that reach the `use`."""
        facts = self._project.files[path]
        if not 1 < len(definitions) <= _MOST or facts.language == "python":
            return tuple(definitions)
        if use.start == use.end or not self._script(path).holds(use.start):
            return tuple(definitions)
        chain = [*_functions(facts, use.scope)]
        home = next(_functions(facts, declared)) if declared else None
        reaching = [
            d for d in definitions if not self._is_later(d, use, path=path, chain=chain, home=home)
        ]
        passed = [
            (k, tests)
            for k in reaching
            if k.overwrites and (tests := self._passed(k, use, path, chain)) is not None
        ]
        return tuple(
            d for d in reaching if not _cover([tests for k, tests in passed if self._covers(k, d)])
        )

    def _script(self, path: str) -> _Script:
        if path not in self._scripts:
            self._scripts[path] = _Script.of(self._project.files[path])
        return self._scripts[path]

    def _is_later(
        self, d: Definition, use: Name, *, path: str, chain: list[int | None], home: int | None
    ) -> bool:
        """Whether `d` comes after the use and nothing leads back from there."""
        if d.path != path:
            at_top = chain[0] is None and _function(d) is None
            return at_top and self._runs_when_read(d) and self._page_order(d, path, use) > 0
        script = self._script(path)
        if _function(d) != chain[0] or home != chain[0] or script.is_hoisted(d):
            return False
        if d.span.end <= use.start or not script.holds(d.span.start):
            return False
        return not script.loop_around(use.start, d.span.start)

    def _passed(self, k: Definition, use: Name, path: str, chain: list[int | None]) -> Tests | None:
        """The tests that have to come out so that the way to the use passes `k`; None where that
        is not all that it takes."""
        if k.path != path:
            at_top = chain[0] is None and _is_plain(k)
            first = at_top and self._runs_when_read(k) and self._page_order(k, path, use) < 0
            return () if first else None
        script = self._script(path)
        function = _function(k)
        if function not in chain or script.is_hoisted(k) or not script.holds(k.span.start):
            return None
        place = use.start
        at = chain.index(function)
        if at:
            # In a function within: it runs after it was made, unless it is hoisted.
            inner = chain[at - 1]
            if inner is None or inner in script.hoisted:
                return None
            place = inner
        tests = script.tests(k, place) if k.span.end <= place else None
        if tests is None or function is not None or script.whole or _is_plain(k):
            return tests
        # What else is on the way stands in the markup around the script.
        return tests if len(tests) == sum(isinstance(s, If | Gate) for s in k.way) else None

    def _covers(self, k: Definition, d: Definition) -> bool:
        """Whether what `d` gave is lost at `k`."""
        if k is d:
            return False
        if k.path != d.path:
            at_top = _function(d) is None and self._runs_when_read(d)
            return at_top and self._files_in_order(d.path, k.path)
        script = self._script(k.path)
        if _function(d) != _function(k) and _function(d) is not None:
            body = self._project.files[d.path].functions.get(_function(d) or 0)
            if body is None or not body.span.start <= k.span.start < body.span.end:
                return False
        return script.is_hoisted(d) or d.span.end <= k.span.start

    def _runs_when_read(self, definition: Definition) -> bool:
        """Whether code of the top level runs in its turn; that of an attribute, at its event."""
        return self._script(definition.path).holds(definition.span.start)

    # ------------------------------------------------------------ several scripts on a page

    def _page_order(self, d: Definition, path: str, use: Name) -> int:
        """-1 where `d` runs before the use on every page of both, 1 where after, else 0."""
        found: set[int] = set()
        for page in self._project.pages_of.get(path, ()):
            order = self._order(page)
            if d.path not in page.files:
                continue
            if d.path not in order or path not in order:
                return 0
            there, here = (
                _placed(order, page, d.path, d.span.start),
                _placed(order, page, path, use.start),
            )
            found.add((there > here) - (there < here))
        return found.pop() if len(found) == 1 else 0

    def _files_in_order(self, first: str, second: str) -> bool:
        """Whether `first` runs as a whole before `second` on every page of both."""
        sure = False
        for page in self._project.pages_of.get(second, ()):
            if first not in page.files:
                continue
            order = self._order(page)
            if first == page.path or second == page.path or not {first, second} <= order.keys():
                return False
            if order[first] >= order[second]:
                return False
            sure = True
        return sure

    def _order(self, page: Page) -> dict[str, tuple[int, int]]:
        """When the scripts of a page run; of a page of several documents nothing is said."""
        if page.id not in self._orders:
            order = self._orders[page.id] = {}
            includes = any(True for _ in self._project.links(page.path, "include", "extends"))
            if not includes and not page.is_open:
                order[page.path] = (0, 0)
                waiting = _waiting(self._project.files[page.path])
                for link in self._project.links(page.path, "script"):
                    target = self._project.target(link)
                    if target is not None and link.span.start not in waiting.never_sure:
                        late = link.span.start in waiting.late
                        order.setdefault(target, (int(late), link.span.start))
        return self._orders[page.id]


def _placed(
    order: dict[str, tuple[int, int]], page: Page, path: str, start: int
) -> tuple[int, int]:
    return (0, start) if path == page.path else order[path]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """The script elements that run after the document was read, and those that run any time."""

    late: frozenset[int]
    never_sure: frozenset[int]


def _waiting(facts: FileFacts) -> _Waiting:
    late: set[int] = set()
    never_sure: set[int] = set()
    for fact in facts.facts:
        if isinstance(fact, Element) and fact.tag == "script":
            kind = fact.attribute("type")
            if fact.attribute("async") is not None or fact.way:
                never_sure.add(fact.span.start)
            elif fact.attribute("defer") is not None or kind is not None:
                late.add(fact.span.start)
    return _Waiting(frozenset(late), frozenset(never_sure))


@dataclass(frozen=True, slots=True)
class _Script:
    """The code of one file that runs in the order in which it is written."""

    whole: bool
    stretches: tuple[tuple[int, int], ...]
    hoisted: frozenset[int]
    branches: tuple[Branch, ...]
    starts: tuple[int, ...]
    around: tuple[int, ...]

    @staticmethod
    def of(facts: FileFacts) -> _Script:
        """What is to be known of a file; `around` is the branch around each branch, or -1."""
        around: list[int] = []
        for i, branch in enumerate(facts.branches):
            outer = i - 1
            while outer >= 0 and facts.branches[outer].end < branch.end:
                outer = around[outer]
            around.append(outer)
        return _Script(
            facts.language in ("javascript", "typescript", "tsx"),
            tuple(
                (fact.span.end, fact.end)
                for fact in facts.facts
                if isinstance(fact, Element) and fact.tag == "script"
            ),
            frozenset(
                fact.value.function
                for fact in facts.facts
                if isinstance(fact, Define)
                and isinstance(fact.value, Function)
                and fact.value.function == fact.span.start
            ),
            facts.branches,
            tuple(branch.start for branch in facts.branches),
            tuple(around),
        )

    def holds(self, place: int) -> bool:
        """Whether the place is in a script, and not in markup around it."""
        return self.whole or any(start <= place < end for start, end in self.stretches)

    def is_hoisted(self, definition: Definition) -> bool:
        """Whether the value is given before all code around it runs: a declared function."""
        match definition.value:
            case Function(number):
                return number == definition.span.start
        return False

    def branches_at(self, place: int) -> Iterator[Branch]:
        """The branches around a place, the innermost first."""
        i = bisect_right(self.starts, place) - 1
        while i >= 0:
            if self.branches[i].end > place:
                yield self.branches[i]
            i = self.around[i]

    def tests(self, k: Definition, place: int) -> Tests | None:
        """The tests by which the branches around `k` run that are not around `place`; None where
        something else decides."""
        found: list[tuple[int, bool]] = []
        for branch in self.branches_at(k.span.start):
            if branch.start <= place < branch.end:
                continue
            mine = [
                (step.start, step.taken)
                for step in k.way
                if isinstance(step, If) and branch.tests <= step.start and step.end <= branch.start
            ]
            if branch.tests < 0 or not mine:
                return None
            found.extend(mine)
        return tuple(found)

    def loop_around(self, first: int, second: int) -> bool:
        """Whether a loop is around both places."""
        return any(
            branch.again and branch.start <= second < branch.end
            for branch in self.branches_at(first)
        )


def _cover(roads: Sequence[Tests]) -> bool:
    """Whether one of the roads is taken, however their tests come out."""
    if not roads or any(not road for road in roads):
        return bool(roads)
    if len({place for road in roads for place, _ in road}) > _MOST_TESTS:
        return False
    first, _ = roads[0][0]
    return all(
        _cover(
            [
                tuple(test for test in road if test[0] != first)
                for road in roads
                if (first, not taken) not in road
            ]
        )
        for taken in (True, False)
    )


def _functions(facts: FileFacts, scope: int) -> Iterator[int | None]:
    """The functions around a scope by their numbers, the innermost first; None is the top level."""
    while scope > 0:
        if scope % 2:
            yield (scope - 1) // 2
        scope = facts.scopes.get(scope, 0)
    yield None


def _function(definition: Definition) -> int | None:
    """The function in whose body a value is given; None at the top level."""
    for step in reversed(definition.way):
        if isinstance(step, Body):
            return step.function
    return None


def _is_plain(definition: Definition) -> bool:
    """Whether no condition and no gate leads to the place."""
    return not any(isinstance(step, If | Gate | Body) for step in definition.way)
