"""How much may one question about a value cost, and was it answered to its end?

Questions are asked backwards from sinks and lead through callers, members and what libraries hand
on; in minified code nearly everything may lead to nearly everything. A question that has taken
its steps, or has gone too deep, is answered by what was found so far: it is *cut*. An answer that
rests on a cut one is cut, too, and who asks can see that.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeAlias, TypeVar

from gdprlint.facts import Expr

_log = logging.getLogger(__name__)
MOST_STEPS = 800
FEW_STEPS = 100
"""For questions that are asked of very many calls: who made the object whose method is called?"""

_DEAR = 16
"""What has taken this part of a budget is not asked again for want of the rest."""

_K = TypeVar("_K")
_V = TypeVar("_V")
Memo: TypeAlias = dict[_K, tuple[_V, bool]]
"""Answers, and whether each was cut."""


class Budget:
    """The steps that are left to the question that is being asked.

    `cuts` counts the answers that were cut, or rest on a cut one: who compares it before and after
    a question knows whether it was answered to its end.
    """

    def __init__(self) -> None:
        self._nested = 0
        self._left = MOST_STEPS
        self.cuts = 0

    @property
    def is_out(self) -> bool:
        """Whether the question that is under way has taken all its steps."""
        return self._nested > 0 and self._left <= 0

    def cut(self) -> None:
        """Something is left out of an answer: it leads too deep, or to too much."""
        self.cuts += 1

    def asked(
        self,
        memo: Memo[_K, _V],
        key: _K,
        work: Callable[[], _V],
        nothing: _V,
        *,
        of: tuple[Expr, str],
        most: int = MOST_STEPS,
    ) -> _V:
        """The answer to `key`, kept in `memo`: one step of the question that is under way, or the
        first of one of at most so many steps. `nothing` where none is left, and while it is worked
        out; `of` are the value and its file.
        """
        kept = memo.get(key)
        if kept is not None:
            self.cuts += kept[1]
            return kept[0]
        if not self._take(*of, most):
            self.cuts += 1
            return nothing
        before, left = self.cuts, self._left
        memo[key] = (nothing, False)
        try:
            found = work()
        finally:
            self._nested -= 1
        is_cut = self.cuts != before
        if is_cut and self._left <= 0 and self._nested and left - self._left <= most // _DEAR:
            # A question of its own may come further than this one, of which little was left.
            memo.pop(key)
        else:
            memo[key] = (found, is_cut)
        return found

    def few(self, work: Callable[[], _V], nothing: _V, *, of: tuple[Expr, str]) -> _V:
        """The answer to a question of few steps that nobody keeps."""
        if not self._take(*of, FEW_STEPS):
            self.cuts += 1
            return nothing
        try:
            return work()
        finally:
            self._nested -= 1

    def _take(self, value: Expr, path: str, most: int) -> bool:
        if self._nested == 0:
            self._left = most
        if self._left <= 0:
            if self._left == 0:
                _log.info("%s: the budget of a question ran out at %d", path, value.start)
                self._left = -1
            return False
        self._left -= 1
        self._nested += 1
        return True
