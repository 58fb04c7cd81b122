"""What do scripts put into the hidden controls of the page's forms?"""

from __future__ import annotations

from collections.abc import Iterator

from gdprlint.facts import Assign, Call, Element, Expr, Member, Text
from gdprlint.flow.dom import Dom
from gdprlint.project.controls import attribute
from gdprlint.source import Span


class Filled:
    """Values that scripts give to hidden controls; what visitors fill in themselves is theirs."""

    def __init__(self, dom: Dom) -> None:
        self.dom = dom
        self._given: dict[Span, list[tuple[Expr, str]]] | None = None

    def into(self, control: Element) -> list[tuple[Expr, str]]:
        """The values that scripts give to a hidden control, with the files that they stand in."""
        if attribute(control, "type").lower() != "hidden":
            return []
        return self._index().get(control.span, [])

    def _index(self) -> dict[Span, list[tuple[Expr, str]]]:
        if self._given is None:
            self._given = {}
            for path in self.dom.project.files:
                for of, value in self._writes(path):
                    for found in self.dom.elements(of, path):
                        self._given.setdefault(found.element.span, []).append((value, path))
        return self._given

    def _writes(self, path: str) -> Iterator[tuple[Expr, Expr]]:
        for fact in self.dom.project.facts(path):
            match fact:
                case Assign(Member(of, "value"), value):
                    yield of, value
                case Call() if isinstance(fact.invoke.to, Member):
                    match fact.invoke.to.name, fact.invoke.arguments:
                        case "val", (value,):
                            yield fact.invoke.to.of, value
                        case "setAttribute" | "attr" | "prop", (Text("value"), value):
                            yield fact.invoke.to.of, value
