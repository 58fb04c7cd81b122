"""Which calls of a compiled template make elements, and how do these lie in one another?

A compiler turns a template into calls in the order of its tags: `start(0, "form", 1)`, then what is
in the form, then `end()`. A bundler's names do not say which call is which. But a call that begins
an element is given a number and the name of one, each beginning has its end, and nothing lies in
an `input`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from gdprlint.facts import Call, Constant, Expr, If, Invoke, Member, Name, Span, Text, Way

_VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"))
_TAGS = _VOID.union(
    ("a", "article", "aside", "b", "button", "code", "datalist", "dd", "details", "dialog", "div"),
    ("dl", "dt", "em", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
    ("header", "i", "iframe", "label", "legend", "li", "main", "nav", "ol", "optgroup", "option"),
    ("p", "path", "pre", "script", "section", "select", "small", "span", "strong", "summary"),
    ("svg", "table", "tbody", "td", "textarea", "th", "thead", "tr", "ul", "video"),
)
_MOST_MAKERS = 8
_MOST_OPENERS = 3
_MOST_CLOSERS = 6
_MOST_LOOKED_AT = 80
_MAKES, _BINDS = 1, 2


@dataclass(frozen=True, slots=True)
class Step:
    """One call of a view's function: by which name, with what."""

    called: str
    given: tuple[Expr, ...]
    span: Span
    way: Way

    @property
    def number(self) -> int:
        """The number of the node that it is about, or -1."""
        return _number(self.given[0]) if self.given else -1

    @property
    def tag(self) -> str:
        """The element that it may make: a number, a name, and nothing but numbers."""
        match self.given:
            case (Constant(), Text(tag), *others) if self.number >= 0 and _is_tag(tag):
                return tag if all(isinstance(one, Constant) for one in others) else ""
        return ""

    @property
    def plain(self) -> bool:
        """Whether it is given numbers only, one at least."""
        return bool(self.given) and all(_number(one) >= 0 for one in self.given)


@dataclass(frozen=True, slots=True)
class Makers:
    """The names of the calls that make elements, and of those that begin one, with its end's."""

    names: frozenset[str]
    ends: Mapping[str, str]


def phase(way: Way, flag: str) -> int:
    """Whether a place of a view is where it is made (1), or brought up to date (2); else 0."""
    for step in way:
        match step:
            case If(
                Invoke(
                    Name("operator &"),
                    (Name(name), Constant(value)) | (Constant(value), Name(name)),
                ),
                True,
            ):
                if name == flag and value in (_MAKES, _BINDS):
                    return int(value)
    return 0


def unrolled(call: Call) -> Iterator[Step]:
    """The calls of a chain one by one: `a(0, "p")(1, "b")` is two calls of `a`."""
    links: list[Invoke] = []
    at: Expr = call.invoke
    while isinstance(at, Invoke):
        links.append(at)
        at = at.to
    if not isinstance(at, Name | Member):
        return
    for link in reversed(links):
        start = link.start if link is links[-1] else link.to.end
        yield Step(at.name, link.arguments, Span(call.span.path, start, link.end), call.way)


def makers_of(views: Sequence[Sequence[Step]]) -> Makers:
    """The calls by which the views of a file, all compiled alike, make their elements."""
    steps = [step for view in views for step in view]
    names = _naming(steps)
    holders = frozenset(s.called for s in steps if s.plain) - {
        s.called for s in steps if not s.plain
    }
    ends: dict[str, str] = {}
    closers = Counter(step.called for step in steps if not step.given)
    for closer, _ in closers.most_common(_MOST_CLOSERS):
        left = [name for name in (*names, *sorted(holders)) if name not in ends]
        within = [view for view in views if any(step.called == closer for step in view)]
        begins = _begun_with(closer, left[:_MOST_MAKERS], within[:_MOST_LOOKED_AT])
        ends.update(dict.fromkeys(begins, closer))
    return Makers(frozenset(names), ends)


def _naming(steps: Iterable[Step]) -> list[str]:
    """The calls whose texts are names of elements, those of many first."""
    known: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for step in steps:
        if step.number >= 0 and len(step.given) > 1 and isinstance(step.given[1], Text):
            tag = step.tag
            known[step.called] += tag in _TAGS or "-" in tag or ":" in tag
            others[step.called] += 1 if tag else _MOST_LOOKED_AT
    return [name for name, count in known.most_common() if 2 * count >= others[name]]


def _begun_with(
    closer: str, names: Sequence[str], views: Sequence[Sequence[Step]]
) -> tuple[str, ...]:
    """The calls that begin what one ends, by the views in which all is ended that is begun."""
    best: tuple[tuple[int, int, int], tuple[str, ...]] = ((0, 0, 0), ())
    for many in range(1, _MOST_OPENERS + 1):
        for chosen in combinations(names, many):
            balanced = odd = 0
            for view in views:
                within = _oddities(view, frozenset(chosen), closer)
                if within is not None:
                    balanced += 1
                    odd += within
            best = max(best, ((balanced, -odd, -many), chosen), key=lambda one: one[0])
            if balanced == len(views) and not odd:
                return chosen
    (balanced, _, _), chosen = best
    return chosen if 2 * balanced > len(views) else ()


def _oddities(view: Sequence[Step], openers: frozenset[str], closer: str) -> int | None:
    """How many elements lie in one that holds none; None where an end or a beginning is alone."""
    around: list[bool] = []
    odd = 0
    for step in view:
        if step.called in openers:
            odd += bool(around) and around[-1]
            around.append(step.tag in _VOID)
        elif step.called == closer and not step.given:
            if not around:
                return None
            around.pop()
        elif step.number >= 0:
            odd += bool(around) and around[-1]
    return None if around else odd


def _number(value: Expr) -> int:
    match value:
        case Constant(float() | int() as number) if not isinstance(number, bool) and number >= 0:
            return int(number)
    return -1


def _is_tag(text: str) -> bool:
    plain = text.replace("-", "").replace(":", "")
    return plain.isascii() and plain.isalnum() and plain.islower() and plain[0].isalpha()
