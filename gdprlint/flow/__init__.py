"""What can this value be, where does it come from, and how does this come to run?

Nothing here runs because a file was read: everything is asked for, backwards from the places where
something leaves the page, and kept. Flow knows neither vendors nor consent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gdprlint.flow.addresses import Address, Addresses, QueryEntry, is_route
from gdprlint.flow.bindings import Bindings
from gdprlint.flow.calls import Calls, Site
from gdprlint.flow.context import Context, Frame, Step
from gdprlint.flow.dom import Dom, Found
from gdprlint.flow.filled import Filled
from gdprlint.flow.inlined import Inlined
from gdprlint.flow.inside import values_in
from gdprlint.flow.library import Library, Passing, giving_returned, handing_back, spells, turns
from gdprlint.flow.location import page_part
from gdprlint.flow.names import GLOBAL_OBJECTS, Callee, Names, imported_from
from gdprlint.flow.origins import CUT, HOST_PART, TESTED, Origin, Origins, Trace, spelled_path
from gdprlint.flow.pieces import GAP, Piece
from gdprlint.flow.props import Props
from gdprlint.flow.reaching import Definition
from gdprlint.flow.states import States
from gdprlint.flow.steps import Steps
from gdprlint.flow.values import Values
from gdprlint.flow.ways import Placed, Road, Ways
from gdprlint.flow.writes import Identity
from gdprlint.project import Project

__all__ = [
    "CUT",
    "GAP",
    "GLOBAL_OBJECTS",
    "HOST_PART",
    "TESTED",
    "Address",
    "Callee",
    "Context",
    "Definition",
    "Flow",
    "Found",
    "Frame",
    "Identity",
    "Inlined",
    "Origin",
    "Passing",
    "Piece",
    "Placed",
    "QueryEntry",
    "Road",
    "Site",
    "Step",
    "Trace",
    "imported_from",
    "is_route",
    "page_part",
    "spelled_path",
    "spells",
    "turns",
    "values_in",
]


class Flow:
    """All that can be asked of a project's values and ways."""

    def __init__(
        self,
        project: Project,
        redacts: Callable[[str], bool],
        passings: Iterable[Passing] = (),
        inlined: Iterable[Inlined] = (),
    ) -> None:
        self.project = project
        rows = tuple(passings)
        self.names = Names(project, inlined, handing_back(rows), giving_returned(rows))
        self.calls = Calls(self.names)
        self.library = Library(self.names, rows)
        self.values = Values(Steps(self.calls, self.library, Bindings(project, rows)))
        self.ways = Ways(self.calls)
        self.states = States(self.names, self.library, self.ways)
        self.props = Props(self.names)
        self.dom = Dom(self.values)
        self.filled = Filled(self.dom)
        self.origins = Origins(self.dom, redacts)
        self.addresses = Addresses(self.origins)
