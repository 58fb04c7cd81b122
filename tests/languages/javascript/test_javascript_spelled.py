"""Code in strings is read where it stands: each token at its place, and as long as spelled."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from gdprlint.facts import Call, Text
from gdprlint.languages import read_file
from gdprlint.languages.javascript.spelled import laid_out, spelled

_CODE = st.text(st.sampled_from(list("ab1 ;(){}=&<>/*\\\"'`\n\t.é☃😀")), max_size=60)


def _twice(code: str) -> str:
    """Code as a string of JSON that is a string of a script again, in a page."""
    return json.dumps(json.dumps(code)).replace("&", "\\u0026").replace("<", "\\u003c")


def test_each_character_has_its_place() -> None:
    whole = spelled(r"a\u0026b\n", 10)
    assert whole.text == "a&b\n"
    assert [whole.place(i) for i in range(5)] == [10, 11, 17, 18, 20]


def test_blanks_follow_a_token_that_is_spelled_longer() -> None:
    text, holes = laid_out(spelled(r"a \u0026\u0026 b", 0))
    assert text == "a &&           b"
    assert holes == ()


def test_quotes_keep_what_they_hold_together() -> None:
    text, holes = laid_out(spelled(r"f(\"a\")", 0))
    assert text == 'f( "a" )'
    assert holes == ()


def test_an_escape_in_a_string_of_the_code_is_a_hole() -> None:
    text, holes = laid_out(spelled(r"f('a\u0026b')", 5))
    assert text == "f('azzzzzzb')"
    assert [(hole.start, hole.end, hole.value) for hole in holes] == [(9, 15, Text("&", 9, 15))]


def test_code_in_a_string_in_a_string_has_its_calls_in_their_places() -> None:
    code = _twice('\n  go("x"); // it\'s "so"\n  stay(1);\n')
    rows = (
        '[\\"$\\",\\"$L1\\",null,{\\"strategy\\":\\"worker\\",\\"children\\":' + code[1:-1] + "}]"
    )
    page = f'<script>f.push([1,"{rows}"])</script>'
    found = {
        page[fact.span.start : fact.span.start + 4]
        for fact in read_file("a.html", page).facts
        if isinstance(fact, Call)
    }
    assert found == {"f.pu", "go(\\", "stay"}


@given(_CODE)
def test_code_is_laid_out_as_long_as_it_is_spelled(code: str) -> None:
    raw = _twice(code)[1:-1]
    outer = spelled(raw, 0)
    inner = outer.inner(1, len(outer.text) - 1)
    text, holes = laid_out(inner)
    assert inner.text == code
    assert len(text) == inner.place(len(code)) - inner.place(0)
    assert all(0 <= hole.start < hole.end <= len(raw) for hole in holes)
