"""Which spellings does a consent entry know? Conditions, callbacks, registries, gates, blockers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from gdprlint.effects import Occurrence
from gdprlint.facts import (
    Assign,
    Attribute,
    Compare,
    Constant,
    Define,
    Element,
    Expr,
    Fact,
    Function,
    Invoke,
    Link,
    Member,
    Name,
    Record,
    Text,
)
from gdprlint.flow import GLOBAL_OBJECTS, Flow, imported_from, spelled_path
from gdprlint.knowledge import ConsentPlatform, Match, Sign, UrlPattern, parse
from gdprlint.project.controls import spelled

ALL = frozenset({"functional", "analytics", "advertising", "social", "session-replay"})
_DEEPEST = 40
_HOLE = re.compile(r"\{(purpose|service)\}")
_COMPARED = re.compile(r"\s(===|!==|>=|>)\s+(\S+)\s*$")
_STRICT = {"==": "===", "!=": "!==", "is": "===", "is not": "!=="}
_TOKEN = re.compile(
    r"\s*(?:(?P<name>[A-Za-z_$][\w$]*|\{\w+\}|\*)|(?P<text>\"[^\"]*\"|'[^']*')|(?P<number>\d+)"
    r"|(?P<mark>===|==|!==|!=|[.()\[\],{}]))"
)


@dataclass(frozen=True, slots=True)
class CallSign:
    """A call that is given a function: what a callback sign is held against."""

    to: Expr
    arguments: tuple[Expr, ...]
    index: int
    path: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a sign says: these purposes, surely or perhaps."""

    purposes: frozenset[str]
    sure: bool


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A spelling taken apart: a dotted path, the literal arguments of its calls, and how it is
    compared with what, where it is."""

    names: tuple[str, ...]
    arguments: tuple[tuple[str, ...], ...]
    operator: str = ""
    equals: str | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    pattern: _Pattern
    sign: Sign
    platform: ConsentPlatform


class Signs:
    """The consent tables, ready to be held against code."""

    def __init__(self, platforms: Iterable[ConsentPlatform], flow: Flow) -> None:
        self.flow = flow
        self.platforms = tuple(platforms)
        self._conditions: dict[str, list[_Known]] = {}
        self._callbacks: dict[str, list[_Known]] = {}
        self._registered: dict[str, dict[int, list[tuple[str, ...]]]] = {}
        self._gates: list[tuple[Sign, ConsentPlatform]] = []
        self._blockers: list[tuple[UrlPattern, Sign]] = []
        for platform in self.platforms:
            for sign in platform.signs:
                self._add(sign, platform)

    def _add(self, sign: Sign, platform: ConsentPlatform) -> None:
        if sign.condition:
            known = _Known(_pattern(sign.condition), sign, platform)
            self._conditions.setdefault(_key(known.pattern), []).append(known)
        if sign.callback or sign.registry:
            spelled_call = sign.callback
            if spelled_call and not spelled_call.rstrip().endswith(")"):
                # `callback: onConsent` is a call as well.
                spelled_call += "()"
            known = _Known(_pattern(spelled_call or sign.registry), sign, platform)
            self._callbacks.setdefault(_key(known.pattern), []).append(known)
        if sign.blocks:
            self._blockers.append((UrlPattern.of(sign.blocks), sign))
        elif sign.gate:
            self._gates.append((sign, platform))

    # ---------------------------------------------------------------- conditions

    def condition(self, test: Expr, path: str) -> Said | None:
        """What is agreed to where `test` holds, or None where no entry knows the spelling."""
        operator, equals, value = "", None, test
        if isinstance(test, Compare):
            value, other = test.left, test.right
            operator = _STRICT.get(test.operator, test.operator)
            if isinstance(value, Text | Constant):
                value, other = other, value
            equals = _literal(other)
            if equals is None:
                return None
        spelling = self._spelling(value, path)
        if spelling is None:
            return None
        names, arguments = spelling
        for known in [*self._conditions.get(names[-1], ()), *self._conditions.get("*", ())]:
            wanted = known.pattern
            plain = not wanted.operator and (operator, equals) in (("", None), ("===", "true"))
            if not plain and (wanted.operator, wanted.equals) != (operator, equals):
                continue
            holes = _fits(wanted, names, arguments)
            said = _said(known.sign, known.platform, holes) if holes is not None else None
            if said is not None:
                return said
        return None

    def callback(self, call: CallSign) -> Said | None:
        """What a call says of the function that it is given, or None."""
        spelling = self._spelling(Invoke(call.to, call.arguments), call.path)
        if spelling is None:
            return None
        names, arguments = spelling
        if call.key and arguments and call.index < len(arguments[-1]):
            # Of an object of callbacks only the one that holds the function is spoken of.
            last = list(arguments[-1])
            last[call.index] = "{" + call.key.rpartition(".")[2] + "}"
            arguments = (*arguments[:-1], tuple(last))
        return self._handed(names, arguments)

    def registered(self, function: int, path: str) -> Said | None:
        """What the place that a function is given to says: a member, or a name of its own."""
        table = self._registered.get(path)
        if table is None:
            table = self._registered[path] = {}
            for fact in self.flow.project.facts(path):
                for spelled_to, value in _places(fact):
                    if isinstance(value, Function):
                        table.setdefault(value.function, []).append(tuple(spelled_to))
        for names in table.get(function, ()):
            said = self._handed(names, ())
            if said is not None:
                return said
        return None

    def _handed(
        self, names: tuple[str, ...], arguments: tuple[tuple[str, ...], ...]
    ) -> Said | None:
        for known in [*self._callbacks.get(names[-1], ()), *self._callbacks.get("*", ())]:
            holes = _fits(known.pattern, names, arguments)
            said = _said(known.sign, known.platform, holes) if holes is not None else None
            if said is not None:
                return said
        return None

    def _spelling(
        self, value: Expr, path: str
    ) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]] | None:
        """An expression as names and literal arguments of its calls, aliases and imports
        resolved."""
        names: list[str] = []
        arguments: list[tuple[str, ...]] = []
        current: Expr = value
        for _ in range(_DEEPEST):
            match current:
                case Member(of, name):
                    names.append(name)
                    current = of
                case Invoke(to, given):
                    arguments.append(tuple(self._argument(a, path) for a in given))
                    match to:
                        case Member(of, name):
                            names.append(name + "()")
                            current = of
                        case Name():
                            *before, last = self._root(to, path)
                            names.extend([last + "()", *reversed(before)])
                            break
                        case _:
                            return None
                case Name():
                    behind = self._behind(current, path)
                    if behind is not None:
                        current, path = behind
                        continue
                    names.extend(reversed(self._root(current, path)))
                    break
                case _:
                    return None
        else:
            return None
        names.reverse()
        arguments.reverse()
        return _from_global(names), tuple(arguments)

    def _behind(self, name: Name, path: str) -> tuple[Expr, str] | None:
        """What a variable is given once, where that is a path or a call of a platform."""
        definitions = self.flow.names.resolve(name, path)
        if len(definitions) != 1 or imported_from(definitions[0].value) is not None:
            return None
        match definitions[0].value:
            case Member() | Invoke():
                return definitions[0].value, definitions[0].path
        return None

    def _root(self, name: Name, path: str) -> tuple[str, ...]:
        """The names that a sign would use: an imported module's platform by its first global."""
        for definition in self.flow.names.definitions(name, path):
            module = imported_from(definition.value)
            if module is None:
                continue
            for platform in self.platforms:
                if module[0] in platform.packages and platform.globals:
                    if module[1] in ("default", "*"):
                        return (platform.globals[0],)
                    if module[1] in platform.globals:
                        return (module[1],)
                    return (platform.globals[0], module[1])
        return (name.name,)

    def _argument(self, value: Expr, path: str) -> str:
        text = self.flow.values.literal(value, path) if not isinstance(value, Record) else None
        if text is not None:
            return text
        if isinstance(value, Record):
            return "{" + ",".join(entry.key for entry in value.entries) + "}"
        return ""

    # ---------------------------------------------------------------- markup

    def gate(self, tag: str, attributes: Sequence[Attribute]) -> frozenset[str] | None:
        """The purposes that inert markup waits for, or None where no entry knows its attributes."""
        have = {a.name.lower(): spelled(a.value) for a in attributes}
        for sign, platform in self._gates:
            holes = _gate_fits(sign.gate, tag, have)
            if holes is None:
                continue
            # A purpose that the entry does not know (`!analytics`: refused) is none agreed to.
            said = _said(sign, platform, holes)
            return said.purposes if said is not None and said.sure else frozenset()
        return None

    def blocked_before(self, at: Occurrence) -> bool:
        """Whether a script that blocks trackers by itself stands before this place, on every
        page."""
        if not self._blockers:
            return False
        first = at.sites[0] if at.sites else None
        path, start = (first.path, first.invoke.start) if first else (at.path, at.span.start)
        pages = self.flow.project.pages_with(path, start)
        if not pages:
            return False
        return all(self._blocks(page.files, path, start) for page in pages)

    def _blocks(self, files: Sequence[str], path: str, start: int) -> bool:
        for file in files:
            for fact in self.flow.project.facts(file):
                if file == path and fact.span.start >= start:
                    break
                if isinstance(fact, Element) and fact.tag == "script" and self._is_blocker(fact):
                    return True
        return False

    def _is_blocker(self, element: Element) -> bool:
        source = element.attribute("src")
        if source is None or source.value is None:
            return False
        url = parse(spelled(source.value))
        have = {a.name.lower(): spelled(a.value) for a in element.attributes}
        return any(
            pattern.match(url) is Match.YES
            and (not sign.gate or _gate_fits(sign.gate, "script", have) is not None)
            for pattern, sign in self._blockers
        )

    def present(self, links: Iterable[Link]) -> bool:
        """Whether one of these links brings in a consent platform's script."""
        return any(
            UrlPattern.of(load).match(parse(spelled(link.target))) is not Match.NO
            for link in links
            for platform in self.platforms
            for load in platform.loads
        )


def _from_global(names: Sequence[str]) -> tuple[str, ...]:
    """A path without `window` before it; listeners of the document count as the window's."""
    if len(names) > 1 and names[0] in GLOBAL_OBJECTS:
        return tuple(names[1:])
    if len(names) == 2 and names[0] == "document":
        return tuple(names[1:])
    return tuple(names)


def _said(sign: Sign, platform: ConsentPlatform, holes: Mapping[str, str]) -> Said | None:
    """What a sign says with its holes filled so; None where it names a purpose nobody knows."""
    if sign.says == "unclear":
        return Said(ALL, False)
    if sign.says == "all":
        return Said(ALL, True)
    if sign.says != "purpose":
        return Said(frozenset(sign.says.replace(",", " ").split()), True)
    word = holes.get("purpose")
    if word is None:
        return Said(ALL, True)
    words = [word] if word in platform.purposes else re.split(r"\s+", word)
    if not all(each in platform.purposes for each in words):
        return None
    return Said(frozenset(p for each in words for p in platform.purposes[each]), True)


def _places(fact: Fact) -> Iterator[tuple[list[str], Expr]]:
    """Where a fact puts values: a name, a member, and the members of an object put there."""
    match fact:
        case Define(name=name, value=value):
            names = [name]
        case Assign(to=to, value=value):
            names = [part for part in spelled_path(to).split(".") if part]
        case _:
            return
    if not names or value is None:
        return
    names = list(_from_global(names))
    yield names, value
    if isinstance(value, Record):
        for entry in value.entries:
            yield [*names, entry.key], entry.value


def _gate_fits(gate: Mapping[str, str], tag: str, have: Mapping[str, str]) -> dict[str, str] | None:
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
            hole = _HOLE.search(start)
            literal = start[: hole.start()] if hole else start
            word = next((w for w in value.split() if w.startswith(literal)), None)
            if word is None:
                return None
            if hole:
                holes[hole.group(1)] = word[len(literal) :]
        elif not _text_fits(wanted, value, holes):
            return None
    return holes


def _words_that_fit(wanted: str, value: str) -> list[dict[str, str]]:
    """What fills the holes, for each word of an attribute's value that fits the pattern."""
    found: list[dict[str, str]] = []
    for word in re.split(r"[\s,]+", value):
        holes: dict[str, str] = {}
        if word and _text_fits(wanted, word, holes):
            found.append(holes)
    return found


def _text_fits(wanted: str, given: str, holes: dict[str, str]) -> bool:
    """Whether literal text fits a pattern with holes; what fills a hole is noted."""
    if wanted == "*":
        return True
    expression = "".join(
        f"(?P<{part[1:-1]}>.+)" if _HOLE.fullmatch(part) else re.escape(part)
        for part in re.split(r"(\{(?:purpose|service)\})", wanted)
    )
    match = re.fullmatch(expression, given)
    if match is None:
        return False
    holes.update({name: value for name, value in match.groupdict().items() if value is not None})
    return True


def _fits(
    pattern: _Pattern, names: tuple[str, ...], arguments: tuple[tuple[str, ...], ...]
) -> dict[str, str] | None:
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
            if wanted.startswith("{") and not _HOLE.search(wanted):
                keys = set(wanted.strip("{}").split(","))
                if not keys <= set(given.strip("{}").split(",")):
                    return None
            elif not _text_fits(wanted, given, holes):
                return None
    return holes


def _name_fits(wanted: str, given: str, holes: dict[str, str]) -> bool:
    if wanted == given or wanted == "*":
        return True
    return bool(_HOLE.search(wanted)) and _text_fits(wanted, given, holes)


def _key(pattern: _Pattern) -> str:
    last = pattern.names[-1] if pattern.names else ""
    return "*" if "{" in last or last in ("*", "") else last


def _pattern(spelling: str) -> _Pattern:
    """A sign's spelling taken apart; see `gdprlint.knowledge.consent.Sign`."""
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
    return _Pattern(_from_global(names), tuple(arguments), operator, equals)


def _arguments(tokens: Sequence[str], i: int) -> tuple[tuple[str, ...], int]:
    found: list[str] = []
    while i < len(tokens) and tokens[i] != ")":
        token = tokens[i]
        if token == "{":
            keys: list[str] = []
            i += 1
            while i < len(tokens) and tokens[i] != "}":
                if tokens[i] != ",":
                    keys.append(tokens[i].strip("'\""))
                i += 1
            found.append("{" + ",".join(keys) + "}")
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


def _literal(value: Expr) -> str | None:
    match value:
        case Text(text):
            return text
        case Constant(constant):
            if isinstance(constant, bool):
                return "true" if constant else "false"
            return None if constant is None else str(constant)
    return None
