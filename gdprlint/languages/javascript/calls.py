"""Calls and members: chains of `.name`, `[key]` and `(...)`, from their start to their end."""

from __future__ import annotations

from dataclasses import replace

from gdprlint.facts import (
    UNKNOWN_KEY,
    Callback,
    Expr,
    Function,
    Invoke,
    Member,
    Name,
    Opaque,
    Record,
    Text,
    Way,
)
from gdprlint.languages.javascript import literals
from gdprlint.languages.javascript.expressions import key_name, nothing
from gdprlint.languages.javascript.markup import MADE, made, script_made
from gdprlint.languages.javascript.parser import Node
from gdprlint.languages.javascript.walk import EXTRA, FUNCTIONS, MOST_IN_CHAIN, Walk

_LINKS = frozenset(
    {"member_expression", "subscript_expression", "call_expression", "non_null_expression"}
)
_MOST_LINKS = 60
_LOOSE = frozenset(
    {
        "binary_expression",
        "unary_expression",
        "ternary_expression",
        "assignment_expression",
        "augmented_assignment_expression",
        "await_expression",
        "yield_expression",
        "arrow_function",
    }
)
_LONG = "a very long chain"


def chain(walk: Walk, node: Node) -> Expr:
    """The value of a chain, read from its first link without recursion."""
    links: list[tuple[Node, list[Node]]] = []
    kinds = walk.kinds
    kind = kinds[node.kind_id]
    while kind in _LINKS:
        parts = node.named_children
        if len(parts) != 2:
            parts = walk.solid(node)
        if not parts:
            break
        if kind == "call_expression" and _awaits(walk, parts):
            return _after_await(walk, parts[1], links)
        links.append((node, parts))
        node = parts[0]
        if len(links) >= MOST_IN_CHAIN:
            return _applied(walk, walk.too_long(node), links, start=node.start_byte)
        kind = kinds[node.kind_id]
    if links and kind in _LOOSE:
        return _grafted(walk, node, links)
    if links and kind == "new_expression":
        return _new_with_links(walk, node, links)
    return _linked(walk, node, links, start=node.start_byte)


def _grafted(walk: Walk, loose: Node, links: list[tuple[Node, list[Node]]]) -> Expr:
    """A chain that the grammar hung on a whole operation, as in `await f<T>(x)` and `a && b!.c`.

    An operation that is the start of a chain would stand in parentheses, so the links belong to
    its last operand, to which they are applied when it is read.
    """
    last = loose
    while walk.kind(last) in _LOOSE:
        operands = walk.solid(last)
        if not operands:
            return _linked(walk, loose, links, start=loose.start_byte)
        last = operands[-1]
    walk.grafts[last.id] = lambda value, start: _applied(walk, value, links, start=start)
    return walk.expression(loose)


def _new_with_links(walk: Walk, made: Node, links: list[tuple[Node, list[Node]]]) -> Expr:
    """`new C!(x)`, of which the TypeScript grammar makes a call of `(new C)!`."""
    called = len(links) - 1
    while called >= 0 and walk.kind(links[called][0]) == "non_null_expression":
        called -= 1
    lacks = made.child_by_field_name("arguments") is None
    if not lacks or called in (-1, len(links) - 1) or not _is_call(walk, links[called]):
        return _linked(walk, made, links, start=made.start_byte)
    node, parts = links[called]
    to = walk.expression(walk.solid(made)[0])
    start, end = made.start_byte + walk.shift, node.end_byte + walk.shift
    value = _invoke(walk, to, parts[-1], new=True, start=start, end=end)
    return _applied(walk, value, links[:called], start=made.start_byte)


def _is_call(walk: Walk, link: tuple[Node, list[Node]]) -> bool:
    return walk.kind(link[0]) == "call_expression"


def _awaits(walk: Walk, parts: list[Node]) -> bool:
    """Whether a call is an `await` of something in parentheses, which the grammar mistook."""
    return (
        walk.kinds[parts[0].kind_id] == "identifier"
        and walk.spelled(parts[0]) == "await"
        and len(parts) == 2
        and bool(parts[1].named_child_count)
    )


def _after_await(walk: Walk, awaited: Node, links: list[tuple[Node, list[Node]]]) -> Expr:
    """The links after `await (...)`, applied to what stands in the parentheses."""
    value: Expr = nothing(walk, awaited)
    for part in walk.solid(awaited):
        value = walk.expression(part)
    return _applied(walk, value, links, start=awaited.start_byte)


def _linked(walk: Walk, first: Node, links: list[tuple[Node, list[Node]]], *, start: int) -> Expr:
    """The value of `first` with `links` (the last one first) applied to it."""
    if walk.kinds[first.kind_id] == "identifier" and not walk.grafts and not walk.hole_starts:
        end = first.end_byte
        name = literals.identifier(walk.text[first.start_byte : end])
        shift = walk.shift
        value: Expr = Name(name, walk.scope, first.start_byte + shift, end + shift)
        return _applied(walk, value, links, start=start)
    # A link is nested in all the links after it, and counts as deep as they are many.
    values = walk.values
    walk.values = values + min(len(links), _MOST_LINKS)
    value = walk.expression(first)
    walk.values = values
    return _applied(walk, value, links, start=start)


def _applied(walk: Walk, value: Expr, links: list[tuple[Node, list[Node]]], *, start: int) -> Expr:
    kinds = walk.kinds
    values = walk.values
    start += walk.shift
    left = len(links)
    for node, parts in reversed(links):
        left -= 1
        kind = kinds[node.kind_id]
        end = node.end_byte + walk.shift
        if left % _MOST_LINKS == _MOST_LINKS - 1:
            value = Opaque(_LONG, start, value.end)
        if kind == "member_expression":
            value = Member(value, _property(walk, parts), start, end)
            continue
        walk.values = values + left % _MOST_LINKS
        if kind == "call_expression":
            value = _called(walk, value, parts, start=start, end=end)
        elif kind == "subscript_expression":
            value = _subscript(walk, value, parts, start=start, end=end)
    walk.values = values
    return value


def _subscript(walk: Walk, of: Expr, parts: list[Node], *, start: int, end: int) -> Member:
    if len(parts) < 2:
        return Member(of, UNKNOWN_KEY, start, end)
    key = walk.expression(parts[1])
    name = key_name(key)
    kept = key if name == UNKNOWN_KEY and isinstance(key, Name | Member) else None
    return Member(of, name, start, end, kept)


def _property(walk: Walk, parts: list[Node]) -> str:
    if len(parts) < 2 or walk.kinds[parts[-1].kind_id] in EXTRA:
        return UNKNOWN_KEY
    node = parts[-1]
    start, end = node.start_byte, node.end_byte
    if walk.hole_starts and walk.hole_at(start, end) is not None:
        return UNKNOWN_KEY
    return literals.identifier(walk.text[start:end])


def _called(walk: Walk, to: Expr, parts: list[Node], *, start: int, end: int) -> Expr:
    """The value of a call, which is noted; `parts` end with the arguments."""
    given = parts[-1] if len(parts) > 1 else None
    if given is not None and walk.kinds[given.kind_id] != "arguments":
        invoke = Invoke(to, (walk.expression(given),), False, start, end)
        walk.note_call(invoke)
        # A tag of markup, html`<p>...`, is how a component says what it shows.
        walk.meets(invoke.arguments[0], "inserted")
        return invoke
    invoke = _invoke(walk, to, given, new=False, start=start, end=end)
    if isinstance(to, Name) and to.name in ("require", "import") and invoke.arguments:
        target = invoke.arguments[0]
        if isinstance(target, Text):
            walk.note_import(target, start, end)
    return invoke


def new(walk: Walk, node: Node) -> Expr:
    """`new X(...)` and `new X`."""
    parts = walk.solid(node)
    start, end = node.start_byte + walk.shift, node.end_byte + walk.shift
    if not parts:
        return Opaque("new of nothing", start, end)
    to = walk.expression(parts[0])
    given = parts[1] if len(parts) > 1 else None
    return _invoke(walk, to, given, new=True, start=start, end=end)


def _invoke(walk: Walk, to: Expr, given: Node | None, *, new: bool, start: int, end: int) -> Invoke:
    """Note a call; functions written among its arguments are read by way of a `Callback`."""
    values: list[Expr] = []
    direct: list[tuple[int, Node]] = []
    bound: dict[int, int] = {}
    mark = len(walk.pile)
    for child in given.named_children if given is not None else ():
        kind = walk.kinds[child.kind_id]
        if kind in EXTRA:
            continue
        if kind == "parenthesized_expression":
            # Minifiers put functions among arguments in parentheses.
            child = _unwrapped(walk, child)
            kind = walk.kinds[child.kind_id]
        if kind in FUNCTIONS:
            first = child.start_byte + walk.shift
            direct.append((len(values), child))
            values.append(Function(first, first, child.end_byte + walk.shift))
            continue
        value = walk.expression(child)
        match value:
            case Invoke(Member(Function(number), "bind")):
                bound[number] = len(values)
        values.append(value)
    invoke = Invoke(to, tuple(values), new, start, end)
    walk.note_call(invoke)
    if len(values) > 1 and isinstance(values[0], Text) and values[0].text in MADE and not new:
        made(walk, invoke, mark)
    elif len(values) > 1 and isinstance(values[1], Record):
        script_made(walk, invoke)
    if bound:
        for at in range(mark, len(walk.pile)):
            index = bound.get(walk.pile[at].number)
            if index is not None:
                walk.pile[at] = replace(walk.pile[at], way=_back(walk, invoke, index))
    for index, child in direct:
        walk.defer(child, _back(walk, invoke, index))
    return invoke


def _unwrapped(walk: Walk, node: Node) -> Node:
    """What stands between parentheses, if it is one thing."""
    while walk.kinds[node.kind_id] == "parenthesized_expression":
        inner = walk.solid(node)
        if len(inner) != 1:
            break
        node = inner[0]
    return node


def _back(walk: Walk, invoke: Invoke, index: int) -> Way:
    """The way into a function given to a call."""
    step = Callback(invoke.to, invoke.arguments, index, invoke.start, invoke.end)
    return (*walk.way, step)
