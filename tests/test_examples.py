"""What is found in the example sites: a table written by hand, and reports as people see them.

The table says what the pages do, by reasoning about them. Where a finding and the table disagree,
one of the two is wrong about the site; neither is mended by copying the other. The golden reports
beside each example hold wording only, and `--update` remakes them.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from command_line import ROOT, gdprlint

EXAMPLES = ROOT / "examples"
LEAK = EXAMPLES / "booking-leak"

RULES = (
    "unconsented-tracker",
    "tracking-pixel",
    "ungated-tag-manager",
    "sensitive-param-to-tracker",
    "sensitive-path-to-tracker",
    "sensitive-title-to-tracker",
    "sensitive-data-in-tracking-call",
    "direct-identifier-to-analytics",
    "advanced-matching",
    "search-terms-to-tracker",
    "error-monitoring-pii",
    "quasi-identifier-bundle",
    "auto-collection-on-sensitive-form",
    "sensitive-get-form",
    "sensitive-query-navigation",
    "redirect-with-personal-data",
    "storage-before-consent",
    "excessive-cookie-lifetime",
    "insecure-personal-cookie",
    "permissive-referrer-policy",
    "personal-data-in-web-storage",
    "preticked-consent",
    "consent-default-granted",
    "remote-font",
    "media-map-embed",
)

PIXELS = "static/js/pixels.js"
BOOKING = "templates/booking.html"
DONE = "templates/done.html"
PROFILE = "templates/profile.html"
SEARCH = "templates/search.html"


class Row(NamedTuple):
    """One finding: its rule, the line that carries the mark, and what it must say.

    `mark` stands on exactly one line of the file. `names` must all be carried; a finding may name
    more. `page` is the page that a leak concerns, `key` the cookie, storage key or field.
    """

    rule: str
    file: str
    mark: str
    level: str
    vendor: str = ""
    page: str = ""
    parameter: str = ""
    names: frozenset[str] = frozenset()
    key: str = ""


def names(*given: str) -> frozenset[str]:
    """The names that a finding must carry."""
    return frozenset(given)


FILLED_IN = names("insuranceSector", "motiveKey", "isNewPatient", "speciality")
REDIRECTED = names("motiveKey", "email")
FIRST_IMAGE, SECOND_IMAGE = "unifiedPixel", "viewthroughconversion"
# Each tag that takes the page's URL: the mark of the line where it sends, whose it is, and the
# parameter that holds the URL.
TAGS = (
    ("(J2)", "meta-pixel", "dl"),
    ("(J3)", "outbrain", "dl"),
    ("(J4)", "google-ads", "url"),
)

TABLE = (
    # The form of the booking page writes its fields into the page's URL, which three tags take.
    *(
        Row("sensitive-param-to-tracker", PIXELS, mark, "error", vendor, BOOKING, slot, FILLED_IN)
        for mark, vendor, slot in TAGS
    ),
    # The server redirects to the done page with e-mail and reason in the URL.
    *(
        Row("sensitive-param-to-tracker", PIXELS, mark, "error", vendor, DONE, slot, REDIRECTED)
        for mark, vendor, slot in TAGS
    ),
    # The path of a practitioner's page names the speciality; nothing is booked there yet.
    *(
        Row(
            "sensitive-path-to-tracker", PIXELS, mark, "warning", vendor, PROFILE, slot,
            names("speciality"),
        )
        for mark, vendor, slot in TAGS
    ),
    # People type symptoms into the search, which is sent by GET.
    *(
        Row("search-terms-to-tracker", PIXELS, mark, "error", vendor, SEARCH, slot, names("q"))
        for mark, vendor, slot in TAGS
    ),
    # Only the advertiser's conversion tag takes the title, too.
    Row(
        "sensitive-title-to-tracker", PIXELS, "(J4)", "warning", "google-ads", PROFILE, "tiba",
        names("practitioner.speciality"),
    ),
    # The advertiser's pixel reports clicks by itself where visitors say what they are insured for.
    Row(
        "auto-collection-on-sensitive-form", PIXELS, "(J2)", "error", "meta-pixel", BOOKING,
        names=names("insuranceSector", "motiveKey"),
    ),
    Row(
        "auto-collection-on-sensitive-form", PIXELS, "(J2)", "error", "meta-pixel",
        "templates/insurance.html", names=names("insuranceSector"),
    ),
    # A captured page holds the requests of the case, written out.
    Row(
        "sensitive-param-to-tracker", "captured.html", FIRST_IMAGE, "error", "outbrain",
        "captured.html", "dl", names("motifKey", "insuranceSector"),
    ),
    Row(
        "sensitive-path-to-tracker", "captured.html", SECOND_IMAGE, "warning", "google-ads",
        "captured.html", "url",
    ),
    Row(
        "sensitive-title-to-tracker", "captured.html", SECOND_IMAGE, "warning", "google-ads",
        "captured.html", "tiba",
    ),
    Row("tracking-pixel", "captured.html", FIRST_IMAGE, "error", "outbrain"),
    Row("tracking-pixel", "captured.html", SECOND_IMAGE, "error", "google-ads"),
    # No script can hold back an image in `noscript`.
    Row("tracking-pixel", "templates/base.html", "(B2)", "error", "meta-pixel"),
    # The account page starts analytics outside of `onConsent`, in two files.
    Row("unconsented-tracker", "templates/account.html", "(A0)", "warning", "google-analytics"),
    Row("unconsented-tracker", "static/js/account.js", "(A2)", "warning", "google-analytics"),
    # The account page tells analytics the visitor's address, and both of Google's products that run
    # there four details; the advertiser's is named.
    Row(
        "direct-identifier-to-analytics", "static/js/account.js", "(A2)", "error",
        "google-analytics", names=names("user_id"),
    ),
    Row(
        "quasi-identifier-bundle", "static/js/account.js", "(A3)", "warning", "google-ads",
        names=names("age", "gender", "city", "profession"),
    ),
    Row("error-monitoring-pii", "static/js/account.js", "(A4)", "warning", "sentry"),
    Row(
        "sensitive-get-form", "templates/insurance.html", "(I1)", "error",
        names=names("insuranceSector"),
    ),
    Row(
        "sensitive-query-navigation", "static/js/booking.js", "(Q4)", "warning",
        names=names("insuranceSector", "motiveKey", "isNewPatient"),
    ),
    Row("redirect-with-personal-data", "views.py", "(V1)", "error", names=REDIRECTED),
    Row("storage-before-consent", "views.py", "(V3)", "error", key="visitor_id"),
    Row("excessive-cookie-lifetime", "views.py", "(V3)", "warning", key="visitor_id"),
    Row("insecure-personal-cookie", "settings.py", "(T1)", "warning"),
    # Every page sends its whole address along, those that ask for grave data among them.
    Row("permissive-referrer-policy", "settings.py", "(T2)", "error"),
    Row(
        "personal-data-in-web-storage", "static/js/account.js", "(A1)", "error",
        key="appointments",
    ),
    Row("preticked-consent", "templates/booking.html", "(K4)", "error", key="newsletter"),
    Row("media-map-embed", "templates/profile.html", "(P2)", "warning", "google-maps"),
)  # fmt: skip

Step = tuple[str, str, str]
"""Kind, file and mark of one step of a flow."""

EXTENDS: Step = ("page-edge", "templates/base.html", "(B1)")
GUARD: Step = ("guard", PIXELS, "(J0)")
# A route is the call that makes it, which begins on the line before its pattern here.
AVAILABILITIES = """path(
        "<slug:speciality>/<slug:city>/<slug:practitioner>/booking/availabilities\""""


def from_the_booking_form(field: str, key: str, sink: Step) -> tuple[Step, ...]:
    """The road of a field of the booking form: read, put into the query, pushed, taken."""
    return (
        ("source", BOOKING, field),
        ("propagate", "static/js/booking.js", "(Q1)"),
        ("propagate", "static/js/booking.js", key),
        ("page-edge", "static/js/booking.js", "(Q4)"),
        EXTENDS,
        GUARD,
        sink,
    )


def booking_flows(sink: Step) -> set[tuple[Step, ...]]:
    """The four roads that the finding about the booking page must show."""
    return {
        # The mark (K2) stands where the field ends; a field is pointed at where it begins.
        from_the_booking_form('<select name="motiveKey">', "(Q3)", sink),
        from_the_booking_form("(K1)", "(Q2)", sink),
        (
            ("source", "templates/insurance.html", "(I2)"),
            ("page-edge", "templates/insurance.html", "(I1)"),
            EXTENDS,
            GUARD,
            sink,
        ),
        (("source", "urls.py", AVAILABILITIES), EXTENDS, GUARD, sink),
    }


def done_flow(sink: Step) -> tuple[Step, ...]:
    """From the view through the redirect to the page that extends the layout with the tags."""
    return (
        ("source", "views.py", "(V1)"),
        ("propagate", "views.py", "(V1)"),
        ("page-edge", "views.py", "(V1)"),
        ("page-edge", DONE, "(N1)"),
        EXTENDS,
        GUARD,
        sink,
    )


def findings(*arguments: str) -> list[dict[str, Any]]:
    """The findings of `gdprlint check`, read from its JSON."""
    done = gdprlint("check", *arguments, "--format", "json")
    assert done.returncode in {0, 1}, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
    return found


@pytest.fixture(scope="module")
def leaks() -> list[dict[str, Any]]:
    """What the rules of the table find in the leaking site."""
    selected = [part for rule in RULES for part in ("--select", rule)]
    return findings("examples/booking-leak", "--profile", "default", *selected)


def line_of(file: str, mark: str) -> int:
    """The line on which the mark begins, which stands once in an example's file."""
    before, _after = (LEAK / file).read_text(encoding="utf-8").split(mark)
    return before.count("\n") + 1


def is_as_told(finding: dict[str, Any], row: Row) -> bool:
    """Whether a finding is the one that the row tells of."""
    told = finding["properties"]
    return (
        finding["rule"] == row.rule
        and (finding["path"], finding["line"]) == (row.file, line_of(row.file, row.mark))
        and finding["level"] == row.level
        and finding["confidence"] == "certain"
        and told["vendors"] == ([row.vendor] if row.vendor else [])
        and (not row.page or told["pages"] == [row.page])
        and (not row.parameter or told["parameters"] == [row.parameter])
        and row.names <= set(told["names"])
        and (not row.key or told["key"] == row.key)
    )


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.rule}-{row.mark}-{row.page}")
def test_each_row_of_the_table_is_found_once(row: Row, leaks: list[dict[str, Any]]) -> None:
    assert len([finding for finding in leaks if is_as_told(finding, row)]) == 1


def test_nothing_is_found_that_is_not_in_the_table(leaks: list[dict[str, Any]]) -> None:
    surplus = [
        (finding["rule"], finding["path"], finding["line"])
        for finding in leaks
        if not any(is_as_told(finding, row) for row in TABLE)
    ]
    assert surplus == []
    assert len(leaks) == len(TABLE) == 36


def flows_of(finding: dict[str, Any]) -> set[tuple[tuple[str, str, int], ...]]:
    """Each flow as kind, file and line of its steps."""
    return {
        tuple((step["kind"], step["path"], step["line"]) for step in flow)
        for flow in finding["flows"]
    }


def at_lines(flow: tuple[Step, ...]) -> tuple[tuple[str, str, int], ...]:
    """A flow of marks as one of lines."""
    return tuple((kind, file, line_of(file, mark)) for kind, file, mark in flow)


def about(leaks: list[dict[str, Any]], rule: str, *, mark: str, page: str) -> dict[str, Any]:
    """The finding of a rule about a page, at a mark in the script with the tags."""
    (found,) = [
        finding
        for finding in leaks
        if finding["rule"] == rule
        and (finding["path"], finding["line"]) == (PIXELS, line_of(PIXELS, mark))
        and finding["properties"]["pages"] == [page]
    ]
    return found


@pytest.mark.parametrize("mark", ["(J2)", "(J3)", "(J4)"])
def test_what_the_booking_form_asks_reaches_each_tag_step_by_step(
    mark: str, leaks: list[dict[str, Any]]
) -> None:
    found = flows_of(about(leaks, "sensitive-param-to-tracker", mark=mark, page=BOOKING))
    assert {at_lines(flow) for flow in booking_flows(("sink", PIXELS, mark))} <= found


@pytest.mark.parametrize("mark", ["(J2)", "(J3)", "(J4)"])
def test_what_the_redirect_carries_reaches_each_tag_step_by_step(
    mark: str, leaks: list[dict[str, Any]]
) -> None:
    finding = about(leaks, "sensitive-param-to-tracker", mark=mark, page=DONE)
    assert flows_of(finding) == {at_lines(done_flow(("sink", PIXELS, mark)))}
    assert len(finding["flows"]) == 2


def test_the_title_reaches_the_tag_that_takes_titles_step_by_step(
    leaks: list[dict[str, Any]],
) -> None:
    flow: tuple[Step, ...] = (
        ("source", PROFILE, "(P1)"),
        ("page-edge", PROFILE, "(P1)"),
        EXTENDS,
        GUARD,
        ("sink", PIXELS, "(J4)"),
    )
    found = flows_of(about(leaks, "sensitive-title-to-tracker", mark="(J4)", page=PROFILE))
    assert found == {at_lines(flow)}


@pytest.mark.parametrize("mark", ["(J2)", "(J3)", "(J4)"])
def test_the_path_of_a_profile_reaches_each_tag_step_by_step(
    mark: str, leaks: list[dict[str, Any]]
) -> None:
    flow: tuple[Step, ...] = (
        ("source", "urls.py", "views.profile"),
        EXTENDS,
        GUARD,
        ("sink", PIXELS, mark),
    )
    found = flows_of(about(leaks, "sensitive-path-to-tracker", mark=mark, page=PROFILE))
    assert found == {at_lines(flow)}


@pytest.mark.parametrize("mark", ["(J2)", "(J3)", "(J4)"])
def test_search_terms_reach_each_tag_step_by_step(mark: str, leaks: list[dict[str, Any]]) -> None:
    flow: tuple[Step, ...] = (
        ("source", SEARCH, "(H1)"),
        ("page-edge", SEARCH, '<form action="/search">'),
        EXTENDS,
        GUARD,
        ("sink", PIXELS, mark),
    )
    found = flows_of(about(leaks, "search-terms-to-tracker", mark=mark, page=SEARCH))
    assert found == {at_lines(flow)}


def test_a_written_out_request_is_decoded_in_three_steps(leaks: list[dict[str, Any]]) -> None:
    (found,) = [
        finding
        for finding in leaks
        if finding["rule"] == "sensitive-param-to-tracker" and finding["path"] == "captured.html"
    ]
    line = line_of("captured.html", FIRST_IMAGE)
    told = [[(step["kind"], step["line"]) for step in flow] for flow in found["flows"]]
    assert [("source", line), ("propagate", line), ("sink", line)] in told
    assert any("motifKey" in flow[0]["text"] for flow in found["flows"])


def test_a_seen_guard_and_an_opt_out_switch_are_told_and_silence_nothing(
    leaks: list[dict[str, Any]],
) -> None:
    guarded = about(leaks, "sensitive-param-to-tracker", mark="(J3)", page=BOOKING)
    assert "consent check was found" in guarded["message"]
    (switched,) = [
        finding
        for finding in leaks
        if finding["rule"] == "sensitive-param-to-tracker" and finding["path"] == "captured.html"
    ]
    assert "opt-out switch" in switched["message"]


@pytest.mark.parametrize("profile", ["default", "minimal", "strict"])
def test_the_repaired_site_is_silent(profile: str) -> None:
    assert findings("examples/booking-clean", "--profile", profile, "--notes") == []


def test_an_auditor_is_shown_the_repaired_sites_own_consent_check_and_nothing_else() -> None:
    # `onConsent` is a function of the site's own, described in no settings: it says maybe.
    found = findings("examples/booking-clean", "--min-confidence", "possible", "--notes")
    told = [(each["rule"], each["path"], each["confidence"]) for each in found]
    assert told == [("unconsented-tracker", "static/js/measure.js", "possible")]


@pytest.mark.parametrize("name", ["booking-leak", "booking-clean"])
def test_reports_are_the_same_bytes_from_everywhere(name: str, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES / name, tmp_path / "elsewhere" / name)
    here = gdprlint("check", f"examples/{name}", "--format", "sarif")
    inside = gdprlint("check", "--format", "sarif", "--no-cache", cwd=EXAMPLES / name)
    there = gdprlint("check", name, "--format", "sarif", cwd=tmp_path / "elsewhere")
    assert here.stdout
    assert here.stdout == inside.stdout == there.stdout


@pytest.mark.parametrize("name", ["booking-leak", "booking-clean"])
@pytest.mark.parametrize(("format_", "suffix"), [("text", "txt"), ("sarif", "sarif")])
def test_a_report_reads_as_the_golden_file_beside_the_example(
    name: str, format_: str, suffix: str, request: pytest.FixtureRequest
) -> None:
    done = gdprlint("check", f"examples/{name}", "--format", format_)
    golden = EXAMPLES / name / f"report.{suffix}"
    if request.config.getoption("--update"):
        golden.write_text(done.stdout, encoding="utf-8", newline="")
    assert done.stdout == golden.read_bytes().decode("utf-8")


def test_the_repaired_site_gives_github_an_empty_list_and_every_rule() -> None:
    log = json.loads((EXAMPLES / "booking-clean" / "report.sarif").read_text(encoding="utf-8"))
    (told,) = log["runs"]
    assert told["results"] == []
    assert set(RULES) <= {rule["id"] for rule in told["tool"]["driver"]["rules"]}
