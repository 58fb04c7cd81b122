"""Have we read this text before? Facts by text, language and version of the reader, in sqlite.

Facts quote the source: strings in them may be somebody's personal data, and a cache lies in a
folder that backups and others may see. So only who has the text can read what was made from it: an
entry's name in the table and the key that it is encrypted with are two hashes of the text's digest,
which tell neither the other nor the text. (Who guesses the whole text of a file can find out that
it was read here; nothing keeps that from them.) Nothing is unpickled: of an entry, only facts can
be made.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import sys
import time
import zlib
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256, shake_256
from operator import attrgetter
from pathlib import Path
from types import UnionType
from typing import TYPE_CHECKING, Any, Union, cast, get_args, get_origin, get_type_hints

from gdprlint import facts
from gdprlint.facts import FileFacts, Span

if TYPE_CHECKING:
    import sqlite3

_FILE = "facts-1.sqlite"
_LARGEST = 200 * 1024 * 1024
_KEPT_IN_MEMORY = 32 * 1024 * 1024
_DAY = 86_400
_TABLE = (
    "create table if not exists entry"
    " (name blob primary key, day integer not null, size integer not null, body blob not null)"
)


def folder(environment: Mapping[str, str], platform: str = sys.platform) -> Path | None:
    """Where the cache lies: `$GDPRLINT_CACHE_DIR`, else where the platform keeps users' caches.

    None if nobody is at home: a user without a home folder has no cache.
    """
    asked = environment.get("GDPRLINT_CACHE_DIR")
    if asked:
        return Path(asked)
    if platform == "win32":
        local = environment.get("LOCALAPPDATA")
        return Path(local) / "gdprlint" / "Cache" if local else None
    if platform == "darwin":
        home = environment.get("HOME")
        return Path(home) / "Library" / "Caches" / "gdprlint" if home else None
    # XDG Base Directory Specification: a relative path is to be passed over.
    asked = environment.get("XDG_CACHE_HOME", "")
    if os.path.isabs(asked):
        return Path(asked) / "gdprlint"
    home = environment.get("HOME")
    return Path(home) / ".cache" / "gdprlint" if home else None


@dataclass(slots=True, kw_only=True)
class Cache:
    """Facts of texts that were read before.

    What is wrong with the database is never an error: then the cache holds nothing, and an entry
    that cannot be made sense of is one that is not there. What is stored is written in one
    transaction by `close`, so that runs side by side do not wait for each other.
    """

    codec: Codec
    database: sqlite3.Connection | None = None
    stored: dict[bytes, bytes] = field(default_factory=dict)
    used: set[bytes] = field(default_factory=set)
    waiting: int = 0

    @classmethod
    def open(cls, directory: Path | None) -> Cache:
        """The cache in that folder, which is made; None is a cache that holds nothing."""
        codec = Codec.of_facts()
        if directory is None:
            return cls(codec=codec)
        return cls(codec=codec, database=_connect(directory))

    def load(self, path: str, digest: str, language: str, version: int | str) -> FileFacts | None:
        """The facts of the text of that SHA-256, as those of the file `path`; None if unknown."""
        if self.database is None:
            return None
        import sqlite3

        name, key = self._secrets(digest, language, version)
        try:
            found = self.database.execute(
                "select body, day from entry where name = ?", (name,)
            ).fetchone()
        except sqlite3.Error:
            return None
        if found is None:
            return None
        body, day = found
        if day != _today():
            self.used.add(name)
        return self.codec.decoded(body, key, path)

    def store(self, found: FileFacts, digest: str, language: str, version: int | str) -> None:
        """Keep the facts of the text of that SHA-256."""
        if self.database is None:
            return
        name, key = self._secrets(digest, language, version)
        body = self.codec.encoded(found, key)
        if body is not None:
            self.stored[name] = body
            self.waiting += len(body)
            if self.waiting > _KEPT_IN_MEMORY:
                self._write()

    def close(self) -> None:
        """Write what was stored, drop what was not used for longest, and let go of the database."""
        if self.database is None:
            return
        import sqlite3

        self._write()
        with contextlib.suppress(sqlite3.Error):
            self.database.close()
        self.database = None

    def _secrets(self, digest: str, language: str, version: int | str) -> tuple[bytes, bytes]:
        """The name of an entry and the key to it, for this shape of facts."""
        told = f"{digest} {language} {version} {self.codec.shape}".encode()
        return sha256(b"name " + told).digest()[:16], sha256(b"key " + told).digest()

    def _write(self) -> None:
        if self.database is None or not (self.stored or self.used):
            return
        import sqlite3

        rows = [(name, _today(), len(body), body) for name, body in self.stored.items()]
        seen = [(_today(), name) for name in self.used]
        try:
            with self.database:
                self.database.execute("begin immediate")
                self.database.executemany("insert or replace into entry values (?, ?, ?, ?)", rows)
                self.database.executemany("update entry set day = ? where name = ?", seen)
                _drop_oldest(self.database, _LARGEST)
        except sqlite3.Error:
            pass
        self.stored.clear()
        self.used.clear()
        self.waiting = 0


def _today() -> int:
    return int(time.time()) // _DAY


def _connect(directory: Path) -> sqlite3.Connection | None:
    """A connection to the database, made anew once if the file is none; None if it is of no use."""
    import sqlite3

    file = directory / _FILE
    for _ in range(2):
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            database = sqlite3.connect(file, timeout=2, isolation_level=None)
            # An entry lost in a power cut is only read again.
            database.execute("pragma synchronous = off")
            database.execute(_TABLE)
            return database
        except sqlite3.OperationalError:
            return None
        except sqlite3.DatabaseError:
            try:
                file.unlink()
            except OSError:
                return None
        except (OSError, ValueError):
            return None
    return None


def _drop_oldest(database: sqlite3.Connection, most: int) -> None:
    """Leave at most `most` bytes of entries, those that were used last."""
    (total,) = database.execute("select coalesce(sum(size), 0) from entry").fetchone()
    if total <= most:
        return
    dropped: list[tuple[bytes]] = []
    for name, size in database.execute("select name, size from entry order by day, rowid"):
        dropped.append((name,))
        total -= size
        if total <= most * 3 // 4:
            break
    database.executemany("delete from entry where name = ?", dropped)


_INT, _FLAG, _SCALAR, _NODE, _NODES, _SPAN, _TEXTS, _NUMBERS, _BY_NUMBER = range(9)


@dataclass(frozen=True, slots=True)
class _Plan:
    """How objects of one class become a row of integers.

    `sorts` says of each field what stands for it: itself, the number of a row or of a scalar, or,
    for a span, two integers. `read` takes all fields at once. `odd` are those that are not simply
    integers, the last first, with their place in the row.
    """

    kind: type
    names: tuple[str, ...]
    sorts: tuple[int, ...]
    read: Callable[[object], tuple[Any, ...]]
    width: int
    odd: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Codec:
    """Facts to bytes and back.

    Each object is a row of integers: the number of its class, then its fields, in which other
    objects are the numbers of their rows. An object that is part of many, as a step is of many
    ways, is one row. Tuples of objects are rows of class 0. Strings and other scalars are numbers
    in one list of JSON. Spans are without a path, which decoding adds.
    """

    plans: tuple[_Plan, ...]
    numbers: Mapping[type, int]
    shape: str

    @classmethod
    def of_facts(cls) -> Codec:
        """The codec for the dataclasses of `gdprlint.facts`; `shape` tells their fields apart."""
        found = [each for each in vars(facts).values() if dataclasses.is_dataclass(each)]
        kinds = sorted(cast("list[type]", found), key=lambda kind: kind.__name__)
        plans = tuple([_plan(kind) for kind in kinds if kind is not Span])
        told = repr([(plan.kind.__name__, plan.names, plan.sorts) for plan in plans])
        numbers = {plan.kind: number for number, plan in enumerate(plans, start=1)}
        return cls(plans, numbers, sha256(told.encode()).hexdigest()[:16])

    def encoded(self, found: FileFacts, key: bytes) -> bytes | None:
        """`found` under `key`, without its path; None if it is nested too deeply for it."""
        encoder = _Encoder(self)
        try:
            encoder.row(dataclasses.replace(found, path=""))
        except (RecursionError, OverflowError):
            return None
        scalars = json.dumps(encoder.scalars, separators=(",", ":")).encode()
        words = _little_endian(encoder.words).tobytes()
        told = len(scalars).to_bytes(4, "little") + scalars + words
        return _under_key(zlib.compress(told, 1), key)

    def decoded(self, body: object, key: bytes, path: str) -> FileFacts | None:
        """The facts that `encoded` was given, with their path; None if `body` is no such thing."""
        try:
            told = zlib.decompress(_under_key(cast(bytes, body), key))
            begin = 4 + int.from_bytes(told[:4], "little")
            words = array("i")
            words.frombytes(told[begin:])
            made = self._objects(_little_endian(words).tolist(), json.loads(told[4:begin]), path)
        except (ValueError, TypeError, LookupError, zlib.error, RecursionError):
            return None
        last = made[-1] if made else None
        return last if isinstance(last, FileFacts) else None

    def _objects(self, words: list[int], scalars: list[Any], path: str) -> list[Any]:
        made: list[Any] = []
        plans = [(plan.kind, plan.width, plan.odd) for plan in self.plans]
        i, end = 0, len(words)
        while i < end:
            number = words[i]
            if number == 0:
                upto = i + 2 + words[i + 1]
                made.append(tuple([made[j] if j >= 0 else None for j in words[i + 2 : upto]]))
                i = upto
                continue
            kind, width, odd = plans[number - 1]
            values: list[Any] = words[i + 1 : i + 1 + width]
            i += 1 + width
            for position, sort in odd:
                value = values[position]
                if sort == _SCALAR:
                    values[position] = scalars[value]
                elif sort in (_NODE, _NODES):
                    values[position] = made[value] if value >= 0 else None
                elif sort == _SPAN:
                    values[position : position + 2] = [Span(path, value, values[position + 1])]
                else:
                    values[position] = _rare(sort, value, scalars, made)
            made.append(_file(values, path) if kind is FileFacts else kind(*values))
        return made


def _rare(sort: int, value: int, scalars: Sequence[Any], made: Sequence[Any]) -> object:
    if sort == _FLAG:
        return value == 1
    told = scalars[value]
    if sort == _TEXTS:
        return tuple(told)
    pairs = zip(told[::2], told[1::2], strict=True)
    return dict(pairs) if sort == _NUMBERS else {key: made[i] for key, i in pairs}


def _file(values: Sequence[Any], path: str) -> FileFacts:
    """The facts of a file, whose fields are only to be given by name."""
    names = [each.name for each in dataclasses.fields(FileFacts)]
    return FileFacts(**{**dict(zip(names, values, strict=True)), "path": path})


def _little_endian(words: array[int]) -> array[int]:
    """The same on every machine: homes may be shared between machines."""
    if sys.byteorder == "big":
        words.byteswap()
    return words


def _under_key(data: bytes, key: bytes) -> bytes:
    """`data` with a keystream over it; a second time takes it off.

    A key never serves for two different contents: it is made of the text and of all that decides
    what facts are found in it.
    """
    stream = shake_256(key).digest(len(data))
    mixed = int.from_bytes(data, "big") ^ int.from_bytes(stream, "big")
    return mixed.to_bytes(len(data), "big")


@dataclass(slots=True)
class _Encoder:
    codec: Codec
    words: array[int] = field(default_factory=lambda: array("i"))
    scalars: list[Any] = field(default_factory=list)
    rows: int = 0
    by_identity: dict[int, int] = field(default_factory=dict)
    by_items: dict[tuple[int, ...], int] = field(default_factory=dict)
    by_scalar: dict[tuple[type, object], int] = field(default_factory=dict)

    def row(self, value: object) -> int:
        """The number of the row of `value`, which is made unless there is one; -1 of None."""
        known = self.by_identity.get(id(value))
        if known is not None:
            return known
        if value is None:
            return -1
        number = self.codec.numbers[type(value)]
        plan = self.codec.plans[number - 1]
        values: list[Any] = list(plan.read(value))
        for position, sort in enumerate(plan.sorts):
            if sort == _SCALAR:
                values[position] = self.scalar(values[position])
            elif sort == _NODE:
                values[position] = self.row(values[position])
            elif sort == _NODES:
                values[position] = self.items(values[position])
            elif sort not in (_INT, _FLAG):
                values[position] = self.rare(values[position], sort)
        span = plan.sorts.index(_SPAN) if _SPAN in plan.sorts else -1
        if span >= 0:
            values[span : span + 1] = values[span]
        self.words.append(number)
        self.words.extend(values)
        return self._numbered(value)

    def _numbered(self, value: object) -> int:
        self.rows += 1
        self.by_identity[id(value)] = self.rows - 1
        return self.rows - 1

    def scalar(self, value: object) -> int:
        # 1, 1.0 and True are equal, and must not become each other.
        known = self.by_scalar.get((type(value), value))
        if known is None:
            self.scalars.append(value)
            known = self.by_scalar[(type(value), value)] = len(self.scalars) - 1
        return known

    def rare(self, value: Any, sort: int) -> object:
        if sort == _SPAN:
            return (value.start, value.end)
        if sort == _TEXTS:
            return self.scalar(value)
        if sort == _NUMBERS:
            told = [number for pair in value.items() for number in pair]
        else:
            told = [each for key, of in value.items() for each in (key, self.row(of))]
        self.scalars.append(told)
        return len(self.scalars) - 1

    def items(self, values: tuple[object, ...]) -> int:
        """The number of the row of a tuple; equal tuples, such as ways, are one."""
        known = self.by_identity.get(id(values))
        if known is not None:
            return known
        numbers = tuple([self.row(value) for value in values])
        known = self.by_items.get(numbers)
        if known is None:
            self.words.extend((0, len(numbers), *numbers))
            known = self.by_items[numbers] = self._numbered(values)
        return known


def _plan(kind: type) -> _Plan:
    hints = get_type_hints(kind)
    names = tuple([each.name for each in dataclasses.fields(cast(Any, kind))])
    sorts = tuple([_sort(hints[name]) for name in names])
    one: Callable[[object], Any] = attrgetter(*names)
    read = one if len(names) > 1 else lambda value: (one(value),)
    places = [position + (_SPAN in sorts[:position]) for position in range(len(sorts))]
    odd = [(place, sort) for place, sort in zip(places, sorts, strict=True) if sort != _INT]
    width = len(names) + (_SPAN in sorts)
    return _Plan(kind, names, sorts, read, width, tuple(reversed(odd)))


def _sort(hint: object) -> int:
    origin, arguments = get_origin(hint), get_args(hint)
    if hint is int:
        return _INT
    if hint is bool:
        return _FLAG
    if hint is Span:
        return _SPAN
    if origin is tuple:
        return _TEXTS if arguments[0] is str else _NODES
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _NUMBERS if arguments[1] is int else _BY_NUMBER
    members = arguments if origin in (Union, UnionType) else (hint,)
    return _NODE if any(dataclasses.is_dataclass(member) for member in members) else _SCALAR
