"""Does this call, assignment or setting spell that row, and what stands at the row's places?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from gdprlint.effects import Answer
from gdprlint.facts import (
    Choice,
    Constant,
    Either,
    Expr,
    Function,
    Invoke,
    Items,
    Member,
    Name,
    Parameter,
    Record,
    Text,
)
from gdprlint.facts.expr import Keyword
from gdprlint.flow import GAP, GLOBAL_OBJECTS, Context, Flow
from gdprlint.knowledge import Place, Row, Vendor


@dataclass(frozen=True, slots=True)
class Rowed:
    """A row, and the vendor whose it is where it is one's."""

    row: Row
    vendor: Vendor | None


@lru_cache(maxsize=4096)
def place_of(text: str) -> Place:
    """A row's place, taken apart once."""
    return Place.of(text)


@dataclass(frozen=True, slots=True)
class _Test:
    place: Place
    operator: str
    words: tuple[str, ...]


@lru_cache(maxsize=4096)
def _test(text: str) -> _Test:
    for operator in (" is not given", " is given", " is ", " starts ", " has "):
        head, found, tail = text.partition(operator)
        if found:
            words = tuple(word.strip().strip("'\"") for word in tail.split(" or ") if word.strip())
            return _Test(place_of(head.strip()), operator.strip(), words)
    raise ValueError(f"a row's condition cannot be {text!r}")


class Rows:
    """Rows by the last name of what they speak of."""

    def __init__(self, rows: Iterable[Rowed], flow: Flow) -> None:
        self.flow = flow
        self._called: dict[str, list[Rowed]] = {}
        self._assigned: dict[str, list[Rowed]] = {}
        self.settings: dict[str, list[Rowed]] = {}
        self.components: dict[str, list[Rowed]] = {}
        for rowed in rows:
            row = rowed.row
            if row.element == "component":
                self.components.setdefault(_last(row.called), []).append(rowed)
            elif row.called:
                self._called.setdefault(_last(row.called), []).append(rowed)
            elif row.assigned:
                self._assigned.setdefault(_last(row.assigned), []).append(rowed)
            elif row.setting:
                self.settings.setdefault(row.setting, []).append(rowed)

    def of_call(self, invoke: Invoke, path: str) -> list[tuple[Rowed, Answer]]:
        """The rows that a call spells, each with yes or maybe."""
        last = _last_name(invoke.to, self.flow, path)
        found: list[tuple[Rowed, Answer]] = []
        for rowed in self._called.get(last, ()):
            answer = self.spells(rowed, invoke, path)
            if answer is not Answer.NO:
                found.append((rowed, answer))
        return found

    def of_assign(self, to: Expr, value: Expr, path: str) -> list[tuple[Rowed, Answer]]:
        """The rows that an assignment spells."""
        if not isinstance(to, Member | Name):
            return []
        found: list[tuple[Rowed, Answer]] = []
        for rowed in self._assigned.get(to.name, ()):
            if not self._language(rowed.row, path):
                continue
            if not self._assigned_path(rowed.row, to, path):
                continue
            answer = self.holds(rowed.row.when, (), value, path)
            if answer is not Answer.NO:
                found.append((rowed, answer))
        return found

    def spells(self, rowed: Rowed, invoke: Invoke, path: str) -> Answer:
        """Whether a call spells a row: its name, its package, its receiver and its conditions."""
        row = rowed.row
        if not self._language(row, path):
            return Answer.NO
        wanted = row.called.removeprefix("new ")
        if row.called.startswith("new ") and not invoke.new:
            return Answer.NO
        if not self._callee(row, wanted, invoke.to, path):
            return Answer.NO
        if row.of and not self._made_by(invoke.to, row.of, path):
            return Answer.NO
        return self.holds(row.when, invoke.arguments, None, path)

    def _language(self, row: Row, path: str) -> bool:
        if row.language == "any":
            return True
        return (self.flow.project.files[path].language == "python") == (row.language == "python")

    def _callee(self, row: Row, wanted: str, to: Expr, path: str) -> bool:
        callee = self.flow.names.callee(to, path)
        if callee is None:
            return False
        if wanted.startswith("*."):
            tail = tuple(wanted[2:].split("."))
            return (
                len(callee.names) > len(tail) - 1
                and callee.names[-len(tail) :] == tail
                and (isinstance(to, Member))
            )
        names = tuple(wanted.split("."))
        if row.package:
            if callee.package != row.package and not callee.package.startswith(row.package + "/"):
                return callee.dotted == f"{row.package}.{wanted}" and not callee.local
            return _plain(callee.names) == _plain(names)
        if names[0] in GLOBAL_OBJECTS:
            names = names[1:]
        if callee.local or callee.package:
            return callee.dotted == wanted and not callee.local
        return callee.names == names

    def _assigned_path(self, row: Row, to: Member | Name, path: str) -> bool:
        wanted = row.assigned
        if wanted.startswith("*."):
            if not isinstance(to, Member):
                return False
            return not row.of or self._made_by(to, row.of, path)
        callee = self.flow.names.callee(to, path)
        if callee is None or callee.package:
            return False
        names = tuple(wanted.split("."))
        if names[0] in GLOBAL_OBJECTS:
            names = names[1:]
        return callee.names == names

    def _made_by(self, to: Expr, makers: str, path: str) -> bool:
        """Whether the receiver was made by one of the spellings (`new Image or createElement`)."""
        if not isinstance(to, Member):
            return False
        made = self.maker(to.of, path)
        return any(made == maker.strip() for maker in makers.split(" or "))

    def maker(self, value: Expr, path: str, depth: int = 0) -> str:
        """What made an object: `new Image`, or the element's tag for `document.createElement`."""
        match value:
            case Invoke(Member(_, "createElement"), (first, *_)):
                return self.flow.values.literal(first, path) or "element"
            case Invoke(to, _, True):
                callee = self.flow.names.callee(to, path)
                return "new " + callee.names[-1] if callee and callee.names else "new"
            case Invoke(to):
                callee = self.flow.names.callee(to, path)
                return callee.dotted if callee is not None else ""
            case Name() | Parameter() if depth < 5:
                for inner, where, _ in self.flow.values.behind(value, path):
                    if inner != value:
                        found = self.maker(inner, where, depth + 1)
                        if found:
                            return found
            case Either(left, right) | Choice(_, left, right):
                return self.maker(left, path, depth + 1) or self.maker(right, path, depth + 1)
        return ""

    def holds(
        self,
        conditions: Sequence[str],
        arguments: Sequence[Expr],
        value: Expr | None,
        path: str,
        context: Context = (),
    ) -> Answer:
        """Whether all conditions of a row hold of a call's arguments, or of an assigned value."""
        answer = Answer.YES
        for spelled in conditions:
            test = _test(spelled)
            answer = min(answer, self._holds(test, arguments, value, path, context))
            if answer is Answer.NO:
                break
        return answer

    def _holds(
        self,
        test: _Test,
        arguments: Sequence[Expr],
        value: Expr | None,
        path: str,
        context: Context,
    ) -> Answer:
        found = self.at(test.place, arguments, value, path, context)
        if test.operator == "is not given":
            return Answer.NO if found else Answer.YES
        if test.operator == "is given":
            return Answer.YES if found else Answer.NO
        if not found:
            return Answer.NO
        return max(self._compares(test, inner, where, its) for inner, where, its in found)

    def _compares(self, test: _Test, value: Expr, path: str, context: Context) -> Answer:
        if test.operator == "has":
            if isinstance(value, Name) and value.name == "arguments":
                # A stub that hands its arguments on; its own calls are what counts.
                return Answer.NO
            keys = {e.key for e, _, _ in self.flow.values.entries(value, path, context)}
            if any(word in keys for word in test.words):
                return Answer.YES
            return Answer.NO if keys or isinstance(value, Text | Constant) else Answer.MAYBE
        if isinstance(value, Function | Record | Items):
            return Answer.NO
        best = Answer.NO
        for text in self.flow.values.spellings(value, path, context):
            for word in test.words:
                if test.operator == "is":
                    if text == word:
                        return Answer.YES
                    if GAP in text and _could_be(text, word):
                        best = Answer.MAYBE
                elif text.startswith(word):
                    return Answer.YES
                elif GAP in text and word.startswith(text.partition(GAP)[0]):
                    best = Answer.MAYBE
        return best

    def at(
        self,
        place: Place,
        arguments: Sequence[Expr],
        value: Expr | None,
        path: str,
        context: Context = (),
    ) -> list[tuple[Expr, str, Context]]:
        """The expressions that stand at a row's place, with where they stand."""
        start: list[Expr] = []
        positional = [a for a in arguments if not isinstance(a, Keyword)]
        match place.kind:
            case "argument":
                if 0 <= place.index < len(positional):
                    start = [positional[place.index]]
            case "keyword":
                start = [
                    a.value for a in arguments if isinstance(a, Keyword) and a.name == place.name
                ]
            case "arguments":
                start = [a.value if isinstance(a, Keyword) else a for a in arguments]
            case "value":
                start = [value] if value is not None else []
        found: list[tuple[Expr, str, Context]] = [(e, path, context) for e in start]
        for key in place.path:
            found = [inner for e, where, its in found for inner in self._member(e, key, where, its)]
        return found

    def _member(
        self, value: Expr, key: str, path: str, context: Context
    ) -> list[tuple[Expr, str, Context]]:
        if key.isdigit():
            match value:
                case Items(items):
                    return [(items[int(key)], path, context)] if int(key) < len(items) else []
                case Name() | Parameter():
                    return [
                        inner
                        for e, where, its in self.flow.values.behind(value, path, context)
                        if e != value
                        for inner in self._member(e, key, where, its)
                    ]
            return []
        if isinstance(value, Items):
            # A list stands for each of its items: `services . default`.
            return [
                inner for item in value.items for inner in self._member(item, key, path, context)
            ]
        if isinstance(value, Record | Name | Parameter | Member | Either | Choice | Invoke):
            found = [
                (entry.value, where, its)
                for entry, where, its in self.flow.values.entries(value, path, context)
                if entry.key == key
            ]
            lists = [
                inner
                for e, where, its in self.flow.values.behind(value, path, context)
                if isinstance(e, Items)
                for inner in self._member(e, key, where, its)
            ]
            return found or lists
        return []


def _plain(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names without the marks of default and namespace imports, which bundlers mix up."""
    return tuple(name for name in names if name not in ("default", "*"))


def _could_be(text: str, word: str) -> bool:
    head, _, tail = text.partition(GAP)
    tail = tail.rpartition(GAP)[2]
    return len(head) + len(tail) <= len(word) and word.startswith(head) and word.endswith(tail)


def _last(called: str) -> str:
    return called.removeprefix("new ").rpartition(".")[2]


def _last_name(to: Expr, flow: Flow, path: str) -> str:
    """The last name of a callee; an alias or an import under another name is seen through."""
    match to:
        case Member(_, name):
            return name
        case Name(name):
            callee = flow.names.callee(to, path)
            if callee is not None and callee.names:
                plain = _plain(callee.names)
                return plain[-1] if plain else callee.names[-1]
            return name
    return ""
