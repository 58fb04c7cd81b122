"""What do vendors' tags report of clicks and forms by themselves, on which pages?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gdprlint.effects import Answer, Declare, Load, Send
from gdprlint.effects.attribute import Running, Trackers
from gdprlint.project import Page
from gdprlint.source import Span

_OFF = "captures-nothing"


class Captures:
    """Tags that capture by themselves, as effects of the pages that they run on."""

    def __init__(self, trackers: Trackers) -> None:
        self.trackers = trackers

    def on(self, page: Page) -> tuple[Send, ...]:
        """One effect for each vendor that captures on a page, at the place where it runs; not
        certain where a setting decides that is not seen, or not seen to come first."""
        return tuple(self._on(page))

    def _on(self, page: Page) -> Iterator[Send]:
        for running in self.trackers.on(page):
            answer = self._captures(running, page)
            if answer is Answer.NO:
                continue
            at = running.effect.at
            endpoint = running.vendor.endpoint
            yield Send(
                at=at if answer is Answer.YES else replace(at, certain=False),
                vendor=running.vendor,
                use="captures",
                page=page,
                urls=("https://" + endpoint,) if endpoint else (),
            )

    def _captures(self, running: Running, page: Page) -> Answer:
        """Whether the vendor captures on the page, by default or because a setting says so, and
        no setting says otherwise."""
        capture = running.vendor.capture
        if capture is None:
            return Answer.NO
        said = list(self.trackers.said_to(running.vendor, page))
        on = [_made(setting, page) for setting in said if setting.says == "captures"]
        off = [self._first(setting, running, page) for setting in said if setting.says == _OFF]
        starts = Answer.YES if capture.by_default else max(on, default=Answer.NO)
        return min(starts, Answer(Answer.YES - max(off, default=Answer.NO)))

    def _first(self, setting: Declare, running: Running, page: Page) -> Answer:
        """Whether a setting is made with the vendor's start or before it; in another file the
        order is not relied on."""
        made = _made(setting, page)
        if setting.at.span in self._starts(running, page):
            return made
        begins = self.trackers.begins(running, page)
        before = self.trackers.order.before(page, setting.at, begins)
        if before is Answer.NO and setting.at.path != begins.path:
            before = Answer.MAYBE
        return min(made, before)

    def _starts(self, running: Running, page: Page) -> set[Span]:
        effects = (e for path in page.files for e in self.trackers.effects.get(path, ()))
        return {
            effect.at.span
            for effect in effects
            if isinstance(effect, Load | Send)
            and effect.use == "start"
            and effect.vendor is running.vendor
        }


def _made(setting: Declare, page: Page) -> Answer:
    sure = setting.at.certain and setting.at.path in page.files
    return Answer.YES if sure else Answer.MAYBE
