"""Who listens to what: which elements call a function, and what is known where it runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gdprlint.facts import (
    Assign,
    Both,
    Compare,
    Either,
    Element,
    Expr,
    Function,
    If,
    Invoke,
    Member,
    Name,
    Negation,
    Opaque,
    Parameter,
    Text,
    Way,
)
from gdprlint.facts.expr import Keyword
from gdprlint.flow.calls import Calls
from gdprlint.flow.context import Context
from gdprlint.flow.markup import Markup
from gdprlint.project import Project

_PLAIN = frozenset(
    {"submit", "change", "click", "input", "keyup", "keydown", "keypress", "blur", "focus"}
    | {"focusout", "focusin", "select", "paste", "mouseup", "mousedown", "dblclick"}
)
_ON = frozenset({"addEventListener", "on", "one", "bind"})
# What happens to a form and not to a control in it.
_FORM_EVENTS = ("submit", "reset")
# Attributes for events: of HTML and JSX, of templates that mark them with a sign.
_HEARING = ("on", "@", "v-on:", "(")
_PAGE = frozenset({"document", "window", "self", "globalThis"})
_NEAR = 4000
_DEEPEST = 5
_MOST = 30


@dataclass(frozen=True, slots=True)
class Heard:
    """An element that listens: `of` in the file `path`.

    `selector` where it only asks for what happens to elements inside of it that fit. `on_itself`
    where the event happens to the element itself.
    """

    of: Expr
    path: str
    selector: Expr | None = None
    on_itself: bool = False


class Listeners:
    """The functions that listen to events, and to whose."""

    def __init__(self, calls: Calls, markup: Markup) -> None:
        self.calls = calls
        self.markup = markup
        self.project = calls.names.project
        self._attributes: dict[str, list[tuple[str, Element, Expr]]] | None = None
        self._assigned: dict[str, list[tuple[str, Assign]]] | None = None

    def of(self, path: str, function: int) -> list[Heard]:
        """Everything whose events call a function."""
        found: list[Heard] = []
        for site in self.calls.handed(path, function):
            found.extend(_heard(site.invoke.to, site.invoke.arguments, site.path))
        found.extend(self._in_attributes(path, function))
        found.extend(self._by_assignment(path, function))
        return found[:_MOST]

    def _in_attributes(self, path: str, function: int) -> Iterator[Heard]:
        """Elements with the function, or its name, written into an attribute for an event."""
        if self._attributes is None:
            self._attributes = {}
            for where in self.project.files:
                for fact in self.project.facts(where):
                    if isinstance(fact, Element):
                        self._index_attributes(where, fact, self._attributes)
        # A function in a stretch that could not be read is known by its number alone.
        facts = self.project.files[path].functions.get(function)
        for key in (f"{path} {function}", facts.name if facts is not None else ""):
            for where, element, value in self._attributes.get(key, ()) if key else ():
                if (path, function) in self.calls.names.functions(value, where):
                    yield Heard(Opaque("element", element.span.start), where)

    @staticmethod
    def _index_attributes(
        path: str, element: Element, table: dict[str, list[tuple[str, Element, Expr]]]
    ) -> None:
        for given in element.attributes:
            if not given.name.startswith(_HEARING):
                continue
            match given.value:
                case Function(number):
                    table.setdefault(f"{path} {number}", []).append((path, element, given.value))
                case Name(name) | Member(_, name):
                    table.setdefault(name, []).append((path, element, given.value))

    def _by_assignment(self, path: str, function: int) -> Iterator[Heard]:
        """`field.onchange = changed`."""
        if self._assigned is None:
            self._assigned = {}
            for where in self.project.files:
                for fact in self.project.facts(where):
                    match fact:
                        case Assign(Member(_, name), Name(given)) if _is_event(name):
                            self._assigned.setdefault(given, []).append((where, fact))
        name = self.project.files[path].functions[function].name
        for where, fact in self._assigned.get(name, ()) if name else ():
            if (path, function) in self.calls.names.functions(fact.value, where):
                assert isinstance(fact.to, Member)
                yield Heard(fact.to.of, where, on_itself=fact.to.name[2:] in _FORM_EVENTS)

    def events(
        self, of: Expr, path: str, behind: Sequence[tuple[Expr, str, Context]], depth: int = 0
    ) -> list[Heard]:
        """Whose event `of` is; `behind` is what is known to stand behind it."""
        found: list[Heard] = []
        match of:
            case Parameter(function, 0):
                found.extend(self.of(path, function))
            case Member(Parameter() | Name() as inner, "originalEvent" | "nativeEvent"):
                return self.events(inner, path, self._definitions(inner, path), depth + 1)
            case Name("event" | "$event", start=start):
                one = self.markup.at(path, start)
                if one is not None and start < one.element.span.end:
                    found.append(Heard(Opaque("element", one.element.span.start), path))
        for given, where, _ in behind if depth < _DEEPEST else ():
            if given != of and isinstance(given, Name | Parameter):
                further = self._definitions(given, where)
                found.extend(self.events(given, where, further, depth + 1))
        return list(dict.fromkeys(found))[:_MOST]

    def _definitions(self, value: Expr, path: str) -> list[tuple[Expr, str, Context]]:
        if not isinstance(value, Name):
            return []
        found = self.calls.names.definitions(value, path)
        return [(definition.value, definition.path, ()) for definition in found]

    def compared(self, test: Expr, path: str) -> tuple[Member, str] | None:
        """The member and the text that a test holds to be equal: `e.target.name === "x"`."""
        if not isinstance(test, Compare) or test.operator not in ("==", "==="):
            return None
        left, right = test.left, test.right
        if isinstance(left, Text):
            left, right = right, left
        if not isinstance(right, Text):
            return None
        if isinstance(left, Name):
            # `const { name } = event.target`
            members = [v for v, where, _ in self._definitions(left, path) if where == path]
            left = members[0] if len(members) == 1 else left
        return (left, right.text) if isinstance(left, Member) else None


def tests_at(project: Project, path: str, place: int) -> Iterator[tuple[Expr, bool]]:
    """The tests that are known to hold, or not to, where the code at `place` runs."""
    way: Way = ()
    for fact in project.within(path, max(0, place - _NEAR), place + 1):
        if isinstance(fact, Element) or not place < max(fact.span.end, fact.span.start + 1):
            continue
        way = max(way, getattr(fact, "way", ()), key=len)
    for step in way:
        if isinstance(step, If):
            yield from _tests(step.test, step.taken)


def _tests(test: Expr, taken: bool) -> Iterator[tuple[Expr, bool]]:
    match test:
        case Negation(inner):
            yield from _tests(inner, not taken)
        case Compare("!=" | "!==", left, right):
            yield Compare("==", left, right, test.start, test.end), not taken
        case Both(left, right) if taken:
            yield from _tests(left, True)
            yield from _tests(right, True)
        case Either(left, right) if not taken:
            yield from _tests(left, False)
            yield from _tests(right, False)
        case _:
            yield test, taken


def is_page(of: Expr) -> bool:
    """Whether a value is the whole page: what happens anywhere in it is heard there."""
    match of:
        case Name(name):
            return name in _PAGE
        case Member(Name(holder), "document" | "body" | "documentElement"):
            return holder in _PAGE
        case Invoke(Name("$" | "jQuery"), (first, *_)):
            return (isinstance(first, Text) and first.text in ("body", "html")) or is_page(first)
    return False


def _heard(to: Expr, arguments: Sequence[Expr], path: str) -> list[Heard]:
    given = [a.value if isinstance(a, Keyword) else a for a in arguments]
    first = given[0] if given else None
    itself = isinstance(first, Text) and first.text.split(".")[0] in _FORM_EVENTS
    match given:
        case [Text(event), Name() | Parameter() as of, Function() | Name() | Member(), *_]:
            # `listen("change", field, changed)`, as compilers of components spell it.
            if event.isalpha() and event.islower():
                return [Heard(of, path, on_itself=itself)]
    if not isinstance(to, Member):
        return []
    match to.name:
        case "addEventListener":
            return [Heard(to.of, path, on_itself=itself)]
        case "delegate" if len(given) > 2:
            return [Heard(to.of, path, first)]
        case name if name in _ON:
            if len(given) > 2 and not isinstance(given[1], Function):
                return [Heard(to.of, path, given[1])]
            return [Heard(to.of, path, on_itself=itself)]
        case name if name in _PLAIN:
            return [Heard(to.of, path, on_itself=name in _FORM_EVENTS)]
    return []


def _is_event(name: str) -> bool:
    return name.startswith("on") and len(name) > 3 and name.isalpha() and name.islower()
