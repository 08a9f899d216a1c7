"""The orders a ladder asks for, given the position that is really open: a pure function.

A level keeps its identity through fills. What it has filled counts towards its share of the
whole, which is what is open plus what the levels have filled. A finished level is never placed
again, however much the position grows. What is open is divided among the unfinished levels by
what each still lacks, to the quantity step, so that the parts sum to the position exactly. What is
open is the position without the runner's part, see :mod:`.runner`.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from ..model.instrument import ZERO, Instrument, plain
from ..model.ladder import Ladder, Withheld
from ..model.record import MonitorRecord, OwnedOrder
from .apportion import apportion, in_proportion
from .merge_levels import MergedLevels, merge_levels
from .runner import LEFT
from .split_level import split_level


@dataclass(frozen=True, slots=True)
class LevelProgress:
    """How far a level is.

    Attributes:
        filled: quantity that its orders have filled in this cycle.
        done: its order has filled completely; the level is not placed again.
        parts: part and filled quantity of each order that rests, or may; those that cover most
            come first.
        ends: an order of it has filled completely, and others rest: once these are gone, it is
            done.
    """

    filled: Decimal = ZERO
    done: bool = False
    parts: tuple[tuple[int, Decimal], ...] = ()
    ends: bool = False

    @property
    def resting_filled(self) -> Decimal:
        """The filled part of the order that would be the level's only one.

        The exchange's minimums bind an order's total, so such an order may cover less.
        """
        return max([filled for _, filled in self.parts], default=ZERO)


_NO_PROGRESS = LevelProgress()
_ALL_PLACEABLE: Mapping[int, Decimal] = {}


@dataclass(frozen=True, slots=True)
class Target:
    """An order that should rest; ``quantity`` is what it should still cover."""

    level: int
    part: int
    price: Decimal
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Targets:
    """All orders that should rest, and how the ladder was adjusted to make them possible.

    Attributes:
        orders: by level and part.
        uncovered: quantity that no order can cover, because it is below the exchange's minimums.
        notes: merged, split and repeated levels, for journal and alert.
        withheld: what else the ladder asks for, and no order rests for: the market has passed it,
            or it is the runner's.
    """

    orders: tuple[Target, ...]
    uncovered: Decimal = ZERO
    notes: tuple[str, ...] = ()
    withheld: tuple[Withheld, ...] = ()

    @property
    def runner(self) -> Decimal:
        """The quantity that is the runner's."""
        return sum([one.quantity for one in self.withheld if one.is_runner], ZERO)

    def of_level(self, number: int) -> Decimal:
        """The quantity that the level should cover."""
        return sum([order.quantity for order in self.orders if order.level == number], ZERO)

    def of_part(self, number: int, part: int) -> Decimal:
        """The quantity that this part of the level should cover."""
        of_it = (each for each in self.orders if (each.level, each.part) == (number, part))
        return sum([each.quantity for each in of_it], ZERO)


def progress_of(record: MonitorRecord) -> dict[int, LevelProgress]:
    """How far each level of the record's ladder is in this cycle."""
    if record.ladder is None:
        return {}
    resting = sorted(record.resting, key=_largest_first)
    return {
        level.number: LevelProgress(
            filled=record.filled(level.number),
            done=record.is_done(level.number),
            parts=tuple([(o.part, o.filled) for o in resting if o.level == level.number]),
            ends=record.has_filled_order(level.number) and not record.is_done(level.number),
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
    unplaceable: Mapping[int, Decimal] = _ALL_PLACEABLE,
    closed: Collection[int] = (),
) -> Targets:
    """The orders that ``ladder`` asks for a position of ``size``, the runner's part left out.

    Laws: quantities are whole steps and sum, with ``uncovered``, to the size exactly; a finished
    level gets none; no order is below the exchange's minimums or above its maximum.

    A short of 100 had 85/5/5/5, and TP1 filled its 85. Then an entry filled 100 more, so 115 are
    open of 200. TP2 to TP4 lack 10 each, and divide the 115 evenly:

    >>> rules = Instrument("BANDUSDT", tick=Decimal("0.01"), quantity_step=Decimal("0.1"),
    ...                    min_quantity=Decimal("0.1"), max_quantity=Decimal(1000))
    >>> ladder = Ladder.of(("0.66", 85), ("0.64", 5), ("0.62", 5), ("0.60", 5))
    >>> progress = {1: LevelProgress(filled=Decimal(85), done=True)}
    >>> targets = targets_for(ladder, Decimal(115), progress, rules)
    >>> [(order.level, str(order.quantity)) for order in targets.orders]
    [(2, '38.4'), (3, '38.3'), (4, '38.3')]

    Args:
        ladder: the levels; one whose price the exchange does not take gets nothing, and the
            others cover its share.
        size: the open position without the runner's part, in base coin.
        progress: by level number; a level left out has filled nothing.
        instrument: the exchange's rules.
        unplaceable: levels that the exchange takes no new order for at present, with what rests of
            them; their neighbours cover what they lack.
        closed: levels that get no order besides those that stay; the others cover their share.
    """
    targets = _drawn(ladder, size, progress, instrument, unplaceable, closed)
    served = {order.level for order in targets.orders}
    ended = [n for n, each in progress.items() if each.ends and n not in (*served, *closed)]
    if not ended:
        return targets
    # Their orders go, so they are done. What they lack is divided anew now, not in a later run.
    done = {number: replace(progress[number], done=True, ends=False) for number in ended}
    progress = {**progress, **done}
    targets = targets_for(ladder, size, progress, instrument, unplaceable, closed)
    notes = (f"TP{n} is done: what it lacks is no order of its own" for n in ended)
    return replace(targets, notes=(*notes, *targets.notes))


def _drawn(
    ladder: Ladder,
    size: Decimal,
    progress: Mapping[int, LevelProgress],
    instrument: Instrument,
    unplaceable: Mapping[int, Decimal],
    closed: Collection[int],
) -> Targets:
    """The orders that are asked for, as far as the levels are now."""
    if ladder.runner and all(_is_done(progress, level.number) for level in ladder.levels):
        return Targets((), withheld=(Withheld(0, ZERO, size, LEFT),) if size else ())
    steps = instrument.steps(size)
    below_step = size - instrument.quantity(steps)
    weights, notes = _weights(ladder, size, progress, {*closed, *_refused(ladder, instrument)})
    if steps == 0:
        return Targets((), below_step)
    if not weights:
        return Targets((), size, notes)
    quantities = {
        number: instrument.quantity(part) for number, part in apportion(steps, weights).items()
    }
    progress = {number: _replaceable(each, instrument) for number, each in progress.items()}
    resting_filled = {number: each.resting_filled for number, each in progress.items()}
    merged = merge_levels(ladder, quantities, resting_filled, instrument, unplaceable)
    orders, uncovered = _split(ladder, merged, progress, instrument)
    notes = (*notes, *merged.notes, *_notes(orders, uncovered, instrument))
    return Targets(tuple(orders), below_step + uncovered, notes)


def _replaceable(progress: LevelProgress, instrument: Instrument) -> LevelProgress:
    """The same, where an order that has filled the maximum, since lowered, is to be a new one.

    No amend makes it smaller or larger, and its fills count for no minimum of the new order.
    """
    largest = instrument.max_quantity
    if all(done < largest for _, done in progress.parts):
        return progress
    parts = ((part, done if done < largest else ZERO) for part, done in progress.parts)
    return replace(progress, parts=tuple(parts))


def _split(
    ladder: Ladder,
    merged: MergedLevels,
    progress: Mapping[int, LevelProgress],
    instrument: Instrument,
) -> tuple[list[Target], Decimal]:
    """The orders of all levels, and what is too little for one of its own at any of them.

    What a level leaves over goes to the next one towards TP1, where together they may be enough;
    what is left at the nearest goes back, to the first that has an order for it.
    """
    quantities, left = dict(merged.quantities), merged.uncovered
    parts: dict[int, dict[int, Decimal]] = {}
    for level in (*reversed(ladder.levels), *ladder.levels):
        number = level.number
        if number not in quantities or (number in parts and not left):
            continue
        whole, resting = quantities[number] + left, progress.get(number, _NO_PROGRESS).parts
        parts[number], left = split_level(whole, level.price, resting, instrument)
        quantities[number] = whole - left
    orders = [
        Target(level.number, part, level.price, quantity)
        for level in ladder.levels
        for part, quantity in parts.get(level.number, {}).items()
    ]
    return orders, left


def _notes(
    orders: Collection[Target], uncovered: Decimal, instrument: Instrument
) -> tuple[str, ...]:
    """What is left uncovered, and which levels have several orders."""
    parts = Counter([order.level for order in orders])
    split = (
        f"TP{level} is split: the exchange's largest order is {plain(instrument.max_quantity)}"
        for level, number in parts.items()
        if number > 1
    )
    if not (uncovered and orders):
        return tuple(split)
    return (f"{plain(uncovered)} is below the exchange's minimum and stays uncovered", *split)


def _is_done(progress: Mapping[int, LevelProgress], number: int) -> bool:
    return progress.get(number, _NO_PROGRESS).done


def _refused(ladder: Ladder, instrument: Instrument) -> list[int]:
    return [level.number for level in ladder.levels if instrument.refuses(level.price)]


def _weights(
    ladder: Ladder, size: Decimal, progress: Mapping[int, LevelProgress], closed: Collection[int]
) -> tuple[dict[int, int], tuple[str, ...]]:
    """What each unfinished level still lacks of its share of the whole, in proportion.

    Empty if every level that would get something is closed.
    """
    shares = in_proportion([level.share for level in ladder.levels])
    is_open, *filled = in_proportion([size, *[each.filled for each in progress.values()]])
    whole, filled_of = is_open + sum(filled), dict(zip(progress, filled, strict=True))
    hundred = sum(shares)
    unfinished = {
        level.number: share
        for level, share in zip(ladder.levels, shares, strict=True)
        if not _is_done(progress, level.number)
    }
    if not unfinished:
        last = ladder.levels[-1].number
        note = f"all levels have filled and {plain(size)} is still open: TP{last} is wanted again"
        return {} if last in closed else {last: 1}, (note,) if size else ()
    lacks = {
        number: max(share * whole - hundred * filled_of.get(number, 0), 0)
        for number, share in unfinished.items()
        if number not in closed
    }
    if any(lacks.values()):
        return lacks, ()
    return {number: unfinished[number] for number in lacks}, ()
