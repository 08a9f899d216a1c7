"""Places that never reached the book, unanswered or refused, and what the record keeps of them."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.engine.conftest import MIRROR
from tests.stage import Stage
from trueup import Ladder, MonitorRecord, RunOutcome, RunReport
from trueup.adapters.bybit import BybitSettings
from trueup.domain.model.record import OwnedStatus
from trueup.simulator import Fault, FaultKind

SHORTER = Ladder.of(("0.6528", 85), ("0.6400", 5), ("0.6200", 10))
WHOLE = {Decimal("0.6528"): Decimal("261.2"), Decimal("0.64"): Decimal("15.4")} | {
    Decimal("0.62"): Decimal("30.7")
}
RUNS = 12
IN_FLIGHT = BybitSettings().lateness.total
PATIENT = int(IN_FLIGHT / timedelta(milliseconds=1))


def test_places_that_are_open_end_when_the_ladder_cannot_be_applied(
    stage: Stage, mirror: MonitorRecord
) -> None:
    """What is left of the position is too small for any order: no plan sends the places again.

    For as long as a request may still take effect, its intent says so.
    """
    stage.sim.inject(Fault(kind=FaultKind.REQUEST_LOST, path="order/create", times=None))
    stage.reconciler.reconcile(mirror)
    store = stage.reconciler.store
    assert store.open_intents(mirror.id)
    stage.sim.clear_faults()
    stage.sim.set_position(MIRROR, "BANDUSDT", "Sell", "0.1")
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SKIPPED
    assert store.open_intents(mirror.id)
    stage.clock.advance(PATIENT)
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SKIPPED
    assert store.open_intents(mirror.id) == ()


def lookups(report: RunReport) -> int:
    return sum(call.operation == "look_up" for call in report.calls)


def statuses(report: RunReport, level: int) -> list[OwnedStatus]:
    return [order.status for order in report.record.orders if order.level == level]


def resting(stage: Stage) -> dict[Decimal, Decimal]:
    return {order.price: order.quantity for order in stage.sim.orders(MIRROR)}


def on_record(stage: Stage, monitor: MonitorRecord) -> dict[Decimal, Decimal]:
    stored = stage.reconciler.store.load(monitor.key)
    return {order.price: order.quantity for order in stored.resting} if stored else {}


def land_late(stage: Stage) -> None:
    """TP4's first request comes to rest after all."""
    monitor = next(m for m in stage.reconciler.monitors() if m.key.account == "mirror")
    tp4 = next(order for order in monitor.orders if order.level == 4)
    stage.sim.place_order(
        MIRROR,
        symbol="BANDUSDT",
        side="Buy",
        orderType="Limit",
        qty=str(tp4.quantity),
        price=str(tp4.price),
        reduceOnly=True,
        orderLinkId=tp4.order_link_id,
    )


@pytest.fixture
def short_of_tp4(stage: Stage, mirror: MonitorRecord) -> MonitorRecord:
    """TP4's place was sent, again and again, and never answered; then its level was given up."""
    stage.reconciler.close()
    stage.patience = replace(stage.patience, batch_size=1)
    stage.reconciler = stage.open()
    lost = Fault(kind=FaultKind.REQUEST_LOST, path="order/create", skip=3, times=None)
    stage.sim.inject(lost)
    assert statuses(stage.reconciler.reconcile(mirror), 4) == [OwnedStatus.PENDING_NEW]
    stage.reconciler.watch("mirror", "BANDUSDT", "Sell", SHORTER)
    return mirror


def test_what_a_dropped_place_would_cover_is_left_free_until_it_can_no_longer_land(
    stage: Stage, short_of_tp4: MonitorRecord
) -> None:
    """Seed 100719: TP3 took what TP4 may yet cover, and the cover was above the position."""
    before = stage.clock.now()
    report = stage.reconciler.reconcile(short_of_tp4)
    assert stage.clock.now() - before >= IN_FLIGHT
    assert report.outcome is RunOutcome.SUCCESS
    assert statuses(report, 4) == [OwnedStatus.REJECTED]
    assert resting(stage) == WHOLE
    assert lookups(stage.reconciler.reconcile(short_of_tp4)) == 0


@pytest.mark.parametrize("is_refused", [False, True])
def test_a_dropped_place_is_given_up_by_when_it_left_however_many_runs_look_for_it(
    stage: Stage, mirror: MonitorRecord, *, is_refused: bool
) -> None:
    """Seeds 7269 and 17706: each run that ended for want of requests began the wait anew."""
    stage.reconciler.close()
    stage.settings = replace(stage.settings, max_requests=30)
    stage.reconciler = stage.open()
    stage.sim.inject(Fault(kind=FaultKind.REQUEST_LOST, path="order/create", times=None))
    stage.reconciler.reconcile(mirror)
    stage.sim.clear_faults()
    if is_refused:
        refusal = Fault(kind=FaultKind.RET_CODE, path="order/create", code=110003, times=None)
        stage.sim.inject(refusal)
        stage.reconciler.reconcile(mirror)
        stage.sim.clear_faults()
    stage.reconciler.watch("mirror", "BANDUSDT", "Sell", Ladder.of(("0.6600", 100)))
    outcomes = []
    for _ in range(5):
        outcomes.append(stage.reconciler.reconcile(mirror).outcome)
        stage.clock.advance(PATIENT // 4 + 1000)
    assert outcomes == [*[RunOutcome.FAILED] * 4, RunOutcome.SUCCESS]
    assert resting(stage) == {Decimal("0.66"): Decimal("307.3")}


def test_a_dropped_place_that_lands_is_cancelled_before_anything_grows(
    stage: Stage, short_of_tp4: MonitorRecord
) -> None:
    stage.before("look_up", lambda: None, lambda: None, lambda: land_late(stage))
    report = stage.reconciler.reconcile(short_of_tp4)
    assert report.outcome is RunOutcome.SUCCESS
    writes = [call.operation for call in report.calls if call.operation in {"amend", "cancel"}]
    assert writes == ["cancel", "amend"]
    assert resting(stage) == WHOLE


def test_an_order_that_was_given_up_and_rests_after_all_is_ours_again(
    stage: Stage, short_of_tp4: MonitorRecord
) -> None:
    """It was "not ours, left alone": the cover stayed above the position for good."""
    stage.reconciler.reconcile(short_of_tp4)
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "15.3", "0.7")
    land_late(stage)
    stage.sim.set_position(MIRROR, "BANDUSDT", "Sell", "307.3")
    report = stage.reconciler.reconcile(short_of_tp4)
    assert report.outcome is RunOutcome.SUCCESS
    assert resting(stage) == WHOLE


def test_a_place_that_is_wanted_goes_out_again_under_its_id_however_late(
    stage: Stage, mirror: MonitorRecord
) -> None:
    stage.sim.inject(Fault(kind=FaultKind.REQUEST_LOST, path="order/create", times=None))
    ids = {order.order_link_id for order in stage.reconciler.reconcile(mirror).record.orders}
    stage.sim.clear_faults()
    stage.clock.advance(10 * PATIENT)
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SUCCESS
    assert {order.link_id for order in stage.sim.orders(MIRROR)} == ids


def test_a_place_that_may_yet_land_keeps_its_id_in_the_next_position(
    stage: Stage, mirror: MonitorRecord
) -> None:
    """Seed 120066: the position was closed and opened again, and each level had two orders."""
    stage.sim.inject(Fault(kind=FaultKind.REQUEST_LOST, path="order/create", times=None))
    ids = {order.order_link_id for order in stage.reconciler.reconcile(mirror).record.orders}
    stage.sim.clear_faults()
    stage.sim.set_position(MIRROR, "BANDUSDT", "Sell", "0")
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.IN_SYNC
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "300", "0.7")
    report = stage.reconciler.reconcile(mirror)
    assert (report.outcome, report.record.cycle) == (RunOutcome.SUCCESS, 2)
    assert {order.link_id for order in stage.sim.orders(MIRROR)} == ids


def test_an_order_that_a_hand_cancelled_unread_is_placed_again(
    stage: Stage, mirror: MonitorRecord
) -> None:
    """Seed 122361: the next run did not know why, took it for refused, and called itself done."""

    def fill_and_cancel() -> None:
        tp1 = stage.order("mirror", 1).order_id
        stage.sim.fill(MIRROR, tp1, "10")
        stage.sim.cancel_by_hand(MIRROR, tp1)
        stage.clock.advance(5)
        unread = Fault(kind=FaultKind.SERVER_ERROR, path="position/list", skip=1, times=None)
        stage.sim.inject(unread)

    stage.before("observe", lambda: None, fill_and_cancel)
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.FAILED
    stage.sim.clear_faults()
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SUCCESS
    assert sum(resting(stage).values()) == Decimal("297.3")


def test_an_order_in_no_list_is_on_record_as_the_request_that_took_its_id_asked_for_it(
    stage: Stage, mirror: MonitorRecord
) -> None:
    """Seed 12262: it was on record as the refused request would have had it, and a hand's."""
    unlisted = Fault(kind=FaultKind.ROWS_LEFT_OUT, path="order/realtime", uid=MIRROR, times=None)
    unread = Fault(kind=FaultKind.SERVER_ERROR, method="GET", times=None)
    stage.sim.inject(unlisted)
    stage.before("look_up", lambda: stage.sim.inject(unread))
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.FAILED
    stage.sim.clear_faults()
    stage.sim.inject(unlisted)
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
    seen: list[dict[Decimal, Decimal]] = []
    stage.before("amend", lambda: seen.extend((on_record(stage, mirror), resting(stage))))
    stage.reconciler.reconcile(mirror)
    assert seen[0] == seen[1]
    stage.sim.clear_faults()
    report = stage.reconciler.reconcile(mirror)
    assert (report.covered, report.record.contests) == (Decimal("614.6"), 0)
    assert stage.reconciler.store.open_intents(mirror.id) == ()


def test_refused_places_do_not_pile_up_on_record(stage: Stage, mirror: MonitorRecord) -> None:
    """Every run draws new ids; an id that was refused never rests and is needed no more."""
    text = "Available balance is insufficient"
    stage.sim.inject(
        Fault(kind=FaultKind.RET_CODE, path="order/create", code=110007, text=text, times=None)
    )
    report = stage.reconciler.reconcile(mirror)
    for _ in range(RUNS - 1):
        stage.clock.advance(1000)
        report = stage.reconciler.reconcile(mirror)
    assert len(report.record.orders) == len(mirror.ladder.levels if mirror.ladder else ())
    assert report.record == stage.reconciler.store.load(mirror.key)
    assert {order.generation for order in report.record.orders} == {RUNS}


def test_a_fill_that_only_a_look_up_shows_makes_the_position_stale(
    stage: Stage, mirror: MonitorRecord
) -> None:
    """Seed 86780: the others grew by a position that had been read before the fill."""
    stage.reconciler.reconcile(mirror)
    unlisted = Fault(kind=FaultKind.ROWS_LEFT_OUT, path="order/realtime", uid=MIRROR, times=None)
    stage.sim.inject(unlisted)
    last = stage.order("mirror", 3).order_id
    stage.before("look_up", lambda: stage.sim.fill(MIRROR, last))
    report = stage.reconciler.reconcile(mirror)
    assert report.record.position_size == Decimal("291.9")
    assert sum(resting(stage).values()) == Decimal("291.9")


def test_a_position_that_closed_while_orders_were_looked_up_is_read_again(
    stage: Stage, mirror: MonitorRecord
) -> None:
    """Seed 965469: lists lacked the orders; the exchange cancelled them, as they had no room."""
    stage.reconciler.reconcile(mirror)
    stage.clock.advance(1000)
    stale = Fault(kind=FaultKind.STALE_READ, path="order/realtime", delay_ms=5000, times=2)
    stage.sim.inject(stale)

    def close() -> None:
        stage.clock.advance(500)
        stage.sim.set_position(MIRROR, "BANDUSDT", "Sell", "0")

    stage.before("look_up", close)
    report = stage.reconciler.reconcile(mirror)
    assert report.record.position_size == 0
    assert {call.operation for call in report.calls} == {"observe", "look_up", "executions"}
