"""Whom does a handler of requests answer: somebody who is signed in, or anybody?

What is in sight counts: decorators, base classes and members of a view that is a class, what a
handler is given and asks in its body, and what a project puts in front of all of its handlers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from gdprlint.facts import (
    DECORATOR,
    SPREAD,
    Constant,
    Define,
    Expr,
    Function,
    FunctionFacts,
    If,
    Invoke,
    Items,
    Link,
    Member,
    Name,
    Record,
    Text,
    Unread,
)
from gdprlint.facts.expr import Keyword
from gdprlint.flow import Flow, values_in
from gdprlint.flow.inside import parts_of
from gdprlint.knowledge import Vocabulary, WordList
from gdprlint.project import view_name

_DEEPEST = 5
_HEADER = re.compile(r"Authorization|[A-Z][A-Za-z]*(?:-[A-Z][A-Za-z]*)+|HTTP_[A-Z_]+")
_REFUSALS = frozenset({401, 403})
_VISITOR = frozenset({"user", "session", "current_user"})
_GIVEN_VISITOR = frozenset({"user", "current_user", "me"})
_HOLDERS = frozenset({"request", "g", "self"})
_BEFORE_ALL = frozenset({"before_request", "before_app_request", "middleware"})
_PERMISSIONS = "permission_classes"
_ANYBODY = frozenset({"AllowAny", "IsAuthenticatedOrReadOnly"})


@dataclass(frozen=True, slots=True)
class Handler:
    """A function that answers requests, or a class that does, or both: a method of a view."""

    path: str
    function: FunctionFacts | None = None
    view: Define | None = None


class Handlers:
    """The handlers of requests of a project, and who gets to them."""

    def __init__(self, flow: Flow, vocabulary: Vocabulary) -> None:
        self.flow = flow
        self.project = flow.project
        self._guards = WordList(vocabulary.guards)
        self._signed_in = WordList(vocabulary.signed_in)
        self._kept_apart = WordList(vocabulary.kept_apart)
        self._values: dict[str, list[Expr]] = {}

    # ---------------------------------------------------------------- which handler

    def around(self, path: str, start: int) -> FunctionFacts | None:
        """The outermost function of a file that lies around a place, its decorators included."""
        found = [
            function
            for function in self.project.files[path].functions.values()
            if function.span.start <= start < function.span.end
            or any(d.start <= start < d.end for d in function.decorators)
        ]
        return min(found, key=lambda function: function.span.start, default=None)

    def at(self, path: str, start: int) -> tuple[Handler, ...]:
        """The handlers that a place concerns: those around it, or those that a route there leads
        to."""
        if self.project.files[path].language != "python":
            return ()
        view = self._class_around(path, start)
        function = self.around(path, start)
        if view is not None or function is not None:
            return (Handler(path, function, view),)
        names = {
            view_name(link.view)
            for link in self.project.links(path, "route")
            if link.span.start <= start < link.span.end
        }
        return tuple(handler for name in names if name for handler in self._named(name))

    def _class_around(self, path: str, start: int) -> Define | None:
        for fact in self.project.facts(path):
            if isinstance(fact, Define) and isinstance(fact.value, Record):
                begin = min((e.start for e in fact.value.entries if e.key == DECORATOR), default=-1)
                begin = fact.span.start if begin < 0 else begin
                if begin <= start < fact.span.end and _is_class(fact):
                    return fact
        return None

    def _named(self, name: str) -> Iterator[Handler]:
        for path, facts in self.project.files.items():
            if facts.language != "python":
                continue
            for fact in facts.facts:
                if isinstance(fact, Define) and fact.name == name:
                    match fact.value:
                        case Function(number) if number in facts.functions:
                            yield Handler(path, facts.functions[number])
                        case Record():
                            yield Handler(path, view=fact)

    # ---------------------------------------------------------------- who gets to it

    def needs_visitor(self, path: str, start: int) -> bool:
        """Whether a handler surely answers somebody by name: it asks for who is signed in, or is
        kept for those who are."""
        return any(self._needs_visitor(handler) for handler in self.at(path, start))

    def _needs_visitor(self, handler: Handler) -> bool:
        if any(self._signed_in.within(name) for name in self._guarding_names(handler)):
            return True
        return self._asks_for_visitor(self._body(handler), handler.path)

    def is_kept_apart(self, path: str, start: int) -> bool:
        """Whether what a handler answers is kept apart for each visitor, or not kept at all."""
        return any(
            self._kept_apart.within(name)
            for handler in self.at(path, start)
            for name in (*self._guarding_names(handler), *_said(self._body(handler)))
        )

    def is_open(self, path: str, start: int) -> bool:
        """Whether nothing is in sight that asks who wants to know.

        What is written in a class that anybody may ask by name is open whatever the project's own
        rule is.
        """
        handlers = self.at(path, start)
        if not handlers:
            return False
        if all(self._lets_anybody_in(handler) for handler in handlers):
            return True
        if self.is_guarded_everywhere:
            return False
        return not any(self._is_guarded(handler) for handler in handlers)

    def _lets_anybody_in(self, handler: Handler) -> bool:
        given = self._member(handler, _PERMISSIONS)
        names = set(_names(given)) if given is not None else set()
        return bool(names) and names <= _ANYBODY

    def _is_guarded(self, handler: Handler) -> bool:
        names = [*self._guarding_names(handler), *_said(self._body(handler))]
        if any(self._guards.within(name) for name in names):
            return True
        body = self._body(handler)
        return self._asks_for_visitor(body, handler.path) or any(map(_refuses, body))

    def _guarding_names(self, handler: Handler) -> Iterator[str]:
        """The names of what stands before a handler: decorators, base classes, members that say
        who may ask, what it is to be given."""
        function = handler.function
        if function is not None:
            for each in (*function.decorators, *(d for d in function.defaults if d is not None)):
                yield from _said(_all_of(each))
            # What a handler is given as its user, it is given by what asks who it is.
            yield from ("current_user" for name in function.parameters if name in _GIVEN_VISITOR)
            yield from function.parameters
        if handler.view is not None:
            yield from self._of_class(handler.view, handler.path, 0)
        name = handler.view.name if handler.view is not None else function.name if function else ""
        yield from self._wrapped.get(name, ())

    def _of_class(self, view: Define, path: str, depth: int) -> Iterator[str]:
        if not isinstance(view.value, Record) or depth > _DEEPEST:
            return
        for entry in view.value.entries:
            if entry.key == SPREAD:
                yield from _names(entry.value)
                yield from self._of_parent(entry.value, path, depth)
            elif entry.key == DECORATOR:
                yield from _said(_all_of(entry.value))
            elif not isinstance(entry.value, Function) and not _is_empty(entry.value):
                if not (entry.key == _PERMISSIONS and set(_names(entry.value)) <= _ANYBODY):
                    yield entry.key
                    yield from _names(entry.value)

    def _of_parent(self, parent: Expr, path: str, depth: int) -> Iterator[str]:
        if not isinstance(parent, Name):
            return
        for found in self.flow.names.resolve(parent, path):
            if isinstance(found.value, Record):
                made = Define(parent.name, 0, found.value, found.span, ())
                yield from self._of_class(made, found.path, depth + 1)
                yield from _said(self._within(found.path, found.span.start, found.span.end))

    def _member(self, handler: Handler, name: str) -> Expr | None:
        if handler.view is None or not isinstance(handler.view.value, Record):
            return None
        return next((e.value for e in handler.view.value.entries if e.key == name), None)

    def _body(self, handler: Handler) -> list[Expr]:
        # Of a view that is a class what stands anywhere in it counts, its `dispatch` above all.
        span = handler.view.span if handler.view is not None else None
        if span is None and handler.function is not None:
            span = handler.function.span
        return self._within(handler.path, span.start, span.end) if span is not None else []

    def _within(self, path: str, start: int, end: int) -> list[Expr]:
        if path not in self._values:
            facts = self.project.files[path]
            ways = [fact.way for fact in facts.facts if not isinstance(fact, Unread)]
            tests = {step.test for way in ways for step in way if isinstance(step, If)}
            tests |= {
                step.test
                for function in facts.functions.values()
                for returned in function.returns
                for step in returned.way
                if isinstance(step, If)
            }
            asked = (inner for test in tests for inner in _all_of(test))
            self._values[path] = [*values_in(facts), *asked]
        return [v for v in self._values[path] if start <= v.start < end]

    @cached_property
    def _wrapped(self) -> Mapping[str, Sequence[str]]:
        """By the name of a view, the names of what routes wrap around it:
        `path("x", login_required(view))`."""
        found: dict[str, list[str]] = {}
        for path in self.project.files:
            for link in self.project.links(path, "route"):
                match link.view:
                    case Invoke() as wrapping if view_name(wrapping):
                        found.setdefault(view_name(wrapping), []).extend(_names(wrapping))
        return found

    @cached_property
    def is_guarded_everywhere(self) -> bool:
        """Whether something asks who wants to know in front of all handlers of the project."""
        return any(
            self._asks_first(path)
            for path, facts in self.project.files.items()
            if facts.language == "python"
        )

    def _asks_first(self, path: str) -> bool:
        for function in self.project.files[path].functions.values():
            first = any(_BEFORE_ALL & set(_names(d)) for d in function.decorators)
            if first or function.name.rpartition(".")[2] in ("process_view", "process_request"):
                body = self._within(path, function.span.start, function.span.end)
                if any(self._guards.within(name) for name in _said(body)):
                    return True
                if self._asks_for_visitor(body, path) or any(map(_refuses, body)):
                    return True
        return any(self._puts_in_front(fact) for fact in self.project.facts(path))

    def _puts_in_front(self, fact: object) -> bool:
        """Whether a setting, or a call that sets a whole application up, names a guard."""
        match fact:
            case Define(name="MIDDLEWARE" | "MIDDLEWARE_CLASSES", value=value):
                # Django's own tells who is signed in and lets anybody pass.
                words = (t for t in _texts(value) if not t.startswith("django.contrib.auth"))
                required = any("LoginRequired" in text for text in _texts(value))
                return required or any(self._guards.within(text) for text in words)
            case Define(name="REST_FRAMEWORK", value=Record(entries)):
                given = [e.value for e in entries if e.key == "DEFAULT_PERMISSION_CLASSES"]
                said = [t for one in given for t in (*_texts(one), *_names(one))]
                return bool({text.rpartition(".")[2] for text in said} - _ANYBODY - {""})
            case Define(value=Invoke(Name("FastAPI" | "APIRouter"), arguments)):
                return self._depends(arguments)
        call = getattr(fact, "invoke", None)
        match call:
            case Invoke(Member(_, "include_router" | "add_middleware"), arguments):
                return self._depends(arguments)
        return False

    def _depends(self, arguments: Iterable[Expr]) -> bool:
        given = [a for a in arguments if not isinstance(a, Keyword) or a.name == "dependencies"]
        return any(self._guards.within(name) for one in given for name in _names(one))

    def _asks_for_visitor(self, values: Iterable[Expr], path: str) -> bool:
        """Whether one of the expressions is who is signed in, or what is kept of that:
        `request.user`, Flask's `session`."""
        for value in values:
            match value:
                case Name("current_user"):
                    return True
                case Member(Name("session") as session, _):
                    callee = self.flow.names.callee(session, path)
                    if callee is not None and callee.package == "flask":
                        return True
                case Member(Name(holder) | Member(_, holder), name):
                    if holder in _HOLDERS and name in _VISITOR:
                        return True
        return False

    # ---------------------------------------------------------------- frameworks

    def are_asked_for(self, path: str) -> bool:
        """Whether the parameters of a file's handlers are what they ask of a request (FastAPI)."""
        return self.project.files[path].language == "python" and any(
            isinstance(link, Link)
            and isinstance(link.target, Text)
            and link.target.text.split(".")[0] == "fastapi"
            for link in self.project.links(path, "import")
        )


def _is_class(fact: Define) -> bool:
    """Whether a record is a class of Python: what it holds was written as statements."""
    value = fact.value
    return isinstance(value, Record) and value.start == fact.span.start


def _refuses(value: Expr) -> bool:
    """Whether an expression turns somebody away: with the status for it."""
    match value:
        case Invoke(_, arguments):
            return any(
                isinstance(inner, Constant) and inner.value in _REFUSALS
                for a in arguments
                for inner in [a.value if isinstance(a, Keyword) else a]
            )
    return False


def _all_of(value: Expr) -> Iterator[Expr]:
    yield value
    parts = parts_of(value)
    if isinstance(value, Member) and value.key is not None:
        parts = (*parts, value.key)
    for part in parts:
        yield from _all_of(part)


def _said(values: Iterable[Expr]) -> Iterator[str]:
    """The names in expressions, and the texts that name a header."""
    for value in values:
        match value:
            case Name(name) | Member(_, name):
                yield name
            case Keyword(name):
                yield name
            case Text(text) if len(text) < 40 and _HEADER.fullmatch(text):
                yield text


def _names(value: Expr) -> Iterator[str]:
    for each in _all_of(value):
        if isinstance(each, Name | Member):
            yield each.name


def _texts(value: Expr) -> Iterator[str]:
    for each in _all_of(value):
        if isinstance(each, Text):
            yield each.text


def _is_empty(value: Expr) -> bool:
    return isinstance(value, Items) and not value.items
