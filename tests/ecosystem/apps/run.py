"""Makes the apps with their frameworks' starters, builds them, and says what is found in both.

    python tests/ecosystem/apps/run.py [--only NAME]... [--keep FOLDER]

Needs node and the npm registry. For each app, our files as they are written and the production
build of them are checked; see `planted.py` for what counts. The status is 1 unless all that was
planted is found in source and 0.95 of it in the builds, no twin is flagged, and nothing else is
said.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from planted import App, Verdict, apps, checked, markers, of_build, of_source

from gdprlint.findings import Report

LEAST_IN_BUILDS = 0.95
QUIET = {
    "CI": "1",
    "NEXT_TELEMETRY_DISABLED": "1",
    "NG_CLI_ANALYTICS": "false",
    "npm_config_audit": "false",
    "npm_config_fund": "false",
    "npm_config_loglevel": "error",
    "npm_config_update_notifier": "false",
    "npm_config_yes": "true",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check of one app's source or build gave."""

    verdict: Verdict
    seconds: float


def run(command: tuple[str, ...], cwd: Path) -> None:
    """Runs a tool that asks nothing; if it fails, an error that says what it said."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **QUIET},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=900,
    )
    if done.returncode:
        said = (done.stdout + done.stderr)[-3000:]
        raise RuntimeError(f"{' '.join(command)} gave {done.returncode}:\n{said}")


def begun(app: App, work: Path) -> Path:
    """The app's folder: what the starter makes, with our files laid over it."""
    run(app.starter, work)
    folder = work / "app"
    shutil.copytree(app.folder, folder, dirs_exist_ok=True)
    return folder


def built(app: App, folder: Path) -> Path:
    """The production build of the app."""
    run(("npm", "install", *app.add), folder)
    run(("npm", "run", "build"), folder)
    return folder / app.built


def timed(folder: Path) -> tuple[Report, float]:
    """The report on a folder, and how long it took."""
    started = monotonic()
    return checked(folder), monotonic() - started


def show(name: str, outcome: Outcome) -> None:
    """One line for a check, and below it what is not as it should be."""
    verdict = outcome.verdict
    planted = len(verdict.found) + len(verdict.missed)
    print(
        f"{name:20} planted {len(verdict.found)}/{planted}  "
        f"twins flagged {len({marker for marker, _ in verdict.flagged})}  "
        f"more {len(verdict.more)}  {outcome.seconds:.1f} s",
        flush=True,
    )
    for marker in verdict.missed:
        print(f"    missed  {marker.path}:{marker.line} {marker.rule} {marker.name}")
    for marker, line in verdict.flagged:
        print(f"    twin    {marker.path}:{marker.line} {marker.name} by {line}")
    for line in verdict.more:
        print(f"    more    {line}")


def outcomes(app: App, work: Path) -> tuple[Outcome, Outcome]:
    """What is found in the app's source and in its build, shown as soon as it is known."""
    folder = begun(app, work)
    said = markers(app.folder)
    report, seconds = timed(folder)
    source = Outcome(of_source(said, report), seconds)
    show(f"{app.name} source", source)
    report, seconds = timed(built(app, folder))
    build = Outcome(of_build(said, report), seconds)
    show(f"{app.name} build", build)
    return source, build


def share(found: list[Outcome]) -> float:
    """How much of what was planted was found."""
    verdicts = [outcome.verdict for outcome in found]
    planted = sum(len(v.found) + len(v.missed) for v in verdicts)
    return sum(len(v.found) for v in verdicts) / max(planted, 1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", action="append", default=[], metavar="NAME")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="make and leave the apps here")
    asked = parser.parse_args()
    sources: list[Outcome] = []
    builds: list[Outcome] = []
    with tempfile.TemporaryDirectory(prefix="gdprlint-apps-") as temporary:
        work = asked.keep or Path(temporary)
        for app in apps():
            if asked.only and app.name not in asked.only:
                continue
            own = work / app.name
            own.mkdir(parents=True)
            source, build = outcomes(app, own)
            sources.append(source)
            builds.append(build)
    false = sum(len(o.verdict.flagged) + len(o.verdict.more) for o in (*sources, *builds))
    print(
        f"{len(sources)} apps: {share(sources):.2f} of what was planted found in source, "
        f"{share(builds):.2f} in builds, {false} false or other findings"
    )
    return 0 if share(sources) == 1 and share(builds) >= LEAST_IN_BUILDS and not false else 1


if __name__ == "__main__":
    sys.exit(main())
