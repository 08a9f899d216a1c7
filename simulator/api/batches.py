"""The batch endpoints, and cancel-all: many orders in one request.

`result.list` and `retExtInfo.list` follow the order of the request. The top level's retCode is 0
even if every item fails (docs/v5/order/batch-place, batch-amend, batch-cancel).
"""

from collections.abc import Callable, Mapping
from typing import Any

from ..base import errors, params
from ..base.errors import ApiError
from ..base.params import Params
from ..market import checks
from ..market.accounts import Account
from ..market.orders import OrderFilter
from ..market.venue import Venue
from . import writes
from .reads import in_scope
from .request import Call, Outcome
from .writes import Ack

Single = Callable[[Venue, Account, Params], Ack]
CANCEL_ALL_MOST = 500


def items_of(fields: Params) -> list[Params]:
    """The items of a batch request; none without a list, and an empty one for a non-object."""
    items = fields.get("request")
    if not isinstance(items, list):
        return []
    return [item if isinstance(item, Mapping) else {} for item in items]


def create_batch(call: Call) -> Outcome:
    """POST order/create-batch."""
    return _batch(call, writes.create, created=True)


def amend_batch(call: Call) -> Outcome:
    """POST order/amend-batch, which supports no conditional orders, as its page says."""
    return _batch(call, _amend_active, created=False)


def cancel_batch(call: Call) -> Outcome:
    """POST order/cancel-batch."""
    return _batch(call, writes.cancel, created=False)


def cancel_all(call: Call) -> Outcome:
    """POST order/cancel-all; without an orderFilter every order (docs/v5/order/cancel-all).

    What is bound to a cancelled order goes with it, so it can be gone when its own turn comes. A
    contract that takes no orders keeps what rests there, unless the request names it.

    Raises:
        ApiError: 10001: no scope is named, or there is no such filter; the contract that is named
            takes no orders.
    """
    fields, venue, account = call.fields, call.venue, call.owner
    symbol = params.text(fields, "symbol")
    if not (symbol or params.text(fields, "baseCoin") or params.text(fields, "settleCoin")):
        raise errors.missing("symbol, baseCoin or settleCoin")
    kind = params.option(fields, "orderFilter", OrderFilter)
    if symbol:
        checks.takes_orders(venue.spec(symbol))
    found = [
        order
        for order in account.open_orders()
        if in_scope(venue, order.symbol, fields)
        and venue.instruments[order.symbol].takes_orders
        and (kind is None or kind.takes(order))
    ]
    acks = [writes.cancel_order(venue, account, order) for order in found[:CANCEL_ALL_MOST]]
    listed = [{"orderId": ack.order_id, "orderLinkId": ack.link_id} for ack in acks]
    return Outcome({"list": listed, "success": "1"})


def _amend_active(venue: Venue, account: Account, fields: Params) -> Ack:
    if writes.find(venue, account, fields, "replace").is_conditional:
        raise errors.parameter("conditional orders are not supported")
    return writes.amend(venue, account, fields)


def _batch(call: Call, single: Single, *, created: bool) -> Outcome:
    items = items_of(call.fields)
    if not items:
        raise errors.missing("request")
    if len(items) > call.venue.behaviour.batch_size:
        raise errors.parameter(
            f"The number of orders in one batch exceeds {call.venue.behaviour.batch_size}"
        )
    listed: list[dict[str, str]] = []
    notes: list[dict[str, Any]] = []
    for place, item in enumerate(items):
        row, note = _item(call, single, item, allowed=place < call.granted)
        if created:
            row["createAt"] = str(call.venue.now()) if row["orderId"] else ""
        listed.append(row)
        notes.append(note)
    return Outcome({"list": listed}, {"list": notes})


def _item(
    call: Call,
    single: Single,
    fields: Params,
    *,
    allowed: bool,
) -> tuple[dict[str, str], dict[str, Any]]:
    row = {
        "category": "linear",
        "symbol": params.text(fields, "symbol"),
        "orderId": "",
        "orderLinkId": params.text(fields, "orderLinkId"),
    }
    try:
        if not allowed:
            raise errors.too_many_visits()
        ack = single(call.venue, call.owner, fields)
    except ApiError as error:
        return row, {"code": error.code, "msg": error.text}
    row |= {"orderId": ack.order_id, "orderLinkId": ack.link_id}
    return row, {"code": 0, "msg": "OK"}
