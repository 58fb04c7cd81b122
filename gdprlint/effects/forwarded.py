"""What of the page's own address, title and referrer does a request of the site's own carry?

A vendor's tag takes these by itself, and the entry of the vendor says so; here it is the site's
code that reads them and sends them on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gdprlint.effects import Effect, Load, Send
from gdprlint.effects.parts import Road
from gdprlint.facts import Expr, Invoke, Member, Name, Text
from gdprlint.flow import Context, Flow, Trace
from gdprlint.knowledge import WordList

_SAID = {
    "url": "the page's URL",
    "path": "the page's path",
    "query": "the query of the page's URL",
    "fragment": "the fragment of the page's URL",
    "title": "the page's title",
    "referrer": "the page's referrer",
}
_BY_ITSELF = {
    "url": "page-url",
    "path": "page-url",
    "query": "page-url",
    "fragment": "page-url",
    "title": "title",
    "referrer": "referrer",
}
"""What a vendor that collects it is told anyway, whatever the site's code sends."""


_OF_THE_URL = frozenset({"url", "query", "fragment"})


@dataclass(frozen=True, slots=True)
class Forward:
    """One part of the page (`url`, `path`, `query`, `fragment`, `title`, `referrer`) that is sent
    on, as `name` says it, with its road."""

    part: str
    name: str
    road: Road


class Forwarded:
    """The page's own address, title and referrer in requests."""

    def __init__(self, flow: Flow, ways_back: Iterable[str]) -> None:
        self.flow = flow
        self._ways_back = WordList(ways_back)
        self._memo: dict[int, tuple[Effect, tuple[Forward, ...]]] = {}

    def of(self, effect: Effect) -> tuple[Forward, ...]:
        """What of the page an effect sends on, each part once.

        Parameters that say where to send the visitor back to are meant for that, and what a
        vendor's tag takes by itself is told elsewhere.
        """
        held = self._memo.get(id(effect))
        if held is None:
            parts: dict[str, Forward] = {}
            for forward in self._of(effect):
                parts.setdefault(forward.part, forward)
            held = self._memo[id(effect)] = (effect, tuple(parts.values()))
        return held[1]

    def _of(self, effect: Effect) -> Iterator[Forward]:
        match effect:
            case Send(page=None):
                given = list(effect.payload)
                if effect.urls and given:
                    first = given.pop(0)
                    yield from self._in_url(first.value, first.path, first.context)
                taken = effect.vendor.taken if effect.vendor is not None else {}
                for one in (*effect.query, *given):
                    if one.key and self._ways_back.within(one.key):
                        continue
                    for forward in self._in_value(one.value, one.path, one.context, one.key):
                        if effect.urls or _BY_ITSELF[forward.part] not in taken:
                            yield forward
            case Load(value=value) if value is not None:
                yield from self._in_url(value, effect.at.path, effect.at.context)
            case _:
                return

    def _in_url(self, url: Expr, path: str, context: Context) -> Iterator[Forward]:
        for address in self.flow.addresses.of(url, path, context):
            for entry in address.entries:
                if entry.value is not None and not self._ways_back.within(entry.key):
                    steps = entry.steps
                    yield from self._from(entry.value, entry.path, entry.context, steps)
            for piece in address.path_values:
                if piece.value is not None:
                    yield from self._from(piece.value, piece.path, piece.context)

    def _in_value(
        self, value: Expr, path: str, context: Context, key: str, depth: int = 0
    ) -> Iterator[Forward]:
        match value:
            case Invoke(Member(Name("JSON"), "stringify"), (first, *_)):
                value = first
        entries = self.flow.values.entries(value, path, context) if depth < 3 else []
        for entry, where, its in entries:
            if not isinstance(entry.value, Text) and not self._ways_back.within(entry.key):
                yield from self._in_value(entry.value, where, its, entry.key, depth + 1)
        if not entries:
            yield from self._from(value, path, context)

    def _from(
        self, value: Expr, path: str, context: Context, steps: tuple[Trace, ...] = ()
    ) -> Iterator[Forward]:
        origins = self.flow.origins.of(value, path, context)
        # Where one parameter is read out of the URL, that is what is sent, and told by its name.
        picked = _OF_THE_URL if any(o.kind == "url" for o in origins) else frozenset()
        for origin in origins:
            if origin.name in picked:
                continue
            if origin.kind != "page" or origin.name not in _SAID:
                continue
            source = ("source", origin.span, _SAID[origin.name])
            passed = tuple((s.kind, s.span, s.text) for s in (*origin.steps, *steps))
            yield Forward(origin.name, _SAID[origin.name], Road((source, *passed)))
