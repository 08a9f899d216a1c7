"""``trueup unwatch``: ends the watch over a position."""

import typer
from loguru import logger

from ...domain.model.errors import ConfigurationError
from ...domain.model.identity import MonitorKey
from ...domain.model.instrument import plain
from ...domain.model.record import MonitorRecord, OwnedOrder, Source, StateName
from ...domain.stopping.command import CommandKind
from ...storage import SqlStore, open_store
from ..base import options
from ..base.tables import show_json
from ..configuration.database import NamedDatabase, check_there
from ..configuration.loading import Loaded, load
from .commanding import given
from .commanding.giving import NoEngine, give


def unwatch(  # noqa: PLR0913 - what a command can be given
    account: given.Account = "",
    symbol: given.Symbol = "",
    side: given.MaybeSide = None,
    config: options.Config = options.DEFAULT_CONFIG,
    *,
    everything: given.Everything = False,
    yes: given.Yes = False,
    command_id: given.CommandId = "",
    by: given.By = "",
    reason: given.Reason = "",
    patience: given.Patience = given.PATIENCE_SECONDS,
    as_json: options.AsJson = False,
) -> None:
    """Stop watching a position; its orders stay.

    Its monitor no longer runs. Nothing is sent to the exchange: the orders stay as they
    are, and trueup no longer maintains them. The record and its history stay in the database.
    Remove a configured monitor from the configuration first; to watch it again, put it back.

    While an engine runs, you see what would change, and confirm it; it also unwatches all positions
    of an account, or of all. Without one the command unwatches one position at once.
    """
    loaded = load(config)
    named = NamedDatabase(loaded.options.store.url, loaded)
    how = given.How.of(
        yes=yes, command_id=command_id, by=by, reason=reason, patience=patience, as_json=as_json
    )
    scope = given.named_scope(account, symbol, side, everything=everything)
    check_there(named.url)
    try:
        give(named, CommandKind.UNWATCH, scope, how)
    except NoEngine as error:
        if side is None:
            raise ConfigurationError(f"name one position: {error.message}") from None
        _unwatch(loaded, MonitorKey(account, symbol, side), as_json=as_json)


def _unwatch(loaded: Loaded, key: MonitorKey, *, as_json: bool) -> None:
    """Unwatches one position without an engine."""
    _check_not_configured(loaded, key)
    with open_store(loaded.options.store.url) as store:
        record = _unwatched(store, key)
    if record.state is not StateName.IDLE:
        logger.warning(
            "{}: its last run was interrupted in {}: orders that it sent may rest at the exchange "
            "beside those on record; see `trueup history`",
            key,
            record.state.value,
        )
    if as_json:
        show_json(
            {
                "account": key.account,
                "symbol": key.symbol,
                "side": key.side.value,
                "state": record.state.value,
                "orders": [_document(order) for order in record.resting],
            }
        )
        return
    typer.echo(
        f"{key}: unwatched. Orders that stay at the exchange, as of its last run: {_count(record)}"
    )
    for order in record.resting:
        level = f"TP{order.level} " if order.level > 0 else ""
        typer.echo(f"  {level}{plain(order.quantity - order.filled)} at {_where(order)}")


def _check_not_configured(loaded: Loaded, key: MonitorKey) -> None:
    for number, monitor in enumerate(loaded.options.monitors):
        if monitor.key == key:
            raise loaded.mistake(("monitors", number), f"{key} is configured: remove it here first")


def _unwatched(store: SqlStore, key: MonitorKey) -> MonitorRecord:
    record = store.load(key)
    if record is None:
        known = ", ".join(str(stored.key) for stored in store.monitors())
        there = f"on record are {known}" if known else "none is on record"
        raise ConfigurationError(f"there is no monitor {key}: {there}")
    return store.watch(key, record.role, record.follows, None, source=Source.UNWATCHED)


def _count(record: MonitorRecord) -> str:
    return str(len(record.resting)) if record.resting else "none"


def _where(order: OwnedOrder) -> str:
    return f"{plain(order.price)}, {order.order_link_id}"


def _document(order: OwnedOrder) -> dict[str, str | int]:
    return {
        "level": order.level,
        "order_id": order.order_id,
        "order_link_id": order.order_link_id,
        "price": plain(order.price),
        "remaining": plain(order.quantity - order.filled),
    }
