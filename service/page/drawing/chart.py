"""The chart of a monitor's machine, with the state that it is in."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from ....states.machine import transitions

BOX_WIDTH, BOX_HEIGHT = 118.0, 36.0
_ASIDE = 6.0
"""So far from the line between two middles runs an arrow, beside the one that leads back."""
_PLACES = {
    "Idle": (80.0, 40.0),
    "Validating": (290.0, 40.0),
    "Recovering": (500.0, 40.0),
    "Alerting": (80.0, 170.0),
    "Placing": (290.0, 170.0),
    "Cancelling": (500.0, 170.0),
}


@dataclass(frozen=True, slots=True)
class Box:
    """A state; ``x`` and ``y`` are of its middle."""

    name: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Arrow:
    """What may follow what, from edge to edge, and by which events."""

    source: str
    target: str
    start: tuple[float, float]
    end: tuple[float, float]
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """The boxes and arrows."""

    boxes: Sequence[Box]
    arrows: Sequence[Arrow]


@cache
def draw_chart() -> Chart:
    """The chart as the machine has it; a pair of states has one arrow each way."""
    events: dict[tuple[str, str], list[str]] = {}
    for each in transitions():
        events.setdefault((each.source.value, each.target.value), []).append(each.event)
    boxes = [Box(name, *place) for name, place in _PLACES.items()]
    arrows = [
        Arrow(source, target, *_ends(source, target), tuple(names))
        for (source, target), names in events.items()
    ]
    return Chart(boxes, arrows)


def _ends(source: str, target: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """From the edge of a box to that of another, beside the arrow that leads back."""
    (x, y), (to_x, to_y) = _PLACES[source], _PLACES[target]
    length = ((to_x - x) ** 2 + (to_y - y) ** 2) ** 0.5
    right, down = (to_x - x) / length, (to_y - y) / length
    aside = (-down * _ASIDE, right * _ASIDE)
    out = _reach((right, down), aside)
    back = _reach((-right, -down), aside)
    return (
        (round(x + aside[0] + right * out, 1), round(y + aside[1] + down * out, 1)),
        (round(to_x + aside[0] - right * back, 1), round(to_y + aside[1] - down * back, 1)),
    )


def _reach(direction: tuple[float, float], aside: tuple[float, float]) -> float:
    """How far it is in that direction to the edge of a box, from beside its middle."""
    halves = (BOX_WIDTH / 2, BOX_HEIGHT / 2)
    return min(
        (half - place * math.copysign(1, way)) / abs(way) if way else math.inf
        for half, way, place in zip(halves, direction, aside, strict=True)
    )
