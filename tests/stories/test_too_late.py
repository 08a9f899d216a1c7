"""An effect that comes later than the setting: the next pass finds it, undoes it, and says so.

When a request counts as without effect is decided by ``Lateness``: how late the exchange may
execute it, and how late reads may show that. What comes later than both is in nobody's plan.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.stage import BAND_LADDER, PATIENCE, UIDS, Stage
from trueup import Ladder, MonitorRecord, RunOutcome, RunReport
from trueup.domain.venue.exchange_facts import Lateness
from trueup.simulator import Fault, FaultKind

MIRROR = UIDS["mirror"]
SHORTER = Ladder.of(("0.6528", 85), ("0.6400", 5), ("0.6200", 10))
SIZE = Decimal("307.3")
A_MINUTE_MS = 60_000
GOOD = (RunOutcome.IN_SYNC, RunOutcome.SUCCESS)


@pytest.fixture(params=[10, 20, 30])
def late(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stage]:
    """A stage whose engine is told how late requests and reads may be: both 10, 20 or 30 s."""
    seconds = timedelta(seconds=request.param)
    patience = replace(PATIENCE, batch_size=1, lateness=Lateness(seconds, seconds))
    with Stage(tmp_path, patience=patience) as opened:
        opened.sim.open_position(MIRROR, "BANDUSDT", "Sell", str(SIZE), "0.6800")
        yield opened


def total_ms(stage: Stage) -> int:
    """How late a read may show the effect of a write, by the setting."""
    return int(stage.patience.lateness.total / timedelta(milliseconds=1))


def held_up(path: str, stage: Stage, *, skip: int = 0) -> Fault:
    """Writes that arrive a minute later than the setting allows."""
    delay_ms = total_ms(stage) + A_MINUTE_MS
    return Fault(kind=FaultKind.LATE_EFFECT, path=path, skip=skip, times=None, delay_ms=delay_ms)


def resting(stage: Stage) -> Decimal:
    return sum((order.leaves for order in stage.sim.orders(MIRROR)), Decimal(0))


def until_it_is_given_up(stage: Stage, monitor: MonitorRecord) -> RunReport:
    """Runs until the engine is done with the write, which has not arrived yet."""
    report = stage.reconciler.reconcile(monitor)
    for _ in range(6):
        if report.outcome in GOOD and report.record.next_try_at is None:
            break
        stage.clock.advance(total_ms(stage) // 4)
        report = stage.reconciler.reconcile(monitor)
    return report


def test_a_place_that_was_given_up_arrives_and_is_cancelled(late: Stage) -> None:
    """TP4's place never arrived; its level was given up, and TP3 took its share."""
    monitor = late.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    late.sim.inject(held_up("order/create", late, skip=3))
    late.reconciler.reconcile(monitor)
    late.sim.clear_faults()
    late.reconciler.watch("mirror", "BANDUSDT", "Sell", SHORTER)
    report = until_it_is_given_up(late, monitor)
    assert (report.outcome in GOOD, resting(late)) == (True, SIZE)
    assert late.reconciler.store.open_intents(monitor.id) == ()
    late.clock.advance(total_ms(late) + A_MINUTE_MS)
    assert resting(late) > SIZE, "it arrived after all"
    late.alerts.clear()
    report = late.reconciler.reconcile(monitor)
    assert (report.outcome, resting(late)) == (RunOutcome.SUCCESS, SIZE)
    assert [alert.status for alert in late.alerts] == [RunOutcome.SUCCESS]
    assert "TP4: 15.3→0 ✅" in late.alerts[0].text


def test_an_amend_that_counted_as_not_done_arrives_and_is_taken_back(late: Stage) -> None:
    """The position grew and shrank again meanwhile: TP1 has no use for what it asked for."""
    monitor = late.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    late.reconciler.reconcile(monitor)
    late.sim.open_position(MIRROR, "BANDUSDT", "Sell", str(SIZE), "0.6800")
    late.sim.inject(held_up("order/amend", late))
    late.reconciler.reconcile(monitor)
    late.sim.clear_faults()
    late.sim.set_position(MIRROR, "BANDUSDT", "Sell", str(SIZE))
    report = until_it_is_given_up(late, monitor)
    assert (report.outcome in GOOD, resting(late)) == (True, SIZE)
    assert late.reconciler.store.open_intents(monitor.id) == ()
    late.clock.advance(total_ms(late) + A_MINUTE_MS)
    assert resting(late) > SIZE, "it arrived after all"
    late.alerts.clear()
    report = late.reconciler.reconcile(monitor)
    assert (report.outcome, resting(late)) == (RunOutcome.SUCCESS, SIZE)
    assert [alert.status for alert in late.alerts] == [RunOutcome.SUCCESS]
    assert "TP1: 307.3→261.2 ✅" in late.alerts[0].text
