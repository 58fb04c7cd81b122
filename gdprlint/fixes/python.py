"""The program that edits Python, run in a process of its own: orders on stdin, edits on stdout.

libcst keeps every blank and comment, and is the only reason for this process: it takes a moment to
import, and deep code takes it down. It is imported here and nowhere else.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any, TypeAlias, cast

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

Told: TypeAlias = dict[str, Any]
"""A change: `does`, `start`, `end`, `name`, `value`."""

Edited: TypeAlias = tuple[int, int, str]
"""A stretch of the text, and what is to stand in its place."""

_BARE = {"true": "True", "false": "False"}


class NotExact(Exception):
    """The code is not as expected, so that it stays as it is."""


def main() -> None:
    """Answer each order with a list of edits for each of its fixes, or null."""
    orders = json.loads(sys.stdin.buffer.read())
    json.dump([_file(order["text"], order["fixes"]) for order in orders], sys.stdout)


def _file(text: str, fixes: Sequence[Sequence[Told]]) -> list[list[Edited] | None]:
    return [_fix(text, changes) for changes in fixes]


def _fix(text: str, changes: Sequence[Told]) -> list[Edited] | None:
    """The edits of a fix, one for each stretch of code that it changes."""
    stretches: dict[tuple[int, int], list[Told]] = {}
    for change in changes:
        stretches.setdefault((change["start"], change["end"]), []).append(change)
    try:
        return [_stretch(text, same) for same in stretches.values()]
    except (NotExact, cst.ParserSyntaxError, cst.CSTValidationError, RecursionError):
        return None


def _stretch(text: str, changes: Sequence[Told]) -> Edited:
    """The edit that makes all changes of one stretch, as few characters of it as can be."""
    start, end = changes[0]["start"], changes[0]["end"]
    new = text
    for change in changes:
        new = _changed(new, start, end + len(new) - len(text), change)
    same = min(len(text), len(new))
    head = next((i for i in range(same) if text[i] != new[i]), same)
    tail = 0
    while tail < same - head and text[-1 - tail] == new[-1 - tail]:
        tail += 1
    if head == len(text) == len(new):
        raise NotExact
    return head, len(text) - tail, new[head : len(new) - tail]


def _changed(text: str, start: int, end: int, change: Told) -> str:
    wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
    spans = wrapper.resolve(ByteSpanPositionProvider)
    first, last = len(text[:start].encode()), len(text[:end].encode())
    for node, span in spans.items():
        if span.start == first and span.start + span.length == last:
            put = _replacement(node, change)
            if put is not None:
                changed = wrapper.module.deep_replace(node, cast(Any, put))
                return cast(cst.Module, changed).code
    raise NotExact


def _replacement(node: cst.CSTNode, change: Told) -> cst.CSTNode | None:
    """What stands in the place of a node; None where it is not the one that is meant."""
    name, value = change["name"], change["value"]
    match change["does"], node:
        case "value", cst.SimpleString() | cst.Name() | cst.Integer():
            quote = node.quote if isinstance(node, cst.SimpleString) else '"'
            return cst.parse_expression(_literal(value, quote))
        case "expression", cst.BaseExpression():
            return cst.parse_expression(value)
        case "argument", cst.Call():
            return _with_argument(node, name, cst.parse_expression(_literal(value, '"')))
        case "drop-argument", cst.Call():
            return _without(node, name.split())
    return None


def _literal(value: str, quote: str) -> str:
    if value.isdigit():
        return value
    if value in _BARE:
        return _BARE[value]
    return f"{quote}{value}{quote}"


def _with_argument(call: cst.Call, name: str, value: cst.BaseExpression) -> cst.Call:
    """A call with an argument by name: another value of the one that is there, or one more."""
    if any(arg.star for arg in call.args):
        raise NotExact
    for arg in call.args:
        if arg.keyword is not None and arg.keyword.value == name:
            args = [each.with_changes(value=value) if each is arg else each for each in call.args]
            return call.with_changes(args=args)
    added = cst.Arg(
        value,
        keyword=cst.Name(name),
        equal=cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace("")),
    )
    if not call.args:
        return call.with_changes(args=[added])
    *before, last = call.args
    return call.with_changes(args=[*before, *_beside(call, before, last, added)])


def _beside(
    call: cst.Call, before: Sequence[cst.Arg], last: cst.Arg, added: cst.Arg
) -> tuple[cst.Arg, cst.Arg]:
    """The last argument and the added one, which stands as the others do, before what closed."""
    comma = last.comma if isinstance(last.comma, cst.Comma) else None
    closing = comma.whitespace_after if comma is not None else last.whitespace_after_arg
    between, ending = _spaced(call, before, closing)
    bare = last.with_changes(
        comma=cst.Comma(whitespace_after=between), whitespace_after_arg=cst.SimpleWhitespace("")
    )
    if comma is not None:
        return bare, added.with_changes(comma=comma.with_changes(whitespace_after=ending))
    return bare, added.with_changes(whitespace_after_arg=ending)


def _spaced(
    call: cst.Call, before: Sequence[cst.Arg], closing: cst.BaseParenthesizableWhitespace
) -> tuple[cst.BaseParenthesizableWhitespace, cst.BaseParenthesizableWhitespace]:
    """What stands between the last argument and the added one, and what after that.

    Where each argument has a line, what follows the last on its own stays on it.
    """
    opening = call.whitespace_before_args
    gaps = [arg.comma.whitespace_after for arg in before if isinstance(arg.comma, cst.Comma)]
    lines = isinstance(opening, cst.ParenthesizedWhitespace) and all(
        isinstance(gap, cst.ParenthesizedWhitespace) for gap in gaps
    )
    if not isinstance(closing, cst.ParenthesizedWhitespace):
        return cst.SimpleWhitespace(" "), closing
    if not lines or not isinstance(opening, cst.ParenthesizedWhitespace):
        if closing.first_line.comment is not None:
            raise NotExact
        return cst.SimpleWhitespace(" "), closing
    between = cst.ParenthesizedWhitespace(
        first_line=closing.first_line, indent=opening.indent, last_line=opening.last_line
    )
    newline = cst.TrailingWhitespace(newline=closing.first_line.newline)
    return between, closing.with_changes(first_line=newline)


def _without(call: cst.Call, names: Sequence[str]) -> cst.Call:
    """A call without the arguments of these names, of which there is one at least."""
    kept = list(call.args)
    for arg in call.args:
        if arg.keyword is not None and arg.keyword.value in names:
            kept = _removed(kept, arg)
    if len(kept) == len(call.args):
        raise NotExact
    return call.with_changes(args=kept)


def _removed(args: list[cst.Arg], arg: cst.Arg) -> list[cst.Arg]:
    at = args.index(arg)
    comma = arg.comma if isinstance(arg.comma, cst.Comma) else None
    closing = comma.whitespace_after if comma is not None else arg.whitespace_after_arg
    if _has_comment(closing) or _has_comment(arg.whitespace_after_arg):
        raise NotExact
    if at == len(args) - 1 and at > 0:
        before = args[at - 1]
        held = before.comma
        if isinstance(held, cst.Comma) and _has_comment(held.whitespace_after):
            raise NotExact
        put = before.with_changes(comma=arg.comma, whitespace_after_arg=arg.whitespace_after_arg)
        return [*args[: at - 1], put]
    return [*args[:at], *args[at + 1 :]]


def _has_comment(blank: cst.BaseParenthesizableWhitespace) -> bool:
    if not isinstance(blank, cst.ParenthesizedWhitespace):
        return False
    if blank.first_line.comment is not None:
        return True
    return any(line.comment is not None for line in blank.empty_lines)


if __name__ == "__main__":
    main()
