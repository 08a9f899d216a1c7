"""What is made of a row: malformed ones are told apart, rules inferred, ladders by price rank."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from tests.cases.casebook import Case, Malformed, cases_of
from tests.cases.market import market_price
from tests.cases.resting import Kind, resting_of

ROW: Mapping[str, Any] = {
    "case": "R1",
    "symbol": "AAUSDT",
    "side": "Buy",
    "entry_price": "1.5",
    "remaining_size": "1000",
}


def tp(price: object, quantity: object = "250", **fields: object) -> dict[str, object]:
    """A stored take-profit whose id tells its price."""
    return {"order_id": f"id-{price}", "price": price, "quantity": quantity, **fields}


def case(known: Mapping[str, object] | None = None, **fields: object) -> Case:
    """The case of the row with these fields."""
    (only,) = cases_of([{**ROW, **fields}], {"AAUSDT": known or {}})
    assert isinstance(only, Case), only
    return only


def shares(found: Case) -> list[tuple[str, str]]:
    """The ladder's prices and shares."""
    assert found.belief.ladder is not None
    return [(str(level.price), str(level.share)) for level in found.belief.ladder.levels]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"side": "long"}, "neither Buy nor Sell"),
        ({"symbol": "aa/usdt"}, "symbol"),
        ({"remaining_size": None}, "no size"),
        ({"remaining_size": "-4"}, "not a quantity"),
        ({"remaining_size": "NaN"}, "not a quantity"),
        ({"remaining_size": True}, "not a number"),
        ({"remaining_size": "1e300"}, "not a quantity"),
        ({"tp_orders": "none"}, "not a list"),
        ({"tp_orders": ["TP1"]}, "not an object"),
        ({"tp_orders": [tp("cheap")]}, "not a number"),
        ({"tp_orders": [tp("2", None)]}, "has no quantity"),
        ({"tp_orders": [tp(f"2.{n}") for n in range(10, 31)]}, "make no ladder"),
        ({"account": "main", "role": "mirror"}, "follows itself"),
        ({"role": "boss"}, "neither main nor mirror"),
    ],
)
def test_a_row_that_is_no_state_is_told_why(fields: Mapping[str, Any], reason: str) -> None:
    (only,) = cases_of([{**ROW, **fields}], {})
    assert isinstance(only, Malformed)
    assert only.case == "R1"
    assert reason in only.reason


@pytest.mark.parametrize(
    ("quantities", "step"),
    [
        (["300", "1200"], "100"),
        (["300", "1210"], "10"),
        (["300", "1211"], "1"),
        (["0.30", "12"], "0.1"),
        (["0.3", "73.81074168797953194364373402"], "0.1"),
    ],
)
def test_the_step_is_the_finest_that_orders_show(quantities: list[str], step: str) -> None:
    found = case(tp_orders=[tp(2, quantities[0]), tp(3, quantities[1])])
    assert found.rules.step == Decimal(step)
    assert found.rules.min_quantity == found.rules.step


def test_what_is_known_of_an_instrument_goes_before_what_is_inferred() -> None:
    found = case({"tickSize": "0.010", "qtyStep": None}, tp_orders=[tp("2.004"), tp("2.5")])
    assert (found.rules.tick, found.rules.step) == (Decimal("0.010"), Decimal(10))
    assert shares(found)[0][0] == "2.000"


@pytest.mark.parametrize(
    ("orders", "ladder"),
    [
        ([tp("2", percentage=85)], [("2", "100")]),
        (
            [tp("3", tp_number=1, percentage=70), tp("2", tp_number=2, percentage=30)],
            [("2", "70"), ("3", "30")],
        ),
        ([tp("2", "100"), tp("3", "300")], [("2", "25.00"), ("3", "75.00")]),
        (
            [tp("5"), tp("4"), tp("3"), tp("2")],
            [("2", "85"), ("3", "5"), ("4", "5"), ("5", "5")],
        ),
        ([tp(0, tp_number=1), tp("2", tp_number=2)], [("2", "100")]),
    ],
)
def test_levels_follow_the_prices_and_shares_the_slots(
    orders: list[dict[str, object]], ladder: list[tuple[str, str]]
) -> None:
    assert shares(case(tp_orders=orders)) == ladder


def test_an_order_rests_as_what_it_is_and_once() -> None:
    stop = {"order_id": "id-0", "price": "1.4", "quantity": "1000"}
    orders = [tp(0), tp("2"), tp("2"), tp("3", status="FILLED"), tp("4", order_type="stop_market")]
    entries = [{"order_id": "e1", "price": "1.45", "quantity": "9"}, {"order_id": "e2"}]
    found = case(tp_orders=orders, sl_order=stop, limit_orders=entries)
    resting = resting_of(found.state, found.rules)
    assert [(order.kind, order.order_id) for order in resting] == [
        (Kind.STOP_LOSS, "id-0"),
        (Kind.TAKE_PROFIT, "id-2"),
        (Kind.STOP_MARKET, "id-4"),
        (Kind.ENTRY, "e1"),
    ]


def test_the_market_stands_where_nothing_fills() -> None:
    entries = [{"order_id": "e1", "price": "1.6", "quantity": "9"}]
    found = case(
        tp_orders=[tp("2.00")], limit_orders=entries, sl_order={"price": "1.52", "quantity": 9}
    )
    resting = resting_of(found.state, found.rules)
    market = market_price(found.state, found.rules, resting, [Decimal("2.0")])
    assert Decimal("1.6") < market < Decimal("2.0")
