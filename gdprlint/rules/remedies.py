"""Which changes of the code would remove a finding? From what a rule asks for to places in files.

An edit is asked for by its word in a rule's `fix`. Nothing is changed here, and no text is read: a
change names the code by its place, and the room `fixes` works out the characters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from gdprlint.effects import Answer, Ask, Declare, Effect, Load, Setting, Store, Submit
from gdprlint.effects.scene import Scene
from gdprlint.facts import SPREAD, Attribute, Constant, Entry, Gate, Join, Record, Text
from gdprlint.findings import Change, Fix
from gdprlint.knowledge import GAP, parse
from gdprlint.project.controls import attribute
from gdprlint.rules.match import Matched, Matcher
from gdprlint.rules.rule import EditWord, FixCase
from gdprlint.source import Span

_OTHER = {"true": "false", "false": "true"}
_IN_UNIT = {"seconds": 1, "milliseconds": 1_000, "days": 1 / 86_400}


class Remedies:
    """The changes that remove findings."""

    def __init__(self, scene: Scene, matcher: Matcher) -> None:
        self.scene = scene
        self.matcher = matcher

    def fix(self, group: list[Matched], *, sure: bool) -> Fix | None:
        """What removes the finding of a group: changes for each of its effects, or nothing.

        What is only possible is never changed safely: it may well be as it should be.
        """
        changes: dict[Change, None] = {}
        cases: dict[int, FixCase] = {}
        for matched in group:
            number, found = self._first(matched)
            if not found:
                return None
            cases[number] = matched.rule.fix[number]
            changes.update(dict.fromkeys(found))
        return Fix(
            safe=sure and all(case.applies == "safe" for case in cases.values()),
            says="; ".join(dict.fromkeys(case.says for case in cases.values())),
            changes=tuple(changes),
        )

    def _first(self, matched: Matched) -> tuple[int, tuple[Change, ...]]:
        """The number of the first case that can be made to an effect, and its changes."""
        effect = matched.effect
        for number, case in enumerate(matched.rule.fix):
            if self.matcher.holds(case.when, effect) is Answer.YES:
                found = tuple(_EDITS[case.edit](self, case, effect))
                if found:
                    return number, found
        return -1, ()

    def is_python(self, path: str) -> bool:
        """Whether a file is one of Python, whose calls have arguments by name."""
        return self.scene.project.files[path].language == "python"


# ---------------------------------------------------------------- settings


def _setting(_: Remedies, case: FixCase, effect: Effect) -> Iterator[Change]:
    """What a setting says becomes `value`, else what its row says `instead`, else its contrary.

    Where markup says it, the attribute that the finding points to gets the `value`.
    """
    at = effect.at
    if not isinstance(effect, Declare | Store):
        return
    told = effect.settings
    if isinstance(effect, Declare) and effect.markup is not None:
        yield Change("attribute-value", at.span, value=case.value)
        return
    instead = case.value or (effect.instead if isinstance(effect, Declare) else "")
    yield from _all_said(told, instead)


def _all_said(settings: Iterable[Setting], instead: str) -> Iterator[Change]:
    """A change of each setting, or of none: where one cannot be changed, the finding stays."""
    found = [tuple(_said(setting, instead)) for setting in settings]
    if all(found):
        yield from (change for changes in found for change in changes)


def _said(setting: Setting, instead: str) -> Iterator[Change]:
    value = setting.value
    span = Span(setting.path, value.start, max(value.start, value.end))
    if setting.missing:
        if isinstance(value, Record) and not _is_spread(value):
            yield Change("entry", span, ".".join(setting.missing), instead or "true")
    elif isinstance(value, Text | Constant):
        said = instead or _OTHER.get(str(getattr(value, "value", "")).lower(), "")
        if said:
            yield Change("value", span, value=said)


def _is_spread(value: Record) -> bool:
    """Whether what is spread into an object may say the same again."""
    return any(entry.key == SPREAD for entry in value.entries)


def _purposes(_: Remedies, case: FixCase, effect: Effect) -> Iterator[Change]:
    """The purposes that a default grants get the `value`."""
    if isinstance(effect, Declare) and effect.granted:
        yield from _all_said(effect.settings, case.value)


# ---------------------------------------------------------------- markup


def _set_attribute(_: Remedies, case: FixCase, effect: Effect) -> Iterator[Change]:
    """A form gets the attribute of that name, or its value."""
    if not isinstance(effect, Submit) or effect.form.tag != "form":
        return
    for name in case.names:
        found = effect.form.attribute(name)
        if found is not None:
            span = _span(found, effect.at.path)
            yield Change("attribute-value", span, name, case.value)
        else:
            yield Change("attribute", effect.form.span, name, case.value)


def _drop_attribute(remedies: Remedies, _: FixCase, effect: Effect) -> Iterator[Change]:
    """The attribute goes that the finding points to."""
    if isinstance(effect, Ask) and not remedies.is_python(effect.at.path):
        yield Change("drop-attribute", effect.at.span)


def _drop_mark(_: Remedies, __: FixCase, effect: Effect) -> Iterator[Change]:
    """The attributes and classes go by which a vendor's recorder shows an element."""
    if not isinstance(effect, Declare) or effect.markup is None or effect.vendor is None:
        return
    element, marks = effect.markup, effect.vendor.unmasked_by
    for mark in marks.attributes:
        name, given, value = mark.partition("=")
        found = element.attribute(name)
        if found is not None and (not given or attribute(element, name) == value):
            yield Change("drop-attribute", _span(found, effect.at.path))
    classes = element.attribute("class")
    for name in marks.classes:
        if classes is not None and name in attribute(element, "class").split():
            yield Change("drop-class", _span(classes, effect.at.path), name)


def _drop_pixel(_: Remedies, __: FixCase, effect: Effect) -> Iterator[Change]:
    """A picture goes that is there for browsers without scripts: it cannot ask."""
    if not isinstance(effect, Load) or effect.markup is None or effect.element != "img":
        return
    if any(isinstance(step, Gate) and step.tag == "noscript" for step in effect.at.way):
        element = effect.markup
        end = max(element.end, element.span.end)
        yield Change("drop-element", Span(effect.at.path, element.span.start, end))


def _reduced(_: Remedies, __: FixCase, effect: Effect) -> Iterator[Change]:
    """The address of an embed becomes the vendor's own reduced form, which its notes name."""
    if not isinstance(effect, Load) or effect.vendor is None or not effect.urls:
        return
    address = parse(effect.urls[0])
    for note in effect.vendor.notes:
        pattern = note.removeprefix("reduced:").strip()
        if pattern == note or "/" not in pattern:
            continue
        wanted = parse(f"https://{pattern}")
        start = wanted.path.partition("*")[0]
        if GAP in address.host or not address.path.startswith(start):
            continue
        if wanted.host != address.host:
            yield Change("host", effect.at.span, address.host, wanted.host)
        given = dict(address.query)
        for name, value in wanted.query:
            if name not in given and GAP not in effect.urls[0]:
                yield Change("parameter", effect.at.span, name, value)


def _span(found: Attribute, path: str) -> Span:
    return Span(path, found.start, max(found.start, found.end))


# ---------------------------------------------------------------- cookies and calls


def _drop_argument(remedies: Remedies, case: FixCase, effect: Effect) -> Iterator[Change]:
    """The arguments go that have these names; a call without any of them stays as it is."""
    if isinstance(effect, Ask) and remedies.is_python(effect.at.path):
        yield Change("drop-argument", effect.at.span, " ".join(case.names))


def _flags(remedies: Remedies, case: FixCase, effect: Effect) -> Iterator[Change]:
    """A cookie gets those of the flags that it lacks, where the call says how it is kept."""
    if not isinstance(effect, Store) or effect.by == "setting" or effect.at.sites:
        return
    for name in case.names:
        if f"not-{name}" not in effect.flags:
            continue
        if effect.text is not None:
            if effect.text.path != effect.at.path or not isinstance(effect.text.value, Text | Join):
                continue
            yield Change("cookie-attribute", _place(effect.text), name)
        elif remedies.is_python(effect.at.path):
            yield Change("argument", effect.at.span, name, "true")
        else:
            yield from _option(effect, name, "true")


def _option(effect: Store, name: str, value: str) -> Iterator[Change]:
    """An entry of the last object that says how a cookie is kept."""
    for setting in effect.options[-1:]:
        if not isinstance(setting.value, Record) or _is_spread(setting.value):
            continue
        held = _entry(setting.value, name)
        if held is None:
            yield Change("entry", _place(setting), name, value)
        elif isinstance(held.value, Constant):
            span = Span(setting.path, held.value.start, max(held.value.start, held.value.end))
            yield Change("value", span, value=value)


def _entry(value: Record, name: str) -> Entry | None:
    return next((entry for entry in value.entries if entry.key.lower() == name), None)


def _lifetime(_: Remedies, case: FixCase, effect: Effect) -> Iterator[Change]:
    """A cookie lives the `value` in seconds, in the unit in which its lifetime is written."""
    if not isinstance(effect, Store) or effect.at.sites:
        return
    if effect.lasts is not None and effect.unit in _IN_UNIT:
        counted = round(int(case.value) * _IN_UNIT[effect.unit])
        yield Change("expression", _place(effect.lasts), value=str(counted))
    elif effect.text is not None:
        yield Change("cookie-attribute", _place(effect.text), "max-age", case.value)


def _place(setting: Setting) -> Span:
    value = setting.value
    return Span(setting.path, value.start, max(value.start, value.end))


_EDITS: Mapping[EditWord, Callable[[Remedies, FixCase, Effect], Iterator[Change]]] = {
    "setting": _setting,
    "purposes": _purposes,
    "set-attribute": _set_attribute,
    "drop-attribute": _drop_attribute,
    "drop-mark": _drop_mark,
    "drop-argument": _drop_argument,
    "drop-pixel": _drop_pixel,
    "flags": _flags,
    "lifetime": _lifetime,
    "reduced-address": _reduced,
}
