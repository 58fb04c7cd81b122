"""A company's service that pages reach out to: how it is recognised and what it takes by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from gdprlint.knowledge.api import Row, SourceOfFact, StoreKind

VendorCategory: TypeAlias = Literal[
    "ads",
    "analytics",
    "analytics-exemptable",
    "tag-manager",
    "session-replay",
    "ab-testing",
    "social",
    "video",
    "map",
    "font",
    "captcha",
    "chat",
    "esp",
    "error-monitoring",
    "fingerprint",
    "cdn",
    "payment",
    "auth",
    "consent",
    "avatar",
    "form-backend",
    "counter",
    "shortener",
    "messaging",
    "code-image",
]

Taken: TypeAlias = Literal["page-url", "title", "referrer", "search"]
"""What a vendor's tag takes from the page by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Who receives: the legal entity, where it is established, and its parent's country."""

    name: str
    country: str = ""
    parent_country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A cookie or storage key of the vendor; `name` may hold `*`; `lasts` as `390 days`,
    `session`."""

    name: str
    as_: StoreKind = "cookie"
    purpose: str = ""
    lasts: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Attributes (`name`, or `name=value`) and classes by which markup speaks to a vendor's tag.

    `around` where a mark speaks of all that lies in the element, not of the element alone.
    """

    attributes: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    around: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """What a vendor's tag reports of clicks, fields and forms without any call.

    `by_default` where it does unless a call says otherwise (a row that says `captures-nothing`),
    else only where one switches it on (`captures`). `ignored_by` are marks that keep it off.
    """

    of: tuple[Literal["clicks", "changes", "forms", "page"], ...]
    by_default: bool
    ignored_by: Marks = Marks()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """Code of which the vendor is to be found, by an effect that does `does`, is for `use` and, of
    a setting, `says`."""

    code: str
    language: Literal["html", "javascript", "typescript", "python", "django", "css"] | None = None
    does: str = ""
    use: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as the vendor's tag sends it, and what its parameters carry: page-url -> dl."""

    url: str
    body: str = ""
    carries: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorExamples:
    """The tests of an entry: taking any fact out of the entry makes one of them fail."""

    is_: tuple[Recognised, ...]
    is_not: tuple[Recognised, ...]
    requests: tuple[Request, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """One vendor's service.

    URL patterns (`scripts`, `pixels`, `frames`, `styles`) have no scheme: a host, then a path, then
    `?name=value` where the query decides; `*` is any run of characters within the host or within
    path and query, and a leading `*.` matches the host itself and everything below it. A pattern
    without a path means any path. `hosts` are hosts that are only ever this vendor's; all below
    them count too (whole labels). `collects` says in which request parameter (or body path) the tag
    sends the page's URL, title and referrer by itself; `endpoint` is where to. `takes` says
    which of these it takes as well where no source tells in which parameter. `matches` says what
    the names mean under which it takes data about a visitor to match with its accounts (`em` is
    `contact.email`), in calls for matching and in the parameters of its pixels. `history` tells
    whether the tag also sends on `history` changes. `cleaned_by` are calls that replace the
    collected URL or title by one of the site's own, with `says` naming what is replaced.
    `capture` is what the tag reports of clicks and forms, `unmasked_by` are marks that let it
    record what it would hide.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    company: Company
    category: VendorCategory
    purposes: tuple[str, ...]
    region: Literal["eea", "adequate", "other"]
    as_of: str
    scripts: tuple[str, ...] = ()
    pixels: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    globals: tuple[str, ...] = ()
    calls: tuple[Row, ...] = ()
    stores: tuple[Stored, ...] = ()
    collects: Mapping[str, str] = field(default_factory=dict)
    takes: tuple[Taken, ...] = ()
    matches: Mapping[str, str] = field(default_factory=dict)
    endpoint: str = ""
    history: bool = False
    cleaned_by: tuple[Row, ...] = ()
    capture: Capture | None = None
    unmasked_by: Marks = Marks()
    notes: tuple[str, ...] = ()
    sources: tuple[SourceOfFact, ...]
    examples: VendorExamples = VendorExamples(is_=(), is_not=())

    @property
    def taken(self) -> Mapping[str, str]:
        """All that the tag takes by itself, with the parameter; without one where none is known."""
        return {**dict.fromkeys(self.takes, ""), **self.collects}
