"""What does a library's call do with the values that it is given? Rows of data say so.

A row reads as a sentence: of *called* `useState`, what is *from* `argument 0` comes *to* `returned
. 0`. Paths begin at `argument N`, `arguments` (each of them), `receiver`, `returned`, `maker` (the
call that made the receiver), `holder` (what the receiver, calls on it left aside, is a member of)
or `provider` (what markup around the component provides for argument 0), and go on with names of
members, `[]` (any member), `*` (any, the same one at both ends), `returned` (what a function gives
back), `argument N` (what a function that the library gives out is called with), `parameter N` (what
a function that the library is given is called with), `this` (the object whose methods the functions
there become), `instance` (what a class makes), `named argument N` (the member that this argument
names) and `times argument N` (the turn before, as often as it says). A value may also come from a
form's `field`, from a parameter of the page's `url`, from its `location`, or be the `property` that
markup elsewhere gives to the component that is this file. `fields` are those that a form is known
to have: after a place the members of the object there and what calls and components name that have
it from there, at the beginning those that components of the file name, as rows tell that lead to
`fields`. `entered` is a state of which only the beginning is seen. `any NAME` are all calls of a
function of that name in the project, `given to NAME` those that are given what the call gives back.
A row that leads to a member of `receiver` or of an argument says what is put into it: `set(cell,
value)`; one that leads to `run` which markup's scripts run.

Other rows speak of a *named* value (`value . query` is its member; `model NAME` what markup binds
to a member by that attribute, `marked NAME` the element with that attribute whose word stands where
the name has a star), or of what a function is called
with that certain files give out, *exported* (`argument 0`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal, TypeAlias

from gdprlint.facts import UNKNOWN_KEY, Expr, Invoke, Member, Name
from gdprlint.flow.names import Callee, Names

_NUMBERED = re.compile(
    r"(argument|parameter|field argument|url argument|times argument|named argument) (\d+)\Z"
)

Kind: TypeAlias = Literal[
    "argument",
    "arguments",
    "parameter",
    "receiver",
    "returned",
    "maker",
    "holder",
    "provider",
    "field",
    "url",
    "location",
    "property",
    "run",
    "fields",
    "any",
    "given to",
    "model",
    "marked",
    "entered",
    "listener",
    "this",
    "instance",
    "times",
    "named",
    "key",
    "value",
]
_STARTS: Mapping[str, Kind] = {
    "arguments": "arguments",
    "receiver": "receiver",
    "returned": "returned",
    "maker": "maker",
    "holder": "holder",
    "provider": "provider",
    "field": "field",
    "url": "url",
    "location": "location",
    "property": "property",
    "run": "run",
    "fields": "fields",
    "listener": "listener",
    "value": "value",
}
_OF_A_NAME: tuple[Kind, ...] = ("any", "given to", "model", "marked")


SAME_KEY = "*"
"""The key of a turn that stands for the same member, whichever, in a row's source and target."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of an access path: `index` counts arguments and parameters, `key` names members.

    `field` and `url` with an index name the field by that argument; without (-1) by the member
    that is asked for. Of `any` the key is the name of what is called.
    """

    kind: Kind
    index: int = -1
    key: str = ""


@dataclass(frozen=True, slots=True)
class Passing:
    """What a call hands from one place to another: one row, its paths taken apart.

    `called` is the name of what the row is `of`; `file` what files are called that give it out, or
    in which the call stands.
    It does not hold where the argument `unless` is given.
    `without` is the number of the argument that names members which do not go on, `only` of the one
    that names those that do.
    """

    called: str
    package: str
    source: tuple[Turn, ...]
    target: tuple[Turn, ...]
    of: Literal["call", "name", "export"] = "call"
    file: str = ""
    unless: int = -1
    without: int = -1
    only: int = -1


def turns(path: str) -> tuple[Turn, ...]:
    """An access path, taken apart; a `ValueError` where it begins at no place of a call."""
    found: list[Turn] = []
    for part in (p.strip() for p in path.split(" . ")):
        numbered = _NUMBERED.match(part)
        if numbered:
            found.append(Turn(_numbered(numbered[1]), int(numbered[2])))
        elif part in _STARTS and (not found or part in ("returned", "fields")):
            found.append(Turn(_STARTS[part]))
        elif not found and (named := _of_a_name(part)) is not None:
            found.append(named)
        elif part in ("this", "instance") and found:
            found.append(Turn("this" if part == "this" else "instance"))
        elif part == "entered" and found:
            found.append(Turn("entered"))
        else:
            found.append(Turn("key", key=part))
    if not found or found[0].kind in ("key", "parameter"):
        raise ValueError(f"a path cannot begin with {path!r}")
    return tuple(found)


def _of_a_name(part: str) -> Turn | None:
    for kind in _OF_A_NAME:
        if part.startswith(kind + " "):
            return Turn(kind, key=part.removeprefix(kind + " "))
    return None


def _numbered(word: str) -> Kind:
    match word:
        case "argument":
            return "argument"
        case "parameter":
            return "parameter"
        case "field argument":
            return "field"
        case "times argument":
            return "times"
        case "named argument":
            return "named"
    return "url"


def keys_of(path: Iterable[Turn]) -> tuple[str, ...]:
    """The names of members on a path, one after another; it has to hold nothing else."""
    return tuple(turn.key for turn in path)


class Library:
    """The rows, by the last name of what they speak of."""

    def __init__(self, names: Names, passings: Iterable[Passing]) -> None:
        self.names = names
        self._by_name: dict[str, list[Passing]] = {}
        self._named: dict[str, list[Passing]] = {}
        self._exported: list[Passing] = []
        self.readers: list[str] = []
        self._reading_url: set[frozenset[str]] = set()
        self.applied = False
        self.calls_parameters = False
        self.writers: set[str] = set()
        self.emitters: dict[str, int] = {}
        self.fills_arguments = False
        for passing in passings:
            if passing.source[0].kind in ("model", "marked"):
                # What markup binds is told by names that code may give anything.
                continue
            if passing.source[0].kind == "url":
                self._reading_url.update(_names_of_reader(passing))
            if passing.of == "export":
                self._exported.append(passing)
                continue
            if passing.of == "name":
                name = passing.called.rpartition(".")[2]
                self._named.setdefault(name, []).append(passing)
                continue
            spelled = plain_names(tuple(passing.called.removeprefix("new ").split(".")))
            last = spelled[-1] if spelled else ""
            self._by_name.setdefault(last, []).append(passing)
            self.applied = self.applied or "returned" in (t.kind for t in passing.target[1:])
            if called_parameter(passing.target) is not None:
                self.calls_parameters = True
            if fills(passing):
                self.writers.add(last)
                self.fills_arguments = self.fills_arguments or passing.target[0].kind == "argument"
            if passing.target[0].kind == "listener":
                self.emitters[last] = passing.source[0].index
            if passing.source[0].kind == "provider":
                self.readers.append(last)
        self._memo: dict[tuple[str, int, int], tuple[Passing, ...]] = {}

    def may_read_url(self, names: set[str]) -> bool:
        """Whether code that writes these names may read a parameter of the page's URL by a row."""
        return any(words <= names for words in self._reading_url)

    def of_call(self, call: Invoke, path: str) -> tuple[Passing, ...]:
        """The rows that a call spells."""
        key = (path, call.start, call.end)
        found = self._memo.get(key)
        if found is None or (call.start == call.end == 0):
            found = tuple(self._of_call(call, path)) or tuple(self._of_given(call, path))
            self._memo[key] = found
        return found

    def _of_given(self, call: Invoke, path: str) -> Iterator[Passing]:
        library = self.names.library_asked(call, path)
        for passing in self._by_name.get(library.name, ()) if library is not None else ():
            if library is not None and passing.package == library.package:
                yield passing

    def gives_function(self, made: Invoke, key: str, path: str) -> bool:
        """Whether the member `key` of what a call gives back is a function: rows say what comes of
        what it is called with."""
        called = (Turn("returned"), Turn("key", key=key))
        return any(
            passing.source[:2] == called
            and passing.source[2:3] != ()
            and passing.source[2].kind == "argument"
            for passing in self.of_call(made, path)
        )

    def of_value(self, value: Name | Member, path: str) -> Iterator[Passing]:
        """The rows of named values that a name or a member spells."""
        for passing in self._named.get(value.name, ()):
            callee = self.names.callee(value, path)
            if callee is not None and spells(callee, passing.called, passing.package, value):
                yield passing

    def of_export(self, path: str) -> Iterator[Passing]:
        """The rows of functions that a file of that name gives out."""
        name = path.rpartition("/")[2]
        return (one for one in self._exported if fnmatchcase(name, one.file or "*"))

    def _of_call(self, call: Invoke, path: str) -> Iterator[Passing]:
        callee = _of_folder(self.names.callee(call.to, path))
        if callee is None or not callee.names:
            return
        plain = plain_names(callee.names)
        for passing in self._by_name.get(plain[-1] if plain else "", ()):
            wanted = passing.called
            if wanted.startswith("new ") and not call.new:
                continue
            if 0 <= passing.unless < len(call.arguments):
                continue
            if passing.file and not fnmatchcase(path.rpartition("/")[2], passing.file):
                continue
            if spells(callee, wanted.removeprefix("new "), passing.package, call.to):
                yield passing


def _of_folder(callee: Callee | None) -> Callee | None:
    """`import omit from "lodash/omit"`: what a package gives out in a file of its own, whole."""
    if callee is None or callee.local or callee.names not in (("default",), ()):
        return callee
    package, _, last = callee.package.rpartition("/")
    return Callee(package, (last,)) if package and last else callee


def _names_of_reader(passing: Passing) -> Iterator[frozenset[str]]:
    """Of a row that reads the page's URL: the names that code writes which does so, all those by
    which it is called or one by which what it gives is asked."""
    if passing.of != "export":
        yield frozenset(passing.called.removeprefix("new ").split(".")) - {"*"}
    for turn in passing.target:
        if turn.kind == "key" and turn.key != UNKNOWN_KEY:
            yield frozenset({turn.key})


def spells(callee: Callee, wanted: str, package: str, to: Expr) -> bool:
    """Whether a callee is what a row means by `wanted`, a path of names from `package`.

    `*.then` is a method of anything, or what a package gives out under that name; without a package
    the path starts at a global.
    """
    if wanted.startswith("*."):
        tail = tuple(wanted[2:].split("."))
        if callee.names[-len(tail) :] != tail:
            return False
        return isinstance(to, Member) or (bool(callee.package) and not callee.local)
    names = tuple(wanted.split("."))
    if package:
        if callee.package != package and not callee.package.startswith(package + "/"):
            return callee.dotted == f"{package}.{wanted}" and not callee.local
        return plain_names(callee.names) == plain_names(names)
    return not callee.local and not callee.package and callee.names == names


def plain_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """Names without the marks of default and namespace imports, which bundlers mix up."""
    return tuple(name for name in names if name not in ("default", "*"))


def fits(wanted: tuple[str, ...], asked: tuple[str, ...]) -> tuple[str, ...] | None:
    """What is left of the `asked` members after those that a row speaks of; None where it speaks
    of others. `[]` and `*` are any member."""
    if len(asked) < len(wanted):
        return None
    for mine, theirs in zip(wanted, asked, strict=False):
        if mine != theirs and mine != SAME_KEY and UNKNOWN_KEY not in (mine, theirs):
            return None
    return asked[len(wanted) :]


def asked_for(wanted: tuple[str, ...], asked: tuple[str, ...]) -> str:
    """The member that a row's source has to be asked for: the one that `*` stands for, else the
    last that the row speaks of."""
    if SAME_KEY in wanted:
        return asked[wanted.index(SAME_KEY)]
    return asked[len(wanted) - 1] if wanted else ""


def called_parameter(target: Sequence[Turn]) -> tuple[int, int, tuple[Turn, ...]] | None:
    """Of a target that is what a function gives back that the library hands to one that it is
    given: the numbers of the argument and of the parameter, and what follows."""
    match target:
        case (Turn("argument"), Turn("parameter"), Turn("returned"), *later):
            return target[0].index, target[1].index, tuple(later)
    return None


def makes_object(passing: Passing) -> bool:
    """Whether a row says of which object functions become methods: of what is made by calling what
    the call gives back."""
    return passing.target[-1].kind == "this" and is_applied(passing.source)


def handing_back(passings: Iterable[Passing]) -> frozenset[str]:
    """The names of functions that give back what they are given first, wherever they are from:
    kept, or to be called less often."""
    return _handing(passings, (Turn("argument", 0),))


def giving_returned(passings: Iterable[Passing]) -> frozenset[str]:
    """The names of functions that give back what the function gives back that they are given
    first, wherever they are from."""
    return _handing(passings, (Turn("argument", 0), Turn("returned")))


def _handing(passings: Iterable[Passing], source: tuple[Turn, ...]) -> frozenset[str]:
    return frozenset(
        passing.called[2:]
        for passing in passings
        if passing.called.startswith("*.")
        and passing.source == source
        and passing.target == (Turn("returned"),)
    )


def fills(passing: Passing) -> bool:
    """Whether a row says that a call puts something into a member of its receiver or of one of its
    arguments."""
    head, *keys = passing.target
    return (
        head.kind in ("receiver", "argument")
        and bool(keys)
        and all(turn.kind == "key" for turn in keys)
    )


def is_applied(path: tuple[Turn, ...]) -> bool:
    """Whether a path begins at what is given back by what the call gives back."""
    return [turn.kind for turn in path[:2]] == ["returned", "returned"]


def applied(path: tuple[Turn, ...], keys: tuple[str, ...]) -> tuple[Turn, ...] | None:
    """What is left of a path that begins at what the member `keys` of what a call gives back gives
    back; None where it is another's."""
    head = path[1 : len(keys) + 2]
    if path[0].kind != "returned" or len(head) <= len(keys) or head[-1].kind != "returned":
        return None
    if any(turn != Turn("key", key=key) for turn, key in zip(head, keys, strict=False)):
        return None
    return path[len(keys) + 2 :]
