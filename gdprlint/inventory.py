"""All that pages do, as a list: for whoever debugs a rule, and for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gdprlint.effects import Effect, Load, Navigate, Send, Store, kind_of
from gdprlint.effects.scene import Scene
from gdprlint.facts import Fact
from gdprlint.flow import GAP
from gdprlint.knowledge import parse
from gdprlint.source import Source


@dataclass(frozen=True, slots=True)
class Shown:
    """One effect, and all that it answers; names and places, never values."""

    path: str
    line: int
    column: int
    kind: str
    what: str
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Inventory:
    """The effects of the asked files, and how many facts each file has."""

    effects: tuple[Shown, ...]
    facts: Mapping[str, Mapping[str, int]]
    unread: tuple[tuple[str, int, str], ...]

    def as_json(self) -> dict[str, Any]:
        """The documented, versioned shape for programs."""
        return {
            "version": 1,
            "files": {path: dict(counts) for path, counts in self.facts.items()},
            "unread": [{"path": path, "line": line, "why": why} for path, line, why in self.unread],
            "effects": [
                {
                    "path": shown.path,
                    "line": shown.line,
                    "column": shown.column,
                    "effect": shown.kind,
                    "what": shown.what,
                    **shown.answers,
                }
                for shown in self.effects
            ],
        }

    def text(self) -> str:
        """The same for a person."""
        lines: list[str] = []
        for path, counts in self.facts.items():
            told = ", ".join(f"{count} {name}" for name, count in counts.items())
            lines.append(f"{path}: {told or 'no facts'}")
        for shown in self.effects:
            lines.append(f"{shown.path}:{shown.line}:{shown.column}: {shown.kind} {shown.what}")
            for name, value in shown.answers.items():
                if value not in ("", [], None):
                    said = ", ".join(map(_said, value)) if isinstance(value, list) else value
                    lines.append(f"    {name}: {said}")
        for path, line, why in self.unread:
            lines.append(f"{path}:{line}: not read: {why}")
        return "\n".join(lines) + "\n"


def inventory_of(scene: Scene, source: Callable[[str], Source], paths: Iterable[str]) -> Inventory:
    """The effects in `paths`, in the order of places."""
    wanted = frozenset(paths)
    shown = [
        _shown(effect, scene, source)
        for effect in scene.all_effects()
        if effect.at.span.path in wanted
    ]
    files = {
        path: _counts(scene.project.facts(path))
        for path in sorted(wanted & set(scene.project.files))
    }
    unread = [
        (path, source(path).position(one.span.start).line, one.why)
        for path in files
        for one in scene.project.files[path].unread()
    ]
    return Inventory(tuple(shown), files, tuple(unread))


def _counts(facts: Iterable[Fact]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for fact in facts:
        name = type(fact).__name__.lower()
        counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items()))


def _shown(effect: Effect, scene: Scene, source: Callable[[str], Source]) -> Shown:
    vendor = getattr(effect, "vendor", None)
    verdict = scene.verdict(effect)
    data = scene.data(effect)
    answers: dict[str, Any] = {
        "vendor": vendor.id if vendor is not None else "",
        "category": vendor.category if vendor is not None else "",
        "use": getattr(effect, "use", ""),
        "party": scene.party(effect),
        "host": _host(effect),
        "purposes": list(scene.purposes(effect)),
        "consent": verdict.word,
        "guards": [text for _, text in verdict.seen],
        "pages": [page.id for page in scene.pages_of(effect)],
        "data": sorted({datum.category for datum in data}),
        "names": list(dict.fromkeys(datum.name for datum in data)),
        "places": list(dict.fromkeys(datum.place for datum in data)),
        "parameters": list(dict.fromkeys(datum.parameter for datum in data if datum.parameter)),
        "certain": effect.at.certain,
    }
    if isinstance(effect, Store):
        answers["key"] = effect.key.replace(GAP, "*")
        answers["medium"] = effect.medium
        answers["days"] = effect.days
        answers["flags"] = sorted(effect.flags)
    if isinstance(effect, Navigate):
        answers["by"] = effect.by
    span = effect.at.span
    place = source(span.path).position(span.start)
    return Shown(span.path, place.line, place.column, kind_of(effect), effect.at.what, answers)


def _host(effect: Effect) -> str:
    if isinstance(effect, Load | Send) and effect.urls:
        return parse(effect.urls[0]).host.replace(GAP, "*")
    return ""


def _said(value: object) -> str:
    return str(value)
