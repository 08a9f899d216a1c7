"""``trueup close``: closes a position, or a share of it, at the market, beside an engine or not."""

from time import monotonic, sleep
from typing import Annotated, Any

import typer

from ...domain.model.close.closing import CloseEnd, Closing
from ...domain.model.errors import ConfigurationError
from ...domain.model.identity import MonitorKey
from ...domain.model.instrument import plain
from ...domain.model.record import MonitorRecord
from ...domain.stopping.command import Change, CommandKind
from ...domain.stopping.control import Scope
from ...engine.control.closing import command_to_close, share_of
from ...storage import open_reader
from ...storage.beside import is_held
from ..base import options
from ..base.failures import ExitCode
from ..base.tables import show_json
from ..configuration.database import NamedDatabase, named_database
from .commanding import given
from .commanding.giving import NoEngine, agreed, give
from .control import now, recorded, scope_of

_BETWEEN_SECONDS = 0.1


def close(  # noqa: PLR0913 - what a command can be given
    account: given.Account = "",
    symbol: given.Symbol = "",
    side: given.MaybeSide = None,
    config: options.MaybeConfig = None,
    db: options.Database = None,
    *,
    everything: given.Everything = False,
    share: Annotated[
        str, typer.Option("--share", metavar="PERCENT", help="How much of the position.")
    ] = "100",
    yes: given.Yes = False,
    command_id: given.CommandId = "",
    by: given.By = "",
    reason: given.Reason = "",
    patience: given.Patience = given.PATIENCE_SECONDS,
    as_json: options.AsJson = False,
) -> None:
    """Close a watched position at the market, or a share of it, once.

    You see what would be closed, and confirm it. While an engine runs, the engine closes, also all
    positions of an account, or of all. Without one the command itself closes one position, which
    needs the configuration. The command and each of its orders are on record before they
    leave, and a reply that is lost is looked up: nothing is closed twice. Only the position that is
    open now is closed, never one that is opened later. A share is of the size at which the command
    is taken, rounded down to the quantity step. The ladder follows the smaller position, and its
    stop stays.

    It is refused while the monitor is paused or halted. It exits with 0 once all is closed, and
    with 1 if less is: what the market does not take, or nobody can look up yet, is tried again.
    """
    named = named_database(config, db)
    how = given.How.of(
        yes=yes, command_id=command_id, by=by, reason=reason, patience=patience, as_json=as_json
    )
    scope = given.named_scope(account, symbol, side, everything=everything)
    try:
        give(named, CommandKind.CLOSE, scope, how, {"share": share})
    except NoEngine as error:
        if side is None:
            raise ConfigurationError(f"name one position: {error.message}") from None
        scope = scope_of(named, account, symbol, side)
        key = MonitorKey(scope.account, scope.symbol, side)
        if not agreed(CommandKind.CLOSE, _planned(named, key, share), how):
            raise typer.Exit(ExitCode.NOT_TRUE) from None
        _close(named, key, share, how)


def _planned(named: NamedDatabase, key: MonitorKey, share: str) -> Change:
    """What it would change, by the record.

    Raises:
        ConfigurationError: the share is none.
    """
    share_of(share)
    with open_reader(named.url) as reader:
        found = next((record for record in reader.monitors() if record.key == key), None)
    size = "not read yet" if found is None else f"{plain(found.position_size)} when last read"
    after = f"{share} % of it closed at the market"
    return Change(Scope(key.account, key.symbol, key.side), f"the position, {size}", after)


def _close(named: NamedDatabase, key: MonitorKey, share: str, how: given.How) -> None:
    """Closes one position, without an engine or by one that takes no commands.

    Raises:
        Exit: with the code that says whether it is closed.
    """
    if not is_held(named.url):
        closing = _by_itself(named, key, share, how.by, how.reason)
        number = 0 if closing is None else closing.command.number
    else:
        number = _command(named, key, share, how.by, how.reason, how.patience)
        closing = _await(named, key, number, how.patience)
    if how.as_json:
        show_json(_document(key, number, closing))
    else:
        typer.echo(_line(key, closing))
    is_done = closing is not None and closing.end is CloseEnd.DONE
    raise typer.Exit(ExitCode.OK if is_done else ExitCode.NOT_TRUE)


def _by_itself(
    named: NamedDatabase, key: MonitorKey, share: str, by: str, reason: str
) -> Closing | None:
    """Closes by a run of its own.

    Raises:
        ConfigurationError: no configuration says how to reach the exchange.
    """
    if named.loaded is None:
        raise ConfigurationError(
            "no engine runs on this database: name the configuration, and this command closes"
        )
    from ..configuration.opening import open_reconciler  # noqa: PLC0415 - slow, and seldom needed

    with open_reconciler(named.loaded, named.url) as reconciler:
        return reconciler.close_position(
            key.account, key.symbol, key.side, share=share, by=by, reason=reason
        )


def _command(
    named: NamedDatabase, key: MonitorKey, share: str, by: str, reason: str, patience: float
) -> int:
    """Puts the command on record for the engine that runs; returns its number."""
    record = _record(named, key)
    asked = command_to_close(record, share, now(), by, reason, record.cycle)
    return recorded(named.url, asked, monotonic() + patience).number


def _await(named: NamedDatabase, key: MonitorKey, number: int, patience: float) -> Closing | None:
    """Waits for the end of the close; returns how it stands then, None if no run has taken it."""
    until = monotonic() + patience
    while True:
        closing = _record(named, key).closing.of(number)
        is_over = closing is not None and not closing.is_open
        if is_over or monotonic() >= until:
            return closing
        sleep(_BETWEEN_SECONDS)


def _record(named: NamedDatabase, key: MonitorKey) -> MonitorRecord:
    with open_reader(named.url) as reader:
        found = next((record for record in reader.monitors() if record.key == key), None)
    if found is None:
        raise ConfigurationError(f"{key} is not watched", account=key.account)
    return found


def _line(key: MonitorKey, closing: Closing | None) -> str:
    """How the close stands, for people."""
    if closing is None:
        return f"{key}: the command is on record, and no run has taken it yet: see `trueup status`"
    why = f": {closing.detail}" if closing.detail else ""
    if closing.end is CloseEnd.REFUSED:
        return f"{key}: nothing was closed{why}"
    rest = "" if closing.end else "; it goes on"
    return f"{key}: {closing}{why}{rest}"


def _document(key: MonitorKey, number: int, closing: Closing | None) -> dict[str, Any]:
    return {
        "account": key.account,
        "symbol": key.symbol,
        "side": key.side.value,
        "number": number,
        "status": closing.stage if closing else None,
        "size": plain(closing.size) if closing else None,
        "quantity": plain(closing.quantity) if closing else None,
        "filled": plain(closing.filled) if closing else None,
        "detail": closing.detail if closing else "",
        "order_link_ids": list(closing.link_ids) if closing else [],
    }
