"""Expressions of Django's, Jinja's, Twig's and Liquid's template languages."""

from __future__ import annotations

import pytest
from template_reading import output

from gdprlint.facts import (
    TEMPLATE_SCOPE,
    Both,
    Choice,
    Compare,
    Constant,
    Either,
    Expr,
    Field,
    Invoke,
    Items,
    Join,
    Member,
    Name,
    Negation,
    Opaque,
    Record,
    Text,
)


def test_a_name_is_the_context_s_and_has_its_place() -> None:
    assert output("<p>{{ user }}") == Name("user", TEMPLATE_SCOPE, 6, 10)


def test_a_member_spans_all_of_its_path() -> None:
    value = output("{{ user.email }}")
    assert value == Member(Name("user", TEMPLATE_SCOPE, 3, 7), "email", 3, 13)


def spelled(value: Expr) -> str:
    """An expression in one line, without places."""
    match value:
        case Text(text):
            return repr(text)
        case Constant(constant):
            return str(constant)
        case Name(name):
            return name
        case Field(name):
            return f"field {name}"
        case Member(of, name):
            return f"{spelled(of)}.{name}"
        case Invoke(to, arguments):
            return f"{spelled(to)}({', '.join(map(spelled, arguments))})"
        case Join(parts):
            return f"join[{', '.join(map(spelled, parts))}]"
        case Choice(test, yes, no):
            return f"{spelled(test)} ? {spelled(yes)} : {spelled(no)}"
        case Both(left, right):
            return f"({spelled(left)} and {spelled(right)})"
        case Either(left, right):
            return f"({spelled(left)} or {spelled(right)})"
        case Compare(operator, left, right):
            return f"({spelled(left)} {operator} {spelled(right)})"
        case Negation(of):
            return f"not {spelled(of)}"
        case Items(items):
            return f"[{', '.join(map(spelled, items))}]"
        case Record(entries):
            return f"{{{', '.join(f'{e.key}: {spelled(e.value)}' for e in entries)}}}"
        case Opaque(why):
            return f"<{why}>"
    return f"{value.name}={spelled(value.value)}"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('a|default:"x"|upper', "filter upper(filter default(a, 'x'))"),
        ("a.0.b", "a.0.b"),
        ('_("Hello")', "'Hello'"),
        ("form.email", "field email"),
        ("login_form.email|as_widget", "filter as_widget(field email)"),
        ("form.errors", "form.errors"),
        ("user.email", "user.email"),
    ],
)
def test_django_expressions(written: str, expected: str) -> None:
    assert spelled(output(f"{{{{ {written} }}}}")) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('a ~ "x" ~ b', "join[a, 'x', b]"),
        ('"a" + b', "join['a', b]"),
        ('"x" if a and not b else c', "(a and not b) ? 'x' : c"),
        ("a or b and c", "(a or (b and c))"),
        ("a == 1", "(a == 1.0)"),
        ("a not in b", "(a not in b)"),
        ("a is none", "(a is None)"),
        ("a is not defined", "not test defined(a)"),
        ('url_for("x", id=u.id)', "url_for('x', id=u.id)"),
        ("a|replace('x', y)|e", "filter e(filter replace(a, 'x', y))"),
        ('a["b"][c]', "a.b.[]"),
        ("[a, 1]", "[a, 1.0]"),
        ('{"k": v, "l": {}}', "{k: v, l: {}}"),
        ("(a)", "a"),
        ("a * 2", "operator *(a, 2.0)"),
        ("form.email(class='x')", "field email"),
        ('"}}"', "'}}'"),
        ("a ? 'x' : b", "a ? 'x' : b"),
        ("a ?? 'x'", "(a or 'x')"),
        ("a b c", "<template expression>"),
        ("(" * 500, "<template expression>"),
    ],
)
def test_jinja_and_twig_expressions(written: str, expected: str) -> None:
    assert spelled(output(f"{{{{ {written} }}}}", "jinja")) == expected


def test_liquid_filters_take_arguments_after_commas() -> None:
    assert spelled(output('{{ a | replace: "x", b }}', "liquid")) == "filter replace(a, 'x', b)"
