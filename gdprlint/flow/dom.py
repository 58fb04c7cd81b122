"""Which elements and form controls of the page does an expression mean?

The readings of the DOM that the web platform has: by id, by name, by selector, through a form's
elements, through the event that a listener is given (DOM Standard; HTML, section 4.10).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from gdprlint.facts import (
    UNKNOWN_KEY,
    Call,
    Element,
    Expr,
    Invoke,
    Member,
    Name,
    Opaque,
    Parameter,
    Text,
)
from gdprlint.flow.context import Context
from gdprlint.flow.values import Values
from gdprlint.project.controls import Control, attribute, controls_of

_SELECTOR = re.compile(
    r"(?P<tag>[\w-]+)?(?P<id>#[\w-]+)?(?P<classes>(?:\.[\w-]+)*)"
    r"(?P<attributes>(?:\[[^\]]*\])*)(?::[\w-]+(?:\([^)]*\))?)*$"
)
_ATTRIBUTE = re.compile(r"\[\s*([\w-]+)\s*(?:[~|^$*]?=\s*[\"']?([^\"'\]]*)[\"']?)?\s*\]")
_FINDERS = frozenset({"querySelector", "querySelectorAll", "find", "closest"})
_JQUERY = frozenset({"$", "jQuery"})
_EVENT_TARGETS = frozenset({"target", "currentTarget", "srcElement"})
_MOST = 40


@dataclass(frozen=True, slots=True)
class Found:
    """An element of the page, and the file that it stands in."""

    element: Element
    path: str


class Dom:
    """The elements of all pages, found by id, name and selector."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.project = values.names.project
        self._controls: dict[str, tuple[Control, ...]] = {}
        self._references: dict[str, list[tuple[Name | Text, Element]]] = {}
        self._tags: dict[str, list[Element]] = {}
        self._by_id: dict[str, list[Found]] | None = None
        self._all: list[Found] = []

    def controls(self, path: str) -> tuple[Control, ...]:
        """The form controls that one file holds."""
        if path not in self._controls:
            self._controls[path] = tuple(controls_of(self.project.files[path]))
        return self._controls[path]

    def control_of(self, found: Found) -> Control | None:
        """The control that an element is, or None."""
        for control in self.controls(found.path):
            if control.element is found.element or control.element == found.element:
                return control
        return None

    def controls_in(self, form: Found) -> tuple[Control, ...]:
        """The controls of a form: those that lie in it."""
        return tuple(
            control
            for control in self.controls(form.path)
            if form.element.span.start < control.element.span.start < form.element.end
        )

    def elements(
        self, value: Expr, path: str, context: Context = (), depth: int = 0
    ) -> list[Found]:
        """Every element that `value` can be."""
        if depth > 8:
            return []
        match value:
            case Invoke(Member(_, "getElementById"), (first, *_)):
                return self._with_id(self.values.literal(first, path, context), path)
            case Invoke(Member(_, "getElementsByName"), (first, *_)):
                name = self.values.literal(first, path, context)
                return self._selected(f'[name="{name}"]', path) if name else []
            case Invoke(Member(of, finder), (first, *_)) if finder in _FINDERS:
                selector = self.values.literal(first, path, context)
                if selector is None:
                    return []
                if finder == "closest" and selector == "form":
                    return self._forms_around(self.elements(of, path, context, depth + 1))
                return self._selected(selector, path)
            case Invoke(Name(name), (first, *_)) if name in _JQUERY:
                selector = self.values.literal(first, path, context)
                if selector is not None:
                    return self._selected(selector, path)
                return self.elements(first, path, context, depth + 1)
            case Opaque("element", start) | Name("element", 0, start):
                # What an `on...` attribute stands in: readers name its place.
                return self._at(path, start)
            case Name("this", scope):
                return self._of_listener(path, (scope - 1) // 2, context, depth)
            case Member(of, name) if name in _EVENT_TARGETS:
                return self._of_event(of, path, context, depth)
            case Member(Member(Name("document"), "forms"), name):
                by_name = self._selected(f'form[name="{name}"]', path)
                return by_name or self._with_id(name, path) or self._selected("form", path)
            case Member(Member(of, "elements"), name):
                return self._named_in(self.elements(of, path, context, depth + 1), name)
            case Member(of, "form"):
                return self._forms_around(self.elements(of, path, context, depth + 1))
            case Member(of, "current" | "value") if referred := self._referred(of, path):
                return referred
            case Member(Member(_, "$refs"), name):
                return self._referred(Name(name), path)
            case Member(of, name):
                inner = self.elements(of, path, context, depth + 1)
                if name.isdigit() or name == UNKNOWN_KEY or name == "current":
                    return inner
                return self._named_in([f for f in inner if f.element.tag == "form"], name)
            case Name() | Parameter():
                found: list[Found] = []
                for behind, where, its in self.values.behind(value, path, context):
                    if behind != value:
                        found.extend(self.elements(behind, where, its, depth + 1))
                return found[:_MOST]
        return []

    def _of_event(self, of: Expr, path: str, context: Context, depth: int) -> list[Found]:
        function = self._event_function(of, path)
        if function is None:
            return []
        return self._of_listener(path, function, context, depth)

    def _event_function(self, of: Expr, path: str) -> int | None:
        """The function whose first parameter, the event, `of` is."""
        match of:
            case Parameter(function, 0):
                return function
            case Name():
                for definition in self.values.names.definitions(of, path):
                    if isinstance(definition.value, Parameter) and definition.value.index == 0:
                        return definition.value.function
        return None

    def _of_listener(self, path: str, function: int, context: Context, depth: int) -> list[Found]:
        callback = self.values.calls.callback(path, function)
        if callback is not None:
            return self._listened(callback.to, path, context, depth)
        found: list[Found] = []
        for site in self.values.calls.handed(path, function):
            found.extend(self._listened(site.invoke.to, site.path, (), depth))
        return found[:_MOST]

    def _listened(self, to: Expr, path: str, context: Context, depth: int) -> list[Found]:
        match to:
            case Member(of, "addEventListener" | "on" | "submit" | "change" | "click" | "input"):
                return self.elements(of, path, context, depth + 1)
        return []

    def _at(self, path: str, start: int) -> list[Found]:
        """The innermost element whose start tag a place lies in."""
        table = self._tags.get(path)
        if table is None:
            facts = self.project.facts(path)
            table = self._tags[path] = sorted(
                (fact for fact in facts if isinstance(fact, Element)), key=lambda e: e.span.start
            )
        last = bisect_right(table, start, key=lambda e: e.span.start)
        for element in reversed(table[max(0, last - _MOST) : last]):
            if start < element.span.end:
                return [Found(element, path)]
        return []

    def _referred(self, of: Expr, path: str) -> list[Found]:
        """The elements of this file that markup lets a variable refer to: `ref={box}`,
        `ref="box"`."""
        if not isinstance(of, Name):
            return []
        table = self._references.get(path)
        if table is None:
            table = self._references[path] = []
            for fact in self.project.facts(path):
                if isinstance(fact, Element):
                    given = fact.attribute("ref")
                    if given is not None and isinstance(given.value, Name | Text):
                        table.append((given.value, fact))
        mine = {d.span for d in self.values.names.definitions(of, path)} if table else set()
        found: list[Found] = []
        for value, element in table:
            if isinstance(value, Text):
                same = value.text == of.name
            else:
                same = any(d.span in mine for d in self.values.names.resolve(value, path))
            if same:
                found.append(Found(element, path))
        return found

    def _together(self, path: str, other: str) -> bool:
        if path == other:
            return True
        pages = {page.id for page in self.project.pages_of.get(path, ())}
        return any(page.id in pages for page in self.project.pages_of.get(other, ()))

    def _index(self) -> dict[str, list[Found]]:
        if self._by_id is None:
            self._by_id = {}
            for path, facts in self.project.files.items():
                for fact in facts.facts:
                    if isinstance(fact, Element):
                        found = Found(fact, path)
                        self._all.append(found)
                        identifier = attribute(fact, "id")
                        if identifier:
                            self._by_id.setdefault(identifier, []).append(found)
        return self._by_id

    def _with_id(self, identifier: str | None, path: str) -> list[Found]:
        if not identifier:
            return []
        return [f for f in self._index().get(identifier, []) if self._together(path, f.path)][
            :_MOST
        ]

    def _selected(self, selector: str, path: str) -> list[Found]:
        """Elements that the last compound of a selector fits; the rest of it is not looked at."""
        last = selector.split(",")[0].strip().split(" ")[-1].split(">")[-1].strip()
        match = _SELECTOR.match(last)
        if match is None or not last:
            return []
        index = self._index()
        pool = index.get(match["id"][1:], []) if match["id"] else self._all
        return [f for f in pool if _fits(f.element, match) and self._together(path, f.path)][:_MOST]

    def _named_in(self, forms: list[Found], name: str) -> list[Found]:
        return [
            Found(control.element, form.path)
            for form in forms
            for control in self.controls_in(form)
            if name in (control.name, attribute(control.element, "id"))
        ]

    def _forms_around(self, inner: list[Found]) -> list[Found]:
        found: list[Found] = []
        for element in inner:
            control = self.control_of(element)
            if control is not None and control.form is not None:
                found.append(Found(control.form, element.path))
        return found

    def calls_on(self, value: Expr, path: str, *methods: str) -> Iterator[tuple[Call, str]]:
        """Calls of these methods on the variable `value`, or on its `searchParams`: (call,
        method)."""
        if not isinstance(value, Name):
            return
        mine = {d.span for d in self.values.names.definitions(value, path)}
        for method in methods:
            for where, call in self.values.calls.named(method):
                if where != path or not isinstance(call.invoke.to, Member):
                    continue
                receiver = call.invoke.to.of
                if isinstance(receiver, Member) and receiver.name == "searchParams":
                    receiver = receiver.of
                if isinstance(receiver, Name) and receiver.name == value.name:
                    theirs = {d.span for d in self.values.names.definitions(receiver, path)}
                    if mine & theirs:
                        yield call, method


def _fits(element: Element, match: re.Match[str]) -> bool:
    if match["tag"] and element.tag.lower() != match["tag"].lower():
        return False
    if match["id"] and attribute(element, "id") != match["id"][1:]:
        return False
    classes = attribute(element, "class").split()
    if any(name not in classes for name in match["classes"].split(".") if name):
        return False
    return all(
        element.attribute(name) is not None and (not value or attribute(element, name) == value)
        for name, value in _ATTRIBUTE.findall(match["attributes"] or "")
    )


def fits(element: Element, selector: str) -> bool:
    """Whether the last compound of one of a selector's alternatives fits the element."""
    for alternative in selector.split(","):
        last = alternative.strip().split(" ")[-1].split(">")[-1].strip()
        match = _SELECTOR.match(last)
        if last and match is not None and _fits(element, match):
            return True
    return False
