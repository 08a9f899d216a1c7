"""A stop that is a limit order of ours: its price follows the trigger, and it may rest unfilled."""

import json
import time

import pytest

from tests.stage import Stage
from tests.stories.conftest import Compare
from tests.stories.stops import MIRROR, SYMBOL, moved_to, own_orders, protect, protected
from trueup import MonitorRecord, RunOutcome
from trueup.domain.model.instrument import plain
from trueup.domain.model.stop import Breakeven, Stop
from trueup.simulator import Fault, FaultKind, Request, sign

EVEN = Breakeven.of(after_level=1, offset="0.08")
STOP = Stop.of(percent=5, breakeven=EVEN, form="order", limit_percent="0.5")
CREATE, AMEND = "/v5/order/create", "/v5/order/amend"


def limits(stage: Stage) -> list[str]:
    """The price of each stop of ours, whether it waits for its trigger or rests."""
    return [
        f"{order.order_type} {plain(order.price)}"
        for order in stage.sim.orders(MIRROR)
        if order.link_id.startswith("MIR_SL_")
    ]


@pytest.fixture
def resting(stage: Stage) -> MonitorRecord:
    """A short of 307.3 whose stop and ladder rest."""
    return protected(stage, STOP)


def gapped(stage: Stage, record: MonitorRecord) -> MonitorRecord:
    """The stop has triggered at 0.714 in a market that is at 0.73, past its limit 0.7176."""
    stage.sim.set_price(SYMBOL, "0.7300", gap=True)
    assert limits(stage) == ["Limit 0.7176"]
    assert stage.sim.position(MIRROR, SYMBOL, "Sell").size > 0
    return record


def amended_by_hand(stage: Stage, order_id: str, price: str) -> None:
    """The account's owner gives the order another limit price."""
    body = {"category": "linear", "symbol": SYMBOL, "orderId": order_id, "price": price}
    asked = Request("POST", AMEND, body=json.dumps(body).encode())
    signed = sign(asked, "mirror-key", "mirror-secret", time.time_ns() // 1_000_000)
    assert json.loads(stage.sim.handle(signed).body)["retCode"] == 0


def test_it_is_placed_with_its_limit(stage: Stage, compare: Compare) -> None:
    """0.714 and half a per cent of it are 0.71757: up to the tick, which is the losing side."""
    record = protect(stage, STOP)
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert (own_orders(stage), limits(stage)) == (["0.714 for 307.3"], ["Limit 0.7176"])
    order = next(o for o in stage.sim.orders(MIRROR) if o.is_conditional)
    assert (order.reduce_only, order.trigger_direction) == (True, 1)
    again = stage.reconciler.reconcile(record)
    assert (again.outcome, again.writes) == (RunOutcome.IN_SYNC, 0)
    (row,) = stage.reconciler.store.rows("stop_status")
    assert (str(row["price"]), str(row["limit_price"])) == ("0.714", "0.7176")
    compare()


def test_a_rule_moves_both_in_one_request(
    stage: Stage, resting: MonitorRecord, compare: Compare
) -> None:
    before = len(stage.writes())
    assert moved_to(stage, resting, "0.6500").outcome is RunOutcome.SUCCESS
    assert (own_orders(stage), limits(stage)) == (["0.6794 for 46.1"], ["Limit 0.6828"])
    sent = [one.path for one in stage.writes()[before:]]
    assert (sent.count(AMEND), sent.count(CREATE)) == (1, 0)
    compare()


def test_a_reply_that_is_lost(stage: Stage) -> None:
    stage.sim.inject(Fault(kind=FaultKind.REPLY_LOST, path="order/create"))
    record = protect(stage, STOP)
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert limits(stage) == ["Limit 0.7176"]


def test_it_has_triggered_and_rests(stage: Stage, resting: MonitorRecord, compare: Compare) -> None:
    """The position is open and nothing closes it: that is alerted, and nothing is sent for it."""
    gapped(stage, resting)
    before = len(stage.writes())
    assert stage.reconciler.reconcile(resting).outcome is RunOutcome.PARTIAL
    assert limits(stage) == ["Limit 0.7176"]
    text = stage.alerts[-1].text
    assert "UNPROTECTED: no stop for 307.3: it has triggered, and its limit order" in text
    assert "somebody else" not in text
    assert [one.path for one in stage.writes()[before:] if one.path in (CREATE, AMEND)] == []
    (row,) = stage.reconciler.store.rows("stop_status")
    assert (row["status"], str(row["protected_quantity"])) == ("unprotected", "0")
    compare()


def test_the_market_comes_back_and_fills_it(stage: Stage, resting: MonitorRecord) -> None:
    gapped(stage, resting)
    stage.reconciler.reconcile(resting)
    moved_to(stage, resting, "0.7170")
    assert stage.sim.position(MIRROR, SYMBOL, "Sell").size == 0
    assert stage.sim.orders(MIRROR) == ()


def test_somebody_cancels_it_while_it_rests(stage: Stage, resting: MonitorRecord) -> None:
    """A stop is placed anew once the market is back before it."""
    gapped(stage, resting)
    stage.reconciler.reconcile(resting)
    (own,) = [o for o in stage.sim.orders(MIRROR) if o.link_id.startswith("MIR_SL_")]
    stage.sim.cancel_by_hand(MIRROR, own.order_id)
    assert stage.reconciler.reconcile(resting).outcome is RunOutcome.PARTIAL
    assert "the market is past it" in stage.alerts[-1].text
    assert moved_to(stage, resting, "0.7000").outcome is RunOutcome.SUCCESS
    assert (own_orders(stage), limits(stage)) == (["0.714 for 307.3"], ["Limit 0.7176"])


def test_on_crossed_closes_what_it_has_left_open(stage: Stage, compare: Compare) -> None:
    stop = Stop.of(percent=5, form="order", limit_percent="0.5", on_crossed="close")
    record = gapped(stage, protected(stage, stop))
    stage.reconciler.reconcile(record)
    assert stage.sim.position(MIRROR, SYMBOL, "Sell").size == 0
    assert stage.sim.orders(MIRROR) == ()
    compare()


def test_somebody_changes_the_limit_alone(stage: Stage, resting: MonitorRecord) -> None:
    """It goes by the trigger: it is set right, and the stop has not moved by hand."""
    order = next(o for o in stage.sim.orders(MIRROR) if o.is_conditional)
    amended_by_hand(stage, order.order_id, "0.7400")
    assert limits(stage) == ["Limit 0.74"]
    assert stage.reconciler.reconcile(resting).outcome is RunOutcome.SUCCESS
    assert limits(stage) == ["Limit 0.7176"]
    assert moved_to(stage, resting, "0.6500").outcome is RunOutcome.SUCCESS
    assert limits(stage) == ["Limit 0.6828"], "its rules still move it"


@pytest.mark.usefixtures("resting")
def test_another_percent_is_an_amend(stage: Stage) -> None:
    wider = Stop.of(percent=5, breakeven=EVEN, form="order", limit_percent=2)
    record = stage.reconciler.watch("mirror", SYMBOL, "Sell", stop=wider)
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert limits(stage) == ["Limit 0.7283"]


@pytest.mark.usefixtures("resting")
def test_an_order_keeps_its_type(stage: Stage) -> None:
    """The exchange changes none: that is alerted until it is cancelled, and placed anew."""
    market = Stop.of(percent=5, breakeven=EVEN, form="order")
    record = stage.reconciler.watch("mirror", SYMBOL, "Sell", stop=market)
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.PARTIAL
    assert "cancel it by hand" in stage.alerts[-1].text
    assert (own_orders(stage), limits(stage)) == (["0.714 for 307.3"], ["Limit 0.7176"])
    order = next(o for o in stage.sim.orders(MIRROR) if o.is_conditional)
    stage.sim.cancel_by_hand(MIRROR, order.order_id)
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert (own_orders(stage), limits(stage)) == (["0.714 for 307.3"], ["Market 0"])
