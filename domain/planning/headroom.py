"""Which part of a plan may be sent while other requests are in flight.

A place request in flight may already rest at the exchange, or may still be accepted, with the
quantity that it asked for. If the plan gives its id less, or nothing, a growing order beside it
could lift the covered quantity above the position (promise P3). So growing orders leave room for
it. Where there is no room, nothing grows, and shrinking orders give up only as much as goes out
again under such an id (promise P4). The rest of the plan follows once it is known what rests.

Growing orders leave room in the same way for an order that a later round replaces by a smaller
one.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from ..model.instrument import ZERO, Instrument
from .plan import Amend, Cancel, Place, Plan, with_growth


def fit_to_headroom(
    plan: Plan,
    in_flight: Mapping[str, Decimal],
    covered: Decimal,
    size: Decimal,
    instrument: Instrument,
    taken: Decimal = ZERO,
) -> Plan:
    """The part of the plan that may be sent now.

    Laws: the covered quantity, plus the growth of this plan, plus the most that requests in
    flight may add, is within the position, or nothing grows. Shrinking orders never give up more
    than what grows or is sent again, and what exceeds the position.

    A position of 100, and a place of 20 in flight that the plan no longer wants:

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
        in_flight: by order link id, the most that each place request in flight may rest with.
        covered: what rests, as far as the record knows.
        size: the open position.
        instrument: whose minimums bind what is placed.
        taken: how much of the position others leave no room for.
    """
    room = max(size - taken, ZERO)
    beyond_plan = _beyond(plan, in_flight)
    wanted = covered + sum((amend.growth for amend in plan.amends), ZERO)
    wanted += sum((place.target.quantity for place in plan.places), ZERO)
    above_room = max(wanted - room, ZERO)
    if above_room < instrument.quantity_step and wanted <= covered:
        # The position is no whole number of steps, and more than it rests already.
        above_room = ZERO
    if not beyond_plan and not above_room:
        return plan
    may_exceed = max(covered - size, ZERO)
    if covered + beyond_plan >= min(room, wanted):
        leaving = _without_growth(plan, in_flight, instrument)
        return _shrinking(leaving, covered - room, may_exceed, instrument)
    excess = beyond_plan + above_room
    while True:
        leaving = _with_less_growth(plan, in_flight, excess, instrument)
        may_rest = covered + _beyond(leaving, in_flight)
        leaving = _shrinking(leaving, may_rest - room, may_exceed, instrument)
        over = may_rest + _net(leaving) - room
        if over <= 0 or not _grows(leaving, in_flight):
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


def _without_growth(plan: Plan, in_flight: Mapping[str, Decimal], instrument: Instrument) -> Plan:
    """The first place that is sent again, with no more than before; prices move all the same.

    One at a time: the exchange's refusal may show that the earlier request rests, with more.
    """
    resends = tuple(
        _less(place, _growth(place, in_flight))
        for place in plan.places
        if place.resends and place.resends.order_link_id in in_flight
    )
    amends = (_cut(amend, min(amend.growth, ZERO), instrument) for amend in plan.amends)
    stay = tuple(amend for amend in amends if amend is not None)
    return replace(plan, amends=stay, places=resends[:1])


def _with_less_growth(
    plan: Plan, in_flight: Mapping[str, Decimal], excess: Decimal, instrument: Instrument
) -> Plan:
    """The plan with ``excess`` taken off its growth, from its end."""
    excess = instrument.rounded_up(excess)
    places: list[Place] = []
    for place in reversed(plan.places):
        cut = min(_growth(place, in_flight), excess)
        excess -= cut
        less = _less(place, cut)
        if instrument.allows(less.target.quantity, less.target.price):
            places.append(less)
    amends: list[Amend] = []
    for amend in reversed(plan.amends):
        cut = min(max(amend.growth, ZERO), excess)
        excess -= cut
        less_amend = _cut(amend, amend.growth - cut, instrument)
        if less_amend is not None:
            amends.append(less_amend)
    return replace(plan, amends=tuple(reversed(amends)), places=tuple(reversed(places)))


def _shrinking(plan: Plan, above: Decimal, may_exceed: Decimal, instrument: Instrument) -> Plan:
    """The plan with orders that shrink only as far as what leaves needs it.

    Args:
        plan: what may leave, as far as its growth goes.
        above: how much more than there is room for may rest; negative if it is less.
        may_exceed: how much of that is above the position.
        instrument: the rules.
    """
    growth = sum((max(amend.growth, ZERO) for amend in plan.amends), ZERO)
    growth += sum((place.target.quantity for place in plan.places), ZERO)
    most = max(min(above, may_exceed) + growth, ZERO)
    amends: list[Amend] = []
    for amend in plan.amends:
        given_up = min(max(-amend.growth, ZERO), most)
        most -= given_up
        less = amend if amend.growth > 0 else _cut(amend, -given_up, instrument)
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
    return less if instrument.allows(total, less.price or less.order.price) else None


def _beyond(plan: Plan, in_flight: Mapping[str, Decimal]) -> Decimal:
    """How much more than the plan gives their ids requests in flight may rest with."""
    resent = {
        p.resends.order_link_id: p.target.quantity for p in plan.places if p.resends is not None
    }
    return sum((max(most - resent.get(id_, ZERO), ZERO) for id_, most in in_flight.items()), ZERO)


def _net(plan: Plan) -> Decimal:
    """How much more rests once the plan took effect, with what is sent again in full."""
    changes = sum((amend.growth for amend in plan.amends), ZERO)
    return changes + sum((place.target.quantity for place in plan.places), ZERO)


def _grows(plan: Plan, in_flight: Mapping[str, Decimal]) -> bool:
    amends = any(amend.growth > 0 for amend in plan.amends)
    return amends or any(_growth(place, in_flight) for place in plan.places)


def _growth(place: Place, in_flight: Mapping[str, Decimal]) -> Decimal:
    """What the place adds to what may already rest under its id."""
    before = ZERO if place.resends is None else in_flight.get(place.resends.order_link_id, ZERO)
    return max(place.target.quantity - before, ZERO)


def _less(place: Place, cut: Decimal) -> Place:
    return replace(place, target=replace(place.target, quantity=place.target.quantity - cut))
