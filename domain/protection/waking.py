"""Why the stop of a monitor needs a run, by a read of its position; pure."""

from collections.abc import Iterator
from decimal import Decimal

from ..model.instrument import ZERO, plain
from ..model.order import Position
from ..model.protection import StopRecord
from .following import said
from .prices import in_profit, percent_of, tighter


def stop_drift(stop: StopRecord | None, position: Position) -> str | None:
    """What has happened to the stop since the last run, for people; None for nothing.

    Args:
        stop: the record; None where no stop is wanted.
        position: as it was read, open.
    """
    if stop is None or position.stop is None:
        return None
    if position.stop != stop.seen:
        before = "unknown" if stop.seen is None else said(stop.seen)
        return f"the stop was {before} and is now {said(position.stop)}"
    reached = (p for p in _awaited(stop, position) if _is_reached(p, position.mark_price, position))
    for price in reached:
        if not _is_reached(price, stop.best, position):
            return f"the market has reached {plain(price)}, from where a rule moves the stop"
    return None


def _awaited(stop: StopRecord, position: Position) -> Iterator[Decimal]:
    """The prices of the market from which on a rule has the stop elsewhere."""
    even, fixed, side = stop.wanted.breakeven, stop.wanted.price, position.side
    if even is not None and even.after_percent is not None:
        gain = percent_of(position.entry_price, even.after_percent)
        yield in_profit(side, position.entry_price, gain)
    if fixed is not None and not tighter(side, position.entry_price, fixed):
        yield fixed


def _is_reached(price: Decimal, market: Decimal, position: Position) -> bool:
    return market > ZERO and not tighter(position.side, price, market)
