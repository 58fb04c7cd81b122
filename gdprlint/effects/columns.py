"""Which columns of a database hold what they hold as plain text, by their names?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from gdprlint.effects import Declare, Occurrence
from gdprlint.facts import SPREAD, Define, Entry, Expr, Invoke, Link, Member, Name, Record, Text
from gdprlint.facts.expr import Keyword
from gdprlint.flow import Flow
from gdprlint.knowledge import Vocabulary, WordList, split
from gdprlint.source import Span

PLAIN = "plain-column"
_OF_DJANGO = frozenset({"TextField", "CharField", "JSONField"})
_COLUMNS = frozenset({"Column", "mapped_column"})
_TYPES = frozenset({"Text", "String", "Unicode", "UnicodeText", "JSON", "JSONB"})
_DECLARED_IN = "SQLModel"


class Columns:
    """The columns of a project's models. One that knows how to encrypt columns tells nothing of
    those that it leaves in the clear: their reader decided."""

    def __init__(self, flow: Flow, vocabulary: Vocabulary) -> None:
        self.flow = flow
        self.project = flow.project
        self._encrypting = WordList(vocabulary.encrypting)
        self._owners = WordList(vocabulary.owners)

    def plain(self, path: str) -> Iterator[Declare]:
        """The columns of one file that are kept as text or as JSON."""
        if self.project.files[path].language != "python" or self._encrypts:
            return
        for fact in self.project.facts(path):
            if isinstance(fact, Define) and isinstance(fact.value, Record):
                parents = {_last(e.value) for e in fact.value.entries if e.key == SPREAD}
                for entry in fact.value.entries:
                    if parents and self._is_plain(entry, parents, fact.name, path):
                        span = Span(path, entry.start, max(entry.start + 1, entry.end))
                        at = Occurrence(path=path, span=span, way=fact.way, what=entry.key)
                        yield Declare(at=at, says=PLAIN, subject=entry.key)

    def _is_plain(self, entry: Entry, parents: set[str], model: str, path: str) -> bool:
        match entry.value:
            case Invoke(to, arguments):
                kind = _last(to)
                callee = self.flow.names.callee(to, path)
            case _:
                # `diagnosis: str`, declared and given nothing.
                return _DECLARED_IN in parents and entry.key not in (SPREAD, "Meta")
        # Codes of a list that somebody else's record is given say nothing of a patient.
        if _is_given(arguments, "choices") and self._owners.first(split(model)) is None:
            return False
        if kind in _OF_DJANGO:
            return callee is not None and callee.package.startswith("django.db")
        if kind in _COLUMNS:
            return any(_last(_made(a)) in _TYPES for a in arguments if not isinstance(a, Keyword))
        return kind == "Field" and _DECLARED_IN in parents and not _is_given(arguments, "sa_column")

    @cached_property
    def _encrypts(self) -> bool:
        """Whether a module is imported, or a name from one, that encrypts columns."""
        return any(
            self._encrypting.within(word)
            for path, facts in self.project.files.items()
            if facts.language == "python"
            for fact in facts.facts
            for word in _imported(fact)
        ) or any(self._says_so(path) for path in self.project.files)

    def _says_so(self, path: str) -> bool:
        """Whether a migration switches the database's own encryption on."""
        return "migrations" in path.split("/") and any(
            isinstance(fact, Define) and self._encrypting.within(fact.name)
            for fact in self.project.facts(path)
        )


def _imported(fact: object) -> Iterator[str]:
    match fact:
        case Link(kind="import", target=Text(module)):
            yield module
        case Define(value=Invoke(Name("import"), (Text(module), Text(name)))):
            yield module
            yield name


def _is_given(arguments: tuple[Expr, ...], keyword: str) -> bool:
    return any(isinstance(a, Keyword) and a.name == keyword for a in arguments)


def _made(value: Expr) -> Expr:
    return value.to if isinstance(value, Invoke) else value


def _last(value: Expr) -> str:
    match value:
        case Name(name) | Member(_, name):
            return name
    return ""
