"""Our tags against those of Django's and Jinja's own lexers, and the properties of masking."""

from __future__ import annotations

from time import monotonic

import jinja2
import pytest
from django.template.base import DebugLexer, TokenType
from hypothesis import given, settings
from hypothesis import strategies as st

from gdprlint.facts import Fragment
from gdprlint.languages import templates
from gdprlint.languages.templates.scan import django_pieces, jinja_pieces

PIECES = st.sampled_from(
    [
        *("{%", "%}", "{{", "}}", "{#", "#}", " a ", "\n", "{", "}", "%", "x", '"', "é"),
        *("{% verbatim %}", "{% endverbatim %}", "verbatim", "{{ a }}"),
        *("{% if a %}", "{% endif %}", "{# c #}"),
    ]
)
KINDS = {TokenType.VAR: "output", TokenType.BLOCK: "tag", TokenType.COMMENT: "comment"}


@settings(max_examples=500, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join))
def test_tags_are_where_django_s_lexer_finds_them(text: str) -> None:
    theirs = [
        (KINDS[token.token_type], *token.position)
        for token in DebugLexer(text).tokenize()
        if token.token_type in KINDS
    ]
    assert [(piece.kind, piece.start, piece.end) for piece in django_pieces(text)] == theirs


JINJA = st.sampled_from(
    [
        *("text", "\n", "} ", "{{ a }}", "{{- a -}}", '{{ "}}" }}', "{{ {'a': {}} }}"),
        *("{% if a %}", "{%- if a -%}", "{% endif %}", "{% set a = '%}' %}", "{# {{ d #}"),
        *("{{ a[0] }}", "{{ f({}) }}", "{{\na\n}}", "{# c #}", "<a href='x'>"),
        "{% raw %}{{ x }}{% endraw %}",
    ]
)
OPENING = {"variable_begin": "output", "block_begin": "tag", "comment_begin": "comment"}


@settings(max_examples=400, deadline=None)
@given(st.lists(JINJA, max_size=20).map("".join))
def test_tags_are_where_jinja_s_lexer_finds_them(text: str) -> None:
    position = 0
    theirs = []
    for _, kind, written in jinja2.Environment(keep_trailing_newline=True).lex(text):
        # White space that a tag takes away is in no token.
        found = text.find(written, position)
        if kind in OPENING:
            theirs.append((OPENING[kind], found))
        position = found + len(written)
    ours = [(piece.kind, piece.start) for piece in jinja_pieces(text)]
    raw = [place for place in range(len(text)) if text.startswith(("{% raw", "{% endraw"), place)]
    assert [piece for piece in ours if piece[1] not in raw] == theirs


LANGUAGES = [
    "django",
    "jinja",
    "liquid",
    "php",
    "blade",
    "erb",
    "ejs",
    "handlebars",
    "astro",
    "mdx",
    "razor",
    "mako",
]
CODE = st.sampled_from(
    [
        *("{%", "%}", "{{", "}}", "{#", "#}", "<?php", "?>", "<%", "%>", "@if", "(", ")", "{"),
        *("}", "'", "---\n", "```\n", "${", "@{", "@*", "*@", "<%doc>", "<p a='", ">", "\r\n"),
        *("\n", "if a", "é", "{% if a %}", "{% for a in b %}", "{% end", "as b", "|", ":", '"'),
        *("import x\n", "% if\n", "`"),
    ]
)


@settings(max_examples=600, deadline=None)
@given(st.lists(CODE, max_size=30).map("".join), st.sampled_from(LANGUAGES))
def test_masking_never_moves_text(text: str, language: str) -> None:
    fragment = Fragment(language=language, text=text)
    reading = templates.read(fragment, "a.html", deadline=monotonic() + 20)
    page = reading.fragments[0]
    assert len(page.text) == len(text)
    masked = {place for hole in page.holes for place in range(hole.start, hole.end)}
    for place, character in enumerate(text):
        if place in masked:
            assert page.text[place] in ("z", " ", character)
        else:
            assert page.text[place] == character
    for fact in reading.facts:
        assert 0 <= fact.span.start <= fact.span.end <= len(text)
    for hole in page.holes:
        assert 0 <= hole.start < hole.end <= len(text)
    for region in page.regions:
        assert 0 <= region.start < region.end <= len(text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "text",
    [
        "{{" * 200_000,
        '{% "' * 100_000,
        "{% if a %}<b>" * 20_000,
        "{{ a" + "|b" * 50_000 + " }}",
        "<% " * 100_000,
        "@if (" * 50_000,
        "${" * 50_000,
        "@(" * 50_000,
        '<?php "' * 50_000,
        "{a <b>" * 50_000,
        "`` ```\n" * 30_000,
    ],
)
def test_hostile_templates_are_read_within_their_deadline(language: str, text: str) -> None:
    start = monotonic()
    fragment = Fragment(language=language, text=text)
    templates.read(fragment, "a.html", deadline=start + 20)
    assert monotonic() - start < 20
