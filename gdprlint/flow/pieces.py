"""Strings as the code puts them together: literal pieces, and values that are not written out."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias
from urllib.parse import quote, unquote

from gdprlint.facts import Expr, Invoke, Name, Text
from gdprlint.flow.context import Context

GAP = "\ufffc"
"""Stands for an unknown stretch of a string; the same character as in knowledge's addresses."""

_AUTHORITY = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
_PLAIN = re.compile(r"(?:[^\\^$.|?*+()\[\]{}]|\\[^\w\s]|[{}])+\Z")
_UNRESERVED = "-_.!~*'()"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a string: literal `text`, or a value (`value` in `path`) that is not written
    out."""

    text: str
    value: Expr | None
    path: str
    context: Context
    start: int = 0
    end: int = 0


Pieces: TypeAlias = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class UrlPieces:
    """A URL in its parts, without the marks between them; `origin` is empty where it is
    relative, and holds all that is not told apart at its start."""

    origin: Pieces = ()
    path: Pieces = ()
    query: Pieces = ()
    fragment: Pieces = ()

    @staticmethod
    def of(pieces: Pieces) -> UrlPieces:
        """The parts of the URL that these pieces spell."""
        rest = pieces
        origin: Pieces = ()
        if rest and rest[0].value is not None:
            origin, rest = rest[:1], rest[1:]
        elif rest and (authority := _AUTHORITY.match(rest[0].text)):
            head = _cut(rest[0], 0, authority.end())
            origin, mark, rest = _until("/?#", (_cut(rest[0], authority.end()), *rest[1:]))
            origin = (head, *origin)
            rest = (replace(rest[0], text=mark + rest[0].text), *rest[1:]) if mark else rest
        path, mark, rest = _until("?#", rest)
        query: Pieces = ()
        if mark == "?":
            query, mark, rest = _until("#", rest)
        return UrlPieces(origin, path, query, rest if mark else ())

    def joined(self) -> Pieces:
        """The URL in one."""
        found = [*self.origin, *self.path]
        for mark, part in (("?", self.query), ("#", self.fragment)):
            if any(piece.value is not None or piece.text for piece in part):
                found.extend((replace(part[0], text=mark, value=None), *part))
        return tuple(found)

    def below(self, base: UrlPieces) -> UrlPieces:
        """A relative URL, resolved against another as far as its start goes (URL Standard, 4.4)."""
        if self.origin:
            return self
        if self.path and (self.path[0].value is not None or self.path[0].text[:1] == "/"):
            return replace(self, origin=base.origin)
        folder = _folder(base.path) if self.path and self.path[0].text else base.path
        return replace(self, origin=base.origin, path=(*folder, *self.path))

    def changed(self, part: str, given: Pieces) -> UrlPieces:
        """The URL after one of its members was given another value."""
        match part:
            case "href":
                return UrlPieces.of(given)
            case "search":
                return replace(self, query=_without_mark(given, "?"))
            case "hash":
                return replace(self, fragment=_without_mark(given, "#"))
            case "pathname":
                return replace(self, path=given)
            case "host" | "hostname":
                scheme = self.origin[0].text.partition("//")[0] if self.origin else ""
                head = replace(given[0], text=scheme + "//", value=None)
                return replace(self, origin=(head, *given))
        return self

    def without(self, key: str) -> UrlPieces:
        """The URL without the parameter `key`."""
        kept: list[Piece] = []
        rest, mark = self.query, "&"
        while mark:
            entry, mark, rest = _until("&", rest)
            if _spelled(entry).partition("=")[0] != key and entry:
                if kept:
                    kept.append(replace(entry[0], text="&", value=None))
                kept.extend(entry)
        return replace(self, query=tuple(kept))


def replaced(pieces: Pieces, old: str, new: Pieces) -> Pieces:
    """The pieces with `new` wherever their text says `old`."""
    found: list[Piece] = []
    for piece in pieces:
        if piece.value is not None or old not in piece.text:
            found.append(piece)
            continue
        for i, text in enumerate(piece.text.split(old)):
            if i:
                found.extend(new)
            if text:
                found.append(replace(piece, text=text))
    return tuple(found)


def pattern_text(pattern: Expr) -> str | None:
    """The text that a pattern of `replace` looks for, or None where it may look for several."""
    match pattern:
        case Text(text):
            return text or None
        case Invoke(Name("regex"), (Text(source), *_)) if _PLAIN.match(source):
            return re.sub(r"\\(.)", r"\1", source)
    return None


def recoded(function: str, text: str) -> str | None:
    """What a function of the platform makes of a literal, or None where it is none that is known,
    or fails."""
    match function:
        case "encodeURIComponent":
            return quote(text, safe=_UNRESERVED)
        case "decodeURIComponent" | "unescape":
            return unquote(text)
        case "atob":
            try:
                return b64decode(text + "=" * (-len(text) % 4), validate=True).decode("latin-1")
            except (NotBase64, ValueError):
                return None
    return None


def _until(marks: str, pieces: Pieces) -> tuple[Pieces, str, Pieces]:
    """The pieces before the first of the marks in their text, that mark, and those after it."""
    for i, piece in enumerate(pieces):
        if piece.value is not None:
            continue
        stop = min((at for at in map(piece.text.find, marks) if at >= 0), default=-1)
        if stop >= 0:
            before = (*pieces[:i], *_given(_cut(piece, 0, stop)))
            return before, piece.text[stop], (_cut(piece, stop + 1), *pieces[i + 1 :])
    return tuple(p for piece in pieces for p in _given(piece)), "", ()


def _given(piece: Piece) -> Iterator[Piece]:
    if piece.value is not None or piece.text:
        yield piece


def _cut(piece: Piece, start: int, end: int | None = None) -> Piece:
    return replace(piece, text=piece.text[start:end])


def _without_mark(pieces: Pieces, mark: str) -> Pieces:
    first = pieces[0]
    return (replace(first, text=first.text.removeprefix(mark)), *pieces[1:])


def _folder(path: Pieces) -> Pieces:
    if not path:
        return ()
    last = path[-1]
    text = last.text[: last.text.rfind("/") + 1] if last.value is None else ""
    kept = (*path[:-1], replace(last, text=text)) if last.value is None else path
    return kept if text or len(path) > 1 else (replace(last, text="/", value=None),)


def _spelled(pieces: Pieces) -> str:
    return "".join(GAP if piece.value is not None else piece.text for piece in pieces)
