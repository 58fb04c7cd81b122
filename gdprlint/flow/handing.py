"""Where does a function go that a call gives back again: called less often, or kept?

`field.addEventListener("input", debounce(changed, 300))` hands `changed` to the listener, by way of
a library's function or of one that the project writes for itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from gdprlint.facts import (
    REST,
    Assign,
    Call,
    Define,
    Element,
    Expr,
    Function,
    Invoke,
    Member,
    Name,
    Opaque,
    Parameter,
    Record,
    Text,
)
from gdprlint.facts.expr import Keyword
from gdprlint.flow.names import Names

_Place: TypeAlias = tuple[str, int, int]
Given: TypeAlias = tuple[Call, int, str]
"""A call, the number of its argument and the members in it."""


class Handing:
    """The calls that give back what they are given, and where that goes."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self._given: dict[_Place, list[Given]] | None = None
        self._named: dict[_Place, list[Define]] = {}
        self._by_name: dict[tuple[str, str], list[tuple[Given, Expr]]] = {}
        self._made_by: dict[_Place, list[Invoke]] = {}
        self._kept: dict[tuple[str, int, int], bool] = {}

    def gives_back(self, call: Invoke, index: int, path: str) -> bool:
        """Whether what a call gives back does what its argument `index` does, when it is called."""
        if call.new:
            return False
        if index == 0 and self.names.gives_back(call.to):
            return True
        return any(
            self._calls_later(where, number, index)
            for where, number in self.names.functions(call.to, path)
        )

    def goes_to(self, call: Invoke, path: str) -> Iterator[Given]:
        """The calls of a file that are given what a call gives back, and the elements that are
        given it as a listener, as the calls that they amount to."""
        table = self._index()
        place = (path, call.start, call.end)
        yield from table.get(place, ())
        for define in self._named.get(place, ()):
            name = define.name.removeprefix("export ")
            for given, value in self._by_name.get((path, name), ()):
                if isinstance(value, Name) and any(
                    found.span == define.span for found in self.names.definitions(value, path)
                ):
                    yield given
        for outer, index, key in table.get(place, ()):
            if not key and self.gives_back(outer.invoke, index, path):
                yield from self.goes_to(outer.invoke, path)
        for maker in self._made_by.get(place, ()):
            yield from self.goes_to(maker, path)

    def _calls_later(self, path: str, number: int, index: int) -> bool:
        """Whether a function gives back one that calls the parameter `index` with what it is given
        itself."""
        key = (path, number, index)
        if key not in self._kept:
            self._kept[key] = False
            self._kept[key] = self._is_called_later(path, number, index)
        return self._kept[key]

    def _is_called_later(self, path: str, number: int, index: int) -> bool:
        functions = self.names.project.files[path].functions
        facts = functions.get(number)
        if facts is None or index >= len(facts.parameters) or not facts.parameters[index]:
            return False
        inner = [
            function
            for returned in facts.returns
            for where, function in self.names.functions(returned.value, path)
            if where == path and function in functions
        ]
        for function in inner:
            span = functions[function].span
            if not facts.span.start <= span.start < facts.span.end:
                continue
            called = (
                fact.invoke
                for fact in self.names.project.within(path, span.start, span.end)
                if isinstance(fact, Call) and self._calls(fact.invoke, path, number, index)
            )
            if any(self._is_of(a, path, function, 0) for one in called for a in one.arguments):
                return True
        return False

    def _calls(self, call: Invoke, path: str, number: int, index: int) -> bool:
        """Whether a call is one of a parameter: `fn(...)`, `fn.apply(this, ...)`."""
        to = call.to
        if isinstance(to, Member) and to.name in ("call", "apply"):
            to = to.of
        return isinstance(to, Name) and any(
            isinstance(found.value, Parameter)
            and (found.value.function, found.value.index) == (number, index)
            for found in self.names.definitions(to, path)
        )

    def _is_of(self, given: Expr, path: str, function: int, depth: int) -> bool:
        """Whether a value is what a function is given: its first parameter, or all of them."""
        match given:
            case Keyword(_, inner):
                return self._is_of(inner, path, function, depth)
            case Parameter(number, 0):
                return number == function
            case Invoke(Name(name), (inner, *_)) if name == REST:
                return self._is_of(inner, path, function, depth)
            case Name("arguments"):
                return True
            case Name() if depth < 3:
                return any(
                    self._is_of(found.value, path, function, depth + 1)
                    for found in self.names.definitions(given, path)
                )
        return False

    # ---------------------------------------------------------------- where values go

    def _index(self) -> dict[_Place, list[Given]]:
        if self._given is None:
            self._given = {}
            for path, facts in self.names.project.files.items():
                for fact in facts.facts if facts.language != "python" else ():
                    self._index_fact(path, fact)
        return self._given

    def _index_fact(self, path: str, fact: object) -> None:
        match fact:
            case Call(invoke):
                if self.names.gives_returned(invoke.to):
                    self._index_maker(path, invoke)
                for index, argument in enumerate(invoke.arguments):
                    self._put(path, argument, (fact, index, ""))
                    for key, value in _members(argument):
                        self._put(path, value, (fact, index, key))
            case Define(value=Invoke() as made):
                self._named.setdefault((path, made.start, made.end), []).append(fact)
            case Assign(Member(of, name), value) if name.startswith("on"):
                self._put(path, value, (_listening(of, name[2:], value, fact), 1, ""))
            case Element():
                element = Opaque("element", fact.span.start, fact.span.end)
                for given in fact.attributes:
                    event = _event(given.name)
                    if event and given.value is not None:
                        heard = _listening(element, event, given.value, fact)
                        self._put(path, given.value, (heard, 1, ""))

    def _index_maker(self, path: str, call: Invoke) -> None:
        """What a function makes for a call that gives it back: `useMemo(() => debounce(f))`."""
        functions = self.names.project.files[path].functions
        for argument in call.arguments[:1]:
            facts = functions.get(argument.function) if isinstance(argument, Function) else None
            for returned in facts.returns if facts is not None else ():
                place = (path, returned.value.start, returned.value.end)
                self._made_by.setdefault(place, []).append(call)

    def _put(self, path: str, value: Expr, given: Given) -> None:
        assert self._given is not None
        match value:
            case Invoke():
                self._given.setdefault((path, value.start, value.end), []).append(given)
            case Name(name):
                self._by_name.setdefault((path, name), []).append((given, value))


def _members(value: Expr) -> Iterator[tuple[str, Expr]]:
    match value:
        case Record(entries):
            yield from ((entry.key, entry.value) for entry in entries)


def _event(name: str) -> str:
    """The event that an attribute is for: of HTML and JSX, of templates with a sign."""
    for sign in ("on:", "v-on:", "@", "on"):
        if name.startswith(sign):
            return name.removeprefix(sign).partition(".")[0].lower()
    return ""


def _listening(of: Expr, event: str, value: Expr, fact: Assign | Element) -> Call:
    """What an element is given as a listener, as the call that it amounts to."""
    start, end = value.start, value.end
    to = Member(of, "addEventListener", start, end)
    invoke = Invoke(to, (Text(event, start, end), value), False, start, end)
    return Call(invoke, fact.span, fact.way)
