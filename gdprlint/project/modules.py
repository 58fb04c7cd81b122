"""Which file of the project does an imported module's name lead to?

Names are resolved as the project's own configuration says: relative paths, `paths` and `baseUrl` of
TypeScript, aliases that a bundler's configuration spells out, the names and entry points of the
packages in the repository. Configuration is read as it is written; nothing of it is run.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from gdprlint.facts import (
    Assign,
    Call,
    Define,
    Expr,
    FileFacts,
    Function,
    Invoke,
    Items,
    Join,
    Member,
    Name,
    Record,
    Text,
)

Conventions = Mapping[str, Mapping[str, Sequence[str]]]
"""For each package of a framework: its prefixes of imports, and the folders they may stand for."""

_TYPESCRIPT = re.compile(r"[jt]sconfig(?:\.[\w-]+)*\.json\Z")
# `vite.config.ts`, `build/webpack.base.conf.js`, `config/webpack.js`.
_CONFIGURATION = re.compile(r"(?:^|[/._-])conf(?:ig)?[/._-][^/]*\Z")
_USUAL_PREFIXES = ("@/", "~/", "$lib/", "src/")
# The conditions of `exports`, those first that lead to what a person wrote for browsers.
_CONDITIONS = ("source", "svelte", "browser", "import", "module", "default", "require", "node")
_DATA = frozenset({"raw", "url", "inline"})
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class _Alias:
    """`prefix` stands for one of `targets`; `exact` where nothing may come after it."""

    prefix: str
    targets: tuple[str, ...]
    exact: bool = False

    def within(self, name: str) -> str | None:
        """What comes after the prefix in `name`, or None where it does not begin with it."""
        if name == self.prefix:
            return ""
        if self.exact or not name.startswith(self.prefix):
            return None
        rest = name[len(self.prefix) :]
        if self.prefix.endswith("/"):
            return rest
        return rest[1:] if rest.startswith("/") else None


@dataclass(frozen=True, slots=True)
class _Paths:
    """A TypeScript configuration: patterns with at most one `*`, and the base for other names."""

    patterns: tuple[tuple[str, tuple[str, ...]], ...]
    base: str | None


@dataclass(frozen=True, slots=True)
class _Package:
    """A package in the repository: its folder and its `package.json`."""

    folder: str
    name: str
    manifest: Record


class Modules:
    """All that the project says of its modules' names.

    `script` finds the file at a path whose suffix may be left out.
    """

    def __init__(
        self,
        files: Mapping[str, FileFacts],
        conventions: Conventions,
        script: Callable[[str], str | None],
    ) -> None:
        self._files = files
        self._script = script
        self._conventions = conventions
        self._memo: dict[tuple[str, str], str | None] = {}

    def file(self, name: str, asking: str) -> str | None:
        """The file that the module `name` means in the file `asking`, or None for packages from
        elsewhere and for what the project does not hold."""
        key = (name, posixpath.dirname(asking))
        if key not in self._memo:
            path, _, asked = name.partition("?")
            # What bundlers hand over as text or as an address does not run.
            as_data = not _DATA.isdisjoint(re.split(r"[&=]", asked))
            self._memo[key] = None if as_data else self._file(path, key[1])
        return self._memo[key]

    def _file(self, name: str, folder: str) -> str | None:
        if name.startswith("."):
            return self._at(_joined(folder, name))
        for target in self._configured(name, folder):
            return next((f for f in map(self._at, target) if f is not None), None)
        for base in self._bases(folder):
            found = self._at(_joined(base, name))
            if found is not None:
                return found
        if name.startswith("#"):
            return self._own_import(name, folder)
        package = self._package_named(name)
        if package is not None:
            return self._exported_by(package, name[len(package.name) + 1 :])
        return self._by_usage(name, folder)

    def _at(self, base: str) -> str | None:
        """The script at a path without suffix, or the entry point of the package there."""
        found = self._script(base)
        if found is None and base in self._packages:
            found = self._exported_by(self._packages[base], "")
        return found

    def _configured(self, name: str, folder: str) -> Iterator[list[str]]:
        """The paths that the nearest configuration which knows the name makes of it."""
        for above in _upwards(folder):
            paths = self._typescript.get(above)
            if paths is not None:
                yield from _by_patterns(paths.patterns, name)
            yield from _by_aliases(self._aliases.get(above, ()), name)

    def _bases(self, folder: str) -> Iterator[str]:
        for above in _upwards(folder):
            paths = self._typescript.get(above)
            if paths is not None and paths.base is not None:
                yield paths.base

    def _by_usage(self, name: str, folder: str) -> str | None:
        """The file by what projects usually mean where no configuration is to be seen."""
        if name.startswith(_USUAL_PREFIXES):
            tail = name if name.startswith("src/") else "src/" + name.partition("/")[2]
            for end in (tail, tail.removeprefix("src/"), tail.replace("src/", "src/lib/", 1)):
                found = self._above(end, folder)
                if found is not None:
                    return found
        return self._above(name[1:], folder) if name.startswith("/") else None

    def _above(self, end: str, folder: str) -> str | None:
        found = (self._at(_joined(above, end)) for above in _upwards(folder))
        return next((path for path in found if path is not None), None)

    # ------------------------------------------------------------ package.json

    @cached_property
    def _packages(self) -> Mapping[str, _Package]:
        """The packages of the repository, by their folders."""
        found: dict[str, _Package] = {}
        for path in self._files:
            manifest = self._json(path) if posixpath.basename(path) == "package.json" else None
            if manifest is not None:
                folder = posixpath.dirname(path)
                found[folder] = _Package(folder, _text(_entry(manifest, "name")), manifest)
        return found

    @cached_property
    def _named(self) -> Mapping[str, _Package]:
        return {package.name: package for package in self._packages.values() if package.name}

    def _package_named(self, name: str) -> _Package | None:
        parts = name.split("/")
        return self._named.get("/".join(parts[: 2 if name.startswith("@") else 1]))

    def _exported_by(self, package: _Package, inner: str) -> str | None:
        """The file behind `package` or `package/inner`."""
        exports = _entry(package.manifest, "exports")
        targets = [_condition(exports)] if exports is not None and not inner else []
        if isinstance(exports, Record):
            wanted = "./" + inner if inner else "."
            targets = [*_by_subpath(exports, wanted), *targets]
        if not inner:
            targets += [_text(_entry(package.manifest, key)) for key in ("source", "module")]
            targets += [_text(_entry(package.manifest, "main")), "index"]
        for target in targets if not inner else [*targets, inner]:
            found = self._built_from(package.folder, target) if target else None
            if found is not None:
                return found
        return self._script(_joined(package.folder, "src/index")) if not inner else None

    def _built_from(self, folder: str, target: str) -> str | None:
        """The file of that name, or the source that it is built from: repositories hold no
        `dist`."""
        found = self._script(_joined(folder, target))
        parts = posixpath.splitext(posixpath.normpath(target))[0].split("/")
        for i in range(1, len(parts)):
            if found is None:
                found = self._script(_joined(folder, "/".join(("src", *parts[i:]))))
        return found

    def _own_import(self, name: str, folder: str) -> str | None:
        """`#name`, which the nearest `package.json` explains under `imports`."""
        for above in _upwards(folder):
            package = self._packages.get(above)
            imports = _entry(package.manifest, "imports") if package is not None else None
            if isinstance(imports, Record):
                found = (self._built_from(above, target) for target in _by_subpath(imports, name))
                return next((path for path in found if path is not None), None)
        return None

    # ------------------------------------------------------------ TypeScript

    @cached_property
    def _typescript(self) -> Mapping[str, _Paths]:
        """What the TypeScript configurations of each folder say together."""
        found: dict[str, _Paths] = {}
        for path in sorted(self._files):
            if _TYPESCRIPT.fullmatch(posixpath.basename(path)):
                folder = posixpath.dirname(path)
                mine, others = self._paths_of(path, 0), found.get(folder)
                if others is not None:
                    base = mine.base if others.base is None else others.base
                    mine = _Paths((*others.patterns, *mine.patterns), base)
                found[folder] = mine
        return found

    def _paths_of(self, path: str, depth: int) -> _Paths:
        """The paths of one configuration; those it extends where it has none itself."""
        written = self._json(path)
        if written is None or depth > _DEEPEST:
            return _Paths((), None)
        folder = posixpath.dirname(path)
        options = _entry(written, "compilerOptions")
        base = _entry(options, "baseUrl")
        paths = _entry(options, "paths")
        inherited = self._inherited(written, folder, depth)
        own = _joined(folder, base.text) if isinstance(base, Text) else inherited.base
        if not isinstance(paths, Record):
            return _Paths(inherited.patterns, own)
        root = own if own is not None else folder
        patterns = tuple(
            (entry.key, tuple(_joined(root, text) for text in _texts(entry.value)))
            for entry in paths.entries
        )
        return _Paths(patterns, own)

    def _inherited(self, written: Record, folder: str, depth: int) -> _Paths:
        for extended in _texts(_entry(written, "extends")):
            if extended.startswith("."):
                path = _joined(folder, extended)
                found = next((p for p in (path, path + ".json") if p in self._files), None)
                if found is not None:
                    return self._paths_of(found, depth + 1)
        return _Paths((), None)

    def _json(self, path: str) -> Record | None:
        """What a JSON file says, if it is an object."""
        for fact in self._files[path].facts:
            if isinstance(fact, Define) and isinstance(fact.value, Record):
                return fact.value
        return None

    # ------------------------------------------------------------ bundlers and frameworks

    @cached_property
    def _aliases(self) -> Mapping[str, tuple[_Alias, ...]]:
        """The aliases of bundlers and frameworks, by the folder below which they hold."""
        found: dict[str, list[_Alias]] = {}
        for path, facts in self._files.items():
            if facts.language in ("javascript", "typescript") and _CONFIGURATION.search(path):
                root = self._root_above(posixpath.dirname(path))
                found.setdefault(root, []).extend(self._written_aliases(path, root))
        for folder, package in self._packages.items():
            found.setdefault(folder, []).extend(self._usual_aliases(folder, package))
        return {
            folder: tuple(sorted(aliases, key=lambda alias: -len(alias.prefix)))
            for folder, aliases in found.items()
        }

    def _root_above(self, folder: str) -> str:
        return next((above for above in _upwards(folder) if above in self._packages), folder)

    def _usual_aliases(self, folder: str, package: _Package) -> Iterator[_Alias]:
        """What a framework that the package depends on sets up by itself."""
        for key in ("dependencies", "devDependencies"):
            depended = _entry(package.manifest, key)
            for entry in depended.entries if isinstance(depended, Record) else ():
                for prefix, folders in self._conventions.get(entry.key, {}).items():
                    targets = tuple(_joined(folder, target) for target in folders)
                    yield _Alias(prefix, targets)

    def _written_aliases(self, path: str, root: str) -> Iterator[_Alias]:
        facts = self._files[path]
        for fact in facts.facts:
            match fact:
                case Define(_, _, value) | Call(Invoke(_, (value, *_))):
                    yield from self._aliases_in(value, path, root, 0)
                case Assign(Member(Member(_, "alias"), key), value):
                    yield from self._alias(key, value, path, root)
                case Assign(_, value):
                    yield from self._aliases_in(value, path, root, 0)
            if isinstance(fact, Call):
                match fact.invoke:
                    case Invoke(Member(Member(_, "alias"), "set"), (Text(key), value)):
                        yield from self._alias(key, value, path, root)
        for function in facts.functions.values():
            for returned in function.returns:
                yield from self._aliases_in(returned.value, path, root, 0)

    def _aliases_in(self, value: Expr, path: str, root: str, depth: int) -> Iterator[_Alias]:
        """The aliases of every entry `alias` in an object."""
        if depth > _DEEPEST:
            return
        match value:
            case Record(entries):
                for entry in entries:
                    if entry.key == "alias":
                        yield from self._alias_table(self._behind(entry.value, path), path, root)
                    else:
                        yield from self._aliases_in(entry.value, path, root, depth + 1)
            case Items(items):
                for item in items:
                    yield from self._aliases_in(item, path, root, depth + 1)

    def _alias_table(self, table: Expr, path: str, root: str) -> Iterator[_Alias]:
        match table:
            case Record(entries):
                for entry in entries:
                    yield from self._alias(entry.key, entry.value, path, root)
            case Items(items):
                for item in items:
                    find, to = _entry(item, "find"), _entry(item, "replacement")
                    if isinstance(find, Text) and to is not None:
                        yield from self._alias(find.text, to, path, root)

    def _alias(self, key: str, value: Expr, path: str, root: str) -> Iterator[_Alias]:
        spelled = self._spelled_path(value, path, 0)
        if spelled is None or not key:
            return
        folders = (posixpath.dirname(path), root)
        targets = tuple(dict.fromkeys(_joined(folder, spelled) for folder in folders))
        prefix = key.removesuffix("/*").removesuffix("$")
        yield _Alias(prefix, targets, exact=key.endswith("$"))

    def _spelled_path(self, value: Expr, path: str, depth: int) -> str | None:
        """A path as far as it is written out, from the folder of the configuration: what a call
        like `path.resolve(__dirname, "src")` or `new URL("src", import.meta.url)` is given."""
        if depth > _DEEPEST:
            return None
        match value:
            case Text(text):
                return text.lstrip("/")
            case Join(parts) | Invoke(_, parts):
                glue = "" if isinstance(value, Join) else "/"
                spelled = [self._spelled_path(part, path, depth + 1) for part in parts]
                return glue.join(text for text in spelled if text) if None not in spelled else None
            case Member(Invoke() as made, _):
                return self._spelled_path(made, path, depth + 1)
            case Member() | Name("__dirname"):
                return ""
            case Name():
                behind = self._behind(value, path)
                return self._spelled_path(behind, path, depth + 1) if behind != value else None
        return None

    def _behind(self, value: Expr, path: str) -> Expr:
        """What a name is defined as in the same file, once; else the value itself."""
        if not isinstance(value, Name):
            return value
        defined = (
            fact.value
            for fact in self._files[path].facts
            if isinstance(fact, Define) and fact.name == value.name
        )
        return next((v for v in defined if not isinstance(v, Function)), value)


def _upwards(folder: str) -> Iterator[str]:
    """The folder and those above it; the root is the empty one."""
    while folder:
        yield folder
        folder = posixpath.dirname(folder)
    yield ""


def _joined(folder: str, path: str) -> str:
    joined = posixpath.normpath(posixpath.join(folder, path))
    return "" if joined == "." else joined


def _by_patterns(patterns: Sequence[tuple[str, tuple[str, ...]]], name: str) -> Iterator[list[str]]:
    """The targets of the most exact pattern that fits; what fits `*` alone fits anything."""
    best: tuple[int, str, tuple[str, ...]] | None = None
    for pattern, targets in patterns:
        before, star, after = pattern.partition("*")
        if not star and name == pattern:
            best = (len(pattern) + 1, "", targets)
        elif star and pattern != "*" and _fits(name, before, after):
            middle = name[len(before) : len(name) - len(after)]
            if best is None or len(before) > best[0]:
                best = (len(before), middle, targets)
    if best is not None:
        yield [target.replace("*", best[1], 1) for target in best[2]]


def _fits(name: str, before: str, after: str) -> bool:
    long_enough = len(before) + len(after) <= len(name)
    return long_enough and name.startswith(before) and name.endswith(after)


def _by_aliases(aliases: Sequence[_Alias], name: str) -> Iterator[list[str]]:
    """The targets of the longest alias that fits."""
    for alias in aliases:
        rest = alias.within(name)
        if rest is not None:
            yield [_joined(target, rest) for target in alias.targets]


def _by_subpath(exports: Record, wanted: str) -> list[str]:
    """The targets of the entry of `exports` or `imports` that fits, in which `*` is filled."""
    for entry in exports.entries:
        before, star, after = entry.key.partition("*")
        if not star and entry.key == wanted:
            return [_condition(entry.value)]
        if star and wanted.startswith(before) and wanted.endswith(after):
            return [_condition(entry.value).replace("*", wanted[len(before) :], 1)]
    return []


def _condition(value: Expr | None, depth: int = 0) -> str:
    """The path that an entry of `exports` leads to, by the first of the known conditions."""
    match value:
        case Text(text):
            return text
        case Items((first, *_)):
            return _condition(first, depth + 1)
        case Record() if depth <= _DEEPEST:
            for condition in _CONDITIONS:
                found = _condition(_entry(value, condition), depth + 1)
                if found:
                    return found
    return ""


def _entry(value: Expr | None, key: str) -> Expr | None:
    if isinstance(value, Record):
        return next((entry.value for entry in value.entries if entry.key == key), None)
    return None


def _text(value: Expr | None) -> str:
    return value.text if isinstance(value, Text) else ""


def _texts(value: Expr | None) -> tuple[str, ...]:
    match value:
        case Text(text):
            return (text,)
        case Items(items):
            return tuple(item.text for item in items if isinstance(item, Text))
    return ()
