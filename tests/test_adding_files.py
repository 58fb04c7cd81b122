"""A vendor, a consent platform and a rule are added by adding files, and by nothing else."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gdprlint.cli import run

VENDOR = """\
id: parrot
name: Parrot Insights
company: {name: Parrot SARL, country: FR}
category: ads
purposes: [advertising]
region: eea
as-of: "2026-11-21"
scripts: [cdn.parrot.example/p.js]
globals: [parrot]
calls:
  - {called: parrot, when: [argument 0 is repeat], does: send, use: event, payload: argument 1}
stores:
  - {name: _parrot, purpose: advertising, lasts: 90 days}
collects: {page-url: purl}
endpoint: in.parrot.example/e
sources:
  - {page: "https://parrot.example/docs", read: "2026-11-21"}
examples:
  is:
    - {code: 'parrot("repeat", {});', does: send, use: event}
  is-not:
    - {code: 'parrots("repeat");'}
"""
PLATFORM = """\
id: cage
name: Cage
globals: [Cage]
purposes:
  adverts: [advertising, social]
signs:
  - condition: Cage.opened("{purpose}")
  - gate: {tag: script, type: text/plain, data-cage: "{purpose}"}
stores: [cage]
sources:
  - {page: "https://cage.example/docs", read: "2026-11-21"}
examples:
  is:
    - {code: 'if (Cage.opened("adverts")) { tracker(); }', given: [advertising, social]}
  is-not:
    - {code: 'tracker();'}
"""
RULE = """\
id: clock-in-storage
title: The page keeps a clock on the visitor's device
since: "0.1"
precision: high
tags: [storage]
law: [eprivacy-5-3]
when:
  - effect: store
    medium: [local, session]
levels: [{level: warning}]
message: "`{what}` keeps a clock"
help: Keep no clock.
"""
PAGE = """\
# The page keeps a clock on the visitor's device

Something is kept in the storage of the browser, whatever it is.

## Why it matters

It stays.

## Fails

### Kept for good

```js
localStorage.setItem("clock", "12:00"); // expect: clock-in-storage
```

### Kept for the session

```js
sessionStorage.setItem("clock", "12:00"); // expect: clock-in-storage
```

## Passes

### Only read

```js
localStorage.getItem("clock");
```

### A clock on the wall

```js
wall.setItem("clock", "12:00");
```

## How to fix it

Keep it in memory.
"""
TRACKER = '<script src="https://cdn.parrot.example/p.js"></script>\n'


@pytest.fixture
def rulesets(tmp_path: Path) -> Path:
    """A folder for rulesets of one's own, empty."""
    folder = tmp_path / "own"
    folder.mkdir()
    return folder


@pytest.fixture
def found(
    tmp_path: Path, rulesets: Path, capfd: pytest.CaptureFixture[str]
) -> Callable[[str], list[dict[str, Any]]]:
    """What is found in one page or script, with the shipped rulesets and that folder."""

    def check(code: str) -> list[dict[str, Any]]:
        site = tmp_path / "site"
        site.mkdir(exist_ok=True)
        name = "page.html" if code.startswith("<") else "script.js"
        (site / name).write_text(code, encoding="utf-8")
        status = run(["check", str(site), "--rulesets", str(rulesets), "--format", "json", "-q"])
        written = capfd.readouterr()
        assert status in (0, 1), written.err
        findings: list[dict[str, Any]] = json.loads(written.out)["findings"]
        return findings

    return check


def _add(rulesets: Path, name: str, text: str) -> None:
    file = rulesets / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_nothing_is_found_of_a_vendor_that_nobody_described(
    found: Callable[[str], list[dict[str, Any]]],
) -> None:
    assert found(TRACKER) == []


def test_a_vendor_is_added_by_its_file(
    rulesets: Path, found: Callable[[str], list[dict[str, Any]]]
) -> None:
    _add(rulesets, "knowledge/vendors/parrot.yaml", VENDOR)
    (finding,) = found(TRACKER)
    assert finding["rule"] == "unconsented-tracker"
    assert "Parrot Insights" in finding["message"]


def test_what_an_added_vendor_takes_is_known(
    rulesets: Path, found: Callable[[str], list[dict[str, Any]]]
) -> None:
    _add(rulesets, "knowledge/vendors/parrot.yaml", VENDOR)
    form = '<form><input name="diagnosis"></form>\n'
    rules = {finding["rule"] for finding in found(TRACKER + form)}
    assert "sensitive-param-to-tracker" in rules


def test_a_consent_platform_is_added_by_its_file(
    rulesets: Path, found: Callable[[str], list[dict[str, Any]]]
) -> None:
    guarded = 'if (Cage.opened("adverts")) { fbq("init", "1"); }\n'
    before = [finding["rule"] for finding in found(guarded)]
    _add(rulesets, "knowledge/consent/cage.yaml", PLATFORM)
    assert (before, found(guarded)) == (["unconsented-tracker"], [])


def test_the_markup_of_an_added_platform_is_a_gate(
    rulesets: Path, found: Callable[[str], list[dict[str, Any]]]
) -> None:
    _add(rulesets, "knowledge/consent/cage.yaml", PLATFORM)
    _add(rulesets, "knowledge/vendors/parrot.yaml", VENDOR)
    gated = TRACKER.replace("<script", '<script type="text/plain" data-cage="adverts"')
    assert found(gated) == []


def test_a_rule_is_added_by_its_two_files(
    rulesets: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    _add(rulesets, "clocks/clock-in-storage.yaml", RULE)
    _add(rulesets, "clocks/clock-in-storage.md", PAGE)
    site = tmp_path / "script.js"
    site.write_text('localStorage.setItem("clock", "12:00");\n', encoding="utf-8")
    own = ["--rulesets", str(rulesets), "--select", "clock-in-storage"]
    status = run(["check", str(site), *own, "--format", "concise", "-q"])
    written = capfd.readouterr().out
    assert status == 1
    assert "warning[clock-in-storage]" in written or "clock-in-storage" in written


def test_a_theme_is_added_with_its_first_rule(
    rulesets: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    _add(rulesets, "clocks/clock-in-storage.yaml", RULE)
    assert run(["rules", "--rulesets", str(rulesets), "--format", "json"]) == 0
    rules = json.loads(capfd.readouterr().out)["rules"]
    assert ("clock-in-storage", "clocks") in {(rule["id"], rule["theme"]) for rule in rules}


def test_the_examples_of_an_added_rule_run_as_its_tests(
    rulesets: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    _add(rulesets, "clocks/clock-in-storage.yaml", RULE)
    _add(rulesets, "clocks/clock-in-storage.md", PAGE)
    status = run(["test", str(rulesets)])
    written = capfd.readouterr().out
    assert (status, written.splitlines()[-1]) == (0, "4 passed, 0 failed"), written


def test_an_example_that_does_not_hold_is_told(
    rulesets: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    _add(rulesets, "clocks/clock-in-storage.yaml", RULE)
    wrong = PAGE.replace('localStorage.getItem("clock");', 'localStorage.setItem("clock", "1");')
    _add(rulesets, "clocks/clock-in-storage.md", wrong)
    assert run(["test", str(rulesets), "-q"]) == 1
    assert "clocks/clock-in-storage: Only read" in capfd.readouterr().out


def test_an_added_rule_that_asks_an_unknown_question_is_told_the_likely_word(
    rulesets: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    _add(rulesets, "clocks/clock-in-storage.yaml", RULE.replace("medium:", "medum:"))
    (tmp_path / "page.html").write_text("<p>", encoding="utf-8")
    status = run(["check", str(tmp_path / "page.html"), "--rulesets", str(rulesets)])
    told = capfd.readouterr().err
    assert status == 2
    assert "clock-in-storage.yaml" in told
    assert "did you mean 'medium'?" in told
