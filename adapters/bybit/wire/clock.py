"""The machine's clock, which is the default; and the time that rate limits count with."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from ....aio.waits import sleep
from ....domain.ports import Clock, Moment

EPOCH = datetime.fromtimestamp(0, UTC)
MICROSECOND = timedelta(microseconds=1)


def _boot_ns() -> int:
    """Nanoseconds since the machine started; Linux alone has a clock that counts its sleep."""
    boot_clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic_ns() if boot_clock is None else time.clock_gettime_ns(boot_clock)


class SystemClock:
    """Implements the port ``Clock`` with the machine's time."""

    def now(self) -> datetime:
        """Now, aware, in UTC."""
        return datetime.now(UTC)

    def moment(self) -> Moment:
        """The time since the machine started, its sleep included where the system counts it."""
        return timedelta(microseconds=_boot_ns() // 1000)

    def sleep(self, duration: timedelta) -> None:
        """Waits; a fiber suspends."""
        sleep(max(duration.total_seconds(), 0))


def ticks_of(clock: Clock) -> Callable[[], int]:
    """Counts microseconds by the clock's moments."""
    return lambda: clock.moment() // MICROSECOND


def elapsed_ms() -> int:
    """Milliseconds since the machine started; nobody sets that clock."""
    return _boot_ns() // 1_000_000


def machine_ms() -> int:
    """The machine's time in epoch milliseconds, with which pybit signs requests."""
    return time.time_ns() // 1_000_000
