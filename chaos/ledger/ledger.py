"""What was so at the exchange and in the database, moment by moment: what promises are held to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from trueup.domain.model.alert import Alert
from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.instrument import ZERO
from trueup.domain.model.intent import Intent
from trueup.domain.model.ladder import Ladder
from trueup.domain.model.record import MonitorRecord
from trueup.simulator import SimOrder

from .stream_coverage import StreamCoverage


class Cause(StrEnum):
    """Who moves the exchange now."""

    WORLD = "the world"
    REQUEST = "our request"
    CLOCK = "a request of ours, later"


@dataclass(frozen=True, slots=True)
class Claim:
    """What the record says an order is: ours, for one part of one level."""

    key: MonitorKey
    level: int
    part: int


@dataclass(frozen=True, slots=True)
class TimedQuantity:
    """A quantity, and when it became so."""

    at_ms: int
    quantity: Decimal


@dataclass(slots=True)
class Book:
    """One monitor: its position and its owned orders as they are, its record as committed.

    Attributes:
        closing: the side of the orders that close the position.
        leaves: what its owned live orders may still fill.
        sizes: of the position, each time it changed.
        shown: of the position, as the exchange told it to the engine.
        raised: by how much other hands have enlarged owned orders.
        lost: what owned orders have lost to other hands and the exchange.
        filled: what owned orders have lost to fills.
        wakes: when it was woken.
        listed: when the orders of its symbol, or of its account, were asked for.
        viewed: when the engine looked at the view that a stream makes of it.
        asked_ms: when its position was last asked for.
        targets: what each level shall rest with, by the last commit that said so.
        unamendable: ids of owned orders whose amend the exchange refused.
    """

    key: MonitorKey
    closing: str
    index: int
    record: MonitorRecord
    leaves: Decimal = ZERO
    size: Decimal = ZERO
    sizes: list[TimedQuantity] = field(default_factory=list)
    shown: list[TimedQuantity] = field(default_factory=list)
    raised: list[TimedQuantity] = field(default_factory=list)
    lost: list[TimedQuantity] = field(default_factory=list)
    filled: list[TimedQuantity] = field(default_factory=list)
    wakes: list[int] = field(default_factory=list)
    listed: list[int] = field(default_factory=list)
    viewed: set[int] = field(default_factory=set)
    asked_ms: int = 0
    targets: Mapping[int, Decimal] = field(default_factory=dict)
    intents: dict[str, Intent] = field(default_factory=dict)
    unamendable: set[str] = field(default_factory=set)
    given: Ladder | None = None
    live: tuple[SimOrder, ...] = ()

    def listed_before(self, at_ms: int) -> int:
        """When the orders were last asked for by then."""
        return next((listed for listed in reversed(self.listed) if listed <= at_ms), at_ms)

    def viewed_as_of(self, at_ms: int) -> int:
        """Until when the position had the size that a view showed then; what was read, then."""
        if at_ms not in self.viewed:
            return at_ms
        shown = next(one.quantity for one in reversed(self.shown) if one.at_ms == at_ms)
        until_ms = at_ms
        for size in reversed(self.sizes):
            if size.at_ms <= at_ms:
                if size.quantity == shown:
                    return until_ms
                until_ms = size.at_ms - 1
        return at_ms

    def open_intents(self) -> tuple[Intent, ...]:
        """Committed intents that are not settled."""
        return tuple(intent for intent in self.intents.values() if intent.status.is_open)


@dataclass(slots=True)
class RunLog:
    """One run: when its first step was committed, and its alerts."""

    key: MonitorKey
    began_ms: int
    alerts: list[Alert] = field(default_factory=list)


@dataclass(slots=True)
class Ledger:
    """Everything that is known from outside the engine, but for its commits.

    Attributes:
        orders: every order ever, as it is now, by order id.
        past: every state that an order was in, by order id.
        claims: what the record says of an order, by account and link id or order id.
        foreign: ids of orders that are not ours.
        sent: link ids that left in a request of ours, by account.
        shown: quantities that an order was shown with in replies that we heard, by order id.
        late_until: by account, until when a delayed write of ours may still arrive.
        asked: the items of the write request that is at the exchange, or was last.
        stale: by account, each read that was answered with an old state: when, and as of when.
        misread_ms: by account, when a read was last answered with an old state.
        known: what the record said an order had filled, each time it grew, by order id.
        earshot: what the streams of accounts have told, and what they lost.
    """

    cause: Cause = Cause.CLOCK
    adopting: bool = False
    books: dict[MonitorKey, Book] = field(default_factory=dict)
    orders: dict[str, SimOrder] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    past: dict[str, list[SimOrder]] = field(default_factory=dict)
    open: dict[tuple[str, str], dict[str, SimOrder]] = field(default_factory=dict)
    claims: dict[tuple[str, str], Claim] = field(default_factory=dict)
    external: set[str] = field(default_factory=set)
    sent: set[tuple[str, str]] = field(default_factory=set)
    runs: dict[str, RunLog] = field(default_factory=dict)
    alerts: list[Alert] = field(default_factory=list)
    delivered: list[Alert] = field(default_factory=list)
    shown: dict[str, set[Decimal]] = field(default_factory=dict)
    late_until: dict[str, int] = field(default_factory=dict)
    request: Sequence[Mapping[str, Any]] = ()
    stale: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    misread_ms: dict[str, int] = field(default_factory=dict)
    known: dict[str, list[TimedQuantity]] = field(default_factory=dict)
    streams: StreamCoverage = field(default_factory=StreamCoverage)

    def claim_on(self, uid: str, order: SimOrder) -> Claim | None:
        """Whose the order is, by the record; None if it is not ours."""
        by_id = self.claims.get((uid, order.order_id))
        return by_id or (self.claims.get((uid, order.link_id)) if order.link_id else None)

    def books_of(self, uid: str, symbol: str) -> Iterator[Book]:
        """The monitors of an account's symbol."""
        for book in self.books.values():
            if book.key.account == uid and book.key.symbol == symbol:
                yield book

    def open_orders(self, uid: str, symbol: str) -> tuple[SimOrder, ...]:
        """The open orders of an account's symbol."""
        return tuple(self.open.get((uid, symbol), {}).values())

    def states_of(self, uid: str, *, order_id: str = "", link_id: str = "") -> list[SimOrder]:
        """Every state that the order was in."""
        if order_id:
            return self.past.get(order_id, [])
        return [
            state
            for known, states in self.past.items()
            if self.accounts[known] == uid
            for state in states
            if state.link_id == link_id
        ]

    def note_recorded_fill(self, order_id: str, filled: Decimal, at_ms: int) -> None:
        """Takes down what is on record of an order's fills."""
        known = self.known.setdefault(order_id, [])
        if filled > (known[-1].quantity if known else ZERO):
            known.append(TimedQuantity(at_ms, filled))

    def unknown_fills(self, book: Book, at_ms: int) -> Decimal:
        """What the monitor's orders have filled that was not on record at that time."""
        unknown = ZERO
        for order in self.orders.values():
            claim = self.claim_on(book.key.account, order) if order.filled else None
            if claim is not None and claim.key == book.key:
                known = [o for o in self.known.get(order.order_id, ()) if o.at_ms <= at_ms]
                unknown += order.filled - (known[-1].quantity if known else ZERO)
        return unknown

    def since(self, dated: list[TimedQuantity], at_ms: int) -> list[Decimal]:
        """What was so at a time, and what it became later."""
        found: list[Decimal] = []
        for one in reversed(dated):
            found.append(one.quantity)
            if one.at_ms <= at_ms:
                break
        return found
