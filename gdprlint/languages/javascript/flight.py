"""Which scripts does a page name in the data that its framework writes into it?

React's server components reach the browser as rows of text, `4:["$","$L1",null,{"src":"/a.js"}]`,
which inline scripts of the page hand over in strings (Next.js, "How are Server Components
rendered?"). A component that puts a script into the page is a reference there; what it is given
says that it is one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gdprlint.facts import (
    Assign,
    Attribute,
    Call,
    Constant,
    Define,
    Element,
    Expr,
    Fact,
    Fragment,
    Invoke,
    Items,
    Join,
    Link,
    Opaque,
    Reading,
    Record,
    Span,
    Text,
    Way,
)
from gdprlint.languages.javascript.markup import STRATEGIES
from gdprlint.languages.javascript.spelled import Spelled, joined, laid_out, spelled

_MARKS = ('[\\"$\\",\\"$L', '["$","$L')
_QUOTES = ("'", '"', "`")
_DEEPEST = 4
# An element of a component that the client has: its name, its key, what it is given.
_ELEMENT = re.compile(r'\["\$","\$(?P<component>L?[0-9a-z]+)",(?:null|"(?:[^"\\]|\\.)*"),(?=\{)')
_WRITTEN = re.compile(
    r'"(?:children|__html)":"(?:\$(?P<row>[0-9a-f]+)|(?!\$)(?P<code>(?:[^"\\]|\\.)*))"'
)
# A long text is a row of its own, `1a:T4f0,`: how many bytes it has in UTF-8, then it.
_LONG_TEXT = r"(?:\A|(?<=\n)){}:T(?P<length>[0-9a-f]{{1,6}}),"
_CODE = frozenset(("children", "dangerouslySetInnerHTML"))
_SCRIPT = re.compile(r"\.m?js(?:[?#]|$)|/js(?:[/?#]|$)")
# What is seen or heard has an address as well.
_SEEN = frozenset(("alt", "width", "height", "fill", "poster", "controls"))
_LONGEST = 30_000
_MOST_READ = 20_000_000
_JAVASCRIPT = frozenset(("", "text/javascript", "application/javascript", "module"))


@dataclass(frozen=True, slots=True)
class Named:
    """The scripts that a page's data name: elements, and code that is written in them."""

    facts: tuple[Fact, ...]
    fragments: tuple[Fragment, ...]


def may_name_scripts(text: str) -> bool:
    """Whether there is a point in looking for such data."""
    return any(mark in text for mark in _MARKS)


def scripts_named(reading: Reading, source: str, shift: int) -> Named:
    """The scripts that rows in a script's strings name.

    `source` is the text around, whose first character is the file's character number `shift`.
    """
    found: list[Fact] = []
    fragments: list[Fragment] = []
    for rows, way, path in _rows_in(reading):
        written = joined(spelled(*_literal(part, source, shift)) for part in rows)
        given = list(_given(written.text))
        scripts = {one.component for one in given if one.is_script}
        for one in given:
            if one.component in scripts:
                found.extend(_element(one, written, path, way))
                fragments.extend(_code(one, written, way))
    return Named(tuple(found), tuple(fragments))


def _rows_in(reading: Reading) -> Iterator[tuple[tuple[Text, ...], Way, str]]:
    """The strings of rows, whoever they are handed to, each once."""
    seen: set[int] = set()
    for fact in reading.facts:
        match fact:
            case Call(Invoke(_, values)):
                within = values
            case Define(_, _, value) | Assign(_, value):
                within = (value,)
            case _:
                continue
        for value in within:
            for rows in _strings(value, 0):
                if rows[0].start not in seen:
                    seen.add(rows[0].start)
                    yield rows, fact.way, fact.span.path
    for function in reading.functions.values():
        for given in function.returns:
            for rows in _strings(given.value, 0):
                if rows[0].start not in seen:
                    seen.add(rows[0].start)
                    yield rows, given.way, function.span.path


def _strings(value: Expr, depth: int) -> Iterator[tuple[Text, ...]]:
    """The strings in a value that hold an element of a page's data."""
    match value:
        case Text(text):
            if _ELEMENT.search(text):
                yield (value,)
        case Join(parts):
            texts = tuple(part for part in parts if isinstance(part, Text))
            if len(texts) == len(parts) and _ELEMENT.search("".join(t.text for t in texts)):
                yield texts
        case Items(items) if depth < _DEEPEST:
            for item in items:
                yield from _strings(item, depth + 1)
        case Record(entries) if depth < _DEEPEST:
            for entry in entries:
                yield from _strings(entry.value, depth + 1)


def _literal(text: Text, source: str, shift: int) -> tuple[str, int]:
    """The inside of a string as it is written, and its place in the file."""
    start, end = text.start - shift, text.end - shift
    if source[start : start + 1] in _QUOTES:
        start, end = start + 1, end - 1
    return source[start:end], start + shift


@dataclass(frozen=True, slots=True)
class _Given:
    """What a component is given, between two places of the rows."""

    component: str
    properties: Mapping[str, object]
    start: int
    end: int

    @property
    def source(self) -> str:
        """The address that it is given, if any."""
        source = self.properties.get("src")
        return source if isinstance(source, str) and not source.startswith("$") else ""

    @property
    def is_script(self) -> bool:
        """Whether only a script can be given this: when to run, or the address of one."""
        if self.properties.get("strategy") in STRATEGIES:
            return True
        return not _SEEN & self.properties.keys() and _SCRIPT.search(self.source) is not None


def _given(rows: str) -> Iterator[_Given]:
    """What components of the browser are given, in the order of their places."""
    decoder = json.JSONDecoder()
    read = 0
    for found in _ELEMENT.finditer(rows):
        at = found.end()
        # A script is given little; whatever is given more is the page around it.
        near = rows[at : at + _LONGEST]
        try:
            properties, length = decoder.raw_decode(near) if read < _MOST_READ else (None, 0)
        except (ValueError, RecursionError):
            length, properties = len(near), None
        read += length
        if isinstance(properties, dict):
            yield _Given(found["component"], properties, at, at + length)


def _element(given: _Given, written: Spelled, path: str, way: Way) -> Iterator[Fact]:
    """The script as an element of the page, and as a file of the site's own."""
    start, end = written.place(given.start), written.place(given.end)
    span = Span(path, start, end)
    attributes = tuple(
        Attribute(name.lower(), _value(value, start, end), start, end)
        for name, value in given.properties.items()
        if name not in _CODE
    )
    yield Element("script", attributes, span, way, end)
    if given.source:
        yield Link("script", Text(given.source, start, end), span, way)


def _value(value: object, start: int, end: int) -> Expr | None:
    match value:
        case str():
            return Text(value, start, end)
        case True:
            return None
        case None | bool() | int() | float():
            return Constant(value, start, end)
    return Opaque("a value of the page's data", start, end)


def _code(given: _Given, written: Spelled, way: Way) -> Iterator[Fragment]:
    """The code that is written in a script, at its place."""
    if given.properties.get("type", "") not in _JAVASCRIPT:
        return
    for found in _WRITTEN.finditer(written.text, given.start, given.end):
        code = _row(found["row"], written)
        if found["row"] is None:
            code = written.inner(*found.span("code"))
        if code is None:
            continue
        text, holes = laid_out(code)
        yield Fragment(
            language="javascript",
            text=text,
            offset=code.place(0),
            way=way,
            kind="script",
            holes=holes,
        )


def _row(name: str | None, written: Spelled) -> Spelled | None:
    """A text that is a row of its own, where all of it is there."""
    if name is None:
        return None
    found = re.search(_LONG_TEXT.format(name), written.text)
    if found is None:
        return None
    length = int(found["length"], 16)
    text = written.text[found.end() : found.end() + length]
    held = text.encode("utf-8", "surrogatepass")[:length]
    if len(held) < length or length > _LONGEST:
        return None
    return written.part(found.end(), found.end() + len(held.decode("utf-8", "ignore")))
