"""What does an expression stand for, one step back?

Members are told apart: what is put into one member of an object does not come out of another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias, TypeVar

from gdprlint.facts import (
    REST,
    SPREAD,
    TEMPLATE_SCOPE,
    UNKNOWN_KEY,
    Both,
    Choice,
    Compare,
    Constant,
    Either,
    Element,
    Entry,
    Expr,
    Field,
    Function,
    If,
    Invoke,
    Items,
    Join,
    Member,
    Name,
    Opaque,
    Parameter,
    Record,
    Text,
)
from gdprlint.facts.expr import Keyword, place_in_list
from gdprlint.flow.bindings import Bindings
from gdprlint.flow.budget import Budget, Memo
from gdprlint.flow.calls import Calls, Site, spelled_names
from gdprlint.flow.context import Context, Frame, Step
from gdprlint.flow.deletions import Deletions
from gdprlint.flow.forms import FormFields
from gdprlint.flow.library import (
    SAME_KEY,
    Library,
    Passing,
    Turn,
    applied,
    asked_for,
    called_parameter,
    fits,
    is_applied,
    keys_of,
)
from gdprlint.flow.names import GLOBAL_OBJECTS, imported_from
from gdprlint.flow.reaching import Definition
from gdprlint.flow.uses import Root, Uses, root_of
from gdprlint.flow.writes import Identity, Writes, store_of

_MOST = 16
_MOST_GIVEN = 60
_MOST_ENTRIES = 200
_DEEPEST = 16
_DEEPEST_OWN = 4
_DEEPEST_ENTRIES = 8
_MOST_OWN = 6
_LONGEST = 6
_REWRITING = frozenset(
    {"filter tojson", "filter json", "filter safe", "filter default", "filter d", "filter escapejs"}
    | {"filter jsonify", "filter json_encode", "filter raw"}
)
_TEXTS = frozenset({"textContent", "innerText", "innerHTML", "text"})
_MOST_FRAMES = 4
_MOST_TIMES = 100

_T = TypeVar("_T")
_Row: TypeAlias = tuple[Passing, Sequence[Turn], Invoke, str, Context]
"""A row, what of its target is left to be asked for, and the call that it speaks of."""


class Steps:
    """Steps back from names, parameters, members and calls, with a memo."""

    def __init__(self, calls: Calls, library: Library, bindings: Bindings) -> None:
        self.bindings = bindings
        self.calls = calls
        self.names = calls.names
        self.library = library
        self.writes = Writes(calls, library)
        self.deletions = Deletions(calls, self.writes)
        self.uses = Uses(calls, library, self._classes)
        self.fields = FormFields(calls, library)
        self._memo: Memo[tuple[Expr, tuple[str, ...], str, Context], tuple[Step, ...]] = {}
        self._objects: Memo[tuple[Expr, str, Context], tuple[tuple[Entry, str, Context], ...]] = {}
        self._meanings: dict[tuple[Name, str], tuple[tuple[Expr, str], ...]] = {}
        self._open: dict[tuple[str, int], bool] = {}
        self._bindings: dict[str, dict[int, list[Expr]]] = {}
        self._depth = 0
        self.budget = Budget()
        self.held_by_element: Callable[[Expr, str, str, Context], Iterable[tuple[Expr, str]]]
        """What an element of the page was given by the server: what a script of data holds, or
        (with a name) what stands in an attribute for scripts."""
        self.held_by_element = _holds_nothing
        # A method of an object that a library hands on is found by going back from it.
        calls.means = self._means

    def behind(self, value: Expr, path: str, context: Context = ()) -> list[Step]:
        """What a name, a parameter or a member stands for, where the project says: one step back.

        Names that are augmented (`+=`) stand for the join of what they were given, in order.
        """
        match value:
            case Parameter(function, index):
                given = self._given(path, function, index, (), context)
                return [step for step, left in given if not left]
            case Name():
                return self._named(value, path, context)
            case Member(of, name):
                found = self.select(of, (name,), path, context)
                return [step for step in found if step[0] != value][:_MOST]
        return []

    def _named(self, value: Name, path: str, context: Context) -> list[Step]:
        key = (value, path)
        found = self._meanings.get(key)
        if found is None:
            found = self._meanings[key] = tuple(self._meant(value, path))[:_MOST]
        return [(inner, where, kept(where, path, context)) for inner, where in found]

    def _meant(self, value: Name, path: str) -> Iterator[tuple[Expr, str]]:
        definitions = [d for d in self.names.resolve(value, path) if imported_from(d.value) is None]
        plain = [d for d in definitions if not d.augmented]
        added = [d for d in definitions if d.augmented]
        held = store_of(value, path) or (
            self.writes.member_of(value, path) if not definitions else None
        )
        if held is not None:
            yield held, path
            yield from ((d.value, d.path) for d in plain)
        elif added and len(plain) == 1 and all(d.path == plain[0].path for d in added):
            parts = (plain[0].value, *(d.value for d in added))
            yield Join(parts, value.start, value.end), plain[0].path
        else:
            yield from ((d.value, d.path) for d in definitions if d.value != value)
        if value.scope == TEMPLATE_SCOPE and not definitions:
            for given, where in self.names.project.given_to(path):
                for inner, there, _ in self.select(given, (value.name,), where):
                    yield inner, there

    def is_made_here(self, value: Expr, path: str, context: Context = (), depth: int = 0) -> bool:
        """Whether a value surely is an object or a text that the project's own code writes."""
        match value:
            case Record(entries):
                spread = [entry.value for entry in entries if entry.key == SPREAD]
                return all(self.is_made_here(one, path, context, depth + 1) for one in spread)
            case Items() | Text() | Join():
                return True
            case Invoke(to, _, True):
                made = [(to, path), *((i, w) for i, w, _ in self.behind(to, path, context))]
                return any(isinstance(inner, Record) for inner, _ in made)
            case Invoke():
                found = self.returned(value, path, context)
            case Name() | Parameter() | Member():
                if self.unexplained(value, path):
                    return False
                found = self.behind(value, path, context)
            case _:
                return False
        inner = [step for step in found if step[0] != value]
        return (
            depth < _DEEPEST_OWN
            and 0 < len(inner) <= _MOST_OWN
            and all(self.is_made_here(*step, depth + 1) for step in inner)
        )

    def is_own_method(self, to: Expr, path: str, context: Context = ()) -> bool:
        """Whether a callee is a method that the project's own code writes for what it is called
        on, or a function of the project."""
        if not isinstance(to, Member):
            return isinstance(to, Name) and bool(self.names.functions(to, path))
        found = self.select(to.of, (to.name,), path, context)
        return any(isinstance(inner, Function) for inner, _, _ in found)

    # ---------------------------------------------------------------- members

    def select(
        self, value: Expr, keys: tuple[str, ...], path: str, context: Context = ()
    ) -> tuple[Step, ...]:
        """What the member of a member ... of `value` is given, wherever the project gives it.

        Where a part of the road is not known, the member of that part: `order.email` for the
        `email` of a parameter that is given `order`.
        """
        key = (value, keys, path, context)
        if len(keys) > _LONGEST:
            # Members of members without end, as in a tree, are no value's road.
            self.budget.cut()
            return ()
        if self._depth > _DEEPEST and key not in self._memo:
            self.budget.cut()
            return ()
        self._depth += 1
        try:
            return self.budget.asked(
                self._memo,
                key,
                lambda: self._most(
                    dict.fromkeys(self._select(value, keys, path, context)), 2 * _MOST
                ),
                (),
                of=(value, path),
            )
        finally:
            self._depth -= 1

    def _select(
        self, value: Expr, keys: tuple[str, ...], path: str, context: Context
    ) -> Iterator[Step]:
        first, rest = keys[0], keys[1:]
        if first in _TEXTS or (first == "dataset" and rest):
            of_data = rest[0] if first == "dataset" else ""
            asked = rest[1:] if of_data else rest
            for given, where in self.held_by_element(value, of_data, path, context):
                yield from self._rest(given, asked, where, ())
        match value:
            case Record(entries):
                yield from self._of_record(entries, keys, path, context)
            case Items(items):
                yield from self._of_items(items, keys, path, context)
            case Either(left, right) | Choice(_, left, right):
                yield from self.select(left, keys, path, context)
                yield from self.select(right, keys, path, context)
            case Both(_, inner) | Keyword(_, inner):
                yield from self.select(inner, keys, path, context)
            case Name(name) if name in GLOBAL_OBJECTS and not self.names.definitions(value, path):
                for definition in self.names.of_window(first, path):
                    yield from self._rest(definition.value, rest, definition.path, ())
            case Name(name) if first in self.deletions.before(value, path):
                return
            case Name("this") if received := self._received(value, keys, path, context):
                yield from received
            case Name(name):
                for inner, where, its in self._named(value, path, context):
                    if value.scope == TEMPLATE_SCOPE and where != path:
                        yield from self._of_given(inner, keys, where)
                        continue
                    tests = self._tests(value, inner, path) if where == path else ()
                    if tests and isinstance(inner, Parameter):
                        yield from self._of_parameter(inner, tests, keys, where, its)
                    else:
                        yield from self._or_member(inner, keys, where, its, value)
                yield from self._of_namespace(value, keys, path)
                yield from self._known(value, keys, path, context)
                if name == "this":
                    yield from self._of_this(value, keys, path)
                yield from self._written(value, keys, path, context)
            case Parameter():
                yield from self._of_parameter(value, (), keys, path, context)
            case Member(of, name):
                yield from self.select(of, (name, *keys), path, context)
                yield from self._known(value, keys, path, context)
                yield from self._written(value, keys, path, context)
            case Invoke():
                yield from self._of_call(value, keys, path, context)
                yield from self._written(value, keys, path, context)

    def _of_given(self, given: Expr, keys: tuple[str, ...], path: str) -> Iterator[Step]:
        """A member of what a view gives to a template. One of which is known no more than its name
        is what the template calls it, which says better whose it is: `practitioner.email`."""
        for step in self.select(given, keys, path):
            if not _spells(step[0], keys):
                yield step

    def _of_parameter(
        self,
        value: Parameter,
        tests: tuple[tuple[str, str], ...],
        keys: tuple[str, ...],
        path: str,
        context: Context,
    ) -> Iterator[Step]:
        """A member of what a parameter is given; of what fails one of the `tests` on its members,
        none."""
        for given, pending in self._given(path, value.function, value.index, keys, context):
            if any(self._differs(given, key, word) for key, word in tests):
                continue
            if pending:
                yield from self._or_member(given[0], pending, given[1], given[2], value)
            else:
                yield given
        yield from self._written(value, keys, path, context)
        if self.unexplained(value, path):
            # Whoever else gives it, its member has this name.
            yield _member(value, keys), path, context

    def _tests(self, use: Name, parameter: Expr, path: str) -> tuple[tuple[str, str], ...]:
        """The members of a parameter whose text is known where it is used for what is given back:
        `case "paid": return {...state, sum: action.sum}`."""
        if not isinstance(parameter, Parameter):
            return ()
        facts = self.names.project.files[path].functions.get(parameter.function)
        found: list[tuple[str, str]] = []
        for given in facts.returns if facts is not None else ():
            if not given.value.start <= use.start < given.value.end:
                continue
            for step in given.way:
                match step:
                    case If(Compare("===" | "==", Member(Name() as of, key), Text(word)), True):
                        if any(d.value == parameter for d in self.names.definitions(of, path)):
                            found.append((key, word))
        return tuple(found)

    def _differs(self, given: Step, key: str, word: str) -> bool:
        """Whether a member of what is given is surely another text."""
        value, path, context = given
        texts = [inner for inner, _, _ in self.select(value, (key,), path, context)]
        return bool(texts) and all(isinstance(t, Text) and t.text != word for t in texts)

    def _or_member(
        self, inner: Expr, keys: tuple[str, ...], path: str, context: Context, asked: Expr
    ) -> Iterator[Step]:
        """The member of what a name stands for; spelled as a member where it is not known."""
        found = self.select(inner, keys, path, context)
        yield from found
        if found or inner == asked or len(keys) > _LONGEST:
            return
        if isinstance(inner, Name | Parameter) or (
            isinstance(inner, Member) and _length(inner) <= _LONGEST
        ):
            yield _member(inner, keys), path, context

    def _rest(
        self, value: Expr, keys: tuple[str, ...], path: str, context: Context
    ) -> Iterator[Step]:
        if isinstance(value, Name) and value.name == "location" and not value.scope:
            yield _member(value, keys), path, context
        elif keys:
            yield from self.select(value, keys, path, context)
        else:
            yield value, path, context

    def _known(
        self, value: Name | Member, keys: tuple[str, ...], path: str, context: Context
    ) -> Iterator[Step]:
        """What a library's own value holds: the route that a component is shown for, what markup
        binds to its members."""
        for bound, where, count in self.bindings.of(value, keys, path):
            yield from self._rest(bound, keys[count:], where, ())
        for passing in self.library.of_value(value, path):
            call = Invoke(value, (), False, value.start, value.end)
            yield from self._held(passing, passing.target[1:], call, keys, path, context)

    def _held(
        self,
        passing: Passing,
        target: Sequence[Turn],
        call: Invoke,
        keys: tuple[str, ...],
        path: str,
        context: Context,
    ) -> Iterator[Step]:
        """What a row puts into the members that `target` names, as far as they are asked for."""
        wanted = keys_of(target)
        left = fits(wanted, keys)
        if left is None:
            return
        asked = asked_for(wanted, keys)
        for inner, where, its in self._sources(passing, call, path, context, asked):
            yield from self._rest(inner, left, where, its)

    def _of_record(
        self, entries: tuple[Entry, ...], keys: tuple[str, ...], path: str, context: Context
    ) -> Iterator[Step]:
        """Of two entries of one key the later counts (ECMAScript, object initializers)."""
        first = keys[0]
        for entry in reversed(entries):
            if entry.key == SPREAD:
                yield from self.select(entry.value, keys, path, context)
                continue
            control = self._by_own_name(entry, path, context) if first != UNKNOWN_KEY else None
            if control is not None:
                read = _member(control, ("form", "elements", first, "value"))
                yield from self._rest(read, keys[1:], path, context)
            elif first in (entry.key, UNKNOWN_KEY) or entry.key == UNKNOWN_KEY:
                yield from self._rest(entry.value, keys[1:], path, context)
                if entry.key == first != UNKNOWN_KEY:
                    return

    def _by_own_name(self, entry: Entry, path: str, context: Context) -> Expr | None:
        """The control whose value is kept under its own name: `{[target.name]: target.value}`."""
        if not isinstance(entry.computed, Name | Member):
            return None
        key = self._one_step(entry.computed, path, context)
        value = self._one_step(entry.value, path, context)
        match key, value:
            case Member(named, "name" | "id"), Member(read, "value" | "checked"):
                if spelled_names(named) and spelled_names(named) == spelled_names(read):
                    return read
        return None

    def _one_step(self, value: Expr, path: str, context: Context) -> Expr:
        if isinstance(value, Name):
            found = self._named(value, path, context)
            if len(found) == 1 and isinstance(found[0][0], Member) and found[0][1] == path:
                return found[0][0]
        return value

    def _of_items(
        self, items: tuple[Expr, ...], keys: tuple[str, ...], path: str, context: Context
    ) -> Iterator[Step]:
        first, rest = keys[0], keys[1:]
        at = place_in_list(first)
        if at is None and first != UNKNOWN_KEY:
            return
        known = not any(isinstance(item, Keyword) for item in items)
        for index, item in enumerate(items):
            if isinstance(item, Keyword):
                yield from self.select(item.value, (UNKNOWN_KEY, *rest), path, context)
            elif first == UNKNOWN_KEY or not known or index == at:
                yield from self._rest(item, rest, path, context)

    def _of_namespace(self, value: Name, keys: tuple[str, ...], path: str) -> Iterator[Step]:
        """`import * as api`: the member is what the module gives out under its name."""
        for definition in self.names.resolve(value, path):
            module = imported_from(definition.value)
            if module is not None and module[1] == "*":
                for given in self.names.given_out(module[0], keys[0], definition.path):
                    yield from self._rest(given.value, keys[1:], given.path, ())

    def _written(
        self, value: Expr, keys: tuple[str, ...], path: str, context: Context
    ) -> Iterator[Step]:
        for written, where in self.writes.into(value, keys[0], path):
            yield from self._rest(written, keys[1:], where, kept(where, path, context))

    def _of_call(
        self, call: Invoke, keys: tuple[str, ...], path: str, context: Context
    ) -> Iterator[Step]:
        match call:
            case Invoke(Name(called), (shown, *_)) if called in _REWRITING:
                # Filters of templates that write the same thing in another way, members and all.
                yield from self.select(shown, keys, path, context)
                return
            case Invoke(Name(name), (whole, *taken)) if name == REST:
                first = UNKNOWN_KEY if place_in_list(keys[0]) is not None else keys[0]
                if first not in texts_of(taken):
                    yield from self.select(whole, (first, *keys[1:]), path, context)
                return
            case Invoke(Member(of, "split"), (Text(mark), *_)) if _counts(keys[0]):
                # What stands before the mark of a query or a fragment holds nothing of these.
                if mark not in ("?", "#") or keys[0] != "0":
                    yield from self._rest(of, keys[1:], path, context)
                return
        for passing, target, made, where, its in self._rows(call, path, context):
            if all(turn.kind == "key" for turn in target):
                yield from self._held(passing, target, made, keys, where, its)
        if call.new:
            yield from self._of_instance(call, keys, path, context)
        for inner, where, its in self._project_returns(call, path, context):
            yield from self._or_member(inner, keys, where, its, call)

    def _rows(self, call: Invoke, path: str, context: Context) -> Iterator[_Row]:
        """The rows that speak of what a call gives back: those of the call itself, and those of the
        call that made what is called."""
        for passing in self.library.of_call(call, path):
            if passing.target[0].kind == "returned":
                yield passing, passing.target[1:], call, path, context
        if not self.library.applied or not isinstance(call.to, Name | Member | Invoke):
            return
        made_by = [(call.to, path, context)] if isinstance(call.to, Invoke) else None
        for made, where, its in made_by or self.behind(call.to, path, context):
            maker, keys = _made_with(made)
            for passing in self.library.of_call(maker, where) if maker is not None else ():
                left = applied(passing.target, keys)
                if left is not None and maker is not None:
                    yield passing, left, maker, where, its
            if isinstance(made, Parameter) and self.library.calls_parameters:
                yield from self._rows_of_parameter(made, where)

    def _rows_of_parameter(self, called: Parameter, path: str) -> Iterator[_Row]:
        """The rows that speak of what a function gives back that a library hands to one of ours."""
        for site in self.calls.handed(path, called.function):
            for passing in self.library.of_call(site.invoke, site.path):
                split = called_parameter(passing.target)
                if split is not None and split[:2] == (site.index, called.index) and not site.key:
                    yield passing, split[2], site.invoke, site.path, ()

    def _of_this(self, value: Name, keys: tuple[str, ...], path: str) -> Iterator[Step]:
        """A member of the object that a method is written into: what the class gives it, or the
        library that makes the object."""
        made, where = self.writes.maker_of(value, path)
        if isinstance(made, Invoke):
            for passing in self.library.of_call(made, where):
                if is_applied(passing.target):
                    yield from self._held(passing, passing.target[2:], made, keys, where, ())
        elif made is not None:
            yield from self.select(made, keys, where)

    def _received(
        self, this: Name, keys: tuple[str, ...], path: str, context: Context
    ) -> tuple[Step, ...]:
        """A member of what a method is called on, where the call is known and so is what it is
        called on: one of several instances."""
        if not context or this.scope <= 0:
            return ()
        function = (this.scope - 1) // 2
        for frame in reversed(context):
            if frame.function == function and frame.path == path:
                match frame.site.invoke.to:
                    case Member(of) if self.is_made_here(of, frame.site.path, frame.context):
                        return self.select(of, keys, frame.site.path, frame.context)
                return ()
        return ()

    def _of_instance(
        self, call: Invoke, keys: tuple[str, ...], path: str, context: Context
    ) -> Iterator[Step]:
        """A member of what a class of the project makes: its own, and what is put into `this`."""
        for inner, where, _ in [(call.to, path, context), *self.behind(call.to, path, context)]:
            if not isinstance(inner, Record):
                continue
            yield from self.select(inner, keys, where, context)
            within = context
            for value, there in self.names.members(inner, "constructor", where):
                if isinstance(value, Function) and len(context) <= _MOST_FRAMES:
                    frame = Frame(there, value.function, Site(path, call, ()), context)
                    within = (*context, frame)
            for written, method, there in self.writes.into_class(inner, keys[0], where):
                for its in self._entered(call, (there, method), within, path):
                    yield from self._rest(written, keys[1:], there, its)

    def _entered(
        self, made: Invoke, method: tuple[str, int], within: Context, path: str
    ) -> Iterator[Context]:
        """The calls by which a method puts something into the instance that `made` makes; one that
        is surely called on another instance is none of them."""
        if any((f.path, f.function) == method for f in within) or method[1] < 0:
            yield within
            return
        sites = self.sites(*method)
        others = [site for site in sites if self._is_of_another(site, made, path)]
        if not others:
            yield within
            return
        for site in sites:
            if site not in others and len(within) <= _MOST_FRAMES:
                frame = Frame(*method, Site(site.path, site.invoke, ()), ())
                yield (*within, frame)

    def _is_of_another(self, site: Site, made: Invoke, path: str) -> bool:
        to = site.invoke.to
        if not isinstance(to, Member) or not isinstance(to.of, Name) or to.of.name == "this":
            return False
        held = self._named(to.of, site.path, ())
        return bool(held) and all(
            isinstance(inner, Invoke) and inner.new and (where, inner.start) != (path, made.start)
            for inner, where, _ in held
        )

    def _classes(self, value: Expr, path: str) -> Iterator[Identity]:
        """The classes that an object can be of, as far as the project makes it."""
        mine = self.writes.identity(value, path)
        if mine is not None:
            yield mine
        for inner, where, its in self.behind(value, path):
            steps = [(inner, where, its)]
            if isinstance(inner, Invoke) and not inner.new:
                steps = self.returned(inner, where, its)
            for made, place, _ in steps:
                match made:
                    case Invoke(Name() as named, _, True):
                        for definition in self.names.resolve(named, place):
                            if isinstance(definition.value, Record):
                                start = definition.value.start
                                yield Identity(definition.path, "class", start)

    # ---------------------------------------------------------------- parameters

    def _given(
        self, path: str, function: int, index: int, keys: tuple[str, ...], context: Context
    ) -> list[tuple[Step, tuple[str, ...]]]:
        """What a parameter is given, with the members of it that are still asked for."""
        for frame in reversed(context):
            if frame.function == function and frame.path == path:
                given = self.argument(path, function, index, frame.site)
                return [((given, frame.site.path, frame.context), keys)] if given else []
        found: list[tuple[Step, tuple[str, ...]]] = []
        for site in self.sites(path, function):
            argument = self.argument(path, function, index, site)
            if argument is not None:
                found.append(((argument, site.path, ()), keys))
        for site in self.calls.handed(path, function):
            found.extend(self._by_callee(site, index, keys))
        found.extend((step, ()) for step in self._by_framework(path, function, index, keys))
        if index == 0:
            found.extend(((read, path, ()), keys) for read in self._bound_to(path, function))
        if (path, function) in self.calls.left_out:
            self.budget.cut()
        if len(found) > _MOST:
            # Literals are many and tell little: they take no other's place.
            found.sort(key=lambda one: isinstance(one[0][0], Text | Constant))
            real = sum(not isinstance(step[0], Text | Constant) for step, _ in found)
            if real > _MOST_GIVEN:
                self.budget.cut()
            found = found[: max(_MOST, min(real, _MOST_GIVEN))]
        return found

    def _bound_to(self, path: str, function: int) -> list[Expr]:
        """The values of the controls that call a function with what they hold: what a compiler
        makes of a two-way binding."""
        table = self._bindings.get(path)
        if table is None:
            table = self._bindings[path] = {}
            for fact in self.names.project.facts(path):
                for number, read in _bindings_of(fact) if isinstance(fact, Element) else ():
                    table.setdefault(number, []).append(read)
        return table.get(function, [])

    def _by_framework(
        self, path: str, function: int, index: int, keys: tuple[str, ...]
    ) -> Iterator[Step]:
        """What a framework calls a function with that a file of that name gives out."""
        for passing in self.library.of_export(path):
            head, *target = passing.target
            if head.index != index or not any(
                isinstance(given.value, Function) and given.value.function == function
                for given in self._given_out(path, passing.called)
            ):
                continue
            start = self.names.project.files[path].functions[function].span.start
            call = Invoke(Name(passing.called), (), False, start, start)
            yield from self._held(passing, tuple(target), call, keys, path, ())

    def _given_out(self, path: str, name: str) -> Iterator[Definition]:
        for given in self.names.exported(path, name):
            if isinstance(given.value, Name):
                yield from self.names.definitions(given.value, path)
            else:
                yield given

    def _by_callee(
        self, site: Site, index: int, keys: tuple[str, ...]
    ) -> Iterator[tuple[Step, tuple[str, ...]]]:
        """What a function that is handed to a call is given there, as its parameter `index`."""
        wanted = tuple(site.key.split(".")) if site.key else ()
        if site.key.startswith("@"):
            yield from ((step, keys) for step in self._emitted(site, index))
        for passing in self.library.of_call(site.invoke, site.path):
            split = _parameter_at(passing.target, site.index, wanted)
            if split is None or split[0] != index:
                continue
            left = fits(split[1], keys)
            if left is None:
                continue
            asked = split[2] or asked_for(split[1], keys)
            for step in self._sources(passing, site.invoke, site.path, (), asked):
                yield step, left
        for where, function in self.names.functions(site.invoke.to, site.path):
            root = Root(where, "parameter", function, site.index)
            frame = Frame(where, function, Site(site.path, site.invoke, site.way), ())
            for use in self.uses.applied(root, wanted):
                arguments = [a for a in use.arguments if not isinstance(a, Keyword)]
                if index < len(arguments):
                    within = (frame,) if use.path == where else ()
                    yield (arguments[index], use.path, within), keys

    def _emitted(self, site: Site, index: int) -> Iterator[Step]:
        """What a component's file gives to who listens to an event of it in markup."""
        file = self.names.component_file(site.invoke.to, site.path)
        if file is None:
            return
        event = _plain_event(site.key)
        for name, first in self.library.emitters.items():
            for call in self.calls.in_file(name, file):
                match call.invoke.arguments:
                    case (Text(told), *_) if _plain_event(told) == event:
                        if first + index < len(call.invoke.arguments):
                            yield call.invoke.arguments[first + index], file, ()

    def unexplained(self, value: Expr, path: str) -> bool:
        """Whether `value` is of a parameter that somebody unknown may give: its function is handed
        to a call of which nothing is known."""
        found = root_of(value, path)
        if found is None or found[0].kind != "parameter":
            return False
        key = (path, found[0].start)
        if key not in self._open:
            self._open[key] = any(
                not self.library.of_call(site.invoke, site.path)
                and not self.names.functions(site.invoke.to, site.path)
                for site in self.calls.handed(*key)
            )
        return self._open[key]

    def sites(self, path: str, function: int) -> tuple[Site, ...]:
        """The plain calls of a function, a call on the spot among them."""
        return tuple(site for site in self.calls.sites(path, function) if site.index < 0)

    def argument(self, path: str, function: int, index: int, site: Site) -> Expr | None:
        """What the call `site` gives for the parameter `index`: by place, by keyword, or its
        default."""
        facts = self.names.project.files[path].functions.get(function)
        if facts is None:
            return None
        arguments = list(site.arguments)
        to = site.invoke.to
        if isinstance(to, Member) and to.name == "call":
            arguments = arguments[1:]
        elif isinstance(to, Member) and to.name == "apply" and len(arguments) == 2:
            listed = arguments[1]
            arguments = [Keyword(SPREAD, listed, listed.start, listed.end)]
        elif isinstance(to, Name):
            arguments = [*self._bound(to, site.path), *arguments]
        name = facts.parameters[index] if index < len(facts.parameters) else ""
        shift = 1 if facts.parameters[:1] in (("self",), ("cls",)) else 0
        for argument in arguments:
            if isinstance(argument, Keyword) and argument.name == name and name:
                return argument.value
        positional: list[Expr] = []
        for argument in arguments:
            if isinstance(argument, Keyword) and argument.name == SPREAD:
                if not isinstance(argument.value, Items):
                    # How many there are is not known: each of the rest may be any of them.
                    positional.extend(
                        Member(argument.value, str(i), argument.start, argument.end)
                        for i in range(max(0, index - shift - len(positional) + 1))
                    )
                    break
                positional.extend(argument.value.items)
            elif not isinstance(argument, Keyword):
                positional.append(argument)
        if 0 <= index - shift < len(positional):
            return positional[index - shift]
        return facts.defaults[index] if index < len(facts.defaults) else None

    def _bound(self, to: Name, path: str) -> tuple[Expr, ...]:
        """The arguments that `bind` has put before those of a call."""
        for definition in self.names.definitions(to, path):
            match definition.value:
                case Invoke(Member(_, "bind"), (_, *arguments)) if definition.path == path:
                    return tuple(arguments)
        return ()

    # ---------------------------------------------------------------- calls

    def returned(self, call: Invoke, path: str, context: Context = ()) -> list[Step]:
        """What `call` gives back: the returns of the project's functions, in the context of this
        call, and what a library's call hands on."""
        found = list(self._project_returns(call, path, context))
        for passing, target, made, where, its in self._rows(call, path, context):
            if not target:
                found.extend(self._sources(passing, made, where, its, ""))
        return found[:_MOST]

    def whole(self, call: Invoke, path: str, context: Context = ()) -> list[Step]:
        """What `call` gives back, and what a library's call puts into any member of it."""
        found = self.returned(call, path, context)
        for passing, target, made, where, its in self._rows(call, path, context):
            if not target or passing.source[0].kind in ("field", "url"):
                continue
            if all(turn.kind == "key" for turn in target):
                asked = UNKNOWN_KEY if SAME_KEY in keys_of(target) else ""
                found.extend(self._sources(passing, made, where, its, asked))
        return found[: 2 * _MOST]

    def _project_returns(self, call: Invoke, path: str, context: Context) -> Iterator[Step]:
        if len(context) > _MOST_FRAMES:
            return
        for where, function in self.functions(call.to, path, context):
            yield from self._returns(where, function, call, path, context)

    def _returns(
        self, where: str, function: int, call: Invoke, path: str, context: Context
    ) -> Iterator[Step]:
        facts = self.names.project.files[where].functions.get(function)
        if facts is None or any(f.function == function and f.path == where for f in context):
            return
        entered = (*context, Frame(where, function, Site(path, call, ()), context))
        for value in facts.returns:
            yield value.value, where, entered

    def _means(self, to: Expr, path: str) -> tuple[tuple[str, int], ...]:
        """The functions that a callee can mean, as a question of few steps."""
        return self.budget.few(lambda: self.functions(to, path), (), of=(to, path))

    def functions(
        self, to: Expr, path: str, context: Context = (), depth: int = 0
    ) -> tuple[tuple[str, int], ...]:
        """The project's functions that `to` can mean, members of what is handed on among them, and
        what a library's call hands on of a function that it is given."""
        found = list(self.names.functions(to, path))
        if found or not isinstance(to, Member | Parameter | Name | Invoke):
            return tuple(found)
        if self.names.is_library(to, path):
            return ()
        if isinstance(to, Member) and to.name in ("call", "apply", "bind"):
            return self.functions(to.of, path, context)
        if depth > _MOST_FRAMES:
            return ()
        if isinstance(to, Invoke):
            steps = self._handed_back(to, path, context)
        else:
            steps = self.behind(to, path, context)
        for inner, where, its in steps:
            if isinstance(inner, Function):
                found.append((where, inner.function))
            elif isinstance(inner, Name) and inner != to:
                named = self.names.functions(inner, where)
                if not named and self.names.is_member(inner, where):
                    named = self.functions(inner, where, its, depth + 1)
                found.extend(named)
            elif inner != to and (isinstance(inner, Invoke | Member) or isinstance(to, Invoke)):
                found.extend(self.functions(inner, where, its, depth + 1))
        return tuple(dict.fromkeys(found))

    def _handed_back(self, call: Invoke, path: str, context: Context) -> list[Step]:
        """What a library's call gives back as it is."""
        found: list[Step] = []
        for passing, target, made, where, its in self._rows(call, path, context):
            if not target and passing.source[0].kind not in ("field", "url"):
                found.extend(self._sources(passing, made, where, its, ""))
        return found

    # ---------------------------------------------------------------- rows

    def _sources(
        self, passing: Passing, call: Invoke, path: str, context: Context, asked: str
    ) -> list[Step]:
        """The expressions at a row's source. `asked` is the member that the target is asked for."""
        head, *later = passing.source
        found = list(self._start(head, call, path, context, asked))
        if head.kind == "given to" and later and later[0].kind == "argument":
            # Not what the calls are given themselves, but what they give back is called with.
            first, *later = later
            found = [
                a for made, where, _ in found for a in self._called_with(made, first.index, where)
            ]
        for turn in self._exact(later, call, path, context, asked):
            found = [after for step in found for after in self._turned(turn, step)]
        if passing.without >= 0 or passing.only >= 0:
            found = [(self._part(passing, call, step), *step[1:]) for step in found]
        return found[:_MOST]

    def given_by(self, passing: Passing, call: Invoke, path: str) -> list[Step]:
        """The expressions at the source of one of a call's rows."""
        return self._sources(passing, call, path, (), "")

    def _exact(
        self, later: Sequence[Turn], call: Invoke, path: str, context: Context, asked: str
    ) -> Iterator[Turn]:
        """The turns of a row as they are for one call: with the member that is asked for, or that
        an argument names, and taken as often as an argument says."""
        before: Turn | None = None
        for turn in later:
            match turn.kind:
                case "times" if before is not None:
                    for _ in range(self._count(call, turn.index, path, context) - 1):
                        yield before
                    continue
                case "named":
                    name = self._one_value(call, turn.index, path, context)
                    before = Turn("key", key=name.text if isinstance(name, Text) else UNKNOWN_KEY)
                case _:
                    before = replace(turn, key=asked) if turn.key == SAME_KEY else turn
            yield before

    def _count(self, call: Invoke, index: int, path: str, context: Context) -> int:
        value = self._one_value(call, index, path, context)
        if isinstance(value, Constant) and not isinstance(value.value, bool):
            return max(1, int(min(_MOST_TIMES, value.value or 1)))
        return 1

    def _one_value(self, call: Invoke, index: int, path: str, context: Context) -> Expr | None:
        """An argument of a call, or what the one name that it is stands for."""
        given = call.arguments[index] if index < len(call.arguments) else None
        for _ in range(_LONGEST):
            if not isinstance(given, Name | Parameter):
                break
            found = self.behind(given, path, context)
            if len(found) != 1:
                break
            given, path, context = found[0]
        return given

    def _part(self, passing: Passing, call: Invoke, step: Step) -> Expr:
        """A value without the members that a call names, or with these only."""
        value, path, context = step
        start, end = call.start, call.end
        keys = self._keys(call.arguments[max(passing.without, passing.only) :], path, context)
        if passing.without >= 0:
            named = (Text(key, start, end) for key in keys or ())
            return Invoke(Name(REST), (value, *named), False, start, end)
        if keys is None:
            return value
        held = (Entry(key, Member(value, key, start, end), start, end) for key in keys)
        return Record(tuple(held), start, end)

    def _keys(self, named: Sequence[Expr], path: str, context: Context) -> tuple[str, ...] | None:
        """The keys that arguments name, one by one or in a list; None where one is not told."""
        first = self._list_of(named[0], path, context) if named else None
        given = first.items if first is not None else named
        found = tuple(key.text for key in given if isinstance(key, Text))
        return found if found and len(found) == len(given) else None

    def _list_of(self, value: Expr, path: str, context: Context, depth: int = 0) -> Items | None:
        if isinstance(value, Items):
            return value
        match value:
            case Invoke():
                held = self.returned(value, path, context)
            case _:
                held = self.behind(value, path, context)
        if len(held) != 1 or held[0][0] == value or depth > _DEEPEST_OWN:
            return None
        return self._list_of(*held[0], depth + 1)

    def _start(
        self, head: Turn, call: Invoke, path: str, context: Context, asked: str
    ) -> Iterator[Step]:
        positional = [a for a in call.arguments if not isinstance(a, Keyword)]
        match head.kind:
            case "argument":
                if head.index < len(positional):
                    yield positional[head.index], path, context
            case "arguments":
                for argument in positional:
                    yield argument, path, context
            case "receiver":
                if isinstance(call.to, Member):
                    yield call.to.of, path, context
            case "returned":
                yield call, path, context
            case "holder":
                of = call.to.of if isinstance(call.to, Member) else call.to
                while isinstance(of, Invoke) and isinstance(of.to, Member):
                    of = of.to.of
                if isinstance(of, Member):
                    yield of.of, path, context
            case "maker":
                yield from self._maker(call.to, path, context)
            case "provider":
                if positional:
                    for value, where in self.uses.provided(positional[0], path):
                        yield value, where, ()
            case "field" | "url":
                name = asked
                if head.index >= 0:
                    given = positional[head.index] if head.index < len(positional) else None
                    name = given.text if isinstance(given, Text) else ""
                if name and name != UNKNOWN_KEY:
                    yield _read(head.kind, name, call), path, context
            case "property":
                for given, where in self.uses.properties(path) if asked else ():
                    yield from self.select(given, (asked,), where)
            case "location":
                yield Name("location", 0, call.start, call.end), path, context
            case "fields":
                yield self.fields.of_file(path), path, ()
            case "any":
                for where, made in self.calls.named(head.key):
                    yield made.invoke, where, ()
            case "given to":
                for where, made in self.calls.named(head.key):
                    first = made.invoke.arguments[0] if made.invoke.arguments else None
                    if isinstance(first, Name) and any(
                        d.value == call and d.path == path for d in self.names.resolve(first, where)
                    ):
                        yield made.invoke, where, ()

    def _maker(self, to: Expr, path: str, context: Context, depth: int = 0) -> Iterator[Step]:
        """The call that made what `to` is, or is a member of."""
        match to:
            case Invoke():
                yield to, path, context
            case Member(of):
                yield from self._maker(of, path, context, depth)
            case Name() if depth < 6:
                for inner, where, its in self._named(to, path, context):
                    yield from self._maker(inner, where, its, depth + 1)

    def _turned(self, turn: Turn, step: Step) -> Iterator[Step]:
        value, path, context = step
        match turn.kind:
            case "key":
                # A watcher's name may be a path, `booking.reason`.
                yield _member(value, tuple(turn.key.split("."))), path, context
            case "instance":
                yield Invoke(value, (), True, value.start, value.end), path, context
            case "entered":
                steps = [step]
                if isinstance(value, Name | Member | Parameter):
                    steps = self.behind(value, path, context) or steps
                for inner, where, its in steps:
                    yield _entered(inner), where, its
            case "fields":
                keys = [entry for entry, where, _ in self.entries(value, path, context)]
                yield self.fields.of_form(value, keys, path), path, context
            case "returned":
                for where, function in self.functions(value, path, context):
                    facts = self.names.project.files[where].functions.get(function)
                    for given in facts.returns if facts is not None else ():
                        yield given.value, where, kept(where, path, context)
                if isinstance(value, Invoke) and any(
                    is_applied(passing.target) for passing in self.library.of_call(value, path)
                ):
                    # The object that a library makes of what it is given.
                    yield Invoke(value, (), False, value.start, value.end), path, context
            case "parameter":
                for where, function in self.functions(value, path, context):
                    yield Parameter(function, turn.index), where, ()
            case "argument":
                if not isinstance(value, Invoke):
                    yield from self._called_with(value, turn.index, path)
                elif turn.index < len(value.arguments):
                    yield value.arguments[turn.index], path, context

    def _called_with(self, value: Expr, index: int, path: str) -> Iterator[Step]:
        """What a function that a library gives out is called with, wherever it is called."""
        root = root_of(value, path)
        for site in self.uses.applied(*root) if root is not None else ():
            arguments = [a for a in site.arguments if not isinstance(a, Keyword)]
            if index < len(arguments):
                yield arguments[index], site.path, ()

    # ---------------------------------------------------------------- objects

    def entries(
        self, value: Expr, path: str, context: Context = (), depth: int = 0
    ) -> tuple[tuple[Entry, str, Context], ...]:
        """The entries of the object that `value` is, those of spread objects among them."""
        key = (value, path, context)
        if depth > _DEEPEST_ENTRIES and key not in self._objects:
            self.budget.cut()
            return ()
        return self.budget.asked(
            self._objects,
            key,
            lambda: self._most(
                dict.fromkeys(_opened(self._entries(value, path, context, depth))), _MOST_ENTRIES
            ),
            (),
            of=(value, path),
        )

    def _most(self, found: dict[_T, None], most: int) -> tuple[_T, ...]:
        """The first of what was found; where there is more, the answer is cut."""
        if len(found) > most:
            self.budget.cut()
        return tuple(found)[:most]

    def _entries(
        self, value: Expr, path: str, context: Context, depth: int
    ) -> list[tuple[Entry, str, Context]]:
        found: list[tuple[Entry, str, Context]] = []
        match value:
            case Record(entries):
                for entry in entries:
                    if entry.key == SPREAD:
                        found.extend(self.entries(entry.value, path, context, depth + 1))
                    else:
                        found.append((entry, path, context))
            case Either(left, right) | Choice(_, left, right):
                found.extend(self.entries(left, path, context, depth + 1))
                found.extend(self.entries(right, path, context, depth + 1))
            case Both(_, right):
                found.extend(self.entries(right, path, context, depth + 1))
            case Invoke(Name("dict"), arguments):
                for argument in arguments:
                    if isinstance(argument, Keyword):
                        entry = Entry(argument.name, argument.value, argument.start, argument.end)
                        found.append((entry, path, context))
            case Invoke(Name(name), (whole, *taken)) if name == REST:
                gone = texts_of(taken)
                held = self.entries(whole, path, context, depth + 1)
                found.extend(one for one in held if one[0].key not in gone)
            case Invoke():
                for inner, where, its in self.returned(value, path, context):
                    found.extend(self.entries(inner, where, its, depth + 1))
            case Name() | Parameter() | Member():
                for inner, where, its in self.behind(value, path, context):
                    if inner != value:
                        found.extend(self.entries(inner, where, its, depth + 1))
                for key, written, where in self.writes.all_into(value, path):
                    if key == UNKNOWN_KEY:
                        continue
                    entry = Entry(key, written, written.start, written.end)
                    found.append((entry, where, kept(where, path, context)))
                gone = self.deletions.before(value, path)
                found = [one for one in found if one[0].key not in gone]
        return found


def _plain_event(name: str) -> str:
    """An event's name without its modifiers, however its words are put together."""
    return name.removeprefix("@").partition(".")[0].replace("-", "").lower()


def _entered(value: Expr) -> Expr:
    """A state with what it begins as taken off: all its constants will be others."""
    match value:
        case Text() | Constant():
            return Opaque("set later", value.start, value.end)
        case Record(entries):
            return replace(
                value, entries=tuple(replace(e, value=_entered(e.value)) for e in entries)
            )
    return value


def _opened(
    found: list[tuple[Entry, str, Context]],
) -> Iterator[tuple[Entry, str, Context]]:
    """Entries, of which none is a constant for sure where one is put there by a computed key:
    `{...form, [name]: value}`."""
    is_open = any(
        entry.key == UNKNOWN_KEY and not isinstance(entry.value, Text | Constant)
        for entry, _, _ in found
    )
    for entry, where, context in found:
        if is_open and isinstance(entry.value, Text | Constant):
            replaced = Opaque("put there by a computed key", entry.start, entry.end)
            entry = replace(entry, value=replaced)
        yield entry, where, context


def _bindings_of(element: Element) -> Iterator[tuple[int, Expr]]:
    """The functions that a control hands its value to, each with that value (Vue, "Component
    v-model": what the directive compiles to)."""
    if element.tag not in ("input", "select", "textarea"):
        return
    for attribute in element.attributes:
        value = attribute.value
        if isinstance(value, Either):
            # It is made once and kept: `cache[0] || (cache[0] = v => ...)`.
            value = value.right
        if attribute.name == "onUpdate:modelValue" and isinstance(value, Function):
            start, end = element.span.start, element.span.end
            yield value.function, Member(Opaque("element", start, end), "value", start, end)


def texts_of(values: Sequence[Expr]) -> frozenset[str]:
    """The texts that are written out among values."""
    return frozenset(value.text for value in values if isinstance(value, Text))


def _holds_nothing(
    value: Expr, name: str, path: str, context: Context
) -> tuple[tuple[Expr, str], ...]:
    return ()


def _counts(key: str) -> bool:
    return key == UNKNOWN_KEY or place_in_list(key) is not None


def _member(value: Expr, keys: tuple[str, ...]) -> Expr:
    member = value
    for key in keys:
        member = Member(member, key, value.start, value.end)
    return member


def _spells(value: Expr, keys: tuple[str, ...]) -> bool:
    """Whether a value is the member of that road of something that has only a name."""
    for key in reversed(keys):
        if not isinstance(value, Member) or value.name != key:
            return False
        value = value.of
    while isinstance(value, Member):
        value = value.of
    return isinstance(value, Name | Parameter)


def _made_with(value: Expr) -> tuple[Invoke | None, tuple[str, ...]]:
    """The call that a value is given back by, and the members of that which it is."""
    keys: list[str] = []
    while isinstance(value, Member):
        keys.append(value.name)
        value = value.of
    return (value if isinstance(value, Invoke) else None), tuple(reversed(keys))


def _length(value: Member) -> int:
    length = 1
    of = value.of
    while isinstance(of, Member):
        length, of = length + 1, of.of
    return length


def kept(where: str, path: str, context: Context) -> Context:
    """A context goes on within its file; elsewhere a value is the same for every caller."""
    return context if where == path else ()


def _parameter_at(
    target: Sequence[Turn], index: int, wanted: tuple[str, ...]
) -> tuple[int, tuple[str, ...], str] | None:
    """The number of the parameter that a target speaks of, the members of it, and the member that
    `*` stands for before; None where it speaks of another argument."""
    head, *rest = target
    same = ""
    if head.kind != "argument" or head.index != index:
        return None
    for key in wanted:
        if not rest or rest[0].kind != "key":
            return None
        if rest[0].key == SAME_KEY:
            same = key
        elif rest[0].key not in (key, UNKNOWN_KEY):
            return None
        rest = rest[1:]
    if not rest or rest[0].kind != "parameter" or any(t.kind != "key" for t in rest[1:]):
        return None
    return rest[0].index, keys_of(rest[1:]), same


def _read(kind: str, name: str, call: Invoke) -> Expr:
    """A form's field, or the reading of a parameter from the page's URL, as an expression."""
    start, end = call.start, call.end
    if kind == "field":
        return Field(name, start, end)
    query = Member(Name("location", 0, start, end), "searchParams", start, end)
    to = Member(query, "get", start, end)
    return Invoke(to, (Text(name, start, end),), False, start, end)
