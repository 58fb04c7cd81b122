"""A rule's page, read: its headings, its examples, and what each example expects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEADING = re.compile(r"^(#{1,3})\s+(.+?)\s*#*\s*$")
_FENCE = re.compile(r"^(`{3,}|~{3,})\s*([\w+-]*)")
_PATH = re.compile(r"^`([^`]+)`\s*:?\s*$")
_EXPECT = re.compile(
    r"(?:<!--|//|/\*|\{#|#)\s*expect(?P<maybe>\?)?:\s*(?P<rule>[a-z0-9-]+)"
    r"(?:\s+\"(?P<part>[^\"]*)\")?"
)
_SUFFIXES = {
    "html": "page.html",
    "js": "script.js",
    "javascript": "script.js",
    "ts": "script.ts",
    "typescript": "script.ts",
    "jsx": "App.jsx",
    "tsx": "App.tsx",
    "vue": "App.vue",
    "svelte": "App.svelte",
    "css": "style.css",
    "py": "views.py",
    "python": "views.py",
    "django": "page.html",
    "jinja": "page.html.j2",
    "yaml": "gdprlint.yml",
    "yml": "gdprlint.yml",
}
HEADINGS = (
    "Why it matters",
    "Fails",
    "Passes",
    "What it cannot settle",
    "How to fix it",
    "Further reading",
)
"""The second-level headings of a page, in this order."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """A finding that an example says is there: rule, file and line; `maybe` for a possible one."""

    rule: str
    path: str
    line: int
    maybe: bool
    part: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """One third-level heading: files by path, and the findings expected in them."""

    section: str
    name: str
    files: tuple[tuple[str, str], ...]
    expected: tuple[Expectation, ...]


@dataclass(frozen=True, slots=True)
class RulePage:
    """A page: its title, first paragraph, headings in order, and examples."""

    title: str
    summary: str
    headings: tuple[str, ...]
    examples: tuple[Example, ...]
    text: str


def read_page(text: str) -> RulePage:
    """The page that `text` is. Fenced blocks outside a third-level heading are an example too,
    named by their second-level heading."""
    lines = text.splitlines()
    title, headings, summary = "", list[str](), list[str]()
    for line in lines:
        heading = _HEADING.match(line)
        if heading and heading.group(1) == "#" and not title:
            title = heading.group(2)
        elif heading and heading.group(1) == "##":
            headings.append(heading.group(2))
        elif title and not headings and not heading:
            summary.append(line.strip())
    first = "\n".join(summary).strip().split("\n\n")[0].replace("\n", " ")
    return RulePage(title, first, tuple(headings), tuple(_examples(lines)), text)


def _examples(lines: list[str]) -> Iterator[Example]:
    section, name = "", ""
    path = ""
    files: list[tuple[str, str]] = []
    block: list[str] = []
    fence = ""
    language = ""
    for line in [*lines, "## end"]:
        mark = _FENCE.match(line)
        if fence:
            if mark and line.strip().startswith(fence) and not mark.group(2):
                files.append((path or _default(language, files), "\n".join(block) + "\n"))
                fence, path, block = "", "", []
            else:
                block.append(line)
            continue
        if mark:
            fence, language, block = mark.group(1), mark.group(2), []
            continue
        named = _PATH.match(line.strip())
        if named:
            path = named.group(1)
            continue
        heading = _HEADING.match(line)
        if heading is None:
            continue
        if files:
            yield _example(section, name or section, files)
            files = []
        if heading.group(1) == "###":
            name = heading.group(2)
        else:
            section, name = heading.group(2), ""


def _default(language: str, files: list[tuple[str, str]]) -> str:
    return _SUFFIXES.get(language, f"file.{language or 'txt'}")


def _example(section: str, name: str, files: list[tuple[str, str]]) -> Example:
    expected = [e for path, text in files for e in _expected(path, text)]
    return Example(section, name, tuple(files), tuple(expected))


def _expected(path: str, text: str) -> Iterator[Expectation]:
    """Expectations with the line that they speak of: their own, or the next where they are
    alone."""
    for number, line in enumerate(text.split("\n"), 1):
        for match in _EXPECT.finditer(line):
            alone = not line[: line.find(match.group(0))].strip(" \t{")
            yield Expectation(
                match["rule"],
                path,
                number + 1 if alone else number,
                match["maybe"] is not None,
                match["part"] or "",
            )
