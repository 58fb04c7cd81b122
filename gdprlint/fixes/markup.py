"""Edits of markup, by span: attributes, elements, addresses."""

from __future__ import annotations

import re

from gdprlint.findings import Change, Edit
from gdprlint.source import Span

__all__ = [
    "attribute",
    "attribute_value",
    "drop_attribute",
    "drop_class",
    "drop_element",
    "host",
    "parameter",
]

# What another language writes into markup: its value is not known, so nothing there is exact.
_TAGS = re.compile(r"\{\{|\{%|\{#|<%|<\?|\$\{|#\{")
_TAG_NAME = re.compile(r"<[A-Za-z][\w:.-]*(?=[\s/>])")
_ATTRIBUTE = re.compile(
    r"(?P<name>[^\s=>\"'/]+)"
    r"(?:\s*=\s*(?:\{\s*)?(?P<quote>[\"']?)(?P<value>[^\"'{}>]*)(?P=quote)(?:\s*\})?)?"
)
_SCRIPTS = (".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".jsx", ".tsx")
_COMPONENTS = (".jsx", ".tsx")


def _stretch(change: Change, text: str) -> str:
    return text[change.span.start : change.span.end]


def _edit(change: Change, start: int, end: int, text: str) -> Edit:
    return Edit(Span(change.span.path, start, end), text)


def _is_markup_in_script(change: Change) -> bool:
    """Whether markup may stand in a string, where quotes would end it."""
    return change.span.path.endswith(_SCRIPTS) and not change.span.path.endswith(_COMPONENTS)


def attribute(change: Change, text: str) -> Edit | None:
    """A start tag gets an attribute, the first."""
    found = _TAG_NAME.match(_stretch(change, text))
    if found is None or _is_markup_in_script(change):
        return None
    place = change.span.start + found.end()
    return _edit(change, place, place, f' {change.name}="{change.value}"')


def attribute_value(change: Change, text: str) -> Edit | None:
    """An attribute gets another value, between the quotes that are there."""
    old = _stretch(change, text)
    found = _ATTRIBUTE.fullmatch(old)
    if found is None or not found["value"] or _TAGS.search(old):
        return None
    start = change.span.start + found.start("value")
    return _edit(change, start, start + len(found["value"]), change.value)


def drop_attribute(change: Change, text: str) -> Edit | None:
    """An attribute goes, with the blanks before it."""
    start, end = change.span.start, change.span.end
    old = text[start:end]
    if not old or _TAGS.search(old) or not re.match(r"[\s/>]", text[end : end + 1]):
        return None
    while start > 0 and text[start - 1].isspace():
        start -= 1
    return None if text[start - 1 : start] == "<" else _edit(change, start, end, "")


def drop_class(change: Change, text: str) -> Edit | None:
    """A class goes; the attribute too, where it was the only one."""
    old = _stretch(change, text)
    found = _ATTRIBUTE.fullmatch(old)
    words = found["value"].split() if found is not None and found["value"] else []
    if found is None or words.count(change.name) != 1 or _TAGS.search(old):
        return None
    if words == [change.name]:
        return drop_attribute(change, text)
    place = re.search(rf"(?<!\S){re.escape(change.name)}(?!\S)", found["value"])
    if place is None:
        return None
    start, end = place.span()
    before = len(found["value"][:start]) - len(found["value"][:start].rstrip())
    after = len(found["value"][end:]) - len(found["value"][end:].lstrip())
    base = change.span.start + found.start("value")
    if before and start > before:
        return _edit(change, base + start - before, base + end, "")
    return _edit(change, base + start, base + end + after, "")


def drop_element(change: Change, text: str) -> Edit | None:
    """An element goes, with a `noscript` that holds nothing else, and with the line that does."""
    start, end = change.span.start, change.span.end
    old = text[start:end]
    if not old.startswith("<") or not old.endswith(">") or "{%" in old or "<%" in old:
        return None
    if change.span.path.endswith(_SCRIPTS):
        return None
    before = re.search(r"<noscript\b[^<>]*>\s*\Z", text[:start], re.IGNORECASE)
    after = re.match(r"\s*</noscript\s*>", text[end:], re.IGNORECASE)
    if before is not None and after is not None:
        start, end = before.start(), end + after.end()
    line = text[max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1 : start]
    rest = re.match(r"[ \t]*(\r\n|\r|\n)", text[end:])
    if rest is not None and not line.strip(" \t\ufeff"):
        start, end = start - len(line.lstrip("\ufeff")), end + rest.end()
    return _edit(change, start, end, "")


def host(change: Change, text: str) -> Edit | None:
    """The host of a URL becomes another; it must stand there once."""
    old = _stretch(change, text)
    found = list(re.finditer(rf"//({re.escape(change.name)})(?=[/?#:])", old, re.IGNORECASE))
    if len(found) != 1:
        return None
    start = change.span.start + found[0].start(1)
    return _edit(change, start, start + len(change.name), change.value)


def parameter(change: Change, text: str) -> Edit | None:
    """A URL gets a parameter, the last of its query."""
    old = _stretch(change, text)
    found = re.search(r"(?P<quote>[\"'`])(?P<url>[^\"'`]*//[^\"'`]*)(?P=quote)\}?\Z", old)
    if found is None or _TAGS.search(old):
        return None
    url = found["url"]
    head = url.partition("#")[0]
    ampersand = "&" if change.span.path.endswith(_SCRIPTS) else "&amp;"
    mark = "?" if "?" not in head else "" if head.endswith(("?", "&", "&amp;")) else ampersand
    place = change.span.start + found.start("url") + len(head)
    return _edit(change, place, place, f"{mark}{change.name}={change.value}")
