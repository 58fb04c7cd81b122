"""Which parameters does the code take from the URL: from a page's query, from a route's path?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from functools import cached_property

from gdprlint.effects import Occurrence, Read
from gdprlint.effects.handlers import Handlers
from gdprlint.facts import Constant, Define, Expr, Invoke, Member, Name, Text, Way
from gdprlint.flow import Flow, imported_from, values_in
from gdprlint.knowledge import Lexicon
from gdprlint.project import Route
from gdprlint.source import Span

# Members that an address has which was taken apart, and those that are its whole query.
_ONLY_OF_ADDRESSES = frozenset({"hash", "pathname", "fullPath", "href"})
_QUERIES = frozenset({"query", "search"})
_INTERNAL = ("api", "internal")
_GIVEN_OTHERWISE = frozenset({"Depends", "Security", "Header", "Cookie", "Body", "Form", "File"})
"""What FastAPI takes a parameter from instead of the query, by the call that is its default."""


class Parameters:
    """Parameters by the file that takes them, those whose name tells of personal data."""

    def __init__(self, flow: Flow, lexicon: Lexicon, handlers: Handlers) -> None:
        self.flow = flow
        self.project = flow.project
        self.lexicon = lexicon
        self.handlers = handlers
        self._readers: dict[str, tuple[tuple[str, int, int], ...]] = {}

    def taken(self) -> Iterator[Read]:
        """What every file of the project takes from URLs, and every route from its path."""
        for path in self.project.files:
            for name, start, end in (*self.read_in(path), *self._asked_for(path)):
                if not self._is_internal(path, start):
                    span = Span(path, start, max(start, end))
                    at = Occurrence(path=path, span=span, way=(), what=name)
                    yield Read(at=at, medium="url", key=name)
        yield from self._of_routes()

    def _of_routes(self) -> Iterator[Read]:
        routes = dict.fromkeys(self.project.routes)
        routes.update(dict.fromkeys(r for page in self.project.pages for r in page.routes))
        seen: set[tuple[Span, str]] = set()
        for route in routes:
            for segment in route.segments if not _is_for_machines(route) else ():
                key = (route.span, segment.text)
                if segment.dynamic and key not in seen and self.lexicon.tells(segment.text):
                    seen.add(key)
                    way: Way = ()
                    at = Occurrence(
                        path=route.span.path, span=route.span, way=way, what=segment.text
                    )
                    yield Read(at=at, medium="path", key=segment.text)

    def read_in(self, path: str) -> tuple[tuple[str, int, int], ...]:
        """The parameters of the page's URL that a file reads, by name and place."""
        if path not in self._readers:
            found = [
                (name.text, call.start, call.end)
                for call in self._url_readers.get(path, ())
                if isinstance(name := call.arguments[0], Text)
            ]
            told, seen = list[Member](), set[str]()
            holders = set[tuple[str, int]]()
            for value in values_in(self.project.files[path]):
                if isinstance(value, Name):
                    seen.add(value.name)
                elif isinstance(value, Invoke):
                    seen.update((imported_from(value) or ())[1:])
                elif isinstance(value, Member):
                    seen.add(value.name)
                    if self.lexicon.tells(value.name):
                        told.append(value)
                    elif value.name in _ONLY_OF_ADDRESSES and isinstance(value.of, Name):
                        holders.add((value.of.name, value.of.scope))
            python = self.project.files[path].language == "python"
            for member in told if python or self.flow.library.may_read_url(seen) else ():
                if _is_whole_query(member, holders):
                    continue
                origins = self.flow.origins.of(member, path)
                if any(origin.kind == "url" and origin.name == member.name for origin in origins):
                    found.append((member.name, member.start, member.end))
            self._readers[path] = tuple(dict.fromkeys(found))
        return self._readers[path]

    @cached_property
    def _url_readers(self) -> Mapping[str, list[Invoke]]:
        """The calls that read a telling parameter by its name, by files."""
        found: dict[str, list[Invoke]] = {}
        for called in ("get", "getlist"):
            for path, call in self.flow.calls.named(called):
                invoke = call.invoke
                if not invoke.arguments or not isinstance(invoke.arguments[0], Text):
                    continue
                if not self.lexicon.tells(invoke.arguments[0].text):
                    continue
                if isinstance(invoke.to, Member) and self._is_of_url(invoke, invoke.to.of, path):
                    found.setdefault(path, []).append(invoke)
        return found

    def _is_of_url(self, invoke: Invoke, of: Expr, path: str) -> bool:
        return self.flow.origins.reads_url(of, path) or any(
            origin.kind == "url" for origin in self.flow.origins.of(invoke, path)
        )

    def _asked_for(self, path: str) -> Iterator[tuple[str, int, int]]:
        """The parameters that a handler names as its own and that are no part of its path
        (FastAPI, "Query parameters")."""
        if not self.handlers.are_asked_for(path):
            return
        for function in self.project.files[path].functions.values():
            route = next((d for d in function.decorators if _is_get(d)), None)
            if route is None:
                continue
            pattern = view_pattern(route)
            places = {
                fact.name: fact.span
                for fact in self.project.facts(path)
                if isinstance(fact, Define) and fact.scope == function.scope
            }
            for name, default in zip(function.parameters, function.defaults, strict=True):
                span = places.get(name)
                if span is None or "{" + name in pattern or _comes_otherwise(default):
                    continue
                if self.lexicon.tells(name):
                    yield name, span.start, span.start + len(name)

    def _is_internal(self, path: str, start: int) -> bool:
        """Whether the code lies in a view that only a machine's interface leads to."""
        function = self.handlers.around(path, start)
        name = function.name.partition(".")[0] if function is not None else ""
        routes = self._routes.get(name, ()) if name else ()
        return bool(routes) and all(map(_is_for_machines, routes))

    @cached_property
    def _routes(self) -> Mapping[str, list[Route]]:
        found: dict[str, list[Route]] = {}
        for route in self.project.routes:
            found.setdefault(route.view, []).append(route)
        return found


def view_pattern(decorator: Expr) -> str:
    """The path that a decorator such as `@app.get("/x/{id}")` gives to a handler."""
    match decorator:
        case Invoke(_, (Text(pattern), *_)):
            return pattern
    return ""


def _is_get(decorator: Expr) -> bool:
    return isinstance(decorator, Invoke) and (
        isinstance(decorator.to, Member) and decorator.to.name == "get"
    )


def _comes_otherwise(default: Expr | None) -> bool:
    match default:
        case Invoke(Name(name) | Member(_, name)):
            return name in _GIVEN_OTHERWISE
        case None | Constant() | Text():
            return False
    return False


def _is_for_machines(route: Route) -> bool:
    """Whether a route lies below `/api/internal`."""
    texts = tuple(segment.text for segment in route.segments if not segment.dynamic)
    return any(texts[i : i + 2] == _INTERNAL for i in range(len(texts)))


def _is_whole_query(member: Member, addresses: Set[tuple[str, int]]) -> bool:
    """Whether `at.query` is all the parameters of an address, and none of that name: where
    `at.hash` is read, too."""
    match member:
        case Member(Name(name, scope), key):
            return key in _QUERIES and (name, scope) in addresses
    return False
