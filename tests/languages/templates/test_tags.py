"""Tags of Django, Jinja and Liquid."""

from __future__ import annotations

import pytest
from template_reading import (
    calls,
    defines,
    elements,
    holes,
    links,
    output,
    page,
    read,
    unread,
)

from gdprlint.facts import (
    TEMPLATE_SCOPE,
    UNKNOWN_KEY,
    Callback,
    Choice,
    Compare,
    Field,
    If,
    Invoke,
    Join,
    Keyword,
    Link,
    Member,
    Name,
    Negation,
    Text,
)


def test_outputs_become_names_and_tags_blanks_of_the_same_length() -> None:
    assert page("a{% if x %}{{ b }}{# c #}{% endif %}\r\n").text == "a" + " " * 10 + "z" * 7 + (
        " " * 18 + "\r\n"
    )


def test_an_address_in_django_is_a_call_of_url() -> None:
    value = output("{% url 'profile' user.pk tab=t %}")
    assert isinstance(value, Invoke)
    assert isinstance(value.to, Name)
    assert value.to.name == "url"
    name, _, tab = value.arguments
    assert name == Text("profile", 7, 16)
    assert tab == Keyword("tab", Name("t", TEMPLATE_SCOPE, 29, 30), 25, 30)


def test_an_address_with_a_name_of_its_own_writes_nothing() -> None:
    text = "{% url 'profile' as address %}"
    assert holes(text) == []
    (define,) = defines(text)
    assert (define.name, define.value.to.name) == ("address", "url")  # type: ignore[union-attr]


def test_a_static_file_is_a_call_of_static() -> None:
    value = output("{% static 'a.js' %}")
    assert (value.to.name, value.arguments[0].text) == ("static", "a.js")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ('{% extends "a.html" %}', "django", [("extends", "a.html")]),
        ('{% include "a.html" with b=c only %}', "django", [("include", "a.html")]),
        ('{%- extends ["a", "b"] -%}', "jinja", [("extends", "a"), ("extends", "b")]),
        ('{% include "a" ignore missing %}', "jinja", [("include", "a")]),
        ('{% include ["a", "b"] without context %}', "jinja", [("include", "a"), ("include", "b")]),
        ('{% import "a" as m %}', "jinja", [("include", "a")]),
        ('{% from "a" import b, c %}', "jinja", [("include", "a")]),
        ('{{ include("a") }}', "jinja", [("include", "a")]),
        ("{% include a.template %}", "django", [("include", "?")]),
        ('{% render "a", b: c %}', "liquid", [("include", "a")]),
    ],
)
def test_templates_are_linked(text: str, language: str, expected: list[tuple[str, str]]) -> None:
    assert links(text, language) == expected


def test_a_block_spans_to_the_end_of_its_end_tag() -> None:
    text = "{% block a %}{% block b %}x{% endblock %}{% endblock a %}"
    found = [fact for fact in read(text).facts if isinstance(fact, Link)]
    assert [(link.target.text, link.span.start, link.span.end, link.end) for link in found] == [  # type: ignore[union-attr]
        ("a", 0, 13, 57),
        ("b", 13, 26, 41),
    ]


def test_conditions_make_regions() -> None:
    text = "{% if a %}x{% elif b %}y{% else %}z{% endif %}"
    regions = page(text).regions
    shown = [
        (text[region.start : region.end], [(s.test.name, s.taken) for s in region.way])  # type: ignore[union-attr]
        for region in regions
    ]
    assert shown == [
        ("x", [("a", True)]),
        ("y", [("a", False), ("b", True)]),
        ("z", [("a", False), ("b", False)]),
    ]


def test_ifequal_compares() -> None:
    (region,) = page("{% ifequal a 'x' %}b{% endifequal %}").regions
    (step,) = region.way
    assert isinstance(step, If)
    assert isinstance(step.test, Compare)
    assert step.test.operator == "=="


def test_unless_is_a_condition_that_does_not_hold() -> None:
    (region,) = page("{% unless a %}b{% endunless %}", "liquid").regions
    (step,) = region.way
    assert isinstance(step, If)
    assert step.taken is False


def test_a_negated_condition_is_a_negation() -> None:
    (region,) = page("{% if not a %}b{% endif %}").regions
    (step,) = region.way
    assert isinstance(step, If)
    assert isinstance(step.test, Negation)


def test_facts_in_a_condition_are_on_its_way() -> None:
    (call,) = calls("{% if a %}{% track b %}{% endif %}")
    assert [type(step) for step in call.way] == [If]


def test_a_loop_defines_its_names() -> None:
    found = defines("{% for k, v in a.items %}{% endfor %}")
    assert [(define.name, define.scope, define.value.name) for define in found] == [  # type: ignore[union-attr]
        ("k", TEMPLATE_SCOPE, UNKNOWN_KEY),
        ("v", TEMPLATE_SCOPE, UNKNOWN_KEY),
    ]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("{% with a=b.c %}{% endwith %}", "django"),
        ("{% with b.c as a %}{% endwith %}", "django"),
        ("{% set a = b.c %}", "jinja"),
        ("{% with a = b.c %}{% endwith %}", "jinja"),
        ("{% assign a = b.c %}", "liquid"),
        ('{% include "x" with a=b.c %}', "django"),
    ],
)
def test_assignments_define(text: str, language: str) -> None:
    (define,) = defines(text, language)
    assert (define.name, define.scope) == ("a", TEMPLATE_SCOPE)
    assert isinstance(define.value, Member)
    assert define.value.name == "c"


def test_a_set_of_two_names_takes_its_values_apart() -> None:
    found = defines("{% set a, b = x, y %}", "jinja")
    assert [(define.name, define.value.name) for define in found] == [("a", "x"), ("b", "y")]  # type: ignore[union-attr]


def test_comments_are_kept_for_ignores_and_hold_nothing_else() -> None:
    text = "{# a {{ b }} #}{% comment %}{% url 'x' %}{% endcomment %}"
    assert [comment.text for comment in read(text).comments] == [" a {{ b }} ", "{% url 'x' %}"]
    assert holes(text) == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("{% verbatim %}{{ a }}{% endverbatim %}", "django"),
        ("{% raw %}{{ a }}{% endraw %}", "jinja"),
        ("{%- raw -%}{{ a }}{%- endraw -%}", "jinja"),
    ],
)
def test_verbatim_text_is_left_as_it_is(text: str, language: str) -> None:
    assert page(text, language).text.strip() == "{{ a }}"


@pytest.mark.parametrize("tag", ["{% csrf_token %}", "{% load static %}"])
def test_some_tags_say_nothing(tag: str) -> None:
    assert (holes(tag), read(tag).facts) == ([], ())


@pytest.mark.parametrize(
    ("text", "language"),
    [('{% trans "Hello" %}', "django"), ('{% translate "Hello" %}', "django")],
)
def test_translations_are_their_text(text: str, language: str) -> None:
    value = output(text, language)
    assert isinstance(value, Text)
    assert value.text == "Hello"


def test_a_block_to_translate_keeps_its_text_and_its_outputs() -> None:
    text = "{% blocktranslate with a=b %}Dear {{ a }}{% endblocktranslate %}"
    assert page(text).text.strip() == "Dear zzzzzzz"


def test_a_tag_of_a_library_is_a_call_and_a_value() -> None:
    text = "{% track 'visit' user.email now=n %}"
    (call,) = calls(text)
    assert (call.invoke.to.name, len(call.invoke.arguments)) == ("tag track", 3)  # type: ignore[union-attr]
    assert output(text) == call.invoke


def test_a_block_of_a_library_is_a_callback() -> None:
    (region,) = page('{% consented "ads" %}x{% endconsented %}').regions
    (step,) = region.way
    assert isinstance(step, Callback)
    assert (step.to.name, step.index) == ("tag consented", 1)  # type: ignore[union-attr]


def test_a_form_field_written_out_is_an_input() -> None:
    text = "<form>{{ form.email }}</form>"
    (found,) = elements(text)
    assert (found.tag, found.attributes[0].value) == ("input", Field("email", 9, 19))


def test_a_whole_form_written_out_is_an_input_of_unknown_name() -> None:
    (found,) = elements("{{ form.as_p }}")
    value = found.attributes[0].value
    assert isinstance(value, Field)
    assert value.name == UNKNOWN_KEY


def test_json_script_is_a_script_of_data() -> None:
    (found,) = elements('{{ user|json_script:"me" }}')
    assert [(a.name, a.value.text) for a in found.attributes] == [  # type: ignore[union-attr]
        ("type", "application/json"),
        ("id", "me"),
    ]


def test_values_under_conditions_become_choices_in_the_page() -> None:
    from time import monotonic

    from gdprlint.languages import html

    text = '<a href="/{% if a %}x{% else %}y{% endif %}?{{ b }}">'
    reading = html.read(page(text), "page.html", deadline=monotonic() + 20)
    value = reading.facts[0].attributes[0].value  # type: ignore[union-attr]
    assert isinstance(value, Join)
    slash, choice, mark, name = value.parts
    assert isinstance(choice, Choice)
    assert (slash.text, choice.yes.text, choice.no.text, mark.text, name.name) == (  # type: ignore[union-attr]
        "/",
        "x",
        "y",
        "?",
        "b",
    )


def test_a_value_over_several_lines_is_one_name_and_what_writes_nothing_keeps_its_lines() -> None:
    assert page("a{{\nb\n}}c{#\n#}", "jinja").text == "azzzzzzzc  \n  "


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("a{% if b %}c", "django", [(1, "if is not closed")]),
        ("a{% endif %}c", "django", [(1, "endif ends nothing")]),
        ("{% for a in b %}{% if c %}{% endfor %}", "django", [(16, "if is not closed")]),
        ("a{{ b", "jinja", [(1, "the tag is not closed")]),
        ("a{# b", "jinja", [(1, "the tag is not closed")]),
        ("a{% comment %}b", "django", [(1, "the comment is not closed")]),
        ("a{{ b", "django", []),
    ],
)
def test_what_is_not_closed_is_unread(
    text: str, language: str, expected: list[tuple[int, str]]
) -> None:
    assert unread(text, language) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.html", "html"),
        ("a.j2", "html"),
        ("a.html.j2", "html"),
        ("a.js.j2", "javascript"),
        ("a.css.jinja", "css"),
    ],
)
def test_what_a_template_makes_is_told_by_its_name(path: str, expected: str) -> None:
    assert page("x", "jinja", path).language == expected


def test_a_template_of_a_configuration_makes_no_page() -> None:
    assert read("x", "jinja", "nginx.conf.j2").fragments == ()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("{% for field in form %}{{ field }}{% endfor %}", UNKNOWN_KEY),
        ("{% render_field form.email class='x' %}", "email"),
        ("{% crispy form %}", UNKNOWN_KEY),
        ("{{ form.email|as_crispy_field }}", "email"),
    ],
)
def test_fields_are_written_out_in_many_ways(text: str, name: str) -> None:
    (found,) = elements(text)
    value = found.attributes[0].value
    assert isinstance(value, Field)
    assert value.name == name
