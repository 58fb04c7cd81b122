"""Calls that the tags of several vendors hear: whose are they here?

One queue may serve several products of one company. A row that says `needs: start` speaks only
where its vendor is seen to start on a page of the call; where none of them is, the call goes to
the one that follows visitors least.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gdprlint.effects import Effect, Load, Send
from gdprlint.project import Project
from gdprlint.source import Span

_NOT_STARTED_BY = frozenset({"mention", "pixel"})


class Starts:
    """Which vendors are seen to start on which page, and anywhere."""

    def __init__(self, effects: Mapping[str, tuple[Effect, ...]], project: Project) -> None:
        self.project = project
        self._anywhere: set[str] = set()
        self._on: dict[str, set[str]] = {}
        for effect in (effect for found in effects.values() for effect in found):
            vendor = _started(effect)
            if vendor:
                self._anywhere.add(vendor)
                for page in project.pages_with(effect.at.path, effect.at.span.start):
                    self._on.setdefault(page.id, set()).add(vendor)

    def around(self, effect: Effect) -> frozenset[str]:
        """The vendors that start on a page of the effect; of the project where it is on none."""
        pages = self.project.pages_with(effect.at.path, effect.at.span.start)
        if not pages:
            return frozenset(self._anywhere)
        return frozenset(vendor for page in pages for vendor in self._on.get(page.id, ()))


def _started(effect: Effect) -> str:
    match effect:
        case Load(vendor=vendor, role=role) if vendor is not None and role not in _NOT_STARTED_BY:
            return vendor.id
        case Send(vendor=vendor, use="start", page=None) if vendor is not None:
            return vendor.id
    return ""


def whose(
    effects: Mapping[str, tuple[Effect, ...]], project: Project
) -> dict[str, tuple[Effect, ...]]:
    """The effects without those of vendors that merely could have heard a call."""
    starts: Starts | None = None
    settled: dict[str, tuple[Effect, ...]] = {}
    for path, found in effects.items():
        if not any(_needs_start(effect) for effect in found):
            settled[path] = found
            continue
        starts = starts or Starts(effects, project)
        dropped = set(_unheard(found, starts))
        settled[path] = tuple(effect for effect in found if id(effect) not in dropped)
    return settled


def _unheard(effects: Iterable[Effect], starts: Starts) -> Iterator[int]:
    calls: dict[tuple[Span, str], list[Send]] = {}
    for effect in effects:
        if isinstance(effect, Send) and _needs_start(effect):
            calls.setdefault((effect.at.span, effect.use), []).append(effect)
    for heard in calls.values():
        started = starts.around(heard[0])
        sure = [one for one in heard if one.vendor is not None and one.vendor.id in started]
        kept = sure or [one for one in heard if _is_mild(one)] or heard
        yield from (id(one) for one in heard if one not in kept)


def _needs_start(effect: Effect) -> bool:
    return isinstance(effect, Send) and effect.row is not None and effect.row.needs == "start"


def _is_mild(effect: Send) -> bool:
    return effect.vendor is not None and effect.vendor.category.startswith("analytics")
