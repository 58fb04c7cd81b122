"""Categories of personal data, and which words of a name tell of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from gdprlint.knowledge.api import SourceOfFact

Group: TypeAlias = Literal[
    "special",
    "criminal",
    "credentials",
    "national-id",
    "finance",
    "contact",
    "identity",
    "location",
    "quasi",
    "search",
]

Strength: TypeAlias = Literal["strong", "weak"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Words of one language and strength.

    `match`: `token` (one word of the split name), `sequence` (words in a row, or written as one),
    `exact` (the whole name), `prefix` (a word that starts so). `weak` words count only in the
    category's context (`health`) or beside an owner word.
    """

    language: str
    strength: Strength = "strong"
    match: Literal["token", "sequence", "exact", "prefix"] = "token"
    words: tuple[str, ...]
    source: str = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """Form controls that hold the category whatever their name: by `type`, by `autocomplete`."""

    type: tuple[str, ...] = ()
    autocomplete: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NameExamples:
    """Names that tell of the category, that do not, and that do in its context only."""

    is_: tuple[str, ...]
    is_not: tuple[str, ...]
    in_context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A kind of personal data.

    `plain` is how a message names it. `values`: words of literal values, path segments and titles
    that tell of it (by prefix of a word). `not_`: sequences of words that cancel a match.
    `counts_as`: what several categories tell of alike, where kinds of data are counted.
    """

    id: str
    title: str
    plain: str
    group: Group
    counts_as: str = ""
    words: tuple[Words, ...] = ()
    values: tuple[Words, ...] = ()
    not_: tuple[str, ...] = ()
    fields: Controls = Controls()
    sources: tuple[SourceOfFact, ...] = ()
    examples: NameExamples = NameExamples(is_=(), is_not=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One file of `knowledge/data`: categories that are read together."""

    categories: tuple[Category, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """`knowledge/words.yaml`: the words that rules and readers of names need besides categories.

    `owners` say whose data a name holds: the visitor's; `others` somebody else's. `stops` are
    sequences that never tell of personal data, `about` words that make of the word before them
    something that is known of it: its expiry, its domain, what is wrong with it. `consent` words
    hint at consent, `accept` and `refuse` name the controls of a banner, `withdraw` the one that
    takes an agreement back, `notice` tells of the
    banner itself and of no choice, `banner` names
    its container, `closing` the control that takes it away, `continuing` what it
    says where going on shall be a yes, `ticked` boxes that must not be ticked beforehand.
    `essential` and `tracking` are names of cookies and storage keys (with `*`). `identifiers` are
    calls that make an identifier. `europe` are the country codes of the EEA, the United Kingdom
    and Switzerland. `redactors` are words of functions that take data out, `hashes`
    of such that do not. `probes` are a family and what in it tells devices apart.
    `transactional` are path words of a transaction; `reading` of articles;
    `searching` words of forms that look something up. `sent_otherwise` and `heard_elsewhere` are
    attributes of forms and their buttons (`name` or `name=value`, with `*`) by which a library
    sends the form, or code that is not seen there hears of it; `sent_otherwise_with` are those of
    a form's controls that tell of such a library, unless the form has one of `sent_by_browser`.
    `fetched_by_get` are attributes by
    which a library fetches an address with the fields in its query, `pushed_to_url` those by which
    that address becomes the page's own, `taken_along` those that select further
    fields. `message_schemes` are schemes of URLs that open a message to be sent, `message_texts`
    the parameters that hold its words.
    `guards` are words of what asks who wants to know, in front of a handler or in it; `signed_in`
    those of them after which it is surely somebody who is signed in; `kept_apart` words by which an
    answer is kept for each visitor alone, or not at all.
    `accounts` are words of paths below which a site answers somebody who is signed in with what is
    theirs, `encrypting` words of modules that encrypt columns of a database, `mailings` words of
    folders and files that hold e-mails, `privacy` words that lead to a privacy notice.
    `ways_back` are parameters that tell another site where to send the visitor afterwards.
    """

    owners: tuple[str, ...]
    others: tuple[str, ...]
    stops: tuple[str, ...]
    about: tuple[str, ...]
    consent: tuple[str, ...]
    accept: tuple[str, ...]
    refuse: tuple[str, ...]
    notice: tuple[str, ...]
    withdraw: tuple[str, ...]
    banner: tuple[str, ...]
    closing: tuple[str, ...]
    continuing: tuple[str, ...]
    ticked: tuple[str, ...]
    not_ticked: tuple[str, ...]
    essential: tuple[str, ...]
    tracking: tuple[str, ...]
    click_ids: tuple[str, ...]
    identifiers: tuple[str, ...]
    redactors: tuple[str, ...]
    hashes: tuple[str, ...]
    probes: tuple[str, ...]
    transactional: tuple[str, ...]
    reading: tuple[str, ...]
    authentication: tuple[str, ...]
    searching: tuple[str, ...]
    sent_otherwise: tuple[str, ...]
    sent_otherwise_with: tuple[str, ...]
    sent_by_browser: tuple[str, ...]
    heard_elsewhere: tuple[str, ...]
    fetched_by_get: tuple[str, ...]
    pushed_to_url: tuple[str, ...]
    taken_along: tuple[str, ...]
    europe: tuple[str, ...]
    message_schemes: tuple[str, ...]
    message_texts: tuple[str, ...]
    ways_back: tuple[str, ...]
    accounts: tuple[str, ...]
    encrypting: tuple[str, ...]
    mailings: tuple[str, ...]
    privacy: tuple[str, ...]
    guards: tuple[str, ...]
    signed_in: tuple[str, ...]
    kept_apart: tuple[str, ...]
