"""The form controls of a page as a visitor sees them: name, type, label, choices, form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gdprlint.facts import Element, Expr, Field, FileFacts, Join, Text

_CONTROLS = frozenset({"input", "select", "textarea"})
# Code of template languages that no reader masks, as a label's text would hold it.
_FOREIGN = re.compile(r"\[%.*?%\]|\{\{.*?\}\}|<%.*?%>", re.DOTALL)
_SILENT_TYPES = frozenset({"submit", "button", "image", "reset"})


@dataclass(frozen=True, slots=True)
class Control:
    """A control that holds something of the visitor's.

    `name` is the name it is sent under (its id where it has no name), `label` the text of its
    label, `hint` its placeholder or aria-label, `choices` the texts and values of its options.
    `constant` is the value of a hidden control that is written out. A browser sends only
    controls with a name that are not disabled (`sent`); scripts may read the others.
    """

    element: Element
    name: str
    kind: str
    label: str
    hint: str
    autocomplete: str
    choices: tuple[str, ...]
    form: Element | None
    constant: bool = False
    sent: bool = True


def spelled(value: Expr | None) -> str:
    """The literal text of an attribute's value, without what is not written out."""
    match value:
        case Text(text):
            return text
        case Join(parts):
            return "".join(spelled(part) for part in parts)
        case Field(name):
            return name
    return ""


def attribute(element: Element, name: str) -> str:
    """The literal text of an attribute, or nothing."""
    found = element.attribute(name)
    return spelled(found.value) if found is not None else ""


def controls_of(facts: FileFacts) -> Iterator[Control]:
    """The controls of one file, in their order."""
    elements = [fact for fact in facts.facts if isinstance(fact, Element)]
    forms = [element for element in elements if element.tag == "form"]
    labels = [element for element in elements if element.tag == "label"]
    options = [element for element in elements if element.tag == "option"]
    for element in elements:
        if element.tag not in _CONTROLS:
            continue
        kind = attribute(element, "type").lower() or element.tag
        if kind in _SILENT_TYPES:
            continue
        yield _control(element, kind, _around(element, forms), labels, options)


def _control(
    element: Element,
    kind: str,
    form: Element | None,
    labels: list[Element],
    options: list[Element],
) -> Control:
    identifier = attribute(element, "id")
    name = attribute(element, "name") or identifier
    choices = [
        text
        for option in options
        if element.tag == "select" and element.span.start < option.span.start < element.end
        for text in (spelled(option.text), attribute(option, "value"))
        if text
    ]
    value = element.attribute("value")
    return Control(
        element,
        name.removesuffix("[]"),
        kind,
        _without(_label(element, identifier, labels), choices),
        attribute(element, "placeholder") or attribute(element, "aria-label"),
        attribute(element, "autocomplete").lower(),
        tuple(choices),
        form,
        kind == "hidden" and value is not None and isinstance(value.value, Text),
        element.attribute("name") is not None and element.attribute("disabled") is None,
    )


def _label(element: Element, identifier: str, labels: list[Element]) -> str:
    around = _around(element, labels)
    if around is not None:
        return spelled(around.text)
    for label in labels:
        if identifier and attribute(label, "for") == identifier:
            return spelled(label.text)
    return ""


def _without(label: str, choices: list[str]) -> str:
    """A label's own words: one that lies around a `select` holds the texts of its options too."""
    for choice in sorted(choices, key=len, reverse=True):
        label = label.replace(choice, " ")
    return " ".join(_FOREIGN.sub(" ", label).split())


def _around(element: Element, others: list[Element]) -> Element | None:
    """The innermost of `others` that holds `element`."""
    holding = [o for o in others if o.span.start < element.span.start and element.span.end <= o.end]
    return max(holding, key=lambda o: o.span.start, default=None)
