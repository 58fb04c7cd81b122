"""Streams, colour and width: what goes where, and how."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO, Literal, TextIO

from gdprlint.errors import InputError

__all__ = [
    "ADDRESS",
    "has_colour",
    "is_terminal",
    "listen_no_more",
    "log",
    "print_report",
    "say",
    "width",
    "write_file",
]

ADDRESS = "https://github.com/gdprlint/gdprlint"
"""The project's repository, where rule pages are read and errors reported."""

_WIDTH_OF_PIPES = 100
_WIDEST = 120


def say(message: str) -> None:
    """A line for the person, on stderr; silently lost where nobody listens any more."""
    try:
        print(message, file=sys.stderr, flush=True)
    except UnicodeEncodeError:
        print(message.encode("ascii", "backslashreplace").decode(), file=sys.stderr, flush=True)
    except OSError:
        listen_no_more(sys.stderr)


def log() -> None:
    """Let our own log be seen on stderr."""
    import logging

    channel = logging.StreamHandler(sys.stderr)
    channel.setFormatter(logging.Formatter("%(name)s: %(message)s"))
    ours = logging.getLogger("gdprlint")
    ours.addHandler(channel)
    ours.setLevel(logging.DEBUG)


def print_report(text: str) -> None:
    """The report, in UTF-8 as it is, on stdout; a reader that has gone away is no error."""
    try:
        written = text.encode("utf-8", "replace")
        raw: IO[bytes] | None = getattr(sys.stdout, "buffer", None)
        if raw is None:
            sys.stdout.write(written.decode("utf-8"))
        else:
            sys.stdout.flush()
            raw.write(written)
        sys.stdout.flush()
    except BrokenPipeError:
        listen_no_more(sys.stdout)


def listen_no_more(stream: TextIO) -> None:
    """Let the stream lead nowhere, or Python complains when it is flushed at the end."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
    except (OSError, ValueError):
        return


def write_file(text: str, path: Path) -> None:
    """The whole text in the file at `path`, or none of it: written beside, and renamed."""
    beside = path.with_name(path.name + ".partial")
    try:
        beside.write_bytes(text.encode("utf-8", "replace"))
        beside.replace(path)
    except OSError as error:
        why = error.strerror or "it cannot be written"
        raise InputError(f"{path}: the file cannot be written ({why})") from None


def is_terminal(stream: TextIO) -> bool:
    """Whether a person sees the stream on a screen that obeys control characters."""
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def has_colour(wish: Literal["auto", "always", "never"], stream: TextIO) -> bool:
    """Whether to colour; a wish wins over NO_COLOR, FORCE_COLOR (not empty) and the terminal."""
    if wish != "auto":
        return wish == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return is_terminal(stream)


def width(stream: TextIO) -> int:
    """The columns to fill: the terminal's, up to what reads well; fixed where there is none."""
    if not stream.isatty():
        return _WIDTH_OF_PIPES
    import shutil

    return min(shutil.get_terminal_size((_WIDTH_OF_PIPES, 24)).columns, _WIDEST)
