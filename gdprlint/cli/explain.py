"""`gdprlint explain RULE`: its sentence, then its page."""

from __future__ import annotations

import sys
from typing import Any

import click

from gdprlint.cli import choices, terminal
from gdprlint.errors import InputError, likely_word

__all__ = ["command"]


@click.command("explain")
@click.argument("rule", metavar="RULE")
@choices.ruleset_options
@click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True
)
def command(rule: str, **given: Any) -> int:
    """Show what a rule looks for, why, and how to put it right."""
    from gdprlint import api

    rules = {each.id: each for each in api.rules(choices.options_of(given))}
    if rule not in rules:
        raise InputError(f"there is no rule {rule!r}; {likely_word(rule, rules)}")
    found = rules[rule]
    page = f"{found.sentence}\n\n{found.page.strip()}\n"
    if terminal.has_colour(given["color"], sys.stdout):
        page = _rendered(page)
    terminal.print_report(page)
    return 0


def _rendered(page: str) -> str:
    """The Markdown as a terminal shows it."""
    from io import StringIO

    from rich.console import Console
    from rich.markdown import Markdown

    screen = Console(file=StringIO(), force_terminal=True, width=terminal.width(sys.stdout))
    with screen.capture() as captured:
        screen.print(Markdown(page, hyperlinks=False))
    return captured.get()
