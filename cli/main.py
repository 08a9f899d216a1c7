"""The ``trueup`` command."""

import sys
from io import TextIOWrapper
from typing import Annotated

import typer

from .. import __version__
from .base.failures import EXIT_CODES
from .group import Commands

app = typer.Typer(
    name="trueup",
    cls=Commands,
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _show_version(asked: bool) -> None:  # noqa: FBT001 - typer calls it so
    if asked:
        typer.echo(f"trueup {__version__}")
        raise typer.Exit


@app.callback()
def trueup(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, callback=_show_version, help="Show the version."),
    ] = False,
) -> None:
    """Keep the resting take-profit orders of Bybit positions equal to their ladders."""
    del version
    from .base.logs import log_to_stderr  # noqa: PLC0415 - the version and the help need no log

    log_to_stderr()


def main() -> None:
    """Runs the command line; ends the process with its exit code."""
    if isinstance(sys.stdout, TextIOWrapper):
        # A terminal that lacks a sign shows another one; a run is not broken off for that.
        sys.stdout.reconfigure(errors="replace")
    app(prog_name="trueup")
