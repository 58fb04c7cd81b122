"""What a person gets wrong is told in one sentence; what a file gets wrong stops nobody.

Status 2 and a line that names the place for a path, an option, settings or a ruleset that are of
no use; a number in the summary for source that cannot be read. Never a traceback, and never a wait
without end.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from errno import EACCES
from pathlib import Path
from typing import Any

import pytest

from gdprlint.cli import run

_TRACKER = '<script src="https://connect.facebook.net/en_US/fbevents.js"></script>\n'
_SECONDS = 60
"""Generous: every run here takes a second or two on a slow machine, but for the largest file."""


@dataclass(frozen=True)
class Outcome:
    """What a command line came to."""

    status: int
    out: str
    err: str

    @property
    def sentence(self) -> str:
        """The one line on stderr, without the name of the program."""
        lines = self.err.strip().splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("gdprlint: "), self.err
        return lines[0].removeprefix("gdprlint: ")

    @property
    def findings(self) -> list[tuple[str, str]]:
        """Rule and file of each finding of a report in JSON."""
        found: list[dict[str, Any]] = json.loads(self.out)["findings"]
        return sorted((finding["rule"], _path_of(finding)) for finding in found)


def _path_of(finding: dict[str, Any]) -> str:
    place: dict[str, Any] = finding.get("location", finding)
    return str(place["path"])


def gdprlint(*arguments: str | Path, folder: Path | None = None) -> Outcome:
    """Run one command line in a process of its own, which must end by itself and not by a fault."""
    done = subprocess.run(
        [sys.executable, "-m", "gdprlint", *map(str, arguments)],
        cwd=folder,
        capture_output=True,
        timeout=_SECONDS,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    outcome = Outcome(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
    assert "Traceback" not in outcome.out + outcome.err
    assert "made an error of its own" not in outcome.err
    return outcome


def _check(site: Path, *more: str) -> Outcome:
    return gdprlint("check", site, "--format", "json", *more)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with one page that has one finding, so that a run that goes on can be told."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "page.html").write_text(_TRACKER, encoding="utf-8")
    return folder


FOUND = [("unconsented-tracker", "page.html")]


# -------------------------------------------------------------------- what a person gets wrong


def test_a_mistyped_path_is_told_with_the_likely_one(site: Path) -> None:
    outcome = gdprlint("check", site / "pgae.html")
    assert outcome.status == 2
    assert (
        "pgae.html: there is no such file or folder; did you mean 'page.html'?" in outcome.sentence
    )


@pytest.mark.parametrize("command", ["check", "show", "test"])
def test_a_path_that_is_not_there_is_told_by_every_command(command: str, site: Path) -> None:
    outcome = gdprlint(command, site / "nowhere")
    assert (outcome.status, "there is no such file or folder" in outcome.sentence) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["chekc"], "did you mean 'check'?"),
        (["check", "--formt", "json"], "--format"),
        (["check", "--format", "jsno"], "'json'"),
        (["check", "--select", "remote-fonts"], "did you mean 'remote-font'?"),
        (["check", "--ignore", "tracking-pixels"], "did you mean 'tracking-pixel'?"),
        (["check", "--profile", "strcit"], "did you mean 'strict'?"),
        (["check", "--report", "sarif"], "FORMAT:PATH"),
        (["check", "--report", "sraif:x"], "did you mean 'sarif'?"),
        (["check", "--config", "gdprlnt.yml"], "gdprlnt.yml"),
        (["check", "--rulesets", "nowhere"], "nowhere"),
        (["check", "--root", "nowhere"], "nowhere"),
        (["check", "--baseline", "nowhere.json"], "nowhere.json"),
        (["explain", "remote-fonts"], "did you mean 'remote-font'?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_mistyped_word_is_told_in_one_sentence(
    site: Path, arguments: list[str], told: str
) -> None:
    outcome = gdprlint(*arguments, folder=site)
    assert outcome.status == 2
    assert told in outcome.sentence


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("contxt: [health]\n", "did you mean 'context'?"),
        ("context: [health\n", "gdprlint.yml:"),
        ("profile: strcit\n", "strcit"),
        ("ignore: [{rule: remote-font}]\n", "reason"),
        ("first_party: {a: b}\n", "first_party"),
        ("consent: {signs: [{conditon: agreed()}]}\n", "condition"),
        ("rulesets: [nowhere]\n", "nowhere"),
        ("- a list\n", "gdprlint.yml"),
        ("context: &a [*a]\n", "gdprlint.yml"),
        ("\x00\x01\n", "gdprlint.yml"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_settings_that_cannot_be_followed_are_told_with_their_place(
    site: Path, settings: str, told: str
) -> None:
    (site / "gdprlint.yml").write_text(settings, encoding="utf-8")
    outcome = gdprlint("check", site)
    assert outcome.status == 2
    assert told in outcome.sentence


def test_settings_in_another_encoding_are_told(site: Path) -> None:
    (site / "gdprlint.yml").write_bytes("context: [sant\xe9]\n".encode("latin-1"))
    outcome = gdprlint("check", site)
    assert (outcome.status, "gdprlint.yml" in outcome.sentence) == (2, True)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("theme/broken.yaml", "id: broken\ntitle: [open\n", "broken.yaml"),
        ("theme/broken.yaml", "id: broken\n", "broken.yaml"),
        ("theme/broken.yaml", "id: other\n", "broken.yaml"),
        ("theme/broken.yaml", "- not a rule\n", "broken.yaml"),
        ("knowledge/vendors/broken.yaml", "id: broken\nnmae: Broken\n", "broken.yaml"),
        ("knowledge/consent/broken.yaml", "", "broken.yaml"),
        ("profiles/broken.yaml", "id: broken\nrules: 7\n", "broken.yaml"),
    ],
)
def test_a_broken_file_of_a_ruleset_is_told_with_its_name(
    site: Path, tmp_path: Path, name: str, text: str, told: str
) -> None:
    file = tmp_path / "own" / name
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    outcome = gdprlint("check", site, "--rulesets", tmp_path / "own")
    assert outcome.status == 2
    assert told in outcome.sentence


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 99}', "\x00"])
def test_a_baseline_that_is_none_is_told(site: Path, text: str) -> None:
    (site / "baseline.json").write_text(text, encoding="utf-8")
    outcome = gdprlint("check", site, "--baseline", site / "baseline.json")
    assert (outcome.status, "baseline.json" in outcome.sentence) == (2, True)


# -------------------------------------------------------------------- what a file gets wrong


def _nested(depth: int) -> str:
    return "x = " + "(" * depth + "1" + ")" * depth + ";\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("noise.js", bytes(range(256)) * 64),
        ("picture.html", b"\x89PNG\r\n\x1a\n" + b"\x00" * 4096),
        ("latin.html", "<p>caf\xe9 \xe0 la cr\xe8me</p>".encode("latin-1")),
        ("half.js", b"const a = '\xff\xfe\xe2\x82';\n"),
        ("utf16.html", "<p>wide</p>".encode("utf-16")),
        ("null.py", b"a = 1\x00\n"),
        ("brackets.js", _nested(10_000).encode()),
        ("brackets.py", _nested(10_000).encode()),
        ("arrays.ts", ("x = " + "[" * 10_000 + "]" * 10_000 + ";\n").encode()),
        ("objects.tsx", ("x = " + "{a:" * 10_000 + "1" + "}" * 10_000 + ";\n").encode()),
        ("calls.js", ("f(" * 10_000 + ")" * 10_000 + ";\n").encode()),
        ("functions.js", ("function(){" * 10_000 + "}" * 10_000 + "\n").encode()),
        ("elements.html", ("<div>" * 10_000 + "\n").encode()),
        ("scripts.html", ("<script>(" * 5_000 + "\n").encode()),
        ("blocks.css", ("a{" * 10_000 + "}" * 10_000 + "\n").encode()),
        ("tags.j2", ("{% if a %}" * 10_000 + "\n").encode()),
        ("additions.js", ("x = " + "a + " * 20_000 + "b;\n").encode()),
        ("members.js", ("x = a" + ".b" * 20_000 + ";\n").encode()),
        ("conditions.js", ("if (a) " * 10_000 + "b();\n").encode()),
        ("sent.js", ('fetch("/a" + ' + "b + " * 5_000 + "c);\n").encode()),
        ("cookie.js", ("document.cookie = " + "'a' + b + " * 5_000 + "c;\n").encode()),
        (
            "payload.js",
            ("fbq('track', 'A', " + "{a:" * 5_000 + "1" + "}" * 5_000 + ");\n").encode(),
        ),
        ("chosen.js", ("location.href = " + "a ? '/b' : " * 5_000 + "c;\n").encode()),
        ("either.js", ("fetch(" + "a || " * 5_000 + "b);\n").encode()),
        ("not.js", ("if (" + "!" * 5_000 + "consent) fbq('track', 'A');\n").encode()),
        ("and.js", ("if (" + "a && " * 5_000 + "consent) fbq('track', 'A');\n").encode()),
        ("arrows.js", ("const f = " + "a => " * 5_000 + "fetch(a);\n").encode()),
        ("aliases.js", "".join(f"const a{i} = a{i + 1};\n" for i in range(5_000)).encode()),
        ("circle.js", b"let a = b; let b = a; a = a + b; fetch(a); document.cookie = b;\n"),
        ("itself.js", b"function f(a) { return f(f(a)); } fetch(f(f)); f(fetch);\n"),
        ("sites.js", ("function f(u) { fetch(u); }\n" + "f('/a?email=' + b);\n" * 5_000).encode()),
        ("elses.js", ("if (a) b(); else " * 5_000 + "c();\n").encode()),
        ("added.py", ("x = redirect('/a' + " + "b + " * 5_000 + "c)\n").encode()),
        ("indented.py", "".join(" " * i + "if a:\n" for i in range(120)).encode()),
        ("includes.html", b"{% extends 'includes.html' %}{% include 'includes.html' %}\n"),
        ("imports.mjs", b"import './imports.mjs'; export * from './imports.mjs';\n"),
        ("markup.jsx", ("x = " + "<a>" * 5_000 + "</a>" * 5_000 + ";\n").encode()),
        ("values.html", ("<p>{{ a" + "|b" * 20_000 + " }}</p>\n").encode()),
        ("quotes.js", b"'" * 100_001),
        ("open.html", b"<" * 100_000),
        ("comments.html", b"<!--" * 50_000),
        ("attributes.html", b"<a " + b"b='c' " * 50_000 + b">"),
        ("empty.js", b""),
        ("blank.html", b"\n" * 100_000),
        ("mark.html", b"\xef\xbb\xbf<p>marked</p>"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_strange_file_leaves_the_others_unharmed(site: Path, name: str, content: bytes) -> None:
    (site / name).write_bytes(content)
    outcome = _check(site)
    assert outcome.status == 1, outcome.err
    assert set(FOUND) <= set(outcome.findings)


def test_an_error_of_our_own_in_one_file_is_told_and_leaves_the_others_unharmed(
    site: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from gdprlint.effects.recognise import Recogniser

    (site / "stumble.html").write_text("<p>fine</p>", encoding="utf-8")
    whole = Recogniser.of_file

    def of_file(self: Recogniser, path: str) -> tuple[Any, ...]:
        if path == "stumble.html":
            raise RecursionError
        return whole(self, path)

    monkeypatch.setattr(Recogniser, "of_file", of_file)
    assert run(["check", str(site), "--format", "json", "--no-cache"]) == 1
    told = capsys.readouterr()
    report = json.loads(told.out)
    assert {(f["rule"], f["path"]) for f in report["findings"]} == set(FOUND)
    assert [u["path"] for u in report["files"]["unread"]] == ["stumble.html"]
    assert report["files"]["notRead"] == 1
    assert "stumble.html: gdprlint made an error of its own here (RecursionError" in told.err
    assert run(["check", str(site), "--strict", "--no-cache", "-q"]) == 2


def test_of_what_lies_around_a_file_of_no_project_only_what_it_brings_in_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "a.js").write_text('import "./b";', encoding="utf-8")
    (tmp_path / "js" / "b.js").write_text("fbq('track', 'PageView');", encoding="utf-8")
    (tmp_path / "other.html").write_text(_TRACKER, encoding="utf-8")
    (tmp_path / "page.html").write_text('<script src="js/a.js"></script>', encoding="utf-8")
    run(["check", str(tmp_path / "page.html"), "--format", "json", "--no-cache"])
    told = capsys.readouterr()
    assert json.loads(told.out)["files"]["read"] == 3
    assert "is in no repository and has no settings" in told.err


def test_a_binary_file_is_counted_as_not_read(site: Path) -> None:
    (site / "noise.js").write_bytes(b"\x00\x01\x02" * 1000)
    outcome = gdprlint("check", site)
    assert "1 not read" in outcome.out


def test_with_strict_a_file_that_cannot_be_read_is_a_failure(site: Path) -> None:
    (site / "noise.js").write_bytes(b"\x00\x01\x02" * 1000)
    assert _check(site, "--strict").status == 2


def test_broken_source_is_counted_as_partly_understood(site: Path) -> None:
    (site / "broken.js").write_text("function (((( {\n", encoding="utf-8")
    outcome = gdprlint("check", site)
    assert "parts of 1 file not understood" in " ".join((outcome.out + outcome.err).split())


def test_a_line_of_fifty_megabytes_leaves_the_others_unharmed(site: Path) -> None:
    piece = 'f("a",{b:1,c:[2,3]});'
    (site / "bundle.js").write_text(piece * (50_000_000 // len(piece)), encoding="utf-8")
    outcome = _check(site, "--no-cache")
    assert outcome.findings == FOUND


def test_a_file_of_more_than_sixty_four_mebibytes_is_not_read(site: Path) -> None:
    with (site / "huge.js").open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    outcome = gdprlint("check", site)
    assert "1 not read" in outcome.out


def test_a_link_that_leads_to_itself_is_passed_over(site: Path) -> None:
    (site / "loop").symlink_to(site / "loop")
    (site / "again").symlink_to(site, target_is_directory=True)
    assert _check(site).findings == FOUND


def test_a_link_out_of_the_project_is_not_followed(site: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "other.html").write_text(_TRACKER, encoding="utf-8")
    (site / "out").symlink_to(tmp_path / "outside", target_is_directory=True)
    (site / "other.html").symlink_to(tmp_path / "outside" / "other.html")
    assert _check(site).findings == FOUND


def test_a_link_to_nothing_is_passed_over(site: Path) -> None:
    (site / "gone.html").symlink_to(site / "nowhere.html")
    assert _check(site).findings == FOUND


def test_a_pipe_is_not_waited_for(site: Path) -> None:
    os.mkfifo(site / "pipe.html")
    assert _check(site).findings == FOUND


def test_a_pipe_that_is_named_is_not_waited_for(site: Path) -> None:
    os.mkfifo(site / "pipe.html")
    outcome = gdprlint("check", site / "pipe.html")
    assert outcome.status in (0, 2)
    assert "pipe.html" in outcome.err


@pytest.fixture
def secret(site: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that may not be read, not even by root, whom no mode of a file keeps out."""
    file = site / "secret.html"
    file.write_text(_TRACKER, encoding="utf-8")
    reading = Path.read_bytes

    def refuses(path: Path) -> bytes:
        if path.name == file.name:
            raise PermissionError(EACCES, os.strerror(EACCES), str(path))
        return reading(path)

    monkeypatch.setattr(Path, "read_bytes", refuses)
    return file


def test_a_file_that_may_not_be_read_is_counted_and_the_others_are_read(
    secret: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    status = run(["check", str(secret.parent)])
    written = capfd.readouterr().out
    assert status == 1
    assert "1 file read, 1 not read" in written
    assert "secret.html" in written


def test_a_named_file_that_may_not_be_read_is_told(
    secret: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    status = run(["check", str(secret)])
    assert status == 2
    assert "secret.html" in capfd.readouterr().err


def test_an_empty_folder_is_told_and_is_no_failure(tmp_path: Path) -> None:
    outcome = gdprlint("check", tmp_path)
    assert outcome.status == 0
    assert "no file" in outcome.err


def test_an_empty_folder_is_a_failure_with_strict(tmp_path: Path) -> None:
    assert gdprlint("check", tmp_path, "--strict").status == 2


def test_a_folder_without_a_file_that_is_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing", encoding="utf-8")
    outcome = gdprlint("check", tmp_path)
    assert (outcome.status, "no file" in outcome.err) == (0, True)


def test_names_that_are_no_utf8_are_read_like_others(site: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(site) + b"/caf\xe9.html")).write_text(_TRACKER)
    except OSError:
        pytest.xfail("this file system takes no such name")
    outcome = _check(site)
    assert outcome.status == 1
    assert len(outcome.findings) == 2


@pytest.mark.parametrize("name", ["a b.html", "-q.html", "ünïcödé.html", "a\nb.html", "%41.html"])
def test_strange_names_are_read_like_others(site: Path, name: str) -> None:
    (site / name).write_text(_TRACKER, encoding="utf-8")
    outcome = _check(site)
    assert outcome.status == 1
    assert len(outcome.findings) == 2


def test_an_unwritable_place_for_the_report_is_told(site: Path) -> None:
    outcome = gdprlint("check", site, "--output", site / "nowhere" / "report.txt")
    assert (outcome.status, "report.txt" in outcome.sentence) == (2, True)


def test_a_cache_that_cannot_be_used_is_done_without(site: Path) -> None:
    (site / "blocked").write_text("a file, no folder", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "gdprlint", "check", site, "--format", "json"],
        capture_output=True,
        timeout=_SECONDS,
        check=False,
        env={**os.environ, "GDPRLINT_CACHE_DIR": str(site / "blocked")},
    )
    assert done.returncode == 1, done.stderr
