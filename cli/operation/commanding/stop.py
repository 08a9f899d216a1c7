"""``trueup stop``: the stop of a monitor that the running engine keeps."""

from typing import Annotated

import typer

from ....domain.stopping.command import CommandKind
from ....domain.stopping.control import Scope
from ...base import options
from ...configuration.database import named_database
from . import given
from .giving import give
from .levels import stop_of

stop = typer.Typer(
    name="stop",
    help="Give a monitor another stop, while the engine runs.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@stop.callback()
def _group() -> None:
    """Give a monitor another stop, while the engine runs."""


@stop.command("set")
def set_stop(  # noqa: PLR0913 - what a command can be given
    account: given.OneAccount,
    symbol: given.OneSymbol,
    side: given.OneSide,
    table: Annotated[
        str,
        typer.Argument(metavar="STOP", help="As in a table [stops.NAME], or false for none."),
    ],
    config: options.MaybeConfig = None,
    db: options.Database = None,
    *,
    yes: given.Yes = False,
    command_id: given.CommandId = "",
    by: given.By = "",
    reason: given.Reason = "",
    patience: given.Patience = given.PATIENCE_SECONDS,
    as_json: options.AsJson = False,
) -> None:
    """Give a monitor another stop: trueup stop set main BANDUSDT Buy 'percent = 5'.

    With false trueup keeps no stop there any more; one that is set stays. A stop that the
    configuration gives is changed there, and then reloaded: the command refuses it.
    """
    how = given.How.of(
        yes=yes,
        command_id=command_id,
        by=by,
        reason=reason,
        patience=patience,
        as_json=as_json,
    )
    wanted = {"stop": stop_of(table)}
    scope = Scope(account, symbol, side)
    give(named_database(config, db), CommandKind.STOP, scope, how, wanted)
