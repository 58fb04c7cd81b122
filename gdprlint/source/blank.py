"""Hide a stretch of text without moving the rest: offset n stays offset n of the file."""

from __future__ import annotations


def blank(text: str, start: int, end: int) -> str:
    """`text` with one stretch put out of the parser's sight, and every other character in place."""
    hidden = "".join(c if c in "\r\n" else " " for c in text[start:end])
    return text[:start] + hidden + text[end:]
