"""From a URL, a template's name or a module's name in one file to another file of the project."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence

SCRIPT_SUFFIXES = (".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".vue", ".svelte")


class Places:
    """All files of a project, found by the end of their paths.

    A URL names a file by the last parts of its path: what comes before them (`/static/`, a mount
    point, `public/`) is settled by servers that no source shows. Of several files with the same
    end, the one nearest to the asking file is taken.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self._known = frozenset(paths)
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
        """The file of an imported module: relative, by a usual alias of the source folder, or
        Python's."""
        if name.startswith("."):
            base = posixpath.normpath(posixpath.join(posixpath.dirname(asking), name))
            return self._script(base)
        if name.startswith(("@/", "~/", "$lib/", "src/")):
            tail = name if name.startswith("src/") else "src/" + name.partition("/")[2]
            for end in (tail, tail.removeprefix("src/"), tail.replace("src/", "src/lib/", 1)):
                found = self._above(end, asking)
                if found is not None:
                    return found
        if name.startswith("/"):
            return self._above(name[1:], asking)
        return None

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

    def _script(self, base: str) -> str | None:
        stem, _, suffix = base.rpartition(".")
        candidates = [base, *(base + s for s in SCRIPT_SUFFIXES)]
        if suffix in ("js", "jsx", "mjs", "cjs"):
            candidates.extend(stem + s for s in (".ts", ".tsx", ".mts"))
        candidates.extend(posixpath.join(base, "index" + s) for s in SCRIPT_SUFFIXES)
        return next((path for path in candidates if path in self._known), None)

    def _above(self, end: str, asking: str) -> str | None:
        folder = posixpath.dirname(asking)
        while True:
            found = self._script(posixpath.join(folder, end))
            if found is not None or not folder:
                return found
            folder = posixpath.dirname(folder)

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
                return _nearest(found, asking) if any(_shared(f, top) for f in found) else None
            parts = parts[1:]
        return None


def _nearest(paths: Sequence[str], asking: str) -> str | None:
    if not paths:
        return None
    return min(paths, key=lambda path: (-_shared(path, asking), path.count("/"), path))


def _shared(one: str, other: str) -> int:
    """How many leading folders two paths share."""
    count = 0
    for a, b in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if a != b:
            break
        count += 1
    return count
