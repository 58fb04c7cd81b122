"""What each expression is worth."""

from __future__ import annotations

import pytest
from javascript_reading import value

from gdprlint.facts import (
    SPREAD,
    UNKNOWN_KEY,
    Both,
    Choice,
    Compare,
    Constant,
    Either,
    Entry,
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

A, B, C = Name("a"), Name("b"), Name("c")


@pytest.mark.parametrize(
    ("spelled", "meant"),
    [
        ("'plain'", "plain"),
        (r"'\x41\u0042\u{43}'", "ABC"),
        (r"'\n\t\0\'\"\\'", "\n\t\0'\"\\"),
        (r"'\101'", "A"),
        (r"'\q'", "q"),
        ("'one\\\ntwo'", "onetwo"),
        ("'one\\\r\ntwo'", "onetwo"),
        (r"'\ud83d\ude00'", "\U0001f600"),
        (r"'\ud83d'", "�"),
        ("'ü — 漢字'", "ü — 漢字"),
        ("`one\r\ntwo`", "one\ntwo"),
        (r"`\u0041`", "A"),
        ("''", ""),
    ],
)
def test_a_string_is_what_its_escapes_stand_for(spelled: str, meant: str) -> None:
    assert value(spelled) == Text(meant)


@pytest.mark.parametrize(
    ("spelled", "meant"),
    [
        ("0x1F", 31),
        ("0b101", 5),
        ("0o17", 15),
        ("017", 15),
        ("089", 89),
        ("1_000", 1000),
        (".5", 0.5),
        ("1e3", 1000),
        ("10n", 10),
        ("true", True),
        ("!0", True),
        ("!1", False),
        ("null", None),
        ("undefined", None),
        ("void 0", None),
        ("-5", -5),
        ("60 * 60 * 24", 86400),
        ("1 + 2 * 3 - 4 / 2", 5),
        ("2 ** 10 % 1000", 24),
    ],
)
def test_a_constant_is_its_value(spelled: str, meant: float | bool | None) -> None:
    assert value(spelled) == Constant(meant)


@pytest.mark.parametrize("spelled", ["1e999", "9" * 5000])
def test_a_number_out_of_range_is_opaque(spelled: str) -> None:
    assert value(spelled) == Opaque("a number out of range")


def test_a_division_by_zero_is_not_worked_out() -> None:
    assert value("1 / 0") == Invoke(Name("operator /"), (Constant(1), Constant(0)))


def test_a_sum_is_one_join() -> None:
    assert value("'x' + a + `y${b}z`") == Join((Text("x"), A, Text("y"), B, Text("z")))


def test_numbers_before_a_string_are_added_up_and_those_after_are_not() -> None:
    assert value("1 + 2 + 'px' + 3 + 4") == Join(
        (Constant(3), Text("px"), Constant(3), Constant(4))
    )


def test_true_and_null_are_not_added_as_numbers() -> None:
    assert value("1 + true") == Join((Constant(1), Constant(True)))


@pytest.mark.parametrize(
    "spelled",
    ["a", "(a)", "await a", "((await (a)))", "b, a", "(yield_, a)", "(/* x */ a /* y */)"],
)
def test_what_adds_nothing_is_not_seen(spelled: str) -> None:
    assert value(spelled) == A


@pytest.mark.parametrize(
    "spelled", ["a as T", "a!", "<T>a", "a satisfies T", "(a as unknown as T)!"]
)
def test_types_are_not_seen(spelled: str) -> None:
    assert value(spelled, language="typescript") == A


@pytest.mark.parametrize("spelled", ["a.b", "a?.b", "a['b']", "a?.['b']", "a /* x */ . /* y */ b"])
def test_a_member_is_a_member_however_it_is_asked_for(spelled: str) -> None:
    assert value(spelled) == Member(A, "b")


def test_a_computed_key_is_unknown_and_kept_where_it_is_a_name() -> None:
    assert value("a[b]") == Member(A, UNKNOWN_KEY, key=B)
    assert value("a[b()]") == Member(A, UNKNOWN_KEY)
    assert value("a[0]") == Member(A, "0")
    assert value("a[`b`]") == Member(A, "b")
    assert value("a['b' + c]") == Member(A, UNKNOWN_KEY)


def test_literals_put_together_are_one() -> None:
    assert value("'b' + 'c'") == Text("bc")
    assert value("a + 'b' + 'c'") == Join((A, Text("bc")))
    assert value("a['b' + 'c']") == Member(A, "bc")
    assert value("1 + 'b' + 'c'") == Join((Constant(1), Text("bc")))


def test_conditions_keep_their_shape() -> None:
    assert value("a && b || c") == Either(Both(A, B), C)
    assert value("a ?? b") == Either(A, B)
    assert value("a ? b : c") == Choice(A, B, C)
    assert value("!a") == Negation(A)
    assert value("a !== 'x'") == Compare("!==", A, Text("x"))


def test_a_chain_of_three_is_built_from_the_left() -> None:
    assert value("a && b && c") == Both(Both(A, B), C)


def test_other_operators_are_calls() -> None:
    assert value("a instanceof b") == Invoke(Name("operator instanceof"), (A, B))
    assert value("'k' in a") == Invoke(Name("operator in"), (Text("k"), A))
    assert value("a - b") == Invoke(Name("operator -"), (A, B))
    assert value("typeof a") == Invoke(Name("typeof"), (A,))
    assert value("typeof a === 'x'") == Compare("===", Invoke(Name("typeof"), (A,)), Text("x"))


def test_a_record_has_an_entry_for_each_property() -> None:
    assert value("{a, b: 1, 'c-d': 2, 3: 4, ['e']: 5, [f]: 6, ...g, h() {}, get i() {}}") == Record(
        (
            Entry("a", A),
            Entry("b", Constant(1)),
            Entry("c-d", Constant(2)),
            Entry("3", Constant(4)),
            Entry("e", Constant(5)),
            Entry(UNKNOWN_KEY, Constant(6), computed=Name("f")),
            Entry(SPREAD, Name("g")),
            Entry("h", Function(50)),
            # To read it is to call it.
            Entry("i", Invoke(Function(58), ())),
        )
    )


def test_an_array_keeps_its_order() -> None:
    assert value("[a, 'b', ...c]") == Items((A, Text("b"), Keyword(SPREAD, C)))


def test_a_call_has_its_arguments() -> None:
    assert value("a.b(1, ...c)") == Invoke(Member(A, "b"), (Constant(1), Keyword(SPREAD, C)))
    assert value("a?.(1)") == Invoke(A, (Constant(1),))
    assert value("new a.b(c)") == Invoke(Member(A, "b"), (C,), new=True)
    assert value("new a") == Invoke(A, (), new=True)


def test_a_tagged_template_is_a_call_of_its_tag() -> None:
    assert value("a`x${b}`") == Invoke(A, (Join((Text("x"), B)),))


def test_a_regex_is_a_call_with_its_source() -> None:
    assert value(r"/a\/b/gi") == Invoke(Name("regex"), (Text(r"a\/b"),))


def test_markup_is_opaque_as_a_value() -> None:
    assert value("<p/>") == Opaque("markup")


def test_import_meta_is_a_member_of_import() -> None:
    assert value("import.meta.env") == Member(Member(Name("import"), "meta"), "env")


def test_an_assignment_is_worth_its_right_side() -> None:
    assert value("a = b = 1") == Constant(1)


def test_an_identifier_may_be_spelled_with_escapes() -> None:
    assert value(r"\u0061") == A


def test_letters_beyond_ascii_keep_names_apart() -> None:
    assert value("größe.länge") == Member(Name("größe"), "länge")


def test_a_long_sum_is_flat() -> None:
    assert value("+".join("a" * 300)) == Join((A,) * 300)


def test_a_chain_beyond_all_use_is_cut_and_not_lost() -> None:
    found = value("a" + ".b" * 150)
    depth = 0
    while isinstance(found, Member):
        found, depth = found.of, depth + 1
    assert found == Opaque("a very long chain")
    assert depth == 60


def test_an_expression_in_a_file_has_the_files_offsets() -> None:
    from javascript_reading import reading

    from gdprlint.facts import Define

    (define,) = reading("a.b", kind="expression", binds="it", offset=40, scope=7).facts
    assert isinstance(define, Define)
    assert define.value == Member(Name("a", 7, 40, 41), "b", 40, 43)
    assert (define.scope, define.span.start, define.span.end) == (7, 40, 43)
