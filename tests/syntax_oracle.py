"""What another parser of JavaScript, esprima, sees in a script, and what of ours is the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import Any

import esprima

from gdprlint.facts import Call, Fact, Name

CALLS = frozenset(
    {"CallExpression", "NewExpression", "TaggedTemplateExpression", "ImportExpression"}
)
ASSIGNMENTS = frozenset({"AssignmentExpression"})


def tree_of(text: str) -> Any | None:
    """The tree of a script or module, or None where the syntax is too new for the oracle."""
    for parse in (esprima.parseScript, esprima.parseModule):
        try:
            return parse(text, {"range": True})
        except (esprima.Error, RecursionError):
            continue
    return None


def nodes_of(tree: Any, kinds: Set[str]) -> Iterator[Any]:
    """The nodes that are of one of `kinds`, in no order."""
    nodes = [tree]
    while nodes:
        item = nodes.pop()
        if isinstance(item, list):
            nodes.extend(item)
        elif hasattr(item, "type"):
            if item.type in kinds:
                yield item
            nodes.extend(value for key, value in vars(item).items() if key != "range")


def places_of(tree: Any, kinds: Set[str]) -> set[tuple[int, int]]:
    """Where the nodes of `kinds` stand."""
    return {(node.range[0], node.range[1]) for node in nodes_of(tree, kinds)}


def calls_of(facts: Iterable[Fact]) -> list[tuple[int, int]]:
    """Where our calls stand, but for those that stand for an operator: `delete a.b`."""
    return [
        (fact.span.start, fact.span.end)
        for fact in facts
        if isinstance(fact, Call)
        and not (isinstance(to := fact.invoke.to, Name) and to.name.startswith("operator "))
    ]
