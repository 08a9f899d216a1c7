"""What rests when a contract's rules have changed: what cannot be made again is not given up."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tests.domain.carrying_out import carried_out
from trueup import Ladder, MonitorKey, Role, Side
from trueup.domain.model.instrument import ZERO, Instrument, plain
from trueup.domain.model.record import MonitorRecord, Origin, OwnedOrder, OwnedStatus
from trueup.domain.planning.plan import plan_for
from trueup.domain.planning.wanted_orders import WantedOrders, wanted_orders

D = Decimal
LADDER = Ladder.of(("0.7205", 85), ("0.74", 15))
RULES = Instrument("BANDUSDT", D("0.0001"), D("0.1"), D("0.1"), D(100_000), D(5))


def order(level: int, quantity: str, filled: str = "0") -> OwnedOrder:
    price = LADDER.levels[level - 1].price
    return OwnedOrder(
        level,
        1,
        f"TP{level}",
        f"id{level}",
        price,
        price,
        D(quantity),
        D(filled),
        OwnedStatus.OPEN,
        Origin.PLACED,
    )


def _parts(number: int, quantity: str, price: Decimal) -> list[OwnedOrder]:
    """Further orders of TP1."""
    return [
        replace(
            order(1, quantity),
            part=part,
            order_link_id=f"TP1.{part}",
            order_id=f"id1.{part}",
            price=price,
            asked_price=price,
        )
        for part in range(2, number + 2)
    ]


def monitor(size: str, *orders: OwnedOrder) -> MonitorRecord:
    key = MonitorKey("main", "BANDUSDT", Side.BUY)
    return MonitorRecord(1, key, Role.MAIN, None, LADDER, position_size=D(size), orders=orders)


def wanted(size: str, rules: Instrument, *orders: OwnedOrder) -> WantedOrders:
    return wanted_orders(monitor(size, *orders), LADDER, rules)


def quantities(result: WantedOrders) -> list[tuple[int, str]]:
    return [(target.level, plain(target.quantity)) for target in result.all.orders]


WHOLE = (order(1, "510"), order(2, "90"))


def test_rules_that_allow_all_that_rests_keep_nothing() -> None:
    assert wanted("600", RULES, *WHOLE).held == ()


def test_an_order_above_the_new_maximum_stays_and_a_second_one_grows_the_level() -> None:
    result = wanted("700", replace(RULES, max_quantity=D(300)), *WHOLE)
    assert quantities(result) == [(1, "85"), (1, "510"), (2, "105")]
    assert result.all.notes[-2:] == (
        "TP1 stays at 510: the exchange's largest order is 300 now",
        "700 of 700 is covered",
    )


def test_an_order_above_the_new_maximum_shrinks_where_its_level_needs_less() -> None:
    result = wanted("200", replace(RULES, max_quantity=D(300)), *WHOLE)
    assert result.held == ()
    assert quantities(result) == [(1, "170"), (2, "30")]


def test_an_order_that_has_filled_the_new_maximum_stays_for_less_than_the_smallest_order() -> None:
    """Giving up 410 for a moment would gain 5, for which there is no order of its own.

    Seeds 5826, 10447 and 10557: each run amended it, and each amend was refused.
    """
    rules, only = replace(RULES, max_quantity=D(100)), Ladder.of(("0.7205", 100))
    record = replace(monitor("415", order(1, "510", filled="100")), ladder=only)
    result = wanted_orders(record, only, rules)
    assert quantities(result) == [(1, "410")]
    assert result.all.notes[-2:] == (
        "TP1 stays at 410: 100 of it filled, and the exchange's largest order is 100 now",
        "410 of 415 is covered, 5 is not",
    )


def test_an_order_that_has_filled_the_new_maximum_helps_no_new_one_over_the_minimum() -> None:
    """TP2's 3 have to go, as only 1 of the position is left for them; and 1 is too small."""
    rules = replace(RULES, min_quantity=D(3), max_quantity=D(5))
    ladder = Ladder.of(("0.7205", 60), ("0.7313", 40))
    filled = order(1, "18", filled="6"), order(2, "10", filled="7")
    result = wanted_orders(replace(monitor("13", *filled), ladder=ladder), ladder, rules)
    assert quantities(result) == [(1, "12")]
    assert result.all.notes[-1] == "12 of 13 is covered, 1 is not"


def test_one_above_the_new_maximum_stays_off_its_level_where_orders_of_that_cover_less() -> None:
    """Seed 1862321: 34 shrank to 5 for five more orders of 5, of which 29 were uncovered.

    Beside the 34 there are seven of 5: what the levels leave over is the seventh, together.
    """
    rules = Instrument("BANDUSDT", D("0.0001"), D(1), D(5), D(5))
    moved = Ladder.of(("0.73", 85), ("0.75", 5), ("0.76", 5), ("0.77", 5))
    record = replace(monitor("69", order(1, "34"), *_parts(7, "5", D("0.73"))), ladder=moved)
    result = wanted_orders(record, moved, rules)
    assert sorted(quantities(result)) == [(1, "34"), *[(1, "5")] * 6, (3, "5")]


def test_an_order_below_the_new_minimum_stays_and_the_other_level_grows() -> None:
    result = wanted("607", replace(RULES, min_notional=D(100)), *WHOLE)
    assert quantities(result) == [(1, "517"), (2, "90")]


def test_a_coarser_step_makes_no_order_smaller_for_less_than_a_step() -> None:
    coarse = replace(RULES, quantity_step=D(10), min_quantity=D(10))
    assert quantities(wanted("607", coarse, *WHOLE)) == [(1, "510"), (2, "90")]
    assert quantities(wanted("593", coarse, *WHOLE)) == [(1, "510"), (2, "90")]
    assert quantities(wanted("589", coarse, *WHOLE)) == [(1, "500"), (2, "90")]
    off = (order(1, "516.2"), order(2, "91.1"))
    assert quantities(wanted("607.3", coarse, *off)) == [(1, "516.2"), (2, "91.1")]
    assert wanted("607.3", coarse, *off).all.notes[-1] == "607.3 of 607.3 is covered"


def test_an_order_that_filled_off_the_new_step_stays() -> None:
    coarse = replace(RULES, quantity_step=D(10), min_quantity=D(10))
    result = wanted("693", coarse, order(1, "510", "7"), order(2, "90"))
    assert quantities(result) == [(1, "90"), (1, "503"), (2, "100")]


@pytest.mark.parametrize(
    ("size", "keeps"), [("0.9", "0.87"), ("0.8", "0.87"), ("0.26", "0.35"), ("0.25", "0.25")]
)
def test_where_it_has_to_shrink_its_total_is_on_the_step(size: str, keeps: str) -> None:
    only = Ladder.of(("19.61", 100))
    alone = replace(order(1, "0.92", "0.05"), price=D("19.61"), asked_price=D("19.61"))
    record = replace(monitor(size, alone), ladder=only)
    result = wanted_orders(record, only, replace(RULES, min_notional=ZERO))
    assert quantities(result) == [(1, keeps)]
    stays = f"{keeps} rests for {size}" if D(keeps) > D(size) else f"{keeps} of {size} is covered"
    assert result.all.notes[-1].startswith(stays)


def test_it_shrinks_to_its_share_and_the_other_level_keeps_its_own() -> None:
    coarse = replace(RULES, quantity_step=D(10), min_quantity=D(10))
    orders = order(1, "510", "7"), order(2, "90")
    assert quantities(wanted("204", coarse, *orders)) == [(1, "183"), (2, "30")]
    both = order(1, "510", "7"), order(2, "90", "4")
    assert quantities(wanted("204", coarse, *both)) == [(1, "183"), (2, "26")]


def test_one_that_cannot_be_amended_is_replaced() -> None:
    coarse = replace(RULES, quantity_step=D(10), min_quantity=D(10))
    record = monitor("204", order(1, "510", "7"), order(2, "90"))
    result = wanted_orders(record, LADDER, coarse, not_amendable={"id1"})
    assert result.held == ()
    assert all(target.quantity % 10 == 0 for target in result.all.orders)


def test_a_level_off_the_new_tick_keeps_its_order_and_the_others_cover_the_rest() -> None:
    result = wanted("607", replace(RULES, tick=D("0.01")), *WHOLE)
    assert quantities(result) == [(1, "510"), (2, "97")]
    bare = wanted("607", replace(RULES, tick=D("0.01"))).all
    assert bare.of_level(2) == 607
    assert bare.notes == (
        "TP1 gets no order: its price 0.7205 is not a multiple of the tick size 0.01",
        "607 of 607 is covered",
    )


def test_no_level_on_the_new_tick_leaves_what_rests_and_says_what_is_naked() -> None:
    result = wanted("607", replace(RULES, tick=D("0.5")), *WHOLE)
    assert quantities(result) == [(1, "510"), (2, "90")]
    assert result.all.uncovered == 7
    assert result.all.notes[-1] == "600 of 607 is covered, 7 is not"


def test_a_level_off_the_new_tick_shrinks_to_its_share_where_the_position_is_smaller() -> None:
    coarse = replace(RULES, tick=D("0.01"))
    assert quantities(wanted("520", coarse, *WHOLE)) == [(1, "510"), (2, "10")]
    assert quantities(wanted("200", coarse, *WHOLE)) == [(1, "170"), (2, "30")]
    assert wanted("200", coarse, *WHOLE).all.notes[0] == (
        "TP1 shrinks from 510 to 170: its price 0.7205 is not a multiple of the tick size 0.01"
    )


def test_a_level_off_the_new_tick_that_cannot_shrink_goes_and_the_others_cover_for_it() -> None:
    coarse, record = replace(RULES, tick=D("0.01")), monitor("200", *WHOLE)
    result = wanted_orders(record, LADDER, coarse, not_amendable={"id1"})
    assert quantities(result) == [(2, "200")]
    assert result.held[0].keeps == 0


def test_one_that_has_to_go_serves_a_level_without_an_order_instead() -> None:
    """Cancelling it first, and placing another, would uncover 200 for a moment."""
    coarse, record = replace(RULES, tick=D("0.01")), monitor("200", WHOLE[0])
    moves = wanted_orders(record, LADDER, coarse, unchangeable={"id1"})
    plan = plan_for(moves.beside.orders, record.orders, held=moves.held)
    (amend,) = plan.amends
    assert (amend.target.level, amend.price, amend.quantity) == (2, D("0.74"), D(200))
    assert plan.actions == 1
    stuck = wanted_orders(record, LADDER, coarse, unchangeable={"id1"}, immovable={"id1"})
    plan = plan_for(stuck.beside.orders, record.orders, held=stuck.held)
    (cancel,) = plan.cancels
    assert cancel.reason == (
        "TP1's 510 has to go, the position is smaller: "
        "its price 0.7205 is not a multiple of the tick size 0.01"
    )
    assert [place.target.level for place in plan.places] == [2]


def test_where_no_level_can_shrink_only_so_much_goes_as_must() -> None:
    """0.019 and 0.017 rest off the tick, and a hand cuts the position to 0.021."""
    rules = replace(RULES, tick=D("0.5"), quantity_step=D("0.001"), min_notional=ZERO)
    rules = replace(rules, min_quantity=D("0.001"))
    record = monitor("0.021", order(1, "0.019"), order(2, "0.017"))
    shrunk = wanted_orders(record, LADDER, rules)
    assert quantities(shrunk) == [(1, "0.019"), (2, "0.002")]
    result = wanted_orders(record, LADDER, rules, not_amendable={"id2"})
    assert quantities(result) == [(1, "0.019")]
    assert result.all.notes[-1] == "0.019 of 0.021 is covered, 0.002 is not"


def test_a_level_outside_the_new_band_is_like_one_off_the_tick() -> None:
    result = wanted("607", replace(RULES, max_price=D("0.73")), *WHOLE)
    assert quantities(result) == [(1, "517"), (2, "90")]
    assert result.all.notes == (
        "TP2 stays at 90: its price 0.74 is above the exchange's highest price 0.73",
        "607 of 607 is covered",
    )


def test_an_order_that_a_hand_moved_from_a_level_off_the_tick_is_not_given_up() -> None:
    moved = replace(order(1, "510"), price=D("0.71"), asked_price=D("0.71"))
    result = wanted("600", replace(RULES, tick=D("0.01")), moved, WHOLE[1])
    assert quantities(result) == [(1, "510"), (2, "90")]


def test_an_order_that_the_exchange_will_not_amend_stays() -> None:
    result = wanted_orders(monitor("700", *WHOLE), LADDER, RULES, unchangeable={"id1"})
    assert quantities(result) == [(1, "510"), (2, "190")]


def test_it_stays_above_the_position_where_only_new_ones_could_take_its_place() -> None:
    record = monitor("200", WHOLE[0])
    result = wanted_orders(record, LADDER, RULES, unchangeable={"id1"})
    assert quantities(result) == [(1, "510")]
    assert result.all.notes == (
        "TP1 stays at 510: the exchange refuses to amend it",
        "510 rests for 200: reduce-only, it closes no more than that",
    )
    assert plan_for(result.beside.orders, record.orders, held=result.held).is_empty


def test_it_stays_above_a_position_below_the_step_where_nothing_else_covers_it() -> None:
    """Seed 1419548: it went, and no order of less than a step could take its place."""
    coarse = replace(RULES, quantity_step=D(255))
    result = wanted_orders(monitor("200", WHOLE[0]), LADDER, coarse, unchangeable={"id1"})
    assert quantities(result) == [(1, "510")]


def test_it_goes_where_another_can_grow_in_its_stead() -> None:
    result = wanted_orders(monitor("200", *WHOLE), LADDER, RULES, unchangeable={"id1"})
    assert quantities(result) == [(2, "200")]


@given(
    first=st.integers(1, 3000),
    second=st.integers(1, 3000),
    grows=st.integers(0, 3000),
    tick=st.sampled_from(("0.0001", "0.01", "0.5")),
    step=st.sampled_from(("0.1", "0.2", "10")),
    least=st.sampled_from((0, 5, 50, 500)),
    most=st.sampled_from((100_000, 100, 20)),
)
def test_no_new_rule_costs_cover_of_a_position_that_did_not_shrink(
    first: int, second: int, grows: int, tick: str, step: str, least: int, most: int
) -> None:
    assume(most * LADDER.levels[0].price >= least)
    rules = Instrument("BANDUSDT", D(tick), D(step), D(step), D(most), D(least))
    resting = order(1, str(D(first) / 10)), order(2, str(D(second) / 10))
    size = D(first + second + grows) / 10
    result = wanted(str(size), rules, *resting)
    if not result.all.orders:
        return  # The rules allow no order at all: what rests stays, and the run is SKIPPED.
    covers = sum((target.quantity for target in result.all.orders), ZERO)
    assert D(first + second) / 10 <= covers <= size
    assert result.all.uncovered == size - covers
    for target in result.beside.orders:
        assert not rules.refuses(target.price)
        assert rules.allows(target.quantity, target.price)
        assert target.quantity <= rules.max_quantity
        assert not target.quantity % rules.quantity_step


@given(
    totals=st.tuples(st.integers(1, 3000), st.integers(1, 3000)),
    filled=st.tuples(st.integers(0, 300), st.integers(0, 300)),
    size=st.integers(1, 7000),
    step=st.sampled_from(("0.2", "1", "10", "100")),
    most=st.sampled_from((100_000, 100)),
)
def test_orders_that_filled_off_a_new_step_come_to_rest_as_planned_and_cover_enough(
    totals: tuple[int, int], filled: tuple[int, int], size: int, step: str, most: int
) -> None:
    rules = Instrument("BANDUSDT", D("0.0001"), D(step), D(step), D(most))
    orders = [
        order(level, str(D(total) / 10), str(D(min(done, total - 1)) / 10))
        for level, (total, done) in enumerate(zip(totals, filled, strict=True), 1)
    ]
    record = monitor(str(D(size) / 10), *orders)
    covered = min(record.covered, record.position_size)
    for at in range(3):
        result = wanted_orders(record, LADDER, rules)
        if not result.all.orders:
            return  # The rules allow no order at all.
        plan = plan_for(result.beside.orders, record.orders, held=result.held)
        assert not any(amend.quantity and amend.quantity % D(step) for amend in plan.amends)
        record = replace(record, orders=tuple(carried_out(plan, list(record.orders), at)))
    result = wanted_orders(record, LADDER, rules)
    assert plan_for(result.beside.orders, record.orders, held=result.held).is_empty
    assert record.covered == sum((target.quantity for target in result.all.orders), ZERO)
    assert covered <= record.covered < record.position_size + D(step)


@given(
    first=st.integers(1, 400),
    second=st.integers(1, 400),
    grows=st.integers(0, 400),
    parts=st.integers(0, 5),
    step=st.sampled_from(("0.1", "0.2", "1", "10")),
    least=st.integers(1, 5),
    beyond=st.sampled_from((0, 1, 2, 3, 5, 20)),
)
@example(first=1, second=1, grows=0, parts=3, step="0.1", least=3, beyond=0)
def test_nor_does_it_where_the_levels_have_moved_and_orders_are_split(
    first: int, second: int, grows: int, parts: int, step: str, least: int, beyond: int
) -> None:
    smallest, largest = least * D(step), (least + beyond) * D(step)
    rules = Instrument("BANDUSDT", D("0.0001"), D(step), smallest, largest)
    moved = Ladder.of(("0.73", 60), ("0.75", 25), ("0.76", 15))
    resting = [order(1, str(D(first) / 10)), order(2, str(D(second) / 10))]
    resting += _parts(parts, str(largest), moved.levels[0].price)
    covered = sum((each.remaining for each in resting), ZERO)
    record = replace(monitor(str(covered + D(grows) / 10), *resting), ladder=moved)
    result = wanted_orders(record, moved, rules)
    if not result.all.orders:
        return  # The rules allow no order at all: what rests stays, and the run is SKIPPED.
    covers = sum((target.quantity for target in result.all.orders), ZERO)
    assert covered <= covers <= record.position_size


def test_an_order_that_somebody_moved_to_a_price_that_the_new_tick_refuses_keeps_its_quantity() -> (
    None
):
    """Every amend leaves it at that price, and the exchange refuses it: seed 5304443."""
    moved = replace(WHOLE[0], price=D("0.7204"))
    result = wanted("700", replace(RULES, tick=D("0.0005")), moved, WHOLE[1])
    assert quantities(result) == [(1, "510"), (2, "190")]
    assert result.held[0].why == "its price 0.7204 is not a multiple of the tick size 0.0005"
