"""Every expression that a file writes, those inside others among them."""

from __future__ import annotations

from collections.abc import Iterator

from gdprlint.facts import (
    Assign,
    Both,
    Call,
    Choice,
    Compare,
    Define,
    Either,
    Element,
    Expr,
    FileFacts,
    Invoke,
    Items,
    Join,
    Member,
    Negation,
    Record,
)
from gdprlint.facts.expr import Keyword


def values_in(facts: FileFacts) -> Iterator[Expr]:
    """The expressions of a file, each once at its place."""
    seen: set[tuple[int, int, type]] = set()
    waiting: list[Expr] = []
    for fact in facts.facts:
        match fact:
            case Call(invoke=invoke):
                waiting.append(invoke)
            case Assign(to=to, value=value):
                waiting.extend((to, value))
            case Define(value=value):
                waiting.append(value)
            case Element(attributes=attributes, text=text):
                waiting.extend(a.value for a in attributes if a.value is not None)
                if text is not None:
                    waiting.append(text)
    for function in facts.functions.values():
        waiting.extend(returned.value for returned in function.returns)
    while waiting:
        value = waiting.pop()
        key = (value.start, value.end, type(value))
        if key in seen and value.end:
            continue
        seen.add(key)
        yield value
        waiting.extend(parts_of(value))


def parts_of(value: Expr) -> tuple[Expr, ...]:
    """The expressions that an expression is directly made of."""
    match value:
        case Join(parts) | Items(parts):
            return parts
        case Choice(test, yes, no):
            return (test, yes, no)
        case Both(left, right) | Either(left, right) | Compare(_, left, right):
            return (left, right)
        case Negation(of) | Member(of) | Keyword(_, of):
            return (of,)
        case Invoke(to, arguments):
            return (to, *arguments)
        case Record(entries):
            return tuple(entry.value for entry in entries)
    return ()
