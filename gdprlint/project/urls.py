"""From a URL, a template's name or a Python module's in one file to another file of the
project."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence

from gdprlint.facts import FileFacts
from gdprlint.project.modules import Conventions, Modules

SCRIPT_SUFFIXES = (".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".vue", ".svelte")


class Places:
    """All files of a project, found by the end of their paths.

    A URL names a file by the last parts of its path: what comes before them (`/static/`, a mount
    point, `public/`) is settled by servers that no source shows. Of several files with the same
    end, the one nearest to the asking file is taken.
    """

    def __init__(self, files: Mapping[str, FileFacts], conventions: Conventions) -> None:
        self._known = frozenset(files)
        self._modules = Modules(files, conventions, self.script)
        self._by_name: dict[str, list[str]] = {}
        for path in sorted(self._known):
            self._by_name.setdefault(posixpath.basename(path), []).append(path)

    def __contains__(self, path: str) -> bool:
        return path in self._known

    def by_url(self, url: str, asking: str) -> str | None:
        """The file that a URL in the file `asking` leads to, or None for other hosts and
        unknowns."""
        text = url.partition("#")[0].partition("?")[0]
        if not text or "//" in text or ":" in text.partition("/")[0]:
            return None
        if not text.startswith("/"):
            beside = posixpath.normpath(posixpath.join(posixpath.dirname(asking), text))
            if beside in self._known:
                return beside
        parts = [part for part in text.split("/") if part not in ("", ".", "..")]
        return self._by_end(parts, asking, least=1)

    def by_template(self, name: str, asking: str) -> str | None:
        """The template of that name: its whole name must be the end of the file's path."""
        parts = [part for part in name.split("/") if part not in ("", ".")]
        if ".." in parts:
            beside = posixpath.normpath(posixpath.join(posixpath.dirname(asking), name))
            return beside if beside in self._known else None
        found = self._ending(parts)
        return _nearest([path for path in found if path != asking] or found, asking)

    def by_module(self, name: str, asking: str) -> str | None:
        """The file of an imported module of a script, as the project's configuration says."""
        return self._modules.file(name, asking)

    def by_python_module(self, name: str, asking: str) -> str | None:
        """The file of a Python module, `a.b` or `.b`, looked for from the asking file upwards."""
        dots = len(name) - len(name.lstrip("."))
        tail = name.lstrip(".").replace(".", "/")
        folder = posixpath.dirname(asking)
        if dots:
            for _ in range(dots - 1):
                folder = posixpath.dirname(folder)
            return self._python(posixpath.join(folder, tail) if tail else folder)
        while True:
            found = self._python(posixpath.join(folder, tail))
            if found is not None or not folder:
                return found
            folder = posixpath.dirname(folder)

    def _python(self, base: str) -> str | None:
        for path in (base + ".py", posixpath.join(base, "__init__.py")):
            if path in self._known:
                return path
        return None

    def script(self, base: str) -> str | None:
        """The script or component at a path whose suffix or `index` may be left out."""
        stem, _, suffix = base.rpartition(".")
        candidates = [base, *(base + s for s in SCRIPT_SUFFIXES)]
        if suffix in ("js", "jsx", "mjs", "cjs"):
            # TypeScript is imported by the names of what it is compiled to.
            candidates.extend(stem + s for s in (".ts", ".tsx", ".mts", ".cts"))
        candidates.extend(posixpath.join(base, "index" + s) for s in SCRIPT_SUFFIXES)
        return next((path for path in candidates if path in self._known), None)

    def _ending(self, parts: Sequence[str]) -> list[str]:
        if not parts:
            return []
        end = "/".join(parts)
        return [
            path
            for path in self._by_name.get(parts[-1], ())
            if path == end or path.endswith("/" + end)
        ]

    def _by_end(self, parts: list[str], asking: str, *, least: int) -> str | None:
        while len(parts) >= least:
            found = self._ending(parts)
            if found and (len(parts) > 1 or len(found) == 1):
                return _nearest(found, asking)
            if len(parts) == 1 and found:
                top = posixpath.dirname(asking)
                return (
                    _nearest(found, asking) if any(shared_folders(f, top) for f in found) else None
                )
            parts = parts[1:]
        return None


def _nearest(paths: Sequence[str], asking: str) -> str | None:
    if not paths:
        return None
    return min(paths, key=lambda path: (-shared_folders(path, asking), path.count("/"), path))


def shared_folders(one: str, other: str) -> int:
    """How many leading folders two paths share."""
    count = 0
    for a, b in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if a != b:
            break
        count += 1
    return count
