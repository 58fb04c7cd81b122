"""Which language is a file in, and what does it say? The loop over fragments.

A reader yields facts and fragments of other languages; each fragment goes to the reader of its
language until none is left, so that no language knows another.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import Literal, Protocol

from gdprlint.facts import (
    IN_STRING,
    Branch,
    Comment,
    Fact,
    FileFacts,
    Fragment,
    FunctionFacts,
    Gate,
    Reading,
    Unread,
)
from gdprlint.facts.unread import unread

__all__ = ["READER_VERSION", "language_of", "read_file"]

READER_VERSION: str
"""What the readers' output depends on beside the text; made of their versions when asked for."""

MOST_TEXT = 64 * 1024 * 1024
"""Characters beyond which a file is not read at all."""

_SUFFIXES = {
    "html": "html",
    "htm": "html",
    "xhtml": "html",
    "vue": "vue",
    "svelte": "svelte",
    "js": "javascript",
    "mjs": "javascript",
    "cjs": "javascript",
    "jsx": "javascript",
    "ts": "typescript",
    "mts": "typescript",
    "cts": "typescript",
    "tsx": "tsx",
    "css": "css",
    "scss": "css",
    "less": "css",
    "py": "python",
    "j2": "jinja",
    "jinja": "jinja",
    "jinja2": "jinja",
    "twig": "jinja",
    "njk": "jinja",
    "liquid": "liquid",
    "php": "php",
    "phtml": "php",
    "erb": "erb",
    "ejs": "ejs",
    "hbs": "handlebars",
    "handlebars": "handlebars",
    "mustache": "handlebars",
    "astro": "astro",
    "mdx": "mdx",
    "cshtml": "razor",
    "razor": "razor",
    "mako": "mako",
}
# Of all JSON, only what says how modules are found: manifests of packages and of TypeScript.
_JSON = re.compile(r"(?:package|[jt]sconfig(?:\.[\w-]+)*)\.json\Z")
_MODULE_SUFFIXES = (".mjs", ".cjs", ".mts", ".cts")
_ROOMS = {
    "html": "html",
    "vue": "html",
    "svelte": "html",
    "javascript": "javascript",
    "typescript": "javascript",
    "tsx": "javascript",
    "css": "css",
    "python": "python",
    "django": "templates",
    "jinja": "templates",
    "liquid": "templates",
    "interpolated": "templates",
    "php": "templates",
    "blade": "templates",
    "erb": "templates",
    "ejs": "templates",
    "handlebars": "templates",
    "astro": "templates",
    "mdx": "templates",
    "razor": "templates",
    "mako": "templates",
}
# Top-level module syntax, at the start of a line or after the end of a statement. A file without
# it is a classic script, whose names are the page's.
_MODULE = re.compile(
    r"(?:^|[;}])[ \t]*+(?:import(?:[ \t]*+[\"'{*]|[ \t]++[\w$]|\.meta)"
    r"|export(?:[ \t]*+[{*]|[ \t]++\w))"
    r"|^(?:module\.exports\b|exports\.\w|(?:const|var|let)[ \t]+[^=\n]{1,80}=[ \t]*require\()",
    re.MULTILINE,
)
_COMMON_JS = re.compile(r"\bmodule\.exports\b|\bexports\.\w|\brequire\(\s*+[\"'`]")
# In this order: what only one of the two languages has, then what each has more often.
_SURELY = (
    ("django", re.compile(r"\{%\s*(?:load|csrf_token|url\s+['\"])")),
    (
        "jinja",
        re.compile(
            # Django's own tags end on their line.
            r"\{%\s*\w[^%{}\n]{0,500}\n[^%{}]{0,500}%\}|\{%-|-%\}|\{\{-|\{#-|-#\}|\burl_for\("
            r"|\{%\s*(?:set|macro|import|from|call|do|raw|elseif)\b"
            r"|\{#\s(?:[^#\n]|#(?!\})){0,500}\n(?:[^#]|#(?!\})){0,5000}#\}"
        ),
    ),
    ("django", re.compile(r"\|\s*\w+:[\"'\w]|\{%\s*(?:static|blocktrans\w*|translate|empty)\b")),
    ("jinja", re.compile(r"\|\s*\w+\(|\{[{%][^}\n]*\w\(")),
)
# What static site generators fill in: scripts and style sheets that begin with front matter, or
# hold tags on lines of their own.
_FILLED = (".js", ".mjs", ".ts", ".css", ".scss")
_FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n(?:[^\n]*\n)*?---[ \t]*\r?(?:\n|\Z)")
_TAG_LINE = re.compile(r"^[ \t]*\{%-?[ \t]*\w[^\n]*%\}[ \t]*\r?$", re.MULTILINE)
_COMMENT = re.compile(r"\{#(?:-?\s(?:[^#]|#(?!\})){0,5000}|[^\n{}]{0,2000})#\}")
_SECTION = re.compile(r"\{\{~?(?:[#^]\s*|>\s+)[\w.]")
_OUTPUT = re.compile(r"\{\{\s*[\w.$!('\"\[]")


READER_VERSION = "2.10.21.8.10"
"""The versions of the rooms css, html, javascript, python and templates, in this order.

Written out, because asking the rooms would load every parser at each start; a test compares.
"""


class _Reader(Protocol):
    def __call__(self, fragment: Fragment, path: str, *, deadline: float) -> Reading: ...


def language_of(path: str) -> str | None:
    """The language of a file by its name, or None for one that is not read.

    SVG is left out: an image runs no script and loads nothing.
    """
    name = path.rpartition("/")[2].lower()
    if name.endswith(".blade.php"):
        return "blade"
    if _JSON.fullmatch(name):
        return "json"
    stem, dot, suffix = name.rpartition(".")
    return _SUFFIXES.get(suffix) if dot and stem else None


def read_file(path: str, text: str, *, seconds: float = 20.0) -> FileFacts:
    """All that a file says. Whatever takes more than `seconds` in all is left `Unread`."""
    language = language_of(path)
    if language is None:
        return FileFacts(path=path, language="", length=len(text))
    if len(text) > MOST_TEXT:
        whole = unread(path, text[:MOST_TEXT], 0, MOST_TEXT, "the file is too large")
        whole = replace(whole, span=replace(whole.span, end=len(text)))
        return FileFacts(path=path, language=language, facts=(whole,), length=len(text))
    return _read_all(path, language, text, deadline=monotonic() + seconds)


def _first(path: str, language: str, text: str) -> Fragment:
    """The whole file as a fragment."""
    kind: Literal["document", "script", "module"] = "document"
    if language == "json":
        # An expression of JavaScript, comments included, as these files may have them.
        return Fragment(
            language="javascript", text=text, kind="expression", binds="export default", scope=2
        )
    if language == "html":
        language = _page_language(text)
    elif path.lower().endswith(_FILLED) and _is_filled(text):
        front = _FRONT.match(text)
        hidden = re.sub(r"[^\r\n]", " ", front.group()) if front is not None else ""
        return Fragment(language="liquid", text=hidden + text[len(hidden) :], kind=kind)
    elif _ROOMS[language] == "javascript":
        module = path.lower().endswith(_MODULE_SUFFIXES) or _MODULE.search(text)
        # Minified, a module of CommonJS is told from a universal wrapper by its tree alone.
        kind = "module" if module else "document" if _COMMON_JS.search(text) else "script"
    return Fragment(language=language, text=text, kind=kind)


def _is_filled(text: str) -> bool:
    """Whether a script or style sheet is a template of a static site generator."""
    if text.startswith(("---", "\ufeff---")) and _FRONT.match(text):
        return True
    return "{%" in text and _TAG_LINE.search(text) is not None


def _page_language(text: str) -> str:
    """Whose template an `.html` file is: Django's, Jinja's, the browser's, or nobody's."""
    if "{%" in text:
        return next((language for language, sign in _SURELY if sign.search(text)), "django")
    if _SECTION.search(text):
        return "handlebars"
    comment = _COMMENT.search(text)
    if comment is not None:
        # Nobody but a template engine takes this for a comment; Django's end on their line.
        several = "\n" in comment.group() or "-" in (comment.group()[2], comment.group()[-3])
        return "jinja" if several else "django"
    return "interpolated" if "{{" in text and _OUTPUT.search(text) else "html"


def _reader(language: str) -> _Reader:
    match _ROOMS[language]:
        case "html":
            from gdprlint.languages import html

            return html.read
        case "javascript":
            from gdprlint.languages import javascript

            return javascript.read
        case "css":
            from gdprlint.languages import css

            return css.read
        case "python":
            from gdprlint.languages import python

            return python.read
        case _:
            from gdprlint.languages import templates

            return templates.read


def _read_all(path: str, language: str, text: str, *, deadline: float) -> FileFacts:
    waiting = deque([_first(path, language, text)])
    facts: list[Fact] = []
    functions: dict[int, FunctionFacts] = {}
    scopes: dict[int, int] = {}
    comments: list[Comment] = []
    branches: list[Branch] = []
    while waiting:
        fragment = waiting.popleft()
        reading = _read_one(fragment, path, text, deadline=deadline)
        if any(isinstance(step, Gate) and step.tag == IN_STRING for step in fragment.way):
            # It may be a text about a script: what is none is no code that was missed.
            facts += (fact for fact in reading.facts if not isinstance(fact, Unread))
        else:
            facts += reading.facts
        functions.update(reading.functions)
        scopes.update(reading.scopes)
        comments += reading.comments
        branches += reading.branches
        waiting.extend(reading.fragments)
    facts.sort(key=_start)
    comments.sort(key=lambda comment: comment.span.start)
    return FileFacts(
        path=path,
        language=language,
        facts=tuple(facts),
        functions=functions,
        scopes=scopes,
        comments=tuple(comments),
        branches=tuple(sorted(branches, key=lambda branch: (branch.start, -branch.end))),
        length=len(text),
    )


def _start(fact: Fact) -> int:
    return fact.span.start


def _read_one(fragment: Fragment, path: str, text: str, *, deadline: float) -> Reading:
    end = min(fragment.offset + len(fragment.text), len(text))
    failed = partial(_failed, path, text, fragment.offset, end)
    if fragment.language not in _ROOMS:
        return failed(f"no reader knows {fragment.language}")
    if monotonic() > deadline:
        return failed("reading took too long")
    try:
        return _reader(fragment.language)(fragment, path, deadline=deadline)
    except RecursionError:
        return failed("it is nested too deeply")
    except MemoryError:
        return failed("it needs too much memory")
    except Exception as error:
        # One file that a reader stumbles over must not hide what is found in all others.
        return failed(f"gdprlint made an error of its own here ({type(error).__name__})")


def _failed(path: str, text: str, start: int, end: int, why: str) -> Reading:
    found: Unread = unread(path, text, start, end, why)
    return Reading(facts=(found,))
