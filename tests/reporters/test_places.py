"""Lines and columns, as each format counts them."""

from __future__ import annotations

import json

from gdprlint.reporters import Manner, render
from gdprlint.reporters.places import Place, place, printable, sentence, utf16_place
from gdprlint.source import Source, Span

from .sample import REPORT, TOOL


def test_an_end_after_a_line_end_stays_on_its_line() -> None:
    found = place(Span("a", 0, 4), {"a": Source("a", "abc\nd")})
    assert found == Place(line=1, column=1, end_line=1, end_column=4)


def test_a_place_in_a_file_that_is_not_at_hand_is_its_start() -> None:
    found = utf16_place(Span("a", 5, 9), {})
    assert found == Place(line=1, column=1, end_line=1, end_column=1)


def test_an_emoji_is_two_units_of_utf16_and_one_character() -> None:
    sources = {"a": Source("a", "😀x")}
    assert place(Span("a", 1, 2), sources).column == 2
    assert utf16_place(Span("a", 1, 2), sources).column == 3


def test_a_line_separator_of_unicode_ends_no_line() -> None:
    assert place(Span("a", 2, 3), {"a": Source("a", "a\u2028b")}).line == 1


def test_json_columns_count_characters() -> None:
    value = json.loads(render("json", REPORT, tool=TOOL, manner=Manner(notes=True)))
    last = value["findings"][-1]
    assert (last["line"], last["column"], last["endColumn"]) == (5, 19, 74)


def test_what_a_terminal_would_obey_is_not_printable() -> None:
    assert printable("a\x1b[31m\u202eb\r\n  c") == "a\ufffd[31m\ufffdb c"


def test_a_sentence_has_one_full_stop() -> None:
    assert (sentence("it runs"), sentence("does it run?")) == ("it runs.", "does it run?")
