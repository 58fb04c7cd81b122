"""Which fields does a form have that a library keeps?

Its values come as one object. What lies in it is told by the object that it begins as, by the names
that its functions are called with, and by the components that are given a name and it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gdprlint.facts import (
    SPREAD,
    UNKNOWN_KEY,
    Call,
    Entry,
    Expr,
    Field,
    Invoke,
    Member,
    Name,
    Record,
    Text,
)
from gdprlint.facts.expr import Keyword
from gdprlint.flow.calls import Calls
from gdprlint.flow.library import Library
from gdprlint.flow.names import COMPONENT, Names

_NAME = "name"
_DEEPEST = 6


class FormFields:
    """The fields of forms, as objects whose members are fields."""

    def __init__(self, calls: Calls, library: Library) -> None:
        self.calls = calls
        self.names: Names = calls.names
        self.library = library
        self._components: dict[str, list[Call]] | None = None

    def of_file(self, path: str) -> Record:
        """The fields that components of a file name: rows lead from there to `fields`."""
        found: list[Text] = []
        for call in self._in_markup(path):
            if any(p.target[0].kind == "fields" for p in self.library.of_call(call.invoke, path)):
                found.extend(_given_name(call))
        return _record(found)

    def of_form(self, made: Expr, begins: Iterable[Entry], path: str) -> Record:
        """The fields of the form that a value is: those that it begins with, those that functions
        of it are called with, those of the components that get a name and something of it."""
        found = [
            Text(entry.key, entry.start, entry.end)
            for entry in begins
            if entry.key not in (SPREAD, UNKNOWN_KEY)
        ]
        if isinstance(made, Invoke):
            for fact in self.names.project.facts(path):
                if isinstance(fact, Call) and self._begins_at(fact.invoke.to, made, path, 0):
                    match fact.invoke.arguments:
                        case (Text() as named, *_):
                            found.append(named)
            for call in self._in_markup(path):
                (given,) = call.invoke.arguments
                if isinstance(given, Record) and any(
                    self._begins_at(entry.value, made, path, 0) for entry in given.entries
                ):
                    found.extend(_given_name(call))
        return _record(found)

    def _in_markup(self, path: str) -> list[Call]:
        if self._components is None:
            self._components = {}
            for where, call in self.calls.components():
                self._components.setdefault(where, []).append(call)
        return self._components.get(path, [])

    def _begins_at(self, value: Expr, made: Invoke, path: str, depth: int) -> bool:
        """Whether a value is a member of what a call makes."""
        if depth > _DEEPEST:
            return False
        match value:
            case Member(of):
                return self._begins_at(of, made, path, depth + 1)
            case Invoke():
                return value == made
            case Name():
                declared = (
                    self.names.named_in_file(value.name, path)
                    if value.scope == COMPONENT
                    else self.names.declared(value, path)
                )
                return any(
                    definition.path == path
                    and definition.value != value
                    and self._begins_at(definition.value, made, path, depth + 1)
                    for definition in declared
                )
        return False


def _given_name(call: Call) -> Iterator[Text]:
    for argument in call.invoke.arguments:
        given = argument.value if isinstance(argument, Keyword) else argument
        for entry in given.entries if isinstance(given, Record) else ():
            if entry.key == _NAME and isinstance(entry.value, Text) and entry.value.text:
                yield entry.value


def _record(names: Iterable[Text]) -> Record:
    """An object with a field for each name."""
    unique = {named.text: named for named in reversed(list(names))}
    return Record(
        tuple(
            Entry(name, Field(name, named.start, named.end), named.start, named.end)
            for name, named in reversed(unique.items())
        )
    )
