"""Changes that change nothing of what a script does change nothing of what is found in it.

The properties hold for every case of the pages beside this file whose scripts esprima can read.
Places aside, a finding is its rule, who gets what, and where; how sure it is may differ. A longer
run takes one case in so many as GDPRLINT_ONE_IN says.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator

import pytest
from flow_cases import CASES, before, findings, tells
from hypothesis import HealthCheck, given, settings
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

_ONE_IN = int(os.environ.get("GDPRLINT_ONE_IN", "25"))

PROPERTIES: dict[str, Transformation] = {
    "renaming a local": renaming(tells),
    "splitting a literal": splitting,
    "extracting a function": extracting,
    "moving code to a module": moving,
    "adding a statement": adding,
}


def _chosen() -> Iterator[tuple[str, Example]]:
    """Properties and cases that they are tried on, chosen by their names alone: a new case changes
    nothing for the others."""
    for name in PROPERTIES:
        for case in CASES:
            chosen = zlib.crc32(f"{name}: {case.name}".encode()) % _ONE_IN == 0
            if chosen and PROPERTIES[name](dict(case.files), lambda few: few[0]) is not None:
                yield name, case


@pytest.mark.parametrize(
    ("name", "case"), list(_chosen()), ids=lambda one: getattr(one, "name", one)
)
@settings(
    max_examples=2,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(data=st.data())
def test_findings_stay_the_same_when_the_script_does(
    name: str, case: Example, data: st.DataObject
) -> None:
    files = dict(case.files)
    made = PROPERTIES[name](files, lambda few: few[data.draw(st.integers(0, len(few) - 1))])
    assert made is not None
    shown = "\n".join(f"== {path}\n{text}" for path, text in made.items())
    assert findings(made) == before(case), f"{case.name}\n{shown}"
