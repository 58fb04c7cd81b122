"""A fix removes its finding, brings no other, and leaves every other byte alone."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import pytest
from command_line import gdprlint

from gdprlint import api
from gdprlint.findings import Confidence, Edit, Finding, Fix, Level, Report
from gdprlint.fixes import apply, process, with_edits
from gdprlint.fixes.files import write
from gdprlint.knowledge import shipped
from gdprlint.rules import Ruleset, read_page
from gdprlint.rules.page import Example
from gdprlint.source import Source, Span

Files = Mapping[str, str]

_MARK = "\ufeff"


def _options(root: Path, **more: object) -> api.Options:
    options = api.Options(
        profile=("strict",),
        min_confidence=Confidence.POSSIBLE,
        root=root,
        cache=False,
        pages=False,
        edits=True,
    )
    return replace(options, **more)  # type: ignore[arg-type]


def _written(root: Path, files: Files, encoding: str = "utf-8") -> None:
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode(encoding))


def _read(root: Path, files: Iterable[str], encoding: str = "utf-8") -> dict[str, str]:
    return {path: (root / path).read_bytes().decode(encoding) for path in files}


def _entries(findings: Iterable[Finding]) -> Counter[tuple[str, str, str]]:
    return Counter((f.rule, f.span.path, f.identity) for f in findings)


# -------------------------------------------------------------------- which rules have one

# The column "autofix" of the catalogue. What it suggests without an edit that is exact is left out:
# a font of a package that has first to be installed, a guard that only the site's owner can choose.
_AUTOFIX = {
    "consent-default-granted": {"safe", "unsafe"},
    "error-monitoring-pii": {"safe"},
    "excessive-cookie-lifetime": {"unsafe"},
    "insecure-personal-cookie": {"unsafe"},
    "media-map-embed": {"safe"},
    "permissive-referrer-policy": {"safe"},
    "preticked-consent": {"safe"},
    "replay-unmasked": {"safe"},
    "sensitive-get-form": {"unsafe"},
    "tracking-pixel": {"unsafe"},
    "unmask-on-sensitive-field": {"safe"},
}


def test_the_rules_of_the_catalogue_have_a_fix_and_no_others() -> None:
    rules = {name: placed.rule.fix for name, placed in Ruleset.shipped().rules.items()}
    found = {name: {case.applies for case in cases} for name, cases in rules.items() if cases}
    assert found == _AUTOFIX


@pytest.mark.parametrize("rule", sorted(Ruleset.shipped().rules))
def test_a_page_says_whether_there_is_a_fix(rule: str) -> None:
    placed = Ruleset.shipped().rules[rule]
    text = placed.page.read_text(encoding="utf-8").partition("## How to fix it")[2]
    kinds = {case.applies for case in placed.rule.fix}
    assert ("`gdprlint check --fix" in text) == bool(kinds)
    assert ("--unsafe-fixes" in text) == ("unsafe" in kinds)
    assert ("There is no automatic fix." in text) == (not kinds)


# -------------------------------------------------------------------- the pages' own examples


@cache
def _examples() -> tuple[tuple[str, Example], ...]:
    """The examples that fail, of each rule that has a fix."""
    return tuple(
        (rule, example)
        for rule in sorted(_AUTOFIX)
        for path in shipped().glob(f"*/{rule}.md")
        for example in read_page(path.read_text(encoding="utf-8")).examples
        if example.section == "Fails"
    )


def _hostile(files: Files) -> Files:
    """A byte order mark, carriage returns, and characters of several bytes before everything else,
    on its line too."""
    comment = {
        ".py": "# é – 😀\n",
        ".yml": "# é – 😀\n",
        ".html": "<!-- é – 😀 -->",
        ".j2": "<!-- é – 😀 -->",
    }
    return {
        path: _MARK + (comment.get(Path(path).suffix, "/* é – 😀 */ ") + text).replace("\n", "\r\n")
        for path, text in files.items()
    }


def _twice(files: Files) -> Files:
    """The same again in one file, so that several fixes are made in it."""
    return {
        path: text + "\n" + text if path.endswith((".html", ".js")) else text
        for path, text in files.items()
    }


def _split(files: Files) -> Files:
    """A page of real size: the example's markup becomes a block of a page that extends a layout."""
    pages = [path for path in files if path.endswith("page.html")]
    if len(files) != 1 or not pages:
        return files
    lines = files[pages[0]].splitlines(keepends=True)
    middle = len(lines) // 2 if "</form>" not in files[pages[0]] else 0
    head, tail = "".join(lines[:middle]), "".join(lines[middle:])
    filler = "".join(f"<p>Paragraph {number}, with nothing in it.</p>\n" for number in range(200))
    return {
        "templates/base.html": "<!doctype html>\n<html><head><title>A page</title></head>\n<body>\n"
        + head
        + filler
        + "{% block content %}{% endblock %}\n</body></html>\n",
        "templates/page.html": '{% extends "base.html" %}\n{% block content %}\n'
        + tail
        + '{% include "part.html" %}\n{% endblock %}\n',
        "templates/part.html": filler,
    }


_SHAPES: tuple[Callable[[Files], Files], ...] = (_hostile, _twice, _split)


def _cases(shape: Callable[[Files], Files], rule: str) -> Iterator[tuple[str, Files]]:
    """The examples of a rule in another shape; those that stay as they are show nothing new."""
    for name, example in _examples():
        files = dict(example.files)
        if name == rule and shape(files) != files:
            yield example.name, shape(files)


@pytest.mark.parametrize("rule", sorted(_AUTOFIX))
def test_a_fix_removes_its_finding_and_brings_no_other(rule: str, tmp_path: Path) -> None:
    """One at a time, as an editor makes them, each by the edits that the report holds."""
    made = 0
    for number, example in enumerate(e for name, e in _examples() if name == rule):
        root = tmp_path / str(number)
        _written(root, dict(example.files))
        before = api.check([root], options=_options(root))
        for finding in before.findings:
            if finding.rule == rule and finding.fix is not None:
                _holds(root, before, finding)
                made += 1
    assert made


@pytest.mark.parametrize("shape", _SHAPES, ids=lambda shape: shape.__name__.strip("_"))
@pytest.mark.parametrize("rule", sorted(_AUTOFIX))
def test_all_fixes_are_made_in_other_shapes_of_a_page(
    rule: str, shape: Callable[[Files], Files], tmp_path: Path
) -> None:
    for number, (name, files) in enumerate(_cases(shape, rule)):
        root = tmp_path / str(number)
        _written(root, files)
        before = api.check([root], options=_options(root, edits=False))
        promised = [f for f in before.findings if f.fix is not None]
        fixed = api.fix([root], options=_options(root), unsafe=True, notes=True)
        assert [w for w in fixed.report.warnings if "fix" in w] == [], name
        assert len(fixed.report.fixed) >= len(promised), name
        new = _entries(fixed.report.findings) - _entries(before.findings)
        assert {key[0] for key in new} <= {"media-map-embed"}, name
        assert _read(root, files) == {**files, **fixed.after}


def _holds(root: Path, before: Report, finding: Finding) -> None:
    """That the edits of one finding's fix take away this finding and nothing else."""
    assert finding.fix is not None
    assert finding.fix.edits, finding.rule
    texts = apply([finding], before.sources).texts
    report = api._checked([root], _options(root), lambda *_: None, texts)
    new = _entries(report.findings) - _entries(before.findings)
    if finding.rule == "media-map-embed":
        # The vendor's reduced form is asked for all the same, with less stored: a note.
        left = [f for f in report.findings if f.rule == finding.rule]
        assert sum(f.level is Level.NOTE for f in left) > sum(
            f.level is Level.NOTE for f in before.findings if f.rule == finding.rule
        )
        new = Counter(key for key in new.elements() if key[0] != finding.rule)
    else:
        key = (finding.rule, finding.span.path, finding.identity)
        assert _entries(report.findings)[key] == _entries(before.findings)[key] - 1, key
    assert not new


# -------------------------------------------------------------------- to the byte


@dataclass(frozen=True)
class _Case:
    """One file before and after; None where it must stay as it is."""

    name: str
    path: str
    before: str
    after: str | None


_FORM = '<input type="password" name="password"></form>'
_CASES = (
    _Case(
        "a form without a method",
        "page.html",
        f'<form action="/in">{_FORM}',
        f'<form method="post" action="/in">{_FORM}',
    ),
    _Case(
        "a method in single quotes",
        "page.html",
        f"<form method='GET' action='/in'>{_FORM}",
        f"<form method='post' action='/in'>{_FORM}",
    ),
    _Case(
        "a method without quotes",
        "page.html",
        f"<form METHOD=get action=/in>{_FORM}",
        f"<form METHOD=post action=/in>{_FORM}",
    ),
    _Case(
        "template tags in the start tag",
        "page.html",
        f'<form {{% if big %}}class="big"{{% endif %}} action="{{% url \'in\' %}}">{_FORM}',
        f'<form method="post" {{% if big %}}class="big"{{% endif %}} '
        f"action=\"{{% url 'in' %}}\">{_FORM}",
    ),
    _Case(
        "a start tag over several lines, with carriage returns",
        "page.html",
        f'<form\r\n    action="/in"\r\n    id="in"\r\n>{_FORM}\r\n',
        f'<form method="post"\r\n    action="/in"\r\n    id="in"\r\n>{_FORM}\r\n',
    ),
    _Case(
        "after characters of four bytes and a mark",
        "page.html",
        f'{_MARK}<p>😀 é</p><form action="/in">{_FORM}',
        f'{_MARK}<p>😀 é</p><form method="post" action="/in">{_FORM}',
    ),
    _Case(
        "two fixes in one line",
        "page.html",
        f'<form action="/a">{_FORM}<form action="/b">{_FORM}',
        f'<form method="post" action="/a">{_FORM}<form method="post" action="/b">{_FORM}',
    ),
    _Case(
        "a box that is ticked on a line of its own",
        "page.html",
        '<input type="checkbox"\n       name="newsletter"\n       checked\n       id="n">\n',
        '<input type="checkbox"\n       name="newsletter"\n       id="n">\n',
    ),
    _Case(
        "a box that is ticked, closed like XML",
        "page.html",
        '<input type="checkbox" name="newsletter" checked="checked"/>',
        '<input type="checkbox" name="newsletter"/>',
    ),
    _Case(
        "a box that is ticked twice",
        "page.html",
        '<input type="checkbox" checked name="newsletter" checked>',
        None,
    ),
    _Case(
        "a box that the template decides",
        "page.html",
        '<input type="checkbox" name="newsletter" {% if on %}checked{% endif %}>',
        None,
    ),
    _Case(
        "the last argument of a field",
        "forms.py",
        "from django import forms\n\n\nclass Order(forms.Form):\n"
        "    newsletter = forms.BooleanField(required=False, initial=True)  # as before\n",
        "from django import forms\n\n\nclass Order(forms.Form):\n"
        "    newsletter = forms.BooleanField(required=False)  # as before\n",
    ),
    _Case(
        "an argument of a field on a line of its own",
        "forms.py",
        "from django import forms\n\n\nclass Order(forms.Form):\n"
        "    newsletter = forms.BooleanField(\n"
        "        initial=True,\n        required=False,  # may be empty\n    )\n",
        "from django import forms\n\n\nclass Order(forms.Form):\n"
        "    newsletter = forms.BooleanField(\n"
        "        required=False,  # may be empty\n    )\n",
    ),
    _Case(
        "an argument with a comment of its own",
        "forms.py",
        "from django import forms\n\n\nclass Order(forms.Form):\n"
        "    newsletter = forms.BooleanField(\n"
        "        required=False,\n        initial=True,  # the shop wants it\n    )\n",
        None,
    ),
    _Case(
        "a cookie whose arguments have lines of their own",
        "views.py",
        "def enter(request, response):\n"
        "    response.set_cookie(\n"
        '        "session",\n        make(request),  # signed\n        httponly=True,  # always\n'
        "    )\n    return response\n",
        "def enter(request, response):\n"
        "    response.set_cookie(\n"
        '        "session",\n        make(request),  # signed\n        httponly=True,  # always\n'
        "        secure=True,\n"
        "    )\n    return response\n",
    ),
    _Case(
        "a cookie with tabs, carriage returns and blanks",
        "views.py",
        "def enter( request, response ):\r\n"
        '\tresponse.set_cookie( "session",  make( request ),secure = False )\r\n'
        "\treturn response",
        "def enter( request, response ):\r\n"
        '\tresponse.set_cookie( "session",  make( request ),secure = True, httponly=True )\r\n'
        "\treturn response",
    ),
    _Case(
        "a cookie whose arguments come from elsewhere",
        "views.py",
        "def enter(request, response):\n"
        '    response.set_cookie("session", make(request), **OPTIONS)\n',
        None,
    ),
    _Case(
        "a setting in quotes of another kind",
        "settings.py",
        "# é 😀\nSECURE_REFERRER_POLICY = 'unsafe-url' # as ever\n",
        "# é 😀\nSECURE_REFERRER_POLICY = 'strict-origin-when-cross-origin' # as ever\n",
    ),
    _Case(
        "code of an older Python",
        "settings.py",
        'print "starting"\nSECURE_REFERRER_POLICY = "unsafe-url"\n',
        None,
    ),
    _Case(
        "a cookie in a template literal",
        "app.js",
        "document.cookie = `auth_token=${answer.token}; path=/`;",
        "document.cookie = `auth_token=${answer.token}; path=/; Secure`;",
    ),
    _Case(
        "a cookie whose text ends with a value",
        "app.js",
        'document.cookie = "auth_token=" + answer.token;',
        'document.cookie = "auth_token=" + answer.token + "; Secure";',
    ),
    _Case(
        "an object over several lines",
        "app.js",
        'import LogRocket from "logrocket";\n'
        'LogRocket.init("a/b", {\n\tdom: { baseHref: "/" },\n\trelease: "1",\n});\n',
        'import LogRocket from "logrocket";\n'
        'LogRocket.init("a/b", {\n\tdom: { inputSanitizer: true, baseHref: "/" },\n'
        '\trelease: "1",\n});\n',
    ),
    _Case(
        "an object into which another is spread",
        "app.js",
        'import LogRocket from "logrocket";\nLogRocket.init("a/b", { ...settings });\n',
        None,
    ),
    _Case(
        "minified code",
        "app.js",
        "Sentry.init({sendDefaultPii:!0}),go();",
        "Sentry.init({sendDefaultPii:false}),go();",
    ),
    _Case(
        "a call in an attribute",
        "page.html",
        "<button onclick=\"fbq('consent', 'grant')\">Go on</button>",
        "<button onclick=\"fbq('consent', 'revoke')\">Go on</button>",
    ),
    _Case(
        "a call in an attribute with character references",
        "page.html",
        '<button onclick="fbq(&quot;consent&quot;, &quot;grant&quot;)">Go on</button>',
        None,
    ),
    _Case(
        "purposes that need no agreement",
        "app.js",
        'gtag("consent", "default", { ad_storage: "granted", security_storage: "granted" });',
        'gtag("consent", "default", { ad_storage: "denied", security_storage: "granted" });',
    ),
    _Case(
        "a default of which one purpose comes from elsewhere",
        "app.js",
        'const said = "granted";\n'
        'gtag("consent", "default", { ad_storage: said, analytics_storage: "granted" });\n',
        None,
    ),
    _Case(
        "a video whose number the template knows",
        "page.html",
        '<iframe src="https://www.youtube.com/embed/{{ video.key }}?rel=0"></iframe>',
        '<iframe src="https://www.youtube-nocookie.com/embed/{{ video.key }}?rel=0"></iframe>',
    ),
    _Case(
        "a video with a query and a fragment",
        "page.html",
        '<iframe src="https://player.vimeo.com/video/1?loop=1#t=10"></iframe>',
        '<iframe src="https://player.vimeo.com/video/1?loop=1&amp;dnt=1#t=10"></iframe>',
    ),
    _Case(
        "a video whose query the template may write",
        "page.html",
        '<iframe src="https://player.vimeo.com/video/{{ key }}"></iframe>',
        None,
    ),
    _Case(
        "two videos, of which one cannot be reduced",
        "page.html",
        '<iframe src="https://www.youtube.com/embed/1"></iframe>'
        '<script src="https://www.youtube.com/iframe_api"></script>',
        None,
    ),
    _Case(
        "a pixel that has its lines to itself",
        "page.html",
        '<head>\r\n  <noscript>\r\n    <img src="https://www.facebook.com/tr?id=1&amp;noscript=1">'
        "\r\n  </noscript>\r\n</head>\r\n",
        "<head>\r\n</head>\r\n",
    ),
    _Case(
        "a pixel beside words",
        "page.html",
        '<noscript>Please switch on scripts. <img src="https://www.facebook.com/tr?id=1"></noscript>',
        "<noscript>Please switch on scripts. </noscript>",
    ),
    _Case(
        "a mark among classes",
        "page.html",
        '<input name="diagnosis" class="data-hj-allow  wide">',
        '<input name="diagnosis" class="wide">',
    ),
    _Case(
        "a mark that is the only class",
        "page.html",
        '<input class="data-hj-allow" name="diagnosis">',
        '<input name="diagnosis">',
    ),
    _Case(
        "a mark that a template writes",
        "page.html",
        '<input name="diagnosis" class="{{ size }} data-hj-allow">',
        None,
    ),
    _Case(
        "a policy that the template knows",
        "page.html",
        '{% set policy = "unsafe-url" %}<meta name="referrer" content="{{ policy }}">',
        None,
    ),
    _Case(
        "a lifetime in days",
        "app.js",
        'Cookies.set("_ga", value, { expires: 365 * 2, path: "/" });',
        'Cookies.set("_ga", value, { expires: 390, path: "/" });',
    ),
)


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case.name)
def test_a_fix_changes_these_bytes_and_no_others(case: _Case, tmp_path: Path) -> None:
    _written(tmp_path, {case.path: case.before})
    fixed = api.fix([tmp_path], options=_options(tmp_path), unsafe=True, notes=True)
    assert _read(tmp_path, [case.path])[case.path] == (case.after or case.before)
    assert bool(fixed.report.fixed) == (case.after is not None)
    again = api.fix([tmp_path], options=_options(tmp_path), unsafe=True, notes=True)
    assert again.after == {}


def test_safe_fixes_are_made_alone_unless_others_are_asked_for(tmp_path: Path) -> None:
    page = f'<form action="/in">{_FORM}<input type="checkbox" name="newsletter" checked>'
    _written(tmp_path, {"page.html": page})
    safe = api.fix([tmp_path], options=_options(tmp_path))
    assert [finding.rule for finding in safe.report.fixed] == ["preticked-consent"]
    assert safe.after["page.html"] == page.replace(" checked", "")
    rest = api.fix([tmp_path], options=_options(tmp_path), unsafe=True)
    assert [finding.rule for finding in rest.report.fixed] == ["sensitive-get-form"]


def test_what_is_only_possible_is_never_fixed_safely(tmp_path: Path) -> None:
    code = 'import * as Sentry from "@sentry/browser";\nconst more = load();\n'
    _written(tmp_path, {"app.js": code + "Sentry.init({ ...more, sendDefaultPii: more.all });\n"})
    report = api.check([tmp_path], options=_options(tmp_path))
    assert [f.fix for f in report.findings if f.fix is not None and f.fix.safe] == []


def test_an_ignored_finding_is_not_fixed(tmp_path: Path) -> None:
    page = (
        "<!-- gdprlint: ignore-next-line[preticked-consent]: the law asks for it here -->\n"
        '<input type="checkbox" name="newsletter" checked>\n'
    )
    _written(tmp_path, {"page.html": page})
    assert api.fix([tmp_path], options=_options(tmp_path), unsafe=True).after == {}


# -------------------------------------------------------------------- fixes that meet


def _finding(path: str, *edits: tuple[int, int, str]) -> Finding:
    report_edits = tuple(Edit(Span(path, start, end), text) for start, end, text in edits)
    from gdprlint.findings import Properties

    return Finding(
        rule=f"rule-{edits[0][0]}",
        level=Level.WARNING,
        confidence=Confidence.CERTAIN,
        message="it is so",
        span=Span(path, edits[0][0], edits[0][1]),
        properties=Properties(theme="consent", effect="load"),
        fix=Fix(safe=True, says="change it", changes=(), edits=report_edits),
    )


def test_of_fixes_that_overlap_the_first_is_made() -> None:
    sources = {"a.txt": Source("a.txt", "abcdefgh")}
    one, other, third = (
        _finding("a.txt", (0, 3, "X")),
        _finding("a.txt", (2, 5, "Y")),
        _finding("a.txt", (6, 7, "Z")),
    )
    applied = apply([one, other, third], sources)
    assert applied.findings == (one, third)
    assert applied.texts == {"a.txt": "XdefZh"}


def test_a_fix_is_made_whole_or_not_at_all() -> None:
    sources = {"a.txt": Source("a.txt", "abcdefgh"), "b.txt": Source("b.txt", "ijkl")}
    one = _finding("a.txt", (0, 3, "X"))
    across = _finding("b.txt", (0, 1, "Y"))
    assert across.fix is not None
    both = replace(
        across,
        fix=replace(across.fix, edits=(*across.fix.edits, Edit(Span("a.txt", 1, 2), "Z"))),
    )
    assert apply([one, both], sources).texts == {"a.txt": "Xdefgh"}


def test_the_same_edit_is_made_once_for_two_findings() -> None:
    sources = {"a.txt": Source("a.txt", "abcdefgh")}
    one, other = _finding("a.txt", (0, 3, "X")), _finding("a.txt", (0, 3, "X"))
    applied = apply([one, other], sources)
    assert applied.texts == {"a.txt": "Xdefgh"}
    assert len(applied.findings) == 2


def test_fixes_that_touch_are_all_made_in_the_end(tmp_path: Path) -> None:
    """What is ticked ends where the blanks before the mark begin that go with the mark."""
    page = '<input type="checkbox" name="consent_diagnosis" checked data-hj-allow>'
    _written(tmp_path, {"page.html": page})
    fixed = api.fix([tmp_path], options=_options(tmp_path))
    assert fixed.after == {"page.html": '<input type="checkbox" name="consent_diagnosis">'}
    assert len(fixed.report.fixed) == 2


def test_a_fix_that_would_not_do_is_not_made(tmp_path: Path) -> None:
    """A library sends the form by GET whatever its method says, so POST would change nothing."""
    page = f'<form action="/in" hx-get="/in" hx-push-url="true">{_FORM}'
    _written(tmp_path, {"page.html": page})
    fixed = api.fix([tmp_path], options=_options(tmp_path), unsafe=True)
    assert fixed.after == {}
    assert any("the fix is not made" in warning for warning in fixed.report.warnings)
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == page


# -------------------------------------------------------------------- files


def test_a_file_that_has_changed_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_text("new", encoding="utf-8")
    assert write(file, "old", "better") == "it has changed since it was read"
    assert file.read_text(encoding="utf-8") == "new"


def test_a_read_only_file_is_left_alone_and_the_others_are_fixed(tmp_path: Path) -> None:
    box = '<input type="checkbox" name="newsletter" checked>\n'
    _written(tmp_path, {"a.html": box, "b.html": box})
    (tmp_path / "a.html").chmod(0o444)
    fixed = api.fix([tmp_path], options=_options(tmp_path))
    assert _read(tmp_path, ["a.html", "b.html"]) == {
        "a.html": box,
        "b.html": box.replace(" checked", ""),
    }
    assert [finding.span.path for finding in fixed.report.fixed] == ["b.html"]
    assert [finding.span.path for finding in fixed.report.findings] == ["a.html"]
    assert any("a.html: its fixes are not made" in warning for warning in fixed.report.warnings)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "latin-1"])
def test_a_file_keeps_its_encoding(encoding: str, tmp_path: Path) -> None:
    declared = '<meta charset="iso-8859-1">' if encoding == "latin-1" else ""
    page = f'{declared}<p>é ü</p><input type="checkbox" name="newsletter" checked>\r\n'
    file = tmp_path / "page.html"
    file.write_bytes(page.encode(encoding))
    api.fix([tmp_path], options=_options(tmp_path))
    assert file.read_bytes() == page.replace(" checked", "").encode(encoding)


def test_a_file_with_bytes_that_are_no_text_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    data = b'<p>\xff\xfe\x81</p><input type="checkbox" name="newsletter" checked>'
    file.write_bytes(data)
    fixed = api.fix([tmp_path], options=_options(tmp_path))
    assert file.read_bytes() == data
    assert fixed.report.fixed == ()
    assert any("not all of it is text" in warning for warning in fixed.report.warnings)


def test_permissions_and_links_stay(tmp_path: Path) -> None:
    box = '<input type="checkbox" name="newsletter" checked>\n'
    _written(tmp_path, {"real.html": box})
    (tmp_path / "real.html").chmod(0o755)
    link = tmp_path / "link.html"
    link.symlink_to("real.html")
    assert write(link, box, "new") == ""
    assert link.is_symlink()
    assert (tmp_path / "real.html").stat().st_mode & 0o777 == 0o755
    assert sorted(os.listdir(tmp_path)) == ["link.html", "real.html"]


def test_nothing_is_left_beside_a_file_that_cannot_be_written(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text("old", encoding="utf-8")
    (tmp_path / "page.html.partial").mkdir()
    assert write(file, "old", "new") != ""
    assert file.read_text(encoding="utf-8") == "old"


# -------------------------------------------------------------------- Python's own process


def test_code_that_takes_the_process_down_spares_the_other_files() -> None:
    deep = "x = " + "(" * 5_000 + "1" + ")" * 5_000 + '\nSECURE_REFERRER_POLICY = "unsafe-url"\n'
    plain = 'SECURE_REFERRER_POLICY = "unsafe-url"\n'
    sources = {"deep.py": Source("deep.py", deep), "plain.py": Source("plain.py", plain)}
    findings = []
    for source in sources.values():
        from gdprlint.findings import Change

        start = source.text.index('"unsafe-url"')
        change = Change("value", Span(source.path, start, start + 12), value="same-origin")
        made = _finding(source.path, (start, start + 12, ""))
        fix = Fix(safe=True, says="change it", changes=(change,))
        findings.append(replace(made, fix=fix))
    deep_one, plain_one = with_edits(findings, sources, python=True)
    assert deep_one.fix is None
    assert plain_one.fix is not None
    assert [edit.text for edit in plain_one.fix.edits] == ["same-origin"]


def test_the_parser_of_python_is_in_no_process_but_its_own(tmp_path: Path) -> None:
    (tmp_path / "settings.py").write_text('SECURE_REFERRER_POLICY = "unsafe-url"\n')
    code = (
        "import sys; from gdprlint.cli import run; "
        f"run(['check', {str(tmp_path)!r}, '--fix', '-q', '--no-cache']); "
        "print('libcst' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert done.stdout.endswith("False\n")
    assert "strict-origin" in (tmp_path / "settings.py").read_text()


def test_a_plain_check_starts_no_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(process, "_asked", refuse)
    (tmp_path / "settings.py").write_text('SECURE_REFERRER_POLICY = "unsafe-url"\n')
    report = api.check([tmp_path], options=_options(tmp_path, edits=False))
    assert [f.fix is not None for f in report.findings] == [True]


def test_fixed_python_is_still_python(tmp_path: Path) -> None:
    for _, example in _examples():
        for path, text in example.files:
            if path.endswith(".py"):
                _written(tmp_path, {path: text})
                fixed = api.fix([tmp_path], options=_options(tmp_path), unsafe=True)
                for after in fixed.after.values():
                    ast.parse(after)


# -------------------------------------------------------------------- the command

_LEAKY = (
    '<form action="/in"><input type="password" name="password"></form>\n'
    '<input type="checkbox" name="newsletter" checked>\n'
)


def _project(folder: Path) -> Path:
    (folder / "page.html").write_text(_LEAKY, encoding="utf-8")
    (folder / "gdprlint.yml").write_text("profile: [default]\n", encoding="utf-8")
    return folder


def test_a_check_tells_how_many_can_be_fixed(tmp_path: Path) -> None:
    done = gdprlint("check", str(_project(tmp_path)), "--no-cache")
    assert done.returncode == 1
    assert "1 fixable with --fix, 1 more with --unsafe-fixes" in done.stdout
    assert "= fix: leave the box empty (--fix)" in done.stdout
    assert "= fix: send the form by POST (--fix --unsafe-fixes)" in done.stdout
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == _LEAKY


def test_fixing_tells_what_was_fixed_and_reports_what_is_left(tmp_path: Path) -> None:
    done = gdprlint("check", str(_project(tmp_path)), "--no-cache", "--fix")
    assert done.returncode == 1
    assert "1 error in 1 file read, 0 not read; 1 fixed; 1 fixable with --fix --unsafe-fixes" in (
        done.stdout
    )
    assert "preticked-consent" not in done.stdout
    done = gdprlint("check", str(tmp_path), "--no-cache", "--fix", "--unsafe-fixes")
    assert done.returncode == 0
    assert "no findings in 1 file read, 0 not read; 1 fixed" in done.stdout


def test_unsafe_fixes_alone_change_nothing(tmp_path: Path) -> None:
    done = gdprlint("check", str(_project(tmp_path)), "--no-cache", "--unsafe-fixes")
    assert done.returncode == 1
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == _LEAKY


def test_a_difference_is_shown_and_changes_nothing(tmp_path: Path) -> None:
    done = gdprlint("check", str(_project(tmp_path)), "--no-cache", "--fix", "--diff")
    assert done.returncode == 1
    assert done.stdout == (
        "--- page.html\n+++ page.html\n@@ -1,2 +1,2 @@\n"
        ' <form action="/in"><input type="password" name="password"></form>\n'
        '-<input type="checkbox" name="newsletter" checked>\n'
        '+<input type="checkbox" name="newsletter">\n'
    )
    assert done.stderr == "gdprlint: 1 finding would be fixed; 1 more with --unsafe-fixes\n"
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == _LEAKY


def test_a_difference_of_nothing_is_status_0(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>hello</p>", encoding="utf-8")
    done = gdprlint("check", str(tmp_path), "--no-cache", "--diff")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "gdprlint: nothing would be fixed\n"


def test_a_difference_is_a_patch(tmp_path: Path) -> None:
    """With carriage returns, without a line end at the end, and characters that other programs
    take for line ends."""
    page = _LEAKY.replace("\n", "\r\n") + "<p>a\u2028b\x0cc</p>\r\n<input name=q>"
    page += '<input type="checkbox" name="offers" checked>'
    (tmp_path / "page.html").write_bytes(page.encode())
    done = gdprlint("check", str(tmp_path), "--no-cache", "--diff", "--unsafe-fixes", "-q")
    assert "No newline at end of file" in done.stdout
    patch = subprocess.run(
        ["git", "apply", "-p0", "-"],
        cwd=tmp_path,
        input=subprocess.run(
            [sys.executable, "-m", "gdprlint", "check", ".", "--diff", "--unsafe-fixes", "-q"],
            cwd=tmp_path,
            capture_output=True,
            check=False,
        ).stdout,
        capture_output=True,
        check=False,
    )
    assert patch.returncode == 0, patch.stderr
    expected = page.replace(" checked", "").replace("<form ", '<form method="post" ')
    assert (tmp_path / "page.html").read_bytes() == expected.encode()


@pytest.mark.parametrize(
    "more", [["--output", "r.txt"], ["--report", "json:r.json"], ["--write-baseline", "b.json"]]
)
def test_a_difference_stands_alone(more: list[str], tmp_path: Path) -> None:
    done = gdprlint("check", str(_project(tmp_path)), "--diff", *more, cwd=tmp_path)
    assert done.returncode == 2
    assert f"leave out {more[0]}" in done.stderr


# -------------------------------------------------------------------- reports, baseline, cache


def _told(folder: Path, format_: str, *more: str) -> dict[str, object]:
    done = gdprlint("check", str(folder), "--no-cache", "--format", format_, "-q", *more)
    told: dict[str, object] = json.loads(done.stdout)
    return told


def test_json_holds_every_fix(tmp_path: Path) -> None:
    findings = _told(_project(tmp_path), "json")["findings"]
    assert isinstance(findings, list)
    fixes = {finding["rule"]: finding["fix"] for finding in findings}
    assert fixes["sensitive-get-form"] == {
        "safe": False,
        "says": "send the form by POST",
        "edits": [
            {
                "path": "page.html",
                "line": 1,
                "column": 6,
                "endLine": 1,
                "endColumn": 6,
                "text": ' method="post"',
            }
        ],
    }
    assert fixes["preticked-consent"]["safe"] is True


@pytest.mark.parametrize(("more", "rules"), [((), 1), (("--unsafe-fixes",), 2)])
def test_sarif_holds_unsafe_fixes_only_where_they_are_asked_for(
    more: tuple[str, ...], rules: int, tmp_path: Path
) -> None:
    log = _told(_project(tmp_path), "sarif", *more)
    results = log["runs"][0]["results"]  # type: ignore[index]
    assert sum("fixes" in result for result in results) == rules


def test_the_fixes_of_sarif_do_what_the_command_does(tmp_path: Path) -> None:
    """Applied as an editor would: by lines and UTF-16 columns."""
    page = "😀 é\r\n" + _LEAKY.replace("\n", "\r\n").replace("<input type=", "😀<input type=")
    page += '<noscript>\r\n<img src="https://www.facebook.com/tr?id=1">\r\n</noscript>\r\n<p>b</p>'
    (tmp_path / "page.html").write_bytes(page.encode())
    log = _told(tmp_path, "sarif", "--unsafe-fixes")
    replacements = [
        replacement
        for result in log["runs"][0]["results"]  # type: ignore[index]
        for fix in result.get("fixes", ())
        for change in fix["artifactChanges"]
        for replacement in change["replacements"]
    ]
    assert len(replacements) == 3
    units = page.encode("utf-16-le")
    starts = [0]
    for line in page.split("\n"):
        starts.append(starts[-1] + len((line + "\n").encode("utf-16-le")))
    spans = []
    for one in replacements:
        region = one["deletedRegion"]
        start = starts[region["startLine"] - 1] + 2 * (region["startColumn"] - 1)
        end = starts[region["endLine"] - 1] + 2 * (region["endColumn"] - 1)
        spans.append((start, end, one["insertedContent"]["text"].encode("utf-16-le")))
    for start, end, text in sorted(spans, reverse=True):
        units = units[:start] + text + units[end:]
    api.fix([tmp_path], options=_options(tmp_path), unsafe=True)
    assert (tmp_path / "page.html").read_bytes().decode() == units.decode("utf-16-le")


def test_what_the_baseline_knows_is_not_fixed_and_stays_known(tmp_path: Path) -> None:
    _project(tmp_path)
    known = str(tmp_path / "known.json")
    gdprlint("check", str(tmp_path), "--no-cache", "-q", "--write-baseline", known)
    before = Path(known).read_text(encoding="utf-8")
    more = _LEAKY + '<input type="checkbox" name="offers" checked>\n'
    (tmp_path / "page.html").write_text(more, encoding="utf-8")
    done = gdprlint("check", str(tmp_path), "--no-cache", "--fix", "--baseline", known)
    assert done.returncode == 0
    assert "1 fixed; 2 known to the baseline" in done.stdout
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == more.replace(
        'name="offers" checked', 'name="offers"'
    )
    assert Path(known).read_text(encoding="utf-8") == before


def test_a_baseline_that_is_written_holds_what_is_left(tmp_path: Path) -> None:
    _project(tmp_path)
    known = str(tmp_path / "known.json")
    gdprlint("check", str(tmp_path), "--no-cache", "-q", "--fix", "--write-baseline", known)
    entries = json.loads(Path(known).read_text(encoding="utf-8"))["findings"]
    assert [entry["rule"] for entry in entries] == ["sensitive-get-form"]
    done = gdprlint("check", str(tmp_path), "--no-cache", "--baseline", known)
    assert done.returncode == 0


def test_the_cache_is_right_after_a_fix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GDPRLINT_CACHE_DIR", str(tmp_path / "cache"))
    project = tmp_path / "project"
    project.mkdir()
    _project(project)
    first = gdprlint("check", str(project), "--format", "json", "-q")
    gdprlint("check", str(project), "--diff", "-q")
    assert gdprlint("check", str(project), "--format", "json", "-q").stdout == first.stdout
    gdprlint("check", str(project), "--fix", "-q")
    with_cache = gdprlint("check", str(project), "--format", "json", "-q")
    without = gdprlint("check", str(project), "--format", "json", "-q", "--no-cache")
    assert with_cache.stdout == without.stdout
    assert with_cache.stdout != first.stdout
