"""Where are the tags, outputs and comments of a Django, Jinja or Liquid template?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["tag", "output", "comment", "broken"]
"""What stands there; `broken` begins like one of the others and does not end."""


class Piece(NamedTuple):
    """One tag, output or comment with its marks; what is between them is `inner` to `close`."""

    kind: Kind
    start: int
    end: int
    inner: int
    close: int


_OPENING = re.compile(r"\{[%{#]")
_CLOSING = {"{%": "%}", "{{": "}}", "{#": "#}"}
_KINDS: dict[str, Kind] = {"{%": "tag", "{{": "output", "{#": "comment"}
_INSIDE = re.compile(
    r"\"(?:[^\"\\]++|\\[\s\S])*+\"|'(?:[^'\\]++|\\[\s\S])*+'|%\}|\}\}|[{}\[\]()]|[\"']"
)
_VERBATIM = re.compile(r"\s*verbatim(?:\s|\Z)")
_RAW = re.compile(r"[-+~]?\s*(raw|verbatim)\s*[-+~]?\Z")


class _Ends:
    """Where the next of each closing mark stands, asked for at rising places only."""

    __slots__ = ("_next", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._next: dict[str, int] = {}

    def after(self, mark: str, place: int) -> int:
        """The first `mark` at or after `place`, or the text's length."""
        known = self._next.get(mark, -1)
        if known < place:
            known = self.text.find(mark, place)
            known = len(self.text) if known < 0 else known
            self._next[mark] = known
        return known


def django_pieces(text: str) -> Iterator[Piece]:
    """As Django's lexer finds them: on one line each, the first closing mark ends them."""
    ends = _Ends(text)
    position = 0
    verbatim = ""
    while True:
        found = _OPENING.search(text, position)
        if found is None:
            return
        start, inner = found.span()
        close = ends.after(_CLOSING[found.group()], inner)
        if close >= ends.after("\n", inner):
            # Django takes this for text.
            position = start + 1
            continue
        position = close + 2
        kind = _KINDS[found.group()]
        if verbatim:
            if kind != "tag" or text[inner:close].strip() != verbatim:
                continue
            verbatim = ""
        elif kind == "tag" and _VERBATIM.match(text, inner, close):
            verbatim = "end" + text[inner:close].strip()
        yield Piece(kind, start, position, inner, close)


def jinja_pieces(text: str) -> Iterator[Piece]:
    """As Jinja's lexer finds them: over several lines, closing marks in strings do not count."""
    ends = _Ends(text)
    position = 0
    exact = True
    while True:
        found = _OPENING.search(text, position)
        if found is None:
            return
        mark = found.group()
        start, inner = found.span()
        close = ends.after(_CLOSING[mark], inner)
        if close == len(text):
            yield Piece("broken", start, inner, inner, inner)
            position = inner
            continue
        if mark != "{#" and exact:
            sure = _close(text, inner, _CLOSING[mark])
            exact = sure >= 0
            close = sure if exact else close
        position = close + 2
        kind = _KINDS[mark]
        first, last = _trimmed(text, inner, close)
        yield Piece(kind, start, position, first, last)
        raw = _RAW.match(text, inner, close) if kind == "tag" else None
        if raw is not None:
            ending = re.compile(r"\{%[-+~]?\s*end" + raw.group(1) + r"\s*[-+~]?%\}")
            end = ending.search(text, position)
            position = len(text) if end is None else end.start()


def interpolations(text: str) -> Iterator[Piece]:
    """Outputs alone, where nothing but `{{ }}` tells that a page is a template.

    Scripts and styles have braces of their own, so nothing is ever taken for broken.
    """
    return (piece for piece in jinja_pieces(text) if piece.kind == "output")


def _trimmed(text: str, inner: int, close: int) -> tuple[int, int]:
    """Without the marks of white-space control."""
    if inner < close and text[inner] in "-+~":
        inner += 1
    if inner < close and text[close - 1] in "-+~":
        close -= 1
    return inner, close


def _close(text: str, position: int, closing: str) -> int:
    """Where `closing` stands outside of strings and brackets, or -1."""
    depth = 0
    while True:
        found = _INSIDE.search(text, position)
        if found is None:
            return -1
        mark = found.group()
        position = found.end()
        if mark == closing and depth <= 0:
            return found.start()
        if mark in ("{", "[", "("):
            depth += 1
        elif mark in ("}", "]", ")"):
            depth -= 1
        elif mark == "}}":
            depth -= 1
            position -= 1
        elif mark == "%}" and closing == "}}":
            # No output holds the end of a tag.
            return -1
        elif mark == "%}":
            return found.start()
