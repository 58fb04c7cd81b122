"""Whatever the text, the reader answers, in time, and every place lies in the file."""

from __future__ import annotations

import time
import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_reading import reading, unread

from gdprlint.facts import Fragment, Reading, Unread
from gdprlint.languages.python import read

VIEW = '''\
from django.shortcuts import render, redirect
class Home(View):
    """Doc."""
    template_name = "home.html"
    def get(self, request, *args, pk=None, **kwargs):
        if not request.user.is_authenticated:  # gdprlint: ignore[x]: y
            return redirect(f"/login?next={request.path!r}&é={quote(pk)}")
        for key, values in request.GET.lists():
            self.seen[key] += [v.email for v in values if (n := len(v)) > 1]
        try:
            with open("ä") as file:
                yield from (lambda x: x or {**file, "a": x})(1)
        except (OSError, ValueError) as broken:
            raise
        match pk:
            case {"a": [b, *c]} | None: return "%s %d" % (b, 60 * 60)
        return render(request, "a.html", {"x": "{}".format(pk)}) if pk else await later()
urlpatterns = [path("x/<int:pk>", Home.as_view(), name="home")]
'''


def places(found: Any, spans: list[tuple[int, int]]) -> None:
    """All stretches in `found`, without recursion into what was seen."""
    if isinstance(found, tuple | list):
        for each in found:
            places(each, spans)
    elif hasattr(found, "__dataclass_fields__"):
        if hasattr(found, "start") and hasattr(found, "end"):
            spans.append((found.start, found.end))
        for name in found.__dataclass_fields__:
            places(getattr(found, name), spans)


def check(text: str, found: Reading) -> None:
    spans: list[tuple[int, int]] = []
    places((found.facts, tuple(found.functions.values()), found.comments), spans)
    assert all(0 <= start <= end <= len(text) for start, end in spans)
    for scope in found.scopes:
        seen = set()
        while scope != 0:
            assert scope not in seen
            seen.add(scope)
            scope = found.scopes[scope]


def test_the_view_that_is_mutated_below_is_read_as_a_whole() -> None:
    text = VIEW.replace("await ", "")
    assert unread(text) == []
    check(text, reading(text))


@given(st.text(max_size=300))
def test_arbitrary_text_is_answered(text: str) -> None:
    check(text, reading(text))


@given(
    st.lists(
        st.tuples(st.integers(0, len(VIEW)), st.integers(0, 12), st.text(max_size=4)),
        max_size=4,
    )
)
def test_changed_code_is_answered(changes: list[tuple[int, int, str]]) -> None:
    text = VIEW.replace("await ", "")
    for at, length, put in changes:
        text = text[:at] + put + text[at + length :]
    check(text, reading(text))


@given(st.integers(0, len(VIEW)))
def test_code_cut_off_anywhere_is_answered(at: int) -> None:
    check(VIEW[:at], reading(VIEW[:at]))


def test_twice_gives_the_same() -> None:
    text = VIEW.replace("await ", "")
    assert reading(text) == reading(text)


HOSTILE = {
    "parentheses": "(" * 10_000,
    "brackets": "x = " + "[" * 150 + "]" * 150,
    "minus signs": "-" * 100_000 + "1",
    "members": "a" + ".b" * 5_000,
    "calls": "a" + "()" * 5_000,
    "items": "a" + "[0]" * 5_000,
    "lambdas": "lambda: " * 2_000 + "1",
    "sums": "+".join(["a"] * 5_000),
    "differences": "a" + "-b*c" * 1_000,
    "choices": "a if b else " * 2_000 + "c",
    "conjunction": " and ".join("a" * 20_000),
    "comparisons": "a" + " < b" * 20_000,
    "ladder": "if a: f()\n" + "elif b: f()\n" * 400,
    "guards": "def f():\n" + " if a: return\n f()\n" * 3_000,
    "indentation": "\n".join(" " * i + "if a:" for i in range(99)) + "\n" + " " * 99 + "f()",
    "comprehensions": "[" * 90 + "x" + " for x in y]" * 90,
    "power": "9**9**9**9**9",
    "long number": "x = " + "9" * 5_000,
    "percent signs": '"' + "%0" * 50_000 + '" % a',
    "percent zeros": '"%' + "0" * 50_000 + '" % a',
    "percent keys": '"' + "%(" * 50_000 + '" % a',
    "format steps": '"{a' + ".b" * 20_000 + '}".format(a=1)',
    "NUL": "a\0b",
    "surrogate": "x = '\ud800'",
    "one long line": "x = 'é'; f(x); " * 10_000,
    "large": "x = '" + "a" * 3_000_000 + "'",
    "patterns": "match x:\n case " + "|".join(map(str, range(5_000))) + ": pass",
    "includes": "urlpatterns = [" + "path('a', include([" * 40 + "path('b', c)" + "]))" * 40 + "]",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_answered_in_time(name: str) -> None:
    text = HOSTILE[name]
    began = time.monotonic()
    found = reading(text)
    assert time.monotonic() - began < 20
    for fact in found.facts:
        assert fact.span.end <= len(text)


def test_deep_code_keeps_the_facts_around_it() -> None:
    text = "f(1)\nx = " + "a(" * 180 + ")" * 180 + "\ng(2)\n"
    found = reading(text)
    spelled = {text[fact.span.start : fact.span.end] for fact in found.facts}
    assert {"f(1)", "g(2)"} <= spelled
    (left,) = (fact for fact in found.facts if isinstance(fact, Unread))
    assert left.why == "nested too deeply"


def test_past_the_deadline_the_rest_is_unread() -> None:
    text = "go()\n" * 10
    found = read(Fragment(language="python", text=text), "a.py", deadline=time.monotonic() - 1)
    (rest,) = found.facts
    assert isinstance(rest, Unread)
    assert (rest.span.start, rest.span.end) == (0, len(text))
    assert [mention.text for mention in rest.mentions] == ["go"]


def test_doubtful_escapes_warn_nobody() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert unread("x = '\\d'\ny = 1 is 1\n") == []
