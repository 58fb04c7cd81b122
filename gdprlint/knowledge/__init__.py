"""What is known of the world: vendors, consent platforms, personal data, web APIs, articles.

`Knowledge` is the only way in. It holds facts of the world and no meaning of code: which host is
whose, which word tells of what, which call does what.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from gdprlint.errors import RulesetError, likely_word
from gdprlint.knowledge.address import (
    GAP,
    Match,
    UrlPattern,
    WebAddress,
    glob,
    is_local,
    parse,
)
from gdprlint.knowledge.api import ApiFamily, Row
from gdprlint.knowledge.consent import ConsentPlatform, Sign
from gdprlint.knowledge.data import Category, Family, Strength, Vocabulary
from gdprlint.knowledge.law import Act, Article, Law
from gdprlint.knowledge.routers import Routers
from gdprlint.knowledge.shelf import read_shelf, shipped, without_examples
from gdprlint.knowledge.vendor import Marks, Stored, Vendor
from gdprlint.knowledge.words import Lexicon, Told, WordList, split
from gdprlint.yamldoc import typed

__all__ = [
    "GAP",
    "TRACKER_CATEGORIES",
    "Act",
    "Article",
    "Category",
    "ConsentPlatform",
    "Knowledge",
    "Lexicon",
    "Marks",
    "Match",
    "Place",
    "Routers",
    "Row",
    "Sign",
    "Stored",
    "Strength",
    "Told",
    "UrlPattern",
    "UrlRole",
    "Vendor",
    "VendorHit",
    "Vocabulary",
    "WebAddress",
    "WordList",
    "glob",
    "is_local",
    "parse",
    "read_shelf",
    "shipped",
    "split",
    "without_examples",
]

TRACKER_CATEGORIES = frozenset(
    {
        "ads",
        "analytics",
        "analytics-exemptable",
        "session-replay",
        "ab-testing",
        "social",
        "fingerprint",
        "tag-manager",
    }
)
"""Categories of vendors that follow a visitor; `rules.md` calls them trackers."""

_PLACES = (
    "argument",
    "arguments",
    "attribute",
    "keyword",
    "made",
    "receiver",
    "result",
    "then",
    "value",
)
_NUMBERED = frozenset({"argument", "made", "then"})

T = TypeVar("T")
UrlRole = str
"""How a URL is the vendor's: `script`, `pixel`, `frame`, `style` or `host`."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a call, taken apart: `argument 1 . body` is ("argument", 1, ("body",)).

    Of `then send 0`, `name` is the method and `index` the argument's number.
    """

    kind: str
    index: int
    name: str
    path: tuple[str, ...]

    @staticmethod
    def of(text: str) -> Place:
        """The place that a row spells."""
        head, *path = [part.strip() for part in text.split(" . ")]
        word, _, rest = head.partition(" ")
        name, _, last = rest.strip().rpartition(" ")
        index = int(last) if word in _NUMBERED and last.isdigit() else -1
        if word not in _PLACES:
            raise RulesetError(f"a row names the place {text!r}; " + likely_word(word, _PLACES))
        return Place(word, index, name if index >= 0 else rest.strip(), tuple(path))


@dataclass(frozen=True, slots=True)
class VendorHit:
    """A URL is this vendor's, in this role; `match` tells whether a gap had to be guessed."""

    vendor: Vendor
    role: UrlRole
    match: Match
    weight: int


@dataclass(frozen=True, slots=True)
class _Indexed:
    pattern: UrlPattern
    vendor: Vendor
    role: UrlRole


class Knowledge:
    """All tables, read from the shipped ruleset and from rulesets of the user's own."""

    def __init__(self, shelves: Sequence[tuple[Path, Mapping[str, Any]]]) -> None:
        entries: dict[str, tuple[str, Any]] = {}
        self._shapes: dict[object, Any] = {}
        for directory, shelf in shelves:
            for name, value in shelf.items():
                if name.startswith("knowledge/"):
                    entries[name] = (str(directory / name), value)
        self._entries = entries
        self.vendors = _by_id(self._all("knowledge/vendors/", Vendor))
        choices = {
            word: tuple(purposes) for word, purposes in entries["knowledge/choices.yaml"][1].items()
        }
        self.platforms = _by_id(
            _worded(platform, choices)
            for platform in self._all("knowledge/consent/", ConsentPlatform)
        )
        self.families = tuple(self._all("knowledge/api/", ApiFamily))
        self.vocabulary = self._one("knowledge/words.yaml", Vocabulary)
        self.routers = self._one("knowledge/routers.yaml", Routers)
        law = self._one("knowledge/law.yaml", Law)
        self.acts = {act.id: act for act in law.acts}
        self.articles = {article.id: article for article in law.articles}
        categories = [
            category
            for family in self._all("knowledge/data/", Family)
            for category in family.categories
        ]
        self.lexicon = Lexicon(categories, self.vocabulary)
        self.categories = {category.id: category for category in categories}
        self.purposes: Mapping[str, str] = dict(entries["knowledge/purposes.yaml"][1])
        self.aliases: Mapping[str, Mapping[str, tuple[str, ...]]] = {
            package: {prefix: tuple(folders) for prefix, folders in prefixes.items()}
            for package, prefixes in entries["knowledge/aliases.yaml"][1].items()
        }
        self._index_urls()
        self.rows = tuple(row for family in self.families for row in family.rows)
        self.flows = tuple(flow for family in self.families for flow in family.flows)
        self.inlined = tuple(one for family in self.families for one in family.inlined)
        self.vendor_rows = tuple(
            (vendor, row) for vendor in self.vendors.values() for row in vendor.calls
        )
        self.globals: dict[str, Vendor] = {
            name: vendor for vendor in self.vendors.values() for name in vendor.globals
        }
        self._stored = [
            (stored, vendor) for vendor in self.vendors.values() for stored in vendor.stores
        ]
        self.essential = tuple(
            [*self.vocabulary.essential]
            + [name for platform in self.platforms.values() for name in platform.stores]
        )

    @staticmethod
    def shipped(more: Iterable[Path] = ()) -> Knowledge:
        """The shipped tables, with those of further rulesets beside or instead of them."""
        shelves = [(shipped(), read_shelf())]
        shelves.extend((directory, read_shelf(directory)) for directory in more)
        return Knowledge(shelves)

    def _all(self, folder: str, kind: type[T]) -> Iterator[T]:
        for name in sorted(self._entries, key=lambda name: name.rpartition(".")[0]):
            if name.startswith(folder):
                place, value = self._entries[name]
                entry = typed(value, kind, place=place, shapes=self._shapes)
                stem = Path(name).stem
                if getattr(entry, "id", stem) != stem:
                    raise RulesetError(f"{place}: the id is not the file's name, {stem!r}")
                yield entry

    def _one(self, name: str, kind: type[T]) -> T:
        if name not in self._entries:
            raise RulesetError(f"{name}: this file of the ruleset is missing")
        place, value = self._entries[name]
        return typed(value, kind, place=place, shapes=self._shapes)

    def _index_urls(self) -> None:
        self._exact: dict[str, list[_Indexed]] = {}
        self._below: dict[str, list[_Indexed]] = {}
        self._anywhere: list[_Indexed] = []
        self._copies = [
            (platform.id, UrlPattern.of(load))
            for platform in self.platforms.values()
            for load in platform.loads
            if load.startswith("*/")
        ]
        for vendor in self.vendors.values():
            for role, patterns in (
                ("script", vendor.scripts),
                ("pixel", vendor.pixels),
                ("frame", vendor.frames),
                ("style", vendor.styles),
                ("host", tuple("*." + host for host in vendor.hosts)),
            ):
                for spelled in patterns:
                    self._index(_Indexed(UrlPattern.of(spelled), vendor, role))

    def _index(self, entry: _Indexed) -> None:
        host = entry.pattern.host
        if host.startswith("*.") and "*" not in host[2:]:
            self._below.setdefault(host[2:], []).append(entry)
        elif "*" in host:
            self._anywhere.append(entry)
        else:
            self._exact.setdefault(host, []).append(entry)

    def whose(self, url: str) -> VendorHit | None:
        """The vendor that serves `url` (which may have gaps), or None: the most telling pattern.

        Hosts are compared by whole labels. A URL relative to the page is nobody's but for patterns
        of any host (self-hosted analytics).
        """
        address = parse(url)
        if GAP in ".".join(address.host.split(".")[-2:]):
            return None
        candidates = [*self._exact.get(address.host, ())]
        labels = address.host.split(".")
        for i in range(len(labels)):
            candidates.extend(self._below.get(".".join(labels[i:]), ()))
        if address.path:
            candidates.extend(self._anywhere)
        best: VendorHit | None = None
        for entry in candidates:
            match = entry.pattern.match(address)
            if match is Match.NO:
                continue
            weight = entry.pattern.weight - (1000 if entry.role == "host" else 0)
            if match is Match.PERHAPS:
                # An account id that is not written out starts one of several products: the one
                # that follows visitors least is named, and of these the least particular pattern.
                mild = entry.vendor.category.startswith("analytics")
                weight = (1000 if mild else 0) - weight
            if best is None or (match, weight) > (best.match, best.weight):
                best = VendorHit(entry.vendor, entry.role, match, weight)
        return best

    def own_code(self, path: str) -> str | None:
        """The vendor or platform whose own script a file of the project is, by its name, or None.

        Only names that are told of any host count (`*/stats.js`): what such a copy does is what
        the vendor does where a page loads it, and no finding in the copy itself.
        """
        address = WebAddress("https", "copy.invalid", "/" + path, ())
        for entry in self._anywhere:
            if entry.role == "script" and entry.pattern.match(address) is Match.YES:
                return str(entry.vendor.id)
        for platform, pattern in self._copies:
            if pattern.match(address) is Match.YES:
                return str(platform)
        return None

    def stored_by(self, name: str) -> tuple[Stored, Vendor] | None:
        """The vendor's cookie or storage key of that name; short names need the vendor
        elsewhere."""
        for stored, vendor in self._stored:
            if len(stored.name.rstrip("*")) > 2 and glob(stored.name, name) is Match.YES:
                return stored, vendor
        return None

    def is_essential(self, name: str) -> bool:
        """Whether a cookie or storage key of that name is needed for what the visitor asked for."""
        lowered = name.lower()
        return any(glob(pattern.lower(), lowered) is Match.YES for pattern in self.essential)

    def is_tracking(self, name: str) -> bool:
        """Whether a cookie or storage key of that name is a known tracker's or a click
        identifier."""
        lowered = name.lower()
        names = (*self.vocabulary.tracking, *self.vocabulary.click_ids)
        return any(glob(pattern.lower(), lowered) is Match.YES for pattern in names)

    def named_groups(self, names: Iterable[str]) -> frozenset[str]:
        """Category ids for a list that names categories, their groups, or beginnings of ids."""
        wanted = set(names)
        return frozenset(
            category.id
            for category in self.categories.values()
            if category.id in wanted or category.group in wanted
        )


def _worded(platform: ConsentPlatform, choices: Mapping[str, tuple[str, ...]]) -> ConsentPlatform:
    """A platform with the usual words for purposes, where its sites choose the words."""
    if platform.words == "own":
        return platform
    return replace(platform, purposes={**choices, **platform.purposes})


def _by_id(entries: Iterable[Any]) -> dict[str, Any]:
    return {entry.id: entry for entry in entries}
