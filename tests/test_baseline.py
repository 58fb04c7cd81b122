"""What was there before is not told again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gdprlint.errors import InputError
from gdprlint.findings import Confidence, Finding, Level, Properties
from gdprlint.findings.baseline import compare, load, render
from gdprlint.source import Span

FONT = Finding(
    rule="remote-font",
    level=Level.WARNING,
    confidence=Confidence.CERTAIN,
    message="the page loads a font",
    span=Span("a.html", 10, 20),
    properties=Properties(theme="transfer", effect="load"),
    identity="fonts.example.com",
)
PIXEL = replace(FONT, rule="tracking-pixel", identity="tags.example.com")


def _written(tmp_path: Path, *findings: Finding) -> Path:
    path = tmp_path / "baseline.json"
    path.write_text(render(findings), "utf-8")
    return path


def test_a_baseline_counts_and_holds_no_lines() -> None:
    value = json.loads(render([PIXEL, FONT, FONT]))
    assert value["version"] == 1
    assert [(each["rule"], each["path"], each["count"]) for each in value["findings"]] == [
        ("remote-font", "a.html", 2),
        ("tracking-pixel", "a.html", 1),
    ]
    assert set(value["findings"][0]) == {"rule", "path", "fingerprint", "count"}


def test_the_order_of_findings_does_not_matter() -> None:
    assert render([FONT, PIXEL]) == render([PIXEL, FONT])


def test_an_empty_baseline_is_written_too() -> None:
    assert render([]) == '{\n  "version": 1,\n  "findings": []\n}\n'


def test_a_known_finding_is_known_after_its_line_moved(tmp_path: Path) -> None:
    moved = replace(FONT, span=Span("a.html", 999, 1009))
    compared = compare([moved, PIXEL], load(_written(tmp_path, FONT)))
    assert (compared.known, compared.new, compared.gone) == ((moved,), (PIXEL,), ())


def test_one_more_of_the_same_is_new(tmp_path: Path) -> None:
    compared = compare([FONT, FONT], load(_written(tmp_path, FONT)))
    assert (len(compared.known), len(compared.new)) == (1, 1)


def test_what_is_no_longer_there_is_told(tmp_path: Path) -> None:
    compared = compare([], load(_written(tmp_path, FONT, FONT)))
    assert [(entry[0], count) for entry, count in compared.gone] == [("remote-font", 2)]


BROKEN = {
    "not JSON": ('{"version": 1,\n', "baseline.json:2: the baseline is not JSON"),
    "a list": ("[]", "this is no baseline"),
    "of a later version": ('{"version": 2, "findings": []}', "version is not 1"),
    "without findings": ('{"version": 1}', "entry 1 of the baseline is broken"),
    "a broken entry": ('{"version": 1, "findings": [{"rule": "x"}]}', "entry 1 of the baseline"),
    "a count of none": (
        '{"version": 1, "findings": [{"rule": "x", "path": "p", "fingerprint": "f", "count": 0}]}',
        "entry 1 of the baseline",
    ),
    "too deep": ("[" * 100_000, "the baseline is not JSON"),
    "not text": ("\udcff", "the baseline is not JSON"),
}


@pytest.mark.parametrize(("text", "told"), BROKEN.values(), ids=BROKEN)
def test_a_broken_baseline_is_told_in_a_sentence(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError, match=told):
        load(path)


def test_a_missing_baseline_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot be read .*--write-baseline"):
        load(tmp_path / "none.json")
