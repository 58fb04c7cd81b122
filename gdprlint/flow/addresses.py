"""What does this URL say, and about whom: its path, its parameters, and where their values come
from?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import unquote_plus

from gdprlint.facts import (
    Both,
    Choice,
    Constant,
    Either,
    Expr,
    Field,
    Invoke,
    Items,
    Join,
    Member,
    Name,
    Parameter,
    Record,
    Text,
)
from gdprlint.facts.expr import UNKNOWN_KEY, Entry, Keyword
from gdprlint.flow.context import Context, Step
from gdprlint.flow.location import of_location, page_part
from gdprlint.flow.origins import Origins, Trace
from gdprlint.flow.pieces import GAP, Piece, Pieces
from gdprlint.flow.steps import kept
from gdprlint.project.controls import Control
from gdprlint.source import Span

_ENCODERS = frozenset(
    {"urlencode", "stringify", "param", "toString", "String", "encodeURIComponent"}
)
_HANDED_ON_AT_MOST = 3
_ROUTERS = frozenset({"url", "reverse", "reverse_lazy", "url_for"})


@dataclass(frozen=True, slots=True)
class QueryEntry:
    """One parameter of a URL.

    `value` is the value's expression, or None where it is the literal `text`. `steps` are the steps
    between the value and the URL (`FormData` of a form, an entry of an object).
    """

    key: str
    value: Expr | None
    text: str
    path: str
    context: Context
    span: Span
    place: Literal["query", "fragment"] = "query"
    steps: tuple[Trace, ...] = ()
    control: Control | None = None

    @property
    def constant(self) -> bool:
        """Whether the value is written out where it stands."""
        return self.value is None or isinstance(self.value, Text | Constant)


@dataclass(frozen=True, slots=True)
class Address:
    """A URL as the code puts it together.

    `base` is what stands before `?` and `#`, with gaps; `current` where it is the page's own.
    `route` is the call that makes it from a route's name (`{% url 'x' %}`, `reverse("x")`).
    `path_values` are the unknown parts of the path.
    """

    base: str
    current: bool
    entries: tuple[QueryEntry, ...]
    path_values: tuple[Piece, ...] = ()
    route: Expr | None = None


class Addresses:
    """URLs taken apart as far as the code shows them."""

    def __init__(self, origins: Origins) -> None:
        self.origins = origins
        self.values = origins.values
        self._memo: dict[tuple[Expr, str, Context], tuple[Address, ...]] = {}

    def of(self, value: Expr, path: str, context: Context = ()) -> tuple[Address, ...]:
        """Every URL that `value` can be."""
        key = (value, path, context)
        if key not in self._memo:
            self._memo[key] = ()
            self._memo[key] = tuple(dict.fromkeys(self._of(value, path, context)))[:8]
        return self._memo[key]

    def _of(self, value: Expr, path: str, context: Context) -> Iterator[Address]:
        if isinstance(value, Items):
            yield from self.of(_commands(value), path, context)
            return
        if isinstance(value, Invoke) and not value.new:
            made = list(self._objects_made(value, path, context))
            for inner, where, its in made:
                yield from self.of(inner, where, its)
            if made:
                return
        records = self.values.entries(value, path, context)
        if records and not isinstance(value, Invoke) and not self.values.holds_url(value, path):
            yield from self._of_location_object(records)
            return
        for pieces in self.values.pieces(value, path, context):
            yield self._parsed(pieces)

    def _objects_made(
        self, value: Invoke, path: str, context: Context, depth: int = 0
    ) -> Iterator[Step]:
        """The objects that a call gives back, by way of other functions as well."""
        for inner, where, its in self.values.returned(value, path, context):
            if isinstance(inner, Record):
                yield inner, where, its
            elif isinstance(inner, Invoke) and not inner.new and depth < _HANDED_ON_AT_MOST:
                yield from self._objects_made(inner, where, its, depth + 1)

    def _of_location_object(
        self, records: Sequence[tuple[Entry, str, Context]]
    ) -> Iterator[Address]:
        """A router's location: `{path, query: {...}}`, `{pathname, search, hash}`."""
        base, current, entries = "", True, list[QueryEntry]()
        values: tuple[Piece, ...] = ()
        route: Expr | None = None
        for entry, path, context in records:
            if entry.key in ("path", "pathname", "href", "url", "to"):
                for address in self.of(entry.value, path, context)[:1]:
                    base, current, values = address.base, address.current, address.path_values
                    entries.extend(address.entries)
            elif entry.key == "name":
                current = False
                name = self.values.literal(entry.value, path, context)
                start, end = entry.value.start, entry.value.end
                if name is not None:
                    route = Invoke(Name("route"), (Text(name, start, end),), False, start, end)
            elif entry.key in ("query", "search", "params", "searchParams", "queryParams"):
                entries.extend(self.parameters(entry.value, path, context))
        # What fills a part of the path's pattern, `/doctors/[slug]`, is no parameter.
        filling = [entry for entry in entries if _is_part(entry.key, base)]
        values = (*values, *(_as_piece(entry) for entry in filling if entry.value is not None))
        rest = tuple(entry for entry in entries if entry not in filling)
        yield Address(base, current, rest, values, route)

    def _parsed(self, pieces: Pieces) -> Address:
        base: list[str] = []
        path_values: list[Piece] = []
        current = _starts_here(pieces)
        route = next(
            (p.value for p in pieces[:1] if p.value is not None and is_route(p.value)), None
        )
        rest: list[Piece] = []
        beyond: tuple[QueryEntry, ...] = ()
        if isinstance(route, Invoke):
            within, beyond = self._beyond_path(route, pieces[0])
            route, pieces = within, (replace(pieces[0], value=within), *pieces[1:])
        for i, piece in enumerate(pieces):
            if piece.value is not None:
                if page_part(piece.value) in ("query", "fragment") and not rest:
                    continue
                base.append(GAP)
                if not page_part(piece.value) and piece.value is not route:
                    path_values.append(piece)
                continue
            head, mark, tail = _cut(piece.text)
            base.append(head)
            if mark:
                rest = [replace(piece, text=tail), *pieces[i + 1 :]]
                place: Literal["query", "fragment"] = "query" if mark == "?" else "fragment"
                return Address(
                    "".join(base),
                    current,
                    (*beyond, *self._entries(rest, place)),
                    tuple(path_values),
                    route,
                )
        if len(pieces) == 1 and path_values:
            # The whole URL is one unknown value: it is an address, not a part of a path.
            path_values = []
        return Address("".join(base), current, beyond, tuple(path_values), route)

    def _beyond_path(self, route: Invoke, piece: Piece) -> tuple[Invoke, tuple[QueryEntry, ...]]:
        """A call that makes a URL from a route's name, without those of its arguments that are no
        part of the route's path, and these: they become parameters (Flask, "URL Building")."""
        to = route.to
        name = to.name if isinstance(to, Name | Member) else ""
        first = route.arguments[0] if route.arguments else None
        if name != "url_for" or not isinstance(first, Text):
            return route, ()
        bare = first.text.rpartition(".")[2]
        known = [
            known for known in self.values.names.project.routes if bare in (known.name, known.view)
        ]
        parts = {segment.text for one in known for segment in one.segments if segment.dynamic}
        if not known:
            return route, ()
        more = [
            argument
            for argument in route.arguments
            if isinstance(argument, Keyword)
            and argument.name not in parts
            and argument.name.isidentifier()
            and not argument.name.startswith("_")
        ]
        entries: list[QueryEntry] = []
        for one in more:
            put = Entry(one.name, one.value, one.start, one.end)
            entries.append(_from_record(put, piece.path, piece.context))
        rest = tuple(argument for argument in route.arguments if argument not in more)
        return replace(route, arguments=rest), tuple(entries)

    def _entries(
        self, pieces: list[Piece], place: Literal["query", "fragment"]
    ) -> Iterator[QueryEntry]:
        key: str | None = ""
        collected: list[Piece] = []
        for piece in pieces:
            if piece.value is not None:
                if key is None:
                    collected.append(piece)
                elif not key:
                    yield from self._placed(piece, place)
                continue
            text = piece.text
            while text:
                if key is not None:
                    stop = _first(text, "=&#")
                    key += text[:stop]
                    mark, text = text[stop : stop + 1], text[stop + 1 :]
                    if mark == "=":
                        current, key, collected = key, None, [Piece("", None, piece.path, ())]
                        collected[0] = replace(piece, text=current)
                    elif mark:
                        key = ""
                else:
                    stop = _first(text, "&#")
                    collected.append(replace(piece, text=text[:stop]))
                    mark, text = text[stop : stop + 1], text[stop + 1 :]
                    if mark:
                        yield _entry(collected, place)
                        key, collected = "", []
        if key is None:
            yield _entry(collected, place)

    def _placed(self, piece: Piece, place: Literal["query", "fragment"]) -> Iterator[QueryEntry]:
        assert piece.value is not None
        found = self.parameters(piece.value, piece.path, piece.context)
        if not found:
            # Put together in a way that is not followed: what is known is out of which fields.
            span = Span(piece.path, piece.start, max(piece.start, piece.end))
            found = list(self._by_computed_key(piece.value, span, piece.path, piece.context))
        for entry in found:
            yield replace(entry, place=place)

    def parameters(
        self, value: Expr, path: str, context: Context = (), depth: int = 0
    ) -> list[QueryEntry]:
        """The parameters in a value that is a whole query: `URLSearchParams`, a record, a form."""
        if depth > 10:
            return []
        found: list[QueryEntry] = []
        match value:
            case Invoke(Name("URLSearchParams"), (first, *_), True):
                found.extend(self.parameters(first, path, context, depth + 1))
            case Invoke(Name("URL"), (_, *_), True):
                for address in self.of(value, path, context):
                    found.extend(address.entries)
            case Invoke(Name("FormData"), _, True) | Invoke(
                Member(_, "serialize" | "serializeArray")
            ):
                found.extend(self._form_entries(value, path, context))
            case Invoke(Member(Name("Object"), "fromEntries"), (first, *_)):
                found.extend(self.parameters(first, path, context, depth + 1))
            case Invoke(Name(name) | Member(_, name), arguments) if name in _ENCODERS:
                source = arguments[0] if arguments else value.to
                if not arguments and isinstance(value.to, Member):
                    source = value.to.of
                found.extend(self.parameters(source, path, context, depth + 1))
            case Member(inner, "search" | "searchParams" | "href"):
                if not page_part(value):
                    found.extend(self.parameters(inner, path, context, depth + 1))
            case Text(text):
                for address in self.of(Text("?" + text.lstrip("?"), value.start, value.end), path):
                    found.extend(address.entries)
            case Items(items):
                found.extend(_pairs(items, path, context))
            case Join((only,)):
                found.extend(self.parameters(only, path, context, depth + 1))
            case Join(parts):
                for address in self.of(_as_query(value, parts), path, context):
                    found.extend(address.entries)
            case Record():
                for entry, where, its in self.values.entries(value, path, context):
                    if entry.key != UNKNOWN_KEY:
                        found.append(_from_record(entry, where, its))
            case Either(left, right) | Choice(_, left, right):
                found.extend(self.parameters(left, path, context, depth + 1))
                found.extend(self.parameters(right, path, context, depth + 1))
            case Both(_, right) | Keyword(_, right):
                found.extend(self.parameters(right, path, context, depth + 1))
            case Name() | Parameter() | Member():
                gone = self._deleted(value, path)
                for inner, where, its in self.values.behind(value, path, context):
                    if inner != value:
                        entries = self.parameters(inner, where, its, depth + 1)
                        found.extend(entry for entry in entries if entry.key not in gone)
                for key, written, where in self.values.steps.writes.all_into(value, path):
                    if key != UNKNOWN_KEY:
                        put = Entry(key, written, written.start, written.end)
                        found.append(_from_record(put, where, kept(where, path, context)))
                found.extend(
                    entry
                    for entry in self._set_later(value, path, context)
                    if entry.span.start > gone.get(entry.key, -1)
                )
            case Invoke():
                for inner, where, its in self.values.returned(value, path, context):
                    found.extend(self.parameters(inner, where, its, depth + 1))
        return list(dict.fromkeys(found))

    def _form_entries(self, value: Invoke, path: str, context: Context) -> Iterator[QueryEntry]:
        data = self.origins.form_data(value, path, context)
        forms = data.forms if data is not None else ()
        if data is None and isinstance(value.to, Member):
            forms = tuple(self.origins.dom.elements(value.to.of, path, context))
        for form in forms:
            for control in self.origins.dom.controls_in(form):
                span = control.element.span
                field = Field(control.name, span.start, span.end)
                steps = (
                    Trace(
                        "propagate", Span(path, value.start, value.end), "all fields of the form"
                    ),
                )
                yield QueryEntry(
                    control.name, field, "", form.path, (), span, steps=steps, control=control
                )

    def _set_later(self, value: Expr, path: str, context: Context) -> Iterator[QueryEntry]:
        if not isinstance(value, Name):
            return
        for call, _ in self.values.parameter_calls(value, path, "set", "append"):
            arguments = call.invoke.arguments
            key = self.values.literal(arguments[0], path, context) if arguments else None
            if key is not None and len(arguments) > 1:
                step = Trace("propagate", call.span, f"becomes query key `{key}`")
                yield QueryEntry(key, arguments[1], "", path, context, call.span, steps=(step,))
            elif len(arguments) > 1:
                yield from self._by_computed_key(arguments[1], call.span, path, context)
        for written, where in self.values.steps.writes.into(value, UNKNOWN_KEY, path):
            span = Span(where, written.start, max(written.start, written.end))
            yield from self._by_computed_key(written, span, where, ())

    def _deleted(self, value: Expr, path: str) -> dict[str, int]:
        """The parameters that are surely deleted from a variable before this use, and where last.

        What is set after that place is there again.
        """
        found: dict[str, int] = {}
        if isinstance(value, Name):
            ways = {d.way for d in self.values.names.definitions(value, path) if d.path == path}
            for call, _ in self.values.parameter_calls(value, path, "delete"):
                arguments = call.invoke.arguments
                key = self.values.literal(arguments[0], path) if arguments else None
                if key is not None and call.way in ways and call.span.start < value.start:
                    found[key] = call.span.start
        return found

    def _by_computed_key(
        self, value: Expr, span: Span, path: str, context: Context
    ) -> Iterator[QueryEntry]:
        """The fields of a form, put into the parameters one by one under their own names."""
        for origin in self.origins.of(value, path, context):
            control = origin.control
            if control is not None:
                field = Field(control.name, control.element.span.start, control.element.span.end)
                yield QueryEntry(
                    control.name, field, "", origin.span.path, (), span, steps=(), control=control
                )


def _commands(value: Items) -> Join:
    """A path given in parts: `["/slots", id]`."""
    parts: list[Expr] = []
    for i, item in enumerate(value.items):
        if i:
            parts.append(Text("/", item.start, item.start))
        parts.append(item)
    return Join(tuple(parts), value.start, value.end)


def is_route(value: Expr) -> bool:
    """Whether `value` makes a URL from the name of a route."""
    match value:
        case Invoke(Name(name) | Member(_, name)):
            return name in _ROUTERS
    return False


def _as_query(value: Expr, parts: tuple[Expr, ...]) -> Expr:
    """A string of parameters as a URL that has nothing else: `a=1&b=` and `${query}&b=`."""
    texts = [part.text for part in parts[:2] if isinstance(part, Text)]
    begins = isinstance(parts[0], Text) and "=" in parts[0].text
    goes_on = not isinstance(parts[0], Text) and texts[:1] != [] and texts[0].startswith("&")
    if any("?" in text for text in texts) or not (begins or goes_on):
        return value
    return Join((Text("?", value.start, value.start), *parts), value.start, value.end)


def _starts_here(pieces: Pieces) -> bool:
    """Whether a URL begins with the page's own, so that it leads to the page itself."""
    if not pieces:
        return True
    first = pieces[0]
    if first.value is None:
        return first.text[:1] in ("?", "#", "") and (first.text != "" or len(pieces) == 1)
    return of_location(first.value) or page_part(first.value) in ("url", "path")


def _cut(text: str) -> tuple[str, str, str]:
    stop = _first(text, "?#")
    return text[:stop], text[stop : stop + 1], text[stop + 1 :]


def _first(text: str, marks: str) -> int:
    return min((i for i in map(text.find, marks) if i >= 0), default=len(text))


def _entry(collected: list[Piece], place: Literal["query", "fragment"]) -> QueryEntry:
    """The entry out of its key (the first piece) and the pieces of its value."""
    key, *parts = collected
    values = [piece for piece in parts if piece.value is not None]
    start = parts[0].start if parts else key.start
    end = max((piece.end for piece in parts), default=key.end)
    span = Span(key.path, start, max(start, end))
    if values:
        first = values[0]
        name = unquote_plus(key.text)
        step = Trace("propagate", span, f"becomes query key `{name}`")
        return QueryEntry(name, _all(values), "", first.path, first.context, span, place, (step,))
    text = "".join(piece.text for piece in parts)
    return QueryEntry(unquote_plus(key.text), None, text, key.path, (), span, place)


def _all(pieces: list[Piece]) -> Expr | None:
    """The unknown parts of one value, as far as they stand where the first does."""
    first = pieces[0]
    here = [p for p in pieces if (p.path, p.context) == (first.path, first.context)]
    values = tuple(p.value for p in here if p.value is not None)
    if len(values) == 1:
        return values[0]
    return Join(values, min(p.start for p in here), max(p.end for p in here))


def _from_record(entry: Entry, path: str, context: Context) -> QueryEntry:
    span = Span(path, entry.start, max(entry.start, entry.end))
    step = Trace("propagate", span, f"becomes query key `{entry.key}`")
    return QueryEntry(entry.key, entry.value, "", path, context, span, steps=(step,))


def _is_part(key: str, base: str) -> bool:
    """Whether a path has a part of that name to be filled in: `[key]`, `[...key]`."""
    return f"[{key}]" in base or f"[...{key}]" in base


def _as_piece(entry: QueryEntry) -> Piece:
    return Piece("", entry.value, entry.path, entry.context, entry.span.start, entry.span.end)


def _pairs(items: tuple[Expr, ...], path: str, context: Context) -> Iterator[QueryEntry]:
    for item in items:
        match item:
            case Items((Text(key), value)):
                yield _from_record(Entry(key, value, item.start, item.end), path, context)
