"""Which effects are findings? Rulesets are loaded, checked, selected and run here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from gdprlint.effects import Effect
from gdprlint.effects.scene import Scene
from gdprlint.errors import InputError, RulesetError, likely_word
from gdprlint.findings import Finding, Level, RuleInfo
from gdprlint.knowledge import Knowledge, read_shelf, shipped
from gdprlint.project import Page
from gdprlint.project.page import NOT_MARKUP
from gdprlint.rules.match import Matched, Matcher
from gdprlint.rules.message import HOLES, holes_of
from gdprlint.rules.page import RulePage, read_page
from gdprlint.rules.questions import QUESTIONS, Asker
from gdprlint.rules.rule import Asks, Profile, Rule
from gdprlint.rules.sentence import read_aloud
from gdprlint.rules.tell import Teller
from gdprlint.yamldoc import typed

__all__ = [
    "DEFAULT_PROFILE",
    "Enabled",
    "Rule",
    "RulePage",
    "Ruleset",
    "check_references",
    "read_page",
]

DEFAULT_PROFILE = "default"
_RANK = {"off": 0, "note": 1, "warning": 2, "error": 3}
_FOLLOWING = frozenset({"ads", "session-replay", "social", "fingerprint"})


@dataclass(frozen=True, slots=True)
class Placed:
    """A rule, its theme, and the file of its page."""

    rule: Rule
    theme: str
    page: Path


@dataclass(frozen=True, slots=True)
class Enabled:
    """A rule that is on, with the level that the profiles give it (`as-rule`: its own)."""

    placed: Placed
    base: str
    profiles: tuple[str, ...] = ()


class Ruleset:
    """All rules and profiles of the shipped ruleset and of further ones."""

    def __init__(self, shelves: Sequence[tuple[Path, Mapping[str, Any]]]) -> None:
        self.rules: dict[str, Placed] = {}
        self.profiles: dict[str, Profile] = {}
        self._shapes: dict[object, Any] = {}
        for directory, shelf in shelves:
            for name, value in sorted(shelf.items()):
                folder, _, file = name.partition("/")
                place = str(directory / name)
                if folder == "profiles":
                    profile = typed(value, Profile, place=place, shapes=self._shapes)
                    self.profiles[profile.id] = profile
                elif folder not in ("knowledge", "schema") and file:
                    self._add(value, place, folder, directory / Path(name).with_suffix(".md"))

    @staticmethod
    def shipped(more: Iterable[Path] = ()) -> Ruleset:
        """The shipped rules, with those of further rulesets beside them."""
        shelves = [(shipped(), read_shelf())]
        shelves.extend((directory, read_shelf(directory)) for directory in more)
        return Ruleset(shelves)

    def _add(self, value: object, place: str, theme: str, page: Path) -> None:
        rule = typed(value, Rule, place=place, shapes=self._shapes)
        if rule.id != page.stem:
            raise RulesetError(f"{place}: the id {rule.id!r} is not the file's name, {page.stem!r}")
        if rule.id in self.rules:
            raise RulesetError(f"{place}: there is a rule {rule.id!r} already")
        for asks in (*rule.when, *rule.unless, rule.folds):
            _check_asks(asks, place)
        for case in rule.levels:
            _check_asks(case.when, place)
        for asks in (*(extra.when for extra in rule.add), *(case.when for case in rule.fix)):
            _check_asks(asks, place)
        for message in (rule.message, *(extra.say for extra in rule.add)):
            for hole in sorted(holes_of(message) - HOLES):
                raise RulesetError(
                    f"{place}: a message cannot hold {{{hole}}}; {likely_word(hole, HOLES)}"
                )
        self.rules[rule.id] = Placed(rule, theme, page)

    def enabled(
        self, profiles: Sequence[str], *, select: Sequence[str] = (), ignore: Sequence[str] = ()
    ) -> tuple[Enabled, ...]:
        """The rules that are on, in the order of their ids; of several profiles the higher
        level."""
        names = tuple(profiles) or (DEFAULT_PROFILE,)
        bases: dict[str, str] = {}
        for name in names:
            if name not in self.profiles:
                raise InputError(
                    f"there is no profile {name!r}; {likely_word(name, self.profiles)}"
                )
            for rule, base in self.profiles[name].rules.items():
                held = bases.get(rule)
                if held is None or _higher(base, held):
                    bases[rule] = base
        in_some = {rule for profile in self.profiles.values() for rule in profile.rules}
        for rule in self.rules.keys() - in_some:
            # A rule of a ruleset of one's own that no profile speaks of is on in each.
            bases[rule] = "as-rule"
        known = {*self.rules, *(placed.theme for placed in self.rules.values())}
        for word in (*select, *ignore):
            if word not in known:
                raise InputError(f"there is no rule or theme {word!r}; {likely_word(word, known)}")
        found = []
        for rule_id in sorted(self.rules):
            placed = self.rules[rule_id]
            words = {rule_id, placed.theme}
            if words & set(ignore) or (select and not words & set(select)):
                continue
            base = bases.get(rule_id, "off")
            if base == "off" and rule_id in select:
                base = "as-rule"
            if base != "off":
                found.append(Enabled(placed, base, names))
        return tuple(found)

    def brief(self, enabled: Enabled) -> RuleInfo:
        """What a report says of a rule, without its page."""
        return self._info(enabled, read_page(""))

    def info(self, enabled: Enabled) -> RuleInfo:
        """What a report says of a rule, its page included."""
        return self._info(enabled, self.page(enabled.placed))

    def _info(self, enabled: Enabled, page: RulePage) -> RuleInfo:
        rule = enabled.placed.rule
        base = enabled.base if enabled.base in _RANK else _plain_level(rule)
        return RuleInfo(
            id=rule.id,
            theme=enabled.placed.theme,
            title=rule.title,
            summary=page.summary or rule.title,
            sentence=read_aloud(rule),
            page=page.text,
            help=rule.help,
            level=Level(base),
            law=rule.law,
            tags=rule.tags,
            precision=rule.precision,
            security=rule.security,
        )

    def page(self, placed: Placed) -> RulePage:
        """A rule's page; an empty one where a ruleset of one's own has none."""
        try:
            return read_page(placed.page.read_text(encoding="utf-8"))
        except OSError:
            return read_page("")

    def run(
        self,
        scene: Scene,
        enabled: Sequence[Enabled],
        *,
        processors: Iterable[str] = (),
    ) -> list[Finding]:
        """Every finding, possible ones too, in no particular order."""
        declared = frozenset(word.lower() for word in processors)
        matcher = Matcher(Asker(scene, declared))
        teller = Teller(scene, matcher)
        effects = scene.all_effects()
        findings: list[Finding] = []
        for one in enabled:
            rule = one.placed.rule
            answers = (
                scene.guarded(effect.at.span.path, partial(matcher.match, rule, effect), None)
                for effect in effects
            )
            matched = [answer for answer in answers if answer is not None]
            for group in _groups(rule, matched, scene):
                tell = partial(_told, group, one, matcher, teller, declared)
                finding = scene.guarded(group[0].effect.at.span.path, tell, None)
                if finding is not None:
                    findings.append(finding)
        return findings


def _told(
    group: list[Matched], one: Enabled, matcher: Matcher, teller: Teller, declared: frozenset[str]
) -> Finding | None:
    """The finding of a group, or None where the level of all is `off`."""
    level = max((_level(matcher, one, m, declared) for m in group), key=lambda word: _RANK[word])
    return teller.finding(group, one.placed.theme, level) if level != "off" else None


def _groups(rule: Rule, matched: list[Matched], scene: Scene) -> list[list[Matched]]:
    """What is told as one finding, each group in the order of places, sure ones first."""
    groups: dict[tuple[object, ...], list[Matched]] = {}
    for one in sorted(matched, key=lambda m: (m.effect.at.span.path, m.effect.at.span.start)):
        groups.setdefault(_key(rule, one, scene), []).append(one)
    for group in groups.values():
        group.sort(key=lambda m: -m.answer)
    return list(groups.values())


def _key(rule: Rule, one: Matched, scene: Scene) -> tuple[object, ...]:
    effect = one.effect
    vendor = getattr(effect, "vendor", None)
    parts: list[object] = []
    for word in rule.one_for:
        match word:
            case "file":
                parts.append(effect.at.span.path)
            case "vendor":
                parts.append(vendor.id if vendor is not None else effect.at.span)
            case "page":
                page = getattr(effect, "page", None)
                parts.append(_page_key(page, effect, scene) if page else effect.at.span)
            case "host":
                urls = getattr(effect, "urls", ())
                parts.append(urls[0].partition("//")[2].partition("/")[0] if urls else "")
            case "key":
                parts.append(getattr(effect, "key", ""))
            case "project":
                parts.append("")
            case "application":
                # Of a form that scripts make, one for all of the project.
                in_script = scene.project.files[effect.at.span.path].language in NOT_MARKUP
                parts.append("" if in_script else effect.at.span)
            case _:
                parts.append(effect.at.span)
    return tuple(parts)


def _page_key(page: Page, effect: Effect, scene: Scene) -> object:
    """A page, or the places at which the data of every page begin that has the same components:
    one place that is to be changed is told once, and not for each page that it is on."""
    data = scene.data(effect)
    if not data or not all(datum.road.steps for datum in data):
        return page.id
    return frozenset((datum.parameter, datum.road.steps[0][1]) for datum in data)


def _plain_level(rule: Rule) -> str:
    """The level of the case without conditions, or the highest where there is none, unless the
    rule names another to start from."""
    if rule.base is not None:
        return rule.base
    for case in rule.levels:
        if not case.when and case.level != "off":
            return case.level
    return max((case.level for case in rule.levels), key=lambda word: _RANK[word])


def _level(matcher: Matcher, enabled: Enabled, matched: Matched, processors: frozenset[str]) -> str:
    """The level for one effect: the rule's, moved as the profile moves the rule's base.

    A profile that makes a warning an error makes the notes among its cases warnings. A declared
    processor's is one lower, but never that of a vendor that follows visitors.
    """
    rule = enabled.placed.rule
    level, _ = matcher.level(rule.levels, matched.effect, enabled.profiles)
    if enabled.base in _RANK and level != "off":
        moved = _RANK[level] + _RANK[enabled.base] - _RANK[_plain_level(rule)]
        level = next(word for word, rank in _RANK.items() if rank == max(1, min(3, moved)))
    vendor = getattr(matched.effect, "vendor", None)
    if vendor is not None and vendor.category not in _FOLLOWING and processors:
        names = {vendor.id, vendor.name.lower(), *(alias.lower() for alias in vendor.aliases)}
        if names & processors:
            level = {"error": "warning", "warning": "note"}.get(level, level)
    return level


def _higher(one: str, other: str) -> bool:
    """Whether one profile's base level is above another's; `as-rule` counts as a warning."""
    rank = {**_RANK, "as-rule": 2}
    return rank.get(one, 2) > rank.get(other, 2)


def _check_asks(asks: Asks, place: str) -> None:
    for name, values in asks.items():
        if name not in QUESTIONS:
            raise RulesetError(
                f"{place}: a rule cannot ask about {name!r}; {likely_word(name, QUESTIONS)}"
            )
        question = QUESTIONS[name]
        for value in values:
            if question.values and value not in question.values:
                raise RulesetError(
                    f"{place}: {name!r} cannot be {value!r}; {likely_word(value, question.values)}"
                )


def check_references(ruleset: Ruleset, knowledge: Knowledge) -> None:
    """Raise for a rule that names an article, a category or a vendor that no table has."""
    groups: set[str] = {category.group for category in knowledge.categories.values()}
    kinds = {vendor.category for vendor in knowledge.vendors.values()}
    known: dict[str, set[str]] = {
        "data": {*knowledge.categories, *groups},
        "bundle": groups,
        "vendor": set(knowledge.vendors),
        "category": {*kinds, "fingerprint", "ads", "cdn", "payment", "form-backend", "counter"},
    }
    for placed in ruleset.rules.values():
        rule = placed.rule
        for article in rule.law:
            if article not in knowledge.articles:
                raise RulesetError(
                    f"{placed.page.with_suffix('.yaml')}: there is no article {article!r}; "
                    + likely_word(article, knowledge.articles)
                )
        cases = [case.when for case in rule.levels]
        cases += [extra.when for extra in rule.add]
        cases += [case.when for case in rule.fix]
        for asks in (*rule.when, *rule.unless, rule.folds, *cases):
            for name, words in known.items():
                for value in asks.get(name, ()):
                    if value not in words:
                        raise RulesetError(
                            f"{placed.page.with_suffix('.yaml')}: there is no {name} {value!r}; "
                            + likely_word(value, words)
                        )
