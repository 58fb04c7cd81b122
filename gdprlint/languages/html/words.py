"""Lists of names, written as one line of words."""

from __future__ import annotations


def words(written: str) -> frozenset[str]:
    """The words of a line."""
    return frozenset(written.split())
