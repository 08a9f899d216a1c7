"""Open writes of orders, for tests of what they may still do."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count

from trueup.domain.model.commands import Operation
from trueup.domain.model.intent import Intent, IntentStatus
from trueup.domain.model.record import OwnedOrder
from trueup.domain.planning.pending import Pending, pending_changes

_NUMBERS = count(1)
AT = datetime(2025, 1, 25, tzinfo=UTC)


def write(
    order: OwnedOrder,
    operation: Operation,
    quantity: int | Decimal | None = None,
    price: int | Decimal | None = None,
    status: IntentStatus = IntentStatus.UNKNOWN,
) -> Intent:
    """A write of the order, which was as it is on record."""
    is_new = operation is Operation.PLACE
    total = None if quantity is None else Decimal(quantity)
    return Intent(
        id=f"run-{next(_NUMBERS)}",
        run_id="run",
        operation=operation,
        level=order.level,
        part=order.part,
        order_link_id=order.order_link_id,
        order_id="" if is_new else order.order_id,
        price=None if price is None else Decimal(price),
        quantity=total,
        created_at=AT,
        covered=order.remaining,
        covers=Decimal(0) if total is None else max(total - order.filled, Decimal(0)),
        price_before=None if is_new else order.price,
        quantity_before=None if is_new else order.quantity,
        status=status,
    )


def amended(
    order: OwnedOrder,
    quantity: int | None = None,
    price: int | None = None,
    status: IntentStatus = IntentStatus.UNKNOWN,
) -> Intent:
    """An open amend of the order: its total, or its price, or both."""
    return write(order, Operation.AMEND, quantity, price, status)


def placed(
    order: OwnedOrder, quantity: int | None = None, status: IntentStatus = IntentStatus.UNKNOWN
) -> Intent:
    """An open request to place the order."""
    total = order.quantity if quantity is None else quantity
    return write(order, Operation.PLACE, total, order.price, status)


def cancelled(order: OwnedOrder, status: IntentStatus = IntentStatus.UNKNOWN) -> Intent:
    """An open request to cancel the order."""
    return write(order, Operation.CANCEL, status=status)


def pending(orders: Iterable[OwnedOrder], *writes: Intent) -> Pending:
    """What is pending of these orders after these writes."""
    return pending_changes(orders, writes)
