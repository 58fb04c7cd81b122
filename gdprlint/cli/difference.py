"""What fixes would change, as `patch` and `git apply -p0` take it."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["difference"]

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def difference(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """The unified difference of the texts, in the order of their paths.

    It shows lines as they are, values and all: it is for whoever has the files.
    """
    from difflib import unified_diff

    lines: list[str] = []
    for path in sorted(after):
        # Lines of a patch end at a line feed and nowhere else, so that a carriage return is kept.
        old, new = _LINE.findall(before[path]), _LINE.findall(after[path])
        lines.extend(map(_ended, unified_diff(old, new, path, path)))
    return "".join(lines)


def _ended(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
