"""By which calls was a place reached? Values are asked for in such a context."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from gdprlint.facts import Expr
from gdprlint.flow.calls import Site


@dataclass(frozen=True, slots=True)
class Frame:
    """One call that was entered: the function, and the site with its own context."""

    path: str
    function: int
    site: Site
    context: Context


Context: TypeAlias = tuple[Frame, ...]
"""The calls by which a place was reached, innermost last; empty: any."""

Step: TypeAlias = tuple[Expr, str, Context]
"""An expression, the file that it stands in, and the calls by which it was reached."""
