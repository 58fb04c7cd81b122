"""Which referrer policies send a page's whole address to other hosts?"""

from __future__ import annotations

# Referrer Policy, sections 3 and 8.1: the last word that a browser knows counts; `always` is an old
# spelling (HTML, 4.2.5.1), and a word that no browser knows is passed over.
_OPEN = frozenset({"unsafe-url", "no-referrer-when-downgrade", "always"})
_CLOSED = frozenset(
    {"no-referrer", "same-origin", "origin", "strict-origin", "origin-when-cross-origin"}
    | {"strict-origin-when-cross-origin", "never", "default"}
)


def is_open(policy: str) -> bool:
    """Whether a policy, or a list of them, lets addresses go with their path and query."""
    words = [word.strip().lower() for word in policy.split(",")]
    known = [word for word in words if word in _OPEN or word in _CLOSED]
    return bool(known) and known[-1] in _OPEN
