"""The text given to `document.cookie`, taken apart: name, value, lifetime, attributes (RFC
6265)."""

from __future__ import annotations

from dataclasses import dataclass

from gdprlint.effects.lifetimes import SECONDS, days_of, deleted
from gdprlint.facts import Expr, Join, Text
from gdprlint.flow import GAP, Flow, Piece

_FOR_EVER = 3650.0


@dataclass(frozen=True, slots=True)
class CookieText:
    """A cookie as a script writes it; `days` as for `Store`, None where not known."""

    name: str
    value: Expr | None
    days: float | None
    flags: frozenset[str]


def parse_cookie(pieces: tuple[Piece, ...], flow: Flow) -> CookieText | None:
    """The cookie that these pieces make, or None where they have no `name=`."""
    parts: list[list[Piece]] = [[]]
    for piece in pieces:
        if piece.value is not None:
            parts[-1].append(piece)
            continue
        first, *rest = piece.text.split(";")
        parts[-1].append(_with(piece, first))
        for text in rest:
            parts.append([_with(piece, text)])
    name, values = _pair(parts[0])
    if not name:
        return None
    days: float | None = 0.0
    flags: set[str] = set()
    for attribute in parts[1:]:
        key, given = _pair(attribute)
        key = key.strip().lower()
        text = _text(given).strip()
        if key == "max-age":
            days = deleted(_seconds(given, flow))
        elif key == "expires" and days == 0.0:
            days = _expires(given, flow)
        elif key == "samesite":
            flags.add(f"samesite-{text.lower()}")
        elif key in ("secure", "httponly"):
            flags.add(key)
        elif GAP in key and days == 0.0:
            days = None
    # A script cannot set HttpOnly (RFC 6265, section 5.3), so its absence says nothing.
    if "secure" not in flags:
        flags.add("not-secure")
    value = _joined(values)
    if values and value is None:
        # The empty text, which takes off what was there before.
        days = -1.0
    return CookieText(name.strip(), value, days, frozenset(flags))


def _with(piece: Piece, text: str) -> Piece:
    return Piece(text, None, piece.path, piece.context, piece.start, piece.end)


def _pair(pieces: list[Piece]) -> tuple[str, list[Piece]]:
    name: list[str] = []
    for i, piece in enumerate(pieces):
        if piece.value is not None:
            name.append(GAP)
            continue
        head, mark, tail = piece.text.partition("=")
        name.append(head)
        if mark:
            return "".join(name), [_with(piece, tail), *pieces[i + 1 :]]
    return "".join(name), []


def _text(pieces: list[Piece]) -> str:
    return "".join(piece.text if piece.value is None else GAP for piece in pieces)


def _joined(pieces: list[Piece]) -> Expr | None:
    parts: list[Expr] = []
    for piece in pieces:
        if piece.value is not None:
            parts.append(piece.value)
        elif piece.text:
            parts.append(Text(piece.text, piece.start, piece.end))
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else Join(tuple(parts), pieces[0].start, pieces[-1].end)


def _seconds(pieces: list[Piece], flow: Flow) -> float | None:
    text = _text(pieces).strip()
    try:
        return float(text) / SECONDS
    except ValueError:
        pass
    values = [piece for piece in pieces if piece.value is not None]
    if len(values) == 1 and values[0].value is not None and text == GAP:
        return days_of(values[0].value, values[0].path, "seconds", flow)
    return None


def _expires(pieces: list[Piece], flow: Flow) -> float | None:
    text = _text(pieces).strip()
    if GAP not in text:
        if not text or text == "0":
            return 0.0
        from email.utils import parsedate_to_datetime

        try:
            date = parsedate_to_datetime(text.replace("-", " "))
        except (ValueError, TypeError, IndexError):
            return None
        # A date written out is long past, to delete, or so far ahead that it means "for ever"; the
        # answer may not depend on the day of the scan, so anything between is not told.
        if date.year < 2020:
            return -1.0
        return _FOR_EVER if date.year >= 2036 else None
    values = [piece for piece in pieces if piece.value is not None]
    if len(values) == 1 and values[0].value is not None:
        return days_of(values[0].value, values[0].path, "date", flow)
    return None
