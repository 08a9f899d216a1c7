"""Beside a place that may yet land nothing lifts the cover above the position, or uncovers it."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.planning.test_plan import order, target
from trueup.domain.model.instrument import ZERO, Instrument
from trueup.domain.model.record import OwnedOrder, OwnedStatus
from trueup.domain.planning.headroom import fit_to_headroom
from trueup.domain.planning.plan import Place, Plan, plan_for
from trueup.domain.planning.targets import Target

D = Decimal
FINE = Instrument("BANDUSDT", D("0.1"), D(1), D(1), D(1000))


def test_a_place_that_goes_out_again_with_more_goes_out_whole() -> None:
    sent = order(1, 60, status=OwnedStatus.PENDING_NEW)
    plan = plan_for([target(1, 85), target(2, 15)], [sent])
    assert fit_to_headroom(plan, {sent.order_link_id: D(60)}, ZERO, D(100), FINE) == plan


def test_what_grows_leaves_room_for_what_may_land() -> None:
    plan = plan_for([target(1, 100)], [order(1, 40), order(2, 20, status=OwnedStatus.PENDING_NEW)])
    leaving = fit_to_headroom(plan, {"dropped": D(20)}, D(40), D(100), FINE)
    assert [amend.target.quantity for amend in leaving.amends] == [80]


def test_nothing_grows_where_there_is_no_room() -> None:
    plan = plan_for([target(1, 60), target(2, 40)], [order(1, 50), order(2, 50)])
    leaving = fit_to_headroom(plan, {"dropped": D(20)}, D(100), D(100), FINE)
    assert leaving.is_empty


def test_a_price_moves_where_nothing_grows() -> None:
    plan = plan_for([target(1, 60, price=90), target(2, 40)], [order(1, 50), order(2, 50)])
    leaving = fit_to_headroom(plan, {"dropped": D(20)}, D(100), D(100), FINE)
    assert [(a.price, a.quantity) for a in leaving.amends] == [(D(90), None)]


def test_what_shrinks_gives_up_only_what_goes_out_again() -> None:
    """Seed 102029: all of it left, and only a part of what it made room for."""
    sent = order(3, 6, status=OwnedStatus.PENDING_NEW)
    wanted = [target(1, 5), target(2, 5), target(3, 5), target(4, 5)]
    plan = plan_for(wanted, [order(1, 20), sent])
    leaving = fit_to_headroom(plan, {sent.order_link_id: D(6)}, D(20), D(20), FINE)
    assert [amend.target.quantity for amend in leaving.amends] == [15]
    assert [place.target.quantity for place in leaving.places] == [5]


def test_what_grows_leaves_room_for_an_order_that_a_later_round_replaces() -> None:
    """Seed 119947: the amends of both were refused, and the one that grows went first."""
    both = [order(1, 50), order(2, 30), order(3, 20)]
    wanted = [target(1, 85), target(2, 5, price=90), target(3, 10, price=91)]
    plan = plan_for(wanted, both, not_amendable={each.order_id for each in both})
    assert [cancel.order.level for cancel in plan.cancels] == [2]
    assert [place.target.level for place in plan.places] == [2]
    grown = replace(plan, cancels=(), places=(*plan.places, Place(target(4, 85))))
    leaving = fit_to_headroom(grown, {}, D(70), D(100), FINE)
    assert [place.target.quantity for place in leaving.places] == [5, 25]


def test_a_place_that_is_left_too_small_waits() -> None:
    coarse = Instrument("BANDUSDT", D("0.1"), D(1), D(10), D(1000))
    plan = plan_for([target(1, 70), target(2, 30)], [order(1, 70)])
    leaving = fit_to_headroom(plan, {"dropped": D(25)}, D(70), D(100), coarse)
    assert leaving.is_empty


def test_nothing_makes_room_for_a_place_that_waits() -> None:
    """Seed 17335: the order shrank for a place that was left too small to be sent."""
    coarse = Instrument("BANDUSDT", D("0.1"), D(1), D(15), D(1000))
    plan = plan_for([target(1, 70), target(2, 30)], [order(1, 75)])
    leaving = fit_to_headroom(plan, {"dropped": D(20)}, D(75), D(100), coarse)
    assert leaving.is_empty


@st.composite
def situations(
    draw: st.DrawFn,
) -> tuple[list[Target], list[OwnedOrder], dict[str, Decimal], Decimal]:
    """A position, its targets, what rests within it, and what was sent and not seen."""
    quantities = draw(st.lists(st.integers(1, 50), min_size=1, max_size=5))
    size = sum(quantities)
    targets = [target(number, quantity) for number, quantity in enumerate(quantities, 1)]
    live = []
    left = size
    for number in draw(st.lists(st.integers(1, 6), max_size=5, unique=True)):
        if left:
            quantity = draw(st.integers(1, left))
            live.append(order(number, quantity))
            left -= quantity
    free = sorted(set(range(1, 8)) - {each.level for each in live})
    numbers = draw(st.lists(st.sampled_from(free), max_size=3, unique=True))
    sent = [order(n, draw(st.integers(1, 60)), status=OwnedStatus.PENDING_NEW) for n in numbers]
    most = {o.order_link_id: o.quantity + draw(st.integers(0, 20)) for o in sent}
    return targets, [*live, *sent], most, D(size)


COARSE = Instrument("BANDUSDT", D("0.1"), D(5), D(5), D(1000))
"""Its step is larger than what orders differ by, as after a change of the rules."""


@given(situations(), st.sampled_from([FINE, COARSE]))
def test_the_laws(
    situation: tuple[list[Target], list[OwnedOrder], dict[str, Decimal], Decimal],
    rules: Instrument,
) -> None:
    targets, owned, most, size = situation
    plan = plan_for(targets, owned)
    covered = sum((each.remaining for each in owned), ZERO) - sum(
        (cancel.order.remaining for cancel in plan.cancels), ZERO
    )
    leaving = fit_to_headroom(plan, most, covered, size, rules)
    grown = sum((max(amend.growth, ZERO) for amend in leaving.amends), ZERO) + fresh(leaving, most)
    may_land = sum(most.values(), ZERO)
    assert grown == 0 or covered + shrunk(leaving) + grown + may_land <= size
    again = sum((p.target.quantity for p in leaving.places if p.resends), ZERO)
    fresh_places = sum((p.target.quantity for p in leaving.places if not p.resends), ZERO)
    grown_amends = sum((max(amend.growth, ZERO) for amend in leaving.amends), ZERO)
    assert -shrunk(leaving) <= grown_amends + fresh_places + again


def shrunk(plan: Plan) -> Decimal:
    """What amends take off, as a number below zero."""
    return sum((min(amend.growth, ZERO) for amend in plan.amends), ZERO)


def fresh(plan: Plan, most: dict[str, Decimal]) -> Decimal:
    """What places add to what may land already."""
    return sum((place.target.quantity for place in plan.places), ZERO) - sum(
        (
            min(place.target.quantity, most[place.resends.order_link_id])
            for place in plan.places
            if place.resends is not None
        ),
        ZERO,
    )
