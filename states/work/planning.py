"""What has to be done: the targets of the ladder, and the plan that leads to them."""

from dataclasses import dataclass, replace

from ...domain.model.errors import LadderError
from ...domain.model.instrument import ZERO, plain
from ...domain.model.ladder import Ladder
from ...domain.model.record import MonitorRecord, OwnedStatus
from ...domain.planning.plan import Plan, ReplaceMode, plan_for
from ...domain.planning.remap_levels import with_orders_at_their_prices
from ...domain.planning.targets import Targets, progress_of, targets_for
from .findings import Findings, Refusals


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with what it was made from.

    Attributes:
        targets: what should rest.
        plan: what has to be done.
    """

    targets: Targets
    plan: Plan

    def followed(self, found: Findings) -> Findings:
        """The findings of a run that follows this plan."""
        notes = () if self.plan.is_empty else self.targets.notes
        adjusted = tuple(dict.fromkeys((*found.adjusted, *notes)))
        return replace(found, targets=self.targets, plan=self.plan, adjusted=adjusted)


def make_plan(record: MonitorRecord, found: Findings, mode: ReplaceMode) -> Planned:
    """What has to be done for the record as the last read left it. A pure function.

    Raises:
        LadderError: the ladder cannot be applied to the position.
    """
    record, instrument = with_orders_at_their_prices(record), found.instrument
    if record.ladder is None or instrument is None:
        raise LadderError("there is no ladder")
    record.ladder.check_instrument(instrument)
    record.ladder.check_side(
        record.key.side, record.entry_price, _to_be_placed(record, record.ladder)
    )
    targets = targets_for(
        record.ladder,
        record.position_size,
        progress_of(record),
        instrument,
        _left_out(record, found.refusals),
    )
    if not targets.orders:
        raise LadderError(_nothing_to_place(record, targets))
    return Planned(targets, _possible(record, targets, found.refusals, mode))


def _nothing_to_place(record: MonitorRecord, targets: Targets) -> str:
    """Why there are no targets, and what becomes of the orders that rest nevertheless."""
    why = targets.notes[-1] if targets.notes else "nothing can be covered"
    live = [order.remaining for order in record.orders if order.status is OwnedStatus.OPEN]
    if not live:
        return why
    one = len(live) == 1
    return (
        f"{why}; {len(live)} {'TP order' if one else 'TP orders'} of {plain(sum(live, ZERO))} "
        f"{'stays' if one else 'stay'} in the book: being reduce-only, "
        f"{'it closes' if one else 'they close'} no more than the {plain(record.position_size)}"
    )


def _left_out(record: MonitorRecord, refusals: Refusals) -> frozenset[int]:
    """Levels that nothing rests for, and whose place this run was refused for good.

    A whole cover is worth more than exact shares: the others cover for them, until the next run
    tries again. That costs a moment: the orders that make room for a place shrink before it.
    """
    covered = {order.level for order in record.resting}
    return frozenset(level for level, _ in refusals.unplaceable if level not in covered)


def _possible(
    record: MonitorRecord, targets: Targets, refusals: Refusals, mode: ReplaceMode
) -> Plan:
    """What has to be done, leaving out what the exchange refused in this run.

    While places are refused, or others take the room, nothing is cancelled in order to be placed
    again.
    """
    if refusals.unplaceable or record.room_taken is not None:
        left_out = refusals.not_amendable | refusals.unchangeable
        plan = plan_for(targets.orders, record.orders)
    else:
        left_out = refusals.unchangeable
        plan = plan_for(
            targets.orders, record.orders, mode=mode, not_amendable=refusals.not_amendable
        )
    amends = tuple(a for a in plan.amends if a.order.order_id not in left_out)
    lost = any(a.growth > 0 for a in plan.amends if a.order.order_id in refusals.unchangeable)
    if lost and record.covered <= record.position_size:
        # What was to grow in their place does not: nothing shrinks for it (promise P4).
        amends = tuple(a for a in amends if not a.shrinks)
    return replace(
        plan,
        amends=amends,
        places=tuple(
            p for p in plan.places if (p.target.level, p.target.part) not in refusals.unplaceable
        ),
    )


def _to_be_placed(record: MonitorRecord, ladder: Ladder) -> frozenset[int]:
    """The levels that are not finished and have no order: a new one must not realise a loss."""
    resting = {order.level for order in record.orders if order.status is OwnedStatus.OPEN}
    return frozenset(
        level.number
        for level in ladder.levels
        if level.number not in resting and not record.is_done(level.number)
    )
