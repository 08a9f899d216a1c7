"""On an account that is set so, a position that nobody watches gets its ladder and its stop."""

from dataclasses import replace
from datetime import timedelta
from queue import SimpleQueue

import pytest

from tests.stage import UIDS, CountedChance, Stage
from trueup import (
    AutoWatch,
    CallableSink,
    LoopSettings,
    MonitorKey,
    Reconciler,
    RuleLadder,
    RunReport,
    Side,
    Source,
    Stop,
)
from trueup.adapters.bybit import BybitFeed

from .test_loop import DEADLINE_S, OFTEN

RARELY = LoopSettings(interval=timedelta(hours=1), streamed_interval=timedelta(hours=1))
KEY = MonitorKey("mirror", "BANDUSDT", Side.SELL)
SWING = AutoWatch(RuleLadder.of((2, 85), (4, 15)), Stop.of(percent=5))


@pytest.fixture
def alone(stage: Stage) -> Stage:
    """A mirror short of 307.3 at 0.68; no account has a monitor, and the mirror asks for some."""
    stage.sim.open_position(UIDS["mirror"], "BANDUSDT", "Sell", "307.3", "0.68")
    return asking(stage)


def asking(stage: Stage) -> Stage:
    """The stage with an engine on whose mirror each position comes under watch; it has a stream."""
    stage.reconciler.close()
    accounts = (
        replace(one, auto_watch=SWING if one.name == "mirror" else None) for one in stage.accounts()
    )
    stage.reconciler = Reconciler(
        stage.url,
        accounts=list(accounts),
        sinks=[CallableSink(stage.alerts.append)],
        randomness=CountedChance(),
        connect=stage.connect,
        listen=BybitFeed,
    )
    return stage


def resting(stage: Stage) -> dict[str, str]:
    """What rests at the exchange: the price of each order, or its trigger, and its quantity."""
    orders = [one for one in stage.sim.orders(UIDS["mirror"]) if one.status.is_open]
    return {str(one.trigger_price or one.price): str(one.leaves) for one in orders}


WHOLE = {"0.714": "307.3", "0.6664": "261.2", "0.6528": "46.1"}


def test_the_service_finds_it_although_it_has_no_monitor(alone: Stage) -> None:
    ran = SimpleQueue[tuple[str, RunReport]]()
    alone.reconciler.start(settings=OFTEN, on_run=lambda *reported: ran.put(reported))
    reason, report = ran.get(timeout=DEADLINE_S)
    assert alone.reconciler.stop()
    assert (reason, report.key, report.record.source) == ("auto-watch", KEY, Source.DISCOVERED)
    assert resting(alone) == WHOLE
    alone.reconciler.deliver_alerts()
    (only,) = alone.alerts
    assert "TP REBALANCING SUCCESS" in only.text, "what its first run does is all that is said"


def test_the_stream_s_first_word_of_it_is_enough(stage: Stage) -> None:
    """No sweep is due for an hour after the first one."""
    reconciler, ran, swept = asking(stage).reconciler, SimpleQueue[RunReport](), SimpleQueue[str]()
    reconciler.start(
        settings=RARELY,
        on_run=lambda _reason, report: ran.put(report),
        on_sweep=lambda sweep: swept.put(sweep.account),
    )
    while swept.get(timeout=DEADLINE_S) != "mirror":
        pass
    stage.sim.open_position(UIDS["mirror"], "BANDUSDT", "Sell", "307.3", "0.68")
    report = ran.get(timeout=DEADLINE_S)
    assert reconciler.stop()
    assert (report.key, report.is_true) == (KEY, True)
    assert resting(stage) == WHOLE


def test_a_pass_finds_it_and_runs_it(alone: Stage) -> None:
    (report,) = alone.reconciler.reconcile_all([])  # as `trueup run --once` without a monitor
    assert (report.key, report.record.source) == (KEY, Source.DISCOVERED)
    assert report.is_true
    assert resting(alone) == WHOLE
    (again,) = alone.reconciler.reconcile_all()
    assert again.writes == 0


def test_what_was_unwatched_on_purpose_stays_so(alone: Stage) -> None:
    alone.reconciler.reconcile_all()
    alone.reconciler.unwatch(KEY)
    for _ in range(2):
        assert alone.reconciler.reconcile_all() == ()
    assert alone.reconciler.monitors()[0].source is Source.UNWATCHED
