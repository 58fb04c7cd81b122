"""Workflow commands, which GitHub shows as annotations of the lines of a pull request."""

from __future__ import annotations

from gdprlint.findings import Finding, Level, Report
from gdprlint.reporters import Manner, Tool
from gdprlint.reporters.places import place, sentence

__all__ = ["render"]

_COMMANDS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}


def render(report: Report, *, tool: Tool, manner: Manner) -> str:
    """One command for each finding, the gravest first, since GitHub shows ten of each level."""
    findings = sorted(manner.shown(report), key=lambda finding: -finding.level.rank)
    return "".join(_command(finding, report) for finding in findings)


def _command(finding: Finding, report: Report) -> str:
    found = place(finding.span, report.sources)
    properties = {
        "title": finding.rule,
        "file": finding.span.path,
        "line": str(found.line),
        "endLine": str(found.end_line),
    }
    if found.line == found.end_line:
        # GitHub takes columns for those of one line.
        properties |= {"col": str(found.column), "endColumn": str(found.end_column)}
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[finding.level]} {told}::{_message(sentence(finding.message))}\n"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
