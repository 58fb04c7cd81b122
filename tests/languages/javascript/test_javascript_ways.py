"""By which conditions, callbacks and functions a call is reached."""

from __future__ import annotations

from typing import Any

import pytest
from javascript_reading import bare, reading, way_to

from gdprlint.facts import (
    Body,
    Callback,
    Compare,
    Either,
    Function,
    Hole,
    If,
    Join,
    Member,
    Name,
    Negation,
    Opaque,
    Region,
    Text,
)

A, B, C, V = Name("a"), Name("b"), Name("c"), Name("v")


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("f()", ()),
        ("if (a) f()", (If(A, True),)),
        ("if (a) { b(); } else f()", (If(A, False),)),
        ("if (a) b(); else if (c) f()", (If(A, False), If(C, True))),
        ("if (a) { if (b) { f() } }", (If(A, True), If(B, True))),
        ("a && f()", (If(A, True),)),
        ("a || f()", (If(A, False),)),
        ("a ?? f()", ()),
        ("a && b && f()", (If(A, True), If(B, True))),
        ("a ? f() : b()", (If(A, True),)),
        ("a ? b() : f()", (If(A, False),)),
        ("while (a) f()", (If(A, True),)),
        ("for (;a;) f()", (If(A, True),)),
        ("for (;;) f()", ()),
        ("do { f() } while (a)", ()),
        ("try { f() } catch (e) { }", ()),
        ("if (f()) { a() }", ()),
        ("a ||= f()", (If(A, False),)),
    ],
)
def test_a_condition_is_on_the_way_to_what_it_governs(text: str, way: Any) -> None:
    assert way_to("f", text) == way


@pytest.mark.parametrize("leaving", ["return", "return 1", "throw b", "{ b(); return }"])
def test_after_leaving_early_the_condition_is_false(leaving: str) -> None:
    (body, step) = way_to("f", f"function g() {{ if (!a) {leaving}; f() }}")
    assert body == Body(0)
    assert step == If(Negation(Name("a", 1)), False)


@pytest.mark.parametrize("leaving", ["break", "continue"])
def test_leaving_a_round_of_a_loop_is_leaving_early(leaving: str) -> None:
    text = f"for (;;) {{ if (a) {leaving}; f() }}"
    assert way_to("f", text) == (If(A, False),)


def test_an_else_that_leaves_makes_the_condition_true() -> None:
    text = "function g() { if (a) b(); else return; f() }"
    assert way_to("f", text) == (Body(0), If(Name("a", 1), True))


def test_two_branches_that_leave_lead_nowhere_new() -> None:
    text = "function g() { if (a) return; else if (b) return; f() }"
    assert way_to("f", text) == (Body(0), If(Name("a", 1), False), If(Name("b", 1), False))


def test_leaving_inside_a_block_ends_with_the_block() -> None:
    assert way_to("f", "x: { if (a) break x; b() } f()") == ()


def test_a_branch_that_does_not_leave_says_nothing_of_what_follows() -> None:
    assert way_to("f", "if (a) b(); f()") == ()


def test_a_hoisted_function_is_reached_before_the_early_return() -> None:
    text = "function g() { h(); if (a) return; function h() { f() } }"
    assert way_to("f", text) == (Body(0), Body(35))


def test_a_case_is_a_comparison() -> None:
    text = "switch (a) { case 'x': f(); break; case 'y': b() }"
    assert way_to("f", text) == (If(Compare("===", A, Text("x")), True),)


def test_cases_that_share_statements_are_either() -> None:
    text = "switch (a) { case 'x': case 'y': f() }"
    x, y = Compare("===", A, Text("x")), Compare("===", A, Text("y"))
    assert way_to("f", text) == (If(Either(x, y), True),)


def test_a_case_that_another_falls_into_is_under_no_condition() -> None:
    assert way_to("f", "switch (a) { case 'x': b(); case 'y': f() }") == ()


def test_the_default_case_is_under_no_condition() -> None:
    assert way_to("f", "switch (a) { case 'x': b(); break; default: f() }") == ()


def test_a_function_given_to_a_call_is_called_back() -> None:
    text = "on('ready', function () { f() }, b)"
    step = Callback(Name("on"), (Text("ready"), Function(12), B), 1)
    assert way_to("f", text) == (step, Body(12))


def test_a_bound_function_is_called_back_too() -> None:
    step, body = way_to("f", "on(function () { f() }.bind(this))")
    assert (step.to, step.index, body) == (Name("on"), 0, Body(3))


def test_a_function_in_parentheses_is_called_back_too() -> None:
    assert way_to("f", "on((() => f()))") == (Callback(Name("on"), (Function(4),), 0), Body(4))


def test_a_function_in_a_record_is_given_to_nobody() -> None:
    assert way_to("f", "on({done: function () { f() }})") == (Body(10),)


def test_a_constructor_calls_back() -> None:
    step, body = way_to("f", "new Promise(a => f())")
    assert (step, body) == (Callback(Name("Promise"), (Function(12),), 0), Body(12))


@pytest.mark.parametrize(
    "text",
    [
        "(function () { f() })()",
        "!function () { f() }()",
        "(() => { f() })()",
        "(function () { f() }).call(this)",
    ],
)
def test_a_function_called_on_the_spot_has_just_its_body_on_the_way(text: str) -> None:
    assert way_to("f", text) == (Body(1),)


def test_an_assigned_handler_listens() -> None:
    text = "a.onclick = function () { f() }"
    to = Member(A, "addEventListener")
    assert way_to("f", text) == (Callback(to, (Text("click"), Function(12)), 1), Body(12))


@pytest.mark.parametrize("name", ["online_", "onLine", "on", "once", "ready"])
def test_a_member_that_only_looks_like_a_handler_is_none(name: str) -> None:
    text = f"a.{name} = function () {{ f() }}"
    steps = way_to("f", text)
    assert isinstance(steps[-1], Body)
    assert len(steps) == (2 if name == "once" else 1)


def test_a_handler_in_markup_listens() -> None:
    step, body = way_to("f", "<b onClick={() => f()}/>")
    to = Member(Opaque("element"), "addEventListener")
    assert step == Callback(to, (Text("click"), Function(12)), 1)
    assert body == Body(12)


def test_markup_under_a_condition_is_on_its_way() -> None:
    found = reading("a && <b/>").facts
    assert [bare(fact.way) for fact in found] == [(If(A, True),)]


def test_a_returned_value_is_reached_by_its_way() -> None:
    (returned,) = reading("function g() { if (a) return 1 }").functions[0].returns
    assert bare(returned.way) == (Body(0), If(Name("a", 1), True))


def test_the_way_of_a_function_ends_before_its_body() -> None:
    found = reading("if (a) b(() => 1)").functions[9]
    assert bare(found.way) == (If(A, True), Callback(B, (Function(9),), 0))


def test_the_fragments_way_comes_first_and_then_that_of_its_regions() -> None:
    outer, inner = If(Name("t", -1), True), If(Name("u", -1), True)
    text = "if (a) f(); f2()"
    regions = (Region(10, 26, (outer,)), Region(15, 20, (inner,)))
    given = {"offset": 10, "way": (If(V, True),), "regions": regions}
    assert way_to("f", text, **given) == (If(V, True), outer, inner, If(A, True))
    assert way_to("f2", text, **given) == (If(V, True), outer)


def test_a_hole_is_what_it_stands_for() -> None:
    text = "f('/u/zzzzzz/x', zzzzzz)"
    name, other = Name("user", -1), Name("page", -1)
    holes = (Hole(6, 12, name), Hole(17, 23, other))
    (fact,) = reading(text, holes=holes).facts
    call = bare(fact)
    assert call.invoke.arguments == (Join((Text("/u/"), name, Text("/x"))), other)


def test_a_name_that_is_a_hole_in_part_is_opaque() -> None:
    (fact,) = reading("f(azzz)", holes=(Hole(3, 6, A),)).facts
    assert bare(fact).invoke.arguments == (Opaque("a name that a template writes"),)


def test_a_hole_inside_a_template_literal_is_a_part_of_it() -> None:
    (fact,) = reading("f(`zz${b}`)", holes=(Hole(3, 5, A),)).facts
    assert bare(fact).invoke.arguments == (Join((A, B)),)


def test_a_function_after_a_function_keeps_to_its_own_way() -> None:
    text = "if (a) { b(() => 1) } c(() => f())"
    assert way_to("f", text) == (Callback(C, (Function(24),), 0), Body(24))
