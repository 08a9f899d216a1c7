"""The outcome of each order of a batch, from the two lists of its reply.

``result.list`` names the orders and ``retExtInfo.list`` has their codes, both in the sequence of
the request; the reply as a whole has ``retCode`` 0 even if every item failed
(docs/v5/order/batch-cancel.mdx). In a list of another length codes would be paired with the wrong
orders, so nothing is known of any order then. In lists of the right length every item also has to
name the order that was sent.
"""

from collections.abc import Callable, Sequence

from ....domain.model.outcomes import Accepted, Effect, Refused, Unsure, WriteOutcome
from ..codes.classify import classify
from ..wire import names
from ..wire.fields import Row, ShapeError, integer, rows, text
from ..wire.requests import Item
from .connection import Reply


def verdicts(
    items: Sequence[Item], reply: Reply, clean: Callable[[str], str]
) -> tuple[WriteOutcome, ...]:
    """One outcome per item, in their sequence.

    Raises:
        ShapeError: the lists are missing or of another length than the request.
    """
    orders = rows(reply.result, names.LIST)
    codes = rows(reply.extra, names.LIST)
    if not len(orders) == len(codes) == len(items):
        raise ShapeError(
            f"{len(items)} orders were sent, but the reply names {len(orders)} "
            f"and has {len(codes)} codes"
        )
    return tuple(
        _verdict(item, order, code, clean)
        for item, order, code in zip(items, orders, codes, strict=True)
    )


def acknowledged(item: Item, result: Row, clean: Callable[[str], str]) -> WriteOutcome:
    """The outcome of a single order whose request was accepted (docs/v5/order/create-order.mdx)."""
    try:
        order_id, link_id = text(result, names.ORDER_ID), text(result, names.ORDER_LINK_ID)
    except ShapeError as error:
        return Unsure(clean(f"unexpected answer: {error}"))
    return _accepted(item, order_id, link_id)


def _verdict(item: Item, order: Row, answer: Row, clean: Callable[[str], str]) -> WriteOutcome:
    try:
        code = integer(answer, names.ITEM_CODE)
        message = text(answer, names.ITEM_MESSAGE)
        order_id = text(order, names.ORDER_ID)
        link_id = text(order, names.ORDER_LINK_ID)
    except ShapeError as error:
        return Unsure(clean(f"unexpected answer: {error}"))
    if _differs(item.order_id, order_id) or _differs(item.order_link_id, link_id):
        return Unsure("unexpected answer: it names another order", code)
    if code == 0:
        return _accepted(item, order_id, link_id)
    known = classify(code, message)
    said = clean(message or known.meaning)
    if known.effect is Effect.UNKNOWN:
        return Unsure(said, code, known.kind)
    if order_id and not item.order_id:
        return Unsure(f"unexpected answer: refused, yet with an order id: {said}", code)
    return Refused(known.kind, code, said)


def _accepted(item: Item, order_id: str, link_id: str) -> WriteOutcome:
    """Accepted, if the reply has the id that was sent, and an order id."""
    came_back = order_id == item.order_id if item.order_id else link_id == item.order_link_id
    if not order_id or not came_back:
        return Unsure("unexpected answer: accepted without the order's ids", 0)
    return Accepted(order_id, link_id or item.order_link_id)


def _differs(asked: str, answered: str) -> bool:
    return bool(asked and answered and asked != answered)
