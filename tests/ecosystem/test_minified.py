"""What is found in a script is found in it minified."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from bundles import install
from flow_cases import CASES, before, findings, tells
from transformations import Script, declared, edited, scripts_of

from gdprlint.rules.page import Example

pytestmark = pytest.mark.external

TOOLS = ("esbuild", "terser")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("minifiers")
    (made / "package.json").write_text('{"private": true}', encoding="utf-8")
    install(made, *TOOLS)
    return made


def minifiable(case: Example) -> list[Script]:
    """The scripts of a case, none if one is not plain JavaScript, names locals by what they hold or
    has characters escaped: minifiers take such names away, and the evidence with them, and write
    out what markup in a string is not read from."""
    scripts = scripts_of(dict(case.files))
    if any("\\x" in script.text or "\\u" in script.text for script in scripts):
        return []
    named = any(map(tells, (name for script in scripts for name in declared(script))))
    marked = any(spot.node.type.startswith("JSX") for s in scripts for spot in s.spots)
    return [] if named or marked else scripts


def minified(folder: Path, tool: str, scripts: list[Script]) -> list[str]:
    given = [{"text": s.text, "module": s.tree.sourceType == "module"} for s in scripts]
    command = ["node", str(Path(__file__).with_name("minify.cjs")), str(folder), tool]
    done = subprocess.run(
        command, input=json.dumps(given), capture_output=True, encoding="utf-8", check=True
    )
    made: list[str] = json.loads(done.stdout)
    return made


@pytest.mark.parametrize("tool", TOOLS)
def test_findings_stay_the_same_in_minified_scripts(folder: Path, tool: str) -> None:
    cases = {case: scripts for case in CASES if (scripts := minifiable(case))}
    texts = iter(minified(folder, tool, [s for scripts in cases.values() for s in scripts]))
    other: list[str] = []
    for case, scripts in cases.items():
        edits = [(s.path, s.offset, s.offset + len(s.text), next(texts)) for s in scripts]
        files = edited(dict(case.files), edits)
        if findings(files) != before(case):
            shown = "\n".join(text for _, _, _, text in edits)
            other.append(f"{case.section}: {case.name}\n{shown}")
    print(len(cases), "cases,", len(other), "not the same")
    assert len(cases) >= 100
    assert not other, "\n".join(other)
