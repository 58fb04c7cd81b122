"""The way to a fact: the conditions, callbacks, gates and functions between the page and it.

Both markup and structured code let the conditions that dominate a place be written down while
walking, without a control-flow graph: entering `if (c)` adds `If(c, True)`; after
`if (c) return;` the rest of the block has `If(c, False)`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from gdprlint.facts.element import Attribute
from gdprlint.facts.expr import Expr


@dataclass(frozen=True, slots=True)
class If:
    """Beyond here `test` is true, or false where `taken` is not."""

    test: Expr
    taken: bool
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Callback:
    """Beyond here we are in a function given to a call, as its argument number `index`.

    `arguments` are all arguments of that call; `key` names the entry where the function lies in an
    object among them. An `on...` attribute and an assigned handler
    (`x.onclick = function`) count as a call of `addEventListener`.
    """

    to: Expr
    arguments: tuple[Expr, ...]
    index: int
    start: int = 0
    end: int = 0
    key: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """Beyond here we are in the body of the function of that number."""

    function: int
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Gate:
    """Beyond here we are in markup that a browser does not run or load as it stands.

    A script of a type that is no JavaScript one, an element without `src` that carries one for
    later (`data-src`), the inside of `template` or `noscript`, a string of markup of which is not
    seen what becomes (`template` too; the code of scripts in it is behind `IN_STRING` instead).
    """

    tag: str
    attributes: tuple[Attribute, ...]
    start: int = 0
    end: int = 0


IN_STRING = "string"
"""The tag of the gate before the code of a script that stands in a string of markup."""

Step: TypeAlias = If | Callback | Body | Gate
"""One turn on the way to a fact."""

Way: TypeAlias = tuple[Step, ...]
"""Outermost step first. Empty: reached whenever the file is."""
