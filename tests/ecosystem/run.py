"""Checks what nobody wrote for us, and says how much of it was read.

    python tests/ecosystem/run.py [--only NAME]... [--keep FOLDER] [REPOSITORY]...

Takes packages from npm and PyPI, builds a Vite app and a documentation site, and takes the local
REPOSITORY folders as they are. Prints for each what was read and found, then one dated line for
notes; without --only, also how much of templates is read (`template_coverage.py`). The status is 1
if any run crashed, more than 1 % of all script and template files have anything that was not read,
or templates are not covered. With --keep, downloads and findings stay in FOLDER for a closer look.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

from real_packages import fetchers
from template_coverage import ENGINES, all_hold, published

from gdprlint import __version__
from gdprlint.discovery import discover
from gdprlint.languages import language_of
from gdprlint.settings import Settings

MOST_UNREAD = 0.01
SECONDS = 1800


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one run said. `counted` are script and template files, `partly` those of them with
    anything unread; `crash` is the end of stderr where the run could not be made."""

    name: str
    read: int = 0
    not_read: int = 0
    counted: int = 0
    partly: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0
    rules: tuple[tuple[str, int], ...] = ()
    crash: str = ""


def is_counted(path: str) -> bool:
    """Whether a file is a script or a template."""
    return language_of(path) not in {None, "python", "css", "json"}


def checked(name: str, folder: Path, kept: Path | None) -> Outcome:
    """One run of gdprlint on a folder, without cache, with all that it can say."""
    wishes = ["--format", "json", "--notes", "--min-confidence", "possible", "--no-cache"]
    command = [sys.executable, "-m", "gdprlint", "check", str(folder), "--root", str(folder)]
    started = monotonic()
    try:
        done = subprocess.run(
            [*command, *wishes], capture_output=True, encoding="utf-8", timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        return Outcome(name=name, crash=f"took more than {SECONDS} seconds")
    seconds = monotonic() - started
    if done.returncode not in {0, 1} or "Traceback" in done.stderr:
        return Outcome(name=name, seconds=seconds, crash=done.stderr.strip()[-400:])
    report = json.loads(done.stdout)
    if kept is not None:
        (kept / f"{name.replace('/', '-')}.findings.json").write_text(done.stdout, encoding="utf-8")
    return Outcome(
        name=name,
        read=report["files"]["read"],
        not_read=report["files"]["notRead"],
        counted=count_of(folder),
        partly=partly(report),
        seconds=seconds,
        rules=told(report),
    )


def count_of(folder: Path) -> int:
    """How many scripts and templates there are to read in a folder."""
    settings = Settings(root=folder)
    return len(discover(folder, settings, named=[folder], readable=is_counted).files)


def partly(report: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The scripts and templates with anything unread, each with the first reason."""
    reasons: dict[str, str] = {}
    for stretch in report["files"]["unread"]:
        if is_counted(stretch["path"]):
            reasons.setdefault(stretch["path"], stretch["why"])
    return tuple(reasons.items())


def told(report: dict[str, Any]) -> tuple[tuple[str, int], ...]:
    """How often each rule speaks; what is possible only is counted apart."""
    counts = Counter(
        finding["rule"] + ("" if finding["confidence"] == "certain" else "?")
        for finding in report["findings"]
    )
    return tuple(sorted(counts.items()))


def show(outcome: Outcome) -> None:
    """One line for a subject, and below it what needs a look."""
    if outcome.crash:
        print(f"{outcome.name:28} CRASH {outcome.crash}", flush=True)
        return
    share = len(outcome.partly) / max(outcome.counted, 1)
    print(
        f"{outcome.name:28} {outcome.read:5} read {outcome.not_read:3} not  "
        f"unread in {len(outcome.partly):3} of {outcome.counted:5} ({share:6.2%}) "
        f"{outcome.seconds:7.1f} s  "
        + (", ".join(f"{rule} {count}" for rule, count in outcome.rules) or "no findings"),
        flush=True,
    )
    for path, why in outcome.partly[:5]:
        print(f"{'':28}   {path}: {why}")
    if len(outcome.partly) > 5:
        print(f"{'':28}   and {len(outcome.partly) - 5} more")


def outcomes(asked: argparse.Namespace, work: Path) -> list[Outcome]:
    """Every subject in turn, shown as soon as it is done."""
    found: list[Outcome] = []
    kept = work if asked.keep is not None else None
    for name, fetch in fetchers().items():
        if asked.only and name not in asked.only:
            continue
        folder = work / name.replace(" ", "-")
        folder.mkdir()
        found.append(checked(name, fetch(folder), kept))
        show(found[-1])
    for repository in asked.repository:
        found.append(checked(repository.resolve().name, repository.resolve(), kept))
        show(found[-1])
    return found


def summary(found: list[Outcome]) -> str:
    """The dated line for notes."""
    crashes = sum(bool(outcome.crash) for outcome in found)
    read = sum(outcome.read for outcome in found)
    counted = sum(outcome.counted for outcome in found)
    unread = sum(len(outcome.partly) for outcome in found)
    findings = sum(count for outcome in found for _, count in outcome.rules)
    seconds = sum(outcome.seconds for outcome in found)
    return (
        f"{date.today()} gdprlint {__version__}: {len(found)} subjects, {crashes} crashes, "
        f"{read} files read, anything unread in {unread} of {counted} scripts and templates "
        f"({unread / max(counted, 1):.2%}), {findings} findings, {seconds:.0f} s"
    )


def main() -> int:
    """The status of the whole."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", action="append", choices=list(fetchers()), metavar="NAME")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="a new folder to work in")
    parser.add_argument("repository", nargs="*", type=Path, help="a folder that is there already")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["GDPRLINT_CACHE_DIR"] = scratch
        work = Path(scratch) if asked.keep is None else asked.keep
        work.mkdir(parents=True, exist_ok=True)
        found = outcomes(asked, work.resolve())
        covered = bool(asked.only) or all_hold(published(ENGINES, work.resolve()))
    print(summary(found))
    unread = sum(len(outcome.partly) for outcome in found)
    counted = sum(outcome.counted for outcome in found)
    crashed = any(outcome.crash for outcome in found)
    return int(crashed or unread > MOST_UNREAD * counted or not covered)


if __name__ == "__main__":
    sys.exit(main())
