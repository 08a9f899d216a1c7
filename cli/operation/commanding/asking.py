"""``trueup watch``, ``breakeven``, ``reconcile`` and ``reload``: what only an engine does."""

from typing import Annotated

import typer

from ....domain.stopping.command import CommandKind
from ....domain.stopping.control import EVERYTHING, Scope
from ...base import options
from ...configuration.database import named_database
from . import given
from .giving import give
from .levels import Basis, In, Runner, Unit, ladder_of, stop_of


def watch(  # noqa: PLR0913 - what a command can be given
    account: given.OneAccount,
    symbol: given.OneSymbol,
    side: given.OneSide,
    config: options.MaybeConfig = None,
    db: options.Database = None,
    *,
    levels: Annotated[
        list[str] | None,
        typer.Option("--level", metavar="LEVEL", help="As of `trueup ladder set`: 0.72:60."),
    ] = None,
    unit: In = Unit.PRICE,
    runner: Runner = "",
    basis: Basis = "",
    stop: Annotated[
        str, typer.Option("--stop", metavar="STOP", help="As of `trueup stop set`: 'percent = 5'.")
    ] = "",
    yes: given.Yes = False,
    command_id: given.CommandId = "",
    by: given.By = "",
    reason: given.Reason = "",
    patience: given.Patience = given.PATIENCE_SECONDS,
    as_json: options.AsJson = False,
) -> None:
    """Put a position under watch while the engine runs, across restarts, until `trueup unwatch`.

    Without --level its first run recovers the ladder from the orders that rest, or takes that of
    the account's main.
    """
    how = given.How.of(
        yes=yes, command_id=command_id, by=by, reason=reason, patience=patience, as_json=as_json
    )
    wanted: dict[str, object] = {}
    if levels or runner or basis:
        wanted["ladder"] = ladder_of(levels or (), unit, runner, basis)
    if stop:
        wanted["stop"] = stop_of(stop)
    scope = Scope(account, symbol, side)
    give(named_database(config, db), CommandKind.WATCH, scope, how, wanted)


def breakeven(  # noqa: PLR0913 - what a command can be given
    account: given.Account = "",
    symbol: given.Symbol = "",
    side: given.MaybeSide = None,
    config: options.MaybeConfig = None,
    db: options.Database = None,
    *,
    everything: given.Everything = False,
    offset: Annotated[
        str, typer.Option("--offset", metavar="PERCENT", help="Beyond the entry; or fees.")
    ] = "",
    yes: given.Yes = False,
    command_id: given.CommandId = "",
    by: given.By = "",
    reason: given.Reason = "",
    patience: given.Patience = given.PATIENCE_SECONDS,
    as_json: options.AsJson = False,
) -> None:
    """Bring stops to the entry, of a monitor, an account or all, while the engine runs.

    Each goes there once the price is beyond it, and never back. A monitor without a stop of its
    own, and one whose stop the configuration gives, refuses it; the others go. A second time
    changes nothing.
    """
    how = given.How.of(
        yes=yes, command_id=command_id, by=by, reason=reason, patience=patience, as_json=as_json
    )
    scope = given.named_scope(account, symbol, side, everything=everything)
    wanted = {"offset": offset} if offset else {}
    give(named_database(config, db), CommandKind.BREAKEVEN, scope, how, wanted)


def reconcile(  # noqa: PLR0913 - what a command can be given
    account: given.Account = "",
    symbol: given.Symbol = "",
    side: given.MaybeSide = None,
    config: options.MaybeConfig = None,
    db: options.Database = None,
    *,
    everything: given.Everything = False,
    yes: given.Yes = False,
    command_id: given.CommandId = "",
    by: given.By = "",
    reason: given.Reason = "",
    patience: given.Patience = given.PATIENCE_SECONDS,
    as_json: options.AsJson = False,
) -> None:
    """Have the running engine run monitors now: one, those of an account, or all.

    Without an engine, `trueup run --once` runs all of them.
    """
    how = given.How.of(
        yes=yes, command_id=command_id, by=by, reason=reason, patience=patience, as_json=as_json
    )
    scope = given.named_scope(account, symbol, side, everything=everything)
    give(named_database(config, db), CommandKind.RECONCILE, scope, how)


def reload(  # noqa: PLR0913 - what a command can be given
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
    """Have the running engine read its configuration again, as SIGHUP does.

    One with a mistake is refused, and the engine goes on with the old one.
    """
    how = given.How.of(
        yes=yes, command_id=command_id, by=by, reason=reason, patience=patience, as_json=as_json
    )
    give(named_database(config, db), CommandKind.RELOAD, EVERYTHING, how)
