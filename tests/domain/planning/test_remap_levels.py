"""Editing a ladder moves orders and fills with their prices."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import ladders
from trueup import Ladder, MonitorKey, MonitorRecord, Role, Side
from trueup.domain.model.record import Origin, OwnedOrder, OwnedStatus
from trueup.domain.planning.remap_levels import RETIRED, remap_levels

D = Decimal
KEY = MonitorKey("mirror", "BANDUSDT", Side.BUY)
OLD = Ladder.of(("1", 85), ("2", 5), ("3", 5), ("4", 5))


def order(level: int, price: str, status: OwnedStatus, filled: int = 0) -> OwnedOrder:
    at = D(price)
    return OwnedOrder(
        level,
        1,
        f"id{level}-{price}",
        f"o{level}-{price}",
        at,
        at,
        D(85),
        D(filled),
        status,
        Origin.PLACED,
    )


def record(*orders: OwnedOrder) -> MonitorRecord:
    return MonitorRecord(1, KEY, Role.MIRROR, "main", OLD, orders=orders)


def test_a_finished_level_that_keeps_its_price_stays_finished_under_another_number() -> None:
    done = record(order(2, "2", OwnedStatus.FILLED, 85), order(1, "1", OwnedStatus.OPEN))
    moved = remap_levels(done, Ladder.of(("0.5", 10), ("1", 40), ("2", 50)))
    assert [(o.asked_price, o.level) for o in moved.orders] == [(D(1), 2), (D(2), 3)]
    assert moved.is_done(3)
    assert not moved.is_done(2)


def test_a_fill_at_a_price_no_level_has_counts_for_none() -> None:
    done = record(order(1, "1", OwnedStatus.FILLED, 85))
    moved = remap_levels(done, Ladder.of(("1.5", 100)))
    assert moved.orders[0].level == RETIRED
    assert moved.filled(1) == 0
    assert not moved.is_done(1)


def test_resting_orders_that_meet_on_a_level_become_parts_of_it() -> None:
    both = record(order(1, "1", OwnedStatus.OPEN), order(2, "2", OwnedStatus.OPEN))
    moved = remap_levels(both, Ladder.of(("2", 100)))
    assert sorted((o.asked_price, o.level, o.part) for o in moved.orders) == [
        (D(1), 1, 1),
        (D(2), 1, 2),
    ]


@given(ladders(), ladders(), st.data())
def test_law_nothing_that_rests_is_forgotten_and_no_two_are_the_same_part(
    old: Ladder, new: Ladder, data: st.DataObject
) -> None:
    orders = [
        order(level.number, str(level.price), data.draw(st.sampled_from(OwnedStatus)))
        for level in old.levels
    ]
    before = record(*orders)
    after = remap_levels(before, new)
    assert {o.order_link_id for o in after.resting} == {o.order_link_id for o in before.resting}
    parts = [(o.level, o.part) for o in after.resting]
    assert len(parts) == len(set(parts))


@given(ladders())
def test_law_the_same_ladder_changes_nothing(ladder: Ladder) -> None:
    orders = [order(level.number, str(level.price), OwnedStatus.OPEN) for level in ladder.levels]
    before = record(*orders)
    assert remap_levels(before, ladder).orders == before.orders
