"""Writes of ours whose effect neither an event nor a read has shown yet.

While an acknowledged write of a symbol is pending, the view of the symbol does not answer: it
would show the orders as they were before the write. The exchange's reply alone confirms nothing,
it only acknowledges the request.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from ...domain.model.commands import AmendOrder, CancelOrder, Command, PlaceOrder
from ...domain.model.order import Order
from ...domain.model.outcomes import Accepted, Held, OutcomeClass, Refused, Unsure, WriteOutcome
from ...domain.ports import Moment
from ...domain.tracking.symbol_view import SymbolView

_CONTRADICTIONS = frozenset(
    (OutcomeClass.ALREADY_GONE, OutcomeClass.DUPLICATE_LINK_ID, OutcomeClass.REDUCE_ONLY)
)


@dataclass(slots=True, eq=False)
class PendingWrite:
    """One write, from before its request leaves until its effect is seen.

    Attributes:
        acknowledged_at: when the exchange accepted the request; None while there is no reply.
        is_confirmed: whether the effect was seen, perhaps before the reply came.
    """

    command: Command
    acknowledged_at: Moment | None = None
    is_confirmed: bool = False

    @property
    def symbol(self) -> str:
        """The symbol."""
        return self.command.symbol

    def concerns(self, order: Order) -> bool:
        """Whether the write is about this order."""
        command = self.command
        if not isinstance(command, PlaceOrder) and command.order_id:
            return order.order_id == command.order_id
        return bool(command.order_link_id) and order.order_link_id == command.order_link_id

    def is_cancel_of(self, order: Order) -> bool:
        """Whether this is an acknowledged cancel of the order, whose end was not seen yet."""
        return (
            isinstance(self.command, CancelOrder)
            and self.acknowledged_at is not None
            and not self.is_confirmed
            and self.concerns(order)
        )

    def is_shown_by(self, order: Order) -> bool:
        """Whether this record of the order shows exactly what the write asked for, no more."""
        if not self.concerns(order):
            return False
        match self.command:
            case PlaceOrder(price=price, quantity=quantity):
                return _is_open_with(order, price, quantity) and not order.filled
            case AmendOrder(price=price, quantity=quantity):
                return _is_open_with(order, price, quantity)
            case CancelOrder():
                return order.status.is_final

    def check(self, view: SymbolView) -> None:
        """Confirms the write if the view shows its effect, or a later state of the order."""
        command = self.command
        order_id = "" if isinstance(command, PlaceOrder) else command.order_id
        order = view.find(order_id=order_id, order_link_id=command.order_link_id)
        if order is None:
            return
        self.is_confirmed = (
            self.is_confirmed
            or isinstance(command, PlaceOrder)
            or order.status.is_final
            or self.is_shown_by(order)
        )

    def check_read(self, view: SymbolView) -> None:
        """The same after a complete read: an order that it does not list is not open."""
        self.check(view)
        command = self.command
        if isinstance(command, CancelOrder):
            order = view.find(order_id=command.order_id, order_link_id=command.order_link_id)
            self.is_confirmed = self.is_confirmed or order is None


class PendingWrites:
    """All pending writes of one account. It has no lock of its own; the caller holds one.

    Args:
        pending_for: how long a read may lag behind an acknowledged write. A read that was
            requested this long after the reply confirms the write, whatever it shows.
    """

    def __init__(self, pending_for: timedelta) -> None:
        self._pending_for = pending_for
        self._writes: list[PendingWrite] = []

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbol of each write."""
        return tuple(write.symbol for write in self._writes)

    def add(self, commands: Iterable[Command]) -> list[PendingWrite]:
        """Notes writes before their requests leave."""
        added = [PendingWrite(command) for command in commands]
        self._writes.extend(added)
        return added

    def answer(
        self, write: PendingWrite, outcome: WriteOutcome, at: Moment, view: SymbolView
    ) -> None:
        """Notes the reply to one write: only what was accepted stays pending."""
        if isinstance(outcome, Accepted):
            write.acknowledged_at = at
            write.check(view)
        else:
            self._writes.remove(write)

    def check(self, view: SymbolView) -> None:
        """Confirms the writes whose effect the symbol's view shows."""
        for write in self._writes:
            if write.symbol == view.symbol:
                write.check(view)
        self.drop_confirmed()

    def check_read(self, view: SymbolView, requested_at: Moment) -> None:
        """The same for a view that a complete read was merged into."""
        for write in self._writes:
            if write.symbol == view.symbol and write.acknowledged_at is not None:
                write.check_read(view)
                if requested_at - write.acknowledged_at >= self._pending_for:
                    write.is_confirmed = True

    def drop_confirmed(self) -> None:
        """Forgets confirmed writes; those without a reply stay until they have it."""
        self._writes = [w for w in self._writes if not (w.is_confirmed and w.acknowledged_at)]

    def are_pending(self, symbol: str) -> bool:
        """Whether the effect of an acknowledged write of the symbol was not seen yet."""
        return any(
            write.symbol == symbol and write.acknowledged_at is not None and not write.is_confirmed
            for write in self._writes
        )

    def concern(self, order: Order) -> bool:
        """Whether one of the writes is about this order."""
        return any(write.concerns(order) for write in self._writes)

    def are_shown_by(self, order: Order) -> bool:
        """Whether this record of an order is no more than the effect of one of the writes."""
        return any(write.is_shown_by(order) for write in self._writes)

    def include_cancel_of(self, order: Order) -> bool:
        """Whether one of the writes is an acknowledged cancel of this order."""
        return any(write.is_cancel_of(order) for write in self._writes)


def invalidation_by(outcome: WriteOutcome) -> str:
    """Why the symbol must be read again after this reply; empty if it need not be."""
    match outcome:
        case Unsure(reason=reason):
            return f"a write may or may not have been executed: {reason}"
        case Refused(kind=kind, code=code) if kind in _CONTRADICTIONS:
            return f"a write was refused with {code}: the exchange has moved on"
        case Refused() | Accepted() | Held():
            return ""


def _is_open_with(order: Order, price: Decimal | None, quantity: Decimal | None) -> bool:
    return (
        order.status.is_open
        and (price is None or price == order.price)
        and (quantity is None or quantity == order.quantity)
    )
