"""Strings that Python puts together: `%`, `.format()` and f-strings, each as a `Join`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from gdprlint.facts import UNKNOWN_KEY, Expr, Items, Join, Keyword, Member, Opaque, Record, Text

# The library reference, "printf-style String Formatting".
_CONVERSION = re.compile(
    r"%(?:\((?P<key>[^()]{0,200})\))?[#0 +-]{0,5}(?:\*|[1-9]\d{0,5})?(?:\.(?:\*|\d{0,5}))?[hlL]?"
    r"(?P<type>[a-zA-Z%])"
)
_STEP = re.compile(r"\.([^.\[\]]+)|\[([^\]]*)\]")


def joined(parts: Sequence[Expr], start: int, end: int) -> Expr:
    """`parts` as one string, with joins among them taken apart and neighbouring texts made one."""
    flat: list[Expr] = []
    literal: list[Text] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Join) else (part,):
            if isinstance(piece, Text):
                literal.append(piece)
            else:
                flat.extend(_run(literal))
                literal = []
                flat.append(piece)
    if not flat:
        return Text("".join(each.text for each in literal), start, end)
    flat.extend(_run(literal))
    return Join(tuple(flat), start, end)


def _run(literal: Sequence[Text]) -> Iterator[Text]:
    if any(each.text for each in literal):
        text = "".join(each.text for each in literal)
        yield Text(text, literal[0].start, max(literal[0].start, literal[-1].end))


def percent(template: Text, right: Expr, start: int, end: int) -> Expr:
    """`template % right`; a conversion for which nothing is given stays opaque."""
    given = iter(right.items if isinstance(right, Items) else (right,))
    parts: list[Expr] = []
    last = 0
    for match in _CONVERSION.finditer(template.text):
        parts.append(Text(template.text[last : match.start()], template.start, template.end))
        last = match.end()
        if match.group("type") == "%":
            parts.append(Text("%", template.start, template.end))
        elif match.group("key") is not None:
            parts.append(_entry(right, match.group("key")))
        else:
            parts.append(next(given, Opaque("nothing given for a %", start, end)))
    parts.append(Text(template.text[last:], template.start, template.end))
    return joined(parts, start, end)


def formatted(template: Text, arguments: Sequence[Expr], start: int, end: int) -> Expr | None:
    """`template.format(*arguments)`; None where the template is none."""
    from string import Formatter

    try:
        fields = list(Formatter().parse(template.text))
    except ValueError:
        return None
    positional = [given for given in arguments if not isinstance(given, Keyword)]
    named = {given.name: given.value for given in arguments if isinstance(given, Keyword)}
    counter = iter(range(len(fields)))
    parts: list[Expr] = []
    for literal, name, _, _ in fields:
        parts.append(Text(literal, template.start, template.end))
        if name is not None:
            head = re.match(r"[^.\[]*", name)
            key = head.group() if head else ""
            value = _argument(key or str(next(counter)), positional, named)
            value = value or Opaque("nothing given for a {}", start, end)
            for step in _steps(name[len(key) :]):
                value = Member(value, step, start, end)
            parts.append(value)
    return joined(parts, start, end)


def _argument(key: str, positional: Sequence[Expr], named: dict[str, Expr]) -> Expr | None:
    if key.isdecimal() and len(key) < 4:
        return positional[int(key)] if int(key) < len(positional) else None
    if key in named:
        return named[key]
    spread = named.get("**")
    return None if spread is None else Member(spread, key, spread.start, spread.end)


def _steps(name: str) -> Iterator[str]:
    for match in islice(_STEP.finditer(name), 10):
        yield match.group(1) or match.group(2) or UNKNOWN_KEY


def _entry(record: Expr, key: str) -> Expr:
    if isinstance(record, Record):
        for entry in record.entries:
            if entry.key == key:
                return entry.value
    return Member(record, key, record.start, record.end)
