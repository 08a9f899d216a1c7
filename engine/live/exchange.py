"""An exchange with a live view: no read before a write, and none after it.

:class:`LiveExchange` implements the port ``Exchange`` around another exchange, which it asks only
where it has to. A feed, the account's private stream, keeps a view of the account
(:mod:`.account`).

- An observation or a look-up is **answered from the view** where the view may be used. If only
  further events can complete the view (a fill arrived before its order, a write was not confirmed
  yet), the caller waits for them for at most ``settle_within``.
- Otherwise **the exchange is asked**, and the reply is merged into the view. That is the case
  before the first survey, after the stream was lost or fell silent, and for a symbol whose view
  was invalidated. A reply that an event overtook is no answer: an older read never overrides
  fresher knowledge.
- Writes always go to the exchange.

A caller gets the same answers as without the stream, only sooner. The stream does one more thing:
it wakes monitors (``on_change``).
"""

import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import TypeVar

from ...domain.model.commands import AmendOrder, CancelOrder, PlaceOrder
from ...domain.model.errors import ConfigurationError
from ...domain.model.identity import PositionMode, Side
from ...domain.model.instrument import Instrument
from ...domain.model.intent import Intent
from ...domain.model.observation import Observation, OpenPositions, Reading, Unknown
from ...domain.model.order import Execution
from ...domain.model.outcomes import Absent, Found, LookUp, Unsure, WriteOutcome
from ...domain.model.protection import StopCommand, StopIntent
from ...domain.ports import Clock, Exchange, Feed, Moment, WhyHeld, never_held
from ...domain.tracking.feed import FillEvent, Lost, Opened, PositionEvent, StreamEvent
from ...domain.tracking.older_reads import SeqShown
from ...domain.venue.exchange_facts import Lateness, LinkIdForm
from ...domain.venue.price_range import PriceRange
from .account import LiveAccount, ViewSnapshot
from .liveness import Liveness
from .open_writes import makes_room
from .recent_trades import RecentTrades
from .settings import LiveSettings
from .status import SILENCE, LiveStatus, ViewState
from .waiting import RealWaiting, Waiting

NOT_CURRENT = "the stream does not say whether anything has changed"
VIEW_CHANGED = "the position or its orders changed meanwhile"

_Command = TypeVar("_Command", PlaceOrder, AmendOrder, CancelOrder)


class LiveExchange:
    """Implements :class:`~trueup.domain.ports.Exchange` with a feed and another exchange.

    All methods may be called from any thread. No lock is held during a request or a wait.

    Args:
        exchange: read where the view may not be used; all writes go there.
        feed: the private stream of the same account.
        clock: the time.
        on_change: called with a symbol and the side of its position (None for either) when an
            event may have left something to do. The feed's thread calls it: it must return soon.
        on_survey_needed: called with the reason when the whole account has to be surveyed: after
            each opening of the feed, when the view is lost, and when the first opening fails.
            It must return soon, too.
        settings: how long to wait for what.
        waiting: how to wait; in real time by default.

    Attributes:
        on_open: called with each position that an event shows open; it must return soon, too.

    Raises:
        ConfigurationError: ``feed`` and ``exchange`` belong to different accounts.
    """

    def __init__(
        self,
        exchange: Exchange,
        feed: Feed,
        clock: Clock,
        *,
        on_change: Callable[[str, Side | None], None],
        on_survey_needed: Callable[[str], None],
        settings: LiveSettings | None = None,
        waiting: Waiting | None = None,
    ) -> None:
        if feed.account != exchange.account:
            raise ConfigurationError("the feed is of another account", account=exchange.account)
        self._exchange = exchange
        self._feed = feed
        self._clock = clock
        self._on_change = on_change
        self._on_survey_needed = on_survey_needed
        self.on_open: Callable[[str, Side], None] = lambda _symbol, _side: None
        self._settings = settings or LiveSettings()
        self._waiting = waiting or RealWaiting()
        self._view = LiveAccount(exchange.lateness.reads, clock)
        self._liveness = Liveness(feed, self._view, clock, self._settings, on_survey_needed)
        self._trades = RecentTrades()
        self._counting = threading.Lock()
        self._from_view = 0
        self._by_read = 0

    # -- the feed -------------------------------------------------------------------------

    def start(self) -> None:
        """Starts the feed; returns at once."""
        self._feed.start(self._handle)

    def stop(self) -> None:
        """Stops the feed; from then on the exchange is asked for everything."""
        self._feed.stop()
        self._view.stream_lost("stopped")

    def close(self) -> None:
        """Stops the feed and closes the exchange's connections."""
        self.stop()
        close = getattr(self._exchange, "close", None)
        if close is not None:
            close()

    @property
    def status(self) -> LiveStatus:
        """The status of the view."""
        received = self._view.received
        reason = self._view.lost
        if not reason and not self._view.is_surveyed:
            reason = "not surveyed since the feed was opened"
        if not reason and self._liveness.is_overdue():
            reason = SILENCE
        return LiveStatus(
            self.account,
            ViewState.UNKNOWN if reason else ViewState.SYNCED,
            reason,
            self._view.received_at,
            self._view.invalidations,
            self._from_view,
            self._by_read,
            None if received is None else self._clock.moment() - received,
        )

    def _handle(self, event: StreamEvent) -> None:
        match event:
            case Opened():
                self._view.stream_opened()
                self._on_survey_needed("the feed was opened")
            case Lost(reason=reason):
                if self._view.stream_lost(reason):
                    self._on_survey_needed(reason)
            case _:
                if isinstance(event, FillEvent):
                    self._trades.note(event)
                change = self._view.apply(event)
                if change is not None:
                    self._on_change(*change)
                if isinstance(event, PositionEvent) and event.position is not None:
                    self.on_open(event.symbol, event.position.side)
        self._waiting.notify()

    # -- reads ----------------------------------------------------------------------------

    @property
    def account(self) -> str:
        """The account's name."""
        return self._exchange.account

    @property
    def position_mode(self) -> PositionMode:
        """The account's position mode."""
        return self._exchange.position_mode

    @property
    def lateness(self) -> Lateness:
        """How late the exchange may execute a request, and how late reads may show the effect."""
        return self._exchange.lateness

    @property
    def link_ids(self) -> LinkIdForm:
        """What the exchange accepts as an order link id."""
        return self._exchange.link_ids

    @property
    def requests(self) -> int:
        """How many requests the calling thread has sent to the account so far."""
        return self._exchange.requests

    def instrument(
        self, symbol: str, *, since: Moment | None = None
    ) -> Instrument | Unknown | None:
        """The symbol's rules, and whether it takes orders; None if the exchange knows no such."""
        return self._exchange.instrument(symbol, since=since)

    def other_kind(self, symbol: str) -> str:
        """What else the exchange trades by this name; empty for nothing."""
        return self._exchange.other_kind(symbol)

    def observe(self, symbols: Sequence[str]) -> Reading:
        """Positions and open orders of these symbols: from the view, or else by a read.

        An observation from the view is of the time of the stream's last sign of life: it has
        everything that happened until then.
        """
        return self.known(symbols) or self._read(symbols)

    def known(self, symbols: Sequence[str]) -> Observation | None:
        """The same from the view alone, without a request; None if the view may not be used."""
        if self._liveness.is_silent() or self._view.stale(symbols):
            return None
        self._liveness.refresh()
        seen: ViewSnapshot | None = None

        def is_answered() -> bool:
            nonlocal seen
            seen = self._view.snapshot(symbols) if self._liveness.is_fresh() else None
            return seen is not None or bool(self._view.stale(symbols))

        self._waiting.until(is_answered, self._settings.settle_within)
        if seen is None:
            return None
        with self._counting:
            self._from_view += 1
        return Observation(
            self.account,
            seen.at,
            seen.positions,
            seen.orders,
            flat=seen.flat,
            changes=seen.changes,
        )

    def invalidate(self, symbol: str, reason: str) -> None:
        """Makes the next observation of the symbol a read: the last one cannot be right."""
        self._view.invalidate(symbol, reason)

    def note(self, symbol: str, write: Intent | StopIntent) -> None:
        """Notes what is on record of a write: the view does not answer before it shows it."""
        self._view.note_write(symbol, write)

    def outdated(self, symbol: str, changes: int | None, read: int = 0) -> str:
        """Why the view is no longer known to be as it was with that count of changes.

        What the exchange sent while this process stood still waits in buffers. So where the last
        sign of life is not of this moment, the stream is pinged: its answer comes after all that.
        Where the exchange was read, only what shows another position since that read says so.
        """
        if changes is None:
            return self._view.overtaken(symbol, read)
        if self._view.lost:
            return self._view.lost
        if not self._liveness.is_current() and not self._catch_up():
            self._view.invalidate(symbol, NOT_CURRENT)
            return NOT_CURRENT
        return VIEW_CHANGED if self._view.changes((symbol,)) != changes else ""

    def seq_shown(self, symbol: str, index: int) -> SeqShown | None:
        """The newest ``seq`` that events, sweeps and reads have shown of a position."""
        return self._view.seq_shown(symbol, index)

    def _catch_up(self) -> bool:
        """Waits until every event has been handled that the exchange has sent so far."""
        answers = self._view.alives
        self._feed.ping()
        self._waiting.until(
            lambda: self._view.alives != answers or bool(self._view.lost),
            self._settings.settle_within,
        )
        return self._view.alives != answers

    def survey(self, symbols: Sequence[str] | None = None) -> Reading:
        """Every open position and every open order, by a read; it syncs the view.

        With ``symbols`` it syncs the views of these, and of all others that the read shows.
        """
        mark = self._view.mark_read()
        reading = self._exchange.survey(symbols)
        if isinstance(reading, Observation):
            contradicted = self._view.apply_survey(reading, mark, symbols)
            self._waiting.notify()
            for symbol in contradicted:
                self._on_change(symbol, None)
        return reading

    def open_positions(self, symbols: Sequence[str] | None = None) -> OpenPositions | Unknown:
        """Every open position of the account, by a read; the view keeps what it has."""
        return self._exchange.open_positions(symbols)

    def look_up(self, symbol: str, *, order_link_id: str = "", order_id: str = "") -> LookUp:
        """What became of one order: from the view if the order's end was received, else asked.

        While a cancel of ours is on its way, the caller waits for the order's end. That the
        exchange finds it nowhere is no answer while reads may lag behind an event that showed it.
        """
        ids = {"order_id": order_id, "order_link_id": order_link_id}
        if self._view.is_cancel_pending(symbol, **ids):
            self._waiting.until(
                lambda: (
                    self._view.closed_order(symbol, **ids) is not None
                    or not self._view.is_cancel_pending(symbol, **ids)
                ),
                self._settings.settle_within,
            )
        closed = self._view.closed_order(symbol, **ids)
        if closed is not None:
            return Found(closed)
        mark = self._view.mark_read()
        answer = self._exchange.look_up(symbol, **ids)
        if isinstance(answer, Found):
            self._view.apply_look_up(answer.order, mark)
        elif isinstance(answer, Absent):
            shown = self._view.shown_open(symbol, **ids)
            return answer if shown is None else Found(shown, unlisted=True)
        return answer

    def executions(self, symbol: str, since_ms: int) -> tuple[Execution, ...] | Unknown:
        """All trades of the symbol since that time, by a read: the view keeps no trades."""
        return self._exchange.executions(symbol, since_ms)

    def price_range(self, symbol: str, since_ms: int) -> PriceRange | Unknown:
        """How far the market has gone, by a read: the view keeps no prices."""
        return self._exchange.price_range(symbol, since_ms)

    def trades(self, symbol: str, order_ids: Collection[str]) -> tuple[Execution, ...]:
        """The newest trades of these orders that the feed has reported, for reports."""
        return self._trades.of(symbol, order_ids)

    def _read(self, symbols: Sequence[str]) -> Reading:
        with self._counting:
            self._by_read += 1
        mark = self._view.mark_read()
        reading = self._exchange.observe(symbols)
        if isinstance(reading, Observation):
            outdated = self._view.apply_read(reading, mark, symbols)
            self._waiting.notify()
            if outdated:
                return self.known(symbols) or Unknown(self.account, self._clock.now(), outdated)
            orders = self._view.freshened(reading.orders)
            return replace(reading, orders=orders, read=mark.number)
        return reading

    # -- writes ---------------------------------------------------------------------------

    def place(
        self, orders: Sequence[PlaceOrder], why_held: WhyHeld = never_held
    ) -> tuple[WriteOutcome, ...]:
        """Requests new orders; returns one outcome per order, in their sequence."""
        return self._write(orders, why_held, self._exchange.place)

    def amend(
        self, orders: Sequence[AmendOrder], why_held: WhyHeld = never_held
    ) -> tuple[WriteOutcome, ...]:
        """Requests changes; returns one outcome per order, in their sequence."""
        return self._write(orders, why_held, self._exchange.amend)

    def cancel(
        self, orders: Sequence[CancelOrder], why_held: WhyHeld = never_held
    ) -> tuple[WriteOutcome, ...]:
        """Requests cancels; returns one outcome per order, in their sequence."""
        return self._write(orders, why_held, self._exchange.cancel)

    def set_stop(self, command: StopCommand, why_held: WhyHeld = never_held) -> WriteOutcome:
        """Requests the stop of a position."""
        outcome: WriteOutcome = Unsure("the call was interrupted")
        try:
            outcome = self._exchange.set_stop(command, why_held)
        finally:
            self._view.answered(command.symbol, outcome, room_comes=False)
        self._waiting.notify()
        return outcome

    def _write(
        self,
        orders: Sequence[_Command],
        why_held: WhyHeld,
        send: Callable[[Sequence[_Command], WhyHeld], tuple[WriteOutcome, ...]],
    ) -> tuple[WriteOutcome, ...]:
        outcomes: Sequence[WriteOutcome] = [Unsure("the call was interrupted")] * len(orders)
        try:
            outcomes = answers = send(orders, why_held)
        finally:
            room_comes = any(map(makes_room, orders, outcomes))
            for order, outcome in zip(orders, outcomes, strict=True):
                self._view.answered(order.symbol, outcome, room_comes=room_comes)
        self._waiting.notify()
        return answers
