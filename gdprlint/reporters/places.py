"""Where does a span lie, as people count? Lines and columns for each of the formats."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from gdprlint.findings import Fix, Level, Report
from gdprlint.source import Source, Span

__all__ = [
    "Place",
    "counted",
    "exact_place",
    "in_utf16",
    "place",
    "printable",
    "sentence",
    "summary",
    "utf16_place",
]

# Controls would move a terminal's cursor, and bidirectional marks reorder what a person reads.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A region: lines and columns from 1, the end column being the one after the last character."""

    line: int
    column: int
    end_line: int
    end_column: int


def place(span: Span, sources: Mapping[str, Source]) -> Place:
    """The place of a span, in code points; the file's start where its text is not at hand."""
    found = exact_place(span, sources)
    if found.end_column > 1 or found.end_line == found.line:
        return found
    # A stretch that ends with a line end would else reach into a line that it has no part in.
    end_line = found.end_line - 1
    end_column = len(sources[span.path].line(end_line)) + 1
    return replace(found, end_line=end_line, end_column=end_column)


def exact_place(span: Span, sources: Mapping[str, Source]) -> Place:
    """The same to the character, for what is to be replaced: the end may begin a line."""
    source = sources.get(span.path)
    if source is None:
        return Place(line=1, column=1, end_line=1, end_column=1)
    start, end = source.position(span.start), source.position(span.end)
    return Place(line=start.line, column=start.column, end_line=end.line, end_column=end.column)


def utf16_place(span: Span, sources: Mapping[str, Source]) -> Place:
    """The same with columns in UTF-16 code units, in which SARIF's `utf16CodeUnits` counts."""
    return in_utf16(place(span, sources), sources.get(span.path))


def in_utf16(found: Place, source: Source | None) -> Place:
    """A place with its columns in UTF-16 code units."""
    if source is None:
        return found
    return replace(
        found,
        column=_units(source.line(found.line)[: found.column - 1]) + 1,
        end_column=_units(source.line(found.end_line)[: found.end_column - 1]) + 1,
    )


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def printable(text: str) -> str:
    """`text` on one line, with characters that a terminal would obey shown as U+FFFD."""
    return _UNPRINTABLE.sub("\ufffd", re.sub(r"\s+", " ", text))


def sentence(message: str) -> str:
    """A message with its full stop, which findings leave out."""
    message = message.strip()
    return message if message.endswith((".", "!", "?")) else f"{message}."


def counted(number: int, one: str, many: str = "") -> str:
    """`1 file`, `2 files`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def summary(report: Report, *, shown: int, notes_hidden: int) -> str:
    """The line that ends every report: what was found, what is hidden, what was read and not."""
    levels = Counter(finding.level for finding in report.findings)
    found = [counted(levels[level], level.value) for level in sorted(levels, key=lambda x: -x.rank)]
    if notes_hidden:
        found = [part for part in found if not part.endswith(("note", "notes"))]
    read = f"{counted(report.files_read, 'file')} read, {report.files_not_read} not read"
    head = f"{', '.join(found)} in {read}" if shown else f"no findings in {read}"
    told = [f for f in report.findings if not notes_hidden or f.level is not Level.NOTE]
    # What was not settled is for whoever reads a report whole: JSON and SARIF have it.
    files = {s.path for s in report.unread if s.span is not None and s.settled}
    tail = [
        f"{len(report.fixed)} fixed" if report.fixed else "",
        _fixable([finding.fix for finding in told if finding.fix is not None]),
        f"parts of {counted(len(files), 'file')} not understood" if files else "",
        f"{counted(notes_hidden, 'note')} hidden (--notes shows them)" if notes_hidden else "",
        f"{report.possible_hidden} possible hidden (--min-confidence possible shows them)"
        if report.possible_hidden
        else "",
        f"{len(report.ignored)} ignored" if report.ignored else "",
        f"{len(report.known)} known to the baseline" if report.known else "",
    ]
    return "; ".join([head, *(part for part in tail if part)])


def _fixable(fixes: Sequence[Fix]) -> str:
    """How many findings can be fixed by which options."""
    safe = sum(fix.safe for fix in fixes)
    unsafe = len(fixes) - safe
    if safe and unsafe:
        return f"{safe} fixable with --fix, {unsafe} more with --unsafe-fixes"
    if safe or unsafe:
        return f"{len(fixes)} fixable with --fix{'' if safe else ' --unsafe-fixes'}"
    return ""
