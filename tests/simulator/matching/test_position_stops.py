"""The orders of trading-stop: amended in place, bound in pairs, sized and cleared, as shown."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trueup.simulator import Fault, FaultKind, OrderStatus, Simulator

from ..caller import SYMBOL, Caller
from ..conftest import build
from ..stopping import row, shown, stop, triggers
from ..watcher import Watcher

PAIR = {"takeProfit": "0.80", "stopLoss": "0.60"}
PARTS = {"tpslMode": "Partial", **PAIR, "tpSize": "40", "slSize": "40"}


@pytest.fixture
def long(sim: Simulator) -> Simulator:
    """An exchange where account 101 is long 100; the market is at 0.70."""
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    return sim


def cancel(caller: Caller, sim: Simulator, kind: str) -> None:
    """Cancel the order of a kind by its id."""
    (found,) = (o for o in sim.orders("101") if o.stop_order_type.value == kind)
    assert caller.post("order/cancel", symbol=SYMBOL, orderId=found.order_id)["retCode"] == 0


def test_the_price_that_triggers_it_can_be_changed(long: Simulator, caller: Caller) -> None:
    stop(caller, stopLoss="0.60")
    assert stop(caller, stopLoss="0.60", slTriggerBy="MarkPrice")["retCode"] == 0
    (order,) = long.orders("101")
    assert (order.trigger_by, order.trigger_price) == ("MarkPrice", Decimal("0.60"))


@pytest.mark.parametrize("mode", [PAIR, PARTS], ids=["Full", "Partial"])
def test_a_cancel_by_id_takes_the_order_that_is_bound_to_it(
    long: Simulator, caller: Caller, mode: dict[str, object]
) -> None:
    stop(caller, **mode)
    caller.post("order/cancel", symbol=SYMBOL, orderId=long.orders("101")[0].order_id)
    assert long.orders("101") == ()


def test_one_side_set_anew_ends_the_binding(long: Simulator, caller: Caller) -> None:
    stop(caller, **PAIR)
    assert stop(caller, stopLoss="0.61")["retCode"] == 0
    cancel(caller, long, "TakeProfit")
    assert triggers(long) == {"StopLoss": "0.61"}


def test_a_flat_position_shows_none(long: Simulator, caller: Caller) -> None:
    stop(caller, **PAIR, trailingStop="0.05")
    watcher = Watcher(long)
    long.trade("101", SYMBOL, "Sell", "100")
    stop_loss: dict[str, Any] = {
        "side": "Sell",
        "orderType": "Market",
        "qty": "9",
        "stopOrderType": "StopLoss",
    }
    trigger: dict[str, Any] = {"triggerPrice": "0.60", "triggerDirection": 2, "reduceOnly": True}
    long.record_order("101", symbol=SYMBOL, **stop_loss, **trigger)
    rows = [item for item in watcher.items("position") if item["side"] == ""]
    assert rows
    shown = {row[name] for row in rows for name in ("takeProfit", "stopLoss", "trailingStop")}
    assert shown == {"0"}


def test_one_side_cancelled_leaves_the_other(long: Simulator, caller: Caller) -> None:
    stop(caller, **PAIR)
    assert stop(caller, takeProfit="0")["retCode"] == 0
    assert triggers(long) == {"StopLoss": "0.60"}


def test_both_sides_set_anew_are_bound_again(long: Simulator, caller: Caller) -> None:
    stop(caller, stopLoss="0.60")
    stop(caller, takeProfit="0.80")
    assert stop(caller, takeProfit="0.80", stopLoss="0.61")["retCode"] == 0
    cancel(caller, long, "TakeProfit")
    assert long.orders("101") == ()


def test_of_a_partial_pair_one_that_triggers_cancels_the_other(
    long: Simulator, caller: Caller
) -> None:
    stop(caller, **PARTS)
    stop(caller, **{**PARTS, "takeProfit": "0.85", "stopLoss": "0.55"})
    long.set_price(SYMBOL, "0.81")
    assert long.position("101", SYMBOL, "Buy").size == 60
    assert triggers(long) == {"PartialTakeProfit": "0.85", "PartialStopLoss": "0.55"}


@pytest.mark.usefixtures("long")
def test_partial_orders_never_exceed_the_position(caller: Caller) -> None:
    codes = [stop(caller, **PARTS)["retCode"] for _ in range(3)]
    assert codes == [0, 0, 110058]
    assert shown(caller) == ("", "", "0"), "a position's row shows Full orders only"


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"stopLoss": "0.60", "slOrderType": "Limit"}, "takes market orders only"),
        ({"stopLoss": "0.60001"}, "stopLoss err"),
        ({"stopLoss": "-1"}, "stopLoss err"),
        ({"stopLoss": "0.60", "tpslMode": "Half"}, "tpslMode invalid"),
        ({"stopLoss": "0.60", "slTriggerBy": "Fair"}, "slTriggerBy invalid"),
        ({**PARTS, "slOrderType": "Limit"}, "slLimitPrice is required"),
        ({**PARTS, "tpSize": "0.05", "slSize": "0.05"}, "tpSize err"),
        ({"stopLoss": "0.60", "positionIdx": 1}, "position idx not match"),
        ({"stopLoss": "0.60", "symbol": "NOPEUSDT"}, "symbol invalid"),
    ],
)
@pytest.mark.usefixtures("long")
def test_refusals(caller: Caller, fields: dict[str, object], text: str) -> None:
    reply = stop(caller, **fields)
    assert reply["retCode"] == 10001
    assert text in reply["retMsg"]


def test_a_partial_limit_rests_once_triggered_and_goes_with_the_position(
    long: Simulator, caller: Caller
) -> None:
    stop(caller, **PARTS, slOrderType="Limit", slLimitPrice="0.62")
    long.set_price(SYMBOL, "0.55", gap=True)
    (resting,) = long.orders("101")
    assert (resting.status, resting.price) == (OrderStatus.NEW, Decimal("0.62"))
    long.set_position("101", SYMBOL, "Buy", "0")
    assert long.orders("101") == ()


def test_setting_and_clearing_sends_orders_and_the_position(
    long: Simulator, caller: Caller
) -> None:
    watcher = Watcher(long)
    stop(caller, stopLoss="0.60")
    stop(caller, stopLoss="0")
    assert watcher.topics == ["order", "position"] * 2
    states = [(i["orderStatus"], i["cancelType"]) for i in watcher.items("order")]
    assert states == [("Untriggered", "UNKNOWN"), ("Deactivated", "CancelByTpSlTsClear")]
    assert [i["stopLoss"] for i in watcher.items("position")] == ["0.60", "0"]


def test_a_late_set_is_checked_again_and_sized_by_the_position_of_then(
    long: Simulator, caller: Caller
) -> None:
    long.behaviour = replace(long.behaviour, effect_delay_ms=100)
    stop(caller, stopLoss="0.60")
    stop(caller, takeProfit="0.75")
    long.set_price(SYMBOL, "0.76")
    long.set_position("101", SYMBOL, "Buy", "150", "0.69")
    long.clock.advance(100)
    (order,) = long.orders("101")
    assert (order.stop_order_type.value, order.quantity) == ("StopLoss", Decimal(150))


@pytest.mark.parametrize(
    ("kind", "at_once", "later"),
    [
        (FaultKind.REQUEST_LOST, "", ""),
        (FaultKind.REPLY_LOST, "0.60", "0.60"),
        (FaultKind.LATE_EFFECT, "", "0.60"),
    ],
)
def test_it_meets_the_faults_of_any_write(
    long: Simulator, caller: Caller, kind: FaultKind, at_once: str, later: str
) -> None:
    long.inject(Fault(kind=kind, path="position/trading-stop", delay_ms=50))
    stop(caller, stopLoss="0.60")
    assert shown(caller)[0] == at_once
    long.clock.advance(50)
    assert shown(caller)[0] == later


def test_the_position_may_be_read_as_it_was_before(long: Simulator, caller: Caller) -> None:
    stop(caller, stopLoss="0.60")
    stop(caller, stopLoss="0.61")
    long.inject(Fault(kind=FaultKind.STALE_READ, path="position/list"))
    assert [shown(caller)[0] for _ in range(2)] == ["0.60", "0.61"]
    long.clock.advance(1000)
    long.behaviour = replace(long.behaviour, position_delay_ms=500)
    stop(caller, stopLoss="0.62")
    assert shown(caller)[0] == "0.61"
    long.clock.advance(500)
    assert shown(caller)[0] == "0.62"


PRICES = st.integers(5000, 9000).map(lambda ticks: str(Decimal(ticks) / 10000))
SETS = st.fixed_dictionaries(
    {},
    optional={
        "stopLoss": PRICES | st.just("0"),
        "takeProfit": PRICES | st.just("0"),
        "trailingStop": st.sampled_from(["0", "0.02", "0.05"]),
        "activePrice": PRICES,
    },
)
STEPS = st.one_of(
    st.tuples(st.just("set"), SETS),
    st.tuples(st.just("price"), PRICES),
    st.tuples(st.just("size"), st.integers(0, 3).map(lambda n: str(n * 50))),
    st.tuples(st.just("cancel"), st.integers(0, 3)),
)
KINDS = {"stopLoss": "StopLoss", "takeProfit": "TakeProfit", "trailingStop": "TrailingStop"}


@settings(max_examples=80, deadline=None)
@given(steps=st.lists(STEPS, max_size=20))
def test_rows_and_orders_always_agree(steps: list[tuple[str, object]]) -> None:
    sim = build()
    caller, watcher = Caller(sim), Watcher(sim)
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    for name, value in steps:
        orders = sim.orders("101")
        if name == "set":
            assert isinstance(value, dict)
            stop(caller, **value)
        elif name == "price":
            sim.set_price(SYMBOL, str(value))
        elif name == "size":
            sim.set_position("101", SYMBOL, "Buy", str(value), "0.69")
        elif orders:
            chosen = orders[int(str(value)) % len(orders)].order_id
            caller.post("order/cancel", symbol=SYMBOL, orderId=chosen)
        found = row(caller)
        by_kind = {order.stop_order_type.value: order for order in sim.orders("101")}
        assert len(by_kind) == len(sim.orders("101")), "one of each kind"
        for field, kind in KINDS.items():
            assert (found[field] not in {"", "0"}) is (kind in by_kind)
        assert all(str(order.quantity) == found["size"] for order in by_kind.values())
        sent = watcher.items("position")[-1]
        assert [sent[field] for field in KINDS] == [found[field] or "0" for field in KINDS]


def test_the_sides_of_hedge_mode_have_stops_of_their_own(sim: Simulator, hedger: Caller) -> None:
    sim.open_position("202", SYMBOL, "Buy", "100", "0.70")
    sim.open_position("202", SYMBOL, "Sell", "60", "0.70")
    assert stop(hedger, positionIdx=1, stopLoss="0.60", trailingStop="0.2")["retCode"] == 0
    assert stop(hedger, positionIdx=2, stopLoss="0.80")["retCode"] == 0
    assert "should higher than" in stop(hedger, positionIdx=2, stopLoss="0.60")["retMsg"]
    assert "not match position mode" in stop(hedger, positionIdx=0, stopLoss="0.60")["retMsg"]
    listed = hedger.get("position/list", symbol=SYMBOL)["result"]["list"]
    shown_by_side = {each["side"]: (each["stopLoss"], each["trailingStop"]) for each in listed}
    assert shown_by_side == {"Buy": ("0.60", "0.2"), "Sell": ("0.80", "0")}
    sim.set_price(SYMBOL, "0.85")
    assert [order.quantity for order in sim.orders("202")] == [Decimal(100)] * 2
    assert sim.positions("202")[0].size == 100
