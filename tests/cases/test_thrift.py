"""The judge sees what was moved without need, split otherwise, or made at a loss."""

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cases.bending import changed, played
from tests.cases.casebook import Case, cases_of
from tests.cases.expectation import LOSING_SIDE, PLACED_AGAIN, expectation_of
from tests.cases.play import Played
from tests.cases.switchboard import Switchboard
from tests.cases.verdict import Verdict, judge

LONG: Mapping[str, object] = {
    "case": "T1",
    "account": "main",
    "symbol": "AAUSDT",
    "side": "Buy",
    "entry_price": "1.500",
    "remaining_size": "100.2",
    "tp_orders": [
        {"order_id": "t1", "price": "1.601", "quantity": "85.2", "tp_number": 1, "percentage": 85},
        {"order_id": "t2", "price": "1.700", "quantity": "9.9", "tp_number": 2, "percentage": 15},
    ],
}
WHOLE: Mapping[str, object] = {
    **LONG,
    "case": "T2",
    "remaining_size": "263",
    "tp_orders": [{"order_id": "t1", "price": "1.601", "quantity": "90", "tp_number": 1}],
}


@pytest.fixture(scope="module")
def grown(address: tuple[Switchboard, str], tmp_path_factory: pytest.TempPathFactory) -> Played:
    """A case whose first level is right and whose second is short."""
    return played(LONG, address, tmp_path_factory.mktemp("grown"))


@pytest.fixture(scope="module")
def split(address: tuple[Switchboard, str], tmp_path_factory: pytest.TempPathFactory) -> Played:
    """A case whose only level needs three orders."""
    known = {"maxOrderQty": "100", "qtyStep": "1"}
    return played(WHOLE, address, tmp_path_factory.mktemp("split"), known)


def test_what_was_right_stays_as_it_is(grown: Played) -> None:
    assert judge(grown).verdict is Verdict.TRUE
    assert grown.first.writes == 1
    assert grown.before["t1"] == grown.at_last["t1"]


def test_an_order_that_was_right_and_was_touched_is_told(grown: Played) -> None:
    queue = grown.at_last["t1"].queue + 1
    adjusted = replace(grown, at_last=changed(grown.at_last, "t1", queue=queue))
    assert judge(adjusted).differences == ("1 of 85.2 at 1.601 was right and was touched",)


def test_a_write_too_many_is_told(grown: Played) -> None:
    adjusted = replace(grown, first=replace(grown.first, steps=grown.first.steps * 2))
    assert judge(adjusted).differences == ("2 writes were sent, 1 would have done",)


def test_a_naked_moment_is_told(grown: Played) -> None:
    journey = copy(grown.journey)
    journey.lowest = Decimal("9.9")
    told = "the cover fell to 9.9 on the way, 95.1 needn't move"
    assert judge(replace(grown, journey=journey)).differences == (told,)


def test_a_level_is_split_into_as_few_orders_as_can_be(split: Played) -> None:
    assert judge(split).verdict is Verdict.TRUE
    assert split.first.writes == 3
    assert sorted(order.quantity for order in split.at_last.values()) == [63, 100, 100]


def test_even_parts_are_told(split: Played) -> None:
    small = min(split.at_last, key=lambda key: split.at_last[key].quantity)
    adjusted = changed(split.at_last, "t1", quantity=Decimal(82))
    adjusted = changed(adjusted, small, quantity=Decimal(81))
    told = "100 + 82 + 81 rests at 1.601 instead of 100 + 100 + 63"
    assert told in judge(replace(split, at_last=adjusted)).differences


@pytest.mark.parametrize(
    ("status", "alert"),
    [("CANCELLED", LOSING_SIDE), ("ACTIVE", None), ("FILLED", None)],
)
def test_no_order_is_made_on_the_losing_side(
    status: str, alert: str | None, address: tuple[Switchboard, str], tmp_path: Path
) -> None:
    orders = [
        {"order_id": "t1", "price": "1.450", "quantity": "85", "tp_number": 1, "status": status},
        {"order_id": "t2", "price": "1.700", "quantity": "9.9", "tp_number": 2},
    ]
    found = played({**LONG, "tp_orders": orders}, address, tmp_path)
    assert expectation_of(found.case).alert == alert
    assert judge(found).verdict is (Verdict.ALERTED if alert else Verdict.TRUE)


def test_a_level_that_is_armed_again_has_to_be_told_of(grown: Played) -> None:
    first = {"order_id": "t1", "price": "1.601", "quantity": "9", "status": "FILLED"}
    (case,) = cases_of([{**LONG, "tp_orders": [first]}], {})
    assert isinstance(case, Case)
    assert expectation_of(case).told == PLACED_AGAIN
    adjusted = judge(replace(grown, case=case))
    assert f"no alert was delivered that says {PLACED_AGAIN!r}" in adjusted.differences
