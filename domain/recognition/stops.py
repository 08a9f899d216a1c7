"""What the orders at a position that wait for a trigger are, by their own fields: pure functions.

A stop is a stop whatever its id says: the original bot took ``BOT_TPSL_…`` for a take-profit, and
stop-losses without a price for TP1. The id only tells who may have made it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ..model.instrument import ZERO, plain
from ..model.order import Order, OrderKind, OrderStatus, OrderType, Position
from ..model.protection import PositionStop
from ..protection.following import is_own_stop
from .classify import Kind, native, suggest


class Purpose(StrEnum):
    """What an order that waits for a trigger would do.

    A ``STOP`` closes where the position loses, a ``TAKE_PROFIT`` where it gains; an ``ENTRY`` adds
    to it, or opens the other side. A ``CHILD`` is the exchange's, which does not say which it is.
    ``TRIGGERED`` is a limit order to close that waits for none any more: it rests where the market
    has passed its price, so it protects nothing, whatever it was meant for.
    """

    STOP = "stop"
    TAKE_PROFIT = "take-profit"
    ENTRY = "entry"
    CHILD = "TP or SL"
    TRIGGERED = "triggered"


class Maker(StrEnum):
    """Who made an order that waits for a trigger, as far as its fields and its id say."""

    POSITION = "the position's own"
    PART = "the exchange's, for a part"
    BOT = "a known bot's"
    TOOL = "another tool's"
    NO_ID = "without an id"


_NATIVE = {
    Kind.STOP_LOSS: Purpose.STOP,
    Kind.TAKE_PROFIT: Purpose.TAKE_PROFIT,
    Kind.FOREIGN: Purpose.CHILD,
}


@dataclass(frozen=True, slots=True)
class FoundOrder:
    """An order that waits for a trigger at a position, or the position's own stop.

    Attributes:
        purpose: what it would do.
        maker: whose it is; a person's orders have no id, like those of tools that give none.
        trigger: the price that triggers it; None for a trailing stop that no order shows.
        quantity: what it would trade, in base coin.
        protects: how much of the position a stop closes at most; 0 for all else.
        trailing: how far it trails the best price; 0 if it does not.
        order_id: the exchange's id; empty where only the position's row shows it.
        order_link_id: as its maker gave it; empty for none.
        family: of :mod:`.families`, as the id suggests it; empty for none.
        rests_at: the price of one that has triggered and rests; None for all else.
    """

    purpose: Purpose
    maker: Maker
    trigger: Decimal | None
    quantity: Decimal
    protects: Decimal = ZERO
    trailing: Decimal = ZERO
    order_id: str = ""
    order_link_id: str = ""
    family: str = ""
    rests_at: Decimal | None = None

    def __str__(self) -> str:
        """In few words, for people: ``stop at 0.62, the position's own: protects 250``."""
        trails = f" trailing by {plain(self.trailing)}" if self.trailing else ""
        at = "" if self.trigger is None else f" at {plain(self.trigger)}"
        whose = f"{self.maker.value} ({self.family})" if self.family else self.maker.value
        does = f"for {plain(self.quantity)}"
        if self.purpose is Purpose.STOP:
            does = f"protects {plain(self.protects)}"
        elif self.rests_at is not None:
            does = f"rests unfilled at {plain(self.rests_at)} {does}, and protects nothing"
        return f"{self.purpose.value}{trails}{at}, {whose}: {does}"


def waiting_orders(position: Position, orders: Iterable[Order]) -> tuple[FoundOrder, ...]:
    """What waits for a trigger at a position, stops first.

    With a long of 250 at a mark price of 0.70, whose own stop is at 0.62:

    ===============================================  =============================================
    an order to sell                                 is
    ===============================================  =============================================
    the exchange's ``StopLoss`` at 0.62 of 250       the position's own stop, protects 250
    the exchange's ``PartialStopLoss`` at 0.6 of 50  a stop for a part, protects 50
    conditional, reduce-only, at 0.61, of 5000       a stop, protects 250: no more is open
    conditional, reduce-only, at 0.75                a take-profit
    one that has triggered and rests, at 0.605       triggered: protects nothing
    conditional, not reduce-only                     an entry: it may open a short
    ===============================================  =============================================

    Args:
        position: as it was read, open.
        orders: the live orders of its account, or of its symbol.
    """
    place = (position.symbol, position.position_index)
    at_it = [order for order in orders if (order.symbol, order.position_index) == place]
    found = tuple(_found(position, order) for order in at_it if order.remaining and _waits(order))
    every = (*_of_the_row(position, found), *found)
    return (*stops_among(every), *(one for one in every if one.purpose is not Purpose.STOP))


def stops_among(found: Iterable[FoundOrder]) -> tuple[FoundOrder, ...]:
    """Those that are stops."""
    return tuple(one for one in found if one.purpose is Purpose.STOP)


def protected_quantity(position: Position, found: Iterable[FoundOrder]) -> Decimal:
    """How much of the position stops close together at most, whoever made them."""
    return min(sum((one.protects for one in found), ZERO), position.size)


def _waits(order: Order) -> bool:
    return order.trigger_price is not None or native(order) is not None


def _of_the_row(position: Position, found: tuple[FoundOrder, ...]) -> Iterator[FoundOrder]:
    """The position's own stop, as far as its row shows one that no order does."""
    seen = position.stop or PositionStop()
    own = [one for one in found if one.maker is Maker.POSITION and one.purpose is Purpose.STOP]
    size = position.size
    if seen.price and not any(one.trigger == seen.price and not one.trailing for one in own):
        yield FoundOrder(Purpose.STOP, Maker.POSITION, seen.price, size, size)
    if seen.trailing and not any(one.trailing for one in own):
        yield FoundOrder(Purpose.STOP, Maker.POSITION, None, size, size, seen.trailing)


def _found(position: Position, order: Order) -> FoundOrder:
    purpose, is_own = _purpose(position, order), _is_own(position, order)
    protects = min(order.remaining, position.size) if purpose is Purpose.STOP else ZERO
    family = "" if is_own else suggest(order.order_link_id).family
    return FoundOrder(
        purpose=purpose,
        maker=Maker.POSITION if is_own else _maker(order, family),
        trigger=order.trigger_price,
        quantity=order.remaining,
        protects=protects,
        trailing=_trailing(position, order),
        order_id=order.order_id,
        order_link_id=order.order_link_id,
        family=family,
        rests_at=order.price if purpose is Purpose.TRIGGERED else None,
    )


def _purpose(position: Position, order: Order) -> Purpose:
    kind = native(order)
    if kind is not None:
        purpose = _NATIVE[kind]
        return Purpose.TRIGGERED if purpose is Purpose.STOP and _rests(order) else purpose
    if not order.reduce_only or order.side is not position.side.opposite:
        return Purpose.ENTRY
    if _rests(order):
        return Purpose.TRIGGERED
    gains = order.trigger_price is not None and position.gains_until(order.trigger_price)
    return Purpose.TAKE_PROFIT if gains else Purpose.STOP


def _rests(order: Order) -> bool:
    """Whether it is a limit order that has triggered: one that waits for its trigger says so."""
    return order.order_type is OrderType.LIMIT and order.status is not OrderStatus.PENDING_TRIGGER


def _is_own(position: Position, order: Order) -> bool:
    """Whether the exchange made it for the whole position."""
    kind = native(order)
    if kind is None or kind is Kind.FOREIGN or order.parent_link_id:
        return False
    if kind is Kind.STOP_LOSS and position.stop is not None:
        return is_own_stop(position.stop, position.side, position.size, order)
    return order.quantity >= position.size


def _trailing(position: Position, order: Order) -> Decimal:
    """How far the position's own trailing stop trails, as its row says; 0 for any other order."""
    seen = position.stop or PositionStop()
    return seen.trailing if order.kind is OrderKind.TRAILING_STOP else ZERO


def _maker(order: Order, family: str) -> Maker:
    if native(order) is not None:
        return Maker.PART
    if family:
        return Maker.BOT
    return Maker.TOOL if order.order_link_id else Maker.NO_ID
