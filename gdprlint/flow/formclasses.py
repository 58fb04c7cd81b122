"""Which fields does a form have that a server's class declares?

A template often writes a whole form out: `{{ form.as_p }}`, `{% for field in form %}`. Its fields
are then the members of the class that the view made it of, or columns of a model that the class
names (Django, "Creating forms from models"; WTForms, "Forms").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gdprlint.facts import (
    SPREAD,
    UNKNOWN_KEY,
    Choice,
    Either,
    Expr,
    Invoke,
    Items,
    Member,
    Name,
    Parameter,
    Record,
    Text,
)
from gdprlint.facts.expr import Keyword
from gdprlint.flow.steps import Steps

_DEEPEST = 6
_MOST = 60
_PARTS_OF_FORMS = frozenset({UNKNOWN_KEY, "visible_fields", "hidden_fields"})
# What a class of fields is called, and what kind of control it makes.
_KINDS = {
    "EmailField": "email",
    "PasswordField": "password",
    "HiddenField": "hidden",
    "BooleanField": "checkbox",
    "DateField": "date",
    "TextAreaField": "textarea",
    "ChoiceField": "select",
    "SelectField": "select",
    "FileField": "file",
    "SubmitField": "submit",
}
_WIDGETS = {"PasswordInput": "password", "HiddenInput": "hidden", "EmailInput": "email"}
_ALL = "__all__"


@dataclass(frozen=True, slots=True)
class Declared:
    """A field of a form as its class declares it, `kind` as controls have it."""

    name: str
    kind: str
    label: str


class FormClasses:
    """The classes of forms in the project."""

    def __init__(self, steps: Steps) -> None:
        self.steps = steps
        self._memo: dict[tuple[Expr, str], tuple[Declared, ...]] = {}

    def fields(self, form: Expr, path: str) -> tuple[Declared, ...]:
        """The fields of the form that `form` is, or is a field of; none where its class is not
        known."""
        key = (form, path)
        found = self._memo.get(key)
        if found is None:
            self._memo[key] = ()
            by_name: dict[str, Declared] = {}
            for made, where in self._classes(form, path, 0):
                for field in self._declared(made, where, 0):
                    by_name.setdefault(field.name, field)
            found = self._memo[key] = tuple(by_name.values())[:_MOST]
        return found

    def _classes(self, value: Expr, path: str, depth: int) -> Iterator[tuple[Record, str]]:
        """The classes of which `value` is one, or a thing that is made of one."""
        if depth > _DEEPEST:
            return
        match value:
            case Record():
                yield value, path
            case Either(left, right) | Choice(_, left, right):
                yield from self._classes(left, path, depth + 1)
                yield from self._classes(right, path, depth + 1)
            case Invoke(to):
                yield from self._classes(to, path, depth + 1)
            case Member(of, part) if part in _PARTS_OF_FORMS:
                yield from self._classes(of, path, depth + 1)
            case Name() | Parameter() | Member():
                behind = self.steps.behind(value, path)
                for inner, where, _ in behind:
                    if inner != value:
                        yield from self._classes(inner, where, depth + 1)
                if isinstance(value, Member) and value.name == "form_class" and not behind:
                    # A view that names its fields instead of a form's class.
                    yield from self._classes(value.of, path, depth + 1)

    def _declared(self, made: Record, path: str, depth: int) -> Iterator[Declared]:
        if depth > _DEEPEST:
            return
        entries = {entry.key: entry.value for entry in made.entries}
        for entry in made.entries:
            if entry.key == SPREAD:
                for parent, where in self._classes(entry.value, path, 0):
                    yield from self._declared(parent, where, depth + 1)
            elif isinstance(entry.value, Invoke):
                field = _field(entry.key, entry.value)
                if field is not None:
                    yield field
        meta = entries.get("Meta", made)
        if isinstance(meta, Record):
            yield from self._of_model(meta, path, depth)

    def _of_model(self, meta: Record, path: str, depth: int) -> Iterator[Declared]:
        """The columns of a model that a form's class names."""
        entries = {entry.key: entry.value for entry in meta.entries}
        model, wanted = entries.get("model"), entries.get("fields")
        if model is None or wanted is None:
            return
        columns = {
            field.name: field
            for made, where in self._classes(model, path, 0)
            for field in self._declared(made, where, depth + 1)
        }
        if isinstance(wanted, Text) and wanted.text == _ALL:
            yield from columns.values()
        for item in wanted.items if isinstance(wanted, Items) else ():
            if isinstance(item, Text):
                yield columns.get(item.text, Declared(item.text, "text", ""))


def _field(name: str, made: Invoke) -> Declared | None:
    """The field that a member of a class is; None where it is none, or only a button."""
    to = made.to
    called = to.name if isinstance(to, Name | Member) else ""
    if not called.endswith("Field"):
        return None
    kind = next((k for ending, k in _KINDS.items() if called.endswith(ending)), "text")
    label = ""
    for argument in made.arguments:
        match argument:
            case Keyword("widget", Invoke(Name(widget) | Member(_, widget))):
                kind = _WIDGETS.get(widget, kind)
            case Keyword("widget", Name(widget) | Member(_, widget)):
                kind = _WIDGETS.get(widget, kind)
            case Keyword("label" | "verbose_name", said):
                label = _said(said)
    if not label and made.arguments and not isinstance(made.arguments[0], Keyword):
        label = _said(made.arguments[0])
    return None if kind == "submit" else Declared(name, kind, label)


def _said(value: Expr) -> str:
    """The words of a label, those that are to be translated too."""
    match value:
        case Text(text) | Invoke(_, (Text(text),)):
            return text
    return ""
