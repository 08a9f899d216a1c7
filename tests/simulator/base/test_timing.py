"""Effects that come after their acknowledgement, and reads that lag behind."""

from dataclasses import replace
from decimal import Decimal

import pytest

from trueup.simulator import CancelType, InFlight, Simulator

from ..caller import SYMBOL, Caller, order_id


@pytest.fixture
def slow(sim: Simulator) -> Simulator:
    """An exchange whose effects come 200 ms after the acknowledgement."""
    sim.behaviour = replace(sim.behaviour, effect_delay_ms=200)
    return sim


def test_a_create_is_acknowledged_first(slow: Simulator, caller: Caller) -> None:
    made = order_id(caller.limit("100", "0.75", orderLinkId="L"))
    assert caller.open_rows(orderLinkId="L") == []
    assert caller.limit("100", "0.75", orderLinkId="L")["retCode"] == 110072
    slow.clock.advance(199)
    assert caller.open_rows() == []
    slow.clock.advance(1)
    (row,) = caller.open_rows()
    assert (row["orderId"], row["createdTime"]) == (made, str(slow.clock.now_ms()))


@pytest.mark.parametrize(
    ("answer", "expected"), [(InFlight.PROCESSING, 110079), (InFlight.GONE, 110001)]
)
def test_an_order_in_flight(
    slow: Simulator, caller: Caller, answer: InFlight, expected: int
) -> None:
    slow.behaviour = replace(slow.behaviour, in_flight=answer)
    made = order_id(caller.limit("100", "0.75"))
    assert caller.post("order/cancel", symbol=SYMBOL, orderId=made)["retCode"] == expected


def test_a_cancel_that_loses_to_a_fill(slow: Simulator, caller: Caller) -> None:
    entry = slow.place_entry("101", SYMBOL, "Buy", "100", "0.65")
    assert caller.post("order/cancel", symbol=SYMBOL, orderId=entry)["retCode"] == 0
    slow.fill("101", entry)
    slow.clock.advance(200)
    (row,) = caller.open_rows(orderId=entry)
    assert (row["orderStatus"], row["cumExecQty"]) == ("Filled", "100")


def test_an_amend_that_comes_too_late_changes_nothing(slow: Simulator, caller: Caller) -> None:
    entry = slow.place_entry("101", SYMBOL, "Buy", "100", "0.65")
    assert caller.post("order/amend", symbol=SYMBOL, orderId=entry, qty="50")["retCode"] == 0
    slow.fill("101", entry, "50")
    slow.clock.advance(200)
    (row,) = caller.open_rows()
    assert (row["qty"], row["leavesQty"]) == ("100", "50")


def test_a_reduce_only_create_that_finds_no_position(slow: Simulator, caller: Caller) -> None:
    slow.open_position("101", SYMBOL, "Buy", "100", "0.69")
    order_id(caller.take_profit("100", "0.75"))
    slow.set_position("101", SYMBOL, "Buy", "0")
    slow.clock.advance(200)
    (gone,) = slow.closed_orders("101")
    assert (gone.cancel_type, gone.filled) == (CancelType.BY_REDUCE_ONLY, Decimal(0))


def test_realtime_and_history_lag(sim: Simulator, caller: Caller) -> None:
    sim.behaviour = replace(sim.behaviour, visible_delay_ms=100, history_delay_ms=300)
    made = order_id(caller.limit("100", "0.75"))
    assert caller.open_rows(orderId=made) == []
    sim.clock.advance(100)
    assert [row["orderStatus"] for row in caller.open_rows()] == ["New"]
    sim.cancel_by_hand("101", made)
    assert [row["orderStatus"] for row in caller.open_rows()] == ["New"], "still shown as open"
    sim.clock.advance(100)
    assert caller.open_rows() == []
    assert caller.get("order/history", orderId=made)["result"]["list"] == []
    sim.clock.advance(200)
    assert len(caller.get("order/history", orderId=made)["result"]["list"]) == 1
