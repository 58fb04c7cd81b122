"""What is true of a project as a whole: does it track, and does it ask anybody?"""

from __future__ import annotations

from functools import cached_property

from gdprlint.effects import Answer, Ask, Declare, Effect, Load, Send, Store
from gdprlint.effects.scene import Scene
from gdprlint.facts import Assign, Call, Element, Expr, Invoke, Member, Name
from gdprlint.knowledge import WordList
from gdprlint.project.controls import spelled

_TRACKING = frozenset({"ads", "analytics", "session-replay", "ab-testing", "social", "fingerprint"})
_OF_CONSENT = frozenset(
    {"granted", "denied", "agreed", "implied", "continuing", "no-refusal", "accept-only"}
    | {"asks", "keeps-cookies", "unheeded"}
)


class Site:
    """A project, asked as one."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._consent = WordList(scene.knowledge.vocabulary.consent)

    @cached_property
    def tracks(self) -> bool:
        """Whether it holds a tracker that needs agreement."""
        return any(map(is_tracker, self.effects))

    @cached_property
    def asks_nobody(self) -> bool:
        """Whether pages that are seen whole have trackers, and nothing anywhere speaks of
        consent: no platform, no check on a tracker's way, no setting of an interface, no box."""
        scene = self.scene
        if scene.asks_elsewhere or not self._has_whole_pages() or not self.tracks:
            return False
        signs = scene.consent.signs
        asking = {p.id for p in signs.platforms if any(s.says != "nothing" for s in p.signs)}
        if asking & signs.present or "settings" in asking:
            return False
        return not any(map(self._speaks, self.effects))

    def _has_whole_pages(self) -> bool:
        """Whether some page is seen from its first element on: what is missing in pieces of pages
        proves nothing."""
        project = self.scene.project
        return any(
            isinstance(fact, Element) and fact.tag == "html"
            for path in project.files
            for fact in project.facts(path)
        )

    def reopens(self, effect: Effect) -> Answer:
        """Whether the choice of a platform that shows no control by itself is offered again
        somewhere; yes where not all of the pages is seen."""
        platform = self.scene.knowledge.platforms.get(getattr(effect, "subject", ""))
        if platform is None or not self._is_seen_whole:
            return Answer.YES
        ways = {way.rpartition(".")[2] for way in platform.reopens}
        return Answer.YES if ways & self._offered else Answer.NO

    @cached_property
    def _is_seen_whole(self) -> bool:
        """Whether all pages are seen, and they hold something that can be clicked."""
        project = self.scene.project
        pages = [page for page in project.pages if not page.is_open]
        return (
            len(pages) == len(project.pages)
            and self._has_whole_pages()
            and any(
                isinstance(fact, Element) and fact.tag in ("a", "button")
                for path in project.files
                for fact in project.facts(path)
            )
        )

    @cached_property
    def _offered(self) -> frozenset[str]:
        """The last names of what is called or handed on anywhere, and the attributes."""
        found: set[str] = set()
        for path in self.scene.project.files:
            for fact in self.scene.project.facts(path):
                match fact:
                    case Call(invoke=Invoke(to, arguments)):
                        found.update(_last(one) for one in (to, *arguments))
                    case Assign(value=value):
                        found.add(_last(value))
                    case Element(attributes=attributes):
                        for given in attributes:
                            found.update((given.name, f"{given.name}={spelled(given.value)}"))
                            found.add(_last(given.value) if given.value is not None else "")
        return frozenset(found)

    def _speaks(self, effect: Effect) -> bool:
        """Whether an effect is one of asking, or lies behind something that speaks of consent."""
        match effect:
            case Ask():
                return True
            case Declare(says=says) if says in _OF_CONSENT:
                return True
            case Store(key=key) if self._consent.within(key):
                return True
        return is_tracker(effect) and bool(self.scene.verdict(effect).seen)

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """What its files do."""
        return tuple(one for effects in self.scene.effects.values() for one in effects)


def _last(value: Expr) -> str:
    return value.name if isinstance(value, Member | Name) else ""


def is_tracker(effect: Effect) -> bool:
    """Whether an effect loads or starts a vendor that follows visitors."""
    match effect:
        case Load(vendor=vendor) if vendor is not None:
            return vendor.category in _TRACKING and effect.role != "mention"
        case Send(vendor=vendor) if vendor is not None:
            return vendor.category in _TRACKING and effect.at.certain
    return False
