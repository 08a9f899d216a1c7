"""The machine's clock, which is the default; and the time that rate limits count with."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from ....domain.ports import Clock

EPOCH = datetime.fromtimestamp(0, UTC)
MICROSECOND = timedelta(microseconds=1)


class SystemClock:
    """Implements the port ``Clock`` with the machine's time."""

    def now(self) -> datetime:
        """Now, aware, in UTC."""
        return datetime.now(UTC)

    def sleep(self, duration: timedelta) -> None:
        """Waits."""
        time.sleep(max(duration.total_seconds(), 0))


def ticks_of(clock: Clock) -> Callable[[], int]:
    """Counts microseconds by the clock; for the machine's clock by its monotonic time."""
    if isinstance(clock, SystemClock):
        return lambda: time.monotonic_ns() // 1000
    return lambda: (clock.now() - EPOCH) // MICROSECOND


def machine_ms() -> int:
    """The machine's time in epoch milliseconds, with which pybit signs requests."""
    return time.time_ns() // 1_000_000
