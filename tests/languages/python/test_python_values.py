"""What expressions are worth."""

from __future__ import annotations

import pytest
from python_reading import bare, calls, reading, spelled, value

from gdprlint.facts import (
    SPREAD,
    UNKNOWN_KEY,
    Both,
    Choice,
    Compare,
    Constant,
    Either,
    Entry,
    Expr,
    Function,
    Invoke,
    Items,
    Join,
    Keyword,
    Member,
    Name,
    Negation,
    Opaque,
    Record,
    Text,
)

MODULE = 2
A, B, C = Name("a", MODULE), Name("b", MODULE), Name("c", MODULE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'x'", Text("x")),
        ("'x' \"y\"", Text("xy")),
        ("b'x'", Text("x")),
        ("1", Constant(1)),
        ("1.5", Constant(1.5)),
        ("True", Constant(True)),
        ("None", Constant(None)),
        ("...", Opaque("a literal of another kind")),
        ("-3", Constant(-3)),
        ("60 * 60 * 24 * 730", Constant(63072000)),
        ("2 ** 10 - 24", Constant(1000)),
        ("7 // 2", Constant(3)),
        ("a", A),
        ("a.b", Member(A, "b")),
        ("a['b']", Member(A, "b")),
        ("a[0]", Member(A, "0")),
        ("a[b]", Member(A, UNKNOWN_KEY, key=B)),
        ("a[-1]", Member(A, UNKNOWN_KEY)),
        ("a[1:2]", Invoke(Name("slice"), (A,))),
        ("not a", Negation(A)),
        ("a and b", Both(A, B)),
        ("a or b or c", Either(Either(A, B), C)),
        ("a if b else c", Choice(B, A, C)),
        ("a == b", Compare("==", A, B)),
        ("a is not None", Compare("is not", A, Constant(None))),
        ("a < b < c", Both(Compare("<", A, B), Compare("<", B, C))),
        ("{'x': a, b: c, **a}", Record((Entry("x", A), Entry(UNKNOWN_KEY, C), Entry(SPREAD, A)))),
        ("[a, b]", Items((A, B))),
        ("(a,)", Items((A,))),
        ("{a, b}", Items((A, B))),
        ("[*a, b]", Items((Keyword(SPREAD, A), B))),
        (
            "a(b, *b, c=c, **b)",
            Invoke(A, (B, Keyword(SPREAD, B), Keyword("c", C), Keyword("**", B))),
        ),
        ("a + b", Join((A, B))),
        ("'x' + a + 'y' + 'z'", Join((Text("x"), A, Text("yz")))),
        ("'x' + 'y'", Text("xy")),
        ("a / 'static'", Invoke(Name("operator /"), (A, Text("static")))),
        ("a | b", Invoke(Name("operator |"), (A, B))),
        ("-a", Invoke(Name("operator -"), (A,))),
        ("timedelta(days=2)", Invoke(Name("timedelta", 2), (Keyword("days", Constant(2)),))),
    ],
)
def test_an_expression_is_worth_what_its_spelling_says(text: str, expected: Expr) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f'/x?e={a}&f={b!r:>10}'", Join((Text("/x?e="), A, Text("&f="), B))),
        ("f'x' 'y'", Text("xy")),
        ("'/%s/%d?x=%%%s' % (a, b, c)", Join((Text("/"), A, Text("/"), B, Text("?x=%"), C))),
        ("'x=%s' % a", Join((Text("x="), A))),
        ("'x=%(k)s' % {'k': a}", Join((Text("x="), A))),
        ("'x=%(k)s' % a", Join((Text("x="), Member(A, "k")))),
        ("'%s%s' % (a,)", Join((A, Opaque("nothing given for a %")))),
        ("'100% sure'", Text("100% sure")),
        ("'/{}/{}'.format(a, b)", Join((Text("/"), A, Text("/"), B))),
        ("'{1}{0}'.format(a, b)", Join((B, A))),
        ("'{x.y[z]}'.format(x=a)", Join((Member(Member(A, "y"), "z"),))),
        ("'{k}'.format(**a)", Join((Member(A, "k"),))),
        ("'{{}}'.format(a)", Text("{}")),
        ("'{}'.format()", Join((Opaque("nothing given for a {}"),))),
        ("'{'.format(a)", Invoke(Member(Text("{"), "format"), (A,))),
        ("'x'.join(a)", Invoke(Member(Text("x"), "join"), (A,))),
    ],
)
def test_strings_that_are_put_together_are_joins(text: str, expected: Expr) -> None:
    assert value(text) == expected


@pytest.mark.parametrize("text", ["9 ** 9 ** 9", "1 / 0", "9 ** 99", "2.0 ** 99", "1 << 999"])
def test_a_calculation_without_a_result_is_no_number(text: str) -> None:
    assert not isinstance(value(text), Constant)


def test_await_is_transparent() -> None:
    text = "async def f():\n    return await a(b)\n"
    (function,) = reading(text).functions.values()
    assert bare(function.returns[0].value) == Invoke(Name("a", 1), (Name("b", 1),))


def test_a_walrus_defines_and_is_worth_its_value() -> None:
    text = "if (n := a(b)):\n    it = n\n"
    assert value(text.replace("it = n", "it = (m := b)")) == B


def test_a_comprehension_gives_its_element_and_what_it_walks_over() -> None:
    made = value("[x.email for x in people if x]")
    scope = 2 * (len("it = ") + 1) + 2
    x, people = Name("x", scope), Name("people", 2)
    assert made == Invoke(Name("comprehension"), (Member(x, "email"), people))


def test_a_variable_of_a_comprehension_is_an_item_of_what_it_walks_over() -> None:
    found = reading("[x for x in people]")
    (define,) = [fact for fact in found.facts if type(fact).__name__ == "Define"]
    assert bare(define.value) == Member(Name("people", 2), UNKNOWN_KEY)
    assert define.scope == 4
    assert found.scopes[4] == 2


def test_a_comprehension_of_a_mapping_is_a_record() -> None:
    made = value("{'k': v for v in a}")
    scope = 2 * (len("it = ") + 1) + 2
    record = Record((Entry("k", Name("v", scope)),))
    assert made == Invoke(Name("comprehension"), (record, A))


def test_a_lambda_is_a_function_with_what_it_gives_back() -> None:
    found = reading("it = lambda x, y=1: x.email")
    start = len("it = ")
    function = found.functions[start]
    assert function.parameters == ("x", "y")
    assert bare(function.defaults) == (None, Constant(1))
    returned = bare(function.returns[0].value)
    assert returned == Member(Name("x", 2 * start + 1), "email")
    assert value("it = lambda x: x") == Function(start)


def test_calls_within_calls_are_all_calls() -> None:
    text = "redirect(f'/done?e={quote(a.email)}', **options(b['k'](c)))"
    assert sorted(spelled(text, call) for call in calls(text)) == [
        "b['k'](c)",
        "options(b['k'](c))",
        "quote(a.email)",
        text,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "x = 'äöü€😀'; call(ß)\n",
        "\ufeffcall(ß)\n",
        "x = '''\r\n€\r\n'''; call(ß)\r\n",
        "x = 1\rcall(ß)\r",
        "x = '\u2028'\ncall(ß)\n",
        "# ä\n\x0c\ncall(ß)\n",
    ],
)
def test_places_count_characters_of_the_file(text: str) -> None:
    (call,) = calls(text)
    assert spelled(text, call) == "call(ß)"


def test_places_in_an_f_string_of_several_lines_lie_in_it() -> None:
    text = 'x = f"""é\n{call(\nß)} {a.b}"""\n'
    (call,) = calls(text)
    assert text.index('f"""') <= call.span.start <= call.span.end <= text.rindex('"""') + 3


def test_a_fragment_further_down_has_the_places_of_the_file() -> None:
    (call,) = (f for f in reading("call(x)", offset=100).facts)
    assert (call.span.start, call.span.end) == (100, 107)
