"""YAML as strings with lines, and dataclasses out of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from gdprlint.errors import RulesetError, SettingsError
from gdprlint.yamldoc import load, schema, typed


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie that a vendor sets."""

    name: str
    purpose: Literal["analytics", "advertising"]
    days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TagManager:
    """A made-up kind of entry.

    With more to say about it.
    """

    id: str
    purposes: tuple[str, ...] = ()
    cookies: tuple[Cookie, ...] = ()
    first_party: bool = False
    share: float = 0.0
    is_not: tuple[str, ...] = ()
    from_: str | None = None
    until: date | None = None
    signs: tuple[Mapping[str, object], ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    nested: TagManager | None = None
    either: str | Cookie | None = None
    kept: int = field(default=7, metadata={"written": False})

    def __post_init__(self) -> None:
        if self.id == "bad":
            raise ValueError("an id cannot be 'bad'")


def typed_from(text: str) -> TagManager:
    document = load(text, "x.yaml")
    return typed(document.value, TagManager, place="x.yaml", document=document)


def complaint(text: str) -> str:
    with pytest.raises(RulesetError) as caught:
        typed_from(text)
    return str(caught.value)


def test_every_scalar_stays_what_was_written() -> None:
    assert load("{country: NO, since: 0.10, on: yes, none: }", "x").value == {
        "country": "NO",
        "since": "0.10",
        "on": "yes",
        "none": "",
    }


def test_an_empty_text_says_nothing() -> None:
    assert load("# only a comment\n", "x").value == {}


def test_a_key_said_twice_is_an_error_at_the_second() -> None:
    with pytest.raises(RulesetError, match=r"^x\.yaml:3: 'a' is said twice$"):
        load("a: 1\nb: 2\na: 3\n", "x.yaml")


def test_broken_yaml_is_an_error_with_its_line() -> None:
    with pytest.raises(RulesetError, match=r"^x\.yaml:3: this is not YAML: "):
        load("a: 1\nb: [1\n", "x.yaml")


def test_the_kind_of_error_is_the_callers() -> None:
    with pytest.raises(SettingsError):
        load("a: [", "x.yaml", error=SettingsError)


def test_a_second_document_is_an_error() -> None:
    with pytest.raises(RulesetError, match=r"^x:2: a second document begins here$"):
        load("a: 1\n---\nb: 1\n", "x")


def test_a_list_as_a_key_is_an_error() -> None:
    with pytest.raises(RulesetError, match="a key must be a word"):
        load("? [a]\n: b\n", "x")


def test_an_anchor_on_a_word_is_read() -> None:
    assert load("a: &x word\nb: *x\n", "x").value == {"a": "word", "b": "word"}


def test_an_anchor_on_a_list_is_refused() -> None:
    with pytest.raises(RulesetError, match=r"^x:1: an anchor may not stand for a list"):
        load("a: &x [1]\nb: *x\n", "x")


@pytest.mark.parametrize("text", ["[" * 100_000, "- " * 100_000, "{a: " * 5_000, "? " * 5_000])
def test_deep_nesting_is_an_error_and_no_crash(text: str) -> None:
    with pytest.raises(RulesetError, match=r"^x:1: "):
        load(text, "x")


def test_lines_of_keys_and_items_are_known() -> None:
    document = load("# c\na:\n  b:\n    - x\n    - {c: 1,\n       d: 2}\n", "x")
    assert document.line(("a",)) == 2
    assert document.line(("a", "b")) == 3
    assert document.line(("a", "b", 1)) == 5
    assert document.line(("a", "b", 1, "d")) == 6


def test_the_line_of_what_is_missing_is_that_of_what_is_around_it() -> None:
    assert load("a:\n  b: 1\n", "x").line(("a", "z", 3)) == 1


def test_a_dataclass_is_made_out_of_strings() -> None:
    made = typed_from(
        "id: x\npurposes: [a, b]\nfirst-party: true\nshare: 0.5\nis-not: one\nfrom: there\n"
        "until: 2030-12-31\ncookies:\n  - {name: _ga, purpose: analytics, days: 30}\n"
        "words: {de: [Wort], en: word}\nnested: {id: y}\n"
    )
    assert made == TagManager(
        id="x",
        purposes=("a", "b"),
        first_party=True,
        share=0.5,
        is_not=("one",),
        from_="there",
        until=date(2030, 12, 31),
        cookies=(Cookie("_ga", "analytics", 30),),
        words={"de": ("Wort",), "en": ("word",)},
        nested=TagManager(id="y"),
    )


def test_an_underscore_may_be_written_as_it_is() -> None:
    assert typed_from("{id: x, first_party: true}").first_party is True


def test_two_spellings_of_one_key_are_an_error() -> None:
    assert complaint("id: x\nfirst-party: true\nfirst_party: true\n") == (
        "x.yaml:3: 'first_party' is said twice"
    )


def test_nothing_is_no_items_and_none() -> None:
    made = typed_from("id: x\npurposes:\nfrom:\nwords:\n")
    assert (made.purposes, made.from_, made.words) == ((), None, {})


def test_an_object_keeps_its_tree() -> None:
    made = typed_from("id: x\nsigns: [{condition: a.b, gate: {type: text/plain}}]\n")
    assert made.signs == ({"condition": "a.b", "gate": {"type": "text/plain"}},)


def test_a_union_takes_the_first_member_that_fits() -> None:
    assert typed_from("{id: x, either: word}").either == "word"
    assert typed_from("{id: x, either: {name: n, purpose: analytics}}").either == Cookie(
        "n", "analytics"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "id: x\npurposses: [a]\n",
            "2: a tag manager cannot have 'purposses'; did you mean 'purposes'?",
        ),
        (
            "id: x\nfrist_party: true\n",
            "2: a tag manager cannot have 'frist_party'; did you mean 'first_party'?",
        ),
        ("purposes: [a]\n", "1: a tag manager must have 'id'"),
        ("id: x\ncookies:\n  - name: a\n", "3: a cookie must have 'purpose'"),
        (
            "id: x\ncookies:\n  - name: a\n    purpose: analitics\n",
            "4: 'purpose' cannot be 'analitics'; did you mean 'analytics'?",
        ),
        ("id: x\nfirst-party: yes\n", "2: 'first-party' must be true or false, not 'yes'"),
        ("id: x\nshare: much\n", "2: 'share' must be a number, not 'much'"),
        (
            "id: x\ncookies: {name: a, purpose: analytics, days: 1.5}\n",
            "2: 'days' must be a whole number, not '1.5'",
        ),
        ("id: x\nuntil: soon\n", "2: 'until' must be a day such as 2030-12-31, not 'soon'"),
        ("id: [x]\n", "1: 'id' must be a text, not a list"),
        ("id: x\nwords: w\n", "2: 'words' must be a mapping, not 'w'"),
        ("id: x\nsigns: w\n", "2: 'signs' must be a mapping, not 'w'"),
        ("- id: x\n", "1: this must be a mapping, not a list"),
        ("id: bad\n", "1: an id cannot be 'bad'"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, said: str) -> None:
    assert complaint(text) == f"x.yaml:{said}"


def test_a_field_that_is_not_written_is_no_key() -> None:
    assert complaint("id: x\nkept: 3\n").startswith("x.yaml:2: a tag manager cannot have 'kept'; ")


def test_without_a_document_there_is_no_line() -> None:
    with pytest.raises(RulesetError, match=r"^x\.yaml: a cookie must have 'purpose'$"):
        typed({"name": "a"}, Cookie, place="x.yaml")


def test_a_path_tells_where_in_the_document_a_value_stands() -> None:
    document = load("a: 1\nentries:\n  - {name: n}\n", "x")
    with pytest.raises(RulesetError, match=r"^x:3: "):
        typed({"name": "n"}, Cookie, place="x", document=document, path=("entries", 0))


def test_the_schema_names_keys_as_they_are_written() -> None:
    made = schema(TagManager)
    manager = made["$defs"]["TagManager"]
    assert made["$ref"] == "#/$defs/TagManager"
    assert manager["description"] == "A made-up kind of entry."
    assert manager["required"] == ["id"]
    assert {"from", "is-not", "is_not", "first-party"} <= set(manager["properties"])
    assert "kept" not in manager["properties"]
    assert manager["properties"]["until"]["anyOf"][0] == {"type": "string", "format": "date"}
    assert json.loads(json.dumps(made)) == made


def test_what_the_schema_allows_is_what_is_read() -> None:
    allowed = Draft202012Validator(schema(TagManager))
    assert allowed.is_valid({"id": "x", "cookies": [{"name": "a", "purpose": "analytics"}]})
    assert not allowed.is_valid({"id": "x", "cookies": [{"name": "a", "purpose": "fun"}]})
    assert not allowed.is_valid({"purposes": ["a"]})
    assert not allowed.is_valid({"id": "x", "purposses": ["a"]})


def refusal(text: str) -> str:
    """What `text` is refused with; nothing if it is read."""
    try:
        load(text, "x").line(("a", 0))
    except RulesetError as refused:
        return str(refused)
    return ""


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_a_line(text: str) -> None:
    assert re.match(r"x:\d+: |\Z", refusal(text))


_trees = st.recursive(
    st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)


def kind_of_typed(tree: object) -> type:
    try:
        return type(typed(tree, TagManager, place="x"))
    except RulesetError as refused:
        return type(refused)


@given(_trees)
def test_any_tree_is_typed_or_refused(tree: object) -> None:
    assert kind_of_typed(tree) in (TagManager, RulesetError)
