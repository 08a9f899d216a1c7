"""What a run commits is where the next one would stop: drawn up again, nothing is to be done."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.carrying_out import carried_out
from tests.domain.strategies import instruments, ladders
from trueup import Ladder, MonitorKey, MonitorRecord, Role, Side
from trueup.domain.model.instrument import Instrument
from trueup.domain.model.record import Origin, OwnedOrder, OwnedStatus
from trueup.domain.planning.plan import Plan, plan_for
from trueup.domain.planning.targets import Targets, progress_of, targets_for

D = Decimal
KEY = MonitorKey("main", "BANDUSDT", Side.BUY)


def drawn(record: MonitorRecord, instrument: Instrument) -> tuple[Targets, Plan]:
    assert record.ladder is not None
    targets = targets_for(record.ladder, record.position_size, progress_of(record), instrument)
    return targets, plan_for(targets.orders, record.orders)


def settled(record: MonitorRecord, instrument: Instrument, at: int) -> MonitorRecord:
    """The record after a run; the next one has nothing to do, and names the parts alike."""
    targets, plan = drawn(record, instrument)
    after = replace(record, orders=tuple(carried_out(plan, list(record.orders), at)))
    again, nothing = drawn(after, instrument)
    assert nothing.is_empty
    assert again.uncovered == targets.uncovered
    assert after.covered == sum((o.quantity for o in again.orders), D(0))
    parts = [(order.level, order.part) for order in after.resting]
    assert sorted(parts) == sorted((order.level, order.part) for order in again.orders)
    assert max(Counter(parts).values(), default=0) <= 1
    for order in after.resting:
        assert order.quantity <= instrument.max_quantity
        assert instrument.allows(order.quantity, order.asked_price)
    return after


def filled(record: MonitorRecord, order: OwnedOrder, quantity: Decimal) -> MonitorRecord:
    whole = quantity == order.remaining
    done = replace(
        order,
        filled=order.filled + quantity,
        status=OwnedStatus.FILLED if whole else OwnedStatus.OPEN,
    )
    return replace(record.with_order(done), position_size=record.position_size - quantity)


@settings(deadline=None)  # six runs an example: a loaded machine is no defect
@given(
    ladders(),
    instruments(roomy=False),
    st.integers(1, 5000),
    st.integers(40, 400),
    st.data(),
)
def test_law_what_a_run_commits_asks_for_nothing(
    ladder: Ladder, rules: Instrument, steps: int, most: int, data: st.DataObject
) -> None:
    instrument = replace(
        rules,
        min_notional=D(0),
        max_quantity=max(rules.quantity(most), rules.min_quantity * 2),
    )
    record = MonitorRecord(
        1, KEY, Role.MAIN, None, ladder, position_size=instrument.quantity(steps)
    )
    for at in range(data.draw(st.integers(1, 6))):
        record = settled(record, instrument, at)
        live = [order for order in record.orders if order.status is OwnedStatus.OPEN]
        event = data.draw(st.sampled_from(["fill", "fill", "grow", "shrink"]))
        if event == "fill" and live:
            order = data.draw(st.sampled_from(live))
            part = data.draw(st.integers(1, instrument.steps(order.remaining)))
            record = filled(record, order, instrument.quantity(part))
        elif record.position_size:
            now = data.draw(st.integers(0 if event == "grow" else 1, steps * 2))
            record = replace(record, position_size=instrument.quantity(now))


def owned(part: int, quantity: int, filled_of_it: int = 0) -> OwnedOrder:
    return OwnedOrder(
        1,
        part,
        f"TP1.{part}",
        f"id-{part}",
        D(11),
        D(11),
        D(quantity),
        D(filled_of_it),
        OwnedStatus.OPEN,
        Origin.PLACED,
    )


SMALL = Instrument("BANDUSDT", D("0.1"), D(1), D(3), D(40))


def test_a_fill_of_one_part_moves_no_other() -> None:
    """The evened-out parts swapped their names, and the next draw asked for one order of 39."""
    record = MonitorRecord(
        1, KEY, Role.MAIN, None, Ladder.of((11, 100)), position_size=D(39)
    ).with_order(owned(1, 21, 2))
    record = record.with_order(owned(2, 20))
    _, plan = drawn(record, SMALL)
    assert plan.is_empty
    assert [(order.part, target.part) for order, target in plan.kept] == [(1, 1), (2, 2)]


def test_of_parts_that_are_too_many_those_that_have_filled_stay() -> None:
    record = MonitorRecord(
        1, KEY, Role.MAIN, None, Ladder.of((11, 100)), position_size=D(20)
    ).with_order(owned(1, 40))
    record = record.with_order(owned(2, 20, 5))
    _, plan = drawn(record, SMALL)
    assert [cancel.order.part for cancel in plan.cancels] == [1]
    assert [(amend.order.part, amend.target.part) for amend in plan.amends] == [(2, 2)]


def test_what_is_too_small_for_one_part_goes_to_the_one_that_has_filled_most() -> None:
    """The part that covered more could not have so little, and the next draw gave it up, too."""
    record = MonitorRecord(
        1, KEY, Role.MAIN, None, Ladder.of((11, 100)), position_size=D(1)
    ).with_order(owned(1, 40, 15))
    record = record.with_order(owned(2, 27, 1))
    after = settled(record, SMALL, 0)
    assert [(order.part, order.remaining) for order in after.resting] == [(1, D(1))]


def test_parts_that_have_filled_and_are_not_needed_go_at_once() -> None:
    """The second part grew beside the first, and the next draw gave up the first for it."""
    record = MonitorRecord(
        1, KEY, Role.MAIN, None, Ladder.of((11, 100)), position_size=D(25)
    ).with_order(owned(1, 40, 28))
    record = record.with_order(owned(2, 13, 1))
    after = settled(record, SMALL, 0)
    assert [(order.part, order.remaining) for order in after.resting] == [(2, D(25))]


def test_a_part_that_is_too_small_alone_does_without_no_other() -> None:
    """The 2 went to the part that had filled 1: an order of 3, which the exchange refuses."""
    record = MonitorRecord(
        1, KEY, Role.MAIN, None, Ladder.of((11, 100)), position_size=D(2)
    ).with_order(owned(1, 40, 1))
    record = record.with_order(owned(2, 40, 39))
    after = settled(record, replace(SMALL, min_quantity=D(4)), 0)
    assert [(order.part, order.remaining) for order in after.resting] == [(2, D(1))]


def of_level(level: int, part: int, quantity: int, filled_of_it: int = 0) -> OwnedOrder:
    """An order of that level; it has filled completely where all of it has."""
    return replace(
        owned(part, quantity, filled_of_it),
        level=level,
        order_link_id=f"TP{level}.{part}",
        order_id=f"id-{level}-{part}",
        price=D(10 + level),
        asked_price=D(10 + level),
        status=OwnedStatus.FILLED if quantity == filled_of_it else OwnedStatus.OPEN,
    )


@pytest.mark.parametrize(
    ("shares", "size", "least", "most", "orders", "ends"),
    [
        ((7, 59, 34), 29, 7, 33, [(2, 1, 33, 33), (2, 2, 8), (3, 1, 21)], {3: 29}),
        ((2, 35, 26, 37), 19, 8, 16, [(2, 1, 9, 9), (2, 2, 9, 1), (4, 1, 11)], {3: 8, 4: 11}),
    ],
)
def test_a_level_whose_second_order_is_merged_away_is_done_at_once(
    shares: tuple[int, ...],
    size: int,
    least: int,
    most: int,
    orders: list[tuple[int, ...]],
    ends: dict[int, int],
) -> None:
    """The run merged it away and so ended the level; the next one divided the position anew."""
    rules = replace(SMALL, min_quantity=D(least), max_quantity=D(most))
    ladder = Ladder.of(*enumerate(shares, start=11))
    record = MonitorRecord(1, KEY, Role.MAIN, None, ladder, position_size=D(size))
    for each in orders:
        record = record.with_order(of_level(*each))
    after = settled(record, rules, 0)
    assert {order.level: order.remaining for order in after.resting} == ends
    assert drawn(record, rules)[0].notes[0] == "TP2 is done: what it lacks is no order of its own"
