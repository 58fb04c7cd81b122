"""Where is a function called, and where is it handed on to be called later?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from gdprlint.facts import (
    SPREAD,
    Assign,
    Body,
    Call,
    Callback,
    Constant,
    Define,
    Either,
    Element,
    Entry,
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
from gdprlint.flow.handing import Handing
from gdprlint.flow.names import COMPONENT, EXPORTED, Names, imported_from

_MOST_SITES = 80
_MOST_TOLD_APART = 12
Handed: TypeAlias = tuple[str, Call, int, str, Expr]
"""A value that a call is given: (file, call, number of the argument, members in it, value)."""


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
    """All calls of the project, by the last name of what they call.

    `left_out` are the functions with more calls than are told.
    """

    def __init__(self, names: Names) -> None:
        self.names = names
        self.left_out: set[tuple[str, int]] = set()
        self._by_name: dict[str, list[tuple[str, Call]]] | None = None
        self._by_file: dict[str, dict[str, list[Call]]] = {}
        self._literal: dict[tuple[str, int], list[tuple[str, Call]]] = {}
        self._lent: dict[str, list[tuple[str, Call]]] = {}
        self._handed: dict[str, list[tuple[str, Call, int, str]]] = {}
        self._in_records: dict[tuple[str, int], list[Site]] = {}
        self._known_as: dict[tuple[str, int], list[str]] = {}
        self._aliases: dict[str, set[str]] = {}
        self._assigned_to: dict[tuple[str, int], str] = {}
        self._memo: dict[tuple[str, int], tuple[Site, ...]] = {}
        self.means: Callable[[Expr, str], tuple[tuple[str, int], ...]] = names.functions
        self._props: dict[tuple[str, int], list[Site]] = {}
        self._props_by_name: dict[str, list[Handed]] = {}
        self._by_given_name: dict[str, list[Handed]] = {}
        self._in_markup: list[tuple[str, Call]] = []
        self._providers: list[tuple[str, Name, Expr]] = []
        self._options: dict[str, Invoke] = {}
        self._in_options: dict[tuple[str, int], Site] = {}
        self._callbacks: dict[str, dict[int, Callback]] = {}
        self.handing = Handing(names)

    def named(self, name: str) -> list[tuple[str, Call]]:
        """Every call whose callee ends in `name`: (file, call)."""
        return self._index().get(name, [])

    def in_file(self, name: str, path: str) -> list[Call]:
        """Every call in a file whose callee ends in `name`, in the order of the file."""
        if name not in self._by_file:
            table = self._by_file[name] = {}
            for where, call in self.named(name):
                table.setdefault(where, []).append(call)
        return self._by_file[name].get(path, [])

    def all_names(self) -> Iterable[str]:
        """The last names of all callees of the project."""
        return self._index()

    def sites(self, path: str, function: int) -> tuple[Site, ...]:
        """Every place known where the function runs, at most eighty.

        Functions that are arguments themselves (`f(function () {})`) are told by the `Callback` on
        their way and are not listed here.
        """
        key = (path, function)
        if key not in self._memo:
            self._memo[key] = ()
            found = tuple(self._sites(path, function))
            self._memo[key] = found[:_MOST_SITES]
            if len(found) > _MOST_SITES:
                self.left_out.add(key)
        return self._memo[key]

    def in_objects(self, path: str, function: int) -> tuple[Site, ...]:
        """Every call that is given an object in which the function is written."""
        self._index()
        option = self._in_options.get((path, function))
        found = self._in_records.get((path, function), ())
        return (option, *found) if option is not None else tuple(found)

    def component_of(self, path: str) -> Invoke | None:
        """The call that makes the component that a file is out of its options."""
        self._index()
        return self._options.get(path)

    def handed(self, path: str, function: int) -> tuple[Site, ...]:
        """Every call that is given the function as an argument, and every component that is given
        it as a property."""
        found = [site for site in self.sites(path, function) if site.index >= 0]
        option = self._in_options.get((path, function))
        if option is not None:
            found.append(option)
        found.extend(self._props.get((path, function), ()))
        callback = self.callback(path, function)
        if callback is not None:
            start, end = callback.start, callback.end
            invoke = Invoke(callback.to, callback.arguments, False, start, end)
            found.append(Site(path, invoke, (), callback.index, callback.key))
        for site in tuple(found):
            found.extend(self._handed_again(site))
        known = [*self._known_as.get((path, function), ())]
        if option is not None:
            known.append(option.key.rpartition(".")[2])
        for name in dict.fromkeys((*known, *(a for k in known for a in self._aliases.get(k, ())))):
            for where, call, index, key, value in self._props_by_name.get(name, ()):
                if (path, function) in (
                    self.names.functions(value, where) or self.means(value, where)
                ):
                    found.append(Site(where, call.invoke, call.way, index, key))
        return tuple(dict.fromkeys(found))

    def _handed_again(self, site: Site) -> Iterator[Site]:
        """Where a call hands the function on that it is given: `listen(debounce(changed))`."""
        if not site.key and self.handing.gives_back(site.invoke, site.index, site.path):
            for call, index, key in self.handing.goes_to(site.invoke, site.path):
                yield Site(site.path, call.invoke, call.way, index, key)

    def handed_by_name(self, name: str) -> Iterator[Handed]:
        """Where a name is given to a call or to a component, by itself or in an object."""
        self._index()
        yield from self._props_by_name.get(name, ())
        yield from self._by_given_name.get(name, ())

    def components(self) -> list[tuple[str, Call]]:
        """Every component in markup, as the call that it is: (file, call)."""
        self._index()
        return self._in_markup

    def providers(self) -> list[tuple[str, Name, Expr]]:
        """What markup provides to the components inside: (file, the context's name, value)."""
        self._index()
        return self._providers

    def callback(self, path: str, function: int) -> Callback | None:
        """The call whose argument the function is, where it is written right into the call."""
        table = self._callbacks.get(path)
        if table is None:
            table = self._callbacks[path] = {}
            seen: set[int] = set()
            for fact in self.names.project.files[path].facts:
                way = getattr(fact, "way", ())
                if id(way) in seen:
                    continue
                seen.add(id(way))
                for before, step in pairwise(way):
                    if isinstance(step, Body) and isinstance(before, Callback):
                        table[step.function] = before
            for number, found in self.names.project.files[path].functions.items():
                if found.way and isinstance(found.way[-1], Callback):
                    table[number] = found.way[-1]
        return table.get(function)

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
        in_objects = self._in_records.get((path, function), ())
        yield from in_objects
        option = self._in_options.get((path, function))
        written_in = (*in_objects, option) if option is not None else in_objects
        written_as = (site.key.rpartition(".")[2] for site in written_in)
        for name in dict.fromkeys((*self._known_as.get((path, function), ()), *written_as)):
            for known in {name, *self._aliases.get(name, ())}:
                yield from self._by_that_name(path, function, known)

    def _by_that_name(self, path: str, function: int, name: str) -> Iterator[Site]:
        calls = [*self.named(name), *self._lent.get(name, ())]
        if len(calls) > 4 * _MOST_SITES:
            self.left_out.add((path, function))
            calls = calls[: 4 * _MOST_SITES]
        # A name that many objects have, as minified ones do, says too little to go back from each.
        means = self.means if len(calls) <= _MOST_TOLD_APART else self.names.functions
        for where, call in calls:
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
                and (_on_itself(to) or spelled_names(to) == self._assigned_to.get((path, function)))
            )
            if (path, function) in (found or means(to, where)) or loose:
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
                        self._assigned_to[path, fact.value.function] = spelled_names(fact.to)
                elif isinstance(fact, Element):
                    self._index_handlers(path, fact)
                if isinstance(fact, Element) and (
                    fact.tag[:1].isupper() or "-" in fact.tag or "." in fact.tag
                ):
                    call = _of_component(fact)
                    if fact.tag[:1].isupper():
                        by_name.setdefault(fact.tag, []).append((path, call))
                    self._index_component(path, call)
            for function in facts.functions.values():
                # Methods of an object that a function makes.
                for given in function.returns:
                    if isinstance(given.value, Record):
                        self._index_value(path, function.name, given.value)
        return by_name

    def _index_component(self, path: str, call: Call) -> None:
        """What a component in markup is given: its attributes are one object, its argument."""
        (given,) = call.invoke.arguments
        self._in_markup.append((path, call))
        for key, value in _within(given, "", 0):
            match value:
                case Function(number):
                    site = Site(path, call.invoke, call.way, 0, key)
                    self._props.setdefault((path, number), []).append(site)
                case Name(name):
                    handed = (path, call, 0, key, value)
                    self._props_by_name.setdefault(name, []).append(handed)
            tag = provider_tag(call.invoke)
            if key == "value" and tag is not None:
                self._providers.append((path, tag, value))

    def _index_call(
        self, path: str, call: Call, by_name: dict[str, list[tuple[str, Call]]]
    ) -> None:
        to = call.invoke.to
        match to:
            case Name(name) | Member(_, name):
                by_name.setdefault(name, []).append((path, call))
            case Function(number):
                self._literal.setdefault((path, number), []).append((path, call))
        match to:
            case Member(Function(number), "call" | "apply"):
                self._literal.setdefault((path, number), []).append((path, call))
            case Member(Name(name) | Member(_, name), "call" | "apply"):
                self._lent.setdefault(name, []).append((path, call))
        match call.invoke:
            case Invoke(Name("provide") | Member(_, "provide"), (Name() as held, value)):
                self._providers.append((path, held, value))
        tag = provider_tag(call.invoke)
        for index, argument in enumerate(call.invoke.arguments):
            value = argument.value if isinstance(argument, Keyword) else argument
            for key, given in _within(value, "", 0):
                if isinstance(given, Name):
                    handed = (path, call, index, key, given)
                    self._by_given_name.setdefault(given.name, []).append(handed)
                if tag is not None and index == 1 and key == "value":
                    self._providers.append((path, tag, given))
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
        if fact.name.startswith("@") and isinstance(fact.value, Name):
            # A name in markup, under which the markup's own facts refer to it.
            self._aliases.setdefault(fact.value.name, set()).add(fact.name)
        self._index_value(path, fact.name.removeprefix("export "), fact.value)
        if fact.name == EXPORTED and self.names.project.files[path].language == "vue":
            self._index_options(path, fact)

    def _index_options(self, path: str, exported: Define) -> None:
        """What a component's file gives out, as the call that the framework makes of it."""
        value = exported.value
        if isinstance(value, Name):
            named = self.names.declared(value, path)
            value = named[0].value if len(named) == 1 else value
        if isinstance(value, Invoke):
            self._options[path] = value
        elif isinstance(value, Record):
            invoke = Invoke(Name(EXPORTED), (value,), False, value.start, value.end)
            self._options[path] = invoke
            for key, given in _within(value, "", 0):
                if isinstance(given, Function):
                    self._in_options[path, given.function] = Site(
                        path, invoke, exported.way, 0, key
                    )

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
                        known = self._known_as.setdefault((path, entry.value.function), [])
                        known.append(name if entry.key == "constructor" else entry.key)
            case Invoke(to, (inner, *_)) if self.names.gives_back(to):
                self._index_value(path, name, inner)


def _of_component(element: Element) -> Call:
    """A component in markup as a call that is given one object, its attributes."""
    start, end = element.span.start, element.span.end
    # Vue's markup writes `:visit-reason` for the property `visitReason`.
    entries = tuple(
        Entry(_camel(a.name), a.value if a.value is not None else Constant(True), a.start, a.end)
        for a in element.attributes
    )
    given = Record(entries, start, end)
    invoke = Invoke(Name(element.tag, COMPONENT, start, end), (given,), False, start, end)
    return Call(invoke, element.span, element.way)


def _camel(name: str) -> str:
    first, *others = name.split("-")
    return first + "".join(word[:1].upper() + word[1:] for word in others) if others else name


def provider_tag(invoke: Invoke) -> Name | None:
    """The context that markup provides a value for: `Booking` of `<Booking.Provider>`, in markup
    or as the call that markup is compiled to."""
    to = invoke.to
    if isinstance(to, Name) and to.scope == COMPONENT:
        return Name(to.name.removesuffix(".Provider"), COMPONENT, to.start, to.end)
    match invoke.arguments:
        case (Member(Name() as tag, "Provider"), Record(), *_):
            return tag
    return None


def _within(value: Expr, key: str, depth: int) -> Iterator[tuple[str, Expr]]:
    """A value, and the values in it where it is an object: (members from there, value)."""
    yield key, value
    if isinstance(value, Record) and depth < 3:
        for entry in value.entries:
            if entry.key != SPREAD:
                inner = f"{key}.{entry.key}" if key else entry.key
                yield from _within(entry.value, inner, depth + 1)


def spelled_names(to: Expr) -> str:
    """A path of names as it is written, or nothing; one file uses one spelling for one object."""
    match to:
        case Name(name):
            return name
        case Member(of, name):
            before = spelled_names(of)
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
