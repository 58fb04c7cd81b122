"""The form controls of a page as a visitor sees them: name, type, label, choices, form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gdprlint.facts import Element, Expr, Field, FileFacts, Join, Text

_CONTROLS = frozenset({"input", "select", "textarea"})
_TICKED = frozenset({"radio", "checkbox"})
# Code of template languages that no reader masks, as a label's text would hold it.
_FOREIGN = re.compile(r"\[%.*?%\]|\{\{.*?\}\}|<%.*?%>", re.DOTALL)
# HTML; Angular's reactive forms, where the model's key is the only name.
_NAMES = ("name", "formcontrolname", "formControlName")
_SILENT_TYPES = frozenset({"submit", "button", "image", "reset"})


@dataclass(frozen=True, slots=True)
class Control:
    """A control that holds something of the visitor's.

    `name` is the name it is sent under (its id where it has no name), `label` the text of its
    label, `hint` its placeholder or aria-label, for boxes to tick the question over them (the
    legend), `choices` the texts and values of its options. `constant` is the value of a hidden
    control that is written out. A browser sends only controls with a name that are not disabled
    (`sent`); scripts may read the others, and what people write into an element that can be edited
    (`kind` is then `contenteditable`).
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
    beside = _Beside.of(elements)
    for element in elements:
        if element.tag in _CONTROLS:
            kind = attribute(element, "type").lower() or element.tag
            if kind not in _SILENT_TYPES:
                yield _control(element, kind, beside)
        elif _editable(element):
            yield _control(element, "contenteditable", beside)


@dataclass(frozen=True, slots=True)
class _Beside:
    """The elements of a file that say something about its controls."""

    forms: tuple[Element, ...]
    labels: tuple[Element, ...]
    options: tuple[Element, ...]
    legends: tuple[Element, ...]
    fieldsets: tuple[Element, ...]
    by_id: Mapping[str, Element]

    @classmethod
    def of(cls, elements: Sequence[Element]) -> _Beside:
        """Those among all elements of a file."""
        by_tag: dict[str, list[Element]] = {}
        by_id: dict[str, Element] = {}
        for element in elements:
            by_tag.setdefault(element.tag, []).append(element)
            identifier = attribute(element, "id")
            if identifier:
                by_id.setdefault(identifier, element)
        return cls(
            forms=tuple(by_tag.get("form", ())),
            labels=tuple(by_tag.get("label", ())),
            options=tuple(by_tag.get("option", ())),
            legends=tuple(by_tag.get("legend", ())),
            fieldsets=tuple(by_tag.get("fieldset", ())),
            by_id=by_id,
        )


def _editable(element: Element) -> bool:
    """Whether people write into an element itself (HTML, 6.8.1)."""
    found = element.attribute("contenteditable")
    if found is None:
        return False
    return not (isinstance(found.value, Text) and found.value.text.lower() == "false")


def _control(element: Element, kind: str, beside: _Beside) -> Control:
    identifier = attribute(element, "id")
    named = next(filter(None, (attribute(element, key) for key in _NAMES)), "")
    name = named or identifier
    choices = [
        text
        for option in _options(element, beside)
        for text in (spelled(option.text), attribute(option, "value"))
        if text
    ]
    value = element.attribute("value")
    hint = attribute(element, "placeholder") or attribute(element, "aria-label")
    return Control(
        element,
        name.removesuffix("[]"),
        kind,
        _without(_label(element, identifier, beside), choices),
        hint or (_question(element, beside) if kind in _TICKED else ""),
        attribute(element, "autocomplete").lower(),
        tuple(choices),
        _form(element, beside),
        kind == "hidden" and value is not None and isinstance(value.value, Text),
        kind != "contenteditable"
        and element.attribute("name") is not None
        and element.attribute("disabled") is None,
    )


def _options(element: Element, beside: _Beside) -> Iterator[Element]:
    outer = element if element.tag == "select" else beside.by_id.get(attribute(element, "list"))
    if outer is not None and outer.tag in ("select", "datalist"):
        first, last = outer.span.start, outer.end
        yield from (o for o in beside.options if first < o.span.start < last)


def _form(element: Element, beside: _Beside) -> Element | None:
    """The form that a control belongs to: the one it names, else the one it lies in (HTML,
    4.10.18.3)."""
    named = attribute(element, "form")
    if named:
        owner = beside.by_id.get(named)
        return owner if owner is not None and owner.tag == "form" else None
    return _around(element, beside.forms)


def _question(element: Element, beside: _Beside) -> str:
    """The legend over a group of boxes."""
    group = _around(element, beside.fieldsets)
    if group is None:
        return ""
    first, last = group.span.start, group.end
    legend = next((o for o in beside.legends if first < o.span.start < last), None)
    return " ".join(_FOREIGN.sub(" ", spelled(legend.text)).split()) if legend is not None else ""


def _label(element: Element, identifier: str, beside: _Beside) -> str:
    around = _around(element, beside.labels)
    if around is not None:
        return spelled(around.text)
    for label in beside.labels:
        if identifier and attribute(label, "for") == identifier:
            return spelled(label.text)
    named = (beside.by_id.get(one) for one in attribute(element, "aria-labelledby").split())
    return " ".join(spelled(one.text) for one in named if one is not None)


def _without(label: str, choices: list[str]) -> str:
    """A label's own words: one that lies around a `select` holds the texts of its options too."""
    for choice in sorted(choices, key=len, reverse=True):
        label = label.replace(choice, " ")
    return " ".join(_FOREIGN.sub(" ", label).split())


def _around(element: Element, others: Sequence[Element]) -> Element | None:
    """The innermost of `others` that holds `element`."""
    holding = [o for o in others if o.span.start < element.span.start and element.span.end <= o.end]
    return max(holding, key=lambda o: o.span.start, default=None)
