"""Which personal data is in an effect, where in it, and by which road did it come there?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from gdprlint.effects import (
    Declare,
    Effect,
    Given,
    Load,
    Navigate,
    Occurrence,
    Read,
    Send,
    Store,
    Submit,
)
from gdprlint.effects.classify import Classifier
from gdprlint.effects.marks import is_marked
from gdprlint.effects.pages import PageData
from gdprlint.effects.parts import Datum, Parts, Road, datum, road_of
from gdprlint.effects.records import ANSWER, Records
from gdprlint.facts import Define, Element, Expr, Record
from gdprlint.flow import GAP, Flow
from gdprlint.project import Page
from gdprlint.source import Span

__all__ = ["Carried", "Datum", "Road"]


_NOT_FOLLOWED = "where the values that leave here come from was not followed to the end"


class Carried:
    """Data in effects. What a vendor takes from a page is the page's own data.

    `unsettled` are the places of effects in which nothing was found, and not everything looked at.
    """

    def __init__(self, flow: Flow, parts: Parts, pages: PageData) -> None:
        self.flow = flow
        self.parts = parts
        self.classifier: Classifier = parts.classifier
        self.pages = pages
        self.records = Records(flow)
        self._memo: dict[int, tuple[Effect, tuple[Datum, ...]]] = {}
        self.unsettled: dict[Span, str] = {}

    def data(self, effect: Effect) -> tuple[Datum, ...]:
        """All personal data in `effect`, the most telling first."""
        held = self._memo.get(id(effect))
        if held is None:
            budget = self.flow.values.steps.budget
            before = budget.cuts
            found = sorted(
                dict.fromkeys(self._data(effect)), key=lambda d: (-d.weight, d.place, d.name)
            )
            if not found and budget.cuts != before:
                self.unsettled[effect.at.span] = _NOT_FOLLOWED
            held = self._memo[id(effect)] = (effect, tuple(found))
        return held[1]

    def _data(self, effect: Effect) -> Iterator[Datum]:
        match effect:
            case Send(page=page, use="captures") if page is not None:
                yield from self._captured(effect, page)
            case Send(page=page) if page is not None:
                yield from self._taken(effect)
            case Send():
                yield from self._sent(effect)
            case Load():
                yield from self._loaded(effect)
            case Store():
                yield from self._stored(effect)
            case Navigate():
                yield from self._navigated(effect)
            case Submit():
                yield from self._submitted(effect)
            case Read(medium="url" | "path"):
                yield from self._asked_for(effect)
            case Declare(says="plain-column"):
                yield from self._kept_in_column(effect)
            case Declare(says="unmasks", markup=markup) if markup is not None:
                yield from self._unmasked(effect, markup)
            case _:
                return

    def context(self, at: Occurrence) -> frozenset[str]:
        """The contexts (health, ...) of the pages on which this happens."""
        return self.pages.context_at(at.path, at.span.start)

    # ---------------------------------------------------------------- what a page tells

    def _taken(self, effect: Send) -> Iterator[Datum]:
        assert effect.page is not None
        for what, parameter in effect.taken:
            if what == "page-url":
                for told in self.pages.url_data(effect.page, effect.begins):
                    yield replace(told, parameter=parameter)
            elif what == "title":
                for told in self.pages.title_data(effect.page):
                    yield replace(told, parameter=parameter)

    def _captured(self, effect: Send, page: Page) -> Iterator[Datum]:
        """What is asked for in the fields of the page that the vendor's tag does not leave alone.

        Passwords are left out by every such tag.
        """
        capture = effect.vendor.capture if effect.vendor is not None else None
        if capture is None:
            return
        context = self.pages.context_of(page)
        for control, path in self.pages.fields(page):
            if control.constant or control.kind in ("password", "hidden"):
                continue
            if is_marked(control.element, path, capture.ignored_by, self.flow.project):
                continue
            origin = self.flow.origins.field(control, path)
            for one in self.classifier.control(control, context):
                yield datum(one, control.name, "field", road_of(origin), "field")

    def _unmasked(self, effect: Declare, markup: Element) -> Iterator[Datum]:
        """What the fields and the text hold that a mark lets a recorder show."""
        context = self.context(effect.at)
        path, flow = effect.at.path, self.flow
        around = effect.vendor is not None and effect.vendor.unmasked_by.around
        for control in flow.dom.controls(path):
            start = control.element.span.start
            inside = (
                markup.span.start <= start < markup.end if around else control.element == markup
            )
            if control.constant or not (inside or control.element == markup):
                continue
            origin = flow.origins.field(control, path)
            for one in self.classifier.control(control, context):
                yield datum(one, control.name, "field", road_of(origin), "field")
        for value in self._shown(markup, path) if around else ():
            for origin in flow.origins.of(value, path):
                for one in self.classifier.origin(origin, context):
                    yield datum(one, origin.name, "field", road_of(origin), origin.kind)

    def _shown(self, markup: Element, path: str) -> Iterator[Expr]:
        """What an element shows of values: texts of elements, and what a template puts there."""
        for fact in self.flow.project.within(path, markup.span.start, max(markup.end, 1)):
            if isinstance(fact, Element) and fact.text is not None:
                yield fact.text
            elif isinstance(fact, Define) and fact.name.startswith("@"):
                yield fact.value

    def _sent(self, effect: Send) -> Iterator[Datum]:
        given = effect.payload
        if effect.urls and given:
            yield from self.address(effect, given[0])
            given = given[1:]
        for one in effect.query:
            yield from self.added(effect, one)
        for one in given:
            yield from self.given(effect, one)

    def address(self, effect: Send, target: Given) -> Iterator[Datum]:
        """Data in the URL that something is sent to."""
        context = self.context(effect.at)
        for address in self.flow.addresses.of(target.value, target.path, target.context):
            yield from self.parts.address_data(address, context, effect.at)

    def added(self, effect: Send, one: Given) -> Iterator[Datum]:
        """Data in what is added to a URL as its parameters."""
        at = replace(effect.at, path=one.path, context=one.context)
        yield from self.parts.query_data(one.value, self.context(effect.at), at)

    def given(self, effect: Send, one: Given) -> Iterator[Datum]:
        """Data in one value that is sent."""
        if effect.row is not None and effect.row.element == ANSWER:
            # Of records that a query gives only the fields are seen.
            held = list(self.records.within(one.value, one.path))
            if held:
                for record in held:
                    yield from self._in_record(effect, record, one)
                return
        terms = self.parts.terms(effect)
        # That a call for an identifier is given one says nothing about what it is.
        key = one.key if effect.use == "search" or one.key in terms else ""
        at = replace(effect.at, path=one.path, context=one.context)
        context = self.context(effect.at)
        inside = self.flow.values.entries(one.value, one.path, one.context)
        for told in self.parts.value_data(one.value, at, context, "body", key, terms):
            yield told if inside or not one.key else replace(told, name=one.key)

    def _loaded(self, effect: Load) -> Iterator[Datum]:
        context = self.context(effect.at)
        if effect.role == "pixel" or effect.vendor is None or effect.vendor.collects:
            for url in effect.urls:
                yield from self.parts.literal_url_data(url, effect.vendor, effect.at, context)
        if effect.value is not None and GAP in "".join(effect.urls):
            terms = self.parts.terms(effect)
            for address in self.flow.addresses.of(effect.value, effect.at.path, effect.at.context):
                yield from self.parts.address_data(address, context, effect.at, terms)

    def _in_record(self, effect: Send, record: Record, one: Given) -> Iterator[Datum]:
        at = replace(effect.at, path=one.path, context=())
        yield from self.parts.value_data(record, at, self.context(effect.at), "body")

    # ---------------------------------------------------------------- stores, forms, navigation

    def _stored(self, effect: Store) -> Iterator[Datum]:
        if effect.value is None or (effect.days is not None and effect.days < 0):
            return
        place = "cookie" if effect.medium == "cookie" else "storage"
        context = self.context(effect.at)
        key = "" if GAP in effect.key else effect.key
        yield from self.parts.value_data(effect.value, effect.at, context, place, key)

    def _navigated(self, effect: Navigate) -> Iterator[Datum]:
        context = self.context(effect.at)
        vocabulary = self.classifier.lexicon.vocabulary
        for address in self.flow.addresses.of(effect.target, effect.at.path, effect.at.context):
            if address.base.partition(":")[0].lower() in vocabulary.message_schemes:
                # To whom a message goes is meant; what it says is told.
                texts = tuple(e for e in address.entries if e.key in vocabulary.message_texts)
                address = replace(address, entries=texts, path_values=())
            for told in self.parts.address_data(address, context, effect.at):
                edge = f"{effect.at.what} writes it into {_whose_url(address.base)}"
                step = ("page-edge", effect.at.span, edge)
                yield replace(told, road=Road((*told.road.steps, step)))

    def _kept_in_column(self, effect: Declare) -> Iterator[Datum]:
        """What the name of a column tells of."""
        step = ("source", effect.at.span, f"the column `{effect.subject}`")
        for one in self.classifier.name(effect.subject, self.context(effect.at), on_form=True):
            yield datum(one, effect.subject, "column", Road((step,)), "name")

    def _asked_for(self, effect: Read) -> Iterator[Datum]:
        """What the name of a parameter tells of."""
        place = "url" if effect.medium == "url" else "path"
        step = ("source", effect.at.span, f"`{effect.key}` in the URL")
        for one in self.classifier.name(effect.key, self.context(effect.at), on_form=True):
            yield datum(one, effect.key, place, Road((step,)), "url")

    def _submitted(self, effect: Submit) -> Iterator[Datum]:
        context = self.context(effect.at)
        for control in effect.controls:
            yield from self.parts.filled_data(control, context)
            if not control.sent or not control.name or control.constant:
                continue
            origin = self.flow.origins.field(control, effect.at.path)
            for one in self.classifier.control(control, context):
                yield datum(one, control.name, "url", road_of(origin), "field")


def _whose_url(base: str) -> str:
    return "a URL" if ":" in base or base.startswith("//") else "the page's URL"
