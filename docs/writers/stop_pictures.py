"""Each rule of a stop as a picture: a price against time, with the stop that the rules come to.

The stops are those of the pure rules (:mod:`trueup.domain.protection.rules`): for each point of the
path, what is on record goes in, and what is wanted comes out.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from trueup import Breakeven, Ladder, Side, Stop, Trailing
from trueup.domain.model.instrument import Instrument, plain
from trueup.domain.protection.facts import StopFacts
from trueup.domain.protection.rules import wanted_stop

D = Decimal
_ENTRY = D(100)
_LADDER = Ladder.of((102, 40), (104, 30), (106, 20), (108, 10))
_PATH = tuple(
    map(D, ("100", "99.5", "101.2", "100.4", "102.3", "101.5", "104.6", "103.7", "106.1"))
)
_END = D("105.3")
_STEP = D("0.1")
"""What the price moves by from one point to the next."""
_FACTS = StopFacts(
    Side.BUY, _ENTRY, D(1000), Instrument("X", D("0.01"), D(1), D(1), D(10000)), _LADDER
)
_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP = 640, 230, 52, 96, 12
_LOW, _HIGH = D(97), D(107)
_GREY, _BLUE, _RED, _GREEN = "#8c959f", "#0969da", "#cf222e", "#1a7f37"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a stop, for its picture.

    Attributes:
        name: its heading.
        stop: settings that have it.
        toml: the same as a configuration file says it.
        meaning: what it does, in one sentence.
    """

    name: str
    stop: Stop
    toml: str
    meaning: str


RULES: Mapping[str, Rule] = {
    "price": Rule(
        "A fixed price",
        Stop.of(price="97.5"),
        "stop = {price = 97.5}",
        "The stop is at this price and stays there.",
    ),
    "percent": Rule(
        "Percent from the entry",
        Stop.of(percent=2),
        "stop = {percent = 2}",
        "The stop is so many per cent from the average entry, on the losing side.",
    ),
    "breakeven": Rule(
        "Breakeven after a target",
        Stop.of(percent=2, breakeven=Breakeven.of(after_level=1, offset="0.08")),
        'stop = {percent = 2, breakeven = {after_level = "TP1", offset = 0.08}}',
        "Once TP1 has filled, the stop goes to the entry, and a little beyond it for the fees.",
    ),
    "breakeven-percent": Rule(
        "Breakeven in profit",
        Stop.of(percent=2, breakeven=Breakeven.of(after_percent="1.2", offset=0)),
        "stop = {percent = 2, breakeven = {after_percent = 1.2, offset = 0}}",
        "Once the price has been 1.2 % in profit, the stop goes to the entry, filled or not.",
    ),
    "moving-target": Rule(
        "Moving target",
        Stop.of(percent=2, moving_target=1),
        "stop = {percent = 2, moving_target = 1}",
        "The stop is one target behind: at the entry after TP1, at TP1 after TP2, and so on.",
    ),
    "moving-2-target": Rule(
        "Moving target, two behind",
        Stop.of(percent=2, moving_target=2),
        "stop = {percent = 2, moving_target = 2}",
        "The same two targets behind: at the entry after TP2, at TP1 after TP3.",
    ),
    "behind-target": Rule(
        "Percent behind the last target",
        Stop.of(percent=2, behind_target="1.5"),
        "stop = {percent = 2, behind_target = 1.5}",
        "The stop is 1.5 % behind the target that filled last.",
    ),
    "trailing": Rule(
        "Trailing after a target",
        Stop.of(percent=2, trailing=Trailing.of(percent=1, after_level=1)),
        'stop = {percent = 2, trailing = {percent = 1, after_level = "TP1"}}',
        "Once TP1 has filled, Bybit's own trailing stop follows the best price, also while trueup "
        "is down. The first stop stays beneath it.",
    ),
}


def picture(stop: Stop) -> str:
    """The price on its path, the entry, the targets, and the stop, as SVG."""
    prices = tuple(_prices())
    stops = tuple(_stops(stop, prices))
    last = len(prices) - 1
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
            'font-family="sans-serif" font-size="12">'
        ),
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#ffffff"/>',
        _level("entry", _ENTRY, _GREEN),
        *(_level(f"TP{one.number}", one.price, _GREY) for one in _LADDER.levels[:-1]),
        _line(((n, price) for n, price in enumerate(prices)), last, _BLUE),
        _line(_steps(stops), last, _RED),
        f'<text x="{_WIDTH - _RIGHT + 6}" y="{_y(prices[-1]) + 4}" fill="{_BLUE}">price</text>',
        (
            f'<text x="{_WIDTH - _RIGHT + 6}" y="{_y(stops[-1]) + 4}" fill="{_RED}">'
            f"stop {plain(stops[-1])}</text>"
        ),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _prices() -> Iterator[Decimal]:
    """Every price from turn to turn, a step at a time."""
    for turn, target in zip(_PATH, (*_PATH[1:], _END), strict=True):
        price, step = turn, _STEP if target > turn else -_STEP
        while price != target:
            yield price
            price += step
    yield _END


def _stops(stop: Stop, prices: Iterable[Decimal]) -> Iterator[Decimal]:
    """Where the stop is at each of these prices: the set one, or the trailing one if tighter."""
    facts, trails = _FACTS, D(0)
    for price in prices:
        reached = {one.number for one in _LADDER.levels if one.price <= price}
        facts = replace(facts, best=max(facts.best, price), done=facts.done | reached)
        wanted = wanted_stop(stop, facts)
        facts = replace(
            facts, first=wanted.first, tightest=wanted.trigger, tightened=wanted.tightened
        )
        if wanted.trailing is not None:
            facts = replace(facts, trail=wanted.trailing.distance)
            trails = max(trails, price - wanted.trailing.distance)
        yield max(wanted.trigger or D(0), trails)


def _steps(stops: Sequence[Decimal]) -> Iterator[tuple[int, Decimal]]:
    """The corners of a line that stays until it moves."""
    yield 0, stops[0]
    for number, (before, after) in enumerate(itertools.pairwise(stops), 1):
        if before != after:
            yield number, before
            yield number, after
    yield len(stops) - 1, stops[-1]


def _line(points: Iterable[tuple[int, Decimal]], last: int, colour: str) -> str:
    """A line through the points, without those on the way from one corner to the next."""
    corners: list[tuple[int, int]] = []
    for number, price in points:
        x = _LEFT + (_WIDTH - _LEFT - _RIGHT) * number // last
        corners.append((x, _y(price)))
    shown = [
        one
        for n, one in enumerate(corners)
        if n in (0, len(corners) - 1) or not _is_between(corners[n - 1], one, corners[n + 1])
    ]
    text = " ".join(f"{x},{y}" for x, y in shown)
    return f'<polyline points="{text}" fill="none" stroke="{colour}" stroke-width="2"/>'


def _is_between(before: tuple[int, int], one: tuple[int, int], after: tuple[int, int]) -> bool:
    """Whether the point is on a level or upright line from the one before to the next."""
    return any(before[axis] == one[axis] == after[axis] for axis in (0, 1))


def _level(name: str, price: Decimal, colour: str) -> str:
    y = _y(price)
    return (
        f'<line x1="{_LEFT}" y1="{y}" x2="{_WIDTH - _RIGHT}" y2="{y}" stroke="{colour}" '
        f'stroke-dasharray="4 4"/><text x="8" y="{y + 4}" fill="{colour}">{name}</text>'
    )


def _y(price: Decimal) -> int:
    height = _HEIGHT - 2 * _TOP
    return _TOP + int(height * (_HIGH - price) / (_HIGH - _LOW))
