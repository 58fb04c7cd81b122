"""Which spellings does a consent entry know? Conditions, callbacks, registries, gates, blockers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from gdprlint.effects import Occurrence
from gdprlint.effects.handed import Handed, Handings, with_key
from gdprlint.effects.patterns import (
    Pattern,
    equals,
    fits,
    gate_fits,
    literal,
    pattern,
    text_fits,
)
from gdprlint.effects.spelled import Spelled, Spelling
from gdprlint.facts import (
    Assign,
    Attribute,
    Call,
    Compare,
    Constant,
    Define,
    Element,
    Expr,
    Invoke,
    Link,
    Text,
)
from gdprlint.flow import Flow, imported_from, spelled_path
from gdprlint.knowledge import ConsentPlatform, Match, Sign, UrlPattern, parse
from gdprlint.project.controls import spelled

ALL = frozenset({"functional", "analytics", "advertising", "social", "session-replay"})
_STRICT = {"==": "===", "!=": "!==", "is": "===", "is not": "!=="}


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
    """What a sign says: these purposes, surely or perhaps. None: that it is no consent."""

    purposes: frozenset[str]
    sure: bool


@dataclass(frozen=True, slots=True)
class _Known:
    pattern: Pattern
    sign: Sign
    platform: ConsentPlatform
    within: Pattern | None = None


@dataclass(frozen=True, slots=True)
class _Blocker:
    """A script that blocks what comes after it, but for what it spares."""

    url: UrlPattern
    gate: Mapping[str, str]
    spares: Mapping[str, str]
    sure: bool


class Signs:
    """The consent tables, ready to be held against code."""

    def __init__(self, platforms: Iterable[ConsentPlatform], flow: Flow) -> None:
        self.flow = flow
        self.platforms = tuple(platforms)
        self._conditions: dict[str, list[_Known]] = {}
        self._callbacks: dict[str, list[_Known]] = {}
        self._gates: list[tuple[Sign, ConsentPlatform]] = []
        self._blockers: list[_Blocker] = []
        for platform in self.platforms:
            for sign in platform.signs:
                self._add(sign, platform)
        self.spelling = Spelling(flow, self.platforms)
        known = [
            one
            for table in (self._callbacks, self._conditions)
            for row in table.values()
            for one in row
        ]
        handed_to = [one.within for one in known if one.within is not None]
        handed_to.extend(one.pattern for row in self._callbacks.values() for one in row)
        self._handings = Handings(flow, self.spelling, handed_to)

    def _add(self, sign: Sign, platform: ConsentPlatform) -> None:
        within = pattern(sign.within) if sign.within else None
        if sign.condition:
            known = _Known(pattern(sign.condition), sign, platform, within)
            self._conditions.setdefault(known.pattern.key, []).append(known)
        if sign.callback or sign.registry:
            spelled_as = _as_call(sign.callback) if sign.callback else sign.registry
            known = _Known(pattern(spelled_as), sign, platform, within)
            self._callbacks.setdefault(known.pattern.key, []).append(known)
        if sign.blocks:
            sure = sign.says != "unclear"
            blocker = _Blocker(UrlPattern.of(sign.blocks), sign.gate, sign.spares, sure)
            self._blockers.append(blocker)
        elif sign.gate:
            self._gates.append((sign, platform))

    # ---------------------------------------------------------------- conditions

    def condition(self, test: Expr, path: str) -> Said | None:
        """What is agreed to where `test` holds, or None where no entry knows the spelling."""
        operator, given, value = "", None, test
        if isinstance(test, Compare):
            value, other = test.left, test.right
            operator = _STRICT.get(test.operator, test.operator)
            if isinstance(value, Text | Constant):
                value, other = other, value
            given = literal(other)
            if given is None:
                return None
        for one in self.spelling.of(value, path):
            table = self._conditions
            for known in [*table.get(one.names[-1], ()), *table.get("*", ())]:
                holes: dict[str, str] = {}
                if not equals(known.pattern, operator, given, holes):
                    continue
                if not self._has_needed(known.sign, path):
                    continue
                said = self._speaks(known, one, holes)
                if said is not None:
                    return said
        return None

    def _speaks(self, known: _Known, spelled: Spelled, more: Mapping[str, str]) -> Said | None:
        """What a sign says of a spelling; None where it does not fit."""
        holes = fits(known.pattern, spelled.names, spelled.arguments)
        if holes is None:
            return None
        holes.update(more)
        if known.within is None:
            return None if known.pattern.names[0].startswith("$") else _said(known, holes)
        if spelled.function is None:
            return None
        for handed in self._handings.of(*spelled.function):
            around = fits(known.within, handed.names, handed.arguments)
            beside = _beside(known.sign, handed)
            if around is not None and beside is not None:
                said = _said(known, {**holes, **around, **beside})
                if said is not None:
                    # Who calls it too may give it anything.
                    return Said(said.purposes, said.sure and not self._is_called(*spelled.function))
        return None

    def _is_called(self, path: str, function: int) -> bool:
        """Whether the project calls a function itself, beside handing it on."""
        return any(site.index < 0 for site in self.flow.calls.sites(path, function))

    def _has_needed(self, sign: Sign, path: str) -> bool:
        """Whether a script of the page gives the global that a sign needs that value."""
        name, _, value = sign.needs.partition(" is ")
        if not name:
            return True
        return any(
            isinstance(one.value, Text) and one.value.text == value
            for one in self.flow.names.of_window(name, path)
        )

    def callback(self, call: CallSign) -> Said | None:
        """What a call says of the function that it is given, or None."""
        for one in self.spelling.of(Invoke(call.to, call.arguments), call.path):
            arguments = with_key(one.arguments, call.index, call.key)
            said = self._handed(Handed(one.names, arguments), one.function)
            if said is not None:
                return said
        return None

    def registered(self, function: int, path: str) -> Said | None:
        """What the settings and the places that a function stands in say of it."""
        for handed in self._handings.in_settings(path, function):
            said = self._handed(handed, None)
            if said is not None:
                return said
        return None

    def in_settings(self, function: int, path: str) -> bool:
        """Whether a function stands in settings, or in a list, that a library is given and calls
        it from."""
        return bool(self._handings.in_settings(path, function))

    def _handed(self, handed: Handed, function: tuple[str, int] | None) -> Said | None:
        names = handed.names
        for known in [*self._callbacks.get(names[-1], ()), *self._callbacks.get("*", ())]:
            beside = _beside(known.sign, handed)
            if beside is None:
                continue
            if known.within is not None:
                said = self._speaks(known, Spelled(names, handed.arguments, function), {})
            else:
                holes = fits(known.pattern, names, handed.arguments)
                said = _said(known, {**holes, **beside}) if holes is not None else None
            if said is not None:
                return said
        return None

    # ---------------------------------------------------------------- markup

    def gate(self, tag: str, attributes: Sequence[Attribute], path: str, start: int) -> Said | None:
        """What inert markup waits for, or None where no entry knows its attributes.

        On a whole page only a platform that the project has opens it; who else may is not known.
        """
        have = {a.name.lower(): spelled(a.value) for a in attributes}
        here: list[Said] = []
        elsewhere: list[Said] = []
        for sign, platform in self._gates:
            holes = gate_fits(sign.gate, tag, have)
            if holes is not None:
                said = _said(_Known(_NO_PATTERN, sign, platform), holes) or _of_no_word(holes)
                (here if self._is_present(platform) else elsewhere).append(said)
        found = next((said for said in [*here, *elsewhere] if said.sure), None)
        if here or found is None or not found.purposes or not self._is_whole(path, start):
            return found or next(iter([*here, *elsewhere]), None)
        return Said(found.purposes, False)

    def _is_whole(self, path: str, start: int) -> bool:
        """Whether the pages of a place are seen from their beginning, with all that they load."""
        return any(
            isinstance(fact, Element) and fact.tag in ("html", "head", "body")
            for page in self.flow.project.pages_with(path, start)
            for file in page.files
            for fact in self.flow.project.facts(file)
        )

    def blocked_before(self, at: Occurrence) -> Said | None:
        """Whether a script that blocks trackers by itself stands before this place, on every
        page: surely, or perhaps where it loads beside the page."""
        if not self._blockers:
            return None
        first = at.sites[0] if at.sites else None
        path, start = (first.path, first.invoke.start) if first else (at.path, at.span.start)
        pages = self.flow.project.pages_with(path, start)
        if not pages:
            return None
        have = self._attributes_at(path, start)
        sure = True
        for page in pages:
            found = [
                blocker.sure and self._in_order(element)
                for blocker, element in self._blocking(page.files, path, start)
                if not (blocker.spares and _is_spared(blocker.spares, have))
            ]
            if not found:
                return None
            sure = sure and any(found)
        return Said(ALL, sure)

    def _attributes_at(self, path: str, start: int) -> Mapping[str, str]:
        """The attributes of the innermost element around a place."""
        have: Mapping[str, str] = {}
        for fact in self.flow.project.facts(path):
            if fact.span.start > start:
                break
            if isinstance(fact, Element) and start < max(fact.end, fact.span.end):
                have = _attributes(fact)
        return have

    def _blocking(
        self, files: Sequence[str], path: str, start: int
    ) -> Iterator[tuple[_Blocker, Element]]:
        for file in files:
            for fact in self.flow.project.facts(file):
                if file == path and fact.span.start >= start:
                    break
                if isinstance(fact, Element) and fact.tag == "script":
                    yield from ((one, fact) for one in self._blockers if _is_blocker(one, fact))

    @staticmethod
    def _in_order(element: Element) -> bool:
        """Whether the page waits for a script before it goes on."""
        return element.attribute("async") is None and element.attribute("defer") is None

    def _is_present(self, platform: ConsentPlatform) -> bool:
        """Whether the project has the platform: its script, its package or its global."""
        if not (platform.loads or platform.packages or platform.globals):
            return True
        return platform.id in self.present

    @cached_property
    def present(self) -> frozenset[str]:
        """The platforms of which a script, a package or a global is seen in the project."""
        return frozenset(_all_present(self.platforms, self.flow))


_NO_PATTERN = Pattern((), ())


def _of_no_word(holes: Mapping[str, str]) -> Said:
    """Of markup that waits for a word which is not known here: something was agreed to; or, with
    `!` before the word, refused."""
    if holes.get("purpose", "").startswith("!"):
        return Said(frozenset(), True)
    return Said(ALL, False)


def _as_call(spelling: str) -> str:
    """`onConsent` of a callback is a call as well."""
    return spelling if spelling.rstrip().endswith(")") else spelling + "()"


def _attributes(element: Element) -> Mapping[str, str]:
    return {a.name.lower(): spelled(a.value) for a in element.attributes}


def _is_spared(spares: Mapping[str, str], have: Mapping[str, str]) -> bool:
    """Whether an element has one of the marks of what a blocker leaves alone."""
    return any(gate_fits({name: value}, "", have) is not None for name, value in spares.items())


def _is_blocker(blocker: _Blocker, element: Element) -> bool:
    source = element.attribute("src")
    if source is None or source.value is None:
        return False
    if blocker.url.match(parse(spelled(source.value))) is not Match.YES:
        return False
    return not blocker.gate or gate_fits(blocker.gate, "script", _attributes(element)) is not None


def _all_present(platforms: Iterable[ConsentPlatform], flow: Flow) -> Iterator[str]:
    """The platforms of which a script, a package or a global is seen in the project."""
    packages: dict[str, set[str]] = {}
    names: dict[str, set[str]] = {}
    loads: list[tuple[UrlPattern, str]] = []
    for platform in platforms:
        loads.extend((UrlPattern.of(load), platform.id) for load in platform.loads)
        for package in platform.packages:
            packages.setdefault(package, set()).add(platform.id)
        for name in platform.globals:
            names.setdefault(name, set()).add(platform.id)
    urls: set[str] = set()
    for path in flow.project.files:
        for fact in flow.project.facts(path):
            match fact:
                case Element(tag="script"):
                    source = fact.attribute("src")
                    urls.add(spelled(source.value) if source is not None else "")
                case Link(target=Text(text)):
                    urls.add(text)
                    yield from packages.get(text, ())
                case Define(name=name, value=value):
                    module = imported_from(value)
                    yield from packages.get(module[0], ()) if module is not None else ()
                    yield from names.get(name, ())
                case Call(invoke=Invoke(to=to)) | Assign(to=to):
                    for root in spelled_path(to).split(".")[:2]:
                        yield from names.get(root, ())
                    if isinstance(fact, Assign) and isinstance(fact.value, Text):
                        # A script that a script adds.
                        urls.add(fact.value.text)
    for url in urls:
        address = parse(url) if url else None
        for load, id_ in loads:
            if address is not None and load.match(address) is not Match.NO:
                yield id_


def _beside(sign: Sign, handed: Handed) -> dict[str, str] | None:
    """What fills the holes in what has to stand beside a function; None where it does not."""
    holes: dict[str, str] = {}
    for key, wanted in sign.beside.items():
        given = handed.beside.get(key, "")
        if not given or not text_fits(wanted, given, holes):
            return None
    return holes


def _said(known: _Known, holes: Mapping[str, str]) -> Said | None:
    """What a sign says with its holes filled so; None where it names a purpose nobody knows."""
    sign, platform = known.sign, known.platform
    if sign.says == "nothing":
        return Said(frozenset(), True)
    if sign.says == "unclear":
        return Said(ALL, False)
    if sign.says == "all":
        return Said(ALL, True)
    if sign.says != "purpose":
        return Said(frozenset(sign.says.replace(",", " ").split()), True)
    word = holes.get("purpose")
    if word is None:
        return Said(ALL, True)
    purposes: set[str] = set()
    for one in [word] if word in platform.purposes else word.split():
        known_as = platform.purposes.get(one) or platform.purposes.get(one.lower())
        if known_as is None:
            return None
        purposes.update(known_as)
    return Said(frozenset(purposes), True)
