"""What does a content security policy let out? Its directives, however they are written.

A policy is one text, a text for each directive, or lists of sources (CSP Level 3, section 2.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from gdprlint.facts import Expr, Items, Text
from gdprlint.flow import GAP, Context, Flow
from gdprlint.knowledge import Knowledge, UrlPattern, split

_LETS_OUT = frozenset({"connect src", "img src", "script src", "default src"})
_EVERYWHERE = frozenset({"*", "https:", "http:"})
_FOLLOWING = frozenset({"ads", "session-replay"})

Directives = Mapping[str, tuple[str, ...]]
"""The sources of each directive, by its words: `connect src`."""


class Policies:
    """Policies of a project, read from text and from objects."""

    def __init__(self, flow: Flow, knowledge: Knowledge) -> None:
        self.flow = flow
        self.knowledge = knowledge

    def of(self, value: Expr, path: str, context: Context = (), directive: str = "") -> Directives:
        """The directives of a policy; with `directive`, the sources of that one."""
        if directive:
            return {" ".join(split(directive)): tuple(self._sources(value, path, context))}
        entries = self.flow.values.entries(value, path, context)
        if entries:
            return {
                " ".join(split(entry.key)): tuple(self._sources(entry.value, where, its))
                for entry, where, its in entries
            }
        texts = self.flow.values.spellings(value, path, context)
        return parsed(text for text in texts[:4] if text != GAP)

    def _sources(self, value: Expr, path: str, context: Context) -> Iterator[str]:
        match value:
            case Items(items):
                for item in items:
                    yield from self._sources(item, path, context)
            case Text(text):
                yield from text.split()
            case _:
                for text in self.flow.values.spellings(value, path, context)[:4]:
                    yield from text.split()

    def is_open(self, directives: Directives) -> bool:
        """Whether a page may send to everybody, or to somebody who follows or records visitors."""
        return any(
            source in _EVERYWHERE or self._follows(source)
            for name in directives.keys() & _LETS_OUT
            for source in directives[name]
        )

    def _follows(self, source: str) -> bool:
        if source.startswith("'") or "." not in source or GAP in source:
            return False
        host = (source.partition("://")[2] or source).partition("/")[0].removeprefix("*.")
        hit = self.knowledge.whose("https://" + host)
        if hit is not None:
            return hit.vendor.category in _FOLLOWING
        return host in self._hosts_of_trackers

    @cached_property
    def _hosts_of_trackers(self) -> frozenset[str]:
        """The hosts that serve nothing but what advertisers and recorders need."""
        theirs, others = set[str](), set[str]()
        for vendor in self.knowledge.vendors.values():
            hosts = {
                UrlPattern.of(spelled).host
                for spelled in (*vendor.scripts, *vendor.pixels, *vendor.frames)
            }
            (theirs if vendor.category in _FOLLOWING else others).update(hosts)
        return frozenset(theirs - others)


def parsed(texts: Iterable[str]) -> Directives:
    """The directives of policies that are written out as headers."""
    found: dict[str, tuple[str, ...]] = {}
    for text in texts:
        for directive in text.split(";"):
            name, *sources = directive.split()[:200] or [""]
            if name:
                found.setdefault(" ".join(split(name)), tuple(sources))
    return found
