"""An attribute of an element, apart from `Element` because ways speak of attributes too."""

from __future__ import annotations

from dataclasses import dataclass

from gdprlint.facts.expr import Expr

DATA_SCRIPT = "data script"
"""The name of what a script element holds that is data and no code; no program can spell it."""

FORM_WRITTEN = "form written"
"""The attribute of a control that stands for all fields of a form; no markup can spell it."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """`name` lower-cased (as written in JSX, Vue and Svelte); `value` is None where there is none.

    `start` and `end` span the whole attribute, name included; the value's own place is in it.
    """

    name: str
    value: Expr | None
    start: int = 0
    end: int = 0
