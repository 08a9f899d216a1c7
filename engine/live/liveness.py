"""Whether a stream that is open still delivers: signs of life, pings, silence.

A connection may be dead without an error. A view that is used must therefore have a recent sign of
life: an event, or the reply to a ping, which the exchange sends after all events before it.
"""

from collections.abc import Callable
from datetime import timedelta
from threading import Lock

from ...domain.ports import Clock, Feed
from .account import LiveAccount
from .settings import LiveSettings
from .status import SILENCE


class Liveness:
    """Watches how old the stream's last sign of life is. All methods may be called from any thread.

    Args:
        feed: the stream; it is pinged.
        view: notes when something was received.
        clock: the time.
        settings: how old a sign of life may be.
        on_silence: called with the reason each time that the stream falls silent.
    """

    def __init__(
        self,
        feed: Feed,
        view: LiveAccount,
        clock: Clock,
        settings: LiveSettings,
        on_silence: Callable[[str], None],
    ) -> None:
        self._feed = feed
        self._view = view
        self._clock = clock
        self._settings = settings
        self._on_silence = on_silence
        self._lock = Lock()
        self._was_silent = False

    def is_fresh(self) -> bool:
        """Whether the last sign of life is recent enough for the view to answer."""
        return not self._is_older_than(self._settings.fresh_for)

    def is_current(self) -> bool:
        """Whether it is recent enough for a write that was decided by the view to leave."""
        return not self._is_older_than(self._settings.current_for)

    def is_overdue(self) -> bool:
        """Whether the stream has given no sign of life for too long."""
        return self._is_older_than(self._settings.silent_after)

    def refresh(self) -> None:
        """Pings the stream if its last sign of life is not fresh."""
        if not self.is_fresh():
            self._feed.ping()

    def is_silent(self) -> bool:
        """Whether the stream is silent, even after a ping; calls ``on_silence`` when it falls so.

        Silence makes the view forget nothing: if the stream delivers again, the view is as good
        as before.
        """
        if not self.is_overdue():
            return False
        self._feed.ping()
        is_silent = self.is_overdue()
        with self._lock:
            fell_silent = is_silent and not self._was_silent
            self._was_silent = is_silent
        if fell_silent:
            self._on_silence(SILENCE)
        return is_silent

    def _is_older_than(self, age: timedelta) -> bool:
        received = self._view.received
        return received is not None and self._clock.moment() - received > age
