"""Where does a component's state come to be true, and by which roads?"""

from __future__ import annotations

from collections.abc import Iterator

from gdprlint.facts import Call, Constant, Define, Expr, Invoke, Member, Name
from gdprlint.flow.library import Library, Turn
from gdprlint.flow.names import Names
from gdprlint.flow.ways import Road, Ways

_GIVEN = (Turn("argument", 0),)


class States:
    """State whose calls give back a value and what sets it: `const [on, setOn] = useState(false)`.

    Which calls these are, and where the value and its setter are in what they give back, rows say.
    """

    def __init__(self, names: Names, library: Library, ways: Ways) -> None:
        self.names = names
        self.library = library
        self.ways = ways

    def of(self, test: Expr, path: str) -> Member | None:
        """The state that a name is, or None: an item of what a call gives back."""
        if not isinstance(test, Name):
            return None
        definitions = self.names.resolve(test, path)
        value = definitions[0].value if len(definitions) == 1 else None
        return value if isinstance(value, Member) and self.is_state(value, path) else None

    def is_state(self, value: Expr, path: str) -> bool:
        """Whether a value is what such a call gives back as its state."""
        return (_GIVEN in (sources := self._sources(value, path))) and any(
            len(source) == 3 for source in sources
        )

    def set_true(self, state: Expr, path: str) -> Iterator[tuple[Expr, Road]]:
        """Each value that is not written out as false and that the state is set to, with each road
        to there. Nothing where the state begins true, or is no such state."""
        made = state.of if isinstance(state, Member) else None
        if not isinstance(made, Invoke) or not self.is_state(state, path):
            return
        first = made.arguments[0] if made.arguments else None
        if not isinstance(first, Constant | None):
            return
        if isinstance(first, Constant) and first.value not in (False, None):
            return
        for where, call in self._settings(state, made, path):
            given = call.invoke.arguments[0] if call.invoke.arguments else None
            if where != path or given is None:
                continue
            if isinstance(given, Constant) and given.value in (False, None):
                continue
            for road in self.ways.roads(path, call.way):
                yield given, road

    def _sources(self, value: Expr, path: str) -> list[tuple[Turn, ...]]:
        """What rows say that comes to a member of what a call gives back."""
        match value:
            case Member(Invoke() as made, key):
                held = (Turn("returned"), Turn("key", key=key))
                rows = self.library.of_call(made, path)
                return [row.source for row in rows if row.target == held]
        return []

    def _settings(self, state: Expr, made: Invoke, path: str) -> list[tuple[str, Call]]:
        """The calls of what sets a state, by the name that it is given."""
        keys = {
            source[1].key
            for source in self._sources(state, path)
            if source[:1] == (Turn("returned"),) and source[2:] == (_GIVEN[0],)
        }
        for fact in self.names.project.facts(path):
            match fact:
                case Define(name, _, Member(of, key)) if key in keys and of == made:
                    return self.ways.calls.named(name)
        return []
