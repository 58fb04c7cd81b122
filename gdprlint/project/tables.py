"""The routes that an application writes down as data: tables of routes, and elements for routes.

A table is told by its form, whoever reads it: a list whose entries have a path (or are an index)
and a component or children.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from gdprlint.facts import (
    Assign,
    Call,
    Define,
    Element,
    Expr,
    FileFacts,
    Function,
    Invoke,
    Items,
    Link,
    Member,
    Name,
    Opaque,
    Record,
    Text,
)
from gdprlint.facts.expr import Keyword
from gdprlint.project.routers import Leaf, RouteTable, Spot
from gdprlint.project.routes import Route, Segment
from gdprlint.project.urls import Places
from gdprlint.project.written import Written, module_of
from gdprlint.source import Span

_SCRIPTED = frozenset({"javascript", "typescript", "tsx", "vue", "svelte"})
_DEEPEST = 12
_MOST = 3_000
_PARAMETER = re.compile(r"[:$]([A-Za-z_]\w*)(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?([?*+]?)\Z")


@dataclass(frozen=True, slots=True)
class _Node:
    """One entry of a table: its path, what it shows, and where its children are written."""

    path: str
    pattern: Expr | None
    views: tuple[Expr, ...]
    children: tuple[Expr, ...]
    nested: tuple[_Node, ...]
    name: Expr | None
    title: Expr | None
    span: Span


def pattern_segments(pattern: str) -> tuple[Segment, ...]:
    """A router's pattern as segments: `/slots/:id?`, `$id`, `*`, `:rest(.*)*`."""
    found = []
    for part in pattern.strip("/").split("/"):
        if not part:
            continue
        parameter = _PARAMETER.search(part)
        if part in ("*", "**", "$", "(.*)"):
            found.append(Segment("", True, True))
        elif parameter is None:
            found.append(Segment(part.removesuffix("*"), False))
        else:
            many = parameter[2] in ("*", "+") or "(.*)" in part
            found.append(Segment(parameter[1], True, many, parameter[2] == "?"))
    return tuple(found)


class Tables:
    """Every table of routes of a project, read once; `called` are those that calls make."""

    def __init__(
        self, files: Mapping[str, FileFacts], places: Places, words: RouteTable | None
    ) -> None:
        self.files = files
        self.words = words
        self.written = Written(files, places)
        self.places = places
        self._used: set[tuple[str, int]] = set()
        self._leaves: list[Leaf] = []
        self.called: set[str] = set()

    def leaves(self) -> tuple[Leaf, ...]:
        """The routes with their components, those of a table inside a component below its own."""
        if self.words is None:
            return ()
        roots = [*self._lists(self.words), *self._elements(self.words)]
        noted: set[Span] = set()
        for _, nodes in roots:
            for node in nodes:
                self._note_children(node, noted)
        for (path, start), nodes in roots:
            if (path, start) not in self._used:
                for node in nodes:
                    self._walk(node, (), (), ())
        return tuple(self._below_components(self._leaves))

    # ---------------------------------------------------------------- where tables are

    def _lists(self, words: RouteTable) -> Iterator[tuple[tuple[str, int], list[_Node]]]:
        seen: set[tuple[str, int]] = set()
        for path, facts in self.files.items():
            if facts.language not in _SCRIPTED:
                continue
            for value in _values(facts):
                for items in _lists_in(value, 0):
                    key = (path, items.start)
                    if key in seen:
                        continue
                    seen.add(key)
                    nodes = self._entries(items, path, words)
                    if any(node.views for node in _all(nodes)) or self._leads_on(nodes):
                        yield key, nodes

    @staticmethod
    def _leads_on(nodes: list[_Node]) -> bool:
        """Whether a list of routes has children elsewhere: `loadChildren: () => import(...)`."""
        return any(isinstance(child, Function) for node in _all(nodes) for child in node.children)

    def _entries(self, items: Items, path: str, words: RouteTable) -> list[_Node]:
        found = []
        for item in items.items[:_MOST]:
            node: _Node | None = None
            match item:
                case Record():
                    node = self._of_record(item, path, words)
                case Invoke():
                    node = self._of_call(item, path, words)
                case Name() | Member():
                    for one in self.written.meant(item, path):
                        if isinstance(one.value, Record):
                            node = self._of_record(one.value, one.path, words)
            if node is not None:
                found.append(node)
        return found

    def _of_record(self, record: Record, path: str, words: RouteTable) -> _Node | None:
        keys = {entry.key: entry.value for entry in record.entries}
        pattern = next((keys[word] for word in words.path if word in keys), None)
        views = tuple(keys[word] for word in words.component if word in keys)
        children = tuple(keys[word] for word in words.children if word in keys)
        index = any(word in keys for word in words.index)
        if not (views or children) or (pattern is None and not index and not children):
            return None
        name = next((keys[word] for word in words.name if word in keys), None)
        title = next((keys[word] for word in words.title if word in keys), None)
        span = Span(path, record.start, record.end)
        if pattern is not None:
            span = Span(path, pattern.start, max(pattern.start, pattern.end))
        return _Node(path, pattern, views, children, (), name, title, span)

    def _of_call(self, call: Invoke, path: str, words: RouteTable) -> _Node | None:
        name = call.to.name if isinstance(call.to, Name) else ""
        row = next((row for row in words.calls if row.called == name), None)
        if row is None:
            return None
        views = _argument(call, row.component)
        if any(self._module(view, path) is None for view in views):
            return None
        children = tuple(one for one in call.arguments if isinstance(one, Items))
        pattern = next(iter(_argument(call, row.path)), None)
        if not views and not children:
            return None
        if views:
            self.called.add(path)
        return _Node(
            path, pattern, views, children, (), None, None, Span(path, call.start, call.end)
        )

    def _module(self, view: Expr, path: str) -> str | None:
        """The file that a route names as its component, from the file of routes."""
        if not isinstance(view, Text):
            return None
        name = view.text
        return self.places.by_module(name, path) or self.places.by_module("./" + name, path)

    def _elements(self, words: RouteTable) -> Iterator[tuple[tuple[str, int], list[_Node]]]:
        for path, facts in self.files.items():
            if facts.language not in _SCRIPTED:
                continue
            found = [
                fact
                for fact in facts.facts
                if isinstance(fact, Element)
                and any(fnmatchcase(fact.tag, tag) for tag in words.tags)
                and {a.name for a in fact.attributes}
                & {*words.path, *words.index, *words.component}
            ]
            nodes = self._nested(found, path, words)
            if any(node.views for node in _all(nodes)):
                yield (path, -1), nodes

    def _nested(self, elements: Sequence[Element], path: str, words: RouteTable) -> list[_Node]:
        """Elements as entries, those that lie in others as their children."""
        found = []
        rest = list(elements)
        while rest:
            first = rest.pop(0)
            inside = [one for one in rest if one.span.start < first.end]
            rest = rest[len(inside) :]
            found.append(self._of_element(first, inside, path, words))
        return found

    def _of_element(
        self, element: Element, inside: list[Element], path: str, words: RouteTable
    ) -> _Node:
        given = {a.name: a.value for a in element.attributes}
        views = [given[word] for word in words.component if given.get(word) is not None]
        if not inside and not views and element.end > element.span.end:
            # What stands between the tags is what is shown.
            views = [Opaque("markup", element.span.end, element.end)]
        return _Node(
            path,
            next((given[word] for word in words.path if given.get(word) is not None), None),
            tuple(view for view in views if view is not None),
            (),
            tuple(self._nested(inside, path, words)),
            next((given[word] for word in words.name if given.get(word) is not None), None),
            None,
            element.span,
        )

    # ---------------------------------------------------------------- from tables to routes

    def _children(self, node: _Node) -> Iterator[tuple[_Node, tuple[Spot, ...]]]:
        """The entries below one, wherever they are written, with the module loaded for them."""
        yield from ((one, ()) for one in node.nested)
        for child in node.children:
            loaded: tuple[Spot, ...] = ()
            if isinstance(child, Function):
                found = self._loaded(node.path, child.start, child.end)
                loaded = tuple(replace(spot, holds=True) for spot in found)
            yield from ((one, loaded) for one in self._listed(child, node.path, 0))

    def _listed(self, value: Expr, path: str, depth: int) -> Iterator[_Node]:
        if self.words is None or depth > _DEEPEST:
            return
        for one in self.written.meant(value, path):
            match one.value:
                case Items(items):
                    self._used.add((one.path, one.value.start))
                    yield from self._entries(one.value, one.path, self.words)
                    for item in items:
                        if isinstance(item, Keyword):
                            yield from self._listed(item.value, one.path, depth + 1)
                case Function(number):
                    function = self.files[one.path].functions.get(number)
                    for returned in function.returns if function is not None else ():
                        yield from self._listed(returned.value, one.path, depth + 1)
                case Invoke() if (module := module_of(one.value)) is not None:
                    target = self.places.by_module(module[0], one.path)
                    if target is not None:
                        yield from self._of_module(target, depth + 1)
                case Record() if one.path != path or one.span is not None:
                    # A class that stands for its module's routes.
                    yield from self._of_module(one.path, depth + 1)

    def _of_module(self, path: str, depth: int) -> Iterator[_Node]:
        """The tables that a module holds, or the modules that it brings in."""
        assert self.words is not None
        files = [path]
        for fact in self.files[path].facts:
            if isinstance(fact, Link) and fact.kind == "import" and isinstance(fact.target, Text):
                target = self.places.by_module(fact.target.text, path)
                if target is not None:
                    files.append(target)
        for file in files:
            found = False
            for value in _values(self.files[file]):
                for items in _lists_in(value, 0):
                    nodes = self._entries(items, file, self.words)
                    if nodes:
                        found = True
                        self._used.add((file, items.start))
                        yield from nodes
            if found:
                return

    def _note_children(self, node: _Node, noted: set[Span]) -> None:
        """Note the lists that are children of others, which are no tables of their own."""
        if node.span not in noted:
            noted.add(node.span)
            for child, _ in self._children(node):
                self._note_children(child, noted)

    def _walk(
        self,
        node: _Node,
        before: tuple[Segment, ...],
        around: tuple[Spot, ...],
        above: tuple[Span, ...],
    ) -> None:
        if node.span in above or len(self._leaves) > _MOST:
            return
        pattern = self.written.literal(node.pattern, node.path)
        if node.pattern is not None and pattern is None:
            return
        segments = pattern_segments(pattern or "")
        if not (pattern or "").startswith("/"):
            segments = (*_open_ended(before), *segments)
        views = tuple(dict.fromkeys(s for view in node.views for s in self.spots(view, node.path)))
        spots = (*around, *(spot for spot in views if spot not in around))
        count = len(self._leaves)
        for child, loaded in self._children(node):
            self._walk(child, segments, (*spots, *loaded), (*above, node.span))
        below = {leaf.route.segments for leaf in self._leaves[count:]}
        if node.views and segments not in below and (node.pattern is not None or not below):
            name = self.written.literal(node.name, node.path) or ""
            route = Route(segments, name, "", node.span)
            self._leaves.append(Leaf(route, spots, node.path, node.span, node.title))

    def _below_components(self, leaves: Sequence[Leaf]) -> Iterator[Leaf]:
        """The routes of a component's own table lie below those that show the component."""
        shown: dict[str, Leaf] = {}
        for leaf in leaves:
            for spot in leaf.spots:
                if spot.path != leaf.table:
                    shown.setdefault(spot.path, leaf)
        for leaf in leaves:
            above, steps = shown.get(leaf.table), 0
            while above is not None and above.table != leaf.table and steps < _DEEPEST:
                steps += 1
                first = _open_ended(above.route.segments)
                segments = leaf.route.segments
                if above.route.segments != first and segments[: len(first)] != first:
                    leaf = replace(leaf, route=replace(leaf.route, segments=(*first, *segments)))
                spots = (*above.spots, *(spot for spot in leaf.spots if spot not in above.spots))
                leaf = replace(leaf, spots=spots)
                above = shown.get(above.table)
            yield leaf

    # ---------------------------------------------------------------- what a route shows

    def spots(self, view: Expr, path: str, depth: int = 0) -> Iterator[Spot]:
        """Where the components stand that `view` means: markup, a name, a function that loads."""
        if depth > _DEEPEST:
            return
        match view:
            case Opaque():
                yield from self._tagged(path, view.start, view.end, depth)
            case Function():
                yield from self._function(view, Spot(path, view.start, view.end), depth)
            case Name() | Member():
                for one in self.written.meant(view, path):
                    yield from self._component(one.value, one.path, one.span, path, depth)
            case Invoke(_, arguments):
                loaded = tuple(self._loaded(path, view.start, view.end))
                yield from loaded
                for argument in () if loaded else arguments:
                    yield from self.spots(argument, path, depth + 1)
            case Record(entries):
                for entry in entries:
                    yield from self.spots(entry.value, path, depth + 1)
            case Text():
                target = self._module(view, path)
                if target is not None:
                    yield Spot(target)

    def _component(
        self, value: Expr, where: str, span: Span | None, asking: str, depth: int
    ) -> Iterator[Spot]:
        match value:
            case Invoke() if module_of(value) is not None and where != asking:
                # A component file, which exports nothing by name.
                yield Spot(where)
            case Function() if span is not None:
                yield from self._function(value, Spot(where, span.start, span.end), depth)
            case Record() if span is not None:
                yield Spot(where, span.start, span.end)
            case Invoke() if where != asking and not any(
                self._loaded(where, value.start, value.end)
            ):
                # A component of another file, wrapped there.
                yield Spot(where)
            case _:
                yield from self.spots(value, where, depth + 1)

    def _function(self, function: Function, spot: Spot, depth: int) -> Iterator[Spot]:
        """A component; or what a function loads that is none itself; or what it gives back."""
        path = spot.path
        loaded = tuple(self._loaded(path, function.start, function.end))
        yield from loaded or (spot,)
        if loaded or depth:
            return
        # Written where the route is: what it shows is the route's own.
        yield from self._tagged(path, function.start, function.end, depth)
        facts = self.files[path].functions.get(function.function)
        for returned in facts.returns if facts is not None else ():
            if isinstance(returned.value, Name | Member | Invoke):
                yield from self.spots(returned.value, path, depth + 1)

    def _tagged(self, path: str, start: int, end: int, depth: int) -> Iterator[Spot]:
        """The components whose tags stand in a stretch of a file."""
        for fact in self.files[path].facts:
            if fact.span.start >= end:
                return
            if isinstance(fact, Element) and fact.span.start >= start and fact.tag[:1].isupper():
                for define in self.written.defined(path, fact.tag.partition(".")[0]):
                    name = Name(define.name, define.scope)
                    value: Expr = name
                    for member in fact.tag.split(".")[1:]:
                        value = Member(value, member)
                    yield from self.spots(value, path, depth + 1)

    def _loaded(self, path: str, start: int, end: int) -> Iterator[Spot]:
        """The modules that a stretch of a file brings in: a function that loads a component."""
        for fact in self.files[path].facts:
            if fact.span.start >= end:
                return
            if isinstance(fact, Link) and fact.kind == "import" and fact.span.start >= start:
                target = None
                if isinstance(fact.target, Text):
                    target = self.places.by_module(fact.target.text, path)
                if target is not None:
                    yield Spot(target)


def _open_ended(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """A path without the rest that it leaves to routes below it."""
    return segments[:-1] if segments and segments[-1].many else segments


def _all(nodes: Iterable[_Node]) -> Iterator[_Node]:
    for node in nodes:
        yield node
        yield from _all(node.nested)


def _argument(call: Invoke, index: int) -> tuple[Expr, ...]:
    return call.arguments[index : index + 1] if index >= 0 else ()


def _values(facts: FileFacts) -> Iterator[Expr]:
    """The values of a file in which a list of routes can stand."""
    for fact in facts.facts:
        match fact:
            case Define(value=value) | Assign(value=value):
                yield value
            case Call(invoke=invoke):
                yield from invoke.arguments
    for function in facts.functions.values():
        for returned in function.returns:
            yield returned.value


def _lists_in(value: Expr, depth: int) -> Iterator[Items]:
    """The lists in a value whose entries may be routes, outermost alone."""
    if depth > 3:
        return
    match value:
        case Items(items):
            if any(isinstance(item, Record | Invoke | Name) for item in items):
                yield value
        case Record(entries):
            for entry in entries:
                yield from _lists_in(entry.value, depth + 1)
        case Invoke(_, arguments):
            for argument in arguments:
                yield from _lists_in(argument, depth + 1)
