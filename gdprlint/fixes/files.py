"""New text into a file that somebody else may be writing, too: all of it, or none of it."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

from gdprlint.source import decode

__all__ = ["write"]


def write(file: Path, old: str, new: str) -> str:
    """Put `new` in the place of `old`, which the file must still hold; the reason why not, or
    nothing.

    The bytes that both have in common stay as they are, whatever the file's encoding.
    """
    place = Path(os.path.realpath(file))
    try:
        mode = place.stat().st_mode
        if not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH) or not os.access(place, os.W_OK):
            return "it may not be written"
        data = place.read_bytes()
        decoded = decode(data)
        if decoded.text != old:
            return "it has changed since it was read"
        if old.encode(decoded.encoding, "surrogatepass") != data:
            return f"not all of it is text in {decoded.encoding}"
        _put(place, new.encode(decoded.encoding))
    except UnicodeEncodeError:
        return f"the fix cannot be written in {decoded.encoding}"
    except (OSError, LookupError) as error:
        return getattr(error, "strerror", "") or "it cannot be written"
    return ""


def _put(place: Path, data: bytes) -> None:
    """The bytes in the file, with its permissions: written beside, and renamed."""
    beside = place.with_name(place.name + ".partial")
    try:
        with beside.open("xb") as opened:
            opened.write(data)
        shutil.copymode(place, beside)
        beside.replace(place)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
