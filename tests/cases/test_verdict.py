"""The judge has teeth: what came of a case is bent, and the judge has to say so."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cases.bending import changed, played, without
from tests.cases.casebook import Case, cases_of
from tests.cases.journey import Journey
from tests.cases.play import Played
from tests.cases.switchboard import Switchboard
from tests.cases.verdict import Verdict, judge
from trueup import RunOutcome
from trueup.simulator import Change

SETTLED: Mapping[str, object] = {
    "case": "J1",
    "account": "main",
    "symbol": "AAUSDT",
    "side": "Sell",
    "entry_price": "1.500",
    "remaining_size": "300.5",
    "tp_orders": [
        {"order_id": "t1", "price": "1.401", "quantity": "85.1", "tp_number": 1},
        {"order_id": "t2", "price": "1.300", "quantity": "14.9", "tp_number": 2},
    ],
    "sl_order": {"order_id": "s1", "price": "1.600"},
}
BARE: Mapping[str, object] = {**SETTLED, "case": "J2", "tp_orders": []}
ONE_STEP = Decimal("0.1")


@pytest.fixture(scope="module")
def settled(address: tuple[Switchboard, str], tmp_path_factory: pytest.TempPathFactory) -> Played:
    """A case that came out true."""
    return played(SETTLED, address, tmp_path_factory.mktemp("settled"))


def test_what_came_out_right_is_true(settled: Played) -> None:
    judged = judge(settled)
    assert (judged.verdict, judged.differences) == (Verdict.TRUE, ())
    assert (judged.cover, judged.stops_untouched) == (Decimal("300.5"), 1)


def test_a_stop_loss_that_changed_is_told(settled: Played) -> None:
    adjusted = replace(settled, at_last=changed(settled.at_last, "s1", quantity=ONE_STEP))
    judged = judge(adjusted)
    assert (judged.verdict, judged.touched, judged.stops_untouched) == (Verdict.WRONG, 1, 0)
    assert "SL s1 was touched" in judged.differences


def test_cover_that_is_missing_is_told(settled: Played) -> None:
    judged = judge(replace(settled, at_last=without(settled.at_last, "t1")))
    assert judged.verdict is Verdict.WRONG
    assert "44.8 of 300.5 is covered" in judged.differences


def test_a_step_at_the_wrong_level_is_told(settled: Played) -> None:
    one, two = (settled.at_last[key].quantity for key in ("t1", "t2"))
    adjusted = changed(settled.at_last, "t1", quantity=one - ONE_STEP)
    adjusted = changed(adjusted, "t2", quantity=two + ONE_STEP)
    assert judge(replace(settled, at_last=adjusted)).verdict is Verdict.WRONG


def test_a_write_of_the_second_run_is_told(settled: Played) -> None:
    judged = judge(replace(settled, writes_again=1))
    assert judged.differences == ("the second run wrote 1 times",)


def test_an_alert_of_the_second_run_is_told(settled: Played) -> None:
    judged = judge(replace(settled, alerts_again=1))
    assert judged.differences == ("the second run alerted 1 times",)


def test_an_alert_that_turns_into_another_outcome_is_told(
    address: tuple[Switchboard, str], tmp_path: Path
) -> None:
    bare = played(BARE, address, tmp_path)
    assert bare.alerts_again == 0
    failed = replace(bare, second=replace(bare.second, outcome=RunOutcome.FAILED))
    assert judge(failed).differences == ("FAILED instead of an alert: no ladder",)


def test_a_request_under_another_account_is_told(settled: Played) -> None:
    assert judge(replace(settled, strayed=1)).verdict is Verdict.WRONG


def test_an_order_cancelled_and_placed_is_told(settled: Played) -> None:
    renamed = {key.replace("t1", "t9"): order for key, order in settled.at_last.items()}
    judged = judge(replace(settled, at_last=renamed))
    assert judged.differences == ("the order at 1.401 was cancelled and placed, not amended",)


def test_a_settled_case_that_alerts_is_told(settled: Played) -> None:
    failed = replace(settled.first, outcome=RunOutcome.FAILED)
    assert judge(replace(settled, first=failed)).verdict is Verdict.WRONG


def test_an_alert_must_have_the_right_reason(
    settled: Played, address: tuple[Switchboard, str], tmp_path: Path
) -> None:
    bare = played(BARE, address, tmp_path)
    assert judge(bare).verdict is Verdict.ALERTED
    assert judge(replace(bare, first=settled.first)).differences == (
        "SUCCESS instead of an alert: no ladder",
    )
    assert judge(replace(bare, alerts=())).verdict is Verdict.WRONG


def test_another_reason_is_not_the_right_one(
    address: tuple[Switchboard, str], tmp_path: Path
) -> None:
    remainder = played({**SETTLED, "remaining_size": "0.1"}, address, tmp_path)
    assert judge(remainder).verdict is Verdict.ALERTED
    (bare,) = cases_of([BARE], {})
    assert isinstance(bare, Case)
    told = "alerted \"0.1 is below the exchange's minimum for any order"
    differences = judge(replace(remainder, case=bare)).differences
    assert any(each.startswith(told) for each in differences)


def test_the_way_is_followed(settled: Played) -> None:
    order = settled.before["t1"]
    journey = Journey(Decimal(100), settled.before, settled.protected)
    for quantity in ("1.1", "85.2", "85.1", "900"):
        journey.listen((Change("202", 0, replace(order, quantity=Decimal(quantity))),))
    assert journey.lowest == Decimal("16.0")
    assert journey.overshoots == ["t1 raised the cover to 100.1", "t1 raised the cover to 914.9"]
