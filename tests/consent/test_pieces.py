"""Sites built with a consent platform as its own documentation says, around statistics, an
advertiser's pixel and a video: nothing is found in them, and something is wherever one piece of
what holds these back is taken away or turned round.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from gdprlint.findings import Confidence, Finding
from gdprlint.rules.page import Example
from gdprlint.testing import report_of

_THEMES = ("consent", "transfer")
_GA = "https://www.googletagmanager.com/gtag/js?id=G-0000000000"
_VIDEO = "https://www.youtube.com/embed/abc"
_PAGE = "index.html"


@dataclass(frozen=True)
class Piece:
    """A change of one file; `sure` where what is found then is certain."""

    file: str
    old: str
    new: str
    sure: bool = True


@dataclass(frozen=True)
class Site:
    name: str
    files: dict[str, str]
    pieces: tuple[Piece, ...]


def _page(head: str, body: str = "") -> str:
    title = "<title>A site</title>"
    return f'<!doctype html><html lang="en"><head>{title}{head}</head><body>{body}</body></html>'


_LATER = '<script type="text/plain" data-type="application/javascript" data-name="{}"'
_CDN = "https://cdn.jsdelivr.net/npm"
_IN_TEMPLATE = '<template data-purpose="{}">{}</template>'
_GA_SCRIPT = f'<script src="{_GA}"></script>'
_PIXEL = '<script>fbq("init", "0");</script>'
_ALLOWED = 'document.addEventListener("facebookpixel_allowed", function () { fbq("init", "0"); });'

SITES = (
    Site(
        "vanilla-cookieconsent",
        {
            _PAGE: _page(
                '<script type="module" src="/consent.js"></script>'
                f'<script type="text/plain" data-category="analytics" data-src="{_GA}"></script>'
                '<script type="text/plain" data-category="analytics" data-service="GA">'
                'gtag("config", "G-0000000000");</script>'
                '<script type="text/plain" data-category="marketing">fbq("init", "0");</script>',
                f'<iframe data-category="marketing" data-src="{_VIDEO}"></iframe>',
            ),
            "consent.js": 'import * as CookieConsent from "vanilla-cookieconsent";\n'
            "CookieConsent.run({ categories: { necessary: { readOnly: true }, analytics: {} } });",
        },
        (
            Piece(_PAGE, 'type="text/plain" data-category="analytics" data-src', "src"),
            Piece(_PAGE, ' type="text/plain" data-category="analytics" data-service="GA"', ""),
            Piece(_PAGE, ' type="text/plain" data-category="marketing"', ""),
            Piece(_PAGE, 'plain" data-category="marketing"', 'plain" data-category="analytics"'),
            Piece(_PAGE, '<iframe data-category="marketing" data-src', "<iframe src"),
            Piece("consent.js", "run({", 'run({ mode: "opt-out",'),
        ),
    ),
    Site(
        "klaro",
        {
            _PAGE: _page(
                '<script defer src="/config.js"></script>'
                '<script defer src="https://cdn.kiprotect.com/klaro/v0.7/klaro.js"></script>'
                + _LATER.format("google-analytics")
                + f' data-src="{_GA}"></script>'
                + _LATER.format("google-analytics")
                + '>gtag("config", "G-0000000000");</script>',
                f'<iframe data-name="youtube" data-src="{_VIDEO}"></iframe>',
            ),
            "config.js": "var klaroConfig = {\n  services: [\n"
            '    { name: "google-analytics", purposes: ["analytics"] },\n'
            '    { name: "youtube", purposes: ["marketing"] },\n'
            '    { name: "meta", purposes: ["marketing"], callback: function (consent) {\n'
            '      if (consent) fbq("init", "0");\n    } },\n  ],\n};\n',
        },
        (
            Piece(_PAGE, _LATER.format("google-analytics") + " data-src", "<script src"),
            Piece(_PAGE, _LATER.format("google-analytics") + ">", "<script>"),
            Piece(_PAGE, '<iframe data-name="youtube" data-src', "<iframe src"),
            Piece("config.js", "if (consent) ", ""),
            Piece("config.js", "if (consent)", "if (!consent)"),
            Piece("config.js", "services: [", "default: true, services: ["),
            Piece("config.js", "services: [", "optOut: true, services: ["),
            Piece("config.js", '"meta", purposes: ["marketing"]', '"m", purposes: ["analytics"]'),
        ),
    ),
    Site(
        "orejime",
        {
            _PAGE: _page(
                f'<script src="{_CDN}/orejime@3.2.1/dist/orejime-standard-en.js">'
                "</script><script>window.orejimeConfig = { purposes: ["
                '{ id: "analytics", title: "A" }, { id: "ads", title: "B" }] };</script>'
                + _IN_TEMPLATE.format("analytics", _GA_SCRIPT)
                + _IN_TEMPLATE.format("ads", _PIXEL),
                _IN_TEMPLATE.format("youtube", f'<iframe src="{_VIDEO}"></iframe>'),
            )
        },
        (
            Piece(_PAGE, _IN_TEMPLATE.format("analytics", _GA_SCRIPT), _GA_SCRIPT),
            Piece(_PAGE, _IN_TEMPLATE.format("ads", _PIXEL), _PIXEL),
            Piece(_PAGE, '<template data-purpose="youtube">', "<div>"),
            Piece(_PAGE, 'data-purpose="ads"', 'data-purpose="analytics"'),
            Piece(_PAGE, 'id: "ads",', 'id: "ads", default: true,'),
        ),
    ),
    Site(
        "tarteaucitron",
        {
            _PAGE: _page(
                '<script src="/tarteaucitron/tarteaucitron.js"></script><script>\n'
                'tarteaucitron.init({ "highPrivacy": true });\n'
                'tarteaucitron.user.gtagUa = "G-0000000000";\n'
                '(tarteaucitron.job = tarteaucitron.job || []).push("gtag");\n'
                f"{_ALLOWED}\n</script>",
                '<div class="youtube_player" videoID="abc"></div>',
            )
        },
        (
            Piece(_PAGE, '"highPrivacy": true', '"highPrivacy": false'),
            Piece(_PAGE, '"highPrivacy": true', '"serviceDefaultState": true'),
            Piece(_PAGE, _ALLOWED, 'fbq("init", "0");'),
            Piece(_PAGE, "facebookpixel_allowed", "facebookpixel_disallowed"),
            Piece(_PAGE, "facebookpixel_allowed", "gtag_allowed"),
            Piece(_PAGE, '<div class="youtube_player" videoID', f'<iframe src="{_VIDEO}" title'),
        ),
    ),
    Site(
        "osano-oss",
        {
            _PAGE: _page(
                f'<script src="{_CDN}/cookieconsent@3.1.1/build/cookieconsent.min.js">'
                "</script><script>\nfunction start(status) {\n"
                '  if (status === "allow") {\n    gtag("config", "G-0000000000");\n'
                '    fbq("init", "0");\n  }\n}\n'
                "window.cookieconsent.initialise({\n"
                '  type: "opt-in", onInitialise: start, onStatusChange: start,\n});\n</script>'
            )
        },
        (
            Piece(_PAGE, 'if (status === "allow") ', ""),
            Piece(_PAGE, 'status === "allow"', 'status !== "deny"'),
            Piece(_PAGE, 'status === "allow"', 'status === "dismiss"'),
            Piece(_PAGE, 'type: "opt-in"', 'type: "opt-out"'),
            Piece(_PAGE, "});\n</script>", '});\nstart("allow");\n</script>', sure=False),
        ),
    ),
)


def _findings(files: dict[str, str]) -> tuple[Finding, ...]:
    return report_of(Example("", "", tuple(files.items()), ()), select=_THEMES).findings


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_nothing_is_found_in_a_site_that_does_as_its_platform_says(site: Site) -> None:
    assert [finding.message for finding in _findings(site.files)] == []


@pytest.mark.parametrize(
    ("site", "piece"),
    [
        pytest.param(site, piece, id=f"{site.name}-{i}")
        for site in SITES
        for i, piece in enumerate(site.pieces)
    ],
)
def test_a_piece_less_is_found(site: Site, piece: Piece) -> None:
    assert piece.old in site.files[piece.file]
    changed = site.files[piece.file].replace(piece.old, piece.new, 1)
    found = _findings({**site.files, piece.file: changed})
    certain = [one for one in found if one.confidence is Confidence.CERTAIN]
    assert found
    assert bool(certain) == piece.sure
