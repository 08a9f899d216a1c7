"""The ``trueup`` command."""

import sys
from io import TextIOWrapper
from typing import Annotated

import typer

from .. import __version__
from .demo import demo
from .diagram import diagram
from .discover import discover
from .failures import EXIT_CODES, OneLineErrors
from .history import history
from .import_legacy import import_legacy
from .logs import log_to_stderr
from .plan import plan
from .recognise import recognise
from .run import run
from .simulate import simulator
from .status import status
from .unwatch import unwatch

app = typer.Typer(
    name="trueup",
    cls=OneLineErrors,
    epilog=EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for command in (
    demo,
    run,
    plan,
    status,
    history,
    discover,
    import_legacy,
    unwatch,
    recognise,
    diagram,
    simulator,
):
    app.command(epilog=EXIT_CODES)(command)


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
    log_to_stderr()


def main() -> None:
    """Runs the command line; ends the process with its exit code."""
    if isinstance(sys.stdout, TextIOWrapper):
        # A terminal that lacks a sign shows another one; a run is not broken off for that.
        sys.stdout.reconfigure(errors="replace")
    app(prog_name="trueup")
