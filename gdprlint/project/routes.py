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
    """One part of a route's path: a literal, or a parameter by name (`dynamic`).

    A parameter may take any number of parts (`many`), or be missing (`optional`).
    """

    text: str
    dynamic: bool
    many: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """A path pattern, the name that links use for it, and the view behind it."""

    segments: tuple[Segment, ...]
    name: str
    view: str
    span: Span

    def fits(self, parts: Sequence[str], gap: str) -> int | None:
        """How well the path made of `parts` can be this route's, None where it cannot.

        A part with a gap fits anything, a parameter best.
        """
        return _fits(self.segments, tuple(parts), gap)


def _fits(segments: tuple[Segment, ...], parts: tuple[str, ...], gap: str) -> int | None:
    if not segments:
        return 0 if not parts else None
    first, rest = segments[0], segments[1:]
    found: list[int] = []
    if first.many:
        taken = range(len(parts) + 1)
        ends = [_fits(rest, parts[n:], gap) for n in taken]
        found.extend(end for end in ends if end is not None)
    elif parts and (first.dynamic or gap in parts[0] or first.text == parts[0]):
        end = _fits(rest, parts[1:], gap)
        if end is not None:
            found.append(end + (3 if first.dynamic is (gap in parts[0]) else 1))
    if first.optional:
        end = _fits(rest, parts, gap)
        if end is not None:
            found.append(end)
    return max(found, default=None)


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
