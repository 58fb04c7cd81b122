"""What vendors' tags take of a page by themselves is told where they run, with the parameter or,
where no source names one, without.

Each vendor's own examples are put on a page whose URL carries a diagnosis.
"""

from __future__ import annotations

import pytest

from gdprlint.findings import Finding, Report
from gdprlint.knowledge import Knowledge, Vendor
from gdprlint.knowledge.vendor import Recognised
from gdprlint.rules.page import Example
from gdprlint.testing import report_of

_RULE = "sensitive-param-to-tracker"
_TOLD_OF = ("ads", "analytics", "session-replay", "ab-testing", "social", "fingerprint")
_FORM = '<form action="booked.html" method="get"><input name="diagnosis"></form>\n'
_VENDORS = Knowledge.shipped().vendors


def _runs(example: Recognised) -> bool:
    """Whether the example alone makes the vendor look at a page."""
    if example.language is not None:
        return False
    if example.code.lstrip().startswith("<script"):
        return example.does == "load"
    return not example.code.lstrip().startswith("<") and example.use in ("start", "event")


def _page(code: str) -> tuple[tuple[str, str], ...]:
    if code.lstrip().startswith("<"):
        return (("booking.html", _FORM), ("booked.html", code + "\n"))
    script = '<script type="module" src="tag.jsx"></script>\n'
    return (("booking.html", _FORM), ("booked.html", script), ("tag.jsx", code + "\n"))


def _report(code: str) -> Report:
    return report_of(Example("Fails", "a page that is told of", _page(code), ()), select=(_RULE,))


def _of(report: Report, vendor: str) -> list[Finding]:
    return [f for f in report.findings if vendor in f.properties.vendors]


_TAKING = sorted(
    id_
    for id_, vendor in _VENDORS.items()
    if "page-url" in vendor.taken
    and vendor.category in _TOLD_OF
    and any(map(_runs, vendor.examples.is_))
)


@pytest.mark.parametrize("id_", _TAKING)
def test_a_tag_that_takes_the_page_url_is_told_of_on_a_page_whose_url_says_much(id_: str) -> None:
    vendor = _VENDORS[id_]
    example = next(filter(_runs, vendor.examples.is_))
    found = _of(_report(example.code), id_)
    assert [f.properties.parameters for f in found] == [_parameters(vendor)]


def _parameters(vendor: Vendor) -> tuple[str, ...]:
    named = vendor.taken["page-url"]
    return (named,) if named else ()


@pytest.mark.parametrize("id_", sorted(id_ for id_, v in _VENDORS.items() if v.takes))
def test_what_is_taken_is_told_once_with_its_parameter_or_without(id_: str) -> None:
    vendor = _VENDORS[id_]
    assert not set(vendor.takes) & set(vendor.collects)


def test_a_parameter_that_nobody_names_is_its_request() -> None:
    vendor = next(v for v in _VENDORS.values() if "page-url" in v.takes and v.id in _TAKING)
    example = next(filter(_runs, vendor.examples.is_))
    (finding,) = _of(_report(example.code), vendor.id)
    assert "is sent in its request" in finding.message


def test_a_component_that_is_given_a_cleaner_is_only_perhaps_told_of() -> None:
    start = 'import { Analytics } from "@vercel/analytics/react";\n'
    whole = "export const A = () => <Analytics />;"
    cleaned = "const clean = (e) => ({ ...e, url: e.url.split('?')[0] });\n"
    cleaned += "export const A = () => <Analytics beforeSend={clean} />;"
    told = [_of(_report(start + code), "vercel-analytics") for code in (whole, cleaned)]
    assert [[f.confidence.value for f in one] for one in told] == [["certain"], ["possible"]]
