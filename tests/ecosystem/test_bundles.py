"""Independent parsers see in bundles as published what our readers see, scopes among it.

eslint-scope is asked, for each reference to a name, where that which it means is declared. Only
references in our facts can be compared: of the `i` of `i++` or `a[i]` no fact is made. Run with
`-s` to see how many are, and how many agree.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
from bundles import bundles, install
from real_packages import run
from syntax_oracle import ASSIGNMENTS, CALLS, calls_of, nodes_of, places_of, tree_of

from gdprlint.facts import Assign, Define, FileFacts, Name, Text
from gdprlint.flow import Names
from gdprlint.languages import read_file
from gdprlint.project import Project

pytestmark = pytest.mark.external

AGREEMENT = 0.999
COMPARED = 0.75

Places = set[tuple[int, int]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bundles")


@pytest.fixture(scope="module")
def texts(folder: Path) -> Mapping[Path, str]:
    """The bundles; their lines end as they were published."""
    return {path: path.read_bytes().decode() for _, path in bundles(folder)}


@pytest.fixture(scope="module")
def facts(texts: Mapping[Path, str]) -> Mapping[Path, FileFacts]:
    return {path: read_file(path.name, text) for path, text in texts.items()}


def within(node: object) -> Iterator[object]:
    """All parts of a fact, an expression or several."""
    nodes, seen = [node], set[int]()
    while nodes:
        item = nodes.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if isinstance(item, tuple):
            nodes.extend(item)
        elif is_dataclass(item) and not isinstance(item, type):
            yield item
            nodes.extend(getattr(item, field.name) for field in fields(item))


def shares(ours: Places, theirs: Places) -> tuple[int, int]:
    """How many places both see, and how many either."""
    return len(ours & theirs), len(ours | theirs)


def test_thirty_bundles_say_the_same_to_another_parser(
    texts: Mapping[Path, str], facts: Mapping[Path, FileFacts]
) -> None:
    counts = {"calls": (0, 0), "assignments": (0, 0), "strings": (0, 0)}
    read = 0
    for path, text in texts.items():
        tree = tree_of(text)
        if tree is None:
            continue
        read += 1
        found = facts[path].facts
        ours = {
            "calls": set(calls_of(found)),
            "assignments": {
                (f.span.start, f.span.end)
                for f in found
                # Of what a pattern or the head of a loop fills, the fact is of each name in it.
                if isinstance(f, Assign) and (f.span.start, f.span.end) != (f.to.start, f.to.end)
            },
            # Of "a" + "b" we see the sum.
            "strings": strings(text, found) - places_of(tree, {"BinaryExpression"}),
        }
        theirs = {
            "calls": places_of(tree, CALLS),
            "assignments": assignments(tree),
            "strings": literals(tree) & (ours["strings"] | arguments(tree)),
        }
        for what, (both, either) in counts.items():
            more = shares(ours[what], theirs[what])
            counts[what] = (both + more[0], either + more[1])
    print(read, "bundles;", counts)
    assert read >= 30
    for what, (both, either) in counts.items():
        assert both >= AGREEMENT * either, what


def strings(text: str, found: object) -> Places:
    """The string literals in our facts; a piece of a template, after a brace, is none."""
    return {
        (node.start, node.end)
        for node in within(found)
        if isinstance(node, Text)
        and node.end > node.start
        and text[node.start] in "'\""
        and text[node.start - 1] not in "`}"
    }


def literals(tree: object) -> Places:
    return {
        (node.range[0], node.range[1])
        for node in nodes_of(tree, {"Literal"})
        if isinstance(node.value, str)
    }


def arguments(tree: object) -> Places:
    """The strings that calls are given: all of them have to be seen."""
    return {
        (argument.range[0], argument.range[1])
        for node in nodes_of(tree, {"CallExpression", "NewExpression"})
        for argument in node.arguments
        if argument.type == "Literal" and isinstance(argument.value, str)
    }


def assignments(tree: object) -> Places:
    """Where assignments stand, but for those to patterns."""
    return {
        (node.range[0], node.range[1])
        for node in nodes_of(tree, ASSIGNMENTS)
        if node.left.type not in ("ObjectPattern", "ArrayPattern")
    }


def test_names_mean_in_bundles_what_another_resolver_says(
    folder: Path, texts: Mapping[Path, str], facts: Mapping[Path, FileFacts]
) -> None:
    install(folder, "eslint-scope", "espree")
    script = Path(__file__).with_name("scopes.cjs")
    told = run("node", script, folder, *texts, cwd=folder).splitlines()
    same = compared = references = 0
    for path, line in zip(texts, told, strict=True):
        theirs = {start: declared for start, _, *declared in json.loads(line)}
        agreed, asked = agreement(facts[path], theirs)
        print(f"{path.name:32} {agreed} of {asked} compared, of {len(theirs)} references")
        same, compared, references = same + agreed, compared + asked, references + len(theirs)
    print(f"{same} of {compared}: {same / compared:.5f}; compared {compared / references:.3f}")
    assert compared >= COMPARED * references
    assert same >= AGREEMENT * compared


def agreement(facts: FileFacts, theirs: Mapping[int, list[int]]) -> tuple[int, int]:
    """How many names mean what the oracle says, and how many both know."""
    names = Names(Project({facts.path: facts}))
    used = {node.start: node for node in within(everything(facts)) if isinstance(node, Name)}
    places: dict[str, Places] = {}
    for fact in facts.facts:
        if isinstance(fact, Define):
            places.setdefault(fact.name, set()).add((fact.span.start, fact.span.end))
    same = asked = 0
    for start, declared in theirs.items():
        name = used.get(start)
        if name is None or name.end == name.start:
            continue
        spans = [(d.span.start, d.span.end) for d in names.declared(name, facts.path)]
        ours = [span for span in spans if span in places.get(name.name, ())]
        asked += 1
        same += all(any(a <= at < b for a, b in ours) for at in declared) and all(
            any(a <= at < b for at in declared) for a, b in ours
        )
    return same, asked


def everything(facts: FileFacts) -> object:
    """All that a file says, in which names can stand."""
    functions = facts.functions.values()
    return (facts.facts, tuple((one.returns, one.defaults, one.way) for one in functions))
