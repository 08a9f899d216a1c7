"""The private stream of a simulated exchange in the same process, on virtual time.

The feed meets what a connection over a socket meets: refusals, drops, silence, half-open
connections, and every fault of messages.
"""

from collections.abc import Callable, Sequence

from ..adapters.bybit import parse_events
from ..domain.tracking.feed import Alive, Lost, Opened, StreamEvent
from ..simulator import Json, Simulator, StreamRefused, Subscription

Parse = Callable[[Json], Sequence[StreamEvent]]
"""Parses a message into events, as the client under test does."""

TOPICS = ("order", "execution", "position")


class SimulatorFeed:
    """A :class:`trueup.domain.ports.Feed` without a socket.

    It passes events on in the thread that moves the simulator, while that holds its lock.

    Args:
        simulator: the exchange.
        uid: the account whose stream it is.
        parse: parses messages; by default as trueup does.
        account: the account's name; the UID by default.
        retry_ms: virtual time from a loss to the next attempt to connect.
        silent_ms: virtual time from an unanswered ping to the loss.
    """

    def __init__(
        self,
        simulator: Simulator,
        uid: str,
        parse: Parse = parse_events,
        *,
        account: str = "",
        retry_ms: int = 1_000,
        silent_ms: int = 10_000,
    ) -> None:
        self._simulator = simulator
        self._uid = uid
        self._parse = parse
        self._account = account or uid
        self._retry_ms = retry_ms
        self._silent_ms = silent_ms
        self._handle: Callable[[StreamEvent], None] | None = None
        self._subscription: Subscription | None = None
        self._unanswered = False

    @property
    def account(self) -> str:
        """The account's name."""
        return self._account

    def start(self, handle: Callable[[StreamEvent], None]) -> None:
        """Start the feed; unless a fault refuses the connection, it is open at once."""
        self._handle = handle
        self._connect()

    def stop(self) -> None:
        """Stop the feed; no more events come."""
        self._handle = None
        self._disconnect()

    def ping(self) -> None:
        """Ping the exchange, which answers at once; without an answer the stream gets lost."""
        subscription = self._subscription
        if subscription is None:
            return
        if subscription.ping():
            self._emit(Alive())
        elif not self._unanswered:
            self._unanswered = True
            self._after(self._silent_ms, lambda: self._time_out(subscription))

    def _connect(self) -> None:
        if self._handle is None or self._subscription is not None:
            return
        try:
            self._subscription = self._simulator.subscribe(
                self._uid, TOPICS, self._on_message, self._on_cut
            )
        except StreamRefused as refused:
            self._lose(str(refused))
        else:
            self._unanswered = False
            self._emit(Opened())

    def _on_message(self, message: Json) -> None:
        for event in self._parse(message):
            self._emit(event)

    def _on_cut(self, code: int | None) -> None:
        self._disconnect()
        self._lose(f"cut ({code})")

    def _time_out(self, subscription: Subscription) -> None:
        if subscription is self._subscription and not subscription.ping():
            self._disconnect()
            self._lose("silence")

    def _lose(self, reason: str) -> None:
        self._emit(Lost(reason))
        self._after(self._retry_ms, self._connect)

    def _disconnect(self) -> None:
        subscription, self._subscription = self._subscription, None
        if subscription is not None:
            subscription.close()

    def _after(self, ms: int, effect: Callable[[], None]) -> None:
        clock = self._simulator.clock
        clock.call_at(clock.now_ms() + ms, effect)

    def _emit(self, event: StreamEvent) -> None:
        if self._handle is not None:
            self._handle(event)
