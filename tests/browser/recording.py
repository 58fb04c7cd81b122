"""Runs an example site in a browser and gives back the record of what left it.

    python recording.py [EXAMPLE...]

writes the committed records anew. It needs node, npm, openssl and Chromium, and Django in the
Python that runs it or a registry to get it from.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
EXAMPLES = HERE.parents[1] / "examples"
NAMES = ("booking-leak", "booking-clean")
DJANGO = "django>=5,<6"


def committed_file(name: str) -> Path:
    """Where the record of an example is kept."""
    return HERE / f"{name}.record.json"


def committed(name: str) -> dict[str, Any]:
    """The record of an example, as it was last written."""
    record: dict[str, Any] = json.loads(committed_file(name).read_text(encoding="utf-8"))
    return record


def record(name: str, scratch: Path) -> str:
    """Crawl an example and take its visitors through it; the text of the new record."""
    tour = HERE / f"{name}.tour.json"
    answers, out = scratch / f"{name}.answers", scratch / f"{name}.record.json"
    run([python_with_django(scratch), HERE / "crawl.py", EXAMPLES / name, tour, answers])
    run(["node", recorder(scratch) / "record.mjs", answers, tour, out])
    return out.read_text(encoding="utf-8")


def python_with_django(scratch: Path) -> Path:
    """This Python if it has Django, else one in an environment made for the purpose."""
    if importlib.util.find_spec("django"):
        return Path(sys.executable)
    python = scratch / "venv" / "bin" / "python"
    if not python.exists():
        run([sys.executable, "-m", "venv", scratch / "venv"])
        run([python, "-m", "pip", "install", "--quiet", DJANGO])
    return python


def recorder(scratch: Path) -> Path:
    """A copy of the recorder with its one dependency beside it, out of the checkout."""
    copy = scratch / "recorder"
    if not (copy / "node_modules").exists():
        left_out = shutil.ignore_patterns("*.py", "*.record.json", "__pycache__", "node_modules")
        shutil.copytree(HERE, copy, ignore=left_out, dirs_exist_ok=True)
        run(["npm", "ci", "--ignore-scripts"], cwd=copy)
    return copy


def run(command: list[str | Path], cwd: Path | None = None) -> None:
    """Run a tool, and if it fails say what it said."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise RuntimeError(f"{command[0]} gave {done.returncode}:\n{done.stdout}{done.stderr}")


def main(names: list[str]) -> None:
    """Write the records of these examples, or of all of them."""
    with tempfile.TemporaryDirectory() as scratch:
        for name in names or NAMES:
            committed_file(name).write_text(record(name, Path(scratch)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
