"""Everything that promises are checked against, recorded from outside the engine."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from trueup.domain.model.alert import Alert
from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.instrument import ZERO
from trueup.domain.stopping.control import Control
from trueup.engine.loop.sweep import Sweep
from trueup.simulator import InstrumentSpec, SimOrder

from .book import Book, Claim, TimedQuantity
from .stream_coverage import StreamCoverage

_EFFECT_MS = 400
"""The longest that the exchange takes until a request that has arrived takes effect."""


class Cause(StrEnum):
    """Who changes the exchange at the moment."""

    WORLD = "the world"
    REQUEST = "our request"
    DELAYED = "an earlier request of ours"


@dataclass(slots=True)
class RunLog:
    """One run: when its first step was committed, and its alerts."""

    key: MonitorKey
    began_ms: int
    alerts: list[Alert] = field(default_factory=list)


@dataclass(slots=True)
class Ledger:
    """The true state of the exchange and its past, and what the engine was shown and committed.

    Attributes:
        cause: who changes the exchange at the moment.
        adopting: whether orders that appear now are an earlier bot's, for trueup to adopt.
        books: what is known about each monitor.
        orders: the present state of every order that ever existed, by order id.
        accounts: the account of each order, by order id.
        past: all states of each order, oldest first, by order id.
        open: the open orders, by account and symbol, then by order id.
        claims: what the database says about an order, by account and link id or order id.
        external: ids of orders that are not ours.
        like_ours: link ids of orders that a second engine placed.
        sent: account and link id of every order that left in a request of ours.
        runs: every run, by its id.
        alerts: every alert on record.
        delivered: every alert that a sink accepted.
        shown: the quantities that each order was shown with, by order id.
        late_until: until when a delayed write of ours may still take effect, by account.
        too_late: when a delayed write of ours arrives that the engine counts as without effect by
            then, by account.
        request_items: the items of the write request that is, or was last, at the exchange; of
            amends, once they are answered, those that were refused.
        request_ms: when it arrived there.
        stale: for each stale read of an account, and each list of orders that lacks rows or has
            some that nobody understands, when it was answered, and as of when.
        hidden_ms: when the exchange last left trades out of a list, or said that it knew an order
            which no list of it has, by account: nobody can say then whose position one is.
        known: what the record said that an order had filled, each time it grew, by order id.
        rules: contracts whose rules the exchange changed, as they are now, by symbol.
        rules_ms: when they changed.
        prices: the mark price of each contract whose market moved, each time that it did.
        takes_orders: whether each contract does, as the engine was shown last.
        streams: what each account's stream delivered, and what it lost.
        running: whose run a live engine goes on with now; None during a sweep, and of an engine
            that runs one monitor after the other.
        began_ms: when the last run of each monitor of a live engine began.
        refused_ms: when the commit of each monitor that the database refuses was tried first.
        halt_shown: when a contract was first shown to take no orders, and to whose runs.
        raised: exceptions that the history raised in runs, and that no run on record ended with, by
            the monitor whose run it was; None where one run after the other is called for.
        sweeps: the last sweep of each account.
        swept_ms: when it began.
        ahead: by how much the clock of trueup's machine is ahead of the exchange's.
        stood_ms: for how long altogether trueup could send nothing: its process stood still, or
            its database was away. A stand-still counts from its start on, see :meth:`stood_by`.
        stands_until_ms: when the last stand-still ends.
        announced_ms: when each intent came on record, by its id.
        controls: the pauses and halts in force.
        controls_before: the same before each change, with the time of that change.
    """

    cause: Cause = Cause.DELAYED
    adopting: bool = False
    sweeps: dict[str, Sweep] = field(default_factory=dict)
    swept_ms: dict[str, int] = field(default_factory=dict)
    ahead: timedelta = timedelta(0)
    stood_ms: int = 0
    stands_until_ms: int = 0
    announced_ms: dict[str, int] = field(default_factory=dict)
    controls: tuple[Control, ...] = ()
    controls_before: list[tuple[int, tuple[Control, ...]]] = field(default_factory=list)
    books: dict[MonitorKey, Book] = field(default_factory=dict)
    orders: dict[str, SimOrder] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    past: dict[str, list[SimOrder]] = field(default_factory=dict)
    open: dict[tuple[str, str], dict[str, SimOrder]] = field(default_factory=dict)
    claims: dict[tuple[str, str], Claim] = field(default_factory=dict)
    external: set[str] = field(default_factory=set)
    like_ours: set[str] = field(default_factory=set)
    sent: set[tuple[str, str]] = field(default_factory=set)
    runs: dict[str, RunLog] = field(default_factory=dict)
    alerts: list[Alert] = field(default_factory=list)
    delivered: list[Alert] = field(default_factory=list)
    shown: dict[str, set[Decimal]] = field(default_factory=dict)
    late_until: dict[str, int] = field(default_factory=dict)
    too_late: dict[str, list[int]] = field(default_factory=dict)
    request_items: Sequence[Mapping[str, Any]] = ()
    request_ms: int = 0
    stale: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    hidden_ms: dict[str, int] = field(default_factory=dict)
    known: dict[str, list[TimedQuantity]] = field(default_factory=dict)
    rules: dict[str, InstrumentSpec] = field(default_factory=dict)
    rules_ms: dict[str, int] = field(default_factory=dict)
    prices: dict[str, list[TimedQuantity]] = field(default_factory=dict)
    takes_orders: dict[str, bool] = field(default_factory=dict)
    streams: StreamCoverage = field(default_factory=StreamCoverage)
    raised: dict[MonitorKey | None, int] = field(default_factory=dict)
    requests: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    running: MonitorKey | None = None
    began_ms: dict[MonitorKey, int] = field(default_factory=dict)
    refused_ms: dict[MonitorKey, int] = field(default_factory=dict)
    halt_shown: dict[str, tuple[int, set[MonitorKey | None]]] = field(default_factory=dict)

    def decided_ms(self, key: MonitorKey, committed_ms: int) -> int:
        """When what a commit of the monitor holds was decided: when it was tried first."""
        return self.refused_ms.get(key, committed_ms)

    def set_controls(self, controls: tuple[Control, ...], at_ms: int) -> None:
        """Somebody has paused, halted or resumed something."""
        self.controls_before.append((at_ms, self.controls))
        self.controls = controls

    def controls_at(self, at_ms: int) -> tuple[Control, ...]:
        """The pauses and halts that were in force then."""
        before = (controls for changed_ms, controls in self.controls_before if changed_ms > at_ms)
        return next(before, self.controls)

    def is_too_late(self, uid: str, at_ms: int) -> bool:
        """Whether what changes now is the effect of a write that arrives too late."""
        arrived = self.too_late.get(uid, ())
        return self.cause is Cause.DELAYED and any(0 <= at_ms - at <= _EFFECT_MS for at in arrived)

    def place_of(self, uid: str, symbol: str) -> tuple[str, str, str]:
        """What a request for the symbol counts for: runs of a live engine lie in each other."""
        return uid, symbol, self.running.side.value if self.running else ""

    def claim_on(self, uid: str, order: SimOrder) -> Claim | None:
        """What the database says about the order; None if it is not ours.

        An order that is sent again keeps its link id; its order id is not on record any more.
        """
        by_link = self.claims.get((uid, order.link_id)) if order.link_id else None
        return by_link or self.claims.get((uid, order.order_id))

    def books_of(self, uid: str, symbol: str) -> Iterator[Book]:
        """The monitors of one symbol of an account."""
        for book in self.books.values():
            if book.key.account == uid and book.key.symbol == symbol:
                yield book

    def is_stop_of_ours(self, uid: str, order: SimOrder) -> bool:
        """Whether the order is the stop of a monitor of ours, or ever was."""
        books = self.books_of(uid, order.symbol) if order.link_id else ()
        return any(order.link_id in book.protection.link_ids for book in books)

    def open_orders(self, uid: str, symbol: str) -> tuple[SimOrder, ...]:
        """The open orders of one symbol of an account."""
        return tuple(self.open.get((uid, symbol), {}).values())

    def states_of(self, uid: str, *, order_id: str = "", link_id: str = "") -> list[SimOrder]:
        """All states of the order, oldest first."""
        if order_id:
            return self.past.get(order_id, [])
        return [
            state
            for known, states in self.past.items()
            if self.accounts[known] == uid
            for state in states
            if state.link_id == link_id
        ]

    def note_rules(self, changed: InstrumentSpec, at_ms: int) -> None:
        """Records the rules of a contract that the exchange changes now."""
        self.rules[changed.symbol] = changed
        self.rules_ms[changed.symbol] = at_ms

    def note_price(self, symbol: str, price: Decimal, at_ms: int) -> None:
        """Records where the market of a contract is from now on."""
        self.prices.setdefault(symbol, []).append(TimedQuantity(at_ms, price))

    def note_recorded_fill(self, order_id: str, filled: Decimal, at_ms: int) -> None:
        """Records how much of an order the engine knows to be filled."""
        known = self.known.setdefault(order_id, [])
        if filled > (known[-1].quantity if known else ZERO):
            known.append(TimedQuantity(at_ms, filled))

    def unknown_fills(self, book: Book, at_ms: int) -> Decimal:
        """How much of the monitor's orders had filled without being on record at that time."""
        unknown = ZERO
        for order in self.orders.values():
            claim = self.claim_on(book.key.account, order) if order.filled else None
            if claim is not None and claim.key == book.key:
                known = [o for o in self.known.get(order.order_id, ()) if o.at_ms <= at_ms]
                unknown += order.filled - (known[-1].quantity if known else ZERO)
        return unknown

    def raises(self, at_most: int) -> bool:
        """The history raises an exception in the run under way, unless it has raised so many."""
        raised = self.raised.get(self.running, 0)
        if raised < at_most:
            self.raised[self.running] = raised + 1
        return raised < at_most

    def ends_raised(self, key: MonitorKey) -> int:
        """A run of the monitor breaks off: how many exceptions the history had raised in it.

        Runs take turns: a run may wait for the database while another one breaks off, and one that
        has begun to wait counts as under way until the next one begins.
        """
        found = (self.raised.pop(one, 0) for one in (key, None, *self.raised))
        return next(filter(None, found), 0)

    def stood_by(self, at_ms: int) -> int:
        """For how long altogether trueup could send nothing, up to that time."""
        return self.stood_ms - max(self.stands_until_ms - at_ms, 0)

    def since(self, dated: Sequence[TimedQuantity], at_ms: int) -> list[Decimal]:
        """The quantity that held at a time, and all later ones, newest first."""
        found: list[Decimal] = []
        for one in reversed(dated):
            found.append(one.quantity)
            if one.at_ms <= at_ms:
                break
        return found
