"""Bytes to text: byte order mark, declared charset, and bad bytes kept as replacement
characters."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# HTML, "prescan a byte stream": a charset is looked for in the first 1024 bytes; PEP 263 for
# Python.
_DECLARED = re.compile(rb"(?:charset|coding)[ \t]*[=:][ \t]*[\"']?([A-Za-z0-9_.:-]{2,40})")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text; `binary` is true where it is no text at all, and `text` is then empty.

    `encoding` is what its bytes were taken for.
    """

    text: str
    binary: bool = False
    encoding: str = "utf-8"


def decode(data: bytes) -> Decoded:
    """The text of `data`, whose byte order mark stays in it as U+FEFF so that offsets are the
    file's.

    Undecodable bytes become U+FFFD. A NUL byte in text without a mark means a binary file.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return Decoded(data.decode(name, "replace"), encoding=name)
    if b"\0" in data[:65536]:
        return Decoded("", binary=True)
    try:
        return Decoded(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _declared(data)


def _declared(data: bytes) -> Decoded:
    found = _DECLARED.search(data[:1024])
    if found is not None:
        name = found.group(1).decode("ascii")
        try:
            if codecs.lookup(name).name not in ("utf-8", "ascii"):
                return Decoded(data.decode(name, "replace"), encoding=name)
        except (LookupError, UnicodeError):
            pass
    return Decoded(data.decode("utf-8", "replace"))
