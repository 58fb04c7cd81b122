"""Changes that change nothing of what a script does change nothing of what is found in it.

The properties hold for every case of the pages beside this file whose scripts esprima can read.
Places aside, a finding is its rule, who gets what, and where; how sure it is may differ. A longer
run takes as many examples of each property as GDPRLINT_EXAMPLES says.
"""

from __future__ import annotations

import os

import pytest
from flow_cases import CASES, before, findings, tells
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from transformations import (
    Transformation,
    adding,
    extracting,
    moving,
    renaming,
    splitting,
)

from gdprlint.rules.page import Example

_EXAMPLES = int(os.environ.get("GDPRLINT_EXAMPLES", "12"))

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
