"""Style sheets, declarations and their dialects, read for the addresses in them alone.

Follows CSS Syntax Level 3 as far as strings, comments, `url()` and at-rules go; whatever else
stands in a style sheet is passed over, known or not.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from time import monotonic

from gdprlint.facts import (
    Call,
    Comment,
    Expr,
    Fact,
    Fragment,
    Invoke,
    Join,
    Link,
    Name,
    Reading,
    Span,
    Text,
    Unread,
    Way,
)
from gdprlint.facts.unread import unread

# One alternative for each thing that can hide or be an address; atomic, so linear.
_TOKEN = re.compile(
    r"/\*"
    r"|(?P<line>//[^\n\r]*+)"
    r"|(?P<string>\"(?:[^\"\\\n\r\f]++|\\(?:\r\n|[\s\S]))*+\"?|'(?:[^'\\\n\r\f]++|\\(?:\r\n|[\s\S]))*+'?)"
    r"|(?P<url>(?<![\w-])(?:url|src)\([ \t\r\n\f]*+)"
    r"|(?P<at>@-?[A-Za-z_][\w-]*+)"
    r"|(?P<property>(?<![\w-])-{0,2}[A-Za-z_][\w-]*+(?=[ \t\r\n\f]*+:(?!:)))"
    r"|[{};]",
    re.IGNORECASE,
)
_BARE_URL = re.compile(r"(?:[^\"'()\\ \t\r\n\f]++|\\[^\n\r\f])*+")
_ESCAPE = re.compile(r"\\(?:([0-9A-Fa-f]{1,6})[ \t\r\n\f]?|(\r\n|[\n\r\f])|([\s\S]))")
_CHECK_EVERY = 2048
_IMPORTS = frozenset(("@import", "@use", "@forward"))


def decoded(raw: str) -> str:
    """A string or an address with its escapes replaced (CSS Syntax, 4.3.7)."""
    return _ESCAPE.sub(_character, raw) if "\\" in raw else raw


def _character(found: re.Match[str]) -> str:
    digits, line_end, character = found.groups()
    if digits:
        code = int(digits, 16)
        known = 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF
        return chr(code) if known else "\ufffd"
    return "" if line_end else character


@dataclass(slots=True)
class _Sheet:
    """What has been found in a style sheet, and where in it we are."""

    fragment: Fragment
    path: str
    facts: list[Fact] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    at_rules: list[str] = field(default_factory=list)
    statement: str = ""
    name: str = ""

    def span(self, start: int, end: int) -> Span:
        offset = self.fragment.offset
        return Span(self.path, offset + start, offset + end)


def read(fragment: Fragment, path: str, *, deadline: float) -> Reading:
    """The imports and addresses of a style sheet, or of the declarations of a `style` attribute."""
    sheet = _Sheet(fragment, path)
    # Only preprocessors know comments to the end of the line; elsewhere `//` is in an address.
    lines = path.lower().endswith((".scss", ".sass", ".less", ".styl", ".vue", ".svelte"))
    text = fragment.text
    position = 0
    number = 0
    while True:
        found = _TOKEN.search(text, position)
        if found is None:
            break
        number += 1
        if number % _CHECK_EVERY == 0 and monotonic() > deadline:
            sheet.facts.append(_unread(sheet, found.start(), "reading took too long"))
            break
        position = _step(sheet, found, lines)
    return Reading(facts=tuple(sheet.facts), comments=tuple(sheet.comments))


def _step(sheet: _Sheet, found: re.Match[str], lines: bool) -> int:
    """Take in one token; where to look for the next."""
    written = found.group()
    match found.lastgroup:
        case "line":
            if not lines:
                return found.start() + 2
            sheet.comments.append(Comment(written[2:], sheet.span(*found.span())))
        case "string":
            if sheet.statement in _IMPORTS:
                _import(sheet, found.start() + 1, _string_end(found))
        case "url":
            return _url(sheet, found.end())
        case "at":
            sheet.statement = written.lower()
            sheet.name = ""
        case "property":
            if not sheet.statement:
                sheet.name = written.lower()
        case _:
            return _mark(sheet, found, written)
    return found.end()


def _mark(sheet: _Sheet, found: re.Match[str], written: str) -> int:
    if written == "/*":
        end = sheet.fragment.text.find("*/", found.end())
        if end < 0:
            sheet.facts.append(_unread(sheet, found.start(), "the comment is not closed"))
            return len(sheet.fragment.text)
        comment = sheet.fragment.text[found.end() : end]
        sheet.comments.append(Comment(comment, sheet.span(found.start(), end + 2)))
        return end + 2
    if written == "{":
        sheet.at_rules.append(sheet.statement)
    elif written == "}" and sheet.at_rules:
        sheet.at_rules.pop()
    sheet.statement = sheet.name = ""
    return found.end()


def _string_end(found: re.Match[str]) -> int:
    written = found.group()
    closed = len(written) > 1 and written[-1] == written[0]
    return found.end() - 1 if closed else found.end()


def _url(sheet: _Sheet, start: int) -> int:
    """The address after `url(`; where to go on."""
    text = sheet.fragment.text
    quoted = _TOKEN.match(text, start) if text[start : start + 1] in ("'", '"') else None
    if quoted is not None:
        first, last, after = start + 1, _string_end(quoted), quoted.end()
    else:
        bare = _BARE_URL.match(text, start)
        assert bare is not None
        first, last, after = start, bare.end(), bare.end()
    if first == last:
        return after
    if sheet.statement in _IMPORTS:
        _import(sheet, first, last)
        return after
    # The property says what for, but the `src` of a font says less than its rule.
    around = next((rule for rule in reversed(sheet.at_rules) if rule), "")
    purpose = around if around == "@font-face" else sheet.name or sheet.statement or around
    target = _value(sheet, first, last)
    span = sheet.span(first, last)
    use = Text(purpose, span.start, span.end)
    invoke = Invoke(Name("css url"), (target, use), start=span.start, end=span.end)
    sheet.facts.append(Call(invoke, span, _way(sheet, first)))
    return after


def _import(sheet: _Sheet, first: int, last: int) -> None:
    target = _value(sheet, first, last)
    sheet.facts.append(Link("import", target, sheet.span(first, last), _way(sheet, first)))
    if sheet.statement != "@import":
        sheet.statement = ""


def _unread(sheet: _Sheet, start: int, why: str) -> Unread:
    text = sheet.fragment.text
    found = unread(sheet.path, text, start, len(text), why)
    offset = sheet.fragment.offset
    mentions = tuple(replace(mention, start=mention.start + offset) for mention in found.mentions)
    return Unread(sheet.span(start, len(text)), why, mentions)


def _way(sheet: _Sheet, place: int) -> Way:
    """The fragment's way, and that of the template conditions around `place`."""
    absolute = sheet.fragment.offset + place
    around = [region for region in sheet.fragment.regions if region.start <= absolute < region.end]
    around.sort(key=lambda region: (region.start, -region.end))
    return (*sheet.fragment.way, *(step for region in around for step in region.way))


def _value(sheet: _Sheet, first: int, last: int) -> Expr:
    """What is written there, with the values of the holes in it."""
    offset = sheet.fragment.offset
    parts = tuple(_pieces(sheet, first, last))
    if not parts:
        return Text("", offset + first, offset + last)
    return parts[0] if len(parts) == 1 else Join(parts, offset + first, offset + last)


def _pieces(sheet: _Sheet, first: int, last: int) -> Iterator[Expr]:
    text, offset = sheet.fragment.text, sheet.fragment.offset
    holes = sheet.fragment.holes
    begin = bisect_right(holes, offset + first, key=lambda hole: hole.end)
    end = bisect_left(holes, offset + last, key=lambda hole: hole.start)
    position = first
    for hole in holes[begin:end]:
        start = max(hole.start - offset, first)
        if position < start:
            yield Text(decoded(text[position:start]), offset + position, offset + start)
        if not (isinstance(hole.value, Text) and not hole.value.text):
            yield hole.value
        position = hole.end - offset
    if position < last:
        yield Text(decoded(text[position:last]), offset + position, offset + last)
