"""Markup in strings: which literals of a script are a piece of a page, and what becomes of them?

Text is never moved, so a fragment is the source of the literals from the first to the last, and
what stands between them, or for a character that cannot be written, is a hole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from gdprlint.facts import Expr, Fragment, Gate, Hole, Join, Member, Name, Text, Way
from gdprlint.languages.javascript import literals

Fate: TypeAlias = Literal["kept", "inserted", "run"]
"""What becomes of a string of markup: kept for later, put into the page by way of a property whose
scripts do not run, or written so that they do."""

_BEGINS = re.compile(r"\s*<(?:[a-zA-Z][\w-]*[\s/>]|(?:[a-zA-Z][\w-]*)?$|!--|!>)")
# What says something of a page's forms, or loads; other markup is nobody's matter here.
_TELLS = re.compile(
    r"<(?:form|input|select|textarea|option|label|button|script|img|iframe|a|link|meta|fieldset"
    r"|legend|datalist)[\s/>]",
    re.IGNORECASE,
)
_ESCAPE = re.compile(
    r"<\\/|\\(?:u\{[0-9A-Fa-f]{1,8}\}|u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|[0-7]{1,3}|\r\n|[\s\S])"
)
_CUT_NAME = re.compile(r"(?:</?[\w-]*|\s[\w:@.-]*)$")
_REST_OF_NAME = re.compile(r"[\w:@.-]*")
_REST_OF_TAG = re.compile(r"/?[\w-]*")
_REST_OF_WORD = re.compile(r"[^\s<>&]*")
# A whole value; what is left of a tag without these tells whether a value is begun.
_VALUES = re.compile(r"""=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+(?=\s))""")
_BLANK = frozenset("ntrfv\n\r\u2028\u2029")
_QUOTES = "\"'`"
_LITERAL = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`""", re.DOTALL)
_PROPERTIES = frozenset({"innerHTML", "outerHTML", "__html", "srcdoc"})
_FATES: dict[str, Fate] = {
    "insertAdjacentHTML": "inserted",
    "setHTMLUnsafe": "inserted",
    "createContextualFragment": "inserted",
    "$": "inserted",
    "jQuery": "inserted",
    "write": "run",
    "writeln": "run",
    "append": "run",
    "prepend": "run",
    "before": "run",
    "after": "run",
    "html": "run",
    "replaceWith": "run",
}


@dataclass(frozen=True, slots=True)
class Written:
    """A string that is markup, the whole way to it, and what becomes of it."""

    value: Join
    way: Way
    fate: Fate = "kept"


def begins(text: str) -> bool:
    """Whether a string begins as markup does."""
    return _BEGINS.match(text) is not None


def property_fate(name: str) -> Fate:
    """What becomes of markup that is given to a property of that name."""
    return "inserted" if name in _PROPERTIES else "kept"


def call_fate(to: Expr) -> Fate:
    """What becomes of markup that is an argument of a call."""
    match to:
        case Member(Name(holder), "write" | "writeln") if holder != "document":
            return "kept"
        case Name(name) | Member(_, name):
            return _FATES.get(name, "kept")
    return "kept"


def fragment(written: Written, source: str, shift: int) -> Fragment | None:
    """A string of markup as a fragment in its place; None where it tells nothing of interest.

    `source` is the text around, whose first character is the file's character number `shift`.
    """
    parts = tuple(_flat(written.value))
    pieces = list(_literal(parts, source, shift))
    if not pieces:
        return None
    first, last = pieces[0][0], pieces[-1][1]
    others = [part for part in parts if not isinstance(part, Text)]
    masked: list[str] = []
    holes: list[Hole] = []
    place = first
    owed = 0
    for start, end in pieces:
        between = [v for v in others if place <= v.start - shift < start]
        word = _cut_word(masked, source[start:end]) if start > place and not between else None
        if word is not None:
            # `"<scr" + "ipt>"`: the rest of the word right behind its beginning, then blanks.
            masked.append(word)
            owed += start - place
            place = start = start + len(word)
            if start == end:
                continue
        masked.append(" " * owed)
        owed = 0
        if start > place:
            masked.append("z" * (start - place))
            value = _between(between, place + shift, start + shift)
            holes.append(Hole(place + shift, start + shift, value))
        text, inner = _without_escapes(source[start:end], start + shift)
        masked.append(text)
        holes.extend(inner)
        place = end
    masked.append(" " * owed)
    if not _TELLS.search("".join(masked)):
        return None
    way = written.way
    kinds: dict[Fate, Literal["document", "inserted", "kept"]] = {
        "run": "document",
        "inserted": "inserted",
        "kept": "kept",
    }
    if written.fate == "kept":
        # Whoever puts it into a page later: until then it is as inert as a `template`.
        way = (*way, Gate("template", (), first + shift, last + shift))
    return Fragment(
        language="html",
        text="".join(masked),
        offset=first + shift,
        way=way,
        kind=kinds[written.fate],
        holes=tuple(holes),
    )


def _cut_word(before: Sequence[str], rest: str) -> str | None:
    """What `rest` begins with of the word or name that `before` ends with; None where that is an
    attribute's value."""
    text = "".join(before)
    tag = _VALUES.sub("", text[max(text.rfind("<"), 0) :])
    if ">" in tag or not tag.startswith("<"):
        word = _REST_OF_WORD.match(rest)
    elif "=" in tag or not _CUT_NAME.search(tag):
        return None
    else:
        word = (_REST_OF_TAG if tag == "<" else _REST_OF_NAME).match(rest)
    return word.group() if word is not None else ""


def _between(values: Sequence[Expr], start: int, end: int) -> Expr:
    if len(values) == 1:
        return values[0]
    return Join(tuple(values), start, end) if values else Text("", start, end)


def _flat(value: Join) -> Iterator[Expr]:
    """The parts of a string, those of strings in parentheses among them."""
    for part in value.parts:
        if isinstance(part, Join):
            yield from _flat(part)
        else:
            yield part


def _literal(parts: Sequence[Expr], source: str, shift: int) -> Iterator[tuple[int, int]]:
    """The stretches of the source that are literally markup, without quotes."""
    for part in parts:
        if not isinstance(part, Text):
            continue
        start, end = part.start - shift, part.end - shift
        # A piece of a template literal begins after its mark or after what is put into it.
        inside = start > 0 and source[start - 1] in "`}"
        if inside or source[start : start + 1] not in _QUOTES:
            if start < end:
                yield start, end
            continue
        for literal in _LITERAL.finditer(source, start, end):
            if literal.end() - literal.start() > 2:
                yield literal.start() + 1, literal.end() - 1


def _without_escapes(text: str, offset: int) -> tuple[str, list[Hole]]:
    """The source of a literal as the markup that it stands for, no longer and no shorter.

    What can be put with a blank beside it is; other characters are holes.
    """
    if "\\" not in text:
        return text, []
    parts: list[str] = []
    holes: list[Hole] = []
    place = 0
    for found in _ESCAPE.finditer(text):
        start, end = found.span()
        parts.append(text[place:start])
        place = end
        escape = found.group()
        if escape.startswith("<"):
            parts.append(" </")
        elif escape[1] in _BLANK:
            parts.append(" " * len(escape))
        elif escape[1] in "\"'":
            opens = text[:start].rstrip().endswith("=")
            parts.append(" " + escape[1] if opens else escape[1] + " ")
        else:
            parts.append("z" * len(escape))
            value = Text(literals.unescaped(escape), offset + start, offset + end)
            holes.append(Hole(offset + start, offset + end, value))
    parts.append(text[place:])
    return "".join(parts), holes
