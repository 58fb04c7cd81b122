"""What literals are worth: escape sequences decoded, numbers read, constants folded."""

from __future__ import annotations

import math
import re
from html import unescape

_ESCAPE = re.compile(
    r"\\(?:u\{([0-9A-Fa-f]{1,8})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([0-3]?[0-7]{1,2})|(\r\n|[\s\S]))"
)
_SIMPLE = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}
_SURROGATE = re.compile("[\ud800-\udfff]")
_WHOLE = 2.0**53
_NAMED_ESCAPE = re.compile(r"\\u(?:\{([0-9A-Fa-f]{1,8})\}|([0-9A-Fa-f]{4}))")


def unescaped(raw: str) -> str:
    """The characters that the inside of a string or template literal stands for.

    A surrogate without its other half becomes U+FFFD: no file could hold it.
    """
    if "\\" not in raw:
        return raw
    text = _ESCAPE.sub(_escape, raw)
    if _SURROGATE.search(text):
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _escape(match: re.Match[str]) -> str:
    point, unit, octet, octal, one = match.groups()
    if one is not None:
        # A line continuation stands for nothing (ECMAScript, 12.9.4).
        return "" if one in ("\n", "\r\n", "\r", "\u2028", "\u2029") else _SIMPLE.get(one, one)
    if octal is not None:
        return chr(int(octal, 8))
    code = int(point or unit or octet, 16)
    return chr(code) if code <= 0x10FFFF else "\ufffd"


def identifier(raw: str) -> str:
    """The name that `raw` spells, which may hold `\\u` escapes."""
    if "\\" not in raw:
        return raw

    def character(match: re.Match[str]) -> str:
        code = int(match.group(1) or match.group(2), 16)
        return chr(code) if code <= 0x10FFFF else "\ufffd"

    return _NAMED_ESCAPE.sub(character, raw)


def markup_text(raw: str) -> str:
    """What text or an attribute's value in JSX stands for: character references, no escapes."""
    return unescape(raw) if "&" in raw else raw


def folded(raw: str) -> str:
    """`raw` with each run of white space made one blank, and none at the ends."""
    return " ".join(raw.split())


def number(raw: str) -> float | None:
    """The value of a numeric literal; None where it is out of range or no number."""
    raw = raw.replace("_", "").rstrip("n").lower()
    try:
        if raw[:2] in ("0x", "0o", "0b"):
            return whole(float(int(raw, 0)))
        if len(raw) > 1 and raw[0] == "0" and raw.isdigit() and "8" not in raw and "9" not in raw:
            return whole(float(int(raw, 8)))
        return whole(float(raw))
    except (ValueError, OverflowError):
        return None


def whole(value: float) -> float | None:
    """`value`, as an int where it is one exactly; None for what is not finite."""
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) < _WHOLE else value


def arithmetic(operator: str, left: float, right: float) -> float | None:
    """`left operator right` of two numbers; None where it cannot be told."""
    try:
        match operator:
            case "+":
                value = float(left) + right
            case "-":
                value = float(left) - right
            case "*":
                value = float(left) * right
            case "/":
                value = left / right
            case "%":
                value = math.fmod(left, right)
            case "**":
                value = math.pow(left, right)
            case _:
                return None
    except (ArithmeticError, ValueError):
        return None
    return whole(value)
