"""What does markup say? HTML pages, and the templates of Vue and Svelte components."""

from __future__ import annotations

from gdprlint.facts import Fragment, Reading
from gdprlint.languages.html.read import read_page

VERSION = 10


def read(fragment: Fragment, path: str, *, deadline: float) -> Reading:
    """The facts of a page, and the scripts, styles and handlers in it as fragments."""
    if fragment.language in ("vue", "svelte"):
        from gdprlint.languages.html.component import read_component

        return read_component(fragment, path, deadline=deadline)
    return read_page(fragment, path, deadline=deadline)
