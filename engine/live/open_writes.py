"""The open writes of an account, as they are on record, beside what its view shows of them.

While the exchange has acknowledged a write whose effect the view does not show, the view of its
symbol does not answer: it would show the orders as they were before the write. The exchange's reply
alone confirms nothing, it only acknowledges the request. What becomes of a write is decided by the
run that sent it; here it is open for as long as it is on record.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from ...domain.model.commands import AmendOrder, CancelOrder, Operation, PlaceOrder
from ...domain.model.intent import Intent, IntentStatus
from ...domain.model.order import Order, OrderKind, Position
from ...domain.model.outcomes import Accepted, Held, OutcomeClass, Refused, Unsure, WriteOutcome
from ...domain.model.protection import StopIntent
from ...domain.ports import Moment
from ...domain.protection.stop_orders import shown_by
from ...domain.tracking.symbol_view import SymbolView

_CONTRADICTIONS = frozenset(
    (OutcomeClass.ALREADY_GONE, OutcomeClass.DUPLICATE_LINK_ID, OutcomeClass.REDUCE_ONLY)
)
_LONGEST = timedelta(minutes=1)
_UNDER_WAY = (IntentStatus.PLANNED, IntentStatus.SENT)


@dataclass(frozen=True, slots=True)
class OpenWrite:
    """A write that is open on record.

    Attributes:
        noted_at: when this process learned of what is on record.
        acknowledged_at: when it learned that the exchange accepted it; None before.
    """

    intent: Intent
    noted_at: Moment
    acknowledged_at: Moment | None

    def concerns(self, order: Order) -> bool:
        """Whether the write is about this order."""
        if self.intent.order_id:
            return order.order_id == self.intent.order_id
        return order.order_link_id == self.intent.order_link_id

    def is_shown_by(self, order: Order) -> bool:
        """Whether this record of the order shows exactly what the write asked for, no more."""
        if not self.concerns(order):
            return False
        match self.intent.operation:
            case Operation.PLACE | Operation.CLOSE:
                return self._is_as_asked(order) and not order.filled
            case Operation.AMEND:
                return self._is_as_asked(order)
            case Operation.CANCEL | Operation.CANCEL_ENTRY:
                return order.status.is_final

    def is_settled_by(self, view: SymbolView) -> bool:
        """Whether the view, which is synced, shows its effect or a later state of the order."""
        order = view.find(order_id=self.intent.order_id, order_link_id=self.intent.order_link_id)
        if order is None:
            return self.intent.operation is Operation.CANCEL
        is_place = self.intent.operation is Operation.PLACE
        return is_place or order.status.is_final or self.is_shown_by(order)

    def is_forgotten(self, now: Moment) -> bool:
        """Whether it was about to leave, and no answer to it was ever noted."""
        return self.intent.status is IntentStatus.PLANNED and now - self.noted_at > _LONGEST

    def _is_as_asked(self, order: Order) -> bool:
        return (
            order.status.is_open
            and self.intent.price in (None, order.price)
            and self.intent.quantity in (None, order.quantity)
        )


@dataclass(frozen=True, slots=True)
class OpenSet:
    """A request to set a position's stop that is open on record.

    Attributes:
        acknowledged_at: when this process learned that the exchange accepted it; None before.
    """

    intent: StopIntent
    acknowledged_at: Moment | None

    def concerns(self, order: Order) -> bool:
        """Whether the exchange made this order for the stop that the request sets, or it is it."""
        if self.intent.operation is not None:
            return order.order_link_id == self.intent.order_link_id
        return order.kind in _STOPS and order.position_index == self.intent.position_index

    def is_shown_by(self, order: Order) -> bool:
        """Whether this order is no more than what the request sets."""
        asked = self.intent.asked
        if self.intent.operation is not None:
            is_open = order.status.is_open
            return self.concerns(order) and (
                not is_open if self.intent.cancels else is_open and shown_by(order) == asked
            )
        wanted = asked.price if order.kind is OrderKind.STOP_LOSS else None
        return self.concerns(order) and wanted in (None, order.trigger_price)

    def is_settled_by(self, view: SymbolView) -> bool:
        """Whether the view, which is synced, shows its effect, or that nothing can come of it."""
        if self.intent.operation is None:
            known = view.positions.get(self.intent.position_index)
            return self.is_seen_in(known.position if known else None)
        order = view.find(order_link_id=self.intent.order_link_id)
        if order is None:
            return self.intent.cancels
        return order.status.is_final or self.is_shown_by(order)

    def is_seen_in(self, position: Position | None) -> bool:
        """Whether the position has the stop that the request sets, or is gone."""
        if self.intent.operation is not None:
            return False
        return position is None or position.stop == self.intent.asked


_STOPS = (OrderKind.STOP_LOSS, OrderKind.TRAILING_STOP)


class OpenWrites:
    """The open writes of one account, by symbol. It has no lock of its own; the caller holds one.

    Args:
        reads_lag: how long reads may lag behind an acknowledged write: a read that was requested
            this much later shows what came of it, whatever it shows.
    """

    def __init__(self, reads_lag: timedelta) -> None:
        self._reads_lag = reads_lag
        self._of: dict[str, dict[str, OpenWrite]] = {}
        self._sets: dict[str, dict[str, OpenSet]] = {}
        self._read_at: dict[str, Moment] = {}

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols of which a write is under way."""
        return tuple(symbol for symbol in self._of if any(self._under_way(symbol)))

    def note(self, symbol: str, intent: Intent | StopIntent, at: Moment) -> None:
        """Notes what is on record of a write."""
        if isinstance(intent, StopIntent):
            self._note_set(symbol, intent, at)
            return
        of_symbol = self._of.get(symbol, {})
        known = of_symbol.pop(intent.id, None)
        # What a run announced and never committed is not on record, and nobody will settle it.
        of_symbol = {id_: each for id_, each in of_symbol.items() if not each.is_forgotten(at)}
        if intent.status.is_open:
            since = known.acknowledged_at if known else None
            is_sent = intent.status is IntentStatus.SENT
            of_symbol[intent.id] = OpenWrite(intent, at, (since or at) if is_sent else None)
        self._of[symbol] = of_symbol

    def _note_set(self, symbol: str, intent: StopIntent, at: Moment) -> None:
        sets = self._sets.setdefault(symbol, {})
        known = sets.pop(intent.id, None)
        if intent.status in _UNDER_WAY:
            since = known.acknowledged_at if known else None
            is_sent = intent.status is IntentStatus.SENT
            sets[intent.id] = OpenSet(intent, (since or at) if is_sent else None)

    def note_read(self, symbol: str, requested_at: Moment) -> None:
        """Notes that a complete read was merged into the symbol's view."""
        self._read_at[symbol] = requested_at

    def are_pending(self, view: SymbolView) -> bool:
        """Whether the view does not show an acknowledged write of its symbol.

        Of several of one order only the last counts: the exchange executes them in their order.
        """
        last = {write.intent.order_link_id: write for write in self._acknowledged(view.symbol)}
        if any(not write.is_settled_by(view) for write in last.values()):
            return True
        sets = {
            (one.intent.position_index, one.intent.order_link_id): one
            for one in self._acknowledged_sets(view.symbol)
        }
        return any(not one.is_settled_by(view) for one in sets.values())

    def are_seen_in(self, position: Position) -> bool:
        """Whether a request that is under way sets the very stop that the position has."""
        sets = self._sets.get(position.symbol, {}).values()
        index = position.position_index
        return any(s.intent.position_index == index and s.is_seen_in(position) for s in sets)

    def make_room(self, view: SymbolView) -> bool:
        """Whether an order of the symbol gives up cover, and the view does not show that yet."""
        return any(
            (write.intent.operation is Operation.CANCEL or write.intent.shrinks)
            and not write.is_settled_by(view)
            for write in self._acknowledged(view.symbol)
        )

    def concern(self, order: Order) -> bool:
        """Whether a write that is under way is about this order."""
        sets = self._sets.get(order.symbol, {}).values()
        is_concerned = any(write.concerns(order) for write in self._under_way(order.symbol))
        return is_concerned or any(one.concerns(order) for one in sets)

    def are_shown_by(self, order: Order) -> bool:
        """Whether this record of an order is no more than the effect of one of the writes."""
        sets = self._sets.get(order.symbol, {}).values()
        is_shown = any(write.is_shown_by(order) for write in self._under_way(order.symbol))
        return is_shown or any(one.is_shown_by(order) for one in sets)

    def include_cancel_of(self, order: Order) -> bool:
        """Whether a cancel of this order was acknowledged, and its end was not seen yet."""
        return order.status.is_open and any(
            write.intent.operation is Operation.CANCEL and write.concerns(order)
            for write in self._acknowledged(order.symbol)
        )

    def _acknowledged(self, symbol: str) -> Iterator[OpenWrite]:
        """Those whose effect a read may still not show, oldest first."""
        read_at = self._read_at.get(symbol)
        for write in self._under_way(symbol):
            since = write.acknowledged_at
            if since is not None and (read_at is None or read_at - since < self._reads_lag):
                yield write

    def _acknowledged_sets(self, symbol: str) -> Iterator[OpenSet]:
        read_at = self._read_at.get(symbol)
        for one in self._sets.get(symbol, {}).values():
            since = one.acknowledged_at
            if since is not None and (read_at is None or read_at - since < self._reads_lag):
                yield one

    def _under_way(self, symbol: str) -> Iterator[OpenWrite]:
        """Those that are about to leave, or that the exchange has accepted."""
        writes = self._of.get(symbol, {}).values()
        return (write for write in writes if write.intent.status in _UNDER_WAY)


def makes_room(order: PlaceOrder | AmendOrder | CancelOrder, outcome: WriteOutcome) -> bool:
    """Whether the exchange has accepted that an order gives up cover."""
    gives_up = isinstance(order, CancelOrder) or (isinstance(order, AmendOrder) and order.shrinks)
    return gives_up and isinstance(outcome, Accepted)


def invalidation_by(outcome: WriteOutcome, *, room_comes: bool) -> str:
    """Why the symbol must be read again after this reply; empty if it need not be.

    Args:
        outcome: the reply.
        room_comes: whether an order that gives up cover has not done so yet: that the position has
            no room for another order contradicts nothing then.
    """
    match outcome:
        case Refused(kind=OutcomeClass.REDUCE_ONLY) if room_comes:
            return ""
        case Unsure(reason=reason):
            return f"a write may or may not have been executed: {reason}"
        case Refused(kind=kind, code=code) if kind in _CONTRADICTIONS:
            return f"a write was refused with {code}: the exchange has moved on"
        case Refused() | Accepted() | Held():
            return ""
