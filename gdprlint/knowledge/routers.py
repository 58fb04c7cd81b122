"""How frameworks make pages: of files in folders, of tables of routes, of a document and a script.

Paths beside a folder of routes are spelled from it (`../app.html`), with `*` in their last part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from gdprlint.knowledge.api import SourceOfFact

Stands: TypeAlias = Literal["one", "many", "perhaps", "nothing", "itself"]
"""What a name of a file or folder stands for in a path: a parameter, any number of parts, a part
that may be missing, no part at all, or the part that `*` is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderRouter:
    """Routes that are the files of a folder.

    `folder`: how the folder's path ends. `signs`: one of these has to be there, where any are
    given. `pages`: names of files that are a page (of their folder, where the name is in `index` or
    `named` is said). `around`: files that lie around every page of their folder and below.
    `everywhere`: files on every page. `beside`: files of the page's own folder that belong to it.
    `left-out`: files of the folder, from it on, that are no pages. `separator`: what parts a file's
    name into parts of the path. `nests`: whether a page lies around pages whose names go on from
    its own. `brings`: folders whose files are brought in by the name of a tag or of a function.
    `layouts`: the folder of layouts, of which a page takes `default` unless a call of `layout-by`
    names another.
    """

    id: str
    folder: str
    signs: tuple[str, ...] = ()
    pages: tuple[str, ...]
    named: bool = False
    around: tuple[str, ...] = ()
    everywhere: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    index: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    separator: str = ""
    nests: bool = False
    brings: tuple[str, ...] = ()
    layouts: str = ""
    layout_by: str = ""
    segments: Mapping[str, Stands] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A document that a build tool puts the application's first script into."""

    document: str
    scripts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteCall:
    """A call that makes a route: which of its arguments are the path and the component, counted
    from 0 (-1 for none); its children are the argument that is a list."""

    called: str
    path: int = -1
    component: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTable:
    """The words of tables of routes: keys of their entries, elements and calls that stand for one.

    `title` are keys of the title that a router itself gives the page. `beside` are files beside a
    table made by calls that are on every page of it. `templates` are keys that name a component's
    markup in a file of its own.
    """

    path: tuple[str, ...]
    component: tuple[str, ...]
    children: tuple[str, ...]
    index: tuple[str, ...]
    name: tuple[str, ...]
    title: tuple[str, ...]
    tags: tuple[str, ...]
    calls: tuple[RouteCall, ...] = ()
    beside: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedTitle:
    """A name under which a file of a page gives out an object, or a function that makes one, whose
    member `at` is the page's title."""

    exported: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Routers:
    """All that is known of how single-page applications and their frameworks make pages.

    `locales`: names of a first parameter that links leave out. `titles`: how files say the title.
    """

    folders: tuple[FolderRouter, ...]
    entries: tuple[Entry, ...]
    table: RouteTable
    locales: tuple[str, ...] = ()
    titles: tuple[ExportedTitle, ...] = ()
    sources: tuple[SourceOfFact, ...] = ()
