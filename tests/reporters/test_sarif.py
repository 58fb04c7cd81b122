"""What GitHub and other readers of SARIF count on, asserted by hand."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from gdprlint.findings import Flow, Level, Report
from gdprlint.findings.identity import line_hashes
from gdprlint.reporters import Manner, Tool, render
from gdprlint.source import Source, Span

from .sample import BOOKING, CLEAN, FINDINGS, PIXELS, REPORT, ROAD, TOOL


def _run(report: Report = REPORT) -> Any:
    log = render("sarif", report, tool=TOOL, manner=Manner(notes=True))
    return json.loads(log)["runs"][0]


RUN = _run()
RESULTS = {result["ruleId"]: result for result in RUN["results"]}
LEAK = RESULTS["sensitive-param-to-tracker"]


def test_a_clean_run_has_results_and_all_rules() -> None:
    run = _run(CLEAN)
    assert run["results"] == []
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == [
        "excessive-cookie-lifetime",
        "insecure-personal-cookie",
        "redirect-with-personal-data",
        "sensitive-param-to-tracker",
        "unconsented-tracker",
    ]


def test_a_level_that_equals_the_default_is_written() -> None:
    assert RESULTS["excessive-cookie-lifetime"]["level"] == "warning"


def test_a_rule_at_warning_says_so() -> None:
    rule = RUN["tool"]["driver"]["rules"][0]
    assert rule["defaultConfiguration"]["level"] == "warning"


def test_the_index_of_a_rule_is_that_of_its_id() -> None:
    rules = RUN["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in RUN["results"])


def test_an_absent_number_is_not_written() -> None:
    assert "-1" not in re.findall(r": (-?\d+)", json.dumps(RUN))


def test_columns_count_utf16_units() -> None:
    region = RUN["results"][-1]["locations"][0]["physicalLocation"]["region"]
    assert RUN["columnKind"] == "utf16CodeUnits"
    assert region == {"startLine": 5, "startColumn": 20, "endLine": 5, "endColumn": 75}


def test_a_path_is_a_percent_encoded_relative_reference() -> None:
    artifact = RUN["results"][-1]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {
        "uri": "templates/B%C3%BCro%20%231%20100%25.html",
        "uriBaseId": "%SRCROOT%",
    }


def test_line_hashes_are_those_of_the_upload() -> None:
    assert LEAK["partialFingerprints"]["primaryLocationLineHash"] == line_hashes(PIXELS, {2})[2]


def test_each_result_has_a_fingerprint_of_our_own() -> None:
    assert len({result["partialFingerprints"]["gdprlint/v1"] for result in RUN["results"]}) == 5


def test_findings_of_one_rule_on_one_line_are_one_result() -> None:
    assert LEAK["properties"]["pages"] == ["/booking"]
    assert [also["pages"] for also in LEAK["properties"]["alsoHere"]] == [["/done"]]
    assert "There is 1 more finding of this rule here." in LEAK["message"]["text"]


def test_a_message_ends_with_a_full_stop() -> None:
    assert all(result["message"]["text"].endswith(".") for result in RUN["results"])


def test_brackets_that_would_make_a_link_are_escaped() -> None:
    assert r"\[motiveKey\](1) is written" in LEAK["message"]["text"]


def test_related_places_are_linked_from_the_message() -> None:
    assert LEAK["message"]["text"].endswith(r"See [the form field \[motiveKey\]](1).")
    assert [location["id"] for location in LEAK["relatedLocations"]] == [1]


def test_the_roads_are_code_flows_with_kinds() -> None:
    steps = LEAK["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [(step["kinds"], step["importance"]) for step in steps] == [
        (["source"], "essential"),
        (["page-edge"], "important"),
        (["guard"], "unimportant"),
        (["sink"], "essential"),
    ]


def test_equal_roads_are_told_once() -> None:
    assert len(LEAK["codeFlows"]) == 2


def test_roads_stop_where_github_stops_reading() -> None:
    long = replace(FINDINGS[2], flows=(Flow(ROAD.steps * 250), Flow(ROAD.steps)))
    result = _run(replace(REPORT, findings=(long,)))["results"][0]
    assert len(result["codeFlows"]) == 1


def test_articles_are_taxa_referenced_by_guid() -> None:
    taxonomy = next(each for each in RUN["taxonomies"] if each["name"] == "GDPR")
    taxon = next(taxon for taxon in taxonomy["taxa"] if taxon["id"] == "Art. 9")
    assert LEAK["taxa"][0] == {
        "id": "Art. 9",
        "guid": taxon["guid"],
        "toolComponent": {"name": "GDPR", "guid": taxonomy["guid"]},
    }


def test_an_act_of_which_nothing_is_cited_is_no_taxonomy() -> None:
    assert [taxonomy["name"] for taxonomy in RUN["taxonomies"]] == ["GDPR", "ePrivacy"]


def test_each_rule_relates_to_its_articles() -> None:
    rule = RUN["tool"]["driver"]["rules"][3]
    assert [each["target"]["id"] for each in rule["relationships"]] == ["Art. 9", "Art. 5(1)(f)"]
    assert all(each["kinds"] == ["relevant"] for each in rule["relationships"])


def test_only_rules_of_security_have_a_severity_and_its_tag() -> None:
    told = {rule["id"]: rule["properties"] for rule in RUN["tool"]["driver"]["rules"]}
    assert told["insecure-personal-cookie"]["security-severity"] == "5.3"
    assert told["insecure-personal-cookie"]["tags"][0] == "security"
    assert "security-severity" not in told["unconsented-tracker"]


def test_nothing_is_suppressed_and_no_category_is_taken_from_the_user() -> None:
    assert not any("suppressions" in result for result in RUN["results"])
    assert "automationDetails" not in RUN


def test_no_time_and_no_absolute_path_is_in_the_log() -> None:
    log = render("sarif", REPORT, tool=TOOL, manner=Manner(notes=True))
    assert not re.search(r"/(home|Users|tmp|work)/|20\d\d-\d\d-\d\dT", log)


def test_unread_files_are_notifications_and_no_failure() -> None:
    invocation = RUN["invocations"][0]
    assert invocation["executionSuccessful"] is True
    assert [
        (each["message"]["text"], each["level"])
        for each in invocation["toolExecutionNotifications"]
    ] == [
        ("A part of this file was not read: an error node.", "note"),
        ("This file was not read: it is binary.", "note"),
        ("This file was not read: it is larger than 20 MB.", "note"),
    ]


def test_of_too_many_results_the_gravest_stay() -> None:
    source = Source("many.js", "a\n" * 26_000)
    levels = (Level.WARNING, Level.ERROR)
    findings = tuple(
        replace(
            FINDINGS[4],
            level=levels[number % 2],
            span=Span("many.js", number * 2, number * 2 + 1),
            identity=str(number),
        )
        for number in range(26_000)
    )
    run = _run(replace(REPORT, findings=findings, sources={"many.js": source}))
    assert len(run["results"]) == 25_000
    assert sum(result["level"] == "error" for result in run["results"]) == 13_000
    assert run["invocations"][0]["toolExecutionNotifications"][-1]["message"]["text"] == (
        "Of 26000 results only the gravest 25000 are here."
    )


@pytest.mark.parametrize(
    ("version", "semantic"),
    [("0.1.0", "0.1.0"), ("0.2.0rc1", "0.2.0-rc.1"), ("1.0", "1.0.0"), ("1.0.dev3", "1.0.0-dev.3")],
)
def test_a_version_is_written_as_semantic_versioning_has_it(version: str, semantic: str) -> None:
    log = render("sarif", CLEAN, tool=Tool("gdprlint", version, TOOL.address))
    driver = json.loads(log)["runs"][0]["tool"]["driver"]
    assert (driver["version"], driver["semanticVersion"]) == (version, semantic)


def test_the_region_of_each_result_is_the_text_that_was_found() -> None:
    region = RUN["results"][-1]["locations"][0]["physicalLocation"]["region"]
    line = BOOKING.split("\r\n")[region["startLine"] - 1].encode("utf-16-le")
    start, end = (region["startColumn"] - 1) * 2, (region["endColumn"] - 1) * 2
    assert line[start:end].decode("utf-16-le") == (
        'src="https://tags.example.com/CANARY5/px.js?id=CANARY6"'
    )
