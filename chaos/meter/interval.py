"""One interval in which a write of ours left the cover above the position, or below what it was."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from trueup.domain.model.instrument import ZERO

_MS = 1000


class Side(StrEnum):
    """On which side of the truth the cover was."""

    ABOVE = "above the position"
    BELOW = "below what it had been"


@dataclass(frozen=True, slots=True)
class Interval:
    """What the meter measured from one write of ours until the cover was right again.

    Attributes:
        length_ms: how long it lasted, in the exchange's milliseconds.
        depth: the most by which the cover was off, as a share of the position.
        area: depth × length while the depth changed, in positions × seconds.
    """

    side: Side
    length_ms: int
    depth: Decimal
    area: Decimal


class OpenInterval:
    """An interval that has not ended: depth and area grow with it.

    Args:
        side: on which side of the truth.
        at_ms: when it began.
        depth: by how much the cover is off then, as a share of the position.
    """

    def __init__(self, side: Side, at_ms: int, depth: Decimal) -> None:
        self._side, self._began_ms, self._since_ms = side, at_ms, at_ms
        self._depth = self._deepest = depth
        self._area = ZERO

    def moves_to(self, depth: Decimal, at_ms: int) -> None:
        """From this time on the cover is off by so much."""
        self._area += self._depth * (at_ms - self._since_ms) / _MS
        self._depth, self._since_ms = depth, at_ms
        self._deepest = max(self._deepest, depth)

    def ended(self, at_ms: int) -> Interval:
        """The whole interval, which ends at this time."""
        self.moves_to(ZERO, at_ms)
        return Interval(self._side, at_ms - self._began_ms, self._deepest, self._area)
