"""The log before those who know the format best: its schema and Microsoft's multitool."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from gdprlint.findings import Report
from gdprlint.reporters import Manner, render

from .sample import CLEAN, REPORT, TOOL

pytestmark = pytest.mark.external

MULTITOOL = "@microsoft/sarif-multitool@5.7.0"
# Rules of the multitool that speak of GitHub's needs and are off unless asked for.
OF_GITHUB = (
    "GH1001.ProvideRequiredLocationProperties",
    "GH1002.InlineThreadFlowLocations",
    "GH1003.ProvideRequiredRegionProperties",
    "GH1005.LocationsMustBeRelativeUrisOrFilePaths",
    "GH1006.ProvideCheckoutPath",
    "GH1007.ProvideFullyFormattedMessageStrings",
)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The multitool's folder, with its program and the schema; a machine without npm fails here."""
    home = tmp_path_factory.mktemp("multitool")
    npm = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(home)]
    subprocess.run([*npm, MULTITOOL], check=True, timeout=600)
    package = home / "node_modules" / "@microsoft" / "sarif-multitool-linux"
    os.chmod(package / "Sarif.Multitool", 0o755)
    return package


def _complaints(package: Path, log: Path) -> list[Any]:
    """What the multitool calls an error or a warning; its status says nothing."""
    config = log.with_name("config.json")
    config.write_text(json.dumps({f"{r}.Options": {"RuleEnabled": "Error"} for r in OF_GITHUB}))
    out = log.with_name("complaints.sarif")
    subprocess.run(
        [
            package / "Sarif.Multitool",
            "validate",
            log,
            "--output",
            out,
            "--config",
            config,
            "--rule-kind",
            "Sarif;Ghas",
            "--level",
            "Error;Warning;Note",
            "--kind",
            "Fail",
            "--log",
            "ForceOverwrite",
            "--quiet",
        ],
        check=False,
        stdout=subprocess.DEVNULL,
        timeout=300,
    )
    run = json.loads(out.read_text("utf-8-sig"))["runs"][0]
    return [r for r in run.get("results", []) if r.get("level", "warning") in ("error", "warning")]


@pytest.mark.parametrize("report", [REPORT, CLEAN], ids=["sample", "clean"])
def test_the_schema_takes_the_log(report: Report, package: Path) -> None:
    schema = json.loads((package / "sarif-2.1.0.json").read_text("utf-8-sig"))
    log = json.loads(render("sarif", report, tool=TOOL, manner=Manner(notes=True)))
    assert list(jsonschema.Draft202012Validator(schema).iter_errors(log)) == []


@pytest.mark.parametrize("report", [REPORT, CLEAN], ids=["sample", "clean"])
def test_the_multitool_has_nothing_to_complain_of(
    report: Report, package: Path, tmp_path: Path
) -> None:
    log = tmp_path / "log.sarif"
    log.write_text(render("sarif", report, tool=TOOL, manner=Manner(notes=True)), "utf-8")
    assert _complaints(package, log) == []


def test_the_multitool_complains_of_a_log_that_deserves_it(package: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.sarif"
    value = json.loads(render("sarif", REPORT, tool=TOOL))
    value["runs"][0]["results"][0]["locations"] = []
    log.write_text(json.dumps(value), "utf-8")
    assert _complaints(package, log) != []
