"""What the bare text of an unread stretch mentions: hosts, and names that are called."""

from __future__ import annotations

import re

from gdprlint.facts import Mention, Unread
from gdprlint.source import Span

_HOST = re.compile(r"//((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24})", re.IGNORECASE)
# Possessive, and only at the start of a name: linear on megabytes of one long word.
_CALLED = re.compile(r"(?<![\w$])([A-Za-z_$][\w$]{1,40}+)\s{0,3}(?:\(|\.push\s{0,3}\()")
_MOST = 200


def unread(path: str, text: str, start: int, end: int, why: str) -> Unread:
    """An `Unread` of `text[start:end]`, where `text` is the whole file's, with what it mentions.

    At most 200 different mentions are kept: an unread stretch may be a whole library.
    """
    found: dict[tuple[str, str], Mention] = {}
    for match in _HOST.finditer(text, start, end):
        host = match.group(1).lower()
        found.setdefault(("host", host), Mention("host", host, match.start(1)))
        if len(found) >= _MOST:
            break
    for match in _CALLED.finditer(text, start, end):
        if len(found) >= _MOST:
            break
        name = match.group(1)
        found.setdefault(("name", name), Mention("name", name, match.start(1)))
    return Unread(Span(path, start, end), why, tuple(found.values()))
