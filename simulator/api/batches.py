"""The batch endpoints, and cancel-all: many orders in one request.

`result.list` and `retExtInfo.list` follow the order of the request. The top level's retCode is 0
even if every item fails (docs/v5/order/batch-place, batch-amend, batch-cancel).
"""

from collections.abc import Callable, Mapping
from typing import Any

from ..base import errors, params
from ..base.errors import ApiError
from ..base.params import Params
from ..market.accounts import Account
from ..market.venue import Venue
from . import writes
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
    """POST order/cancel-all; without an orderFilter every order (docs/v5/order/cancel-all)."""
    fields, venue, account = call.fields, call.venue, call.owner
    symbol = params.text(fields, "symbol")
    base, settle = params.text(fields, "baseCoin"), params.text(fields, "settleCoin")
    if not (symbol or base or settle):
        raise errors.missing("symbol, baseCoin or settleCoin")
    kind = params.text(fields, "orderFilter")
    acks = []
    for order in account.open_orders(symbol or None):
        spec = venue.spec(order.symbol)
        if not symbol and (spec.base_coin != base if base else spec.settle_coin != settle):
            continue
        if (kind == "Order" and order.is_conditional) or (
            kind == "StopOrder" and not order.is_conditional
        ):
            continue
        acks.append(
            writes.cancel(venue, account, {"symbol": order.symbol, "orderId": order.order_id})
        )
        if len(acks) == CANCEL_ALL_MOST:
            break
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
