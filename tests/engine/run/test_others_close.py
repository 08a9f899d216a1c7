"""Orders of others that close the position too: reported once, and left alone."""

from datetime import timedelta
from decimal import Decimal
from queue import SimpleQueue
from typing import Any

import pytest

from tests.engine.conftest import MIRROR
from tests.stage import Stage
from trueup import (
    Event,
    FoundPosition,
    LoopSettings,
    MonitorRecord,
    OtherOrders,
    Reconciler,
    RunOutcome,
    Sweep,
)

BAND = "BANDUSDT"
SIZE = Decimal("307.3")
CLOSES = {"symbol": BAND, "side": "Buy", "reduceOnly": True}
FAR = {"orderType": "Limit", "price": "0.6500"}
KINDS: dict[str, dict[str, Any]] = {
    "a limit": {**CLOSES, **FAR, "qty": "300"},
    "a conditional limit": {
        **CLOSES, **FAR, "qty": "300", "triggerPrice": "0.6500", "triggerDirection": 2,
    },
    "a native partial TP": {
        **CLOSES, "orderType": "Market", "qty": "300", "triggerPrice": "0.6500",
        "triggerDirection": 2, "stopOrderType": "PartialTakeProfit",
    },
}  # fmt: skip
STOPS: dict[str, dict[str, Any]] = {
    "a stop by a trigger": {
        **CLOSES, "orderType": "Market", "qty": "300", "triggerPrice": "0.7500",
        "triggerDirection": 1,
    },
    "a native stop-loss": {
        **CLOSES, "orderType": "Market", "qty": "300", "triggerPrice": "0.7500",
        "triggerDirection": 1, "stopOrderType": "StopLoss",
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_they_are_reported_once_and_so_is_their_end(
    stage: Stage, mirror: MonitorRecord, kind: str
) -> None:
    stage.reconciler.reconcile(mirror)
    order_id = stage.sim.record_order(MIRROR, **KINDS[kind])
    report = stage.reconciler.reconcile(mirror)
    assert report.events == (OtherOrders(Decimal(300), SIZE, SIZE, (order_id,)),)
    assert (report.outcome, report.writes) == (RunOutcome.IN_SYNC, 0)
    assert report.alert is not None
    assert report.alert.text.startswith("👥 OTHER ORDERS\n")
    assert "👥 another order closes 300 too: together 607.3 of 307.3" in report.alert.text
    again = stage.reconciler.reconcile(mirror)
    assert (again.events, again.alert) == ((), None)
    (status,) = stage.reconciler.store.rows("monitor_status")
    assert status["others_close"] == "300"
    stage.sim.cancel_by_hand(MIRROR, order_id)
    (over,) = stage.reconciler.reconcile(mirror).events
    assert over == OtherOrders(Decimal(0), SIZE, SIZE)
    (status,) = stage.reconciler.store.rows("monitor_status")
    assert status["others_close"] is None


def test_an_alert_says_it_in_one_line(stage: Stage, mirror: MonitorRecord) -> None:
    stage.sim.record_order(MIRROR, **KINDS["a limit"])
    first = stage.reconciler.reconcile(mirror).alert
    stage.sim.open_position(MIRROR, BAND, "Sell", "100", "0.6800")
    second = stage.reconciler.reconcile(mirror).alert
    for alert, line in (
        (first, "👥 another order closes 300 too: together 607.3 of 307.3"),
        (second, "an external reduce-only order of 300 closes the position too"),
    ):
        assert alert is not None
        assert [one.strip() for one in alert.text.splitlines() if "300" in one] == [line]


@pytest.mark.parametrize("kind", STOPS)
def test_a_stop_only_protects(stage: Stage, mirror: MonitorRecord, kind: str) -> None:
    stage.reconciler.reconcile(mirror)
    stage.sim.record_order(MIRROR, **STOPS[kind])
    report = stage.reconciler.reconcile(mirror)
    assert (report.events, report.alert) == ((), None)


def test_a_further_one_is_reported_again(stage: Stage, mirror: MonitorRecord) -> None:
    stage.reconciler.reconcile(mirror)
    first = stage.sim.record_order(MIRROR, **KINDS["a limit"])
    stage.reconciler.reconcile(mirror)
    second = stage.sim.record_order(MIRROR, **{**KINDS["a limit"], "qty": "5"})
    (event,) = stage.reconciler.reconcile(mirror).events
    assert isinstance(event, OtherOrders)
    assert (event.quantity, set(event.order_ids)) == (Decimal(305), {first, second})
    stage.sim.cancel_by_hand(MIRROR, second)
    assert stage.reconciler.reconcile(mirror).events == ()


def test_discovery_shows_what_they_close(stage: Stage, mirror: MonitorRecord) -> None:
    stage.reconciler.reconcile(mirror)
    assert found(stage).others_close == 0
    stage.sim.record_order(MIRROR, **KINDS["a native partial TP"])
    stage.sim.record_order(MIRROR, **STOPS["a native stop-loss"])
    assert found(stage).others_close == 300


def found(stage: Stage) -> FoundPosition:
    """The mirror's position as discovery finds it."""
    (account,) = stage.reconciler.discover(["mirror"])
    (position,) = account.positions
    return position


def test_a_sweep_finds_them_and_the_monitor_runs_once(stage: Stage, mirror: MonitorRecord) -> None:
    stage.reconciler.reconcile(mirror)
    stage.reconciler.close()
    stage.reconciler = Reconciler(
        stage.url, accounts=stage.accounts(), sinks=[], connect=stage.connect
    )
    seen: SimpleQueue[Event] = SimpleQueue()
    sweeps: SimpleQueue[Sweep] = SimpleQueue()
    stage.reconciler.start(
        settings=LoopSettings(interval=timedelta(milliseconds=100), streams=False),
        on_event=lambda _monitor, event: seen.put(event),
        on_sweep=sweeps.put,
    )
    stage.sim.record_order(MIRROR, **KINDS["a native partial TP"])
    assert isinstance(seen.get(timeout=60), OtherOrders)
    while not sweeps.empty():
        sweeps.get()
    for _ in range(3):
        assert sweeps.get(timeout=60).drifted == {}
    assert stage.reconciler.stop()
    assert seen.empty()
