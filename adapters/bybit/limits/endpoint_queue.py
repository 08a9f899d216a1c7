"""The queue of requests for one endpoint, and how long requests travel."""

from datetime import timedelta
from typing import Final

from ..wire.clock import MICROSECOND
from ..wire.endpoints import Endpoint
from .ip_limiter import MARGIN, Turn
from .rolling_window import RollingWindow

SECOND: Final = timedelta(seconds=1)

# A batch is cut where that lets a part of it leave earlier, by no less than this.
_NOT_WORTH_A_CUT: Final = timedelta(milliseconds=20) // MICROSECOND
_TRIPS: Final = 256
_NO_TRIP: Final = 1 << 62


class EndpointQueue:
    """One endpoint: its window of requests, and the requests that wait for it."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.priority = endpoint.priority
        self.window = RollingWindow(endpoint.limit, (SECOND + MARGIN) // MICROSECOND)
        self.waiting: dict[Turn, int] = {}
        self.why_held = ""

    def offer(self, now: int, turn: Turn, units: int, *, whole: bool) -> tuple[int, int]:
        """When the request may leave, and with how many of its units.

        It leaves whole, or with as many units as there is room for where the rest would have to
        wait much longer.
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
    """The quickest of the last few hundred round trips, to any endpoint.

    One request's way back and another's way there together take no less than that. So a request
    counts as arrived that long before its reply, and no request that leaves a whole window later
    can catch up with it.
    """

    def __init__(self) -> None:
        self._now = self._before = _NO_TRIP
        self._count = 0

    def quickest(self, trip: int) -> int:
        """The quickest round trip, this one included; microseconds."""
        if self._count == _TRIPS:
            self._before, self._now, self._count = self._now, _NO_TRIP, 0
        self._count += 1
        self._now = min(self._now, trip)
        return min(self._now, self._before)
