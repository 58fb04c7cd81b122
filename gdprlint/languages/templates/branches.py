"""Which stretches of a foreign template are written only under a condition?

The conditions are not understood: they are kept as their text, so that what speaks of consent in
them is seen. Blocks are told by the words and braces that open and close them; where these do not
match, the rest has no condition.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from gdprlint.facts import If, Invoke, Name, Negation, Region, Text
from gdprlint.facts.expr import TEMPLATE_SCOPE

_STRINGS = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'")
_CONDITION = re.compile(r"\b(if|unless)\b\s*(.*)", re.DOTALL | re.IGNORECASE)
_OPENS_WORD = re.compile(
    r"^\W*(?:if|unless|case|while|until|for|begin|foreach)\b|\bdo(?:\s*\|[^|]*\|)?\W*$"
)
_CLOSES_WORD = re.compile(r"^\W*end(?:if|unless|foreach|for|while|switch|isset|auth|guest)?\b")
_ELSE = re.compile(r"^[\s}@{<%?#-]*(?:else|elsif|elseif)\b", re.IGNORECASE)
_BLADE = frozenset({"if", "unless", "foreach", "for", "forelse", "while", "isset", "auth", "guest"})
_MOST_OPEN = 200
_LONGEST = 300


@dataclass(slots=True)
class _Open:
    start: int
    step: If | None


@dataclass(slots=True)
class Branches:
    """The blocks that are open, and the regions of those that were closed."""

    language: str
    offset: int
    regions: list[Region] = field(default_factory=list)
    _open: list[_Open] = field(default_factory=list)

    def code(self, written: str, start: int, end: int) -> None:
        """Take in a stretch of code as it is written, with its marks, and its place in the text."""
        plain = _STRINGS.sub('""', written)
        name = plain.lstrip("@{<%?#/-= \t\n").partition(" ")[0]
        if self.language == "handlebars":
            self._handlebars(written, start, end)
        elif self.language == "blade":
            self._blade(written, start, end)
        elif self.language == "erb":
            self._words(written, plain, start, end)
        elif name or plain:
            self._braces(written, plain, start, end)

    def _handlebars(self, written: str, start: int, end: int) -> None:
        inner = written.strip("{}~ \t\n")
        if inner.startswith("#"):
            self._push(inner[1:], end)
        elif inner.startswith("/"):
            self._pop(start)
        elif inner.startswith(("else", "^")):
            self._turn(inner, start, end)

    def _blade(self, written: str, start: int, end: int) -> None:
        found = re.match(r"@(\w+)", written)
        word = found.group(1).lower() if found is not None else ""
        if word in _BLADE:
            self._push(written[1:], end)
        elif word.startswith("end") and word[3:] in _BLADE:
            self._pop(start)
        elif word in ("else", "elseif"):
            self._turn(written, start, end)

    def _words(self, written: str, plain: str, start: int, end: int) -> None:
        inner = plain.strip("<%->= \t\n")
        if _CLOSES_WORD.match(inner):
            self._pop(start)
        elif _ELSE.match(inner):
            self._turn(written, start, end)
        elif _OPENS_WORD.search(inner):
            self._push(written, end)

    def _braces(self, written: str, plain: str, start: int, end: int) -> None:
        inner = re.sub(r"^<\?(?:php)?|\?>$|^<%-?|-?%>$", "", plain).strip()
        if _ELSE.match(inner):
            self._turn(written, start, end)
            return
        if _CLOSES_WORD.match(inner):
            self._pop(start)
            return
        depth = lowest = 0
        for mark in re.findall(r"[{}]", inner):
            depth += 1 if mark == "{" else -1
            lowest = min(lowest, depth)
        for _ in range(-lowest):
            self._pop(start)
        opened = depth - lowest
        if opened > 0 or (inner.endswith(":") and "case" not in inner):
            for _ in range(max(0, opened - 1)):
                self._push("", end)
            self._push(written, end)

    def _push(self, written: str, end: int) -> None:
        found = _CONDITION.search(written)
        step = None
        if found is not None and len(self._open) < _MOST_OPEN:
            text = found.group(2).strip(" \t\r\n{}:%>?<-")[:_LONGEST]
            place = (self.offset + end, self.offset + end)
            called = Name("condition", TEMPLATE_SCOPE, *place)
            test = Invoke(called, (Text(text, *place),), False, *place)
            turned = text.lstrip("( ").startswith(("!", "not "))
            taken = found.group(1).lower() == "if"
            step = If(Negation(test, *place) if turned else test, taken, *place)
        self._open.append(_Open(end, step))

    def _pop(self, start: int) -> None:
        if self._open:
            self._close(self._open.pop(), start)

    def _turn(self, written: str, start: int, end: int) -> None:
        if not self._open:
            return
        block = self._open[-1]
        self._close(block, start)
        block.start = end
        if block.step is not None:
            block.step = replace(block.step, taken=not block.step.taken)

    def _close(self, block: _Open, start: int) -> None:
        if block.step is not None and block.start < start:
            first, last = self.offset + block.start, self.offset + start
            self.regions.append(Region(first, last, (block.step,)))
