"""What is on record of a monitor's stop, and what the exchange shows of it.

The stop of a position is a *set*: the exchange sizes it, one request moves it without a moment
without it, and a request that is repeated does no harm. So its intents have no order link id: their
key is the position and a generation. A stop of the form ``order`` is one order of ours that waits
for a trigger: it is placed once, under a link id that every resend repeats, and amended from then
on.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter

from ..copies import replace
from .commands import CancelOrder, Operation
from .identity import Side
from .instrument import ZERO, plain
from .intent import IntentStatus
from .stop import Stop, StopForm, TriggerBy

ADOPTED = "live stop"
"""The source of a stop that rested at the exchange, and is kept as it was found."""


class StopEnd(StrEnum):
    """How far it is with a stop that is not wanted any more: asked for, or reported as well."""

    ASKED = "asked"
    SAID = "said"


@dataclass(frozen=True, slots=True)
class PositionStop:
    """The stop of a position: the exchange's own, as its row shows it, or an order of ours.

    Attributes:
        price: that triggers it; 0 if there is none.
        trailing: how far it trails the best price; 0 if it does not.
        activation: the price from which on it trails; 0 if it does at once. No row of a position
            shows it (docs/v5/position/position.mdx), so it counts for nothing where two are
            compared.
        quantity: what the order closes; 0 for the exchange's own, which it sizes itself.
        limit: the price at which it closes at worst, once it has triggered; 0 for a market order.
    """

    price: Decimal = ZERO
    trailing: Decimal = ZERO
    activation: Decimal = field(default=ZERO, compare=False)
    quantity: Decimal = ZERO
    limit: Decimal = ZERO

    @property
    def is_set(self) -> bool:
        """Whether anything protects the position."""
        return self.price > ZERO or self.trailing > ZERO

    @property
    def unsized(self) -> "PositionStop":
        """Where it is, whatever it closes: only that moves by rules, or by somebody's hand.

        Its limit goes by where it is, and is set right like its quantity.
        """
        return replace(self, quantity=ZERO, limit=ZERO) if self.quantity else self

    def protects(self, size: Decimal) -> Decimal:
        """How much of a position of that size it closes."""
        if not self.is_set:
            return ZERO
        return min(self.quantity, size) if self.quantity else size

    def __str__(self) -> str:
        """The stop in figures, for people: ``0.714``, ``trailing by 0.01``, ``none``.

        An order of ours says what it closes, too, and a limit order its price: ``0.714 for 307.3``,
        ``0.714, limit 0.72, for 307.3``.
        """
        start = f" from {plain(self.activation)} on" if self.activation else ""
        trails = f"trailing by {plain(self.trailing)}{start}" if self.trailing else ""
        price = plain(self.price) if self.price else ""
        size = f" for {plain(self.quantity)}" if price and self.quantity else ""
        limit = f", limit {plain(self.limit)}," if price and self.limit else ""
        return ", ".join(filter(None, (price + limit + size, trails))) or "none"


@dataclass(frozen=True, slots=True)
class SetStop:
    """The exchange's own stop of a position becomes this; its take-profit stays as it is.

    Attributes:
        stop: a price or a distance of 0 clears it.
        before: what is there: only what differs is named.
        trigger_by: which price triggers it.
    """

    symbol: str
    position_index: int
    stop: PositionStop
    before: PositionStop
    trigger_by: TriggerBy


@dataclass(frozen=True, slots=True)
class PlaceStop:
    """A conditional reduce-only order that closes a position of ``side`` at its stop.

    Attributes:
        side: of the position: a long's stop triggers as the price falls, a short's as it rises.
        trigger_by: which price triggers it.
        limit: the price of a limit order; 0 for a market order.
    """

    symbol: str
    side: Side
    trigger_price: Decimal
    quantity: Decimal
    order_link_id: str
    position_index: int
    trigger_by: TriggerBy
    limit: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class AmendStop:
    """The same order, at another trigger price or of another quantity; it never rests nowhere.

    Attributes:
        order_id: empty where only the link id is known.
        limit: the price of a limit order, which moves with the trigger; 0 for a market order.
    """

    symbol: str
    order_id: str
    order_link_id: str
    trigger_price: Decimal
    quantity: Decimal
    trigger_by: TriggerBy
    limit: Decimal = ZERO


StopCommand = SetStop | PlaceStop | AmendStop | CancelOrder
"""A write of a stop; each leaves in a request of its own."""


@dataclass(frozen=True, slots=True)
class StopOrder:
    """The order of ours that is a monitor's stop, or was asked to be.

    Attributes:
        order_link_id: drawn once; each resend has it.
        order_id: the exchange's id; empty before it is known.
        exists: whether the exchange is known to have it. Before that it is placed under the same
            link id again; from then on it is amended, until it is known to be closed.
        is_listed: whether the last read that showed the orders had it.
        limit_percent: how far behind the trigger its limit is, in percent; None for a market order.
            The exchange changes no order's type, so an order keeps its own until it is gone.
    """

    order_link_id: str
    order_id: str = ""
    exists: bool = False
    is_listed: bool = False
    limit_percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class StopIntent:
    """One request that sets the stop of a position, durable before it leaves.

    Attributes:
        id: unique; the run's id and the generation.
        cycle: the position's, as the monitor counts them.
        generation: counts the requests that set the monitor's stop, from 1.
        position_index: of the position.
        asked: what it sets.
        rule: why, for people.
        before: what a read had shown when it was announced.
        announced: when it was announced, or its request left last, since the machine started.
        until: when nobody waits for its effect any more, by the wall clock, for people.
        code: the exchange's error code of a refusal.
        detail: what became of it, in words.
        order_link_id: of the order of ours that it is about; empty for the exchange's own stop.
        operation: what it does to that order; None for the exchange's own stop, which it sets.
    """

    id: str
    run_id: str
    cycle: int
    generation: int
    position_index: int
    asked: PositionStop
    rule: str
    before: PositionStop
    created_at: datetime
    announced: timedelta | None = None
    until: datetime | None = None
    status: IntentStatus = IntentStatus.PLANNED
    code: int | None = None
    detail: str = ""
    resolved_at: datetime | None = None
    order_link_id: str = ""
    operation: Operation | None = None

    @property
    def cancels(self) -> bool:
        """Whether it takes away an order of ours that is not the stop any more."""
        return self.operation is Operation.CANCEL

    @property
    def moves(self) -> bool:
        """Whether it sets the stop, or moves it; a new size of an order alone moves nothing."""
        if self.operation is None:
            return True
        return not self.cancels and self.asked.unsized != self.before.unsized


@dataclass(frozen=True, slots=True)
class CancelledEntry:
    """An entry that is gone, as the user has asked for: the exchange says that it is cancelled.

    Attributes:
        order_link_id: of the entry.
        quantity: what of it had not filled.
    """

    order_link_id: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class EntryFees:
    """What the entries of a position have paid in fees, as its trades said when they were read.

    Attributes:
        entry: the average entry price that this is about: another one has other entries.
        size: the smallest size of the position since: it only grows by another entry.
        per_unit: what the entries have paid for each unit of the position, in quote coin, less than
            0 if it was received; None if the trades do not say, and are not asked again.
        taker_rate: the highest rate that the position's trades paid as takers, as a part of the
            value; None if none says one.
    """

    entry: Decimal
    size: Decimal
    per_unit: Decimal | None = None
    taker_rate: Decimal | None = None

    def after(self, size: Decimal, entry: Decimal) -> "EntryFees | None":
        """The same once the position is that large, at that entry; None if it has other entries."""
        if entry != self.entry or size > self.size:
            return None
        return self if size == self.size else replace(self, size=size)


@dataclass(frozen=True, slots=True)
class StopRecord:
    """A monitor's stop: what its user wants, how far its rules have moved it, what was seen of it.

    Attributes:
        wanted: the user's settings.
        source: whose they are: ``given``, the account that a mirror follows, or ``live stop``: then
            it was adopted as it rested, and is of this position alone.
        cycle: of the position that what follows is about.
        asked: the tightest that this position's stop was asked to be, and was shown to be; it never
            loosens by a rule.
        rule: which rule asked for that, for people.
        loosens: whether the user has asked for a looser stop, and no read has shown that yet.
        released: where the stop was when somebody else moved it: rules move it again only to what
            is tighter than that; None if nobody has.
        first: the first stop of this position: R is its distance from the entry; None before.
        tightened: whether a level has filled, or a rule has tightened the stop, in this position.
        best: the best price that the market is known to have reached since the average entry last
            moved; 0: unknown.
        best_ms: since when the market has to be looked at to know ``best``, by the exchange's
            clock, epoch milliseconds; 0 if that is not known.
        fees: what the position's entries have paid; None before its trades were read.
        generation: of the newest request that sets it.
        seen: what the last read of the position showed; None where none did.
        unprotected_since: since when the position is known to lack the stop; None if it does not.
        intents: requests that nothing has settled yet, oldest first.
        problem: why the position lacks the stop that is wanted, for people; empty if it does not.
        unreported: requests whose effect was read, and which no event has reported yet.
        reported: where the stop of this position is, by the events so far; None before the first.
        reported_since: since when the position is reported to be unprotected; None if it is not.
        order: the order of ours that is the stop, or was; None where there is none, or the exchange
            has the stop itself.
        ended: that it is not wanted any more: nothing is set, and what rests stays; None while it
            is wanted.
        cancelled: entries that are gone, and that no event has reported yet.
    """

    wanted: Stop
    source: str = "given"
    cycle: int = 0
    asked: PositionStop | None = None
    rule: str = ""
    loosens: bool = False
    released: Decimal | None = None
    first: Decimal | None = None
    tightened: bool = False
    best: Decimal = ZERO
    best_ms: int = 0
    fees: EntryFees | None = None
    generation: int = 0
    seen: PositionStop | None = None
    unprotected_since: datetime | None = None
    intents: tuple[StopIntent, ...] = field(default=())
    problem: str = ""
    unreported: tuple[StopIntent, ...] = field(default=())
    reported: PositionStop | None = None
    reported_since: datetime | None = None
    order: StopOrder | None = None
    ended: StopEnd | None = None
    cancelled: tuple[CancelledEntry, ...] = ()

    @property
    def is_order(self) -> bool:
        """Whether the user wants an order of ours for a stop."""
        return self.wanted.form is StopForm.ORDER

    @property
    def has_triggered(self) -> bool:
        """Whether the limit order that is the stop has triggered and rests: the market is past it.

        It closes only where somebody takes its price, so it protects nothing.
        """
        order, seen = self.order, self.seen
        is_there = self.is_order and order is not None and order.exists and order.is_listed
        return is_there and seen is not None and not seen.is_set

    @property
    def keeps_type(self) -> bool:
        """Whether the order is a market order where a limit order is wanted, or the reverse."""
        if self.order is None or not self.is_order:
            return False
        return (self.order.limit_percent is None) != (self.wanted.limit_percent is None)

    def with_intent(self, intent: StopIntent) -> "StopRecord":
        """The record with a request as it is now; one that has ended stays until it is reported."""
        others = [one for one in self.intents if one.id != intent.id]
        still_open = [intent] if intent.status.is_open else []
        kept = sorted((*others, *still_open), key=attrgetter("generation"))
        return replace(self, intents=tuple(kept)).with_unreported(intent)

    def with_unreported(self, intent: StopIntent) -> "StopRecord":
        """The record with a request that is to be reported, if its effect was read.

        Requests are settled newest first: an older one that asked for the same was sent again.
        """
        is_newest = all(one.generation < intent.generation for one in self.unreported)
        if intent.status is not IntentStatus.CONFIRMED or intent.cancels or not is_newest:
            return self
        return replace(self, unreported=(*self.unreported, intent))

    def taken_off(self) -> "StopRecord":
        """The record where no stop is wanted from now on: what rests stays as it is."""
        if self.ended is not None and self.source == "given":
            return self
        return replace(
            self, source="given", ended=StopEnd.ASKED, problem="", unprotected_since=None
        )

    def given(self, wanted: Stop, source: str = "given") -> "StopRecord":
        """The record where the user, or the main account, wants something else from now on.

        That may loosen the stop: it is not a rule that moves it. Where the form changes, nothing is
        known yet of the stop in its new form; the order of before goes once the new one is there.
        """
        is_same, order = wanted.form is self.wanted.form, self.order
        if order is not None and None not in (order.limit_percent, wanted.limit_percent):
            order = replace(order, limit_percent=wanted.limit_percent)
        return StopRecord(
            wanted,
            source,
            cycle=self.cycle,
            loosens=True,
            best=self.best,
            best_ms=self.best_ms,
            fees=self.fees,
            generation=self.generation,
            seen=self.seen if is_same else None,
            unprotected_since=self.unprotected_since,
            intents=self.intents,
            problem=self.problem,
            unreported=self.unreported,
            reported=self.reported if is_same else None,
            reported_since=self.reported_since,
            order=order,
            cancelled=self.cancelled,
        )
