"""Which personal data is in a value, in a URL that code puts together, in a URL that is written
out?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal, TypeAlias
from urllib.parse import unquote_plus

from gdprlint.effects import Load, Occurrence, Send
from gdprlint.effects.classify import Class, Classifier, left_of
from gdprlint.facts import (
    Choice,
    Compare,
    Constant,
    Either,
    Expr,
    Invoke,
    Items,
    Negation,
    Record,
    Text,
)
from gdprlint.facts.expr import Keyword
from gdprlint.flow import CUT, GAP, TESTED, Address, Context, Flow, Origin, QueryEntry, Trace
from gdprlint.knowledge import Category, Vendor, parse
from gdprlint.project.controls import Control
from gdprlint.project.page import NOT_MARKUP
from gdprlint.source import Span

GRAVE_GROUPS = frozenset({"special", "criminal", "credentials", "national-id", "finance"})
_NESTED_AT_MOST = 4

Terms: TypeAlias = Mapping[str, Class]
"""A vendor's own names for data about a visitor: `em` is an e-mail address."""
NO_TERMS: Terms = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Road:
    """The steps of one datum: (kind, place, text); `passed` names the calls it went through."""

    steps: tuple[tuple[str, Span, str], ...]
    passed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Datum:
    """One piece of personal data in an effect.

    `name` is the key or field it goes by, `place` where it is (url, path, title, body, cookie,
    storage; `matching` is a parameter by which the vendor knows people), `parameter` the request's
    parameter that carries it, `road` how it came there.
    `weight` orders data by how telling they are. `literal` where it is written out. `later` where
    it comes into the page's URL while the document stays.
    """

    category: str
    group: str
    name: str
    place: str
    parameter: str = ""
    road: Road = Road(())
    strength: Literal["strong", "weak"] = "strong"
    weight: int = 0
    literal: bool = False
    evidence: str = ""
    page: str = ""
    later: bool = False

    @property
    def is_sure(self) -> bool:
        """Whether what it was told by was followed to its end."""
        return CUT not in self.road.passed


class Parts:
    """Data in parts of effects: values, parameters, URLs."""

    def __init__(self, flow: Flow, classifier: Classifier) -> None:
        self.flow = flow
        self.classifier = classifier

    def terms(self, effect: Send | Load) -> Terms:
        """What the vendor's own names for contact data mean, in a call or a pixel for matching."""
        if effect.vendor is None or (isinstance(effect, Send) and effect.use != "matching"):
            return {}
        known = self.classifier.lexicon.by_id
        return {name: Class(known[id_], "strong") for name, id_ in effect.vendor.matches.items()}

    def value_data(
        self,
        value: Expr,
        at: Occurrence,
        context: frozenset[str],
        place: str,
        key: str = "",
        terms: Terms = NO_TERMS,
    ) -> Iterator[Datum]:
        """Data in a value that is sent or stored: its entries by their keys, else its origins."""
        inside = list(self._entries(value, at.path, at.context, 0))
        if not inside and place == "body":
            # Encoded: as JSON, as a form, as parameters, as a string of them.
            inside = self.flow.addresses.parameters(value, at.path, at.context)
        known: set[str] = set()
        for item in inside:
            for told in self.entry_data(item, context, place, terms):
                known.add(told.category)
                yield told
        if inside and isinstance(value, Record | Items | Either | Choice):
            return
        # What an object is made of beyond the entries that are seen: a spread, a later member.
        for origin in self.flow.origins.of(value, at.path, at.context):
            for one in self.classifier.origin(origin, context):
                if one.id not in known:
                    yield datum(one, origin.name, place, road_of(origin), origin.kind)
        if not key or inside or self._is_written_out(value, at.path, at.context):
            return
        step = ("source", at.span, f"`{key}`")
        for one in self._named(key, context, terms):
            yield datum(one, key, place, Road((step,)), "key")

    def _entries(
        self, value: Expr, path: str, context: Context, depth: int
    ) -> Iterator[QueryEntry]:
        """The innermost entries of an object, of what it holds, of a list of objects."""
        if isinstance(value, Items):
            for item in value.items:
                yield from self._entries(item, path, context, depth + 1)
            return
        if isinstance(value, Invoke) and depth < 4:
            for made, where, its in self.flow.values.returned(value, path, context):
                if isinstance(made, Items):
                    yield from self._entries(made, where, its, depth + 1)
        for entry, where, its in self.flow.values.entries(value, path, context):
            inner = list(self._entries(entry.value, where, its, depth + 1)) if depth < 4 else []
            if inner:
                yield from inner
                continue
            span = Span(where, entry.start, max(entry.start, entry.end))
            step = Trace("propagate", span, f"becomes property `{entry.key}`")
            yield QueryEntry(entry.key, entry.value, "", where, its, span, steps=(step,))

    def _is_written_out(self, value: Expr, path: str, context: Context) -> bool:
        return (
            isinstance(value, Text | Constant)
            or self.flow.values.literal(value, path, context) is not None
        )

    def _named(self, key: str, context: frozenset[str], terms: Terms) -> tuple[Class, ...]:
        if key in terms:
            return (terms[key],)
        return self.classifier.name(key, context)

    def entry_data(
        self, entry: QueryEntry, context: frozenset[str], place: str, terms: Terms = NO_TERMS
    ) -> Iterator[Datum]:
        """Data in one parameter: by where its value comes from, else by the parameter's name.

        A name counts only with a value that is not written out, or with one that itself tells of
        something: `insuranceEventsEnabled=true` says nothing about anybody.
        """
        found = False
        if entry.control is not None:
            origin = self.flow.origins.field(entry.control, entry.path)
            for one in self.classifier.control(entry.control, context):
                found = True
                yield datum(one, entry.key, place, road_of(origin, entry.steps), "field")
            return
        if entry.value is not None and not isinstance(entry.value, Text | Constant):
            for origin in self.flow.origins.of(entry.value, entry.path, entry.context):
                for one in self.classifier.origin(origin, context):
                    found = True
                    name = entry.key or origin.name
                    told = datum(one, name, place, road_of(origin, entry.steps), origin.kind)
                    yield replace(told, weight=told.weight + self._choices_tell(origin))
        literal = entry.text if entry.value is None else _text(entry.value)
        if literal:
            for category in self.classifier.value(unquote_plus(literal)):
                found = True
                step = ("source", entry.span, f"literal value of `{entry.key}`")
                told = datum(Class(category, "strong"), entry.key, place, Road((step,)), "value")
                yield replace(told, literal=True)
        if found or entry.constant or self._is_anothers(entry):
            return
        if entry.value is not None and self._is_written_out(entry.value, entry.path, entry.context):
            return
        passed = self._passed(entry)
        if isinstance(entry.value, Negation | Compare):
            passed = (*passed, TESTED)
        named = left_of(self._named(entry.key, context, terms), passed)
        for one in named:
            step = ("source", entry.span, f"`{entry.key}`")
            yield datum(one, entry.key, place, Road((step,), passed), "key")

    def _passed(self, entry: QueryEntry) -> tuple[str, ...]:
        if entry.value is None:
            return ()
        origins = self.flow.origins.of(entry.value, entry.path, entry.context)
        # That it was not followed to its end takes nothing from what its key says.
        passed = (name for origin in origins for name in origin.passed if name != CUT)
        return tuple(dict.fromkeys(passed))

    def _is_anothers(self, entry: QueryEntry) -> bool:
        """Whether the value is a member of something that is not the visitor: `product.name`."""
        if entry.value is None:
            return False
        origins = self.flow.origins.of(entry.value, entry.path, entry.context)
        return any(
            origin.kind == "name"
            and self.classifier.is_anothers(origin.owner)
            and not self._is_served(origin, entry)
            for origin in origins
        )

    def _is_served(self, origin: Origin, entry: QueryEntry) -> bool:
        """Whether a script reads what the markup of its page was given: what it calls that says
        more than what the server does."""
        path = origin.span.path
        return path != entry.path and self.flow.project.files[path].language not in NOT_MARKUP

    def _choices_tell(self, origin: Origin) -> int:
        """A field whose choices spell out what they tell of is the most telling."""
        choices = origin.control.choices if origin.control is not None else ()
        return 5 if any(self.classifier.value(choice) for choice in choices) else 0

    def address_data(
        self,
        address: Address,
        context: frozenset[str],
        at: Occurrence,
        terms: Terms = NO_TERMS,
    ) -> Iterator[Datum]:
        """Data in a URL that code puts together: its parameters, and unknown parts of its path."""
        for entry in address.entries:
            place = "matching" if entry.key in terms else "url"
            yield from self.entry_data(entry, context, place, terms)
        for piece in address.path_values:
            if piece.value is None:
                continue
            for origin in self.flow.origins.of(piece.value, piece.path, piece.context):
                for one in self.classifier.origin(origin, context):
                    yield datum(one, origin.name, "path", road_of(origin), origin.kind)
        for name, value in _route_arguments(address):
            for origin in self.flow.origins.of(value, at.path, at.context):
                for one in self.classifier.origin(origin, context):
                    yield datum(one, name or origin.name, "path", road_of(origin), origin.kind)

    def query_data(self, value: Expr, context: frozenset[str], at: Occurrence) -> Iterator[Datum]:
        """Data in what is added to a URL as its parameters: an object, a form, a string."""
        entries = self.flow.addresses.parameters(value, at.path, at.context)
        for entry in entries:
            yield from self.entry_data(entry, context, "url")
        if not entries:
            yield from self.value_data(value, at, context, "url")

    def filled_data(self, control: Control, context: frozenset[str]) -> Iterator[Datum]:
        """Data that scripts put into a hidden control of a form that the browser sends."""
        if not control.sent or not control.name:
            return
        for value, path in self.flow.filled.into(control.element):
            span = Span(path, value.start, max(value.start, value.end))
            step = Trace("propagate", span, f"becomes the hidden field `{control.name}`")
            item = QueryEntry(control.name, value, "", path, (), span, steps=(step,))
            yield from self.entry_data(item, context, "url")

    def literal_url_data(
        self, url: str, vendor: Vendor | None, at: Occurrence, context: frozenset[str]
    ) -> Iterator[Datum]:
        """Data in a URL that is written out, decoded level by level, at most four."""
        address = parse(url)
        takes = {name: what for what, name in vendor.collects.items()} if vendor else {}
        for name, value in address.query:
            if GAP in value:
                continue
            decoded = unquote_plus(value)
            what = takes.get(name, "")
            if what == "page-url" or "?" in decoded or decoded.startswith("http"):
                yield from self._inner_url(decoded, name, at, context, 1)
            elif what == "title":
                for category in self.classifier.value(decoded):
                    step = ("source", at.span, f"the title in parameter `{name}`")
                    yield literal_datum(category, "its words", "title", name, Road((step,)))

    def _inner_url(
        self, url: str, parameter: str, at: Occurrence, context: frozenset[str], level: int
    ) -> Iterator[Datum]:
        if level > _NESTED_AT_MOST:
            return
        inner = parse(url)
        sink = ("propagate", at.span, f"parameter `{parameter}` holds a URL")
        for key, raw in inner.query:
            value = raw
            for _ in range(_NESTED_AT_MOST - level):
                once = unquote_plus(value)
                if once == value:
                    break
                value = once
            step = ("source", at.span, f"`{key}` in the URL, decoded")
            road = Road((step, sink))
            plain = value.isdigit() or value.lower() in ("true", "false", "")
            for one in self.classifier.name(key, context, on_form=True):
                if one.strength == "weak" and plain:
                    continue
                told = datum(one, key, "url", road, "literal", parameter)
                yield replace(told, literal=True)
            for category in self.classifier.value(value):
                yield replace(
                    literal_datum(category, key, "url", parameter, road), strength="strong"
                )
            if "?" in value:
                yield from self._inner_url(value, parameter, at, context, level + 1)
        if not context & {"health"} and level > 1:
            return
        for segment in inner.path.split("/"):
            for category in self.classifier.value(unquote_plus(segment)):
                step = ("source", at.span, "a segment of the URL's path")
                yield literal_datum(
                    category, "a path segment", "path", parameter, Road((step, sink))
                )


def datum(
    one: Class, name: str, place: str, road: Road, evidence: str, parameter: str = ""
) -> Datum:
    weight = {"field": 40, "value": 35, "literal": 30, "request": 25, "url": 22, "name": 20}.get(
        evidence, 10
    )
    if one.category.group in GRAVE_GROUPS:
        weight += 50
    if one.strength == "strong":
        weight += 20
    return Datum(
        category=one.id,
        group=one.category.group,
        name=name,
        place=place,
        parameter=parameter,
        road=road,
        strength=one.strength,
        weight=weight,
        evidence=evidence,
    )


def literal_datum(category: Category, name: str, place: str, parameter: str, road: Road) -> Datum:
    """A datum that is written out in the source."""
    found = datum(Class(category, "strong"), name, place, road, "literal", parameter)
    return replace(found, literal=True)


def road_of(origin: Origin, more: Iterable[Trace] = ()) -> Road:
    """The road of an origin, with the steps that follow it."""
    steps = tuple((step.kind, step.span, step.text) for step in (*origin.steps, *more))
    return Road(steps, origin.passed)


def _text(value: Expr | None) -> str:
    return value.text if isinstance(value, Text) else ""


def _route_arguments(address: Address) -> Iterator[tuple[str, Expr]]:
    if not isinstance(address.route, Invoke):
        return
    for argument in address.route.arguments[1:]:
        if isinstance(argument, Keyword):
            yield argument.name, argument.value
        else:
            yield "", argument
