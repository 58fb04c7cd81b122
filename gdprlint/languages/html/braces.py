"""Where do the expressions stand in the markup of a Vue or Svelte component?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_SCRIPT = re.compile(
    r"//[^\n]*+|/\*|\"(?:[^\"\\\n]++|\\[\s\S])*+\"?|'(?:[^'\\\n]++|\\[\s\S])*+'?|[{}()\[\]`]"
)
_TEMPLATE_TEXT = re.compile(r"(?:[^`\\$]++|\\[\s\S]|\$(?!\{))*+(`|\$\{|\Z)")
_OPEN = {"}": "{", ")": "(", "]": "["}


class Braces(NamedTuple):
    """An expression in braces, which run from `start` to `end`; `close` is -1 if they do not end.

    The expression itself runs from `inner` to `close`.
    """

    start: int
    inner: int
    close: int
    end: int


def closing_brace(text: str, start: int) -> int:
    """Where the `}` stands that closes a brace opened before `start`, or -1.

    Strings, template literals and comments are stepped over; regular expressions are not known.
    """
    around = ["{"]
    position = start
    while True:
        found = _SCRIPT.search(text, position)
        if found is None:
            return -1
        mark = found.group()
        position = found.end()
        if mark == "/*":
            position = text.find("*/", position) + 2
            if position < 2:
                return -1
        elif mark in ("{", "(", "["):
            around.append(mark)
        elif mark == "`":
            position = _template(text, position, around)
        elif mark in _OPEN:
            if around[-1] == _OPEN[mark]:
                around.pop()
            if not around:
                return found.start()
            if mark == "}" and around[-1] == "`":
                around.pop()
                position = _template(text, position, around)
        if position < 0:
            return -1


def _template(text: str, position: int, around: list[str]) -> int:
    """Step over the text of a template literal, up to its end or to a `${`; -1 for neither."""
    found = _TEMPLATE_TEXT.match(text, position)
    if found is None or not found.group(1):
        return -1
    if found.group(1) == "${":
        around += ("`", "{")
    return found.end()


_VUE = re.compile(r"<!--|<(script|style)(?=[\s/>])|\{\{")
_SVELTE = re.compile(r"<!--|<(script|style)(?=[\s/>])|\{")


def interpolations(text: str) -> Iterator[Braces]:
    """Vue's `{{ ... }}`, outside of scripts, styles and comments."""
    return _braces(text, _VUE, 2)


def mustaches(text: str) -> Iterator[Braces]:
    """Svelte's `{...}` and `{#if}`, outside of scripts, styles and comments."""
    return _braces(text, _SVELTE, 1)


def _braces(text: str, opening: re.Pattern[str], width: int) -> Iterator[Braces]:
    position = 0
    while True:
        found = opening.search(text, position)
        if found is None:
            return
        if found.group() == "<!--":
            position = text.find("-->", found.end())
        elif found.group(1):
            position = text.find(f"</{found.group(1)}", found.end())
        else:
            start, inner = found.span()
            close = closing_brace(text, inner)
            if close < 0 or not text.startswith("}" * width, close):
                yield Braces(start, inner, -1, len(text))
                return
            position = close + width
            yield Braces(start, inner, close, position)
        if position < 0:
            return
