"""What many intervals come to: how many, how long, how deep."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from trueup.domain.model.instrument import ZERO

from .interval import Interval, Side

_MS = 1000


@dataclass(frozen=True, slots=True)
class Spread:
    """How a quantity is spread over many intervals: median, 95th percentile, greatest.

    >>> Spread.of([Decimal(3), Decimal(1), Decimal(2)])
    Spread(p50=Decimal('2'), p95=Decimal('3'), most=Decimal('3'))
    """

    p50: Decimal
    p95: Decimal
    most: Decimal

    @classmethod
    def of(cls, values: Iterable[Decimal]) -> "Spread":
        """The spread of these values; zeros where there are none."""
        ascending = sorted(values)
        if not ascending:
            return cls(ZERO, ZERO, ZERO)
        p50, p95 = (ascending[ceil(len(ascending) * part / 100) - 1] for part in (50, 95))
        return cls(p50, p95, ascending[-1])


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of one side over some histories.

    Attributes:
        side: on which side of the truth.
        histories: how many of them had such an interval.
        count: how many intervals there were.
        total_s: their length, summed, in seconds.
        length_s: their length, in seconds.
        depth: their depth, as shares of the position.
        area: depth × length, summed, in positions × seconds.
    """

    side: Side
    histories: int
    count: int
    total_s: Decimal
    length_s: Spread
    depth: Spread
    area: Decimal

    @classmethod
    def of(cls, side: Side, measured: Iterable[Sequence[Interval]]) -> "Figures":
        """The figures of one side; ``measured`` has the intervals of each history."""
        of_histories = [[one for one in each if one.side is side] for each in measured]
        every = [one for each in of_histories for one in each]
        lengths = [Decimal(one.length_ms) / _MS for one in every]
        return cls(
            side=side,
            histories=sum(bool(each) for each in of_histories),
            count=len(every),
            total_s=sum(lengths, ZERO),
            length_s=Spread.of(lengths),
            depth=Spread.of(one.depth for one in every),
            area=sum((one.area for one in every), ZERO),
        )

    def rows(self) -> Iterator[tuple[str, str]]:
        """What is measured, and the figure, as a table shows them."""
        yield "histories with one", str(self.histories)
        yield "intervals", str(self.count)
        yield "total length", f"{self.total_s:.1f} s"
        yield "length p50, p95, longest", _three(self.length_s, 1, "s", ".3f")
        yield "depth p50, p95, deepest", _three(self.depth, 100, "%", ".0f")
        yield "depth × length", f"{self.area:.2f} positions × s"


def _three(spread: Spread, scale: int, unit: str, form: str) -> str:
    values = (format(value * scale, form) for value in (spread.p50, spread.p95, spread.most))
    return " · ".join(f"{value} {unit}" for value in values)
