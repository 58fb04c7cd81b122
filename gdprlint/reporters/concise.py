"""One line for each finding, for people in a hurry and for editors' problem matchers."""

from __future__ import annotations

from gdprlint.findings import Report
from gdprlint.reporters import Manner, Tool
from gdprlint.reporters.places import place, printable

__all__ = ["render"]


def render(report: Report, *, tool: Tool, manner: Manner) -> str:
    """`path:line:column: level[rule] message`, columns in code points; empty if all is well."""
    lines = []
    for finding in manner.shown(report):
        found = place(finding.span, report.sources)
        where = f"{printable(finding.span.path)}:{found.line}:{found.column}"
        lines.append(f"{where}: {finding.level}[{finding.rule}] {printable(finding.message)}\n")
    return "".join(lines)
