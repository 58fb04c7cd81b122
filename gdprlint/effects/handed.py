"""What functions are handed to: calls that are given them, in objects of settings too, and places
that they are put at. A callback of a consent platform is known by that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from gdprlint.effects.patterns import Arguments, Pattern, from_global
from gdprlint.effects.spelled import Spelling
from gdprlint.facts import (
    Assign,
    Call,
    Constant,
    Define,
    Expr,
    Fact,
    Function,
    Invoke,
    Items,
    Member,
    Name,
    Record,
    Text,
)
from gdprlint.flow import GLOBAL_OBJECTS, Flow, spelled_path

_DEEPEST = 8
_MOST = 3000


@dataclass(frozen=True, slots=True)
class Handed:
    """A place that a function is handed to: `klaro.setup({services.callback})` as names and
    arguments, and the literals that stand beside it in its object."""

    names: tuple[str, ...]
    arguments: Arguments
    beside: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Found:
    """A function in an object: where it is written, under which path of keys, beside what."""

    path: str
    function: int
    key: str
    beside: Mapping[str, str]


class Handings:
    """Every function of the project that is handed to something a consent entry may speak of."""

    def __init__(self, flow: Flow, spelling: Spelling, patterns: Iterable[Pattern]) -> None:
        self.flow = flow
        self.spelling = spelling
        patterns = tuple(patterns)
        # Calls that take settings are searched for functions deep in them; of places (a member, a
        # name) those with such a beginning.
        self._takers = {
            pattern.key.removesuffix("()")
            for pattern in patterns
            if any(a[:1] in ("{", "[") for row in pattern.arguments for a in row)
        }
        self._places = {pattern.names[0] for pattern in patterns if not pattern.arguments}
        begun = {name.removesuffix("()") for name in self._places}
        self._roots = {*begun, *GLOBAL_OBJECTS, "document"}
        self._index: dict[tuple[str, int], list[Handed]] | None = None

    def in_settings(self, path: str, function: int) -> tuple[Handed, ...]:
        """The settings and the places that a function stands in."""
        return tuple(self._indexed().get((path, function), ()))

    def of(self, path: str, function: int) -> Iterator[Handed]:
        """All that a function is handed to, its plain arguments included."""
        yield from self.in_settings(path, function)
        for site in self.flow.calls.handed(path, function):
            for spelled in self.spelling.of(
                Invoke(site.invoke.to, site.invoke.arguments), site.path
            ):
                yield Handed(spelled.names, with_key(spelled.arguments, site.index, site.key))

    def _indexed(self) -> dict[tuple[str, int], list[Handed]]:
        if self._index is not None:
            return self._index
        index: dict[tuple[str, int], list[Handed]] = {}
        self._index = index
        for name in self._takers:
            for path, call in self.flow.calls.named(name):
                self._add_call(path, call, index)
        for path in self.flow.project.files if self._places else ():
            for fact in self.flow.project.facts(path):
                self._add_place(path, fact, index)
        return index

    def _add_call(self, path: str, call: Call, index: dict[tuple[str, int], list[Handed]]) -> None:
        found = [
            (number, one)
            for number, argument in enumerate(call.invoke.arguments)
            for one in self._within(argument, path)
            if one.key or isinstance(argument, Items)
        ]
        for spelled in self.spelling.of(call.invoke, path) if found else ():
            for number, one in found:
                arguments = with_key(spelled.arguments, number, one.key)
                handed = Handed(spelled.names, arguments, one.beside)
                index.setdefault((one.path, one.function), []).append(handed)

    def _add_place(self, path: str, fact: Fact, index: dict[tuple[str, int], list[Handed]]) -> None:
        match fact:
            case Define(name=name, value=value):
                names: tuple[str, ...] = (name,)
            case Assign(to=to, value=value) if _root(to) in self._roots:
                names = from_global([part for part in spelled_path(to).split(".") if part])
            case _:
                return
        if not names or names[0] not in self._places:
            return
        for one in self._within(value, path):
            keys = one.key.split(".") if one.key else ()
            handed = Handed((*names, *keys), (), one.beside)
            index.setdefault((one.path, one.function), []).append(handed)

    def _within(self, value: Expr, path: str) -> Iterator[_Found]:
        """The functions in a value, through its objects, lists and names."""
        pending: list[tuple[Expr, str, str, Mapping[str, str], int]] = [(value, path, "", {}, 0)]
        for _ in range(_MOST):
            if not pending:
                return
            here, where, key, beside, depth = pending.pop()
            if depth > _DEEPEST:
                continue
            match here:
                case Function(number):
                    yield _Found(where, number, key, beside)
                case Record(entries):
                    literals = {entry.key: _words(entry.value) for entry in entries}
                    for entry in entries:
                        inner = f"{key}.{entry.key}" if key else entry.key
                        pending.append((entry.value, where, inner, literals, depth + 1))
                case Items(items):
                    pending.extend((item, where, key, beside, depth + 1) for item in items)
                case Name() | Member():
                    functions = self.flow.names.functions(here, where)
                    for file, number in functions:
                        yield _Found(file, number, key, beside)
                    if isinstance(here, Name) and not functions:
                        for one in self.flow.names.resolve(here, where)[:3]:
                            if isinstance(one.value, Record | Items):
                                pending.append((one.value, one.path, key, beside, depth + 1))


def with_key(arguments: Arguments, index: int, key: str) -> Arguments:
    """Arguments of which one, an object, is spoken of for one of its keys alone."""
    if not key or not arguments or not 0 <= index < len(arguments[-1]):
        return arguments
    last = list(arguments[-1])
    last[index] = "{" + key + "}"
    return (*arguments[:-1], tuple(last))


def _words(value: Expr) -> str:
    match value:
        case Text(text):
            return text
        case Constant(bool(truth)):
            return "true" if truth else "false"
        case Items(items):
            return " ".join(item.text for item in items if isinstance(item, Text))
    return ""


def _root(value: Expr) -> str:
    """The name that a path of members begins with."""
    while isinstance(value, Member | Invoke):
        value = value.of if isinstance(value, Member) else value.to
    return value.name if isinstance(value, Name) else ""
