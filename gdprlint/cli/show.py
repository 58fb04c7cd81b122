"""`gdprlint show PATH`: what was read out of a file, a folder or the project, for rule authors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from gdprlint.cli import choices, terminal

__all__ = ["command"]


@click.command("show")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
)
@click.option("--output", type=click.Path(path_type=Path), help="A file instead of stdout.")
@choices.ruleset_options
@choices.project_options
def command(paths: tuple[Path, ...], format_: str, output: Path | None, **given: Any) -> int:
    """Show the facts and effects that were read out of a path, with way, consent and answers."""
    from gdprlint import api

    inventory = api.show(choices.existing(paths), options=choices.options_of(given))
    if format_ == "json":
        text = json.dumps(inventory.as_json(), indent=2, ensure_ascii=False) + "\n"
    else:
        text = inventory.text()
    if output is None:
        terminal.print_report(text)
    else:
        terminal.write_file(text, output)
    return 0
