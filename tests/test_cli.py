"""Words, streams and statuses; the engine is a stand-in that says what the tests tell it to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import gdprlint
from gdprlint import cli
from gdprlint.cli.progress import Progress
from gdprlint.errors import SettingsError
from gdprlint.findings import Confidence, Finding, Level, Properties, Report, RuleInfo
from gdprlint.source import Source, Span

TEXT = "load(font);\n"
RULE = RuleInfo(
    id="remote-font",
    theme="transfer",
    title="A font comes from | a third party",
    summary="A font that comes from elsewhere tells elsewhere who reads.",
    sentence="When a page loads a font of a third party.",
    page="# A font comes from a third party\n\nIt tells **elsewhere** who reads.\n",
    help="host it yourself",
    level=Level.WARNING,
    law=("gdpr-44",),
    tags=("fonts",),
    precision="high",
)
FINDING = Finding(
    rule="remote-font",
    level=Level.WARNING,
    confidence=Confidence.CERTAIN,
    message="the page loads a font from elsewhere",
    span=Span("a.js", 0, 10),
    properties=Properties(theme="transfer", effect="load"),
)
REPORT = Report(
    findings=(FINDING,), rules=(RULE,), files_read=3, sources={"a.js": Source("a.js", TEXT)}
)
CLEAN = Report(findings=(), rules=(RULE,), files_read=3)
NOTE = replace(REPORT, findings=(replace(FINDING, level=Level.NOTE),))


@dataclass
class Engine:
    """The stand-in: what it answers, and what it was asked."""

    report: Report = CLEAN
    error: BaseException | None = None
    asked: Any = None
    paths: tuple[Path, ...] = ()

    def check(
        self, paths: tuple[Path, ...], *, options: Any, progress: Callable[[str, int, int], None]
    ) -> Report:
        self.paths, self.asked = paths, options
        progress("reading", 1, 2)
        source = Source("shop/a.js", "CANARY")
        if self.error is not None:
            raise self.error
        assert source
        return self.report

    def rules(self, options: Any) -> tuple[RuleInfo, ...]:
        self.asked = options
        return (RULE,)

    def show(self, paths: tuple[Path, ...], *, options: Any) -> Any:
        self.paths, self.asked = paths, options
        return SimpleNamespace(text=lambda: "a.js\n", as_json=lambda: {"version": 1})


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Engine:
    """The stand-in, in a folder of its own that holds `a.js`."""
    engine = Engine()
    module = ModuleType("gdprlint.api")
    for name in ("check", "rules", "show"):
        setattr(module, name, getattr(engine, name))
    module.Options = SimpleNamespace  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "gdprlint.api", module)
    monkeypatch.setattr(gdprlint, "api", module, raising=False)
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "a.js").write_text(TEXT)
    return engine


STATUSES = [
    (CLEAN, [], 0),
    (REPORT, [], 1),
    (REPORT, ["--fail-on", "error"], 0),
    (REPORT, ["--fail-on", "never"], 0),
    (NOTE, [], 0),
    (NOTE, ["--fail-on", "note"], 1),
    (REPORT, ["--format", "sarif"], 1),
    (replace(CLEAN, files_read=0), [], 0),
    (replace(CLEAN, files_read=0), ["--strict"], 2),
    (replace(CLEAN, files_not_read=1), ["--strict"], 2),
    (REPORT, ["--write-baseline", "b.json"], 0),
]


@pytest.mark.parametrize(("report", "options", "status"), STATUSES)
def test_the_status_says_what_was_found(
    engine: Engine, report: Report, options: list[str], status: int
) -> None:
    engine.report = report
    assert cli.run(["check", *options]) == status


def test_only_the_report_is_on_stdout(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    engine.report = replace(REPORT, warnings=("the settings are old",))
    cli.run(["check", "--format", "concise"])
    told = capsys.readouterr()
    assert told.out == "a.js:1:1: warning[remote-font] the page loads a font from elsewhere\n"
    assert told.err == (
        "gdprlint: the settings are old\ngdprlint: 1 warning in 3 files read, 0 not read\n"
    )


def test_the_text_report_ends_with_the_summary(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.run(["check"])
    assert capsys.readouterr() == ("no findings in 3 files read, 0 not read\n", "")


def test_quiet_says_nothing_on_stderr(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    engine.report = replace(REPORT, warnings=("the settings are old",))
    cli.run(["check", "--format", "json", "-q"])
    assert capsys.readouterr().err == ""


def test_a_folder_without_files_to_read_is_told(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.report = replace(CLEAN, files_read=0)
    cli.run(["check"])
    assert "no file that gdprlint reads was found" in capsys.readouterr().err


def test_the_report_goes_whole_into_a_file(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.report = REPORT
    assert cli.run(["check", "--format", "json", "--output", "r.json"]) == 1
    assert json.loads(Path("r.json").read_text())["version"] == 1
    assert capsys.readouterr().out == ""
    assert sorted(path.name for path in Path().iterdir()) == ["a.js", "r.json"]


def test_one_run_writes_several_reports(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    engine.report = REPORT
    cli.run(["check", "--report", "sarif:r.sarif", "--report", "github:r.txt"])
    assert json.loads(Path("r.sarif").read_text())["version"] == "2.1.0"
    assert Path("r.txt").read_text().startswith("::warning ")
    assert capsys.readouterr().out.startswith("warning[remote-font]")


def test_notes_are_hidden_until_asked_for(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.report = NOTE
    cli.run(["check", "--format", "concise"])
    assert capsys.readouterr() == (
        "",
        "gdprlint: no findings in 3 files read, 0 not read; 1 note hidden (--notes shows them)\n",
    )
    cli.run(["check", "--format", "concise", "--notes"])
    assert capsys.readouterr().out.startswith("a.js:1:1: note[")


def test_the_options_reach_the_engine(engine: Engine) -> None:
    Path("rules").mkdir()
    line = (
        "check a.js --profile strict --profile minimal --select transfer --ignore remote-font "
        "--exclude dist --force-exclude --rulesets rules --baseline b.json --config c.yml "
        "--root . --no-cache --min-confidence possible"
    )
    cli.run(line.split())
    assert engine.paths == (Path("a.js"),)
    assert vars(engine.asked) == {
        "profile": ("strict", "minimal"),
        "select": ("transfer",),
        "ignore": ("remote-font",),
        "exclude": ("dist",),
        "force_exclude": True,
        "rulesets": (Path("rules"),),
        "baseline": Path("b.json"),
        "write_baseline": None,
        "config": Path("c.yml"),
        "root": Path(),
        "cache": False,
        "min_confidence": Confidence.POSSIBLE,
        "pages": False,
        "edits": False,
        "workers": min(os.cpu_count() or 1, 8),
    }


def test_no_path_means_the_folder_at_hand(engine: Engine) -> None:
    cli.run(["check"])
    assert engine.paths == (Path(),)


BAD = {
    "check b.js": "gdprlint: b.js: there is no such file or folder; did you mean 'a.js'?\n",
    "check --fail-onn error": "no such option '--fail-onn'",
    "check --format xml": "'xml' is not one of 'text', 'concise', 'json', 'sarif', 'github'",
    "check --report xml:r": "no format 'xml'; known are concise, github, json, sarif, text\n",
    "check --report sarif": "this must be FORMAT:PATH, as in sarif:report.sarif\n",
    "check --report json:r --report sarif:r": "two reports cannot go to one file",
    "check --output none/r": "a report cannot be written here; there is no folder none\n",
    "check --output .": "a report cannot be written here; it is a folder\n",
    "chekc": "gdprlint: there is no command 'chekc'; did you mean 'check'?\n",
    "explain remote-fond": "there is no rule 'remote-fond'; did you mean 'remote-font'?\n",
    "explain": "gdprlint: missing argument 'RULE'; see gdprlint explain --help\n",
    "": "gdprlint: missing command; see gdprlint --help\n",
    "show none": "gdprlint: none: there is no such file or folder\n",
}


@pytest.mark.parametrize("line", BAD)
def test_a_bad_command_line_is_told_in_one_sentence(
    engine: Engine, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(line.split()) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert BAD[line] in told.err


def test_an_error_that_a_person_can_mend_is_told_as_it_is(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.error = SettingsError("gdprlint.yml:3: 'profil' is not known")
    assert cli.run(["check"]) == 2
    assert capsys.readouterr().err == "gdprlint: gdprlint.yml:3: 'profil' is not known\n"


def test_an_error_of_our_own_names_the_file_and_shows_no_value(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.error = KeyError("CANARY")
    assert cli.run(["check"]) == 2
    told = capsys.readouterr().err
    assert "an error of its own while reading shop/a.js; please report it" in told
    assert told.count("\n") == 1
    assert "CANARY" not in told


def test_verbose_adds_the_places_in_our_code_and_no_value(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.error = KeyError("CANARY")
    assert cli.run(["check", "-v"]) == 2
    told = capsys.readouterr().err
    assert "\n  KeyError\n" in told
    assert "  gdprlint.cli.check:" in told
    assert "CANARY" not in told


def test_an_interrupted_run_has_its_own_status(engine: Engine) -> None:
    engine.error = KeyboardInterrupt()
    assert cli.run(["check"]) == 130


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, to be set by a test."""
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    return now


def test_progress_is_silent_for_a_second(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    with Progress(active=True) as progress:
        clock[0] += 0.9
        progress("reading", 1, 9)
    assert capsys.readouterr().err == ""


def test_progress_is_one_line_that_is_wiped(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    with Progress(active=True) as progress:
        clock[0] += 1.1
        progress("reading", 1, 9)
        progress("reading", 2, 9)
    assert capsys.readouterr().err == "\rreading 1/9\x1b[K\r\x1b[K"


def test_progress_is_for_terminals(
    clock: list[float], engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    with Progress(active=False) as progress:
        clock[0] += 2
        progress("reading", 1, 9)
    assert capsys.readouterr().err == ""


def test_colour_is_for_terminals(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    engine.report = REPORT
    cli.run(["check"])
    assert "\x1b" not in capsys.readouterr().out


def test_a_wish_for_colour_wins_over_no_color(
    engine: Engine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    engine.report = REPORT
    cli.run(["check", "--color", "always"])
    assert "\x1b[" in capsys.readouterr().out


def test_force_color_colours_a_pipe(
    engine: Engine, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    engine.report = REPORT
    cli.run(["check"])
    assert "\x1b[" in capsys.readouterr().out


def test_a_rule_is_explained_by_its_sentence_and_its_page(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["explain", "remote-font"]) == 0
    assert capsys.readouterr().out == f"{RULE.sentence}\n\n{RULE.page}"


def test_the_page_is_rendered_where_there_is_colour(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.run(["explain", "remote-font", "--color", "always"])
    told = capsys.readouterr().out
    assert "**" not in told
    assert "\x1b[1m" in told


RULES = {
    "text": "transfer\n  remote-font  warning  A font comes from | a third party\n",
    "markdown": (
        "## transfer\n\n| rule | level | title |\n|---|---|---|\n"
        "| [remote-font](transfer/remote-font.md) | warning | "
        "A font comes from \\| a third party |\n"
    ),
}


@pytest.mark.parametrize("format_", RULES)
def test_the_rules_are_listed_by_theme(
    engine: Engine, format_: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["rules", "--format", format_]) == 0
    assert capsys.readouterr().out == RULES[format_]


def test_the_rules_are_listed_for_a_program(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    cli.run(["rules", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["rules"][0]["id"] == "remote-font"


def test_what_was_read_is_shown(engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["show", "a.js"]) == 0
    assert capsys.readouterr().out == "a.js\n"
    cli.run(["show", "a.js", "--format", "json"])
    assert capsys.readouterr().out == '{\n  "version": 1\n}\n'


def _examples(monkeypatch: pytest.MonkeyPatch, *results: tuple[str, bool]) -> None:
    module = ModuleType("gdprlint.testing")
    listed = [SimpleNamespace(name=n, passed=p, message="not found") for n, p in results]
    module.run = lambda directory: listed  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "gdprlint.testing", module)
    monkeypatch.setattr(gdprlint, "testing", module, raising=False)


def test_examples_that_fail_are_told(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _examples(monkeypatch, ("a font", True), ("a link", False))
    assert cli.run(["test", "."]) == 1
    assert capsys.readouterr().out == (
        "ok      a font\nFAILED  a link: not found\n1 passed, 1 failed\n"
    )


def test_a_folder_without_examples_could_not_be_looked_at(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _examples(monkeypatch)
    assert cli.run(["test", "."]) == 2
    assert "no rule page with examples" in capsys.readouterr().err


HEAVY = {"yaml", "rich", "libcst", "sarif_om", "tree_sitter", "attr", "gdprlint.api"}


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_a_quick_answer_imports_nothing_heavy(option: str) -> None:
    script = (
        "import sys; from gdprlint.cli import run; run([sys.argv[1]]); "
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, option], capture_output=True, text=True, check=True
    )
    assert HEAVY & set(done.stderr.split()) == set()


def test_the_version_is_told() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gdprlint", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"gdprlint {gdprlint.__version__}\n"


PIPED = """
import sys, types, gdprlint
from gdprlint import cli
from gdprlint.findings import Report
api = types.ModuleType("gdprlint.api")
api.Options = types.SimpleNamespace
def check(paths, *, options, progress):
    {body}
    return Report(findings=(), rules=(), files_read=1)
api.check = check
sys.modules["gdprlint.api"] = gdprlint.api = api
sys.exit(cli.run(["check"]))
"""


def test_a_reader_that_has_gone_away_is_no_error() -> None:
    script = PIPED.format(body="")
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-c", script], stdout=writing, stderr=subprocess.PIPE, text=True
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_an_interrupt_ends_without_a_traceback() -> None:
    body = "import time; print('begun', flush=True); time.sleep(30)"
    child = subprocess.Popen(
        [sys.executable, "-c", PIPED.format(body=body)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    child.stdout.readline()
    child.send_signal(signal.SIGINT)
    _, told = child.communicate(timeout=20)
    assert (child.returncode, told.strip()) == (130, "gdprlint: stopped")
