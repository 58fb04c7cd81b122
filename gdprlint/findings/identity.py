"""Have we told this before, though its lines have moved? Fingerprints, GitHub's and our own."""

from __future__ import annotations

import sys
from array import array
from collections import Counter
from collections.abc import Collection, Iterable
from hashlib import sha256
from itertools import accumulate, islice
from operator import mul

from gdprlint.findings import Finding

__all__ = ["fingerprint", "fingerprints", "line_hashes"]

_WINDOW = 100
_BITS = (1 << 64) - 1
_POWERS = tuple(pow(37, _WINDOW - 1 - k, 1 << 64) for k in range(_WINDOW))
_END_OF_FILE = 65535
_NO_BLANKS = {ord(" "): None, ord("\t"): None}


def line_hashes(text: str, lines: Collection[int]) -> dict[int, str]:
    """GitHub's `primaryLocationLineHash` of each of the `lines` (from 1); none past the last line.

    The hash is a polynomial over the 100 UTF-16 code units that follow the line's start, line ends
    made one and blanks left out, as github/codeql-action computes it for uploads (fingerprints.ts).
    A different value in a log costs the user a warning for each result, so it is this one exactly.
    The number after the colon counts equal hashes down to this line.
    """
    bare = text.replace("\r\n", "\n").replace("\r", "\n").translate(_NO_BLANKS)
    units = _units(bare)
    units.append(_END_OF_FILE)
    units.extend([0] * _WINDOW)
    lengths = (len(_units(line)) + 1 for line in bare.split("\n"))
    starts = accumulate(lengths, initial=0)
    wanted = set(lines)
    last = max(wanted, default=0)
    seen: Counter[int] = Counter()
    found: dict[int, str] = {}
    for number, start in enumerate(islice(starts, bare.count("\n") + 1), start=1):
        if number > last:
            break
        value = sum(map(mul, units[start : start + _WINDOW], _POWERS)) & _BITS
        seen[value] += 1
        if number in wanted:
            found[number] = f"{value:x}:{seen[value]}"
    return found


def _units(text: str) -> array[int]:
    units = array("H", text.encode("utf-16-le", "surrogatepass"))
    if sys.byteorder == "big":
        units.byteswap()
    return units


def fingerprint(finding: Finding, nth: int = 1) -> str:
    """A digest that stays when lines move: of rule, path, what was found, and which of equals."""
    told = (finding.rule, finding.span.path, finding.identity or finding.message, str(nth))
    return sha256("\0".join(told).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def fingerprints(findings: Iterable[Finding]) -> tuple[str, ...]:
    """The fingerprint of each, the n-th of equal ones in the order given."""
    seen: Counter[str] = Counter()
    made = []
    for finding in findings:
        alike = fingerprint(finding)
        seen[alike] += 1
        made.append(fingerprint(finding, seen[alike]))
    return tuple(made)
