"""What a read of the position says of its stop; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from ..copies import replace
from ..model.identity import Side
from ..model.instrument import ZERO
from ..model.intent import IntentStatus
from ..model.order import Order, OrderKind, Position
from ..model.protection import PositionStop, StopIntent, StopRecord
from ..model.record import MonitorRecord
from ..venue.price_range import PriceRange
from .prices import tighter
from .stop_orders import SHOWN_BEFORE, is_of, seen_stop, with_listed

BY_HAND = "moved by hand"
"""The rule of a stop that a person, or another program, has moved: it stays where they put it."""

NOT_DONE = "the request did not take effect"


@dataclass(frozen=True, slots=True)
class Followed:
    """A stop's record after a read.

    Attributes:
        stop: the record.
        change: what somebody else did to the stop, for people; empty for nothing.
    """

    stop: StopRecord
    change: str = ""


def is_tighter(side: Side, price: Decimal, than: Decimal) -> bool:
    """Whether a stop at a price is nearer to the market than another; 0 is no stop at all.

    >>> is_tighter(Side.BUY, Decimal(95), Decimal(90)), is_tighter(Side.SELL, Decimal(95), ZERO)
    (True, True)
    """
    if not (price and than):
        return bool(price)
    return tighter(side, price, than)


def for_position(stop: StopRecord, cycle: int) -> StopRecord:
    """The record for the monitor's position of that cycle: a new one has no stop of the last.

    An order of ours that rests from the last one may be moved anywhere: it becomes the new one's.
    """
    if stop.cycle == cycle:
        return stop
    return StopRecord(
        wanted=stop.wanted,
        source=stop.source,
        cycle=cycle,
        generation=stop.generation,
        intents=stop.intents,
        unreported=stop.unreported,
        reported_since=stop.reported_since,
        order=stop.order,
        loosens=stop.order is not None,
        ended=stop.ended,
        cancelled=stop.cancelled,
    )


def follow(
    stop: StopRecord,
    position: Position,
    cycle: int,
    entry: Decimal,
    orders: Sequence[Order] | None = None,
) -> Followed:
    """The record after a read of the position, whose stop is part of its row, or an order of ours.

    A stop that was as asked and now is elsewhere was moved by somebody: it stays there, and rules
    only tighten it from there. One that was as asked and whose price is gone was removed, though a
    trailing stop may be left, which may wait for its activation: it is set again. Where somebody
    moves the stop after the user has asked for a looser one, what they do is newer; and so it is
    where they have moved an order of ours that rests from the last position.

    A read that is older than one that showed the effect of a request changes nothing.

    Args:
        stop: the record.
        position: as it was read.
        cycle: of the position.
        entry: its average entry price as it was on record.
        orders: the open orders of its symbol; None where only the position was read.
    """
    last = (stop.seen or stop.asked) if stop.is_order else None
    stop = with_listed(for_position(stop, cycle), orders)
    if not position.size:
        return Followed(replace(stop, seen=None, unprotected_since=None, problem=""))
    seen, before = seen_stop(stop, position, orders), stop.seen or last
    if _is_from_before(stop, seen, before):
        seen = before
    if position.entry_price != entry or not stop.best_ms:
        stop = replace(stop, best=ZERO, best_ms=position.updated_ms)
    fees = stop.fees and stop.fees.after(position.size, position.entry_price)
    best = _better(stop.best, position.mark_price, position.side)
    stop = replace(stop, seen=seen, best=best, fees=fees)
    if seen is None or before is None or seen.unsized == before.unsized:
        return Followed(stop)
    if seen.is_set and all(seen.unsized != one.asked.unsized for one in stop.intents):
        stop = replace(stop, loosens=False)
    if stop.asked is None or before.unsized != stop.asked.unsized or stop.intents:
        return Followed(stop)
    then = str(before)
    if stop.has_triggered:
        return Followed(stop)
    if _is_gone(seen, before):
        return Followed(stop, f"the stop at {then} was removed by somebody else")
    change = f"the stop was moved from {then} to {seen} by somebody else: it stays there"
    moved = replace(stop, asked=seen, rule=BY_HAND, released=before.price)
    return Followed(moved, change)


def _is_gone(seen: PositionStop, before: PositionStop) -> bool:
    """Whether a stop has gone, or its price, while a trailing stop is left."""
    return not seen.is_set or bool(before.price and not seen.price)


def _is_from_before(
    stop: StopRecord, seen: PositionStop | None, before: PositionStop | None
) -> bool:
    """Whether a read shows the stop as it was before a request whose effect was read in this run.

    Reads lag: it is older than the one that showed the effect. Somebody who has moved the stop back
    to there in that moment is found by the next run. One that shows that it has gone is believed in
    any case: setting it again does no harm.
    """
    return (
        seen is not None
        and before is not None
        and not _is_gone(seen, before)
        and any(
            one.status is IntentStatus.CONFIRMED
            and one.asked.unsized == before.unsized
            and one.before.unsized == seen.unsized != before.unsized
            for one in stop.unreported
        )
    )


def became(intent: StopIntent, seen: PositionStop | None, *, is_over: bool) -> IntentStatus | None:
    """What became of an open request, by what a read shows; None where that may still come.

    Args:
        intent: the request.
        seen: the stop as a read shows it; None for a position that is gone, in whose place the
            next one may be when it takes effect.
        is_over: whether a read that does not show the effect shows that there was none.
    """
    if seen == intent.asked and intent.detail != SHOWN_BEFORE:
        return IntentStatus.CONFIRMED
    return IntentStatus.RESOLVED if is_over else None


def shows_stop(record: MonitorRecord, order: Order) -> bool:
    """Whether the order is the stop of the monitor's position: by the exchange, or of ours.

    A stop for a part of the position, or of the other side in hedge mode, is somebody else's.
    """
    if record.stop is not None and is_of(record.stop.order, order):
        return True
    seen = record.stop.seen if record.stop and record.wants_stop else None
    return seen is not None and is_own_stop(seen, record.key.side, record.position_size, order)


def is_own_stop(seen: PositionStop, side: Side, size: Decimal, order: Order) -> bool:
    """The same of a position of that side and size, whose row shows that stop."""
    if order.side is not side.opposite or order.parent_link_id:
        return False
    if order.kind is OrderKind.TRAILING_STOP:
        return seen.trailing > ZERO
    is_there = order.trigger_price == seen.price
    return order.kind is OrderKind.STOP_LOSS and is_there and order.quantity >= size


def with_range(stop: StopRecord, side: Side, prices: PriceRange) -> StopRecord:
    """The record once it is known how far the market has gone meanwhile."""
    best = _better(stop.best, prices.high if side is Side.BUY else prices.low, side)
    return replace(stop, best=best, best_ms=max(stop.best_ms, prices.until_ms))


def _better(best: Decimal, price: Decimal, side: Side) -> Decimal:
    """The better one of two prices of the market; 0 is not known."""
    if price <= ZERO or not best:
        return best or max(price, ZERO)
    return max(best, price) if side is Side.BUY else min(best, price)
