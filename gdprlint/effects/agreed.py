"""What is known to have been agreed to, and answers about it that may lead back to themselves."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

ALL = frozenset({"functional", "analytics", "advertising", "social", "session-replay"})
"""The purposes that need agreement."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What is known to have been agreed to: surely (`sure`) and perhaps (`perhaps`).

    `back` of a road that leads back to what is being asked: it is no further way to get there, so
    among others it counts for nothing.
    """

    sure: frozenset[str] = frozenset()
    perhaps: frozenset[str] = frozenset()
    back: bool = False

    def __or__(self, other: Agreed) -> Agreed:
        if self.back or other.back:
            return BACK
        return Agreed(self.sure | other.sure, self.perhaps | other.perhaps)

    def __and__(self, other: Agreed) -> Agreed:
        if self.back or other.back:
            return other if self.back else self
        mine, theirs = self.sure | self.perhaps, other.sure | other.perhaps
        sure = self.sure & other.sure
        return Agreed(sure, (mine & theirs) - sure)


NOTHING = Agreed()
BACK = Agreed(back=True)


class Memo:
    """Answers, kept where they rest on nothing that is still being asked.

    An answer that leaned on an open question left out the roads through it. It holds while that
    question is open, since those roads lead back there, and is worked out again after.
    """

    def __init__(self) -> None:
        self._kept: dict[Hashable, tuple[object, Agreed, frozenset[Hashable]]] = {}
        self._open: set[Hashable] = set()
        self._leaned: set[Hashable] = set()

    def of(self, key: Hashable, subject: object, ask: Callable[[], Agreed]) -> Agreed:
        """The answer to `key`; `subject` is held as long as the answer is."""
        if key in self._open:
            self._leaned.add(key)
            return BACK
        held = self._kept.get(key)
        if held is not None and held[2] <= self._open:
            self._leaned |= held[2]
            return held[1]
        outer, self._leaned = self._leaned, set()
        self._open.add(key)
        try:
            said = ask()
            self._leaned.discard(key)
        finally:
            self._open.discard(key)
            own, self._leaned = self._leaned, self._leaned | outer
        if said.back and not own:
            # All roads lead back here, so none comes from outside: nobody agreed on the way.
            said = NOTHING
        self._kept[key] = (subject, said, frozenset(own))
        return said
