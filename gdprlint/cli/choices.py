"""The options that several commands share, and the engine's options made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gdprlint.errors import InputError, likely_word

if TYPE_CHECKING:
    from gdprlint import api

__all__ = ["existing", "options_of", "project_options", "ruleset_options"]

F = TypeVar("F", bound=Callable[..., Any])

_FILE = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)


def ruleset_options(command: F) -> F:
    """Which rules there are, at which level: `--profile`, `--rulesets`, `--config`, `--root`."""
    for option in (
        click.option("--root", type=_FOLDER, help="The project's folder."),
        click.option("--config", type=_FILE, help="The settings file, instead of looking for one."),
        click.option("--rulesets", type=_FOLDER, multiple=True, help="A folder of more rules."),
        click.option("--profile", multiple=True, help="Which rules, and how grave they are."),
    ):
        command = option(command)
    return command


def project_options(command: F) -> F:
    """What is read: `--exclude`, `--force-exclude`, `--no-cache`."""
    for option in (
        click.option("--no-cache", is_flag=True, help="Read every file anew."),
        click.option(
            "--force-exclude",
            is_flag=True,
            help="Leave excluded files out even if they are named.",
        ),
        click.option(
            "--exclude", multiple=True, metavar="GLOB", help="Files that are not to be read."
        ),
    ):
        command = option(command)
    return command


def existing(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """The paths, of which none may be missing; the folder at hand where none is given."""
    for path in paths:
        try:
            path.lstat()
        except (OSError, ValueError):
            raise InputError(f"{path}: there is no such file or folder{_near(path)}") from None
    return paths or (Path("."),)


def _near(path: Path) -> str:
    try:
        names = [each.name for each in path.parent.iterdir()]
    except (OSError, ValueError):
        return ""
    hint = likely_word(path.name, names)
    return f"; {hint}" if hint.startswith("did you mean") else ""


def options_of(given: Mapping[str, Any], **more: Any) -> api.Options:
    """The engine's options out of what a command was given."""
    from gdprlint import api

    return api.Options(
        profile=given.get("profile", ()),
        rulesets=given.get("rulesets", ()),
        config=given.get("config"),
        root=given.get("root"),
        exclude=given.get("exclude", ()),
        force_exclude=given.get("force_exclude", False),
        cache=not given.get("no_cache", False),
        **more,
    )
