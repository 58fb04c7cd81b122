"""Whatever the text: an answer in time, and places that lie in the file."""

from __future__ import annotations

import gc
import sys
from dataclasses import fields, is_dataclass
from itertools import pairwise
from time import monotonic, process_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from javascript_reading import calls, reading, unread
from test_javascript_oracle import MODULES, SCRIPTS

from gdprlint.facts import (
    Call,
    Constant,
    Fragment,
    Hole,
    If,
    Invoke,
    Name,
    Opaque,
    Reading,
    Region,
    Unread,
)
from gdprlint.languages.javascript import read

VALID = (
    "\n".join(SCRIPTS.values()),
    MODULES["module"],
    "function f<T>(this: X, a?: string): void { a!.b<T>(c as D); }"
    "enum E { A = 1 }\n@D() class K {}",
    "const p = <A.B c='d' {...e} onClick={() => f(1)}>t &amp; {g && <i/>}</A.B>;",
)


def check_places(found: Reading, low: int, high: int) -> None:
    """Every span and every expression lies between `low` and `high`."""
    nodes: list[Any] = [
        found.facts,
        tuple(found.functions.values()),
        found.comments,
        found.fragments,
    ]
    while nodes:
        node = nodes.pop()
        if isinstance(node, tuple):
            nodes.extend(node)
        elif is_dataclass(node) and not isinstance(node, type):
            end = getattr(node, "end", 0)
            # Elements have a span, and an end of their own.
            start = getattr(node, "start", min(low, end) if hasattr(node, "span") else 0)
            assert start <= end or end == 0
            assert start == end == 0 or (low <= start and end <= high)
            nodes.extend(getattr(node, field.name) for field in fields(node))


LANGUAGES = st.sampled_from(["javascript", "typescript", "tsx"])
KINDS = st.sampled_from(["document", "script", "module", "expression", "handler"])


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=200), language=LANGUAGES, kind=KINDS)
def test_any_text_is_read(text: str, language: str, kind: str) -> None:
    found = reading(text, seconds=2, language=language, kind=kind, offset=50, binds="it")
    check_places(found, 50, 50 + len(text))


WORDS = (
    "( ) [ ] { } => = == , ; . ?. ? : + ! && || ?? ... ` ${ ' \" / < > </ a b await async function "
    "class new return if else for of in let const import export from case switch try catch yield 1 "
    "/* */ // \\ @ # é"
)
TOKENS = st.sampled_from([*WORDS.split(" "), "\n", "\u2028", "\r", "\0", " "])


@settings(max_examples=150, deadline=None)
@given(tokens=st.lists(TOKENS, max_size=40), language=LANGUAGES, kind=KINDS)
def test_any_row_of_tokens_is_read(tokens: list[str], language: str, kind: str) -> None:
    text = " ".join(tokens)
    check_places(reading(text, seconds=2, language=language, kind=kind), 0, len(text))


@settings(max_examples=100, deadline=None)
@given(
    text=st.sampled_from(VALID),
    changes=st.lists(st.tuples(st.integers(0, 3000), TOKENS), min_size=1, max_size=4),
    language=LANGUAGES,
)
def test_code_with_changes_is_read(
    text: str, changes: list[tuple[int, str]], language: str
) -> None:
    for place, token in changes:
        at = place % len(text)
        text = text[:at] + token + text[at + 1 :]
    check_places(reading(text, seconds=2, language=language), 0, len(text))


@pytest.mark.parametrize("text", VALID)
def test_a_place_further_on_changes_nothing_but_places(text: str) -> None:
    here, there = reading(text, language="tsx"), reading(text, language="tsx", offset=1000)
    assert [type(fact) for fact in here.facts] == [type(fact) for fact in there.facts]
    assert [(fact.span.start + 1000, fact.span.end + 1000) for fact in here.facts] == [
        (fact.span.start, fact.span.end) for fact in there.facts
    ]
    assert {number + 1000 for number in here.functions} == set(there.functions)
    assert {scope + 2000 for scope in here.scopes} == set(there.scopes)


PLACES = st.lists(st.integers(0, 60), min_size=2, max_size=8)


@settings(max_examples=100, deadline=None)
@given(edges=PLACES)
def test_any_regions_and_holes_are_followed(edges: list[int]) -> None:
    text = "if (a) f('zzzzzzzz', `zzzz${zzzz}zz`); zzzz.zzzz(<b c='zz'/>)"
    pairs = [sorted(pair) for pair in pairwise(edges)]
    step = If(Name("t"), True)
    regions = tuple(Region(start, end, (step,)) for start, end in pairs)
    ends = sorted(set(edges))
    holes = tuple(
        Hole(start, end, Opaque("a tag", start, end))
        for start, end in zip(ends[::2], ends[1::2], strict=False)
    )
    check_places(reading(text, regions=regions, holes=holes), 0, len(text))


def test_a_region_ends_where_the_one_around_it_ends() -> None:
    outer, inner = If(Name("t"), True), If(Name("u"), True)
    regions = (Region(0, 5, (outer,)), Region(3, 12, (inner,)))
    found = reading("a();b();c();d()", regions=regions)
    assert [fact.way for fact in found.facts] == [(outer,), (outer, inner), (), ()]


def test_code_around_what_is_broken_is_read() -> None:
    text = "f(1); if (a) { b( ; g(2); } h(3)"
    assert calls(text) == [
        Invoke(Name(name), (Constant(number),)) for name, number in (("f", 1), ("g", 2), ("h", 3))
    ]
    assert [why for _, why in unread(text)] == ["not understood as JavaScript or TypeScript"]


N = 10_000
HOSTILE = {
    "parentheses": "(" * N + "1" + ")" * N,
    "arrays": "[" * N + "]" * N,
    "objects": "x=" + "{a:" * N + "1" + "}" * N,
    "arrows": "a=>" * N + "1",
    "functions": "function f(){" * N + "}" * N,
    "blocks": "{" * N + "f()" + "}" * N,
    "calls": "f(" * N + ")" * N,
    "callbacks": "f(function(){" * N + "})" * N,
    "templates": "`${" * N + "1" + "}`" * N,
    "markup": "<a>" * N + "</a>" * N,
    "patterns": "var " + "[" * N + "a" + "]" * N + "=1",
    "classes": "class A extends " * N + "B{}" + "{}" * N,
    "else if": "if(a)b();" + "else if(a)b();" * N,
    "ternaries": "a?b():" * N + "c",
    "members": "x" + ".a(1)" * N,
    "assignments": "a=" * N + "1",
    "a sum of 5 MB": "a+" * 2_500_000 + "a",
    "unclosed brackets": "[" * 100_000,
    "unclosed parentheses": "(" * 100_000,
    "unclosed braces": "{" * 100_000,
    "NULs": "\0" * 100_000,
    "calls with NULs": "a\0b(" * 5_000,
    "comments": "//a\n" * 50_000,
    "slashes in strings": "'//'+" * 50_000 + "1",
    "every character": "".join(map(chr, range(1, 256))) * 400,
    "cases": "switch(x){" + "case 1:" * N + "f()}",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read_by_its_deadline(name: str) -> None:
    start = monotonic()
    found = reading(HOSTILE[name], seconds=10)
    assert monotonic() - start < 15
    check_spans(found, len(HOSTILE[name]))


def check_spans(found: Reading, length: int) -> None:
    for fact in found.facts:
        assert fact.span.end <= length


@pytest.mark.parametrize("name", ["arrays", "calls", "functions", "blocks", "unclosed braces"])
def test_what_is_nested_too_deeply_is_said_to_be_unread(name: str) -> None:
    assert any(isinstance(fact, Unread) for fact in reading(HOSTILE[name]).facts)


def test_a_loop_in_the_tsx_grammar_ends_at_the_deadline() -> None:
    # tree-sitter-typescript#323: a plain parse of this never ends.
    start = process_time()
    reading("<a {{b:>c:d(e f)", language="tsx", seconds=1)
    assert process_time() - start < 5


def test_what_is_not_parsed_in_time_is_unread_with_its_mentions() -> None:
    text = "fetch('https://x.test/a');" * 2000
    found = read(Fragment(language="javascript", text=text, offset=5), "a.js", deadline=0)
    (fact,) = found.facts
    assert isinstance(fact, Unread)
    assert (fact.span.start, fact.span.end) == (5, 5 + len(text))
    assert {(m.of, m.text, m.start) for m in fact.mentions} == {
        ("host", "x.test", 20),
        ("name", "fetch", 5),
    }


def test_what_is_not_read_in_time_is_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gdprlint.languages.javascript.walk.monotonic", lambda: float("inf"))
    text = "f(function () { g() });\n" * 2000
    found = reading(text)
    *_known, last = [fact for fact in found.facts if isinstance(fact, Unread)]
    assert last.why == "not read within the time allowed"
    assert last.span.end == len(text)
    assert 100 < sum(isinstance(fact, Call) for fact in found.facts) < 2500


def test_a_text_too_long_is_not_parsed() -> None:
    (fact,) = reading(" " * 8_000_001).facts
    assert isinstance(fact, Unread)
    assert fact.why == "too long to be parsed"


def test_the_recursion_limit_is_as_before() -> None:
    before = sys.getrecursionlimit(), gc.isenabled()
    reading("[" * 5000)
    assert (sys.getrecursionlimit(), gc.isenabled()) == before


def test_an_expression_that_closes_too_early_binds_something_all_the_same() -> None:
    found = reading("a) (b", kind="expression", binds="it")
    assert [fact.name for fact in found.facts if hasattr(fact, "name")] == ["it"]
