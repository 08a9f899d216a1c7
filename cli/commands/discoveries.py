"""What discovery found, as a table and as JSON."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import typer

from ...domain.model.identity import MonitorKey
from ...domain.model.instrument import plain
from ...domain.model.ladder import Ladder
from ...domain.model.order import Order
from ...domain.recognition.classify import suggest
from ...domain.recognition.stops import FoundOrder, stops_among
from ...engine.discovery.result import Discovered, FoundPosition, Orders, remaining
from ..base.tables import show_table
from ..configuration.opening import is_kept

_COLUMNS = (
    "account",
    "symbol",
    "side",
    "position",
    "watched",
    "owned",
    "adoptable",
    "external",
    "native",
    "stop",
    "ladder",
)
_NOTHING = "–"


def show_discoveries(found: Sequence[Discovered], configured: Collection[MonitorKey]) -> None:
    """Prints one row per position, below what waits for a trigger at it, problems, and lines.

    The lines are for the configuration.

    For owned, adoptable and external orders it shows the TP quantity and the number of orders.
    """
    positions = [position for each in found for position in each.positions]
    show_table(_COLUMNS, (_row(position, configured) for position in positions))
    for position in positions:
        for one in position.waiting:
            typer.echo(f"{position.key}: {one}")
    for each in found:
        for line in _problems(each):
            typer.echo(line)
    left = [p.key for p in positions if p.source and not is_kept(p.key, p.source, configured)]
    if left:
        typer.echo(
            "\nOn record, but left alone by `trueup run`. "
            "To have them run, put this into the configuration:"
        )
    for key in left:
        typer.echo(f"\n{configuration_of(key)}")


def is_kept_true(found: Discovered, configured: Collection[MonitorKey]) -> bool:
    """Whether the account has no problem, and `trueup run` keeps it so."""
    return found.is_true and all(is_kept(p.key, p.source, configured) for p in found.positions)


def discovery_document(found: Discovered, configured: Collection[MonitorKey]) -> dict[str, Any]:
    """The account as JSON; quantities are strings, since they are exact."""
    return {
        "account": found.account,
        "at": found.at.isoformat(),
        "true": is_kept_true(found, configured),
        "unread": found.unread or None,
        "positions": [_position(each, configured) for each in found.positions],
        "absent": [
            {**_symbol_and_side(gone.key), "leftovers": _orders(gone.leftovers)}
            for gone in found.absent
        ],
        "unconfirmed": [_symbol_and_side(key) for key in found.unconfirmed],
        "orders_elsewhere": _orders(found.elsewhere),
    }


def configuration_of(key: MonitorKey) -> str:
    """The monitor as lines of ``trueup.toml``."""
    return (
        f'[[monitors]]\naccount = "{key.account}"\nsymbol = "{key.symbol}"\n'
        f'side = "{key.side.value}"'
    )


def _row(found: FoundPosition, configured: Collection[MonitorKey]) -> tuple[str, ...]:
    orders, source = found.orders, found.source
    return (
        found.key.account,
        found.key.symbol,
        found.key.side.value,
        plain(found.position.size),
        source.value if source and is_kept(found.key, source, configured) else "no",
        _counted(orders.owned) if orders else "?",
        _counted(orders.adoptable) if orders else "?",
        _foreign(orders) if orders else "?",
        _native(orders) if orders else "?",
        _stops(found) if orders else "?",
        found.ladder_source or found.why_not or "none yet",
    )


def _counted(orders: Sequence[Order]) -> str:
    return f"{plain(remaining(orders))} ({len(orders)})" if orders else _NOTHING


def _foreign(orders: Orders) -> str:
    if not orders.foreign:
        return _NOTHING
    return f"{plain(orders.foreign_covered)} ({len(orders.foreign)})"


def _native(orders: Orders) -> str:
    kinds = (("TP", orders.native_take_profit), ("SL", orders.native_stop_loss))
    shown = ", ".join(f"{name} {plain(quantity)}" for name, quantity in kinds if quantity)
    return shown or (f"({len(orders.native)})" if orders.native else _NOTHING)


def _stops(found: FoundPosition) -> str:
    """What the stops at the position protect of it, and their number."""
    stops = stops_among(found.waiting)
    return f"{plain(found.protected)} ({len(stops)})" if stops else _NOTHING


def _waiting(one: FoundOrder) -> dict[str, Any]:
    return {
        "what": one.purpose.value,
        "whose": one.maker.value,
        "trigger_price": None if one.trigger is None else plain(one.trigger),
        "trailing": plain(one.trailing) if one.trailing else None,
        "quantity": plain(one.quantity),
        "protects": plain(one.protects),
        "rests_at": None if one.rests_at is None else plain(one.rests_at),
        "order_id": one.order_id or None,
        "order_link_id": one.order_link_id or None,
        "family": one.family or None,
    }


def _problems(found: Discovered) -> Iterator[str]:
    if found.unread:
        yield f"{found.account}: could not be read: {found.unread}"
    for position in found.positions:
        yield from _conflicts(position)
    for key in found.unconfirmed:
        yield f"{key}: not known whether its position is open"
    for gone in found.absent:
        left = f"; owned orders that still rest: {len(gone.leftovers)}" if gone.leftovers else ""
        yield f"{gone.key}: no position, according to two reads{left}"
    if found.elsewhere:
        yield f"{found.account}: open orders without an open position: {len(found.elsewhere)}"


def _conflicts(found: FoundPosition) -> Iterator[str]:
    """What a trader must resolve: no run ever touches it."""
    orders = found.orders or Orders()
    for line in orders.conflicts:
        yield f"{found.key}: {line}"
    if found.others_close:
        close, size = plain(found.others_close), plain(found.position.size)
        together = plain(found.others_close + orders.covered)
        yield (
            f"{found.key}: other orders close {close} too: together {together} of {size}; cancel "
            "those that you do not want"
        )
    for order in orders.missed:
        yield (
            f"{found.key}: {order.order_link_id} is a TP order of a known bot, {_size(order)}, "
            "beside the monitor's own. It counts as external as long as those rest; cancel it "
            "manually if it is a leftover"
        )


def _size(order: Order) -> str:
    return f"{plain(order.remaining)} at {plain(order.price)}"


def _position(found: FoundPosition, configured: Collection[MonitorKey]) -> dict[str, Any]:
    return {
        **_symbol_and_side(found.key),
        "position": plain(found.position.size),
        "entry_price": plain(found.position.entry_price),
        "watched": is_kept(found.key, found.source, configured),
        "source": found.source and found.source.value,
        "configured": found.key in configured,
        "true": found.is_true and is_kept(found.key, found.source, configured),
        "cover": found.orders and _cover(found.orders),
        "protected": found.orders and plain(found.protected),
        "waiting": found.orders and [_waiting(one) for one in found.waiting],
        "orders": found.orders
        and {
            "owned": _orders(found.orders.owned),
            "adoptable": _orders(found.orders.adoptable),
            "native": _orders(found.orders.native),
            "foreign": _orders(found.orders.foreign),
        },
        "missed": found.orders and [order.order_id for order in found.orders.missed],
        "conflicts": found.orders and list(found.orders.conflicts),
        "others_close": plain(found.others_close) if found.others_close else None,
        "ladder": found.ladder and _levels(found.ladder),
        "ladder_source": found.ladder_source or None,
        "why_not": found.why_not or None,
    }


def _cover(orders: Orders) -> dict[str, str]:
    quantities = {
        "owned": remaining(orders.owned),
        "adoptable": remaining(orders.adoptable),
        "foreign": orders.foreign_covered,
        "native_take_profit": orders.native_take_profit,
        "native_stop_loss": orders.native_stop_loss,
    }
    return {name: plain(quantity) for name, quantity in quantities.items()}


def _levels(ladder: Ladder) -> list[dict[str, Any]]:
    return [
        {"level": level.number, "price": plain(level.price), "share": plain(level.share)}
        for level in ladder.levels
    ]


def _orders(orders: Sequence[Order]) -> list[dict[str, Any]]:
    return [
        {
            "order_id": order.order_id,
            "order_link_id": order.order_link_id,
            "id_says": suggest(order.order_link_id).kind.value,
            "side": order.side.value,
            "type": order.order_type.value,
            "price": plain(order.price),
            "remaining": plain(order.remaining),
            "reduce_only": order.reduce_only,
            "trigger_price": order.trigger_price and plain(order.trigger_price),
            "stop_order_type": order.kind_text or None,
        }
        for order in orders
    ]


def _symbol_and_side(key: MonitorKey) -> dict[str, str]:
    return {"symbol": key.symbol, "side": key.side.value}
