"""The orders a ladder asks for, given the position that is really open: a pure function.

A level keeps its identity through fills: what it has filled counts towards its share of the
whole (what is open plus what levels have filled), and a finished level is never made again,
however the position grows. What is open is divided among the unfinished levels by what each
still lacks, to the quantity step, and the parts sum to the position exactly.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, count

from ..model.instrument import ZERO, Instrument, plain
from ..model.ladder import HUNDRED, Ladder, Level
from ..model.record import MonitorRecord, OwnedOrder
from .apportion import apportion, in_proportion


@dataclass(frozen=True, slots=True)
class LevelProgress:
    """How far a level is.

    Attributes:
        filled: quantity that its orders have filled in this cycle.
        done: its order filled whole; it is not made again.
        parts: of each order that rests, or may, its part of the level and what it has filled;
            those that cover most come first.
    """

    filled: Decimal = ZERO
    done: bool = False
    parts: tuple[tuple[int, Decimal], ...] = ()

    @property
    def resting_filled(self) -> Decimal:
        """The filled part of the order that would be the level's only one.

        The exchange's minimums bind an order's total, so such an order may cover less.
        """
        return max((filled for _, filled in self.parts), default=ZERO)


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
    resting = sorted(record.resting, key=_largest_first)
    return {
        level.number: LevelProgress(
            filled=record.filled(level.number),
            done=record.is_done(level.number),
            parts=tuple((o.part, o.filled) for o in resting if o.level == level.number),
        )
        for level in record.ladder.levels
    }


def _largest_first(order: OwnedOrder) -> tuple[Decimal, int]:
    return -order.remaining, order.part


def targets_for(
    ladder: Ladder,
    size: Decimal,
    progress: Mapping[int, LevelProgress],
    instrument: Instrument,
    without: Collection[int] = (),
) -> Targets:
    """The orders that ``ladder`` asks for a position of ``size``.

    Laws: quantities are whole steps and sum, with ``uncovered``, to the size exactly; no
    finished level gets any; none is below the exchange's minimums or above its maximum.

    Args:
        ladder: prices on the tick (see :meth:`Ladder.check_instrument`).
        size: the open position, in base coin.
        progress: by level number; a level left out has filled nothing.
        instrument: the exchange's rules.
        without: levels that no order can be placed for now: their neighbours cover for them.
    """
    steps = instrument.steps(size)
    below_step = size - instrument.quantity(steps)
    weights, notes = _weights(ladder, size, progress)
    if steps == 0:
        return Targets((), below_step)
    quantities = {
        number: instrument.quantity(part) for number, part in apportion(steps, weights).items()
    }
    merged, remainder, merge_notes = _merge(ladder, quantities, progress, instrument, without)
    orders: list[Target] = []
    for level in ladder.levels:
        own = progress.get(level.number, _NOTHING_YET)
        parts, rest = _split(level, merged.get(level.number, ZERO), own, instrument)
        orders += parts
        remainder += rest
    split_notes = (
        f"TP{level} is split: {plain(instrument.max_quantity)} is the largest order"
        for level, parts in Counter(order.level for order in orders).items()
        if parts > 1
    )
    if remainder and orders:
        merge_notes = (
            *merge_notes,
            f"{plain(remainder)} is below the exchange's minimum: uncovered",
        )
    return Targets(tuple(orders), below_step + remainder, (*notes, *merge_notes, *split_notes))


def _weights(
    ladder: Ladder, size: Decimal, progress: Mapping[int, LevelProgress]
) -> tuple[dict[int, int], tuple[str, ...]]:
    """What each unfinished level still lacks of its share of the whole, in proportion."""
    hundred, *shares = in_proportion((HUNDRED, *(level.share for level in ladder.levels)))
    is_open, *filled = in_proportion((size, *(each.filled for each in progress.values())))
    whole, of_level = is_open + sum(filled), dict(zip(progress, filled, strict=True))
    unfinished = {
        level.number: share
        for level, share in zip(ladder.levels, shares, strict=True)
        if not progress.get(level.number, _NOTHING_YET).done
    }
    if not unfinished:
        last = ladder.levels[-1].number
        note = f"all levels are filled and {plain(size)} is open: TP{last} is armed again"
        return {last: 1}, (note,) if size else ()
    lacks = {
        number: max(share * whole - hundred * of_level.get(number, 0), 0)
        for number, share in unfinished.items()
    }
    return lacks if any(lacks.values()) else unfinished, ()


def _merge(
    ladder: Ladder,
    quantities: Mapping[int, Decimal],
    progress: Mapping[int, LevelProgress],
    instrument: Instrument,
    without: Collection[int],
) -> tuple[dict[int, Decimal], Decimal, tuple[str, ...]]:
    """Moves what is below the minimums, or cannot be placed, into the neighbour towards TP1.

    The nearest level has no such neighbour and moves to the next. What is too small even as
    one order is dust.
    """
    left = {number: quantity for number, quantity in quantities.items() if quantity > 0}
    notes: list[str] = []

    def too_small(number: int) -> bool:
        total = left[number] + progress.get(number, _NOTHING_YET).resting_filled
        return not instrument.allows(total, _level(ladder, number).price)

    barred = without if left.keys() - set(without) else ()
    for number in sorted(left, key=lambda number: (number not in barred, -number)):
        if len(left) > 1 and (number in barred or too_small(number)):
            quantity = left.pop(number)
            nearer = [other for other in left if other < number]
            into = max(nearer) if nearer else min(left)
            left[into] += quantity
            why = "cannot be placed" if number in barred else "is below the exchange's minimum"
            notes.append(f"TP{number}'s {plain(quantity)} {why}: merged into TP{into}")
    if len(left) == 1 and too_small(only := next(iter(left))):
        remainder = left.pop(only)
        notes.append(f"{plain(remainder)} is below the exchange's minimum for any order")
        return left, remainder, tuple(notes)
    return left, ZERO, tuple(notes)


def _split(
    level: Level, quantity: Decimal, progress: LevelProgress, instrument: Instrument
) -> tuple[list[Target], Decimal]:
    """The level's orders, as many as the largest order forces, and what is left over.

    Minimums and maximum bind an order's total, what it has filled included. The totals are
    divided, so that no fill of a part moves another: the first parts are as large as they may
    be, and a last one below the minimum shares evenly with the one before; where both would be
    below it, it is dust. Orders that rest keep their parts; where fewer are needed, those that
    have filled stay, then those that cover most.
    """
    most = instrument.max_quantity
    # One that has filled more than the maximum, since that was lowered, can only be replaced.
    filled = {part: so_far for part, so_far in progress.parts if so_far < most}

    def room(part: int) -> Decimal:
        return most - filled.get(part, ZERO)

    parts = _needed(progress, quantity, room)
    sizes = _greedy(sorted(parts), quantity, room)
    if len(sizes) < len(parts):
        sizes = _greedy(parts, quantity, room)
    remainder = _even_out(sizes, filled, level, instrument)
    orders = [Target(level.number, part, level.price, size) for part, size in sizes.items()]
    return sorted(orders, key=lambda order: order.part), remainder


def _needed(
    progress: LevelProgress, quantity: Decimal, room: Callable[[int], Decimal]
) -> list[int]:
    """The parts that the quantity needs: of resting orders, the most filled first, then new."""
    own = sorted(progress.parts, key=lambda each: -each[1])
    taken = {part for part, _ in own}
    fresh = (part for part in count(1) if part not in taken)
    needed: list[int] = []
    left = quantity
    for part in chain((part for part, _ in own), fresh):
        if left <= 0:
            break
        needed.append(part)
        left -= room(part)
    return needed


def _greedy(
    parts: Iterable[int], quantity: Decimal, room: Callable[[int], Decimal]
) -> dict[int, Decimal]:
    """As much as there is room for into each part in turn; parts that get nothing are left out."""
    sizes: dict[int, Decimal] = {}
    for part in parts:
        size = min(quantity, room(part))
        if size > 0:
            sizes[part] = size
            quantity -= size
    return sizes


def _even_out(
    sizes: dict[int, Decimal], filled: Mapping[int, Decimal], level: Level, instrument: Instrument
) -> Decimal:
    """Lets the last two parts share evenly if the last is too small; gives what is dust."""
    if len(sizes) == 1 or not sizes:
        return ZERO
    before, last = list(sizes)[-2:]
    of_last, of_before = filled.get(last, ZERO), filled.get(before, ZERO)
    if instrument.allows(sizes[last] + of_last, level.price):
        return ZERO
    total = sizes[before] + of_before + sizes[last] + of_last
    half = instrument.quantity(instrument.steps(total / 2))
    half = min(half, total - of_before - instrument.quantity_step)
    if half <= of_last or not instrument.allows(half, level.price):
        return sizes.pop(last)
    sizes[before], sizes[last] = total - half - of_before, half - of_last
    return ZERO


def _level(ladder: Ladder, number: int) -> Level:
    level = ladder.level(number)
    if level is None:
        raise LookupError(f"the ladder has no TP{number}")
    return level
