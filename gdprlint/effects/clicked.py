"""What does a visitor click? The words of the control whose click calls a function."""

from __future__ import annotations

from collections.abc import Iterator

from gdprlint.facts import Callback, Element, Expr, Invoke, Member, Name, Text
from gdprlint.flow import Flow
from gdprlint.project.controls import attribute

_NAMING = ("id", "class", "className", "name", "aria-label", "title")


def is_click(step: Callback) -> bool:
    """Whether a callback waits for a click on something."""
    if not isinstance(step.to, Member):
        return False
    events = {a.text.lower().partition(".")[0] for a in step.arguments if isinstance(a, Text)}
    return "click" in events or step.to.name == "click"


def clicked_words(step: Callback, path: str, flow: Flow) -> Iterator[str]:
    """The words of what is clicked: of its selector, and of its elements."""
    of = step.to.of if isinstance(step.to, Member) else step.to
    yield from _spelled(of)
    elements = [found.element for found in flow.dom.elements(of, path)]
    for element in elements or _holding(step, path, flow):
        for name in _NAMING:
            yield attribute(element, name)
        if isinstance(element.text, Text):
            yield element.text.text


def _holding(step: Callback, path: str, flow: Flow) -> list[Element]:
    """The element in whose start tag a handler is written."""
    return [
        fact
        for fact in flow.project.facts(path)
        if isinstance(fact, Element) and fact.span.start <= step.start < fact.span.end
    ]


def _spelled(value: Expr) -> Iterator[str]:
    """The names and texts of which an expression is made."""
    match value:
        case Text(text) | Name(text):
            yield text
        case Member(of, name):
            yield from _spelled(of)
            yield name
        case Invoke(to, arguments):
            yield from _spelled(to)
            for argument in arguments:
                yield from _spelled(argument)
