"""What a measurement is: a question, sides that are sampled in turn, and figures made of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import NamedTuple


class Kind(NamedTuple):
    """What is counted or timed, and in which unit; a bare count has none."""

    name: str
    unit: str = ""


Sample = dict[Kind, Decimal]
"""What one side came to in one round."""

WALL = Kind("wall", "ms")
CPU = Kind("CPU", "ms")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    Attributes:
        against: what the baseline is.
        ours: trueup's median.
        baseline: the baseline's median.
        ratio: the median of the rounds' own ratios, ours by baseline; None where that is 0.
        low: the least of these ratios.
        high: the greatest of them.
    """

    kind: Kind
    against: str
    ours: Decimal
    baseline: Decimal
    ratio: Decimal | None
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured.

    Attributes:
        rounds: how often the sides take turns, beside the round that warms up; odd, so that
            a median is one of them.
        repeats: how often a side does within one sample what is too short by itself.
        seconds: how long a sample of a rate lasts.
        threads: numbers of threads that a rate is sampled with.
    """

    name: str
    rounds: int
    repeats: int
    seconds: float
    threads: tuple[int, ...]


FULL = Scale("full", rounds=15, repeats=20, seconds=0.5, threads=(1, 8, 32))
QUICK = Scale("quick", rounds=3, repeats=2, seconds=0.03, threads=(1, 8))

Tick = Callable[[], None]
"""Called after every round, for those who wait."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """A question that figures answer.

    Attributes:
        name: for the command line.
        question: for the table.
        measure: takes the samples and makes the figures.
    """

    name: str
    question: str
    measure: Callable[[Scale, Tick], tuple[Figure, ...]]


def figures(ours: Sequence[Sample], baseline: Sequence[Sample], against: str) -> tuple[Figure, ...]:
    """A figure for every kind that both sides were sampled for, in trueup's sequence."""
    common = [kind for kind in ours[0] if kind in baseline[0]]
    return tuple(
        _figure(kind, against, [one[kind] for one in ours], [one[kind] for one in baseline])
        for kind in common
    )


def _figure(
    kind: Kind, against: str, ours: Sequence[Decimal], baseline: Sequence[Decimal]
) -> Figure:
    ratios = [one / other for one, other in zip(ours, baseline, strict=True) if other]
    return Figure(
        kind=kind,
        against=against,
        ours=median(ours),
        baseline=median(baseline),
        ratio=median(ratios) if ratios else None,
        low=min(ratios, default=None),
        high=max(ratios, default=None),
    )
