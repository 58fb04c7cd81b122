"""What happens first on a page, as far as the order of its files and statements says?"""

from __future__ import annotations

from gdprlint.effects import Answer, Occurrence
from gdprlint.facts import Body, Callback, Element, If, Link, Step, Way
from gdprlint.flow import GLOBAL_OBJECTS, Flow
from gdprlint.project import Page
from gdprlint.project.controls import attribute

_AFTER_THE_DOCUMENT = 1 << 40
_DEEPEST = 12
_OF_THE_PAGE = frozenset({"history", "location", "document", "URLSearchParams", "URL"})

Place = tuple[int, ...]


class Order:
    """Places on pages, and which comes first."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.project = flow.project
        self._files: dict[tuple[str, str], Place] = {}

    def before(self, page: Page, one: Occurrence, other: Occurrence) -> Answer:
        """Whether `one` has happened on the page when `other` does.

        What waits for an event happens later than what does not. Conditions that only ask what the
        page's URL holds do not matter; others make it *maybe*.
        """
        if one.path == other.path and _turns(one.way) == _turns(other.way):
            earlier = one.span.start < other.span.start
        else:
            mine, theirs = self._moment(page, one), self._moment(page, other)
            earlier = mine is not None and (theirs is None or mine < theirs)
        if not earlier:
            return Answer.NO
        shared = set(other.way)
        sure = all(
            step in shared or self._asks_the_page(step, one.path)
            for step in one.way
            if isinstance(step, If)
        )
        return Answer.YES if sure else Answer.MAYBE

    def _moment(self, page: Page, at: Occurrence) -> Place | None:
        """The place in the document at which a thing happens; None where it waits for an event."""
        return self._of_way(page, at.path, at.way, at.span.start, 0)

    def _of_way(self, page: Page, path: str, way: Way, start: int, depth: int) -> Place | None:
        if any(isinstance(step, Callback) for step in way) or depth > _DEEPEST:
            return None
        for i, step in enumerate(way):
            if not isinstance(step, Body):
                continue
            if self.flow.calls.called_on_the_spot(path, step.function) is not None:
                continue
            sites = [s for s in self.flow.calls.sites(path, step.function) if s.index < 0]
            if not sites:
                return None
            # A caller in a file that the page has not is none of the page's.
            here = [s for s in sites if s.path in page.files]
            found = [self._of_way(page, s.path, s.way, s.invoke.start, depth + 1) for s in here]
            known = [place for place in found if place is not None]
            return (*min(known), i, start) if known else None
        return (*self._of_file(page, path), start)

    def _of_file(self, page: Page, path: str) -> Place:
        key = (page.id, path)
        if key not in self._files:
            self._files[key] = (_AFTER_THE_DOCUMENT, page.files.index(path))
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
        return (_AFTER_THE_DOCUMENT, page.files.index(path))

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

    def _asks_the_page(self, step: If, path: str) -> bool:
        """Whether a condition only asks for the page's URL, or for what browsers can do."""
        for origin in self.flow.origins.of(step.test, path):
            if origin.kind in ("page", "url", "text"):
                continue
            words = [word for word in (*origin.owner.split("."), *origin.name.split(".")) if word]
            first = next((word for word in words if word not in GLOBAL_OBJECTS), "")
            if first not in _OF_THE_PAGE:
                return False
        return True


def _turns(way: Way) -> tuple[Step, ...]:
    return tuple(step for step in way if isinstance(step, Body | Callback))
