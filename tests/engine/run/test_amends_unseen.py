"""Amends and cancels that no read shows yet are waited for: before more is sent, or all is well."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.engine.conftest import MIRROR
from tests.stage import BAND_LADDER, SETTINGS, Stage, band_simulator
from trueup import Ladder, MonitorRecord, RunOutcome, RunReport
from trueup.domain.model.intent import IntentStatus
from trueup.simulator import Behaviour, Fault, FaultKind

ASKED = {1: "261.2", 2: "15.4", 3: "15.4", 4: "15.3"}
SHORTER = Ladder.of(("0.6528", 85), ("0.6400", 5), ("0.6200", 10))
LATE_MS = 4500
LAG_MS = 2000
UNREADABLE = Fault(kind=FaultKind.SERVER_ERROR, method="GET", times=None)


class ProcessDies(KeyboardInterrupt):
    """Nothing catches it."""


def die() -> None:
    raise ProcessDies


def break_off() -> None:
    raise ZeroDivisionError


def resting(stage: Stage) -> dict[int, str]:
    """What rests, by level."""
    return {level: str(stage.order("mirror", level).leaves) for level in ASKED}


def laddered(stage: Stage) -> MonitorRecord:
    """A short of 307.3 with its ladder, which then grows to three entries."""
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
    monitor = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    stage.clock.advance(LAG_MS)
    stage.reconciler.reconcile(monitor)
    assert resting(stage) == ASKED
    stage.clock.advance(20_000)
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "614.6", "0.6800")
    stage.clock.advance(LAG_MS)
    return monitor


def next_process(stage: Stage) -> None:
    stage.reconciler.close()
    stage.reconciler = stage.open()


def is_taken_back_meanwhile(stage: Stage, monitor: MonitorRecord) -> RunReport:
    """The process dies with the amends sent; the entries are closed again; another one runs."""
    stage.before("observe", lambda: None, die)
    with pytest.raises(ProcessDies):
        stage.reconciler.reconcile(monitor)
    next_process(stage)
    stage.sim.set_position(MIRROR, "BANDUSDT", "Sell", "307.3")
    return stage.reconciler.reconcile(monitor)


@pytest.fixture
def impatient(tmp_path: Path) -> Iterator[Stage]:
    """A stage on which a run is soon blind, long before an amend must have taken effect."""
    settings = replace(SETTINGS, read_budget=timedelta(milliseconds=500))
    with Stage(tmp_path, settings=settings) as opened:
        yield opened


@pytest.fixture
def lagging(tmp_path: Path) -> Iterator[Stage]:
    """A stage whose exchange shows everything two seconds late."""
    behaviour = Behaviour(
        rate_limits=False, ip_limit=False, visible_delay_ms=LAG_MS, history_delay_ms=LAG_MS
    )
    with Stage(tmp_path, sim=band_simulator(behaviour)) as opened:
        yield opened


def test_an_amend_of_unknown_outcome_may_land_before_all_is_said_to_be_well(
    impatient: Stage,
) -> None:
    """Seed 2729: what rests fits the position, and the amend would lift it to three times that."""
    stage = impatient
    monitor = laddered(stage)
    stage.sim.inject(Fault(kind=FaultKind.LATE_EFFECT, path="order/amend-batch", delay_ms=LATE_MS))
    stage.before("observe", lambda: None, lambda: stage.sim.inject(UNREADABLE))
    stage.reconciler.reconcile(monitor)
    assert {i.status for i in stage.reconciler.store.open_intents(monitor.id)} == {
        IntentStatus.UNKNOWN
    }
    stage.sim.clear_faults()
    stage.sim.set_position(MIRROR, "BANDUSDT", "Sell", "307.3")
    assert resting(stage) == ASKED
    report = stage.reconciler.reconcile(monitor)
    assert str(report.covered) == "307.3"
    stage.clock.advance(2 * LATE_MS)
    assert resting(stage) == ASKED


def test_an_amend_that_reads_do_not_show_yet_is_seen_before_all_is_said_to_be_well(
    lagging: Stage,
) -> None:
    """The first reads after the restart show the orders as they were before it."""
    report = is_taken_back_meanwhile(lagging, laddered(lagging))
    assert str(report.covered) == "307.3"
    assert resting(lagging) == ASKED


def test_nothing_is_sent_until_the_amend_that_was_acknowledged_is_shown(lagging: Stage) -> None:
    """The position shrank below what the old reads show: no reason to act on old reads."""
    monitor = laddered(lagging)
    before = len(lagging.writes())
    lagging.before(
        "observe",
        lambda: None,
        lambda: lagging.sim.set_position(MIRROR, "BANDUSDT", "Sell", "200"),
    )
    report = lagging.reconciler.reconcile(monitor)
    assert str(report.covered) == "200"
    first, second = lagging.writes()[before : before + 2]
    assert second.at_ms - first.at_ms >= LAG_MS


def test_an_amend_of_a_dead_process_is_seen_however_slow_the_reads(stage: Stage) -> None:
    """Seed 125785: six seconds later reads still showed the orders as they had been."""
    monitor = laddered(stage)
    stage.before("observe", lambda: None, die)
    with pytest.raises(ProcessDies):
        stage.reconciler.reconcile(monitor)
    next_process(stage)
    stage.sim.set_position(MIRROR, "BANDUSDT", "Sell", "307.3")
    stage.clock.advance(6000)
    slow = Fault(kind=FaultKind.STALE_READ, path="order/realtime", times=4, delay_ms=6500)
    stage.sim.inject(slow)
    report = stage.reconciler.reconcile(monitor)
    assert str(report.covered) == "307.3"
    assert resting(stage) == ASKED


def test_a_cancel_of_a_dead_process_is_seen_before_all_is_said_to_be_well(lagging: Stage) -> None:
    """Seed 127490: the order was still shown, the ladder looked whole, and was not."""
    lagging.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
    monitor = lagging.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    lagging.clock.advance(LAG_MS)
    lagging.reconciler.reconcile(monitor)
    lagging.clock.advance(20_000)
    lagging.reconciler.watch("mirror", "BANDUSDT", "Sell", SHORTER)
    lagging.before("look_up", die)
    with pytest.raises(ProcessDies):
        lagging.reconciler.reconcile(monitor)
    next_process(lagging)
    lagging.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    report = lagging.reconciler.reconcile(monitor)
    assert report.outcome is RunOutcome.SUCCESS
    assert resting(lagging) == ASKED


def test_a_refusal_does_not_end_a_cancel_that_was_accepted_before(lagging: Stage) -> None:
    """Seed 1202440: the order was still shown, and the cancel that went out again was refused."""
    lagging.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
    monitor = lagging.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    lagging.clock.advance(LAG_MS)
    lagging.reconciler.reconcile(monitor)
    lagging.clock.advance(20_000)
    lagging.reconciler.watch("mirror", "BANDUSDT", "Sell", SHORTER)
    lagging.sim.inject(
        Fault(kind=FaultKind.RET_CODE, path="order/cancel", code=110017, skip=1, times=None)
    )
    report = lagging.reconciler.reconcile(monitor)
    assert report.outcome is RunOutcome.SUCCESS
    assert report.covered == Decimal("307.3")
    assert report.record.contests == 0


@pytest.mark.parametrize("read_ms", [LATE_MS, 600_000])
def test_an_amend_that_arrives_after_its_resend_is_nobody_else_s_change(
    stage: Stage, read_ms: int
) -> None:
    """Seed 920889: the resend took effect, another amend followed, and then the first came.

    Seed 1757744: the same, and no read showed it before its time was over.
    """
    monitor = laddered(stage)
    late = Fault(kind=FaultKind.LATE_EFFECT, path="order/amend-batch", delay_ms=LATE_MS)
    stage.sim.inject(late)
    stage.before("observe", lambda: None, die)
    with pytest.raises(ProcessDies):
        stage.reconciler.reconcile(monitor)
    next_process(stage)
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS
    whole = resting(stage)
    stage.clock.advance(read_ms)
    assert resting(stage) != whole, "the first one arrived"
    report = stage.reconciler.reconcile(monitor)
    assert (report.outcome, report.record.contests) == (RunOutcome.SUCCESS, 0)
    assert resting(stage) == whole


def test_growth_that_lists_do_not_show_is_not_undone_however_often_they_are_read(
    stage: Stage,
) -> None:
    """Seed 1342070: there was no more room for it, and so the second run asked for less again."""
    monitor = laddered(stage)
    unlisted = Fault(kind=FaultKind.ROWS_LEFT_OUT, path="order/realtime", uid=MIRROR, times=None)
    stage.before("observe", lambda: None, lambda: stage.sim.inject(unlisted))
    stage.reconciler.reconcile(monitor)
    grown = resting(stage)
    assert grown != ASKED
    stage.sim.set_position(MIRROR, "BANDUSDT", "Sell", "900")
    for _ in range(3):
        stage.reconciler.reconcile(monitor)
        assert resting(stage) == grown


def test_an_amend_that_may_still_arrive_does_not_undo_a_later_one_in_no_list(stage: Stage) -> None:
    """Seed 1406970: the earlier one had got no usable answer, and it asked for less."""
    monitor = laddered(stage)
    stage.sim.inject(Fault(kind=FaultKind.NOT_JSON, path="order/amend-batch"))
    unlisted = Fault(kind=FaultKind.ROWS_LEFT_OUT, path="order/realtime", uid=MIRROR, times=None)
    stage.before(
        "observe",
        lambda: None,
        lambda: stage.sim.set_position(MIRROR, "BANDUSDT", "Sell", "1229.2"),
    )
    stage.before(
        "amend",
        lambda: None,
        lambda: stage.before("observe", lambda: None, lambda: stage.sim.inject(unlisted)),
    )
    stage.reconciler.reconcile(monitor)
    stage.reconciler.reconcile(monitor)
    assert sum(map(Decimal, resting(stage).values())) == Decimal("1229.2")


def test_an_order_that_filled_in_part_and_is_in_no_list_counts_as_open(stage: Stage) -> None:
    """Seed 1522791: it counted as cancelled by what had filled, and its later reads as outdated."""
    monitor = laddered(stage)
    whole = stage.reconciler.reconcile(monitor).record.covered
    stage.sim.fill(MIRROR, stage.order("mirror", 1).order_id, "1")
    stage.clock.advance(180_000)
    unlisted = Fault(kind=FaultKind.ROWS_LEFT_OUT, path="order/realtime", uid=MIRROR, times=None)
    stage.sim.inject(unlisted)
    report = stage.reconciler.reconcile(monitor)
    assert report.record.covered == whole - 1
    stage.sim.clear_faults()
    report = stage.reconciler.reconcile(monitor)
    assert (report.outcome, report.record.covered) == (RunOutcome.IN_SYNC, whole - 1)
    assert sum(map(Decimal, resting(stage).values())) == whole - 1


@pytest.mark.parametrize("end", [None, die, break_off])
def test_a_cancel_is_as_old_as_its_last_request(
    lagging: Stage, end: Callable[[], None] | None
) -> None:
    """Seed 5105651: it got through at one of the last tries, and no read showed that yet."""
    stage, monitor = lagging, laddered(lagging)
    stage.reconciler.reconcile(monitor)
    stage.clock.advance(20_000)
    monitor = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", SHORTER)
    lost = 4 if end else 5
    stage.sim.inject(Fault(kind=FaultKind.REQUEST_LOST, path="order/cancel-batch", times=lost))
    if end:
        stage.before("cancel", *[lambda: None] * 5, end)
    if end is die:
        with pytest.raises(ProcessDies):
            stage.reconciler.reconcile(monitor)
        next_process(stage)
    else:
        assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.FAILED
    cancel = stage.writes()[-1]
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS
    after = stage.writes()[stage.writes().index(cancel) + 1 :]
    assert {each.path for each in after} == {"/v5/order/amend-batch"}
    assert after[0].at_ms - cancel.at_ms >= LAG_MS
