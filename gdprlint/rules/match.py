"""Does an effect fulfil a rule's asks? In three values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gdprlint.effects import Answer, Effect
from gdprlint.effects.parts import Datum
from gdprlint.rules.questions import QUESTIONS, Asker, fewest
from gdprlint.rules.rule import Asks, LevelCase, Rule

_JOINT = frozenset({"data", "place", "evidence", "strength", "at-least"})


@dataclass(frozen=True, slots=True)
class Matched:
    """An effect that is a rule's, with the data that the rule is about and what is told along."""

    rule: Rule
    effect: Effect
    answer: Answer
    data: tuple[Datum, ...]
    folded: tuple[Datum, ...]


class Matcher:
    """Rules held against effects."""

    def __init__(self, asker: Asker) -> None:
        self.asker = asker

    def match(self, rule: Rule, effect: Effect) -> Matched | None:
        """The effect as the rule's, or None; maybe where an answer is only maybe."""
        answer, asks = self._any(rule.when, effect)
        if answer is Answer.NO:
            return None
        silenced, _ = self._any(rule.unless, effect)
        answer = min(answer, Answer(Answer.YES - silenced))
        if answer is Answer.NO:
            return None
        data = self.data(effect, asks)
        folded = tuple(d for d in self.data(effect, rule.folds) if d not in data)
        return Matched(rule, effect, answer, data, folded if rule.folds else ())

    def level(
        self, cases: Iterable[LevelCase], effect: Effect, profiles: Iterable[str] = ()
    ) -> tuple[str, bool]:
        """The level of the first case that holds, and whether it is the one without conditions."""
        chosen = set(profiles)
        for case in cases:
            if case.only_in and not chosen & set(case.only_in):
                continue
            if self.holds(case.when, effect) is Answer.YES:
                return case.level, not case.when
        return "warning", True

    def data(self, effect: Effect, asks: Asks) -> tuple[Datum, ...]:
        """The data that asks speak of: all of the effect's where they ask for none."""
        if "forwards" in asks:
            return self.asker.forwarded(effect, asks["forwards"])
        if "data" not in asks and "place" not in asks:
            return ()
        found = self.asker.data(effect, asks.get("data", ()), asks.get("place", ()))
        return tuple(datum for datum in found if _is_told(datum, asks))

    def _any(self, alternatives: Iterable[Asks], effect: Effect) -> tuple[Answer, Asks]:
        best: tuple[Answer, Asks] = (Answer.NO, {})
        for asks in alternatives:
            answer = self.holds(asks, effect)
            if answer > best[0]:
                best = (answer, asks)
            if answer is Answer.YES:
                break
        return best

    def holds(self, asks: Asks, effect: Effect) -> Answer:
        """Whether all asks hold of an effect, the cheap questions first.

        `data`, `place`, `evidence` and `strength` beside each other speak of the same datum,
        `at-least` of how many there are.
        """
        answer = Answer.YES
        for name in sorted(asks, key=lambda name: (QUESTIONS[name].cost, name)):
            if name in _JOINT:
                continue
            answer = min(answer, QUESTIONS[name].answer(self.asker, effect, tuple(asks[name])))
            if answer is Answer.NO:
                return answer
        return min(answer, self._joint(asks, effect)) if _JOINT & asks.keys() else answer

    def _joint(self, asks: Mapping[str, tuple[str, ...]], effect: Effect) -> Answer:
        found = self.asker.data(effect, asks.get("data", ()), asks.get("place", ()))
        told = [datum for datum in found if _is_told(datum, asks)]
        least = fewest(asks.get("at-least", ()))
        if len({datum.name for datum in told if datum.is_sure}) >= least:
            return Answer.YES
        return Answer.MAYBE if len({datum.name for datum in told}) >= least else Answer.NO


def _is_told(datum: Datum, asks: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a datum is told by what is asked for, and as strongly."""
    evidence, strength = asks.get("evidence", ()), asks.get("strength", ())
    return (not evidence or datum.evidence in evidence) and (
        not strength or datum.strength in strength
    )
