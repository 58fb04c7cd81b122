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
    Record,
    Text,
)
from gdprlint.facts.expr import SPREAD, Keyword
from gdprlint.flow.calls import Calls, Site
from gdprlint.flow.names import imported_from

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
class Frame:
    """One call that was entered: the function, and the site with its own context."""

    path: str
    function: int
    site: Site
    context: Context


Context: TypeAlias = tuple[Frame, ...]
"""The calls by which a place was reached, innermost last; empty: any."""


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

    def __init__(self, calls: Calls) -> None:
        self.calls = calls
        self.names = calls.names
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
                # name it goes by here has.
                nameless = isinstance(value, Name) and isinstance(last, Parameter | Opaque)
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

    def behind(
        self, value: Expr, path: str, context: Context = ()
    ) -> list[tuple[Expr, str, Context]]:
        """What a name, a parameter or a member stands for, where the project says: one step back.

        Names that are augmented (`+=`) stand for the join of what they were given, in order.
        """
        match value:
            case Parameter(function, index):
                return self._arguments(path, function, index, context)
            case Name():
                definitions = [
                    d for d in self.names.resolve(value, path) if imported_from(d.value) is None
                ]
                plain = [d for d in definitions if not d.augmented]
                added = [d for d in definitions if d.augmented]
                if added and len(plain) == 1 and all(d.path == plain[0].path for d in added):
                    joined = Join(
                        (plain[0].value, *(d.value for d in added)), value.start, value.end
                    )
                    return [(joined, plain[0].path, self._kept(plain[0].path, path, context))]
                return [
                    (d.value, d.path, self._kept(d.path, path, context))
                    for d in definitions
                    if d.value != value
                ][:_MOST]
            case Member(of, name):
                direct = self.names.members(of, name, path)
                if direct:
                    return [(v, where, self._kept(where, path, context)) for v, where in direct]
                return self._members_behind(of, name, path, context)
        return []

    def _members_behind(
        self, of: Expr, name: str, path: str, context: Context
    ) -> list[tuple[Expr, str, Context]]:
        if not isinstance(of, Name | Parameter):
            return []
        found: list[tuple[Expr, str, Context]] = []
        for inner, where, inner_context in self.behind(of, path, context):
            if isinstance(inner, Parameter):
                steps = self.behind(inner, where, inner_context)
            else:
                steps = [(inner, where, inner_context)]
            for value, place, its_context in steps:
                found.extend(
                    (v, w, self._kept(w, place, its_context))
                    for v, w in self.names.members(value, name, place)
                )
        return found[:_MOST]

    @staticmethod
    def _kept(where: str, path: str, context: Context) -> Context:
        """A context goes on within its file; elsewhere a value is the same for every caller."""
        return context if where == path else ()

    def _arguments(
        self, path: str, function: int, index: int, context: Context
    ) -> list[tuple[Expr, str, Context]]:
        for i in range(len(context) - 1, -1, -1):
            frame = context[i]
            if frame.function == function and frame.path == path:
                argument = self.argument(frame.path, function, index, frame.site)
                return [(argument, frame.site.path, frame.context)] if argument is not None else []
        found: list[tuple[Expr, str, Context]] = []
        for site in self.sites(path, function):
            argument = self.argument(path, function, index, site)
            if argument is not None:
                found.append((argument, site.path, ()))
        return found[:_MOST]

    def sites(self, path: str, function: int) -> tuple[Site, ...]:
        """The plain calls of a function, a call on the spot among them."""
        return tuple(site for site in self.calls.sites(path, function) if site.index < 0)

    def argument(self, path: str, function: int, index: int, site: Site) -> Expr | None:
        """What the call `site` gives for the parameter `index`: by place, by keyword, or its
        default."""
        facts = self.names.project.files[path].functions.get(function)
        if facts is None:
            return None
        arguments = list(site.arguments)
        to = site.invoke.to
        if isinstance(to, Member) and to.name == "call":
            arguments = arguments[1:]
        name = facts.parameters[index] if index < len(facts.parameters) else ""
        shift = 1 if facts.parameters[:1] in (("self",), ("cls",)) else 0
        positional = [a for a in arguments if not isinstance(a, Keyword)]
        for argument in arguments:
            if isinstance(argument, Keyword) and argument.name == name and name:
                return argument.value
        if 0 <= index - shift < len(positional):
            return positional[index - shift]
        return facts.defaults[index] if index < len(facts.defaults) else None

    def returned(
        self, call: Invoke, path: str, context: Context = ()
    ) -> list[tuple[Expr, str, Context]]:
        """What the project's functions that `call` calls give back, in the context of this call."""
        if len(context) > 4:
            return []
        found: list[tuple[Expr, str, Context]] = []
        for where, function in self.names.functions(call.to, path):
            facts = self.names.project.files[where].functions.get(function)
            if facts is None or any(f.function == function and f.path == where for f in context):
                continue
            site = Site(path, call, ())
            entered = (*context, Frame(where, function, site, context))
            found.extend((value.value, where, entered) for value in facts.returns)
        return found[:_MOST]

    def entries(
        self, value: Expr, path: str, context: Context = (), depth: int = 0
    ) -> list[tuple[Entry, str, Context]]:
        """The entries of the object that `value` is, those of spread objects among them."""
        if depth > 8:
            return []
        found: list[tuple[Entry, str, Context]] = []
        match value:
            case Record(entries):
                for entry in entries:
                    if entry.key == SPREAD:
                        found.extend(self.entries(entry.value, path, context, depth + 1))
                    else:
                        found.append((entry, path, context))
            case Invoke(Member(Name("Object"), "assign"), arguments):
                for argument in arguments:
                    found.extend(self.entries(argument, path, context, depth + 1))
            case Either(left, right) | Choice(_, left, right):
                found.extend(self.entries(left, path, context, depth + 1))
                found.extend(self.entries(right, path, context, depth + 1))
            case Invoke(Name("dict"), arguments):
                for argument in arguments:
                    if isinstance(argument, Keyword):
                        entry = Entry(argument.name, argument.value, argument.start, argument.end)
                        found.append((entry, path, context))
            case Invoke():
                for inner, where, its_context in self.returned(value, path, context):
                    found.extend(self.entries(inner, where, its_context, depth + 1))
            case Name() | Parameter() | Member():
                for inner, where, its_context in self.behind(value, path, context):
                    if inner != value:
                        found.extend(self.entries(inner, where, its_context, depth + 1))
        return found


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
