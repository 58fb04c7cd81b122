"""A rule read aloud: its asks as one sentence of plain words."""

from __future__ import annotations

from gdprlint.rules.questions import QUESTIONS
from gdprlint.rules.rule import Asks, Rule


def read_aloud(rule: Rule) -> str:
    """The sentence of a rule: when it speaks, and unless what."""
    when = "; or ".join(_phrase(asks) for asks in rule.when)
    text = f"When a page does something such that {when}"
    if rule.unless:
        text += ", unless " + "; or ".join(_phrase(asks) for asks in rule.unless)
    return text + "."


def _phrase(asks: Asks) -> str:
    ordered = sorted(asks, key=lambda name: (QUESTIONS[name].cost, name))
    return ", ".join(
        QUESTIONS[name].phrase.replace("{values}", _listed(asks[name])) for name in ordered
    )


def _listed(values: tuple[str, ...]) -> str:
    words = [value.replace("-", " ") for value in values]
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + " or " + words[-1]
