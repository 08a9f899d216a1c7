"""A strip of time: when something was so, when it was not, and when nobody knew."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from .scale import Scale

WIDTH = 1000.0
_LEAST = 8.0
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
        scale: its axis of time.
        known: the part of which anything is known: since a run first ended, until the last read.
        gaps: the parts in which it was not so.
    """

    scale: Scale
    known: Stretch
    gaps: Sequence[Stretch]


def draw_strip(scale: Scale, known_since: datetime, gaps: Iterable[Gap]) -> Strip:
    """The strip on an axis; gaps that ended before it are not on it.

    A gap that lasts is drawn until the last read: what is so after it nobody knows. Where none
    does, the last read is seen to have found it so.

    Args:
        scale: the axis.
        known_since: when a run had first found out whether it is so.
        gaps: when it was not.
    """

    def place(at: datetime) -> float:
        return WIDTH * scale.place(at)

    known = place(scale.read)
    since = min(place(known_since), known) if scale.read > scale.began else known
    stretches, lasts = [], False
    for gap in gaps:
        lasts = lasts or gap.until is None
        if gap.until is not None and gap.until <= scale.began:
            continue
        end = known if gap.until is None else place(gap.until)
        width = max(end - place(gap.since), _LEAST)
        x = min(place(gap.since), WIDTH - width)
        x = min(x, known - width) if gap.until is None else x
        stretches.append(Stretch(round(max(x, 0.0), 1), round(width, 1)))
    width = known - since if lasts or scale.read <= scale.began else max(known - since, 2 * _LEAST)
    return Strip(scale, Stretch(round(since, 1), round(width, 1)), stretches)
