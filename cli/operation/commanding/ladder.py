"""``trueup ladder``: the ladder of a monitor that the running engine keeps."""

from typing import Annotated

import typer

from ....domain.stopping.command import CommandKind
from ....domain.stopping.control import Scope
from ...base import options
from ...configuration.database import named_database
from . import given
from .giving import give
from .levels import Basis, In, Runner, Unit, ladder_of

ladder = typer.Typer(
    name="ladder",
    help="Give a monitor another ladder, while the engine runs.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@ladder.callback()
def _group() -> None:
    """Give a monitor another ladder, while the engine runs."""


@ladder.command("set")
def set_ladder(  # noqa: PLR0913 - what a command can be given
    account: given.OneAccount,
    symbol: given.OneSymbol,
    side: given.OneSide,
    levels: Annotated[
        list[str],
        typer.Argument(metavar="LEVEL...", help="How far and the share in per cent: 0.72:60."),
    ],
    config: options.MaybeConfig = None,
    db: options.Database = None,
    *,
    unit: In = Unit.PRICE,
    runner: Runner = "",
    basis: Basis = "",
    yes: given.Yes = False,
    command_id: given.CommandId = "",
    by: given.By = "",
    reason: given.Reason = "",
    patience: given.Patience = given.PATIENCE_SECONDS,
    as_json: options.AsJson = False,
) -> None:
    """Give a monitor another ladder: trueup ladder set main BANDUSDT Buy 0.72:60 0.74:40.

    The engine brings the orders to it. A ladder that the configuration gives is changed there, and
    then reloaded: the command refuses it.
    """
    how = given.How.of(
        yes=yes,
        command_id=command_id,
        by=by,
        reason=reason,
        patience=patience,
        as_json=as_json,
    )
    wanted = ladder_of(levels, unit, runner, basis)
    scope = Scope(account, symbol, side)
    give(named_database(config, db), CommandKind.LADDER, scope, how, wanted)
