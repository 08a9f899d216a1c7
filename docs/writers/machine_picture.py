"""The machine as a picture: its states in fixed places, its transitions from the chart."""

import math
from collections.abc import Iterator, Mapping

from trueup.domain.model.record import StateName
from trueup.states.machine import transitions

Point = tuple[float, float]

_WIDTH, _HEIGHT = 900, 460
_BOX_W, _BOX_H = 104, 34
_PLACES: Mapping[StateName, Point] = {
    StateName.IDLE: (70, 230),
    StateName.VALIDATING: (280, 230),
    StateName.RECOVERING: (280, 30),
    StateName.CANCELLING: (570, 120),
    StateName.PLACING: (570, 350),
    StateName.ALERTING: (820, 230),
}
_BEND = 0.1
"""How far an arrow bows to its left, as a share of its length: so two that go both ways part."""
_BENDS: Mapping[tuple[StateName, StateName], float] = {
    (StateName.RECOVERING, StateName.ALERTING): 0.12,
    (StateName.VALIDATING, StateName.ALERTING): 0.0,
    (StateName.ALERTING, StateName.VALIDATING): 0.06,
    (StateName.ALERTING, StateName.IDLE): 0.27,
    (StateName.PLACING, StateName.ALERTING): -0.1,
    (StateName.CANCELLING, StateName.PLACING): 0.15,
}
"""Of the arrows that would run through a state or another arrow."""
_LEFT_OUT = "broke"
"""An event that every state has, and that the page explains."""
_STEEP = 80
_GREY, _BLUE = "#8c959f", "#0969da"


def machine_picture() -> str:
    """The picture, as SVG."""
    arrows: dict[tuple[StateName, StateName], list[str]] = {}
    for each in transitions():
        if each.event != _LEFT_OUT:
            ends = StateName(each.source), StateName(each.target)
            arrows.setdefault(ends, []).append(each.event)
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
            'font-family="sans-serif" font-size="13" role="img">'
        ),
        "<title>The six states of a monitor's machine and the transitions between them</title>",
        (
            '<defs><marker id="head" markerWidth="9" markerHeight="9" refX="8" refY="4" '
            f'orient="auto"><path d="M0,0 L9,4 L0,8 z" fill="{_GREY}"/></marker></defs>'
        ),
    ]
    for (source, target), events in arrows.items():
        lines += _arrow(source, target, ", ".join(events))
    for state, place in _PLACES.items():
        lines += _box(state, place)
    return "\n".join([*lines, "</svg>", ""])


def _arrow(source: StateName, target: StateName, events: str) -> Iterator[str]:
    start, end = _PLACES[source], _PLACES[target]
    across, down = end[0] - start[0], end[1] - start[1]
    bend = 2 * _BENDS.get((source, target), _BEND)
    over = ((start[0] + end[0]) / 2 + bend * down, (start[1] + end[1]) / 2 - bend * across)
    (x1, y1), (x2, y2) = _edge(start, over), _edge(end, over)
    x, y = (x1 + x2) / 4 + over[0] / 2, (y1 + y2) / 4 + over[1] / 2
    yield (
        f'<path d="M{x1:.0f},{y1:.0f} Q{over[0]:.0f},{over[1]:.0f} {x2:.0f},{y2:.0f}" fill="none" '
        f'stroke="{_GREY}" stroke-width="1.5" marker-end="url(#head)"/>'
    )
    turn = math.degrees(math.atan2(down, across))
    turn -= 180 * round(turn / 180)
    side = -6 if abs(turn) < _STEEP and across > 0 else 15
    yield (
        f'<text transform="translate({x:.0f},{y:.0f}) rotate({turn:.0f})" y="{side}" '
        f'text-anchor="middle" fill="{_GREY}">{events}</text>'
    )


def _box(state: StateName, place: Point) -> Iterator[str]:
    x, y = place
    yield (
        f'<rect x="{x - _BOX_W / 2:.0f}" y="{y - _BOX_H / 2:.0f}" width="{_BOX_W}" '
        f'height="{_BOX_H}" rx="8" fill="none" stroke="{_BLUE}" stroke-width="2"/>'
    )
    yield (
        f'<text x="{x:.0f}" y="{y + 5:.0f}" text-anchor="middle" fill="{_BLUE}" '
        f'font-weight="bold">{state.value}</text>'
    )


def _edge(place: Point, towards: Point) -> Point:
    """Where the line from the middle of a state's box to a point leaves the box."""
    across, down = towards[0] - place[0], towards[1] - place[1]
    by_width = (_BOX_W / 2 + 3) / abs(across) if across else math.inf
    by_height = (_BOX_H / 2 + 3) / abs(down) if down else math.inf
    share = min(by_width, by_height)
    return place[0] + share * across, place[1] + share * down
