"""What orders keep that cannot be made again, where more than the position rests."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup.domain.model.instrument import Instrument
from trueup.domain.model.record import Origin, OwnedOrder, OwnedStatus
from trueup.domain.planning.held_orders import HeldOrder, covered_by, fitted

D = Decimal
RULES = Instrument("X", D("0.01"), D(1), D(10), D(1000))


def held(level: int, quantity: int, least: int) -> HeldOrder:
    price, total = D(100 + level), D(quantity)
    order = OwnedOrder(
        level,
        1,
        f"TP{level}",
        f"id{level}",
        price,
        price,
        total,
        D(0),
        OwnedStatus.OPEN,
        Origin.PLACED,
    )
    return HeldOrder(order, "why", D(least), total)


def kept(orders: Sequence[HeldOrder], size: int) -> list[int]:
    return [int(each.keeps) for each in fitted(orders, D(size), D(size), RULES)]


@pytest.mark.parametrize(
    ("size", "they_shrink", "they_stay"),
    [
        (100, [40, 40, 20], [40, 40, 20]),
        (90, [40, 40, 10], [40, 40, 0]),
        (60, [40, 10, 10], [40, 0, 20]),
        (25, [15, 10, 0], [0, 0, 20]),
        (5, [0, 0, 0], [0, 0, 0]),
    ],
)
def test_they_give_up_what_they_must(
    size: int, they_shrink: list[int], they_stay: list[int]
) -> None:
    sizes = (40, 40, 20)
    assert kept([held(n, q, 10) for n, q in enumerate(sizes, 1)], size) == they_shrink
    assert kept([held(n, q, q) for n, q in enumerate(sizes, 1)], size) == they_stay


def test_where_they_have_to_shrink_other_levels_keep_their_share() -> None:
    orders = [held(1, 40, 10), held(2, 40, 10)]
    assert [int(each.keeps) for each in fitted(orders, D(90), D(30), RULES)] == [40, 40]
    assert [int(each.keeps) for each in fitted(orders, D(60), D(30), RULES)] == [20, 10]


@given(
    st.lists(st.tuples(st.integers(1, 50), st.booleans()), min_size=1, max_size=5),
    st.integers(0, 200),
)
def test_they_are_never_more_than_the_position_and_never_grow(
    drawn: list[tuple[int, bool]], size: int
) -> None:
    orders = [
        held(number, quantity, min(quantity, 10) if shrinks else quantity)
        for number, (quantity, shrinks) in enumerate(drawn, 1)
    ]
    after = fitted(orders, D(size), D(size), RULES)
    assert covered_by(after) <= size or covered_by(after) == covered_by(orders) <= size
    assert all(
        each.keeps in (D(0), each.order.remaining) or each.keeps >= each.least for each in after
    )
    assert all(each.keeps <= each.order.remaining for each in after)
    if covered_by(orders) <= size:
        assert after == tuple(orders)
