"""What are a component's properties given, and when does it call those that are functions?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from gdprlint.facts import (
    Both,
    Call,
    Callback,
    Choice,
    Define,
    Element,
    Expr,
    Member,
    Name,
    Parameter,
    Way,
)
from gdprlint.flow.names import Names

Component = tuple[str, int]
"""The file and the number of the function that a component is."""


class Props:
    """The properties of components that take them as one object: `function Card({onPlay})`."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.project = names.project

    def given(self, name: Name, path: str) -> tuple[tuple[Expr, str], ...]:
        """What markup gives for the property that a name is; nothing where it is none."""
        found: list[tuple[Expr, str]] = []
        for definition in self.names.definitions(name, path):
            match definition.value:
                case Member(Parameter(number, 0), key):
                    for element, where in self._shown(definition.path, number):
                        attribute = element.attribute(key)
                        if attribute is not None and attribute.value is not None:
                            found.append((attribute.value, where))
        return tuple(found)

    def called(self, step: Callback, path: str) -> Iterator[tuple[str, Way, str]]:
        """Where a component runs the function that an attribute gives it: the event of the element
        that it hands it to (or nothing), the way to there, and the file."""
        element = self._around(step, path)
        if element is None:
            return
        keys = [a.name for a in element.attributes if a.start <= step.start < max(a.end, a.start)]
        for where, number in self.names.in_file(element.tag, path):
            function = self.project.files[where].functions.get(number)
            if function is None or not keys:
                continue
            within = list(self.project.within(where, function.span.start, function.span.end))
            bound = {
                fact.name
                for fact in within
                if isinstance(fact, Define) and _is_property(fact.value, number, keys[0])
            }
            for fact in within:
                if isinstance(fact, Element):
                    for attribute in fact.attributes:
                        if set(_names(attribute.value)) & bound:
                            yield attribute.name.lower().removeprefix("on"), fact.way, where
                elif isinstance(fact, Call):
                    to = fact.invoke.to
                    if isinstance(to, Name) and to.name in bound:
                        yield "", fact.way, where

    def _around(self, step: Callback, path: str) -> Element | None:
        """The component in whose start tag a function is written."""
        for fact in self.project.facts(path):
            if (
                isinstance(fact, Element)
                and fact.tag[:1].isupper()
                and fact.span.start <= step.start < fact.span.end
            ):
                return fact
        return None

    def _shown(self, path: str, number: int) -> Iterator[tuple[Element, str]]:
        name = self.project.files[path].functions[number].name
        for element, where in self._components.get(name, ()):
            if (path, number) in self.names.in_file(element.tag, where):
                yield element, where

    @cached_property
    def _components(self) -> Mapping[str, list[tuple[Element, str]]]:
        found: dict[str, list[tuple[Element, str]]] = {}
        for path, facts in self.project.files.items():
            for fact in facts.facts:
                if isinstance(fact, Element) and fact.tag[:1].isupper():
                    found.setdefault(fact.tag, []).append((fact, path))
        return found


def _is_property(value: Expr, number: int, key: str) -> bool:
    match value:
        case Member(Parameter(function, 0), name):
            return function == number and name == key
    return False


def _names(value: Expr | None) -> Iterator[str]:
    match value:
        case Name(name):
            yield name
        case Choice(_, yes, no):
            yield from _names(yes)
            yield from _names(no)
        case Both(_, right):
            yield from _names(right)
