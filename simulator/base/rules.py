"""A fault in force: when it is over, and how often it still hits."""

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from .bounds import MOST_MS, within


class Countable(Protocol):
    """What a fault says of how often it hits, and for how long."""

    @property
    def skip(self) -> int:
        """How many matches pass first."""

    @property
    def times(self) -> int | None:
        """How many it hits then; None for no limit."""

    @property
    def lasts_ms(self) -> int | None:
        """Virtual time from the injection to its end; None for no end."""


def check_rule(fault: Countable) -> None:
    """Refuse counts and times that mean nothing.

    Raises:
        ValueError: skip, times or lasts_ms is out of its bounds.
    """
    within("skip", fault.skip)
    within("times", fault.times)
    within("lasts_ms", fault.lasts_ms, highest=MOST_MS)


_Fault = TypeVar("_Fault", bound=Countable)


@dataclass(slots=True)
class Rule(Generic[_Fault]):
    """A fault that was put in force at some time.

    Attributes:
        fault: the fault.
        since_ms: when it was put in force.
        seen: how many matches it has counted.
    """

    fault: _Fault
    since_ms: int
    seen: int = 0

    @property
    def left(self) -> int | None:
        """How many matches it will hit yet; None for no limit."""
        times, skip = self.fault.times, self.fault.skip
        return None if times is None else min(times, skip + times - self.seen)

    def is_over(self, now_ms: int) -> bool:
        """Whether it hits nothing any more."""
        left, lasts = self.left, self.fault.lasts_ms
        return (left is not None and left <= 0) or (
            lasts is not None and now_ms >= self.since_ms + lasts
        )
