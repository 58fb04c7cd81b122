"""Patterns: which names and places a destructuring fills, and with which part of the value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from gdprlint.facts import REST, UNKNOWN_KEY, Either, Expr, Invoke, Member, Name, Text
from gdprlint.languages.javascript import literals
from gdprlint.languages.javascript.parser import Node
from gdprlint.languages.javascript.walk import EXTRA, Walk

Fill: TypeAlias = Callable[[Node, Expr], None]
"""What is to be done with a target of a pattern (never a pattern itself) and its value."""

_DEEPEST = 100
_SHORT = "shorthand_property_identifier_pattern"


def define(walk: Walk, pattern: Node, value: Expr, *, scope: int) -> None:
    """A `Define` in `scope` for each name that `pattern` binds to a part of `value`."""

    def fill(node: Node, part: Expr) -> None:
        name = literals.identifier(walk.spelled(node))
        walk.note_define(name, scope, part, node)

    _take_apart(walk, pattern, value, fill=fill, depth=0)


def assign_to(walk: Walk, pattern: Node, value: Expr) -> None:
    """An `Assign` for each target in `pattern` of the part of `value` that it is given."""

    def fill(node: Node, part: Expr) -> None:
        start, end = node.start_byte + walk.shift, node.end_byte + walk.shift
        if walk.kind(node) == _SHORT:
            to: Expr = Name(walk.spelled(node), walk.scope, start, end)
        else:
            to = walk.expression(node)
        walk.note_assign(to, part, node)

    _take_apart(walk, pattern, value, fill=fill, depth=0)


def _take_apart(walk: Walk, pattern: Node, value: Expr, *, fill: Fill, depth: int) -> None:
    if depth > _DEEPEST:
        walk.unread.append((pattern.start_byte, pattern.end_byte, "patterns nested too deeply"))
        return
    match walk.kind(pattern):
        case "object_pattern":
            parts = walk.solid(pattern)
            for part in parts:
                if walk.kind(part) == "rest_pattern":
                    part_value = _rest(walk, part, value, _taken(walk, parts))
                    for inner in walk.solid(part):
                        _take_apart(walk, inner, part_value, fill=fill, depth=depth + 1)
                else:
                    _property(walk, part, value, fill=fill, depth=depth)
        case "array_pattern":
            _elements(walk, pattern, value, fill=fill, depth=depth)
        case "assignment_pattern" | "object_assignment_pattern":
            _with_default(walk, pattern, value, fill=fill, depth=depth)
        case "rest_pattern":
            for part in walk.solid(pattern):
                _take_apart(walk, part, _rest(walk, part, value, ()), fill=fill, depth=depth + 1)
        case _:
            fill(pattern, value)


def _property(walk: Walk, part: Node, value: Expr, *, fill: Fill, depth: int) -> None:
    start, end = part.start_byte + walk.shift, part.end_byte + walk.shift
    kind = walk.kind(part)
    if kind == _SHORT:
        fill(part, Member(value, literals.identifier(walk.spelled(part)), start, end))
        return
    if kind == "pair_pattern":
        pair = walk.solid(part)
        if len(pair) == 2:
            member = Member(value, _key(walk, pair[0]), start, end)
            _take_apart(walk, pair[1], member, fill=fill, depth=depth + 1)
        return
    if kind == "object_assignment_pattern":
        parts = walk.solid(part)
        if not parts:
            return
        member = Member(value, literals.identifier(walk.spelled(parts[0])), start, end)
        _with_default(walk, part, member, fill=fill, depth=depth)
        return
    _take_apart(walk, part, value, fill=fill, depth=depth + 1)


def _key(walk: Walk, node: Node) -> str:
    kind = walk.kind(node)
    if kind in ("string", "computed_property_name"):
        inner = node if kind == "string" else next(iter(walk.solid(node)), None)
        literal = walk.expression(inner) if inner is not None else None
        return literal.text if isinstance(literal, Text) else UNKNOWN_KEY
    return literals.identifier(walk.spelled(node))


def _with_default(walk: Walk, node: Node, value: Expr, *, fill: Fill, depth: int) -> None:
    parts = walk.solid(node)
    if len(parts) != 2:
        return
    default = walk.expression(parts[1])
    start, end = node.start_byte + walk.shift, node.end_byte + walk.shift
    either = Either(value, default, start, end)
    if walk.kind(parts[0]) == _SHORT:
        fill(parts[0], either)
        return
    _take_apart(walk, parts[0], either, fill=fill, depth=depth + 1)


def _elements(walk: Walk, pattern: Node, value: Expr, *, fill: Fill, depth: int) -> None:
    index = 0
    for child in pattern.children:
        kind = walk.kind(child)
        if kind == ",":
            index += 1
        elif child.is_named and kind not in EXTRA:
            start, end = child.start_byte + walk.shift, child.end_byte + walk.shift
            part = value if kind == "rest_pattern" else Member(value, str(index), start, end)
            _take_apart(walk, child, part, fill=fill, depth=depth + 1)


def _taken(walk: Walk, parts: Sequence[Node]) -> tuple[Expr, ...]:
    """The keys, as far as they are written down, that a pattern takes by themselves."""
    found: list[Expr] = []
    for part in parts:
        named = part if walk.kind(part) == _SHORT else next(iter(walk.solid(part)), None)
        if named is None or walk.kind(part) == "rest_pattern":
            continue
        if walk.kind(named) == "computed_property_name":
            continue
        start, end = named.start_byte + walk.shift, named.end_byte + walk.shift
        key = literals.identifier(walk.spelled(named)) if named is part else _key(walk, named)
        if key != UNKNOWN_KEY:
            found.append(Text(key, start, end))
    return tuple(found)


def _rest(walk: Walk, node: Node, value: Expr, taken: tuple[Expr, ...]) -> Expr:
    start, end = node.start_byte + walk.shift, node.end_byte + walk.shift
    return Invoke(Name(REST), (value, *taken), False, start, end)
