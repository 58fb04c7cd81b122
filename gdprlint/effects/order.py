"""What happens first on a page, as far as the order of its files and statements says?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from gdprlint.effects import Answer, Occurrence
from gdprlint.facts import Body, Callback, Element, If, Link, Member, Step, Way
from gdprlint.flow import GLOBAL_OBJECTS, Flow, Placed, Site
from gdprlint.project import Page
from gdprlint.project.controls import attribute

_AFTER_THE_DOCUMENT = 1 << 40
_DEEPEST = 12
_OF_THE_PAGE = frozenset({"history", "location", "document", "URLSearchParams", "URL"})

Place: TypeAlias = tuple[int, ...]

_MOST = 12
_AT_ONCE = frozenset(
    {"every", "filter", "find", "flatMap", "forEach", "map", "reduce", "some", "sort"}
)
"""Methods of lists, sets and parameters that call what they are given before they give back
(ECMAScript, 23.1.3, 24.2.3; URL Standard, `URLSearchParams`)."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When something happens: its place in the document, or in the function that waits for an
    `event`, and the conditions on the road to it."""

    event: tuple[str, int] | None
    place: Place
    tests: tuple[Placed, ...]

    def is_earlier(self, other: Moment) -> bool:
        """Whether this surely comes first; of what waits for two events nobody knows."""
        if self.event is None and other.event is not None:
            return True
        return self.event == other.event and self.place < other.place


class Order:
    """Places on pages, and which comes first."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.project = flow.project
        self._files: dict[tuple[str, str], Place] = {}

    def before(self, page: Page, one: Occurrence, other: Occurrence) -> Answer:
        """Whether `one` has happened on the page when `other` does.

        What waits for an event happens later than what does not. Conditions that only ask what the
        page's URL holds do not matter; others, of the callers too, make it *maybe*.
        """
        if one.path == other.path and _turns(one.way) == _turns(other.way):
            earlier = [self._here(one)] if one.span.start < other.span.start else []
            shared = {Placed(step, other.path) for step in other.way}
        else:
            theirs = self._moments(page, other)
            earlier = [
                mine
                for mine in self._moments(page, one)
                if all(mine.is_earlier(its) for its in theirs)
            ]
            shared = set[Placed].intersection(*(set(its.tests) for its in theirs))
        if not earlier:
            return Answer.NO
        sure = any(
            all(test in shared or self._asks_the_page(test) for test in mine.tests)
            for mine in earlier
        )
        return Answer.YES if sure else Answer.MAYBE

    def _here(self, at: Occurrence) -> Moment:
        tests = (Placed(step, at.path) for step in at.way if isinstance(step, If))
        return Moment(None, (at.span.start,), tuple(tests))

    def _moments(self, page: Page, at: Occurrence) -> tuple[Moment, ...]:
        """When a thing happens on the page: each road to it, a dozen at most."""
        return tuple(islice(self._of_way(page, at.path, at.way, at.span.start, ()), _MOST))

    def _of_way(
        self, page: Page, path: str, way: Way, start: int, within: tuple[tuple[str, int], ...]
    ) -> Iterator[Moment]:
        """The moments of a place; a call from `within` a function leads to it no other way."""
        tests: list[Placed] = []
        for i in range(len(way) - 1, -1, -1):
            step = way[i]
            if isinstance(step, If):
                tests.append(Placed(step, path))
            if not isinstance(step, Body):
                continue
            if self._runs_at_once(path, way[i - 1] if i else None, step.function):
                continue
            here = (path, step.function)
            if here in within:
                return
            around = self._callers(page, *here) if len(within) < _DEEPEST else None
            if around is None:
                yield Moment(here, (start,), tuple(tests))
                return
            for site in around:
                its = (*within, here)
                for outer in self._of_way(page, site.path, site.way, site.invoke.start, its):
                    yield Moment(outer.event, (*outer.place, i, start), (*outer.tests, *tests))
            return
        yield Moment(None, (*self._of_file(page, path), start), tuple(tests))

    def _runs_at_once(self, path: str, before: Step | None, function: int) -> bool:
        """Whether a function runs where it is written: it is called on the spot, or given to a
        function of the language that calls it before it gives back."""
        if isinstance(before, Callback):
            match before.to:
                case Member(_, name):
                    return name in _AT_ONCE and not self.flow.names.functions(before.to, path)
            return False
        return self.flow.calls.called_on_the_spot(path, function) is not None

    def _callers(self, page: Page, path: str, function: int) -> list[Site] | None:
        """The calls of a function; None where it waits for an event, or for somebody unknown.

        A caller in a file that the page has not is none of the page's.
        """
        if self.flow.calls.callback(path, function) is not None:
            return None
        sites = [s for s in self.flow.calls.sites(path, function) if s.index < 0]
        here = [s for s in sites if s.path in page.files]
        return here or None

    def _of_file(self, page: Page, path: str) -> Place:
        key = (page.id, path)
        if key not in self._files:
            self._files[key] = _at_the_end(page, path)
            self._files[key] = self._begins(page, path)
        return self._files[key]

    def _begins(self, page: Page, path: str) -> Place:
        """Where the page comes to a file: at the tag or the statement that brings it in."""
        if path in (page.chain[-1], page.files[0]) and not self._importing(page, path):
            return ()
        if path in page.chain[:-1]:
            parent = page.chain[page.chain.index(path) + 1]
            return (*self._of_file(page, parent), 0)
        for link in self._importing(page, path):
            where = link.span.path
            before = self._of_file(page, where)
            if link.kind == "import":
                # Modules run before those that import them (ECMAScript, 16.2.1.6).
                return (*before, -1, link.span.start)
            if link.kind == "script" and self._is_deferred(link):
                return (*before, _AFTER_THE_DOCUMENT, link.span.start)
            return (*before, link.span.start)
        return _at_the_end(page, path)

    def _importing(self, page: Page, path: str) -> list[Link]:
        here = {file: i for i, file in enumerate(page.files)}
        links = [
            link
            for link in self.project.importers.get(path, ())
            if link.span.path in here and link.kind in ("script", "import", "include")
        ]
        return sorted(links, key=lambda link: (here[link.span.path], link.span.start))

    def _is_deferred(self, link: Link) -> bool:
        for fact in self.project.within(link.span.path, link.span.start, link.span.end):
            if isinstance(fact, Element) and fact.tag == "script":
                named = {a.name for a in fact.attributes}
                return bool(named & {"defer", "async"}) or attribute(fact, "type") == "module"
        return False

    def _asks_the_page(self, test: Placed) -> bool:
        """Whether a condition only asks for the page's URL, or for what browsers can do."""
        if not isinstance(test.step, If):
            return False
        for origin in self.flow.origins.of(test.step.test, test.path):
            if origin.kind in ("page", "url", "text"):
                continue
            words = [word for word in (*origin.owner.split("."), *origin.name.split(".")) if word]
            first = next((word for word in words if word not in GLOBAL_OBJECTS), "")
            if first not in _OF_THE_PAGE:
                return False
        return True


def _at_the_end(page: Page, path: str) -> Place:
    """After the document; a file that only a file of the page stands for, after all of its own."""
    known = page.files.index(path) if path in page.files else len(page.files)
    return (_AFTER_THE_DOCUMENT, known)


def _turns(way: Way) -> tuple[Step, ...]:
    return tuple(step for step in way if isinstance(step, Body | Callback))
