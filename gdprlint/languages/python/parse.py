"""Python text to a syntax tree, and the tree's places back to characters of the file."""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_right
from typing import Any

_LINE_END = re.compile(r"\r\n|\r|\n")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_MOST_CHARACTERS = 1_000_000


def parse(text: str) -> ast.Module | str:
    """The tree of `text`, or why there is none.

    A million characters is the most: no parse can be stopped half-way, each byte of source
    costs some hundred bytes of tree, and no Python that people write is that long.
    """
    if len(text) > _MOST_CHARACTERS:
        return f"more than {_MOST_CHARACTERS:,} characters of Python"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as broken:
        return f"not Python of this version: {broken.msg}, line {broken.lineno or 1}"
    except (RecursionError, MemoryError):
        return "nested too deeply"
    except ValueError as broken:
        return f"not Python: {broken}"


class Places:
    """From the line and the UTF-8 column of a node to a character of the file."""

    __slots__ = ("_ascii", "_odd", "_starts", "_text", "offset")

    def __init__(self, text: str, offset: int) -> None:
        self.offset = offset
        self._text = text
        self._starts = [0, 0, *(end.end() for end in _LINE_END.finditer(text)), len(text)]
        self._ascii = text.isascii()
        self._odd: dict[int, tuple[list[int], list[int]]] = {}

    def stretch(self, node: Any) -> tuple[int, int]:
        """The first character of `node` and the one after its last."""
        starts = self._starts
        if self._ascii and node.end_lineno < len(starts):
            offset = self.offset
            return (
                offset + starts[node.lineno] + node.col_offset,
                offset + starts[node.end_lineno] + node.end_col_offset,
            )
        return (
            self.at(node.lineno, node.col_offset),
            self.at(node.end_lineno, node.end_col_offset),
        )

    def at(self, line: int, column: int) -> int:
        """The character at byte `column` (from 0) of `line` (from 1), never beyond the text."""
        starts = self._starts
        if line >= len(starts) - 1:
            return self.offset + len(self._text)
        if not self._ascii:
            column = self._characters(line, column)
        return self.offset + min(starts[line] + column, len(self._text))

    def _characters(self, line: int, column: int) -> int:
        """`column` less what the characters before it take up beyond one byte each."""
        odd = self._odd.get(line)
        if odd is None:
            odd = self._odd[line] = self._beyond_ascii(line)
        ends, extra = odd
        before = bisect_right(ends, column)
        return column - extra[before]

    def _beyond_ascii(self, line: int) -> tuple[list[int], list[int]]:
        ends: list[int] = []
        extra = [0]
        start = self._starts[line]
        for match in _NOT_ASCII.finditer(self._text, start, self._starts[line + 1]):
            size = len(match.group().encode("utf-8", "surrogatepass"))
            extra.append(extra[-1] + size - 1)
            ends.append(match.start() - start + extra[-1] + 1)
        return ends, extra
