"""What `gdprlint.knowledge` says of how frameworks make pages, as this room asks it.

The room knows no framework by name: the words come from a table, whose form these protocols are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from gdprlint.facts import Expr
from gdprlint.project.routes import Route
from gdprlint.source import Span

_END = 1 << 40


class FolderRouter(Protocol):
    """Routes that are the files of a folder; see `gdprlint.knowledge.routers.FolderRouter`."""

    @property
    def folder(self) -> str: ...
    @property
    def signs(self) -> Sequence[str]: ...
    @property
    def pages(self) -> Sequence[str]: ...
    @property
    def named(self) -> bool: ...
    @property
    def around(self) -> Sequence[str]: ...
    @property
    def everywhere(self) -> Sequence[str]: ...
    @property
    def beside(self) -> Sequence[str]: ...
    @property
    def index(self) -> Sequence[str]: ...
    @property
    def left_out(self) -> Sequence[str]: ...
    @property
    def separator(self) -> str: ...
    @property
    def nests(self) -> bool: ...
    @property
    def brings(self) -> Sequence[str]: ...
    @property
    def layouts(self) -> str: ...
    @property
    def layout_by(self) -> str: ...
    @property
    def segments(self) -> Mapping[str, str]: ...


class Entry(Protocol):
    """A document that a build tool puts the application's first script into."""

    @property
    def document(self) -> str: ...
    @property
    def scripts(self) -> Sequence[str]: ...


class RouteCall(Protocol):
    """A call that makes a route, with the arguments that are its path and its component."""

    @property
    def called(self) -> str: ...
    @property
    def path(self) -> int: ...
    @property
    def component(self) -> int: ...


class RouteTable(Protocol):
    """The words of tables of routes."""

    @property
    def path(self) -> Sequence[str]: ...
    @property
    def component(self) -> Sequence[str]: ...
    @property
    def children(self) -> Sequence[str]: ...
    @property
    def index(self) -> Sequence[str]: ...
    @property
    def name(self) -> Sequence[str]: ...
    @property
    def title(self) -> Sequence[str]: ...
    @property
    def tags(self) -> Sequence[str]: ...
    @property
    def calls(self) -> Sequence[RouteCall]: ...
    @property
    def beside(self) -> Sequence[str]: ...
    @property
    def templates(self) -> Sequence[str]: ...


class ExportedTitle(Protocol):
    """A name under which a page's file gives out its title, or a function that makes it."""

    @property
    def exported(self) -> str: ...
    @property
    def at(self) -> str: ...


class Routers(Protocol):
    """All that is known of how applications make pages."""

    @property
    def folders(self) -> Sequence[FolderRouter]: ...
    @property
    def entries(self) -> Sequence[Entry]: ...
    @property
    def table(self) -> RouteTable: ...
    @property
    def locales(self) -> Sequence[str]: ...
    @property
    def titles(self) -> Sequence[ExportedTitle]: ...


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a component stands: a stretch of a file, or the whole of it.

    One that `holds` routes is a module that is loaded for them, and no component itself.
    """

    path: str
    start: int = 0
    end: int = _END
    holds: bool = False

    @property
    def whole(self) -> bool:
        """Whether this is a whole file."""
        return self.end == _END


@dataclass(frozen=True, slots=True)
class Leaf:
    """One route with the components that show it, outermost first; `table` is the file that says
    so, `title` the title that it says there."""

    route: Route
    spots: tuple[Spot, ...]
    table: str
    span: Span
    title: Expr | None = None
