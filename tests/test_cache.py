"""Facts of texts that were read before."""

from __future__ import annotations

import dataclasses
import math
import sqlite3
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdprlint import cache as room
from gdprlint.cache import Cache, Codec, folder
from gdprlint.facts import (
    Assign,
    Attribute,
    Body,
    Both,
    Call,
    Callback,
    Choice,
    Comment,
    Compare,
    Constant,
    Define,
    Either,
    Element,
    Entry,
    Expr,
    Fact,
    Field,
    FileFacts,
    Function,
    FunctionFacts,
    Gate,
    If,
    Invoke,
    Items,
    Join,
    Keyword,
    Link,
    Member,
    Mention,
    Name,
    Negation,
    Opaque,
    Parameter,
    Record,
    Return,
    Span,
    Text,
    Unread,
)

CANARY = "anna.beispiel@canary.example"
DIGEST = sha256(b"some text").hexdigest()


def every_kind(path: str) -> FileFacts:
    name = Name("a", 3, 1, 2)
    call = Invoke(Member(name, "b", 1, 4), (Keyword("k", Text(CANARY, 5, 9)),), True, 1, 9)
    values: tuple[Expr, ...] = (
        call,
        Constant(True),
        Constant(1),
        Constant(1.0),
        Constant(None),
        Join((Text("x"), name)),
        Choice(name, Text("y"), Text("n")),
        Both(name, name),
        Either(name, name),
        Compare("==", name, Constant(2)),
        Negation(name),
        Record((Entry("e", Items((name,))),)),
        Function(7),
        Parameter(7, 0),
        Field("email"),
        Opaque("why"),
    )
    way = (
        If(name, False, 1, 2),
        Callback(name, (call, Function(7)), 1),
        Body(7),
        Gate("script", (Attribute("type", Text("text/plain")), Attribute("async", None))),
    )
    span = Span(path, 1, 9)
    facts: tuple[Fact, ...] = (
        Element("a", (Attribute("href", call, 1, 2),), span, way, 12, Text("label")),
        Call(call, span, way),
        Assign(name, call, span, (), True),
        *(Define(f"d{i}", 2, each, span, way[:2]) for i, each in enumerate(values)),
        Link("route", name, span, way, 3, "home", call),
        Unread(span, "broken", (Mention("host", "a.example", 3),)),
    )
    function = FunctionFacts(
        "f", ("p", ""), (None, name), (Return(name, way),), 15, Span(path, 2, 3), way, (call,)
    )
    return FileFacts(
        path=path,
        language="python",
        facts=facts,
        functions={7: function},
        scopes={15: 2, 2: 0},
        comments=(Comment(" gdprlint: ignore[x]: y", span),),
        length=99,
    )


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def kept(place: Path, found: FileFacts, *, version: int = 1) -> None:
    cache = Cache.open(place)
    cache.store(found, DIGEST, "python", version)
    cache.close()


def test_what_was_stored_is_loaded_again(place: Path) -> None:
    kept(place, every_kind("a.py"))
    assert Cache.open(place).load("a.py", DIGEST, "python", 1) == every_kind("a.py")


def test_numbers_and_truths_stay_apart(place: Path) -> None:
    kept(place, every_kind("a.py"))
    loaded = Cache.open(place).load("a.py", DIGEST, "python", 1)
    assert loaded is not None
    values = [each.value for each in loaded.facts if isinstance(each, Define)]
    assert [repr(each.value) for each in values if isinstance(each, Constant)] == [
        "True",
        "1",
        "1.0",
        "None",
    ]


def test_the_same_text_elsewhere_has_the_same_facts_with_its_own_path(place: Path) -> None:
    kept(place, every_kind("a.py"))
    assert Cache.open(place).load("b/c.py", DIGEST, "python", 1) == every_kind("b/c.py")


def test_another_text_language_or_version_is_not_known(place: Path) -> None:
    kept(place, every_kind("a.py"))
    cache = Cache.open(place)
    assert cache.load("a.py", sha256(b"other").hexdigest(), "python", 1) is None
    assert cache.load("a.py", DIGEST, "javascript", 1) is None
    assert cache.load("a.py", DIGEST, "python", 2) is None


def test_no_string_of_the_source_can_be_read_in_the_cache(place: Path) -> None:
    kept(place, every_kind("a.py"))
    told = b"".join(file.read_bytes() for file in place.iterdir())
    assert len(told) > 1000
    for secret in (CANARY, "anna", DIGEST, "a.example", "gdprlint: ignore", "a.py"):
        assert secret.encode() not in told
        assert secret.encode("utf-16-le") not in told
    assert bytes.fromhex(DIGEST) not in told


def test_an_entry_cannot_be_unpacked_without_the_text(place: Path) -> None:
    kept(place, every_kind("a.py"))
    (body,) = sqlite3.connect(place / "facts-1.sqlite").execute("select body from entry").fetchone()
    assert Codec.of_facts().decoded(body, b"another key", "a.py") is None


def test_two_readers_of_one_text_have_different_keys(place: Path) -> None:
    kept(place, every_kind("a.py"), version=1)
    kept(place, every_kind("a.py"), version=2)
    rows = sqlite3.connect(place / "facts-1.sqlite").execute("select name, body from entry")
    first, second = rows.fetchall()
    assert first[0] != second[0]
    assert first[1] != second[1]


def test_no_folder_is_a_cache_that_holds_nothing() -> None:
    cache = Cache.open(None)
    cache.store(every_kind("a.py"), DIGEST, "python", 1)
    assert cache.load("a.py", DIGEST, "python", 1) is None
    cache.close()


def test_a_folder_that_cannot_be_made_is_a_cache_that_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = Cache.open(tmp_path / "file" / "cache")
    cache.store(every_kind("a.py"), DIGEST, "python", 1)
    cache.close()
    assert cache.load("a.py", DIGEST, "python", 1) is None


def test_a_file_that_is_no_database_is_made_anew(place: Path) -> None:
    place.mkdir()
    (place / "facts-1.sqlite").write_bytes(b"no database at all" * 100)
    kept(place, every_kind("a.py"))
    assert Cache.open(place).load("a.py", DIGEST, "python", 1) is not None


def test_a_database_damaged_in_the_middle_raises_nothing(place: Path) -> None:
    kept(place, every_kind("a.py"))
    file = place / "facts-1.sqlite"
    told = file.read_bytes()
    file.write_bytes(told[:4096] + b"\xaa" * (len(told) - 4096))
    cache = Cache.open(place)
    assert cache.load("a.py", DIGEST, "python", 1) is None
    cache.store(every_kind("a.py"), DIGEST, "python", 1)
    cache.close()


@pytest.mark.parametrize("body", [b"", b"\0" * 50, "text", 7, None])
def test_a_damaged_entry_is_not_there(place: Path, body: object) -> None:
    kept(place, every_kind("a.py"))
    database = sqlite3.connect(place / "facts-1.sqlite")
    with database:
        database.execute("pragma ignore_check_constraints = on")
        database.execute("update entry set body = coalesce(?, zeroblob(3))", (body,))
    assert Cache.open(place).load("a.py", DIGEST, "python", 1) is None


@given(st.integers(0, 2000), st.integers(1, 255))
def test_an_entry_with_a_changed_byte_raises_nothing(at: int, change: int) -> None:
    codec = Codec.of_facts()
    body = bytearray(codec.encoded(every_kind("a.py"), b"key") or b"")
    body[at % len(body)] ^= change
    made = codec.decoded(bytes(body), b"key", "a.py")
    assert made is None or isinstance(made, FileFacts)


def test_facts_nested_too_deeply_are_not_kept() -> None:
    value: Expr = Text("x")
    for _ in range(5000):
        value = Negation(value)
    fact = Define("a", 2, value, Span("a", 0, 1), ())
    assert Codec.of_facts().encoded(FileFacts(path="a", language="b", facts=(fact,)), b"k") is None


def test_a_step_of_many_ways_is_kept_once() -> None:
    step = If(Text("x" * 1000), True)
    span = Span("a", 0, 1)
    many = tuple(Define(f"n{i}", 2, Constant(i), span, (step,)) for i in range(1000))
    found = FileFacts(path="a", language="b", facts=many)
    codec = Codec.of_facts()
    body = codec.encoded(found, b"k")
    assert body is not None
    loaded = codec.decoded(body, b"k", "a")
    assert loaded == found
    assert len({id(fact.way) for fact in loaded.facts if isinstance(fact, Define)}) == 1


def test_odd_scalars_survive() -> None:
    constants = (math.inf, -0.0, 2**63, 1e300)
    facts = tuple(Define("\ud800\0\u2028", 2, Constant(c), Span("a", 0, 1), ()) for c in constants)
    found = FileFacts(path="a", language="b", facts=facts)
    codec = Codec.of_facts()
    assert codec.decoded(codec.encoded(found, b"k"), b"k", "a") == found


def test_what_was_not_used_for_longest_is_dropped_first(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = [sha256(bytes([i])).hexdigest() for i in range(4)]
    for day, digest in enumerate(digests):
        monkeypatch.setattr(room, "_today", lambda day=day: day)
        cache = Cache.open(place)
        cache.store(every_kind("a.py"), digest, "python", 1)
        size = len(next(iter(cache.stored.values())))
        cache.close()
    monkeypatch.setattr(room, "_today", lambda: 5)
    cache = Cache.open(place)
    cache.load("a.py", digests[0], "python", 1)
    cache.close()
    monkeypatch.setattr(room, "_LARGEST", size * 3)
    monkeypatch.setattr(room, "_today", lambda: 9)
    cache = Cache.open(place)
    cache.store(dataclasses.replace(every_kind("a.py"), length=5), "new", "python", 1)
    cache.close()
    cache = Cache.open(place)
    known = [cache.load("a.py", digest, "python", 1) is not None for digest in digests]
    assert known == [True, False, False, False]


def test_two_runs_at_once_both_write(place: Path) -> None:
    first, second = Cache.open(place), Cache.open(place)
    first.store(every_kind("a.py"), "1", "python", 1)
    second.store(every_kind("a.py"), "2", "python", 1)
    first.close()
    second.close()
    cache = Cache.open(place)
    assert cache.load("a.py", "1", "python", 1) is not None
    assert cache.load("a.py", "2", "python", 1) is not None


def test_the_asked_folder_comes_before_the_platforms() -> None:
    assert folder({"GDPRLINT_CACHE_DIR": "/c", "XDG_CACHE_HOME": "/x", "HOME": "/h"}) == Path("/c")


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {"XDG_CACHE_HOME": "/x", "HOME": "/h"}, "/x/gdprlint"),
        ("linux", {"XDG_CACHE_HOME": "x", "HOME": "/h"}, "/h/.cache/gdprlint"),
        ("linux", {"HOME": "/h"}, "/h/.cache/gdprlint"),
        ("darwin", {"HOME": "/h"}, "/h/Library/Caches/gdprlint"),
        ("win32", {"LOCALAPPDATA": "/l"}, "/l/gdprlint/Cache"),
    ],
)
def test_each_platform_has_its_folder(
    platform: str, environment: dict[str, str], expected: str
) -> None:
    assert folder(environment, platform) == Path(expected)


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_without_a_home_there_is_no_cache(platform: str) -> None:
    assert folder({}, platform) is None
