"""What strings can this value be, with gaps for what is not known?

Values are asked for in a *context*: the calls by which the asking place was reached, outermost
first, so that a parameter means what these calls give and not what all callers give.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product
from math import isfinite
from typing import TypeAlias

from gdprlint.facts import (
    Both,
    Choice,
    Constant,
    Either,
    Entry,
    Expr,
    Invoke,
    Items,
    Join,
    Member,
    Name,
    Opaque,
    Parameter,
    Text,
)
from gdprlint.facts.expr import Keyword
from gdprlint.flow.calls import Site
from gdprlint.flow.context import Context, Step
from gdprlint.flow.steps import Steps

GAP = "\ufffc"
"""Stands for an unknown stretch of a string; the same character as in knowledge's addresses."""

_DEEPEST = 24
_MOST = 16
_MOST_PARTS = 200

# Calls that give back the text they are given, as far as a URL's structure goes.
_SAME_TEXT = frozenset(
    {"String", "toString", "trim", "encodeURI", "decodeURI", "str", "quote", "mark_safe", "unsafe"}
    | {
        "toLowerCase",
        "lower",
        "escape",
        "format_html",
        "raw",
        "safe",
        "filter safe",
        "filter escape",
    }
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a string: literal `text`, or a value (`value` in `path`) that is not written
    out."""

    text: str
    value: Expr | None
    path: str
    context: Context
    start: int = 0
    end: int = 0


Pieces: TypeAlias = tuple[Piece, ...]


class Values:
    """Strings and parts of strings that expressions can be."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self.calls = steps.calls
        self.names = steps.names
        self._memo: dict[tuple[Expr, str, Context], tuple[Pieces, ...]] = {}
        self._depth = 0

    def spellings(self, value: Expr, path: str, context: Context = ()) -> tuple[str, ...]:
        """Every string that `value` can be, with `GAP` where a part is not known; at most
        sixteen."""
        found = (
            "".join(piece.text if piece.value is None else GAP for piece in pieces)
            for pieces in self.pieces(value, path, context)
        )
        return tuple(dict.fromkeys(found))

    def literal(self, value: Expr | None, path: str, context: Context = ()) -> str | None:
        """The one string that `value` is, or None where it is not known or not the only one."""
        if value is None:
            return None
        found = self.spellings(value, path, context)
        return found[0] if len(found) == 1 and GAP not in found[0] else None

    def pieces(self, value: Expr, path: str, context: Context = ()) -> tuple[Pieces, ...]:
        """Every way in which `value` is put together out of literal and unknown parts.

        At most sixteen ways. A value that is made of itself, or too deep, is unknown there.
        """
        key = (value, path, context)
        found = self._memo.get(key)
        if found is None:
            self._memo[key] = (self._gap(value, path, context),)
            if self._depth > _DEEPEST:
                del self._memo[key]
                return (self._gap(value, path, context),)
            self._depth += 1
            try:
                ways = dict.fromkeys(islice(self._pieces(value, path, context), _MOST))
            finally:
                self._depth -= 1
            found = tuple(ways) or (self._gap(value, path, context),)
            self._memo[key] = found
        return found

    @staticmethod
    def _gap(value: Expr, path: str, context: Context) -> Pieces:
        return (Piece("", value, path, context, value.start, value.end),)

    def _pieces(self, value: Expr, path: str, context: Context) -> Iterator[Pieces]:
        match value:
            case Text(text):
                yield (Piece(text, None, path, context, value.start, value.end),)
            case Constant(constant):
                text = _spelled(constant)
                yield (Piece(text, None, path, context, value.start, value.end),)
            case Join(parts):
                yield from self._joined(parts, path, context)
            case Choice(_, yes, no) | Either(yes, no):
                yield from self.pieces(yes, path, context)
                yield from self.pieces(no, path, context)
            case Both(_, right):
                yield from self.pieces(right, path, context)
            case Keyword(_, inner):
                yield from self.pieces(inner, path, context)
            case Name() | Parameter() | Member():
                yield from self._of_reference(value, path, context)
            case Invoke():
                yield from self._of_call(value, path, context)
            case _:
                yield self._gap(value, path, context)

    def _joined(self, parts: tuple[Expr, ...], path: str, context: Context) -> Iterator[Pieces]:
        if len(parts) > _MOST_PARTS:
            return
        options = [self.pieces(part, path, context)[:4] for part in parts]
        for combination in islice(product(*options), _MOST):
            yield tuple(piece for pieces in combination for piece in pieces)[:_MOST_PARTS]

    def _of_reference(
        self, value: Name | Parameter | Member, path: str, context: Context
    ) -> Iterator[Pieces]:
        found = False
        for inner, where, inner_context in self.behind(value, path, context):
            if inner == value:
                continue
            found = True
            if isinstance(value, Name) and isinstance(inner, Invoke) and _is_parameters(inner):
                # Entries may be set on it later: the name stands for the object.
                yield self._gap(value, path, context)
                continue
            for pieces in self.pieces(inner, where, inner_context):
                last = pieces[0].value if len(pieces) == 1 else None
                # A parameter nobody is known to give, or what was not understood, has no name; the
                # name it goes by here has. So too a member of it: where it is read says what is
                # known there.
                nameless = (
                    isinstance(last, Parameter | Opaque)
                    if isinstance(value, Name)
                    else isinstance(last, Member) and not isinstance(_root(last), Name)
                )
                yield self._gap(value, path, context) if nameless else pieces
        if not found:
            yield self._gap(value, path, context)

    def _of_call(self, value: Invoke, path: str, context: Context) -> Iterator[Pieces]:
        match value:
            case Invoke(Name("URL"), (first, *_), True):
                yield from self.pieces(first, path, context)
                return
            case Invoke(Member(Items(items), "join"), (Text(glue),)):
                parts: list[Expr] = []
                for i, item in enumerate(items):
                    if i:
                        parts.append(Text(glue, value.start, value.end))
                    parts.append(item)
                yield from self._joined(tuple(parts), path, context)
                return
            case Invoke(Member(of, "concat"), arguments) if not isinstance(of, Items):
                yield from self._joined((of, *arguments), path, context)
                return
            case Invoke(Member(of, name), ()) if name in _SAME_TEXT:
                yield from self.pieces(of, path, context)
                return
            case Invoke(Name(name) | Member(_, name), (first, *_)) if name in _SAME_TEXT:
                yield from self.pieces(first, path, context)
                return
        found = False
        for inner, where, inner_context in self.returned(value, path, context):
            found = True
            yield from self.pieces(inner, where, inner_context)
        if not found:
            yield self._gap(value, path, context)

    def behind(self, value: Expr, path: str, context: Context = ()) -> list[Step]:
        """One step back; see `Steps.behind`."""
        return self.steps.behind(value, path, context)

    def sites(self, path: str, function: int) -> tuple[Site, ...]:
        """The plain calls of a function, a call on the spot among them."""
        return self.steps.sites(path, function)

    def argument(self, path: str, function: int, index: int, site: Site) -> Expr | None:
        """What a call gives for a parameter; see `Steps.argument`."""
        return self.steps.argument(path, function, index, site)

    def returned(self, call: Invoke, path: str, context: Context = ()) -> list[Step]:
        """What a call gives back; see `Steps.returned`."""
        return self.steps.returned(call, path, context)

    def entries(
        self, value: Expr, path: str, context: Context = ()
    ) -> tuple[tuple[Entry, str, Context], ...]:
        """The entries of the object that `value` is, those of spread objects among them."""
        return self.steps.entries(value, path, context)


def _root(value: Expr) -> Expr:
    while isinstance(value, Member):
        value = value.of
    return value


def _is_parameters(value: Invoke) -> bool:
    return (
        value.new
        and isinstance(value.to, Name)
        and value.to.name in ("URLSearchParams", "FormData")
    )


def _spelled(constant: float | bool | None) -> str:
    if constant is None:
        return ""
    if isinstance(constant, bool):
        return "true" if constant else "false"
    if not isfinite(constant):
        return str(constant)
    return str(int(constant)) if constant == int(constant) else str(constant)
