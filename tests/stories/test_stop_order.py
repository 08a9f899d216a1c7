"""A stop that is an order of ours: placed once, amended from then on, as large as the position."""

import pytest

from tests.stage import Stage
from tests.stories.conftest import Compare
from tests.stories.stops import MIRROR, SYMBOL, moved_to, own_orders, protect, protected, sets
from trueup import MonitorRecord, RunOutcome
from trueup.domain.model.stop import Breakeven, Stop
from trueup.simulator import Fault, FaultKind

STOP = Stop.of(percent=5, breakeven=Breakeven.of(after_level=1, offset="0.08"), form="order")
CREATE, AMEND, CANCEL = "/v5/order/create", "/v5/order/amend", "/v5/order/cancel"


def paths(stage: Stage, since: int = 0) -> list[str]:
    """What was sent since then."""
    return [request.path for request in stage.writes()[since:]]


@pytest.fixture
def resting(stage: Stage) -> MonitorRecord:
    """A short of 307.3 whose stop and ladder rest."""
    return protected(stage, STOP)


def test_it_is_placed_first(stage: Stage, compare: Compare) -> None:
    record = protect(stage, STOP)
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert own_orders(stage) == ["0.714 for 307.3"]
    assert paths(stage)[0] == CREATE
    order = next(o for o in stage.sim.orders(MIRROR) if o.is_conditional)
    assert (order.reduce_only, order.trigger_direction) == (True, 1)
    assert (str(order.order_type), str(order.trigger_by)) == ("Market", "LastPrice")
    again = stage.reconciler.reconcile(record)
    assert (again.outcome, again.writes) == (RunOutcome.IN_SYNC, 0)
    compare()


def test_breakeven_is_an_amend(stage: Stage, resting: MonitorRecord, compare: Compare) -> None:
    """TP1 closes 261.2 and leaves 46.1; a second read says so before the order shrinks."""
    before = len(stage.writes())
    assert moved_to(stage, resting, "0.6500").outcome is RunOutcome.SUCCESS
    assert own_orders(stage) == ["0.6794 for 46.1"]
    assert paths(stage, before)[0] == AMEND
    assert CREATE not in paths(stage, before)
    compare()


def test_it_grows_before_any_tp(stage: Stage, resting: MonitorRecord, compare: Compare) -> None:
    before = len(stage.writes())
    stage.sim.open_position(MIRROR, SYMBOL, "Sell", "307.3", "0.6800")
    assert stage.reconciler.reconcile(resting).outcome is RunOutcome.SUCCESS
    assert own_orders(stage) == ["0.714 for 614.6"]
    assert paths(stage, before) == [AMEND, "/v5/order/amend-batch"]
    compare()


def test_it_shrinks_once_that_is_confirmed(
    stage: Stage, resting: MonitorRecord, compare: Compare
) -> None:
    stage.sim.set_position(MIRROR, SYMBOL, "Sell", "150.0", "0.6800")
    assert stage.reconciler.reconcile(resting).outcome is RunOutcome.SUCCESS
    assert own_orders(stage) == ["0.714 for 150"]
    compare()


def test_110001_on_an_amend(stage: Stage, resting: MonitorRecord, compare: Compare) -> None:
    """Somebody cancels the order just before it is amended: it is looked up, and placed anew."""
    first = next(o for o in stage.sim.orders(MIRROR) if o.is_conditional)
    stage.before("set_stop", lambda: stage.sim.cancel_by_hand(MIRROR, first.order_id))
    assert moved_to(stage, resting, "0.6500").outcome is RunOutcome.SUCCESS
    assert own_orders(stage) == ["0.6794 for 46.1"]
    compare()


def test_a_reply_that_is_lost(stage: Stage, compare: Compare) -> None:
    """The read that follows lists the order."""
    stage.sim.inject(Fault(kind=FaultKind.REPLY_LOST, path="order/create"))
    record = protect(stage, STOP)
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert own_orders(stage) == ["0.714 for 307.3"]
    compare()


def test_a_request_that_is_late(stage: Stage, compare: Compare) -> None:
    """Nothing shows the order for three seconds: it is waited for, and there is no second one."""
    stage.sim.inject(Fault(kind=FaultKind.LATE_EFFECT, path="order/create", delay_ms=3000))
    record = protect(stage, STOP)
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert own_orders(stage) == ["0.714 for 307.3"]
    compare()


def says(code: int, text: str, *, effect: bool) -> Fault:
    """The exchange's answer to the request that places the stop."""
    return Fault(kind=FaultKind.RET_CODE, path="order/create", code=code, text=text, effect=effect)


def test_110072_on_a_place(stage: Stage, compare: Compare) -> None:
    """The link id is taken: its order is looked up, and is the stop."""
    stage.sim.inject(says(110072, "OrderLinkedID is duplicate", effect=True))
    record = protect(stage, STOP)
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert (own_orders(stage), paths(stage).count(CREATE)) == (["0.714 for 307.3"], 1)
    compare()


def test_110072_of_an_order_that_is_nowhere(stage: Stage, compare: Compare) -> None:
    """It is looked for as long as reads lag, then amended; 110001 says that it is gone for good."""
    stage.sim.inject(says(110072, "OrderLinkedID is duplicate", effect=False))
    record = protect(stage, STOP)
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert own_orders(stage) == ["0.714 for 307.3"]
    ids = {call["order_link_id"] for call in stage.reconciler.store.rows("stop_log")}
    assert len(ids) == 2
    compare()


def test_the_market_is_past_it(stage: Stage, compare: Compare) -> None:
    """A short's stop at 0.69, the market at 0.7: refused, alerted, and placed once it is back."""
    record = protect(stage, Stop.of(price="0.6900", form="order"))
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.PARTIAL
    assert own_orders(stage) == []
    assert "UNPROTECTED" in stage.alerts[-1].text
    assert "the market is past it" in stage.alerts[-1].text
    assert moved_to(stage, record, "0.6850").outcome is RunOutcome.SUCCESS
    assert own_orders(stage) == ["0.69 for 307.3"]
    compare()


def test_removed_by_hand(stage: Stage, resting: MonitorRecord, compare: Compare) -> None:
    order = next(o for o in stage.sim.orders(MIRROR) if o.is_conditional)
    stage.sim.cancel_by_hand(MIRROR, order.order_id)
    assert stage.reconciler.reconcile(resting).outcome is RunOutcome.SUCCESS
    assert own_orders(stage) == ["0.714 for 307.3"]
    compare()


def test_it_is_hit(stage: Stage, resting: MonitorRecord, compare: Compare) -> None:
    moved_to(stage, resting, "0.7150")
    assert stage.sim.position(MIRROR, SYMBOL, "Sell").size == 0
    assert stage.sim.orders(MIRROR) == ()
    compare()


def test_the_position_is_closed_by_hand(
    stage: Stage, resting: MonitorRecord, compare: Compare
) -> None:
    """The order would close a part of the next position at the stop of this one: it goes."""
    stage.sim.set_position(MIRROR, SYMBOL, "Sell", "0")
    stage.reconciler.reconcile(resting)
    assert stage.sim.orders(MIRROR) == ()
    compare()


def test_the_stop_becomes_the_position_s_own(
    stage: Stage, resting: MonitorRecord, compare: Compare
) -> None:
    """The order goes only once the exchange's own stop is there."""
    record = stage.reconciler.watch("mirror", SYMBOL, "Sell", stop=Stop.of(percent=5))
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert (own_orders(stage), sets(stage)) == ([], 1)
    assert resting.id == record.id
    compare()


def test_too_many_conditional_orders(stage: Stage, compare: Compare) -> None:
    """Ten of others rest: the exchange refuses an eleventh, and the alert says so."""
    record = protect(stage, STOP)
    for number in range(10):
        stage.sim.record_order(
            MIRROR,
            symbol=SYMBOL,
            side="Buy",
            orderType="Market",
            qty="1.0",
            triggerPrice=f"0.9{number}",
            triggerDirection=1,
            reduceOnly=True,
            orderLinkId=f"grid-{number}",
        )
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.PARTIAL
    assert own_orders(stage) == []
    assert "110009" in stage.alerts[-1].text
    compare()


def test_orders_of_others_stay(stage: Stage, resting: MonitorRecord) -> None:
    """A conditional order of somebody else is no stop of ours, whatever it is called."""
    stage.sim.record_order(
        MIRROR,
        symbol=SYMBOL,
        side="Buy",
        orderType="Market",
        qty="100.0",
        triggerPrice="0.7300",
        triggerDirection=1,
        reduceOnly=True,
        orderLinkId="MIR_SL_BANDUSDT_1737809937842",
    )
    report = stage.reconciler.reconcile(resting)
    assert (report.outcome, report.writes) == (RunOutcome.IN_SYNC, 0)


def test_one_order_closes_no_more_than_the_contract_allows(stage: Stage) -> None:
    """No order may be larger than 100000: the rest of the position is alerted as unprotected."""
    record = protect(stage, Stop.of(percent=5, form="order"), None)
    stage.sim.open_position(MIRROR, SYMBOL, "Sell", "150000", "0.6800")
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.PARTIAL
    assert own_orders(stage) == ["0.714 for 100000"]
    closes = "UNPROTECTED: the stop closes 100000 of 150307.3: no order of this contract may be"
    assert closes in stage.alerts[-1].text
