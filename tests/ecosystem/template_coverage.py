"""How much of real templates is read, and whether their tags are where their engines find them.

    python tests/ecosystem/template_coverage.py [--only NAME]... [ENGINE:FOLDER]...

Takes projects from PyPI, and local folders whose engine is given (`django:../site`,
`jinja:../site`). For each, every template is read; the holes that our reader masks are held
against the tags of Django's or Jinja's own lexer, and the text between the tags against the text
itself. The status is 1 unless every template is read, at most 0.5 % of the text of a project is
`Unread`, all tags are equal and all text is in its place.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from time import monotonic
from types import MappingProxyType
from typing import TypeAlias

import jinja2
from django.template.base import DebugLexer, TokenType
from real_packages import pypi_package

from gdprlint import languages
from gdprlint.discovery import discover
from gdprlint.facts import Fragment
from gdprlint.languages import language_of, read_file, templates
from gdprlint.languages.templates.scan import django_pieces, jinja_pieces
from gdprlint.settings import Settings
from gdprlint.source import decode

MOST_UNREAD = 0.005
SECONDS = 60.0

Tags: TypeAlias = list[tuple[int, int]]
"""Where each tag, output and comment begins and ends."""

ENGINES: Mapping[str, str] = MappingProxyType(
    {
        "wagtail": "django",
        "django-oscar": "django",
        "django-cms": "django",
        "mezzanine": "django",
        "pretix": "django",
        "mkdocs-material": "jinja",
        "sphinx": "jinja",
        "apache-superset": "jinja",
        "flask-appbuilder": "jinja",
        "apache-airflow<3": "jinja",
    }
)
"""Projects on PyPI, each with the engine of its templates."""

_TEMPLATES = frozenset(("html", "django", "jinja", "interpolated", "handlebars"))
_JINJA_PLACE = re.compile(r"(?:^|/)jinja2?/|\.(?:j2|jinja2?|njk)$")
_DJANGO_COMMENT = re.compile(r"\s*comment(?:\s|\Z)")
_DJANGO_COMMENT_END = re.compile(r"\s*endcomment\s*\Z")
_BEGINS = frozenset(("variable_begin", "block_begin", "comment_begin", "raw_begin"))
_ENDS = frozenset(("variable_end", "block_end", "comment_end"))


@dataclass(slots=True)
class Coverage:
    """What was read of a project's templates; `strange` are those where something differs."""

    templates: int = 0
    not_read: list[str] = field(default_factory=list)
    characters: int = 0
    unread: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    tags: int = 0
    equal: int = 0
    compared: int = 0
    strange: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    refused: int = 0
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether all is as it has to be."""
        return (
            not self.not_read
            and self.unread <= MOST_UNREAD * self.characters
            and not self.strange
            and not self.moved
        )


def coverage_of(folder: Path, engine: str) -> Coverage:
    """What is read of every template in a folder."""
    found = Coverage()
    started = monotonic()
    settings = Settings(root=folder)
    readable = discover(folder, settings, named=[folder], readable=_may_be_template)
    for path in readable.files:
        text = decode((folder / path).read_bytes()).text
        language = language_of(path) or ""
        first = languages._first(path, language, text)
        if first.language in _TEMPLATES:
            _take(found, path, text, first, engine)
    found.seconds = monotonic() - started
    return found


def _may_be_template(path: str) -> bool:
    return language_of(path) in _TEMPLATES


def _take(found: Coverage, path: str, text: str, first: Fragment, engine: str) -> None:
    """Count one template."""
    found.templates += 1
    found.characters += len(text)
    _count_unread(found, path, text)
    oracle = "jinja" if _JINJA_PLACE.search(path) else engine
    theirs = ORACLES[oracle](text)
    if theirs is None or first.language == "handlebars":
        found.refused += 1
        return
    ours, page = _ours(first, path, text)
    found.compared += 1
    found.tags += len(theirs)
    found.equal += len(set(ours) & set(theirs))
    if ours != theirs:
        odd = sorted(set(ours) ^ set(theirs))
        line = text.count("\n", 0, odd[0][0]) + 1 if odd else 0
        found.strange.append(f"{path}:{line} ({first.language}, {len(odd)} differ)")
    if page is not None and not _in_place(text, page, theirs):
        found.moved.append(path)


def _count_unread(found: Coverage, path: str, text: str) -> None:
    covered = 0
    for one in read_file(path, text, seconds=SECONDS).unread():
        length = max(0, one.span.end - max(one.span.start, covered))
        covered = max(covered, one.span.end)
        found.unread += length
        place = f"{path}:{text.count(chr(10), 0, one.span.start) + 1}: {one.why}"
        found.reasons[place] = found.reasons.get(place, 0) + length
        if one.span.end - one.span.start >= len(text) > 0:
            found.not_read.append(path)


def _ours(first: Fragment, path: str, text: str) -> tuple[Tags, str | None]:
    """The stretches that our reader masks, and the page that it makes."""
    if first.language == "html":
        return [], first.text
    reading = templates.read(first, path, deadline=monotonic() + SECONDS)
    if not reading.fragments:
        # What makes no page has tags all the same.
        pieces = django_pieces(text) if first.language == "django" else jinja_pieces(text)
        return [(piece.start, piece.end) for piece in pieces], None
    page = reading.fragments[0]
    return sorted((hole.start, hole.end) for hole in page.holes), page.text


def _in_place(text: str, page: str, theirs: Tags) -> bool:
    """Whether each character outside of tags is in the page where it is in the template."""
    position = 0
    for start, end in [*theirs, (len(text), len(text))]:
        if text[position:start] != page[position:start]:
            return False
        position = end
    return len(text) == len(page)


def django_tags(text: str) -> Tags | None:
    """Where Django's lexer finds tags; all that its `comment` tag leaves out is one."""
    found: Tags = []
    comment = -1
    for token in DebugLexer(text).tokenize():
        start, end = token.position
        is_tag = token.token_type == TokenType.BLOCK
        if comment >= 0:
            if is_tag and _DJANGO_COMMENT_END.match(token.contents):
                found.append((comment, end))
                comment = -1
        elif is_tag and _DJANGO_COMMENT.match(token.contents):
            comment = start
        elif token.token_type != TokenType.TEXT:
            found.append((start, end))
    return found if comment < 0 else None


def jinja_tags(text: str) -> Tags | None:
    """Where Jinja's lexer finds tags; None where it finds a template wrong."""
    environment = jinja2.Environment(keep_trailing_newline=True)
    plain, places = _without_returns(text)
    found: Tags = []
    position = start = 0
    try:
        for _, kind, written in environment.lex(plain):
            # White space that a tag takes away is in no token.
            at = plain.find(written, position)
            end = at + len(written)
            if kind in _BEGINS:
                start = at + len(written) - len(written.lstrip())
            if kind in _ENDS or kind in ("raw_begin", "raw_end"):
                if kind == "raw_end":
                    start = at + len(written) - len(written.lstrip())
                found.append((places[start], places[_last_of(plain, at, end)] + 1))
            position = end
    except jinja2.TemplateSyntaxError:
        return None
    return found


def _last_of(text: str, start: int, end: int) -> int:
    """The last character of a closing mark; the white space that it takes away is no part of it."""
    return start + len(text[start:end].rstrip()) - 1


def _without_returns(text: str) -> tuple[str, list[int]]:
    """A text with line feeds alone, as Jinja reads it, and where its characters come from."""
    places = [at for at, one in enumerate(text) if not (one == "\r" and text[at + 1 :][:1] == "\n")]
    places.append(len(text))
    return re.sub(r"\r\n?", "\n", text), places


ORACLES: Mapping[str, Callable[[str], Tags | None]] = MappingProxyType(
    {"django": django_tags, "jinja": jinja_tags}
)


def show(name: str, found: Coverage) -> None:
    """One line for a project, and below it what needs a look."""
    print(
        f"{name:24} {found.templates:5} templates, {len(found.not_read)} not read, "
        f"unread {found.unread / max(found.characters, 1):7.3%} of text, "
        f"tags {found.equal} of {found.tags} equal in {found.compared} "
        f"({len(found.strange)} differ, {len(found.moved)} moved, "
        f"{found.refused} refused by the engine), {found.seconds:.1f} s",
        flush=True,
    )
    longest = sorted(found.reasons.items(), key=lambda pair: -pair[1])[:8]
    for title, lines in (
        ("not read", found.not_read),
        ("differs", found.strange),
        ("moved", found.moved),
        ("unread", [f"{place} ({length})" for place, length in longest]),
    ):
        for line in lines[:8]:
            print(f"{'':24}   {title}: {line}")


def published(names: Iterable[str], work: Path) -> Iterator[tuple[str, Path, str]]:
    """Projects from PyPI, each with its folder and its engine."""
    for name in names:
        folder = work / ("templates-" + re.sub(r"\W", "-", name))
        folder.mkdir()
        yield name, pypi_package(name, folder), ENGINES[name]


def local(folders: Iterable[str]) -> Iterator[tuple[str, Path, str]]:
    """Local folders, given as `ENGINE:FOLDER`."""
    for given in folders:
        engine, _, folder = given.partition(":")
        yield Path(folder).resolve().name, Path(folder).resolve(), engine


def all_hold(*subjects: Iterable[tuple[str, Path, str]]) -> bool:
    """Look at every project and show it; whether all is as it has to be."""
    holds = True
    for name, folder, engine in chain(*subjects):
        found = coverage_of(folder, engine)
        show(name, found)
        holds &= found.holds
    return holds


def main() -> int:
    """The status of the whole."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", action="append", choices=list(ENGINES), metavar="NAME")
    parser.add_argument("folder", nargs="*", metavar="ENGINE:FOLDER")
    asked = parser.parse_args()
    if any(given.partition(":")[0] not in ORACLES for given in asked.folder):
        parser.error("a folder needs its engine: django:FOLDER or jinja:FOLDER")
    names = asked.only or (() if asked.folder else ENGINES)
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["GDPRLINT_CACHE_DIR"] = scratch
        return int(not all_hold(published(names, Path(scratch)), local(asked.folder)))


if __name__ == "__main__":
    sys.exit(main())
