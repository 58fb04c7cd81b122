"""What a person reads."""

from __future__ import annotations

import re
from dataclasses import replace

from gdprlint.findings import Report
from gdprlint.reporters import Manner, render
from gdprlint.source import Source, Span

from .sample import CLEAN, FINDINGS, REPORT, TOOL

ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


def _text(report: Report, **manner: int) -> str:
    return render("text", report, tool=TOOL, manner=Manner(**manner))


def _one(text: str, part: str, path: str = "a.js") -> list[str]:
    """The frame of a finding at `part` of a file: the source line and the carets below."""
    start = text.index(part)
    finding = replace(
        FINDINGS[0],
        level=FINDINGS[1].level,
        span=Span(path, start, start + len(part)),
    )
    report = Report(findings=(finding,), rules=(), sources={path: Source(path, text)})
    lines = _text(report).splitlines()
    frame = next(number for number, line in enumerate(lines) if line.endswith(" |"))
    return [line.split("| ", 1)[1] for line in lines[frame + 1 : frame + 3]]


def test_a_clean_report_tells_how_many_files_were_read_and_not_read() -> None:
    assert _text(CLEAN) == "no findings in 7 files read, 1 not read\n"


def test_the_last_line_counts_everything() -> None:
    assert _text(REPORT).splitlines()[-1] == (
        "3 errors, 2 warnings in 4 files read, 2 not read; parts of 1 file not understood; "
        "1 note hidden (--notes shows them); 3 possible hidden (--min-confidence possible shows "
        "them); 1 ignored; 1 known to the baseline"
    )


def test_carets_stand_under_the_call() -> None:
    assert _one("if (x) px(url);\n", "px(url)") == ["…px(url);", " ^^^^^^^"]


def test_a_tab_takes_two_columns() -> None:
    assert _one("\tpx(url)\n", "px(url)") == ["  px(url)", "  ^^^^^^^"]


def test_wide_characters_take_two_columns_of_carets() -> None:
    assert _one("px(名前)\n", "px(名前)") == ["px(名前)", "^^^^^^^^"]


def test_a_long_line_is_cut_around_the_carets() -> None:
    shown, carets = _one(f"f({'a, ' * 200}b)\n", f"f({'a, ' * 200}b)")
    assert len(shown) == 96
    assert carets == "^" * 96


def test_controls_never_reach_the_terminal() -> None:
    assert _one("px(\x1b[31m)\n", "px(\x1b[31m)")[0] == "px(\ufffd[31m)"


def test_a_finding_without_its_text_has_no_frame() -> None:
    report = Report(findings=(FINDINGS[1],), rules=())
    assert " |" not in _text(report)


def test_colour_changes_nothing_but_colour() -> None:
    coloured = _text(REPORT, colour=True)
    assert "\x1b[" in coloured
    assert [line.rstrip() for line in ESCAPES.sub("", coloured).splitlines()] == _text(
        REPORT
    ).splitlines()


def test_sentences_are_wrapped_to_the_width() -> None:
    lines = _text(REPORT, width=70).splitlines()[:-1]
    assert max(len(line) for line in lines if "=" not in line and "not read" not in line) <= 70


def test_more_than_five_unread_files_are_counted() -> None:
    unread = tuple(replace(REPORT.unread[1], path=f"{n}.bin") for n in range(7))
    assert "  and 2 more\n" in _text(replace(CLEAN, unread=unread))
