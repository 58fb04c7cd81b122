"""`gdprlint check`: read the project, report, and choose the status."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, TypeAlias

import click

from gdprlint import __version__, reporters
from gdprlint.cli import choices, terminal
from gdprlint.cli.progress import Progress
from gdprlint.errors import InputError, likely_word
from gdprlint.findings import Confidence, Level, Report
from gdprlint.reporters import FORMATS, Manner, Tool
from gdprlint.reporters.places import summary

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
    paths = choices.existing(paths)
    if given["verbose"]:
        terminal.log()
    watched = terminal.is_terminal(sys.stderr) and not given["quiet"]
    with Progress(watched) as progress:
        report = _checked(paths, given, progress)
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
    import gc

    from gdprlint import api

    # Facts are millions of small objects without circles, in a process that ends after this:
    # looking for circles costs a third of the time and finds none.
    gc.disable()
    options = choices.options_of(
        given,
        min_confidence=Confidence(given["min_confidence"]),
        select=given["select"],
        ignore=given["ignore"],
        baseline=given["baseline"],
        write_baseline=given["write_baseline"],
        workers=min(os.cpu_count() or 1, 8),
        pages=any(
            wish.partition(":")[0] == "sarif" for wish in (given["format_"], *given["reports"])
        ),
    )
    return api.check(paths, options=options, progress=progress)


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
        return Manner(notes=given["notes"])
    return Manner(
        notes=given["notes"],
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
