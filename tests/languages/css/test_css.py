"""Style sheets: imports and addresses."""

from __future__ import annotations

from time import monotonic

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdprlint.facts import (
    Call,
    Fragment,
    Hole,
    If,
    Join,
    Link,
    Name,
    Reading,
    Region,
    Text,
    Unread,
)
from gdprlint.languages import css


def read(text: str, path: str = "a.css") -> Reading:
    return css.read(Fragment(language="css", text=text), path, deadline=monotonic() + 20)


def imports(text: str, path: str = "a.css") -> list[str]:
    facts = read(text, path).facts
    return [fact.target.text for fact in facts if isinstance(fact, Link)]  # type: ignore[union-attr]


def urls(text: str, path: str = "a.css") -> list[tuple[str, str]]:
    """Addresses, each with what it is for."""
    calls = [fact for fact in read(text, path).facts if isinstance(fact, Call)]
    return [tuple(part.text for part in call.invoke.arguments) for call in calls]  # type: ignore[misc, union-attr]


@pytest.mark.parametrize(
    "text",
    [
        '@import "a.css";',
        "@import 'a.css' screen;",
        "@import url(a.css);",
        '@import url( "a.css" );',
    ],
)
def test_an_import_is_a_link(text: str) -> None:
    assert imports(text) == ["a.css"]


def test_an_import_spans_its_address() -> None:
    (link,) = read("@import url(a.css);").facts
    assert (link.span.start, link.span.end) == (12, 17)


def test_an_address_is_told_with_its_property() -> None:
    text = "a{color:red;background:url(//e.example/a.png)}"
    assert urls(text) == [("//e.example/a.png", "background")]


def test_an_address_of_a_font_is_told_with_its_rule() -> None:
    assert urls("@font-face{src:url('a.woff') format('woff')}") == [("a.woff", "@font-face")]


def test_the_declarations_of_an_attribute_are_read() -> None:
    assert urls("background-image: url(a)") == [("a", "background-image")]


def test_escapes_are_decoded() -> None:
    assert urls(r"a{b:url('\61 b\'c')}") == [("ab'c", "b")]


@pytest.mark.parametrize("text", ['a{content:"url(b)"}', "/* url(b) */", "a{b:curl(c)}"])
def test_what_only_looks_like_an_address_is_none(text: str) -> None:
    assert urls(text) == []


def test_comments_are_kept_for_ignores() -> None:
    assert [comment.text for comment in read("a{}/* b */").comments] == [" b "]


def test_comments_of_one_line_are_the_preprocessors_alone() -> None:
    text = "// url(a)\nb{c:url(//e.example/d)}"
    assert urls(text, "a.scss") == [("//e.example/d", "c")]
    assert len(urls(text, "a.css")) == 2


def test_the_modules_of_a_preprocessor_are_imports() -> None:
    assert imports('@use "a" as b; @forward "c";', "a.scss") == ["a", "c"]


def test_a_comment_that_is_not_closed_is_unread() -> None:
    (fact,) = read("a{}/* url(b)").facts
    assert isinstance(fact, Unread)
    assert (fact.span.start, fact.span.end, fact.why) == (3, 12, "the comment is not closed")


def test_unknown_css_is_passed_over() -> None:
    assert read("@later x { y <z> %% ((( }").facts == ()


def test_holes_and_conditions_of_templates_are_applied() -> None:
    name, test = Name("host", -1), Name("ok", -1)
    fragment = Fragment(
        language="css",
        text="a{b:url(//zzzz/c)}",
        offset=100,
        holes=(Hole(110, 114, name),),
        regions=(Region(104, 118, (If(test, True),)),),
    )
    (call,) = css.read(fragment, "a.html", deadline=monotonic() + 20).facts
    assert isinstance(call, Call)
    assert call.invoke.arguments[0] == Join(
        (Text("//", 108, 110), name, Text("/c", 114, 116)), 108, 116
    )
    assert call.way == (If(test, True),)


@pytest.mark.parametrize(
    "text",
    [
        "/*" * 500_000,
        '"' * 1_000_000,
        "url(" * 200_000,
        "{" * 1_000_000,
        "@import " * 100_000,
        "\\" * 1_000_000,
        " " * 1_000_000 + "a" * 1_000_000,
        "-" * 1_000_000,
        "a " * 500_000,
    ],
)
def test_hostile_style_sheets_are_read_within_their_deadline(text: str) -> None:
    start = monotonic()
    css.read(Fragment(language="css", text=text), "a.css", deadline=start + 20)
    assert monotonic() - start < 20


CODE = st.sampled_from(
    ["a", "{", "}", ":", ";", "@import ", "url(", ")", '"', "'", "/*", "*/", "//", "\\", "\n", "é"]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(CODE, max_size=30).map("".join))
def test_every_place_lies_in_the_style_sheet(text: str) -> None:
    for fact in read(text).facts:
        assert 0 <= fact.span.start <= fact.span.end <= len(text)
