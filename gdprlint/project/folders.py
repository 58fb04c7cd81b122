"""The routes that are files: which file of a folder shows which path, and what lies around it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from gdprlint.facts import Call, Constant, FileFacts, Name, Record, Text
from gdprlint.project.routers import FolderRouter, Leaf, Spot
from gdprlint.project.routes import Route, Segment
from gdprlint.source import Span

_WORDS = re.compile(r"[A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of routes: its path, its router, the files on each of its pages, and its routes.

    `brought` are files that are brought in by the name of a tag or of a function.
    """

    path: str
    everywhere: tuple[str, ...]
    leaves: tuple[Leaf, ...]
    brought: Mapping[str, str]


class Folders:
    """Every folder of routes in a project."""

    def __init__(self, files: Mapping[str, FileFacts], routers: Iterable[FolderRouter]) -> None:
        self.files = files
        self.routers = tuple(routers)
        self._inside: dict[str, list[str]] = {}
        for path in files:
            self._inside.setdefault(posixpath.dirname(path), []).append(path)

    def all(self) -> Iterator[Folder]:
        """Each folder with its routes; of two routers for one folder the first."""
        taken: set[str] = set()
        for router in self.routers:
            for root in self._roots(router):
                if root in taken:
                    continue
                leaves = tuple(self._leaves(root, router))
                if leaves:
                    taken.add(root)
                    everywhere = tuple(self._near(root, router.everywhere))
                    yield Folder(root, everywhere, leaves, self._brought(root, router))

    def _roots(self, router: FolderRouter) -> list[str]:
        wanted = tuple(router.folder.split("/"))
        found: set[str] = set()
        for path in self.files:
            name = posixpath.basename(path)
            if not any(fnmatchcase(name, glob) for glob in router.pages):
                continue
            parts = tuple(path.split("/")[:-1])
            for end in range(len(wanted), len(parts) + 1):
                root = "/".join(parts[:end])
                if parts[end - len(wanted) : end] == wanted and (
                    root in found or not router.signs or any(self._near(root, router.signs))
                ):
                    found.add(root)
                    break
        return sorted(found)

    def _near(self, root: str, globs: Iterable[str]) -> Iterator[str]:
        """The files that are spelled from a folder, with `*` in their last part; `*/` is any folder
        in it."""
        for spelled in globs:
            folder, _, name = spelled.rpartition("/")
            where = posixpath.normpath(posixpath.join(root, folder))
            where = "" if where == "." else where
            places = [where]
            if folder == "*":
                places = [one for one in self._inside if posixpath.dirname(one) == root]
            for path in (path for place in places for path in self._inside.get(place, ())):
                if fnmatchcase(posixpath.basename(path), name):
                    yield path

    def _leaves(self, root: str, router: FolderRouter) -> Iterator[Leaf]:
        pages: dict[tuple[str, ...], str] = {}
        for path in self.files:
            if path.startswith(root + "/") and self._is_page(path[len(root) + 1 :], router):
                pages.setdefault(self._names(path[len(root) + 1 :], router), path)
        for names, path in pages.items():
            if router.nests and self._lies_around(names, pages, router):
                continue
            around = [*self._layouts(root, path, router)]
            around.extend(self._around(root, path, router))
            if router.nests:
                parents = (pages.get(names[:end]) for end in range(1, len(names)))
                around.extend(one for one in parents if one is not None)
            beside = self._near(posixpath.dirname(path), router.beside)
            spots = tuple(Spot(one) for one in (*around, *beside, path))
            span = Span(path, 0, 0)
            segments = self._segments(names, router)
            name = "-".join(segment.text for segment in segments) or "index"
            route = Route(segments, name, "", span)
            yield Leaf(route, tuple(dict.fromkeys(spots)), path, span)

    def _lies_around(
        self, names: tuple[str, ...], pages: Iterable[tuple[str, ...]], router: FolderRouter
    ) -> bool:
        """Whether a file is shown around others alone: one is its index, or it has no path."""
        below = [
            other for other in pages if len(other) > len(names) and other[: len(names)] == names
        ]
        pathless = self._segments(names, router) == self._segments(names[:-1], router)
        return any(other[len(names) :][0] in router.index for other in below) or (
            pathless and bool(below) and names[-1] not in router.index
        )

    @staticmethod
    def _is_page(path: str, router: FolderRouter) -> bool:
        name = posixpath.basename(path)
        return any(fnmatchcase(name, glob) for glob in router.pages) and not any(
            fnmatchcase(path, glob) for glob in router.left_out
        )

    @staticmethod
    def _names(path: str, router: FolderRouter) -> tuple[str, ...]:
        """The parts of a file's place: its folders, and its name where that is one."""
        folders, _, name = path.rpartition("/")
        parts = [part for part in folders.split("/") if part]
        if not router.named:
            parts.append(name.rpartition(".")[0])
        if router.separator:
            parts = [one for part in parts for one in part.split(router.separator) if one]
        return tuple(parts)

    def _segments(self, names: tuple[str, ...], router: FolderRouter) -> tuple[Segment, ...]:
        found = []
        for i, name in enumerate(names):
            last = i == len(names) - 1
            if name in router.index and (last or router.nests) and not router.named:
                continue
            segment = _segment(name, router.segments)
            if segment is not None:
                found.append(segment)
        return tuple(found)

    def _around(self, root: str, path: str, router: FolderRouter) -> Iterator[str]:
        """The files around a page, from the folder of routes down to the page's own."""
        parts = posixpath.dirname(path)[len(root) :].split("/")
        for end in range(1, len(parts) + 1):
            folder = root + "/".join(parts[:end])
            yield from self._near(folder, router.around)

    def _layouts(self, root: str, path: str, router: FolderRouter) -> Iterator[str]:
        """The layout that a page takes from the folder of layouts: the default, or one it names."""
        if not router.layouts:
            return
        name = "default"
        for fact in self.files[path].facts:
            if not isinstance(fact, Call) or not isinstance(fact.invoke.to, Name):
                continue
            if fact.invoke.to.name == router.layout_by:
                for argument in fact.invoke.arguments[:1]:
                    entries = argument.entries if isinstance(argument, Record) else ()
                    for entry in entries:
                        if entry.key == "layout" and isinstance(entry.value, Text):
                            name = entry.value.text
                        elif entry.key == "layout" and isinstance(entry.value, Constant):
                            return
        yield from self._near(root, (f"{router.layouts}/{name}.*",))

    def _brought(self, root: str, router: FolderRouter) -> Mapping[str, str]:
        """Files by the names that bring them in: of the file, with and without its folders."""
        found: dict[str, str] = {}
        short: dict[str, list[str]] = {}
        for spelled in router.brings:
            folder = posixpath.normpath(posixpath.join(root, spelled))
            for path in self.files:
                if not path.startswith(folder + "/"):
                    continue
                words = path[len(folder) + 1 :].rpartition(".")[0].split("/")
                words = [w for i, w in enumerate(words) if i == len(words) - 1 or w != words[i + 1]]
                found.setdefault(plain_name("".join(words)), path)
                last, above = plain_name(words[-1]), plain_name("".join(words[:-1]))
                if above and last.startswith(above):
                    found.setdefault(last, path)
                short.setdefault(last, []).append(path)
        for name, paths in short.items():
            if len(paths) == 1:
                found.setdefault(name, paths[0])
        return found


def plain_name(name: str) -> str:
    """A component's name however it is spelled: `BookingForm`, `booking-form`."""
    return "".join(_WORDS.findall(name)).lower()


def _segment(name: str, shapes: Mapping[str, str]) -> Segment | None:
    """What the name of a file or folder stands for in a path; None where for nothing."""
    for shape, stands in shapes.items():
        before, _, after = shape.partition("*")
        if shape == name or (
            "*" in shape
            and name.startswith(before)
            and name.endswith(after)
            and len(name) > len(before) + len(after)
        ):
            inner = name[len(before) : len(name) - len(after)] if "*" in shape else ""
            inner = inner.partition("=")[0]
            match stands:
                case "one":
                    return Segment(inner, True)
                case "many":
                    return Segment(inner, True, True)
                case "perhaps":
                    return Segment(inner, True, optional=True)
                case "nothing":
                    return None
                case _:
                    return Segment(inner, False)
        if stands == "one" and before and after and before in name:
            # A parameter with text around it: `@[user]`, `[id].json`.
            inner = name.partition(before)[2].partition(after)[0]
            return Segment(inner, True)
    return Segment(name, False)
