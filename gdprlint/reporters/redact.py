"""What of a line of source may be shown? Its structure, and none of the values in it.

Only the stretch that a finding points at is shown, or the tag around it: there it is known whether
code, markup or text begins. In it, the contents of strings, attributes, comments and text become
`…`; hosts, query keys and the words that the finding names by itself stay.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal, TypeAlias

from gdprlint.findings import Finding
from gdprlint.source import Source, Span

__all__ = ["Curtain", "ShownLine", "named_words"]

GAP = "…"
_LONGEST = 2_000

Piece: TypeAlias = tuple[int, int, str]
"""A stretch of the file, and the text that is shown for it."""

_Family: TypeAlias = Literal["script", "python", "style", "records", "markup"]

_FAMILIES: dict[str, _Family] = {
    **dict.fromkeys((".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx"), "script"),
    **dict.fromkeys((".py", ".pyi"), "python"),
    **dict.fromkeys((".css", ".scss", ".sass", ".less"), "style"),
    **dict.fromkeys(
        (".json", ".jsonc", ".yml", ".yaml", ".toml", ".csv", ".tsv", ".txt", ".md", ".sql"),
        "records",
    ),
}

# Bounded, so that a file full of openings without an end costs no more than its length; what is
# too long for a hole or a tag counts as text, of which nothing is shown.
_SPAN = r"(?:(?!\{\{|\{%|<%|<\?).){0,2000}?"
_HOLE = re.compile(rf"\{{\{{{_SPAN}\}}\}}|\{{%{_SPAN}%\}}|<%{_SPAN}%>|<\?{_SPAN}\?>", re.DOTALL)
# Holes of template literals and f-strings, as far as they hold no braces of their own.
_DOLLAR_HOLE = re.compile(rf"\$\{{[^{{}}]*\}}|{_HOLE.pattern}", re.DOTALL)
_BRACE_HOLE = re.compile(r"\{[^\W\d][\w.\[\]()]*\}")
# Handlebars, Blade and ERB have comments that look like holes, and PHP's may hold comments.
_SECRET_HOLE = re.compile(r"\{\{-?[-!]|<%[#-]|<\?")
_VALUE_PARTS = re.compile(
    r"(?P<hole>[\ue000-\uf8ff])"
    r"|(?P<host>(?:\b(?:https?|wss?):)?//)(?:[^/?#@\s]*@)?(?P<name>[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"
    r"|(?P<key>[?&](?:amp;)?(?!\w*\d{5})[A-Za-z_][\w.\[\]-]{0,39}=)"
    r"|(?P<word>[\w.$-]*\w)"
    r"|(?P<other>.)",
    re.DOTALL,
)
_QUOTED = r"\"(?:\\.|[^\"\\\r\n])*\"?|'(?:\\.|[^'\\\r\n])*'?"
_WORD = r"[^\W\d][\w$]*|\$[\w$]*"
_NUMBER = r"\d[\w.]*"
_MAIL = r"[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]+"
_SCRIPT = re.compile(
    rf"(?P<comment>//[^\r\n]*|/\*.*?(?:\*/|\Z)|<!--.*?(?:-->|\Z))|(?P<string>{_QUOTED})"
    rf"|(?P<template>`)|(?P<mail>{_MAIL})|(?P<prose>(?<!=)>[^<>{{}}]++(?=</?[A-Za-z>]|\{{|\Z))"
    rf"|(?P<word>{_WORD})|(?P<number>{_NUMBER})|(?P<slash>/(?!>))|(?P<other>.)",
    re.DOTALL,
)
_PYTHON = re.compile(
    r"(?P<comment>#[^\r\n]*)"
    r"|(?P<string>(?i:\b[rbuft]{1,2})?(?:\"\"\".*?(?:\"\"\"|\Z)|'''.*?(?:'''|\Z)|"
    rf"{_QUOTED}))|(?P<mail>{_MAIL})|(?P<word>{_WORD})|(?P<number>{_NUMBER})|(?P<other>.)",
    re.DOTALL,
)
_STYLE = re.compile(
    rf"(?P<comment>/\*.*?(?:\*/|\Z))|(?P<string>{_QUOTED})|(?P<bare>(?<=url\()[^\"')]+)"
    rf"|(?P<comment2>//[^\r\n]*)|(?P<number>\d[\w.]*)|(?P<word>[\w-]+)|(?P<other>.)",
    re.DOTALL,
)
# After these a slash begins a regular expression and does not divide (ECMA-262, 12.9.5, in short).
_BEFORE_REGEX = frozenset("(,=:[!&|?{};+-*%~^>")
_REGEX = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\r\n])*\]?|[^/\\\[\r\n])+/?\w*")

_TAG = (
    rf"<[A-Za-z/!](?:[^<>\"'{{]|\{{\{{{_SPAN}\}}\}}|\{{%{_SPAN}%\}}|\{{(?![{{%])"
    r"|\"[^\"]{0,20000}\"|'[^']{0,20000}')*>?"
)
_ZONES = re.compile(
    rf"(?P<comment><!--.*?(?:-->|\Z)|\{{\#{_SPAN}\#\}}"
    r"|\{%-?\s*comment\b(?:(?!\{%-?\s*comment\b).){0,20000}?endcomment\s*-?%\})"
    rf"|(?P<tag>{_TAG})"
    rf"|(?P<hole>\{{\{{{_SPAN}\}}\}}|\{{%{_SPAN}%\}}|<%{_SPAN}%>|<\?.*?(?:\?>|\Z))",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"(?P<hole>\{\{.*?\}\}|\{%.*?%\})"
    r"|(?P<name>[^\s\"'<>/={]+)(?P<equals>\s*=\s*)?"
    r"|(?P<quoted>\"[^\"]*\"?|'[^']*'?)|(?P<other>.)",
    re.DOTALL,
)
_BARE_VALUE = re.compile(r"(?:\{\{.*?\}\}|\{%.*?%\}|[^\s\"'<>{])+", re.DOTALL)
_CODE_ATTRIBUTE = re.compile(r"on[a-z]+|[@:#].+|v-.+|x-.+|bind:.+|\(.+\)|\[.+\]", re.IGNORECASE)
# Attributes whose values are keywords of HTML, so that nothing of anybody can stand in them.
_KEYWORD_ATTRIBUTES = frozenset({"type", "rel", "method", "as", "loading", "autocomplete"})


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line as it may be shown; `start` and `end` say under which of its characters carets go."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Zone:
    """A stretch of a markup file; what lies between zones is text."""

    kind: Literal["comment", "tag", "hole", "script", "records"]
    start: int
    end: int


def named_words(finding: Finding) -> frozenset[str]:
    """The words that a finding says by itself and that its source line may therefore show."""
    told = finding.properties
    words = {*told.parameters, *told.names, told.key, told.host, told.recipient}
    return frozenset(word for word in words if word)


@dataclass(frozen=True, slots=True)
class Curtain:
    """Shows lines of source; keeps the zones of the markup files that it has shown lines of."""

    _zones: dict[str, tuple[_Zone, ...]] = field(default_factory=dict)

    def redacted(self, source: Source, span: Span, *, named: AbstractSet[str]) -> ShownLine:
        """The line on which `span` starts, without values; `named` words may stay where they are.

        Of the rest of the line only the indentation is shown, and `…` for whatever else is there.
        """
        number = source.position(span.start).line
        first = source.line_starts[number - 1]
        last = first + len(source.line(number))
        start, end, pieces = self._pieces(source, span, named)
        start = max(start, first, span.start - _LONGEST)
        end = min(max(end, span.start), last, span.start + _LONGEST)
        indent = re.match(r"[ \t\ufeff]*", source.text[first:start])
        lead = (indent.group() if indent else "").replace("\ufeff", "")
        hidden = first + len(indent.group() if indent else "") < start
        line = _Line(lead + (GAP if hidden else ""), span)
        for piece in pieces:
            if piece[0] >= end:
                break
            if piece[1] > start:
                line.add(piece, start, end)
        rest = source.text[end : min(last, end + 5)].strip() if span.end <= last else GAP
        return line.shown(rest if re.fullmatch(r"[;,)\]}>]{0,4}", rest) else GAP)

    def _pieces(
        self, source: Source, span: Span, named: AbstractSet[str]
    ) -> tuple[int, int, Iterator[Piece]]:
        """The stretch that may be shown with the span, and its pieces."""
        family = _FAMILIES.get(PurePosixPath(source.path).suffix.lower(), "markup")
        start, end, text = span.start, span.end, source.text
        if family == "records":
            return start, end, _as_value(text, start, end, named=named)
        if family != "markup":
            if _is_inside_quotes(text, start, end):
                return start, end, _as_value(text, start, end, named=named)
            return start, end, _code(text, start, end, family=family, named=named)
        zones = self._zones.get(source.path)
        if zones is None:
            zones = self._zones[source.path] = tuple(_zones_of(text))
        at = bisect_right(zones, start, key=lambda zone: zone.start) - 1
        if at >= 0 and start < zones[at].end and zones[at].kind in ("tag", "hole"):
            start, end = zones[at].start, max(end, zones[at].end)
        elif _is_inside_quotes(text, start, end):
            return start, end, _as_value(text, start, end, named=named)
        last = bisect_right(zones, end, key=lambda zone: zone.start)
        return start, end, _mixed(text, start, end, zones=zones[max(at, 0) : last], named=named)


@dataclass(slots=True)
class _Line:
    """A shown line as it grows, and where on it the span was met."""

    text: str
    span: Span
    start: int = -1
    end: int = -1

    def add(self, piece: Piece, start: int, end: int) -> None:
        """Append a piece, cut to the stretch from `start` to `end` of the file."""
        begins, ends, shown = piece
        verbatim = ends - begins == len(shown) and GAP not in shown
        if verbatim:
            shown = shown[max(start - begins, 0) : len(shown) - max(ends - end, 0)]
            begins, ends = max(begins, start), min(ends, end)
        shown = re.sub(r"\s*[\r\n]\s*", " ", shown)
        column = len(self.text)
        if self.start < 0 and ends > self.span.start:
            self.start = column + (max(self.span.start - begins, 0) if verbatim else 0)
        if begins < self.span.end:
            whole = len(shown) if not verbatim else min(self.span.end - begins, len(shown))
            self.end = column + whole
        if not (shown == GAP and self.text.endswith(GAP)):
            self.text += shown

    def shown(self, tail: str) -> ShownLine:
        """The finished line; carets cover at least one character."""
        start = len(self.text) if self.start < 0 else self.start
        text = self.text if self.text.endswith(tail or "\0") else self.text + tail
        return ShownLine(text, start, max(min(self.end, len(text)), start + 1))


def _is_inside_quotes(text: str, start: int, end: int) -> bool:
    return text[start - 1 : start] in ("'", '"', "`") and text[start - 1] == text[end : end + 1]


def _zones_of(text: str) -> Iterator[_Zone]:
    """The zones of a markup file in order, the contents of `script` and `style` among them."""
    at = 0
    while (found := _ZONES.search(text, at)) is not None:
        at = found.end()
        if found["comment"] is not None:
            yield _Zone("comment", found.start(), at)
        elif found["hole"] is not None:
            yield _Zone("hole", found.start(), at)
        else:
            yield _Zone("tag", found.start(), at)
            raw = re.match(r"<(script|style)\b", found["tag"], re.IGNORECASE)
            if raw is not None:
                ending = re.compile(rf"</{raw[1]}", re.IGNORECASE).search(text, at)
                end = ending.start() if ending else len(text)
                data = "json" in found["tag"].lower()
                yield _Zone("records" if data else "script", at, end)
                at = end


def _mixed(
    text: str, start: int, end: int, *, zones: Iterable[_Zone], named: AbstractSet[str]
) -> Iterator[Piece]:
    """The pieces of a stretch of markup, zone by zone."""
    for zone in zones:
        if zone.end <= start or start >= end:
            continue
        if zone.start >= end:
            break
        if zone.start > start:
            yield start, zone.start, _prose(text[start : zone.start], named)
        start = max(start, zone.start)
        until = min(end, zone.end)
        match zone.kind:
            case "tag":
                yield from _tag(text, start, until, named=named)
            case "hole":
                yield start, until, _hole(text[start:until], named)
            case "script":
                yield from _code(text, start, until, family="script", named=named)
            case "records":
                yield start, until, _value(text[start:until], named)
            case "comment":
                yield start, until, GAP
        start = until
    if start < end:
        yield start, end, _prose(text[start:end], named)


def _as_value(text: str, start: int, end: int, *, named: AbstractSet[str]) -> Iterator[Piece]:
    yield start, end, _value(text[start : min(end, start + _LONGEST)], named)


def _prose(text: str, named: AbstractSet[str]) -> str:
    return _value(text, named) if text.strip() else text


def _tag(text: str, start: int, end: int, *, named: AbstractSet[str]) -> Iterator[Piece]:
    """A tag: names of attributes stay, values are shown as far as `_value` lets them."""
    head = re.compile(r"<[/!]?[^\s>/{]*").match(text, start, end)
    at = start
    if head is not None:
        yield start, head.end(), head.group()
        at = head.end()
    name = ""
    while at < end and (found := _ATTRIBUTE.match(text, at, end)) is not None:
        at = found.end()
        if found["hole"] is not None:
            yield found.start(), at, _hole(found.group(), named)
        elif found["name"] is not None:
            name = found["name"].lower() if found["equals"] else ""
            yield found.start(), at, found.group()
            bare = _BARE_VALUE.match(text, at, end) if name else None
            if bare is not None:
                at = bare.end()
                yield bare.start(), at, _attribute_value(name, bare.group(), named)
                name = ""
        elif found["quoted"] is not None:
            yield from _quoted(found.start(), found.group(), name=name, named=named)
            name = ""
        else:
            yield found.start(), at, found.group()


def _quoted(start: int, quoted: str, *, name: str, named: AbstractSet[str]) -> Iterator[Piece]:
    """An attribute's value with its quotes."""
    inner = quoted[1:].removesuffix(quoted[0])
    after = start + 1 + len(inner)
    yield start, start + 1, quoted[0]
    if _CODE_ATTRIBUTE.fullmatch(name):
        inside = _code(inner, 0, len(inner), family="script", named=named)
        yield from ((a + start + 1, b + start + 1, shown) for a, b, shown in inside)
    elif inner:
        yield start + 1, after, _attribute_value(name, inner, named)
    if after < start + len(quoted):
        yield after, start + len(quoted), quoted[0]


def _attribute_value(name: str, value: str, named: AbstractSet[str]) -> str:
    if name in _KEYWORD_ATTRIBUTES and re.fullmatch(r"[a-z][a-z/+-]{0,23}", value):
        return value
    return _value(value, named)


def _code(
    text: str, start: int, end: int, *, family: _Family, named: AbstractSet[str]
) -> Iterator[Piece]:
    """A stretch of code, which begins outside of any string or comment."""
    tokens = {"python": _PYTHON, "style": _STYLE}.get(family, _SCRIPT)
    at = start
    before = ""
    while at < end and (found := tokens.match(text, at, end)) is not None:
        kind = found.lastgroup
        begin, at = at, found.end()
        token = found.group()
        if kind == "template":
            at = _end_of_template(text, at, end)
            token = text[begin:at]
        elif kind == "slash" and (before in _BEFORE_REGEX or before in ("", "return")):
            regex = _REGEX.match(text, begin, end)
            if regex is not None:
                kind, at = "regex", regex.end()
        yield begin, at, _token(kind or "", token, named)
        if token.strip() and kind != "comment":
            before = token if token == "return" else token[-1]


def _token(kind: str, token: str, named: AbstractSet[str]) -> str:
    match kind:
        case "string" | "template":
            return _string(token, named)
        case "comment" | "comment2":
            return "/*…*/" if token.startswith("/*") else f"{token[:1]}{GAP}"
        case "regex":
            return f"/{GAP}/"
        case "prose":
            return f">{GAP}" if re.search(r"\w", token) else token
        case "mail":
            return GAP
        case "bare":
            return _value(token, named)
        case "number" if sum(c.isdigit() for c in token) > 4:
            return GAP
        case "word" if re.search(r"\d{5}", token) and token not in named:
            return GAP
        case _:
            return token


def _string(token: str, named: AbstractSet[str]) -> str:
    """A string literal with its prefix and quotes, and its value as far as it may be shown."""
    opening = re.match(r"\w*(?:\"\"\"|'''|[\"'`])", token)
    if opening is None:
        return GAP
    quote = opening.group().lstrip("rbuftRBUFT")
    inner = token[opening.end() :]
    closing = quote if inner.endswith(quote) else ""
    holes = _HOLE
    if quote == "`":
        holes = _DOLLAR_HOLE
    elif "f" in opening.group().lower():
        holes = _BRACE_HOLE
    return opening.group() + _value(inner.removesuffix(closing), named, holes) + closing


def _end_of_template(text: str, at: int, end: int) -> int:
    """The offset after the backtick that closes a template literal; those in its holes do not."""
    depth = 0
    while at < end:
        if text[at] == "\\":
            at += 1
        elif text.startswith("${", at):
            depth += 1
            at += 1
        elif text[at] == "}" and depth:
            depth -= 1
        elif text[at] == "`" and not depth:
            return at + 1
        at += 1
    return min(at, end)


def _hole(hole: str, named: AbstractSet[str]) -> str:
    """A template's hole, which holds code, or a comment."""
    if _SECRET_HOLE.match(hole):
        return GAP
    return "".join(shown for _, _, shown in _code(hole, 0, len(hole), family="script", named=named))


def _value(text: str, named: AbstractSet[str], holes: re.Pattern[str] = _HOLE) -> str:
    """A value with `…` for all but hosts, query keys, named words, and code in template holes."""
    if not text or text in named:
        return text
    kept_holes: list[str] = []

    def put_by(found: re.Match[str]) -> str:
        if len(kept_holes) == 100:
            return GAP
        kept_holes.append(_hole(found.group(), named))
        return chr(0xE000 + len(kept_holes) - 1)

    shown: list[str] = []
    for part in _VALUE_PARTS.finditer(holes.sub(put_by, re.sub("[\ue000-\uf8ff]", GAP, text))):
        kept = _kept(part, kept_holes, named)
        if kept != GAP or shown[-1:] != [GAP]:
            shown.append(kept)
    return "".join(shown)


def _kept(part: re.Match[str], holes: list[str], named: AbstractSet[str]) -> str:
    if part["hole"] is not None:
        return holes[ord(part["hole"]) - 0xE000]
    if part["name"] is not None:
        return part["host"] + part["name"]
    if part["key"] is not None:
        return part["key"]
    return part.group() if part.group() in named else GAP
