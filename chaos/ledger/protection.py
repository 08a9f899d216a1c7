"""What protected each monitor's position at the exchange, moment by moment, and what was shown."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from trueup.domain.model.instrument import ZERO
from trueup.domain.model.protection import PositionStop, StopRecord
from trueup.simulator import SimOrder, SimPosition
from trueup.simulator.market.enums import StopOrderType

_KINDS = (StopOrderType.STOP_LOSS, StopOrderType.TRAILING_STOP)


class By(StrEnum):
    """Who brought a moment about."""

    WORLD = "the world"
    US = "a write of ours"


@dataclass(frozen=True, slots=True)
class Held:
    """The position of a monitor and its stop, from one moment on.

    Attributes:
        at_ms: since when, epoch milliseconds.
        size: of the position; 0 if it is flat.
        entry: its average entry price.
        stop: the exchange's own stop of it; a trailing one that waits has its activation price.
        covers: the least quantity that one of its stop orders closes; 0 without any.
        by: who brought it about.
        is_order: whether the stop is to be an order of ours; then the exchange's own is none of it.
    """

    at_ms: int
    size: Decimal
    entry: Decimal
    stop: PositionStop
    covers: Decimal
    by: By
    is_order: bool = False

    @property
    def is_bare(self) -> bool:
        """Whether a position is open, and nothing protects it."""
        return self.size > ZERO and not self.stop.is_set

    def is_like(self, other: "Held") -> bool:
        """Whether nothing else but the time differs."""
        return _facts(self) == _facts(other)


@dataclass(frozen=True, slots=True)
class Shown:
    """A stop as the engine was shown it: then, and without an activation price.

    Attributes:
        quantity: what it closes, if it is an order of ours.
    """

    at_ms: int
    stop: PositionStop
    quantity: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that sets the stop: when it left, and what it names; None for what it does not.

    Attributes:
        is_bare: whether the position had no stop then.
        quantity: what it closes, if it is an order of ours.
    """

    at_ms: int
    price: Decimal | None
    trailing: Decimal | None
    is_bare: bool
    quantity: Decimal | None = None


@dataclass(slots=True)
class Protection:
    """What protected one monitor's position, and what the engine was shown of it.

    Attributes:
        held: each state of position and stop, oldest first.
        shown: the stop each time that the engine was shown the position.
        asked: the requests of ours that set the stop, but for those that are known to be refused.
        given_ms: when the user last gave the monitor a stop.
        events: the stop each time that the stream delivered the order of ours that it is.
        listed: what the last list of orders showed of the order; None until it is read whole.
        link_ids: of every order that the database ever held as the monitor's stop.
        is_order: whether the stop is to be an order of ours now.
        may_be_limit: whether it was ever to be a limit order.
    """

    held: list[Held] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    given_ms: int = 0
    events: list[Shown] = field(default_factory=list)
    listed: Shown | None = None
    link_ids: set[str] = field(default_factory=set)
    is_order: bool = False
    may_be_limit: bool = False

    def note_record(self, stop: StopRecord) -> None:
        """The record says this of the stop from now on."""
        self.is_order = stop.is_order
        self.may_be_limit = self.may_be_limit or stop.wanted.limit_percent is not None
        named = (stop.order, *stop.intents)
        self.link_ids |= {one.order_link_id for one in named if one and one.order_link_id}

    @property
    def now(self) -> Held | None:
        """As it is now; None before anything was there."""
        return self.held[-1] if self.held else None

    def note(self, held: Held) -> bool:
        """Notes a state; returns whether it is another one."""
        if self.held and self.held[-1].is_like(held):
            return False
        self.held.append(held)
        return True

    def since(self, at_ms: int) -> list[Held]:
        """The state that held at a time, and all later ones, oldest first."""
        earlier = [place for place, one in enumerate(self.held) if one.at_ms <= at_ms]
        return self.held[earlier[-1] if earlier else 0 :]

    @property
    def cycle(self) -> list[Held]:
        """The states of the open position, oldest first; empty while there is none."""
        return self.cycle_since(self.held[-1].at_ms) if self.held else []

    def cycle_since(self, at_ms: int) -> list[Held]:
        """The states since the position opened that was open then, the later ones too."""
        flat = [p for p, one in enumerate(self.held) if not one.size and one.at_ms <= at_ms]
        return self.held[flat[-1] + 1 if flat else 0 :]

    def was_asked(self, stop: PositionStop, by_ms: int) -> Asked | None:
        """The first request for that price that had left by then; without a price, the last one.

        One that has only a distance is likely to have been asked for in other positions, too.
        """
        before = [one for one in self.asked if one.at_ms <= by_ms]
        if stop.price:
            return next((one for one in before if one.price == stop.price), None)
        trailing = (one for one in reversed(before) if one.trailing == stop.trailing)
        return next(trailing, None)

    def first_with(self, held: Held) -> Held:
        """The state in which the stop became what it is in that one."""
        first = held
        for one in reversed(self.held):
            if one.at_ms <= held.at_ms:
                if one.stop != held.stop or not one.size:
                    break
                first = one
        return first

    def may_be_known(self, held: Held) -> bool:
        """Whether a read has shown the price that the stop then had, or it is still there."""
        price = held.stop.price
        later = self.held[self.held.index(held) :]
        is_there = all(one.stop.price == price for one in later)
        shown = (one.stop.price for one in self.shown if one.at_ms >= held.at_ms)
        return is_there or price in shown

    def is_now(self, stop: PositionStop) -> bool:
        """Whether the stop truly is an order of ours like that."""
        now = self.now
        return now is not None and now.is_order and replace(now.stop, quantity=now.covers) == stop

    def was_shown(self, stop: PositionStop, since_ms: int) -> bool:
        """Whether the engine was shown that stop at that time or later."""
        return any(
            one.at_ms >= since_ms and replace(one.stop, quantity=one.quantity) == stop
            for one in (*self.shown, *self.events)
        )


def held_now(
    at_ms: int,
    position: SimPosition | None,
    side: str,
    orders: Iterable[SimOrder],
    protection: Protection,
    by: By,
) -> Held:
    """The position of a side with its stops, as they are at the exchange.

    Args:
        at_ms: the time.
        position: what the exchange holds under the monitor's index; None for nothing yet.
        side: of the monitor.
        orders: the open orders of the symbol.
        protection: which form the stop is to have, and which orders are ours.
        by: who changed something now.
    """
    is_held = position is not None and position.side is not None and position.side.value == side
    is_order = protection.is_order
    if position is None or not is_held:
        return Held(at_ms, ZERO, ZERO, PositionStop(), ZERO, by, is_order)
    stops = [
        order
        for order in orders
        if order.is_conditional
        and order.position_idx == position.idx
        and (order.link_id in protection.link_ids if is_order else order.stop_order_type in _KINDS)
    ]
    price = next((o.trigger_price for o in stops if o.trail is None), None) or ZERO
    trail = next((o.trail for o in stops if o.trail is not None), None)
    stop = PositionStop(
        price,
        trail.distance if trail else ZERO,
        (trail.activation or ZERO) if trail and trail.best is None else ZERO,
        limit=next((o.price for o in stops if is_order and o.order_type == "Limit"), ZERO),
    )
    covers = min((order.quantity for order in stops), default=ZERO)
    return Held(at_ms, position.size, position.average_price, stop, covers, by, is_order)


def is_stop(order: SimOrder) -> bool:
    """Whether an order is the exchange's own stop of a position."""
    return order.stop_order_type in _KINDS


def _facts(held: Held) -> tuple[object, ...]:
    return held.size, held.entry, held.stop, held.covers, held.is_order
