"""What does a template say beyond the page it makes? Links, conditions, and values in the page."""

from __future__ import annotations

from gdprlint.facts import Fragment, Reading
from gdprlint.languages.templates.blocks import read_tags

VERSION = 10


def read(fragment: Fragment, path: str, *, deadline: float) -> Reading:
    """The facts of a template, and the page that it makes as a fragment with holes."""
    if fragment.language in ("django", "jinja", "liquid", "interpolated"):
        return read_tags(fragment, path, deadline=deadline)
    from gdprlint.languages.templates.foreign import read_foreign

    return read_foreign(fragment, path, deadline=deadline)
