"""Beside a request to place that was sent and not seen: how much may be sent meanwhile.

Such a request may rest by now, or come to rest, with what it once asked for. Where the plan gives
its id less, or nothing, that would lift the cover above the position (promise P3): what grows
leaves room for it. Where there is none, nothing grows, and what shrinks gives up only what goes
out again under such an id (promise P4). The rest follows when it is known what rests.

So does what grows for the sake of an order that a later round replaces by a smaller one.
"""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from ..model.instrument import ZERO, Instrument
from .plan import Amend, Place, Plan, amend_to


def fit_to_headroom(
    plan: Plan,
    in_flight: Mapping[str, Decimal],
    covered: Decimal,
    size: Decimal,
    instrument: Instrument,
) -> Plan:
    """What of the plan may leave now.

    Laws: what is covered, with the growth of this plan and the most that may land, is within the
    position, or nothing grows; what shrinks never takes more than what grows or goes out again.

    Args:
        plan: what shall be done; its cancels are left as they are.
        in_flight: of each request that was sent and not seen, by order link id, the most that it
            may rest with.
        covered: what rests, as far as is known.
        size: the open position.
        instrument: whose minimums bind what is placed.
    """
    given = {p.again.order_link_id: p.target.quantity for p in plan.places if p.again is not None}
    unseen = sum(
        (max(most - given.get(link_id, ZERO), ZERO) for link_id, most in in_flight.items()), ZERO
    )
    wanted = covered + sum((amend.growth for amend in plan.amends), ZERO)
    wanted += sum((place.target.quantity for place in plan.places), ZERO)
    above = max(wanted - size, ZERO)
    if not unseen and not above:
        return plan
    if covered + unseen >= min(size, wanted):
        return _without_growth(plan, in_flight, covered - size)
    return _grown_less(plan, in_flight, unseen + above, instrument)


def _without_growth(plan: Plan, in_flight: Mapping[str, Decimal], above: Decimal) -> Plan:
    """The first place that goes out again, with no more than before, and room for it.

    One at a time: its refusal may tell that what was sent before rests, with more.
    """
    again = tuple(_less(p, _growth(p, in_flight)) for p in plan.places if p.again is not None)
    places = again[:1]
    room = max(above + sum((place.target.quantity for place in places), ZERO), ZERO)
    amends: list[Amend] = []
    for amend in plan.amends:
        gives = min(max(-amend.growth, ZERO), room)
        room -= gives
        less = _with_growth(amend, -gives)
        if less is not None:
            amends.append(less)
    return replace(plan, amends=tuple(amends), places=places)


def _grown_less(
    plan: Plan, in_flight: Mapping[str, Decimal], excess: Decimal, instrument: Instrument
) -> Plan:
    """The plan with its growth lessened by so much, from its end."""
    places: list[Place] = []
    for place in reversed(plan.places):
        cut = min(_growth(place, in_flight), excess)
        less = _less(place, cut)
        target = less.target
        if instrument.allows(target.quantity, target.price):
            places.append(less)
            excess -= cut
        else:
            excess -= min(_growth(place, in_flight), excess)
    amends: list[Amend] = []
    for amend in reversed(plan.amends):
        cut = min(max(amend.growth, ZERO), excess)
        excess -= cut
        shorter = _with_growth(amend, amend.growth - cut)
        if shorter is not None:
            amends.append(shorter)
    return replace(plan, amends=tuple(reversed(amends)), places=tuple(reversed(places)))


def _growth(place: Place, in_flight: Mapping[str, Decimal]) -> Decimal:
    """What the place adds to what may rest under its id already."""
    before = ZERO if place.again is None else in_flight.get(place.again.order_link_id, ZERO)
    return max(place.target.quantity - before, ZERO)


def _less(place: Place, cut: Decimal) -> Place:
    return replace(place, target=replace(place.target, quantity=place.target.quantity - cut))


def _with_growth(amend: Amend, growth: Decimal) -> Amend | None:
    quantity = amend.order.remaining + growth
    return amend_to(amend.order, replace(amend.target, quantity=quantity))
