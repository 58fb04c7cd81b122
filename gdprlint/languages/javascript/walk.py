"""Where a walk over a tree stands, and what it has found: the state that all readers share.

Readers are functions of a `Walk` and a node. Functions are not read where they stand but put on
a pile and read one after another, so that nesting of functions needs no recursion.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from time import monotonic
from typing import TypeAlias

from gdprlint.facts import (
    Assign,
    Branch,
    Call,
    Callback,
    Define,
    Expr,
    Fact,
    Fragment,
    Function,
    FunctionFacts,
    Hole,
    If,
    Invoke,
    Join,
    Link,
    Member,
    Name,
    Opaque,
    Record,
    Return,
    Span,
    Text,
    Way,
)
from gdprlint.languages.javascript.parser import Node
from gdprlint.languages.javascript.written import Fate, Written, begins, call_fate, property_fate

ExpressionReader: TypeAlias = Callable[["Walk", Node], Expr]
"""Reads one kind of expression: its facts go to the walk, its value is returned."""

StatementReader: TypeAlias = Callable[["Walk", Node], bool]
"""Reads one kind of statement; true where the statement after it is never reached."""

EXTRA = frozenset(
    {"comment", "html_comment", "ERROR", "optional_chain", "type_arguments", "type_parameters"}
)
"""Kinds of nodes that can stand between the parts of any other."""

FUNCTIONS = frozenset({"function_expression", "arrow_function", "generator_function", "function"})
"""Kinds of nodes that are functions as values."""

MOST_IN_CHAIN = 20_000
"""How many operators or links in a row are read; a hundred times what people write."""

_COMMENTS = frozenset({"comment", "html_comment", "hash_bang_line"})
_DEEPEST_VALUE = 100
_DEEPEST_CUTS = 12
_DEEPEST_BLOCK = 400
_DEEPEST_FUNCTION = 400
_MOST_STEPS = 300
_MOST_HOLES = 1000
_TICKS = 2000


class OutOfTimeError(Exception):
    """The deadline has come; what was found so far stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A function whose inside is still to be read, and where it stands."""

    node: Node
    number: int
    name: str
    way: Way
    scope: int
    this_scope: int
    depth: int


@dataclass(slots=True, kw_only=True)
class Walk:
    """One walk over one tree.

    `way` holds the language's own steps; the fragment's and its regions' are put before them when
    a fact is noted. `block_way` is the way at the start of the block: function declarations are
    hoisted to there. `before[i]` is what comes before the language's own steps from the offset
    `before_from[i]` (of the file) on. `given` counts the values given to names.
    """

    path: str
    fragment: Fragment
    text: str
    shift: int
    kinds: Mapping[int, str]
    expressions: Mapping[int, ExpressionReader]
    statements: Mapping[int, StatementReader]
    deadline: float
    scope: int
    function_scope: int
    this_scope: int
    module_scope: int
    hole_starts: Sequence[int]
    before_from: Sequence[int]
    before: Sequence[Way]
    way: Way = ()
    block_way: Way = ()
    returns: list[Return] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    fragments: list[Fragment] = field(default_factory=list)
    branches: list[Branch] = field(default_factory=list)
    functions: dict[int, FunctionFacts] = field(default_factory=dict)
    scopes: dict[int, int] = field(default_factory=dict)
    pile: list[Task] = field(default_factory=list)
    records: dict[tuple[int, str], Record] = field(default_factory=dict)
    written: dict[int, Written] = field(default_factory=dict)
    unread: list[tuple[int, int, str]] = field(default_factory=list)
    broken: set[int] = field(default_factory=set)
    grafts: dict[int, Callable[[Expr, int], Expr]] = field(default_factory=dict)
    given: int = 0
    values: int = 0
    cuts: int = 0
    blocks: int = 0
    depth: int = 0
    ticks: int = _TICKS
    place: int = 0

    def kind(self, node: Node) -> str:
        """The grammar's word for `node`."""
        return self.kinds[node.kind_id]

    def spelled(self, node: Node) -> str:
        """The text of `node`, as it is in the file."""
        return self.text[node.start_byte : node.end_byte]

    def solid(self, node: Node) -> list[Node]:
        """The named children of `node`, without what can stand anywhere."""
        kinds = self.kinds
        return [child for child in node.named_children if kinds[child.kind_id] not in EXTRA]

    def solid_or_broken(self, node: Node) -> list[Node]:
        """The named children of a block: statements, and what was not understood among them."""
        kinds = self.kinds
        return [child for child in node.named_children if kinds[child.kind_id] not in _COMMENTS]

    def defined_since(self, mark: int, scope: int) -> list[str]:
        """The names defined in `scope` by the facts from number `mark` on."""
        return [
            fact.name
            for fact in self.facts[mark:]
            if isinstance(fact, Define) and fact.scope == scope
        ]

    def function_value(self, node: Node) -> Function:
        """The function at `node` as a value, without reading it."""
        start, end = node.start_byte + self.shift, node.end_byte + self.shift
        return Function(start, start, end)

    def span(self, node: Node) -> Span:
        """The place of `node` in the file."""
        return Span(self.path, node.start_byte + self.shift, node.end_byte + self.shift)

    def tick(self, node: Node) -> None:
        """Count a step of a long loop, and look at the clock now and then."""
        self.ticks -= 1
        if self.ticks < 0:
            self.look_at_the_clock(node)

    def look_at_the_clock(self, node: Node) -> None:
        """Stop the walk where the deadline has come."""
        self.ticks = _TICKS
        self.place = node.start_byte
        if monotonic() > self.deadline:
            raise OutOfTimeError

    def expression(self, node: Node) -> Expr:
        """The value of `node`, whose facts are noted."""
        if self.values >= _DEEPEST_VALUE:
            return self._beyond(node)
        self.ticks -= 1
        if self.ticks < 0:
            self.look_at_the_clock(node)
        self.values += 1
        value = self.expressions[node.kind_id](self, node)
        self.values -= 1
        if self.grafts and node.id in self.grafts:
            return self.grafts.pop(node.id)(value, node.start_byte)
        return value

    def _beyond(self, node: Node) -> Expr:
        """An opaque value for one nested too deep to be kept; its own facts are noted even so."""
        start, end = node.start_byte, node.end_byte
        if self.cuts >= _DEEPEST_CUTS:
            self.unread.append((start, end, "expressions nested too deeply"))
        else:
            values, self.values = self.values, 0
            self.cuts += 1
            self.expression(node)
            self.cuts -= 1
            self.values = values
        return Opaque("nested too deeply", start + self.shift, end + self.shift)

    def too_long(self, node: Node) -> Expr:
        """An opaque value for the start of a chain too long to be read."""
        start, end = node.start_byte, node.end_byte
        self.unread.append((start, end, "a very long expression"))
        return Opaque("a very long expression", start + self.shift, end + self.shift)

    def statement(self, node: Node) -> bool:
        """Read a statement; true where the statement after it is never reached."""
        if self.blocks >= _DEEPEST_BLOCK:
            self.unread.append((node.start_byte, node.end_byte, "blocks nested too deeply"))
            return False
        self.ticks -= 1
        if self.ticks < 0:
            self.look_at_the_clock(node)
        self.blocks += 1
        leaves = self.statements[node.kind_id](self, node)
        self.blocks -= 1
        return leaves

    def under(self, test: Expr, taken: bool) -> Way:
        """The way from here to where `test` is `taken`; beyond some hundred steps, just the way."""
        if len(self.way) >= _MOST_STEPS:
            return self.way
        return (*self.way, If(test, taken, test.start, test.end))

    def way_at(self, start: int) -> Way:
        """The whole way to a fact at `start` (of the file), from the page to here."""
        return self.whole_way(self.way, start)

    def whole_way(self, way: Way, start: int) -> Way:
        """`way` with the fragment's and its regions' ways put before it."""
        before = self.before[bisect_right(self.before_from, start) - 1]
        return (*before, *way) if before else way

    def note_call(self, invoke: Invoke) -> None:
        """Note a call at the place of `invoke`."""
        span = Span(self.path, invoke.start, invoke.end)
        self.facts.append(Call(invoke, span, self.way_at(invoke.start)))
        for argument in invoke.arguments if self.written else ():
            if argument.start in self.written:
                self.meets(argument, call_fate(invoke.to))

    def note_markup(self, value: Expr) -> None:
        """Note a string that is markup; the literals that it is made of are then no more."""
        parts = value.parts if isinstance(value, Join) else (value,)
        first = next(
            (i for i, part in enumerate(parts) if isinstance(part, Text) and begins(part.text)),
            None,
        )
        if first is None:
            return
        for part in parts:
            self.written.pop(part.start, None)
        whole = Join(parts[first:], parts[first].start, value.end)
        if not self.holes_in(whole.start, whole.end):
            self.written[value.start] = Written(whole, self.way_at(whole.start))

    def meets(self, value: Expr, fate: Fate) -> None:
        """Note what becomes of a value, where it is a string of markup."""
        held = self.written.get(value.start)
        if held is not None and fate != "kept":
            self.written[value.start] = replace(held, fate=fate)

    def note_assign(self, to: Expr, value: Expr, node: Node, *, augmented: bool = False) -> None:
        """Note that `to` is given `value` at the place of `node`."""
        span = self.span(node)
        self.given += isinstance(to, Name)
        self.facts.append(Assign(to, value, span, self.way_at(span.start), augmented))
        if self.written and isinstance(to, Member):
            self.meets(value, property_fate(to.name))

    def record_of(self, value: Expr) -> Record | None:
        """The object that a name of this file stands for, where it is already read."""
        if not isinstance(value, Name):
            return None
        scope: int | None = value.scope
        while scope is not None:
            found = self.records.get((scope, value.name))
            if found is not None or scope == 0:
                return found
            scope = self.scopes.get(scope)
        return None

    def note_define(self, name: str, scope: int, value: Expr, node: Node) -> None:
        """Note that `name` comes to mean `value` in `scope` at the place of `node`."""
        if isinstance(value, Record):
            self.records[scope, name] = value
        span = self.span(node)
        self.given += 1
        self.facts.append(Define(name, scope, value, span, self.way_at(span.start)))

    def note_branch(self, mark: int, start: int, end: int, *, again: bool = False) -> None:
        """Note that a stretch of `text` may run not at all (or `again`), if a name was given a
        value in it: if `given` is no longer `mark`."""
        if self.given != mark:
            self.branches.append(Branch(start + self.shift, end + self.shift, again))

    def note_choice(self, mark: int, start: int, end: int, tests: int) -> None:
        """Note, as `note_branch` does, a stretch that runs where the tests from `tests` on come
        out as the way says."""
        if self.given != mark:
            shift = self.shift
            self.branches.append(Branch(start + shift, end + shift, False, tests + shift))

    def note_import(self, target: Expr, start: int, end: int) -> None:
        """Note that the module `target` is brought in between two offsets of the file."""
        self.facts.append(Link("import", target, Span(self.path, start, end), self.way_at(start)))

    def defer(self, node: Node, way: Way, *, name: str = "") -> Function:
        """The value of a function, whose inside will be read later, by `way` and its body."""
        start, end = node.start_byte + self.shift, node.end_byte + self.shift
        if self.depth >= _DEEPEST_FUNCTION:
            self.unread.append((node.start_byte, node.end_byte, "functions nested too deeply"))
        else:
            self.pile.append(
                Task(
                    node=node,
                    number=start,
                    name=name,
                    way=way,
                    scope=self.scope,
                    this_scope=self.this_scope,
                    depth=self.depth + 1,
                )
            )
        return Function(start, start, end)

    def listener(self, of: Expr, event: str, node: Node) -> Function:
        """The value of a function that listens to `event` on `of`."""
        start, end = node.start_byte + self.shift, node.end_byte + self.shift
        return self.defer(node, self.heard(of, event, start, end))

    def heard(self, of: Expr, event: str, start: int, end: int) -> Way:
        """The way from here into the function between two offsets of the file, by an event."""
        arguments = (Text(event, start, end), Function(start, start, end))
        to = Member(of, "addEventListener", of.start, of.end)
        return (*self.way, Callback(to, arguments, 1, start, end))

    def open_scope(self, start: int) -> int:
        """Begin a scope at `start`, inside the present one, which is returned."""
        outer = self.scope
        scope = 2 * (start + self.shift) + 2
        if scope != outer and scope not in self.scopes:
            self.scopes[scope] = outer
            self.scope = scope
        return outer

    def holes_in(self, first: int, last: int) -> list[Hole]:
        """The masked stretches that begin in `first:last` (of the file) or reach into it."""
        holes = self.fragment.holes
        at = bisect_left(self.hole_starts, first)
        if at and holes[at - 1].end > first:
            at -= 1
        return list(takewhile(lambda hole: hole.start < last, holes[at : at + _MOST_HOLES]))

    def with_holes(self, start: int, end: int, decode: Callable[[str], str]) -> Expr:
        """The text between two offsets of `text`: `Text`, or a `Join` where masked stretches lie.

        `decode` says what a piece of the source text stands for.
        """
        first, last = start + self.shift, end + self.shift
        parts: list[Expr] = []
        place = first
        for hole in self.holes_in(first, last) if self.hole_starts else ():
            if hole.start < place or hole.end > last:
                continue
            if hole.start > place:
                piece = self.text[place - self.shift : hole.start - self.shift]
                parts.append(Text(decode(piece), place, hole.start))
            parts.append(hole.value)
            place = hole.end
        if not parts:
            return Text(decode(self.text[start:end]), first, last)
        if place < last:
            parts.append(Text(decode(self.text[place - self.shift : end]), place, last))
        return Join(tuple(parts), first, last)

    def hole_at(self, start: int, end: int) -> Expr | None:
        """What a masked stretch at just this place, or one that reaches into it, stands for."""
        first, last = start + self.shift, end + self.shift
        for hole in self.holes_in(first, last):
            if hole.start == first and hole.end == last:
                return hole.value
            return Opaque("a name that a template writes", first, last)
        return None
