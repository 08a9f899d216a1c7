"""Runs on an axis of time, and the requests of one run on its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ....domain.model.journal import ExchangeCall
from ....domain.model.record import RunOutcome
from .scale import Scale

ROW, MOST = 40, 60
"""So high is the row of a request in the picture, and so many requests it shows at most."""
LANE, LANES = 18, 5
_APART = 3.0
"""In per cent of the width: marks of runs that are closer stand one below the other."""
_LEAST = 0.5
"""A bar is at least so wide, in per cent, or nobody would see it."""


class Shape(StrEnum):
    """How a mark looks, so that it is told from others without colour; words stand beside it."""

    GOOD = "good"
    BAD = "bad"
    OPEN = "open"


_ANSWERED = ("accepted", "complete", "found", "absent")
_UNANSWERED = ("unsure", "unknown", "held", "orders unread")
_WELL = (RunOutcome.SUCCESS.value, RunOutcome.IN_SYNC.value)
_OUTCOMES = tuple(RunOutcome)


@dataclass(frozen=True, slots=True)
class Ran:
    """A run.

    Attributes:
        run_id: its id.
        began: its first commit.
        ended: its last one so far.
        outcome: how it ended, or where it stands, as ``trueup explain`` says it.
    """

    run_id: str
    began: datetime
    ended: datetime
    outcome: str

    @property
    def shape(self) -> Shape:
        """Of its mark."""
        if self.outcome in _WELL:
            return Shape.GOOD
        return Shape.BAD if self.outcome in _OUTCOMES else Shape.OPEN


@dataclass(frozen=True, slots=True)
class Mark:
    """A run in the picture; ``x`` in per cent, ``y`` from the top."""

    run: Ran
    x: float
    y: int


@dataclass(frozen=True, slots=True)
class RunsPicture:
    """Runs, from the oldest one that is shown until now."""

    scale: Scale
    marks: Sequence[Mark]
    height: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A request; ``x`` and ``width`` in per cent, ``y`` from the top.

    Attributes:
        number: which request of the run it is, from 1.
        words: what was asked for, what came back, and after how long.
    """

    number: int
    words: str
    shape: Shape
    x: float
    width: float
    y: int


@dataclass(frozen=True, slots=True)
class CallsPicture:
    """The requests of a run, from when the first was sent until the last answer.

    Attributes:
        left_out: how many more there are than the picture shows.
    """

    began: datetime
    took: timedelta
    bars: Sequence[Bar]
    height: int
    left_out: int


def draw_runs(runs: Sequence[Ran], scale: Scale) -> RunsPicture | None:
    """The runs on an axis of time; None where there is none."""
    if not runs:
        return None
    ordered = sorted(runs, key=lambda run: run.began)
    ends: list[float] = []
    marks = []
    for run in ordered:
        x = 100 * scale.place(run.began)
        free = (number for number, end in enumerate(ends) if x - end >= _APART)
        lane = next(free, min(len(ends), LANES - 1))
        ends[lane : lane + 1] = [x]
        marks.append(Mark(run, round(x, 2), LANE * lane + LANE // 2))
    return RunsPicture(scale, marks, LANE * len(ends))


def draw_calls(calls: Sequence[ExchangeCall]) -> CallsPicture | None:
    """The requests of a run, each in a row of its own; None where it sent none.

    >>> from datetime import UTC
    >>> at = datetime(2026, 12, 1, tzinfo=UTC)
    >>> first = ExchangeCall("r", "observe", "", "complete", None, 300, at)
    >>> second = ExchangeCall("r", "place", "x", "insufficient", 110007, 100, first.at +
    ...                       timedelta(milliseconds=300))
    >>> for bar in draw_calls([first, second]).bars:
    ...     print(bar.words, bar.shape.value, bar.x, bar.width)
    1. observe: complete, 300 ms good 0.0 75.0
    2. place: insufficient 110007, 100 ms bad 75.0 25.0
    """
    if not calls:
        return None
    began = min(call.at for call in calls)
    took = max(_answered(call) for call in calls) - began
    length = max(took.total_seconds(), 0.001)
    bars = []
    for number, call in enumerate(calls[:MOST], start=1):
        width = max(call.latency_ms / 10 / length, _LEAST)
        x = min(100 * (call.at - began).total_seconds() / length, 100 - width)
        words = f"{number}. {call.operation}: {call.outcome}"
        words += f" {call.code}" if call.code is not None else ""
        place = (round(max(x, 0.0), 2), round(min(width, 100.0), 2), ROW * (number - 1))
        bars.append(Bar(number, f"{words}, {call.latency_ms} ms", _shape(call.outcome), *place))
    return CallsPicture(began, took, bars, ROW * len(bars), max(len(calls) - MOST, 0))


def _answered(call: ExchangeCall) -> datetime:
    return call.at + timedelta(milliseconds=call.latency_ms)


def _shape(outcome: str) -> Shape:
    if outcome in _ANSWERED:
        return Shape.GOOD
    return Shape.OPEN if outcome in _UNANSWERED else Shape.BAD
