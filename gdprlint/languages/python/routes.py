"""Which URL patterns lead to which views, and which views render which templates.

Pure syntax: calls of the shapes that Django, Flask and their kin have made well known. What the
names really are, and which module is included under which prefix, is for others to find out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gdprlint.facts import (
    SPREAD,
    Choice,
    Entry,
    Expr,
    Invoke,
    Items,
    Join,
    Keyword,
    Link,
    Member,
    Name,
    Record,
    Span,
    Text,
)
from gdprlint.languages.python.strings import joined
from gdprlint.languages.python.walk import Walk

_PATTERNS = frozenset({"path", "re_path", "url"})
_DECORATORS = frozenset(
    {"route", "get", "post", "put", "patch", "delete", "head", "options", "api_route", "websocket"}
)
_DEEPEST_INCLUDE = 10
_NOWHERE = 99

# The position of the template's name among the positional arguments, and its keyword.
_RENDERERS: Mapping[str, tuple[int, str]] = {
    "render": (1, "template_name"),
    "TemplateResponse": (1, "template"),
    "render_template": (0, "template_name_or_list"),
    "render_to_string": (0, "template_name"),
    "get_template": (0, "template_name"),
    "select_template": (0, "template_name_list"),
}


def called(invoke: Invoke) -> str:
    """The last name of what is called: `c` of `a.b.c()`; empty where it has none."""
    match invoke.to:
        case Name(name) | Member(_, name):
            return name
        case _:
            return ""


def argument(invoke: Invoke, index: int, keyword: str) -> Expr | None:
    """The argument given at that position or by that keyword."""
    positional = [each for each in invoke.arguments if not isinstance(each, Keyword)]
    if index < len(positional):
        return positional[index]
    for each in invoke.arguments:
        if isinstance(each, Keyword) and each.name == keyword:
            return each.value
    return None


def rendered(walk: Walk, invoke: Invoke) -> Iterator[Link]:
    """The template that a call renders, where it is a call that does."""
    name = called(invoke)
    if name in _RENDERERS:
        target = _template(invoke, name)
        if target is not None:
            span = Span(walk.path, invoke.start, invoke.end)
            given = _context(invoke, name, target)
            yield Link("render", target, span, walk.way, view=walk.view, given=given)


def _template(invoke: Invoke, name: str) -> Expr | None:
    """The template's name, which in some frameworks comes first and in some after the request.

    `form.render(values)` is no such call, so a lone argument counts only if it is a string.
    """
    index, keyword = _RENDERERS[name]
    first = argument(invoke, 0, keyword)
    if index == 0 or isinstance(first, Text | Join):
        return first
    second = argument(invoke, index, keyword) or argument(invoke, _NOWHERE, "name")
    if name == "render" and isinstance(invoke.to, Member):
        return second if isinstance(second, Text | Join | Choice | Items) else None
    return second


def _context(invoke: Invoke, name: str, target: Expr) -> Expr | None:
    """The names and values that a call gives to its template: the argument after the template, or
    all keywords of a call that takes them one by one (Flask)."""
    if name == "render_template":
        return keywords(invoke)
    for keyword in ("context", "dictionary"):
        found = argument(invoke, _NOWHERE, keyword)
        if found is not None:
            return found
    positional = [each for each in invoke.arguments if not isinstance(each, Keyword)]
    at = next((i for i, each in enumerate(positional) if each is target), _NOWHERE)
    return positional[at + 1] if at + 1 < len(positional) else None


def keywords(invoke: Invoke) -> Record:
    """The keyword arguments of a call as one object."""
    entries = [
        Entry(SPREAD if each.name == "**" else each.name, each.value, each.start, each.end)
        for each in invoke.arguments
        if isinstance(each, Keyword) and each.name != SPREAD
    ]
    return Record(tuple(entries), invoke.start, invoke.end)


def routes(walk: Walk, patterns: Expr, *, prefix: Expr | None = None, depth: int = 0) -> None:
    """A link for each pattern in the value of `urlpatterns`, and in lists included right there."""
    if depth > _DEEPEST_INCLUDE:
        return
    match patterns:
        case Items(items) | Join(items):
            inner = items
        case Invoke() as invoke if called(invoke) in _PATTERNS:
            _route(walk, invoke, prefix, depth)
            return
        case Invoke(_, arguments):
            inner = arguments
        case _:
            return
    for each in inner:
        routes(walk, each, prefix=prefix, depth=depth + 1)


def _route(walk: Walk, invoke: Invoke, prefix: Expr | None, depth: int) -> None:
    target = argument(invoke, 0, "route") or argument(invoke, 0, "regex")
    view = argument(invoke, 1, "view")
    if target is None or view is None:
        return
    if prefix is not None:
        target = joined((prefix, target), target.start, target.end)
    if isinstance(view, Invoke) and called(view) == "include" and view.arguments:
        listed = view.arguments[0]
        # include(([path(...)], "application")) is Django's pair of patterns and namespace.
        if isinstance(listed, Items) and listed.items and isinstance(listed.items[0], Items):
            listed = listed.items[0]
        if isinstance(listed, Items) and not _is_pair_of_name(listed):
            routes(walk, listed, prefix=target, depth=depth + 1)
            return
    name = argument(invoke, 3, "name")
    link = Link(
        "route",
        target,
        Span(walk.path, invoke.start, invoke.end),
        walk.way,
        name=name.text if isinstance(name, Text) else "",
        view=view,
    )
    walk.facts.append(link)


def _is_pair_of_name(items: Items) -> bool:
    """Whether this is `(module, "namespace")` and no list of patterns."""
    return any(isinstance(each, Text) for each in items.items)


def decorated_routes(walk: Walk, decorators: tuple[Expr, ...], view: Name) -> None:
    """The routes that decorators such as `@app.route("/x")` lead to the function `view`."""
    for decorator in decorators:
        match decorator:
            case Invoke(Member(_, name)) as invoke if name in _DECORATORS:
                _decorated_route(walk, invoke, view)
            case _:
                pass


def answers_requests(decorators: Iterable[Expr]) -> bool:
    """Whether what a function gives back is an answer: it is decorated with a route."""
    return any(
        isinstance(each, Invoke) and isinstance(each.to, Member) and each.to.name in _DECORATORS
        for each in decorators
    )


def shown_by_tag(walk: Walk, decorators: tuple[Expr, ...], function: Name) -> None:
    """The template that a tag of templates shows, with what the function gives it (Django,
    "Inclusion tags")."""
    for decorator in decorators:
        match decorator:
            case Invoke(Name("inclusion_tag") | Member(_, "inclusion_tag")) as invoke:
                target = argument(invoke, 0, "filename")
                named = argument(invoke, _NOWHERE, "name")
                name = named.text if isinstance(named, Text) else function.name
                if target is not None:
                    start, end = invoke.start, invoke.end
                    given = Invoke(function, (), False, start, end)
                    span = Span(walk.path, start, end)
                    link = Link("render", target, span, walk.way, name=f"tag {name}", given=given)
                    walk.facts.append(link)


def _decorated_route(walk: Walk, invoke: Invoke, view: Name) -> None:
    target = argument(invoke, 0, "path") or argument(invoke, 0, "rule")
    if target is None:
        return
    given = argument(invoke, 99, "endpoint") or argument(invoke, 99, "name")
    link = Link(
        "route",
        target,
        Span(walk.path, invoke.start, invoke.end),
        walk.way,
        name=given.text if isinstance(given, Text) else view.name,
        view=view,
    )
    walk.facts.append(link)
