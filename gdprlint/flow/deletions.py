"""Which members are surely deleted from an object before a use of its name?

`delete order.email` (ECMAScript, 13.5.1) and `del order["email"]` (Python, the `del` statement).
"""

from __future__ import annotations

from gdprlint.facts import UNKNOWN_KEY, Call, Expr, Member, Name
from gdprlint.flow.calls import Calls
from gdprlint.flow.writes import Writes

_NONE: frozenset[str] = frozenset()


class Deletions:
    """Deletions of members, by the name of the object in each file."""

    def __init__(self, calls: Calls, writes: Writes) -> None:
        self.calls = calls
        self.names = calls.names
        self.writes = writes
        self._by_name: dict[str, dict[str, list[Call]]] = {}

    def before(self, use: Expr, path: str) -> frozenset[str]:
        """The members that are gone where a name is used, and not given again.

        Only what stands on the way of the object's own definition is sure to have run.
        """
        if not isinstance(use, Name) or use.start == use.end:
            return _NONE
        calls = self._in_file(path).get(use.name, ())
        return frozenset(key for call in calls if (key := self._deleted(call, use, path)))

    def _deleted(self, call: Call, use: Name, path: str) -> str:
        match call.invoke.arguments:
            case (Member(Name() as owner, key),) if key != UNKNOWN_KEY:
                pass
            case _:
                return ""
        if call.span.end > use.start:
            return ""
        mine = self.names.definitions(use, path)
        theirs = {d.span for d in self.names.definitions(owner, path)}
        sure = all(d.way == call.way and d.path == path and d.span in theirs for d in mine)
        again = any(
            where == path and call.span.end <= value.start < use.start
            for value, where in self.writes.into(use, key, path)
        )
        return key if mine and sure and not again else ""

    def _in_file(self, path: str) -> dict[str, list[Call]]:
        table = self._by_name.get(path)
        if table is None:
            table = self._by_name[path] = {}
            for call in self.calls.in_file("operator delete", path):
                match call.invoke.arguments:
                    case (Member(Name(name)),):
                        table.setdefault(name, []).append(call)
        return table
