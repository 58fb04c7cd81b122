"""Which function of a bundle is a library's own, under a name that a minifier gave it?

A bundler writes libraries into the site's own files and shortens every name that it may. What it
may not touch stays: strings, names of members, keys of objects. A row of knowledge names some of
them that only one function of one library holds together.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from gdprlint.facts import (
    Assign,
    Choice,
    Define,
    Either,
    Expr,
    FileFacts,
    Function,
    Invoke,
    Join,
    Member,
    Name,
    Record,
    Text,
)
from gdprlint.flow.inside import values_in
from gdprlint.source import Span

_DEEPEST = 2
_MOST_STRETCHES = 8
_LONGEST_WORD = 80
_MOST_TURNS = 6
_SHORT = 200
_SHORTENED = 3
"""Names of so many letters may be a minifier's."""

Sort: TypeAlias = Literal["function", "result", "object", "given"]
_Declared: TypeAlias = tuple[int, str]
"""A name, after the scope that declares it."""
Meaning: TypeAlias = Callable[[Name, str], Iterable[tuple[Expr, str]]]
"""What a name of a file stands for, with the file that says so."""


@dataclass(frozen=True, slots=True)
class Inlined:
    """What is left of a library's value once it was written into a bundle: one row.

    `name` is what `package` gives out (`createRouter()`: what that function makes). `holds` are
    words that its code holds, all of them, and `lacks` words of its neighbours that it does not.
    `sort`: a function or class, the `result` of calling one on the spot, or an `object` literal
    with these keys, or a function that is `given` a class or an object with these keys and nothing
    else. `known_as` is the global name by which other rows speak of it.
    """

    package: str
    name: str
    holds: tuple[str, ...]
    lacks: tuple[str, ...] = ()
    sort: Sort = "function"
    known_as: str = ""

    @property
    def path(self) -> tuple[str, ...]:
        """The names by which it is had from its package, or from the page where it is `known_as`
        a global, as a callee has them."""
        return (self.known_as,) if self.known_as else tuple(self.name.split("."))


class Bundles:
    """The rows, held against the code of files that are asked about."""

    def __init__(
        self, files: Callable[[str], FileFacts], rows: Iterable[Inlined], meaning: Meaning
    ) -> None:
        self._files = files
        self._meaning = meaning
        self._rows = tuple(rows)
        self._wanted = frozenset(w for row in self._rows for w in (*row.holds, *row.lacks))
        self._places: dict[str, dict[str, list[int]]] = {}
        self._declared: dict[str, set[_Declared]] = {}
        self._known: dict[tuple[str, int, int, Sort], Inlined | None] = {}

    def meant_by(self, value: Expr, path: str) -> Inlined | None:
        """The library's value that `value`, written in `path`, is a copy of."""
        match value:
            case Function():
                return self._found(value, path, "function")
            case Record():
                as_class = self._found(value, path, "function")
                return as_class or self._found(value, path, "object")
            case Invoke(Name() as maker):
                for made, where in self._meaning(maker, path):
                    if isinstance(made, Function):
                        return self._found(made, where, "result")
            case Invoke(Function() as made):
                return self._found(made, path, "result")
        return None

    def asked_with(self, call: Invoke, path: str) -> Inlined | None:
        """The library's function that a call is a call of, as what it is given tells."""
        rows = [row for row in self._rows if row.sort == "given"]
        match call.arguments:
            case (Name() as only,) if rows and not call.new:
                for made, _ in self._meaning(only, path):
                    if isinstance(made, Record):
                        keys = {entry.key for entry in made.entries}
                        return next((row for row in rows if keys.issuperset(row.holds)), None)
        return None

    def _found(self, value: Expr, path: str, sort: Sort) -> Inlined | None:
        key = (path, value.start, value.end, sort)
        if key not in self._known:
            self._known[key] = None
            self._known[key] = self._search(value, path, sort)
        return self._known[key]

    def _search(self, value: Expr, path: str, sort: Sort) -> Inlined | None:
        if not self._of_file(path):
            return None
        rows = [row for row in self._rows if row.sort == sort]
        if sort == "object":
            keys = {entry.key for entry in value.entries} if isinstance(value, Record) else set()
            return next((r for r in rows if keys.issuperset(r.holds)), None)
        own = (self._stretch(value, path),)
        found = self._fitting(rows, own)
        if found is None and sort == "function" and isinstance(value, Function):
            found = self._fitting(rows, self._stretches(value, path))
        return found

    def _fitting(self, rows: Iterable[Inlined], stretches: tuple[Span, ...]) -> Inlined | None:
        for row in rows:
            if all(self._held(word, stretches) for word in row.holds) and not any(
                self._held(word, stretches) for word in row.lacks
            ):
                return row
        return None

    def _held(self, word: str, stretches: Iterable[Span]) -> bool:
        for span in stretches:
            at = self._of_file(span.path).get(word, [])
            first = bisect_left(at, span.start)
            if first < len(at) and at[first] < span.end:
                return True
        return False

    def _stretch(self, value: Expr, path: str) -> Span:
        if isinstance(value, Function):
            facts = self._files(path).functions.get(value.function)
            if facts is not None:
                return facts.span
        return Span(path, value.start, value.end)

    def _stretches(self, value: Function, path: str) -> tuple[Span, ...]:
        """The code of a function that only hands on to another: `ref = v => create(v, false)`."""
        found = [self._stretch(value, path)]
        waiting: list[tuple[Expr, str, int]] = [(value, path, 0)]
        while waiting and len(found) < _MOST_STRETCHES:
            inner, where, depth = waiting.pop(0)
            if depth >= _DEEPEST:
                continue
            for maker in self._makers(inner, where):
                for made, place in self._meaning(maker, where):
                    stretch = self._stretch(made, place)
                    if isinstance(made, Function | Record) and stretch not in found:
                        found.append(stretch)
                        waiting.append((made, place, depth + 1))
        return tuple(found)

    def _makers(self, value: Expr, path: str) -> Iterator[Name]:
        """The names of what a function hands its first argument on to, giving back what that
        makes of it, at once or, in a short one, by way of a name or of a function that it makes."""
        functions = self._files(path).functions
        facts = functions.get(value.function) if isinstance(value, Function) else None
        if facts is None or not facts.parameters or not facts.parameters[0]:
            return
        first, span = facts.parameters[0], facts.span
        short = span.end - span.start <= _SHORT
        waiting = [given.value for given in facts.returns]
        for _ in range(_MOST_STRETCHES * 4):
            if not waiting:
                return
            match waiting.pop():
                case Invoke(Name() as maker, (Name(name), *_)) if name == first:
                    yield maker
                case Invoke(Name() as maker, (Invoke(Name() as held, ()), *_)) if short:
                    if held.name == first or self._made_there(held, path, span):
                        yield maker
                    waiting.append(held)
                case Choice(_, left, right) | Either(left, right):
                    waiting.extend((left, right))
                case Function(inner) if short and inner in functions:
                    waiting.extend(given.value for given in functions[inner].returns)
                case Name() as held if short:
                    waiting.extend(self._made_there(held, path, span))

    def _made_there(self, held: Name, path: str, span: Span) -> list[Expr]:
        """The calls in a stretch whose result a name stands for."""
        return [
            made
            for made, where in self._meaning(held, path)
            if isinstance(made, Invoke) and where == path and span.start <= made.start < span.end
        ]

    def _of_file(self, path: str) -> dict[str, list[int]]:
        """Where in a file the words stand that rows name."""
        known = self._places.get(path)
        if known is None:
            known = self._places[path] = {}
            for word, at in self._words(path):
                if word in self._wanted:
                    known.setdefault(word, []).append(at)
            for places in known.values():
                places.sort()
        return known

    def _words(self, path: str) -> Iterator[tuple[str, int]]:
        """What shortening leaves of a file, each with its place: words, and the properties that
        are read by way of their getters, `get firstChild`."""
        values = list(values_in(self._files(path)))
        getters: Mapping[_Declared, str] = {}
        if any(isinstance(value, Member) and _is_getter(value) for value in values):
            getters = self._getters(path)
        for value in values:
            match value:
                case Text(text) if len(text) <= _LONGEST_WORD:
                    yield text, value.start
                case Member(_, name):
                    yield name, value.start
                case Name(name):
                    read = getters.get(self._declaring(value, path)) if getters else None
                    if read is not None:
                        yield f"get {read}", value.start
                    elif len(name) > _SHORTENED:
                        yield name, value.start
                case Record(entries):
                    for entry in entries:
                        yield entry.key, entry.start
                case Join(parts) if parts and all(isinstance(part, Text) for part in parts):
                    yield "".join(p.text for p in parts if isinstance(p, Text)), value.start
                case Join(parts):
                    for part in parts:
                        if isinstance(part, Text):
                            yield part.text.strip(), part.start

    # ---------------------------------------------------------------- getters

    def _getters(self, path: str) -> Mapping[_Declared, str]:
        """The properties behind the names of getters that a file takes from descriptors, and of
        functions that only call one: `first = descriptor(Node.prototype, "firstChild").get`
        (ECMAScript, 6.2.6)."""
        facts = self._files(path)
        found: dict[_Declared, str] = {}
        functions: list[tuple[_Declared, int]] = []
        for fact in facts.facts:
            match fact:
                case Define(name, scope, Function(number)):
                    functions.append(((scope, name), number))
                case Define(name, scope, Member() | Invoke(_, ()) as value):
                    read = self._property(value, path)
                    if read:
                        found[scope, name] = read
                case Assign(Name() as to, Member() | Invoke(_, ()) as value):
                    read = self._property(value, path)
                    if read:
                        found[self._declaring(to, path)] = read
        for key, number in functions if found else ():
            returned = facts.functions[number].returns
            match self._settled(returned[0].value, path) if len(returned) == 1 else None:
                case Invoke(Member(Name() as getter, "call"), (Name(),)), where if where == path:
                    read = found.get(self._declaring(getter, path), "")
                    if read:
                        found[key] = read
        return found

    def _property(self, value: Expr, path: str) -> str:
        """The property whose getter a value is, or nothing."""
        if isinstance(value, Member) and not _is_getter(value):
            return ""
        match self._settled(value, path):
            case Member(Invoke(_, (_, named)), "get"), where:
                name, _ = self._settled(named, where)
                return name.text if isinstance(name, Text) else ""
        return ""

    def _settled(self, value: Expr, path: str) -> tuple[Expr, str]:
        """What a name stands for, or what a function gives back that does nothing else."""
        for _ in range(_MOST_TURNS):
            match value:
                case Name():
                    found = list(self._meaning(value, path))
                    if len(found) != 1:
                        break
                    value, path = found[0]
                case Invoke(Name() | Function() as to, ()):
                    made, where = self._settled(to, path) if isinstance(to, Name) else (to, path)
                    facts = self._files(where)
                    number = made.function if isinstance(made, Function) else -1
                    if number not in facts.functions or len(facts.functions[number].returns) != 1:
                        break
                    value, path = facts.functions[number].returns[0].value, where
                case Join(parts) if parts and all(isinstance(part, Text) for part in parts):
                    whole = "".join(part.text for part in parts if isinstance(part, Text))
                    return Text(whole, value.start, value.end), path
                case _:
                    break
        return value, path

    def _declaring(self, name: Name, path: str) -> _Declared:
        """A name with the scope that declares it."""
        declared = self._declared.get(path)
        if declared is None:
            facts = self._files(path).facts
            declared = {(fact.scope, fact.name) for fact in facts if isinstance(fact, Define)}
            self._declared[path] = declared
        scope = name.scope
        while scope > 0 and (scope, name.name) not in declared:
            scope = self._files(path).scopes.get(scope, 0)
        return scope, name.name


def _is_getter(value: Member) -> bool:
    """Whether a member is spelled as the getter of a property's descriptor."""
    match value:
        case Member(Invoke(_, (_, _)), "get"):
            return True
    return False
