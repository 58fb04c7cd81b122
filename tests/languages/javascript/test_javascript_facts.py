"""Calls, assignments, definitions, links: what a script does and what its names mean."""

from __future__ import annotations

from time import monotonic

import pytest
from javascript_reading import assigns, bare, calls, defines, links, reading

from gdprlint.facts import (
    SPREAD,
    UNKNOWN_KEY,
    Both,
    Call,
    Comment,
    Constant,
    Either,
    Entry,
    Fragment,
    Function,
    Invoke,
    Items,
    Member,
    Name,
    Opaque,
    Parameter,
    Record,
    Span,
    Text,
)
from gdprlint.languages.javascript import read

A, B, C = Name("a"), Name("b"), Name("c")


def imported(module: str, name: str) -> Invoke:
    return Invoke(Name("import"), (Text(module), Text(name)))


def rest(of: object, *taken: str) -> Invoke:
    return Invoke(Name("operator rest"), (of, *map(Text, taken)))  # type: ignore[arg-type]


def test_each_call_is_noted_once() -> None:
    inner = Invoke(Name("g"), (Constant(1),))
    assert calls("f(g(1)).h(new K)") == [
        Invoke(Name("f"), (inner,)),
        Invoke(Member(Invoke(Name("f"), (inner,)), "h"), (Invoke(Name("K"), (), new=True),)),
        inner,
        Invoke(Name("K"), (), new=True),
    ]


def test_a_call_knows_its_place() -> None:
    (call,) = reading("  a.b( 1 );", offset=100).facts
    assert isinstance(call, Call)
    assert call.span == Span("page.js", 102, 110)
    assert (call.invoke.to.start, call.invoke.to.end) == (102, 105)


@pytest.mark.parametrize("text", ["await (f)(x)", "await (0, f)(x)"])
def test_what_is_awaited_in_parentheses_is_what_is_called(text: str) -> None:
    assert calls(f"async function g() {{ {text} }}") == [Invoke(Name("f", 1), (Name("x", 1),))]


def test_the_value_of_an_await_in_parentheses_is_awaited() -> None:
    fetched = Invoke(Name("fetch"), (Name("u"),))
    assert calls("await (await fetch(u)).json()") == [
        Invoke(Member(fetched, "json"), ()),
        fetched,
    ]


def test_await_of_a_generic_call_is_a_call() -> None:
    assert calls("await f<T>(x)", language="typescript") == [Invoke(Name("f"), (Name("x"),))]


def test_a_non_null_mark_belongs_to_the_last_operand() -> None:
    assert calls("a && b!.c(1)", language="typescript") == [Invoke(Member(B, "c"), (Constant(1),))]
    assert calls("new C!(a)", language="typescript") == [Invoke(Name("C"), (A,), new=True)]


def test_an_assignment_in_an_assignment_is_two() -> None:
    assert assigns("a = b.c = 1") == [
        (A, Constant(1), False),
        (Member(B, "c"), Constant(1), False),
    ]


def test_adding_to_a_member_is_augmented() -> None:
    assert assigns("a.b += c") == [(Member(A, "b"), C, True)]


def test_logical_assignments_give_the_old_value_or_the_new() -> None:
    assert assigns("a ||= b") == [(A, Either(A, B), False)]
    assert assigns("a ??= b") == [(A, Either(A, B), False)]
    assert assigns("a &&= b") == [(A, Both(A, B), False)]


def test_counting_is_no_assignment() -> None:
    assert assigns("a++; --b") == []


def test_a_destructuring_assignment_is_one_for_each_target() -> None:
    assert assigns("({a, b: c.d} = e); [c] = e") == [
        (A, Member(Name("e"), "a"), False),
        (Member(C, "d"), Member(Name("e"), "b"), False),
        (C, Member(Name("e"), "0"), False),
    ]


def test_a_variable_without_a_value_is_undefined() -> None:
    assert defines("var a") == [("a", 0, Constant(None))]


def test_destructuring_takes_members() -> None:
    assert defines("const {a, b: [c, , ...d], e = 1, ...f} = g") == [
        ("a", 0, Member(Name("g"), "a")),
        ("c", 0, Member(Member(Name("g"), "b"), "0")),
        ("d", 0, rest(Member(Name("g"), "b"))),
        ("e", 0, Either(Member(Name("g"), "e"), Constant(1))),
        ("f", 0, rest(Name("g"), "a", "b", "e")),
    ]


def test_let_lives_in_its_block_and_var_in_its_function() -> None:
    assert defines("; { let a; var b }") == [("a", 6, Constant(None)), ("b", 0, Constant(None))]


def test_the_scopes_lead_outwards() -> None:
    found = reading("function f() { if (a) { let b = () => c } }")
    assert found.scopes == {1: 0, 46: 1, 65: 46}


def test_parameters_are_what_callers_give() -> None:
    assert defines("(a, {b, c = 1}, d = 2, ...e) => 0") == [
        ("a", 1, Parameter(0, 0)),
        ("b", 1, Member(Parameter(0, 1), "b")),
        ("c", 1, Either(Member(Parameter(0, 1), "c"), Constant(1))),
        ("d", 1, Either(Parameter(0, 2), Constant(2))),
        ("e", 1, rest(Parameter(0, 3))),
    ]


def test_a_function_tells_its_parameters_and_what_it_returns() -> None:
    found = reading("function f(a, {b}, c = 1) { if (a) return b; return 2 }").functions[0]
    assert found.name == "f"
    assert found.parameters == ("a", "", "c")
    assert bare(found.defaults) == (None, None, Constant(1))
    assert [bare(given.value) for given in found.returns] == [Name("b", 1), Constant(2)]
    assert found.scope == 1


def test_the_body_of_an_arrow_is_what_it_returns() -> None:
    found = reading("x => x.y").functions[0]
    assert [bare(given.value) for given in found.returns] == [Member(Name("x", 1), "y")]


def test_a_function_without_a_name_has_that_of_its_place() -> None:
    found = reading("const f = () => 1; o.g = function () {}; ({h() {}, i: () => 2})")
    assert sorted(function.name for function in found.functions.values()) == ["f", "g", "h", "i"]


def test_a_parameter_named_this_is_none() -> None:
    text = "function f(this: Window, a: string) {}"
    assert reading(text, language="typescript").functions[0].parameters == ("a",)


def test_a_parameter_property_is_given_to_this() -> None:
    text = "class K { constructor(private a: string) {} }"
    assert assigns(text, language="typescript") == [
        (Member(Name("this", 21), "a"), Name("a", 21), False)
    ]


def test_this_is_that_of_the_nearest_function_that_is_no_arrow() -> None:
    assert calls("function f() { return () => this.g() }") == [
        Invoke(Member(Name("this", 1), "g"), ())
    ]


def test_a_loop_variable_is_a_member_of_what_is_looped_over() -> None:
    assert defines(";for (const a of b) c(a)") == [("a", 4, Member(B, UNKNOWN_KEY))]
    assert defines(";for (var a in b) ;") == [("a", 0, Opaque("a key of an object"))]


def test_what_is_caught_is_opaque() -> None:
    assert defines("try { } catch (a) { }") == [("a", 18, Opaque("an error"))]


def test_a_class_is_a_record_after_what_it_extends() -> None:
    assert defines("class K extends B { static a = 1; m() {} #p = 2 }") == [
        (
            "K",
            0,
            Record(
                (
                    Entry(SPREAD, Name("B")),
                    Entry("a", Constant(1)),
                    Entry("m", Function(34)),
                    Entry("#p", Constant(2)),
                )
            ),
        )
    ]


def test_an_import_defines_its_names() -> None:
    text = "import a, {b as c} from 'm'; import * as d from 'n'; import 'o'"
    assert defines(text, kind="module") == [
        ("a", 2, imported("m", "default")),
        ("c", 2, imported("m", "b")),
        ("d", 2, imported("n", "*")),
    ]
    assert links(text, kind="module") == [Text("m"), Text("n"), Text("o")]


def test_what_is_exported_is_a_definition() -> None:
    text = "const a = 1; export {a as b, a as default}; export const c = 2; export function d() {}"
    assert [d for d in defines(text, kind="module") if d[0].startswith("export")] == [
        ("export b", 2, Name("a", 2)),
        ("export default", 2, Name("a", 2)),
        ("export c", 2, Name("c", 2)),
        ("export d", 2, Name("d", 2)),
    ]


def test_a_default_export_is_its_value() -> None:
    assert ("export default", 2, Constant(1)) in defines("export default 1", kind="module")
    named = defines("export default function f() {}", kind="module")
    assert ("export default", 2, Name("f", 2)) in named
    assert ("export default", 2, Function(15)) in defines(
        "export default function () {}", kind="module"
    )


def test_what_is_exported_from_elsewhere_is_imported() -> None:
    text = "export {a as b} from 'm'; export * from 'n'; export * as c from 'o'"
    assert defines(text, kind="module") == [
        ("export b", 2, imported("m", "a")),
        ("export *", 2, imported("n", "*")),
        ("export c", 2, imported("o", "*")),
    ]
    assert links(text, kind="module") == [Text("m"), Text("n"), Text("o")]


def test_require_and_dynamic_import_are_calls_and_links() -> None:
    assert links("require('a'); import('b'); require(c)") == [Text("a"), Text("b")]
    assert calls("import('b')") == [Invoke(Name("import"), (Text("b"),))]


def test_types_are_nothing() -> None:
    text = (
        "import type {A} from 'a'; interface I { f(): void } type T = typeof import('x');"
        "declare const d: string; declare function e(): void; export type {A}"
    )
    assert reading(text, language="typescript", kind="module").facts == ()


def test_an_enum_is_a_record() -> None:
    assert defines("enum E { A = 'x', B = 1 }", language="typescript") == [
        ("E", 0, Record((Entry("A", Text("x")), Entry("B", Constant(1)))))
    ]


def test_a_document_with_an_import_is_a_module() -> None:
    assert reading("import 'a'; b()", kind="document").scopes == {2: 0}
    assert reading("b()", kind="document").scopes == {}


@pytest.mark.parametrize(
    "text", ["module.exports = {}", "exports.a = 1", "var b = require('b')", "if (a) exports.b = c"]
)
def test_a_document_that_speaks_common_js_has_a_scope_of_its_own(text: str) -> None:
    assert reading(text, kind="document").scopes == {2: 0}


@pytest.mark.parametrize("suffix", [".mjs", ".cjs", ".mts", ".cts"])
def test_some_suffixes_are_those_of_modules(suffix: str) -> None:
    found = read(
        Fragment(language="javascript", text="a()"), "a" + suffix, deadline=monotonic() + 9
    )
    assert found.scopes == {2: 0}


def test_a_universal_wrapper_is_a_classic_script() -> None:
    text = "!function (f) { typeof exports === 'object' ? module.exports = f() : w.a = f() }(g)"
    assert 2 not in reading(text, kind="document").scopes


def test_comments_are_kept_with_their_places() -> None:
    text = "// one\nf('// no') /* two */\n`/* no */`"
    assert reading(text).comments == (
        Comment(" one", Span("page.js", 0, 6)),
        Comment(" two ", Span("page.js", 18, 27)),
    )


def test_the_facts_come_in_the_order_of_their_places() -> None:
    found = reading("a(function () { b() }); c(); function d() { e() }")
    starts = [fact.span.start for fact in found.facts]
    assert starts == sorted(starts)


def test_an_item_of_an_array_pattern_has_its_index() -> None:
    assert defines("var [, a] = [1, 2]") == [
        ("a", 0, Member(Items((Constant(1), Constant(2))), "1"))
    ]


def test_decorators_are_called() -> None:
    text = "@Component({a}) class K { @Input('b') c = 1; @On() d() {} }"
    assert [call.to.name for call in calls(text, language="typescript")] == [
        "Component",
        "Input",
        "On",
    ]


def test_the_statements_of_a_namespace_run() -> None:
    assert calls("namespace N { f() }", language="typescript") == [Invoke(Name("f"), ())]


def test_what_a_static_block_and_a_field_do_is_done() -> None:
    assert [call.to.name for call in calls("class K { static { f() } a = g() }")] == ["f", "g"]


def test_the_name_of_a_function_expression_means_it_inside() -> None:
    assert defines("(function f() {})") == [("f", 3, Function(1))]


def test_the_name_of_a_class_expression_means_it_inside() -> None:
    assert defines("a = class K {}") == [("K", 10, Record(()))]


def test_a_function_in_a_block_is_the_blocks() -> None:
    assert defines("if (a) { function f() {} }") == [("f", 16, Function(9))]


def test_a_name_imported_by_require_in_typescript_is_required() -> None:
    text = "import a = require('b')"
    assert defines(text, language="typescript") == [("a", 0, Invoke(Name("require"), (Text("b"),)))]
    assert links(text, language="typescript") == [Text("b")]


def test_names_of_types_among_imports_are_nothing() -> None:
    text = "import {type A, b} from 'm'"
    assert defines(text, language="typescript", kind="module") == [("b", 2, imported("m", "b"))]


@pytest.mark.parametrize("text", ["f?.(1)", "(0, f)(1)", "(f)(1)", "f /* x */ (1)", "f!(1)"])
def test_a_call_is_a_call_however_it_is_spelled(text: str) -> None:
    assert calls(text, language="typescript") == [Invoke(Name("f"), (Constant(1),))]


def test_a_handler_may_return() -> None:
    assert calls("return f(this)", kind="handler", scope=9) == [
        Invoke(Name("f", 9), (Name("this", 9),))
    ]
