"""The difference between targets and orders: amend first, cancel only what is left over."""

from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.carrying_out import carried_out
from trueup.domain.model.record import Origin, OwnedOrder, OwnedStatus
from trueup.domain.planning.plan import Plan, ReplaceMode, plan_for
from trueup.domain.planning.targets import Target

D = Decimal


def target(level: int, quantity: int, part: int = 1, price: int | None = None) -> Target:
    return Target(level, part, D(price or 100 + level), D(quantity))


def order(
    level: int,
    quantity: int,
    part: int = 1,
    filled: int = 0,
    status: OwnedStatus = OwnedStatus.OPEN,
    price: int | None = None,
) -> OwnedOrder:
    at = D(price or 100 + level)
    name = f"L{level}-{part}-{quantity}-{status.value}"
    return OwnedOrder(
        level, part, name, f"id-{name}", at, at, D(quantity), D(filled), status, Origin.PLACED
    )


def test_orders_that_are_what_is_wanted_stay() -> None:
    plan = plan_for([target(1, 85), target(2, 15)], [order(1, 85), order(2, 15)])
    assert plan.is_empty
    assert len(plan.kept) == 2


def test_what_shrinks_leaves_before_what_grows() -> None:
    plan = plan_for([target(1, 90), target(2, 10)], [order(1, 80), order(2, 20)])
    assert [(a.target.level, a.growth) for a in plan.amends] == [(2, D(-10)), (1, D(10))]


def test_a_place_that_fits_beside_what_rests_needs_no_room() -> None:
    plan = plan_for([target(1, 50), target(2, 50)], [order(1, 60)])
    assert (plan.makes_room(D(49)), plan.makes_room(D(50))) == (True, False)


def test_the_amended_quantity_is_the_total_the_filled_part_included() -> None:
    plan = plan_for([target(1, 90)], [order(1, 85, filled=40)])
    assert plan.amends[0].quantity == 130


def test_a_spare_order_is_amended_into_a_missing_level_instead_of_cancel_and_place() -> None:
    plan = plan_for([target(1, 50), target(2, 50)], [order(1, 50), order(3, 50)])
    assert [(a.order.level, a.target.level) for a in plan.amends] == [(3, 2)]
    assert not plan.cancels
    assert not plan.places


def test_an_order_that_has_filled_keeps_its_level() -> None:
    plan = plan_for([target(1, 50)], [order(3, 50, filled=10)])
    assert [c.order.level for c in plan.cancels] == [3]
    assert [p.target.level for p in plan.places] == [1]


def test_a_duplicate_on_one_level_goes() -> None:
    plan = plan_for([target(1, 50)], [order(1, 50), order(1, 49, part=2)])
    assert [c.order.quantity for c in plan.cancels] == [49]
    assert not plan.amends


def test_an_order_sent_and_not_seen_lends_its_id() -> None:
    sent = order(1, 50, status=OwnedStatus.PENDING_NEW)
    plan = plan_for([target(1, 60)], [sent])
    assert plan.places[0].resends == sent


def test_a_clipped_price_is_not_fought() -> None:
    clipped = OwnedOrder(
        1, 1, "a", "a", D(99), D(101), D(50), D(0), OwnedStatus.OPEN, Origin.PLACED
    )
    assert plan_for([target(1, 50)], [clipped]).is_empty


def test_a_refused_amend_is_replaced() -> None:
    old = order(1, 40)
    plan = plan_for([target(1, 50)], [old], not_amendable={old.order_id})
    assert [c.reason for c in plan.cancels] == ["replaced"]
    assert [p.target.quantity for p in plan.places] == [50]


def test_cancel_mode_replaces_one_level_a_round() -> None:
    plan = plan_for(
        [target(1, 90), target(2, 10)], [order(1, 80), order(2, 5)], mode=ReplaceMode.CANCEL
    )
    assert [c.order.level for c in plan.cancels] == [1]
    assert [p.target.level for p in plan.places] == [1]
    assert plan.deferred == (2,)


targets = st.lists(
    st.builds(target, st.integers(1, 5), st.integers(1, 99), st.integers(1, 2)),
    max_size=8,
    unique_by=lambda each: (each.level, each.part),
)
owned = st.lists(
    st.builds(
        order,
        st.integers(1, 5),
        st.integers(51, 99),
        st.integers(1, 3),
        st.integers(0, 50),
        st.sampled_from(list(OwnedStatus)),
    ),
    max_size=10,
    unique_by=lambda each: (each.level, each.part),
)


def after(plan: Plan) -> list[tuple[int, int, Decimal]]:
    """What rests once the plan is carried out."""
    kept = [(t.level, t.part, t.quantity) for _, t in plan.kept]
    made = [(a.target.level, a.target.part, a.target.quantity) for a in plan.amends]
    placed = [(p.target.level, p.target.part, p.target.quantity) for p in plan.places]
    return sorted(kept + made + placed)


def test_an_order_that_no_amend_can_bring_below_the_largest_is_replaced() -> None:
    """Seed 23012: 5 of it had filled, 5 was the most, and every run asked for 10 in vain."""
    wanted = [target(1, 5, price=90), target(1, 5, part=2, price=90)]
    plan = plan_for(wanted, [order(1, 15, filled=5)], largest=D(5))
    assert [cancel.order.quantity for cancel in plan.cancels] == [15]
    assert [place.target.quantity for place in plan.places] == [5, 5]
    assert not plan.amends


def test_refused_amends_are_replaced_one_level_at_a_time() -> None:
    old = [order(1, 40), order(2, 5)]
    plan = plan_for([target(1, 50), target(2, 6)], old, not_amendable={o.order_id for o in old})
    assert [c.order.level for c in plan.cancels] == [1]
    assert plan.deferred == (2,)


@given(targets, owned)
def test_law_the_plan_ends_at_the_targets(wanted: list[Target], orders: list[OwnedOrder]) -> None:
    made = after(plan_for(wanted, orders))
    assert sorted((n, q) for n, _, q in made) == sorted((t.level, t.quantity) for t in wanted)


@given(targets, owned)
def test_law_no_part_gets_two_orders(wanted: list[Target], orders: list[OwnedOrder]) -> None:
    """Promise P1: one sent and not seen may land, one to be cancelled may fill first."""
    plan = plan_for(wanted, orders)
    same = {p.resends.order_link_id for p in plan.places if p.resends is not None}
    moved = {a.order.order_link_id for a in plan.amends}
    stay = [o for o in orders if o.status.may_rest and o.order_link_id not in same | moved]
    parts = [(o.level, o.part) for o in stay]
    parts += [(a.target.level, a.target.part) for a in plan.amends]
    parts += [(p.target.level, p.target.part) for p in plan.places]
    assert len(parts) == len(set(parts))


@given(targets, owned)
def test_law_every_live_order_has_one_fate(wanted: list[Target], orders: list[OwnedOrder]) -> None:
    plan = plan_for(wanted, orders)
    fates = [c.order for c in plan.cancels] + [a.order for a in plan.amends]
    fates += [o for o, _ in plan.kept]
    live = [o for o in orders if o.status is OwnedStatus.OPEN]
    assert sorted(o.order_link_id for o in fates) == sorted(o.order_link_id for o in live)


@given(targets, owned, st.randoms(use_true_random=False))
def test_law_the_order_of_reads_changes_nothing(
    wanted: list[Target], orders: list[OwnedOrder], randomness: Random
) -> None:
    shuffled = list(orders)
    randomness.shuffle(shuffled)
    assert after(plan_for(wanted, orders)) == after(plan_for(wanted, shuffled))
    assert len(plan_for(wanted, orders).cancels) == len(plan_for(wanted, shuffled).cancels)


@given(targets, owned)
def test_law_a_plan_that_was_carried_out_leaves_nothing_to_do(
    wanted: list[Target], orders: list[OwnedOrder]
) -> None:
    rounds = 0
    while not (plan := plan_for(wanted, orders)).is_empty:
        orders = carried_out(plan, orders)
        rounds += 1
    assert rounds <= 1


def test_a_part_that_was_sent_and_not_seen_is_given_to_no_other_order() -> None:
    """It may still land; with a spare order amended to its part, two would stand for it."""
    sent, spare = order(1, 50, status=OwnedStatus.PENDING_NEW), order(3, 50)
    plan = plan_for([target(1, 50)], [sent, spare])
    assert [place.resends for place in plan.places] == [sent]
    assert [cancel.order for cancel in plan.cancels] == [spare]
    assert not plan.amends
