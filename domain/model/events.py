"""What happened to a position and its ladder, as values: for a bot, the journal and the alerts.

A run says at its end what happened since events were last reported, whoever saw it first. So each
fill is in one event, whatever dies in between: what has been reported is on record
(:class:`~.record.Reported`), in the same commit as the events.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from .identity import Side
from .instrument import ZERO
from .ladder import Ladder


class EventKind(StrEnum):
    """What an event says."""

    LEVEL_FILLED = "level-filled"
    POSITION_CLOSED = "position-closed"
    POSITION_FLIPPED = "position-flipped"
    POSITION_REDUCED = "position-reduced"
    UNCOVERED = "uncovered"
    RECOVERED = "recovered"
    LADDER_CHANGED = "ladder-changed"
    OTHER_ORDERS = "other-orders"
    MIRROR_DIVERGED = "mirror-diverged"
    UNWATCHED_POSITION = "unwatched-position"
    STOP_MOVED = "stop-moved"
    STOP_MOVED_BY_OTHERS = "stop-moved-by-others"
    STOP_ADOPTED = "stop-adopted"
    STOP_TAKEN_OFF = "stop-taken-off"
    UNPROTECTED = "unprotected"
    PROTECTED_AGAIN = "protected-again"
    CLOSE_UNDER_WAY = "close-under-way"
    CLOSE_ENDED = "close-ended"
    ENTRIES_CANCELLED = "entries-cancelled"


ABOUT_MONEY = frozenset(
    (
        EventKind.LEVEL_FILLED,
        EventKind.POSITION_CLOSED,
        EventKind.POSITION_FLIPPED,
        EventKind.POSITION_REDUCED,
        EventKind.OTHER_ORDERS,
        EventKind.MIRROR_DIVERGED,
        EventKind.UNWATCHED_POSITION,
        EventKind.STOP_MOVED,
        EventKind.STOP_MOVED_BY_OTHERS,
        EventKind.STOP_ADOPTED,
        EventKind.STOP_TAKEN_OFF,
        EventKind.PROTECTED_AGAIN,
        EventKind.CLOSE_UNDER_WAY,
        EventKind.CLOSE_ENDED,
        EventKind.ENTRIES_CANCELLED,
    )
)
"""The kinds of events that change what is open, how much of it may be closed, or what protects it.

That a position is uncovered or unprotected is not among them: each alert says so while it lasts.
"""


class Cause(StrEnum):
    """Why a position became smaller, as far as the exchange says so.

    ``take-profit``: TP orders on record filled. ``stop-loss``: a stop-loss or trailing stop of the
    exchange, or the monitor's stop that is an order. ``close``: a close that somebody commanded,
    see :class:`~.close_events.CloseEnded`. ``trade``: any other order, of a person or a program.
    ``adl``: auto-deleveraging. ``liquidation``: the exchange took the position over.
    ``settlement``: the contract ended. ``unknown``: the trades were not read, or do not explain it,
    or are of several kinds.
    """

    TAKE_PROFIT = "take-profit"
    STOP_LOSS = "stop-loss"
    CLOSE = "close"
    TRADE = "trade"
    ADL = "adl"
    LIQUIDATION = "liquidation"
    SETTLEMENT = "settlement"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Trade:
    """One trade at the exchange, an execution; each is in one event.

    Attributes:
        execution_id: the exchange's id.
        quantity: how much of the position it closed.
        price: at which; None if it is not known.
        at: when, by the exchange's clock; None if it is not known.
        fee: what was paid for it, in the coin that the contract settles in (below 0: received);
            None if it is not known, or was paid in another coin.
    """

    execution_id: str
    quantity: Decimal
    price: Decimal | None = None
    at: datetime | None = None
    fee: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Realised:
    """What closing a position has brought, as far as it is known, since it is watched.

    A short of 1000 at 0.68; its TP of 850 filled at 0.65, and a person closed 150. Where the trades
    of that person were not read, 25.5 of 850 are known, and of 150 nothing is.

    Attributes:
        closed: how much of the position was closed.
        unknown: the part of it of which the price is not known, or the entry price was not.
        gross: what the rest has brought, before fees: closing price less entry price; a loss is
            below 0. It is 0 where nothing is known (:attr:`result` says so).
        fees: the known trading fees of closing it, without taxes; not those of opening it, nor
            funding.
        fees_unknown: the part of ``closed`` of which the fees are not known.
    """

    closed: Decimal = ZERO
    unknown: Decimal = ZERO
    gross: Decimal = ZERO
    fees: Decimal = ZERO
    fees_unknown: Decimal = ZERO

    @property
    def result(self) -> Decimal | None:
        """The known result before fees; None where nothing is known."""
        return self.gross if self.closed > self.unknown else None

    def __add__(self, other: "Realised") -> "Realised":
        """What both have brought together."""
        return Realised(
            self.closed + other.closed,
            self.unknown + other.unknown,
            self.gross + other.gross,
            self.fees + other.fees,
            self.fees_unknown + other.fees_unknown,
        )


NOTHING_REALISED = Realised()


@dataclass(frozen=True, slots=True)
class Event:
    """What a run may report: one of the classes below.

    Attributes:
        kind: which one.
    """

    kind: ClassVar[EventKind]


@dataclass(frozen=True, slots=True)
class LevelFilled(Event):
    """A TP order on record has filled, or filled further.

    Attributes:
        level: number of the level it stands for; 0 if the ladder no longer has that level, -1 if
            only that much is known that the order was one of the last position's.
        quantity: what has filled since the last such event of the order.
        price: of the order; it filled there or better.
        remaining: what the order may still fill; 0 once it is closed.
        order_link_id: the order's.
        at_once: whether the run that reports it had placed the order: as a rule its price was
            beyond the market, so that it filled at once, as a taker.
        average: the price at which the quantity filled, on average; None if it is not known.
        executions: those that make up the quantity; empty if not all of them are known.
    """

    kind: ClassVar[EventKind] = EventKind.LEVEL_FILLED

    level: int
    quantity: Decimal
    price: Decimal
    remaining: Decimal
    order_link_id: str
    at_once: bool = False
    average: Decimal | None = None
    executions: tuple[Trade, ...] = ()


@dataclass(frozen=True, slots=True)
class PositionClosed(Event):
    """The position is closed: flat, or replaced by a new one.

    Attributes:
        cause: of what its TP orders did not close; ``take-profit`` if they closed all of it.
        before: its size when it was last known, before the fills since then.
        filled: how much of it TP orders on record have closed since.
        realised: what closing it has brought, from the first event of the position on.
        executions: those of others that closed the rest; empty if not all of them are known.
    """

    kind: ClassVar[EventKind] = EventKind.POSITION_CLOSED

    cause: Cause
    before: Decimal
    filled: Decimal
    realised: Realised = NOTHING_REALISED
    executions: tuple[Trade, ...] = ()


@dataclass(frozen=True, slots=True)
class PositionFlipped(Event):
    """The position is closed, and one of the other side is open in its place (one-way mode).

    Attributes:
        cause: as in :class:`PositionClosed`.
        before: the size of the closed one when it was last known.
        side: of the position that is open now.
        after: its size.
        realised: as in :class:`PositionClosed`.
        executions: as in :class:`PositionClosed`; what they opened is not in their quantity.
    """

    kind: ClassVar[EventKind] = EventKind.POSITION_FLIPPED

    cause: Cause
    before: Decimal
    side: Side
    after: Decimal
    realised: Realised = NOTHING_REALISED
    executions: tuple[Trade, ...] = ()


@dataclass(frozen=True, slots=True)
class PositionReduced(Event):
    """The position is smaller than TP orders on record have made it.

    Attributes:
        cause: never ``take-profit``: what those orders closed is in :class:`LevelFilled`.
        before: the size that their fills explain.
        after: the size that it has.
        executions: as in :class:`PositionClosed`.
    """

    kind: ClassVar[EventKind] = EventKind.POSITION_REDUCED

    cause: Cause
    before: Decimal
    after: Decimal
    executions: tuple[Trade, ...] = ()


@dataclass(frozen=True, slots=True)
class Uncovered(Event):
    """A run ended with a part of the position uncovered, and knew it; reported once until it ends.

    Attributes:
        since: when that run ended.
        quantity: how much of the position no order covered then.
        why: what the run had to say about it; may be empty.
    """

    kind: ClassVar[EventKind] = EventKind.UNCOVERED

    since: datetime
    quantity: Decimal
    why: str = ""


@dataclass(frozen=True, slots=True)
class Recovered(Event):
    """The position is wholly covered again, or closed, after an :class:`Uncovered`.

    Attributes:
        since: when it was first known to be uncovered.
        lasted: how long ago that was, by the wall clock.
    """

    kind: ClassVar[EventKind] = EventKind.RECOVERED

    since: datetime
    lasted: timedelta


@dataclass(frozen=True, slots=True)
class LadderChanged(Event):
    """The monitor follows another ladder than before.

    Attributes:
        who: where the ladder is from: ``given``, ``live orders``, a main account's name, or
            ``exchange`` where the price of an order that somebody else moved was adopted.
        before: the last one; None if it had none.
        after: the one that it follows now.
    """

    kind: ClassVar[EventKind] = EventKind.LADDER_CHANGED

    who: str
    before: Ladder | None
    after: Ladder | None


@dataclass(frozen=True, slots=True)
class OtherOrders(Event):
    """Orders that are not on record close the position too, beyond what it has.

    They are reported once, and again where others come to them; those that look like a second
    engine's have an alert of their own. trueup touches none of them. Being
    reduce-only, all of them together close no more than is open; but it may be another part of it,
    and sooner, than the ladder says.

    Attributes:
        quantity: what they close; 0 once they are gone, or fit in.
        covered: what the orders on record close.
        size: of the position.
        order_ids: the exchange's ids of the others.
    """

    kind: ClassVar[EventKind] = EventKind.OTHER_ORDERS

    quantity: Decimal
    covered: Decimal
    size: Decimal
    order_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MirrorDiverged(Event):
    """A mirror's position and its main's have parted for a minute, or no longer differ.

    It is reported once, and once that it is over. Nothing is closed or opened because of it.

    Attributes:
        main: the main account's name.
        main_side: the side of its position in the mirror's symbol; None where it is flat.
        size: of the mirror's position; 0 where it is flat.
        is_over: whether the two agree again.
    """

    kind: ClassVar[EventKind] = EventKind.MIRROR_DIVERGED

    main: str
    main_side: Side | None
    size: Decimal
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class UnwatchedPosition(Event):
    """A position of an account with monitors that no monitor watches, or that this is over.

    Sweeps report it, not runs: once that it is there, and once that it is over. A position that was
    unwatched on purpose is not reported.

    Attributes:
        size: of the position when it was first seen.
        entry_price: of the position then.
        since: when a sweep first saw it.
        over: why it is over, for people; empty if it is not.
    """

    kind: ClassVar[EventKind] = EventKind.UNWATCHED_POSITION

    size: Decimal
    entry_price: Decimal
    since: datetime
    over: str = ""
