"""`gdprlint test DIR`: the examples of rule pages, ours or those of a ruleset of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from gdprlint.cli import choices, terminal
from gdprlint.errors import InputError

__all__ = ["command"]


@click.command("test")
@click.argument("directory", type=click.Path(path_type=Path))
@click.option("-q", "--quiet", is_flag=True, help="Only the examples that fail.")
def command(directory: Path, quiet: bool) -> int:
    """Run the examples of the rule pages in a folder and tell which do not hold."""
    from gdprlint import testing

    choices.existing((directory,))
    results = list(testing.run(directory))
    if not results:
        raise InputError(f"{directory}: there is no rule page with examples in this folder")
    failed = [result for result in results if not result.passed]
    lines = [f"ok      {result.name}\n" for result in results if result.passed and not quiet]
    lines += [f"FAILED  {result.name}: {result.message}\n" for result in failed]
    lines.append(f"{len(results) - len(failed)} passed, {len(failed)} failed\n")
    terminal.print_report("".join(lines))
    return 1 if failed else 0
