"""``trueup unwatch``: ends the watch over a position."""

from typing import Annotated

import typer
from loguru import logger

from ...domain.model.errors import ConfigurationError
from ...domain.model.identity import MonitorKey, Side
from ...domain.model.instrument import plain
from ...domain.model.record import MonitorRecord, OwnedOrder, Source, StateName
from ...storage import SqliteStore, open_store
from ..base import options
from ..base.tables import show_json
from ..configuration.database import check_there
from ..configuration.loading import Loaded, load


def unwatch(
    account: Annotated[str, typer.Argument(help="The account's name.", show_default=False)],
    symbol: Annotated[str, typer.Argument(help="Such as BANDUSDT.", show_default=False)],
    side: Annotated[
        Side, typer.Argument(help="Of the position.", case_sensitive=False, show_default=False)
    ],
    config: options.Config = options.DEFAULT_CONFIG,
    *,
    as_json: options.AsJson = False,
) -> None:
    """Stop watching a position; its orders stay.

    Its monitor no longer runs. Nothing is sent to the exchange: the orders stay as they
    are, and trueup no longer maintains them. The record and its history stay in the database.
    Remove a configured monitor from the configuration first; to watch it again, put it back. The
    engine must not be running.
    """
    key = MonitorKey(account, symbol, side)
    loaded = load(config)
    _check_not_configured(loaded, key)
    url = loaded.options.store.url
    check_there(url)
    with open_store(url) as store:
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


def _unwatched(store: SqliteStore, key: MonitorKey) -> MonitorRecord:
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
