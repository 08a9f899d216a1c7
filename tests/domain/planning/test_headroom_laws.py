"""The laws of what may leave beside pending writes, over random orders, writes and plans."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.planning.test_headroom import COARSE, FINE
from tests.domain.planning.test_plan import order, target
from tests.domain.writes import amended, cancelled, pending, placed
from trueup.domain.model.instrument import ZERO, Instrument
from trueup.domain.model.record import OwnedOrder, OwnedStatus
from trueup.domain.planning.leaving.headroom import fit_to_headroom
from trueup.domain.planning.leaving.measures import added, asked_of, grown
from trueup.domain.planning.pending import Pending, cover, cover_of
from trueup.domain.planning.plan import Place, Plan, plan_for
from trueup.domain.planning.targets import Target

D = Decimal


@st.composite
def situations(
    draw: st.DrawFn,
) -> tuple[list[Target], list[OwnedOrder], Pending, Decimal]:
    """A position, its targets, what rests, and what was sent and not seen."""
    quantities = draw(st.lists(st.integers(1, 50), min_size=1, max_size=5))
    size = sum(quantities)
    targets = [target(number, quantity) for number, quantity in enumerate(quantities, 1)]
    numbers = draw(st.lists(st.integers(1, 6), max_size=5, unique=True))
    live = [order(number, draw(st.integers(1, 60))) for number in numbers]
    free = sorted(set(range(1, 8)) - {each.level for each in live})
    numbers = draw(st.lists(st.sampled_from(free), max_size=3, unique=True))
    sent = [order(n, draw(st.integers(1, 60)), status=OwnedStatus.PENDING_NEW) for n in numbers]
    in_time = [each for each in sent if draw(st.booleans()) or draw(st.booleans())]
    writes = [placed(o, int(o.quantity) + draw(st.integers(0, 20))) for o in in_time]
    for each in live:
        totals = draw(st.lists(st.integers(1, 80), max_size=2))
        writes += [amended(each, total) for total in totals]
        if draw(st.booleans()) and draw(st.booleans()):
            writes.append(cancelled(each))
    return targets, [*live, *sent], pending([*live, *sent], *writes), D(size)


@given(situations(), st.sampled_from([FINE, COARSE]))
def test_the_laws(
    situation: tuple[list[Target], list[OwnedOrder], Pending, Decimal], rules: Instrument
) -> None:
    """P3: nothing grows above the position. P4: the least that is covered does not fall."""
    targets, owned, may_be, size = situation
    plan = plan_for(targets, owned)
    going = {cancel.order.order_link_id for cancel in plan.cancels}
    resting = [each for each in owned if each.order_link_id not in going]
    may_be = {link_id: change for link_id, change in may_be.items() if link_id not in going}
    covered = sum((each.remaining for each in resting), ZERO)
    leaving = fit_to_headroom(plan, may_be, covered, size, rules)
    assert not grows(leaving, may_be) or most_after(leaving, resting, may_be) <= size
    assert not may_lift(leaving, may_be) or carried_out(leaving, resting, may_be) <= size
    assert all(with_place(place, leaving, resting, may_be) <= size for place in leaving.places)
    least = cover(resting, may_be).least
    least_after = least - fallen(leaving, may_be) + risen(leaving)
    assert least_after >= min(least, size)
    assert covered + shrunk(leaving) + risen(leaving) >= min(covered, size)
    asked = sum((asked_of(each, may_be) for each in resting), ZERO)
    off_step = ZERO if rules is FINE else rules.quantity_step * len(leaving.amends)
    assert asked + since_asked(leaving, may_be) >= min(asked, size) - off_step


def grows(plan: Plan, may_be: Pending) -> bool:
    """Whether anything leaves that may cover more than it may cover already."""
    places = any(
        place.target.quantity > (cover_of(place.resends, may_be).most if place.resends else 0)
        for place in plan.places
    )
    return places or any(grown(amend, may_be) for amend in plan.amends)


def most_after(plan: Plan, resting: list[OwnedOrder], may_be: Pending) -> Decimal:
    """The most that is covered when all has taken effect: what was pending, and the plan."""
    asked = {amend.order.order_link_id: amend.target.quantity for amend in plan.amends}
    again = {p.resends.order_link_id: p.target.quantity for p in plan.places if p.resends}
    total = sum((place.target.quantity for place in plan.places if not place.resends), ZERO)
    for each in resting:
        change = may_be.get(each.order_link_id)
        if each.order_link_id in asked:
            late = change.most_asked if change else ZERO
            total += max(asked[each.order_link_id], late)
        else:
            most = cover_of(each, may_be).most
            total += max(again.get(each.order_link_id, ZERO), most)
    return total


def may_lift(plan: Plan, may_be: Pending) -> bool:
    """Whether an amend asks for more than its order may cover already, after earlier writes."""
    return any(amend.target.quantity > cover_of(amend.order, may_be).least for amend in plan.amends)


def carried_out(plan: Plan, resting: list[OwnedOrder], may_be: Pending) -> Decimal:
    """The most that is covered when the plan has taken effect, with its amends as the last ones."""
    asked = {amend.order.order_link_id: amend.target.quantity for amend in plan.amends}
    again = {p.resends.order_link_id: p.target.quantity for p in plan.places if p.resends}
    total = sum((place.target.quantity for place in plan.places if not place.resends), ZERO)
    for each in resting:
        link_id, most = each.order_link_id, cover_of(each, may_be).most
        total += asked.get(link_id, max(again.get(link_id, ZERO), most))
    return total


def with_place(place: Place, plan: Plan, resting: list[OwnedOrder], may_be: Pending) -> Decimal:
    """The same, where this place takes effect: its order did not rest with what it had."""
    again = place.resends and place.resends.order_link_id
    others = [each for each in resting if each.order_link_id != again]
    rest = replace(plan, places=tuple([each for each in plan.places if each is not place]))
    return carried_out(rest, others, may_be) + place.target.quantity


def fallen(plan: Plan, may_be: Pending) -> Decimal:
    """What amends take off the least that their orders cover."""
    least = [(cover_of(amend.order, may_be).least, amend.target.quantity) for amend in plan.amends]
    return sum((max(before - after, ZERO) for before, after in least), ZERO)


def risen(plan: Plan) -> Decimal:
    """What amends and places add to what is shown."""
    amends = sum((max(amend.growth, ZERO) for amend in plan.amends), ZERO)
    return amends + sum((place.target.quantity for place in plan.places), ZERO)


def since_asked(plan: Plan, may_be: Pending) -> Decimal:
    """What the plan changes of what orders cover where they have grown as they were asked last."""
    amends = sum((a.target.quantity - asked_of(a.order, may_be) for a in plan.amends), ZERO)
    return amends + sum((added(place, may_be) for place in plan.places), ZERO)


def shrunk(plan: Plan) -> Decimal:
    """What amends take off, as a number below zero."""
    return sum((min(amend.growth, ZERO) for amend in plan.amends), ZERO)
