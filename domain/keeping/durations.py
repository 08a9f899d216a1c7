"""How long something took, each time, as a histogram; plain numbers, which need no library."""

from bisect import bisect_left
from dataclasses import dataclass, field


@dataclass(slots=True)
class Durations:
    """Counts durations; one thread at a time may add some.

    Attributes:
        bounds: the upper bounds of the buckets, in seconds; what takes longer has no bound.
        counts: of each bucket, and last of what takes longer.
        total_s: all of them together.
    """

    bounds: tuple[float, ...]
    counts: list[int] = field(init=False)
    total_s: float = 0.0

    def __post_init__(self) -> None:
        self.counts = [0] * (len(self.bounds) + 1)

    def add(self, seconds: float) -> None:
        """One more."""
        self.counts[bisect_left(self.bounds, seconds)] += 1
        self.total_s += seconds
