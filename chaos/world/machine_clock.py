"""The clock of the machine that trueup runs on: a person, or the machine, may set it."""

from datetime import datetime, timedelta

from trueup.domain.ports import Moment
from trueup.simulator import VirtualClock


class MachineClock:
    """Shows the true time, until somebody sets it; moments go on as they were.

    Attributes:
        ahead: by how much it is ahead of the true time; negative if it is behind.

    Args:
        true: the virtual clock, which the exchange goes by.
    """

    def __init__(self, true: VirtualClock, ahead: timedelta = timedelta(0)) -> None:
        self._true = true
        self.ahead = ahead

    def now(self) -> datetime:
        """What the clock shows."""
        return self._true.now() + self.ahead if self.ahead else self._true.now()

    def moment(self) -> Moment:
        """The present, by a clock that is never set."""
        return self._true.moment()

    def sleep(self, duration: timedelta) -> None:
        """Waits: moves the true time on."""
        self._true.sleep(duration)
