"""What does the page do to its visitor? It loads, stores, reads, sends, submits, navigates, asks.

An effect says what happens and where; whether it is wrong is for rules to say. Each effect can be
asked more (whose it is, with whose consent, with which data): see the modules beside this one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal, TypeAlias

from gdprlint.facts import Element, Expr, Way
from gdprlint.flow import Context, Site
from gdprlint.knowledge import Row, Vendor
from gdprlint.project import Page
from gdprlint.project.controls import Control
from gdprlint.source import Span

__all__ = [
    "Answer",
    "Ask",
    "Declare",
    "Effect",
    "Given",
    "Load",
    "Navigate",
    "Occurrence",
    "Read",
    "Send",
    "Setting",
    "Store",
    "Submit",
    "kind_of",
]


class Answer(IntEnum):
    """Kleene's three values: and is min, or is max, not is `YES - answer`."""

    NO = 0
    MAYBE = 1
    YES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """Where and how an effect happens.

    `span` is the place that a person would edit. `path` and `way` are those of the code that does
    it; `sites` the calls through which it is reached, outermost first, where it lies in a function
    that several call. `what` is what stands there, in a few words, without values.
    """

    path: str
    span: Span
    way: Way
    what: str
    sites: tuple[Site, ...] = ()
    context: Context = ()
    certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """The page fetches something from `urls` by markup, by style or by script."""

    at: Occurrence
    element: str
    urls: tuple[str, ...]
    vendor: Vendor | None = None
    role: str = ""
    use: str = "start"
    value: Expr | None = None
    markup: Element | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that is written out and says how something is kept, sent or shown.

    Where nothing says it, `value` is the object in which it would be said under the keys `missing`,
    one within the other.
    """

    value: Expr
    path: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """Something is kept on the visitor's device. `days` is None where the lifetime is not known;
    0 a session; negative a deletion.

    `settings` are the values that a setting of the server keeps it so by, `options` the objects
    that a call is given for that, `lasts` what the lifetime is written as, counted in `unit`, and
    `text` the whole text of a cookie that is written as one.
    """

    at: Occurrence
    medium: Literal["cookie", "local", "session", "indexed"]
    key: str
    value: Expr | None
    days: float | None
    flags: frozenset[str] = frozenset()
    vendor: Vendor | None = None
    purpose: str = ""
    by: Literal["script", "server", "setting"] = "script"
    settings: tuple[Setting, ...] = ()
    options: tuple[Setting, ...] = ()
    lasts: Setting | None = None
    unit: str = "seconds"
    text: Setting | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Something is read from the visitor's device, or taken from the URL that it asks for: from its
    query (`url`) or its path."""

    at: Occurrence
    medium: Literal["cookie", "local", "session", "indexed", "url", "path"]
    key: str


@dataclass(frozen=True, slots=True)
class Given:
    """A value that is sent, where it stands; `key` is the property that it is sent as, if any."""

    value: Expr
    path: str
    context: Context = ()
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """Something is sent: by a call of the site's own, to a vendor's API, or by a vendor's tag
    itself.

    Where there are `urls`, the first of `payload` is the URL; `query` is what is added to it.
    `use` says what a vendor's call is for. `page` is set where the vendor's tag takes the page's
    URL, title and referrer by itself on that page (`taken` maps what to the request's parameter);
    `begins` is then where it does so first.
    """

    at: Occurrence
    urls: tuple[str, ...] = ()
    payload: tuple[Given, ...] = ()
    query: tuple[Given, ...] = ()
    vendor: Vendor | None = None
    use: str = "other"
    page: Page | None = None
    taken: tuple[tuple[str, str], ...] = ()
    begins: Occurrence | None = None
    row: Row | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """A form is sent by the browser, unless it is `prevented`.

    `method` is `unknown` where it is not written out. `looks_up` where it searches or narrows a
    list. `urls` are the spellings of its action.
    """

    at: Occurrence
    form: Element
    method: str
    controls: tuple[Control, ...]
    action: Expr | None
    prevented: Answer
    looks_up: bool = False
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Navigate:
    """The page's URL becomes another, by script, by an answer of the server, by a link.

    `stays` where the document stays while its URL changes, whatever the new path is. `urls` are
    the target's spellings, `vendor` who serves them. A link is one that code puts together.
    """

    at: Occurrence
    by: Literal["script", "server", "markup", "link"]
    target: Expr
    stays: bool = False
    urls: tuple[str, ...] = ()
    vendor: Vendor | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A control asks for the visitor's agreement; `ticked` where it is on beforehand."""

    at: Occurrence
    words: str
    ticked: bool
    disabled: bool = False
    conditional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Declare:
    """A setting says something about consent or about what vendors take.

    `says` is the row's word (`granted`, `denied`, `page-url`, ...), `subject` who or what it is
    said of (`vendor` where that is one), `granted` the purposes that a default grants, `part` the
    part of what is sent that it concerns, `markup` the element that says it, `days` the lifetime
    that a vendor's cookies are given. `settings` are the values that say it, and `instead` what
    they would say to declare nothing of the kind.
    """

    at: Occurrence
    says: str
    subject: str
    vendor: Vendor | None = None
    value: Expr | None = None
    granted: frozenset[str] = field(default_factory=frozenset)
    denied: frozenset[str] = field(default_factory=frozenset)
    part: str = ""
    markup: Element | None = None
    days: float | None = None
    settings: tuple[Setting, ...] = ()
    instead: str = ""


Effect: TypeAlias = Load | Store | Read | Send | Submit | Navigate | Ask | Declare
"""One thing that happens to a visitor."""


def kind_of(effect: Effect) -> str:
    """The word for the kind: load, store, read, send, submit, navigate, ask, declare."""
    return type(effect).__name__.lower()
