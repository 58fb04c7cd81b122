"""The words of the command line, and the one place that turns errors into sentences and statuses.

Status 0: looked, and nothing is grave enough; 1: looked, and found; 2: could not look; 130: stopped
by the user. A command's module is imported only when the command is run.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from types import TracebackType
from typing import cast

import click

from gdprlint import __version__
from gdprlint.cli import terminal
from gdprlint.errors import GdprlintError, InputError, likely_word

__all__ = ["main", "run"]

_COMMANDS: Mapping[str, str] = {
    "check": "Read a project and report what its pages do with personal data.",
    "explain": "Show what a rule looks for, why, and how to put it right.",
    "rules": "List the rules.",
    "show": "Show the facts and effects that were read out of a path.",
    "test": "Run the examples of rule pages.",
}

_FOUND_NOTHING, _FOUND, _COULD_NOT_LOOK, _STOPPED = 0, 1, 2, 130


class _LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"{__name__}.{cmd_name}")
        return cast(click.Command, module.command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[0] not in _COMMANDS and not args[0].startswith("-"):
            raise InputError(f"there is no command {args[0]!r}; {likely_word(args[0], _COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.group(
    cls=_LazyGroup,
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
def group() -> None:
    """Tells what web pages send about a visitor, to whom, and with whose consent.

    No network is used, and no code of the project is run.
    """


def main() -> None:
    """The console script: run, and leave with the status."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its status; every error becomes one sentence on stderr."""
    try:
        status = group.main(args=list(arguments), prog_name="gdprlint", standalone_mode=False)
    except GdprlintError as error:
        terminal.say(f"gdprlint: {error}")
        return _COULD_NOT_LOOK
    except click.ClickException as error:
        terminal.say(f"gdprlint: {_usage(error)}")
        return _COULD_NOT_LOOK
    except (click.Abort, KeyboardInterrupt):
        terminal.say("gdprlint: stopped")
        return _STOPPED
    except Exception as error:
        terminal.say(_own_error(error, arguments))
        return _COULD_NOT_LOOK
    return status if isinstance(status, int) else _FOUND_NOTHING


def _usage(error: click.ClickException) -> str:
    """What click says, as a sentence like our own, and where help is."""
    told = " ".join(error.format_message().split()).rstrip(".")
    told = told[0].lower() + told[1:]
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "gdprlint"
    return f"{told}; see {command} --help"


def _own_error(error: Exception, arguments: Sequence[str]) -> str:
    """A sentence about an error of ours, without anything that the project holds.

    With `-v` the places in our code follow, by module, line and function; the error's own message
    stays out, since it may quote a value.
    """
    path = _file_read(error)
    where = f"while reading {path}" if path else "of which the file is not known"
    told = (
        f"gdprlint: gdprlint made an error of its own {where}; please report it at "
        f"{terminal.ADDRESS}/issues with the output of the same command and -v"
    )
    if not {"-v", "--verbose"} & set(arguments):
        return told
    return "\n".join([told, f"  {type(error).__name__}", *_frames(error.__traceback__)])


def _file_read(error: BaseException) -> str:
    """The file whose text was at hand where the error arose, or nothing."""
    from gdprlint.source import Source

    traceback, path = error.__traceback__, ""
    while traceback is not None:
        for value in traceback.tb_frame.f_locals.values():
            if isinstance(value, Source):
                path = value.path
        traceback = traceback.tb_next
    return path


def _frames(traceback: TracebackType | None) -> list[str]:
    places = []
    while traceback is not None:
        frame = traceback.tb_frame
        module = frame.f_globals.get("__name__", "?")
        places.append(f"  {module}:{traceback.tb_lineno} in {frame.f_code.co_name}")
        traceback = traceback.tb_next
    return places
