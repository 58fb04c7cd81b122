"""A page: the files that a visitor gets in one answer, and what of them is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gdprlint.facts import Expr
from gdprlint.project.routes import Route

NOT_MARKUP = frozenset({"javascript", "typescript", "tsx", "css", "python", "json"})
"""Languages whose files are no documents."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its own file, the templates it extends (nearest first), and all files on it.

    `files` are in the order in which a browser meets them: the documents first, then scripts.
    `is_open` where a parent could not be found, so that what is missing here proves nothing.
    `around` are the files that lie around the page's own in an application: its document, the
    layouts, outermost first; `titles` what its routes call it, with the file that says so.
    """

    id: str
    path: str
    chain: tuple[str, ...]
    files: tuple[str, ...]
    routes: tuple[Route, ...] = ()
    is_open: bool = False
    hidden: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    shown: tuple[tuple[int, int], ...] | None = None
    around: tuple[str, ...] = ()
    titles: tuple[tuple[Expr, str], ...] = ()

    def shows(self, path: str, start: int) -> bool:
        """Whether what stands at `start` of the file `path` is part of this page.

        A block that a more derived template overrides is not, nor is another route's component in
        the same file; nor is anything outside blocks in a template that extends another.
        """
        if path == self.path and self.shown is not None:
            return any(a <= start < b for a, b in self.shown)
        return not any(a <= start < b for a, b in self.hidden.get(path, ()))
