"""`gdprlint rules`: the index, for people, for a page, or for a program."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import click

from gdprlint.cli import choices, terminal
from gdprlint.findings import RuleInfo

__all__ = ["command"]


@click.command("rules")
@choices.ruleset_options
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
)
def command(format_: str, **given: Any) -> int:
    """List the rules, with the levels that they have in the profile."""
    from gdprlint import api

    rules = sorted(api.rules(choices.options_of(given)), key=lambda rule: (rule.theme, rule.id))
    written = {"text": _text, "markdown": _markdown, "json": _json}[format_](rules)
    terminal.print_report(written)
    return 0


def _text(rules: Sequence[RuleInfo]) -> str:
    widest = max((len(rule.id) for rule in rules), default=0)
    parts = []
    for theme, members in groupby(rules, key=lambda rule: rule.theme):
        lines = [f"  {rule.id:<{widest}}  {rule.level:<7}  {rule.title}\n" for rule in members]
        parts.append(f"{theme}\n{''.join(lines)}")
    return "\n".join(parts)


def _markdown(rules: Sequence[RuleInfo]) -> str:
    parts = []
    for theme, members in groupby(rules, key=lambda rule: rule.theme):
        rows = [
            f"| [{rule.id}]({rule.theme}/{rule.id}.md) | {rule.level} | {_cell(rule.title)} |\n"
            for rule in members
        ]
        parts.append(f"## {theme}\n\n| rule | level | title |\n|---|---|---|\n{''.join(rows)}")
    return "\n".join(parts)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _json(rules: Sequence[RuleInfo]) -> str:
    listed = [
        {
            "id": rule.id,
            "theme": rule.theme,
            "level": rule.level.value,
            "title": rule.title,
            "summary": rule.summary,
            "sentence": rule.sentence,
            "help": rule.help,
            "law": list(rule.law),
            "tags": list(rule.tags),
            "precision": rule.precision,
        }
        for rule in rules
    ]
    return json.dumps({"version": 1, "rules": listed}, indent=2, ensure_ascii=False) + "\n"
