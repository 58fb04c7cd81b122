"""What a run costs, as ratios measured side by side on this machine.

    python tests/benchmarks/run.py [--repeat N]

Each figure is the least of N runs, since whatever else the machine does only adds to it. Nothing
fails here: seconds on a machine that others use prove nothing, ratios tell what to look at.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[2]
LEAK = ROOT / "examples" / "booking-leak"
COPIES = 20


def seconds(command: list[str], *, cwd: Path, repeat: int, before: Callable[[], None]) -> float:
    """The least time that a command takes, with what is to be done before each run."""
    least = float("inf")
    for _ in range(repeat):
        before()
        started = perf_counter()
        done = subprocess.run(command, cwd=cwd, capture_output=True)
        least = min(least, perf_counter() - started)
        if done.returncode not in {0, 1}:
            raise RuntimeError(done.stderr.decode())
    return least


def project(folder: Path, copies: int) -> Path:
    """A project of so many copies of the example, of which no two have a file in common."""
    for number in range(copies):
        site = shutil.copytree(LEAK, folder / f"site{number}")
        for file in site.rglob("*"):
            if file.suffix in {".js", ".html", ".py"}:
                mark = {".js": f"// {number}\n", ".py": f"# {number}\n"}.get(file.suffix)
                text = file.read_text(encoding="utf-8")
                file.write_text(text + (mark or f"<!-- {number} -->\n"), encoding="utf-8")
        (site / "gdprlint.yml").unlink()
    (folder / "gdprlint.yml").write_text("context: [health]\n", encoding="utf-8")
    return folder


def table(work: Path, repeat: int) -> list[tuple[str, str, str]]:
    """What was measured, the ratio, and what it should be at most."""
    cache = work / "cache"
    os.environ["GDPRLINT_CACHE_DIR"] = str(cache)
    one, two = project(work / "one", COPIES), project(work / "two", 2 * COPIES)

    def nothing() -> None:
        return None

    def forget() -> None:
        shutil.rmtree(cache, ignore_errors=True)

    def run(*arguments: str, cwd: Path = ROOT, before: Callable[[], None] = nothing) -> float:
        command = [sys.executable, "-m", "gdprlint", *arguments]
        return seconds(command, cwd=cwd, repeat=repeat, before=before)

    os.environ["PYTHONPATH"] = str(ROOT)
    start = seconds([sys.executable, "-c", "pass"], cwd=ROOT, repeat=3 * repeat, before=nothing)
    version = run("--version")
    one_file = run("check", "examples/booking-leak/static/js/booking.js")
    cold = run("check", cwd=one, before=forget)
    warm = run("check", cwd=one)
    changed = run("check", "site0/static/js/booking.js", cwd=one)
    twice = run("check", cwd=two, before=forget)
    return [
        ("python -c pass", f"{start * 1000:.0f} ms", ""),
        ("gdprlint --version / python -c pass", f"{version / start:.1f}", "6"),
        ("one file of examples/, warm / python -c pass", f"{one_file / start:.1f}", "40"),
        (f"{COPIES} sites, warm / cold", f"{warm / cold:.2f}", "0.2"),
        (f"one file of {COPIES} sites, warm / python -c pass", f"{changed / start:.1f}", "40"),
        (f"{2 * COPIES} sites, cold / {COPIES} sites, cold", f"{twice / cold:.2f}", "2.2"),
        (f"{COPIES} sites, cold", f"{cold:.2f} s", ""),
    ]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--repeat", type=int, default=5)
    repeat = parser.parse_args().repeat
    with tempfile.TemporaryDirectory() as scratch:
        rows = table(Path(scratch), repeat)
    print(f"{'measured':50} {'ratio':>10} {'at most':>10}")
    for row in rows:
        print(f"{row[0]:50} {row[1]:>10} {row[2]:>10}")


if __name__ == "__main__":
    main()
