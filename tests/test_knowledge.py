"""Every entry of `rulesets/knowledge` holds what it promises, and promises no more than it needs.

The examples of an entry are its tests: each runs through the real engine. The second half takes
away one fact of an entry after the other; an example must fail each time, or nobody would notice
when the fact was lost.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from gdprlint.effects import Declare, Effect, Occurrence, kind_of
from gdprlint.effects.classify import Classifier
from gdprlint.effects.consent import ALL, Agreed, Consent
from gdprlint.effects.recognise import Recogniser
from gdprlint.effects.signs import Signs
from gdprlint.facts import Attribute, Call, Element, Gate, Invoke, Name, Text
from gdprlint.flow import Flow
from gdprlint.knowledge import (
    Category,
    ConsentPlatform,
    Knowledge,
    Row,
    Vendor,
    read_shelf,
    shipped,
)
from gdprlint.knowledge.api import ApiFamily, SourceOfFact
from gdprlint.knowledge.consent import ConsentExample, Sign
from gdprlint.knowledge.shelf import compile_ruleset, files_of
from gdprlint.knowledge.vendor import Recognised, Request
from gdprlint.languages import read_file
from gdprlint.project import Project
from gdprlint.rules import Ruleset, check_references

_FILES = {
    "html": "page.html",
    "django": "page.html",
    "javascript": "script.js",
    "typescript": "script.ts",
    "python": "views.py",
    "css": "style.css",
}
_DAY = re.compile(r"20\d\d-[01]\d-[0-3]\d")
_ADDRESS_OF_A_TRACKER = "tracker.example"


@cache
def _known() -> Knowledge:
    return Knowledge.shipped()


def _names(entries: Mapping[str, Any]) -> list[str]:
    return sorted(entries)


VENDORS = _names(_known().vendors)
PLATFORMS = _names(_known().platforms)
CATEGORIES = _names(_known().categories)
FAMILIES = sorted(family.id for family in _known().families)


def _file_of(code: str, language: str | None = None) -> str:
    if language is None:
        language = "html" if code.lstrip().startswith("<") else "javascript"
    return _FILES[language]


def _flow(codes: Sequence[tuple[str, str]]) -> Flow:
    """All codes in one project, each in a folder and so on a page of its own."""
    files = {}
    for i, (name, code) in enumerate(codes):
        path = f"example{i:03}/{name}"
        files[path] = read_file(path, code)
    return Flow(Project(files), lambda name: False)


# -------------------------------------------------------------------- vendors


@dataclass(frozen=True)
class _Told:
    """A vendor's examples, read once: what is asked of each, and the project that they make."""

    examples: tuple[tuple[Recognised, bool], ...]
    flow: Flow

    def broken(self, knowledge: Knowledge, vendor: str) -> Iterator[str]:
        """The examples that do not hold under these tables."""
        recogniser = Recogniser(self.flow, knowledge)
        for path, (example, wanted) in zip(self.flow.project.files, self.examples, strict=True):
            effects = recogniser.of_file(path)
            if _is_found(effects, example, vendor, sure=wanted) is not wanted:
                said = ", ".join(sorted({_said(effect) for effect in effects})) or "no effect"
                yield f"{example.code}\n  is {'to be' if wanted else 'not'} found; found: {said}"


def _said(effect: Effect) -> str:
    return f"{kind_of(effect)} {getattr(effect, 'use', '')} of {_whose(effect) or 'nobody'}"


def _whose(effect: Effect) -> str:
    if isinstance(effect, Declare):
        return effect.subject
    vendor = getattr(effect, "vendor", None)
    return vendor.id if vendor is not None else ""


def _is_found(effects: Sequence[Effect], example: Recognised, vendor: str, sure: bool) -> bool:
    return any(
        _whose(effect) == vendor
        and example.does in ("", kind_of(effect))
        and (not example.use or getattr(effect, "use", example.use) == example.use)
        and (effect.at.certain or not sure)
        for effect in effects
    )


@cache
def _told(vendor: str) -> _Told:
    examples = _known().vendors[vendor].examples
    both = [(e, True) for e in examples.is_] + [(e, False) for e in examples.is_not]
    flow = _flow([(_file_of(e.code, e.language), e.code) for e, _ in both])
    return _Told(tuple(both), flow)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendor_is_found_in_its_examples_and_in_no_other_code(vendor: str) -> None:
    assert list(_told(vendor).broken(_known(), vendor)) == []


def _without(vendor: Vendor) -> Iterator[tuple[str, Vendor]]:
    """The entry without one fact, for each of its facts."""
    for name in ("scripts", "pixels", "frames", "styles", "hosts", "globals"):
        facts: tuple[str, ...] = getattr(vendor, name)
        for i, fact in enumerate(facts):
            yield f"{name}: {fact}", replace(vendor, **{name: facts[:i] + facts[i + 1 :]})
    for fact, calls in _rows_without(vendor.calls):
        yield f"calls: {fact}", replace(vendor, calls=calls)
    for fact, cleaners in _rows_without(vendor.cleaned_by):
        yield f"cleaned-by: {fact}", replace(vendor, cleaned_by=cleaners)
    # A cookie and a storage key of one name are one fact: keys are looked up by name alone.
    for name in dict.fromkeys(stored.name for stored in vendor.stores):
        stores = tuple(stored for stored in vendor.stores if stored.name != name)
        yield f"stores: {name}", replace(vendor, stores=stores)


def _rows_without(rows: tuple[Row, ...]) -> Iterator[tuple[str, tuple[Row, ...]]]:
    """The rows without one of them, and without one word of a list of words in a condition."""
    for i, row in enumerate(rows):
        yield _spelled(row), rows[:i] + rows[i + 1 :]
        for j, condition in enumerate(row.when):
            head, operator, tail = re.split(r"( is | starts | has )", condition, maxsplit=1)
            words = tail.split(" or ")
            for word in words if len(words) > 1 else ():
                rest = " or ".join(other for other in words if other != word)
                when = (*row.when[:j], f"{head}{operator}{rest}", *row.when[j + 1 :])
                changed = replace(row, when=when)
                yield f"{_spelled(row)}: {word}", (*rows[:i], changed, *rows[i + 1 :])


def _spelled(row: Row) -> str:
    where = f"{row.package} " if row.package else ""
    return f"{where}{row.called or row.assigned or row.setting} {' and '.join(row.when)}".strip()


def _with(knowledge: Knowledge, vendor: Vendor) -> Knowledge:
    """The same tables with one vendor's entry replaced.

    Made as `Knowledge` makes its indexes; reading all YAML again for each of hundreds of facts
    would take minutes.
    """
    other = copy.copy(knowledge)
    other.vendors = {**knowledge.vendors, vendor.id: vendor}
    other.vendor_rows = tuple((one, row) for one in other.vendors.values() for row in one.calls)
    other.globals = {name: one for one in other.vendors.values() for name in one.globals}
    other._stored = [(stored, one) for one in other.vendors.values() for stored in one.stores]
    other._index_urls()
    return other


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendor_without_one_of_its_facts_fails_an_example(vendor: str) -> None:
    told = _told(vendor)
    whole = set(told.broken(_known(), vendor))
    unproved = [
        fact
        for fact, entry in _without(_known().vendors[vendor])
        if set(told.broken(_with(_known(), entry), vendor)) <= whole
    ]
    assert unproved == []


def test_tables_with_an_entry_replaced_by_itself_are_the_same_tables() -> None:
    again = _with(_known(), _known().vendors["matomo"])
    assert vars(again) == vars(_known()) | {"_exact": again._exact, "_below": again._below} | {
        "_anywhere": again._anywhere
    }
    assert again._exact.keys() == _known()._exact.keys()
    assert again.whose("https://cdn.matomo.cloud/x/matomo.js") is not None


# -------------------------------------------------------------------- what vendors take


def _holds(request: Request, parameter: str) -> bool:
    """Whether a request has that parameter: of its query, of its body, or deep in JSON of either.

    A place in JSON is a path with dots (`context.page.url`), numbers for places in lists.
    """
    address = urlsplit(request.url)
    if any(part.startswith(parameter + "=") for part in address.path.split(";")):
        return True
    if parameter in parse_qs(address.query, keep_blank_values=True):
        return True
    if parameter in parse_qs(address.fragment, keep_blank_values=True):
        return True
    sources: list[Any] = [request.body] if request.body else []
    fields = parse_qs(address.query, keep_blank_values=True)
    if request.body:
        form = parse_qs(request.body, keep_blank_values=True)
        if parameter in form:
            return True
        fields = {**fields, **form}
    if any(_reaches(_json(text), parameter.split(".")) for text in sources):
        return True
    head, _, rest = parameter.partition(".")
    return any(_reaches(_json(text), rest.split(".")) for text in fields.get(head, ()) if rest)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _reaches(value: Any, path: Sequence[str]) -> bool:
    for i, key in enumerate(path):
        if isinstance(value, str):
            value = _json(value)
        if isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        elif isinstance(value, dict) and ".".join(path[i:]) in value:
            return True
        elif isinstance(value, dict) and key in value:
            value = value[key]
        else:
            return False
    return True


def _collected_wrongly(vendor: Vendor) -> Iterator[str]:
    """What the examples of requests say otherwise than `collects`."""
    shown: set[str] = set()
    for request in vendor.examples.requests:
        for what, parameter in request.carries.items():
            shown.add(what)
            if vendor.collects.get(what) != parameter:
                yield f"{what} is sent in {parameter!r}, not in {vendor.collects.get(what)!r}"
            if not _holds(request, parameter):
                yield f"{request.url} {request.body} has no {parameter!r}"
    for what in vendor.collects:
        if what not in shown:
            yield f"no request shows how {what} is sent"


COLLECTING = sorted(id_ for id_, vendor in _known().vendors.items() if vendor.collects)


@pytest.mark.parametrize("vendor", COLLECTING)
def test_a_vendor_takes_what_its_recorded_requests_carry(vendor: str) -> None:
    assert list(_collected_wrongly(_known().vendors[vendor])) == []


@pytest.mark.parametrize("vendor", COLLECTING)
def test_a_vendor_without_one_of_the_parameters_fails_a_request(vendor: str) -> None:
    entry = _known().vendors[vendor]
    unproved = [
        what
        for what in entry.collects
        if not list(
            _collected_wrongly(
                replace(entry, collects={k: v for k, v in entry.collects.items() if k != what})
            )
        )
    ]
    assert unproved == []


@pytest.mark.parametrize("vendor", sorted(set(VENDORS) - set(COLLECTING)))
def test_a_vendor_that_takes_nothing_shows_no_request_that_carries(vendor: str) -> None:
    assert [r.carries for r in _known().vendors[vendor].examples.requests if r.carries] == []


# -------------------------------------------------------------------- consent platforms


@dataclass(frozen=True)
class _Asked:
    """A platform's examples, read once."""

    examples: tuple[tuple[ConsentExample, bool], ...]
    flow: Flow

    def broken(self, platform: ConsentPlatform) -> Iterator[str]:
        """The examples that do not hold where the platform's entry is this one."""
        platforms = {**_known().platforms, platform.id: platform}
        signs = Signs(platforms.values(), self.flow)
        consent = Consent(self.flow, _without_hints(), signs)
        for path, (example, wanted) in zip(self.flow.project.files, self.examples, strict=True):
            agreed = _agreed(consent, path)
            if agreed != _wanted(example, agreed, wanted=wanted):
                yield f"{example.code}\n  {_told_of(agreed)}, not {sorted(example.given)}"
            elif wanted and any(signs.gate(*gate) is None for gate in _gates(self.flow, path)):
                yield f"{example.code}\n  no entry knows what this markup waits for"


@cache
def _without_hints() -> Knowledge:
    """The tables without the words that merely hint at consent: an entry says more than a hint,
    and must be seen to say it by itself."""
    other = copy.copy(_known())
    other.vocabulary = replace(other.vocabulary, consent=(), accept=())
    return other


def _gates(flow: Flow, path: str) -> Iterator[tuple[str, tuple[Attribute, ...]]]:
    for step in _tracker(flow, path).way:
        if isinstance(step, Gate):
            yield step.tag, step.attributes


def _wanted(example: ConsentExample, agreed: Agreed, *, wanted: bool) -> Agreed:
    """What an example says is agreed to; where it names no purpose, something, and it is not
    known what."""
    if not wanted:
        return Agreed()
    if not example.given:
        return Agreed(perhaps=agreed.perhaps or ALL)
    return Agreed(frozenset(example.given), agreed.perhaps)


def _told_of(agreed: Agreed) -> str:
    return f"agreed to {sorted(agreed.sure)}, perhaps to {sorted(agreed.perhaps)}"


def _agreed(consent: Consent, path: str) -> Agreed:
    """What is agreed to at the tracker of an example: the weakest of the roads to it."""
    at = _tracker(consent.flow, path)
    found: Agreed | None = None
    for road in consent.flow.ways.through((), path, at.way):
        agreed = Agreed()
        for placed in road.steps:
            agreed |= consent.step(placed)
        found = agreed if found is None else found & agreed
    assert found is not None
    return Agreed(ALL) if consent.signs.blocked_before(at) else found


def _tracker(flow: Flow, path: str) -> Occurrence:
    """Where `tracker()` is called, or the element that holds the tracker's address.

    Markup within an inert script is text of that script.
    """
    for fact in reversed(flow.project.facts(path)):
        match fact:
            case Call(invoke=Invoke(to=Name(name="tracker"))):
                return Occurrence(path=path, span=fact.span, way=fact.way, what="tracker()")
            case Element() if any(
                isinstance(given.value, Text) and _ADDRESS_OF_A_TRACKER in given.value.text
                for given in fact.attributes
            ) or any(isinstance(step, Gate) for step in fact.way):
                return Occurrence(path=path, span=fact.span, way=fact.way, what=fact.tag)
    raise AssertionError(f"there is no tracker in {path}")


@cache
def _asked(platform: str) -> _Asked:
    examples = _known().platforms[platform].examples
    both = [(e, True) for e in examples.is_] + [(e, False) for e in examples.is_not]
    return _Asked(tuple(both), _flow([(_file_of(e.code), e.code) for e, _ in both]))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_consent_is_seen_where_an_entry_says_and_nowhere_else(platform: str) -> None:
    entry = _known().platforms[platform]
    assert list(_asked(platform).broken(entry)) == []


def _without_one(platform: ConsentPlatform) -> Iterator[tuple[str, ConsentPlatform]]:
    """The entry without one of its signs, or without one of its words for purposes that signs use."""
    for i, sign in enumerate(platform.signs):
        rest = platform.signs[:i] + platform.signs[i + 1 :]
        yield _sign(sign), replace(platform, signs=rest)


def _sign(sign: Sign) -> str:
    gate = " ".join(f"{name}={value}" for name, value in sign.gate.items())
    return sign.condition or sign.callback or sign.registry or f"{sign.blocks} {gate}".strip()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_platform_without_one_of_its_signs_fails_an_example(platform: str) -> None:
    asked = _asked(platform)
    entry = _known().platforms[platform]
    whole = set(asked.broken(entry))
    unproved = [
        fact
        for fact, other in _without_one(entry)
        if set(asked.broken(other)) <= whole
    ]
    assert unproved == []
