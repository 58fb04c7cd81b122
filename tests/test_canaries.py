"""No value of a scanned site is in anything that gdprlint writes.

A site is planted with canaries wherever somebody's data can stand: in fields and their defaults,
in URLs, cookies, data files, comments and constants. Then everything that can be written is
written, and searched.
"""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

import pytest

from gdprlint.cli import run
from gdprlint.effects.recognise import Recogniser

# Letters only, so that each also looks like a word, an event's name and a part of a path.
_STEM = "zqcanary"

SITE = {
    "index.html": """\
<!doctype html>
<!-- patient zqcanarycomment was here -->
<title>Results of zqcanarytitle</title>
<script src="https://connect.facebook.net/en_US/fbevents.js?ref=zqcanaryscript"></script>
<script async src="https://www.googletagmanager.com/gtag/js?id=G-ABCDEF1234"></script>
<img src="https://www.facebook.com/tr?id=1&amp;ev=PageView&amp;ud[em]=zqcanaryquery">
<img width=1 height=1 src="https://pixel.partner.example/zqcanarypath/p.gif?u=zqcanaryuser">
<iframe src="https://www.youtube.com/embed/zqcanaryvideo"></iframe>
<link rel="stylesheet" href="https://fonts.googleapis.com/css?family=zqcanaryfont">
<form action="/appointments/zqcanaryaction" id="f">
  <input name="diagnosis" value="zqcanaryvalue" placeholder="zqcanaryhint">
  <input type="email" name="email" value="zqcanary@example.org">
  <select name="reason"><option value="zqcanaryoption">zqcanarychoice</option></select>
  <textarea name="symptoms">zqcanarytext</textarea><button>zqcanarybutton</button>
  <input type="checkbox" name="newsletter" checked value="zqcanaryticked">
</form>
<meta http-equiv="refresh" content="5; url=/next?email=zqcanaryrefresh">
<script>
  fbq("init", "1", {em: "zqcanarymatching", ph: "4912345678901"});
  fbq("track", "Lead", {diagnosis: "zqcanarypayload"});
  fbq("trackCustom", "zqcanaryevent", {reason: document.getElementById("f").reason.value});
  gtag("set", "user_id", "zqcanaryid");
  hj("identify", "zqcanaryperson", {email: "zqcanarytrait"});
  history.pushState({}, "", "/step?diagnosis=zqcanarypushed");
  location.href = "/patients/zqcanarysegment?insurance_number=zqcanarynumber#zqcanaryhash";
</script>
<script src="/static/app.js"></script>
""",
    "static/app.js": """\
// called by zqcanarycaller
import data from "../data/people.json";
const TOKEN = "zqcanaryconstant";
const user = { email: "zqcanaryobject", diagnosis: "zqcanarymember" };
document.cookie = "patient_id=zqcanarycookie; max-age=99999999";
document.cookie = `email=${user.email}zqcanarytemplate; path=/zqcanarycookiepath`;
localStorage.setItem("diagnosis", "zqcanarystored");
sessionStorage.setItem("email", user.email);
fetch("https://collect.partner.example/v1/zqcanaryfetched?email=zqcanaryfetch&token=" + TOKEN, {
  method: "POST", body: JSON.stringify({ email: "zqcanarybody", people: data }),
});
const beacon = "https://www.google-analytics.com/g/collect?v=2&dl=zqcanarybeacon";
navigator.sendBeacon(beacon, "zqcanarysent");
location.assign("/results?email=zqcanaryassigned");
if (siteConsent("zqcanaryguard")) { fbq("track", "Purchase"); }
new Image().src = "https://www.facebook.com/tr?id=1&dl=https%3A%2F%2Fsite.example%2Fzqcanaryimage";
broken(((( "zqcanarybroken
""",
    "src/Form.vue": """\
<template>
  <form method="get"><input v-model="diagnosis" name="diagnosis" value="zqcanaryvue"></form>
  <a :href="'/doctors/' + 'zqcanarylink'">zqcanaryslot</a>
</template>
<script>
export default {
  data: () => ({ diagnosis: "zqcanarystate" }),
  methods: { go() { this.$router.push({ query: { email: "zqcanaryrouter" } }); } },
};
</script>
<style>@import "https://fonts.googleapis.com/css2?family=zqcanarystyle";</style>
""",
    "templates/page.html": """\
{% load static %}{# zqcanarynote #}
{% block title %}zqcanaryblock{% endblock %}
<form action="{% url 'done' key='zqcanaryroute' %}">
  <input name="email" value="{{ user.email|default:'zqcanarydefault' }}">
</form>
<script>gtag("event", "search", {search_term: "{{ q }}zqcanaryterm"});</script>
""",
    "views.py": """\
\"\"\"Written for zqcanarydocstring.\"\"\"
from django.shortcuts import redirect, render
from django.http import HttpResponse

ADMIN = "zqcanarysetting"


def done(request):  # zqcanaryremark
    response = HttpResponse("zqcanaryresponse")
    response.set_cookie("email", "zqcanaryset", max_age=99999999)
    if request.GET.get("diagnosis") == "zqcanarycompared":
        return redirect("/thanks?email=zqcanaryredirect")
    return redirect(f"/patients/{request.GET['email']}/zqcanaryformatted")
""",
    "static/site.css": """\
/* zqcanarycss */
@import url("https://fonts.googleapis.com/css?family=zqcanaryimport");
.x { background: url(https://pixel.partner.example/zqcanarybackground.gif?u=1); }
""",
    "data/people.json": '[{"email": "zqcanarymail", "iban": "zqcanaryiban"}]\n',
    "gdprlint.yml": "# zqcanarysettings\ncontext: [health]\nfirst_party: [zqcanaryhost.example]\n",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The planted site."""
    root = tmp_path_factory.mktemp("planted") / "site"
    for name, text in SITE.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def caches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that all runs here have for their cache."""
    return tmp_path_factory.mktemp("facts")


_LOUD = ["--profile", "strict", "--min-confidence", "possible", "--notes", "-v"]


def _written(arguments: Sequence[str | Path], caches: Path, **environment: str) -> str:
    """All that a command line writes on both streams."""
    done = subprocess.run(
        [sys.executable, "-m", "gdprlint", *map(str, arguments)],
        capture_output=True,
        check=False,
        env={**os.environ, "GDPRLINT_CACHE_DIR": str(caches), **environment},
    )
    return (done.stdout + done.stderr).decode("utf-8")


def _escaped(text: str) -> list[str]:
    """The canaries in a text, as they stand or undressed of colours."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    return sorted(set(re.findall(rf"{_STEM}[a-z]*|4912345678901", plain.lower())))


def test_the_site_has_a_canary_in_every_corner() -> None:
    planted = {name for text in SITE.values() for name in re.findall(rf"{_STEM}[a-z]+", text)}
    assert len(planted) >= 50


@pytest.mark.parametrize("format_", ["text", "concise", "json", "sarif", "github"])
def test_no_report_holds_a_value(site: Path, caches: Path, format_: str) -> None:
    written = _written(["check", site, "--format", format_, *_LOUD], caches)
    assert "sensitive-param-to-tracker" in written, "the site is to have findings"
    assert _escaped(written) == []


def test_no_coloured_report_holds_a_value(site: Path, caches: Path) -> None:
    written = _written(["check", site, *_LOUD], caches, FORCE_COLOR="1")
    assert "\x1b[" in written
    assert _escaped(written) == []


@pytest.mark.parametrize("format_", ["text", "json"])
def test_no_list_of_effects_holds_a_value(site: Path, caches: Path, format_: str) -> None:
    written = _written(["show", site, "--format", format_], caches)
    assert "meta-pixel" in written, "the site is to have effects"
    assert _escaped(written) == []


def test_no_report_in_a_file_holds_a_value(site: Path, caches: Path, tmp_path: Path) -> None:
    wishes = [f"--report=sarif:{tmp_path / 'a.sarif'}", f"--report=json:{tmp_path / 'a.json'}"]
    _written(["check", site, "--output", tmp_path / "a.txt", *wishes, *_LOUD], caches)
    files = sorted(path.name for path in tmp_path.iterdir())
    assert files == ["a.json", "a.sarif", "a.txt"]
    assert [name for name in files if _escaped((tmp_path / name).read_text("utf-8"))] == []


def test_no_baseline_holds_a_value(site: Path, caches: Path, tmp_path: Path) -> None:
    baseline = tmp_path / "baseline.json"
    _written(["check", site, "--write-baseline", baseline, *_LOUD], caches)
    assert _escaped(baseline.read_text("utf-8")) == []


def test_the_cache_holds_no_value(site: Path, tmp_path: Path) -> None:
    _written(["check", site], tmp_path)
    held = b"".join(path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file())
    stem = _STEM.encode()
    dressed = [stem, stem.hex().encode(), quote(_STEM).encode(), _STEM.encode("utf-16-le")]
    dressed += [base64.b64encode(stem[i:])[:-3] for i in range(3)]
    assert len(held) > 1000
    assert [form for form in dressed if form in held.lower() or form in held] == []


# -------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    "settings",
    [
        'context: [health, "zqcanaryopen\n',
        "context: {zqcanarykey: zqcanaryvalue}\n",
        "first_party: [zqcanaryhost.example\nprofile: default\n",
        "ignore:\n  - {rule: remote-font, reason: zqcanaryreason, expires: soon}\n",
        "\tcontext: zqcanarytab\n",
    ],
)
def test_a_sentence_about_broken_settings_holds_no_value(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], settings: str
) -> None:
    (tmp_path / "gdprlint.yml").write_text(settings, encoding="utf-8")
    (tmp_path / "page.html").write_text("<p>", encoding="utf-8")
    status = run(["check", str(tmp_path)])
    written = capfd.readouterr()
    assert status == 2
    assert _escaped(written.out + written.err) == []


@pytest.mark.parametrize("more", [[], ["-v"]])
def test_an_error_of_our_own_tells_no_value(
    site: Path,
    more: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def breaks(self: Recogniser, path: str) -> None:
        raise RuntimeError(f"cannot make sense of {(site / path).read_text('utf-8')}")

    monkeypatch.setattr(Recogniser, "of_file", breaks)
    status = run(["check", str(site), "--strict", *more])
    written = capfd.readouterr()
    assert status == 2
    assert "please report it" in written.err
    assert _escaped(written.out + written.err) == []


def test_an_error_while_reading_tells_no_value(
    site: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def breaks(path: str, text: str, **given: object) -> None:
        raise ValueError(text)

    monkeypatch.setattr("gdprlint.reading.read_file", breaks)
    status = run(["check", str(site), "--no-cache", "-v"])
    written = capfd.readouterr()
    assert status == 2
    assert _escaped(written.out + written.err) == []
