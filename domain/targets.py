"""The orders a ladder asks for, given the position that is really open: a pure function.

A level keeps its identity through fills: what it has filled counts towards its share of the
whole (what is open plus what levels have filled), and a finished level is never made again,
however the position grows. What is open is divided among the unfinished levels by what each
still lacks, to the quantity step, and the parts sum to the position exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .apportion import apportion
from .instrument import ZERO, Instrument, plain
from .ladder import Ladder, Level
from .record import MonitorRecord


@dataclass(frozen=True, slots=True)
class LevelProgress:
    """How far a level is.

    Attributes:
        filled: quantity that its orders have filled in this cycle.
        done: its order filled whole; it is not made again.
        resting_filled: the filled part of its order that still rests. The exchange's minimums
            bind an order's total, so such an order may cover less than the minimum.
        by_part: the same by part of the level, where the exchange's maximum split it; without
            it, all is of the first part.
    """

    filled: Decimal = ZERO
    done: bool = False
    resting_filled: Decimal = ZERO
    by_part: tuple[tuple[int, Decimal], ...] = ()

    def filled_of(self, part: int) -> Decimal:
        """The filled part of the order that rests for that part of the level."""
        if not self.by_part:
            return self.resting_filled if part == 1 else ZERO
        return dict(self.by_part).get(part, ZERO)


_NOTHING_YET = LevelProgress()


@dataclass(frozen=True, slots=True)
class Target:
    """An order that shall rest: ``quantity`` is what it shall still cover."""

    level: int
    part: int
    price: Decimal
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Targets:
    """All orders that shall rest, and what was bent to make them possible.

    Attributes:
        orders: by level and part.
        uncovered: quantity that no order can cover: below the exchange's minimums.
        notes: merges, splits and re-armed levels, for journal and alert.
    """

    orders: tuple[Target, ...]
    uncovered: Decimal = ZERO
    notes: tuple[str, ...] = ()

    def of_level(self, number: int) -> Decimal:
        """The quantity that the level shall cover."""
        return sum((order.quantity for order in self.orders if order.level == number), ZERO)


def progress_of(record: MonitorRecord) -> dict[int, LevelProgress]:
    """How far each level of the record's ladder is in this cycle."""
    if record.ladder is None:
        return {}
    return {
        level.number: LevelProgress(
            filled=record.filled(level.number),
            done=record.is_done(level.number),
            resting_filled=sum(
                (order.filled for order in record.resting if order.level == level.number), ZERO
            ),
            by_part=tuple(
                (order.part, order.filled)
                for order in record.resting
                if order.level == level.number and order.filled
            ),
        )
        for level in record.ladder.levels
    }


def targets_for(
    ladder: Ladder,
    size: Decimal,
    progress: Mapping[int, LevelProgress],
    instrument: Instrument,
) -> Targets:
    """The orders that ``ladder`` asks for a position of ``size``.

    Laws: quantities are whole steps and sum, with ``uncovered``, to the size exactly; no
    finished level gets any; none is below the exchange's minimums or above its maximum.

    Args:
        ladder: prices on the tick (see :meth:`Ladder.check_instrument`).
        size: the open position, in base coin.
        progress: by level number; a level left out has filled nothing.
        instrument: the exchange's rules.
    """
    steps = instrument.steps(size)
    below_step = size - instrument.quantity(steps)
    weights, notes = _weights(ladder, size, progress)
    if steps == 0:
        return Targets((), below_step)
    quantities = {
        number: instrument.quantity(part) for number, part in apportion(steps, weights).items()
    }
    merged, dust, merge_notes = _merge(ladder, quantities, progress, instrument)
    orders: list[Target] = []
    for level in ladder.levels:
        own = progress.get(level.number, _NOTHING_YET)
        parts, rest = _split(level, merged.get(level.number, ZERO), own, instrument)
        orders += parts
        dust += rest
    split_notes = (
        f"TP{order.level} is split: {plain(instrument.max_quantity)} is the largest order"
        for order in orders
        if order.part == 2  # noqa: PLR2004 - one note a level
    )
    if dust and orders:
        merge_notes = (*merge_notes, f"{plain(dust)} is below the exchange's minimum: uncovered")
    return Targets(tuple(orders), below_step + dust, (*notes, *merge_notes, *split_notes))


def _weights(
    ladder: Ladder, size: Decimal, progress: Mapping[int, LevelProgress]
) -> tuple[dict[int, Fraction], tuple[str, ...]]:
    """What each unfinished level still lacks of its share of the whole."""
    whole = Fraction(size) + sum(Fraction(each.filled) for each in progress.values())
    lacks: dict[int, Fraction] = {}
    for level in ladder.levels:
        own = progress.get(level.number, _NOTHING_YET)
        if not own.done:
            lacks[level.number] = max(
                Fraction(level.share) * whole / 100 - Fraction(own.filled), Fraction(0)
            )
    if not lacks:
        last = ladder.levels[-1].number
        note = f"all levels are filled and {plain(size)} is open: TP{last} is armed again"
        return {last: Fraction(1)}, (note,) if size else ()
    if not any(lacks.values()):
        shares = {n: Fraction(_level(ladder, n).share) for n in lacks}
        return shares, ()
    return lacks, ()


def _merge(
    ladder: Ladder,
    quantities: Mapping[int, Decimal],
    progress: Mapping[int, LevelProgress],
    instrument: Instrument,
) -> tuple[dict[int, Decimal], Decimal, tuple[str, ...]]:
    """Moves what is below the minimums into the neighbour towards TP1.

    The nearest level has no such neighbour and moves to the next. What is too small even as
    one order is dust.
    """
    left = {number: quantity for number, quantity in quantities.items() if quantity > 0}
    notes: list[str] = []

    def too_small(number: int) -> bool:
        total = left[number] + progress.get(number, _NOTHING_YET).resting_filled
        return not instrument.allows(total, _level(ladder, number).price)

    for number in sorted(left, reverse=True):
        if len(left) > 1 and too_small(number):
            quantity = left.pop(number)
            nearer = [other for other in left if other < number]
            into = max(nearer) if nearer else min(left)
            left[into] += quantity
            notes.append(
                f"TP{number}'s {plain(quantity)} is below the exchange's minimum: "
                f"merged into TP{into}"
            )
    if len(left) == 1 and too_small(only := next(iter(left))):
        dust = left.pop(only)
        notes.append(f"{plain(dust)} is below the exchange's minimum for any order")
        return left, dust, tuple(notes)
    return left, ZERO, tuple(notes)


def _split(
    level: Level, quantity: Decimal, progress: LevelProgress, instrument: Instrument
) -> tuple[list[Target], Decimal]:
    """The level's orders, as many as the largest order forces, and what is left over.

    The first ones are as large as they may be, so that a level that grows leaves them as they
    are. Each leaves room for what its resting order has filled: that counts in its total.
    A last part below the minimum shares evenly with the one before; where both would be below
    it, it is dust.
    """
    sizes: list[Decimal] = []
    dust = ZERO
    left = quantity
    while left > 0:
        filled = progress.filled_of(len(sizes) + 1)
        room = max(instrument.max_quantity - filled, ZERO) or instrument.max_quantity
        size = min(left, room)
        sizes.append(size)
        left -= size
    if len(sizes) > 1 and not instrument.allows(sizes[-1], level.price):
        last = sizes.pop()
        half = instrument.quantity(instrument.steps((sizes[-1] + last) / 2))
        if not instrument.allows(half, level.price):
            dust = last
        else:
            sizes[-1:] = [sizes[-1] + last - half, half]
    parts = [Target(level.number, part, level.price, size) for part, size in enumerate(sizes, 1)]
    return parts, dust


def _level(ladder: Ladder, number: int) -> Level:
    level = ladder.level(number)
    if level is None:
        raise LookupError(f"the ladder has no TP{number}")
    return level
