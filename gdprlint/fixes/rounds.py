"""Fixes until none is left, each proved: its finding is gone, and no other has come.

Fixes that touch each other, and those that only show once others are made, are made in later
rounds. What a round brings about is looked at before anything is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from gdprlint.findings import Finding, Report
from gdprlint.fixes import Applied, apply

__all__ = ["Mended", "mend"]

_MOST_ROUNDS = 20

Entry: TypeAlias = tuple[str, str, str]
"""Rule, path and identity of findings; those that share them are counted."""

Run: TypeAlias = Callable[[Mapping[str, str]], Report]
"""A check in which these texts stand in the place of files."""


@dataclass(frozen=True, slots=True)
class Mended:
    """The report after the last round, the findings that are fixed, those whose fix was not made
    because it would not have removed them or brought others, and the texts by path."""

    report: Report
    fixed: tuple[Finding, ...]
    withdrawn: tuple[Finding, ...]
    before: Mapping[str, str]
    after: Mapping[str, str]


def mend(run: Run, wanted: Callable[[Finding], bool]) -> Mended:
    """Make the fixes of all findings that are wanted, in as many rounds as it takes."""
    report = run({})
    fixed: list[Finding] = []
    withdrawn: dict[Entry, Finding] = {}
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for _ in range(_MOST_ROUNDS):
        open_ = [f for f in report.findings if wanted(f) and _entry(f) not in withdrawn]
        applied = apply(open_, report.sources)
        if not applied.findings:
            break
        tried = {**after, **applied.texts}
        next_report = run(tried)
        blamed = _blamed(report, next_report, applied)
        if blamed:
            withdrawn.update((_entry(finding), finding) for finding in blamed)
            continue
        for path in applied.texts:
            before.setdefault(path, report.sources[path].text)
        report, after = next_report, tried
        fixed.extend(applied.findings)
    return Mended(report, tuple(fixed), tuple(withdrawn.values()), before, after)


def _entry(finding: Finding) -> Entry:
    return finding.rule, finding.span.path, finding.identity or finding.message


def _blamed(old: Report, new: Report, applied: Applied) -> tuple[Finding, ...]:
    """The findings whose fixes did not do what they should; none where all did.

    Where another finding came, those in its file are blamed, and all where there is none.
    """
    expected = Counter(map(_entry, _all(old)))
    expected.subtract(map(_entry, applied.findings))
    found = Counter(map(_entry, _all(new)))
    excess = {entry for entry, count in found.items() if count > max(expected[entry], 0)}
    excess -= _lowered(new, excess, applied)
    if not excess:
        return ()
    still = tuple(finding for finding in applied.findings if _entry(finding) in excess)
    paths = {path for _, path, _ in excess}
    near = tuple(finding for finding in applied.findings if finding.span.path in paths)
    return still or near or applied.findings


def _all(report: Report) -> Iterable[Finding]:
    return report.kept or report.findings


def _lowered(new: Report, excess: Iterable[Entry], applied: Applied) -> set[Entry]:
    """What is left of a finding that was fixed in part: one of its rule in its file, and milder."""
    most: dict[tuple[str, str], int] = {}
    for finding in applied.findings:
        spot = (finding.rule, finding.span.path)
        most[spot] = max(most.get(spot, 0), finding.level.rank)
    wanted = set(excess)
    return {
        _entry(finding)
        for finding in _all(new)
        if _entry(finding) in wanted
        and finding.level.rank < most.get((finding.rule, finding.span.path), 0)
    }
