"""What makes something happen without the visitor's choice: scrolling, time, the page itself?"""

from __future__ import annotations

from gdprlint.effects import Answer, Effect
from gdprlint.effects.agreed import NOTHING
from gdprlint.effects.clicked import clicked_words, is_click
from gdprlint.effects.scene import Scene
from gdprlint.facts import Body, Callback, Expr, Gate, If, Member, Name, Text
from gdprlint.flow import GLOBAL_OBJECTS, Placed, Road
from gdprlint.knowledge import WordList

_EVENTS = {
    "scroll": frozenset({"scroll", "wheel", "mousewheel", "touchmove"}),
    "movement": frozenset(
        {"mousemove", "pointermove", "mouseover", "mouseenter", "mouseleave", "mouseout"}
    ),
    "leaving": frozenset({"beforeunload", "unload", "pagehide", "popstate", "hashchange"}),
    "load": frozenset({"load", "ready", "domcontentloaded", "pageshow"}),
}
_TIMERS = frozenset({"setTimeout", "setInterval", "requestIdleCallback", "requestAnimationFrame"})
_OBSERVERS = frozenset({"IntersectionObserver"})
_LOADED = frozenset(
    {"useEffect", "useLayoutEffect", "onMounted", "onMount", "onBeforeMount", "onCreated", "ready"}
)
_BEGUN = frozenset(
    {"mounted", "created", "beforeMount", "componentDidMount", "connectedCallback", "ngOnInit"}
)
_CLOSED = frozenset({"\u00d7", "\u2715", "\u2716", "x"})


class Triggers:
    """By what effects are reached where no choice of the visitor's lies on the way."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._accept = WordList(scene.knowledge.vocabulary.accept)
        self._refuse = WordList(scene.knowledge.vocabulary.refuse)
        self._closing = WordList(scene.knowledge.vocabulary.closing)

    def of(self, effect: Effect) -> dict[str, Answer]:
        """The triggers of an effect.

        Maybe where it happens with the page under a condition that tells of nothing known: what
        was chosen before may be behind it.
        """
        at = effect.at
        found: dict[str, Answer] = {}
        for road in self.scene.flow.ways.through(at.sites, at.path, at.way):
            trigger = self._of_road(road) if road.known else None
            if trigger is not None:
                asks = any(isinstance(placed.step, If) for placed in road.steps)
                answer = Answer.MAYBE if asks and trigger == "load" else Answer.YES
                found[trigger] = max(answer, found.get(trigger, Answer.NO))
        return found

    def _of_road(self, road: Road) -> str | None:
        """The one trigger of a road, or None where the visitor, or what is not known, decides."""
        trigger = "load"
        before: Placed | None = None
        for placed in road.steps:
            if isinstance(placed.step, Gate) or self._speaks(placed):
                return None
            if isinstance(placed.step, Callback):
                own = self._of_callback(placed.step, placed.path)
                if own is None:
                    return None
                trigger = own if own != "load" else trigger
            elif isinstance(placed.step, Body) and not self._is_entered(placed, before):
                return None
            before = placed
        return trigger

    def _speaks(self, placed: Placed) -> bool:
        """Whether a step is a choice, or looks like the stored one."""
        return isinstance(placed.step, If) and self.scene.consent.step(placed) != NOTHING

    def _is_entered(self, placed: Placed, before: Placed | None) -> bool:
        """Whether it is seen who calls a function."""
        if before is not None and isinstance(before.step, Callback):
            return True
        step, path = placed.step, placed.path
        if not isinstance(step, Body):
            return False
        calls = self.scene.flow.calls
        facts = self.scene.project.files[path].functions.get(step.function)
        return (
            bool(calls.sites(path, step.function))
            or calls.called_on_the_spot(path, step.function) is not None
            or (facts is not None and facts.name in _BEGUN)
        )

    def _of_callback(self, step: Callback, path: str) -> str | None:
        name = _last(step.to)
        if name in _TIMERS and _is_global(step.to):
            return "time"
        if name in _OBSERVERS:
            return "scroll"
        if name in _LOADED or (isinstance(step.to, Name) and name in ("$", "jQuery")):
            return "load"
        events = {a.text.lower().partition(".")[0] for a in step.arguments if isinstance(a, Text)}
        for trigger, known in _EVENTS.items():
            if events & known or name.lower() in known:
                return trigger
        return "closing" if self._closes(step, path) else None

    def _closes(self, step: Callback, path: str) -> bool:
        """Whether a click on a control that only takes the notice away."""
        if not is_click(step):
            return False
        words = list(clicked_words(step, path, self.scene.flow))
        spelled = " ".join(words)
        if self._accept.within(spelled) or self._refuse.within(spelled):
            return False
        return self._closing.within(spelled) or any(w.strip() in _CLOSED for w in words)


def _last(to: Expr) -> str:
    match to:
        case Member(_, name) | Name(name):
            return name
    return ""


def _is_global(to: Expr) -> bool:
    match to:
        case Name():
            return True
        case Member(Name(name), _):
            return name in GLOBAL_OBJECTS
    return False
