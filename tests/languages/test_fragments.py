"""The loop over fragments: from a file to all of its facts."""

from __future__ import annotations

import pytest

from gdprlint import languages
from gdprlint.facts import Assign, Call, Element, Gate, If, Invoke, Name, Unread
from gdprlint.languages import language_of, read_file


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a/b.html", "html"),
        ("B.HTM", "html"),
        ("a.vue", "vue"),
        ("a.mjs", "javascript"),
        ("a.mts", "typescript"),
        ("a.tsx", "tsx"),
        ("a.scss", "css"),
        ("a.py", "python"),
        ("a.html.j2", "jinja"),
        ("a.blade.php", "blade"),
        ("a.php", "php"),
        ("a.cshtml", "razor"),
        ("a.svg", None),
        ("Makefile", None),
        (".html", None),
        ("html", None),
    ],
)
def test_the_language_is_told_by_the_name(path: str, expected: str | None) -> None:
    assert language_of(path) == expected


def test_a_script_in_a_template_is_read_with_the_template_s_conditions() -> None:
    text = "{% load x %}{% if ok %}<script>track({{ user.email|tojson }})</script>{% endif %}"
    facts = read_file("a.html", text).facts
    (call,) = (fact for fact in facts if isinstance(fact, Call))
    (test,) = call.way
    assert isinstance(test, If)
    assert isinstance(test.test, Name)
    assert test.test.name == "ok"
    (argument,) = call.invoke.arguments
    assert isinstance(argument, Invoke)
    assert argument.to.name == "filter tojson"  # type: ignore[union-attr]


def test_a_style_in_an_attribute_of_a_parked_frame_is_behind_its_gates() -> None:
    text = '<noscript><p style="background:url(//e.example/a)"></p></noscript>'
    (call,) = (fact for fact in read_file("a.html", text).facts if isinstance(fact, Call))
    assert [type(step) for step in call.way] == [Gate]


def test_facts_are_in_the_order_of_their_places() -> None:
    text = "<p style='a:url(b)'><script>f()</script><img onclick='g()'>"
    starts = [fact.span.start for fact in read_file("a.html", text).facts]
    assert starts == sorted(starts)


def test_vue_in_a_plain_page_writes_out_values() -> None:
    text = '<a href="/u/{{ user.id }}">'
    (element,) = read_file("a.html", text).facts
    assert isinstance(element, Element)
    assert element.attributes[0].value.parts[1].of.name == "user"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>", "html"),
        ("<style>@media print{#a{b:c}}</style>", "html"),
        ("{% load x %}", "django"),
        ("{% url 'a' %}", "django"),
        ("{{ a|default:'b' }}{% if a %}", "django"),
        ("{%- if a %}", "jinja"),
        ("{% set a = b %}", "jinja"),
        ("{{ url_for('a') }}{% if a %}", "jinja"),
        ("{% if a %}{{ a|default('b') }}", "jinja"),
        ("{% if a %}", "django"),
        ("{{ a }}", "interpolated"),
    ],
)
def test_whose_template_a_page_is_is_told_by_its_tags(text: str, expected: str) -> None:
    assert languages._page_language(text) == expected


def test_braces_of_a_script_are_no_outputs() -> None:
    text = "<script>if (a) {{b = 1}} f()</script><style>@media print{#c{d:e}}</style>"
    facts = read_file("a.html", text).facts
    assert [type(fact) for fact in facts] == [Element, Assign, Call, Element]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a.js", "var a = 1; import('b')", "script"),
        ("a.js", "import a from 'b'", "module"),
        ("a.js", 'f();import{a}from"b";', "module"),
        ("a.js", "const a = require('b')", "module"),
        ("a.js", " * import the world", "script"),
        ("a.cjs", "f()", "module"),
        ("a.ts", "export const a = 1", "module"),
    ],
)
def test_a_script_is_a_module_by_its_syntax(path: str, text: str, expected: str) -> None:
    language = language_of(path)
    assert language is not None
    assert languages._first(path, language, text).kind == expected


def test_a_file_that_is_too_large_is_unread_whole() -> None:
    text = "x" * (64 * 1024 * 1024 + 1)
    (fact,) = read_file("a.html", text).facts
    assert isinstance(fact, Unread)
    assert (fact.span.start, fact.span.end) == (0, len(text))


def test_past_the_deadline_a_file_is_unread() -> None:
    (fact,) = read_file("a.html", "<p>", seconds=-1).facts
    assert isinstance(fact, Unread)
    assert (fact.span.start, fact.span.end, fact.why) == (0, 3, "reading took too long")


def test_a_reader_that_nests_too_deeply_leaves_its_fragment_unread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from gdprlint.languages import css

    def fails(*_: object, **__: object) -> object:
        raise RecursionError

    monkeypatch.setattr(css, "read", fails)
    facts = read_file("a.html", "<style>a{}</style>").facts
    assert [(fact.span.start, fact.span.end) for fact in facts if isinstance(fact, Unread)] == [
        (7, 10)
    ]


def test_a_file_of_no_known_language_says_nothing() -> None:
    assert read_file("a.txt", "<script>").facts == ()


def test_the_version_of_the_readers_is_made_of_theirs() -> None:
    assert [part.isdigit() for part in languages.READER_VERSION.split(".")] == [True] * 5
