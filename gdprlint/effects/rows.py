"""Does this call, assignment or setting spell that row, and what stands at the row's places?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from gdprlint.effects import Answer, Setting
from gdprlint.effects.places import Code, Places
from gdprlint.facts import (
    Assign,
    Constant,
    Expr,
    Function,
    Invoke,
    Items,
    Member,
    Name,
    Record,
    Text,
)
from gdprlint.facts.expr import SPREAD
from gdprlint.flow import GAP, GLOBAL_OBJECTS, Context, Flow, spelled_path
from gdprlint.flow.library import plain_names
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


ANY_MEMBER = "*"
"""The last name of `*.*`, any member of what a row says the receiver is made by."""
_DEEPEST_SETTING = 4
_OPERATORS = (
    " is not given",
    " is given",
    " is switched on",
    " is not made by ",
    " is made by ",
    " is ",
    " starts ",
    " holds ",
    " has ",
)


@dataclass(frozen=True, slots=True)
class _Test:
    place: Place
    operator: str
    words: tuple[str, ...]


@lru_cache(maxsize=4096)
def _test(text: str) -> _Test:
    for operator in _OPERATORS:
        head, found, tail = text.partition(operator)
        if found:
            words = tuple(word.strip().strip("'\"") for word in tail.split(" or ") if word.strip())
            return _Test(place_of(head.strip()), operator.strip(), words)
    raise ValueError(f"a row's condition cannot be {text!r}")


class Rows:
    """Rows by the last name of what they speak of."""

    def __init__(self, rows: Iterable[Rowed], flow: Flow) -> None:
        self.flow = flow
        self.places = Places(flow)
        self._called: dict[str, list[Rowed]] = {}
        self._assigned: dict[str, list[Rowed]] = {}
        self.settings: dict[str, list[Rowed]] = {}
        self.components: dict[str, list[Rowed]] = {}
        for rowed in _each_spelling(rows):
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

    def of_assign(self, assign: Assign, path: str) -> list[tuple[Rowed, Answer]]:
        """The rows that an assignment spells."""
        to = assign.to
        if not isinstance(to, Member | Name):
            return []
        found: list[tuple[Rowed, Answer]] = []
        for rowed in (*self._assigned.get(to.name, ()), *self._assigned.get(ANY_MEMBER, ())):
            if not self._language(rowed.row, path):
                continue
            if not self._assigned_path(rowed.row, to, path):
                continue
            answer = self.holds(rowed.row.when, assign, path)
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
        answer = self.holds(row.when, invoke, path)
        if row.does == "declare" and self._is_open(row.when, invoke, path, answer):
            # What is set comes from where nobody sees: it may be this.
            return Answer.MAYBE
        return answer

    def _is_open(
        self, conditions: Sequence[str], invoke: Invoke, path: str, answer: Answer
    ) -> bool:
        """Whether the conditions that can be settled hold, and others ask for members of settings
        that are not written where they are seen."""
        tests = [_test(spelled) for spelled in conditions]
        # The first item of a queued list is the name of a command, and no setting.
        settings = [t for t in tests if t.place.path and not t.place.path[-1].isdigit()]
        hidden = [t for t in settings if self._is_hidden(t.place, invoke, path)]
        if answer is Answer.YES and not any(t.operator == "is not given" for t in hidden):
            return False
        settled = [test for test in tests if test not in hidden]
        return bool(hidden) and all(
            self._holds(test, invoke, path, ()) is not Answer.NO for test in settled
        )

    def said(self, row: Row, code: Code, path: str) -> tuple[Setting, ...]:
        """The literals for which the last condition of a row holds, or, where it holds because
        nothing is given, the object in which it would be."""
        if not row.when:
            return ()
        test = _test(row.when[-1])
        found = self.places.at(test.place, code, path)
        if test.operator == "is":
            return tuple(
                Setting(value, where)
                for value, where, its in found
                if isinstance(value, Text | Constant)
                and self._compares(test, value, where, its) is Answer.YES
            )
        keys = test.place.path
        if test.operator != "is not given" or found:
            return ()
        for count in range(len(keys) - 1, -1, -1):
            holder = self.places.at(replace(test.place, path=keys[:count]), code, path)
            if holder:
                value, where, _ = holder[0]
                written = len(holder) == 1 and isinstance(value, Record) and where == path
                return (Setting(value, where, keys[count:]),) if written else ()
        return ()

    def _is_hidden(self, place: Place, invoke: Invoke, path: str) -> bool:
        for count in range(len(place.path)):
            holder = replace(place, path=place.path[:count])
            for value, where, its in self.places.at(holder, invoke, path):
                if isinstance(value, Text | Constant | Items | Function):
                    continue
                if not self._is_seen(value, where, its):
                    return True
        return False

    def _is_seen(self, value: Expr, path: str, context: Context, depth: int = 0) -> bool:
        """Whether all entries of an object are seen, those of what is spread into it too."""
        if isinstance(value, Record):
            spread = [entry.value for entry in value.entries if entry.key == SPREAD]
            return all(self._is_seen(inner, path, context) for inner in spread)
        if depth >= _DEEPEST_SETTING:
            return False
        values = self.flow.values
        if isinstance(value, Invoke):
            steps = values.returned(value, path, context)
        else:
            steps = values.behind(value, path, context)
        return any(self._is_seen(inner, where, its, depth + 1) for inner, where, its in steps)

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
                # What begins with a dollar sign is a function that a framework injects.
                and (isinstance(to, Member) or wanted[2:].startswith("$"))
            )
        names = tuple(wanted.split("."))
        if row.package:
            if callee.package != row.package and not callee.package.startswith(row.package + "/"):
                return callee.dotted == f"{row.package}.{wanted}" and not callee.local
            return plain_names(callee.names) == plain_names(names)
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
            *outer, _ = wanted[2:].split(".")
            if outer and spelled_path(to).split(".")[-len(outer) - 1 : -1] != outer:
                return False
            tail = wanted[2:].split(".")
            if len(tail) > 1 and spelled_path(to).split(".")[-len(tail) :] != tail:
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
        """Whether the receiver was made by one of the spellings (`new Image or img`)."""
        return isinstance(to, Member) and self.places.made_by(to.of, makers, path)

    def holds(
        self, conditions: Sequence[str], code: Code, path: str, context: Context = ()
    ) -> Answer:
        """Whether all conditions of a row hold of a call, an assignment or an element."""
        answer = Answer.YES
        for spelled in conditions:
            answer = min(answer, self._holds(_test(spelled), code, path, context))
            if answer is Answer.NO:
                break
        return answer

    def _holds(self, test: _Test, code: Code, path: str, context: Context) -> Answer:
        found = self.places.at(test.place, code, path, context)
        if test.operator == "is not given":
            return Answer.NO if found else Answer.YES
        if test.operator == "is given":
            return Answer.YES if found else Answer.NO
        if test.operator == "is switched on":
            off = [e for e, _, _ in found if isinstance(e, Constant) and not e.value]
            return Answer.YES if len(off) < len(found) else Answer.NO
        if test.operator in ("is made by", "is not made by"):
            made = any(
                self.places.made_by(inner, " or ".join(test.words), where)
                for inner, where, _ in found
            )
            return Answer.YES if made is (test.operator == "is made by") else Answer.NO
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
                elif test.operator == "holds":
                    if word in text:
                        return Answer.YES
                elif text.startswith(word):
                    return Answer.YES
                elif GAP in text and word.startswith(text.partition(GAP)[0]):
                    best = Answer.MAYBE
        return best


def _each_spelling(rows: Iterable[Rowed]) -> Iterator[Rowed]:
    """Rows of one spelling each out of rows of several (`get or head`)."""
    for rowed in rows:
        row = rowed.row
        if " or " not in row.called and " or " not in row.assigned and " or " not in row.package:
            yield rowed
            continue
        for called, assigned, package in product(
            row.called.split(" or "), row.assigned.split(" or "), row.package.split(" or ")
        ):
            one = replace(
                row, called=called.strip(), assigned=assigned.strip(), package=package.strip()
            )
            yield Rowed(one, rowed.vendor)


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
                plain = plain_names(callee.names)
                return plain[-1] if plain else callee.names[-1]
            return "default" if callee is not None and callee.package else name
    return ""
