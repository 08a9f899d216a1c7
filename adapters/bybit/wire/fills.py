"""An order known only from its fills."""

from collections.abc import Sequence

from ....domain.model.instrument import ZERO
from ....domain.model.order import Order, OrderStatus
from .parsing import Fill


def order_of_fills(fills: Sequence[Fill], settled_before_ms: int) -> Order | None:
    """The order of these fills; None while nobody can say whether it is closed.

    For an order that neither open orders nor history know. Nothing left to fill (``leavesQty`` 0)
    means FILLED. With something left the order was closed with a part filled, for an open order
    would be listed: CANCELLED, as Bybit calls it for derivatives (docs/v5/enum.mdx,
    ``orderStatus``). But reads lag: while the last fill is not older than ``settled_before_ms``,
    the order may still be open and not listed yet, and calling it closed would let a second order
    be placed beside it (promise P1). A filled order ended with its last fill; when another one was
    closed, its fills don't say. ``filled`` is the sum of the fills. An execution has neither
    ``reduceOnly`` nor ``positionIdx``: they are False and 0 here. All times are the exchange's,
    epoch milliseconds: this machine's clock may be wrong.
    """
    last = max(fills, key=lambda fill: (fill.at_ms, -fill.left))
    if last.left and last.at_ms > settled_before_ms:
        return None
    own = {fill.execution_id: fill.quantity for fill in fills if fill.order_id == last.order_id}
    return Order(
        order_id=last.order_id,
        order_link_id=last.order_link_id,
        symbol=last.symbol,
        side=last.side,
        order_type=last.order_type,
        price=last.order_price,
        quantity=last.order_quantity,
        filled=sum(own.values(), start=ZERO),
        status=OrderStatus.CANCELLED if last.left else OrderStatus.FILLED,
        reduce_only=False,
        updated_ms=0 if last.left else last.at_ms,
    )
