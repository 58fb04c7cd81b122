"""What is true of a project as a whole: does it track, and does it ask anybody?"""

from __future__ import annotations

from functools import cached_property

from gdprlint.effects import Effect, Load, Send
from gdprlint.effects.scene import Scene

_TRACKING = frozenset({"ads", "analytics", "session-replay", "ab-testing", "social", "fingerprint"})


class Site:
    """A project, asked as one."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    @cached_property
    def tracks(self) -> bool:
        """Whether it holds a tracker that needs agreement."""
        return any(map(is_tracker, self.effects))

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """What its files do."""
        return tuple(one for effects in self.scene.effects.values() for one in effects)


def is_tracker(effect: Effect) -> bool:
    """Whether an effect loads or starts a vendor that follows visitors."""
    match effect:
        case Load(vendor=vendor) if vendor is not None:
            return vendor.category in _TRACKING and effect.role != "mention"
        case Send(vendor=vendor) if vendor is not None:
            return vendor.category in _TRACKING and effect.at.certain
    return False
