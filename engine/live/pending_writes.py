"""Writes of ours whose effects the feed still owes us."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ...domain.model.commands import AmendOrder, CancelOrder, Command, PlaceOrder
from ...domain.model.order import Order
from ...domain.model.outcomes import Accepted, OutcomeClass, Refused, Unsure, WriteOutcome
from ...domain.tracking.symbol_view import SymbolView

_CONTRADICTIONS = frozenset(
    (OutcomeClass.ALREADY_GONE, OutcomeClass.DUPLICATE_LINK_ID, OutcomeClass.REDUCE_ONLY)
)


@dataclass(slots=True, eq=False)
class PendingWrite:
    """One write, from before it is sent until its effect is seen.

    Attributes:
        acknowledged_at: None while it is under way.
        is_met: its effect was seen, perhaps before it was acknowledged.
    """

    command: Command
    acknowledged_at: datetime | None = None
    is_met: bool = False

    @property
    def symbol(self) -> str:
        """The symbol."""
        return self.command.symbol

    def is_of(self, order: Order) -> bool:
        """Whether the write is about this order."""
        command = self.command
        if not isinstance(command, PlaceOrder) and command.order_id:
            return order.order_id == command.order_id
        return bool(command.order_link_id) and order.order_link_id == command.order_link_id

    def is_cancel_of(self, order: Order) -> bool:
        """Whether it is an acknowledged cancel of the order whose end was not seen."""
        return (
            isinstance(self.command, CancelOrder)
            and self.acknowledged_at is not None
            and not self.is_met
            and self.is_of(order)
        )

    def is_echo(self, order: Order) -> bool:
        """Whether a record of the order shows just what was asked for, and no more."""
        if not self.is_of(order):
            return False
        match self.command:
            case PlaceOrder(price=price, quantity=quantity):
                return _rests(order, price, quantity) and not order.filled
            case AmendOrder(price=price, quantity=quantity):
                return _rests(order, price, quantity)
            case CancelOrder():
                return order.status.is_final

    def look(self, view: SymbolView) -> None:
        """Takes down whether the view shows the effect, or a later state than that."""
        command = self.command
        order_id = "" if isinstance(command, PlaceOrder) else command.order_id
        order = view.find(order_id=order_id, order_link_id=command.order_link_id)
        if order is None:
            return
        self.is_met = (
            self.is_met
            or isinstance(command, PlaceOrder)
            or order.status.is_final
            or self.is_echo(order)
        )

    def look_at_read(self, view: SymbolView) -> None:
        """The same after a complete read, in which an order that is not listed is not open."""
        self.look(view)
        command = self.command
        if isinstance(command, CancelOrder):
            order = view.find(order_id=command.order_id, order_link_id=command.order_link_id)
            self.is_met = self.is_met or order is None


def contradicts(outcome: WriteOutcome) -> str:
    """Why the view of the symbol must not be used after this answer; empty if it may be."""
    match outcome:
        case Unsure(reason=reason):
            return f"a write may or may not have been executed: {reason}"
        case Refused(kind=kind, code=code) if kind in _CONTRADICTIONS:
            return f"a write was refused with {code}: the exchange has moved on"
        case Refused() | Accepted():
            return ""


def is_pending(pending: Sequence[PendingWrite], symbol: str) -> bool:
    """Whether an acknowledged write of the symbol was not seen to take effect."""
    return any(
        each.symbol == symbol and each.acknowledged_at is not None and not each.is_met
        for each in pending
    )


def _rests(order: Order, price: Decimal | None, quantity: Decimal | None) -> bool:
    return (
        order.status.is_open
        and (price is None or price == order.price)
        and (quantity is None or quantity == order.quantity)
    )
