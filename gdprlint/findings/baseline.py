"""Which findings were there before? A committed file that says so without lines."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from gdprlint.errors import InputError
from gdprlint.findings import Finding
from gdprlint.findings.identity import fingerprint

__all__ = ["Baseline", "Comparison", "Entry", "compare", "load", "render"]

_VERSION = 1

Entry: TypeAlias = tuple[str, str, str]
"""Rule, path and fingerprint: findings that share them are counted."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """How many findings of each kind were known when the file was written."""

    counts: Mapping[Entry, int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Findings that are new, those known before, and entries with how many are no longer found."""

    new: tuple[Finding, ...]
    known: tuple[Finding, ...]
    gone: tuple[tuple[Entry, int], ...]


def render(findings: Iterable[Finding]) -> str:
    """The text of a baseline file: sorted, one line for each kind, so that reviews read well."""
    counts = Counter(_entry(finding) for finding in findings)
    lines = [
        json.dumps(
            {"rule": rule, "path": path, "fingerprint": digest, "count": counts[rule, path, digest]}
        )
        for rule, path, digest in sorted(counts)
    ]
    inner = ",\n".join(f"    {line}" for line in lines)
    findings_text = f"[\n{inner}\n  ]" if lines else "[]"
    return f'{{\n  "version": {_VERSION},\n  "findings": {findings_text}\n}}\n'


def load(path: Path) -> Baseline:
    """The baseline in the file at `path`; one that is missing or broken is an `InputError`."""
    try:
        value = json.loads(path.read_text("utf-8"))
    except OSError as error:
        why = error.strerror or "it cannot be read"
        raise InputError(
            f"{path}: the baseline cannot be read ({why}); write one with --write-baseline"
        ) from None
    except (ValueError, RecursionError) as error:
        where = f":{error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise InputError(
            f"{path}{where}: the baseline is not JSON; write it anew with --write-baseline"
        ) from None
    return Baseline(_counts(value, path))


def _counts(value: object, path: Path) -> dict[Entry, int]:
    if not isinstance(value, dict) or "version" not in value:
        raise InputError(f"{path}: this is no baseline; write one with --write-baseline")
    if value["version"] != _VERSION:
        raise InputError(
            f"{path}: the baseline's version is not {_VERSION}; write it anew with --write-baseline"
        )
    entries = value.get("findings")
    counts: dict[Entry, int] = {}
    for number, entry in enumerate(entries if isinstance(entries, list) else [None], start=1):
        match entry:
            case {
                "rule": str(rule),
                "path": str(where),
                "fingerprint": str(digest),
                "count": int(count),
            } if count > 0:
                counts[rule, where, digest] = counts.get((rule, where, digest), 0) + count
            case _:
                raise InputError(
                    f"{path}: entry {number} of the baseline is broken; "
                    "write it anew with --write-baseline"
                )
    return counts


def compare(findings: Iterable[Finding], baseline: Baseline) -> Comparison:
    """Which findings the baseline knows; of equal ones, the first in order are the known ones."""
    left = Counter(baseline.counts)
    new: list[Finding] = []
    known: list[Finding] = []
    for finding in findings:
        entry = _entry(finding)
        if left[entry] > 0:
            left[entry] -= 1
            known.append(finding)
        else:
            new.append(finding)
    gone = tuple((entry, count) for entry, count in sorted(left.items()) if count > 0)
    return Comparison(tuple(new), tuple(known), gone)


def _entry(finding: Finding) -> Entry:
    return finding.rule, finding.span.path, fingerprint(finding)
