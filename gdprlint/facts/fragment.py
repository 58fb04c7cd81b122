"""Text of one language at its place in a file: how languages contain each other unknowingly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gdprlint.facts.expr import Expr
from gdprlint.facts.way import Way


@dataclass(frozen=True, slots=True)
class Hole:
    """A stretch that was masked because another language wrote it; `value` is what it stands
    for."""

    start: int
    end: int
    value: Expr


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch that is reached only by `way`, for instance the inside of `{% if %}`."""

    start: int
    end: int
    way: Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """A stretch of a file in one language, for the reader of that language.

    `text` is the stretch, masked where other languages wrote in it; its first character is the
    file's character number `offset`. `kind` says what may stand there: a whole `script` (classic),
    a `module`, an `expression`, or the statements of a `handler`; `inserted` is markup that a
    script puts into a page, whose own scripts do not run (HTML, 8.5.4), `kept` markup in a string
    of which is not seen what becomes. `binds`: the name under which facts elsewhere refer to the
    value of an expression fragment (see `Define`). `given`: a
    value that is put into what the expression names, as `v-model` puts a control's value there.
    """

    language: str
    text: str
    offset: int = 0
    way: Way = ()
    kind: Literal["document", "inserted", "kept", "script", "module", "expression", "handler"] = (
        "document"
    )
    holes: tuple[Hole, ...] = ()
    regions: tuple[Region, ...] = ()
    binds: str = ""
    given: Expr | None = None
    scope: int = 0
