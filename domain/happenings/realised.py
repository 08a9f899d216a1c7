"""What closing a position has brought: a pure function of what is on record of its fills.

A fill of an order on record counts at the order's average price, which every row of an order has;
what others closed at the prices of their trades, where these were read. It is compared with the
entry price that was read before. Where one of these is not known, the quantity counts as unknown.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from ..model.events import Realised, Trade
from ..model.identity import Side
from ..model.instrument import ZERO
from ..model.order import Execution
from ..model.record import OwnedOrder

_EPOCH = datetime.fromtimestamp(0, UTC)


def value_since_report(order: OwnedOrder, before: OwnedOrder | None) -> Decimal | None:
    """What the unreported fills of an order came to; None if that is not known.

    Args:
        order: as it is on record now.
        before: as it was when the run began: what had been reported by then came to its value.
    """
    return _since(order, before, order.value, before.value if before else None)


def fees_of(orders: Iterable[tuple[OwnedOrder, OwnedOrder | None]]) -> Realised:
    """The fees of the orders' unreported fills."""
    total = Realised()
    for order, before in orders:
        fee = _since(order, before, order.fee, before.fee if before else None)
        quantity = order.filled - order.reported
        total += Realised(fees_unknown=quantity) if fee is None else Realised(fees=fee)
    return total


def _since(
    order: OwnedOrder, before: OwnedOrder | None, now: Decimal | None, then: Decimal | None
) -> Decimal | None:
    if order.filled == order.reported:
        return ZERO
    if not order.reported:
        return now
    is_then = before is not None and before.filled == order.reported
    return None if now is None or then is None or not is_then else now - then


def realised_at(side: Side, entry: Decimal, quantity: Decimal, value: Decimal | None) -> Realised:
    """What closing the quantity has brought; the fees are another matter.

    >>> realised_at(Side.SELL, Decimal("0.68"), Decimal(850), Decimal("552.50")).gross
    Decimal('25.50')

    Args:
        side: of the position.
        entry: its entry price; 0 if it is not known.
        quantity: what was closed.
        value: what that came to; None if it is not known.
    """
    if value is None or not entry or not quantity:
        return Realised(closed=quantity, unknown=quantity)
    gain = value - entry * quantity
    return Realised(closed=quantity, gross=gain if side is Side.BUY else -gain)


def realised_by(side: Side, entry: Decimal, quantity: Decimal, trades: Sequence[Trade]) -> Realised:
    """What others have brought by closing the quantity, where trades explain it; fees included."""
    prices = [one.quantity * one.price for one in trades if one.price is not None]
    known = bool(trades) and len(prices) == len(trades)
    total = realised_at(side, entry, quantity, sum(prices, ZERO) if known else None)
    for one in trades:
        total += Realised(fees_unknown=one.quantity) if one.fee is None else Realised(fees=one.fee)
    return total if trades else total + Realised(fees_unknown=quantity)


def trades_of(order: OwnedOrder, trades: Sequence[Execution]) -> tuple[Trade, ...]:
    """The executions of an order's unreported fills; empty where not all of them are known."""
    own = {
        one.execution_id: one
        for one in trades
        if order.order_id
        and one.order_id == order.order_id
        and one.filled is not None
        and one.filled - one.quantity >= order.reported
        and one.filled <= order.filled
    }.values()
    if sum([one.quantity for one in own], ZERO) != order.filled - order.reported:
        return ()
    return tuple([_trade(one, one.quantity) for one in sorted(own, key=by_time)])


def filled_before(order: OwnedOrder, trades: Iterable[Execution]) -> Decimal:
    """What an adopted order is known to have filled, unreported, before it came on record; or 0."""
    if not order.adopted_ms or order.filled == order.reported:
        return ZERO
    own = (
        one.filled
        for one in trades
        if 0 < one.at_ms <= order.adopted_ms
        and one.order_id == order.order_id
        and one.filled is not None
        and order.reported < one.filled <= order.filled
    )
    return max(own, default=ZERO)


def closed_by(trades: Iterable[Execution]) -> tuple[Trade, ...]:
    """Trades with what they closed, oldest first."""
    return tuple([_trade(one, one.closed) for one in sorted(trades, key=by_time)])


def _trade(one: Execution, quantity: Decimal) -> Trade:
    at = _EPOCH + timedelta(milliseconds=one.at_ms) if one.at_ms else None
    # The fee of a trade that did more than close is for all of it.
    return Trade(
        one.execution_id, quantity, one.price, at, one.fee if quantity == one.quantity else None
    )


def by_time(one: Execution) -> tuple[int, int, str]:
    """Sorts trades, oldest first."""
    return one.seq, one.at_ms, one.execution_id
