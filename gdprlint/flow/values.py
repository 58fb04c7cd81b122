"""What strings can this value be, with gaps for what is not known?

Values are asked for in a *context*: the calls by which the asking place was reached, outermost
first, so that a parameter means what these calls give and not what all callers give.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product
from math import isfinite

from gdprlint.facts import (
    UNKNOWN_KEY,
    Assign,
    Both,
    Call,
    Choice,
    Constant,
    Either,
    Entry,
    Expr,
    Function,
    Invoke,
    Items,
    Join,
    Member,
    Name,
    Opaque,
    Parameter,
    Text,
    Way,
)
from gdprlint.facts.expr import Keyword
from gdprlint.flow.budget import Memo
from gdprlint.flow.calls import Site
from gdprlint.flow.context import Context, Step
from gdprlint.flow.location import of_location, page_part
from gdprlint.flow.pieces import GAP, Piece, Pieces, UrlPieces, pattern_text, recoded, replaced
from gdprlint.flow.reaching import Definition
from gdprlint.flow.steps import Steps

_RECODERS = frozenset({"encodeURIComponent", "decodeURIComponent", "unescape", "atob"})
_DEEPEST = 24
_MOST = 16
_MOST_OF_A_PART = 4
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

# Those among them that are methods of a text, whatever they are given.
_OF_TEXTS = frozenset({"toString", "trim", "toLowerCase", "lower"})

_SAYS_NOTHING = frozenset(
    {"value", "target", "currentTarget", "current", "detail", "data", UNKNOWN_KEY}
    | {"event", "evt", "val", "newValue", "text", "input"}
)


def says_nothing(name: str) -> bool:
    """Whether what is called so goes by the name of what it is put into: an event, a value."""
    return name in _SAYS_NOTHING or len(name) < 2


def begins_empty(value: Expr, inner: Expr) -> bool:
    """Whether a member of an object is what it only begins as: it is there to be filled, by markup
    that may not be seen."""
    while isinstance(value, Member):
        value = value.of
    if not isinstance(value, Name) or value.name != "this":
        return False
    match inner:
        case Text(text):
            return not text
        case Constant(constant):
            return constant is None
    return False


def _is_named(value: Name | Member) -> bool:
    """Whether a name or a member goes by a name: `form.reason`, `reason.value`."""
    if not says_nothing(value.name):
        return True
    return isinstance(value, Member) and (
        isinstance(value.of, Name | Member) and not says_nothing(value.of.name)
    )


class Values:
    """Strings and parts of strings that expressions can be."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self.calls = steps.calls
        self.names = steps.names
        self._memo: Memo[tuple[Expr, str, Context], tuple[Pieces, ...]] = {}
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
        nothing = (self._gap(value, path, context),)
        if self._depth > _DEEPEST and key not in self._memo:
            self.steps.budget.cut()
            return nothing
        self._depth += 1
        try:
            return self.steps.budget.asked(
                self._memo,
                key,
                lambda: self._ways(value, path, context) or nothing,
                nothing,
                of=(value, path),
            )
        finally:
            self._depth -= 1

    def _ways(self, value: Expr, path: str, context: Context) -> tuple[Pieces, ...]:
        return tuple(dict.fromkeys(islice(self._pieces(value, path, context), _MOST)))

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
        options: list[tuple[Pieces, ...]] = []
        ways = 1
        for part in parts:
            found = self.pieces(part, path, context)
            if len(found) > _MOST_OF_A_PART or ways * len(found) > _MOST:
                # What stands for the part keeps all that it may be; the strings are not told.
                found = (self._gap(part, path, context),)
            ways *= len(found)
            options.append(found)
        for combination in product(*options):
            yield tuple(piece for pieces in combination for piece in pieces)[:_MOST_PARTS]

    def _of_reference(
        self, value: Name | Parameter | Member, path: str, context: Context
    ) -> Iterator[Pieces]:
        found = False
        if isinstance(value, Member) and value.name == "href" and self.holds_url(value.of, path):
            yield from self.pieces(value.of, path, context)
            return
        for inner, where, inner_context in self.behind(value, path, context):
            if inner == value:
                continue
            found = True
            if isinstance(value, Name) and isinstance(inner, Invoke) and _is_url(inner):
                yield from self._of_url_object(value, inner, where, inner_context)
                continue
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
                    else isinstance(last, Opaque)
                    or (isinstance(last, Member) and not isinstance(_root(last), Name))
                )
                if isinstance(last, Name | Member) and not isinstance(value, Parameter):
                    nameless = nameless or (says_nothing(last.name) and _is_named(value))
                yield self._gap(value, path, context) if nameless else pieces
                if begins_empty(value, inner):
                    yield self._gap(value, path, context)
        if not found:
            yield self._gap(value, path, context)

    def _of_call(self, value: Invoke, path: str, context: Context) -> Iterator[Pieces]:
        match value:
            case Invoke(Name("URL"), (first, *rest), True):
                for parts in self._url(first, rest[0] if rest else None, path, context):
                    yield parts.joined()
                return
            case Invoke(Member(of, "join"), (Text(glue),)):
                lists = list(self._items(of, path, context))
                for items, where, its in lists:
                    yield from self._joined(_glued(items, glue), where, its)
                if lists:
                    return
            case Invoke(Member(of, "replace" | "replaceAll"), (pattern, given)) if (
                not isinstance(given, Function) and (old := pattern_text(pattern)) is not None
            ):
                ways = product(self.pieces(of, path, context), self.pieces(given, path, context))
                for whole, new in islice(ways, _MOST):
                    yield replaced(whole, old, new)
                return
            case Invoke(Member(of, "concat"), arguments) if not isinstance(of, Items):
                yield from self._joined((of, *arguments), path, context)
                return
            case Invoke(Name(name) | Member(_, name)) if name in _SAME_TEXT:
                same = self._same_text(value, path)
                if same is not None:
                    yield from self.pieces(same, path, context)
                    return
        made = self._recoded(value, path, context)
        if made is not None:
            yield (Piece(made, None, path, context, value.start, value.end),)
            return
        found = False
        for inner, where, inner_context in self.returned(value, path, context):
            found = True
            yield from self.pieces(inner, where, inner_context)
        if not found:
            yield self._gap(value, path, context)

    def _same_text(self, value: Invoke, path: str) -> Expr | None:
        """What a call of such a name gives back as it is, unless the project's own function does
        what it does."""
        if self.names.functions(value.to, path):
            return None
        match value:
            case Invoke(Member(of, name), arguments) if name in _OF_TEXTS:
                # A number that is written to a base is made, and no text (ECMAScript, 21.1.3.6).
                return None if name == "toString" and arguments else of
            case Invoke(_, (first, *_)):
                return first
            case Invoke(Member(of)):
                return of
        return None

    def _recoded(self, value: Invoke, path: str, context: Context) -> str | None:
        """What the platform's own encoders and decoders make of a literal."""
        if len(value.arguments) != 1 or not isinstance(value.to, Name | Member):
            return None
        if value.to.name not in _RECODERS:
            return None
        literal = self.literal(value.arguments[0], path, context)
        return recoded(value.to.name, literal) if literal is not None else None

    def _items(
        self, of: Expr, path: str, context: Context
    ) -> Iterator[tuple[tuple[Expr, ...], str, Context]]:
        """The items of a list, those that are pushed to it among them, before it is used."""
        match of:
            case Items(items):
                yield items, path, context
            case Invoke(Member(inner, "filter" | "slice"), _):
                yield from self._items(inner, path, context)
            case Name():
                for inner, where, its in self.behind(of, path, context):
                    if isinstance(inner, Items):
                        pushed = self._pushed(of, path) if where == path else ()
                        yield (*inner.items, *pushed), where, its

    def _pushed(self, of: Name, path: str) -> tuple[Expr, ...]:
        mine = {d.span for d in self.names.definitions(of, path)}
        found: list[Expr] = []
        for call in self.calls.in_file("push", path):
            match call.invoke.to:
                case Member(Name(name) as other, _) if name == of.name:
                    theirs = {d.span for d in self.names.definitions(other, path)}
                    if mine & theirs and call.span.start < of.start:
                        found.extend(call.invoke.arguments)
        return tuple(found)

    # ---------------------------------------------------------------- URL objects

    def _url(
        self, first: Expr, base: Expr | None, path: str, context: Context
    ) -> Iterator[UrlPieces]:
        """What `new URL(first, base)` is; below the page's own address a path stays a path."""
        bases = [UrlPieces()]
        if base is not None and not _is_own(base):
            bases = [UrlPieces.of(pieces) for pieces in self.pieces(base, path, context)]
        for pieces, under in islice(product(self.pieces(first, path, context), bases), _MOST):
            yield UrlPieces.of(pieces).below(under)

    def holds_url(self, value: Expr, path: str) -> bool:
        """Whether a value is a `URL` object, by its own name."""
        if isinstance(value, Name):
            return any(
                isinstance(d.value, Invoke) and _is_url(d.value)
                for d in self.names.definitions(value, path)
            )
        return isinstance(value, Invoke) and _is_url(value)

    def _of_url_object(
        self, name: Name, made: Invoke, path: str, context: Context
    ) -> Iterator[Pieces]:
        """What a variable that holds a `URL` spells where it is used: as it was made, with what its
        members were given before. Parameters that are set on it are asked of the name."""
        definition = next((d for d in self.names.definitions(name, path) if d.value == made), None)
        if definition is None:
            yield from self.pieces(made, path, context)
            return
        base = made.arguments[1] if len(made.arguments) > 1 else None
        ways = list(self._url(made.arguments[0], base, path, context))
        for part, value, way in self._given_to(name, definition):
            given = self.pieces(value, path, context)[:4]
            changed = [url.changed(part, new) for url in ways for new in given]
            ways = changed if way == definition.way else [*ways, *changed]
        set_later = False
        for call, method in self.parameter_calls(name, path, "set", "append", "delete"):
            key = self.literal(call.invoke.arguments[0], path) if call.invoke.arguments else None
            if method != "delete":
                set_later = True
            elif key is not None and _surely_before(call, name, definition):
                ways = [url.without(key) for url in ways]
        for url in ways[:_MOST]:
            if set_later:
                glue = replace(self._gap(name, path, context)[0], text="&", value=None)
                more = self._gap(name, path, context)
                url = replace(url, query=(*url.query, glue, *more) if url.query else more)
            yield url.joined()

    def _given_to(self, name: Name, definition: Definition) -> Iterator[tuple[str, Expr, Way]]:
        """What members of a variable are given between its definition and this use of it."""
        for fact in self.names.project.facts(definition.path):
            match fact:
                case Assign(Member(Name(spelled) as owner, key), value, span, way) if (
                    spelled == name.name and definition.span.start < span.start < name.start
                ):
                    if definition in self.names.definitions(owner, definition.path):
                        yield key, value, way

    def parameter_calls(self, value: Name, path: str, *methods: str) -> Iterator[tuple[Call, str]]:
        """Calls of these methods on a variable or on its `searchParams`, in the order of
        places."""
        mine = {d.span for d in self.names.definitions(value, path)}
        found: list[tuple[Call, str]] = []
        for method in methods:
            for call in self.calls.in_file(method, path):
                to = call.invoke.to
                if not isinstance(to, Member):
                    continue
                owner = to.of
                if isinstance(owner, Member) and owner.name == "searchParams":
                    owner = owner.of
                if not isinstance(owner, Name) or owner.name != value.name:
                    continue
                if mine & {d.span for d in self.names.definitions(owner, path)}:
                    found.append((call, method))
        yield from sorted(found, key=lambda one: one[0].span.start)

    def behind(self, value: Expr, path: str, context: Context = ()) -> list[Step]:
        """One step back; see `Steps.behind`. A key that is one literal is as good as written."""
        if isinstance(value, Member) and value.key is not None:
            key = self.literal(value.key, path, context)
            if key is not None:
                value = Member(value.of, key, value.start, value.end)
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


def _surely_before(call: Call, use: Name, definition: Definition) -> bool:
    """Whether a call runs whenever the variable was made, and stands before this use of it."""
    return call.way == definition.way and (call.span.start < use.start or not use.start)


def _is_url(value: Invoke) -> bool:
    return (
        value.new
        and isinstance(value.to, Name)
        and value.to.name == "URL"
        and bool(value.arguments)
    )


def _is_own(base: Expr) -> bool:
    """Whether a base is the page's own address or a part of it."""
    if isinstance(base, Member) and of_location(base.of):
        return True
    return of_location(base) or page_part(base) == "url"


def _glued(items: tuple[Expr, ...], glue: str) -> tuple[Expr, ...]:
    parts: list[Expr] = []
    for i, item in enumerate(items):
        if i and glue:
            parts.append(Text(glue, item.start, item.start))
        parts.append(item)
    return tuple(parts)


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
