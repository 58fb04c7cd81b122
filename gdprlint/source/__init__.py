"""What text did we read, and where is its n-th character?

Offsets count characters (code points) from the start of the decoded text.
Lines end at `\\r\\n`, `\\r` or `\\n` and nowhere else: `str.splitlines` also splits at U+2028,
form feeds and others, which no editor and no SARIF viewer takes for a line end.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from gdprlint.source.blank import blank
from gdprlint.source.text import Decoded, decode

__all__ = ["Decoded", "Position", "Source", "Span", "blank", "decode"]

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of one file, counted in characters from its start.

    Spans hold offsets only. Lines and columns are a way of showing a place to a person,
    so reporters work them out, from the `Source` that they show.
    """

    path: str
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"a span cannot run from {self.start} to {self.end}")


@dataclass(frozen=True, slots=True)
class Position:
    """A place as people count: the first line and the first column are 1, in code points."""

    line: int
    column: int


@dataclass(frozen=True)
class Source:
    """One file's decoded text, at a path relative to the project's root with `/` between parts."""

    path: str
    text: str

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the text, in hex."""
        return sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        """The offset of the first character of each line."""
        return (0, *(end.end() for end in _LINE_END.finditer(self.text)))

    def position(self, offset: int) -> Position:
        """Line and column of `offset`; past the end of the text it is the end."""
        offset = min(offset, len(self.text))
        line = bisect_right(self.line_starts, offset)
        return Position(line, offset - self.line_starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """The text of the line `number` (from 1), without its line end."""
        start = self.line_starts[number - 1]
        end = self.line_starts[number] if number < len(self.line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")
