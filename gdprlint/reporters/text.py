"""For a person at a terminal: a sentence, the place, the road of the data, the law, the way out."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import TypeAlias
from unicodedata import combining, east_asian_width

from gdprlint.findings import Confidence, Finding, Flow, LawInfo, Report
from gdprlint.reporters import Manner, Tool
from gdprlint.reporters.places import counted, place, printable, sentence, summary
from gdprlint.reporters.redact import GAP, Curtain, ShownLine, named_words
from gdprlint.source import Span

__all__ = ["render"]

_Line: TypeAlias = tuple[tuple[str, str], ...]
"""Stretches of one line: text, and the name of its style, or nothing."""

_STYLES = {
    "error": "bold red",
    "warning": "bold yellow",
    "note": "bold blue",
    "frame": "blue",
    "label": "bold",
    "faint": "dim",
}
_MOST_UNREAD = 5
_MOST_RELATED = 5


def render(report: Report, *, tool: Tool, manner: Manner) -> str:
    """The findings, and last a line that says what was found, hidden, read and not read."""
    curtain = Curtain()
    shown = manner.shown(report)
    lines: list[_Line] = []
    for finding in shown:
        lines.extend(_finding(finding, report, curtain=curtain, tool=tool, width=manner.width))
        lines.append(())
    lines.extend(_end(report, manner))
    return _coloured(lines) if manner.colour else _plain(lines)


def _plain(lines: Iterable[_Line]) -> str:
    return "".join("".join(text for text, _ in line).rstrip() + "\n" for line in lines)


def _coloured(lines: Iterable[_Line]) -> str:
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    screen = Console(
        file=StringIO(), force_terminal=True, color_system="standard", no_color=False, width=1000
    )
    with screen.capture() as captured:
        for line in lines:
            made = Text.assemble(*((text, _STYLES.get(style, "")) for text, style in line))
            screen.print(made, soft_wrap=True, highlight=False)
    return captured.get()


def _finding(
    finding: Finding, report: Report, *, curtain: Curtain, tool: Tool, width: int
) -> Iterator[_Line]:
    level = finding.level.value
    possible = ", possible" if finding.confidence is Confidence.POSSIBLE else ""
    head = f"{level}[{finding.rule}]{possible}: "
    first, *rest = _wrapped(sentence(finding.message), width, first=len(head), later=0)
    yield ((head, level), (first, "label"))
    for line in rest:
        yield ((line, "label"),)
    where = _where(finding.span, report)
    line_number = str(place(finding.span, report.sources).line)
    margin = " " * len(line_number)
    yield ((f"{margin} --> ", "frame"), (where, ""))
    yield from _frame(finding, report, curtain=curtain, margin=margin, width=width)
    yield from _flows(finding.flows, report, margin=margin, width=width)
    for related in finding.related[:_MOST_RELATED]:
        told = f"{_where(related.span, report)} {printable(related.text)}"
        yield from _remark("see", told, margin=margin, width=width)
    if len(finding.related) > _MOST_RELATED:
        more = f"{len(finding.related) - _MOST_RELATED} more places"
        yield from _remark("see", more, margin=margin, width=width)
    laws = {law.id: law for law in report.laws}
    if finding.law:
        cited = "; ".join(_cited(laws.get(id_), id_, report) for id_ in finding.law)
        yield from _remark("law", cited, margin=margin, width=width)
    if finding.help:
        yield from _remark("help", printable(finding.help), margin=margin, width=width)
    if finding.fix is not None:
        option = "--fix" if finding.fix.safe else "--fix --unsafe-fixes"
        told = f"{printable(finding.fix.says)} ({option})"
        yield from _remark("fix", told, margin=margin, width=width)
    yield from _remark("more", f"{tool.name} explain {finding.rule}", margin=margin, width=width)


def _where(span: Span, report: Report) -> str:
    found = place(span, report.sources)
    return f"{printable(span.path)}:{found.line}:{found.column}"


def _frame(
    finding: Finding, report: Report, *, curtain: Curtain, margin: str, width: int
) -> Iterator[_Line]:
    """The line of source with its carets; none where the file's text is not at hand."""
    source = report.sources.get(finding.span.path)
    if source is None:
        return
    bare = curtain.redacted(source, finding.span, named=named_words(finding))
    shown = _cut(_untabbed(bare), max(width - len(margin) - 3, 20))
    number = str(place(finding.span, report.sources).line)
    under = " " * _columns(shown.text[: shown.start])
    carets = "^" * max(_columns(shown.text[shown.start : shown.end]), 1)
    yield ((f"{margin} |", "frame"),)
    yield ((f"{number} | ", "frame"), (shown.text, ""))
    yield ((f"{margin} | ", "frame"), (under, ""), (carets, finding.level.value))


def _untabbed(line: ShownLine) -> ShownLine:
    """The line with two blanks for each tab, and nothing that a terminal would obey."""
    parts = ["  " if character == "\t" else printable(character) for character in line.text]
    start, end = (len("".join(parts[:column])) for column in (line.start, line.end))
    return ShownLine("".join(parts), start, end)


def _cut(line: ShownLine, width: int) -> ShownLine:
    """The line, or of a long one the part around the carets, with `…` for what is left out."""
    if len(line.text) <= width:
        return line
    begin = max(min(line.start - width // 4, len(line.text) - width), 0)
    text = line.text[begin : begin + width]
    if begin:
        text = GAP + text[1:]
    if begin + width < len(line.text):
        text = text[:-1] + GAP
    return ShownLine(text, line.start - begin, min(line.end - begin, width))


def _columns(text: str) -> int:
    """How many columns of a terminal the text takes; wide characters take two (UAX #11)."""
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def _flows(flows: tuple[Flow, ...], report: Report, *, margin: str, width: int) -> Iterator[_Line]:
    """The steps of the first road, and where the others begin."""
    if not flows:
        return
    first, *others = flows
    yield ((f"{margin} = ", "frame"), ("flow:", "label"))
    places = [_where(step.span, report) for step in first.steps]
    column = min(max((len(each) for each in places), default=0), 40)
    for number, (step, where) in enumerate(zip(first.steps, places, strict=True), start=1):
        lead = f"{margin}   {number:>2}  "
        indent = len(lead) + column + 2
        line, *rest = _wrapped(step.text, width, first=indent, later=indent)
        yield ((lead, "frame"), (f"{where:<{column}}  {line}", ""))
        for each in rest:
            yield ((" " * indent + each, ""),)
    if others:
        starts = dict.fromkeys(_where(f.steps[0].span, report) for f in others if f.steps)
        shown = ", ".join(list(starts)[:3]) + (f", {GAP}" if len(starts) > 3 else "")
        told = f"and {counted(len(others), 'more road')}, from {shown}"
        lead = f"{margin}       "
        for line in _wrapped(told, width, first=len(lead), later=len(lead)):
            yield ((lead + line, ""),)


def _remark(label: str, told: str, *, margin: str, width: int) -> Iterator[_Line]:
    lead = f"{margin} = "
    indent = len(lead) + len(label) + 2
    first, *rest = _wrapped(told, width, first=indent, later=indent)
    yield ((lead, "frame"), (f"{label}: ", "label"), (first, ""))
    for line in rest:
        yield ((" " * indent + line, ""),)


def _wrapped(told: str, width: int, *, first: int, later: int) -> list[str]:
    """`told` in lines, of which the first begins at column `first` and the others at `later`."""
    room = max(width, 40)
    lines = textwrap.wrap(
        printable(told),
        room - later if later < room - 20 else 20,
        initial_indent=" " * max(first - later, 0),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [line.lstrip() for line in lines] or [""]


def _cited(law: LawInfo | None, id_: str, report: Report) -> str:
    if law is None:
        return id_
    names = {act.id: act.name for act in report.acts}
    return f"{names.get(law.act, law.act)} {law.taxon}, {law.title}"


def _end(report: Report, manner: Manner) -> Iterator[_Line]:
    unread = [stretch for stretch in report.unread if stretch.span is None]
    if unread:
        yield (("not read:", "label"),)
    for stretch in unread[:_MOST_UNREAD]:
        yield ((f"  {printable(stretch.path)}: {printable(stretch.why)}", "faint"),)
    if len(unread) > _MOST_UNREAD:
        yield ((f"  and {len(unread) - _MOST_UNREAD} more", "faint"),)
    shown = len(manner.shown(report))
    told = summary(report, shown=shown, notes_hidden=manner.notes_hidden(report))
    yield ((told, "label"),)
