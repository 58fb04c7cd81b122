"""How names fall apart into words, and what the words tell of.

A name is split at changes of case, at punctuation and around digits, after accents are taken off:
`motif_consultation`, `motifConsultation` and `Motif de consultation` are words. Words are compared
whole, or by their beginning where an entry says so; never as substrings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from gdprlint.knowledge.data import Category, Strength, Vocabulary, Words

_BOUNDARY = re.compile(r"([a-z0-9])([A-Z])|([A-Z]+)([A-Z][a-z])")
_WORD = re.compile(r"[a-z]+")
_FOLDED = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "Ø": "O", "Ł": "L"})
_LONGEST = 200


@lru_cache(maxsize=65536)
def split(name: str) -> tuple[str, ...]:
    """The words of `name`, lower-case ASCII; numbers are no words."""
    text = name[:_LONGEST].translate(_FOLDED)
    if not text.isascii():
        text = "".join(
            c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)
        )
    text = _BOUNDARY.sub(r"\1\3 \2\4", text)
    return tuple(_WORD.findall(text.lower()))


@dataclass(frozen=True, slots=True)
class Told:
    """That a name tells of a category, how strongly, and by which words (positions in the name)."""

    category: Category
    strength: Strength
    start: int
    end: int


class WordList:
    """Which names hold one of the phrases; a phrase is one or several whole words, `*` ends a
    prefix."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._phrases: dict[str, list[tuple[str, ...]]] = {}
        self._joined: set[str] = set()
        self._prefixes: list[str] = []
        for phrase in phrases:
            if phrase.endswith("*"):
                self._prefixes.append("".join(split(phrase[:-1])))
                continue
            words = split(phrase)
            if words:
                self._phrases.setdefault(words[0], []).append(words)
                self._joined.add("".join(words))

    def within(self, name: str) -> bool:
        """Whether the words of `name` hold one of the phrases."""
        return self.first(split(name)) is not None

    def first(self, words: Sequence[str]) -> tuple[int, int] | None:
        """Where the first phrase stands in `words`, as a half-open range, or None."""
        return next(self._found(words), None)

    def all(self, words: Sequence[str]) -> list[tuple[int, int]]:
        """Where phrases stand in `words`, as half-open ranges."""
        return list(self._found(words))

    def _found(self, words: Sequence[str]) -> Iterator[tuple[int, int]]:
        for i, word in enumerate(words):
            for phrase in self._phrases.get(word, ()):
                if tuple(words[i : i + len(phrase)]) == phrase:
                    yield i, i + len(phrase)
            if word in self._joined or any(word.startswith(p) for p in self._prefixes):
                yield i, i + 1


@dataclass(frozen=True, slots=True)
class _Phrase:
    words: tuple[str, ...]
    category: Category
    strength: Strength
    exact: bool


class Lexicon:
    """What the names and values of a project tell of."""

    def __init__(self, categories: Sequence[Category], vocabulary: Vocabulary) -> None:
        self.categories = tuple(categories)
        self.by_id = {category.id: category for category in categories}
        self.vocabulary = vocabulary
        self.owners = WordList(vocabulary.owners)
        self.others = WordList(vocabulary.others)
        self._stops = WordList(vocabulary.stops)
        self._about = frozenset(vocabulary.about)
        self._first: dict[str, list[_Phrase]] = {}
        self._joined: dict[str, list[_Phrase]] = {}
        self._prefixes: dict[str, list[tuple[str, _Phrase]]] = {}
        self._not: dict[str, WordList] = {}
        self._values: list[tuple[str, bool, Category]] = []
        for category in categories:
            self._not[category.id] = WordList(category.not_)
            for words in category.words:
                self._add(category, words)
            for words in category.values:
                if words.strength == "strong":
                    whole = words.match != "prefix"
                    self._values.extend(
                        ("".join(split(word)), whole, category) for word in words.words
                    )

    def _add(self, category: Category, words: Words) -> None:
        for spelled in words.words:
            parts = split(spelled)
            if not parts:
                continue
            phrase = _Phrase(parts, category, words.strength, words.match == "exact")
            if words.match == "prefix":
                key = "".join(parts)
                self._prefixes.setdefault(key[:3], []).append((key, phrase))
                continue
            self._first.setdefault(parts[0], []).append(phrase)
            if len(parts) > 1:
                self._joined.setdefault("".join(parts), []).append(phrase)

    def tells(self, name: str) -> tuple[Told, ...]:
        """What `name` tells of, longest phrase first, without regard to context or owner.

        Words that say whose the data is (`patient`, `doctor`) tell of something only where no
        other word of the name does: `patient_email` is an e-mail address, `isNewPatient` is health.
        """
        words = split(name)
        if not words:
            return ()
        stops = self._stops.all(words)
        found = [
            told
            for i in range(len(words))
            for told in self._at(words, i)
            if not _inside(told, stops)
            and not self._about.intersection(words[told.end : told.end + 1])
            and not _inside(told, self._not[told.category.id].all(words))
        ]
        found.sort(key=lambda told: (told.start - told.end, told.strength != "strong", told.start))
        kept: list[Told] = []
        for told in found:
            inside = any(k.start <= told.start and told.end <= k.end for k in kept)
            shorter = any(
                k.end - k.start > told.end - told.start and k.start <= told.start < k.end
                for k in kept
            )
            if not shorter and not (inside and any(k.category is told.category for k in kept)):
                kept.append(told)
        subjects = [t for t in kept if self._is_owner(words[t.start : t.end])]
        rest = [t for t in kept if t not in subjects]
        return tuple(rest or [t for t in subjects if t.strength == "strong"])

    def stopped(self, before: tuple[str, ...], words: tuple[str, ...], told: Told) -> bool:
        """Whether what a name tells of is none after the words before it: `contract.address`."""
        shift = len(before)
        moved = Told(told.category, told.strength, told.start + shift, told.end + shift)
        return _inside(moved, self._stops.all((*before, *words)))

    def _is_owner(self, words: Sequence[str]) -> bool:
        return len(words) == 1 and (
            self.owners.first(words) is not None or self.others.first(words) is not None
        )

    def _at(self, words: tuple[str, ...], i: int) -> Iterable[Told]:
        word = words[i]
        for phrase in self._first.get(word, ()):
            length = len(phrase.words)
            if words[i : i + length] == phrase.words and (not phrase.exact or length == len(words)):
                yield Told(phrase.category, phrase.strength, i, i + length)
        for phrase in self._joined.get(word, ()):
            if not phrase.exact or len(words) == 1:
                yield Told(phrase.category, phrase.strength, i, i + 1)
        for prefix, phrase in self._prefixes.get(word[:3], ()):
            if word.startswith(prefix):
                yield Told(phrase.category, phrase.strength, i, i + 1)

    def values(self, text: str) -> tuple[Category, ...]:
        """Categories that a literal value, a path segment or a title tells of."""
        found: dict[str, Category] = {}
        for word in split(text):
            for known, whole, category in self._values:
                if word == known or (not whole and word.startswith(known)):
                    found[category.id] = category
        return tuple(found.values())


def _inside(told: Told, ranges: Iterable[tuple[int, int]]) -> bool:
    return any(start <= told.start and told.end <= end for start, end in ranges)
