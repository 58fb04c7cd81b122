"""What do compiled templates say? The elements of a component's views, and what is bound to them.

Angular compiles a template to a function of a flag and the component. Where the flag says that the
view is made, its calls make elements by number, `start(0, "form", 1)`; where it is brought up to
date, they bind members of the component to them, `bind("ngModel", c.reason)`. Static attributes
lie in lists beside it; what stands under a condition or is repeated is a view of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from gdprlint.facts import (
    MEMBERS,
    Assign,
    Attribute,
    Body,
    Call,
    Callback,
    Constant,
    Define,
    Either,
    Element,
    Expr,
    Fact,
    Function,
    FunctionFacts,
    Invoke,
    Items,
    Join,
    Member,
    Name,
    Opaque,
    Parameter,
    Record,
    Return,
    Text,
    Unread,
    Way,
)
from gdprlint.facts import Step as WayStep
from gdprlint.languages.javascript.nested import Made, View, make, put_in_place
from gdprlint.languages.javascript.views import Step, makers_of, phase, unrolled

_KEYS = frozenset(("type", "decls", "vars", "template"))
_CONTROLS = frozenset(("input", "select", "textarea"))
_MOST_VIEWS = 5000
_MOST_OUTER = 30

_Heard: TypeAlias = dict[tuple[int, int], Callback]
"""By where a call ends and the function among its arguments begins: as what else it is heard."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """The facts of a file and its functions, with what compiled templates in it stand for."""

    facts: list[Fact]
    functions: Mapping[int, FunctionFacts]


def may_hold_views(text: str) -> bool:
    """Whether there is a point in looking for compiled templates, or what makes their classes."""
    return "\u0275" in text or "\\u0275" in text


def with_views(
    facts: Sequence[Fact], functions: Mapping[int, FunctionFacts], scopes: Mapping[int, int]
) -> Compiled:
    """Facts and functions, those that compiled templates stand for among them."""
    file = _File(facts, functions, scopes)
    views = file.views()
    if not views:
        return Compiled([_made_by_factory(fact) for fact in facts], functions)
    makers = makers_of([view.makes for view in views.values()])
    for view in views.values():
        make(view, makers, lambda step: [views[n] for n in file.inner(step) if n in views])
    for view in views.values():
        put_in_place(view)
    found: list[Fact] = []
    heard: _Heard = {}
    for view in views.values():
        for made in view.elements.values():
            _hear(made, heard)
        _bind(view)
        for made in view.elements.values():
            found.append(_element(made))
            found.extend(_entered(made, file))
    ways = _Ways(heard)
    told = [ways.of_fact(_made_by_factory(file.told(fact, views))) for fact in facts]
    known = {number: ways.of_function(function) for number, function in functions.items()}
    return Compiled([*told, *found], known)


class _File:
    """The facts of one file, by name and by the function that they stand in."""

    def __init__(
        self,
        facts: Sequence[Fact],
        functions: Mapping[int, FunctionFacts],
        scopes: Mapping[int, int],
    ) -> None:
        self.facts = facts
        self.functions = functions
        self.scopes = scopes
        self._defined: dict[tuple[int, str], Expr] = {}
        self._calls: dict[int, list[Call]] = {}
        self._values: dict[int, list[Expr]] = {}
        self._contexts: frozenset[str] = frozenset()
        for fact in facts:
            if isinstance(fact, Define):
                self._defined.setdefault((fact.scope, fact.name), fact.value)

    def views(self) -> dict[int, View]:
        """The views of all components by their functions, each behind the one that it lies in."""
        roots = list(self._components())
        if not roots:
            return {}
        self._index()
        found: dict[int, View] = {}
        for function, lists in roots:
            view = self._view(function)
            if view is not None:
                view.lists, view.place, view.outermost = lists, function, True
                found.setdefault(function, view)
        waiting = list(found.values())
        while waiting and len(found) < _MOST_VIEWS:
            outer = waiting.pop(0)
            for step in outer.makes:
                for number in self.inner(step):
                    view = self._view(number) if number not in found else None
                    if view is not None:
                        view.lists = outer.lists
                        view.place = step.span.start if outer.outermost else outer.place
                        found[number] = view
                        waiting.append(view)
        return found

    def _components(self) -> Iterator[tuple[int, tuple[Expr, ...]]]:
        for fact in self.facts:
            match fact:
                case Call(Invoke(_, (Record(entries), *_))):
                    given = {entry.key: entry.value for entry in entries}
                    template = self._given_back(given.get("template"))
                    if given.keys() >= _KEYS and isinstance(template, Function):
                        yield template.function, self._listed(given.get("consts"))

    def _listed(self, value: Expr | None) -> tuple[Expr, ...]:
        """The lists of attributes; a function gives them back where texts are translated."""
        meant = self._given_back(value)
        if isinstance(meant, Function):
            meant = self._last_of(meant)
        return meant.items if isinstance(meant, Items) else ()

    def _given_back(self, value: Expr | None) -> Expr | None:
        """What a name stands for, or what a call of the file's own without arguments gives back."""
        meant = self.meant(value)
        if isinstance(meant, Invoke) and not meant.arguments:
            called = self.meant(meant.to)
            return self._last_of(called) if isinstance(called, Function) else None
        return meant

    def _last_of(self, function: Function) -> Expr | None:
        """What a function gives back at its end."""
        facts = self.functions.get(function.function)
        return self.meant(facts.returns[-1].value) if facts is not None and facts.returns else None

    def meant(self, value: Expr | None) -> Expr | None:
        """What a name of this file stands for; another value is itself."""
        if not isinstance(value, Name):
            return value
        scope: int | None = value.scope
        for _ in range(_MOST_OUTER):
            if scope is None:
                break
            found = self._defined.get((scope, value.name))
            if found is not None:
                return found
            scope = self.scopes.get(scope, 0) if scope else None
        return None

    def _is_instruction(self, call: Invoke) -> bool:
        """Whether a call may be a view's own: of a name, or of a member of a module."""
        to: Expr = call
        while isinstance(to, Invoke):
            to = to.to
        return not isinstance(to, Member) or self.meant(to.of) is not None

    def inner(self, step: Step) -> Iterator[int]:
        """The functions that a call puts into a view."""
        for given in step.given[1:] if step.number >= 0 else ():
            meant = self.meant(given)
            if isinstance(meant, Function):
                yield meant.function

    def _index(self) -> None:
        contexts: set[str] = set()
        for fact in self.facts:
            if not isinstance(fact, Call | Define | Assign):
                continue
            inside = next((step for step in reversed(fact.way) if isinstance(step, Body)), None)
            if inside is None:
                continue
            if isinstance(fact, Call):
                self._calls.setdefault(inside.function, []).append(fact)
            else:
                self._values.setdefault(inside.function, []).append(fact.value)
                match fact.value:
                    case Invoke(Name(name) | Member(_, name), (), False):
                        contexts.add(name)
        self._contexts = frozenset(contexts)

    def _view(self, function: int) -> View | None:
        """The view that a function makes and brings up to date; None where it does neither."""
        facts = self.functions.get(function)
        if facts is None or len(facts.parameters) != 2:
            return None
        view = View(function, [], [])
        values = [(v.start, v.end) for v in self._values.get(function, ())]
        last = -1
        calls = self._calls.get(function, [])
        for call in sorted(calls, key=lambda call: (call.span.start, -call.span.end)):
            start, end = call.span.start, call.span.end
            if start < last or any(first <= start and end <= stop for first, stop in values):
                # A part of another call, or of what is given to a name.
                continue
            last = end
            if not self._is_instruction(call.invoke):
                continue
            match phase(call.way, facts.parameters[0]):
                case 1:
                    view.makes.extend(unrolled(call))
                case 2:
                    view.binds.extend(unrolled(call))
        return view if view.makes or view.binds else None

    # ---------------------------------------------------------------- the component of a view

    def component(self, value: Expr, view: View) -> bool:
        """Whether a value in a view is its component: the second parameter where it is the
        outermost, else what a call without arguments, or with how many views there are between,
        gives back."""
        match self.meant(value):
            case Parameter(function, 1):
                return function == view.function and view.outermost
            case Invoke(Name(name) | Member(_, name), given, False):
                numbered = not given or (len(given) == 1 and isinstance(given[0], Constant))
                return numbered and name in self._contexts and not view.outermost
        return False

    def member(self, value: Expr | None, view: View) -> Name | Member | None:
        """A path of names from the component, as markup would write it; None for another value."""
        if not isinstance(value, Member):
            return None
        if self.component(value.of, view):
            return Name(value.name, MEMBERS, view.place, view.place)
        inner = self.member(value.of, view)
        return Member(inner, value.name, value.start, value.end) if inner is not None else None

    def told(self, fact: Fact, views: Mapping[int, View]) -> Fact:
        """What a name in a view stands for, if that is its component."""
        if not isinstance(fact, Define) or not isinstance(fact.value, Parameter | Invoke):
            return fact
        for step in reversed(fact.way):
            view = views.get(step.function) if isinstance(step, Body) else None
            if view is not None:
                if self.component(fact.value, view):
                    this = Name("this", MEMBERS, view.place, view.place)
                    return replace(fact, value=this)
                break
        return fact


# -------------------------------------------------------------------- elements


def _hear(made: Made, heard: _Heard) -> None:
    """Note what listens to an element: `on("ngSubmit", function () { ... })`."""
    start, end = made.span.start, made.span.end
    to = Member(Opaque("element", start, end), "addEventListener", start, end)
    for step in made.listeners:
        match step.given:
            case (Text(event), Function() | Name() | Member() as function, *_):
                made.attributes[f"({event.lower()})"] = function
                name = Text(event.lower(), step.given[0].start, step.given[0].end)
                callback = Callback(to, (name, function), 1, step.span.start, step.span.end)
                heard[step.span.end, function.start] = callback


def _bind(view: View) -> None:
    """Give elements the attributes that are bound to them when the view is brought up to date."""
    at = 0
    for step in view.binds:
        match step.given:
            case ():
                at += 1
            case (Constant(float() | int() as number),):
                at += int(number)
            case (Text(name), value, *_) if at in view.elements:
                attributes = view.elements[at].attributes
                name = name.lower()
                attributes[f"[{name}]"] = value
                if f"({name}change)" in attributes:
                    attributes[f"[({name})]"] = value


def _element(made: Made) -> Element:
    first, last = made.span.start, made.span.end
    attributes = tuple(Attribute(name, v, first, last) for name, v in made.attributes.items())
    text: Expr | None = None
    if len(made.texts) == 1:
        text = made.texts[0]
    elif made.texts:
        text = Join(tuple(made.texts), made.texts[0].start, made.texts[-1].end)
    return Element(made.tag, attributes, made.span, made.way, made.end, text)


def _entered(made: Made, file: _File) -> Iterator[Assign]:
    """What a visitor enters into a control, put into the members that are bound to it."""
    if made.tag not in _CONTROLS:
        return
    start, end = made.span.start, made.span.end
    given = Member(Opaque("element", start, end), "value", start, end)
    model = file.member(made.attributes.get("[(ngmodel)]"), made.view)
    if model is not None:
        yield Assign(model, given, made.span, made.way)
    control = file.member(made.attributes.get("[formcontrol]"), made.view)
    if control is not None:
        yield Assign(Member(control, "value", start, end), given, made.span, made.way)
    name = made.attributes.get("formcontrolname")
    group = _group_around(made, file) if isinstance(name, Text) else None
    if group is not None and isinstance(name, Text):
        yield Assign(Member(group, name.text, start, end), given, made.span, made.way)


def _group_around(made: Made, file: _File) -> Member | None:
    """The value of the innermost group of controls that an element lies in."""
    keys: list[str] = []
    outer = made.around
    while outer is not None:
        named = outer.attributes.get("formgroupname")
        if isinstance(named, Text):
            keys.append(named.text)
        elif "[formgroup]" in outer.attributes:
            of = file.member(outer.attributes["[formgroup]"], outer.view)
            group = Member(of, "value", of.start, of.end) if of is not None else None
            for key in reversed(keys):
                group = Member(group, key, group.start, group.end) if group is not None else None
            return group
        outer = outer.around
    return None


# -------------------------------------------------------------------- ways


class _Ways:
    """Ways in which what listens to an element's event is told as markup tells it."""

    def __init__(self, heard: _Heard) -> None:
        self.heard = heard
        self._known: dict[int, tuple[Way, Way]] = {}

    def of_fact(self, fact: Fact) -> Fact:
        """The fact, by such a way."""
        if isinstance(fact, Unread) or not fact.way:
            return fact
        way = self._of(fact.way)
        return fact if way is fact.way else replace(fact, way=way)

    def of_function(self, function: FunctionFacts) -> FunctionFacts:
        """The function, and what it gives back, by such ways."""
        returns = tuple(Return(given.value, self._of(given.way)) for given in function.returns)
        return replace(function, way=self._of(function.way), returns=returns)

    def _of(self, way: Way) -> Way:
        # Facts share their ways, which are kept with what they became so that none is freed.
        known = self._known.get(id(way))
        if known is None:
            steps = tuple(map(self._step, way))
            known = self._known[id(way)] = (way, way if steps == way else steps)
        return known[1]

    def _step(self, step: WayStep) -> WayStep:
        if isinstance(step, Callback) and step.index < len(step.arguments):
            return self.heard.get((step.end, step.arguments[step.index].start), step)
        return step


def _made_by_factory(fact: Fact) -> Fact:
    """`new (t || Page)(a)` in the function by which an injector makes a class: of that class."""
    match fact:
        case Call(Invoke(Either(Name(), Name() as made), (_, *_), True) as invoke):
            return replace(fact, invoke=replace(invoke, to=made))
    return fact
