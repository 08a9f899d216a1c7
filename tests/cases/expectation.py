"""What must come out of a case, worked out apart from the engine, by the promises alone.

* No position: nothing rests.
* No ladder, neither the record's own nor the main account's: an alert, ``no ladder``.
* A level on the losing side of the entry that is neither finished nor resting: an alert, since
  its order would have to be made, and would realise a loss.
* Else whole cover: the position is divided among the levels that are not finished by what each
  still lacks of its share of position plus fills, by largest remainder; what is below the
  exchange's minimums goes to the neighbour towards TP1, from TP1 to the next; if nothing is
  above them, an alert. Where all levels are finished the last has all of it, and is told of.
* In as few orders as the exchange's largest one allows: all of a level's are that large, but for
  the last, which shares evenly with the one before it where it would be below the minimums.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from tests.cases.belief import filled_of
from tests.cases.casebook import Case
from tests.cases.dividing import divide
from tests.cases.rules import Rules
from tests.cases.states import State, Stored
from tests.cases.values import ZERO
from trueup import Side

NO_LADDER = "no ladder"
LOSING_SIDE = "on the losing side"
PLACED_AGAIN = "is wanted again"
BELOW_MINIMUM = "below the exchange's minimum"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must rest when the run has settled, or what the alert must say.

    Attributes:
        orders: what each order at a price still covers, largest first.
        alert: words of the reason; None where the run must end in sync.
        told: words that an alert must have where it does; None where none need be said.
    """

    orders: Mapping[Decimal, Sequence[Decimal]]
    alert: str | None = None
    told: str | None = None


@dataclass(frozen=True, slots=True)
class _Level:
    """A level with what the state says of its orders."""

    price: Decimal
    share: Decimal
    filled: Decimal
    resting_filled: Decimal
    rests: bool
    done: bool


def expectation_of(case: Case) -> Expectation:
    """What must come out of the case."""
    size = case.rules.floored(case.state.size)
    ladder = case.belief.ladder or case.main_ladder
    if not size:
        return Expectation({})
    if ladder is None:
        return Expectation({}, NO_LADDER)
    levels = [_level(case, level.price, level.share) for level in ladder.levels]
    if any(_loses(case.state, level) for level in levels):
        return Expectation({}, LOSING_SIDE)
    cover = _merged(levels, _divided(levels, size, case.rules), case.rules)
    orders = {levels[n].price: _parts(levels[n], cover[n], case.rules) for n in cover}
    if not cover:
        return Expectation({}, BELOW_MINIMUM)
    return Expectation(orders, told=PLACED_AGAIN if all(level.done for level in levels) else None)


def _loses(state: State, level: _Level) -> bool:
    """Whether an order would have to be made that realises a loss."""
    if not state.entry_price or level.done or level.rests:
        return False
    sign = 1 if state.side is Side.BUY else -1
    return sign * (level.price - state.entry_price) <= 0


def _level(case: Case, price: Decimal, share: Decimal) -> _Level:
    rules = case.rules
    at_price = [o for o in case.state.take_profits if o.price and rules.on_tick(o.price) == price]
    resting = [order for order in at_price if _rests(order, rules)]
    return _Level(
        price=price,
        share=share,
        filled=sum((filled_of(order, rules) for order in at_price), ZERO),
        resting_filled=sum((filled_of(order, rules) for order in resting), ZERO),
        rests=bool(resting),
        done=any(order.is_filled for order in at_price) and not resting,
    )


def _rests(order: Stored, rules: Rules) -> bool:
    return (
        order.is_open
        and order.is_take_profit
        and rules.floored(order.quantity or ZERO) > order.filled
    )


def _divided(levels: list[_Level], size: Decimal, rules: Rules) -> list[Decimal]:
    """What each level covers, before minimums."""
    whole = Fraction(size) + sum((Fraction(level.filled) for level in levels), Fraction(0))
    lacks = [
        max(Fraction(level.share) * whole / 100 - Fraction(level.filled), Fraction(0))
        if not level.done
        else Fraction(0)
        for level in levels
    ]
    if all(level.done for level in levels):
        lacks[-1] = Fraction(1)
    elif not any(lacks):
        lacks = [Fraction(level.share) if not level.done else Fraction(0) for level in levels]
    return [part * rules.step for part in divide(int(size / rules.step), lacks)]


def _merged(levels: list[_Level], quantities: list[Decimal], rules: Rules) -> Mapping[int, Decimal]:
    """What each level that rests covers, with what is too small moved towards TP1."""
    left = {n: quantity for n, quantity in enumerate(quantities) if quantity}

    def fits(n: int) -> bool:
        return rules.allows(left[n] + levels[n].resting_filled, levels[n].price)

    _move_small(left, fits)
    if len(left) == 1 and not fits(next(iter(left))):
        return {}
    return left


def _move_small(left: dict[int, Decimal], fits: Callable[[int], bool]) -> None:
    for n in sorted(left, reverse=True):
        if len(left) > 1 and not fits(n):
            moved = left.pop(n)
            nearer = [other for other in left if other < n]
            left[max(nearer) if nearer else min(left)] += moved


def _parts(level: _Level, quantity: Decimal, rules: Rules) -> Sequence[Decimal]:
    """What the level's orders cover each; a fill of the one that rests takes up room in it."""
    most, total = rules.max_quantity, quantity + level.resting_filled
    count = int(total // most) + bool(total % most)
    last = total - most * (count - 1)
    sizes = [most] * (count - 1) + [last]
    if len(sizes) > 1 and not rules.allows(last, level.price):
        half = rules.floored((most + last) / 2)
        sizes[-2:] = [most + last - half, half]
    return sorted([sizes[0] - level.resting_filled, *sizes[1:]], reverse=True)
