"""A consent platform, or a framework's own means of consent: which spellings say yes to what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from gdprlint.knowledge.api import Row, SourceOfFact


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One spelling that speaks of consent: exactly one of `condition`, `gate`, `callback`,
    `registry`, `blocks`.

    - `condition`: an expression that is true where consent was given:
      `Platform.consent.{purpose}`, `platform.manager().agreed("{service}")`,
      `activeGroups.includes("{purpose}")`, `readCookie("x") === "yes"`. `{purpose}` is one
      of the entry's own words in `purposes`, `{service}` any name; `*` as a name matches any.
    - `gate`: attributes of inert markup; `{purpose}` in a value, `*` any value, `~=word` a class
      or list that holds the word, `^=start` a start. The key `tag` limits it to these tags.
      Somebody opens such markup only where the platform is present.
    - `callback`: a call whose function argument runs after consent:
      `window.addEventListener("PlatformOnAccept")`; the function may be in an object argument:
      `platform.run({onConsent})`, `platform.setup({services.onAccept})` (lists on the way are
      left out of the path, and `{purpose}` in it is a key).
    - `registry`: a call that hands a service to the platform, or a member assigned
      (`platform.services.{service}.js`): functions in it run after consent.
    - `blocks`: a script (URL pattern) that, placed before the trackers, blocks them by itself;
      `gate` beside it gives attributes it must have, `spares` those of elements that it leaves
      alone.

    `within` is a callback or a registry: in a condition or callback, `$0` is then the first
    parameter of the function that it is given: `$0.detail.includes("{purpose}")`.
    `beside`: literals beside the function in its object (`{name: "{purpose}"}`).
    `needs`: what the page has to give a global for the condition to count (`wp_type is optin`).
    `says`: `purpose` (the default, where the spelling names it), `all`, `unclear` (something was
    agreed to, not what), `nothing` (it looks like consent and is none), or our purposes, separated
    by blanks.
    """

    condition: str = ""
    gate: Mapping[str, str] = field(default_factory=dict)
    callback: str = ""
    registry: str = ""
    blocks: str = ""
    within: str = ""
    beside: Mapping[str, str] = field(default_factory=dict)
    spares: Mapping[str, str] = field(default_factory=dict)
    needs: str = ""
    says: str = "purpose"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentExample:
    """Code with a place `TRACKER` (a call of `tracker()`, or markup) and what is known there."""

    code: str
    given: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentExamples:
    """`is`: consent is seen for the purposes `given`; `is_not`: none is."""

    is_: tuple[ConsentExample, ...]
    is_not: tuple[ConsentExample, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentPlatform:
    """One consent platform.

    `purposes` maps its own words to ours; with `words: usual`, where sites name the categories
    themselves, the words of `knowledge/choices.yaml` beside them. `loads` are URL patterns of its
    script, `packages` its npm names, `globals` its names on `window`: the platform is present where
    one of them is.
    `defaults` are rows of configuration that grants consent before any choice (`says: granted`) or
    denies it (`says: denied`), with `value` the place of what is granted.
    `stores` are names of its own storage, which needs no consent. `reopens` is how a page offers
    the choice again: names that are called (`CookieConsent.showPreferences`), attributes with or
    without a value (`data-cc`, `href=#consent`).
    """

    id: str
    name: str
    purposes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: Literal["own", "usual"] = "own"
    loads: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    globals: tuple[str, ...] = ()
    signs: tuple[Sign, ...] = ()
    defaults: tuple[Row, ...] = ()
    stores: tuple[str, ...] = ()
    reopens: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[SourceOfFact, ...]
    examples: ConsentExamples = ConsentExamples(is_=(), is_not=())
