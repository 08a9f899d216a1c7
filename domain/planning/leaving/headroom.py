"""Which part of a plan may be sent while writes are pending.

An order of which a write is pending covers an interval (:mod:`..pending`). If the plan gives it
less than the most that it may cover, a growing order beside it could lift the covered quantity
above the position (promise P3). So growing orders leave room for it. Where there is no room,
nothing grows. And an order that may cover less than it is shown to counts with the least: shrinking
orders give up only what grows in their stead, or exceeds the position even so (promise P4). The
rest of the plan follows once it is known what rests. So counts, beside that, an order that was
asked to grow and is not shown to have: it gives that up only for what grows in its stead.

Several orders that no read has shown go out again one at a time where there is no room for all that
they may cover: some may rest with more than is asked for now, and others not at all. The first is
one that has room beside all that the others had; where none has, they wait for a read. An order
that no read has shown in time, and that is sent again with less, counts with what it had until the
exchange has answered, for lists may lack rows for longer than stated. But no read ends that wait:
where nothing else could leave, it gives way, and one such order goes out, for the answer. An amend
that would come on top of what goes out again waits for it.

Growing orders leave room in the same way for an order that a later round replaces by a smaller one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ...model.instrument import ZERO, Instrument
from ..pending import Pending, cover_of
from ..plan import Amend, Cancel, Place, Plan, with_growth
from . import measures


def fit_to_headroom(
    plan: Plan,
    pending: Pending,
    covered: Decimal,
    size: Decimal,
    instrument: Instrument,
    taken: Decimal = ZERO,
) -> Plan:
    """The part of the plan that may be sent now.

    Laws: with the plan carried out, the most that the orders may cover is within the position, or
    nothing grows above what may rest already. So it is where an order that goes out again with less
    than it may cover already turns out not to rest. And the least that they cover, with what this
    plan sends taken as done, has not fallen, except by what was above the position; nor has what
    they cover where the last that was asked of each has made it larger.

    A position of 100, and a place of 20 pending that the plan no longer wants:

    ==================  ========  ===============  ============================================
    rests               headroom  the plan         sent now
    ==================  ========  ===============  ============================================
    TP1 40              40        TP1 40 → 100     TP1 40 → 80
    TP1 50, TP2 50      0         TP1 50 → 60,     nothing: TP1 must not grow, and TP2 would
                                  TP2 50 → 40      uncover 10 for nothing
    TP1 75              5         TP1 75 → 70,     nothing: what is left of TP2 is 10, below a
                                  TP2 30 (new)     minimum of 15, and TP1 need not make room
    ==================  ========  ===============  ============================================

    Args:
        plan: what has to be done; its cancels stay as they are.
        pending: the changes that are pending.
        covered: what rests, as far as the record knows.
        size: the open position.
        instrument: whose minimums bind what is placed.
        taken: how much of the position others leave no room for.
    """
    leaving = _leaving(plan, pending, covered, size, instrument, taken)
    lifts = measures.possible_lifts(leaving, pending)
    raised = lifts & {amend.order.order_link_id for amend in leaving.amends}
    if raised and measures.carried_out(leaving, pending, covered) > size - taken:
        # It would grow before the exchange says whether what goes out again rests already.
        return fit_to_headroom(_without(plan, raised), pending, covered, size, instrument, taken)
    return leaving


def _leaving(
    plan: Plan,
    pending: Pending,
    covered: Decimal,
    size: Decimal,
    instrument: Instrument,
    taken: Decimal,
) -> Plan:
    """The same, where amends may still lift what may rest already with less."""
    room = max(size - taken - measures.unproven(plan, pending), ZERO)
    leaving = _fitted(plan, pending, covered, size, instrument, room)
    again = [place for place in plan.places if place.resends]
    lifts = measures.possible_lifts(leaving, pending)
    most = measures.carried_out_with_one(leaving, pending, covered)
    above = most - (room if lifts else size - taken)
    if above > 0 and len(again) > 1:
        return _with_first_resend(plan, again, pending, covered, size, instrument, taken)
    if above <= 0 or not lifts:
        return leaving
    first = _less(leaving.places[0], above, instrument) if leaving.places else None
    if first and not covered:
        return replace(leaving, places=(first, *leaving.places[1:]))
    return fit_to_headroom(_without(plan, lifts), pending, covered, size, instrument, taken)


def _with_first_resend(
    plan: Plan,
    again: Sequence[Place],
    pending: Pending,
    covered: Decimal,
    size: Decimal,
    instrument: Instrument,
    taken: Decimal,
) -> Plan:
    """The same, with one of the orders sent again: the others may rest as they were.

    The exchange's answer shows whether it rests. It may not: so it is one that has room beside what
    the others had. Where none has, those give way that no read has shown in time, for nothing but
    an answer shows whether they rest. Until then a read may show it, and they wait.
    """
    in_time = [place for place in again if not measures.is_unproven(place, pending)]
    for may_rest in (again, in_time):
        for first in again:
            others = [place for place in again if place is not first]
            waiting = {place.resends.order_link_id for place in others if place.resends}
            known = {link_id: one for link_id, one in pending.items() if link_id not in waiting}
            had = sum([measures.had(p, pending) for p in may_rest if p is not first], ZERO)
            room = size - taken - had
            leaving = _with_no_more(plan, first, known, covered - room, instrument)
            leaving = fit_to_headroom(leaving, known, covered, size, instrument, taken + had)
            leaving = _as_needed(leaving, known, covered, size, size - taken, instrument)
            most = measures.carried_out_with_one(leaving, known, covered)
            if leaving.places and most <= room:
                return leaving
    shrinks = tuple([amend for amend in plan.amends if not measures.grown(amend, pending)])
    leaving = replace(plan, amends=shrinks, places=())
    leaving = fit_to_headroom(leaving, pending, covered, size, instrument, taken)
    return _as_needed(leaving, pending, covered, size, size - taken, instrument)


def _as_needed(
    plan: Plan,
    pending: Pending,
    covered: Decimal,
    size: Decimal,
    room: Decimal,
    instrument: Instrument,
) -> Plan:
    """The plan where what others would replace stays until they leave."""
    above = covered + measures.beyond(plan, pending) - room
    spare = _Spare.of(pending, covered, size, room)
    return _shrinking(plan, pending, above, spare, instrument)


def _with_no_more(
    plan: Plan, first: Place, pending: Pending, above: Decimal, instrument: Instrument
) -> Plan:
    """One order of the plan that goes out again, with no more than it had, and what shrinks for it.

    With less, where so much rests above the room for it; or with as much, where that leaves too
    little for an order: what shrinks may make room.
    """
    added = max(first.target.quantity - measures.had(first, pending), ZERO)
    no_more = _less(first, added, instrument) or first
    above += measures.beside(Plan(places=(first,)), pending) + no_more.target.quantity
    less = _less(no_more, max(above, ZERO), instrument) or no_more
    shrinks = tuple([amend for amend in plan.amends if not measures.grown(amend, pending)])
    return replace(plan, amends=shrinks, places=(less,))


def _fitted(
    plan: Plan,
    pending: Pending,
    covered: Decimal,
    size: Decimal,
    instrument: Instrument,
    room: Decimal,
) -> Plan:
    """The same, where an order that is shown to cover more than the plan gives it only shrinks."""
    beyond_plan = measures.beyond(plan, pending)
    wanted = covered + sum([amend.growth for amend in plan.amends], ZERO)
    wanted += sum([place.target.quantity for place in plan.places], ZERO)
    above_room = max(wanted - room, ZERO)
    if above_room < instrument.quantity_step and wanted <= covered:
        # The position is no whole number of steps, and more than it rests already.
        above_room = ZERO
    if not (beyond_plan or above_room or measures.unsure(pending)):
        return plan
    spare = _Spare.of(pending, covered, size, room)
    if covered + beyond_plan >= min(room, wanted):
        leaving = _without_growth(plan, pending, instrument)
        shrunk = _shrinking(leaving, pending, covered - room, spare, instrument)
        if not shrunk.places or covered + measures.net(shrunk) <= room:
            return shrunk
        # What is sent again may not rest yet, and would come on top.
        without = replace(leaving, places=())
        return _shrinking(without, pending, covered - room, spare, instrument)
    excess = beyond_plan + above_room
    while True:
        leaving = _with_less_growth(plan, pending, excess, instrument)
        may_rest = covered + measures.beyond(leaving, pending)
        leaving = _shrinking(leaving, pending, may_rest - room, spare, instrument)
        over = covered + measures.beyond(leaving, pending) + measures.net(leaving) - room
        if over <= 0 or not measures.grows(leaving, pending):
            return leaving
        # An order shrinks by whole steps, so by less than was asked; a place that is left too
        # small is not sent again, and its first request may rest all the same.
        excess += over


def giving_up(plan: Plan, above: Decimal, instrument: Instrument) -> Plan:
    """The part of the plan that takes ``above`` off what is covered, and no more than that.

    Orders that the plan cancels go first, where they are no larger than what is left to give up;
    then orders that it shrinks, at the prices that they have.
    """
    cancels: list[Cancel] = []
    for cancel in plan.cancels:
        if cancel.order.remaining <= above:
            cancels.append(cancel)
            above -= cancel.order.remaining
    amends: list[Amend] = []
    for amend in plan.amends:
        given_up = min(max(-amend.growth, ZERO), above)
        above -= given_up
        where_it_is = replace(amend, target=replace(amend.target, price=amend.order.asked_price))
        less = with_growth(where_it_is, -given_up, instrument) if given_up else None
        if less is not None:
            amends.append(less)
    return Plan(tuple(cancels), tuple(amends), kept=plan.kept)


def _without_growth(plan: Plan, pending: Pending, instrument: Instrument) -> Plan:
    """The first place that is sent again, with no more than before; prices move all the same.

    One at a time: the exchange's refusal may show that the earlier request rests, with more.
    """
    resends = [
        _less(place, measures.added(place, pending), instrument)
        for place in plan.places
        if place.resends and place.resends.order_link_id in pending
    ]
    amends = (_cut(a, a.growth - measures.grown(a, pending), instrument) for a in plan.amends)
    stay = tuple([amend for amend in amends if amend is not None])
    return replace(plan, amends=stay, places=tuple([p for p in resends if p is not None])[:1])


def _with_less_growth(
    plan: Plan, pending: Pending, excess: Decimal, instrument: Instrument
) -> Plan:
    """The plan with ``excess`` taken off its growth, from its end.

    An order that is sent again because no read shows it gives up last: it may rest with all it had.
    """
    excess = instrument.rounded_up(excess)
    again = [place for place in plan.places if measures.is_unproven(place, pending)]
    new = [place for place in plan.places if place not in again]
    placed, excess = _with_less(new, pending, excess, instrument)
    amends: list[Amend] = []
    for amend in reversed(plan.amends):
        cut = min(measures.grown(amend, pending), excess)
        excess -= cut
        less = _cut(amend, amend.growth - cut, instrument)
        if less is not None:
            amends.append(less)
    resent, _ = _with_less(again, pending, excess, instrument)
    return replace(plan, amends=tuple(reversed(amends)), places=(*resent, *placed))


def _with_less(
    places: Sequence[Place], pending: Pending, excess: Decimal, instrument: Instrument
) -> tuple[list[Place], Decimal]:
    """The places with ``excess`` taken off their growth, from the end; and what is left of it."""
    kept: list[Place] = []
    for place in reversed(places):
        cut = min(measures.added(place, pending), excess)
        excess -= cut
        less = _less(place, cut, instrument)
        if less is not None:
            kept.append(less)
    return kept[::-1], excess


@dataclass(frozen=True, slots=True)
class _Spare:
    """How much may be given up: as orders are shown, at least, and as they were asked to grow.

    It is what exceeds the position. Of what orders were asked for, room that is left comes off it:
    what grows takes that first.
    """

    shown: Decimal
    least: Decimal
    asked: Decimal

    @classmethod
    def of(cls, pending: Pending, covered: Decimal, size: Decimal, room: Decimal) -> "_Spare":
        """That of orders that are shown to cover so much of a position with that room for them."""
        asked = covered + sum([c.asked - c.order.remaining for c in pending.values()], ZERO)
        least = covered - measures.unsure(pending)
        return cls(
            max(covered - size, ZERO),
            max(least - size, ZERO),
            min(asked - room, max(asked - size, ZERO)),
        )


def _shrinking(
    plan: Plan, pending: Pending, above: Decimal, spare: _Spare, instrument: Instrument
) -> Plan:
    """The plan with orders that shrink only as far as what leaves needs it.

    Neither what is shown falls by more than that, nor what is covered at least, nor what orders
    cover where those that were asked to grow have done so.

    Args:
        plan: what may leave, as far as its growth goes.
        pending: the changes that are pending.
        above: how much more than there is room for may rest; negative if it is less.
        spare: how much of that is above the position.
        instrument: the rules.
    """
    growth = sum([max(amend.growth, ZERO) for amend in plan.amends], ZERO)
    growth += sum([place.target.quantity for place in plan.places], ZERO)
    shown = max(min(above, spare.shown) + growth, ZERO)
    least = max(min(above, spare.least) + growth, ZERO)
    beyond = [a.target.quantity - measures.asked_of(a.order, pending) for a in plan.amends]
    beyond += [measures.added(place, pending) for place in plan.places]
    asked = max(spare.asked + sum([max(each, ZERO) for each in beyond], ZERO), ZERO)
    amends: list[Amend] = []
    for amend in plan.amends:
        unsure = amend.order.remaining - cover_of(amend.order, pending).least
        given_up = min(max(-amend.growth, ZERO), shown, least + unsure)
        shown -= given_up
        least -= max(given_up - unsure, ZERO)
        change = amend.growth if amend.growth > 0 else -given_up
        last = measures.asked_of(amend.order, pending) - amend.order.remaining
        taken_back = min(max(last - change, ZERO), asked)
        asked -= taken_back
        less = _cut(amend, max(change, last - taken_back), instrument)
        if less is not None:
            amends.append(less)
    return replace(plan, amends=tuple(amends))


def _cut(amend: Amend, growth: Decimal, instrument: Instrument) -> Amend | None:
    """The amend with that growth; None where it comes to nothing, or the rules refuse the rest."""
    if growth == amend.growth:
        return amend
    less = with_growth(amend, growth, instrument)
    if less is None:
        return None
    total = less.order.quantity if less.quantity is None else less.quantity
    # An order above the largest shrinks to that at once, or not yet.
    is_too_large = less.quantity is not None and total > instrument.max_quantity
    is_allowed = not is_too_large and instrument.allows(total, less.price or less.order.price)
    return less if is_allowed else None


def _without(plan: Plan, left_out: Collection[str]) -> Plan:
    """The plan without what it does to these orders, by link id."""
    amends = (amend for amend in plan.amends if amend.order.order_link_id not in left_out)
    places = (p for p in plan.places if not p.resends or p.resends.order_link_id not in left_out)
    return replace(plan, amends=tuple(amends), places=tuple(places))


def _less(place: Place, cut: Decimal, instrument: Instrument) -> Place | None:
    """The place with so much less, or a part of a step more; None where the rules refuse the rest.

    What it had was a whole number of steps when it was sent: the rules may have changed since.
    """
    quantity = instrument.quantity(instrument.steps(place.target.quantity - cut))
    allowed = instrument.allows(quantity, place.target.price)
    return replace(place, target=replace(place.target, quantity=quantity)) if allowed else None
