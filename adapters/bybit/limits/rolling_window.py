"""A rolling window: what left lately, and when more may leave. Pure: the caller passes the time.

Times are whole microseconds of any clock that does not go back.
"""

from bisect import bisect_left, bisect_right

NEVER = -(1 << 62)


class RollingWindow:
    """At most ``limit`` units within any stretch of ``span``.

    The exchange counts a request when it arrives, the window when it leaves. A request that was
    delayed on its way (by a new connection's handshake) could arrive together with those of the
    next window, so an answered request is stamped again with the latest time at which it can have
    arrived: :meth:`arrived`.

    Args:
        limit: units.
        span: microseconds, with a margin.
    """

    def __init__(self, limit: int, span: int) -> None:
        self.limit = limit
        self.held_until = NEVER
        self._span = span
        self._stamps: list[int] = []

    def used(self, now: int) -> int:
        """How many units count now."""
        self._forget(now)
        return len(self._stamps)

    def free(self, now: int) -> int:
        """How many units may leave now; none while the window is held."""
        return 0 if now < self.held_until else max(0, self.limit - self.used(now))

    def earliest(self, now: int, units: int) -> int:
        """When this many units may leave: now, or once enough of the earlier ones are out of it.

        More units than the limit leave in several windows, and the time is that of the last one.

        Example: with a limit of 10 a second, 4 units that left at 0 and 6 that left at 300 ms, one
        more unit may leave at 1 s, and five more at 1.3 s.
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
        """Counts units that left then as arriving by this time at the latest."""
        self.turned_away(left, units)
        self._add(by, units)

    def turned_away(self, left: int, units: int) -> None:
        """Takes back units of then: they did not leave, or were refused for the limit."""
        first = bisect_left(self._stamps, left)
        count = min(units, bisect_right(self._stamps, left) - first)
        del self._stamps[first : first + count]

    def correct(self, limit: int, remaining: int, left: int) -> None:
        """Adopts what a reply says: the limit, and how many of its units are left.

        Units that are used beyond our own were used by another program with the same UID, at the
        latest when the request arrived that this reply answers.
        """
        self.limit = limit
        since = bisect_right(self._stamps, left - self._span)
        others = limit - remaining - (len(self._stamps) - since)
        if others > 0:
            self._add(left, others)

    def hold(self, until: int) -> None:
        """Holds everything back until this time."""
        self.held_until = max(self.held_until, until)

    def _add(self, at: int, units: int) -> None:
        place = bisect_right(self._stamps, at)
        self._stamps[place:place] = [at] * units

    def _forget(self, now: int) -> None:
        stamps = self._stamps
        if stamps and stamps[0] <= now - self._span:
            del stamps[: bisect_right(stamps, now - self._span)]
