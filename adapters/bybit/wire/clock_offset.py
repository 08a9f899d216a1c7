"""How far this machine's clock is from the exchange's. Pure; in milliseconds.

The server time of a reply lies between the moments when the request left and when the reply came.
That bounds the offset from both sides, however long the trip took. Bounds of several replies
narrow each other, so the quickest reply decides; where they contradict each other, a clock was set
or has drifted, and the newest reply decides.

Example: a request leaves at 1000, its reply comes at 1080 and says 1540. So the offset is between
460 and 540. The next leaves at 2000, comes at 2020 and says 2510: between 490 and 510, which
decides.

Bybit accepts a request if ``server_time - recv_window <= timestamp < server_time + 1000``
(docs/v5/guide.mdx).
"""

from dataclasses import dataclass

FAST_MS = 500
SLOW_MARGIN_MS = 1000


@dataclass(frozen=True, slots=True)
class ClockOffset:
    """The exchange's clock minus ours lies between ``low_ms`` and ``high_ms``.

    Attributes:
        measured_ms: our clock when it was last measured, epoch milliseconds.
    """

    low_ms: int
    high_ms: int
    measured_ms: int

    @property
    def best_ms(self) -> int:
        """The middle of the bounds; wrong by half the quickest round trip at most."""
        return (self.low_ms + self.high_ms) // 2

    def refused(self, recv_window: int) -> str | None:
        """Why the exchange would refuse what we sign, for people; None if it would not.

        Only certainty counts. Requests take time to arrive, so a slow clock counts as too slow a
        second before the window ends, and a fast one at half of what Bybit tolerates.
        """
        if self.high_ms < -FAST_MS:
            return _set_it_right(-self.high_ms, "fast")
        if self.low_ms > recv_window - min(SLOW_MARGIN_MS, recv_window // 2):
            return _set_it_right(self.low_ms, "slow")
        return None


def measured(known: ClockOffset | None, left_ms: int, came_ms: int, server_ms: int) -> ClockOffset:
    """The offset after one more reply.

    Args:
        known: the offset so far.
        left_ms: our clock just before the request left.
        came_ms: our clock just after the reply came.
        server_ms: the exchange's clock in between.
    """
    low, high = server_ms - came_ms, server_ms - left_ms
    if known is not None:
        both = max(low, known.low_ms), min(high, known.high_ms)
        if both[0] <= both[1]:
            low, high = both
    return ClockOffset(min(low, high), max(low, high), came_ms)


def _set_it_right(milliseconds: int, direction: str) -> str:
    tenths = milliseconds // 100
    return (
        f"the clock of this machine is {tenths // 10}.{tenths % 10} s {direction},"
        " more than Bybit accepts: correct it"
    )
