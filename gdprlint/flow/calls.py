"""Where is a function called, and where is it handed on to be called later?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gdprlint.facts import (
    Assign,
    Call,
    Define,
    Either,
    Element,
    Expr,
    Function,
    Invoke,
    Items,
    Member,
    Name,
    Opaque,
    Record,
    Text,
    Way,
)
from gdprlint.facts.expr import Keyword
from gdprlint.flow.names import Names, imported_from

_MOST_SITES = 60
COMPONENT = -3
"""The scope of names of components in markup, which does not say in which scope it stands."""


@dataclass(frozen=True, slots=True)
class Site:
    """A place where a function comes to run.

    `arguments` are what it is given there. `index` is -1 for a plain call; else the function is
    the argument number `index` of `invoke`, under `key` where it lies in an object there.
    """

    path: str
    invoke: Invoke
    way: Way
    index: int = -1
    key: str = ""

    @property
    def arguments(self) -> tuple[Expr, ...]:
        """The arguments of a plain call; of a callback nothing is known."""
        return self.invoke.arguments if self.index < 0 else ()


class Calls:
    """All calls of the project, by the last name of what they call."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self._by_name: dict[str, list[tuple[str, Call]]] | None = None
        self._literal: dict[tuple[str, int], list[tuple[str, Call]]] = {}
        self._handed: dict[str, list[tuple[str, Call, int, str]]] = {}
        self._in_records: dict[tuple[str, int], list[Site]] = {}
        self._known_as: dict[tuple[str, int], list[str]] = {}
        self._aliases: dict[str, set[str]] = {}
        self._assigned_to: dict[tuple[str, int], str] = {}
        self._memo: dict[tuple[str, int], tuple[Site, ...]] = {}

    def named(self, name: str) -> list[tuple[str, Call]]:
        """Every call whose callee ends in `name`: (file, call)."""
        return self._index().get(name, [])

    def sites(self, path: str, function: int) -> tuple[Site, ...]:
        """Every place known where the function runs, at most some sixty.

        Functions that are arguments themselves (`f(function () {})`) are told by the `Callback` on
        their way and are not listed here.
        """
        key = (path, function)
        if key not in self._memo:
            self._memo[key] = ()
            self._memo[key] = tuple(self._sites(path, function))[:_MOST_SITES]
        return self._memo[key]

    def called_on_the_spot(self, path: str, function: int) -> Site | None:
        """The call of a function expression right where it stands."""
        self._index()
        for where, call in self._literal.get((path, function), ()):
            return Site(where, call.invoke, call.way)
        return None

    def parameter_uses(self, path: str, function: int, index: int) -> Iterator[Site]:
        """Where the function calls its own parameter, or hands it on as somebody's callback."""
        facts = self.names.project.files[path].functions.get(function)
        if facts is None or index >= len(facts.parameters):
            return
        name = facts.parameters[index]
        if not name:
            return
        for where, call in self.named(name):
            if where == path and facts.span.start <= call.span.start < facts.span.end:
                yield Site(path, call.invoke, call.way)
        for where, call, position, key in self._handed.get(name, ()):
            if where == path and facts.span.start <= call.span.start < facts.span.end:
                yield Site(path, call.invoke, call.way, position, key)

    def _sites(self, path: str, function: int) -> Iterator[Site]:
        self._index()
        for where, call in self._literal.get((path, function), ()):
            yield Site(where, call.invoke, call.way)
        yield from self._in_records.get((path, function), ())
        for name in self._known_as.get((path, function), ()):
            for known in {name, *self._aliases.get(name, ())}:
                yield from self._by_that_name(path, function, known)

    def _by_that_name(self, path: str, function: int, name: str) -> Iterator[Site]:
        for where, call in self.named(name)[: 4 * _MOST_SITES]:
            component = isinstance(call.invoke.to, Name) and call.invoke.to.scope == COMPONENT
            found = (
                self.names.in_file(name, where)
                if component
                else self.names.functions(call.invoke.to, where)
            )
            to = call.invoke.to
            loose = (
                not found
                and where == path
                and (_on_itself(to) or _spelled(to) == self._assigned_to.get((path, function)))
            )
            if (path, function) in found or loose:
                yield Site(where, call.invoke, call.way)
        for where, call, position, key in self._handed.get(name, ())[: 4 * _MOST_SITES]:
            argument = _handed_value(call, position, key)
            if argument is not None and (path, function) in self.names.functions(argument, where):
                yield Site(where, call.invoke, call.way, position, key)

    def _index(self) -> dict[str, list[tuple[str, Call]]]:
        if self._by_name is not None:
            return self._by_name
        by_name: dict[str, list[tuple[str, Call]]] = {}
        self._by_name = by_name
        for path, facts in self.names.project.files.items():
            for fact in facts.facts:
                if isinstance(fact, Call):
                    self._index_call(path, fact, by_name)
                elif isinstance(fact, Define):
                    self._index_define(path, fact)
                elif isinstance(fact, Assign) and isinstance(fact.to, Member | Name):
                    self._index_value(path, fact.to.name, fact.value)
                    if isinstance(fact.value, Function) and isinstance(fact.to, Member):
                        self._assigned_to[path, fact.value.function] = _spelled(fact.to)
                elif isinstance(fact, Element):
                    self._index_handlers(path, fact)
                if isinstance(fact, Element) and fact.tag[:1].isupper():
                    invoke = Invoke(
                        Name(fact.tag, COMPONENT), (), False, fact.span.start, fact.span.end
                    )
                    by_name.setdefault(fact.tag, []).append(
                        (path, Call(invoke, fact.span, fact.way))
                    )
        return by_name

    def _index_call(
        self, path: str, call: Call, by_name: dict[str, list[tuple[str, Call]]]
    ) -> None:
        to = call.invoke.to
        match to:
            case Name(name) | Member(_, name):
                by_name.setdefault(name, []).append((path, call))
            case Function(number):
                self._literal.setdefault((path, number), []).append((path, call))
        if isinstance(to, Member) and isinstance(to.of, Function) and to.name in ("call", "apply"):
            self._literal.setdefault((path, to.of.function), []).append((path, call))
        for index, argument in enumerate(call.invoke.arguments):
            value = argument.value if isinstance(argument, Keyword) else argument
            match value:
                case Name(name) | Member(_, name):
                    self._handed.setdefault(name, []).append((path, call, index, ""))
                case Record():
                    self._index_record(path, call, index, value, "", 0)
                case Items(items):
                    for item in items:
                        if isinstance(item, Record):
                            self._index_record(path, call, index, item, "", 1)

    def _index_handlers(self, path: str, element: Element) -> None:
        """Functions named in a handler attribute, `onClick={accept}`: given to a listener."""
        for attribute in element.attributes:
            event = attribute.name[2:].lower()
            if not attribute.name.startswith("on") or not event:
                continue
            if isinstance(attribute.value, Name | Member):
                start, end = element.span.start, element.span.end
                to = Member(Opaque("element", start, end), "addEventListener", start, end)
                invoke = Invoke(to, (Text(event), attribute.value), False, attribute.start, end)
                call = Call(invoke, element.span, element.way)
                self._handed.setdefault(attribute.value.name, []).append((path, call, 1, ""))

    def _index_record(
        self, path: str, call: Call, index: int, record: Record, prefix: str, depth: int
    ) -> None:
        for entry in record.entries:
            key = f"{prefix}.{entry.key}" if prefix else entry.key
            match entry.value:
                case Function(number):
                    site = Site(path, call.invoke, call.way, index, key)
                    self._in_records.setdefault((path, number), []).append(site)
                case Name(name):
                    self._handed.setdefault(name, []).append((path, call, index, key))
                case Record() if depth < 4:
                    self._index_record(path, call, index, entry.value, key, depth + 1)
                case Items(items) if depth < 4:
                    for item in items:
                        if isinstance(item, Record):
                            self._index_record(path, call, index, item, key, depth + 1)

    def _index_define(self, path: str, fact: Define) -> None:
        module = imported_from(fact.value)
        if module is not None:
            if module[1] not in ("*", fact.name):
                self._aliases.setdefault(module[1], set()).add(fact.name)
            return
        self._index_value(path, fact.name.removeprefix("export "), fact.value)

    def _index_value(self, path: str, name: str, value: Expr) -> None:
        match value:
            case Function(number):
                self._known_as.setdefault((path, number), []).append(name)
            case Either(left, right):
                self._index_value(path, name, left)
                self._index_value(path, name, right)
            case Record(entries):
                for entry in entries:
                    if isinstance(entry.value, Function):
                        self._known_as.setdefault((path, entry.value.function), []).append(
                            entry.key
                        )
            case Invoke(Name("useCallback" | "debounce" | "throttle" | "once"), (Function(n), *_)):
                self._known_as.setdefault((path, n), []).append(name)


def _spelled(to: Expr) -> str:
    """A path of names as it is written, or nothing; one file uses one spelling for one object."""
    match to:
        case Name(name):
            return name
        case Member(of, name):
            before = _spelled(of)
            return f"{before}.{name}" if before else ""
    return ""


def _on_itself(to: Expr) -> bool:
    """A method called on its own object, whose class or record is not looked for."""
    match to:
        case Member(Name(name), _):
            return name in ("this", "self", "that", "_this", "_self")
    return False


def _handed_value(call: Call, index: int, key: str) -> Expr | None:
    if index >= len(call.invoke.arguments):
        return None
    value: Expr = call.invoke.arguments[index]
    if isinstance(value, Keyword):
        value = value.value
    for part in key.split(".") if key else ():
        found = None
        records = [value] if isinstance(value, Record) else []
        if isinstance(value, Items):
            records = [item for item in value.items if isinstance(item, Record)]
        for record in records:
            found = next((e.value for e in record.entries if e.key == part), found)
        if found is None:
            return None
        value = found
    return value
