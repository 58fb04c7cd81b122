"""What small edit removes this finding? Changes that a rule asks for, worked out on the text.

Markup and script are edited by span, Python by a process of its own (`gdprlint.fixes.python`). An
edit that is not exact is none: code that is not as expected (a template tag within the value, a
comment that belongs to what would go) stays as it is, and so does its finding.

| change | what it does to the code at its span |
|---|---|
| `value` | a literal becomes `value` |
| `expression` | an expression becomes `value` |
| `entry` | an object gets the entry `name` (`outer.inner`) first |
| `argument` | a call of Python gets the argument `name`, or its value |
| `drop-argument` | the arguments go that have one of the `name`s |
| `cookie-attribute` | the text of a cookie gets the attribute `name`, or its value |
| `attribute` | a start tag gets the attribute `name` |
| `attribute-value` | an attribute gets the `value` |
| `drop-attribute` | an attribute goes, with the blanks before it |
| `drop-class` | the class `name` goes out of an attribute |
| `drop-element` | an element goes, with the `noscript` and the line that hold nothing else |
| `host` | the host `name` in a URL becomes `value` |
| `parameter` | a URL gets the parameter `name` |
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from gdprlint.findings import Edit, Finding, Fix
from gdprlint.fixes import markup, process, script
from gdprlint.source import Source

__all__ = ["Applied", "apply", "with_edits"]

_PYTHON = (".py", ".pyi")
_SCRIPT_DOES = {
    "value": script.value,
    "expression": script.expression,
    "entry": script.entry,
    "cookie-attribute": script.cookie_attribute,
    "attribute": markup.attribute,
    "attribute-value": markup.attribute_value,
    "drop-attribute": markup.drop_attribute,
    "drop-class": markup.drop_class,
    "drop-element": markup.drop_element,
    "host": markup.host,
    "parameter": markup.parameter,
}


def with_edits(
    findings: Sequence[Finding], sources: Mapping[str, Source], *, python: bool
) -> tuple[Finding, ...]:
    """The findings, each with the edits of its fix; a fix that cannot be made exactly is none.

    Without `python`, fixes in files of Python stay without edits: a process less is started.
    """
    made: list[Finding] = []
    waiting: dict[int, Fix] = {}
    for finding in findings:
        fix = finding.fix
        if fix is not None and _is_python(fix):
            waiting[len(made)] = fix
        elif fix is not None:
            finding = replace(finding, fix=_by_span(fix, sources))
        made.append(finding)
    if python and waiting:
        for number, fix in process.worked_out(waiting, sources).items():
            made[number] = replace(made[number], fix=fix)
    return tuple(made)


def _is_python(fix: Fix) -> bool:
    return any(change.span.path.endswith(_PYTHON) for change in fix.changes)


def _by_span(fix: Fix, sources: Mapping[str, Source]) -> Fix | None:
    edits: list[Edit] = []
    for change in fix.changes:
        source = sources.get(change.span.path)
        edit = _SCRIPT_DOES[change.does](change, source.text) if source is not None else None
        if edit is None:
            return None
        edits.append(edit)
    return replace(fix, edits=tuple(dict.fromkeys(edits)))


@dataclass(frozen=True, slots=True)
class Applied:
    """The new texts of the files that were changed, by path, and whose findings' fixes made it."""

    texts: Mapping[str, str]
    findings: tuple[Finding, ...]


def apply(findings: Iterable[Finding], sources: Mapping[str, Source]) -> Applied:
    """The texts with the fixes of findings in them, in the order given.

    A fix is made whole or not at all. Of two that touch, the first is made; the other is worked out
    anew on the new text.
    """
    taken: dict[str, set[Edit]] = {}
    made: list[Finding] = []
    for finding in findings:
        fix = finding.fix
        if fix is None or not fix.edits:
            continue
        if all(_fits(edit, taken.get(edit.span.path, ())) for edit in fix.edits):
            for edit in fix.edits:
                taken.setdefault(edit.span.path, set()).add(edit)
            made.append(finding)
    texts = {path: _edited(sources[path].text, edits) for path, edits in sorted(taken.items())}
    return Applied(texts, tuple(made))


def _fits(edit: Edit, taken: Iterable[Edit]) -> bool:
    """Whether an edit is one of those taken, or touches none of them."""
    return all(
        edit == other or edit.span.end < other.span.start or other.span.end < edit.span.start
        for other in taken
    )


def _edited(text: str, edits: Iterable[Edit]) -> str:
    for edit in sorted(edits, key=lambda edit: edit.span.start, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text
