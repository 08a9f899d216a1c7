"""The orders that shall rest for a position: the ladder's targets, beside orders that are held."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ..model.instrument import ZERO, Instrument, plain
from ..model.ladder import Ladder
from ..model.record import MonitorRecord
from .held_orders import (
    HeldOrder,
    covered_by,
    fitted,
    held_as_outgrown,
    held_at_first,
    held_besides,
    held_for_their_fills,
    not_given_up,
)
from .runner import Divided, divided, left_to_stop
from .targets import LevelProgress, Targets, progress_of, targets_for


@dataclass(frozen=True, slots=True)
class WantedOrders:
    """What shall rest.

    Attributes:
        held: orders that cannot be made again, and what each of them keeps.
        beside: what shall rest beside them.
        all: both, with notes for people.
    """

    held: tuple[HeldOrder, ...]
    beside: Targets
    all: Targets


def wanted_orders(
    record: MonitorRecord,
    ladder: Ladder,
    instrument: Instrument,
    *,
    unplaceable: Collection[int] = (),
    unchangeable: Collection[str] = (),
    not_amendable: Collection[str] = (),
    immovable: Collection[str] = (),
) -> WantedOrders:
    """The orders that ``ladder`` asks for the record's position, by the contract's rules.

    A long of 600 has 510 at TP1 and 90 at TP2, and 100 more are bought. Meanwhile the exchange
    lowered its largest order to 300. TP1 is to have 595, but its order cannot grow, and would be
    cut to 300. So the 510 stay, TP1 gets a second order of 85, and TP2 grows to 105.

    Args:
        record: the position and the orders that rest.
        ladder: the levels.
        instrument: the contract's rules.
        unplaceable: levels that the exchange takes no new order for at present.
        unchangeable: order ids that the exchange refused to amend, though the rules allow it.
        not_amendable: order ids of which the exchange says that they cannot be amended.
        immovable: order ids that the exchange refused to amend to another price.
    """
    shares = divided(record, ladder, instrument)
    ladder, part = shares.ladder, shares.runner
    if part:
        record = replace(record, position_size=record.position_size - part)
    first = held_at_first(record, instrument, unchangeable, not_amendable, immovable)
    closed = frozenset(each.order.level for each in first)

    known: dict[tuple[HeldOrder, ...], Targets] = {}

    def beside(held: Sequence[HeldOrder]) -> Targets:
        targets = known.get(tuple(held))
        if targets is None:
            size = _size_beside(record, instrument, held)
            progress = _progress_beside(record, held)
            rests = {number: _rests_beside(record, number, held) for number in unplaceable}
            targets = targets_for(ladder, size, progress, instrument, rests, closed)
            known[tuple(held)] = targets
        return targets

    held = first and max(
        (
            fitted(first, record.position_size, share, instrument)
            for share in (_share_of(record, ladder, closed), record.position_size)
        ),
        key=lambda held: _covers(held, beside(held), record),
    )
    held = not_given_up(record, instrument, held, beside)
    held = (*held, *held_for_their_fills(record, instrument, held, beside, not_amendable))
    held = (*held, *held_as_outgrown(record, instrument, held))
    chosen, targets = held, beside(held)
    without = _without_order(record, ladder, instrument, first)
    if not (held or without or targets.orders):
        targets = _with_runner(record, targets, shares)
        return WantedOrders((), targets, targets)
    best = _covers(chosen, targets, record)
    while more := held_besides(record, instrument, held, targets):
        held = (*held, *more)
        targets = beside(held)
    if _covers(held, targets, record) >= best:
        chosen = held
    else:
        targets = beside(chosen)
    targets = _with_runner(record, targets, shares)
    if part:
        record = replace(record, position_size=record.position_size + part)
    return WantedOrders(chosen, targets, _together(record, instrument, chosen, targets, without))


def _with_runner(record: MonitorRecord, targets: Targets, shares: Divided) -> Targets:
    """The targets with the runner's part, and with what levels that are done leave to it."""
    left = shares.runner + targets.runner
    withheld = (left_to_stop(record, left),) if left else ()
    return replace(targets, withheld=withheld, notes=(*targets.notes, *shares.notes))


def _share_of(record: MonitorRecord, ladder: Ladder, levels: Collection[int]) -> Decimal:
    """The part of what the levels divide that these should cover, of all that have not filled."""
    unfinished = [level for level in ladder.levels if not record.is_done(level.number)]
    whole = sum([level.share for level in unfinished], ZERO)
    share = sum([level.share for level in unfinished if level.number in levels], ZERO)
    return record.position_size * share / whole if whole else record.position_size


def _covers(held: Sequence[HeldOrder], targets: Targets, record: MonitorRecord) -> Decimal:
    """How much of the position is covered so."""
    total = covered_by(held) + sum([target.quantity for target in targets.orders], ZERO)
    return min(total, record.position_size)


def _progress_beside(
    record: MonitorRecord, held: Sequence[HeldOrder]
) -> Mapping[int, LevelProgress]:
    """How far each level is, with what its held orders keep counted as done.

    So a level of 85 with a held order of 80 lacks 5, and gets another order for them.
    """
    progress = progress_of(record)
    for each in held:
        order = each.order
        level = progress.get(order.level)
        if level is not None:
            progress[order.level] = replace(
                level,
                filled=level.filled + each.keeps,
                parts=tuple([part for part in level.parts if part != (order.part, order.filled)]),
                ends=level.ends and not each.keeps,
            )
    return progress


def _rests_beside(record: MonitorRecord, level: int, held: Sequence[HeldOrder]) -> Decimal:
    """What the other orders of the level cover, or may."""
    known = {each.order.order_link_id for each in held}
    own = (o for o in record.resting if o.level == level and o.order_link_id not in known)
    return sum([order.quantity - order.filled for order in own], ZERO)


def _size_beside(
    record: MonitorRecord, instrument: Instrument, held: Sequence[HeldOrder]
) -> Decimal:
    """How much of the position the other orders shall cover.

    A position that is no whole number of steps is rounded up where that much rests already: an
    order that closes all of a position is not made smaller for less than a step.
    """
    size = max(record.position_size - covered_by(held), ZERO)
    up = instrument.rounded_up(size)
    return up if record.covered >= covered_by(held) + up else size


def _together(
    record: MonitorRecord,
    instrument: Instrument,
    held: Sequence[HeldOrder],
    targets: Targets,
    without: Sequence[str],
) -> Targets:
    """The targets with the held orders among them, and how much they cover, for people."""
    size = record.position_size
    if not (held or without or targets.uncovered or size % instrument.quantity_step):
        return targets
    stay = tuple([each.target for each in held if each.keeps])
    orders = sorted((*targets.orders, *stay), key=lambda target: (target.level, target.part))
    covers = sum([target.quantity for target in orders], ZERO)
    notes = [*without]
    notes += map(str, held)
    notes.append(cover_in_figures(covers + runner_covered(record, targets), size))
    uncovered = max(size - covers - targets.runner, ZERO)
    return Targets(tuple(orders), uncovered, (*targets.notes, *notes), targets.withheld)


def _without_order(
    record: MonitorRecord, ladder: Ladder, instrument: Instrument, held: Sequence[HeldOrder]
) -> tuple[str, ...]:
    """Why levels get no order whose price the exchange does not take."""
    rests = {each.order.level for each in held}
    return tuple(
        [
            f"TP{level.number} gets no order: its price {plain(level.price)} {why}"
            for level in ladder.levels
            if (why := instrument.refuses(level.price))
            and level.number not in rests
            and not record.is_done(level.number)
        ]
    )


def runner_covered(record: MonitorRecord, targets: Targets) -> Decimal:
    """What the trailing stop covers of the position, as far as a read has shown it."""
    return targets.runner if record.trails else ZERO


def cover_in_figures(covers: Decimal, size: Decimal) -> str:
    """How much of the position is covered, and how much is not, for people."""
    if covers > size:
        return f"{plain(covers)} rests for {plain(size)}: reduce-only, it closes no more than that"
    if covers < size:
        return f"{plain(covers)} of {plain(size)} is covered, {plain(size - covers)} is not"
    return f"{plain(covers)} of {plain(size)} is covered"
