"""What does this YAML say, and on which line? Strings with lines, and dataclasses out of them.

YAML's own typing is never used: it reads `country: NO` as false and `since: 0.10` as 0.1. Every
scalar stays the string that was written, and the annotations of a dataclass say what it means.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import NoneType, UnionType
from typing import Any, Literal, Protocol, TypeAlias, TypeVar, Union, cast, get_args, get_origin
from typing import get_type_hints as hints_of

from gdprlint.errors import GdprlintError, RulesetError, likely_word

T = TypeVar("T")

Tree: TypeAlias = "str | list[Tree] | dict[str, Tree]"
"""What YAML says when nobody interprets its scalars."""

Path: TypeAlias = tuple[str | int, ...]
"""Where in a tree: the keys and positions that lead there from the top."""

Shape: TypeAlias = Callable[[object, Path], object]
"""Makes a typed value of a part of a tree, or raises `_Wrong` with the part's path."""

Shapes: TypeAlias = dict[object, Shape]
"""The shapes worked out so far, by annotation; one may be shared by many calls of `typed`."""

_MOST_NESTED = 100


class Lined(Protocol):
    """A text that knows on which line it says what stands at a path."""

    def line(self, path: Path = ()) -> int: ...


class _Wrong(Exception):
    """A part of a tree is not what was asked for; becomes an error with place and line."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message)
        self.path = path


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML text and what it says. An empty text says `{}`."""

    value: Tree
    text: str
    place: str

    def line(self, path: Path = ()) -> int:
        """The line, from 1, of the key or item at `path`; of the nearest part around it if none is.

        The text is parsed again for it, since lines are only asked for when something is wrong.
        """
        lines: dict[Path, int] = {}
        _tree(self.text, lines)
        while path and path not in lines:
            path = path[:-1]
        return lines.get(path, 0) + 1


def load(text: str, place: str, *, error: type[GdprlintError] = RulesetError) -> Document:
    """What `text` says; YAML that is broken, or says a key twice, is an `error` with its line.

    Anchors on lists and mappings are refused: a page of them can mean gigabytes.
    """
    import yaml

    try:
        value = _tree(text, None)
    except _Broken as broken:
        raise error(f"{place}:{broken.line + 1}: {broken}") from None
    except yaml.YAMLError as broken:
        line, why = _complaint(broken)
        raise error(f"{place}:{line + 1}: this is not YAML: {why}") from None
    except UnicodeError:
        raise error(f"{place}:1: this is not YAML: it holds characters that are no text") from None
    return Document(value, text, place)


class _Broken(Exception):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def _complaint(broken: Any) -> tuple[int, str]:
    mark = getattr(broken, "problem_mark", None)
    why = getattr(broken, "problem", None) or getattr(broken, "reason", None) or "it is broken"
    return (0 if mark is None else int(mark.line), str(why))


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet; `key` is the one that waits for its value."""

    items: list[Tree] | dict[str, Tree]
    path: Path
    key: str | None = None


def _tree(text: str, lines: dict[Path, int] | None) -> Tree:
    """What `text` says, from the parser's events, with the line (from 0) of each part in `lines`.

    Events and no composed nodes: the composer in C recurses until the process dies.
    """
    import yaml

    opened: list[_Open] = []
    top: list[Tree] = []
    aliased: dict[str, str] = {}
    events: Iterator[Any] = yaml.parse(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))
    for event in events:
        match type(event).__name__:
            case "ScalarEvent":
                if event.anchor is not None:
                    aliased[event.anchor] = event.value
                _add(opened, top, event.value, event.start_mark.line, lines)
            case "MappingStartEvent" | "SequenceStartEvent" as name:
                line = event.start_mark.line
                if event.anchor is not None:
                    raise _Broken(line, "an anchor may not stand for a list or a mapping")
                if len(opened) == _MOST_NESTED:
                    raise _Broken(line, f"this is nested more than {_MOST_NESTED} deep")
                items: list[Tree] | dict[str, Tree] = {} if name == "MappingStartEvent" else []
                opened.append(_Open(items, _add(opened, top, items, line, lines)))
            case "MappingEndEvent" | "SequenceEndEvent":
                opened.pop()
            case "AliasEvent":
                if event.anchor not in aliased:
                    raise _Broken(event.start_mark.line, f"there is no anchor {event.anchor!r}")
                _add(opened, top, aliased[event.anchor], event.start_mark.line, lines)
            case "DocumentStartEvent" if top:
                raise _Broken(event.start_mark.line, "a second document begins here")
    return top[0] if top else {}


def _add(
    opened: list[_Open], top: list[Tree], value: Tree, line: int, lines: dict[Path, int] | None
) -> Path:
    """Put `value` where it belongs, which for every second one in a mapping is as the key."""
    if not opened:
        top.append(value)
        return ()
    last = opened[-1]
    items = last.items
    if type(items) is list:
        path = (*last.path, len(items))
        items.append(value)
        if lines is not None:
            lines[path] = line
        return path
    mapping = cast("dict[str, Tree]", items)
    if last.key is None:
        if type(value) is not str:
            raise _Broken(line, "a key must be a word, not a list or a mapping")
        if value in mapping:
            raise _Broken(line, f"{value!r} is said twice")
        last.key = value
        path = (*last.path, value)
        if lines is not None:
            lines[path] = line
        return path
    path = (*last.path, last.key)
    mapping[last.key] = value
    last.key = None
    return path


def typed(
    value: object,
    kind: type[T],
    *,
    place: str,
    document: Lined | None = None,
    error: type[GdprlintError] = RulesetError,
    path: Path = (),
    shapes: Shapes | None = None,
) -> T:
    """`value`, a tree of strings, as `kind`: a dataclass or another annotation that means one.

    Understood are str, int, float, bool, date, Literal, object (the tree as it is), tuple[X, ...]
    (for which a bare scalar is one item, and nothing is none), Mapping[str, X], unions and
    dataclasses. A field `is_not` is spelled `is-not` or `is_not`, and `from_` is spelled `from`;
    a field whose metadata say `written: False` is no key.
    `path` is where `value` stands in `document`. Give the same `shapes` to calls that are many.
    """
    try:
        return cast(T, _shape(kind, {} if shapes is None else shapes)(value, path))
    except _Wrong as wrong:
        line = "" if document is None else f":{document.line(wrong.path)}"
        raise error(f"{place}{line}: {wrong}") from None


def _shape(kind: object, shapes: Shapes) -> Shape:
    found = shapes.get(kind)
    if found is None:
        found = shapes[kind] = _new_shape(kind, shapes)
    return found


def _new_shape(kind: object, shapes: Shapes) -> Shape:
    origin, arguments = get_origin(kind), get_args(kind)
    if kind in _SCALARS:
        return _SCALARS[cast(type, kind)]
    if kind is object or kind is Any:
        return lambda value, path: value
    if origin is Literal:
        return _literal(arguments)
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return _tuple(_shape(arguments[0], shapes))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _mapping(_shape(arguments[1], shapes))
    if origin in (Union, UnionType):
        return _union(arguments, shapes)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return _dataclass(kind, shapes)
    raise TypeError(f"YAML cannot be typed as {kind!r}")


def _str(value: object, path: Path) -> object:
    if type(value) is str:
        return value
    raise _not_a("a text", value, path)


def _int(value: object, path: Path) -> object:
    try:
        return int(cast(str, value))
    except (ValueError, TypeError):
        raise _not_a("a whole number", value, path) from None


def _float(value: object, path: Path) -> object:
    try:
        return float(cast(str, value))
    except (ValueError, TypeError):
        raise _not_a("a number", value, path) from None


def _bool(value: object, path: Path) -> object:
    if value in ("true", "false"):
        return value == "true"
    raise _not_a("true or false", value, path)


def _date(value: object, path: Path) -> object:
    try:
        return date.fromisoformat(cast(str, value))
    except (ValueError, TypeError):
        raise _not_a("a day such as 2030-12-31", value, path) from None


_SCALARS: Mapping[type, Shape] = {
    str: _str,
    int: _int,
    float: _float,
    bool: _bool,
    date: _date,
}


def _literal(words: Sequence[object]) -> Shape:
    by_spelling = {str(word): word for word in words}

    def read(value: object, path: Path) -> object:
        if type(value) is str and value in by_spelling:
            return by_spelling[value]
        if type(value) is str:
            hint = likely_word(value, by_spelling)
            raise _Wrong(path, f"{_named(path)} cannot be {value!r}; {hint}")
        raise _not_a(f"one of {', '.join(sorted(by_spelling))}", value, path)

    return read


def _tuple(item: Shape) -> Shape:
    def read(value: object, path: Path) -> object:
        if type(value) is list:
            return tuple([item(each, (*path, index)) for index, each in enumerate(value)])
        return () if value == "" else (item(value, path),)

    return read


def _mapping(item: Shape) -> Shape:
    def read(value: object, path: Path) -> object:
        if type(value) is dict:
            return {key: item(each, (*path, key)) for key, each in value.items()}
        if value == "":
            return {}
        raise _not_a("a mapping", value, path)

    return read


def _union(members: Sequence[object], shapes: Shapes) -> Shape:
    """The first member that takes the value; what the last one says when none does."""
    optional = NoneType in members
    candidates = [_shape(member, shapes) for member in members if member is not NoneType]

    def read(value: object, path: Path) -> object:
        if optional and value == "":
            return None
        for candidate in candidates[:-1]:
            try:
                return candidate(value, path)
            except _Wrong:
                continue
        return candidates[-1](value, path)

    return read


def _dataclass(kind: Any, shapes: Shapes) -> Shape:
    by_key: dict[str, tuple[str, Shape]] = {}
    required: list[tuple[str, str]] = []

    def read(value: object, path: Path) -> object:
        if type(value) is not dict:
            raise _not_a("a mapping", value, path)
        made: dict[str, object] = {}
        for key, each in value.items():
            entry = by_key.get(key)
            if entry is None:
                # Suggested in the spelling that was tried: `first_party` and `first-party` both do.
                hint = likely_word(
                    key, {_spellings(name)[-("_" in key)] for name, _ in by_key.values()}
                )
                raise _Wrong((*path, key), f"{_called(kind)} cannot have {key!r}; {hint}")
            name, shape = entry
            if name in made:
                raise _Wrong((*path, key), f"{key!r} is said twice")
            made[name] = shape(each, (*path, key))
        for name, key in required:
            if name not in made:
                raise _Wrong(path, f"{_called(kind)} must have {key!r}")
        try:
            return kind(**made)
        except ValueError as broken:
            raise _Wrong(path, str(broken)) from None

    # Known before its fields are looked at, so that a dataclass may hold others of its own kind.
    shapes[kind] = read
    hints = hints_of(kind)
    for field in _given_fields(kind):
        for key in _spellings(field.name):
            by_key[key] = (field.name, _shape(hints[field.name], shapes))
        if _is_required(field):
            required.append((field.name, _key(field.name)))
    return read


def _given_fields(kind: Any) -> Iterator[dataclasses.Field[Any]]:
    fields = dataclasses.fields(kind)
    return (field for field in fields if field.init and field.metadata.get("written", True))


def _is_required(field: dataclasses.Field[Any]) -> bool:
    missing = dataclasses.MISSING
    return field.default is missing and field.default_factory is missing


def _key(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def _spellings(name: str) -> tuple[str, ...]:
    """`is-not` and `is_not` for `is_not`, one for names of one word."""
    bare = name.rstrip("_")
    return (_key(name), bare) if "_" in bare else (bare,)


def _called(kind: type) -> str:
    """The class's name as a phrase: `a consent platform`, `the settings`."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__.strip("_")).lower()
    if words.endswith("s") and not words.endswith("ss"):
        return f"the {words}"
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"


def _named(path: Path) -> str:
    for step in reversed(path):
        if isinstance(step, str):
            return repr(step)
    return "this"


def _not_a(wanted: str, value: object, path: Path) -> _Wrong:
    match value:
        case dict():
            given = "a mapping"
        case list():
            given = "a list"
        case "":
            given = "nothing"
        case _:
            given = repr(value)
    return _Wrong(path, f"{_named(path)} must be {wanted}, not {given}")


def schema(kind: type) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a dataclass as `typed` reads it, for editors.

    Editors give scalars the types that YAML gives them, so a text may look like a number to them.
    """
    definitions: dict[str, dict[str, Any]] = {}
    top = _schema_of(kind, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": _called(kind).split(" ", 1)[1],
        **top,
        "$defs": dict(sorted(definitions.items())),
    }


_SCALAR_SCHEMAS: Mapping[object, Mapping[str, Any]] = {
    str: {"type": ["string", "number", "boolean"]},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    date: {"type": "string", "format": "date"},
    object: {},
    Any: {},
    NoneType: {"type": "null"},
}


def _schema_of(kind: object, definitions: dict[str, dict[str, Any]]) -> dict[str, Any]:
    origin, arguments = get_origin(kind), get_args(kind)
    if kind in _SCALAR_SCHEMAS:
        return dict(_SCALAR_SCHEMAS[kind])
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is tuple:
        item = _schema_of(arguments[0], definitions)
        return {"anyOf": [{"type": "array", "items": item}, item, {"type": "null"}]}
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _schema_of(arguments[1], definitions)}
    if origin in (Union, UnionType):
        return {"anyOf": [_schema_of(member, definitions) for member in arguments]}
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        name = kind.__name__
        if name not in definitions:
            definitions[name] = {}
            definitions[name] = _schema_of_dataclass(kind, definitions)
        return {"$ref": f"#/$defs/{name}"}
    raise TypeError(f"YAML cannot be typed as {kind!r}")


def _schema_of_dataclass(kind: Any, definitions: dict[str, dict[str, Any]]) -> dict[str, Any]:
    hints = hints_of(kind)
    properties: dict[str, Any] = {}
    required: list[str] = []
    either: list[dict[str, Any]] = []
    for field in _given_fields(kind):
        keys = _spellings(field.name)
        for key in keys:
            properties[key] = _schema_of(hints[field.name], definitions)
        if _is_required(field):
            if len(keys) == 1:
                required.append(keys[0])
            else:
                either.append({"anyOf": [{"required": [key]} for key in keys]})
    made: dict[str, Any] = {"type": "object"}
    told = kind.__doc__ or ""
    if told and not told.startswith(f"{kind.__name__}("):
        made["description"] = " ".join(told.split("\n\n")[0].split())
    made["properties"] = properties
    if required:
        made["required"] = required
    if either:
        made["allOf"] = either
    made["additionalProperties"] = False
    return made
