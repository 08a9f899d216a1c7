"""What has to be done: the targets of the ladder, and the plan that leads to them."""

from dataclasses import dataclass
from decimal import Decimal

from ...domain.copies import replace
from ...domain.model.errors import LadderError
from ...domain.model.instrument import ZERO, Instrument, plain
from ...domain.model.ladder import Ladder
from ...domain.model.record import MonitorRecord, OwnedStatus
from ...domain.planning.beyond_market import Market, as_withheld
from ...domain.planning.held_orders import stays_above
from ...domain.planning.plan import Plan, ReplaceMode, keeping_cover, plan_for, with_growth
from ...domain.planning.remap_levels import with_orders_at_their_prices
from ...domain.planning.targets import Targets
from ...domain.planning.wanted_orders import (
    WantedOrders,
    cover_in_figures,
    runner_covered,
    wanted_orders,
)
from ...domain.planning.withholding import nothing_withheld
from .findings import Findings, Refusals


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan with what it was made from.

    Attributes:
        targets: what should rest.
        plan: what has to be done.
        falls_short: whether a step or more of the position stays uncovered because no level can
            have an order besides those that are held; or an order that the exchange refuses to
            shrink stays above the position.
    """

    targets: Targets
    plan: Plan
    falls_short: bool = False

    def followed(self, found: Findings) -> Findings:
        """The findings of a run that follows this plan."""
        silent = self.plan.is_empty and found.rules_since is None
        return replace(
            found,
            targets=self.targets,
            plan=self.plan,
            falls_short=self.falls_short,
            adjusted=found.adjusted if silent else self.targets.notes,
        )


def make_plan(record: MonitorRecord, found: Findings, mode: ReplaceMode) -> Planned:
    """What has to be done for the record as the last read left it. A pure function.

    Raises:
        LadderError: the ladder cannot be applied to the position.
    """
    record, instrument = with_orders_at_their_prices(record), found.instrument
    if record.ladder is None or instrument is None:
        raise LadderError("there is no ladder")
    record.ladder.check_side(
        record.key.side, record.entry_price, _to_be_placed(record, record.ladder)
    )
    left_out = _left_out(found.refusals)
    wanted, plan = _wanted(record, record.ladder, instrument, found, mode, left_out)
    falls_short = wanted.all.uncovered >= instrument.quantity_step and not wanted.beside.orders
    if falls_short and plan.is_empty and not found.refusals.unchangeable:
        raise LadderError("; ".join(wanted.all.notes))
    amends = (with_growth(amend, amend.growth, instrument) for amend in plan.amends)
    on_step = tuple([amend for amend in amends if amend is not None])
    falls_short = falls_short or stays_above(wanted.held, record.position_size - wanted.all.runner)
    plan = replace(plan, amends=on_step)
    return Planned(_without_withheld(record, wanted.all, plan, found.market), plan, falls_short)


def plan_left(record: MonitorRecord, found: Findings, mode: ReplaceMode) -> Plan | None:
    """What is left to do for the record as it is now; None where no plan can be made."""
    if record.position_size == ZERO:
        return None
    try:
        return make_plan(record, found, mode).plan
    except LadderError:
        return None


def _without_withheld(
    record: MonitorRecord, targets: Targets, plan: Plan, market: Market | None
) -> Targets:
    """The targets without what the plan withholds; their notes say how much is covered so."""
    if market is None or not plan.withheld:
        return targets
    size, withheld = record.position_size, as_withheld(targets, plan.withheld, market)
    runner = runner_covered(record, targets)
    as_if = cover_in_figures(sum((one.quantity for one in targets.orders), runner), size)
    covers = record.covered + plan.comes - plan.gives_up + runner
    notes = [note for note in targets.notes if note != as_if]
    return replace(withheld, notes=(*notes, cover_in_figures(covers, size)))


def _wanted(
    record: MonitorRecord,
    ladder: Ladder,
    instrument: Instrument,
    found: Findings,
    mode: ReplaceMode,
    left_out: frozenset[int],
) -> tuple[WantedOrders, Plan]:
    """The orders that the ladder asks for without more of the levels left out, and the plan."""
    refusals = found.refusals
    wanted = wanted_orders(
        record,
        ladder,
        instrument,
        unplaceable=left_out,
        unchangeable=unchangeable_now(record, refusals),
        not_amendable=refusals.not_amendable,
        immovable=refusals.immovable,
    )
    is_all_left = wanted.all.runner and not wanted.all.uncovered
    if wanted.all is wanted.beside and not (wanted.all.orders or is_all_left):
        raise LadderError(_nothing_to_place(record, wanted.all))
    plan = _possible(record, wanted, found, mode, instrument.max_quantity)
    if crowded_out := _crowded_out(record, plan, instrument) - left_out:
        return _wanted(record, ladder, instrument, found, mode, left_out | crowded_out)
    return wanted, plan


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


def _left_out(refusals: Refusals) -> frozenset[int]:
    """Levels of which this run was refused a place for good.

    A whole cover is worth more than exact shares: the others cover for them, until the next run
    tries again. That costs a moment: the orders that make room for a place shrink before it.
    """
    return frozenset(level for level, _ in refusals.unplaceable)


def _crowded_out(record: MonitorRecord, plan: Plan, instrument: Instrument) -> frozenset[int]:
    """Levels of which an order to be placed is too small where others take the room.

    The others cover for them as far as there is room, as for those of :func:`_left_out`.
    """
    if record.room_taken is None:
        return frozenset()
    room = record.position_size - record.room_taken - record.covered + plan.gives_up
    if room < instrument.quantity_step:
        return frozenset()
    return frozenset(
        place.target.level
        for place in plan.places
        if room < place.target.quantity and not instrument.allows(room, place.target.price)
    )


def unchangeable_now(record: MonitorRecord, refusals: Refusals) -> frozenset[str]:
    """Ids of the orders that stay as they are: one that has another price by now may be amended."""
    at_present = {(order.order_id, order.price) for order in record.orders}
    return frozenset(order_id for order_id, _ in refusals.unchangeable & at_present)


def _possible(
    record: MonitorRecord,
    wanted: WantedOrders,
    found: Findings,
    mode: ReplaceMode,
    largest: Decimal,
) -> Plan:
    """What has to be done, leaving out what the exchange refused in this run.

    While places are refused, or others take the room, nothing is cancelled in order to be placed
    again, and nothing shrinks for what cannot grow or be placed.
    """
    targets, held, refusals = wanted.beside.orders, wanted.held, found.refusals
    withholds = nothing_withheld if found.market is None else found.market.withholds
    if not refusals.unplaceable and record.room_taken is None:
        return plan_for(
            targets,
            record.orders,
            mode=mode,
            not_amendable=refusals.not_amendable,
            held=held,
            largest=largest,
            withholds=withholds,
        )
    plan = plan_for(targets, record.orders, held=held, withholds=withholds)
    amends = [a for a in plan.amends if a.order.order_id not in refusals.not_amendable]
    places = [p for p in plan.places if (p.target.level, p.target.part) not in refusals.unplaceable]
    left = replace(plan, amends=tuple(amends), places=tuple(places))
    return keeping_cover(left, plan.comes - left.comes)


def _to_be_placed(record: MonitorRecord, ladder: Ladder) -> frozenset[int]:
    """The levels that are not finished and have no order at their price.

    An order that is placed, or moved, to the losing side of the entry would realise a loss.
    """
    resting = {
        (order.level, order.asked_price)
        for order in record.orders
        if order.status is OwnedStatus.OPEN
    }
    return frozenset(
        level.number
        for level in ladder.levels
        if (level.number, level.price) not in resting and not record.is_done(level.number)
    )
