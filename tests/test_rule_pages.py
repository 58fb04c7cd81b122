"""Every rule has a page, every page has its grammar, and every example holds with all rules on."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from gdprlint.knowledge import shipped
from gdprlint.rules import Ruleset, read_page
from gdprlint.rules.page import HEADINGS, Example, RulePage
from gdprlint.testing import run_example

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_REQUIRED = ("Why it matters", "Fails", "Passes", "How to fix it")
_KNOWLEDGE_ALONE = frozenset({"knowledge", "profiles", "schema", "questions"})


def _pages() -> list[Path]:
    """The pages of rules: those that lie in the folder of a theme."""
    return sorted(
        path
        for path in shipped().glob("*/*.md")
        if path.parent.name not in _KNOWLEDGE_ALONE and path.stem != "README"
    )


@cache
def _page(path: Path) -> RulePage:
    return read_page(path.read_text(encoding="utf-8"))


def _name(value: object) -> str:
    return value.stem if isinstance(value, Path) else str(value)


PAGES = _pages()
EXAMPLES = [
    pytest.param(example, id=f"{path.stem}: {example.section}: {example.name}")
    for path in PAGES
    for example in _page(path).examples
]
pages = pytest.mark.parametrize("path", PAGES, ids=_name)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_finds_what_it_expects_and_nothing_else(example: Example) -> None:
    result = run_example(example, example.name)
    assert result.passed, result.message


def test_every_rule_has_a_page_and_every_page_a_rule() -> None:
    rules = {placed.page for placed in Ruleset.shipped().rules.values()}
    assert set(PAGES) == rules


def test_the_id_of_a_rule_is_the_name_of_its_page() -> None:
    rules = Ruleset.shipped().rules
    assert {rule: placed.page.stem for rule, placed in rules.items()} == {r: r for r in rules}


@pages
def test_a_page_has_the_title_of_its_rule(path: Path) -> None:
    assert _page(path).title == Ruleset.shipped().rules[path.stem].rule.title


@pages
def test_a_page_begins_with_a_paragraph_that_says_what_is_found(path: Path) -> None:
    assert len(_page(path).summary.split()) >= 5


@pages
def test_the_headings_of_a_page_are_known_and_in_order(path: Path) -> None:
    headings = _page(path).headings
    assert headings == tuple(heading for heading in HEADINGS if heading in headings)


@pages
def test_a_page_has_the_headings_that_every_page_has(path: Path) -> None:
    assert [h for h in _REQUIRED if h not in _page(path).headings] == []


@pages
@pytest.mark.parametrize("section", ["Fails", "Passes"])
def test_a_page_has_two_examples_that_fail_and_two_that_pass(path: Path, section: str) -> None:
    examples = [e for e in _page(path).examples if e.section == section]
    assert len(examples) >= 2


@pages
def test_an_example_that_fails_expects_the_rule_of_its_page(path: Path) -> None:
    wrong = [
        example.name
        for example in _page(path).examples
        if example.section == "Fails"
        and not any(e.rule == path.stem and not e.maybe for e in example.expected)
    ]
    assert wrong == []


@pages
def test_an_example_that_passes_does_not_expect_the_rule_of_its_page(path: Path) -> None:
    wrong = [
        example.name
        for example in _page(path).examples
        if example.section == "Passes" and any(e.rule == path.stem for e in example.expected)
    ]
    assert wrong == []


@pages
def test_no_two_examples_of_a_page_have_one_name(path: Path) -> None:
    names = [(example.section, example.name) for example in _page(path).examples]
    assert sorted(names) == sorted(set(names))


@pages
def test_an_example_expects_only_rules_that_exist(path: Path) -> None:
    known = Ruleset.shipped().rules
    wrong = {e.rule for example in _page(path).examples for e in example.expected} - set(known)
    assert wrong == set()


@pages
def test_the_links_of_a_page_lead_to_files_that_exist(path: Path) -> None:
    prose = re.sub(r"^(```|~~~).*?^\1", "", _page(path).text, flags=re.DOTALL | re.MULTILINE)
    targets = [target.partition("#")[0] for target in _LINK.findall(prose)]
    local = [target for target in targets if target and "://" not in target]
    assert [target for target in local if not (path.parent / target).exists()] == []


def test_no_two_rules_ask_for_the_same_things() -> None:
    seen: dict[str, str] = {}
    twins = []
    for rule_id, placed in Ruleset.shipped().rules.items():
        asked = repr((placed.rule.when, placed.rule.unless))
        if asked in seen:
            twins.append((seen[asked], rule_id))
        seen[asked] = rule_id
    assert twins == []


def test_every_profile_names_rules_that_exist() -> None:
    ruleset = Ruleset.shipped()
    wrong = {
        f"{profile.id}: {rule}"
        for profile in ruleset.profiles.values()
        for rule in profile.rules
        if rule not in ruleset.rules
    }
    assert wrong == set()


def test_the_strictest_profile_has_every_rule_on() -> None:
    ruleset = Ruleset.shipped()
    assert {one.placed.rule.id for one in ruleset.enabled(("strict",))} == set(ruleset.rules)


def test_every_profile_holds_what_a_milder_one_holds() -> None:
    ruleset = Ruleset.shipped()
    minimal, default, strict = (
        {one.placed.rule.id for one in ruleset.enabled((name,))}
        for name in ("minimal", "default", "strict")
    )
    assert minimal <= default <= strict
