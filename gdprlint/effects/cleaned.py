"""What do the page's own scripts take out of its URL without loading it?

`history.replaceState` puts back what is left of an address. Whether a parameter is gone by then is
a question of which object it was deleted from, and of whether that surely ran.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from gdprlint.effects import Answer, Navigate, Occurrence
from gdprlint.effects.order import Order
from gdprlint.effects.parts import Datum
from gdprlint.facts import (
    Assign,
    Call,
    Choice,
    Either,
    Expr,
    Invoke,
    Join,
    Member,
    Name,
    Parameter,
    Text,
    Way,
)
from gdprlint.flow import Context, Flow, Identity, Step
from gdprlint.project import Page
from gdprlint.source import Span

_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Wipe:
    """A script that gives the page another URL without loading it: what of the old one is left
    (`url`, `query`, `path`), which parameters it writes itself, which it has deleted before, and
    which perhaps; `emptied` is whether it has taken away the whole query."""

    at: Occurrence
    left: frozenset[str]
    written: frozenset[str]
    deleted: frozenset[str]
    perhaps: frozenset[str]
    emptied: Answer

    def takes(self, datum: Datum, sure: Answer) -> Answer:
        """Whether a datum in the URL is gone then; `sure` is whether all this happens."""
        return min(sure, self._takes(datum))

    def _takes(self, datum: Datum) -> Answer:
        if datum.place == "path":
            return Answer.NO if self.left & {"url", "path"} else Answer.YES
        if datum.name in self.written:
            return Answer.NO
        if datum.name in self.deleted or not self.left & {"url", "query"}:
            return Answer.YES
        return max(self.emptied, Answer.MAYBE if datum.name in self.perhaps else Answer.NO)


@dataclass(frozen=True, slots=True)
class _Part:
    """An object that a URL is made of; what is done to it counts until it is written out, at
    `until`, where that is seen to be earlier than the call."""

    object: Identity
    until: Occurrence | None = None


@dataclass(frozen=True, slots=True)
class _Change:
    """A place where something is taken from `of`: the parameter `name`, or its query (None)."""

    of: Expr
    path: str
    span: Span
    way: Way
    name: Expr | None

    @property
    def occurrence(self) -> Occurrence:
        """The change as something that happens."""
        return Occurrence(path=self.path, span=self.span, way=self.way, what="")


class Cleaning:
    """Changes to addresses, held against the places where they become the page's URL."""

    def __init__(self, flow: Flow, order: Order) -> None:
        self.flow = flow
        self.order = order
        self._changes: dict[str, tuple[_Change, ...]] = {}
        self._objects_of: dict[tuple[str, int], frozenset[Identity]] = {}

    def wipe(self, page: Page, effect: Navigate) -> Wipe:
        """What is taken from the page's URL where `effect` gives it another."""
        at = effect.at
        origins = self.flow.origins.of(effect.target, at.path, at.context)
        left = frozenset(origin.name for origin in origins if origin.kind == "page")
        written = (
            entry.key
            for address in self.flow.addresses.of(effect.target, at.path, at.context)
            for entry in address.entries
        )
        deleted: dict[str, Answer] = {}
        emptied = Answer.NO
        for change, answer in self._before(page, effect) if left & {"url", "query"} else ():
            if change.name is None:
                emptied = max(emptied, answer)
                continue
            for name in self.flow.values.spellings(change.name, change.path):
                deleted[name] = max(answer, deleted.get(name, Answer.NO))
        return Wipe(
            at,
            left,
            frozenset(written),
            frozenset(name for name, answer in deleted.items() if answer is Answer.YES),
            frozenset(name for name, answer in deleted.items() if answer is Answer.MAYBE),
            emptied,
        )

    def _before(self, page: Page, effect: Navigate) -> Iterator[tuple[_Change, Answer]]:
        """The changes to what the new URL is made of, and whether they surely come first."""
        changes = [change for path in page.files for change in self._in_file(path)]
        if not changes:
            return
        at = effect.at
        parts = frozenset(self._parts(effect.target, at.path, at.context, None, 0))
        # What the call is given is worked out before it runs.
        end = Span(at.span.path, at.span.end, at.span.end)
        done = replace(at, span=end)
        for change in changes:
            mine = self._is_of(change, parts, page)
            if mine is Answer.NO:
                continue
            answer = min(mine, self.order.before(page, change.occurrence, done))
            if answer is not Answer.NO:
                yield change, answer

    def _in_file(self, path: str) -> tuple[_Change, ...]:
        if path not in self._changes:
            found: list[_Change] = []
            for fact in self.flow.project.facts(path):
                match fact:
                    case Call(Invoke(Member(of, "delete"), (name, *_)), span, way):
                        found.append(_Change(of, path, span, way, name))
                    case Assign(Member(of, "search"), Text(""), span, way):
                        found.append(_Change(of, path, span, way, None))
            self._changes[path] = tuple(found)
        return self._changes[path]

    def _is_of(self, change: _Change, parts: frozenset[_Part], page: Page) -> Answer:
        """Whether a change is one of what a URL is made of; maybe where no object is told."""
        if isinstance(change.of, Invoke) and change.of.new:
            return Answer.NO
        objects = self._changed(change)
        shared = [part for part in parts if part.object in objects]
        if not shared:
            told = (objects and parts) or not self._is_address(change)
            return Answer.NO if told else Answer.MAYBE
        if any(part.until is None for part in shared):
            return Answer.YES
        there = change.occurrence
        return max(self.order.before(page, there, part.until) for part in shared if part.until)

    def _changed(self, change: _Change) -> frozenset[Identity]:
        key = (change.path, change.span.start)
        if key not in self._objects_of:
            found = self._objects(change.of, change.path, (), 0)
            self._objects_of[key] = frozenset(found)
        return self._objects_of[key]

    def _is_address(self, change: _Change) -> bool:
        """Whether what is changed is the page's own address, or its parameters."""
        if change.name is not None:
            return self.flow.origins.reads_url(change.of, change.path)
        origins = self.flow.origins.of(change.of, change.path)
        return any(origin.kind == "page" for origin in origins)

    # ---------------------------------------------------------------- what an address is made of

    def _objects(self, value: Expr, path: str, context: Context, depth: int) -> Iterator[Identity]:
        """The object that `value` is, under every name that it has: an address, also for its
        parameters."""
        mine = self.flow.values.steps.writes.identity(value, path)
        if mine is not None:
            yield _address(mine)
        if depth > _DEEPEST:
            return
        if isinstance(value, Member) and value.name == "searchParams":
            yield from self._objects(value.of, path, context, depth + 1)
        for inner, where, its in self._behind(value, path, context):
            yield from self._objects(inner, where, its, depth + 1)

    def _behind(self, value: Expr, path: str, context: Context) -> Iterator[Step]:
        match value:
            case Name() | Parameter() | Member():
                found: list[Step] = self.flow.values.behind(value, path, context)
            case Invoke(_, _, False):
                found = self.flow.values.returned(value, path, context)
            case _:
                return
        yield from (step for step in found if step[0] != value)

    def _parts(
        self, value: Expr, path: str, context: Context, until: Occurrence | None, depth: int
    ) -> Iterator[_Part]:
        """The objects that make up `value`."""
        if depth > _DEEPEST:
            return
        writes = self.flow.values.steps.writes
        mine = writes.identity(value, path)
        if mine is not None:
            yield _Part(_address(mine), until)
        for inner, where, its in self._behind(value, path, context):
            out = until or self._written_out(value, inner, path)
            yield from self._parts(inner, where, its, out, depth + 1)
        for inner in _made_of(value):
            yield from self._parts(inner, path, context, until, depth + 1)
        for key, written, where in writes.all_into(value, path):
            if key in ("search", "href"):
                yield from self._parts(written, where, (), until, depth + 1)

    def _written_out(self, name: Expr, value: Expr, path: str) -> Occurrence | None:
        """Where a name is given text, which later changes to what it was made of leave as it is."""
        match value:
            case Join() | Invoke(Member(_, "toString" | "toJSON"), _, False):
                pass
            case _:
                return None
        for given in self.flow.names.definitions(name, path) if isinstance(name, Name) else ():
            if given.value == value:
                return Occurrence(path=given.path, span=given.span, way=given.way, what="")
        return None


def _made_of(value: Expr) -> tuple[Expr, ...]:
    match value:
        case Member(of, "searchParams" | "href"):
            return (of,)
        case Invoke(Member(of, "toString" | "toJSON")):
            return (of,)
        case Invoke(_, arguments):
            return arguments
        case Join(parts):
            return parts
        case Either(left, right) | Choice(_, left, right):
            return (left, right)
    return ()


def _address(of: Identity) -> Identity:
    """The address whose parameters an object is."""
    return replace(of, keys=of.keys[:-1]) if of.keys[-1:] in (("searchParams",), ("href",)) else of
