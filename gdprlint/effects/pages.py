"""What is in a page's own URL, path and title, and where does it come from?

The page's URL is what GET forms, scripts, links and the server's redirects write into it; what a
tracker's tag takes from the page it takes from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from gdprlint.effects import Answer, Declare, Effect, Navigate, Occurrence, Submit
from gdprlint.effects.classify import Class, Classifier
from gdprlint.effects.cleaned import Cleaning, Wipe
from gdprlint.effects.order import Order
from gdprlint.effects.parameters import Parameters
from gdprlint.effects.parts import GRAVE_GROUPS, Datum, Parts, Road, datum, literal_datum, road_of
from gdprlint.facts import (
    Define,
    Element,
    Expr,
    Function,
    Invoke,
    Items,
    Link,
    Member,
    Name,
    Record,
    Text,
)
from gdprlint.facts.expr import Keyword
from gdprlint.flow import GAP, Address, Flow, Origin
from gdprlint.knowledge import WordList
from gdprlint.project import Page, Route, view_name
from gdprlint.project.controls import Control, attribute
from gdprlint.source import Span

_STRONG_NEEDED = 2
_ONLY_READ = 15
_PICTURES = frozenset({"img", "graphics-document", "graphics-object", "graphics-symbol"})


class PageData:
    """The data in pages' URLs and titles, worked out page by page on demand."""

    def __init__(
        self,
        flow: Flow,
        parts: Parts,
        effects: Mapping[str, tuple[Effect, ...]],
        parameters: Parameters,
        *,
        context: frozenset[str],
        first_party: Iterable[str] = (),
        sensitive_pages: Iterable[str] = (),
    ) -> None:
        self.flow = flow
        self.parts = parts
        self.project = flow.project
        self.classifier: Classifier = parts.classifier
        self.effects = effects
        self.parameters = parameters
        self._declared = context
        self._first_party = tuple(host.lower() for host in first_party)
        self._sensitive = tuple(sensitive_pages)
        vocabulary = self.classifier.lexicon.vocabulary
        self._transactional = WordList(vocabulary.transactional)
        self._reading = WordList(vocabulary.reading)
        self._contexts: dict[str, frozenset[str]] = {}
        self._urls: dict[str, tuple[tuple[Datum, bool], ...]] = {}
        self._wiped: dict[str, tuple[Wipe, ...]] = {}
        self.order = Order(flow)
        self._cleaning = Cleaning(flow, self.order)
        self._titles: dict[str, tuple[Datum, ...]] = {}
        self._grave: dict[str, bool] = {}
        self._leading: dict[str, list[tuple[Effect, Address | None]]] | None = None
        self._by_path = {page.id: page for page in self.project.pages}

    # ---------------------------------------------------------------- context

    def context_of(self, page: Page) -> frozenset[str]:
        """The contexts of a page: those of the settings, and health where its fields say so.

        Two strong words of health in its form controls, or one and two weak, make the context.
        """
        if page.id not in self._contexts:
            found = set(self._declared)
            strong, weak = 0, 0
            for control in self._controls(page):
                told = [
                    t
                    for t in self.classifier.lexicon.tells(control.name)
                    if t.category.id == "health"
                ]
                strong += any(t.strength == "strong" for t in told)
                weak += bool(told) and all(t.strength == "weak" for t in told)
            if strong >= _STRONG_NEEDED or (strong and weak >= _STRONG_NEEDED):
                found.add("health")
            self._contexts[page.id] = frozenset(found)
        return self._contexts[page.id]

    def context_at(self, path: str, start: int) -> frozenset[str]:
        """The contexts of the pages that show this place; those of the settings where none does."""
        pages = self.project.pages_with(path, start)
        if len(pages) > 40 or not pages:
            return self._declared
        found = set(self._declared)
        for page in pages:
            found |= self.context_of(page)
        return frozenset(found)

    def _controls(self, page: Page) -> Iterator[Control]:
        return (control for control, _ in self.fields(page))

    def is_transactional(self, page: Page) -> bool:
        """Whether the page is part of a transaction: by its paths, or by a form of grave data.

        So are the pages that the settings call sensitive, by file or by path.
        """
        words = [segment.text for route in page.routes for segment in route.segments]
        if self._transactional.within(" ".join([*words, page.path.rpartition("/")[2]])):
            return True
        return self._is_called_sensitive(page) or self._asks_for_grave_data(page)

    def is_sensitive(self, page: Page) -> bool:
        """Whether a form field, a parameter, a segment of the path or the title of the page tells
        of grave data (by a strong word, or by a weak one in its context), or the settings call it
        sensitive."""
        if page.id not in self._grave:
            self._grave[page.id] = self._is_sensitive(page)
        return self._grave[page.id]

    def _is_sensitive(self, page: Page) -> bool:
        if self._is_called_sensitive(page):
            return True
        context = self.context_of(page)
        told = (*self.url_data(page), *self.title_data(page))
        if any(self._is_grave(d.group, d.strength, d.category, context) for d in told):
            return True
        return any(
            self._is_grave(one.category.group, one.strength, one.id, context)
            for control in self._controls(page)
            if not control.constant
            for one in self.classifier.control(control, context)
        )

    def has_sensitive_path(self, page: Page) -> bool:
        """Whether a segment of the page's path tells of grave data."""
        context = self.context_of(page)
        return any(
            d.place == "path" and self._is_grave(d.group, d.strength, d.category, context)
            for d in self.url_data(page)
        )

    def _is_called_sensitive(self, page: Page) -> bool:
        addresses = [page.path, *("/" + "/".join(s.text for s in r.segments) for r in page.routes)]
        return any(fnmatchcase(a, glob) for a in addresses for glob in self._sensitive)

    def _asks_for_grave_data(self, page: Page) -> bool:
        context = self.context_of(page)
        return any(
            one.category.group in GRAVE_GROUPS and one.strength == "strong"
            for control in self._controls(page)
            for one in self.classifier.control(control, context)
        )

    @staticmethod
    def _is_grave(group: str, strength: str, category: str, context: frozenset[str]) -> bool:
        return group in GRAVE_GROUPS and (strength == "strong" or category in context)

    def fields(self, page: Page) -> Iterator[tuple[Control, str]]:
        """The page's form controls, each with the file that it stands in."""
        for path in page.files:
            for control in self.flow.dom.controls(path):
                if page.shows(path, control.element.span.start):
                    yield control, path

    def is_reading(self, page: Page) -> bool:
        """Whether the page is an article: a blog, a magazine, an encyclopedia, a legal text."""
        words = [segment.text for route in page.routes for segment in route.segments]
        return self._reading.within(" ".join([*words, page.path.replace("/", " ")]))

    # ---------------------------------------------------------------- the page's URL

    def url_data(self, page: Page, begins: Occurrence | None = None) -> tuple[Datum, ...]:
        """Personal data in the page's URL: parameters and path, each with the road that put it
        there; what is left of it when `begins` happens."""
        told = self._held(page)
        if begins is None:
            return tuple(datum for datum, _ in told)
        wipes = self._wipes_before(page, begins)
        return tuple(
            datum
            for datum, arrives in told
            if not (arrives and any(wipe.takes(datum, sure) is Answer.YES for wipe, sure in wipes))
        )

    def may_be_gone(self, page: Page, begins: Occurrence) -> bool:
        """Whether something of the page's URL may have been taken out when `begins` happens."""
        wipes = self._wipes_before(page, begins)
        return bool(wipes) and any(
            arrives and Answer.MAYBE is max(wipe.takes(datum, sure) for wipe, sure in wipes)
            for datum, arrives in self._held(page)
        )

    def _wipes_before(self, page: Page, begins: Occurrence) -> list[tuple[Wipe, Answer]]:
        """What takes something out of the page's URL before `begins` happens, and whether it
        surely does."""
        found = [(wipe, self.order.before(page, wipe.at, begins)) for wipe in self._wipes(page)]
        return [(wipe, sure) for wipe, sure in found if sure is not Answer.NO]

    def _held(self, page: Page) -> tuple[tuple[Datum, bool], ...]:
        if page.id not in self._urls:
            self._urls[page.id] = ()
            found = list(dict.fromkeys(self._url_data(page)))
            found.sort(key=lambda pair: (-pair[0].weight, pair[0].place, pair[0].name))
            self._urls[page.id] = tuple(found)
        return self._urls[page.id]

    def _url_data(self, page: Page) -> Iterator[tuple[Datum, bool]]:
        """Data in the page's URL, each with whether it is there when the document is loaded."""
        context = self.context_of(page)
        for effect, address in self._leads_to(page):
            if isinstance(effect, Submit):
                yield from ((told, True) for told in self._by_form(effect, context))
            elif isinstance(effect, Navigate) and address is not None:
                # A link within an application changes its URL and loads nothing.
                arrives = not effect.stays and not page.around
                found = self._by_navigation(effect, address, page, context)
                yield from ((replace(told, later=not arrives), arrives) for told in found)
        yield from ((told, True) for told in self._path_data(page, context))
        yield from ((told, True) for told in self._read_by_page(page, context))

    def _wipes(self, page: Page) -> tuple[Wipe, ...]:
        """Where the page's own scripts take something out of its URL."""
        if page.id not in self._wiped:
            effects = (effect for path in page.files for effect in self.effects.get(path, ()))
            self._wiped[page.id] = tuple(
                self._cleaning.wipe(page, effect)
                for effect in effects
                if isinstance(effect, Navigate)
                and effect.stays
                and page.shows(effect.at.path, effect.at.span.start)
            )
        return self._wiped[page.id]

    def _read_by_page(self, page: Page, context: frozenset[str]) -> Iterator[Datum]:
        """Parameters that the page's own scripts read from its URL: somebody links to it so."""
        of_path = {segment.text for route in page.routes for segment in route.segments}
        for path in page.files:
            for name, start, end in self.parameters.read_in(path):
                if name in of_path or not page.shows(path, start):
                    continue
                span = Span(path, start, max(start, end))
                step = ("source", span, f"the page reads `{name}` from its URL")
                for one in self.classifier.name(name, context, on_form=True):
                    read = datum(one, name, "url", Road((step,)), "url")
                    # What puts the parameter there tells more than that it is read.
                    yield replace(read, weight=read.weight - _ONLY_READ)

    def _by_form(self, effect: Submit, context: frozenset[str]) -> Iterator[Datum]:
        origins = self.flow.origins
        edge = ("page-edge", effect.at.span, "the form is sent by GET to this page")
        for control in effect.controls:
            for told in self.parts.filled_data(control, context):
                yield replace(told, road=Road((*told.road.steps, edge)))
            if not control.sent or not control.name or control.constant:
                continue
            source = origins.field(control, effect.at.path)
            for one in self.classifier.control(control, context):
                road = Road((*road_of(source).steps, edge))
                yield datum(one, control.name, "url", road, "field")

    def _by_navigation(
        self, effect: Navigate, address: Address, page: Page, context: frozenset[str]
    ) -> Iterator[Datum]:
        where = _page_name(page)
        edge = (
            "page-edge",
            effect.at.span,
            f"`{effect.at.what}` writes it into the URL of {where}",
        )
        arrival: tuple[tuple[str, Span, str], ...] = ()
        if effect.by == "server":
            top = Span(page.path, 0, self._first_end(page.path))
            arrival = (("page-edge", top, f"the redirect leads to {where}"),)
        entries = replace(address, path_values=(), route=None)
        for told in self.parts.address_data(entries, context, effect.at):
            yield replace(told, road=Road((*told.road.steps, edge, *arrival)))

    def _first_end(self, path: str) -> int:
        first = next((fact for fact in self.project.facts(path)), None)
        return first.span.end if first is not None else 0

    def _path_data(self, page: Page, context: frozenset[str]) -> Iterator[Datum]:
        """Segments of the page's routes: parameters by their names, literals by their words."""
        for route in page.routes:
            for segment in route.segments:
                if segment.dynamic:
                    step = ("source", route.span, f"segment `{segment.text}` of the page's path")
                    for one in self.classifier.name(segment.text, context):
                        if one.strength == "strong" or one.category.group == "special":
                            yield datum(one, segment.text, "path", Road((step,)), "segment")
                elif "health" in context:
                    step = ("source", route.span, "a segment of the page's path")
                    for category in self.classifier.value(segment.text):
                        found = literal_datum(category, segment.text, "path", "", Road((step,)))
                        yield replace(found, weight=15)

    # ---------------------------------------------------------------- which effects lead to which
    # page

    def _leads_to(self, page: Page) -> list[tuple[Effect, Address | None]]:
        if self._leading is None:
            self._leading = {}
            for path, effects in self.effects.items():
                for effect in effects:
                    for target, address in self._targets(effect, path):
                        self._leading.setdefault(target.id, []).append((effect, address))
        return self._leading.get(page.id, [])

    def _targets(self, effect: Effect, path: str) -> Iterator[tuple[Page, Address | None]]:
        match effect:
            case Submit(method="get", prevented=Answer.NO):
                pages = self.project.pages_with(path, effect.at.span.start)
                yield from ((page, None) for page in self._of_action(effect, pages))
            case Navigate():
                for address in self.flow.addresses.of(
                    effect.target, effect.at.path, effect.at.context
                ):
                    if not address.entries:
                        # It writes nothing into the URL that it leads to.
                        continue
                    here = self.project.pages_with(effect.at.path, effect.at.span.start)
                    if address.current or effect.stays:
                        yield from ((page, address) for page in here)
                    if not address.current:
                        yield from ((page, address) for page in self.pages_at(address, path))

    def _of_action(self, effect: Submit, own: tuple[Page, ...]) -> Iterable[Page]:
        if effect.action is None or effect.action == Text("", *_ends(effect.action)):
            return own
        found: list[Page] = []
        for address in self.flow.addresses.of(effect.action, effect.at.path):
            if address.current:
                found.extend(own)
            else:
                found.extend(self.pages_at(address, effect.at.path))
        return _unique(found)

    def pages_at(self, address: Address, asking: str) -> list[Page]:
        """The pages that a URL leads to: by the name of a route, by a route's path, by a file."""
        if address.route is not None:
            return self._of_route(address.route)
        base = address.base
        if "//" in base:
            host, _, path = base.partition("//")[2].partition("/")
            if GAP not in host and host.lower() not in self._first_party:
                return []
            base = "/" + path
        found = self._at_path(base) if base.startswith("/") else []
        if not found and GAP not in base:
            for name in (base, base.rstrip("/") + "/index.html", base.rstrip("/") + ".html"):
                target = self.project.places.by_url(name, asking)
                if target is not None and target in self._by_path:
                    return [self._by_path[target]]
        return _unique(found)

    def _at_path(self, base: str) -> list[Page]:
        """The pages of the routes that a path fits best; links may leave out the language."""
        parts = [part for part in base.split("/") if part]
        best: dict[int, list[Page]] = {}
        for page in self.project.pages:
            fits = [f for route in page.routes if (f := self._fits(route, parts)) is not None]
            if fits:
                best.setdefault(max(fits), []).append(page)
        return best[max(best)] if best else []

    def _fits(self, route: Route, parts: Sequence[str]) -> int | None:
        if all(segment.many for segment in route.segments) and parts:
            # Whatever no other route shows: that a path leads there is not known.
            return None
        fits = route.fits(parts, GAP)
        first = route.segments[0] if route.segments else None
        if fits is None and first is not None and first.dynamic and first.text in self._locales:
            below = replace(route, segments=route.segments[1:]).fits(parts, GAP)
            return below - 1 if below is not None else None
        return fits

    @property
    def _locales(self) -> Sequence[str]:
        routers = self.project.routers
        return routers.locales if routers is not None else ()

    def _of_route(self, route: Expr) -> list[Page]:
        match route:
            case Invoke(_, (Text(name), *_)):
                bare = name.rpartition(":")[2].rpartition(".")[2]
                named = [p for p in self.project.pages if any(r.name == name for r in p.routes)]
                return named or _unique(
                    page
                    for known in self.project.routes
                    if bare in (known.name, known.view)
                    for page in self._shown_by(known)
                )
            case Invoke(_, (Keyword(), *_)) | Invoke(_, ()):
                return []
            case Invoke(_, (Name() | Member() as view, *_)):
                bare = view_name(view)
                return _unique(
                    page
                    for known in self.project.routes
                    if bare == known.view
                    for page in self._shown_by(known)
                )
        return []

    def _shown_by(self, route: Route) -> Iterator[Page]:
        for template in self.project.rendered.get(route.view, ()):
            if template in self._by_path:
                yield self._by_path[template]

    # ---------------------------------------------------------------- the page's title

    def title_data(self, page: Page) -> tuple[Datum, ...]:
        """Personal data in the page's title: from its template, and from scripts that set it."""
        if page.id not in self._titles:
            self._titles[page.id] = ()
            found = list(dict.fromkeys(self._title_data(page)))
            found.sort(key=lambda d: (-d.weight, d.name))
            self._titles[page.id] = tuple(found)
        return self._titles[page.id]

    def _title_data(self, page: Page) -> Iterator[Datum]:
        context = self.context_of(page)
        for value, path, span in self._title_values(page):
            edge = ("page-edge", span, f"becomes the title of {_page_name(page)}")
            for origin in self.flow.origins.of(value, path):
                for one in self._classes(origin, context):
                    road = Road((*road_of(origin).steps, edge))
                    yield datum(one, _said(origin), "title", road, origin.kind)

    def _classes(self, origin: Origin, context: frozenset[str]) -> Iterable[Class]:
        if origin.kind == "text":
            return (Class(category, "strong") for category in self.classifier.value(origin.name))
        return self.classifier.origin(origin, context)

    def _title_values(self, page: Page) -> Iterator[tuple[Expr, str, Span]]:
        # A component sets the title of whatever page it is on; a script's markup does not.
        routed = bool(page.around)
        for path in page.files if routed else page.chain[::-1]:
            for fact in self.project.facts(path):
                if (
                    isinstance(fact, Element)
                    and fact.tag == "title"
                    and page.shows(path, fact.span.start)
                    and not self._in_picture(fact, path)
                ):
                    yield from self._title_of(fact, path, page)
        for path in page.files:
            for effect in self.effects.get(path, ()):
                if not isinstance(effect, Declare) or effect.says != "title" or effect.subject:
                    continue
                if effect.value is not None and page.shows(path, effect.at.span.start):
                    for value, where in self._made(effect.value, path, 0):
                        yield value, where, effect.at.span
        for path in (*page.around, page.path) if routed else ():
            yield from self._given_out(path)
        for value, path in page.titles:
            yield value, path, Span(path, value.start, max(value.start, value.end))

    def _in_picture(self, title: Element, path: str) -> bool:
        """Whether a title is a picture's own: that of an `svg`, or of a component that says that it
        is a picture (SVG 2, 5.8.1)."""
        return any(
            isinstance(fact, Element)
            and (fact.tag == "svg" or attribute(fact, "role") in _PICTURES)
            and fact.span.start < title.span.start < fact.end
            for fact in self.project.facts(path)
        )

    def _given_out(self, path: str) -> Iterator[tuple[Expr, str, Span]]:
        """Titles that a page's file gives out to its framework."""
        routers = self.project.routers
        for said in routers.titles if routers is not None else ():
            for given in self.flow.names.exported(path, said.exported):
                for value, where in self._made(given.value, given.path, 0):
                    for title, there, _ in self.flow.values.steps.select(value, (said.at,), where):
                        yield title, there, given.span

    def _made(self, value: Expr, path: str, depth: int) -> Iterator[tuple[Expr, str]]:
        """A value, or what functions and lists that stand for it hold."""
        match value:
            case Function(number) if depth < 4:
                function = self.project.files[path].functions.get(number)
                for returned in function.returns if function is not None else ():
                    yield from self._made(returned.value, path, depth + 1)
            case Items(items) if depth < 4:
                for item in items:
                    yield from self._made(item, path, depth + 1)
            case Name() if depth < 4:
                found = False
                for inner, where, _ in self.flow.values.behind(value, path):
                    if isinstance(inner, Function | Record):
                        found = True
                        yield from self._made(inner, where, depth + 1)
                if not found:
                    yield value, path
            case _:
                yield value, path

    def _title_of(self, title: Element, path: str, page: Page) -> Iterator[tuple[Expr, str, Span]]:
        for link in self.project.links(path, "block"):
            if title.span.start < link.span.start < title.end and isinstance(link.target, Text):
                yield from self._most_derived(link, page)
                return
        if title.text is not None:
            yield title.text, path, title.span

    def _most_derived(self, block: Link, page: Page) -> Iterator[tuple[Expr, str, Span]]:
        wanted = block.target.text if isinstance(block.target, Text) else ""
        for path in page.chain:
            for fact in self.project.facts(path):
                if isinstance(fact, Define) and fact.name == f"block {wanted}":
                    yield fact.value, path, fact.span
                    return


def _said(origin: Origin) -> str:
    if origin.kind == "text":
        return "its words"
    return f"{origin.owner}.{origin.name}" if origin.owner else origin.name


def _page_name(page: Page) -> str:
    return f"`{page.path}`" if page.routes or "." in page.id else "the application's pages"


def _unique(pages: Iterable[Page]) -> list[Page]:
    found: dict[str, Page] = {}
    for page in pages:
        found.setdefault(page.id, page)
    return list(found.values())


def _ends(value: Expr) -> tuple[int, int]:
    return value.start, value.end
