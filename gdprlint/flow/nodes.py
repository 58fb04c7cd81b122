"""Which node of a piece of markup in a script is meant, where code walks from node to node?

Compilers of components keep their markup in strings and find what they fill by steps: the first
child, the second sibling from there (DOM Standard, 4.4). Texts and comments are nodes and count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from gdprlint.facts import (
    Both,
    Call,
    Choice,
    Either,
    Expr,
    Fact,
    Invoke,
    Join,
    Member,
    Name,
    Parameter,
    Text,
)
from gdprlint.flow.context import Context
from gdprlint.flow.library import Passing
from gdprlint.flow.markup import Found, Markup
from gdprlint.flow.values import Values

MADE_OF = "markup"
"""The member of a string that is what a browser makes of it: its node, or the fragment of them."""
STEPS = frozenset({"firstChild", "lastChild", "nextSibling", "previousSibling"})
_COPIED = frozenset({"cloneNode", "importNode"})
_PIECE = re.compile(
    r"<!--(?P<note>.*?)-->|<!(?P<empty>[^>]*)>|</(?P<close>[a-zA-Z][^\s/>]*)[^>]*>"
    r"|<(?P<open>[a-zA-Z][^\s/>]*)(?P<given>(?:[^>\"']|\"[^\"]*\"|'[^']*')*+)>|[^<]++|<",
    re.DOTALL,
)
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"}
    | {"track", "wbr"}
)
_RAW = frozenset({"script", "style", "textarea", "title"})
_LONGEST = 100_000
_MOST_STEPS = 600
_MOST_NODES = 8
_FRAGMENT = 0
"""The place of the fragment itself, around the outermost nodes."""


@dataclass(slots=True)
class _Nodes:
    """The nodes of one string, by number; 0 is the fragment. `tags` is empty for text and
    comments."""

    tags: list[str] = field(default_factory=lambda: [""])
    around: list[int] = field(default_factory=lambda: [-1])
    inside: list[list[int]] = field(default_factory=lambda: [[]])

    def put(self, tag: str, outer: int) -> int:
        """A node more, the last in `outer`."""
        number = len(self.tags)
        self.tags.append(tag)
        self.around.append(outer)
        self.inside.append([])
        self.inside[outer].append(number)
        return number

    def after(self, number: int, step: str) -> int:
        """The node that a step leads to; -1 for none."""
        match step:
            case "firstChild":
                return next(iter(self.inside[number]), -1)
            case "lastChild":
                return next(reversed(self.inside[number]), -1)
        outer = self.around[number]
        beside = self.inside[outer] if outer >= 0 else [number]
        at = beside.index(number) + (1 if step == "nextSibling" else -1)
        return beside[at] if 0 <= at < len(beside) else -1


_Steps: TypeAlias = tuple[str, "_Steps"] | None
"""Steps that are still to be taken, the next one first."""
_Stretch: TypeAlias = tuple[int, int]
_Place: TypeAlias = tuple[str, Text, int]
"""A node: the file and the string that it is written in, and its number there."""


class Nodes:
    """The nodes of markup that a script keeps in strings."""

    def __init__(self, values: Values, markup: Markup) -> None:
        self.values = values
        self.markup = markup
        self._trees: dict[tuple[str, int], _Nodes] = {}
        self._elements: dict[tuple[str, int], dict[int, Found]] = {}
        self._memo: dict[tuple[Expr, str, Context], tuple[_Place, ...]] = {}
        self._uses: dict[str, tuple[frozenset[_Stretch], frozenset[_Stretch]]] = {}

    def elements(self, value: Expr, path: str, context: Context) -> tuple[Found, ...]:
        """The elements that `value` can be, if steps from a string of markup lead to it."""
        found = (self._element(place) for place in self._places(value, path, context))
        return tuple(one for one in found if one is not None)

    def _places(self, value: Expr, path: str, context: Context) -> tuple[_Place, ...]:
        key = (value, path, context)
        held = self._memo.get(key)
        if held is None:
            self._memo[key] = ()
            unique = dict.fromkeys(self._walked(value, path, context))
            held = self._memo[key] = tuple(unique)[:_MOST_NODES]
        return held

    def _walked(self, value: Expr, path: str, context: Context) -> Iterator[_Place]:
        """Go back to where the walk begins, then along it."""
        start: tuple[Expr, str, Context, _Steps] = (value, path, context, None)
        waiting = [start]
        met = {(value, path, context)}
        for _ in range(_MOST_STEPS):
            if not waiting:
                return
            value, path, context, steps = waiting.pop()
            known = self._memo.get((value, path, context)) if steps is not None else None
            if known:
                yield from self._along(known, steps)
                continue
            match value:
                case Member(of, name) if name == MADE_OF:
                    yield from self._along(self._begun(of, path, context), steps)
                    continue
                case Member(of, name) if name in STEPS:
                    waiting.append((of, path, context, (name, steps)))
                    continue
            for inner, where, its in self._behind(value, path, context):
                if (inner, where, its) not in met:
                    met.add((inner, where, its))
                    waiting.append((inner, where, its, steps))

    def _behind(
        self, value: Expr, path: str, context: Context
    ) -> Iterator[tuple[Expr, str, Context]]:
        match value:
            case Invoke(Member(of, copied), ()) if copied in _COPIED:
                yield of, path, context
            case Invoke(Member(of, copied), (first, *_)) if copied in _COPIED:
                yield (of if copied == "cloneNode" else first), path, context
            case Invoke():
                yield from self.values.returned(value, path, context)
            case Name() | Parameter() | Member():
                yield from self.values.behind(value, path, context)
            case Choice(_, left, right) | Either(left, right):
                yield left, path, context
                yield right, path, context
            case Both(_, right):
                yield right, path, context

    # ---------------------------------------------------------------- what becomes of strings

    def is_made(self, path: str, start: int) -> bool:
        """Whether a library's call makes nodes of the string of markup that begins at a place."""
        return any(begin <= start < end for begin, end in self._used(path)[0])

    def is_run(self, path: str, start: int) -> bool:
        """Whether a library's call runs the scripts in the string of markup that begins there."""
        return any(begin <= start < end for begin, end in self._used(path)[1])

    def _used(self, path: str) -> tuple[frozenset[_Stretch], frozenset[_Stretch]]:
        """The strings of a file that calls in it make nodes of, and those whose scripts they
        run."""
        used = self._uses.get(path)
        if used is None:
            made: set[_Stretch] = set()
            run: set[_Stretch] = set()
            self._uses[path] = (frozenset(), frozenset())
            for fact in self.markup.project.facts(path):
                for passing in self._rows(fact, path):
                    assert isinstance(fact, Call)
                    into = run if passing.target[0].kind == "run" else made
                    for value, where, its in self.values.steps.given_by(passing, fact.invoke, path):
                        of = value.of if isinstance(value, Member) else value
                        for text, there in self._texts(of, where, its):
                            if there == path:
                                into.add((text.start, text.end))
            used = self._uses[path] = (frozenset(made), frozenset(run))
        return used

    def _rows(self, fact: Fact, path: str) -> Iterator[Passing]:
        """The rows of a call that say what becomes of markup that it is given."""
        if isinstance(fact, Call) and fact.invoke.arguments:
            for passing in self.values.steps.library.of_call(fact.invoke, path):
                made = passing.source[-1].key == MADE_OF
                if passing.target[0].kind == "run" or made:
                    yield passing

    # ---------------------------------------------------------------- strings

    def _begun(self, of: Expr, path: str, context: Context) -> tuple[_Place, ...]:
        """What a string of markup is made into: the one element that it is, or the fragment of its
        outermost nodes."""
        found: list[_Place] = []
        for text, where in self._texts(of, path, context):
            tree = self._tree(text, where)
            outermost = tree.inside[_FRAGMENT]
            alone = len(outermost) == 1 and bool(tree.tags[outermost[0]])
            found.append((where, text, outermost[0] if alone else _FRAGMENT))
        return tuple(found)

    def _texts(self, of: Expr, path: str, context: Context) -> Iterator[tuple[Text, str]]:
        waiting = [(of, path, context)]
        for _ in range(_MOST_NODES):
            if not waiting:
                return
            value, where, its = waiting.pop()
            match value:
                case Text(text) if len(text) <= _LONGEST and value.end > value.start:
                    yield value, where
                case Join(parts) if all(isinstance(part, Text) for part in parts):
                    whole = "".join(part.text for part in parts if isinstance(part, Text))
                    if len(whole) <= _LONGEST and value.end > value.start:
                        yield Text(whole, value.start, value.end), where
                case Name() | Parameter() | Member():
                    waiting.extend(self.values.behind(value, where, its))

    def _along(self, begun: tuple[_Place, ...], steps: _Steps) -> Iterator[_Place]:
        for path, text, number in begun:
            tree = self._tree(text, path)
            left = steps
            while left is not None and number >= 0:
                number, left = tree.after(number, left[0]), left[1]
            if number >= 0:
                yield path, text, number

    def _tree(self, text: Text, path: str) -> _Nodes:
        key = (path, text.start)
        tree = self._trees.get(key)
        if tree is None:
            tree = self._trees[key] = _read(text.text)
        return tree

    def _element(self, place: _Place) -> Found | None:
        path, text, number = place
        key = (path, text.start)
        table = self._elements.get(key)
        if table is None:
            table = self._elements[key] = dict(self._paired(text, path))
        return table.get(number)

    def _paired(self, text: Text, path: str) -> Iterator[tuple[int, Found]]:
        """The nodes that are elements of the page, by their number: both stand in one order."""
        written = iter(self.markup.inside(path, text.start, text.end))
        for number, tag in enumerate(self._tree(text, path).tags):
            if tag:
                found = next((one for one in written if one.element.tag.lower() == tag), None)
                if found is None:
                    return
                yield number, found


def _read(text: str) -> _Nodes:
    """The nodes of a string of markup in which every element that has an end tag shows it, as
    compilers write it."""
    tree = _Nodes()
    open_ = [_FRAGMENT]
    place = 0
    in_text = False
    while place < len(text):
        piece = _PIECE.match(text, place)
        if piece is None:
            break
        place = piece.end()
        opened, closed = piece["open"], piece["close"]
        if opened is not None:
            tag = opened.lower()
            number = tree.put(tag, open_[-1])
            if tag in _RAW and not piece["given"].endswith("/"):
                end = text.lower().find(f"</{tag}", place)
                end = len(text) if end < 0 else end
                if end > place:
                    tree.put("", number)
                place = end
            if tag not in _VOID and not piece["given"].endswith("/"):
                open_.append(number)
        elif closed is not None:
            tag = closed.lower()
            at = next((i for i in range(len(open_) - 1, 0, -1) if tree.tags[open_[i]] == tag), 0)
            if at:
                del open_[at:]
        elif not (in_text and piece.lastgroup is None):
            # Stray brackets are text: two pieces of it beside each other are one node.
            tree.put("", open_[-1])
        in_text = piece.lastgroup is None
    return tree
