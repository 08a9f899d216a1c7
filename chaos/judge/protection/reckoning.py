"""Where the stop of a position has to be: reckoned anew, from its settings and what is true.

Nothing of the engine's own rules is used. Every rule is a price; a price on the losing side of the
market is a stop. *Sure* rules apply whatever the engine may have missed, *possible* ones may apply.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from trueup.domain.model.identity import Side
from trueup.domain.model.instrument import ZERO
from trueup.domain.model.ladder import Ladder
from trueup.domain.model.stop import Stop

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Truth:
    """What a stop depends on, at one moment.

    Attributes:
        entry: the average entry price of the position.
        reached: the farthest level that has filled; 0 if none has.
        best: the best price of the market that counts.
        ticks: the tick; two where the exchange has changed it.
    """

    side: Side
    entry: Decimal
    ladder: Ladder | None
    reached: int
    best: Decimal
    ticks: tuple[Decimal, ...]


def prices(stop: Stop, truth: Truth) -> Iterator[Decimal]:
    """Every price at which a rule that applies would have the stop, by each tick."""
    for price, loses in _exact(stop, truth):
        for tick in truth.ticks:
            yield _rounded(truth, price, tick, loses=loses)


def loosest(stop: Stop, truth: Truth) -> list[Decimal]:
    """The price of each rule that applies, tightest first.

    Where the exchange has changed the tick, each rule counts by the one that is easier to meet.
    """
    found: list[Decimal] = []
    for price, loses in _exact(stop, truth):
        each = [_rounded(truth, price, tick, loses=loses) for tick in truth.ticks]
        found.append(min(each) if truth.side is Side.BUY else max(each))
    return sorted(found, reverse=truth.side is Side.BUY)


def _rounded(truth: Truth, price: Decimal, tick: Decimal, *, loses: bool) -> Decimal:
    """The price on the tick; that of a stop which has to lose stays on the losing side."""
    rounded = on_tick(truth.side, price, tick)
    if not loses or tighter(truth.side, truth.entry, rounded):
        return rounded
    return on_tick(truth.side, truth.entry, tick) - sign(truth.side) * tick


def trails(stop: Stop, truth: Truth) -> bool:
    """Whether the settings want a trailing stop, at once or from its activation price on."""
    if stop.trailing is None:
        return False
    return truth.reached >= (stop.trailing.after_level or 0)


def distances(stop: Stop, truth: Truth) -> Iterator[Decimal]:
    """How far the trailing stop may trail, by each tick."""
    trailing = stop.trailing
    if trailing is None:
        return
    level = truth.ladder.level(trailing.after_level or 0) if truth.ladder else None
    base = trailing.activation or (level.price if level else truth.entry)
    part = trailing.distance or base * (trailing.percent or ZERO) / _HUNDRED
    for tick in truth.ticks:
        yield floored(part, tick)


def behind(side: Side, trigger: Decimal, percent: Decimal, tick: Decimal) -> Decimal:
    """So many per cent of a stop's trigger behind it, on the losing side, and away from it."""
    ticks = (trigger - sign(side) * trigger * percent / _HUNDRED) / tick
    rounded = ticks.to_integral_value(ROUND_FLOOR if side is Side.BUY else ROUND_CEILING)
    return max(rounded * tick, tick)


def floored(distance: Decimal, tick: Decimal) -> Decimal:
    """The distance on the tick that trails no farther, which is one tick at least."""
    return max((distance / tick).to_integral_value(ROUND_FLOOR) * tick, tick)


def _exact(stop: Stop, truth: Truth) -> Iterator[tuple[Decimal, bool]]:
    """The price of each rule that applies, not rounded, and whether it has to lose."""
    entry, way = truth.entry, sign(truth.side)
    if stop.percent is not None:
        yield entry - way * entry * stop.percent / _HUNDRED, True
    losing = stop.price is not None and tighter(truth.side, entry, stop.price)
    locking = stop.price is not None and truth.best and tighter(truth.side, truth.best, stop.price)
    if stop.price is not None and (losing or locking):
        yield stop.price, losing
    offset = (stop.breakeven.offset or ZERO) if stop.breakeven else ZERO
    even = entry + way * entry * offset / _HUNDRED
    if _is_even(stop, truth):
        yield even, False
    behind = stop.moving_target
    if behind is not None and truth.reached >= behind:
        yield even, False
        level = truth.ladder.level(truth.reached - behind) if truth.ladder else None
        if level is not None:
            yield level.price, False
    if stop.behind_target is not None and truth.reached and truth.ladder:
        level = truth.ladder.level(truth.reached)
        if level is not None:
            yield level.price - way * level.price * stop.behind_target / _HUNDRED, False


def _is_even(stop: Stop, truth: Truth) -> bool:
    rule = stop.breakeven
    if rule is None:
        return False
    if rule.after_level is not None and truth.reached >= rule.after_level:
        return True
    if rule.after_percent is None or not truth.best:
        return False
    way = sign(truth.side)
    due = truth.entry + way * truth.entry * rule.after_percent / _HUNDRED
    return truth.best >= due if truth.side is Side.BUY else truth.best <= due


def tighter(side: Side, price: Decimal, than: Decimal) -> bool:
    """Whether a stop at a price is tighter than one at another; 0 is none at all."""
    if not price or not than:
        return bool(price) and not than
    return price > than if side is Side.BUY else price < than


def sign(side: Side) -> int:
    """1 where a rising price gains, else -1."""
    return 1 if side is Side.BUY else -1


def on_tick(side: Side, price: Decimal, tick: Decimal) -> Decimal:
    """The price on the tick that loses no more."""
    rounding = ROUND_CEILING if side is Side.BUY else ROUND_FLOOR
    return (price / tick).to_integral_value(rounding) * tick
