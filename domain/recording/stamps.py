"""The clocks of a record: each entry has how far both went on since the one before."""

from dataclasses import dataclass
from datetime import datetime, timedelta

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What both clocks showed at one moment.

    >>> from datetime import UTC
    >>> at = Stamp(datetime(2026, 1, 31, 12, tzinfo=UTC), timedelta(minutes=5))
    >>> later = Stamp(datetime(2026, 1, 31, 11, tzinfo=UTC), timedelta(minutes=5, seconds=1))
    >>> at.until(later)
    (1000000, -3601000000)
    >>> at.after(1_000_000, -3_601_000_000) == later
    True

    Attributes:
        now: the wall clock, which may be set back and forth.
        moment: the clock that nobody sets.
    """

    now: datetime
    moment: timedelta

    def until(self, later: "Stamp") -> tuple[int, int]:
        """How many microseconds passed, and by how many the wall clock went on beside that."""
        passed = (later.moment - self.moment) // _MICROSECOND
        return passed, (later.now - self.now) // _MICROSECOND - passed

    def after(self, passed: int, beside: int) -> "Stamp":
        """The stamp to which :meth:`until` leads."""
        return Stamp(
            self.now + (passed + beside) * _MICROSECOND, self.moment + passed * _MICROSECOND
        )
