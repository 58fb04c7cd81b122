"""Edits of script, by span: literals, entries of objects, the text of a cookie."""

from __future__ import annotations

import re

from gdprlint.findings import Change, Edit
from gdprlint.source import Span

__all__ = ["cookie_attribute", "entry", "expression", "value"]

_BARE = re.compile(r"true|false|!0|!1|\d+")
# A text in an attribute with character references has the attribute's place: it is none of these.
_QUOTED = re.compile(r"([\"'`])[\w .,:/-]*\1")
_SPELLED = {"secure": "Secure", "httponly": "HttpOnly", "samesite": "SameSite"}


def _edit(change: Change, start: int, end: int, text: str) -> Edit:
    return Edit(Span(change.span.path, start, end), text)


def value(change: Change, text: str) -> Edit | None:
    """A literal becomes another; a text keeps its quotes."""
    start, end = change.span.start, change.span.end
    old, said = text[start:end], change.value
    quoted = _QUOTED.fullmatch(old)
    if quoted is None and not _BARE.fullmatch(old):
        return None
    if _BARE.fullmatch(said):
        blank = " " if re.match(r"[\w$]", text[start - 1 : start]) else ""
        return _edit(change, start, end, blank + said)
    quote = quoted[1] if quoted is not None else '"'
    return _edit(change, start, end, f"{quote}{said}{quote}")


def expression(change: Change, text: str) -> Edit | None:
    """An expression becomes another."""
    start, end = change.span.start, change.span.end
    old = text[start:end]
    return _edit(change, start, end, change.value) if re.match(r"[\w(]", old) else None


def entry(change: Change, text: str) -> Edit | None:
    """An object literal gets one more entry, the first, in the manner of the one that was it."""
    start, end = change.span.start, change.span.end
    old = text[start:end]
    if not old.startswith("{") or not old.endswith("}"):
        return None
    outer, *inner = reversed(change.name.split("."))
    said = f"{outer}: {change.value}"
    for name in inner:
        said = f"{name}: {{ {said} }}"
    blanks = old[1 : len(old) - len(old[1:].lstrip())]
    if old[1:-1].strip() == "":
        return _edit(change, start, end, f"{{ {said} }}")
    return _edit(change, start + 1, start + 1, f"{blanks}{said}," + ("" if blanks else " "))


def cookie_attribute(change: Change, text: str) -> Edit | None:
    """The text of a cookie gets an attribute at its end; one with a value gets another value."""
    start, end = change.span.start, change.span.end
    old = text[start:end]
    if change.value:
        told = rf"{re.escape(change.name)}\s*=\s*(\d+)(?=\s*[;\"'`])"
        found = list(re.finditer(told, old, re.IGNORECASE))
        if len(found) != 1:
            return None
        return _edit(change, start + found[0].start(1), start + found[0].end(1), change.value)
    said = _SPELLED.get(change.name, change.name)
    last = old[-1:]
    if last in ("'", '"', "`") and len(old) > 1:
        written = old[:-1].rstrip()
        mark = " " if written.endswith(";") and written == old[:-1] else "; "
        mark = "" if written.endswith(";") and written != old[:-1] else mark
        return _edit(change, end - 1, end - 1, f"{mark}{said}")
    if "+" not in old:
        return None
    return _edit(change, end, end, f' + "; {said}"')
