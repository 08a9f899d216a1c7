"""Runs of a symbol of which a row cannot be understood, and of all others beside it."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.engine.conftest import MIRROR
from tests.stage import Stage
from trueup import Ladder, MonitorRecord, RunOutcome
from trueup.simulator import Fault, FaultKind, InstrumentSpec

BAND, OTHER = "BANDUSDT", "ENAUSDT"
ODD = (
    ("orderType", "LimitMaker"),
    ("orderStatus", "Held"),
    ("side", ""),
    ("positionIdx", "0"),
    ("triggerPrice", None),
)


@pytest.fixture
def other(stage: Stage) -> MonitorRecord:
    """The mirror's short of 100 of another symbol, watched."""
    spec = InstrumentSpec(
        symbol=OTHER, tick="0.0001", step="1", min_quantity="1", max_quantity="100000"
    )
    stage.sim.add_instrument(spec, price="0.7000")
    stage.sim.open_position(MIRROR, OTHER, "Sell", "100", "0.6800")
    return stage.reconciler.watch("mirror", OTHER, "Sell", Ladder.of(("0.6500", 100)))


def place_odd(stage: Stage, symbol: str, field: str, value: object) -> str:
    """Somebody's entry of a kind that trueup does not know."""
    order_id = stage.sim.place_entry(MIRROR, symbol, "Sell", "10", "0.9000", "hand")
    stage.sim.show_order_as(MIRROR, order_id, **{field: value})
    return order_id


@pytest.mark.parametrize(("field", "value"), ODD)
def test_the_symbol_is_blind_and_says_why_and_the_others_run(
    stage: Stage, mirror: MonitorRecord, other: MonitorRecord, field: str, value: object
) -> None:
    order_id = place_odd(stage, OTHER, field, value)
    before = stage.clock.now()
    reports = {report.key.symbol: report for report in stage.reconciler.reconcile_all()}
    assert stage.clock.now() - before < timedelta(seconds=2), "nobody waits for it"
    healthy, blind = reports[BAND], reports[OTHER]
    assert (healthy.outcome, healthy.covered) == (RunOutcome.SUCCESS, Decimal("307.3"))
    assert (blind.outcome, blind.writes) == (RunOutcome.FAILED, 0)
    assert blind.alert is not None
    assert field in blind.alert.text
    assert "Position Size: 100" in blind.alert.text
    again = stage.reconciler.reconcile(other)
    assert (again.outcome, again.alert) == (RunOutcome.FAILED, None), "it alerts once"
    stage.sim.cancel_by_hand(MIRROR, order_id)
    assert stage.reconciler.reconcile(other).covered == 100
    assert mirror.key.symbol == BAND


def test_orders_on_record_still_grow_with_the_position(stage: Stage, other: MonitorRecord) -> None:
    stage.reconciler.reconcile(other)
    place_odd(stage, OTHER, "orderStatus", "Held")
    stage.sim.open_position(MIRROR, OTHER, "Sell", "50", "0.6800")
    report = stage.reconciler.reconcile(other)
    assert report.outcome is RunOutcome.PARTIAL
    (take_profit,) = (order for order in stage.sim.orders(MIRROR) if order.reduce_only)
    assert take_profit.quantity == 150
    assert "UNVERIFIED" in (report.alert.text if report.alert else "")


@pytest.mark.parametrize(("seconds", "is_doubtful"), [(5, True), (20, False)])
def test_a_position_read_without_orders_shows_fills_that_no_read_can_lag_behind(
    stage: Stage, other: MonitorRecord, seconds: int, *, is_doubtful: bool
) -> None:
    """Seed 5162862: such fills came to light, and the run spent its requests on new reads.

    Those that reads may lag behind are waited for once, and then looked up among the trades.
    """
    stage.reconciler.reconcile(other)
    odd = place_odd(stage, OTHER, "orderStatus", "Held")
    (take_profit,) = (order for order in stage.sim.orders(MIRROR) if order.reduce_only)
    stage.sim.open_position(MIRROR, OTHER, "Sell", "60", "0.6800")
    stage.sim.fill(MIRROR, take_profit.order_id, "100")
    assert stage.reconciler.reconcile(other).outcome is RunOutcome.FAILED
    stage.clock.advance(seconds * 1000)
    stage.sim.cancel_by_hand(MIRROR, odd)
    before = stage.clock.now()
    report = stage.reconciler.reconcile(other)
    assert (stage.clock.now() > before) is is_doubtful
    assert stage.clock.now() - before < timedelta(seconds=1)
    assert [call.operation for call in report.calls].count("executions") == 1 + is_doubtful


def test_what_a_blind_run_asked_for_counts_in_the_next_one(
    stage: Stage, other: MonitorRecord
) -> None:
    """The ladder moves shares to TP1 while amends that raised TP2 and TP3 are unverified."""
    stage.reconciler.watch(
        "mirror", OTHER, "Sell", Ladder.of(("0.65", 50), ("0.64", 30), ("0.63", 20))
    )
    stage.reconciler.reconcile(other)
    place_odd(stage, OTHER, "orderStatus", "Held")
    stage.sim.open_position(MIRROR, OTHER, "Sell", "100", "0.6800")
    stage.reconciler.reconcile(other)
    assert stage.sim.position(MIRROR, OTHER, "Sell").size == covered(stage) == 200
    stage.reconciler.watch("mirror", OTHER, "Sell", Ladder.of(("0.65", 60), ("0.64", 40)))
    stage.reconciler.reconcile(other)
    assert covered(stage) == 200


def test_an_effect_is_our_own_though_the_same_amend_was_refused_later(
    stage: Stage, other: MonitorRecord
) -> None:
    """Seed 6712: nothing remembered the amend that the exchange had accepted."""
    stage.reconciler.reconcile(other)
    odd = place_odd(stage, OTHER, "orderStatus", "Held")
    stage.sim.open_position(MIRROR, OTHER, "Sell", "50", "0.6800")
    assert stage.reconciler.reconcile(other).outcome is RunOutcome.PARTIAL
    stage.sim.inject(Fault(kind=FaultKind.TIMESTAMP, path="order/amend-batch"))
    assert stage.reconciler.reconcile(other).outcome is RunOutcome.FAILED
    assert len(stage.reconciler.store.open_intents(other.id)) == 1
    stage.sim.cancel_by_hand(MIRROR, odd)
    report = stage.reconciler.reconcile(other)
    assert (report.covered, report.record.contests) == (Decimal(150), 0)
    assert stage.reconciler.store.open_intents(other.id) == ()


def test_amends_that_ask_for_the_same_do_not_pile_up(stage: Stage, other: MonitorRecord) -> None:
    """Nothing says for hours whether any of them took effect: one of them stays open."""
    stage.reconciler.reconcile(other)
    place_odd(stage, OTHER, "orderStatus", "Held")
    stage.sim.open_position(MIRROR, OTHER, "Sell", "50", "0.6800")
    unanswered = Fault(kind=FaultKind.REQUEST_LOST, path="order/amend-batch", times=None)
    stage.sim.inject(unanswered)
    for _ in range(4):
        stage.reconciler.reconcile(other)
        assert len(stage.reconciler.store.open_intents(other.id)) == 1


def covered(stage: Stage) -> Decimal:
    """What the take-profits of the other symbol cover."""
    orders = stage.sim.orders(MIRROR, OTHER)
    return sum((order.leaves for order in orders if order.reduce_only), Decimal(0))
