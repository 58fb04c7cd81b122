"""What the findings claim and what a browser saw leave are the same.

The record holds every name that an address carried, also those that say nothing about a visitor
(`city`, `isNewPatientBlocked`), so a finding may name fewer. It may name none that was not seen,
and none of the telling ones may be left out.
"""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from recording import EXAMPLES, NAMES, committed

RULES = {
    "sensitive-param-to-tracker",
    "sensitive-path-to-tracker",
    "sensitive-title-to-tracker",
    "search-terms-to-tracker",
}
PAGES = {f"templates/{name}.html" for name in ("booking", "done", "profile", "search")}
TELLING = {
    "templates/booking.html": {"insuranceSector", "motiveKey", "isNewPatient", "speciality"},
    "templates/done.html": {"email", "motiveKey"},
    "templates/profile.html": {"speciality"},
    "templates/search.html": {"q"},
}


class Way(NamedTuple):
    """How something leaves: from which page, to which vendor, in which parameter."""

    page: str
    vendor: str
    parameter: str


Seen = dict[Way, set[str]]


def test_each_finding_was_seen_in_the_browser() -> None:
    seen = seen_leaving()
    for way, names in claimed().items():
        assert way in seen, f"{way} is claimed and was never seen"
        assert names <= seen[way], f"{way}: {names - seen[way]} is claimed and was never seen"


def test_each_telling_name_that_left_is_in_a_finding() -> None:
    claims = claimed()
    for way, names in seen_leaving().items():
        telling = names & TELLING[way.page]
        assert telling <= claims.get(way, set()), f"{way}: {telling} left and no finding says so"


def test_the_repaired_site_has_nothing_to_report() -> None:
    assert [f for f in findings_of("booking-clean") if f["level"] != "note"] == []


def test_the_repaired_site_tells_third_parties_nothing_of_a_booking() -> None:
    sent = committed("booking-clean")["sent"]
    assert {entry["page"] for entry in sent} == {"templates/about.html"}
    assert all(entry["consent"] == "given" for entry in sent)
    assert all(not carried["names"] for entry in sent for carried in entry["carries"])


@pytest.mark.parametrize("name", NAMES)
def test_the_record_holds_no_values(name: str) -> None:
    text = json.dumps(committed(name), ensure_ascii=False)
    for value in ("beispiel", "Vasektomie", "private", "mustermann", "urologie", "Berlin"):
        assert value not in text


def seen_leaving() -> Seen:
    """The names that the address or title of a page carried to a vendor, from the committed record.

    The address of the page before (`rl`, `ref`, the Referer header) left too; no rule speaks of it
    for this site, so it is not compared.
    """
    seen: Seen = defaultdict(set)
    for entry in committed("booking-leak")["sent"]:
        for carried in entry["carries"]:
            if entry["page"] in PAGES and is_of_the_page(carried):
                way = Way(entry["page"], vendor_key(entry["vendor"]), carried["parameter"])
                seen[way] |= {last_part(name) for name in carried["names"]}
    return dict(seen)


def is_of_the_page(carried: dict[str, Any]) -> bool:
    """Is this the page's own address or title, in a parameter?"""
    own = carried["what"] in {"address", "title"}
    return own and carried["parameter"] != "referer header"


def claimed() -> Seen:
    """The names that the findings say are carried, in the same shape."""
    claims: Seen = defaultdict(set)
    for finding in findings_of("booking-leak"):
        if finding["rule"] in RULES:
            for way, names in ways_of(finding):
                claims[way] |= names
    return dict(claims)


def ways_of(finding: dict[str, Any]) -> list[tuple[Way, set[str]]]:
    """The one place that knows how a finding is written in JSON."""
    told = finding["properties"]
    names = {last_part(name) for name in told["names"]}
    pages = [page for page in told["pages"] if page in PAGES]
    return [
        (Way(page, vendor_key(vendor), parameter), names)
        for page in pages
        for vendor in told["vendors"]
        for parameter in told["parameters"]
    ]


def vendor_key(name: str) -> str:
    """One spelling for a vendor, whether it is told by its id or by its name."""
    known = ("meta", "outbrain", "google-ads", "google-analytics")
    plain = name.lower().replace(" ", "-")
    return next((key for key in known if plain.startswith(key)), plain)


def last_part(name: str) -> str:
    """`practitioner.speciality` and the route's `speciality` are one thing to a reader."""
    return name.rpartition(".")[2]


@functools.cache
def findings_of(example: str) -> list[dict[str, Any]]:
    """What `gdprlint check` says of an example, read from its JSON report."""
    command = [sys.executable, "-m", "gdprlint", "check", f"examples/{example}", "--format", "json"]
    root: Path = EXAMPLES.parent
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120)
    assert done.returncode in {0, 1}, done.stderr
    report = json.loads(done.stdout)
    findings: list[dict[str, Any]] = report["findings"] if isinstance(report, dict) else report
    return findings
