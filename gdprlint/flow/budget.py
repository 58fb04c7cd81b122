"""How much may one question about a value cost?

Questions are asked backwards from sinks and lead through callers, members and what libraries hand
on; in minified code nearly everything may lead to nearly everything. A question that has taken
its steps is answered by what was found so far, and the log says so.
"""

from __future__ import annotations

import logging

from gdprlint.facts import Expr

_log = logging.getLogger(__name__)
MOST_STEPS = 800
FEW_STEPS = 100
"""For questions that are asked of very many calls: who made the object whose method is called?"""


class Budget:
    """The steps that are left to the question that is being asked."""

    def __init__(self) -> None:
        self._nested = 0
        self._left = MOST_STEPS

    def take(self, value: Expr, path: str, most: int = MOST_STEPS) -> bool:
        """Begin a step, the first of a question of at most so many steps where none is under way;
        false where none is left.

        Each step that was begun is to be ended.
        """
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

    def end(self) -> None:
        """The step that was begun last is done."""
        self._nested -= 1
