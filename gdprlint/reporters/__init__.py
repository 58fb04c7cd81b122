"""How do we show it? Each format makes one text of a report; nothing here prints or exits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from gdprlint.findings import Finding, Level, Report

__all__ = ["FORMATS", "Manner", "Tool", "render"]

FORMATS: Mapping[str, str] = {
    "text": "for a person at a terminal",
    "concise": "one line for each finding",
    "json": "for a program: a documented, versioned shape",
    "sarif": "for code scanning",
    "github": "workflow commands, which GitHub shows as annotations",
}
"""The formats by name, with what each is for."""


@dataclass(frozen=True, slots=True)
class Tool:
    """Who reports: the program's name, its version, and the address of its repository."""

    name: str
    version: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a person wants to see it: with notes or not, how many columns wide, coloured or not.

    Width and colour matter to the text format only, and notes to all. `unsafe` fixes are given to
    programs that make fixes by themselves only where they are asked for.
    """

    notes: bool = False
    unsafe: bool = False
    width: int = 100
    colour: bool = False

    def shown(self, report: Report) -> tuple[Finding, ...]:
        """The findings to show, in the report's order."""
        return tuple(f for f in report.findings if self.notes or f.level is not Level.NOTE)

    def notes_hidden(self, report: Report) -> int:
        """How many findings of the level `note` are not shown."""
        return len(report.findings) - len(self.shown(report))


class Reporter(Protocol):
    """A module of this room."""

    def render(self, report: Report, *, tool: Tool, manner: Manner) -> str:
        """The whole report as one text, which ends with a line end unless it is empty."""
        ...


def render(name: str, report: Report, *, tool: Tool, manner: Manner | None = None) -> str:
    """The report in the format `name`, one of `FORMATS`, whose module is imported only now."""
    if name not in FORMATS:
        raise ValueError(f"there is no format {name!r}")
    reporter = cast(Reporter, import_module(f"{__name__}.{name}"))
    return reporter.render(report, tool=tool, manner=manner or Manner())
