"""Editing a ladder moves orders and fills with their prices."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.strategies import ladders
from trueup import Ladder, MonitorKey, MonitorRecord, Role, Side
from trueup.domain.model.record import Origin, OwnedOrder, OwnedStatus, PositionAnchor
from trueup.domain.planning.remap_levels import (
    LAST_POSITION,
    RETIRED,
    next_cycle,
    remap_levels,
    without_earlier_fills,
)

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


ANCHOR = PositionAnchor(D(10), opened_ms=1000)
LAG = timedelta(seconds=15)


def test_a_new_position_starts_with_nothing_filled_and_keeps_what_rests() -> None:
    ended = replace(order(1, "1", OwnedStatus.FILLED, 85), updated_ms=900)
    sooner = replace(order(2, "2", OwnedStatus.CANCELLED, 5), updated_ms=1000)
    later = replace(order(3, "3", OwnedStatus.FILLED, 85), updated_ms=1001)
    rests = order(4, "4", OwnedStatus.OPEN)
    new = next_cycle(record(ended, sooner, later, rests), ANCHOR)
    assert (new.cycle, new.anchor) == (2, ANCHOR)
    levels = {each.order_id: each.level for each in new.orders}
    assert levels == {
        ended.order_id: LAST_POSITION,
        sooner.order_id: LAST_POSITION,
        later.order_id: 3,
        rests.order_id: 4,
    }
    assert [level for level in range(1, 5) if new.is_done(level)] == [3]


def reported(known: MonitorRecord) -> MonitorRecord:
    """The record after a run that has reported all fills."""
    orders = tuple(replace(each, reported=each.filled) for each in known.orders)
    return replace(known, orders=orders)


def test_where_nobody_knows_when_it_opened_every_closed_order_is_the_last_one_s() -> None:
    new = next_cycle(record(replace(order(1, "1", OwnedStatus.FILLED, 85), updated_ms=900)))
    assert [each.level for each in new.orders] == [LAST_POSITION]
    assert next_cycle(reported(new)).orders == ()


def test_where_it_was_only_seen_flat_every_closed_order_is_the_last_one_s() -> None:
    """Seen flat at 800, and by that read's time alone the new one opened; by a trade, at 850."""
    filled = replace(order(1, "1", OwnedStatus.FILLED, 85), updated_ms=900)
    last = replace(record(filled), anchor=PositionAnchor(D(0), at_ms=800))
    for opened_ms, level in ((800, LAST_POSITION), (850, 1)):
        new = next_cycle(last, PositionAnchor(D(10), opened_ms=opened_ms))
        assert [each.level for each in new.orders] == [level]


def test_an_order_of_a_position_before_stays_known_until_what_it_filled_is_reported() -> None:
    """Seed 3251653: no run came to its end between two new positions."""
    new = next_cycle(next_cycle(record(order(1, "1", OwnedStatus.FILLED, 85))))
    assert [(each.level, each.filled) for each in new.orders] == [(LAST_POSITION, D(85))]
    assert next_cycle(reported(new)).orders == ()


def test_an_order_of_a_position_before_stays_known_while_a_read_may_show_it_open() -> None:
    ended = replace(order(1, "1", OwnedStatus.CANCELLED, 5), updated_ms=900, reported=D(5))
    last = next_cycle(record(ended), ANCHOR)
    new = next_cycle(last, PositionAnchor(D(10), at_ms=15_899), lag=LAG)
    assert [each.level for each in new.orders] == [LAST_POSITION]
    assert next_cycle(new, PositionAnchor(D(10), at_ms=15_900), lag=LAG).orders == ()


def test_an_order_that_is_found_closed_later_counts_by_when_it_ended() -> None:
    rests = order(1, "1", OwnedStatus.OPEN)
    new = next_cycle(record(rests), ANCHOR)
    for updated_ms, level in ((1000, LAST_POSITION), (1001, 1), (0, 1)):
        closed = replace(rests, status=OwnedStatus.FILLED, filled=D(85), updated_ms=updated_ms)
        assert without_earlier_fills(new.with_order(closed)).orders[0].level == level


def test_no_edit_of_the_ladder_makes_the_last_position_s_fills_count() -> None:
    new = next_cycle(record(order(1, "1", OwnedStatus.FILLED, 85)))
    assert not remap_levels(new, Ladder.of(("1", 50), ("2", 50))).has_progress
