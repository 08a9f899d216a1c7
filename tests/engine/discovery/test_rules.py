"""The rules of taking over, and the exchange's own TP/SL."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.recognition.test_classify import order
from tests.stage import BAND_LADDER
from trueup import Adopt, ConfigurationError, Ladder, LadderError, Recognition, Side
from trueup.domain.model.order import OrderKind, OrderStatus, OrderType
from trueup.domain.recognition.adoption import merge_ladder
from trueup.domain.recognition.classify import TP_FAMILIES, Kind, adoptable, native

REBALANCE = "BOT_TP1_KSMUSDT_1753654566837_3771"
SET_UP = "BOT_CONS_KSMUSDT_TP1_164224"


def test_families_that_are_not_named_are_foreign() -> None:
    rules = Recognition(families=("setup",))
    assert adoptable(order(order_link_id=SET_UP), Side.BUY, rules)
    assert not adoptable(order(order_link_id=REBALANCE), Side.BUY, rules)


@pytest.mark.parametrize("rules", [Recognition(adopt=Adopt.NEVER), Recognition(families=())])
def test_nothing_may_be_taken_over(rules: Recognition) -> None:
    assert not adoptable(order(), Side.BUY, rules)


@pytest.mark.parametrize("name", ["breakeven", "entry", "", "manual"])
def test_a_family_without_take_profits_is_a_mistake(name: str) -> None:
    with pytest.raises(
        ConfigurationError, match=f"unknown id family '{name}'; known families are rebal"
    ):
        Recognition(families=(name,))


def test_the_families_are_those_with_take_profits() -> None:
    assert TP_FAMILIES == (
        "rebalance",
        "setup",
        "adjusted",
        "trade group",
        "other engine",
        "repair script",
    )


@pytest.mark.parametrize(
    ("kind", "parent", "expected"),
    [
        (OrderKind.TAKE_PROFIT, "", Kind.TAKE_PROFIT),
        (OrderKind.STOP_LOSS, "", Kind.STOP_LOSS),
        (OrderKind.STOP_LOSS, "entry-7", Kind.STOP_LOSS),
        (OrderKind.TRAILING_STOP, "", Kind.STOP_LOSS),
        (OrderKind.PLAIN, "entry-7", Kind.FOREIGN),
        (OrderKind.OTHER, "", None),
        (OrderKind.PLAIN, "", None),
    ],
)
def test_native_orders_have_no_id_of_their_own(
    kind: OrderKind, parent: str, expected: Kind | None
) -> None:
    conditional = {
        "order_type": OrderType.MARKET,
        "status": OrderStatus.PENDING_TRIGGER,
        "kind": kind,
        "parent_link_id": parent,
    }
    assert native(order(order_link_id="", **conditional)) is expected
    assert native(order(order_link_id="mine", **conditional)) is None


@given(st.sets(st.integers(1, 4), max_size=3), st.integers(1, 6))
def test_finished_levels_keep_their_share_and_the_rest_is_divided(
    done: set[int], count: int
) -> None:
    orders = [order(side=Side.BUY, price=Decimal(5900 - n) / 10000) for n in range(count)]
    ladder = merge_ladder(BAND_LADDER, done, orders, Side.SELL)
    kept = [(level.price, level.share) for level in BAND_LADDER.levels if level.number in done]
    assert [(level.price, level.share) for level in ladder.levels][: len(kept)] == kept
    assert len(ladder.levels) == len(kept) + count
    assert sum(level.share for level in ladder.levels) == 100


def test_as_many_live_prices_as_open_levels_keep_their_shares() -> None:
    orders = [order(side=Side.BUY, price=Decimal(price)) for price in ("0.63", "0.61", "0.59")]
    assert merge_ladder(BAND_LADDER, {1}, orders, Side.SELL) == Ladder.of(
        ("0.6528", 85), ("0.63", 5), ("0.61", 5), ("0.59", 5)
    )


def test_live_prices_before_a_finished_level_make_no_ladder() -> None:
    orders = [order(side=Side.BUY, price=Decimal("0.66"))]
    with pytest.raises(LadderError):
        merge_ladder(BAND_LADDER, {1, 2}, orders, Side.SELL)
