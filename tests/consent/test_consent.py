"""What counts as consent: every case of the pages beside this file, executed.

A page has the sections `Finds` and `Stays silent`, and between them `Cannot settle` where an answer
stays a *maybe*; each third-level heading is one case. The rules of the theme consent speak, all of
them, notes and possible findings included: what flows where is other pages' matter. There is a page
for each consent platform, one for each group of forms (`forms-*`) and one for each way to look
right and be wrong (`wrong-*`).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from gdprlint.knowledge import Knowledge
from gdprlint.rules import read_page
from gdprlint.rules.page import Example
from gdprlint.testing import run_example

_THEMES = ("consent",)
_FINDS, _CANNOT_SETTLE, _SILENT = "Finds", "Cannot settle", "Stays silent"
_HERE = Path(__file__).parent
PAGES = sorted(_HERE.glob("*.md"))
CASES = [
    pytest.param(example, id=f"{path.stem}: {example.section}: {example.name}")
    for path in PAGES
    for example in read_page(path.read_text(encoding="utf-8")).examples
]
PLATFORMS = sorted(Knowledge.shipped().platforms)


@pytest.mark.parametrize("case", CASES)
def test_a_case_finds_what_it_expects_and_nothing_else(case: Example) -> None:
    result = run_example(case, case.name, select=_THEMES)
    assert result.passed, result.message


@pytest.mark.parametrize("case", CASES)
def test_a_section_holds_what_its_name_says(case: Example) -> None:
    sure = [one for one in case.expected if not one.maybe]
    perhaps = [one for one in case.expected if one.maybe]
    held = {
        _FINDS: bool(sure),
        _CANNOT_SETTLE: bool(perhaps) and not sure,
        _SILENT: not case.expected,
    }
    assert held[case.section]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_has_its_sections_in_order_and_names_no_case_twice(page: Path) -> None:
    read = read_page(page.read_text(encoding="utf-8"))
    names = [example.name for example in read.examples]
    sections = [one for one in (_FINDS, _CANNOT_SETTLE, _SILENT) if one in read.headings]
    assert list(read.headings) == sections
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_platform_has_wrong_idioms_that_are_found_and_right_ones_that_are_not(
    platform: str,
) -> None:
    read = read_page((_HERE / f"{platform}.md").read_text(encoding="utf-8"))
    found = [case for case in read.examples if case.section == _FINDS]
    others = [case for case in read.examples if case.section != _FINDS]
    assert len(found) >= 2
    # A platform that gives no answer of its own has no right idiom but that of the framework
    # through which it is asked.
    assert len(others) >= 2


@pytest.mark.parametrize(
    "page", [one for one in PAGES if one.stem.startswith("wrong-")], ids=lambda page: page.stem
)
def test_a_wrong_idiom_has_three_spellings_and_three_right_ones_beside_it(page: Path) -> None:
    cases = read_page(page.read_text(encoding="utf-8")).examples
    sections = [case.section for case in cases]
    assert sections.count(_FINDS) >= 3
    assert sections.count(_SILENT) >= 3
