"""The command as people run it, for tests of what it prints."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def gdprlint(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """The command, from a folder, without colours."""
    return subprocess.run(
        [sys.executable, "-m", "gdprlint", *arguments],
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
    )
