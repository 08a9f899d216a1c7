"""What the engine needs of the world, as protocols that adapters fulfil."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Protocol, runtime_checkable

from .keys.facts import KeyAnswer
from .model.alert import Alert
from .model.commands import AmendOrder, CancelOrder, PlaceOrder
from .model.identity import PositionMode
from .model.instrument import Instrument
from .model.intent import Intent
from .model.observation import OpenPositions, Reading, Unknown
from .model.order import Execution
from .model.outcomes import LookUp, WriteOutcome
from .model.protection import StopCommand, StopIntent
from .tracking.feed import StreamEvent
from .tracking.older_reads import SeqShown
from .venue.exchange_facts import Lateness, LinkIdForm
from .venue.price_range import PriceRange

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

    def note(self, symbol: str, write: Intent | StopIntent) -> None:
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

    def seq_shown(self, symbol: str, index: int) -> SeqShown | None:
        """The newest ``seq`` of a position that events, or reads, have shown to this process.

        None where none has, and always for an exchange without a live view.
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

    def set_stop(self, command: StopCommand, why_held: WhyHeld = never_held) -> WriteOutcome:
        """Sets the stop of a position, in a request of its own; an acknowledgement only.

        The same request again does no harm: an order has its link id. ``why_held`` is asked as for
        :meth:`place`.
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

    def trades(self, symbol: str, order_ids: Collection[str]) -> tuple[Execution, ...]:
        """The trades of these orders that are known without a request, oldest first."""
        ...

    def price_range(self, symbol: str, since_ms: int) -> PriceRange | Unknown:
        """How far the mark price has gone since that time of the exchange's, epoch milliseconds.

        It may leave out the first minutes; of a long time, the first hours.
        """
        ...

    def survey(self, symbols: Sequence[str] | None = None) -> Reading:
        """Every open position and every open order of the account, walked to the last page.

        With ``symbols`` the reading covers at least these: an adapter may leave out what settles
        in coins that none of them settles in.

        That it lacks a position proves nothing: :meth:`observe` asks for it by its symbol.
        What cannot be understood of one symbol is unread in the observation, watched or not.
        """
        ...

    def open_positions(self, symbols: Sequence[str] | None = None) -> OpenPositions | Unknown:
        """The positions of a :meth:`survey` alone, read without any order.

        That they lack a position proves nothing here, either.
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
        """Delivers the alert; any exception means that it was not delivered.

        One that says for how long the sink wants to be left alone is
        :class:`~.model.errors.NotTaken`.
        """
        ...


@runtime_checkable
class ChoosingSink(Protocol):
    """A sink that does not want every alert. One that lacks this gets them all."""

    def wants(self, alert: Alert) -> bool:
        """Whether the alert is for this sink; the same for the same alert at every call."""
        ...
