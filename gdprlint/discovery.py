"""Which files are to be read, and in which of them are findings wanted?

Read wide, report narrow: the whole project is read, so that pages can be put together; the paths
that were named say where findings are wanted.
"""

from __future__ import annotations

import os
import re
import stat
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from os.path import join as _join
from pathlib import Path
from typing import TYPE_CHECKING

from gdprlint.errors import InputError
from gdprlint.settings import Settings

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_NEVER_ENTERED = frozenset({".git", ".hg", ".svn", "node_modules", "bower_components"})
_LEFT_OUT_FOLDERS = frozenset(
    {
        *("site-packages", "__pycache__", ".eggs", ".tox", ".nox", ".venv", ".hypothesis"),
        *(".mypy_cache", ".ruff_cache", ".pytest_cache", ".cache", ".parcel-cache", ".yarn"),
        *("vendor", "vendored", "third_party"),
        *("tests", "test", "__tests__", "spec", "e2e", "cypress", "fixtures", "__fixtures__"),
        *("__mocks__", "stories", ".storybook", "coverage", "htmlcov"),
    }
)
_LEFT_OUT_FILES = re.compile(
    r"(?:.*\.(?:stories|test|spec)\.[^.]+|.*\.d\.[cm]?ts|conftest\.py|test_.*\.py|.*_test\.py)\Z",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """Paths relative to the root, with `/` between parts, sorted.

    `files` are read; `reported` are those of them in which findings are wanted; `skipped` are
    folders and files that were left out, each with the reason. Files that no language reads are
    not skipped: they are of no concern. `alone` where the named files belong to no project, so that
    nothing around them was looked at.
    """

    files: tuple[str, ...]
    reported: tuple[str, ...]
    skipped: tuple[tuple[str, str], ...]
    alone: bool = False


@dataclass(frozen=True, slots=True)
class _Ignoring:
    """The patterns of one .gitignore, for what lies below `folder` (with `/` at its end).

    `above` is the way from a .gitignore above the root down to the root.
    """

    folder: str
    spec: GitIgnoreSpec
    above: str = ""

    def verdict(self, path: str) -> bool | None:
        """Whether `path` is ignored; None where no pattern speaks of it."""
        return self.spec.check_file(self.above + path[len(self.folder) :]).include


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder to look into: its real path, its path in the report, and what is ignored there.

    `freely`: it was named although it is left out, so only what is never entered stays out.
    """

    real: str
    shown: str
    ignoring: tuple[_Ignoring, ...]
    freely: bool = False


@dataclass(slots=True, kw_only=True)
class _Tour:
    """A walk through folders and what has been found, by real path so that nothing counts twice."""

    boundary: str
    readable: Callable[[str], bool]
    excluded: GitIgnoreSpec | None
    found: dict[str, str] = field(default_factory=dict)
    entered: set[str] = field(default_factory=set)
    skipped: dict[str, str] = field(default_factory=dict)
    links: deque[tuple[str, str, _Folder]] = field(default_factory=deque)


def discover(
    root: Path,
    settings: Settings,
    *,
    named: Sequence[Path],
    readable: Callable[[str], bool],
    force_exclude: bool = False,
) -> Discovery:
    """What is to be read in the project at `root`, and around it what was `named`.

    `readable` tells of a path whether a language reads such files. A named path is read even if it
    is excluded, ignored or of a kind that is left out, unless `force_exclude`. Nothing named means
    that findings are wanted everywhere.
    """
    top = os.path.realpath(root)
    excluded = _spec(settings.exclude) if settings.exclude else None
    tour = _Tour(boundary=top, readable=readable, excluded=excluded)
    _walk(tour, _Folder(top, "", tuple(_ignored_from_above(top))))
    wanted: list[str] = []
    for path in named:
        real = _existing(path)
        if _is_within(os.path.realpath(path.parent), top) and not _is_within(real, top):
            tour.skipped[_shown(os.path.abspath(path), top)] = "a link that leaves the root"
            continue
        wanted.append(real)
        if real not in tour.found and real not in tour.entered:
            _add_named(tour, real, top, force_exclude=force_exclude)
    files = sorted(set(tour.found.values()))
    return Discovery(
        files=tuple(files),
        reported=tuple(files if not named else sorted(_under(tour, wanted))),
        skipped=tuple(sorted(tour.skipped.items())),
    )


def alone(root: Path, *, named: Sequence[Path], readable: Callable[[str], bool]) -> Discovery:
    """Named files that belong to no project: what lies around them may be anything, so they are
    read by themselves, and `read_files` is to look for what they bring in."""
    top = os.path.realpath(root)
    tour = _Tour(boundary=top, readable=readable, excluded=None)
    for path in named:
        _add_named(tour, _existing(path), top, force_exclude=False)
    files = tuple(sorted(set(tour.found.values())))
    return Discovery(
        files=files, reported=files, skipped=tuple(sorted(tour.skipped.items())), alone=True
    )


def _existing(path: Path) -> str:
    """The real path of what was named; an error with the nearest name if there is no such thing."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            os.scandir(path).close()
        elif stat.S_ISREG(mode):
            path.open("rb").close()
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file or folder{_nearest(path)}") from None
    except (OSError, ValueError) as broken:
        why = getattr(broken, "strerror", None) or str(broken)
        raise InputError(f"{path}: this cannot be read: {why}") from None
    return os.path.realpath(path)


def _nearest(path: Path) -> str:
    """The clause that names what may have been meant, in the deepest folder that does exist."""
    for folder in path.parents:
        if folder.is_dir():
            missing = path.relative_to(folder).parts[0]
            near = get_close_matches(missing, sorted(os.listdir(folder)), n=1)
            return f"; did you mean {str(folder / near[0])!r}?" if near else ""
    return ""


def _add_named(tour: _Tour, real: str, top: str, *, force_exclude: bool) -> None:
    """A named path that the walk through the project did not come by."""
    shown = _shown(real, top)
    outside = not _is_within(real, top)
    if force_exclude and not outside:
        tour.skipped.setdefault(shown, "excluded")
        return
    if os.path.isdir(real):
        boundary, tour.boundary = tour.boundary, real
        _walk(tour, _Folder(real, shown + "/", (), freely=not outside))
        tour.boundary = boundary
        tour.skipped.pop(shown, None)
    elif not os.path.isfile(real):
        tour.skipped[shown] = "no regular file"
    elif tour.readable(shown):
        tour.found[real] = shown
        tour.skipped.pop(shown, None)
    else:
        tour.skipped[shown] = "not of a language that is read"


def _under(tour: _Tour, wanted: Sequence[str]) -> Iterator[str]:
    folders = {real for real in wanted if os.path.isdir(real)}
    files = set(wanted) - folders
    for real, shown in tour.found.items():
        if real in files or any(_is_within(real, folder) for folder in folders):
            yield shown


def _walk(tour: _Tour, first: _Folder) -> None:
    """Everything below `first`; links come last, so that a file is known by its own path."""
    pending = [first]
    while pending or tour.links:
        if pending:
            pending.extend(_look_into(tour, pending.pop()))
        else:
            pending.extend(_follow(tour, *tour.links.popleft()))


def _look_into(tour: _Tour, folder: _Folder) -> Iterator[_Folder]:
    """The folders below `folder`, whose files are taken on the way."""
    if folder.real in tour.entered:
        return
    tour.entered.add(folder.real)
    try:
        with os.scandir(folder.real) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as broken:
        tour.skipped[folder.shown.rstrip("/") or "."] = broken.strerror or "cannot be read"
        return
    names = {entry.name for entry in entries}
    if not folder.freely and ("pyvenv.cfg" in names or "conda-meta" in names):
        tour.skipped[folder.shown.rstrip("/") or "."] = "a virtual environment"
        return
    if ".gitignore" in names and not folder.freely:
        folder = _with_its_own(folder)
    for entry in entries:
        shown = folder.shown + entry.name
        real = _join(folder.real, entry.name)
        if entry.is_symlink():
            tour.links.append((real, shown, folder))
        elif entry.is_dir(follow_symlinks=False):
            if _is_welcome(tour, shown + "/", folder):
                yield _Folder(real, shown + "/", folder.ignoring, folder.freely)
        else:
            _take(tour, real, shown, folder)


def _take(tour: _Tour, real: str, shown: str, folder: _Folder) -> None:
    """The file, if a language reads it and nothing speaks against it."""
    if tour.readable(shown) and real not in tour.found and _is_welcome(tour, shown, folder):
        if os.path.isfile(real):
            tour.found[real] = shown
        else:
            tour.skipped[shown] = "no regular file"


def _follow(tour: _Tour, link: str, shown: str, folder: _Folder) -> Iterator[_Folder]:
    """Where a symbolic link leads, if that is inside and was not reached without it."""
    real = os.path.realpath(link)
    if not _is_within(real, tour.boundary):
        if os.path.isdir(real) or tour.readable(shown):
            tour.skipped[shown] = "a link that leaves the root"
    elif os.path.isdir(real):
        # A link to a folder around itself would show the same files at ever longer paths.
        if not _is_within(link, real) and _is_welcome(tour, shown + "/", folder):
            yield _Folder(real, shown + "/", folder.ignoring, folder.freely)
    elif os.path.exists(real):
        _take(tour, real, shown, folder)


def _is_welcome(tour: _Tour, shown: str, folder: _Folder) -> bool:
    """Whether a path is to be read; if it is not, the reason is noted. Folders end with `/`."""
    name = shown.rstrip("/").rsplit("/", 1)[-1]
    why = ""
    if shown.endswith("/") and name in _NEVER_ENTERED:
        why = "never read unless named"
    elif folder.freely:
        return True
    elif _is_left_out(shown, name):
        why = "left out unless named"
    elif tour.excluded is not None and tour.excluded.match_file(shown):
        why = "excluded by the settings"
    elif _is_ignored(shown, folder.ignoring):
        why = "ignored by .gitignore"
    if why:
        tour.skipped[shown.rstrip("/")] = why
    return not why


def _is_left_out(shown: str, name: str) -> bool:
    if shown.endswith("/"):
        return name.lower() in _LEFT_OUT_FOLDERS or shown.endswith(".next/cache/")
    return _LEFT_OUT_FILES.match(name) is not None


def _is_ignored(shown: str, ignoring: Sequence[_Ignoring]) -> bool:
    """As git has it: the deepest file that speaks of a path decides, in it the last pattern."""
    for each in reversed(ignoring):
        verdict = each.verdict(shown)
        if verdict is not None:
            return verdict
    return False


def _with_its_own(folder: _Folder) -> _Folder:
    spec = _spec_of(_join(folder.real, ".gitignore"))
    if spec is None:
        return folder
    own = _Ignoring(folder.shown, spec)
    return _Folder(folder.real, folder.shown, (*folder.ignoring, own), folder.freely)


def _ignored_from_above(top: str) -> Iterator[_Ignoring]:
    """The .gitignore files of the folders above the root, up to that of the repository."""
    repository = next((each for each in _upward(top) if os.path.exists(_join(each, ".git"))), None)
    if repository is None:
        return
    own = _spec_of(_join(repository, ".git", "info", "exclude"))
    if own is not None:
        yield _Ignoring("", own, _below(top, repository))
    for folder in reversed(list(_upward(top))):
        if folder != top and _is_within(folder, repository):
            spec = _spec_of(_join(folder, ".gitignore"))
            if spec is not None:
                yield _Ignoring("", spec, _below(top, folder))


def _upward(folder: str) -> Iterator[str]:
    yield folder
    yield from (str(each) for each in Path(folder).parents)


def _below(path: str, folder: str) -> str:
    return "" if path == folder else Path(path).relative_to(folder).as_posix() + "/"


def _spec_of(file: str) -> GitIgnoreSpec | None:
    try:
        with open(file, encoding="utf-8-sig", errors="replace") as lines:
            return _spec(lines.read().splitlines())
    except OSError:
        return None


def _spec(patterns: Sequence[str]) -> GitIgnoreSpec:
    """The patterns as git reads them; git passes over those that it cannot read, and so do we."""
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(patterns)
    except ValueError:
        return GitIgnoreSpec.from_lines([each for each in patterns if _is_pattern(each)])


def _is_pattern(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _shown(real: str, top: str) -> str:
    """`real` as reports show it; what lies outside the root begins with `../`."""
    try:
        return Path(os.path.relpath(real, top)).as_posix()
    except ValueError:
        return Path(real).as_posix()
