"""What stands at a row's place: in a call, an assignment or an element, or in what belongs to it?

Some of what a call does is written elsewhere: a socket's URL where the socket was made, a request's
body in the `send` that follows its `open`, a link's address in the assignment before its `click`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from gdprlint.facts import (
    Assign,
    Choice,
    Constant,
    Define,
    Either,
    Element,
    Entry,
    Expr,
    Invoke,
    Items,
    Member,
    Name,
    Parameter,
    Record,
    Text,
)
from gdprlint.facts.expr import Keyword, place_in_list
from gdprlint.flow import Callee, Context, Flow, spelled_path
from gdprlint.flow.budget import FEW_STEPS, Memo
from gdprlint.knowledge import Place

Code: TypeAlias = Invoke | Assign | Define | Element
"""The code that a row may speak of."""

Found: TypeAlias = tuple[Expr, str, Context]
"""An expression, the file that it stands in, and the calls by which it is reached."""

_DEEPEST = 6
_ELEMENT_MAKERS = frozenset({"createElement", "createElementNS"})
_ADDING = ("appendChild", "append", "prepend", "insertBefore")


@dataclass(frozen=True, slots=True)
class Maker:
    """A call that made an object; `name` is `new Image`, an element's tag, or the callee in
    full."""

    name: str
    call: Invoke
    path: str
    context: Context

    def is_called(self, wanted: str) -> bool:
        """Whether it is the maker that a row names; `*.objectStore` is a method of anything."""
        if wanted.startswith("*."):
            return self.name.rpartition(".")[2] == wanted[2:]
        return self.name == wanted


class Places:
    """The expressions at the places that rows name."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self._made: Memo[Found, tuple[Maker, ...]] = {}
        self._spoken: set[str] | None = None

    def at(self, place: Place, code: Code, path: str, context: Context = ()) -> list[Found]:
        """The expressions that stand at a row's place, with where they stand."""
        path_of_keys = place.path
        found: list[Found]
        match place.kind, code:
            case "made", _:
                found = list(self._made_with(place.index, code, path, context))
            case "then", Invoke():
                found = list(self._given_later(code, place.name, place.index, path))
            case "receiver", Invoke(to) | Assign(to):
                of = to.of if isinstance(to, Member) else to
                if path_of_keys:
                    head, *rest = path_of_keys
                    path_of_keys = tuple(rest)
                    found = list(self._of_receiver(of, head, path, context))
                else:
                    found = [(of, path, context)]
            case _:
                found = [(e, path, context) for e in _written(place, code)]
        for key in path_of_keys:
            found = [inner for e, where, its in found for inner in self._member(e, key, where, its)]
        return found

    # ---------------------------------------------------------------- who made it

    def makers(
        self, value: Expr, path: str, context: Context = (), depth: int = 0
    ) -> tuple[Maker, ...]:
        """The calls that made the object that `value` is, or gave the function that it is."""
        budget = self.flow.values.steps.budget
        key = (value, path, context)
        if depth > _DEEPEST and key not in self._made:
            budget.cut()
            return ()
        return budget.asked(
            self._made,
            key,
            lambda: tuple(dict.fromkeys(self._makers(value, path, context, depth))),
            (),
            of=(value, path),
            most=FEW_STEPS,
        )

    def _makers(self, value: Expr, path: str, context: Context, depth: int) -> Iterator[Maker]:
        match value:
            case Invoke(Member(_, name), (first, *_)) if name in _ELEMENT_MAKERS:
                tag = first if name == "createElement" else value.arguments[-1]
                spelled = self.flow.values.literal(tag, path, context) or "element"
                yield Maker(spelled.lower(), value, path, context)
            case Invoke(to, _, new):
                callee = self.flow.names.callee(to, path)
                if new:
                    yield Maker(_constructor(callee), value, path, context)
                    return
                yield Maker(callee.dotted if callee else "", value, path, context)
                for inner, where, its in self.flow.values.returned(value, path, context):
                    yield from self.makers(inner, where, its, depth + 1)
            case Name() | Parameter() | Member():
                behind = self.flow.values.behind(value, path, context)
                for inner, where, its in behind:
                    if inner != value:
                        yield from self.makers(inner, where, its, depth + 1)
                if isinstance(value, Member) and not behind:
                    # A part of what was made: `useState(0)[1]`, `useForm().control`.
                    yield from self.makers(value.of, path, context, depth + 1)
            case Either(left, right) | Choice(_, left, right):
                yield from self.makers(left, path, context, depth + 1)
                yield from self.makers(right, path, context, depth + 1)
            case Record():
                library = self.flow.names.library_of(value, path)
                if library is not None:
                    made = Invoke(value, (), False, value.start, value.end)
                    yield Maker(f"{library.package}.{library.name}", made, path, context)

    def made_by(self, receiver: Expr, wanted: str, path: str) -> bool:
        """Whether an object was made by one of the spellings (`new Image or img`), or is an
        element of the page of that tag."""
        names = [word for word in wanted.split(" or ") if self._is_spoken_of(word)]
        if not names:
            return False
        if any(maker.is_called(word) for maker in self.makers(receiver, path) for word in names):
            return True
        tags = set(filter(_is_tag, names))
        return bool(tags) and any(
            found.element.tag in tags for found in self.flow.dom.elements(receiver, path)
        )

    def _is_spoken_of(self, maker: str) -> bool:
        """Whether the project calls or imports anything of that name at all."""
        if self._spoken is None:
            names = self.flow.names
            self._spoken = {
                *self.flow.calls.all_names(),
                *names.imported_names(),
                *names.library_names,
            }
        last = maker.removeprefix("new ").rpartition(".")[2]
        return _is_tag(maker) or last in self._spoken

    def _made_with(self, index: int, code: Code, path: str, context: Context) -> Iterator[Found]:
        if not isinstance(code, Invoke | Assign):
            return
        of = code.to.of if isinstance(code.to, Member) else code.to
        for maker in self.makers(of, path, context):
            if index < len(maker.call.arguments):
                yield maker.call.arguments[index], maker.path, maker.context

    # ---------------------------------------------------------------- what else is done with it

    def _given_later(self, code: Invoke, method: str, index: int, path: str) -> Iterator[Found]:
        """What a method called on the same object, or on what the call gives, is given."""
        receiver = code.to.of if isinstance(code.to, Member) else None
        for call in self.flow.calls.in_file(method, path):
            to = call.invoke.to
            if not isinstance(to, Member) or index >= len(call.invoke.arguments):
                continue
            on_same = receiver is not None and self._is_same(receiver, to.of, path)
            if on_same or self._comes_from(to.of, code, path):
                yield call.invoke.arguments[index], path, ()

    def _comes_from(self, of: Expr, code: Invoke, path: str, depth: int = 0) -> bool:
        """Whether `of` is the call's result, with more methods called on it or under a name."""
        if of == code:
            return True
        match of:
            case Invoke(Member(inner, _)) if depth < 4 * _DEEPEST:
                return self._comes_from(inner, code, path, depth + 1)
            case Name():
                return any(d.value == code for d in self.flow.names.definitions(of, path))
        return False

    def _is_same(self, one: Expr, other: Expr, path: str) -> bool:
        """Whether two expressions of one file mean one object: the same variable, the same path of
        members."""
        match one, other:
            case Name(name), Name(also) if name == also:
                mine = {d.span for d in self.flow.names.definitions(one, path)}
                return any(d.span in mine for d in self.flow.names.definitions(other, path))
            case Name(), Invoke():
                return any(d.value == other for d in self.flow.names.definitions(one, path))
            case Member(), Member():
                return bool(spelled_path(one)) and spelled_path(one) == spelled_path(other)
        return False

    def _of_receiver(self, of: Expr, key: str, path: str, context: Context) -> Iterator[Found]:
        """What the member `key` of an object is given: by assignment, by `setAttribute`, in the
        page's markup; `fields` of a form are its controls, as an object, `click()` the calls of
        that method."""
        if key == "fields":
            record = self._fields(of, path)
            if record is not None:
                yield record, path, context
            return
        if key.endswith("()"):
            for where, call in self.flow.calls.named(key.removesuffix("()")):
                to = call.invoke.to
                if where == path and isinstance(to, Member) and self._is_same(of, to.of, path):
                    yield call.invoke, path, context
            return
        for fact in self.flow.project.facts(path):
            match fact:
                case Assign(Member(owner, name), value) if name == key:
                    if self._is_same(of, owner, path):
                        yield value, path, context
        for found in self.flow.dom.elements(of, path, context):
            attribute = found.element.attribute(key)
            if attribute is not None and attribute.value is not None:
                yield attribute.value, found.path, ()
        for call in self.flow.calls.in_file("setAttribute", path):
            match call.invoke:
                case Invoke(Member(owner, _), (Text(name), value, *_)) if name == key:
                    if self._is_same(of, owner, path):
                        yield value, path, context

    def _fields(self, form: Expr, path: str) -> Record | None:
        """What a script puts into a form: the values of the elements that it adds to it."""
        entries: list[Entry] = []
        for method in _ADDING:
            for call in self.flow.calls.in_file(method, path):
                to = call.invoke.to
                if not isinstance(to, Member):
                    continue
                if not self._is_same(form, to.of, path):
                    continue
                for added in call.invoke.arguments:
                    entries.extend(self._field(added, path))
        return Record(tuple(entries), form.start, form.end) if entries else None

    def _field(self, added: Expr, path: str) -> Iterator[Entry]:
        names = list(self._of_receiver(added, "name", path, ()))
        key = self.flow.values.literal(names[0][0], path) if names else None
        for value, where, _ in self._of_receiver(added, "value", path, ()):
            if where == path:
                yield Entry(key or "value", value, value.start, value.end)

    # ---------------------------------------------------------------- within it

    def _member(self, value: Expr, key: str, path: str, context: Context) -> list[Found]:
        if key == "()":
            return list(self._given_back(value, path))
        if key == "fields":
            # Of an element that is handed over as it is: what the form of it holds.
            form = Invoke(Name("FormData"), (value,), True, value.start, value.end)
            return [(form, path, context)] if self._is_form(value, path, context) else []
        at = place_in_list(key)
        if at is not None:
            return self._item(value, at, path, context)
        if isinstance(value, Items):
            # A list stands for each of its items: `services . default`.
            return [
                inner for item in value.items for inner in self._member(item, key, path, context)
            ]
        if isinstance(value, Invoke) and value.new and len(value.arguments) > 1:
            # Built from its parts: `new Request(url, {body})`.
            return self._member(value.arguments[1], key, path, context)
        if isinstance(value, Record | Name | Parameter | Member | Either | Choice | Invoke):
            found = [
                (entry.value, where, its)
                for entry, where, its in self.flow.values.entries(value, path, context)
                if entry.key == key
            ]
            lists = [
                inner
                for e, where, its in self.flow.values.behind(value, path, context)
                if isinstance(e, Items)
                for inner in self._member(e, key, where, its)
            ]
            return found or lists
        return []

    def _is_form(self, value: Expr, path: str, context: Context) -> bool:
        return bool(self.flow.dom.elements(value, path, context))

    def _item(self, value: Expr, index: int, path: str, context: Context) -> list[Found]:
        match value:
            case Items(items):
                return [(items[index], path, context)] if index < len(items) else []
            case Name() | Parameter():
                return [
                    inner
                    for e, where, its in self.flow.values.behind(value, path, context)
                    if e != value
                    for inner in self._item(e, index, where, its)
                ]
            case Invoke():
                return [
                    inner
                    for e, where, its in self.flow.values.returned(value, path, context)
                    if e != value
                    for inner in self._item(e, index, where, its)
                ]
        return []

    def _given_back(self, value: Expr, path: str) -> Iterator[Found]:
        for where, number in self.flow.names.functions(value, path):
            facts = self.flow.project.files[where].functions.get(number)
            if facts is not None:
                yield from ((given.value, where, ()) for given in facts.returns)


def _constructor(callee: Callee | None) -> str:
    if callee is None or not callee.names:
        return "new"
    return "new " + (callee.dotted if callee.package else callee.names[-1])


def _written(place: Place, code: Code) -> list[Expr]:
    """What stands at the place in the code itself."""
    match place.kind, code:
        case "argument", Invoke(_, arguments):
            positional = [a for a in arguments if not isinstance(a, Keyword)]
            return [positional[place.index]] if 0 <= place.index < len(positional) else []
        case "keyword", Invoke(_, arguments):
            return [a.value for a in arguments if isinstance(a, Keyword) and a.name == place.name]
        case "arguments", Invoke(_, arguments):
            return [a.value if isinstance(a, Keyword) else a for a in arguments]
        case "value", Assign(_, value) | Define(value=value):
            return [value]
        case "attribute", Element():
            found = code.attribute(place.name)
            if found is None:
                return []
            # An attribute without a value is true (JSX; HTML's boolean attributes).
            return [found.value or Constant(True, found.start, found.end)]
    return []


def _is_tag(word: str) -> bool:
    return word.isalnum() and word.islower()
