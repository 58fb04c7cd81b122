"""The page as a server makes it: every case of the pages in `templates/` and `python/`, executed.

They are pages like those of `flow/`: the sections `Finds` and `Stays silent`, each third-level
heading one case, and the rules of the themes disclosure and security, notes and possible findings
included.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from gdprlint.rules import read_page
from gdprlint.rules.page import Example
from gdprlint.testing import run_example

_THEMES = ("disclosure", "security")
_IGNORED = ("sensitive-request-parameter", "open-csp-on-sensitive-page")
"""Rules that tell of a name wherever it stands: each case would say so twice; and of what a whole
site sends: cut-outs of one have no settings."""
_SECTIONS = ("Finds", "Stays silent")
_HERE = Path(__file__).parent
PAGES = sorted(path for folder in ("templates", "python") for path in (_HERE / folder).glob("*.md"))
CASES = [
    pytest.param(example, id=f"{path.parent.name}/{path.stem}: {example.section}: {example.name}")
    for path in PAGES
    for example in read_page(path.read_text(encoding="utf-8")).examples
]


@pytest.mark.parametrize("case", CASES)
def test_a_case_finds_what_it_expects_and_nothing_else(case: Example) -> None:
    result = run_example(case, case.name, select=_THEMES, ignore=_IGNORED)
    assert result.passed, result.message


@pytest.mark.parametrize("case", CASES)
def test_a_case_that_finds_expects_something_and_a_silent_one_nothing(case: Example) -> None:
    assert bool(case.expected) == (case.section == "Finds")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_has_its_two_sections_and_names_no_case_twice(page: Path) -> None:
    read = read_page(page.read_text(encoding="utf-8"))
    names = [example.name for example in read.examples]
    assert read.headings == _SECTIONS
    assert sorted(names) == sorted(set(names))
