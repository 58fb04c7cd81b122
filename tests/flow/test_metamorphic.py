"""Changes that change nothing of what a script does change nothing of what is found in it.

The properties hold for every case of the pages beside this file whose scripts esprima can read.
Places aside, a finding is its rule, who gets what, and where; how sure it is may differ. A longer
run takes as many examples of each property as GDPRLINT_EXAMPLES says.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from transformations import (
    Files,
    Transformation,
    adding,
    extracting,
    moving,
    renaming,
    scripts_of,
    splitting,
)

from gdprlint.knowledge import Knowledge, split
from gdprlint.rules import read_page
from gdprlint.rules.page import Example
from gdprlint.testing import report_of

_THEMES = ("disclosure", "security")
_EXAMPLES = int(os.environ.get("GDPRLINT_EXAMPLES", "30"))
_HERE = Path(__file__).parent
CASES = tuple(
    example
    for path in sorted(_HERE.glob("*.md"))
    for example in read_page(path.read_text(encoding="utf-8")).examples
    if scripts_of(dict(example.files))
)

Fingerprint = tuple[tuple[str, ...], ...]


@cache
def lexicon() -> tuple[Knowledge, frozenset[str]]:
    """The tables, and all words by which names are understood that are no data's."""
    knowledge = Knowledge.shipped()
    vocabulary = knowledge.vocabulary
    lists = (
        *(vocabulary.owners, vocabulary.others, vocabulary.stops, vocabulary.consent),
        *(vocabulary.accept, vocabulary.refuse, vocabulary.identifiers, vocabulary.redactors),
        *(vocabulary.hashes, vocabulary.transactional, vocabulary.reading),
    )
    return knowledge, frozenset(word for words in lists for one in words for word in split(one))


def tells(name: str) -> bool:
    """Whether a name is evidence by itself: a word of it is in the tables of words."""
    knowledge, words = lexicon()
    return bool(knowledge.lexicon.tells(name)) or not words.isdisjoint(split(name))


def findings(files: Files) -> Fingerprint:
    """What is found in the files, places aside."""
    case = Example("", "", tuple(files.items()), ())
    told = [
        (
            finding.rule,
            finding.properties.recipient,
            *finding.properties.vendors,
            *finding.properties.parameters,
            *finding.properties.names,
            finding.properties.place,
            *finding.properties.data,
        )
        for finding in report_of(case, select=_THEMES).findings
    ]
    return tuple(sorted(told))


@cache
def before(case: Example) -> Fingerprint:
    return findings(dict(case.files))


PROPERTIES: dict[str, Transformation] = {
    "renaming a local": renaming(tells),
    "splitting a literal": splitting,
    "extracting a function": extracting,
    "moving code to a module": moving,
    "adding a statement": adding,
}


@pytest.mark.parametrize("name", PROPERTIES)
@settings(
    max_examples=_EXAMPLES,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(case=st.sampled_from(CASES), data=st.data())
def test_findings_stay_the_same_when_the_script_does(
    name: str, case: Example, data: st.DataObject
) -> None:
    files = dict(case.files)
    made = PROPERTIES[name](files, lambda few: few[data.draw(st.integers(0, len(few) - 1))])
    assume(made is not None)
    assert made is not None
    shown = "\n".join(f"== {path}\n{text}" for path, text in made.items())
    assert findings(made) == before(case), f"{case.name}\n{shown}"
