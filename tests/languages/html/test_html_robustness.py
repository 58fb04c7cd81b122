"""Hostile and broken pages: bounded time, no exceptions, spans in the file."""

from __future__ import annotations

from time import monotonic

import pytest
from html_reading import read, unread
from hypothesis import given, settings
from hypothesis import strategies as st

from gdprlint.facts import Fragment
from gdprlint.languages import html

HOSTILE = {
    "deep": "<div>" * 200_000,
    "paragraphs": "<p>" * 200_000,
    "crossed": "<b><div></b>" * 100_000,
    "signs": "<" * 1_000_000,
    "unclosed tags": "<a" * 500_000,
    "attributes": "<a " + " ".join(f"a{i}=1" for i in range(50_000)) + ">",
    "one line": "<b a='1'>x</b>" + "x" * 5_000_000,
    "quotes": '<a b="' * 200_000,
    "comments": "<!--" * 250_000,
    "scripts": "<script><!--<script>" * 50_000,
    "labels": "<label> " * 100_000,
    "gates": "<noscript>" * 100_000,
    "ampersands": '<a b="' + "&amp" * 250_000 + '">',
    "zeros": "\0" * 1_000_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_are_read_within_their_deadline(name: str) -> None:
    start = monotonic()
    html.read(Fragment(language="html", text=HOSTILE[name]), "x.html", deadline=start + 20)
    assert monotonic() - start < 20


@pytest.mark.parametrize("language", ["vue", "svelte"])
@pytest.mark.parametrize(
    "text", ["{" * 200_000, "{{ a " * 100_000, "{`${" * 20_000, "{#if a}<b>" * 20_000]
)
def test_hostile_components_are_read_within_their_deadline(language: str, text: str) -> None:
    start = monotonic()
    html.read(Fragment(language=language, text=text), "x", deadline=start + 20)
    assert monotonic() - start < 20


def test_past_its_deadline_a_page_is_unread_from_there() -> None:
    reading = html.read(Fragment(language="html", text="<p>" * 9), "x.html", deadline=monotonic())
    assert unread(reading) == ["reading took too long"]


ALPHABET = st.sampled_from(
    [
        "<",
        ">",
        "/",
        "=",
        '"',
        "'",
        "{",
        "}",
        "#if a",
        ":else",
        "/if",
        " ",
        "\n",
        "&amp;",
        "a",
        "\0",
        "<p ",
        "<a :b=",
        "<script",
        "</script>",
        "<template>",
        "<!--",
        "-->",
        "@click=",
        "v-if=",
        "`",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(ALPHABET, max_size=40).map("".join), st.sampled_from(["html", "vue", "svelte"]))
def test_every_place_lies_in_the_file(text: str, language: str) -> None:
    reading = read(text, language)
    for fact in reading.facts:
        assert 0 <= fact.span.start <= fact.span.end <= len(text)
    for fragment in reading.fragments:
        assert 0 <= fragment.offset <= fragment.offset + len(fragment.text) <= len(text)
