"""Where is a function called that a library or a caller gave out: a setter, a handler, a prop?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from gdprlint.facts import (
    REST,
    SPREAD,
    Define,
    Either,
    Expr,
    Invoke,
    Items,
    Member,
    Name,
    Opaque,
    Parameter,
    Record,
)
from gdprlint.flow.calls import Calls, Site, provider_tag
from gdprlint.flow.library import Library
from gdprlint.flow.names import COMPONENT
from gdprlint.flow.writes import Identity
from gdprlint.source import Span

_MOST = 60
_DEEPEST = 5
_MOST_CALLS = 400


@dataclass(frozen=True, slots=True)
class Root:
    """What a value begins at: a call by its place (`start`, `end`), or a parameter by the number of
    its function (`start`) and its own (`end`)."""

    path: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of a class, and the members of a call that it begins as."""

    of: Identity
    name: str
    keys: tuple[str, ...]


def root_of(value: Expr, path: str) -> tuple[Root, tuple[str, ...]] | None:
    """The call or parameter at which `value` begins, and the members from there."""
    keys: list[str] = []
    while True:
        match value:
            case Member(of, name):
                keys.append(name)
                value = of
            case Either(left):
                value = left
            case Parameter(function, index):
                return Root(path, "parameter", function, index), tuple(reversed(keys))
            case Invoke(Name(name), (whole, *_)) if name == REST:
                value = whole
            case Invoke():
                return Root(path, "call", value.start, value.end), tuple(reversed(keys))
            case _:
                return None


class Uses:
    """Calls of functions that have no body in the project."""

    def __init__(
        self,
        calls: Calls,
        library: Library,
        classes: Callable[[Expr, str], Iterable[Identity]],
    ) -> None:
        self.calls = calls
        self.names = calls.names
        self.library = library
        self.classes = classes
        self._fields: dict[str, dict[Root, list[_Field]]] = {}
        self._bound: dict[str, dict[Root, list[tuple[tuple[str, ...], Define]]]] = {}
        self._components: dict[str, list[tuple[Record, str]]] | None = None
        self._given: dict[str, dict[str, list[tuple[int, tuple[str, ...], Name]]]] = {}
        self._memo: dict[tuple[Root, tuple[str, ...]], tuple[Site, ...]] = {}

    def applied(self, root: Root, keys: tuple[str, ...]) -> tuple[Site, ...]:
        """Every place where the member `keys` of `root` is called; at most sixty."""
        key = (root, keys)
        found = self._memo.get(key)
        if found is None:
            self._memo[key] = ()
            unique = dict.fromkeys(self._applied(root, keys, 0))
            found = self._memo[key] = tuple(unique)[:_MOST]
        return found

    def _applied(self, root: Root, keys: tuple[str, ...], depth: int) -> Iterator[Site]:
        if depth > _DEEPEST:
            return
        for bound, define in self._bindings(root.path).get(root, ()):
            if keys[: len(bound)] != bound:
                continue
            left = keys[len(bound) :]
            yield from self._called(define, left, root.path)
            yield from self._handed_on(define, left, root.path, depth)
            yield from self._given_back(define, left, root.path, depth)
        for one in self._kept_in_fields(root.path).get(root, ()):
            if keys[: len(one.keys)] == one.keys:
                yield from self._called_on(one, keys[len(one.keys) :])

    def _kept_in_fields(self, path: str) -> dict[Root, list[_Field]]:
        """What fields of classes begin as, where that begins at a call."""
        table = self._fields.get(path)
        if table is None:
            table = self._fields[path] = {}
            for fact in self.names.project.facts(path):
                value = fact.value if isinstance(fact, Define) else None
                for entry in value.entries if isinstance(value, Record) else ():
                    found = root_of(entry.value, path) if entry.key != SPREAD else None
                    if found is not None and value is not None and found[0].kind == "call":
                        of = Identity(path, "class", value.start)
                        table.setdefault(found[0], []).append(_Field(of, entry.key, found[1]))
        return table

    def _called_on(self, field: _Field, left: tuple[str, ...]) -> Iterator[Site]:
        """The calls of what a field holds, or of a member of it, on any object of the class."""
        for where, call in self.calls.named(left[-1] if left else field.name)[:_MOST_CALLS]:
            value: Expr | None = call.invoke.to
            for key in reversed(left):
                value = value.of if isinstance(value, Member) and value.name == key else None
            if not isinstance(value, Member) or value.name != field.name:
                continue
            if field.of in self.classes(value.of, where):
                yield Site(where, call.invoke, call.way)

    def _bindings(self, path: str) -> dict[Root, list[tuple[tuple[str, ...], Define]]]:
        table = self._bound.get(path)
        if table is None:
            table = self._bound[path] = {}
            for fact in self.names.project.facts(path):
                if isinstance(fact, Define):
                    found = self._root(fact.value, path, 0)
                    if found is not None:
                        table.setdefault(found[0], []).append((found[1], fact))
        return table

    def _root(self, value: Expr, path: str, depth: int) -> tuple[Root, tuple[str, ...]] | None:
        """The call or parameter at which a value begins, through names that stand for its members:
        `const { add } = slice.actions`."""
        found = root_of(value, path)
        keys: list[str] = []
        while found is None and isinstance(value, Member):
            keys.append(value.name)
            value = value.of
        if found is not None or not keys or not isinstance(value, Name) or depth > _DEEPEST:
            return found
        declared = self.names.declared(value, path)
        if len(declared) != 1 or declared[0].path != path or declared[0].value == value:
            return None
        inner = self._root(declared[0].value, path, depth + 1)
        return (inner[0], (*inner[1], *reversed(keys))) if inner is not None else None

    def _called(self, define: Define, left: tuple[str, ...], path: str) -> Iterator[Site]:
        """The calls of a name, or of a member of it, in its own file and where it is imported."""
        last = left[-1] if left else define.name.removeprefix("export ")
        for where, call in self.calls.named(last):
            value: Expr = call.invoke.to
            for key in reversed(left):
                if not isinstance(value, Member) or value.name != key:
                    break
                value = value.of
            else:
                if self._means(value, where, define, path):
                    yield Site(where, call.invoke, call.way)

    def _means(self, value: Expr, where: str, define: Define, path: str) -> bool:
        if not isinstance(value, Name) or value.scope == COMPONENT:
            return False
        return any(
            d.path == path and d.span == define.span for d in self.names.resolve(value, where)
        )

    def _handed_on(
        self, define: Define, left: tuple[str, ...], path: str, depth: int
    ) -> Iterator[Site]:
        """Where a function goes on as an argument or as a property of a component."""
        for where, call, index, key, value in self.calls.handed_by_name(define.name):
            if where != path or not self._means(value, where, define, path):
                continue
            keys = (*(key.split(".") if key else ()), *left)
            receivers = list(self._receivers(call.invoke, where, index))
            if not receivers and not left and _is_component(call.invoke):
                # A component that nobody here wrote calls it with what it likes.
                to = call.invoke.to
                unknown = Opaque("given by a component", to.start, to.end)
                yield Site(where, Invoke(value, (unknown,), False, to.start, to.end), call.way)
            for target, function, parameter in receivers:
                root = Root(target, "parameter", function, parameter)
                yield from self._applied(root, keys, depth + 1)
            for reader, given in self._readers(call.invoke, where, index, keys):
                yield from self._applied(reader, given, depth + 1)

    def _receivers(self, invoke: Invoke, path: str, index: int) -> Iterator[tuple[str, int, int]]:
        """The functions that get the argument `index` of a call, and as which parameter."""
        to = invoke.to
        if isinstance(to, Name) and to.scope == COMPONENT:
            for where, function in self.names.in_file(to.name, path):
                yield where, function, index
            return
        for where, function in self.names.functions(to, path):
            yield where, function, index
        for passing in self.library.of_call(invoke, path):
            source, target = passing.source, passing.target
            if len(source) != 1 or source[0].kind != "argument" or source[0].index != index:
                continue
            if [turn.kind for turn in target] != ["argument", "parameter"]:
                continue
            if target[0].index < len(invoke.arguments):
                given = invoke.arguments[target[0].index]
                for where, function in self.names.functions(given, path):
                    yield where, function, target[1].index

    def _given_back(
        self, define: Define, left: tuple[str, ...], path: str, depth: int
    ) -> Iterator[Site]:
        """Where a function gives a name back, to whoever calls that function."""
        for number, keys, value in self._returns(path).get(define.name, ()):
            if not self._means(value, path, define, path):
                continue
            for site in self.calls.sites(path, number):
                if site.index < 0:
                    yield from self._applied(_made_at(site), (*keys, *left), depth + 1)
            for site in self.calls.handed(path, number):
                if not site.key and self._gives_back(site):
                    yield from self._applied(_made_at(site), (*keys, *left), depth + 1)

    def _gives_back(self, site: Site) -> bool:
        """Whether a call gives back what the function that it is handed gives back."""
        for passing in self.library.of_call(site.invoke, site.path):
            if [turn.kind for turn in passing.target] == ["returned"]:
                kinds = [turn.kind for turn in passing.source]
                if kinds == ["argument", "returned"] and passing.source[0].index == site.index:
                    return True
        return False

    def _returns(self, path: str) -> dict[str, list[tuple[int, tuple[str, ...], Name]]]:
        """The names that functions of a file give back: (function, members, name)."""
        table = self._given.get(path)
        if table is None:
            table = self._given[path] = {}
            for number, facts in self.names.project.files[path].functions.items():
                for value in facts.returns:
                    for keys, name in _names_in(value.value, 0):
                        table.setdefault(name.name, []).append((number, keys, name))
        return table

    # ---------------------------------------------------------------- components that are files

    def properties(self, path: str) -> list[tuple[Record, str]]:
        """What markup elsewhere gives to the component that the file `path` is."""
        if self._components is None:
            self._components = {}
            for where, call in self.calls.components():
                file = self.names.component_file(call.invoke.to, where)
                given = call.invoke.arguments[0]
                if file is not None and isinstance(given, Record):
                    self._components.setdefault(file, []).append((given, where))
        return self._components.get(path, [])

    # ---------------------------------------------------------------- markup that provides

    def provided(self, context: Expr, path: str) -> Iterator[tuple[Expr, str]]:
        """What markup provides for a context: the `value` of `<Booking.Provider value={...}>`."""
        wanted = self._definition(context, path)
        if wanted is None:
            return
        for where, tag, value in self.calls.providers():
            if self._definition(tag, where) == wanted:
                yield value, where

    def _readers(
        self, invoke: Invoke, path: str, index: int, keys: tuple[str, ...]
    ) -> Iterator[tuple[Root, tuple[str, ...]]]:
        """The calls that read what a provider in markup provides, where `invoke` is one."""
        if keys[:1] != ("value",):
            return
        tag = provider_tag(invoke)
        wanted = self._definition(tag, path) if tag is not None else None
        if wanted is None:
            return
        for name in self.library.readers:
            for where, call in self.calls.named(name):
                first = call.invoke.arguments[0] if call.invoke.arguments else None
                if first is not None and self._definition(first, where) == wanted:
                    yield (
                        Root(where, "call", call.invoke.start, call.invoke.end),
                        keys[1:],
                    )

    def _definition(self, value: Expr, path: str) -> tuple[str, Span] | None:
        if not isinstance(value, Name):
            return None
        found = (
            self.names.named_in_file(value.name, path)
            if value.scope == COMPONENT
            else self.names.resolve(value, path)
        )
        return (found[0].path, found[0].span) if found else None


def _is_component(invoke: Invoke) -> bool:
    return isinstance(invoke.to, Name) and invoke.to.scope == COMPONENT


def _made_at(site: Site) -> Root:
    return Root(site.path, "call", site.invoke.start, site.invoke.end)


def _names_in(value: Expr, depth: int) -> Iterator[tuple[tuple[str, ...], Name]]:
    """The names in a value, with the members by which they are to be had from it."""
    match value:
        case Name():
            yield (), value
        case Record(entries) if depth < 3:
            for entry in entries:
                for keys, name in _names_in(entry.value, depth + 1):
                    yield (entry.key, *keys), name
        case Items(items) if depth < 3:
            for index, item in enumerate(items):
                for keys, name in _names_in(item, depth + 1):
                    yield (str(index), *keys), name
