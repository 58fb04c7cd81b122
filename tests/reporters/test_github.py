"""Workflow commands."""

from __future__ import annotations

from dataclasses import replace

from gdprlint.reporters import render
from gdprlint.source import Source, Span

from .sample import FINDINGS, REPORT, TOOL


def _commands(path: str = "a.js", text: str = "ab\ncd", end: int = 2) -> str:
    finding = replace(FINDINGS[4], span=Span(path, 0, end), message="50% here:\nmore, there")
    report = replace(REPORT, findings=(finding,), sources={path: Source(path, text)})
    return render("github", report, tool=TOOL)


def test_a_message_keeps_its_lines_in_escapes() -> None:
    assert _commands().endswith("::50%25 here:%0Amore, there.\n")


def test_colons_and_commas_of_a_path_are_escaped() -> None:
    assert "file=a%3Ab%2Cc.js,line=1" in _commands("a:b,c.js")


def test_a_place_on_several_lines_has_no_columns() -> None:
    assert "line=1,endLine=2::" in _commands(end=4)


def test_the_gravest_come_first() -> None:
    lines = render("github", REPORT, tool=TOOL).splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error"] * 3 + ["::warning"] * 2
