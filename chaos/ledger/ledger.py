"""What was so at the exchange and in the database, moment by moment: what promises are held to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from trueup.domain.model.alert import Alert
from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.instrument import ZERO
from trueup.simulator import SimOrder

from .book import Book, Claim, TimedQuantity
from .stream_coverage import StreamCoverage


class Cause(StrEnum):
    """Who moves the exchange now."""

    WORLD = "the world"
    REQUEST = "our request"
    CLOCK = "a request of ours, later"


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
