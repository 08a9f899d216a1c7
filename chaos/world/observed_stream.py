"""Private streams on virtual time, and what the engine takes from them, seen by the judge."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from trueup.adapters.bybit import parse_events
from trueup.domain.model.identity import Side
from trueup.domain.model.observation import Observation
from trueup.domain.ports import Exchange, Feed
from trueup.domain.tracking.feed import StreamEvent
from trueup.domain.venue.account import Account
from trueup.engine.live.exchange import LiveExchange
from trueup.simulator import VirtualClock
from trueup.testing.feed import SimulatorFeed

from ..judge.judge import Judge
from .engine import Parts
from .virtual_waiting import VirtualWaiting

_PING_MS = 10_000


class ObservedFeed(SimulatorFeed):
    """A feed of the simulator that pings as ``BybitFeed`` does, and reports events to the judge."""

    def __init__(
        self,
        parts: Parts,
        account: Account,
        handling_events: Callable[[], AbstractContextManager[object]],
    ) -> None:
        super().__init__(parts.simulator, account.name, parse_events)
        self._judge = parts.judge
        self._handling_events = handling_events
        self._clock = parts.simulator.clock
        self._stopped = False
        self._held: list[StreamEvent] | None = None
        self._deliver: Callable[[StreamEvent], None] = lambda _event: None

    def start(self, handle: Callable[[StreamEvent], None]) -> None:
        """Starts the stream and its pings."""

        def deliver(event: StreamEvent) -> None:
            self._judge.received(self.account, event)
            with self._handling_events():
                handle(event)

        self._deliver = deliver
        super().start(self._receive)
        self._keep_pinging()

    def hold(self) -> None:
        """The process stands still: what arrives waits in its buffers."""
        self._held = []

    def release(self) -> None:
        """The process goes on, and handles what has arrived."""
        held, self._held = self._held or [], None
        for event in held:
            if not self._stopped:
                self._deliver(event)

    def _receive(self, event: StreamEvent) -> None:
        if self._held is None:
            self._deliver(event)
        else:
            self._held.append(event)

    def stop(self) -> None:
        """Ends the stream."""
        self._stopped = True
        super().stop()

    def _keep_pinging(self) -> None:
        if not self._stopped:
            self.ping()
            self._clock.call_at(self._clock.now_ms() + _PING_MS, self._keep_pinging)


class ObservedLiveExchange(LiveExchange):
    """A live exchange on virtual time, whose views are reported to the judge when they are used."""

    def __init__(
        self,
        judge: Judge,
        between: tuple[Exchange, Feed, VirtualClock],
        on_change: Callable[[str, Side | None], None],
        on_survey_needed: Callable[[str], None],
    ) -> None:
        exchange, feed, clock = between
        waiting = VirtualWaiting(clock)
        super().__init__(
            exchange,
            feed,
            clock,
            on_change=on_change,
            on_survey_needed=on_survey_needed,
            waiting=waiting,
        )
        self._judge = judge

    def known(self, symbols: Sequence[str]) -> Observation | None:
        """What is known without a request; reported to the judge."""
        seen = super().known(symbols)
        if seen is not None:
            self._judge.viewed(seen, symbols)
        return seen
