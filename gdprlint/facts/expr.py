"""What a value is, as far as its spelling says: expressions with the language taken off.

Every expression knows the stretch of the file that spells it (`start`, `end`, in characters), so
that each step of a flow can be shown at its place. Names carry the scope in which they are used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

UNKNOWN_KEY = "[]"
"""The `name` of a `Member` whose key is not written down: `a[i]`."""

TEMPLATE_SCOPE = -1
"""The scope of names that a template takes from its context: `{{ practitioner.name }}`."""

MEMBERS = -4
"""The scope of names in markup that are members of a component whose class is written elsewhere."""

REST = "operator rest"
"""The callee that stands for what a pattern leaves of the value that it takes apart, which is given
first; the keys that it has taken are given as texts after it."""

SPREAD = "..."
"""The key of an `Entry` that stands for all entries of its value: `{...a}`."""

DECORATOR = "@"
"""The key of an `Entry` of a class that holds what the class is decorated with."""


def place_in_list(key: str) -> int | None:
    """The place that a member's name is in a list: `2` for `a[2]`; None for any other name.

    A place of ten digits or more is in no list that a program writes out.
    """
    return int(key) if key.isascii() and key.isdigit() and len(key) < 10 else None


@dataclass(frozen=True, slots=True)
class Text:
    """A string literal, decoded."""

    text: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Constant:
    """A literal that is no string: a number, true, false, or None for null and undefined."""

    value: float | bool | None
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Join:
    """Strings put one after another: concatenation, template literals, f-strings, masked tags."""

    parts: tuple[Expr, ...]
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """One of two values, by a condition: `test ? yes : no`."""

    test: Expr
    yes: Expr
    no: Expr
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Both:
    """`left && right`: the right one where the left holds."""

    left: Expr
    right: Expr
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Either:
    """`left || right` and `left ?? right`: the right one where the left does not hold."""

    left: Expr
    right: Expr
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values held against each other; `operator` as JavaScript and Python write it."""

    operator: str
    left: Expr
    right: Expr
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Negation:
    """`!of`, `not of`."""

    of: Expr
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Name:
    """A name, used in `scope` (see `FileFacts.scopes`; 0 is the global scope of the page)."""

    name: str
    scope: int = 0
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """`of.name`, `of["name"]`; `name` is `UNKNOWN_KEY` where the key is computed, `key` then what
    it is computed from, where that is a name or a member."""

    of: Expr
    name: str
    start: int = 0
    end: int = 0
    key: Expr | None = None


@dataclass(frozen=True, slots=True)
class Keyword:
    """A keyword argument, `name=value`; only ever directly among the arguments of a call."""

    name: str
    value: Expr
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Invoke:
    """The value of a call. `new` where it makes an object: `new URLSearchParams(...)`."""

    to: Expr
    arguments: tuple[Expr, ...]
    new: bool = False
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a `Record`; the key `SPREAD` stands for all entries of the value.

    `computed` is the name or member that a key is computed by, where it is `UNKNOWN_KEY`.
    """

    key: str
    value: Expr
    start: int = 0
    end: int = 0
    computed: Expr | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """An object literal or a dict display."""

    entries: tuple[Entry, ...]
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Items:
    """An array literal, a list, tuple or set display, or the items of a spread argument."""

    items: tuple[Expr, ...]
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Function:
    """A function as a value; `function` is its number in `FileFacts.functions`."""

    function: int
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Parameter:
    """What callers give: the parameter `index` of the function of that number."""

    function: int
    index: int
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """A form field as the template knows it: `{{ form.email }}`."""

    name: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Opaque:
    """A value that the reader cannot tell, with the reason."""

    why: str
    start: int = 0
    end: int = 0


Expr: TypeAlias = (
    Text
    | Constant
    | Join
    | Choice
    | Both
    | Either
    | Compare
    | Negation
    | Name
    | Member
    | Keyword
    | Invoke
    | Record
    | Items
    | Function
    | Parameter
    | Field
    | Opaque
)
"""The value of something, as far as its spelling tells."""
