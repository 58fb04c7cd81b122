"""The pages of applications that route in the browser, or whose framework routes by files.

A route's page is the document and the scripts that start the application, the components around
the route's own, the route's own, and all that these bring in; of other routes' components it has
only what these import themselves.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property

from gdprlint.facts import Call, Define, Element, FileFacts, Function, Link, Name, Record, Text
from gdprlint.project.folders import Folders, plain_name
from gdprlint.project.page import NOT_MARKUP, Page
from gdprlint.project.routers import Leaf, Routers, Spot
from gdprlint.project.routes import Route
from gdprlint.project.tables import Tables
from gdprlint.project.urls import Places, shared_folders

_MOST_FILES = 2_000
_MOST_SHELLS = 4
_DEEPEST = 5

Brings = Callable[[str], Sequence[tuple[Link, str]]]
"""The files that a file brings in by scripts, imports and style sheets, with the links."""


@dataclass(frozen=True, slots=True)
class _Shell:
    """What every page of an application starts with: its document, and files that start it."""

    document: Page | None
    starts: tuple[str, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """The document and the starts as what can be compared."""
        return (self.document.id if self.document is not None else "", *self.starts)


class Applications:
    """The pages per route of all applications of a project."""

    def __init__(
        self,
        files: Mapping[str, FileFacts],
        places: Places,
        routers: Routers,
        brings: Brings,
    ) -> None:
        self.files = files
        self.places = places
        self.routers = routers
        self.brings = brings
        self._near: dict[str, tuple[str, ...]] = {}
        self._ids: dict[str, int] = {}

    def pages(self, documents: Sequence[Page]) -> list[Page]:
        """The pages of all routes, given the pages of the project's documents."""
        found: list[Page] = []
        for folder in Folders(self.files, self.routers.folders).all():
            closed = frozenset(spot.path for leaf in folder.leaves for spot in leaf.spots)
            starting = [
                page
                for page in documents
                if page.path not in folder.everywhere and closed.intersection(page.files)
            ]
            common = tuple(
                _Shell(page, folder.everywhere)
                for page in starting[:_MOST_SHELLS]
                if page.path not in closed
            ) or (_Shell(None, folder.everywhere),)
            shells = {leaf.table: common for leaf in folder.leaves}
            found.extend(self._pages(folder.leaves, shells, closed, frozenset(), folder.brought))
        tables = Tables(self.files, self.places, self.routers.table)
        leaves = tables.leaves()
        if leaves:
            closed = frozenset(
                spot.path
                for leaf in leaves
                for spot in leaf.spots
                if spot.path != leaf.table or spot.whole
            )
            passed = frozenset({leaf.table for leaf in leaves} | tables.written.passed)
            every = {
                leaf.table: tuple(self._shells(leaf.table, documents, tables)) for leaf in leaves
            }
            found.extend(self._pages(leaves, every, closed, passed, {}))
        return found

    def _shells(self, table: str, documents: Sequence[Page], tables: Tables) -> Iterator[_Shell]:
        """The documents that bring in a table of routes, else the scripts that start it."""
        if table in tables.called:
            folder = posixpath.dirname(table)
            beside = (path for path in self.files if posixpath.dirname(path) == folder)
            globs = self.routers.table.beside
            found_beside = tuple(
                path
                for path in beside
                if any(fnmatchcase(posixpath.basename(path), glob) for glob in globs)
            )
            yield _Shell(None, (*found_beside, table))
            return
        found = [page for page in documents if table in page.files and page.path != table]
        if found:
            # Of several packages' documents the table's own, whatever their URLs may also mean.
            near = max(shared_folders(page.path, table) for page in found)
            own = [page for page in found if shared_folders(page.path, table) == near]
            yield from (_Shell(page, ()) for page in own[:_MOST_SHELLS])
            return
        above = self._above(table)
        for page in documents:
            for entry in self.routers.entries:
                if not _ends(page.path, entry.document):
                    continue
                root = page.path[: len(page.path) - len(entry.document)]
                starts = tuple(
                    path
                    for path in sorted(above)
                    if path.startswith(root)
                    and any(fnmatchcase(path[len(root) :], glob) for glob in entry.scripts)
                )
                folder = root + posixpath.dirname(entry.scripts[0]) + "/"
                unseen = not starts and not self._any_of(root, entry.scripts)
                if starts or (unseen and table.startswith(folder)):
                    yield _Shell(page, starts or self._first_of(above) or (table,))
                    return
        yield _Shell(None, self._first_of(above) or (table,))

    def _any_of(self, root: str, globs: Sequence[str]) -> bool:
        """Whether one of an application's first scripts is in the project."""
        return any(
            path.startswith(root) and fnmatchcase(path[len(root) :], glob)
            for path in self.files
            for glob in globs
        )

    def _first_of(self, above: Iterable[str]) -> tuple[str, ...]:
        return tuple(path for path in sorted(above) if not self._importers.get(path))

    def _above(self, path: str) -> set[str]:
        """A module and all modules that bring it in."""
        found = {path}
        queue = [path]
        while queue:
            for importer in self._importers.get(queue.pop(), ()):
                if importer not in found:
                    found.add(importer)
                    queue.append(importer)
        return found

    @cached_property
    def _importers(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self.files:
            for _, target in self.brings(path):
                if target != path:
                    found.setdefault(target, []).append(path)
        return found

    def _pages(
        self,
        leaves: Sequence[Leaf],
        shells: Mapping[str, Sequence[_Shell]],
        closed: frozenset[str],
        tables: frozenset[str],
        brought: Mapping[str, str],
    ) -> Iterator[Page]:
        """One page for each set of components, with all routes that show it."""
        groups: dict[tuple[tuple[Spot, ...], str], list[Leaf]] = {}
        for leaf in leaves:
            groups.setdefault((leaf.spots, leaf.table), []).append(leaf)
        ranges: dict[str, set[Spot]] = {}
        for leaf in leaves:
            for spot in leaf.spots:
                ranges.setdefault(spot.path, set()).add(spot)
        started: dict[tuple[str, ...], dict[str, None]] = {}
        for (spots, table), together in groups.items():
            for shell in shells[table]:
                if shell.key not in started:
                    started[shell.key] = self._started(shell, closed, brought)
                files = dict(started[shell.key])
                own = {spot.path for spot in spots}
                modules = [spot.path for spot in spots if spot.holds]
                self._add(files, modules, closed, frozenset(self.files), brought)
                self._add(files, [spot.path for spot in spots], closed - own, tables, brought)
                yield self._page(shell, together, files, ranges)

    def _started(
        self, shell: _Shell, closed: frozenset[str], brought: Mapping[str, str]
    ) -> dict[str, None]:
        """The files that every page of an application has, without any route's component."""
        files: dict[str, None] = {}
        page = shell.document
        first = page.chain[::-1] if page is not None else ()
        documents = () if page is None else (f for f in page.files if f not in closed)
        markup = [path for path in documents if path not in first and self._is_markup(path)]
        starts = [*first, *markup, *shell.starts]
        self._add(files, starts, closed, frozenset(self.files), brought, page)
        return files

    def _is_markup(self, path: str) -> bool:
        return self.files[path].language not in NOT_MARKUP

    def _add(
        self,
        files: dict[str, None],
        starts: Iterable[str],
        closed: frozenset[str],
        tables: frozenset[str],
        brought: Mapping[str, str],
        page: Page | None = None,
    ) -> None:
        """Add files with all that they bring in, but for what `tables` bring in of `closed`."""
        queue: list[str] = []
        for path in starts:
            if path not in files:
                files[path] = None
                queue.append(path)
        while queue and len(files) < _MOST_FILES:
            path = queue.pop(0)
            for link, target in self.brings(path):
                if page is not None and not page.shows(path, link.span.start):
                    continue
                if target not in files and not (path in tables and target in closed):
                    files[target] = None
                    queue.append(target)
            for target in self._by_name(path, brought):
                if target not in files and target not in closed:
                    files[target] = None
                    queue.append(target)

    def _by_name(self, path: str, brought: Mapping[str, str]) -> Iterator[str]:
        """Files brought in by a name alone: of a component's markup, of a tag, of a function."""
        if path not in self._near:
            self._near[path] = tuple(dict.fromkeys(self._named(path)))
        for name in self._near[path]:
            if name in self.files:
                yield name
            elif name in brought:
                yield brought[name]

    def _named(self, path: str) -> Iterator[str]:
        for fact in self.files[path].facts:
            if isinstance(fact, Element) and (fact.tag[:1].isupper() or "-" in fact.tag):
                yield plain_name(fact.tag)
                yield plain_name(fact.tag).removeprefix("lazy")
            elif isinstance(fact, Call):
                if isinstance(fact.invoke.to, Name):
                    yield plain_name(fact.invoke.to.name)
                for argument in fact.invoke.arguments[:1]:
                    for entry in argument.entries if isinstance(argument, Record) else ():
                        if entry.key in self.routers.table.templates:
                            text = entry.value.text if isinstance(entry.value, Text) else ""
                            target = self.places.by_url(text, path)
                            if target is not None:
                                yield target

    def _page(
        self,
        shell: _Shell,
        leaves: Sequence[Leaf],
        files: Mapping[str, None],
        ranges: Mapping[str, set[Spot]],
    ) -> Page:
        spots, table = leaves[0].spots, leaves[0].table
        routes = tuple(leaf.route for leaf in leaves)
        path = spots[-1].path if spots else table
        hidden = dict(shell.document.hidden) if shell.document is not None else {}
        for file in files:
            mine = [spot for spot in spots if spot.path == file]
            others = [
                (spot.start, spot.end)
                for spot in ranges.get(file, ())
                if spot not in mine
                and not spot.whole
                and not any(_overlap(spot, one) for one in mine)
            ]
            if others:
                others.extend(self._used_within(file, others, mine))
                hidden[file] = (*hidden.get(file, ()), *sorted(others))
        document = shell.document
        around = (*(document.chain[::-1] if document is not None else shell.starts),)
        around = (*around, *(spot.path for spot in spots[:-1]))
        return Page(
            self._id(path, routes),
            path,
            (path,),
            tuple(files),
            routes,
            document.is_open if document is not None else False,
            hidden,
            None,
            tuple(dict.fromkeys(one for one in around if one != path)),
            tuple((leaf.title, leaf.table) for leaf in leaves if leaf.title is not None),
        )

    def _used_within(
        self, path: str, hidden: Sequence[tuple[int, int]], mine: Sequence[Spot]
    ) -> list[tuple[int, int]]:
        """The functions of a file that only what is hidden uses."""
        facts = self.files[path].facts
        used: dict[str, list[int]] = {}
        for fact in facts:
            if isinstance(fact, Element):
                used.setdefault(fact.tag, []).append(fact.span.start)
            elif isinstance(fact, Call) and isinstance(fact.invoke.to, Name):
                used.setdefault(fact.invoke.to.name, []).append(fact.span.start)
            elif isinstance(fact, Define) and isinstance(fact.value, Name):
                used.setdefault(fact.value.name, []).append(fact.span.start)
        made = [
            fact
            for fact in facts
            if isinstance(fact, Define)
            and isinstance(fact.value, Function)
            and fact.name in used
            and not any(spot.start < fact.span.end and fact.span.start < spot.end for spot in mine)
        ]
        found: list[tuple[int, int]] = []
        for _ in range(_DEEPEST):
            below = (*hidden, *found)
            more = [
                span
                for fact in made
                if (span := (fact.span.start, fact.span.end)) not in below
                and all(any(a <= at < b for a, b in below) for at in used[fact.name])
            ]
            if not more:
                break
            found.extend(more)
        return found

    def _id(self, path: str, routes: Sequence[Route]) -> str:
        """The page's own file, with its first path where the file has several pages."""
        count = self._ids.get(path, 0)
        self._ids[path] = count + 1
        if not count:
            return path
        named = f"{path} /{'/'.join(segment.text for segment in routes[0].segments)}"
        again = self._ids.get(named, 0)
        self._ids[named] = again + 1
        return f"{named} {again}" if again else named


def _overlap(one: Spot, other: Spot) -> bool:
    return one.start < other.end and other.start < one.end


def _ends(path: str, end: str) -> bool:
    return path == end or path.endswith("/" + end)
