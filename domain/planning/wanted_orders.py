"""The orders that shall rest for a position: the ladder's targets, beside orders that stay."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ..model.instrument import ZERO, Instrument, plain
from ..model.ladder import Ladder
from ..model.record import MonitorRecord
from .kept_orders import KeptOrder, covered_by, kept_at_first, kept_besides, kept_for_their_fills
from .targets import LevelProgress, Target, Targets, progress_of, targets_for


@dataclass(frozen=True, slots=True)
class WantedOrders:
    """What shall rest.

    Attributes:
        kept: orders that stay as they are.
        beside: what shall rest beside them.
        all: both, with notes for people.
    """

    kept: tuple[KeptOrder, ...]
    beside: Targets
    all: Targets

    @property
    def stays(self) -> frozenset[str]:
        """The link ids of the orders that stay as they are."""
        return frozenset(each.order.order_link_id for each in self.kept)


def wanted_orders(
    record: MonitorRecord,
    ladder: Ladder,
    instrument: Instrument,
    *,
    unplaceable: Collection[int] = frozenset(),
    unchangeable: Collection[str] = (),
) -> WantedOrders:
    """The orders that ``ladder`` asks for the record's position, by the contract's rules.

    A long of 600 has 510 at TP1 and 90 at TP2, and 100 more are bought. Meanwhile the exchange
    lowered its largest order to 300. TP1 is to have 595, but its order cannot grow, and would be
    cut to 300. So the 510 stay, TP1 gets a second order of 85, and TP2 grows to 105.

    Args:
        record: the position and the orders that rest.
        ladder: the levels.
        instrument: the contract's rules.
        unplaceable: levels that the exchange takes no order for at present.
        unchangeable: order ids that the exchange refused to amend, though the rules allow it.
    """
    kept = kept_at_first(record, instrument, unchangeable)
    closed = frozenset(each.order.level for each in kept)
    kept = (*kept, *kept_for_their_fills(record, instrument, kept))

    def beside(kept: Sequence[KeptOrder]) -> Targets:
        size = _size_beside(record, instrument, kept)
        progress = _progress_beside(record, kept)
        return targets_for(ladder, size, progress, instrument, unplaceable, closed)

    chosen, targets = kept, beside(kept)
    if not kept and not targets.orders:
        return WantedOrders((), targets, targets)
    best = _covers(chosen, targets, record)
    while more := kept_besides(record, instrument, kept, targets):
        kept = (*kept, *more)
        targets = beside(kept)
    if _covers(kept, targets, record) >= best:
        chosen = kept
    else:
        targets = beside(chosen)
    return WantedOrders(chosen, targets, _together(record, ladder, instrument, chosen, targets))


def _covers(kept: Sequence[KeptOrder], targets: Targets, record: MonitorRecord) -> Decimal:
    """How much of the position is covered so."""
    total = covered_by(kept) + sum((target.quantity for target in targets.orders), ZERO)
    return min(total, record.position_size)


def _progress_beside(
    record: MonitorRecord, kept: Sequence[KeptOrder]
) -> Mapping[int, LevelProgress]:
    """How far each level is, with what its kept orders cover counted as done.

    So a level of 85 with a kept order of 80 lacks 5, and gets another order for them.
    """
    progress = progress_of(record)
    for order in (each.order for each in kept):
        level = progress.get(order.level)
        if level is not None:
            progress[order.level] = replace(
                level,
                filled=level.filled + order.remaining,
                parts=tuple(part for part in level.parts if part != (order.part, order.filled)),
            )
    return progress


def _size_beside(
    record: MonitorRecord, instrument: Instrument, kept: Sequence[KeptOrder]
) -> Decimal:
    """How much of the position the other orders shall cover.

    A position that is no whole number of steps is rounded up where that much rests already: an
    order that closes all of a position is not made smaller for less than a step.
    """
    size = max(record.position_size - covered_by(kept), ZERO)
    up = instrument.rounded_up(size)
    return up if record.covered >= covered_by(kept) + up else size


def _together(
    record: MonitorRecord,
    ladder: Ladder,
    instrument: Instrument,
    kept: Sequence[KeptOrder],
    targets: Targets,
) -> Targets:
    """The targets with the kept orders among them, and how much they cover, for people."""
    size = record.position_size
    without = _without_order(record, ladder, instrument, kept)
    if not (kept or without or size % instrument.quantity_step):
        return targets
    stay = tuple(
        Target(order.level, order.part, order.asked_price, order.remaining)
        for order in (each.order for each in kept)
    )
    orders = sorted((*targets.orders, *stay), key=lambda target: (target.level, target.part))
    covers = sum((target.quantity for target in orders), ZERO)
    notes = [*without]
    notes += [f"TP{k.order.level} stays at {plain(k.order.remaining)}: {k.why}" for k in kept]
    notes.append(_cover_in_figures(covers, size))
    return Targets(tuple(orders), max(size - covers, ZERO), (*targets.notes, *notes))


def _without_order(
    record: MonitorRecord, ladder: Ladder, instrument: Instrument, kept: Sequence[KeptOrder]
) -> tuple[str, ...]:
    """Why levels get no order whose price is off the tick size."""
    rests = {each.order.level for each in kept}
    return tuple(
        f"TP{level.number} gets no order: its price {plain(level.price)} is not a multiple of the"
        f" tick size {plain(instrument.tick)}"
        for level in ladder.levels
        if not instrument.on_tick(level.price)
        and level.number not in rests
        and not record.is_done(level.number)
    )


def _cover_in_figures(covers: Decimal, size: Decimal) -> str:
    if covers > size:
        return f"{plain(covers)} rests for {plain(size)}: reduce-only, it closes no more than that"
    if covers < size:
        return f"{plain(covers)} of {plain(size)} is covered, {plain(size - covers)} is not"
    return f"{plain(covers)} of {plain(size)} is covered"
