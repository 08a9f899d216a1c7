"""An order known only from its fills."""

from collections.abc import Sequence

from ....domain.model.instrument import ZERO
from ....domain.model.order import Order, OrderStatus
from .parsing import Fill


def order_of_fills(fills: Sequence[Fill]) -> Order:
    """The order of these fills, as the last of them left it.

    For an order that neither open orders nor history know. Nothing left to fill (``leavesQty`` 0)
    means FILLED, and that the order ended with its last fill. With something left nobody can say
    whether it is closed: a list may lack its row, and calling it closed would let a second order be
    placed beside it (promise P1). ``filled`` is the sum of the fills. An execution has neither
    ``reduceOnly`` nor ``positionIdx``: they are False and 0 here. All times are the exchange's,
    epoch milliseconds: this machine's clock may be wrong.
    """
    last = max(fills, key=lambda fill: (fill.at_ms, -fill.left))
    own = {fill.execution_id: fill for fill in fills if fill.order_id == last.order_id}.values()
    values = [fill.quantity * fill.price for fill in own if fill.price is not None]
    fees = [fill.fee for fill in own if fill.fee is not None]
    return Order(
        order_id=last.order_id,
        order_link_id=last.order_link_id,
        symbol=last.symbol,
        side=last.side,
        order_type=last.order_type,
        price=last.order_price,
        quantity=last.order_quantity,
        filled=sum((fill.quantity for fill in own), start=ZERO),
        status=OrderStatus.PARTIALLY_FILLED if last.left else OrderStatus.FILLED,
        reduce_only=False,
        updated_ms=last.at_ms,
        value=sum(values, ZERO) if len(values) == len(own) else None,
        fee=sum(fees, ZERO) if len(fees) == len(own) else None,
    )
