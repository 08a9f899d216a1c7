"""A feed in the same process: the messages of the private stream as news, on virtual time.

It meets what a connection meets: refusals, drops, silence, half-open lines, and whatever the
messages are put through.
"""

from collections.abc import Callable, Sequence

from ..domain.model.feed import Alive, Lost, Opened, StreamEvent
from ..simulator import Json, Simulator, StreamRefused, Subscription

Parse = Callable[[Json], Sequence[StreamEvent]]
"""Makes news of a message, as the client under test does."""

TOPICS = ("order", "execution", "position")


class SimulatorFeed:
    """Fulfils :class:`trueup.domain.ports.Feed` without a socket.

    News are taken under the simulator's lock, in the thread that moves it.

    Args:
        simulator: the exchange.
        uid: whose stream it is.
        parse: the client's reader of messages.
        account: the account's name; the UID by default.
        retry_ms: virtual time from a loss to the next try.
        silent_ms: virtual time from a ping without an answer to the loss.
    """

    def __init__(
        self,
        simulator: Simulator,
        uid: str,
        parse: Parse,
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
        self._take: Callable[[StreamEvent], None] | None = None
        self._line: Subscription | None = None
        self._unanswered = False

    @property
    def account(self) -> str:
        """The account's name."""
        return self._account

    def start(self, take: Callable[[StreamEvent], None]) -> None:
        """Begins; where nothing stands against it the feed is open at once."""
        self._take = take
        self._open()

    def stop(self) -> None:
        """Ends."""
        self._take = None
        self._hang_up()

    def ping(self) -> None:
        """Asks for a sign of life, answered at once; one that is not is lost after a while."""
        line = self._line
        if line is None:
            return
        if line.ping():
            self._tell(Alive())
        elif not self._unanswered:
            self._unanswered = True
            self._after(self._silent_ms, lambda: self._lose_line(line, "silence"))

    def _open(self) -> None:
        if self._take is None or self._line is not None:
            return
        try:
            self._line = self._simulator.subscribe(self._uid, TOPICS, self._hear, self._cut)
        except StreamRefused as refused:
            self._lose(str(refused))
        else:
            self._unanswered = False
            self._tell(Opened())

    def _hear(self, message: Json) -> None:
        for news in self._parse(message):
            self._tell(news)

    def _cut(self, code: int | None) -> None:
        self._hang_up()
        self._lose(f"cut ({code})")

    def _lose_line(self, line: Subscription, reason: str) -> None:
        if line is self._line and not line.ping():
            self._hang_up()
            self._lose(reason)

    def _lose(self, reason: str) -> None:
        self._tell(Lost(reason))
        self._after(self._retry_ms, self._open)

    def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def _after(self, ms: int, effect: Callable[[], None]) -> None:
        clock = self._simulator.clock
        clock.call_at(clock.now_ms() + ms, effect)

    def _tell(self, news: StreamEvent) -> None:
        if self._take is not None:
            self._take(news)
