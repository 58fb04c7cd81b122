"""How long does it last, in days? Units are the trap: each API has its own."""

from __future__ import annotations

from gdprlint.facts import Constant, Expr, Invoke, Join, Member, Name, Parameter, Text
from gdprlint.facts.expr import Keyword
from gdprlint.flow import Flow
from gdprlint.knowledge.api import Unit

SECONDS = 86_400.0
MONTHS_13 = 397.0
"""Thirteen calendar months are at most 397 days."""

_IN_DAYS = {
    "s": 1 / SECONDS,
    "min": 1 / 1440,
    "h": 1 / 24,
    "d": 1.0,
    "w": 7.0,
    "m": 30.4,
    "y": 365.0,
}


def days_of(value: Expr, path: str, unit: Unit, flow: Flow) -> float | None:
    """The lifetime that `value` gives in `unit`, in days; None where it is not written out.

    A `date` may be built from the present by a constant: `new Date(Date.now() + 86400000)`.
    """
    number = number_of(value, path, flow)
    match unit:
        case "seconds":
            if number is not None:
                return number / SECONDS
            return _timedelta(value, path, flow)
        case "milliseconds":
            return None if number is None else number / (SECONDS * 1000)
        case "days":
            return number if number is not None else _date(value, path, flow)
        case "date":
            return _date(value, path, flow)
        case "text":
            return _text(flow.values.literal(value, path))


def deleted(days: float | None) -> float | None:
    """A lifetime of nothing or less is a deletion (RFC 6265, section 5.2.2): -1."""
    return -1.0 if days is not None and days <= 0 else days


def number_of(value: Expr, path: str, flow: Flow, depth: int = 0) -> float | None:
    """The number that `value` is, constants of the project and arithmetic folded, or None."""
    if depth > 8:
        return None
    match value:
        case Constant(number) if isinstance(number, int | float) and not isinstance(number, bool):
            return float(number)
        case Text(text):
            try:
                return float(text)
            except ValueError:
                return None
        case Invoke(Name(operator), (left, right)) if operator.startswith("operator "):
            a = number_of(left, path, flow, depth + 1)
            b = number_of(right, path, flow, depth + 1)
            return None if a is None or b is None else _folded(operator[9:], a, b)
        case Join((left, right)):
            a = number_of(left, path, flow, depth + 1)
            b = number_of(right, path, flow, depth + 1)
            return None if a is None or b is None else a + b
        case Invoke(Name("Number" | "parseInt" | "int"), (inner, *_)) | Keyword(_, inner):
            return number_of(inner, path, flow, depth + 1)
        case Name() | Parameter() | Member():
            found = {
                number_of(inner, where, flow, depth + 1)
                for inner, where, _ in flow.values.behind(value, path)
                if inner != value
            }
            return found.pop() if len(found) == 1 else None
    return None


def _folded(operator: str, a: float, b: float) -> float | None:
    match operator:
        case "*":
            return a * b
        case "+":
            return a + b
        case "-":
            return a - b
        case "/" | "//":
            return a / b if b else None
        case "**":
            return a**b if abs(a) < 1e6 and 0 <= b < 20 else None
    return None


def _timedelta(value: Expr, path: str, flow: Flow) -> float | None:
    match value:
        case Invoke(Name("timedelta") | Member(_, "timedelta"), arguments):
            total = 0.0
            for i, argument in enumerate(arguments):
                name, inner = "days" if i == 0 else "seconds", argument
                if isinstance(argument, Keyword):
                    name, inner = argument.name, argument.value
                number = number_of(inner, path, flow)
                if number is None:
                    return None
                total += number * {"weeks": 7, "days": 1, "hours": 1 / 24}.get(name, 1 / SECONDS)
            return total
        case Name():
            for inner, where, _ in flow.values.behind(value, path):
                if inner != value:
                    return _timedelta(inner, where, flow)
    return None


def _date(value: Expr, path: str, flow: Flow, depth: int = 0) -> float | None:
    """Days from now of a date that is the present and a constant."""
    if depth > 6:
        return None
    match value:
        case Invoke(Name("Date"), (inner,), True):
            return _milliseconds(inner, path, flow)
        case Invoke(Member(inner, "toUTCString" | "toGMTString" | "toString" | "toISOString"), ()):
            return _date(inner, path, flow, depth + 1)
        case Name():
            for inner, where, _ in flow.values.behind(value, path):
                if inner == value:
                    continue
                found = _date(inner, where, flow, depth + 1)
                if found is not None:
                    return found
            return _set_time(value, path, flow)
        case Join() | Invoke():
            return _milliseconds(value, path, flow)
    return None


def _set_time(value: Name, path: str, flow: Flow) -> float | None:
    """`date.setTime(date.getTime() + days * 24 * 60 * 60 * 1000)`, the textbook spelling."""
    for call in flow.calls.in_file("setTime", path):
        to = call.invoke.to
        if not isinstance(to, Member) or not isinstance(to.of, Name):
            continue
        if to.of.name == value.name and call.invoke.arguments:
            return _milliseconds(call.invoke.arguments[0], path, flow)
    return None


def _milliseconds(value: Expr, path: str, flow: Flow) -> float | None:
    """The constant part of `now + constant`, in days."""
    parts: tuple[Expr, ...] = ()
    match value:
        case Join(found):
            parts = found
        case Invoke(Name("operator +"), found):
            parts = found
        case _:
            return None
    now = [part for part in parts if _is_now(part)]
    rest = [number_of(part, path, flow) for part in parts if not _is_now(part)]
    if not now or any(number is None for number in rest):
        return None
    return sum(number for number in rest if number is not None) / (SECONDS * 1000)


def _is_now(value: Expr) -> bool:
    match value:
        case Invoke(Member(Name("Date"), "now"), ()):
            return True
        case Invoke(Member(_, "getTime" | "valueOf"), ()):
            return True
        case Invoke(Name("Date"), (), True):
            return True
    return False


def _text(text: str | None) -> float | None:
    """`1y`, `30d`, `390 days`, `30 minutes`; None where it is something else."""
    if not text:
        return None
    digits = "".join(c for c in text if c.isdigit() or c == ".")
    word = text.strip().lstrip("0123456789. ").lower()
    if not digits:
        return None
    for start, factor in (
        ("min", "min"),
        ("mo", "m"),
        ("s", "s"),
        ("h", "h"),
        ("d", "d"),
        ("w", "w"),
        ("m", "m"),
        ("y", "y"),
    ):
        if word.startswith(start):
            return float(digits) * _IN_DAYS[factor]
    return None
