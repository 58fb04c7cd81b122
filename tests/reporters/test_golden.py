"""One report through every reporter, against what a person has read and found good."""

from __future__ import annotations

from pathlib import Path

import pytest

from gdprlint.findings import Report
from gdprlint.reporters import FORMATS, Manner, render

from .sample import CLEAN, REPORT, TOOL

GOLDEN = Path(__file__).parent / "golden"
REPORTS = {"sample": REPORT, "clean": CLEAN}


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("format_", FORMATS)
def test_a_report_reads_as_its_golden_file(
    name: str, format_: str, request: pytest.FixtureRequest
) -> None:
    rendered = render(format_, REPORTS[name], tool=TOOL, manner=Manner(notes=True))
    golden = GOLDEN / f"{name}.{format_}"
    if request.config.getoption("--update", default=False):
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(rendered, encoding="utf-8", newline="")
    assert rendered == golden.read_bytes().decode("utf-8")


def _hidden(report: Report, format_: str) -> str:
    return render(format_, report, tool=TOOL, manner=Manner())


@pytest.mark.parametrize("format_", FORMATS)
def test_notes_are_not_shown_unless_asked_for(format_: str) -> None:
    assert "before anybody has agreed" not in _hidden(REPORT, format_)


@pytest.mark.parametrize("format_", FORMATS)
def test_no_report_holds_a_value_of_the_source(format_: str) -> None:
    rendered = render(format_, REPORT, tool=TOOL, manner=Manner(notes=True))
    assert "canary" not in rendered.lower()
    assert "4912345678" not in rendered


@pytest.mark.parametrize("format_", FORMATS)
def test_a_second_rendering_gives_the_same_bytes(format_: str) -> None:
    assert _hidden(REPORT, format_) == _hidden(REPORT, format_)


def test_an_unknown_format_is_a_fault_of_the_caller() -> None:
    with pytest.raises(ValueError, match="no format 'xml'"):
        render("xml", CLEAN, tool=TOOL)
