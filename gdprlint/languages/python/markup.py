"""Markup that a server writes into its answers by itself, read where it stands."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

from gdprlint.facts import Expr, Fragment, Hole, Join, Keyword, Opaque, Text
from gdprlint.languages.python.walk import Walk

_WRITERS: Mapping[str, str] = {
    "HttpResponse": "html",
    "HTMLResponse": "html",
    "format_html": "html",
    "mark_safe": "html",
    "Markup": "html",
    "render_template_string": "jinja",
}
_TAG = re.compile(r"<(?:!doctype\b|[a-z][a-z0-9-]*[\s/>])", re.IGNORECASE)
_LITERAL = re.compile(r"[A-Za-z]{0,3}(\"\"\"|'''|\"|')")
_ESCAPE = re.compile(r"\\([\s\S])")
_GAP = re.compile(r"\{\{|\}\}|\{([^{}\n]{0,500}(?:\{[^{}]*\}[^{}\n]{0,500})*)\}")
_PLACE = re.compile(r"\{(\w*)(?:![rsa])?(?::[^{}]*)?\}")


def written(walk: Walk, called: str, node: ast.Call, arguments: Sequence[Expr]) -> None:
    """Read the markup that a call is given, where it is one that writes it into an answer."""
    language = _WRITERS.get(called)
    if language is None:
        return
    by_name = (each.value for each in node.keywords if each.arg == "content")
    first = node.args[0] if node.args else next(by_name, None)
    if first is None:
        return
    given = arguments[0].value if isinstance(arguments[0], Keyword) else arguments[0]
    if called == "format_html":
        positional = [each for each in arguments[1:] if not isinstance(each, Keyword)]
        named = {each.name: each.value for each in arguments if isinstance(each, Keyword)}
        add_markup(walk, first, _Given(positional, named), language)
    else:
        add_markup(walk, first, given, language)


class _Given:
    """What fills the places of a format."""

    __slots__ = ("named", "positional")

    def __init__(self, positional: Sequence[Expr], named: Mapping[str, Expr]) -> None:
        self.positional = positional
        self.named = named


def add_markup(walk: Walk, node: ast.expr, given: Expr | _Given, language: str) -> None:
    """A string literal that holds markup as a fragment in its place; `given` is its value, or what
    fills its places."""
    if not isinstance(node, ast.Constant | ast.JoinedStr):
        return
    start, end = walk.places.stretch(node)
    opening = _LITERAL.match(walk.text, start, end)
    if opening is None:
        return
    mark = opening.group(1)
    first, last = opening.end(), end - len(mark)
    inner = walk.text[first:last]
    plain = _ESCAPE.sub(_blank, inner)
    if last < first or mark in plain or _TAG.search(plain) is None:
        # Several literals in a row are left aside, as is text.
        return
    holes: list[Hole] = []
    if isinstance(given, _Given):
        holes.extend(_filled(plain, first, given))
    elif isinstance(node, ast.JoinedStr):
        holes.extend(_interpolated(plain, first, given))
    masked = plain
    for hole in holes:
        at, upto = hole.start - first, hole.end - first
        masked = masked[:at] + "z" * (upto - at) + masked[upto:]
    text = masked if language == "jinja" else masked.replace("{{", " {").replace("}}", "} ")
    walk.fragments.append(
        Fragment(language=language, text=text, offset=first, way=walk.way, holes=tuple(holes))
    )


def _blank(escape: re.Match[str]) -> str:
    """An escape as two characters: quotes and line ends stay, others tell nothing of markup."""
    sign = escape.group(1)
    return " " + (sign if sign in "\"'\n\r" else " ")


def _interpolated(text: str, offset: int, value: Expr) -> Iterator[Hole]:
    """The gaps of an f-string with the values that fill them, as long as it is sure which do."""
    found = [match for match in _GAP.finditer(text) if match.group(1) is not None]
    parts = value.parts if isinstance(value, Join) else (value,)
    values = [part for part in parts if not isinstance(part, Text)]
    for at, match in enumerate(found):
        start, end = offset + match.start(), offset + match.end()
        unknown = Opaque("a part of a string", start, end)
        yield Hole(start, end, values[at] if len(values) == len(found) else unknown)


def _filled(text: str, offset: int, given: _Given) -> Iterator[Hole]:
    """The places of a format with what fills them."""
    counted = 0
    for match in _PLACE.finditer(text):
        start, end = offset + match.start(), offset + match.end()
        key = match.group(1)
        value: Expr = given.named.get(key, Opaque("nothing given for a {}", start, end))
        if not key or key.isdecimal():
            place = int(key[:3]) if key else counted
            counted += not key
            if place < len(given.positional):
                value = given.positional[place]
        yield Hole(start, end, value)
