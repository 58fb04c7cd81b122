"""Which elements does markup mark for a vendor's tag: to be left alone, or to be shown as they
are?"""

from __future__ import annotations

from gdprlint.facts import Element
from gdprlint.knowledge import Marks
from gdprlint.project import Project
from gdprlint.project.controls import attribute


def bears(element: Element, marks: Marks) -> str:
    """The first of the marks that an element itself bears, or nothing."""
    for mark in marks.attributes:
        name, given, value = mark.partition("=")
        found = element.attribute(name)
        if found is not None and (not given or attribute(element, name) == value):
            return mark
    classes = attribute(element, "class").split()
    return next((name for name in marks.classes if name in classes), "")


def is_marked(element: Element, path: str, marks: Marks, project: Project) -> bool:
    """Whether an element bears a mark, or lies in one that does where marks work so."""
    if bears(element, marks):
        return True
    return marks.around and any(
        bears(outer, marks)
        for outer in project.facts(path)
        if isinstance(outer, Element)
        and outer.span.start < element.span.start
        and element.span.end <= outer.end
    )
