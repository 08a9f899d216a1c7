"""Where requests to one endpoint wait, and how long requests are under way."""

from datetime import timedelta
from typing import Final

from ..wire.clock import MICROSECOND
from ..wire.endpoints import Endpoint
from .ip_limiter import MARGIN, Turn
from .rolling_window import RollingWindow

SECOND: Final = timedelta(seconds=1)

# A batch is cut to use up a second, but not to gain less than this.
_NOT_WORTH_A_CUT: Final = timedelta(milliseconds=20) // MICROSECOND
_TRIPS: Final = 256
_NO_TRIP: Final = 1 << 62


class Desk:
    """One endpoint: its window, and who waits there."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.priority = endpoint.priority
        self.window = RollingWindow(endpoint.limit, (SECOND + MARGIN) // MICROSECOND)
        self.waiting: dict[Turn, int] = {}
        self.why_held = ""

    def offer(self, now: int, turn: Turn, units: int, *, whole: bool) -> tuple[int, int]:
        """When something may leave, and how much of it.

        Whole, or as much as there is room for if the rest would come much later.
        """
        ahead = 0
        if self.waiting:
            ahead = sum(wanted for other, wanted in self.waiting.items() if other < turn)
        begins = self.window.earliest(now, ahead + units)
        if whole or begins <= now + _NOT_WORTH_A_CUT:
            return begins, units
        room = self.window.free(now) - ahead
        if room > 0:
            return now, room
        return self.window.earliest(now, ahead + 1), units


class Trips:
    """The quickest of the last few hundred round trips, to whatever endpoint.

    The way back of one request and the way there of another are together no shorter than that. So
    a request whose reply has come counts as arrived that much before the reply, and none that
    leaves a window later catches up with it.
    """

    def __init__(self) -> None:
        self._now = self._before = _NO_TRIP
        self._count = 0

    def quickest(self, trip: int) -> int:
        """After one more."""
        if self._count == _TRIPS:
            self._before, self._now, self._count = self._now, _NO_TRIP, 0
        self._count += 1
        self._now = min(self._now, trip)
        return min(self._now, self._before)
