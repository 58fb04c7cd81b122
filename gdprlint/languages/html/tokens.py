"""Where are the tags, attributes, comments and raw text of a page? HTML's tokenizer, tolerant.

Follows the HTML Standard, section 13.2.5 "Tokenization", with exact places and no errors: what
a browser makes of a broken page is what is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from gdprlint.languages.html.words import words


class Part(NamedTuple):
    """An attribute as it is written; `value_start` is -1 where there is no value."""

    name: str
    start: int
    end: int
    value_start: int
    value_end: int


class StartTag(NamedTuple):
    """`raw_end` and `raw_close`: of raw text elements, where their text and their end tag end.

    `raw_end` is -1 for all other elements; `raw_close` equals it where the end tag is missing.
    """

    name: str
    start: int
    end: int
    parts: tuple[Part, ...]
    closed: bool
    foreign: bool
    raw_end: int = -1
    raw_close: int = -1


class EndTag(NamedTuple):
    """An end tag; its attributes mean nothing."""

    name: str
    start: int
    end: int


class Run(NamedTuple):
    """Text between tags."""

    start: int
    end: int


class Note(NamedTuple):
    """A comment; its text runs from `text_start` to `text_end`."""

    start: int
    end: int
    text_start: int
    text_end: int


class Broken(NamedTuple):
    """From `start` to the end of the text nothing can be told apart, because of `why`."""

    start: int
    why: str


Token: TypeAlias = StartTag | EndTag | Run | Note | Broken
"""One piece of a page. Pieces follow one another and do not overlap."""

RAW = frozenset(
    ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "plaintext")
)
"""Elements whose content is text up to their own end tag."""

_NAME = re.compile(r"[A-Za-z][^\t\n\f\r />]*+")
# Atomic throughout: an attribute is matched once, forwards. A quote that is never closed runs to
# the end of the text, where no `>` is found any more.
_PART = re.compile(
    r"[\t\n\f\r /]*+(?:(>)|([^\t\n\f\r />][^\t\n\f\r />=]*+)"
    r"(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+"
    r"(?:\"([^\"]*+)(?:\"|\Z)|'([^']*+)(?:'|\Z)|([^\t\n\f\r >\"'][^\t\n\f\r >]*+)|((?=>))))?+)"
)
_SPECIAL = re.compile(r"<(?:[A-Za-z]|/[A-Za-z]|[!?]|/[^A-Za-z>])")
_COMMENT_END = re.compile(r"--!?>")
_SCRIPT_MARK = re.compile(r"<!--|-->|<(/?)script(?=[\t\n\f\r />])", re.IGNORECASE)
_RAW_END = {
    name: re.compile(rf"</{name}(?=[\t\n\f\r />])", re.IGNORECASE) for name in RAW - {"plaintext"}
}
# HTML Standard, 13.2.6.5 "The rules for parsing tokens in foreign content": these end it.
_BREAKOUT = words(
    "b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li"
    " listing menu meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul"
    " var"
)
_FOREIGN = frozenset(("svg", "math"))
_HTML_AGAIN = frozenset(("foreignobject", "desc", "annotation-xml"))


def tokens(text: str) -> Iterator[Token]:
    """The pieces of an HTML page, in order."""
    return _scan(text, False)


def component_tokens(text: str) -> Iterator[Token]:
    """The pieces of a Vue or Svelte file: names keep their case, any element can close itself."""
    return _scan(text, True)


def _scan(text: str, component: bool) -> Iterator[Token]:
    position = 0
    length = len(text)
    foreign: list[str] = []
    search = _SPECIAL.search
    while position < length:
        found = search(text, position)
        if found is None:
            yield Run(position, length)
            return
        start = found.start()
        if start > position:
            yield Run(position, start)
        mark = text[start + 1]
        token: Token | None
        if mark in "!?":
            token, position = _aside(text, start, bool(foreign))
        elif mark == "/":
            token, position = _end_tag(text, start, foreign, component)
        else:
            token, position = _start_tag(text, start, foreign, component)
        if token is not None:
            yield token


def _aside(text: str, start: int, foreign: bool) -> tuple[Token | None, int]:
    """A comment, a doctype, a CDATA section, or what HTML calls a bogus comment."""
    if text.startswith("<!--", start):
        for short in (">", "->"):
            if text.startswith(short, start + 4):
                end = start + 4 + len(short)
                return Note(start, end, start + 4, start + 4), end
        found = _COMMENT_END.search(text, start + 4)
        if found is None:
            return Broken(start, "the comment is not closed"), len(text)
        return Note(start, found.end(), start + 4, found.start()), found.end()
    closing = ">"
    if foreign and text.startswith("<![CDATA[", start):
        closing = "]]>"
    end = text.find(closing, start)
    if end < 0:
        return Broken(start, "the declaration is not closed"), len(text)
    if closing == "]]>":
        return Run(start + 9, end), end + 3
    return None, end + 1


def _parts(text: str, position: int) -> tuple[list[Part], int, bool]:
    """The attributes from `position`, where the tag ends (-1: nowhere), and whether by `/>`."""
    parts: list[Part] = []
    match = _PART.match
    while True:
        found = match(text, position)
        if found is None:
            return parts, -1, False
        which = found.lastindex
        start, end = found.span()
        if which == 1:
            return parts, end, end - start > 1 and text[end - 2] == "/"
        name = found.group(2)
        if which == 2:
            parts.append(Part(name, found.start(2), end, -1, -1))
        else:
            assert which is not None
            parts.append(Part(name, found.start(2), end, found.start(which), found.end(which)))
        position = end


def _end_tag(
    text: str, start: int, foreign: list[str], component: bool
) -> tuple[Token | None, int]:
    named = _NAME.match(text, start + 2)
    if named is None:
        end = text.find(">", start)
        if end < 0:
            return Broken(start, "the end tag is not closed"), len(text)
        return None, end + 1
    end = named.end() + 1
    if not text.startswith(">", named.end()):
        _, end, _ = _parts(text, named.end())
    if end < 0:
        return Broken(start, "the end tag is not closed"), len(text)
    name = named.group() if component else named.group().lower()
    if foreign and name in foreign:
        while foreign.pop() != name:
            pass
    return EndTag(name, start, end), end


def _start_tag(
    text: str, start: int, foreign: list[str], component: bool
) -> tuple[Token | None, int]:
    named = _NAME.match(text, start + 1)
    assert named is not None
    name = named.group() if component else named.group().lower()
    parts, end, closed = _parts(text, named.end())
    if end < 0:
        return Broken(start, "the tag is not closed"), len(text)
    if foreign and name in _BREAKOUT and foreign[-1] not in _HTML_AGAIN:
        foreign.clear()
    inside = bool(foreign) and foreign[-1] not in _HTML_AGAIN
    if not closed and (name in _FOREIGN or (inside and name in _HTML_AGAIN)) and len(foreign) < 99:
        foreign.append(name)
    raw = name in RAW and not (closed and (component or inside))
    if inside and name not in ("script", "style"):
        raw = False
    if not raw:
        return StartTag(name, start, end, tuple(parts), closed, inside), end
    raw_end, raw_close = _raw(text, name, end)
    tag = StartTag(name, start, end, tuple(parts), False, inside, raw_end, raw_close)
    return tag, raw_close


def _raw(text: str, name: str, start: int) -> tuple[int, int]:
    """Where the text of a raw element and its end tag end."""
    if name == "plaintext":
        return len(text), len(text)
    end = _script_end(text, start) if name == "script" else -1
    if name != "script":
        found = _RAW_END[name].search(text, start)
        end = -1 if found is None else found.start()
    if end < 0:
        return len(text), len(text)
    _, close, _ = _parts(text, end + 2 + len(name))
    return end, len(text) if close < 0 else close


def _script_end(text: str, start: int) -> int:
    """Where a script's text ends, by the rules for `<!--` and `<script` in scripts; or -1.

    HTML Standard, 13.2.5.15 to 13.2.5.31: within `<!--`, a `<script` hides the next `</script`.
    """
    escaped = doubly = False
    position = start
    while True:
        found = _SCRIPT_MARK.search(text, position)
        if found is None:
            return -1
        position = found.end()
        mark = found.group()
        if mark == "<!--":
            # `<!-->` both opens and closes.
            position -= 2
            if not escaped:
                escaped, doubly = True, False
        elif mark == "-->":
            escaped = doubly = False
        elif not found.group(1):
            doubly = doubly or escaped
        elif doubly:
            doubly = False
        else:
            return found.start()
