"""The loop over fragments: from a file to all of its facts."""

from __future__ import annotations

import pytest

from gdprlint import languages
from gdprlint.facts import Assign, Call, Define, Element, Gate, If, Invoke, Link, Name, Text, Unread
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
        ("{#\n a {b}\n#}{% if a %}", "jinja"),
        ("{# a #}\n{# b #}{% if a %}", "django"),
        ("{#- a -#}<p>", "jinja"),
        ("{# a\n b #}<p>", "jinja"),
        ("{# a #}<p>", "django"),
        ("{{#if a}}<p>{{/if}}", "handlebars"),
        ("{{> head}}<p>", "handlebars"),
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


def test_front_matter_and_tags_in_a_script_are_the_site_generator_s() -> None:
    text = "---\nlayout: none\n---\n{% if site.key %}\nstart('{{ site.key }}');\n{% endif %}\n"
    found = read_file("a.js", text)
    (call,) = (fact for fact in found.facts if isinstance(fact, Call))
    assert list(found.unread()) == []
    assert [type(step) for step in call.way] == [If]
    assert text[call.span.start :].startswith("start(")


def test_three_dashes_in_a_script_are_no_front_matter() -> None:
    (call,) = (f for f in read_file("a.js", "x\n---y; z(1)").facts if isinstance(f, Call))
    assert isinstance(call.invoke.to, Name)


def test_an_include_of_liquid_names_its_file_without_quotes() -> None:
    facts = read_file("a.html", "{% include forms/ask.html %}{% include part %}").facts
    assert [f.target for f in facts if isinstance(f, Link)] == [
        Text("forms/ask.html", 11, 25),
        Name("part", -1, 39, 43),
    ]


def test_an_exported_default_of_another_module_needs_no_braces() -> None:
    text = "export v from './v';\nexport default from './w';\nexport { x } from './x';"
    found = read_file("a.js", text)
    assert list(found.unread()) == []
    given = {f.name: f.value.arguments[1] for f in found.facts if _is_import(f)}
    assert {name: value.text for name, value in given.items()} == {
        "export v": "default",
        "export default": "default",
        "export x": "x",
    }


def _is_import(fact: object) -> bool:
    return isinstance(fact, Define) and isinstance(fact.value, Invoke)


def test_a_template_after_type_arguments_is_wholly_read() -> None:
    found = read_file("a.tsx", "const A = styled.a<{ on: boolean }>`color: ${pick(1)} !important`;")
    assert list(found.unread()) == []
    assert any(isinstance(f, Call) and f.invoke.to == Name("pick", 0, 45, 49) for f in found.facts)


def test_an_error_of_a_reader_of_ours_leaves_the_stretch_unread(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stumble(*_: object, **__: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr(languages.javascript, "read", stumble)
    found = read_file("a.html", "<p>ok</p><script>f()</script>")
    assert [type(f) for f in found.facts if isinstance(f, Element)] == [Element, Element]
    (unread,) = found.unread()
    assert "KeyError" in unread.why
