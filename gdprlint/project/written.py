"""What names stand for, as far as modules spell it out: enough to read a table of routes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gdprlint.facts import (
    Choice,
    Define,
    Either,
    Expr,
    FileFacts,
    Function,
    Invoke,
    Join,
    Member,
    Name,
    Record,
    Text,
)
from gdprlint.facts.expr import SPREAD, Keyword
from gdprlint.project.urls import Places
from gdprlint.source import Span

_DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Meant:
    """A value, the file that writes it, and the definition's place where it has one of its own."""

    value: Expr
    path: str
    span: Span | None = None


class Written:
    """Names and members of modules, without conditions and assignments."""

    def __init__(self, files: Mapping[str, FileFacts], places: Places) -> None:
        self.files = files
        self.places = places
        self.passed: set[str] = set()
        self._tables: dict[str, dict[str, list[Define]]] = {}

    def defined(self, path: str, name: str) -> list[Define]:
        """What a file gives a name, in any scope; an exported name is spelled `export NAME`."""
        if path not in self._tables:
            table: dict[str, list[Define]] = {}
            for fact in self.files[path].facts:
                if isinstance(fact, Define):
                    table.setdefault(fact.name, []).append(fact)
            self._tables[path] = table
        return self._tables[path].get(name, [])

    def meant(self, value: Expr, path: str, depth: int = 0) -> Iterator[Meant]:
        """What `value` stands for: values that are no mere references, where the project has
        them."""
        if depth > _DEEPEST:
            return
        match value:
            case Name(name, scope):
                for define in self._visible(name, scope, path):
                    yield from self._through(define, path, depth + 1)
            case Member(of, name):
                yield from self._member(of, name, path, depth + 1)
            case Keyword(_, inner):
                yield from self.meant(inner, path, depth + 1)
            case Either(left, right) | Choice(_, left, right):
                yield from self.meant(left, path, depth + 1)
                yield from self.meant(right, path, depth + 1)
            case Invoke(Member(of, "then"), (Function(number), *_)):
                for inner in self._returned(number, path):
                    if isinstance(inner, Member):
                        yield from self._member(of, inner.name, path, depth + 1)
            case Invoke(to, _) if module_of(value) is None:
                found = False
                for called in self.meant(to, path, depth + 1):
                    if isinstance(called.value, Function):
                        for inner in self._returned(called.value.function, called.path):
                            found = True
                            yield from self.meant(inner, called.path, depth + 1)
                if not found:
                    yield Meant(value, path)
            case _:
                yield Meant(value, path)

    def literal(self, value: Expr | None, path: str, depth: int = 0) -> str | None:
        """The string that `value` is, where it is written out."""
        match value:
            case None:
                return None
            case Text(text):
                return text
            case Join(parts):
                texts = [self.literal(part, path, depth + 1) for part in parts]
                known = [text for text in texts if text is not None]
                return "".join(known) if len(known) == len(texts) else None
        if depth > _DEEPEST:
            return None
        found = {
            self.literal(one.value, one.path, depth + 1)
            for one in self.meant(value, path, depth)
            if isinstance(one.value, Text | Join)
        }
        return found.pop() if len(found) == 1 else None

    def exported(self, path: str, name: str, depth: int = 0) -> Iterator[Meant]:
        """What the module `path` gives out under `name`; the files on the way are noted."""
        if depth > _DEEPEST:
            return
        found = self.defined(path, f"export {name}")
        for define in found:
            if module_of(define.value) is not None:
                self.passed.add(path)
            yield from self._through(define, path, depth + 1)
        if found:
            return
        for star in self.defined(path, "export *"):
            module = module_of(star.value)
            target = self.places.by_module(module[0], path) if module is not None else None
            if target is not None and target != path:
                self.passed.add(path)
                yield from self.exported(target, name, depth + 1)

    def _visible(self, name: str, scope: int, path: str) -> list[Define]:
        """The definitions of a name in the nearest scope that has any."""
        found = self.defined(path, name)
        scopes = self.files[path].scopes
        at: int | None = scope
        while at is not None:
            here = [define for define in found if define.scope == at]
            if here:
                return here
            at = scopes.get(at)
        return []

    def _through(self, define: Define, path: str, depth: int) -> Iterator[Meant]:
        module = module_of(define.value)
        if module is not None:
            target = self.places.by_module(module[0], path)
            if target is not None:
                known = list(self.exported(target, module[1], depth + 1))
                # A module that says nothing of the name is itself what is meant: a component file.
                yield from known or (Meant(define.value, target),)
            return
        if isinstance(define.value, Name | Member):
            yield from self.meant(define.value, path, depth + 1)
        elif isinstance(define.value, Function | Record):
            yield Meant(define.value, path, define.span)
        else:
            for one in self.meant(define.value, path, depth + 1):
                yield Meant(one.value, one.path, one.span or define.span)

    def _member(self, of: Expr, name: str, path: str, depth: int) -> Iterator[Meant]:
        module = module_of(of)
        if module is not None:
            target = self.places.by_module(module[0], path)
            if target is not None:
                yield from self.exported(target, name, depth + 1)
            return
        if isinstance(of, Name):
            for define in self._visible(of.name, of.scope, path):
                whole = module_of(define.value)
                if whole is not None and whole[1] == "*":
                    yield from self._member(define.value, name, path, depth + 1)
                    return
        for inner in self.meant(of, path, depth + 1):
            if isinstance(inner.value, Record):
                for entry in inner.value.entries:
                    if entry.key == name:
                        yield from self.meant(entry.value, inner.path, depth + 1)
                    elif entry.key == SPREAD:
                        yield from self._member(entry.value, name, inner.path, depth + 1)

    def _returned(self, number: int, path: str) -> list[Expr]:
        function = self.files[path].functions.get(number)
        return [one.value for one in function.returns] if function is not None else []


def module_of(value: Expr) -> tuple[str, str] | None:
    """The module and the exported name that an import means; `*` for `import("m")` itself."""
    match value:
        case Invoke(Name("import"), (Text(module), Text(name))):
            return module, name
        case Invoke(Name("import" | "require"), (Text(module),)):
            return module, "*"
    return None
