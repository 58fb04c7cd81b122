"""What statements define, and under which conditions the next ones run."""

from __future__ import annotations

import pytest
from python_reading import assigns, bare, defines, links, reading, way_of

from gdprlint.facts import (
    SPREAD,
    UNKNOWN_KEY,
    Body,
    Callback,
    Compare,
    Constant,
    Either,
    Entry,
    Function,
    If,
    Invoke,
    Items,
    Join,
    Keyword,
    Member,
    Name,
    Opaque,
    Parameter,
    Record,
    Text,
    Unread,
)

A, B, X = Name("a", 2), Name("b", 2), Name("x", 2)


def imported(module: str, name: str) -> Invoke:
    return Invoke(Name("import"), (Text(module), Text(name)))


@pytest.mark.parametrize(
    ("text", "name", "module", "exported"),
    [
        ("import a.b as c", "c", "a.b", "*"),
        ("import a.b", "a", "a", "*"),
        ("from m import n as k", "k", "m", "n"),
        ("from m import n", "n", "m", "n"),
        ("from . import views", "views", ".", "views"),
        ("from ..m.o import n", "n", "..m.o", "n"),
        ("from m import *", "*", "m", "*"),
    ],
)
def test_an_import_defines_a_name(text: str, name: str, module: str, exported: str) -> None:
    assert defines(text) == [(name, 2, imported(module, exported))]


def test_an_import_is_a_link_to_the_whole_module() -> None:
    targets = [target for target, _, _ in links("import a.b\nfrom ..c import d\n", "import")]
    assert targets == [Text("a.b"), Text("..c")]


def test_names_are_defined_in_their_scopes() -> None:
    text = "x = 1\ndef f():\n    x = 2\n"
    number = text.index("def")
    assert defines(text) == [
        ("x", 2, Constant(1)),
        ("x", 2 * number + 1, Constant(2)),
        ("f", 2, Function(number)),
    ]
    assert reading(text).scopes == {2: 0, 2 * number + 1: 2}


def test_a_global_name_is_defined_in_the_module() -> None:
    assert ("x", 2, Constant(2)) in defines("def f():\n    global x\n    x = 2\n")


def test_a_nonlocal_name_is_defined_in_the_function_around() -> None:
    text = "def f():\n    def g():\n        nonlocal x\n        x = 2\n"
    assert ("x", 1, Constant(2)) in defines(text)


def test_patterns_take_values_apart() -> None:
    assert defines("x, y = a, b\n") == [("x", 2, A), ("y", 2, B)]
    assert defines("x, *y = a\n") == [
        ("x", 2, Member(A, "0")),
        ("y", 2, Invoke(Name("operator rest"), (Member(A, "1"),))),
    ]
    assert defines("x = y = a\n") == [("x", 2, A), ("y", 2, A)]


def test_what_is_added_to_a_name_joins_it() -> None:
    assert defines("x += a\n") == [("x", 2, Join((X, A)))]


def test_members_and_items_are_assigned() -> None:
    assert assigns("a.b = x\na['k'] = x\na[b] = x\na.b += x\na.b -= x\n") == [
        (Member(A, "b"), X, False),
        (Member(A, "k"), X, False),
        (Member(A, UNKNOWN_KEY, key=B), X, False),
        (Member(A, "b"), X, True),
        (Member(A, "b"), X, False),
    ]


def test_an_annotation_is_no_value() -> None:
    assert defines("x: int\ny: str = a\n") == [("y", 2, A)]


def test_a_loop_variable_is_an_item_and_with_gives_what_it_opens() -> None:
    assert defines("for x in a:\n    pass\nwith b as y:\n    pass\n") == [
        ("x", 2, Member(A, UNKNOWN_KEY)),
        ("y", 2, B),
    ]


def test_a_function_knows_its_parameters_defaults_and_returns() -> None:
    text = (
        "@cached\ndef f(a, /, b=1, *c, d, e=2, **g):\n    if a:\n        return b\n    return d\n"
    )
    found = reading(text)
    start = text.index("def")
    scope = 2 * start + 1
    (function,) = found.functions.values()
    body = Body(start)
    test = Name("a", scope)
    assert function.name == "f"
    assert function.parameters == ("a", "b", "*c", "d", "e", "**g")
    defaults = (None, Constant(1), None, None, Constant(2), None)
    assert bare(function.defaults) == defaults
    assert function.scope == scope
    assert function.way == ()
    assert bare(function.decorators) == (Name("cached", 2),)
    assert [(bare(each.value), bare(each.way)) for each in function.returns] == [
        (Name("b", scope), (body, If(test, True))),
        (Name("d", scope), (body, If(test, False))),
    ]
    parameters = [Parameter(start, index) for index in range(6)]
    assert [each for each in defines(text) if each[1] == scope] == [
        ("a", scope, parameters[0]),
        ("b", scope, Either(parameters[1], Constant(1))),
        ("c", scope, Invoke(Name("operator rest"), (parameters[2],))),
        ("d", scope, parameters[3]),
        ("e", scope, Either(parameters[4], Constant(2))),
        ("g", scope, Invoke(Name("operator rest"), (parameters[5],))),
    ]


def test_what_a_generator_yields_are_items_of_what_it_gives_back() -> None:
    (function,) = reading("def f():\n    yield a\n    yield from b\n").functions.values()
    assert [bare(each.value) for each in function.returns] == [
        Items((Name("a", 1),)),
        Name("b", 1),
    ]


def test_a_class_is_the_record_of_its_bases_and_members() -> None:
    text = "class V(a, metaclass=b):\n    'doc'\n    x = 1\n    y: str\n    def get(self): pass\n"
    start = text.index("def")
    assert defines(text)[-1] == (
        "V",
        2,
        Record(
            (
                Entry(SPREAD, A),
                Entry("x", Constant(1)),
                Entry("y", Opaque("declared without a value")),
                Entry("get", Function(start)),
            )
        ),
    )


def test_a_method_has_the_name_of_its_class_and_no_step_of_it() -> None:
    text = "class A:\n    class B:\n        def get(self):\n            f()\n"
    found = reading(text)
    (method,) = found.functions.values()
    assert method.name == "A.B.get"
    assert method.way == ()
    assert way_of(text) == (Body(text.index("def")),)


def test_methods_do_not_see_the_names_of_their_class() -> None:
    text = "class A:\n    x = 1\n    def get(self):\n        return x\n"
    found = reading(text)
    (method,) = found.functions.values()
    assert found.scopes[method.scope] == 2
    assert ("x", 4, Constant(1)) in defines(text)
    assert found.scopes[4] == 2


def test_docstrings_are_nothing() -> None:
    assert reading('"""Doc."""\n"more"\n').facts == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if a: f()", (If(A, True),)),
        ("if a: pass\nelse: f()", (If(A, False),)),
        ("if a: pass\nelif b: f()", (If(A, False), If(B, True))),
        ("if a: pass\nelif b: pass\nelse: f()", (If(A, False), If(B, False))),
        ("if a: pass\nf()", ()),
        ("while a: f()", (If(A, True),)),
        ("f() if a else b", (If(A, True),)),
        ("b if a else f()", (If(A, False),)),
        ("a and f()", (If(A, True),)),
        ("a or f()", (If(A, False),)),
        ("a and b and f()", (If(A, True), If(B, True))),
        ("[f() for y in b if a]", (If(Name("a", 4), True),)),
        ("assert a\nf()", (If(A, True),)),
        ("for x in b:\n    if a: continue\n    f()", (If(A, False),)),
        ("for x in b:\n    if a: break\nf()", ()),
        ("if not_a: raise E\nf()", (If(Name("not_a", 2), False),)),
        ("if a: pass\nelse: raise E\nf()", (If(A, True),)),
        ("if a: raise E\nelif b: raise E\nf()", (If(A, False), If(B, False))),
        ("if a:\n    if b: raise E\nelse: raise E\nf()", (If(A, True), If(B, False))),
        ("with a:\n    if b: raise E\nf()", (If(B, False),)),
        ("try:\n    if a: raise E\nexcept E:\n    raise\nf()", (If(A, False),)),
        ("try:\n    if a: raise E\nexcept E:\n    pass\nf()", ()),
        ("match a:\n    case 'x': f()", (If(Compare("==", A, Text("x")), True),)),
        ("match a:\n    case None: f()", (If(Compare("is", A, Constant(None)), True),)),
        (
            "match a:\n    case 1 | 2: f()",
            (If(Either(Compare("==", A, Constant(1)), Compare("==", A, Constant(2))), True),),
        ),
        ("match a:\n    case y if b: f()", (If(B, True),)),
        ("match a:\n    case _: f()", ()),
    ],
)
def test_the_way_tells_the_conditions_that_lead_to_a_place(text: str, expected: object) -> None:
    assert way_of(text) == expected


def test_leaving_a_function_early_is_a_condition_of_the_rest_of_it_only() -> None:
    text = "def g():\n    if not_a: return\n    f()\nh()\n"
    assert way_of(text) == (Body(0), If(Name("not_a", 1), False))
    assert way_of(text, "h") == ()


def test_a_lambda_given_to_a_call_is_reached_through_it() -> None:
    text = "on_commit(lambda: f(), a, using=b)"
    start = text.index("lambda")
    arguments = (Function(start), A, Keyword("using", B))
    assert way_of(text) == (Callback(Name("on_commit", 2), arguments, 0), Body(start))


def test_names_in_patterns_are_parts_of_the_subject() -> None:
    text = "match a:\n    case {'k': x, **y}: pass\n    case [z, *u]: pass\n    case v: pass\n"
    assert defines(text) == [
        ("y", 2, Member(A, UNKNOWN_KEY)),
        ("x", 2, Member(A, "k")),
        ("z", 2, Member(A, UNKNOWN_KEY)),
        ("u", 2, Member(A, UNKNOWN_KEY)),
        ("v", 2, A),
    ]


def test_the_way_of_the_fragment_comes_first() -> None:
    outer = If(Text("outer"), True)
    assert [fact.way for fact in reading("f()", way=(outer,)).facts] == [(outer,)]


def test_comments_are_read_where_one_speaks_to_us() -> None:
    text = "x = '# gdprlint'\ny = 1  # gdprlint: ignore[a]: b\n# ü other\n"
    found = reading("\ufeff" + text)
    assert [comment.text for comment in found.comments] == [
        " gdprlint: ignore[a]: b",
        " ü other",
    ]
    span = found.comments[0].span
    assert ("\ufeff" + text)[span.start : span.end] == "# gdprlint: ignore[a]: b"


def test_comments_that_do_not_speak_to_us_are_passed_over() -> None:
    assert reading("x = 1  # why\n").comments == ()


def test_code_behind_a_return_is_read() -> None:
    assert way_of("def g():\n    return\n    f()\n") == (Body(0),)


def test_a_file_that_is_not_python_is_unread_as_a_whole() -> None:
    text = "print 'x'\nload('https://tracker.example/x')\n"
    (unread,) = reading(text).facts
    assert isinstance(unread, Unread)
    assert (unread.span.start, unread.span.end) == (0, len(text))
    assert unread.why.startswith("not Python of this version: ")
    assert {mention.text for mention in unread.mentions} == {"tracker.example", "load"}
