"""The structure of a line stays, and no value in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdprlint.reporters.redact import Curtain
from gdprlint.source import Source, Span

LINES = [
    ("a.js", "px('track', `CANARY`, \"CANARY\")", "px('…', `…`, \"…\")"),
    ("a.js", "px(/CANARY/.test(x))", "px(/…/.test(x))"),
    ("a.js", "px(a / b)", "px(a / b)"),
    ("a.jsx", "<p>CANARY", "<p>…"),
    ("a.jsx", "<A b={x} />", "<A b={x} />"),
    ("a.js", "px(x /* CANARY */)", "px(x /*…*/)"),
    ("a.js", "px(`CANARY ${user.id} CANARY`)", "px(`…${user.id}…`)"),
    ("a.js", "px(`${f(`CANARY`)} CANARY`)", "px(`${f(`…`)}…`)"),
    ("a.js", "px(4912345678, 30, 'it\\'s CANARY')", "px(…, 30, '…')"),
    ("a.js", "px(CANARY123456789)", "px(…)"),
    ("a.jsx", "<p>CANARY text {name}</p>", "<p>…{name}</p>"),
    (
        "a.js",
        "fetch('https://u:CANARY@x.example/CANARY/p?mail=CANARY#CANARY')",
        "fetch('https://x.example…?mail=…')",
    ),
    ("a.js", "x = 'dl CANARY'", "x = 'dl…'"),
    ("a.py", "f(rb'''CANARY''', 'CANARY')  # CANARY", "f(rb'''…''', '…')  #…"),
    ("a.py", "f(f'{user.mail} CANARY {CANARY text}')", "f(f'{user.mail}…')"),
    ("a.css", "url(https://x.example/CANARY)", "url(https://x.example…)"),
    ("a.css", "#box { color: red } /* CANARY */", "#box { color: red } /*…*/"),
    ("a.json", '{"CANARY": "CANARY"}', "…"),
    (
        "a.html",
        "<input name=CANARY value='CANARY' type=email>",
        "<input name=… value='…' type=email>",
    ),
    (
        "a.html",
        '<a href="/x?mail={{ user.mail }}&b=CANARY">CANARY</a>',
        '<a href="…?mail={{ user.mail }}&b=…">…</a>',
    ),
    ("a.html", "<!-- CANARY --><b>", "…<b>"),
    ("a.html", "{# CANARY #}{{ user.id }}", "…{{ user.id }}"),
    ("a.hbs", "{{!-- CANARY --}}{{name}}", "…{{name}}"),
    ("a.php", "<?php # CANARY ?><b>", "…<b>"),
    ("a.html", "<a onclick=\"px('CANARY', id)\">", "<a onclick=\"px('…', id)\">"),
    (
        "a.html",
        '<script type="application/json">{"a": CANARY}</script>',
        '<script type="application/json">…</script>',
    ),
    ("a.html", "CANARY text <br> CANARY", "…<br>…"),
]


def _shown(path: str, text: str, start: int = 0, end: int | None = None) -> str:
    span = Span(path, start, len(text) if end is None else end)
    return Curtain().redacted(Source(path, text), span, named={"dl"}).text


@pytest.mark.parametrize(("path", "line", "shown"), LINES)
def test_a_line_is_shown_without_its_values(path: str, line: str, shown: str) -> None:
    assert _shown(path, line) == shown


def test_a_place_inside_a_string_shows_nothing_of_it() -> None:
    assert _shown("a.js", "px('CANARY')", 4, 10) == "…"


def test_a_place_in_the_text_of_a_page_shows_nothing_of_it() -> None:
    assert _shown("a.html", "<p>hello CANARY there</p>", 9, 15) == "…"


def test_an_attribute_is_shown_with_its_tag() -> None:
    line = "<p>CANARY</p><img src='https://x.example/CANARY' alt=CANARY> CANARY"
    start = line.index("src")
    shown = Curtain().redacted(
        Source("a.html", line), Span("a.html", start, start + 30), named=set()
    )
    assert shown.text == "…<img src='https://x.example…' alt=…>…"
    assert shown.text[shown.start : shown.end] == "src='https://x.example…'"


def test_of_several_lines_the_first_is_shown() -> None:
    assert _shown("a.js", "px({\n  a: 'CANARY'\n})") == "px({…"


@given(
    st.sampled_from(["a.js", "a.py", "a.css", "a.json", "a.html"]),
    st.text(alphabet="<>/='\"`{}%!-#$a1 \n\\?&(", max_size=40),
    st.integers(0, 40),
    st.integers(0, 40),
)
def test_no_text_is_too_strange_to_be_shown(path: str, text: str, start: int, end: int) -> None:
    start, end = sorted((min(start, len(text)), min(end, len(text))))
    shown = Curtain().redacted(Source(path, text), Span(path, start, end), named=set())
    assert 0 <= shown.start < shown.end


@given(st.sampled_from(["a.js", "a.py", "a.html"]), st.text(alphabet="abc 1<>/=&?-", max_size=20))
def test_no_value_in_quotes_is_ever_shown(path: str, value: str) -> None:
    text = f"<i title='CANARY{value}CANARY'>"
    assert "CANARY" not in _shown(path, text)
