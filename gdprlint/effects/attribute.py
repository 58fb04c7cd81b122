"""Whose is an effect, on which pages, and what does each vendor take from each page by itself?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from gdprlint.effects import Answer, Declare, Effect, Load, Occurrence, Send
from gdprlint.effects.order import Order
from gdprlint.flow import GAP, Flow
from gdprlint.knowledge import Knowledge, Vendor, is_local, parse
from gdprlint.project import Page

_RANK = {"event": 0, "start": 1, "load": 2}


class Parties:
    """First and third party: by the registrable domain, with a bundled public suffix list."""

    def __init__(self, first_party: Iterable[str], messages: Iterable[str] = ()) -> None:
        self._hosts = tuple(host.lower() for host in first_party)
        self._messages = frozenset(messages)
        self._suffixes: Any = None

    def of_url(self, url: str) -> str:
        """`first`, `third`, `program` for a message to be sent (`mailto:`), or `unknown` where the
        host is not written out."""
        address = parse(url)
        if url.partition(":")[0].lower() in self._messages:
            return "program"
        if not address.host:
            return "unknown" if url.startswith(GAP) else "first"
        if GAP in address.host:
            return "unknown"
        return "first" if self.is_first(address.host) else "third"

    def is_first(self, host: str) -> bool:
        """Whether a host is the site's own: one of the settings, or below the same domain; or a
        machine that nobody outside reaches."""
        if is_local(host):
            return True
        for own in self._hosts:
            if host == own or host.endswith("." + own):
                return True
        # A registrable domain has two labels at least: where these differ, so do the domains.
        ends = {own.split(".")[-2:] == host.split(".")[-2:] for own in self._hosts}
        if True not in ends:
            return False
        mine = {self.registrable(own) for own in self._hosts}
        return self.registrable(host) in mine

    def registrable(self, host: str) -> str:
        """The part of a host that somebody registered: `example.org` of `www.example.org`."""
        if self._suffixes is None:
            from publicsuffixlist import PublicSuffixList

            self._suffixes = PublicSuffixList()
        found: object = self._suffixes.privatesuffix(host)
        return found if isinstance(found, str) else host


@dataclass(frozen=True, slots=True)
class Running:
    """A vendor that runs on a page, and the effect that shows best where."""

    vendor: Vendor
    effect: Load | Send


class Trackers:
    """Which vendors run on which page. `may_be_gone` tells of data in a page's URL."""

    def __init__(
        self,
        flow: Flow,
        knowledge: Knowledge,
        effects: Mapping[str, tuple[Effect, ...]],
        may_be_gone: Callable[[Page, Occurrence], bool],
    ) -> None:
        self.flow = flow
        self.knowledge = knowledge
        self.effects = effects
        self.order = Order(flow)
        self._may_be_gone = may_be_gone
        self._running: dict[str, tuple[Running, ...]] = {}

    def on(self, page: Page) -> tuple[Running, ...]:
        """The vendors that run on a page, each once, in the order of its files."""
        if page.id not in self._running:
            best: dict[str, tuple[int, int, Running]] = {}
            for order, path in enumerate(page.files):
                for effect in self.effects.get(path, ()):
                    rank = _rank(effect)
                    if rank is None or not isinstance(effect, Load | Send):
                        continue
                    if effect.vendor is None or not page.shows(
                        effect.at.path, effect.at.span.start
                    ):
                        continue
                    held = best.get(effect.vendor.id)
                    if held is None or (rank, order) < held[:2]:
                        best[effect.vendor.id] = (rank, order, Running(effect.vendor, effect))
            self._running[page.id] = tuple(running for _, _, running in best.values())
        return self._running[page.id]

    def taken(self, page: Page) -> tuple[Send, ...]:
        """What each vendor takes by itself from a page that it runs on, as effects."""
        return tuple(send for running in self.on(page) for send in self._taken(running, page))

    def _taken(self, running: Running, page: Page) -> Iterator[Send]:
        begins = self.begins(running, page)
        found: dict[Answer, list[tuple[str, str]]] = {}
        for what, parameter in running.vendor.taken.items():
            cleaned = self._cleaned(running.vendor, what, page, begins)
            if what == "page-url" and self._may_be_gone(page, begins):
                cleaned = max(cleaned, Answer.MAYBE)
            found.setdefault(cleaned, []).append((what, parameter))
        for cleaned in (Answer.NO, Answer.MAYBE):
            if cleaned in found:
                certain = running.effect.at.certain and cleaned is Answer.NO
                yield Send(
                    at=replace(running.effect.at, certain=certain),
                    vendor=running.vendor,
                    use="collects",
                    page=page,
                    taken=tuple(found[cleaned]),
                    begins=begins,
                    urls=("https://" + running.vendor.endpoint,) if running.vendor.endpoint else (),
                )

    def begins(self, running: Running, page: Page) -> Occurrence:
        """Where a vendor first looks at a page: its first start or event, else where it is loaded.

        A start that is told to wait looks at nothing.
        """
        effects = [effect for path in page.files for effect in self.effects.get(path, ())]
        waits = {
            effect.at.span
            for effect in effects
            if isinstance(effect, Declare)
            and effect.says == "waits"
            and effect.subject == running.vendor.id
        }
        awake = [
            effect.at
            for effect in effects
            if isinstance(effect, Send)
            and effect.vendor is running.vendor
            and _rank(effect) in (0, 1)
            and effect.at.span not in waits
            and page.shows(effect.at.path, effect.at.span.start)
        ]
        first = running.effect.at
        for one in awake:
            if self.order.before(page, one, first) is not Answer.NO:
                first = one
        return first

    def _cleaned(self, vendor: Vendor, what: str, page: Page, begins: Occurrence) -> Answer:
        """Whether the site has given the vendor something else in place of what it takes."""
        found = Answer.NO
        for effect in self.said_to(vendor, page):
            path = effect.at.path
            if effect.says != what or effect.value is None:
                continue
            origins = self.flow.origins.of(effect.value, path, effect.at.context)
            whole = {"url", "query"} if what == "page-url" else {what}
            if any(o.kind == "page" and o.name in whole for o in origins):
                continue
            if path not in page.files:
                there = Answer.MAYBE
            elif effect.at.span == begins.span:
                there = Answer.YES
            else:
                there = self.order.before(page, effect.at, begins)
            if self.flow.names.functions(effect.value, path):
                # A function of the site's that is given what is sent: it may take this out.
                there = min(there, Answer.MAYBE)
            found = max(found, there)
        return found

    def said_to(self, vendor: Vendor, page: Page) -> Iterator[Declare]:
        """What is declared to a vendor on a page; anywhere, where nothing on the page starts it."""
        starts = any(
            isinstance(effect, Send) and effect.vendor is vendor and effect.use == "start"
            for path in page.files
            for effect in self.effects.get(path, ())
        )
        for path in page.files if starts else self.effects:
            for effect in self.effects.get(path, ()):
                if (
                    isinstance(effect, Declare)
                    and effect.subject == vendor.id
                    and (path not in page.files or page.shows(path, effect.at.span.start))
                ):
                    yield effect


def _rank(effect: Effect) -> int | None:
    """How well an effect shows that a vendor runs: an event best, then its start, then its load."""
    match effect:
        case Send(vendor=vendor, page=None, use=use) if vendor is not None:
            return _RANK.get(use, 3 if use in ("search", "matching", "identity") else None)
        case Load(vendor=vendor, role=role, element=element) if vendor is not None:
            # A picture's address says what it says; only a vendor's script looks at the page.
            if role in ("mention", "pixel") or element not in ("script", "unread"):
                return None
            return 2
    return None
