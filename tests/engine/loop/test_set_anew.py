"""A setting that is another one after a restart holds for what the one before has left."""

from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue

from tests.stage import BAND_LADDER, UIDS, Stage
from trueup import BeyondMarket, LoopSettings, RunOutcome, RunReport


def test_a_level_that_waited_is_placed_by_a_service_that_lets_it_fill(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.sim.open_position(UIDS["main"], "BANDUSDT", "Sell", "100", "0.7")
        stage.sim.set_price("BANDUSDT", "0.6500")
        stage.settings = replace(stage.settings, beyond_market=BeyondMarket.WAIT)
        stage.reconciler.close()
        stage.reconciler = stage.open()
        waits = stage.reconciler.reconcile(
            stage.reconciler.watch("main", "BANDUSDT", "Sell", BAND_LADDER)
        )
        assert [one.level for one in waits.record.withheld] == [1]
        stage.reconciler.close()
        stage.settings = replace(stage.settings, beyond_market=BeyondMarket.FILL)
        stage.reconciler = stage.open()
        runs: SimpleQueue[RunReport] = SimpleQueue()
        stage.reconciler.start(
            settings=LoopSettings(streams=False), on_run=lambda _reason, report: runs.put(report)
        )
        report = runs.get(timeout=30)
        assert report.outcome is RunOutcome.SUCCESS
        assert report.record.withheld == ()
