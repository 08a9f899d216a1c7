"""How much a plan may add or leave beside pending writes: what :mod:`.headroom` cuts it by."""

from decimal import Decimal

from ...model.instrument import ZERO
from ...model.record import OwnedOrder
from ..pending import Pending, cover_of
from ..plan import Amend, Place, Plan


def possible_lifts(plan: Plan, pending: Pending) -> frozenset[str]:
    """The pending orders that the plan may give more than they cover by now, by link id."""
    given = [(amend.order, amend.target) for amend in plan.amends]
    given += [(place.resends, place.target) for place in plan.places if place.resends]
    return frozenset(
        order.order_link_id
        for order, target in given
        if order.order_link_id in pending and target.quantity > cover_of(order, pending).least
    )


def beyond(plan: Plan, pending: Pending) -> Decimal:
    """How much more than the plan gives them pending orders may cover.

    The exchange answers an amend of the plan before anything grows. Then its order covers what it
    asks for, or what an earlier one does that arrives later.
    """
    amended = {amend.order.order_link_id: amend.target.quantity for amend in plan.amends}
    resent = {p.resends.order_link_id: p.target.quantity for p in plan.places if p.resends}
    more = ZERO
    for link_id, change in pending.items():
        if link_id in amended:
            more += max(change.most_asked - amended[link_id], ZERO)
        else:
            given = resent.get(link_id, change.order.remaining)
            more += max(change.cover.most - given, ZERO)
    return more


def beside(plan: Plan, pending: Pending) -> Decimal:
    """How much more than they are shown to pending orders may cover that the plan leaves alone."""
    named = {amend.order.order_link_id for amend in plan.amends}
    named |= {place.resends.order_link_id for place in plan.places if place.resends}
    left = (change for link_id, change in pending.items() if link_id not in named)
    return sum([change.cover.most - change.order.remaining for change in left], ZERO)


def carried_out(plan: Plan, pending: Pending, covered: Decimal) -> Decimal:
    """The most that is covered with the plan done; what goes out again may rest with more."""
    more = (_more(place, pending) for place in plan.places)
    return covered + beside(plan, pending) + net(plan) + sum(more, ZERO)


def carried_out_with_one(plan: Plan, pending: Pending, covered: Decimal) -> Decimal:
    """The same, where one at least of the orders that go out again did not rest with more.

    Where all of them did, the exchange places none of them again.
    """
    more = [_more(place, pending) for place in plan.places if place.resends]
    return carried_out(plan, pending, covered) - min(more, default=ZERO)


def net(plan: Plan) -> Decimal:
    """How much more rests once the plan took effect, with what is sent again in full."""
    changes = sum([amend.growth for amend in plan.amends], ZERO)
    return changes + sum([place.target.quantity for place in plan.places], ZERO)


def unproven(plan: Plan, pending: Pending) -> Decimal:
    """How much more than the plan gives them orders may cover that no read has shown in time.

    That counts as far as something would grow beside them.
    """
    again = [place for place in plan.places if is_unproven(place, pending)]
    growth = sum([grown(amend, pending) for amend in plan.amends], ZERO)
    growth += sum([added(place, pending) for place in plan.places if place not in again], ZERO)
    more = (max(p.resends.quantity - p.target.quantity, ZERO) for p in again if p.resends)
    return min(sum(more, ZERO), growth)


def had(place: Place, pending: Pending) -> Decimal:
    """The most that may rest of an order that is sent again."""
    if place.resends is None:
        return ZERO
    change = pending.get(place.resends.order_link_id)
    return place.resends.quantity if change is None else change.cover.most


def _more(place: Place, pending: Pending) -> Decimal:
    return max(had(place, pending) - place.target.quantity, ZERO)


def is_unproven(place: Place, pending: Pending) -> bool:
    """Whether it is sent again after the time within which a read should have shown it."""
    return place.resends is not None and place.resends.order_link_id not in pending


def grows(plan: Plan, pending: Pending) -> bool:
    """Whether anything of the plan asks for more than may be covered already."""
    amends = any(grown(amend, pending) for amend in plan.amends)
    return amends or any(added(place, pending) for place in plan.places)


def grown(amend: Amend, pending: Pending) -> Decimal:
    """What the amend adds to what its order may cover already."""
    return max(amend.target.quantity - cover_of(amend.order, pending).most, ZERO)


def added(place: Place, pending: Pending) -> Decimal:
    """What the place adds to what may already rest under its id."""
    before = ZERO if place.resends is None else cover_of(place.resends, pending).most
    return max(place.target.quantity - before, ZERO)


def asked_of(order: OwnedOrder, pending: Pending) -> Decimal:
    """What the order covers where the newest open write has grown it; else what is on record."""
    change = pending.get(order.order_link_id)
    return order.remaining if change is None else change.asked


def unsure(pending: Pending) -> Decimal:
    """How much less may be covered than is shown."""
    return sum([c.order.remaining - c.cover.least for c in pending.values()], ZERO)
