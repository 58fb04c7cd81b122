"""What is put into a member of an object after it was made: `order.email = x`, `this.reason = x`.

Two spellings mean one object where they lead to the same definition; what cannot be told apart is
not joined.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from posixpath import dirname, join, normpath

from gdprlint.facts import (
    MEMBERS,
    UNKNOWN_KEY,
    Assign,
    Body,
    Call,
    Define,
    Expr,
    Function,
    Invoke,
    Member,
    Name,
    Parameter,
    Record,
    Text,
    Way,
)
from gdprlint.facts.expr import place_in_list
from gdprlint.flow.calls import Calls, Site
from gdprlint.flow.library import Library, Passing, Turn, fills, fits, keys_of, makes_object
from gdprlint.flow.names import GLOBAL_OBJECTS

_DEEPEST = 6
_SOME_PLACE = "[+]"
"""The key of what is put at some place of a list: no member of any name."""


@dataclass(frozen=True, slots=True)
class Identity:
    """One object of the program: where it is made, and the members from there."""

    path: str
    made: str
    start: int
    keys: tuple[str, ...] = ()


class Writes:
    """Assignments to members, by the member's name."""

    def __init__(self, calls: Calls, library: Library) -> None:
        self.calls = calls
        self.library = library
        self.names = calls.names
        self._by_key: dict[str, list[tuple[str, Assign]]] | None = None
        self._by_object: dict[str, dict[Identity, list[tuple[Expr, str]]]] = {}
        self._tables: dict[str, dict[Identity, list[tuple[str, Expr]]]] = {}
        self._bound: dict[Identity, list[tuple[str, Expr, str]]] | None = None
        self._marked: list[tuple[str, int, int, Identity]] | None = None
        self._in_methods: dict[str, dict[Identity, list[tuple[str, Expr, int]]]] = {}
        self._makers: dict[Identity, Invoke | Record] = {}
        self._identities: dict[tuple[Expr, str], Identity | None] = {}

    def into(self, of: Expr, key: str, path: str) -> Iterator[tuple[Expr, str]]:
        """The values that the member `key` of `of` is given by assignment, with their files."""
        names = [key] if key == UNKNOWN_KEY else [key, UNKNOWN_KEY]
        if key == UNKNOWN_KEY or place_in_list(key) is not None:
            names.append(_SOME_PLACE)
        tables = [self._named(name) for name in names]
        if not any(tables):
            return
        mine = self.identity(of, path)
        if mine is not None:
            for table in tables:
                yield from table.get(mine, ())

    def into_class(self, made: Record, key: str, path: str) -> Iterator[tuple[Expr, int, str]]:
        """The values that methods of the class `made` put into `this`, each with its method."""
        mine = Identity(path, "class", made.start)
        for name, value, method in self._by_methods(path).get(mine, ()):
            if name in (key, UNKNOWN_KEY) or key == UNKNOWN_KEY:
                yield value, method, path

    def _by_methods(self, path: str) -> dict[Identity, list[tuple[str, Expr, int]]]:
        table = self._in_methods.get(path)
        if table is None:
            table = self._in_methods[path] = {}
            for fact in self._assigned(path):
                if isinstance(fact.to, Member):
                    mine = self.identity(fact.to.of, path)
                    if mine is not None and mine.made == "class" and not mine.keys:
                        given = (fact.to.name, fact.value, _method(fact.way))
                        table.setdefault(mine, []).append(given)
        return table

    def all_into(self, of: Expr, path: str) -> Iterator[tuple[str, Expr, str]]:
        """Every member that `of` is given by assignment in this file, and by the controls of its
        component's markup: (name, value, file)."""
        table = self._in_file(path)
        elsewhere = self._by_component()
        mine = self.identity(of, path) if table or elsewhere else None
        if mine is None:
            return
        for key, value in table.get(mine, ()):
            yield (UNKNOWN_KEY if key == _SOME_PLACE else key), value, path
        yield from elsewhere.get(mine, ())

    def _by_component(self) -> dict[Identity, list[tuple[str, Expr, str]]]:
        """What controls put into members of a class whose markup is written elsewhere."""
        if self._bound is None:
            self._bound = {}
            for path, fact in self._bindings():
                if isinstance(fact.to, Member):
                    mine = self.identity(fact.to.of, path)
                    if mine is None:
                        continue
                    self._bound.setdefault(mine, []).append((fact.to.name, fact.value, path))
                    for i, key in enumerate(mine.keys):
                        # It lies in the objects around it, too.
                        outer = replace(mine, keys=mine.keys[:i])
                        self._bound.setdefault(outer, []).append((key, fact.value, path))
        return self._bound

    def _bindings(self) -> Iterator[tuple[str, Assign]]:
        for path, facts in self.names.project.files.items():
            anywhere = facts.language == "vue"
            for fact in self.names.project.facts(path):
                if isinstance(fact, Assign) and (anywhere or _scope_of(fact.to) == MEMBERS):
                    held = self.member_of(fact.to, path)
                    if held is not None:
                        yield path, replace(fact, to=held)

    def member_of(self, value: Expr, path: str) -> Member | None:
        """`booking.reason` in the markup of a component, as `this.booking.reason`."""
        match value:
            case Name(name) if self.names.is_member(value, path):
                of_setup = self._of_setup(name, path)
                if of_setup is not None:
                    return of_setup
                this = Name("this", MEMBERS, value.start, value.end)
                return Member(this, name, value.start, value.end)
            case Member(of, name):
                inner = self.member_of(of, path)
                return Member(inner, name, value.start, value.end) if inner is not None else None
        return None

    def _of_setup(self, name: str, path: str) -> Member | None:
        """The variable of a component's setup function that it gives its markup under a name, as
        what it holds (Vue, "setup()": refs are unwrapped)."""
        made = self.calls.component_of(path)
        options = made.arguments[0] if made is not None and made.arguments else None
        for entry in options.entries if isinstance(options, Record) else ():
            if entry.key != "setup" or not isinstance(entry.value, Function):
                continue
            facts = self.names.project.files[path].functions.get(entry.value.function)
            for given in facts.returns if facts is not None else ():
                for one in given.value.entries if isinstance(given.value, Record) else ():
                    if one.key == name and isinstance(one.value, Name):
                        return self._held_by(one.value, path)
        return None

    def _held_by(self, value: Name, path: str) -> Member | None:
        for made in self.names.resolve(value, path):
            call = made.value
            for passing in self.library.of_call(call, path) if isinstance(call, Invoke) else ():
                if passing.target == (Turn("returned"), Turn("key", key="value")):
                    return Member(value, "value", value.start, value.end)
        return None

    def _class_of_markup(self, path: str, place: int) -> Identity | None:
        """The class whose decorator names this file, or holds this place, as its markup."""
        made = self.calls.component_of(path)
        if made is not None:
            return self._made(made, path)
        for where, start, end, mine in self._markup():
            if where == path and start <= place < end:
                return mine
        return None

    def _markup(self) -> list[tuple[str, int, int, Identity]]:
        if self._marked is None:
            self._marked = []
            for path, facts in self.names.project.files.items():
                for fact in facts.facts:
                    if isinstance(fact, Call) and fact.invoke.arguments:
                        given = fact.invoke.arguments[0]
                        if isinstance(given, Record):
                            self._marked.extend(self._marked_by(given, fact.span.end, path))
        return self._marked

    def _marked_by(
        self, given: Record, end: int, path: str
    ) -> Iterator[tuple[str, int, int, Identity]]:
        compiled = self._compiled(given, path)
        if compiled is not None:
            yield compiled
            return
        for entry in given.entries:
            if entry.key not in ("template", "templateUrl"):
                continue
            owner = self._class_after(end, path)
            if owner is None:
                continue
            match entry.key, entry.value:
                case "templateUrl", Text(address):
                    named = normpath(join(dirname(path), address))
                    yield named, 0, sys.maxsize, owner
                case "template", value:
                    yield path, value.start, value.end, owner

    def _compiled(self, given: Record, path: str) -> tuple[str, int, int, Identity] | None:
        """The template of a component as it was compiled, beside the name of its class."""
        entries = {entry.key: entry.value for entry in given.entries}
        match entries.get("type"), entries.get("template"):
            case Name() as owner, Function() | Name() as template:
                for made in self.names.resolve(owner, path):
                    if isinstance(made.value, Record):
                        mine = Identity(made.path, "class", made.value.start)
                        self._makers[mine] = made.value
                        for where, number in self.names.functions(template, path):
                            span = self.names.project.files[where].functions[number].span
                            return where, span.start, span.end, mine
        return None

    def _class_after(self, place: int, path: str) -> Identity | None:
        """The class that a decorator before it speaks of."""
        for fact in self.names.project.facts(path):
            if not isinstance(fact, Define) or not isinstance(fact.value, Record):
                continue
            if fact.span.end > place:
                mine = Identity(path, "class", fact.value.start)
                self._makers[mine] = fact.value
                return mine
        return None

    def _in_file(self, path: str) -> dict[Identity, list[tuple[str, Expr]]]:
        table = self._tables.get(path)
        if table is None:
            table = self._tables[path] = {}
            for fact in self._assigned(path):
                if isinstance(fact.to, Member):
                    mine = self.identity(fact.to.of, path)
                    if mine is not None:
                        table.setdefault(mine, []).append((fact.to.name, fact.value))
        return table

    def identity(self, value: Expr, path: str, depth: int = 0) -> Identity | None:
        """The object that `value` is, or None where that is not told."""
        if depth > _DEEPEST:
            return None
        key = (value, path)
        if key not in self._identities:
            self._identities[key] = None
            self._identities[key] = self._identity(value, path, depth)
        return self._identities[key]

    def _identity(self, value: Expr, path: str, depth: int) -> Identity | None:
        match value:
            case Name("this", scope) if scope == MEMBERS:
                return self._class_of_markup(path, value.start)
            case Name("this" | "self", scope) if scope > 0:
                return self._this((scope - 1) // 2, path)
            case Name():
                return self._of_name(value, path, depth)
            case Parameter(function, index):
                return Identity(path, f"parameter {index}", function)
            case Member(Name(holder), name) if holder in GLOBAL_OBJECTS:
                return Identity("", name, 0)
            case Member(of, name) if name != UNKNOWN_KEY:
                inner = self.identity(of, path, depth + 1)
                if inner is not None:
                    return Identity(inner.path, inner.made, inner.start, (*inner.keys, name))
            case Invoke():
                shared = self._shared(value, path)
                return shared if shared is not None else self._handed_back(value, path, depth)
        return None

    def _handed_back(self, call: Invoke, path: str, depth: int) -> Identity | None:
        """The object that a call gives back which it did not make: what a library's reactive cell
        holds, `get(cell)`, or what a function that only asks for it gives back."""
        for passing in self.library.of_call(call, path):
            head, *turns = passing.source
            kinds = [turn.kind for turn in turns]
            if [turn.kind for turn in passing.target] != ["returned"] or head.kind != "argument":
                continue
            if head.index >= len(call.arguments) or kinds.count("key") != len(kinds):
                continue
            held = call.arguments[head.index]
            for turn in turns:
                held = Member(held, turn.key, held.start, held.end)
            return self.identity(held, path, depth + 1)
        functions = self.names.functions(call.to, path)
        if len(functions) != 1 or call.new:
            return None
        where, number = functions[0]
        facts = self.names.project.files[where].functions.get(number)
        if facts is None or len(facts.returns) != 1:
            return None
        match facts.returns[0].value:
            case Invoke(Name(name), ()) if name in facts.parameters:
                at = facts.parameters.index(name)
                if at < len(call.arguments):
                    asked = Invoke(call.arguments[at], (), False, call.start, call.end)
                    return self.identity(asked, path, depth + 1)
            case Invoke() as inner:
                return self.identity(inner, where, depth + 1)
        return None

    def _shared(self, call: Invoke, path: str) -> Identity | None:
        """The one object that each call of what a library gives back gives back: a store."""
        if isinstance(call.to, Invoke) and any(
            map(makes_object, self.library.of_call(call.to, path))
        ):
            return self._made(call.to, path)
        if call.new or not isinstance(call.to, Name):
            return None
        for made in self.names.resolve(call.to, path):
            value = made.value
            if isinstance(value, Invoke) and any(
                map(makes_object, self.library.of_call(value, made.path))
            ):
                return self._made(value, made.path)
        return None

    def _of_name(self, value: Name, path: str, depth: int) -> Identity | None:
        held = store_of(value, path)
        if held is not None:
            return self.identity(held, path, depth + 1)
        definitions = self.names.resolve(value, path)
        plain = [d for d in definitions if not d.augmented]
        if not plain:
            return Identity("", value.name, 0) if value.scope >= 0 else None
        if len(plain) == 1:
            inner = plain[0].value
            if isinstance(inner, Name | Member | Parameter) and inner != value:
                aliased = self.identity(inner, plain[0].path, depth + 1)
                if aliased is not None:
                    return aliased
            if isinstance(inner, Invoke):
                shared = self._shared(inner, plain[0].path)
                if shared is not None:
                    return shared
        first = min(plain, key=lambda d: (d.path, d.span.start))
        return Identity(first.path, "", first.span.start)

    def _this(self, function: int, path: str) -> Identity | None:
        """`this` in a method is the object, or the class, that the method is written in."""
        for site in self.calls.in_objects(path, function):
            if any(map(makes_object, self._becoming(site))):
                return self._made(site.invoke, site.path)
        owner = self.names.owner(path, function)
        if owner is not None:
            mine = Identity(path, "class", owner.start)
            self._makers[mine] = owner
            return mine
        return Identity(path, "function", function)

    def _becoming(self, site: Site) -> Iterator[Passing]:
        """The rows by which a function that a call is given becomes a method of an object."""
        wanted = tuple(site.key.split("."))
        for passing in self.library.of_call(site.invoke, site.path):
            head, *keys = passing.target
            if not keys or keys[-1].kind != "this" or head != Turn("argument", site.index):
                continue
            if fits(keys_of(keys[:-1]), wanted) == ():
                yield passing

    def _made(self, call: Invoke, path: str) -> Identity:
        mine = Identity(path, "object", call.start)
        self._makers[mine] = call
        return mine

    def maker_of(self, value: Expr, path: str) -> tuple[Invoke | Record | None, str]:
        """The class, or the library's call, that makes the object that `value` is, and its file."""
        mine = self.identity(value, path)
        if mine is None or mine.keys:
            return None, path
        return self._makers.get(mine), mine.path

    def _named(self, key: str) -> dict[Identity, list[tuple[Expr, str]]]:
        """What is put into members of that name, by the object that they are members of."""
        table = self._by_object.get(key)
        if table is None:
            table = self._by_object[key] = {}
            for where, fact in self._index().get(key, ()):
                if not isinstance(fact.to, Member):
                    continue
                mine = self.identity(fact.to.of, where)
                if mine is not None:
                    table.setdefault(mine, []).append((fact.value, where))
                theirs = self._of_class(fact.to.of, where)
                if theirs is not None:
                    table.setdefault(theirs, []).append((fact.value, where))
        return table

    def _of_class(self, of: Expr, path: str) -> Identity | None:
        """The class of the object that `of` is: its methods read what is put into any of them."""
        keys: list[str] = []
        while isinstance(of, Member):
            keys.append(of.name)
            of = of.of
        if not isinstance(of, Name):
            return None
        for definition in self.names.resolve(of, path):
            match definition.value:
                case Invoke(Record(start=start), _, True):
                    return Identity(definition.path, "class", start, tuple(reversed(keys)))
                case Invoke(Name() as named, _, True):
                    for made in self.names.resolve(named, definition.path):
                        if isinstance(made.value, Record):
                            start = made.value.start
                            return Identity(made.path, "class", start, tuple(reversed(keys)))
        return None

    def _assigned(self, path: str) -> Iterator[Assign]:
        for fact in self.names.project.facts(path):
            if isinstance(fact, Assign):
                yield fact
            elif isinstance(fact, Call):
                yield from _added(fact)
                if self._may_fill(fact.invoke):
                    yield from self._put_by_call(fact, path)

    def _may_fill(self, call: Invoke) -> bool:
        """Whether rows may say that a call puts something somewhere, as its name tells; in bundles
        a name tells nothing."""
        if isinstance(call.to, Member):
            return call.to.name in self.library.writers
        return self.library.fills_arguments and len(call.arguments) > 1

    def _put_by_call(self, call: Call, path: str) -> Iterator[Assign]:
        """What a library's function puts into a member of its object or of what it is given:
        `this.setState(...)`, `set(cell, value)`."""
        given = call.invoke.arguments
        for passing in self.library.of_call(call.invoke, path):
            head, *keys = passing.target
            source, *turns = passing.source
            if not fills(passing) or source.kind != "argument" or source.index >= len(given):
                continue
            if head.kind == "receiver" and isinstance(call.invoke.to, Member):
                to = call.invoke.to.of
            elif head.kind == "argument" and head.index < len(given):
                to = given[head.index]
            else:
                continue
            for turn in keys:
                to = Member(to, turn.key, call.invoke.start, call.invoke.end)
            put = given[source.index]
            if not turns:
                yield Assign(to, put, call.span, call.way)
            elif [turn.kind for turn in turns] == ["returned"]:
                for where, function in self.names.functions(put, path):
                    facts = self.names.project.files[where].functions.get(function)
                    for back in facts.returns if facts is not None and where == path else ():
                        yield Assign(to, back.value, call.span, call.way)

    def _index(self) -> dict[str, list[tuple[str, Assign]]]:
        if self._by_key is None:
            self._by_key = {}
            for path in self.names.project.files:
                for fact in self._assigned(path):
                    held = store_of(fact.to, path) or self.member_of(fact.to, path)
                    one = replace(fact, to=held) if held is not None else fact
                    if isinstance(one.to, Member):
                        self._by_key.setdefault(one.to.name, []).append((path, one))
        return self._by_key


def _added(call: Call) -> Iterator[Assign]:
    """What is put at some place of a list or a set (ECMAScript, 23.1.3.23, 23.1.3.37, 24.2.3.1)."""
    match call.invoke.to:
        case Member(of, "push" | "unshift" | "add"):
            for given in call.invoke.arguments:
                to = Member(of, _SOME_PLACE, call.invoke.start, call.invoke.end)
                yield Assign(to, given, call.span, call.way)


def _method(way: Way) -> int:
    """The function at the end of a way; -1 at the top level."""
    return next((step.function for step in reversed(way) if isinstance(step, Body)), -1)


def store_of(value: Expr, path: str) -> Member | None:
    """`$booking` in a Svelte component: what the store `booking` holds, as its member `$`."""
    if not isinstance(value, Name) or not path.endswith(".svelte"):
        return None
    if len(value.name) < 2 or value.name[0] != "$" or value.name[1] == "$":
        return None
    store = Name(value.name[1:], value.scope, value.start, value.end)
    return Member(store, "$", value.start, value.end)


def _scope_of(value: Expr) -> int | None:
    """The scope of the name that a path of members begins with."""
    while isinstance(value, Member):
        value = value.of
    return value.scope if isinstance(value, Name) else None
