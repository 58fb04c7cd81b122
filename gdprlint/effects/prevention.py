"""Does this function keep the browser from sending a form?

A browser sends a form unless a listener calls `preventDefault`, or a handler gives back false
(HTML, section 4.10.22.3; jQuery gives its listeners the handler's way). A function that does so on
every road sends in the browser's place. One that does so on some, and there does nothing but tell
the visitor, only checks what the browser then sends. Where it does more, nobody can tell: *maybe*.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from gdprlint.effects import Answer
from gdprlint.facts import (
    Body,
    Both,
    Call,
    Compare,
    Constant,
    Either,
    Element,
    Expr,
    If,
    Invoke,
    Member,
    Name,
    Negation,
    Text,
    Way,
)
from gdprlint.flow import Flow
from gdprlint.flow.dom import Found
from gdprlint.flow.selectors import fits
from gdprlint.project.controls import attribute

DIALOGS = frozenset({"alert", "confirm", "prompt"})
"""Functions of the window that ask or tell the visitor; what they ask leaves the form as it is."""

_SHOWING = DIALOGS | {
    *("$", "jQuery", "Boolean", "Number", "String", "isNaN", "parseFloat", "parseInt", "Date"),
    *("preventDefault", "stopPropagation", "stopImmediatePropagation", "log", "warn", "error"),
    *("checkValidity", "reportValidity", "setCustomValidity", "focus", "blur", "select"),
    *("getElementById", "getElementsByName", "querySelector", "querySelectorAll", "closest"),
    *("add", "remove", "toggle", "contains", "matches", "setAttribute", "removeAttribute"),
    *("getAttribute", "hasAttribute", "append", "prepend", "after", "before", "appendChild"),
    *("insertAdjacentHTML", "insertBefore", "createElement", "createTextNode"),
    *("scrollIntoView", "scrollTo", "addClass", "removeClass", "toggleClass", "hasClass", "css"),
    *("html", "text", "val", "attr", "prop", "show", "hide", "fadeIn", "fadeOut", "find", "parent"),
    *("trim", "test", "match", "indexOf", "includes", "push", "join", "forEach", "each", "length"),
}
"""Calls that at most show something: of the window, the DOM, strings, lists and jQuery."""

_DEEPEST = 3
Tests: TypeAlias = tuple[If, ...]


@dataclass(frozen=True, slots=True)
class _Stop:
    """A place where sending is prevented, and the conditions that lead there.

    `answer` is whether it is there; NO of a value that is given back and may be false.
    """

    tests: Tests
    answer: Answer


class Prevention:
    """Functions held against the form whose submission they hear of.

    `sends` says whether a call sends something or leads somewhere.
    """

    def __init__(self, flow: Flow, sends: Callable[[Invoke, str], bool]) -> None:
        self.flow = flow
        self.sends = sends

    def listener(self, path: str, number: int, form: Found, depth: int = 0) -> Answer:
        """Of a function that is given to `addEventListener`: what it gives back says nothing."""
        return self._settled(path, number, form, [*self._prevented(path, number, form, depth)])

    def handler(self, path: str, number: int, form: Found, depth: int = 0) -> Answer:
        """Of a function that prevents by giving back false, too."""
        stops = [
            *self._prevented(path, number, form, depth),
            *self._false(path, number, form, depth),
        ]
        return self._settled(path, number, form, stops)

    def _prevented(self, path: str, number: int, form: Found, depth: int) -> Iterator[_Stop]:
        function = self.flow.project.files[path].functions.get(number)
        if function is None:
            return
        events = {"event", *function.parameters[:1]} - {""}
        for fact in self.flow.project.within(path, function.span.start, function.span.end):
            if not isinstance(fact, Call):
                continue
            tests = _tests(fact.way, number)
            if tests is None:
                continue
            to = fact.invoke.to
            if isinstance(to, Member) and to.name == "preventDefault":
                yield _Stop(tests, Answer.YES)
            elif depth < _DEEPEST and any(
                isinstance(a, Name) and a.name in events for a in fact.invoke.arguments
            ):
                for where, inner in self.flow.names.functions(to, path):
                    answer = self.listener(where, inner, form, depth + 1)
                    if answer is not Answer.NO:
                        yield _Stop(tests, answer)

    def _false(self, path: str, number: int, form: Found, depth: int) -> Iterator[_Stop]:
        function = self.flow.project.files[path].functions.get(number)
        for given in function.returns if function is not None else ():
            tests = _tests(given.way, number)
            if tests is None:
                continue
            match given.value:
                case Constant(False):
                    yield _Stop(tests, Answer.YES)
                case Constant() | Text():
                    pass
                case Invoke(Name(name)) if name in DIALOGS:
                    pass
                case Invoke(to) if depth < _DEEPEST and self.flow.names.functions(to, path):
                    for where, inner in self.flow.names.functions(to, path):
                        answer = self.handler(where, inner, form, depth + 1)
                        if answer is not Answer.NO:
                            yield _Stop(tests, answer)
                case _:
                    yield _Stop(tests, Answer.NO)

    def _settled(self, path: str, number: int, form: Found, stops: Sequence[_Stop]) -> Answer:
        left: list[tuple[_Stop, Tests]] = []
        for stop in stops:
            open_tests = self._open(stop.tests, path, form)
            if open_tests is not None:
                left.append((stop, open_tests))
        if _cover([tests for stop, tests in left if stop.answer is Answer.YES]):
            return Answer.YES
        if any(stop.answer is Answer.MAYBE for stop, _ in left):
            return Answer.MAYBE
        acts = any(self._acts(path, number, stop.tests) for stop, _ in left)
        return Answer.MAYBE if acts else Answer.NO

    # ---------------------------------------------------------------- whose submission it is about

    def _open(self, tests: Tests, path: str, form: Found) -> Tests | None:
        """The conditions that the form does not settle; None where one does not hold for it."""
        left: list[If] = []
        for step in tests:
            answer = self._is_about(step.test, path, form, 0)
            if not step.taken:
                answer = Answer(Answer.YES - answer)
            if answer is Answer.NO:
                return None
            if answer is Answer.MAYBE:
                left.append(step)
        return tuple(left)

    def _is_about(self, test: Expr, path: str, form: Found, depth: int) -> Answer:
        """Whether a condition that tells forms apart holds for this one."""
        if depth > 6:
            return Answer.MAYBE
        element = form.element
        match test:
            case Negation(inner):
                return Answer(Answer.YES - self._is_about(inner, path, form, depth + 1))
            case Both(left, right):
                one = self._is_about(left, path, form, depth + 1)
                return min(one, self._is_about(right, path, form, depth + 1))
            case Either(left, right):
                one = self._is_about(left, path, form, depth + 1)
                return max(one, self._is_about(right, path, form, depth + 1))
            case Invoke(Member(_, "closest"), (Text(selector), *_)):
                return _yes(any(fits(e, selector) for e in self._around(form)))
            case Invoke(Member(_, "matches" | "is"), (Text(selector), *_)):
                return _yes(fits(element, selector))
            case Invoke(Member(_, "hasAttribute"), (Text(name), *_)):
                return _yes(element.attribute(name) is not None)
            case Invoke(Member(_, "hasClass"), (Text(name), *_)) | Invoke(
                Member(Member(_, "classList"), "contains"), (Text(name), *_)
            ):
                return _yes(name in attribute(element, "class").split())
            case Compare("===" | "==", Member(_, "id"), Text(identifier)):
                return _yes(attribute(element, "id") == identifier)
            case Compare("instanceof", _, Name("HTMLFormElement")):
                return _yes(element.tag == "form")
            case Member(_, "defaultPrevented"):
                return Answer.NO
            case Name():
                definitions = self.flow.names.resolve(test, path)
                if len(definitions) == 1 and definitions[0].value != test:
                    value, where = definitions[0].value, definitions[0].path
                    if form in self.flow.dom.elements(value, where):
                        return Answer.YES
                    return self._is_about(value, where, form, depth + 1)
        return Answer.MAYBE

    def _around(self, form: Found) -> Iterator[Element]:
        """The element and those it lies in, in its file."""
        yield form.element
        for fact in self.flow.project.facts(form.path):
            if (
                isinstance(fact, Element)
                and fact.span.start < form.element.span.start
                and form.element.end <= fact.end
            ):
                yield fact

    # ---------------------------------------------------------------- what is done in its place

    def _acts(self, path: str, number: int, tests: Tests) -> bool:
        """Whether something is done, or may be, where these conditions hold, besides telling."""
        function = self.flow.project.files[path].functions[number]
        return any(
            isinstance(fact, Call)
            and (steps := _beyond(fact.way, number)) is not None
            and _leading_tests(steps)[: len(tests)] == tests
            and self._does_more(fact.invoke, path, 0)
            for fact in self.flow.project.within(path, function.span.start, function.span.end)
        )

    def _does_more(self, invoke: Invoke, path: str, depth: int) -> bool:
        if self.sends(invoke, path):
            return True
        functions = self.flow.names.functions(invoke.to, path)
        if functions and depth < _DEEPEST:
            return any(self._function_does(where, n, depth + 1) for where, n in functions)
        match invoke.to:
            case Name(name) | Member(_, name):
                return name not in _SHOWING
        return False

    def _function_does(self, path: str, number: int, depth: int) -> bool:
        function = self.flow.project.files[path].functions.get(number)
        if function is None:
            return True
        return any(
            isinstance(fact, Call) and self._does_more(fact.invoke, path, depth)
            for fact in self.flow.project.within(path, function.span.start, function.span.end)
        )


def _yes(condition: bool) -> Answer:
    return Answer.YES if condition else Answer.NO


def _beyond(way: Way, number: int) -> Way | None:
    """The part of a way that lies in the body of that function."""
    for index in range(len(way) - 1, -1, -1):
        step = way[index]
        if isinstance(step, Body) and step.function == number:
            return way[index + 1 :]
    return None


def _tests(way: Way, number: int) -> Tests | None:
    """The conditions between a function's start and a place in it; None in an inner function."""
    steps = _beyond(way, number)
    if steps is None or any(isinstance(step, Body) for step in steps):
        return None
    return tuple(step for step in steps if isinstance(step, If))


def _leading_tests(steps: Way) -> Tests:
    found: list[If] = []
    for step in steps:
        if isinstance(step, Body):
            break
        if isinstance(step, If):
            found.append(step)
    return tuple(found)


def _cover(roads: Sequence[Tests]) -> bool:
    """Whether one of the roads is taken, whatever their conditions turn out to be."""
    if not roads:
        return False
    if any(not road for road in roads):
        return True
    first = roads[0][0].test
    return all(
        _cover([rest for road in roads if (rest := _given(road, first, taken)) is not None])
        for taken in (True, False)
    )


def _given(road: Tests, test: Expr, taken: bool) -> Tests | None:
    """What is left of a road's conditions where `test` is `taken`; None where it is not gone."""
    if any(step.test == test and step.taken is not taken for step in road):
        return None
    return tuple(step for step in road if step.test != test)
