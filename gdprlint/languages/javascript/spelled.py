"""Where in a file does each character of a string stand, and how does code in a string lie there?

Text is never moved before it is parsed. Code that is spelled in a string, or in a string in a
string, has escapes in it that are longer than what they stand for: what is left over becomes blanks
between its tokens, and an escape within one of its own strings a hole.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gdprlint.facts import Hole, Text
from gdprlint.languages.javascript import literals

_ESCAPE = re.compile(
    r"\\u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}"
    r"|\\(?:u\{[0-9A-Fa-f]{1,8}\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[0-3]?[0-7]{1,2}|\r\n|[\s\S])"
)
# Comments, strings, white space, words, and signs between them.
_TOKEN = re.compile(
    r"(?P<comment>//[^\n]*|/\*[\s\S]*?\*/)"
    r"|(?P<string>\"(?:\\[\s\S]|[^\"\\\n])*\"|'(?:\\[\s\S]|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`)"
    r"|\s+|[\w$]+|(?:(?!//|/\*)[^\w$\s\"'`])+|[\s\S]"
)


@dataclass(frozen=True, slots=True)
class Spelled:
    """What a stretch of a file stands for.

    The character `text[of[i]]`, and those behind it up to the next of these, stand from the
    file's character number `at[i]` on.
    """

    text: str
    of: tuple[int, ...]
    at: tuple[int, ...]

    def place(self, index: int) -> int:
        """Where the character of that number begins in the file; the end for the last but one."""
        i = bisect_right(self.of, index) - 1
        return self.at[i] + index - self.of[i]

    def part(self, start: int, end: int) -> Spelled:
        """A stretch of this text, as it is."""
        places = tuple(self.place(i) for i in range(start, end + 1))
        return Spelled(self.text[start:end], tuple(range(end - start + 1)), places)

    def inner(self, start: int, end: int) -> Spelled:
        """What a stretch of this text stands for in turn, being the inside of a string."""
        return _decoded(self.text[start:end], [self.place(i) for i in range(start, end + 1)])


def spelled(raw: str, offset: int) -> Spelled:
    """What the inside of a string stands for, whose first character is the file's `offset`-th."""
    if "\\" not in raw:
        return Spelled(raw, (0,), (offset,))
    parts: list[str] = []
    of, at = [0], [offset]
    length = place = 0
    for found in _ESCAPE.finditer(raw):
        plain = raw[place : found.start()]
        character = literals.unescaped(found.group())
        parts += (plain, character)
        length += len(plain)
        # The escape begins at its place, and what follows behind it.
        of += (length, length + len(character))
        at += (offset + found.start(), offset + found.end())
        length += len(character)
        place = found.end()
    parts.append(raw[place:])
    return Spelled("".join(parts), tuple(of), tuple(at))


def joined(parts: Iterable[Spelled]) -> Spelled:
    """What strings stand for that are put one after another."""
    text: list[str] = []
    of: list[int] = []
    at: list[int] = []
    length = 0
    for part in parts:
        of += (length + index for index in part.of)
        at += part.at
        text.append(part.text)
        length += len(part.text)
    return Spelled("".join(text), tuple(of), tuple(at))


def _decoded(raw: str, places: list[int]) -> Spelled:
    once = spelled(raw, 0)
    every = range(len(once.text) + 1)
    return Spelled(once.text, tuple(every), tuple(places[once.place(i)] for i in every))


def laid_out(code: Spelled) -> tuple[str, tuple[Hole, ...]]:
    """Code as long as it is spelled, each token at its place, and the holes in it."""
    written: list[str] = []
    holes: list[Hole] = []
    for token in _TOKEN.finditer(code.text):
        start, end = token.span()
        if token.lastgroup == "string":
            _string(code, start, end, written, holes)
        else:
            written.append(token.group())
            written.append(" " * (code.place(end) - code.place(start) - (end - start)))
    return "".join(written), tuple(holes)


def _string(code: Spelled, start: int, end: int, written: list[str], holes: list[Hole]) -> None:
    """Write a string of the code: what is spelled longer in it is a hole."""
    quote = code.text[start]
    first, last = code.place(start + 1), code.place(end - 1)
    written.append(" " * (first - code.place(start) - 1) + quote)
    inside = code.text[start + 1 : end - 1]
    if last - first == len(inside):
        written.append(inside)
    else:
        for piece, at, stop in _pieces(inside, start + 1):
            begins, ends = code.place(at), code.place(stop)
            if ends - begins == len(piece):
                written.append(piece)
            else:
                value = Text(literals.unescaped(piece), begins, ends)
                holes.append(Hole(begins, ends, value))
                written.append("z" * (ends - begins))
    written.append(quote + " " * (code.place(end) - last - 1))


def _pieces(inside: str, offset: int) -> Iterator[tuple[str, int, int]]:
    """The characters of a string, its escapes whole, with their places in the code."""
    place = 0
    for found in _ESCAPE.finditer(inside):
        for i in range(place, found.start()):
            yield inside[i], offset + i, offset + i + 1
        yield found.group(), offset + found.start(), offset + found.end()
        place = found.end()
    for i in range(place, len(inside)):
        yield inside[i], offset + i, offset + i + 1
