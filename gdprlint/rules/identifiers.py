"""Is what is stored made to tell this visitor from others?"""

from __future__ import annotations

from collections.abc import Iterator

from gdprlint.effects import Occurrence, Store
from gdprlint.effects.scene import Scene
from gdprlint.facts import (
    Choice,
    Constant,
    Either,
    Expr,
    Invoke,
    Items,
    Join,
    Member,
    Name,
    Parameter,
    Record,
)
from gdprlint.flow import Context, Flow

_DEEPEST = 4
_MOST = 40
_FEW = 10_000
"""So few different numbers tell nobody from others."""


class Identifiers:
    """The functions that make identifiers, looked for behind what is stored."""

    def __init__(self, scene: Scene) -> None:
        self.flow: Flow = scene.flow
        self._makers = frozenset(scene.knowledge.vocabulary.identifiers)

    def made(self, effect: Store) -> bool:
        """Whether the stored value is made by one of them for the visitor."""
        if effect.value is None or self._is_list_or_object(effect.value, effect.at):
            return False
        at = effect.at
        makers = {
            origin.name
            for origin in self.flow.origins.of(effect.value, at.path, at.context)
            if origin.kind == "call" and self._is_maker(origin.name)
        }
        if makers == {"Math.random"}:
            return not self._chooses(effect.value, at)
        return bool(makers)

    def _is_maker(self, dotted: str) -> bool:
        bare = dotted.removesuffix("()")
        return bare in self._makers or any(bare.endswith("." + known) for known in self._makers)

    def _is_list_or_object(self, value: Expr, at: Occurrence) -> bool:
        """An identifier of an item in a list that is stored is not the visitor's."""
        match value:
            case Invoke(Member(_, "stringify"), (first, *_)):
                return not self._gives(first, at.path, at.context, 0)
        found = [value, *(e for e, _, _ in self.flow.values.behind(value, at.path))]
        return any(isinstance(inner, Record | Items) for inner in found)

    def _gives(self, value: Expr, path: str, context: Context, depth: int) -> bool:
        """Whether a value is what a maker gives itself, and not something that holds it."""
        if depth > _DEEPEST:
            return False
        match value:
            case Invoke(to):
                callee = self.flow.names.callee(to, path)
                if callee is not None and self._is_maker(callee.dotted):
                    return True
                behind = list(self.flow.values.returned(value, path, context))
            case Join(parts):
                return any(self._gives(part, path, context, depth + 1) for part in parts)
            case Either(left, right) | Choice(_, left, right):
                return any(self._gives(o, path, context, depth + 1) for o in (left, right))
            case Name() | Parameter() | Member():
                behind = self.flow.values.behind(value, path, context)
            case _:
                return False
        return any(self._gives(e, p, c, depth + 1) for e, p, c in behind if e != value)

    def _chooses(self, value: Expr, at: Occurrence) -> bool:
        """Whether a random number only chooses one of few: the place in a list."""
        times = list(self._times(value, at.path, at.context))
        return bool(times) and all(self._is_few(*one) for one in times)

    def _times(
        self, value: Expr, path: str, context: Context
    ) -> Iterator[tuple[Expr, str, Context]]:
        """What a random number is multiplied with on its way into a value."""
        left = [(value, path, context)]
        seen = set(left)
        while left and len(seen) < _MOST:
            inner, where, its = left.pop()
            match inner:
                case Invoke(Name("operator *"), (one, other)):
                    for number, factor in ((one, other), (other, one)):
                        if _is_random(number):
                            yield factor, where, its
                    parts = [(one, where, its), (other, where, its)]
                case Invoke(to, arguments):
                    of = [to.of] if isinstance(to, Member) else []
                    parts = [(part, where, its) for part in (*of, *arguments)]
                    parts.extend(self.flow.values.returned(inner, where, its))
                case Either(yes, no) | Choice(_, yes, no):
                    parts = [(yes, where, its), (no, where, its)]
                case Join(joined):
                    parts = [(part, where, its) for part in joined]
                case Name() | Parameter() | Member():
                    parts = list(self.flow.values.behind(inner, where, its))
                case _:
                    continue
            fresh = [part for part in parts if part not in seen]
            seen.update(fresh)
            left.extend(fresh)

    def _is_few(self, factor: Expr, path: str, context: Context) -> bool:
        match factor:
            case Constant(value):
                return value is not None and value < _FEW
            case Member(_, "length" | "size"):
                return True
            case Name() | Parameter():
                behind = self.flow.values.behind(factor, path, context)
                return bool(behind) and all(self._is_few(*one) for one in behind)
        return False


def _is_random(value: Expr) -> bool:
    """Whether a value is a number between nought and one."""
    match value:
        case Invoke(Member(Name("Math"), "random")):
            return True
    return False
