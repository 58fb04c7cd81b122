"""Is one value put together of several features of the visitor's device?"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from gdprlint.effects import Declare, Effect, Load, Send, Store
from gdprlint.effects.scene import Scene
from gdprlint.facts import (
    Assign,
    Both,
    Call,
    Choice,
    Either,
    Entry,
    Expr,
    Invoke,
    Items,
    Join,
    Member,
    Name,
    Parameter,
    Record,
)
from gdprlint.facts.expr import Keyword
from gdprlint.flow import Context

_ADDING = frozenset({"push", "append", "unshift", "add"})
_MOST = 400
_MANY = 3

_Place = tuple[Expr, str, Context]


class Fingerprints:
    """The families of probes behind a value: drawing, graphics, sound, fonts, hardware, ..."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._families: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for probe in scene.knowledge.vocabulary.probes:
            family, _, spelling = probe.partition(" ")
            names = tuple(spelling.split("."))
            self._families.setdefault(names[-1], []).append((names[:-1], family))
        self._added: dict[str, dict[tuple[str, int], list[Expr]]] = {}

    def composed(self, effect: Effect) -> bool:
        """Whether what is hashed, kept or sent to somebody else holds three families."""
        return any(
            len(self._behind(value, path, context)) >= _MANY
            for value, path, context in self._values(effect)
        )

    def _values(self, effect: Effect) -> Iterator[_Place]:
        at = effect.at
        match effect:
            case Declare(value=value) | Store(value=value) if value is not None:
                yield value, at.path, at.context
            case Load(value=value) if value is not None:
                if self.scene.party(effect) == "third":
                    yield value, at.path, at.context
            case Send(payload=payload, query=query, page=None):
                if effect.vendor is not None or self.scene.party(effect) == "third":
                    together = (*payload, *query)
                    if together:
                        values = tuple(one.value for one in together)
                        yield Items(values, at.span.start, at.span.end), at.path, at.context

    def _behind(self, value: Expr, path: str, context: Context) -> frozenset[str]:
        """The families of the probes that a value is made of, as far as it is followed."""
        found: set[str] = set()
        left: deque[_Place] = deque([(value, path, context)])
        seen: set[tuple[Expr, str]] = {(value, path)}
        while left and len(seen) < _MOST:
            place = left.popleft()
            family = self._family(place[0], place[1])
            if family:
                found.add(family)
                continue
            for part in self._parts(*place):
                if (part[0], part[1]) not in seen:
                    seen.add((part[0], part[1]))
                    left.append(part)
        return frozenset(found)

    def _family(self, value: Expr, path: str) -> str:
        match value:
            case Invoke(to):
                return self._family(to, path)
            case Member(of, name):
                names = self._names(of, path)
            case Name(name):
                names = ()
            case _:
                return ""
        for before, family in self._families.get(name, ()):
            if before == ("*",) and isinstance(value, Member):
                return family
            if before == names:
                return family
        return ""

    def _names(self, of: Expr, path: str) -> tuple[str, ...]:
        callee = self.scene.flow.names.callee(of, path)
        if callee is None or callee.local or callee.package:
            return ("",)
        return tuple(name for name in callee.names if name != "window")

    def _parts(self, value: Expr, path: str, context: Context) -> Iterator[_Place]:
        """What a value is made of, one step back."""
        inner: Iterable[Expr] = ()
        values = self.scene.flow.values
        match value:
            case Invoke(to, arguments):
                inner = (*((to.of,) if isinstance(to, Member) else ()), *arguments)
                yield from values.returned(value, path, context)
            case Join(parts) | Items(parts):
                inner = parts
            case Record(entries):
                inner = (entry.value for entry in entries if isinstance(entry, Entry))
            case Either(one, other) | Both(one, other) | Choice(_, one, other):
                inner = (one, other)
            case Keyword(_, given):
                inner = (given,)
            case Name(name, scope):
                yield from values.behind(value, path, context)
                inner = self._put_into(path).get((name, scope), ())
            case Member(of):
                yield from values.behind(value, path, context)
                inner = (of,)
            case Parameter():
                yield from values.behind(value, path, context)
        for part in inner:
            yield part, path, context

    def _put_into(self, path: str) -> dict[tuple[str, int], list[Expr]]:
        """By the name of a list or text, what is added to it."""
        if path not in self._added:
            table: dict[tuple[str, int], list[Expr]] = {}
            for fact in self.scene.project.facts(path):
                match fact:
                    case Call(Invoke(Member(Name(name, scope), how), arguments)) if how in _ADDING:
                        table.setdefault((name, scope), []).extend(arguments)
                    case Assign(Name(name, scope), value):
                        table.setdefault((name, scope), []).append(value)
                    case Assign(Member(Name(name, scope)), value):
                        table.setdefault((name, scope), []).append(value)
            self._added[path] = table
        return self._added[path]
