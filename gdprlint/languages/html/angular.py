"""Which members of a component do a template's controls put their values into?

Angular's templates name the members of a class that is written elsewhere. A binding of one is an
assignment to a name of the scope `MEMBERS`, which only the project as a whole can look up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gdprlint.facts import MEMBERS, Assign, Expr, Member, Name, Opaque, Span, Text
from gdprlint.languages.html.tree import Opened, Tree

_CONTROLS = frozenset(("input", "select", "textarea"))
_PATH = re.compile(r"\s*(?:this\.)?([A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)*)\s*\Z")


def bindings(path: str, opened: Opened, tree: Tree, offset: int) -> Iterator[Assign]:
    """What a visitor enters into a control, put into the members that its attributes name.

    A component hands on what is entered into its own controls. A control of a form's model stands
    for its `value`; one that is named lies in the `value` of the group around it. What is no plain
    path of names is left out.
    """
    if opened.tag not in _CONTROLS and "-" not in opened.tag:
        return
    start, end = offset + opened.start, offset + opened.tag_end
    given = Member(Opaque("element", start, end), "value", start, end)
    for attribute in opened.attributes:
        to: Expr | None = None
        match attribute.name, attribute.value:
            case "[(ngmodel)]", Text(written):
                to = _member(written, attribute.start)
            case "[formcontrol]", Text(written):
                to = _value_of(_member(written, attribute.start))
            case "formcontrolname", Text(written):
                group = _group_around(tree)
                to = Member(group, written, group.start, group.end) if group is not None else None
        if isinstance(to, Name | Member):
            span = Span(path, attribute.start, attribute.end)
            yield Assign(to, given, span, opened.way)


def _member(written: str, start: int) -> Name | Member | None:
    found = _PATH.match(written)
    if found is None:
        return None
    first, *others = found[1].replace("?", "").split(".")
    end = start + len(written)
    value: Name | Member = Name(first, MEMBERS, start, end)
    for name in others:
        value = Member(value, name, start, end)
    return value


def _value_of(of: Expr | None) -> Member | None:
    return Member(of, "value", of.start, of.end) if of is not None else None


def _group_around(tree: Tree) -> Member | None:
    """The value of the innermost group of controls that is open."""
    keys: list[str] = []
    for opened in reversed(tree.stack):
        for attribute in opened.attributes if opened is not None else ():
            if not isinstance(attribute.value, Text):
                continue
            if attribute.name == "formgroupname":
                keys.append(attribute.value.text)
            elif attribute.name == "[formgroup]":
                value = _value_of(_member(attribute.value.text, attribute.start))
                for key in reversed(keys):
                    value = Member(value, key, value.start, value.end) if value else None
                return value
    return None
