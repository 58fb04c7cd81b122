"""What does a template make: a page, a script, a style sheet, or something that is not read?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from gdprlint.facts import Fragment, Hole, Region
from gdprlint.languages.templates.words import words

_TEMPLATE_SUFFIXES = words(
    "j2 jinja jinja2 twig njk liquid php phtml blade erb ejs hbs handlebars mustache mako"
    " tmpl tpl dist"
)
_PAGES = words("py html htm xhtml astro mdx cshtml razor svelte vue")
_OTHERS = {"js": "javascript", "mjs": "javascript", "ts": "typescript", "css": "css", "scss": "css"}


def inner_language(path: str) -> str | None:
    """The language of what `page.html.j2` makes; None for neither page, script nor style."""
    parts = path.rpartition("/")[2].lower().split(".")[1:]
    while parts and parts[-1] in _TEMPLATE_SUFFIXES:
        parts.pop()
    if not parts or parts[-1] in _PAGES:
        return "html"
    return _OTHERS.get(parts[-1])


def named(text: str) -> str:
    """A name as long as `text`, for what writes a value: one value, on however many lines."""
    return "z" * len(text)


def blanks(text: str) -> str:
    """As many blanks as `text` has characters, line ends kept."""
    if "\n" not in text and "\r" not in text:
        return " " * len(text)
    return "".join(c if c in "\r\n" else " " for c in text)


def page_fragment(
    fragment: Fragment,
    path: str,
    text: str,
    holes: Sequence[Hole],
    regions: Sequence[Region],
) -> Fragment | None:
    """What the template `fragment` makes, with `text` as it is after masking."""
    language = inner_language(path)
    if language is None:
        return None
    kind: Literal["document", "script", "module"] = "document"
    if language in ("javascript", "typescript"):
        kind = "module" if path.lower().endswith((".ts", ".mjs")) else "script"
    return Fragment(
        language=language,
        text=text,
        offset=fragment.offset,
        way=fragment.way,
        kind=kind,
        holes=tuple(sorted((*fragment.holes, *holes), key=lambda hole: hole.start)),
        regions=tuple(
            sorted((*fragment.regions, *regions), key=lambda region: (region.start, -region.end))
        ),
    )
