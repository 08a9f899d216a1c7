"""A rolling window: what left lately, and when more may leave. Pure; time is told to it.

Times are whole microseconds of any clock that does not go back.
"""

from bisect import bisect_left, bisect_right

NEVER = -(1 << 62)


class RollingWindow:
    """At most ``limit`` units within any stretch of ``span``.

    The exchange counts when a request arrives, we when it leaves. A delay on the way (a new
    connection's handshake) would let the next window's requests catch up with it, so an answered
    request is stamped anew with the latest time at which it can have arrived: :meth:`arrived`.

    Args:
        limit: units.
        span: microseconds, with the margin.
    """

    def __init__(self, limit: int, span: int) -> None:
        self.limit = limit
        self.held_until = NEVER
        self._span = span
        self._stamps: list[int] = []

    def used(self, now: int) -> int:
        """Units that count now."""
        self._forget(now)
        return len(self._stamps)

    def free(self, now: int) -> int:
        """Units that may leave now; none while it is held."""
        return 0 if now < self.held_until else max(0, self.limit - self.used(now))

    def earliest(self, now: int, units: int) -> int:
        """When so many units may leave: now, or as soon as enough of the earlier ones are over.

        More units than the limit leave limit by limit, and the time is that of the last.
        """
        self._forget(now)
        begins = max(self.held_until, now)
        waits_for = len(self._stamps) + units - 1 - self.limit
        if waits_for < 0:
            return begins
        windows = max(0, (waits_for - len(self._stamps)) // self.limit + 1)
        waits_for -= windows * self.limit
        if waits_for >= 0:
            begins = max(begins, self._stamps[waits_for] + self._span)
        return begins + windows * self._span

    def leave(self, now: int, units: int) -> None:
        """Counts units that leave now."""
        self._add(now, units)

    def arrived(self, left: int, units: int, by: int) -> None:
        """Units that left then had arrived by this time, and perhaps not earlier."""
        self.turned_away(left, units)
        self._add(by, units)

    def turned_away(self, left: int, units: int) -> None:
        """Units that left then were refused for the limit: they don't count."""
        first = bisect_left(self._stamps, left)
        count = min(units, bisect_right(self._stamps, left) - first)
        del self._stamps[first : first + count]

    def told(self, limit: int, remaining: int, left: int) -> None:
        """A reply said what the limit is and how much of it is left.

        What is used beyond our own was used by another program with the same UID, at the latest
        when the request that was answered arrived.
        """
        self.limit = limit
        since = bisect_right(self._stamps, left - self._span)
        others = limit - remaining - (len(self._stamps) - since)
        if others > 0:
            self._add(left, others)

    def hold(self, until: int) -> None:
        """Nothing leaves before this time."""
        self.held_until = max(self.held_until, until)

    def _add(self, at: int, units: int) -> None:
        place = bisect_right(self._stamps, at)
        self._stamps[place:place] = [at] * units

    def _forget(self, now: int) -> None:
        stamps = self._stamps
        if stamps and stamps[0] <= now - self._span:
            del stamps[: bisect_right(stamps, now - self._span)]
