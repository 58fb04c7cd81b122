"""Which findings has a person put aside, with which reason, and which of these notes are idle?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from gdprlint.findings import Finding
from gdprlint.source import Source, Span

__all__ = [
    "Problem",
    "Remark",
    "Silenced",
    "StandingIgnore",
    "StandingOutcome",
    "path_matches",
    "silence",
    "silence_by_settings",
]

Remark: TypeAlias = tuple[str, Span]
"""The text between a comment's marks, and where the comment is."""

_DIRECTIVE = re.compile(
    r"^[\s*!#/-]*gdprlint:[ \t]*ignore(?P<scope>-next-line|-file)?"
    r"(?:[ \t]*\[(?P<rules>[^\]\r\n]*)\](?:[ \t]*:(?P<reason>[^\r\n]*))?|(?![\w-]))",
    re.MULTILINE,
)
# Before and after a comment that has its line to itself stand only blanks and comment marks, also
# those of JSX (`{/* ... */}`) and of Django and Liquid (`{% comment %}`).
_MARKS_ONLY = re.compile(r"(?:[\s{}<>!/*#%@()\-\ufeff]|\b(?:end)?comment\b)*")


@dataclass(frozen=True, slots=True)
class Problem:
    """An ignore comment that is of no use.

    `missing-reason`: it does nothing. `unknown-rule`: `text` is no rule's id, or empty where the
    comment names no rule at all. `unused`: the rule `text` ran and found nothing there.
    """

    kind: Literal["missing-reason", "unknown-rule", "unused"]
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Silenced:
    """What remains after the comments, what they put aside with which reason, and idle comments."""

    kept: tuple[Finding, ...]
    ignored: tuple[tuple[Finding, str], ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Directive:
    """One `gdprlint: ignore`; `lines` are None where it covers the whole file."""

    span: Span
    rules: tuple[str, ...]
    reason: str
    lines: frozenset[int] | None


def silence(
    findings: Sequence[Finding],
    *,
    remarks: Mapping[str, Sequence[Remark]],
    sources: Mapping[str, Source],
    ran: AbstractSet[str],
    known: AbstractSet[str],
) -> Silenced:
    """The findings without those that a comment of their file puts aside.

    `remarks` holds the comments of every file that was read in full, by path. Give all findings,
    the possible ones too: a comment that puts aside what is not shown today is not idle.
    `ran` are the rules of this run, `known` all that exist. Problems come in order of place.
    """
    directives = {
        path: tuple(_directives(comments, sources[path]))
        for path, comments in remarks.items()
        if path in sources
    }
    kept: list[Finding] = []
    ignored: list[tuple[Finding, str]] = []
    used: set[tuple[Span, str]] = set()
    for finding in findings:
        path = finding.span.path
        covering = [
            directive
            for directive in directives.get(path, ())
            if directive.reason and _covers(directive, finding, sources[path])
        ]
        used.update((directive.span, finding.rule) for directive in covering)
        if covering:
            ignored.append((finding, covering[0].reason))
        else:
            kept.append(finding)
    problems = [
        problem
        for path in sorted(directives)
        for directive in directives[path]
        for problem in _problems(directive, used=used, ran=ran, known=known)
    ]
    return Silenced(tuple(kept), tuple(ignored), tuple(problems))


def _directives(remarks: Sequence[Remark], source: Source) -> Iterator[_Directive]:
    inside = _lines_of_comments_alone(remarks, source)
    for text, span in sorted(remarks, key=lambda remark: remark[1].start):
        if "gdprlint:" not in text:
            continue
        for found in _DIRECTIVE.finditer(text):
            rules = (found["rules"] or "").split(",")
            yield _Directive(
                span=span,
                rules=tuple(rule.strip() for rule in rules if rule.strip()),
                reason=_reason(found["reason"] or ""),
                lines=_lines_covered(found["scope"] or "", span, source, inside=inside),
            )


def _reason(written: str) -> str:
    """The reason without closing marks; nothing where it holds no word."""
    reason = re.sub(r"[\s*#-]+$", "", written.strip())
    return reason if re.search(r"\w", reason) else ""


def _lines_of_comments_alone(remarks: Sequence[Remark], source: Source) -> frozenset[int]:
    """Every line that holds comments and nothing else."""
    alone: set[int] = set()
    for _, span in remarks:
        if _has_lines_to_itself(span, source):
            alone.update(_lines_of(span, source))
    return frozenset(alone)


def _has_lines_to_itself(span: Span, source: Source) -> bool:
    first, last = source.position(span.start).line, source.position(span.end).line
    before = source.text[source.line_starts[first - 1] : span.start]
    after = source.line(last)[source.position(span.end).column - 1 :]
    return bool(_MARKS_ONLY.fullmatch(before) and _MARKS_ONLY.fullmatch(after))


def _lines_of(span: Span, source: Source) -> range:
    """The lines that a stretch touches; a line end at its very end does not touch the next."""
    last = span.end - 1 if span.end > span.start else span.end
    return range(source.position(span.start).line, source.position(last).line + 1)


def _lines_covered(
    scope: str, span: Span, source: Source, *, inside: frozenset[int]
) -> frozenset[int] | None:
    if scope == "-file":
        return None
    own = _lines_of(span, source)
    following = _next_line_of_code(own[-1], source, inside=inside)
    if scope == "-next-line":
        return following
    return frozenset(own) | (following if own[0] in inside else frozenset())


def _next_line_of_code(line: int, source: Source, *, inside: frozenset[int]) -> frozenset[int]:
    """The first line below that is neither empty nor only comment; none at the end of the file."""
    for number in range(line + 1, len(source.line_starts) + 1):
        if number not in inside and source.line(number).strip():
            return frozenset((number,))
    return frozenset()


def _covers(directive: _Directive, finding: Finding, source: Source) -> bool:
    if finding.rule not in directive.rules:
        return False
    lines = directive.lines
    return lines is None or any(line in lines for line in _lines_of(finding.span, source))


def _problems(
    directive: _Directive,
    *,
    used: AbstractSet[tuple[Span, str]],
    ran: AbstractSet[str],
    known: AbstractSet[str],
) -> Iterator[Problem]:
    if not directive.rules:
        yield Problem("unknown-rule", directive.span, "")
    for rule in directive.rules:
        if rule not in known:
            yield Problem("unknown-rule", directive.span, rule)
    if not directive.reason:
        yield Problem("missing-reason", directive.span, ", ".join(directive.rules))
        return
    for rule in directive.rules:
        if rule in ran and (directive.span, rule) not in used:
            yield Problem("unused", directive.span, rule)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingIgnore:
    """An ignore of the settings: a rule's id, a path pattern, why, and the last day it holds."""

    rule: str
    path: str
    reason: str
    expires: date | None = None


@dataclass(frozen=True, slots=True)
class StandingOutcome:
    """Findings that remain and those put aside; ignores past their day, and those of no finding."""

    kept: tuple[Finding, ...]
    ignored: tuple[tuple[Finding, str], ...]
    expired: tuple[StandingIgnore, ...]
    unused: tuple[StandingIgnore, ...]


def silence_by_settings(
    findings: Iterable[Finding], standing: Sequence[StandingIgnore], *, today: date
) -> StandingOutcome:
    """The findings without those that the settings put aside; an expired ignore does nothing."""
    expired = tuple(each for each in standing if each.expires is not None and each.expires < today)
    valid = [each for each in standing if each not in expired]
    kept: list[Finding] = []
    ignored: list[tuple[Finding, str]] = []
    used: set[StandingIgnore] = set()
    for finding in findings:
        covering = [
            each
            for each in valid
            if each.rule == finding.rule and path_matches(finding.span.path, each.path)
        ]
        used.update(covering)
        if covering:
            ignored.append((finding, covering[0].reason))
        else:
            kept.append(finding)
    unused = tuple(each for each in valid if each not in used)
    return StandingOutcome(tuple(kept), tuple(ignored), expired, unused)


def path_matches(path: str, pattern: str) -> bool:
    """Whether a path lies under a pattern, read as `.gitignore` reads a line without `!`.

    A pattern without an inner `/` holds at any depth, and one that names a folder for all below.
    """
    return re.fullmatch(_expression(pattern), path) is not None


def _expression(pattern: str) -> str:
    body = pattern.strip("/")
    anchored = pattern.startswith("/") or "/" in body
    words = {"**/": "(?:.*/)?", "/**": "/.*", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*/|/\*\*$|\*\*|\*|\?)", body)
    spelled = "".join(words.get(part, re.escape(part)) for part in parts)
    below = "/.*" if pattern.endswith("/") else "(?:/.*)?"
    return ("" if anchored else "(?:.*/)?") + spelled + below
