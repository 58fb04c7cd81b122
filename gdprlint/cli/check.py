"""`gdprlint check`: read the project, report, and choose the status."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import click

from gdprlint import __version__, reporters
from gdprlint.cli import choices, terminal
from gdprlint.cli.progress import Progress
from gdprlint.errors import InputError, likely_word
from gdprlint.findings import Confidence, Level, Report
from gdprlint.reporters import FORMATS, Manner, Tool
from gdprlint.reporters.places import counted, summary

if TYPE_CHECKING:
    from gdprlint import api

__all__ = ["command"]

Output: TypeAlias = tuple[str, Path | None]
"""A format, and the file that it goes to; None is stdout."""


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(FORMATS)),
    default="text",
    show_default=True,
    help="How the report is written.",
)
@click.option("--output", type=click.Path(path_type=Path), help="A file instead of stdout.")
@click.option("--report", "reports", multiple=True, metavar="FORMAT:PATH", help="One more report.")
@choices.ruleset_options
@choices.project_options
@click.option(
    "--min-confidence",
    type=click.Choice([confidence.value for confidence in Confidence]),
    default=Confidence.CERTAIN.value,
    show_default=True,
    help="Whether to show what could not be settled.",
)
@click.option("--notes", is_flag=True, help="Show notes, which are else only counted.")
@click.option(
    "--fail-on",
    type=click.Choice([*(level.value for level in Level), "never"]),
    default=Level.WARNING.value,
    show_default=True,
    help="The level from which on the status is 1.",
)
@click.option("--select", multiple=True, metavar="ID|THEME", help="Only these rules.")
@click.option("--ignore", multiple=True, metavar="ID|THEME", help="Not these rules.")
@click.option(
    "--baseline", type=click.Path(path_type=Path), help="Hide what this file knows already."
)
@click.option("--write-baseline", type=click.Path(path_type=Path), help="Write such a file.")
@click.option("--fix", is_flag=True, help="Make the safe fixes, and report what remains.")
@click.option("--unsafe-fixes", is_flag=True, help="Count those that need a look as well.")
@click.option("--diff", is_flag=True, help="Show what fixes would change, and change nothing.")
@click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True
)
@click.option("-q", "--quiet", is_flag=True, help="Nothing on stderr but errors.")
@click.option("-v", "--verbose", is_flag=True, help="Tell what is done, on stderr.")
@click.option(
    "--strict", is_flag=True, help="Status 2 if a file could not be read, or there was none."
)
def command(paths: tuple[Path, ...], **given: Any) -> int:
    """Read a project and report what its pages do with personal data.

    PATHS say where findings are wanted (default: the folder at hand). What is read to understand
    them is the whole project around.
    """
    outputs = _outputs(given["format_"], given["output"], given["reports"])
    if given["diff"]:
        _refuse_reports(given)
    paths = choices.existing(paths)
    if given["verbose"]:
        terminal.log()
    watched = terminal.is_terminal(sys.stderr) and not given["quiet"]
    with Progress(watched) as progress:
        if given["diff"] or given["fix"]:
            fixed = _fixed(paths, given, progress)
            report = fixed.report
        else:
            report = _checked(paths, given, progress)
    if given["diff"]:
        return _show_difference(fixed, given)
    for format_, path in outputs:
        manner = _manner(given, path)
        tool = Tool("gdprlint", __version__, terminal.ADDRESS)
        text = reporters.render(format_, report, tool=tool, manner=manner)
        if path is None:
            terminal.print_report(text)
        else:
            terminal.write_file(text, path)
    if not given["quiet"]:
        _tell(report, notes=given["notes"], is_told=("text", None) in outputs)
    if given["write_baseline"] is not None:
        if not given["quiet"]:
            terminal.say(f"gdprlint: {given['write_baseline']}: the baseline is written")
        return 0
    return _status(report, fail_on=given["fail_on"], strict=given["strict"])


def _checked(paths: Sequence[Path], given: dict[str, Any], progress: Progress) -> Report:
    from gdprlint import api

    return api.check(paths, options=_options(given), progress=progress)


def _fixed(paths: Sequence[Path], given: dict[str, Any], progress: Progress) -> api.Fixed:
    from gdprlint import api

    return api.fix(
        paths,
        options=_options(given),
        unsafe=given["unsafe_fixes"],
        notes=given["notes"],
        write=not given["diff"],
        progress=progress,
    )


def _options(given: dict[str, Any]) -> api.Options:
    import gc

    # Facts are millions of small objects without circles, in a process that ends after this:
    # looking for circles costs a third of the time and finds none.
    gc.disable()
    formats = {wish.partition(":")[0] for wish in (given["format_"], *given["reports"])}
    return choices.options_of(
        given,
        min_confidence=Confidence(given["min_confidence"]),
        select=given["select"],
        ignore=given["ignore"],
        baseline=given["baseline"],
        write_baseline=given["write_baseline"],
        workers=min(os.cpu_count() or 1, 8),
        pages="sarif" in formats,
        edits=bool(formats & {"sarif", "json"}),
    )


def _refuse_reports(given: dict[str, Any]) -> None:
    """Raise for what cannot go along with a difference, which is shown instead of a report."""
    for name in ("output", "reports", "write_baseline"):
        if given[name]:
            option = {"reports": "--report"}.get(name, f"--{name.replace('_', '-')}")
            raise InputError(
                f"--diff shows what would change and writes nothing; leave out {option}"
            )


def _show_difference(fixed: api.Fixed, given: dict[str, Any]) -> int:
    """The difference on stdout; status 1 where there is one."""
    from gdprlint.cli.difference import difference

    terminal.print_report(difference(fixed.before, fixed.after))
    if not given["quiet"]:
        for warning in fixed.report.warnings:
            terminal.say(f"gdprlint: {warning}")
        count = len(fixed.report.fixed)
        told = f"{counted(count, 'finding')} would be fixed" if count else "nothing would be fixed"
        more = sum(finding.fix is not None for finding in fixed.report.findings)
        tail = f"; {more} more with --unsafe-fixes" if more and not given["unsafe_fixes"] else ""
        terminal.say(f"gdprlint: {told}{tail}")
    return int(bool(fixed.after))


def _outputs(format_: str, output: Path | None, reports: Sequence[str]) -> list[Output]:
    """Every report to write, of which no two may go to one file."""
    outputs: list[Output] = [(format_, output)]
    for wish in reports:
        name, colon, path = wish.partition(":")
        if not colon or not path:
            raise InputError(f"--report {wish}: this must be FORMAT:PATH, as in sarif:report.sarif")
        if name not in FORMATS:
            raise InputError(f"--report {wish}: no format {name!r}; {likely_word(name, FORMATS)}")
        outputs.append((name, Path(path)))
    targets = [target for _, target in outputs if target is not None]
    for target in targets:
        if targets.count(target) > 1:
            raise InputError(f"{target}: two reports cannot go to one file; give each its own")
        if target.is_dir() or not target.parent.is_dir():
            why = "it is a folder" if target.is_dir() else f"there is no folder {target.parent}"
            raise InputError(f"{target}: a report cannot be written here; {why}")
    return outputs


def _manner(given: dict[str, Any], path: Path | None) -> Manner:
    wish: Literal["auto", "always", "never"] = given["color"]
    if path is not None:
        return Manner(notes=given["notes"], unsafe=given["unsafe_fixes"])
    return Manner(
        notes=given["notes"],
        unsafe=given["unsafe_fixes"],
        width=terminal.width(sys.stdout),
        colour=terminal.has_colour(wish, sys.stdout),
    )


def _tell(report: Report, *, notes: bool, is_told: bool) -> None:
    """Warnings, and the summary where the report on stdout does not end with it."""
    for warning in report.warnings:
        terminal.say(f"gdprlint: {warning}")
    if report.files_read == 0:
        terminal.say("gdprlint: no file that gdprlint reads was found here")
    if not is_told:
        manner = Manner(notes=notes)
        hidden = manner.notes_hidden(report)
        shown = len(manner.shown(report))
        terminal.say(f"gdprlint: {summary(report, shown=shown, notes_hidden=hidden)}")


def _status(report: Report, *, fail_on: str, strict: bool) -> int:
    if strict and (report.files_read == 0 or report.files_not_read > 0):
        return 2
    if fail_on == "never":
        return 0
    threshold = Level(fail_on).rank
    return int(any(finding.level.rank >= threshold for finding in report.findings))
