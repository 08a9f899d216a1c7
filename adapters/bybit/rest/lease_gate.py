"""Whether a signed write may leave under a lease: not if Bybit might accept it after its end.

Bybit refuses a request after ``timestamp + recv_window`` by its own clock (docs/v5/guide.mdx). So
the last moment at which it may take effect is known before it leaves, wherever the process is
stopped afterwards. When that is by the clock that leases go by, replies say: the exchange's time
lies between the moments when a request left and when its reply came. That clock is never set, so
the bounds hold however somebody sets the machine's time.

Example: a request left at 4960 of the monotonic clock, and at 5000 its reply came, which says
905000. So the exchange is ahead by 900000 to 900040. A write that is signed for 906000, with a
window of 3000, takes effect by 909000 of its clock, which is 9000 of ours at the latest. With a
margin of 250 it leaves if the lease lasts until 9250.
"""

from datetime import timedelta

from ....domain.leases import LeaseEnd
from ..wire.clock_offset import ClockOffset, measured

_MARGIN_MS = 250
"""For clocks that do not run equally fast between two replies, and for their milliseconds."""
_MILLISECOND = timedelta(milliseconds=1)


class LeaseGate:
    """Holds each signed write of an account against the end of its lease.

    Args:
        lease_end: until which moment the lease certainly lasts.
    """

    def __init__(self, lease_end: LeaseEnd) -> None:
        self._lease_end = lease_end
        self._ahead: ClockOffset | None = None

    def measure(self, left_ms: int, came_ms: int, server_ms: int) -> None:
        """Measures how far the exchange's clock is ahead of the monotonic one, by a reply.

        Args:
            left_ms: the monotonic clock before the request left.
            came_ms: the same after the reply came.
            server_ms: the exchange's clock in between.
        """
        self._ahead = measured(self._ahead, left_ms, came_ms, server_ms)

    def why_late(self, timestamp_ms: int, window_ms: int) -> str:
        """Why a write with that timestamp and window must not leave; empty if it may."""
        end, ahead = self._lease_end(), self._ahead
        if end is None:
            return ""
        if ahead is None:
            return "the exchange's clock was not measured under the lease yet"
        takes_effect_by = timestamp_ms + window_ms - ahead.low_ms + _MARGIN_MS
        late = takes_effect_by - end // _MILLISECOND
        return f"it might take effect {late} ms after the end of the lease" if late > 0 else ""
