"""For a program. The shape has a version: within one, keys are added and never change or go.

    {"version": 1, "tool": {"name", "version"},
     "files": {"read", "notRead", "unread": [{"path", "why", "line"?, "endLine"?}]},
     "hidden": {"notes", "possible"}, "ignored": [{"rule", "path", "line", "reason"}], "known": n,
     "findings": [{"rule", "level", "confidence", "message", PLACE, "properties", "flows": [[STEP]],
                   "related": [{PLACE, "text"}], "law": [{"id", "act", "article", "title",
                   "address"}], "help", "fingerprint",
                   "fix"?: {"safe", "says", "edits": [{PLACE, "text"}]}}], "rules": [id],
     "fixed": n}

PLACE is "path", "line", "column", "endLine", "endColumn", from 1, in code points, the end being
the first character after. STEP is "kind", PLACE, "text". An edit puts "text" in the place of what
is there.
"""

from __future__ import annotations

import json
from typing import Any

from gdprlint.findings import Finding, Fix, FlowStep, LawInfo, Report, UnreadStretch
from gdprlint.findings.identity import fingerprints
from gdprlint.reporters import Manner, Tool
from gdprlint.reporters.places import Place, exact_place, place
from gdprlint.reporters.properties import properties
from gdprlint.source import Span

__all__ = ["render"]


def render(report: Report, *, tool: Tool, manner: Manner) -> str:
    """The report as JSON; the order of findings is that of the report."""
    laws = {law.id: law for law in report.laws}
    prints = dict(zip(map(id, report.findings), fingerprints(report.findings), strict=True))
    value = {
        "version": 1,
        "tool": {"name": tool.name, "version": tool.version},
        "files": {
            "read": report.files_read,
            "notRead": report.files_not_read,
            "unread": [_unread(stretch, report) for stretch in report.unread],
        },
        "hidden": {"notes": manner.notes_hidden(report), "possible": report.possible_hidden},
        "ignored": [_ignored(finding, reason, report) for finding, reason in report.ignored],
        "known": len(report.known),
        "findings": [
            _finding(finding, report, laws=laws, fingerprint=prints[id(finding)])
            for finding in manner.shown(report)
        ],
        "rules": [rule.id for rule in report.rules],
        "fixed": len(report.fixed),
    }
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _finding(
    finding: Finding, report: Report, *, laws: dict[str, LawInfo], fingerprint: str
) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "level": finding.level.value,
        "confidence": finding.confidence.value,
        "message": finding.message,
        **_place(finding.span, report),
        "properties": properties(finding),
        "flows": [[_step(step, report) for step in flow.steps] for flow in finding.flows],
        "related": [
            {**_place(related.span, report), "text": related.text} for related in finding.related
        ],
        "law": [_law(laws.get(id_), id_) for id_ in finding.law],
        "help": finding.help,
        "fingerprint": fingerprint,
        **({"fix": _fix(finding.fix, report)} if finding.fix is not None else {}),
    }


def _fix(fix: Fix, report: Report) -> dict[str, Any]:
    edits = [
        {**_told(edit.span.path, exact_place(edit.span, report.sources)), "text": edit.text}
        for edit in fix.edits
    ]
    return {"safe": fix.safe, "says": fix.says, "edits": edits}


def _place(span: Span, report: Report) -> dict[str, Any]:
    return _told(span.path, place(span, report.sources))


def _told(path: str, found: Place) -> dict[str, Any]:
    return {
        "path": path,
        "line": found.line,
        "column": found.column,
        "endLine": found.end_line,
        "endColumn": found.end_column,
    }


def _step(step: FlowStep, report: Report) -> dict[str, Any]:
    return {"kind": step.kind, **_place(step.span, report), "text": step.text}


def _law(law: LawInfo | None, id_: str) -> dict[str, Any]:
    if law is None:
        return {"id": id_}
    return {
        "id": law.id,
        "act": law.act,
        "article": law.taxon,
        "title": law.title,
        "address": law.address,
    }


def _ignored(finding: Finding, reason: str, report: Report) -> dict[str, Any]:
    line = place(finding.span, report.sources).line
    return {"rule": finding.rule, "path": finding.span.path, "line": line, "reason": reason}


def _unread(stretch: UnreadStretch, report: Report) -> dict[str, Any]:
    told: dict[str, Any] = {"path": stretch.path, "why": stretch.why}
    if stretch.span is not None and stretch.span.path in report.sources:
        found = place(stretch.span, report.sources)
        told |= {"line": found.line, "endLine": found.end_line}
    return told
