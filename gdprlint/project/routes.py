"""Which path of the site leads to which view, and which view shows which template."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gdprlint.facts import Expr, FileFacts, Invoke, Link, Member, Name, Opaque, Text
from gdprlint.facts.expr import Keyword
from gdprlint.project.urls import Places
from gdprlint.source import Span

_DYNAMIC = re.compile(r"<(?:[^<>:]+:)?([A-Za-z_]\w*)>|\{([A-Za-z_]\w*)(?::[^}]*)?\}")
_NAMED_GROUP = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a route's path: a literal, or a parameter by name (`dynamic`)."""

    text: str
    dynamic: bool


@dataclass(frozen=True, slots=True)
class Route:
    """A path pattern, the name that links use for it, and the view behind it."""

    segments: tuple[Segment, ...]
    name: str
    view: str
    span: Span

    def matches(self, parts: Sequence[str], gap: str) -> bool:
        """Whether the path made of `parts` can be this route's; a part with a gap fits anything."""
        if len(parts) != len(self.segments):
            return False
        return all(
            segment.dynamic or gap in part or segment.text == part
            for segment, part in zip(self.segments, parts, strict=True)
        )


def view_name(view: Expr | None) -> str:
    """The bare name of a view: `views.profile` is profile, `Profile.as_view()` is Profile."""
    match view:
        case Name(name):
            return name
        case Member(of, "as_view"):
            return view_name(of)
        case Member(_, name):
            return name
        case Invoke(to, arguments):
            inner = view_name(to)
            if isinstance(to, Member) and to.name == "as_view":
                return inner
            return next((view_name(a) for a in arguments if view_name(a)), inner)
        case Text(text):
            return text.rpartition(".")[2]
    return ""


def segments_of(pattern: str) -> tuple[Segment, ...]:
    """A pattern of Django, Flask or Starlette as segments; of regular expressions the named
    groups."""
    text = pattern
    if text.startswith("^") or "(?P<" in text:
        text = _NAMED_GROUP.sub(r"<\1>", text).lstrip("^").rstrip("$").replace("\\Z", "")
        text = text.replace("\\.", ".").replace("\\-", "-")
    found = []
    for part in text.split("/"):
        if not part:
            continue
        dynamic = _DYNAMIC.search(part)
        if dynamic is None:
            found.append(Segment(part, False))
        else:
            found.append(Segment(dynamic.group(1) or dynamic.group(2), True))
    return tuple(found)


def routes_of(files: Mapping[str, FileFacts], places: Places) -> Iterator[Route]:
    """Every route of the project, those of included modules under the prefix of the inclusion."""
    links = {
        path: [fact for fact in facts.facts if isinstance(fact, Link) and fact.kind == "route"]
        for path, facts in files.items()
    }
    links = {path: found for path, found in links.items() if found}
    included: dict[str, list[tuple[str, str]]] = {}
    for path, found in links.items():
        for link in found:
            module = _included(link.view, path, places)
            if module is not None and isinstance(link.target, Text):
                included.setdefault(module, []).append((link.target.text, path))
    for path, found in links.items():
        for prefix in _prefixes(path, included):
            for link in found:
                if isinstance(link.target, Text) and _included(link.view, path, places) is None:
                    pattern = prefix + link.target.text
                    yield Route(segments_of(pattern), link.name, view_name(link.view), link.span)


def _prefixes(
    path: str, included: Mapping[str, list[tuple[str, str]]], depth: int = 0
) -> list[str]:
    above = included.get(path)
    if not above or depth > 8:
        return [""]
    return [
        before + prefix
        for prefix, parent in above
        for before in _prefixes(parent, included, depth + 1)
    ][:50]


def _included(view: Expr | None, path: str, places: Places) -> str | None:
    match view:
        case Invoke(Name("include"), (first, *_)):
            pass
        case _:
            return None
    match first:
        case Text(module):
            return places.by_python_module(module, path) or ""
        case Keyword() | Opaque():
            return ""
        case _:
            return ""
