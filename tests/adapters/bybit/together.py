"""A clock for several threads that moves on when all of them sleep, to the first that wakes."""

from datetime import datetime, timedelta
from threading import Condition

from trueup.simulator import VirtualClock

_A_MILLISECOND = timedelta(milliseconds=1)
_LONGEST_S = 60


class Together:
    """Virtual time as real time passes: who sleeps at the same time sleeps side by side.

    Args:
        clock: moved on.
        threads: how many live on it; each calls :meth:`done` at its end.
    """

    def __init__(self, clock: VirtualClock, threads: int) -> None:
        self._clock = clock
        self._awake = threads
        self._alarms: list[int] = []
        self._moved = Condition()

    def now(self) -> datetime:
        """The time."""
        return self._clock.now()

    def moment(self) -> timedelta:
        """The same, since a fixed moment."""
        return self._clock.moment()

    def sleep(self, duration: timedelta) -> None:
        """Waits until the time is over for everybody."""
        with self._moved:
            alarm = self._clock.now_ms() + max(1, -(-duration // _A_MILLISECOND))
            self._alarms.append(alarm)
            self._awake -= 1
            self._move_on()
            rang = self._moved.wait_for(lambda: self._clock.now_ms() >= alarm, _LONGEST_S)
            assert rang, "a thread was never woken"

    def done(self) -> None:
        """A thread has ended."""
        with self._moved:
            self._awake -= 1
            self._move_on()

    def _move_on(self) -> None:
        if self._awake or not self._alarms:
            return
        self._clock.advance(max(0, min(self._alarms) - self._clock.now_ms()))
        now = self._clock.now_ms()
        self._awake = sum(alarm <= now for alarm in self._alarms)
        self._alarms = [alarm for alarm in self._alarms if alarm > now]
        self._moved.notify_all()
