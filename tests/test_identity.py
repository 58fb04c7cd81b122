"""Fingerprints: GitHub's, to the bit, and our own, which stay when lines move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdprlint.findings import Confidence, Finding, Level, Properties
from gdprlint.findings.identity import fingerprint, fingerprints, line_hashes
from gdprlint.source import Span

TAIL = [
    "e9496ae3ebfced30:1",
    "fb7c023a8b9ccb3f:1",
    "ce8ba1a563dcdaca:1",
    "e20e36e16fcb0cc8:1",
    "b3edc88f2938467e:1",
    "c8e28b0b4002a3a0:1",
    "c129715d7a2bc9a3:1",
]

# The first eight are the inputs and values of github/codeql-action's own tests.
VECTORS = [
    ("", ["c129715d7a2bc9a3:1"]),
    (
        " a\nb\n  \t\tc\n d",
        ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"],
    ),
    (
        " hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End",
        [
            "8b7cf3e952e7aeb2:1",
            "b1ae1287ec4718d9:1",
            "bff680108adb0fcc:1",
            "c6805c5e1288b612:1",
            "b86d3392aea1be30:1",
            "e6ceba753e1a442:1",
        ],
    ),
    (" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End\n", TAIL),
    (" hello; \t\nworld!!!\r\r\r  \t\tGreetings\r End\r", TAIL),
    (" hello; \t\r\nworld!!!\r\n\r\n\r\n  \t\tGreetings\r\n End\r\n", TAIL),
    (" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n", TAIL),
    (
        "Lorem ipsum dolor sit amet.\n" * 10,
        [
            *(f"a7f2ff13bc495cf2:{n}" for n in range(1, 7)),
            "a7f2ff1481e87703:1",
            "a9cf91f7bbf1862b:1",
            "55ec222b86bcae53:1",
            "cc97dc7b1d7d8f7b:1",
            "c129715d7a2bc9a3:1",
        ],
    ),
    (
        "<!doctype html>\n"
        '<script async src="https://www.googletagmanager.com/gtag/js?id=G-TEST"></script>\n'
        "<p>ok</p>\n",
        ["244b33223e7e8c4a:1", "f5ec14abfb789ed2:1", "68213aef4b07732:1", "c129715d7a2bc9a3:1"],
    ),
]


@pytest.mark.parametrize(("text", "hashes"), VECTORS)
def test_line_hashes_are_those_that_github_computes(text: str, hashes: Sequence[str]) -> None:
    assert list(line_hashes(text, range(1, 50)).values()) == hashes


def test_a_carriage_return_and_a_line_feed_with_a_blank_between_end_two_lines() -> None:
    assert len(line_hashes("a\r \nb", range(1, 50))) == 3


def test_a_character_outside_the_basic_plane_counts_as_two_units() -> None:
    assert line_hashes("😀" * 50 + "x", [1]) == line_hashes("😀" * 50 + "y", [1])


def test_only_the_lines_asked_for_are_hashed() -> None:
    assert line_hashes("a\na\na\n", [2]).keys() == {2}


def test_a_line_after_the_last_has_no_hash() -> None:
    assert line_hashes("a", [2]) == {}


def _stepwise(text: str) -> list[int]:
    """The definition, unit by unit: the sum of the 100 units times powers of 37."""
    units = text.encode("utf-16-le")
    values = [units[at] | units[at + 1] << 8 for at in range(0, len(units), 2)]
    starts = [0, *(at + 1 for at, value in enumerate(values) if value == 10)]
    values += [65535, *[0] * 100]
    hashes = []
    for start in starts:
        total = 0
        for value in values[start : start + 100]:
            total = (total * 37 + value) % 2**64
        hashes.append(total)
    return hashes


@given(st.text(alphabet="ab😀ü\u2028\n", max_size=300))
def test_the_sum_is_that_of_the_definition(text: str) -> None:
    found = line_hashes(text, range(1, 400)).values()
    assert [int(each.split(":")[0], 16) for each in found] == _stepwise(text)


FINDING = Finding(
    rule="remote-font",
    level=Level.WARNING,
    confidence=Confidence.CERTAIN,
    message="the page loads a font",
    span=Span("a.html", 10, 20),
    properties=Properties(theme="transfer", effect="load"),
    identity="fonts.example.com",
)


def test_a_finding_whose_line_moved_keeps_its_fingerprint() -> None:
    moved = replace(FINDING, span=Span("a.html", 500, 510), message="the page now loads a font")
    assert fingerprint(moved) == fingerprint(FINDING)


def test_a_finding_in_another_file_has_another_fingerprint() -> None:
    assert fingerprint(replace(FINDING, span=Span("b.html", 10, 20))) != fingerprint(FINDING)


def test_equal_findings_are_numbered() -> None:
    first, second = fingerprints([FINDING, FINDING])
    assert (first, second) == (fingerprint(FINDING, 1), fingerprint(FINDING, 2))


def test_a_fingerprint_never_changes_between_versions() -> None:
    assert fingerprint(FINDING) == "43f3ecdba0e4dd75d462e8dc93f57458"
