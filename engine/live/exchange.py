"""An exchange that knows what the feed tells: no read before a write, and none after it.

It fulfils the port ``Exchange`` around one that asks. What it says is what was told, or what was
asked for just now; where neither is sure, it asks. The answers are the same, only sooner.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from ...domain.model.commands import AmendOrder, CancelOrder, PlaceOrder
from ...domain.model.errors import ConfigurationError
from ...domain.model.exchange_facts import Lateness, LinkIdForm
from ...domain.model.feed import Lost, Opened, StreamEvent
from ...domain.model.identity import PositionMode, Side
from ...domain.model.instrument import Instrument
from ...domain.model.observation import Observation, Reading, Unknown
from ...domain.model.outcomes import Found, LookUp, Unsure, WriteOutcome
from ...domain.ports import Clock, Exchange, Feed
from .account import Known, LiveAccount
from .waiting import RealWaiting, Waiting

SILENCE = "the feed is silent"

_Command = TypeVar("_Command", PlaceOrder, AmendOrder, CancelOrder)


class ViewState(StrEnum):
    """How much of the account is known without asking."""

    SYNCED = "synced"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LiveSettings:
    """The patience of a live exchange.

    Attributes:
        settle_within: how long is waited for what is still to be told, before it is asked for.
        fresh_for: a sign of life that is older is asked for anew before anything is answered.
        silent_after: without a sign of life for so long, nothing that was told counts any more.
    """

    settle_within: timedelta = timedelta(seconds=1)
    fresh_for: timedelta = timedelta(seconds=2)
    silent_after: timedelta = timedelta(seconds=30)

    def __post_init__(self) -> None:
        if min(self.settle_within, self.fresh_for) < timedelta(0):
            raise ConfigurationError("a patience of a live exchange is negative")
        if self.silent_after <= self.fresh_for:
            raise ConfigurationError("silent_after has to be longer than fresh_for")


@dataclass(frozen=True, slots=True)
class LiveStatus:
    """The view as it stands, for people.

    Attributes:
        reason: why it is unknown; empty if it is proven.
        heard_at: the feed's last sign of life.
        doubts: symbols that are read before they are used again, and why.
        from_view: observations answered without a request.
        by_read: observations that were asked for.
    """

    account: str
    state: ViewState
    reason: str
    received_at: datetime | None
    invalidations: tuple[tuple[str, str], ...]
    from_view: int
    by_read: int


class LiveExchange:
    """Fulfils :class:`~trueup.domain.ports.Exchange` with a feed and an exchange that is asked.

    Threads may share it. No lock is held while anything is asked or waited for.

    Args:
        exchange: asked where the view does not know; all writes go there.
        feed: tells what happens to the same account.
        clock: what times are taken from.
        woken: told a symbol and the side of its position (None: either) after news that may
            leave something to do. It is called by the feed's thread and has to return soon.
        doubted: told why the whole account has to be surveyed: once after each loss of the
            view, or where the first opening failed, and once after each opening of the feed.
            Called likewise.
        settings: how long is waited for what.
        waiting: how to wait; in real time by default.

    Raises:
        ConfigurationError: feed and exchange are of different accounts.
    """

    def __init__(
        self,
        exchange: Exchange,
        feed: Feed,
        clock: Clock,
        *,
        woken: Callable[[str, Side | None], None],
        invalidated: Callable[[str], None],
        settings: LiveSettings | None = None,
        waiting: Waiting | None = None,
    ) -> None:
        if feed.account != exchange.account:
            raise ConfigurationError("the feed is another account's", account=exchange.account)
        self._exchange = exchange
        self._feed = feed
        self._clock = clock
        self._woken = woken
        self._invalidated = invalidated
        self._settings = settings or LiveSettings()
        self._waiting = waiting or RealWaiting()
        self._known = LiveAccount(exchange.lateness.reads)
        self._counting = threading.Lock()
        self._silent = False
        self._from_view = 0
        self._by_read = 0

    # -- the feed -------------------------------------------------------------------------

    def start(self) -> None:
        """Starts the feed; returns at once."""
        self._feed.start(self._take)

    def stop(self) -> None:
        """Stops the feed; from then on everything is asked for."""
        self._feed.stop()
        self._known.lose("stopped")

    def close(self) -> None:
        """Stops the feed and closes the exchange's connections."""
        self.stop()
        close = getattr(self._exchange, "close", None)
        if close is not None:
            close()

    @property
    def status(self) -> LiveStatus:
        """The view as it stands."""
        reason = self._known.lost
        if not reason and not self._known.is_surveyed:
            reason = "not surveyed since the feed was opened"
        if not reason and self._is_older_than(self._settings.silent_after):
            reason = SILENCE
        return LiveStatus(
            self.account,
            ViewState.UNKNOWN if reason else ViewState.SYNCED,
            reason,
            self._known.received_at,
            self._known.invalidations,
            self._from_view,
            self._by_read,
        )

    def _take(self, news: StreamEvent) -> None:
        match news:
            case Opened():
                self._known.open(self._clock.now())
                self._invalidated("the feed was opened")
            case Lost(reason=reason):
                if self._known.lose(reason):
                    self._invalidated(reason)
            case _:
                wake = self._known.take(news, self._clock.now())
                if wake is not None:
                    self._woken(*wake)
        self._waiting.news()

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
        """How late the exchange may act on what it was sent, and show it."""
        return self._exchange.lateness

    @property
    def link_ids(self) -> LinkIdForm:
        """What the exchange accepts as an order link id."""
        return self._exchange.link_ids

    def instrument(self, symbol: str) -> Instrument | Unknown | None:
        """The symbol's rules; None if the exchange does not trade it."""
        return self._exchange.instrument(symbol)

    def observe(self, symbols: Sequence[str]) -> Reading:
        """Positions and open orders of these symbols, from the view where it is settled.

        ``at`` is then the feed's last sign of life: until that moment it is all there is.
        """
        return self.known(symbols) or self._read(symbols)

    def known(self, symbols: Sequence[str]) -> Observation | None:
        """The same without a request; None where the view is not, or does not get, settled."""
        return self._from_view_of(symbols)

    def invalidate(self, symbol: str, reason: str) -> None:
        """What was last said of the symbol does not fit what is known: it is read next time."""
        self._known.invalidate(symbol, reason)

    def survey(self, symbols: Sequence[str] | None = None) -> Reading:
        """Every open position and every open order, asked for; it proves the view.

        With ``symbols`` it proves that of these, and of whatever else the reading shows.
        """
        asked = self._known.asks(self._clock.now())
        reading = self._exchange.survey(symbols)
        if isinstance(reading, Observation):
            contradicted = self._known.surveyed(reading, asked, symbols)
            self._waiting.news()
            for symbol in contradicted:
                self._woken(symbol, None)
        return reading

    def look_up(self, symbol: str, *, order_link_id: str = "", order_id: str = "") -> LookUp:
        """What became of one order: from the view if it told its end, else asked for."""
        ids = {"order_id": order_id, "order_link_id": order_link_id}
        if self._known.is_closing(symbol, **ids):
            self._waiting.until(
                lambda: (
                    self._known.closed(symbol, **ids) is not None
                    or not self._known.is_closing(symbol, **ids)
                ),
                self._settings.settle_within,
            )
        closed = self._known.closed(symbol, **ids)
        if closed is not None:
            return Found(closed)
        asked = self._known.asks(self._clock.now())
        answer = self._exchange.look_up(symbol, **ids)
        if isinstance(answer, Found) and answer.order.status.is_final:
            self._known.found(answer.order, asked)
        return answer

    def _from_view_of(self, symbols: Sequence[str]) -> Observation | None:
        if self._is_silent() or self._known.stale(symbols):
            return None
        if not self._is_fresh():
            self._feed.ping()

        known: Known | None = None

        def come() -> bool:
            nonlocal known
            known = self._known.answer(symbols) if self._is_fresh() else None
            return known is not None or bool(self._known.stale(symbols))

        self._waiting.until(come, self._settings.settle_within)
        if known is None:
            return None
        with self._counting:
            self._from_view += 1
        return Observation(self.account, known.at, known.positions, known.orders)

    def _read(self, symbols: Sequence[str]) -> Reading:
        with self._counting:
            self._by_read += 1
        asked = self._known.asks(self._clock.now())
        reading = self._exchange.observe(symbols)
        if isinstance(reading, Observation):
            self._known.read(reading, asked, symbols)
            self._waiting.news()
        return reading

    def _is_fresh(self) -> bool:
        return not self._is_older_than(self._settings.fresh_for)

    def _is_silent(self) -> bool:
        """Whether the feed has fallen silent, asked for a sign of life; told once.

        Nothing is forgotten for it: should it speak again, it goes on where it was.
        """
        if not self._is_older_than(self._settings.silent_after):
            return False
        self._feed.ping()
        silent = self._is_older_than(self._settings.silent_after)
        with self._counting:
            tell = silent and not self._silent
            self._silent = silent
        if tell:
            self._invalidated(SILENCE)
        return silent

    def _is_older_than(self, age: timedelta) -> bool:
        received_at = self._known.received_at
        return received_at is not None and self._clock.now() - received_at > age

    # -- writes ---------------------------------------------------------------------------

    def place(self, orders: Sequence[PlaceOrder]) -> tuple[WriteOutcome, ...]:
        """Asks for new orders; one outcome an order, in their sequence."""
        return self._write(orders, self._exchange.place)

    def amend(self, orders: Sequence[AmendOrder]) -> tuple[WriteOutcome, ...]:
        """Asks for changes; one outcome an order, in their sequence."""
        return self._write(orders, self._exchange.amend)

    def cancel(self, orders: Sequence[CancelOrder]) -> tuple[WriteOutcome, ...]:
        """Asks for cancels; one outcome an order, in their sequence."""
        return self._write(orders, self._exchange.cancel)

    def _write(
        self,
        orders: Sequence[_Command],
        send: Callable[[Sequence[_Command]], tuple[WriteOutcome, ...]],
    ) -> tuple[WriteOutcome, ...]:
        pending = self._known.sending(orders)
        try:
            outcomes = send(orders)
        except BaseException:
            unsure = [Unsure("the call broke off")] * len(pending)
            self._known.answered(pending, unsure, self._clock.now())
            raise
        self._known.answered(pending, outcomes, self._clock.now())
        self._waiting.news()
        return outcomes
