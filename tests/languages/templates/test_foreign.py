"""Templates of languages that are not read."""

from __future__ import annotations

import pytest
from template_reading import holes, links, page, read, unread

from gdprlint.facts import Member, Opaque

PATHS = {"php": "a.php", "blade": "a.blade.php", "astro": "a.astro", "mdx": "a.mdx"}


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("php", '<a href="<?= $u ?>">', '<a href="zzzzzzzzz">'),
        ("php", "<?php if ($a): ?>b<?php endif ?>", " " * 17 + "b" + " " * 14),
        ("php", "<?php echo '?>' ?>b", "z" * 18 + "b"),
        ("php", "<p><?php run(); // end", "<p>" + " " * 19),
        ("php", '<?xml version="1.0"?><a>', '<?xml version="1.0"?><a>'),
        ("blade", "@if (f(')'))<b>{{ $a }}</b>@endif", " " * 12 + "<b>zzzzzzzz</b>" + " " * 6),
        ("blade", '<a @click="b">c@d.e', '<a @click="b">c@d.e'),
        ("blade", "<style>@media print{}</style>", "<style>@media print{}</style>"),
        ("erb", "<% if a %><%= b.c %>", " " * 10 + "z" * 10),
        ("ejs", "<%- a -%>", "z" * 9),
        ("handlebars", "{{#if a}}{{b}}{{{c}}}{{/if}}", " " * 9 + "z" * 12 + " " * 7),
        ("razor", "@{ var a = 1; }@Model.B a@b.c", " " * 15 + "z" * 8 + " a@b.c"),
        ("razor", "@if (a) { <b>@(c)</b> }", " " * 7 + " { <b>zzzz</b> }"),
        ("mako", "% if a:\n<b>${c}</b>\n% endif", " " * 7 + "\n<b>zzzz</b>\n" + " " * 7),
        ("astro", "<A b={c}>{d}</A>", "<A b=zzz>zzz</A>"),
        ("astro", "{a.map(b => <i c={d} />)}", " " * 12 + "<i c=zzz />)}"),
        ("astro", "<script>a = {b: 1}</script>", "<script>a = {b: 1}</script>"),
        (
            "mdx",
            "# a\n```html\n<script src=b>\n```\n<c />",
            "# a\n" + " " * 7 + "\n" + (" " * 14 + "\n" + " " * 3 + "\n<c />"),
        ),
    ],
)
def test_code_is_hidden_and_outputs_are_holes(language: str, text: str, expected: str) -> None:
    found = page(text, language, PATHS.get(language, "a.html"))
    assert found.text == expected


def test_what_is_written_out_is_opaque() -> None:
    (value,) = holes("<?= $u ?>", "php")
    assert value == Opaque("php expression", 0, 9)


def test_names_are_names_in_every_language() -> None:
    (value,) = holes("{{user.email}}", "handlebars")
    assert isinstance(value, Member)
    assert value.name == "email"


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("blade", "@extends('a')", [("extends", "a")]),
        ("blade", '@include("a", ["b" => 1])', [("include", "a")]),
        ("mako", '<%inherit file="a.html"/>', [("extends", "a.html")]),
        ("mako", '<%include file="a.html"/>', [("include", "a.html")]),
    ],
)
def test_templates_are_linked(language: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert links(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("blade", "{{-- a --}}"),
        ("erb", "<%# a %>"),
        ("handlebars", "{{!-- a --}}"),
        ("razor", "@* a *@"),
        ("mako", "<%doc> a </%doc>"),
    ],
)
def test_comments_are_kept_for_ignores(language: str, text: str) -> None:
    assert [comment.text for comment in read(text, language).comments] == [" a "]


def test_the_front_of_an_astro_file_is_a_module() -> None:
    _, module = read("---\nlet a;\n---\n<p>", "astro", "a.astro").fragments
    assert (module.language, module.kind, module.text, module.offset) == (
        "typescript",
        "module",
        "let a;\n",
        4,
    )


@pytest.mark.parametrize(
    ("language", "text"),
    [("erb", "<p><% a"), ("handlebars", "<p>{{#a"), ("mako", "<p>${a"), ("razor", "<p>@(a")],
)
def test_code_that_is_not_closed_is_unread(language: str, text: str) -> None:
    assert unread(text, language) == [(3, "the template code is not closed")]
