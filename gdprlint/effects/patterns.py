"""How a consent entry spells code and markup, and whether code and markup fit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gdprlint.facts import Constant, Expr, Text
from gdprlint.flow import GLOBAL_OBJECTS

HOLE = re.compile(r"\{(purpose|service)\}")
_COMPARED = re.compile(r"\s(===|!==|>=|>)\s+(\S+)\s*$")
_FILTERED = re.compile(r"\w+\|(\w+)(?::\"([^\"]*)\")?")
_TOKEN = re.compile(
    r"\s*(?:(?P<name>[A-Za-z_$][\w$]*|\{\w+\}|\*)|(?P<text>\"[^\"]*\"|'[^']*')|(?P<number>\d+)"
    r"|(?P<mark>===|==|!==|!=|[.()\[\],{}]))"
)

Arguments = tuple[tuple[str, ...], ...]
"""The literal arguments of each call of a path, outermost last."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A spelling taken apart: a dotted path, the literal arguments of its calls, and how it is
    compared with what, where it is."""

    names: tuple[str, ...]
    arguments: Arguments
    operator: str = ""
    equals: str | None = None

    @property
    def key(self) -> str:
        """The last name of what fits; `*` where that can be any."""
        last = self.names[-1] if self.names else ""
        return "*" if "{" in last or last in ("*", "") else last


def from_global(names: Sequence[str]) -> tuple[str, ...]:
    """A path without `window` before it; listeners of the document count as the window's."""
    if len(names) > 1 and names[0] in GLOBAL_OBJECTS:
        return tuple(names[1:])
    if len(names) == 2 and names[0] == "document":
        return tuple(names[1:])
    return tuple(names)


def gate_fits(gate: Mapping[str, str], tag: str, have: Mapping[str, str]) -> dict[str, str] | None:
    holes: dict[str, str] = {}
    for name, wanted in gate.items():
        if name == "tag":
            if tag not in re.split(r"[\s,|]+", wanted):
                return None
            continue
        value = have.get(name.lower())
        if value is None:
            return None
        if wanted == "*":
            continue
        if wanted.startswith("~="):
            fitting = _words_that_fit(wanted[2:], value)
            if not fitting:
                return None
            for name in fitting[0]:
                holes[name] = " ".join(each[name] for each in fitting)
        elif wanted.startswith("^="):
            start = wanted[2:]
            hole = HOLE.search(start)
            literal = start[: hole.start()] if hole else start
            word = next((w for w in value.split() if w.startswith(literal)), None)
            if word is None:
                return None
            if hole:
                holes[hole.group(1)] = word[len(literal) :]
        elif not text_fits(wanted, value, holes):
            return None
    return holes


def _words_that_fit(wanted: str, value: str) -> list[dict[str, str]]:
    """What fills the holes, for each word of an attribute's value that fits the pattern."""
    found: list[dict[str, str]] = []
    for word in re.split(r"[\s,]+", value):
        holes: dict[str, str] = {}
        if word and text_fits(wanted, word, holes):
            found.append(holes)
    return found


def equals(wanted: Pattern, operator: str, given: str | None, holes: dict[str, str]) -> bool:
    """Whether something is compared as the pattern says; `x` alone is `x === true`."""
    if not wanted.operator and (operator, given) in (("", None), ("===", "true")):
        return True
    if wanted.operator != operator or wanted.equals is None or given is None:
        return False
    return text_fits(wanted.equals, given, holes)


def text_fits(wanted: str, given: str, holes: dict[str, str]) -> bool:
    """Whether literal text fits a pattern with holes; what fills a hole is noted."""
    if wanted == "*":
        return True
    expression = "".join(
        f"(?P<{part[1:-1]}>.+)" if HOLE.fullmatch(part) else re.escape(part)
        for part in re.split(r"(\{(?:purpose|service)\})", wanted)
    )
    match = re.fullmatch(expression, given)
    if match is None:
        return False
    holes.update({name: value for name, value in match.groupdict().items() if value is not None})
    return True


def fits(pattern: Pattern, names: tuple[str, ...], arguments: Arguments) -> dict[str, str] | None:
    """What fills the holes of a pattern, or None where it does not fit."""
    if len(pattern.names) != len(names) or len(pattern.arguments) != len(arguments):
        return None
    holes: dict[str, str] = {}
    for wanted, given in zip(pattern.names, names, strict=True):
        if not _name_fits(wanted, given, holes):
            return None
    for row, have in zip(pattern.arguments, arguments, strict=True):
        if len(row) > len(have):
            return None
        for wanted, given in zip(row, have, strict=False):
            if wanted[:1] + wanted[-1:] == "[]":
                if not given.startswith(wanted[:-1]):
                    return None
                continue
            if wanted[:1] + wanted[-1:] == "{}" and not HOLE.fullmatch(wanted):
                if not _keys_fit(wanted[1:-1], given.strip("{}").split(","), holes):
                    return None
            elif not text_fits(wanted, given, holes):
                return None
    return holes


def _keys_fit(wanted: str, given: Sequence[str], holes: dict[str, str]) -> bool:
    """Whether an object has these keys; one that is a path (`services.onAccept`) as it is, others
    at whatever depth they lie."""
    for one in wanted.split(","):
        if not any(_key_fits(one.split("."), key.split("."), holes) for key in given):
            return False
    return True


def _key_fits(wanted: Sequence[str], given: Sequence[str], holes: dict[str, str]) -> bool:
    if len(wanted) == 1:
        return given[-1] == wanted[0]
    if len(wanted) != len(given):
        return False
    return all(_name_fits(w, g, holes) for w, g in zip(wanted, given, strict=True))


def _name_fits(wanted: str, given: str, holes: dict[str, str]) -> bool:
    if wanted == given or wanted == "*":
        return True
    return bool(HOLE.search(wanted)) and text_fits(wanted, given, holes)


def pattern(spelling: str) -> Pattern:
    """A sign's spelling taken apart; see `gdprlint.knowledge.consent.Sign`."""
    filtered = _FILTERED.fullmatch(spelling.strip())
    if filtered is not None:
        filter_given: tuple[str, ...] = ("*",) if filtered[2] is None else ("*", filtered[2])
        return Pattern((f"filter {filtered[1]}()",), (filter_given,))
    left, operator, right = spelling, "", ""
    compared = _COMPARED.search(spelling)
    if compared is not None:
        left, operator, right = spelling[: compared.start()], compared[1], compared[2]
    equals = right.strip("'\"") if operator else None
    tokens = _tokens(left)
    names: list[str] = []
    arguments: list[tuple[str, ...]] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token == "(":
            given, i = _arguments(tokens, i + 1)
            arguments.append(given)
            if names:
                names[-1] += "()"
            continue
        if token == "[":
            names.append(tokens[i + 1].strip("'\"") if i + 1 < len(tokens) else "*")
            i += 3
            continue
        if token not in (".", "new"):
            names.append(token)
        i += 1
    return Pattern(from_global(names), tuple(arguments), operator, equals)


def _arguments(tokens: Sequence[str], i: int) -> tuple[tuple[str, ...], int]:
    found: list[str] = []
    while i < len(tokens) and tokens[i] != ")":
        token = tokens[i]
        if token == "{":
            keys = ""
            i += 1
            while i < len(tokens) and tokens[i] != "}":
                keys += tokens[i].strip("'\"")
                i += 1
            found.append("{" + keys + "}")
        elif token == "[":
            items = ""
            i += 1
            while i < len(tokens) and tokens[i] != "]":
                items += tokens[i].strip("'\"")
                i += 1
            found.append("[" + items + "]")
        elif token != ",":
            found.append(token.strip("'\"") if token[:1] in "'\"" else token)
        i += 1
    return tuple(found), i + 1


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            position += 1
            continue
        found.append(match.group().strip())
        position = match.end()
    return found


def literal(value: Expr) -> str | None:
    match value:
        case Text(text):
            return text
        case Constant(constant):
            if isinstance(constant, bool):
                return "true" if constant else "false"
            return None if constant is None else str(constant)
    return None
