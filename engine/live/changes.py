"""Which monitors a stream event may leave something to do for; pure.

Most events change nothing that a run would act on, and wake no monitor: the exchange repeats the
position on every create, amend and cancel, and every write of ours comes back as an order event.
"""

from ...domain.model.identity import Side
from ...domain.model.order import Order, Position
from ...domain.tracking.feed import FillEvent, PositionEvent
from ...domain.tracking.symbol_view import SymbolView

Change = tuple[str, Side | None]
"""The symbol that changed, and the side of its position; None where it may be either side."""


def would_change_plans(before: SymbolView, after: SymbolView) -> bool:
    """Whether a plan made from the view before might not be made from the view after.

    A fill that arrives after its order and its position would not: both included it.
    """
    if after.stale or after.inconsistent:
        return True
    then = [_essence(position) for position in before.open_positions]
    now = [_essence(position) for position in after.open_positions]
    return (then, before.open_orders) != (now, after.open_orders)


def change_by_order(before: SymbolView, after: SymbolView, order: Order) -> Change | None:
    """The change that an order event makes; None if the view had the order like that already."""
    if after is before:
        return None
    old, new = before.orders.get(order.order_id), after.orders.get(order.order_id)
    if old is not None and new is not None and old.order == new.order:
        return None
    return (order.symbol, _position_side(order))


def change_by_fill(before: SymbolView, after: SymbolView, event: FillEvent) -> Change | None:
    """The change that a fill makes; None for one that was received before."""
    if after is before:
        return None
    order = after.find(order_id=event.order_id)
    return (event.symbol, _position_side(order) if order else None)


def change_by_position(
    before: SymbolView, after: SymbolView, event: PositionEvent, *, sets_stop: bool = False
) -> Change | None:
    """The change that a position event makes; None if side, size, entry price and stop stay.

    ``sets_stop`` says whether its stop is what a request of ours sets: that is no change.
    """
    old, new = before.positions.get(event.index), after.positions.get(event.index)
    if event.seq < 0:
        return None if after is before else (event.symbol, None)
    if old is not None and new is not None:
        then, now = _essence(old.position), _essence(new.position)
        if then == now or (sets_stop and then[:-1] == now[:-1]):
            return None
    if old is None and event.position is None:
        return None
    if event.index:
        return (event.symbol, Side.BUY if event.index == 1 else Side.SELL)
    sides = {p.side for p in (old.position if old else None, event.position) if p is not None}
    return (event.symbol, sides.pop() if len(sides) == 1 else None)


def _position_side(order: Order) -> Side | None:
    """The side of the position that an order belongs to; None where its fields don't say."""
    if order.position_index:
        return Side.BUY if order.position_index == 1 else Side.SELL
    return order.side.opposite if order.reduce_only else None


def _essence(position: Position | None) -> tuple[object, ...]:
    """What a run acts on; last of all the stop."""
    if position is None:
        return ()
    return (position.side, position.size, position.entry_price, position.stop)
