"""What a person can have done that stops us.

    GdprlintError
    ├── SettingsError    the project's settings say something that cannot be followed
    ├── RulesetError     a rule, a vendor or another entry of a ruleset is not as it should be
    └── InputError       a path or an option given on the command line is of no use

Each message is one sentence for a person: where, what, and the way out.
What is wrong with the *scanned code* is never an exception but a value: `Unread` or `Opaque`.
"""

from __future__ import annotations

from collections.abc import Iterable


class GdprlintError(Exception):
    """The run cannot go on, for a reason that a person can mend; exit status 2."""


class SettingsError(GdprlintError):
    """The settings file cannot be followed."""


class RulesetError(GdprlintError):
    """An entry of a ruleset is not as it should be."""


class InputError(GdprlintError):
    """A path or an option of the command line is of no use."""


def nearest(asked: str, known: Iterable[str]) -> str:
    """The clause that ends a message about an unknown word, where the known ones are too many."""
    from difflib import get_close_matches

    near = get_close_matches(asked, sorted(set(known)), n=1)
    return f"did you mean {near[0]!r}?" if near else "no known word is like it"


def likely_word(asked: str, known: Iterable[str]) -> str:
    """The clause that ends a message about an unknown word: the nearest known one, or all."""
    from difflib import get_close_matches

    words = sorted(set(known))
    near = get_close_matches(asked, words, n=1)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"known are {', '.join(words)}"
