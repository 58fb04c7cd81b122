"""Every way by which a place comes to be reached, from the page to it.

Along one road what its steps say adds up; of several roads to the same place the weakest decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from gdprlint.facts import Body, Callback, Define, Element, Function, Name, Record, Step, Way
from gdprlint.flow.calls import Calls, Site

_MOST_ROADS = 12


@dataclass(frozen=True, slots=True)
class Placed:
    """A step of a way, and the file that it stands in."""

    step: Step
    path: str

    def __hash__(self) -> int:
        # A step holds whole expressions, and roads have hundreds of steps: its place is enough.
        return hash((self.path, self.step.start, self.step.end))


@dataclass(frozen=True, slots=True)
class Road:
    """One way from a page to a place. Not `known` where it begins at a function nobody calls."""

    steps: tuple[Placed, ...]
    known: bool = True


class Ways:
    """Roads to places, worked out on demand and kept."""

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.project = calls.names.project
        self._files: dict[str, tuple[Road, ...]] = {}
        self._memo: dict[tuple[str, Way], tuple[Road, ...]] = {}
        self._callers: dict[tuple[str, int], list[Road]] = {}
        self._led_back: set[tuple[str, int]] = set()
        self._defaults: dict[str, list[Define]] = {}

    def roads(self, path: str, way: Way) -> tuple[Road, ...]:
        """Every road to a place in the file `path` with that `way`; at most a dozen."""
        key = (path, way)
        if key not in self._memo:
            self._memo[key] = tuple(self._roads(path, way, frozenset()))
        return self._memo[key]

    def through(self, sites: tuple[Site, ...], path: str, way: Way) -> tuple[Road, ...]:
        """Roads to a place that is reached by these calls, outermost first, and by no others.

        The bodies that the calls enter add no callers of their own.
        """
        if not sites:
            return self.roads(path, way)
        first, *later = sites
        inner: list[Placed] = []
        for place, steps in [*((site.path, site.way) for site in later), (path, way)]:
            inner.extend(Placed(step, place) for step in steps if not isinstance(step, Body))
        return tuple(
            Road((*road.steps, *inner), road.known) for road in self.roads(first.path, first.way)
        )

    def _roads(self, path: str, way: Way, active: frozenset[tuple[str, int]]) -> list[Road]:
        roads = list(self._to_file(path, active))
        before: Step | None = None
        for step in way:
            here = Placed(step, path)
            roads = [Road((*road.steps, here), road.known) for road in roads]
            if isinstance(step, Body):
                roads = _joined(roads, self._into(path, step, before, active))
            before = step
        return roads

    def _into(
        self, path: str, body: Body, before: Step | None, active: frozenset[tuple[str, int]]
    ) -> list[Road]:
        key = (path, body.function)
        if key in active:
            # It is no further way to get there.
            self._led_back.add(key)
            return []
        if len(active) > 12:
            self._led_back |= active
            return [Road((), known=False)]
        if isinstance(before, Callback) and not self._is_kept(before, path, body.function):
            return self._by_callee(path, before, active | {key})
        if self.calls.called_on_the_spot(path, body.function) is not None:
            return [Road(())]
        return self._by_callers(key, active)

    def _by_callers(self, key: tuple[str, int], active: frozenset[tuple[str, int]]) -> list[Road]:
        """The roads by which a function is called, kept where they do not depend on who asks."""
        held = self._callers.get(key)
        if held is not None:
            return held
        sites = self.calls.sites(*key)
        found = (road for site in sites for road in self._from_site(site, active | {key}))
        roads = list(dict.fromkeys(islice(found, 4 * _MOST_ROADS)))
        if len(roads) > _MOST_ROADS:
            # One of those that are left out may be the weakest.
            roads = [*roads[:_MOST_ROADS], Road((), known=False)]
        roads = roads or [Road((), self._runs_by_itself(*key))]
        self._led_back.discard(key)
        if not self._led_back & active:
            self._callers[key] = roads
        return roads

    def _is_kept(self, callback: Callback, path: str, function: int) -> bool:
        """Whether the callee only gives the function back, and the project calls it somewhere."""
        return self.calls.names.gives_back(callback.to) and bool(self.calls.sites(path, function))

    def _from_site(self, site: Site, active: frozenset[tuple[str, int]]) -> Iterator[Road]:
        for road in self._roads(site.path, site.way, active):
            if site.index < 0:
                yield road
                continue
            step = Callback(
                site.invoke.to,
                site.invoke.arguments,
                site.index,
                site.invoke.start,
                site.invoke.end,
                site.key,
            )
            handed = Road((*road.steps, Placed(step, site.path)), road.known)
            yield from _joined([handed], self._by_callee(site.path, step, active))

    def _by_callee(
        self, path: str, callback: Callback, active: frozenset[tuple[str, int]]
    ) -> list[Road]:
        """What the project's own function does with the callback that it is given."""
        roads: list[Road] = []
        for where, function in self.calls.names.functions(callback.to, path):
            if (where, function) in active:
                continue
            for use in self.calls.parameter_uses(where, function, callback.index):
                roads.extend(self._inside(where, function, use, active | {(where, function)}))
        return roads[:_MOST_ROADS] or [Road(())]

    def _inside(
        self, path: str, function: int, use: Site, active: frozenset[tuple[str, int]]
    ) -> Iterator[Road]:
        steps: list[Placed] = []
        entered = False
        pending: list[Road] = [Road(())]
        before: Step | None = None
        for step in use.way:
            if entered:
                steps.append(Placed(step, path))
                if isinstance(step, Body) and isinstance(before, Callback):
                    pending = _joined(pending, self._by_callee(path, before, active))
            elif isinstance(step, Body) and step.function == function:
                entered = True
            before = step
        if use.index >= 0:
            last = Callback(
                use.invoke.to,
                use.invoke.arguments,
                use.index,
                use.invoke.start,
                use.invoke.end,
                use.key,
            )
            steps.append(Placed(last, path))
            pending = _joined(pending, self._by_callee(path, last, active))
        for road in pending:
            yield Road((*steps, *road.steps), road.known)

    def _to_file(self, path: str, active: frozenset[tuple[str, int]]) -> tuple[Road, ...]:
        if path in self._files:
            return self._files[path]
        self._files[path] = (Road(()),)
        roads: list[Road] = []
        for link in self.project.importers.get(path, ()):
            if link.kind in ("script", "import", "include"):
                roads.extend(self._roads(link.span.path, link.way, active))
        unique = tuple(dict.fromkeys(roads))[:_MOST_ROADS] or (Road(()),)
        self._files[path] = unique
        return unique

    def _runs_by_itself(self, path: str, function: int) -> bool:
        """Whether a framework or a server calls a function that the project calls nowhere.

        Views, functions that make markup, and functions in an object that a module gives out
        whole (components, plug-ins) are called by who imports them.
        """
        facts = self.project.files[path]
        if facts.language in ("python", "vue", "svelte"):
            return True
        found = facts.functions.get(function)
        if found is None:
            return True
        within = self.project.within(path, found.span.start, found.span.end)
        if any(isinstance(fact, Element) for fact in within):
            return True
        if path not in self._defaults:
            self._defaults[path] = [
                fact
                for fact in facts.facts
                if isinstance(fact, Define) and fact.name == "export default"
            ]
        for fact in self._defaults[path]:
            match fact.value:
                case Function(number) if number == function:
                    return True
                case Name() as name if (path, function) in self.calls.names.functions(name, path):
                    return True
                case Record() if fact.span.start <= found.span.start < fact.span.end:
                    return True
        return False


def _joined(before: list[Road], after: list[Road]) -> list[Road]:
    """Every road of `before` followed by every road of `after`, as many as are kept."""
    if len(after) == 1 and not after[0].steps and after[0].known:
        return before
    found = (Road((*b.steps, *a.steps), b.known and a.known) for b in before for a in after)
    return list(dict.fromkeys(islice(found, _MOST_ROADS * 2)))
