"""Setup: orders and positions put into the books directly, without filters and matching."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from ..base import params
from ..base.bounds import from_zero
from ..base.decimals import ZERO, plain
from ..base.params import Params
from . import checks, ledger, order_request, reduce_only
from .accounts import Account
from .enums import CancelType, OrderStatus, OrderType, Side, StopOrderType
from .orders import SimOrder
from .positions import Fill, SimPosition
from .venue import Venue


def with_position_idx(account: Account, fields: Params) -> Params:
    """The fields, with the positionIdx that fits the position mode if they have none."""
    if params.text(fields, "positionIdx"):
        return fields
    side = params.choice(fields, "side", Side)
    closing = params.flag(fields, "reduceOnly")
    held = side.opposite if closing else side
    return {**fields, "positionIdx": account.idx_for(params.text(fields, "symbol"), held)}


_FIELDS = frozenset(
    [
        "category",
        "symbol",
        "isLeverage",
        "side",
        "orderType",
        "qty",
        "price",
        "timeInForce",
        "positionIdx",
        "orderLinkId",
        "triggerDirection",
        "triggerPrice",
        "triggerBy",
        "orderFilter",
        "takeProfit",
        "stopLoss",
        "tpTriggerBy",
        "slTriggerBy",
        "reduceOnly",
        "closeOnTrigger",
        "smpType",
        "mmp",
        "tpslMode",
        "tpLimitPrice",
        "slLimitPrice",
        "tpOrderType",
        "slOrderType",
        "marketUnit",
        "slippageToleranceType",
        "slippageTolerance",
        "orderIv",
        "bboSideType",
        "bboLevel",
        "stopOrderType",
        "parentOrderLinkId",
        "cumExecQty",
        "createdTime",
    ]
)
"""Those of order/create (docs/v5/order/create-order), and four that say what an order has been."""


def record_order(venue: Venue, account: Account, fields: Params, order_id: str = "") -> SimOrder:
    """Put an order into the book, without filters and matching.

    It accepts the fields of order/create, and stopOrderType, parentOrderLinkId, cumExecQty and
    createdTime.

    Raises:
        TypeError: there is no such field: an order that is misspelt would be another one.
        ApiError: 10001: a field is missing or malformed.
        ValueError: the order id or the link id is taken, or the link id is too long.
    """
    if unknown := fields.keys() - _FIELDS:
        known = ", ".join(sorted(_FIELDS))
        raise TypeError(f"an order has no {', '.join(sorted(unknown))}; it has {known}")
    order = order_request.read_order(venue, with_position_idx(account, fields))
    if order_id in account.orders or any(old.order_id == order_id for old in account.closed):
        raise ValueError(f"the order id {order_id} is taken already")
    if len(order.link_id) > checks.HARD_LINK_ID_LENGTH:
        raise ValueError(f"a link id has at most {checks.HARD_LINK_ID_LENGTH} characters")
    if order.link_id in account.link_ids:
        raise ValueError(f"the link id {order.link_id} is taken already")
    filled = from_zero("cumExecQty", params.number(fields, "cumExecQty") or ZERO)
    from_zero("qty", order.quantity)
    from_zero("price", order.price)
    if filled > order.quantity:
        raise ValueError(f"cumExecQty: at most the qty of {plain(order.quantity)} is wanted")
    created = params.integer(fields, "createdTime", order.created_ms)
    order = replace(
        with_labels(order, fields),
        order_id=order_id or venue.ids.fresh("order"),
        number=venue.numbers.next(),
        queue=venue.queue.next(),
        filled=filled,
        value=filled * order.price,
        status=OrderStatus.PARTIALLY_FILLED if filled else order.status,
        created_ms=created,
        updated_ms=created,
    )
    if order.link_id:
        account.link_ids[order.link_id] = order.order_id
    ledger.put_order(venue, account, order)
    return order


def with_labels(order: SimOrder, fields: Params) -> SimOrder:
    """The order with the stopOrderType and the parent of the fields, if they have any."""
    kind = params.choice(fields, "stopOrderType", StopOrderType, order.stop_order_type)
    parent = params.text(fields, "parentOrderLinkId")
    return replace(order, stop_order_type=kind, parent_link_id=parent)


def set_position(
    venue: Venue, account: Account, symbol: str, side: Side, quantity: Decimal, price: Decimal
) -> None:
    """Set a position's size and price; the orders that close it follow the change.

    The list of executions has the trades that led there, as it has every trade; there is no order
    of them, and the streams show none of it but the position.
    """
    idx = account.idx_for(symbol, side)
    before = account.position_at(symbol, idx)
    flat = quantity == ZERO
    now = replace(
        before,
        side=None if flat else side,
        size=quantity,
        average_price=ZERO if flat else price,
    )
    written = ledger.put_position(venue, account, now)
    account.fills += _trades_between(before, written, venue.prices[symbol])
    reduce_only.after_change(venue, account, before)


def settle_all(venue: Venue, symbol: str) -> None:
    """Close a contract's positions and cancel its orders, on every account."""
    for account in venue.accounts.values():
        for order in account.open_orders(symbol):
            ledger.cancel(venue, account, order, CancelType.BY_SETTLE)
        for (name, _), position in list(account.positions.items()):
            if name == symbol and position.side is not None:
                set_position(venue, account, symbol, position.side, ZERO, ZERO)


def _trades_between(before: SimPosition, after: SimPosition, price: Decimal) -> Iterator[Fill]:
    """The trades that led from a position to the next.

    One where its size is another one; an entry and a cut where only its average price is.
    """
    signed = [
        -position.size if position.side is Side.SELL else position.size
        for position in (before, after)
    ]
    change = signed[1] - signed[0]
    if change:
        side = Side.BUY if change > 0 else Side.SELL
        yield _trade(after, side, abs(change), min(abs(change), before.room_for(side)), price)
    elif after.side is not None and after.average_price != before.average_price:
        part = after.size / 2
        yield _trade(after, after.side, part, ZERO, price)
        cut = _trade(after, after.side.opposite, part, part, price)
        yield replace(cut, execution_id=f"{cut.execution_id}-cut", order_id=f"{cut.order_id}-cut")


def _trade(
    after: SimPosition, side: Side, quantity: Decimal, closed: Decimal, price: Decimal
) -> Fill:
    return Fill(
        execution_id=f"moved-{after.seq}",
        order_id=f"mover-{after.seq}",
        link_id="",
        symbol=after.symbol,
        side=side,
        quantity=quantity,
        price=price,
        order_quantity=quantity,
        order_price=price,
        order_type=OrderType.MARKET.value,
        stop_order_type=StopOrderType.NONE.value,
        leaves=ZERO,
        fee=ZERO,
        fee_rate=ZERO,
        is_maker=False,
        at_ms=after.updated_ms,
        seq=after.seq,
        closed=closed,
        is_set=True,
    )


def position_of(account: Account, symbol: str, side: Side) -> SimPosition:
    """The position of a side; a flat one if the account holds the other side."""
    position = account.position_at(symbol, account.idx_for(symbol, side))
    if position.side is side:
        return position
    return SimPosition(symbol=symbol, idx=position.idx)
