"""Which categories of personal data does a name, a form control or an origin tell of, here?

*Here* matters: weak words count only in their context or beside a word that says whose the data is,
and a doctor's name is not the visitor's.
"""

from __future__ import annotations

from dataclasses import dataclass

from gdprlint.flow import HOST_PART, TESTED, Origin
from gdprlint.knowledge import Category, Knowledge, Strength, split
from gdprlint.project.controls import Control

_TOLD_BY_TESTS = frozenset({"special", "criminal"})
_PERSONAL = frozenset({"contact", "identity", "location", "quasi"})
_SEARCH_TYPES = frozenset({"search"})
_LABEL_WORDS = 4


@dataclass(frozen=True, slots=True)
class Class:
    """One category, and how strongly the spelling tells of it."""

    category: Category
    strength: Strength

    @property
    def id(self) -> str:
        """The category's id."""
        return self.category.id


def told_by_tests(classes: tuple[Class, ...]) -> tuple[Class, ...]:
    """What is told where only the truth of something goes on.

    That an address was given is no address, while that an illness is there is health.
    """
    return tuple(one for one in classes if one.category.group in _TOLD_BY_TESTS)


def left_of(classes: tuple[Class, ...], passed: tuple[str, ...]) -> tuple[Class, ...]:
    """What is told after all that a value went through.

    What stands behind the `@` is shared by everybody with that provider.
    """
    if TESTED in passed:
        classes = told_by_tests(classes)
    if HOST_PART in passed:
        classes = tuple(one for one in classes if one.category.group != "contact")
    return classes


class Classifier:
    """The lexicon, asked in a context."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.lexicon = knowledge.lexicon
        self.search = next((c for c in knowledge.categories.values() if c.group == "search"), None)

    def name(
        self, name: str, context: frozenset[str], owner: str = "", *, on_form: bool = False
    ) -> tuple[Class, ...]:
        """What `name` tells of in `context` (`health`, ...), as a member of `owner`.

        `on_form` for names of form controls and parameters, where short words like `name` are the
        visitor's own.
        """
        found: list[Class] = []
        words = split(name)
        owner_words = split(owner)
        for told in self.lexicon.tells(name):
            # `city` says of `cityName` whose name it is, and of `userCity` nothing about its owner.
            mine = self._owned((*words[: told.start], *words[told.end :]), owner_words)
            group = told.category.group
            if group in _PERSONAL and mine is False:
                continue
            if owner_words and self.lexicon.stopped(owner_words[-1:], words, told):
                continue
            if told.strength == "weak" and not (
                self._in_context(told.category, context)
                or (group not in ("special", "criminal") and (mine or on_form))
                or (group in ("special", "criminal") and mine)
            ):
                continue
            found.append(Class(told.category, told.strength))
        return tuple(found)

    def _owned(self, words: tuple[str, ...], owner: tuple[str, ...]) -> bool | None:
        """True where the nearest owner is the visitor, False where it is somebody else."""
        nearest = [*reversed(words), *reversed(owner)]
        for word in nearest:
            if self.lexicon.others.first((word,)) is not None:
                return False
            if self.lexicon.owners.first((word,)) is not None:
                return True
        return None

    def is_anothers(self, owner: str) -> bool:
        """Whether an owner, `product` or `order.doctor`, is somebody or something else."""
        return bool(owner) and self._owned((), split(owner)) is False

    def _in_context(self, category: Category, context: frozenset[str]) -> bool:
        return category.id in context or (
            category.group == "special" and "health" in context and category.id == "health"
        )

    def control(self, control: Control, context: frozenset[str]) -> tuple[Class, ...]:
        """What a form control holds: by type and autocomplete, name, label, hint and choices."""
        found: dict[str, Class] = {}
        named = self.name(control.name, context, on_form=True)
        if self.search is not None and (
            control.kind in _SEARCH_TYPES or any(c.category is self.search for c in named)
        ):
            return (Class(self.search, "strong"),)
        for category in self.lexicon.categories:
            tokens = set(control.autocomplete.split())
            if control.kind in category.fields.type or tokens & set(category.fields.autocomplete):
                found[category.id] = Class(category, "strong")
        spelled = [(control.name, named)]
        for text in (control.label, control.hint):
            if text and len(split(text)) <= _LABEL_WORDS:
                told = tuple(c for c in self.name(text, context) if c.strength == "strong")
                spelled.append((text, told))
        for _, classes in spelled:
            for one in classes:
                found.setdefault(one.id, one)
        for choice in control.choices:
            for category in self.lexicon.values(choice):
                found[category.id] = Class(category, "strong")
        return tuple(found.values())

    def origin(self, origin: Origin, context: frozenset[str]) -> tuple[Class, ...]:
        """What an origin tells of; nothing for calls and literals that name nothing."""
        return left_of(self._origin(origin, context), origin.passed)

    def _origin(self, origin: Origin, context: frozenset[str]) -> tuple[Class, ...]:
        match origin.kind:
            case "field":
                if origin.control is not None:
                    return self.control(origin.control, context)
                return self.name(origin.name, context, on_form=True)
            case "url" | "request" | "stored":
                return self.name(origin.name, context, on_form=True)
            case "name":
                if origin.name.isupper() and "_" in origin.name:
                    # A constant or a setting of the program's, by the custom of all languages.
                    return ()
                return self.name(origin.name, context, origin.owner)
            case "text" | "call" | "page":
                return ()

    def value(self, text: str) -> tuple[Category, ...]:
        """What a literal value, a path segment or a title tells of."""
        return self.lexicon.values(text)
