"""The articles that rules refer to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article: `id` as rules name it (`gdpr-9`), `taxon` as reports do (`Art9`)."""

    id: str
    act: str
    taxon: str
    title: str
    summary: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A law with articles: the GDPR, the ePrivacy Directive."""

    id: str
    name: str
    full_name: str
    organization: str
    released: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """`knowledge/law.yaml`."""

    acts: tuple[Act, ...]
    articles: tuple[Article, ...]
