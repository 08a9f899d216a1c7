"""What the engine needs of the world, as protocols that adapters and storage fulfil."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Protocol, runtime_checkable

from .keys.facts import KeyAnswer, KeyRecord
from .model.alert import Alert, PendingAlert
from .model.commands import AmendOrder, CancelOrder, PlaceOrder
from .model.events import Event, UnwatchedPosition
from .model.exchange_facts import Lateness, LinkIdForm
from .model.identity import MonitorKey, PositionMode, Role
from .model.instrument import Instrument
from .model.intent import Intent
from .model.journal import Decision, ExchangeCall, Transition
from .model.ladder import Ladder
from .model.observation import Reading, Unknown
from .model.order import Execution
from .model.outcomes import LookUp, WriteOutcome
from .model.record import MonitorRecord, Source
from .reporting.account_status import AccountStatus
from .reporting.engine_start import EngineStart
from .stopping.controls import Controls
from .tracking.feed import StreamEvent

Moment = timedelta
"""A moment of the monotonic clock: how long it is after a fixed moment that nobody states.

Moments are compared with, and subtracted from, moments of the same machine since its start.
"""

WhyHeld = Callable[[], str]
"""Why a write must not leave, as of now; empty if it may."""


def never_held() -> str:
    """A :data:`WhyHeld` of writes that nothing holds back."""
    return ""


class Exchange(Protocol):
    """One account at the exchange. It cannot reach another account's orders (promise P8).

    No method raises for anything that the exchange or the network does: outcomes are values.
    """

    @property
    def account(self) -> str:
        """The account's name."""
        ...

    @property
    def position_mode(self) -> PositionMode:
        """The account's position mode."""
        ...

    @property
    def lateness(self) -> Lateness:
        """How late the exchange may execute a request, and how late reads may show the effect."""
        ...

    @property
    def link_ids(self) -> LinkIdForm:
        """What the exchange accepts as an order link id."""
        ...

    @property
    def requests(self) -> int:
        """How many requests the calling thread has sent to the account so far."""
        ...

    def observe(self, symbols: Sequence[str]) -> Reading:
        """Positions and open orders of these symbols, each asked for by its name.

        So a row says of each position that it is open or flat. A live view answers with what it
        knows; it shows a position as flat only where that is established
        (:mod:`...domain.tracking.symbol_view`).

        What cannot be understood of one symbol is unread, and all others are read (promise P8).
        Where only that symbol is asked for, the reading is no observation, but what is left of one.
        """
        ...

    def invalidate(self, symbol: str, reason: str) -> None:
        """Says that what was last known of the symbol is wrong: it has to be read again."""
        ...

    def note(self, symbol: str, write: Intent) -> None:
        """Tells what is on record of a write of the symbol: that it is open, or how it ended.

        A live view does not answer while the exchange has accepted a write that it does not show.
        """
        ...

    def outdated(self, symbol: str, changes: int | None, read: int = 0) -> str:
        """Why an observation with that count of changes is not known to hold any more.

        Where the exchange was read, the number of the read says which; 0 stands for the last one.

        Empty where it holds, and always for an exchange without a live view, which cannot know.
        Changes that are no more than the effects of writes of this process do not count.
        """
        ...

    def instrument(
        self, symbol: str, *, since: Moment | None = None
    ) -> Instrument | Unknown | None:
        """The symbol's rules, and whether it takes orders; None if the exchange knows no such.

        An adapter may keep rules for a while. With ``since`` it returns only what was read later
        than that.
        """
        ...

    def other_kind(self, symbol: str) -> str:
        """What else the exchange trades by this name, such as ``a spot pair``.

        Empty where it trades nothing by it, or where that could not be read.
        """
        ...

    def place(
        self, orders: Sequence[PlaceOrder], why_held: WhyHeld = never_held
    ) -> tuple[WriteOutcome, ...]:
        """Places new orders; returns one outcome per order, in their sequence.

        Each request is held against the present after all waiting, right before it is signed: if
        ``why_held`` then gives a reason, neither it nor any later one leaves.
        """
        ...

    def amend(
        self, orders: Sequence[AmendOrder], why_held: WhyHeld = never_held
    ) -> tuple[WriteOutcome, ...]:
        """Changes orders; returns one outcome per order, in their sequence.

        ``why_held`` is asked as for :meth:`place`.
        """
        ...

    def cancel(
        self, orders: Sequence[CancelOrder], why_held: WhyHeld = never_held
    ) -> tuple[WriteOutcome, ...]:
        """Cancels orders; returns one outcome per order, in their sequence.

        ``why_held`` is asked as for :meth:`place`.
        """
        ...

    def look_up(self, symbol: str, *, order_link_id: str = "", order_id: str = "") -> LookUp:
        """What became of one order: open orders, then history, then executions.

        With both ids given the order id decides.
        """
        ...

    def executions(self, symbol: str, since_ms: int) -> tuple[Execution, ...] | Unknown:
        """All trades of the symbol that moved a position of the account since that time.

        The time is the exchange's, in epoch milliseconds.
        Walked to the last page; in any sequence. What the exchange no longer keeps is left out.
        """
        ...

    def trades(self, symbol: str) -> tuple[Execution, ...]:
        """The trades of the symbol that are known without a request, oldest first; perhaps none."""
        ...

    def survey(self, symbols: Sequence[str] | None = None) -> Reading:
        """Every open position and every open order of the account, walked to the last page.

        With ``symbols`` the reading covers at least these: an adapter may leave out what settles
        in coins that none of them settles in.

        That it lacks a position proves nothing: :meth:`observe` asks for it by its symbol.
        What cannot be understood of one symbol is unread in the observation, watched or not.
        """
        ...


@runtime_checkable
class KeyHolder(Protocol):
    """An exchange that can say whose its account's API key is, and what the key may do.

    An exchange that lacks this says nothing of its key, as an environment without the endpoint.
    """

    def key_facts(self) -> KeyAnswer:
        """Asks the exchange about the key; raises for nothing that exchange or network do."""
        ...


class Feed(Protocol):
    """What the exchange reports of one account as it happens.

    It keeps itself alive: after every loss it opens again by itself, until it is stopped.
    """

    @property
    def account(self) -> str:
        """The account's name."""
        ...

    def start(self, handle: Callable[[StreamEvent], None]) -> None:
        """Starts the feed; returns at once.

        ``handle`` is called with every event, one after the other, from a thread that feeds may
        share: it has to return soon, and the feed catches whatever it raises.
        """
        ...

    def stop(self) -> None:
        """Stops the feed: ``handle`` is no longer called."""
        ...

    def ping(self) -> None:
        """Asks for a sign of life, which arrives as :class:`~.feed.Alive`; returns at once.

        When it arrives, every event that the exchange sent before it has been handled.
        """
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """What one step of a run changes, committed in one transaction: all of it or nothing.

    Attributes:
        record: the monitor as it should be stored; ``record.version`` is the one it was read with.
        intents: new or changed intents, by id.
        alert: for the outbox, in the step that ends the run.
        events: what happened, in the same step.
        targets: the quantity that should rest for each level; None leaves the stored ones.
        before: the record as it is stored, where the caller has it: the orders of a position that
            is over stay readable.
    """

    record: MonitorRecord
    transitions: tuple[Transition, ...] = ()
    calls: tuple[ExchangeCall, ...] = ()
    decisions: tuple[Decision, ...] = ()
    intents: tuple[Intent, ...] = ()
    alert: Alert | None = None
    targets: Mapping[int, Decimal] | None = None
    before: MonitorRecord | None = None
    events: tuple[Event, ...] = ()


class Store(Controls, Protocol):
    """The database of monitors, journals, intents, alerts and controls."""

    def watch(
        self,
        key: MonitorKey,
        role: Role,
        follows: str | None,
        ladder: Ladder | None,
        *,
        source: Source = Source.CALLER,
    ) -> MonitorRecord:
        """The monitor of that key, made if there is none; a ladder given replaces the stored.

        A ladder of None leaves the stored one.
        """
        ...

    def load(self, key: MonitorKey) -> MonitorRecord | None:
        """The monitor, or None."""
        ...

    def monitors(self) -> tuple[MonitorRecord, ...]:
        """All monitors, by key."""
        ...

    def open_intents(self, monitor_id: int) -> tuple[Intent, ...]:
        """Intents of the monitor that are not settled, oldest first."""
        ...

    def run_intents(self, run_id: str) -> tuple[Intent, ...]:
        """All intents of a run that is under way; of one that has ended the open; oldest first."""
        ...

    def commit(self, step: Step) -> MonitorRecord:
        """Makes the step durable and returns the record with its new version.

        Raises:
            Fenced: the monitor's version is not the one the step was made from.
            Unstorable: the database refuses a value of the step.
            StoreError: the database cannot be written.
        """
        ...

    def wake(self, key: MonitorKey) -> None:
        """Counts a wake of the monitor, without touching its version."""
        ...

    def wakes(self, monitor_id: int) -> int:
        """The monitor's count of wakes now."""
        ...

    def waits(self, monitor_id: int, until: datetime, why: str) -> None:
        """Notes until when the monitor's run waits, and for what, for people.

        It is no commit: the version stays, and the next commit ends the wait.
        """
        ...

    def swept(self, status: AccountStatus) -> None:
        """Stores an account's last sweep, in place of the one before."""
        ...

    def engine_started(self, start: EngineStart) -> int:
        """Records a start of the service; returns its number."""
        ...

    def engine_stopped(self, number: int, at: datetime) -> None:
        """Records that the service of that start has stopped."""
        ...

    def key_records(self) -> tuple[KeyRecord, ...]:
        """What is on record of the accounts' API keys, by account."""
        ...

    def key_read(self, record: KeyRecord, alert: Alert | None = None) -> None:
        """Stores what was read of a key, and puts an alert about it into the outbox.

        Raises:
            StoreError: the alert's monitor is not on record, or the database cannot be written.
        """
        ...

    def last_alert(self, monitor_id: int) -> Alert | None:
        """The monitor's newest alert, or None."""
        ...

    def pending_alerts(self, after: int = 0, limit: int = 100) -> tuple[PendingAlert, ...]:
        """Alerts that some sink does not have yet, oldest first, with ids above ``after``."""
        ...

    def unwatched(self) -> tuple[tuple[MonitorKey, UnwatchedPosition], ...]:
        """The positions on record that no monitor watches, oldest first."""
        ...

    def note_unwatched(
        self, key: MonitorKey, event: UnwatchedPosition, at: datetime, alert: Alert | None = None
    ) -> None:
        """Records a position that no monitor watches, or that this is over, with an alert.

        Raises:
            StoreError: the database cannot be written.
        """
        ...

    def note_deliveries(self, alerts: Sequence[PendingAlert]) -> None:
        """Notes how far these alerts have got at each sink."""
        ...

    def close(self) -> None:
        """Closes the database; a second call does nothing."""
        ...


class Clock(Protocol):
    """Time, as a port: tests bring a clock of their own.

    A person, or the machine, may set the wall clock forth or back at any time. So every duration,
    timer and budget is measured between moments, and the wall clock is for records and
    signatures alone (promise P13).
    """

    def now(self) -> datetime:
        """Now by the wall clock, aware, in UTC: for records and signatures."""
        ...

    def moment(self) -> Moment:
        """Now by a clock that nobody sets, and that goes on while the machine sleeps."""
        ...

    def sleep(self, duration: timedelta) -> None:
        """Waits."""
        ...


class Randomness(Protocol):
    """Randomness: drawn once per new id, committed with the intent, never per attempt."""

    def run_id(self) -> str:
        """A new run's id."""
        ...

    def digits(self) -> int:
        """A number from 1000 to 9999, for an order link id."""
        ...

    def jitter(self) -> Fraction:
        """A fraction from 0 up to 1, to spread retries."""
        ...


class AlertSink(Protocol):
    """Where alerts go."""

    def deliver(self, alert: Alert) -> None:
        """Delivers the alert; any exception means that it was not delivered."""
        ...
