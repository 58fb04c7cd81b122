"""A rule: when, unless, and the sentence it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Asks: TypeAlias = Mapping[str, tuple[str, ...]]
"""Questions and the answers that count: all questions must be answered so, by any of the values."""

LevelWord: TypeAlias = Literal["error", "warning", "note", "off"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelCase:
    """A level, and when it holds; the first that holds decides. `only_in` names the profiles in
    which the case counts, where it does not in all."""

    level: LevelWord
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    only_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOn:
    """A sentence that is added to a message when its asks hold."""

    when: Mapping[str, tuple[str, ...]]
    say: str


EditWord: TypeAlias = Literal[
    "setting",
    "purposes",
    "set-attribute",
    "drop-attribute",
    "drop-mark",
    "drop-argument",
    "drop-pixel",
    "flags",
    "lifetime",
    "reduced-address",
]
"""The edits that a rule can ask for; `gdprlint.rules.remedies` says what each changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FixCase:
    """An edit that removes what the rule finds, where `when` holds; the first that can be made to
    an effect is its own.

    `says` what is done, as an order. `applies: safe` where nothing that visitors or the program
    rely on can break, else it is made only where somebody asks for unsafe ones too. `names` and
    `value` are what the edit is made with.
    """

    edit: EditWord
    says: str
    applies: Literal["safe", "unsafe"]
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One file of a ruleset, `<theme>/<id>.yaml`; its page is `<theme>/<id>.md`.

    `when` is a list of alternatives, `unless` a list of silences. `one_for` names what findings are
    one for: `file`, `vendor`, `page`, `host`, `key`, `place`, `project`, `application`. `folds` are
    asks for data that is told along with what the rule is about. `add` are sentences said when
    their asks hold. `base` is the level that profiles start from, where it is not that of the case
    without conditions. `fix` are the edits that remove it.
    """

    id: str
    title: str
    since: str
    levels: tuple[LevelCase, ...]
    base: LevelWord | None = None
    law: tuple[str, ...]
    tags: tuple[str, ...]
    precision: Literal["very-high", "high", "medium", "low"]
    security: str = ""
    one_for: tuple[str, ...] = ("place",)
    when: tuple[Mapping[str, tuple[str, ...]], ...]
    unless: tuple[Mapping[str, tuple[str, ...]], ...] = ()
    folds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    message: str
    help: str
    add: tuple[AddOn, ...] = ()
    fix: tuple[FixCase, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """`profiles/<name>.yaml`: the base level of each rule; `as-rule` leaves the rule its own.

    A rule that is not named is off.
    """

    id: str
    title: str
    rules: Mapping[str, str]
