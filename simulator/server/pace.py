"""How an exchange's time follows the machine's, whose clock somebody may set meanwhile."""

import time
from collections.abc import Callable

from ..market.venue import real_ms


def monotonic_ms() -> int:
    """A clock that nobody sets, in milliseconds."""
    return time.monotonic_ns() // 1_000_000


class Pace:
    """Tells by how much an exchange's time has to go on.

    If the machine's clock is set forth, or jumps after a sleep, the exchange's time jumps too:
    else every signature of every client would come from its future. It never goes back: if the
    machine's clock is set back, it goes on as before, and is ahead until the clock has caught up.

    Args:
        wall: the machine's clock, in milliseconds since the epoch.
        monotonic: a clock that nobody sets, in milliseconds.

    Example: 20 ms pass, in which the clock is set back by 5 s: 20. Another 20 ms, and the clock is
    set right: 20, as the 5 s have passed before.
    """

    def __init__(
        self, wall: Callable[[], int] = real_ms, monotonic: Callable[[], int] = monotonic_ms
    ) -> None:
        self._wall, self._monotonic = wall, monotonic
        self._then = (wall(), monotonic())
        self._ahead = 0

    def passed_ms(self) -> int:
        """The milliseconds since this was last asked; never below 0."""
        now = (self._wall(), self._monotonic())
        by_wall, by_monotonic = (new - old for new, old in zip(now, self._then, strict=True))
        passed = max(by_wall - self._ahead, by_monotonic)
        self._ahead += passed - by_wall
        self._then = now
        return passed
