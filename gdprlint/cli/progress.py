"""How far is a run that takes long?"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field

from gdprlint.cli import terminal

__all__ = ["Progress"]

_PATIENCE = 1.0
_PAUSE = 0.1


@dataclass(slots=True)
class Progress:
    """A line on stderr that says how far a long run is; silent for a second, and where none looks.

    Used as a context, it wipes its line at the end.
    """

    active: bool
    _begun: float = field(default_factory=lambda: time.monotonic())
    _last: float = 0.0

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *unused: object) -> None:
        if self._last:
            self._write("")

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Tell that `done` of `total` steps of a stage are done; often called, seldom written."""
        if not self.active:
            return
        now = time.monotonic()
        if now - self._begun < _PATIENCE or now - self._last < _PAUSE:
            return
        self._last = now
        self._write(f"{stage} {done}/{total}" if total else stage)

    def _write(self, text: str) -> None:
        try:
            sys.stderr.write(f"\r{text[: terminal.width(sys.stderr) - 1]}\x1b[K")
            sys.stderr.flush()
        except OSError:
            terminal.listen_no_more(sys.stderr)
