"""Where does a component's state come to be true, and by which roads?"""

from __future__ import annotations

from collections.abc import Iterator

from gdprlint.facts import Constant, Define, Expr, Invoke, Member, Name
from gdprlint.flow.names import Names
from gdprlint.flow.ways import Road, Ways


class States:
    """React's state: `const [on, setOn] = useState(false)`."""

    def __init__(self, names: Names, ways: Ways) -> None:
        self.names = names
        self.ways = ways

    def of(self, test: Expr, path: str) -> Member | None:
        """The state that a name is, or None: the first item of what `useState` gives back."""
        if not isinstance(test, Name):
            return None
        definitions = self.names.resolve(test, path)
        value = definitions[0].value if len(definitions) == 1 else None
        return value if isinstance(value, Member) and value.name == "0" else None

    def set_true(self, state: Member, path: str) -> Iterator[tuple[Expr, Road]]:
        """Each value that is not written out as false and that the state is set to, with each road
        to there. Nothing where the state begins true, or is no such state."""
        made = state.of
        if not isinstance(made, Invoke) or not isinstance(made.to, Name | Member):
            return
        first = made.arguments[0] if made.arguments else None
        if made.to.name != "useState" or not isinstance(first, Constant | None):
            return
        if isinstance(first, Constant) and first.value not in (False, None):
            return
        setter = self._setter(made, path)
        for where, call in self.ways.calls.named(setter) if setter else ():
            given = call.invoke.arguments[0] if call.invoke.arguments else None
            if where != path or given is None:
                continue
            if isinstance(given, Constant) and given.value in (False, None):
                continue
            for road in self.ways.roads(path, call.way):
                yield given, road

    def _setter(self, made: Invoke, path: str) -> str:
        for fact in self.names.project.facts(path):
            if not isinstance(fact, Define):
                continue
            value = fact.value
            if isinstance(value, Member) and value.name == "1" and value.of == made:
                return fact.name
        return ""
