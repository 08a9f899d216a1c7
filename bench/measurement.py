"""What a measurement is: a question, sides that are sampled in turn, and figures made of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from .target import Target


class Kind(NamedTuple):
    """What is counted or timed, and in which unit; a plain count has none."""

    name: str
    unit: str = ""


Sample = dict[Kind, Decimal]
"""What one side achieved in one round."""

WALL = Kind("wall", "ms")
CPU = Kind("CPU", "ms")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table.

    Attributes:
        against: what the baseline is.
        ours: trueup's median.
        baseline: the baseline's median; None if there is none.
        ratio: the median of each round's own ratio, ours by baseline; None if the baseline is 0.
        low: the least of these ratios.
        high: the greatest of them.
        target: the bound that the figure has to keep, if any.
    """

    kind: Kind
    against: str
    ours: Decimal
    baseline: Decimal | None = None
    ratio: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    target: Target | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; None if there is none."""
        return None if self.target is None else self.target.is_met(self.ours, self.ratio)


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured.

    Attributes:
        rounds: how often the sides take turns, besides one round to warm up; odd, so that a median
            is one of them.
        repeats: how often a sample repeats what is too short to be timed alone.
        seconds: how long a sample of a rate lasts.
        threads: the numbers of threads that a rate is sampled with.
        live: the same as ``rounds``, for jobs in real time on an exchange in another process.
        trip_ms: a round trip to that exchange, where latency is measured.
        sweep_ms: the time between sweeps, where sweeps are measured.
        mirrors: how many mirrors fill at once.
        accounts: how many accounts a large process keeps.
        symbols: how many symbols each of them has.
        monitors: the numbers of monitors beside which a run is measured.
        storm: how many symbols of one account fill within a second.
    """

    name: str
    rounds: int
    repeats: int
    seconds: float
    threads: tuple[int, ...]
    live: int
    trip_ms: int
    sweep_ms: int
    mirrors: tuple[int, ...]
    accounts: int
    symbols: int
    monitors: tuple[int, ...]
    storm: int


FULL = Scale(
    "full",
    rounds=11,
    repeats=20,
    seconds=0.3,
    threads=(1, 8, 32, 128),
    live=7,
    trip_ms=100,
    sweep_ms=1000,
    mirrors=(10, 100, 500),
    accounts=500,
    symbols=20,
    monitors=(10, 100, 1_000, 10_000),
    storm=50,
)
QUICK = Scale(
    "quick",
    rounds=3,
    repeats=2,
    seconds=0.03,
    threads=(1, 8),
    live=1,
    trip_ms=10,
    sweep_ms=100,
    mirrors=(3,),
    accounts=3,
    symbols=2,
    monitors=(4, 8),
    storm=3,
)

Tick = Callable[[], None]
"""Called after every round, to show progress."""


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


def figures(
    ours: Sequence[Sample],
    baseline: Sequence[Sample],
    against: str,
    targets: Mapping[Kind, Target] | None = None,
) -> tuple[Figure, ...]:
    """A figure for every kind that both sides were sampled for, in trueup's order."""
    common = [kind for kind in ours[0] if kind in baseline[0]]
    return tuple(
        _figure(
            kind,
            against,
            [one[kind] for one in ours],
            [one[kind] for one in baseline],
            (targets or {}).get(kind),
        )
        for kind in common
    )


def alone(
    samples: Sequence[Sample], how: str, targets: Mapping[Kind, Target] | None = None
) -> tuple[Figure, ...]:
    """A figure for every kind, the median of its samples, without a baseline."""
    return tuple(
        Figure(kind, how, median(one[kind] for one in samples), target=(targets or {}).get(kind))
        for kind in samples[0]
    )


def _figure(
    kind: Kind,
    against: str,
    ours: Sequence[Decimal],
    baseline: Sequence[Decimal],
    target: Target | None,
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
        target=target,
    )
