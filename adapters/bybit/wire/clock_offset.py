"""How far this machine's clock is from the exchange's. Pure; in milliseconds.

The server time of a reply lies between the moments when the request left and when the reply came.
That bounds the offset from both sides, however long the trip took. Bounds of several replies
narrow each other, so the quickest reply decides; where they contradict each other, a clock was set
or has drifted, and the newest reply decides.

Example: a request leaves at 1000, its reply comes at 1080 and says 1540. So the offset is between
460 and 540. The next leaves at 2000, comes at 2020 and says 2510: between 490 and 510, which
decides.

Bybit accepts a request if ``server_time - recv_window <= timestamp < server_time + 1000``
(docs/v5/guide.mdx). So requests are signed with the earliest time that the exchange's clock may
show, and with a window that reaches past the latest: then a clock that somebody set is no reason
for a refusal, once one reply has said what time it is.
"""

from collections.abc import MutableMapping
from dataclasses import dataclass

_ON_THE_WAY_MS = 1000
_WORTH_SAYING_MS = 500


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

    @property
    def correction_ms(self) -> int:
        """What is added to our clock for a signature: the exchange's is never behind the sum."""
        return self.low_ms

    def window(self, usual_ms: int) -> int:
        """The receive window to sign with: the usual one, or what is uncertain and a second more.

        >>> ClockOffset(-20, 20, 0).window(5000), ClockOffset(-3000, 3000, 0).window(5000)
        (5000, 7000)
        """
        return max(usual_ms, self.high_ms - self.low_ms + _ON_THE_WAY_MS)

    @property
    def wrong(self) -> str:
        """By how much this machine's clock is off, and what to do; empty if it may be right."""
        if self.high_ms < -_WORTH_SAYING_MS:
            return _set_it_right(-self.high_ms, "fast")
        if self.low_ms > _WORTH_SAYING_MS:
            return _set_it_right(self.low_ms, "slow")
        return ""


MEASURED: MutableMapping[str, ClockOffset] = {}
"""The newest offset of each environment; whoever signs without a reply of his own goes by it."""


def slow_by_ms(environment: str) -> int:
    """How much this machine's clock may be behind the exchange's; 0 before any reply.

    >>> slow_by_ms("an environment of which nothing is known")
    0
    """
    offset = MEASURED.get(environment)
    return 0 if offset is None else max(offset.high_ms, 0)


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
    off = f"{tenths // 10}.{tenths % 10} s {direction}"
    return f"the clock of this machine is {off}: set it by NTP"
