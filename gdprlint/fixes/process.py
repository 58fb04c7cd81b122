"""Fixes of Python, worked out in a process of its own: the parser there may take it down."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from gdprlint.findings import Change, Edit, Fix
from gdprlint.source import Source, Span

__all__ = ["worked_out"]

_LONGEST = 120
_MARK = "\ufeff"


def worked_out(fixes: Mapping[int, Fix], sources: Mapping[str, Source]) -> dict[int, Fix | None]:
    """Each fix with its edits, or none where it cannot be made exactly."""
    wanted: dict[str, list[tuple[int, list[Change]]]] = {}
    for number, fix in fixes.items():
        for path in {change.span.path for change in fix.changes}:
            own = [change for change in fix.changes if change.span.path == path]
            wanted.setdefault(path, []).append((number, own))
    found: dict[int, list[Edit] | None] = {number: [] for number in fixes}
    orders = {
        path: _order(sources[path].text, [own for _, own in asked])
        for path, asked in wanted.items()
        if path in sources
    }
    answers = _answers(orders)
    for path, asked in wanted.items():
        told = answers.get(path) or [None] * len(asked)
        for (number, _), edits in zip(asked, told, strict=True):
            held = found[number]
            if edits is None or held is None:
                found[number] = None
            else:
                held.extend(_edits(path, edits, sources[path].text))
    return {
        number: replace(fixes[number], edits=tuple(edits)) if edits else None
        for number, edits in found.items()
    }


def _edits(path: str, told: Iterable[tuple[int, int, str]], text: str) -> list[Edit]:
    moved = text.startswith(_MARK)
    return [Edit(Span(path, start + moved, end + moved), new) for start, end, new in told]


def _order(text: str, asked: Iterable[Iterable[Change]]) -> dict[str, Any]:
    """What the process is told of a file; a byte order mark is no part of its code."""
    moved = text.startswith(_MARK)
    return {
        "text": text[moved:],
        "fixes": [
            [
                {
                    "does": change.does,
                    "start": change.span.start - moved,
                    "end": change.span.end - moved,
                    "name": change.name,
                    "value": change.value,
                }
                for change in changes
            ]
            for changes in asked
        ],
    }


def _answers(orders: Mapping[str, Any]) -> dict[str, Any]:
    """What the process gives back for each file: all at once, or file by file where one of them
    takes it down."""
    if not orders:
        return {}
    at_once = _asked(list(orders.values()))
    if at_once is not None:
        return dict(zip(orders, at_once, strict=True))
    if len(orders) == 1:
        return {}
    singly = {path: _asked([order]) for path, order in orders.items()}
    return {path: answer[0] for path, answer in singly.items() if answer is not None}


def _asked(orders: list[Any]) -> list[Any] | None:
    program = Path(__file__).with_name("python.py")
    try:
        done = subprocess.run(
            [sys.executable, "-P", str(program)],
            input=json.dumps(orders).encode("ascii"),
            capture_output=True,
            check=False,
            timeout=_LONGEST,
        )
        answer: list[Any] | None = json.loads(done.stdout) if done.returncode == 0 else None
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    return answer
