"""A stop that is an order of ours: what a read shows of it, and what it has to close; pure.

The exchange sizes its own stop. An order of ours is as large as it was asked to be, so it has to
grow with the position, and to shrink with it.
"""

from collections.abc import Iterable
from decimal import Decimal

from ..copies import replace
from ..model.commands import Operation
from ..model.identity import Side
from ..model.instrument import ZERO, Instrument
from ..model.intent import IntentStatus
from ..model.order import Order, OrderStatus, OrderType, Position
from ..model.protection import PositionStop, StopIntent, StopOrder, StopRecord
from .prices import limit_behind, within_band

SHOWN_BEFORE = "what it asks for was shown as another request's effect"
"""It may still take effect, after something else was set; if it does not, it changes nothing."""

CLOSED_SINCE = "it took effect, and its order is closed by now"


def with_listed(stop: StopRecord, orders: Iterable[Order] | None) -> StopRecord:
    """The record after a read of the open orders; None where only the position was read.

    That a read lists it proves that an order exists. That it does not proves nothing: it may be
    closed, or not shown yet (promise P5).
    """
    if stop.order is None or orders is None:
        return stop
    listed = _listed(stop.order, orders)
    if listed is None:
        return replace(stop, order=replace(stop.order, is_listed=False))
    return replace(stop, order=_known(stop.order, listed))


def seen_stop(
    stop: StopRecord, position: Position, orders: Iterable[Order] | None
) -> PositionStop | None:
    """The stop of an open position as a read shows it, in the form that is wanted.

    An order that exists, and that the read lacks, counts as it was until it was looked up. One that
    no read has shown in this position protects nothing that anybody knows of.
    """
    if not stop.is_order:
        return position.stop
    if orders is None:
        return stop.seen
    listed = None if stop.order is None else _listed(stop.order, orders)
    if listed is not None:
        return shown_by(listed)
    is_known = stop.order is not None and stop.order.exists and stop.seen is not None
    return stop.seen if is_known else PositionStop()


def shown_by(order: Order) -> PositionStop:
    """The stop that an order is; none where it is a limit order that has triggered and rests."""
    is_limit = order.order_type is OrderType.LIMIT
    if is_limit and order.status is not OrderStatus.PENDING_TRIGGER:
        return PositionStop()
    limit = order.price if is_limit else ZERO
    return PositionStop(order.trigger_price or ZERO, quantity=order.remaining, limit=limit)


def with_found(stop: StopRecord, order: Order) -> StopRecord:
    """The record once a look-up has found the order of the stop: open, or closed for good."""
    if stop.order is None:
        return stop
    goes_on = order.order_type is OrderType.LIMIT and not order.status.is_final
    if not order.status.is_open and not goes_on:
        return without_order(stop)
    seen = shown_by(order) if stop.is_order else stop.seen
    return replace(stop, order=_known(stop.order, order), seen=seen)


def without_order(stop: StopRecord) -> StopRecord:
    """The record once the order of the stop is known to be closed: the next has another id."""
    return replace(stop, order=None, seen=PositionStop() if stop.is_order else stop.seen)


def in_form(
    stop: StopRecord, asked: PositionStop, side: Side, size: Decimal, instrument: Instrument
) -> PositionStop:
    """What is asked for in the form that is wanted; an order of ours is as large as the position.

    It is rounded up to what the contract allows, as a reduce-only order closes no more than there
    is; one order may be no larger than the contract's largest, unless it rests and was placed when
    the contract allowed more: none shrinks for that alone. A limit goes by the trigger alone.
    """
    if not stop.is_order or not asked.price:
        return asked
    seen = stop.seen or PositionStop()
    percent = stop.order.limit_percent if stop.order else stop.wanted.limit_percent
    if percent is None:
        limit, most = ZERO, instrument.largest_market
        whole = instrument.rounded_up(max(size, instrument.min_quantity))
    else:
        limit, most = _limit(seen, asked, side, percent, instrument), instrument.largest_limit
        whole = max(instrument.rounded_up(size), instrument.smallest(limit))
    return replace(asked, quantity=min(whole, max(most, seen.quantity)), limit=limit)


def _limit(
    seen: PositionStop, asked: PositionStop, side: Side, percent: Decimal, instrument: Instrument
) -> Decimal:
    """The limit price behind the trigger that is asked for; where it is right already, it stays.

    The exchange may take only a narrower band of prices by now than when the order was placed.
    """
    limit = limit_behind(side, asked.price, percent, instrument.tick)
    if (seen.price, seen.limit) == (asked.price, limit):
        return limit
    return within_band(side, asked.price, limit, instrument)


def is_lost(stop: StopRecord) -> bool:
    """Whether the order of the stop is in no list, and nobody has said that it is closed."""
    order = stop.order
    return stop.is_order and order is not None and order.exists and not order.is_listed


def shrinks(stop: StopRecord, asked: PositionStop) -> bool:
    """Whether the order of the stop is to close less than it does."""
    return bool(asked.quantity) and stop.seen is not None and asked.quantity < stop.seen.quantity


def at_full_size(stop: StopRecord, asked: PositionStop) -> PositionStop:
    """The same for no less than the order closes now: nothing has confirmed a smaller position."""
    return replace(asked, quantity=stop.seen.quantity) if stop.seen else asked


def operation_of(order: StopOrder) -> Operation:
    """What sets the stop: an order that exists is amended, any other is placed under its id."""
    return Operation.AMEND if order.exists else Operation.PLACE


def order_became(intent: StopIntent, stop: StopRecord, *, is_over: bool) -> IntentStatus | None:
    """What became of an open request about an order of ours; None where that may still come.

    Args:
        intent: the request.
        stop: the record, once a read has shown the order, or a look-up what became of it.
        is_over: whether a read that does not show the effect shows that there was none.
    """
    if stop.order is None or stop.order.order_link_id != intent.order_link_id:
        return IntentStatus.CONFIRMED if intent.cancels else IntentStatus.RESOLVED
    is_as_asked = not intent.cancels and stop.seen == intent.asked
    if stop.order.is_listed and is_as_asked and intent.detail != SHOWN_BEFORE:
        return IntentStatus.CONFIRMED
    if stop.order.is_listed and intent.operation is Operation.PLACE:
        return IntentStatus.RESOLVED
    return IntentStatus.RESOLVED if is_over else None


def shows_effect(order: Order, intent: StopIntent) -> bool:
    """Whether an order of ours that is closed shows that the request had it where it was at last.

    No rule loosens the stop from there, though no read showed it while it rested.
    """
    is_its = order.order_link_id == intent.order_link_id and not intent.cancels
    return is_its and order.trigger_price == intent.asked.price


def may_rest(stop: StopRecord, order: StopOrder) -> bool:
    """Whether the order exists, or a request may still bring it."""
    is_asked_for = any(one.order_link_id == order.order_link_id for one in stop.intents)
    return order.exists or is_asked_for


def is_left_over(stop: StopRecord, size: Decimal) -> bool:
    """Whether an order of ours rests that is not to protect anything any more.

    The position is closed; or the exchange's own stop, which is wanted instead by now, is there.
    """
    if stop.order is None:
        return False
    if not size:
        return True
    rests = stop.seen is not None and stop.seen.is_set and not stop.intents
    return not stop.is_order and rests and stop.asked == stop.seen


def is_of(order: StopOrder | None, shown: Order) -> bool:
    """Whether the exchange shows this very order of the stop."""
    return order is not None and _listed(order, (shown,)) is not None


def _known(order: StopOrder, shown: Order) -> StopOrder:
    return replace(order, order_id=shown.order_id, exists=True, is_listed=True)


def _listed(order: StopOrder, orders: Iterable[Order]) -> Order | None:
    return next((one for one in orders if one.order_link_id == order.order_link_id), None)
