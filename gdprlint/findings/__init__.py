"""What do we tell a person, and have we told it before?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, TypeAlias

from gdprlint.source import Source, Span

__all__ = [
    "Change",
    "Confidence",
    "Edit",
    "Finding",
    "Fix",
    "Flow",
    "FlowStep",
    "LawInfo",
    "Level",
    "Properties",
    "Related",
    "Report",
    "RuleInfo",
    "Taxonomy",
    "UnreadStretch",
]


class Level(StrEnum):
    """How grave: `error` and `warning` are printed, `note` is counted and shown when asked for."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """3 for error, 2 for warning, 1 for note."""
        return {"error": 3, "warning": 2, "note": 1}[self.value]


class Confidence(StrEnum):
    """Whether the analysis settled it (`certain`) or not (`possible`)."""

    CERTAIN = "certain"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One step of a flow, shown at its place.

    `kind`: `source` where the data comes from, `propagate`, `page-edge` where it enters the page's
    URL or title or a page brings in a script, `guard` a consent check on the way, `sink`.
    """

    kind: Literal["source", "propagate", "page-edge", "guard", "sink"]
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Flow:
    """One road of the data, from its source to where it leaves."""

    steps: tuple[FlowStep, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that explains a finding: where consent was asked, where the field is."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Properties:
    """What a program needs to join a finding with others: names and places, never values.

    `parameters`: request parameters that carry the data (`dl`). `names`: fields, URL keys or
    storage keys. `place`: url, path, title, body, cookie, storage. `data`: category ids.
    `consent`: what was seen on the way: none, partial, unclear, given. `consent_asked`: purposes.
    """

    theme: str
    effect: str
    vendors: tuple[str, ...] = ()
    recipient: str = ""
    host: str = ""
    pages: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    place: str = ""
    data: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    consent_asked: tuple[str, ...] = ()
    consent_seen: str = "none"
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LawInfo:
    """An article as a report cites it."""

    id: str
    act: str
    taxon: str
    title: str
    summary: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxonomy:
    """An act whose articles are the taxa of a report."""

    id: str
    name: str
    full_name: str
    organization: str
    released: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleInfo:
    """What a report says of a rule, fired or not.

    `page` is the rule's page in Markdown; `summary` its first paragraph; `sentence` the rule read
    aloud; `security` the text of SARIF's security-severity, or empty for rules that are no
    security.
    """

    id: str
    theme: str
    title: str
    summary: str
    sentence: str
    page: str
    help: str
    level: Level
    law: tuple[str, ...]
    tags: tuple[str, ...]
    precision: Literal["very-high", "high", "medium", "low"]
    security: str = ""


Does: TypeAlias = Literal[
    "value",
    "expression",
    "entry",
    "argument",
    "drop-argument",
    "cookie-attribute",
    "attribute",
    "attribute-value",
    "drop-attribute",
    "drop-class",
    "drop-element",
    "host",
    "parameter",
]
"""The kinds of change that there are; what each does is said in `gdprlint.fixes`."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be changed in the code at `span`, by name; the characters are not known yet."""

    does: Does
    span: Span
    name: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of a file, and the text that is to stand in its place."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """What removes a finding: all of it, or it does not.

    `safe` where nothing that visitors or the program rely on can break. `says` what is done, as an
    order. `edits` are the `changes` worked out on the text; none where that has not been done.
    """

    safe: bool
    says: str
    changes: tuple[Change, ...]
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing told to a person.

    `message` holds up to three sentences, of fact, of consequence, of action, without a full stop
    at its very end. `identity` is what stays the same when lines move: it goes into fingerprints.
    """

    rule: str
    level: Level
    confidence: Confidence
    message: str
    span: Span
    properties: Properties
    flows: tuple[Flow, ...] = ()
    related: tuple[Related, ...] = ()
    law: tuple[str, ...] = ()
    help: str = ""
    identity: str = ""
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class UnreadStretch:
    """A file, or a stretch of one, that was not read, and why; `span` is None for a whole file.

    `settled` is false of one that was read, in which not everything could be followed to its end.
    """

    path: str
    why: str
    span: Span | None = None
    settled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that one run has to say.

    `findings` in order of path, place and rule, at or above the confidence asked for; `notes` level
    findings are among them. `rules` are all enabled rules, fired or not, in order of id.
    `ignored` were silenced by a comment or the settings, with the reason; `known` by the baseline.
    `kept` are all that were not ignored, shown or not: those that a baseline is written from.
    `fixed` were there before fixes were made. `sources` holds the text of every file that a finding
    or one of its steps points into.
    """

    findings: tuple[Finding, ...]
    rules: tuple[RuleInfo, ...]
    laws: tuple[LawInfo, ...] = ()
    acts: tuple[Taxonomy, ...] = ()
    files_read: int = 0
    files_not_read: int = 0
    unread: tuple[UnreadStretch, ...] = ()
    ignored: tuple[tuple[Finding, str], ...] = ()
    known: tuple[Finding, ...] = ()
    kept: tuple[Finding, ...] = ()
    fixed: tuple[Finding, ...] = ()
    possible_hidden: int = 0
    sources: Mapping[str, Source] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
