"""Which elements do the pages of a project hold, and how do they lie in one another?"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from gdprlint.facts import Call, Define, Element, Gate, If, Invoke, Link, Name, Record, Text
from gdprlint.flow.macros import argument_of_macro
from gdprlint.flow.selectors import Complex, Compound, parsed
from gdprlint.project import MACRO, Project
from gdprlint.project.controls import Control, attribute, controls_of

_MOST = 40
_DEEPEST = 4
_LISTED = frozenset({"option", "optgroup"})


@dataclass(frozen=True, slots=True)
class Found:
    """An element of the page, and the file that it stands in."""

    element: Element
    path: str


@dataclass(frozen=True, slots=True)
class _Tree:
    """The elements of one file in their order; `around[i]` is the index of the one around the
    i-th, -1 for none."""

    elements: tuple[Element, ...]
    starts: tuple[int, ...]
    around: tuple[int, ...]

    def index(self, element: Element) -> int:
        """The place of an element in the list, -1 where it is not in it."""
        at = bisect_right(self.starts, element.span.start) - 1
        while at >= 0 and self.starts[at] == element.span.start:
            if self.elements[at] is element or self.elements[at] == element:
                return at
            at -= 1
        return -1


class Markup:
    """The elements of all pages, found by id, name, selector and place."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._controls: dict[str, tuple[Control, ...]] = {}
        self.standing_for: Callable[[Control, str], Iterable[Control]] = _alone
        """The controls that one stands for: all fields of a form that is written out whole."""
        self._by_start: dict[str, dict[int, Control]] = {}
        self._trees: dict[str, _Tree] = {}
        self._by_id: dict[str, list[Found]] | None = None
        self._by_tag: dict[tuple[str, str], list[Found]] = {}
        self._by_file: dict[str, list[Found]] = {}
        self._near: dict[str, dict[str, None]] = {}
        self._selected: dict[tuple[str, str], list[Found]] = {}

    # ---------------------------------------------------------------- controls

    def controls(self, path: str) -> tuple[Control, ...]:
        """The form controls that one file holds."""
        if path not in self._controls:
            self._controls[path] = tuple(
                each
                for control in controls_of(self.project.files[path])
                for each in self.standing_for(control, path)
            )
        return self._controls[path]

    def control_of(self, found: Found) -> Control | None:
        """The control that an element is, or whose choice it is; None for others."""
        table = self._by_start.get(found.path)
        if table is None:
            table = {c.element.span.start: c for c in self.controls(found.path)}
            self._by_start[found.path] = table
        control = table.get(found.element.span.start)
        if control is not None and control.element == found.element:
            return control
        if found.element.tag in _LISTED:
            for outer in self.ancestors(found):
                if outer.element.tag == "select":
                    return self.control_of(outer)
        return None

    def controls_in(self, outer: Found) -> tuple[Control, ...]:
        """The controls of a form, or those that lie in another element; those of templates that
        are included there too."""
        first, last = outer.element.span.start, outer.element.end
        own = (
            control
            for control in self.controls(outer.path)
            if control.form == outer.element
            or (first < control.element.span.start < last and outer.element.tag != "form")
        )
        included = [
            *self._included(outer.path, first, last, 0),
            *self._of_macros(outer.path, first, last),
        ]
        return (*own, *(replace(control, form=outer.element) for control in included))

    def _included(self, path: str, first: int, last: int, depth: int) -> Iterator[Control]:
        """The controls of the templates that a stretch of one includes, forms of theirs aside."""
        for link in self.project.links(path, "include") if depth < _DEEPEST else ():
            if not first < link.span.start < last:
                continue
            target = self.project.target(link)
            if target is None or target == path:
                continue
            for control in self.controls(target):
                if control.form is None and control.element.attribute("form") is None:
                    yield self._given_name(control, link)
            yield from self._included(target, -1, self.project.files[target].length, depth + 1)

    def _of_macros(self, path: str, first: int, last: int) -> Iterator[Control]:
        """The controls that macros write which a stretch of a template calls, by the names that it
        gives them."""
        for fact in self.project.within(path, first, last):
            match fact:
                case Call(Invoke(Name(called)) as call) if called.startswith(MACRO):
                    macro = self.project.macro(called.removeprefix(MACRO), path)
                case _:
                    continue
            if macro is None or not isinstance(macro.given, Record):
                continue
            for control in self.controls(macro.span.path):
                start = control.element.span.start
                if macro.span.start < start < macro.end and control.form is None:
                    named = control.element.attribute("name")
                    value = named.value if named is not None else None
                    if isinstance(value, Name):
                        value = argument_of_macro(macro.given, call, value.name)
                        name = value.text if isinstance(value, Text) else ""
                        yield replace(control, name=name)
                    else:
                        yield control

    def _given_name(self, control: Control, link: Link) -> Control:
        """A control with the name that an inclusion gives it: `include "f.html" with name="b"`."""
        attribute_ = control.element.attribute("name")
        value = attribute_.value if attribute_ is not None else None
        if not isinstance(value, Name):
            return control
        start, end = link.span.start, link.span.end
        for fact in self.project.within(link.span.path, start, end):
            match fact:
                case Define(name, _, Text(text)) if name == value.name:
                    return replace(control, name=text)
        return control

    def named_in(self, forms: Iterable[Found], name: str) -> list[Found]:
        """The controls that forms have under a name or an id."""
        return [
            Found(control.element, form.path)
            for form in forms
            for control in self.controls_in(form)
            if name in (control.name, attribute(control.element, "id"), _name(control.element))
        ]

    def forms_around(self, inner: Iterable[Found]) -> list[Found]:
        """The forms that elements belong to."""
        found: list[Found] = []
        for one in inner:
            control = self.control_of(one)
            if control is not None and control.form is not None:
                found.append(Found(control.form, one.path))
                continue
            form = next((f for f in self.ancestors(one) if f.element.tag == "form"), None)
            if form is not None:
                found.append(form)
        return list(dict.fromkeys(found))

    # ---------------------------------------------------------------- places

    def _tree(self, path: str) -> _Tree:
        tree = self._trees.get(path)
        if tree is None:
            elements = sorted(
                (fact for fact in self.project.facts(path) if isinstance(fact, Element)),
                key=lambda element: (element.span.start, -element.end),
            )
            around: list[int] = []
            open_: list[int] = []
            for i, element in enumerate(elements):
                while open_ and elements[open_[-1]].end <= element.span.start:
                    open_.pop()
                around.append(open_[-1] if open_ else -1)
                open_.append(i)
            starts = tuple(element.span.start for element in elements)
            tree = self._trees[path] = _Tree(tuple(elements), starts, tuple(around))
        return tree

    def at(self, path: str, place: int) -> Found | None:
        """The innermost element around a place, its own tag counted."""
        tree = self._tree(path)
        at = bisect_right(tree.starts, place) - 1
        while at >= 0:
            element = tree.elements[at]
            if place < element.end:
                return Found(element, path)
            at = tree.around[at]
        return None

    def first_in(self, path: str, start: int, end: int) -> Found | None:
        """The first element whose tag begins in a stretch of a file."""
        tree = self._tree(path)
        at = bisect_right(tree.starts, start - 1)
        if at < len(tree.elements) and tree.starts[at] < end:
            return Found(tree.elements[at], path)
        return None

    def inside(self, path: str, start: int, end: int) -> Iterator[Found]:
        """The elements whose tags begin in a stretch of a file, in their order."""
        tree = self._tree(path)
        for at in range(bisect_right(tree.starts, start - 1), len(tree.elements)):
            if tree.starts[at] >= end:
                return
            yield Found(tree.elements[at], path)

    def ancestors(self, found: Found) -> list[Found]:
        """The elements around one, the nearest first."""
        tree = self._tree(found.path)
        at = tree.index(found.element)
        outer: list[Found] = []
        while at >= 0:
            at = tree.around[at]
            if at >= 0:
                outer.append(Found(tree.elements[at], found.path))
        return outer

    def children(self, found: Found) -> list[Found]:
        """The elements that lie right in one."""
        tree = self._tree(found.path)
        at = tree.index(found.element)
        last = found.element.end
        inner: list[Found] = []
        for i in range(at + 1, len(tree.elements)) if at >= 0 else ():
            if tree.starts[i] >= last:
                break
            if tree.around[i] == at:
                inner.append(Found(tree.elements[i], found.path))
        return inner

    def together(self, path: str, other: str) -> bool:
        """Whether two files are on one page."""
        return path == other or other in self._beside(path)

    def _beside(self, path: str) -> dict[str, None]:
        """The files with elements that are on a page of a file, itself among them, in their order;
        kept, as every selector asks for them."""
        near = self._near.get(path)
        if near is None:
            self._index()
            pages = {page.id for page in self.project.pages_of.get(path, ())}
            near = self._near[path] = {
                other: None
                for other in self._by_file
                if other == path
                or any(page.id in pages for page in self.project.pages_of.get(other, ()))
            }
        return near

    # ---------------------------------------------------------------- by id and selector

    def _index(self) -> dict[str, list[Found]]:
        if self._by_id is None:
            self._by_id = {}
            for path, facts in self.project.files.items():
                for fact in facts.facts:
                    if isinstance(fact, Element):
                        found = Found(fact, path)
                        self._by_file.setdefault(path, []).append(found)
                        self._by_tag.setdefault((path, fact.tag.lower()), []).append(found)
                        identifier = attribute(fact, "id")
                        if identifier:
                            self._by_id.setdefault(identifier, []).append(found)
        return self._by_id

    def with_id(self, identifier: str | None, path: str) -> list[Found]:
        """The elements of that id on the pages of a file."""
        if not identifier:
            return []
        found = self._index().get(identifier, [])
        return [f for f in found if self.together(path, f.path)][:_MOST]

    def selected(self, selector: str, path: str) -> list[Found]:
        """Every element on the pages of a file that a selector fits."""
        key = (selector, path)
        held = self._selected.get(key)
        if held is None:
            chosen: dict[Found, None] = {}
            for alternative in parsed(selector):
                for found in self._pool(alternative[-1], self._beside(path)):
                    if self._fits(found, alternative, len(alternative) - 1):
                        chosen[found] = None
                    if len(chosen) >= _MOST:
                        break
            held = self._selected[key] = list(chosen)
        return held

    @staticmethod
    def first_of(found: Sequence[Found], selector: str) -> list[Found]:
        """The elements among `found` that can be the first one of a selector in their file."""
        if any(not c.settled for alternative in parsed(selector) for c in alternative):
            return list(found)
        kept: list[Found] = []
        closed: set[str] = set()
        for one in sorted(found, key=lambda f: (f.path, f.element.span.start)):
            if one.path in closed:
                continue
            kept.append(one)
            if not any(isinstance(step, If | Gate) for step in one.element.way):
                closed.add(one.path)
        return kept

    def within(self, outer: Sequence[Found], selector: str) -> list[Found]:
        """The elements inside of others that a selector fits."""
        chosen: dict[Found, None] = {}
        for alternative in parsed(selector):
            for one in outer:
                for found in self._pool(alternative[-1], (one.path,)):
                    if not _inside(found.element, one.element):
                        continue
                    if self._fits(found, alternative, len(alternative) - 1):
                        chosen[found] = None
        return list(chosen)[:_MOST]

    def around(self, inner: Sequence[Found], selector: str) -> list[Found]:
        """The nearest element that a selector fits, each of `inner` itself first."""
        chosen: dict[Found, None] = {}
        for one in inner:
            for found in (one, *self.ancestors(one)):
                if self.matches(found, selector):
                    chosen[found] = None
                    break
        return list(chosen)

    def matches(self, found: Found, selector: str) -> bool:
        """Whether a selector fits an element."""
        return any(self._fits(found, a, len(a) - 1) for a in parsed(selector))

    def _pool(self, last: Compound, paths: Collection[str]) -> Iterator[Found]:
        """The elements of some files that can be the last of a selector."""
        index = self._index()
        if last.id:
            yield from (found for found in index.get(last.id, ()) if found.path in paths)
            return
        for path in paths:
            if last.tag and last.tag != "*":
                yield from self._by_tag.get((path, last.tag), ())
            else:
                yield from self._by_file.get(path, ())

    def _fits(self, found: Found, wanted: Complex, last: int) -> bool:
        """Whether an element fits the first `last + 1` compounds of a selector."""
        compound = wanted[last]
        if not compound.fits(found.element):
            return False
        if last == 0:
            return True
        outer = self.ancestors(found)
        if compound.combinator in ("+", "~"):
            beside = self.children(outer[0]) if outer else self._outermost(found.path)
            return any(
                self._fits(one, wanted, last - 1)
                for one in beside
                if one.element.span.start < found.element.span.start
            )
        if compound.combinator == ">" and outer:
            return self._fits(outer[0], wanted, last - 1)
        return any(self._fits(one, wanted, last - 1) for one in outer) or self._elsewhere(
            found, wanted, last - 1
        )

    def _outermost(self, path: str) -> list[Found]:
        tree = self._tree(path)
        pairs = zip(tree.elements, tree.around, strict=True)
        return [Found(element, path) for element, around in pairs if around < 0]

    def _elsewhere(self, found: Found, wanted: Complex, last: int) -> bool:
        """Whether another file of the page holds what is to be around: it may include this one."""
        return any(
            self._fits(one, wanted, last)
            for one in self._pool(wanted[last], self._beside(found.path))
            if one.path != found.path
        )


def _alone(control: Control, path: str) -> tuple[Control, ...]:
    return (control,)


def _inside(element: Element, outer: Element) -> bool:
    return outer.span.start < element.span.start < outer.end


def _name(element: Element) -> str:
    return attribute(element, "name")
