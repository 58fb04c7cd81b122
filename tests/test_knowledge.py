"""Every entry of `rulesets/knowledge` holds what it promises, and promises no more than it needs.

The examples of an entry are its tests: each runs through the real engine. The second half takes
away one fact of an entry after the other; an example must fail each time, or nobody would notice
when the fact was lost.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator, Mapping, Sequence
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
from gdprlint.effects.scene import inlined, passings
from gdprlint.effects.signs import Signs
from gdprlint.facts import Attribute, Call, Element, Gate, Invoke, Name, Text
from gdprlint.flow import Flow
from gdprlint.knowledge import (
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
FAMILIES = sorted(family.id for family in _known().families if family.rows)


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
    return Flow(Project(files), lambda name: False, passings(_known()), inlined(_known()))


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
        and (not example.says or getattr(effect, "says", "") == example.says)
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
            rest: dict[str, Any] = {name: facts[:i] + facts[i + 1 :]}
            yield f"{name}: {fact}", replace(vendor, **rest)
    for fact, calls in _rows_without(vendor.calls):
        yield f"calls: {fact}", replace(vendor, calls=calls)
    for fact, cleaners in _rows_without(vendor.cleaned_by):
        yield f"cleaned-by: {fact}", replace(vendor, cleaned_by=cleaners)
    for name in ("attributes", "classes"):
        marks: tuple[str, ...] = getattr(vendor.unmasked_by, name)
        for i, mark in enumerate(marks):
            rest = {name: marks[:i] + marks[i + 1 :]}
            other = replace(vendor.unmasked_by, **rest)
            yield f"unmasked-by: {mark}", replace(vendor, unmasked_by=other)
    # A cookie and a storage key of one name are one fact: keys are looked up by name alone.
    for name in dict.fromkeys(stored.name for stored in vendor.stores):
        stores = tuple(stored for stored in vendor.stores if stored.name != name)
        yield f"stores: {name}", replace(vendor, stores=stores)


def _rows_without(rows: tuple[Row, ...]) -> Iterator[tuple[str, tuple[Row, ...]]]:
    """The rows without one of them, and without one word of a list of words in a condition."""
    for i, row in enumerate(rows):
        yield _spelled(row), rows[:i] + rows[i + 1 :]
        packages = row.package.split(" or ")
        for package in packages if len(packages) > 1 else ():
            rest = " or ".join(other for other in packages if other != package)
            yield (
                f"{_spelled(row)}: {package}",
                (
                    *rows[:i],
                    replace(row, package=rest),
                    *rows[i + 1 :],
                ),
            )
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


@pytest.mark.parametrize("vendor", VENDORS)
def test_what_a_vendor_matches_by_is_a_category_and_is_shown_in_an_example(vendor: str) -> None:
    entry = _known().vendors[vendor]
    code = " ".join(example.code for example in entry.examples.is_)
    wrong = [
        f"{name}: {category}"
        for name, category in entry.matches.items()
        if category not in _known().categories or not re.search(rf"(?<!\w){re.escape(name)}", code)
    ]
    assert wrong == []


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
        told = Consent(self.flow, _without_hints(), signs)
        hinted = Consent(self.flow, _known(), signs)
        for path, (example, wanted) in zip(self.flow.project.files, self.examples, strict=True):
            # What is no consent must not even look like it.
            agreed = _agreed(told if wanted else hinted, path)
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


def _gates(flow: Flow, path: str) -> Iterator[tuple[str, tuple[Attribute, ...], str, int]]:
    for step in _tracker(flow, path).way:
        if isinstance(step, Gate):
            yield step.tag, step.attributes, path, step.start


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
        for placed in consent.telling(road):
            agreed |= consent.step(placed)
        found = agreed if found is None else found & agreed
    assert found is not None
    blocked = consent.signs.blocked_before(at)
    if blocked is None:
        return found
    return found | (Agreed(ALL) if blocked.sure else Agreed(perhaps=ALL))


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
    """The entry without one of its signs, for each of its signs, and without one mark of what a
    blocker spares."""
    for i, sign in enumerate(platform.signs):
        rest = platform.signs[:i] + platform.signs[i + 1 :]
        yield _sign(sign), replace(platform, signs=rest)
        for mark in sign.spares:
            spares = {name: value for name, value in sign.spares.items() if name != mark}
            other = (*platform.signs[:i], replace(sign, spares=spares), *platform.signs[i + 1 :])
            yield f"{_sign(sign)} spares {mark}", replace(platform, signs=other)


def _sign(sign: Sign) -> str:
    gate = " ".join(f"{name}={value}" for name, value in sign.gate.items())
    spelled = sign.condition or sign.callback or sign.registry or f"{sign.blocks} {gate}"
    return f"{spelled} {sign.within}".strip()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_platform_without_one_of_its_signs_fails_an_example(platform: str) -> None:
    asked = _asked(platform)
    entry = _known().platforms[platform]
    whole = set(asked.broken(entry))
    unproved = [fact for fact, other in _without_one(entry) if set(asked.broken(other)) <= whole]
    assert unproved == []


# -------------------------------------------------------------------- categories of personal data


def _strength(name: str, category: str, context: frozenset[str] = frozenset()) -> str:
    """How strongly a name tells of the category: `strong`, `weak` or not at all."""
    told = [one for one in Classifier(_known()).name(name, context) if one.id == category]
    return min((one.strength for one in told), default="")


@pytest.mark.parametrize("category", CATEGORIES)
def test_names_tell_of_a_category_by_themselves(category: str) -> None:
    names = _known().categories[category].examples.is_
    assert [name for name in names if not _strength(name, category)] == []


@pytest.mark.parametrize("category", CATEGORIES)
def test_names_of_other_things_do_not_tell_of_a_category(category: str) -> None:
    names = _known().categories[category].examples.is_not
    assert [name for name in names if _strength(name, category)] == []


@pytest.mark.parametrize("category", CATEGORIES)
def test_names_that_need_a_context_tell_of_a_category_in_it(category: str) -> None:
    names = _known().categories[category].examples.in_context
    assert [n for n in names if not _strength(n, category, frozenset({category}))] == []


@pytest.mark.parametrize("category", CATEGORIES)
def test_names_that_need_a_context_do_not_tell_strongly_without_it(category: str) -> None:
    names = _known().categories[category].examples.in_context
    assert [n for n in names if _strength(n, category) == "strong"] == []


@pytest.mark.parametrize("category", CATEGORIES)
def test_a_category_has_words_or_controls_by_which_it_is_known(category: str) -> None:
    entry = _known().categories[category]
    assert entry.words or entry.fields.type or entry.fields.autocomplete


# -------------------------------------------------------------------- what calls do


@cache
def _rows_of(family: str) -> ApiFamily:
    return next(found for found in _known().families if found.id == family)


def _language_of(family: str, code: str) -> str | None:
    """Python, in the families that have rows of it: there a script's examples end in `;`."""
    of_python = any(row.language == "python" for row in _rows_of(family).rows)
    is_script = code.rstrip().endswith((";", ">"))
    return "python" if of_python and not is_script else None


def _recognised(family: str, codes: Sequence[str], knowledge: Knowledge) -> list[bool]:
    """For each code, whether a row of the family speaks: an effect is there that is not without."""
    flow = _flow([(_file_of(code, _language_of(family, code)), code) for code in codes])
    found = Recogniser(flow, knowledge)
    without = copy.copy(knowledge)
    without.rows = tuple(row for row in knowledge.rows if row not in _rows_of(family).rows)
    bare = Recogniser(flow, without)
    return [found.of_file(path) != bare.of_file(path) for path in flow.project.files]


@pytest.mark.parametrize("family", FAMILIES)
def test_rows_speak_of_the_calls_that_they_are_for(family: str) -> None:
    codes = [code for code in _rows_of(family).examples.is_ if not _makes(family, code)]
    spoken = _recognised(family, codes, _known())
    assert [code for code, told in zip(codes, spoken, strict=True) if not told] == []


def _makes(family: str, code: str) -> bool:
    """Whether the code only makes a value, which is no effect."""
    calls = [row.called for row in _rows_of(family).rows if row.does in ("make", "ask")]
    return any(call and call.removeprefix("*.") in code for call in calls)


@pytest.mark.parametrize("family", FAMILIES)
def test_rows_do_not_speak_of_other_calls(family: str) -> None:
    codes = _rows_of(family).examples.is_not
    spoken = _recognised(family, codes, _known())
    assert [code for code, told in zip(codes, spoken, strict=True) if told] == []


@pytest.mark.parametrize("family", FAMILIES)
def test_every_spelling_of_every_row_speaks_of_some_example(family: str) -> None:
    entry = _rows_of(family)
    codes = [(_file_of(code, _language_of(family, code)), code) for code in entry.examples.is_]
    flow = _flow(codes)
    whole = _effects(flow, _known())
    silent = []
    for row in entry.rows:
        if row.does in ("make", "ask"):
            continue
        for fact, rest in _without_a_spelling(row):
            without = copy.copy(_known())
            without.rows = tuple(
                other for one in _known().rows for other in (rest if one is row else (one,))
            )
            if _effects(flow, without) == whole:
                silent.append(f"{fact} {row.does}")
    assert silent == []


def _without_a_spelling(row: Row) -> Iterator[tuple[str, tuple[Row, ...]]]:
    """What is left of a row without one of the calls that it names, and without the whole."""
    called = row.called.split(" or ")
    for one in called if len(called) > 1 else ():
        rest = " or ".join(other for other in called if other != one)
        yield f"{_spelled(row)}: {one}", (replace(row, called=rest),)
    yield _spelled(row), ()


def _effects(flow: Flow, knowledge: Knowledge) -> list[tuple[Effect, ...]]:
    recogniser = Recogniser(flow, knowledge)
    return [recogniser.of_file(path) for path in flow.project.files]


# -------------------------------------------------------------------- examples there are


def test_every_entry_has_examples_of_what_it_is_and_of_what_it_is_not() -> None:
    known = _known()
    families = [family for family in known.families if family.rows]
    entries = (*known.vendors.values(), *known.categories.values(), *families)
    silent = [e.id for e in entries if not e.examples.is_ or not e.examples.is_not]
    assert silent == []


def test_every_platform_has_examples_of_what_is_no_consent() -> None:
    assert [p.id for p in _known().platforms.values() if not p.examples.is_not] == []


def test_every_platform_with_signs_has_examples_of_consent() -> None:
    platforms = _known().platforms.values()
    telling = (p for p in platforms if any(sign.says != "nothing" for sign in p.signs))
    assert [p.id for p in telling if not p.examples.is_] == []


# -------------------------------------------------------------------- references


def test_every_rule_names_articles_categories_and_vendors_that_exist() -> None:
    check_references(Ruleset.shipped(), _known())


def test_every_purpose_of_a_vendor_is_one_of_ours() -> None:
    wrong = {
        f"{vendor.id}: {purpose}"
        for vendor in _known().vendors.values()
        for purpose in (*vendor.purposes, *(stored.purpose for stored in vendor.stores))
        if purpose and purpose not in _known().purposes
    }
    assert wrong == set()


def test_every_purpose_of_a_platform_is_one_of_ours() -> None:
    wrong = {
        f"{platform.id}: {word} {purpose}"
        for platform in _known().platforms.values()
        for word, purposes in platform.purposes.items()
        for purpose in purposes
        if purpose not in _known().purposes
    }
    assert wrong == set()


def test_every_article_belongs_to_an_act() -> None:
    assert {a.act for a in _known().articles.values()} <= set(_known().acts)


def test_the_id_of_an_entry_is_the_name_of_its_file() -> None:
    folders = {"vendors": VENDORS, "consent": PLATFORMS}
    for folder, ids in folders.items():
        files = (shipped() / "knowledge" / folder).glob("*.yaml")
        assert sorted(path.stem for path in files) == ids


def test_no_category_is_described_twice() -> None:
    ids = [
        category["id"]
        for name, shelf in read_shelf().items()
        if name.startswith("knowledge/data/")
        for category in shelf["categories"]
    ]
    assert sorted(ids) == sorted(set(ids))


def _sources() -> Iterator[tuple[str, tuple[SourceOfFact, ...]]]:
    for vendor in _known().vendors.values():
        yield f"vendors/{vendor.id}", vendor.sources
    for platform in _known().platforms.values():
        yield f"consent/{platform.id}", platform.sources
    for family in _known().families:
        yield f"api/{family.id}", family.sources


def test_every_vendor_platform_and_api_says_where_it_was_read() -> None:
    assert [entry for entry, sources in _sources() if not sources] == []


def test_every_source_names_a_page_and_the_day_on_which_it_was_read() -> None:
    words = ((f"data/{c.id}", c.sources) for c in _known().categories.values())
    wrong = [
        f"{entry}: {source.page} {source.read}"
        for entry, sources in (*_sources(), *words)
        for source in sources
        if not source.page.strip() or not _DAY.fullmatch(source.read)
    ]
    assert wrong == []


def test_every_vendor_says_of_what_day_it_is() -> None:
    wrong = [v.id for v in _known().vendors.values() if not _DAY.fullmatch(v.as_of)]
    assert wrong == []


def test_no_word_list_names_a_word_twice() -> None:
    vocabulary = _known().vocabulary
    twice = {
        f"{name}: {word}"
        for name in vocabulary.__dataclass_fields__
        for word in getattr(vocabulary, name)
        if list(getattr(vocabulary, name)).count(word) > 1
    }
    assert twice == set()


def test_no_word_both_accepts_and_refuses() -> None:
    vocabulary = _known().vocabulary
    assert set(vocabulary.accept) & set(vocabulary.refuse) == set()


def test_nobody_is_both_the_visitor_and_somebody_else() -> None:
    vocabulary = _known().vocabulary
    assert set(vocabulary.owners) & set(vocabulary.others) == set()


def test_no_cookie_is_both_essential_and_tracking() -> None:
    vocabulary = _known().vocabulary
    assert set(vocabulary.essential) & set(vocabulary.tracking) == set()


# -------------------------------------------------------------------- compiled and source


def test_the_compiled_ruleset_says_what_the_files_say() -> None:
    compiled = compile_ruleset(shipped())
    assert json.loads(json.dumps(compiled)) == compiled
    assert read_shelf() == compiled


def test_the_compiled_ruleset_has_every_file() -> None:
    names = [path.relative_to(shipped()).as_posix() for path in files_of(shipped())]
    assert sorted(compile_ruleset(shipped())) == sorted(names)


def test_a_changed_file_is_compiled_again(tmp_path: Path) -> None:
    file = tmp_path / "rules" / "theme" / "a-rule.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("title: one\n", encoding="utf-8")
    assert read_shelf(tmp_path / "rules") == {"theme/a-rule.yaml": {"title": "one"}}
    file.write_text("title: other\n", encoding="utf-8")
    assert read_shelf(tmp_path / "rules") == {"theme/a-rule.yaml": {"title": "other"}}
