"""How do the elements of compiled views lie in one another, and where in the file?

What stands under a condition or is repeated is a view of its own, a function elsewhere; its
elements lie where it is put into the view around it, in a form, in a component.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from gdprlint.facts import Constant, Expr, Items, Span, Text, Way
from gdprlint.languages.javascript.views import Makers, Step

_MOST = 200
# What a number in a list of attributes says of what follows (Angular, `AttributeMarker`): a name
# with its namespace, classes; behind others there are names alone.
_NAMESPACED, _CLASSES = 0, 1


@dataclass(slots=True)
class Made:
    """An element of a view, and the one around it."""

    tag: str
    span: Span
    way: Way
    view: View
    around: Made | None
    end: int
    attributes: dict[str, Expr | None] = field(default_factory=dict)
    texts: list[Text] = field(default_factory=list)
    listeners: list[Step] = field(default_factory=list)


@dataclass(slots=True)
class View:
    """The function of a view: the calls by which it is made and brought up to date.

    `lists` are its lists of attributes. `place` lies in the template of its component, which is the
    second parameter where the view is the `outermost`; else `around` it may be an element of
    another. `elements` by their numbers; `puts` are views with the calls that put them into it.
    """

    function: int
    makes: list[Step]
    binds: list[Step]
    lists: tuple[Expr, ...] = ()
    place: int = 0
    outermost: bool = False
    around: Made | None = None
    elements: dict[int, Made] = field(default_factory=dict)
    puts: list[tuple[Step, View]] = field(default_factory=list)


_Inner: TypeAlias = Callable[[Step], Sequence[View]]


def make(view: View, makers: Makers, inner: _Inner) -> None:
    """Find the elements of a view, and what is put into it."""
    around: list[Made | None] = []
    current: Made | None = None
    ends = frozenset(makers.ends.values())
    for step in view.makes:
        outer = next((made for made in reversed(around) if made is not None), view.around)
        if step.called in makers.names and step.tag:
            current = view.elements[step.number] = _made(step, view, outer)
            if step.called in makers.ends:
                around.append(current)
        elif step.called in makers.ends:
            around.append(None)
        elif step.called in ends and not step.given:
            last = around.pop() if around else None
            if last is not None:
                last.end = step.span.end
            current = None
        elif step.number >= 0:
            current = None
            if outer is not None and len(step.given) == 2 and isinstance(step.given[1], Text):
                outer.texts.append(step.given[1])
            for one in inner(step):
                one.around = outer
                view.puts.append((step, one))
        elif current is not None:
            current.listeners.append(step)


def put_in_place(view: View) -> None:
    """Give the elements of all that is put into an outermost view their places in it.

    They share the stretch of the call that puts them there, a character each; where it is too
    short, they stay where they are made.
    """
    for step, one in view.puts if view.outermost else ():
        held = list(_in_order(one, {view.function}))
        if len(held) + 1 >= step.span.end - step.span.start:
            continue
        first = step.span.start + 1
        last: dict[int, int] = {}
        for at, made in enumerate(held):
            outer: Made | None = made
            while outer is not None:
                last[id(outer)] = at
                outer = outer.around
        for at, made in enumerate(held):
            made.span = replace(made.span, start=first + at, end=first + at + 1)
            made.end = first + last[id(made)] + 1


def _in_order(view: View, seen: set[int]) -> Iterator[Made]:
    """The elements of a view and of those in it, in the order of the page; a view that is put into
    itself once."""
    if view.function in seen or len(seen) > _MOST:
        return
    seen.add(view.function)
    waiting = list(view.puts)
    for number, made in view.elements.items():
        while waiting and waiting[0][0].number < number:
            yield from _in_order(waiting.pop(0)[1], seen)
        yield made
    for _, one in waiting:
        yield from _in_order(one, seen)


def _made(step: Step, view: View, outer: Made | None) -> Made:
    tag = step.tag.rpartition(":")[2]
    # The view of a component is there wherever the component is.
    way = () if view.outermost else step.way
    made = Made(tag, step.span, way, view, outer, step.span.end)
    match step.given:
        case (_, _, Constant(float() | int() as number), *_) if 0 <= number < len(view.lists):
            listed = view.lists[int(number)]
            made.attributes.update(_attributes(listed.items if isinstance(listed, Items) else ()))
    return made


def _attributes(items: Sequence[Expr]) -> Iterator[tuple[str, Expr | None]]:
    """What a list says of an element: names and values, up to a number."""
    at = 0
    marker: float | None = None
    classes: list[str] = []
    while at < len(items):
        match items[at]:
            case Constant(float() | int() as number):
                marker = number
                at += 1
            case Text(name) if marker is None and at + 1 < len(items):
                yield name.lower(), items[at + 1]
                at += 2
            case Text(name) if marker == _CLASSES:
                classes.append(name)
                at += 1
            case _:
                at += 3 if marker == _NAMESPACED else 1
    if classes:
        yield "class", Text(" ".join(classes), items[0].start, items[-1].end)
