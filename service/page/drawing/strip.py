"""A strip of time: when something was so, and when it was not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

WIDTH = 1000.0
_LEAST = 4.0
"""A gap is at least so wide, or nobody would see it."""


@dataclass(frozen=True, slots=True)
class Gap:
    """When it was not so; it lasts where ``until`` is None."""

    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the strip."""

    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Strip:
    """The strip.

    Attributes:
        known: up to where anything is known: when the position was last read.
        gaps: the parts in which it was not so.
    """

    began: datetime
    ended: datetime
    known: float
    gaps: Sequence[Stretch]


def draw_strip(began: datetime, known_until: datetime, now: datetime, gaps: Iterable[Gap]) -> Strip:
    """The strip from a moment to now; gaps that ended before it are not on it."""
    length = max((now - began).total_seconds(), 1.0)

    def place(at: datetime) -> float:
        return min(max(WIDTH * (at - began).total_seconds() / length, 0.0), WIDTH)

    known = place(known_until)
    stretches = []
    for gap in gaps:
        if gap.until is not None and gap.until <= began:
            continue
        end = known if gap.until is None else place(gap.until)
        width = max(end - place(gap.since), _LEAST)
        stretches.append(Stretch(round(min(place(gap.since), WIDTH - width), 1), round(width, 1)))
    return Strip(began, now, round(known, 1), stretches)
