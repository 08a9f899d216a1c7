"""Why the stop of a monitor needs a run, by a read of its position; pure."""

from collections.abc import Sequence
from decimal import Decimal

from ..model.identity import Side
from ..model.instrument import ZERO, plain
from ..model.order import Order, Position
from ..model.protection import StopRecord
from .prices import in_profit, percent_of, tighter
from .stop_orders import seen_stop, with_listed


def stop_drift(
    stop: StopRecord | None, position: Position, orders: Sequence[Order] = ()
) -> str | None:
    """What has happened to the stop since the last run, for people; None for nothing.

    Args:
        stop: the record; None where no stop is wanted.
        position: as it was read, open.
        orders: the open orders of its symbol.
    """
    if stop is None or stop.ended is not None:
        return None
    listed = with_listed(stop, orders).order
    if listed is not None and not listed.is_listed:
        return "the order of the stop is no longer listed"
    shown = seen_stop(stop, position, orders)
    if shown is None:
        return None
    if shown != stop.seen:
        before = "unknown" if stop.seen is None else str(stop.seen)
        return f"the stop was {before} and is now {shown}"
    side, mark = position.side, position.mark_price
    for price in awaited_prices(stop, side, position.entry_price):
        if _is_reached(side, price, mark):
            return f"the market has reached {plain(price)}, from where a rule moves the stop"
    return None


def awaited_prices(stop: StopRecord, side: Side, entry: Decimal) -> tuple[Decimal, ...]:
    """The prices from which on a rule has the stop elsewhere, and which nobody has seen reached.

    Args:
        stop: the record.
        side: of the position.
        entry: its average entry price.
    """
    even, fixed = stop.wanted.breakeven, stop.wanted.price
    prices: list[Decimal] = []
    if even is not None and even.after_percent is not None:
        prices.append(in_profit(side, entry, percent_of(entry, even.after_percent)))
    if fixed is not None and not tighter(side, entry, fixed):
        prices.append(fixed)
    return tuple(price for price in prices if not _is_reached(side, price, stop.best))


def _is_reached(side: Side, price: Decimal, market: Decimal) -> bool:
    return market > ZERO and not tighter(side, price, market)
