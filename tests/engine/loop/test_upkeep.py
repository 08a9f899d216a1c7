"""Old rows leave the database while the service runs."""

from datetime import datetime, timedelta
from pathlib import Path
from queue import SimpleQueue

from tests.stage import BAND_LADDER, UIDS, Stage
from trueup import Keep, LoopSettings, Reconciler, Retention, Sweep
from trueup.domain.model.errors import StoreError
from trueup.engine.loop.upkeep import Upkeep
from trueup.simulator import VirtualClock
from trueup.storage.sqlite.upkeep.verify import verify
from trueup.testing import MemoryStore

DEADLINE_S = 60.0
FEW = Retention(journal=Keep(rows=1))
OFTEN = LoopSettings(interval=timedelta(milliseconds=20), streams=False, retention=FEW)


class Full(MemoryStore):
    """A store on a disk that is full, which notes when it was to prune."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[datetime] = []

    def prune(self, retention: Retention, now: datetime) -> int:
        """Fails.

        Raises:
            StoreError: always.
        """
        del retention
        self.asked.append(now)
        raise StoreError("the disk is full")


def test_it_prunes_once_a_minute_and_waits_after_a_failure() -> None:
    clock, store = VirtualClock(1_737_809_937_842), Full()
    upkeep, start = Upkeep(store, clock), clock.now()
    for _ in range(9):
        upkeep.swept(FEW)
        clock.advance(15_000)
    minute = timedelta(minutes=1)
    assert store.asked == [start, start + minute, start + 2 * minute]


def test_a_service_prunes_after_a_sweep(tmp_path: Path) -> None:
    sweeps: SimpleQueue[Sweep] = SimpleQueue()
    with Stage(tmp_path) as stage:
        stage.sim.open_position(UIDS["mirror"], "BANDUSDT", "Sell", "307.3", "0.6800")
        monitor = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
        for _ in range(3):
            stage.reconciler.reconcile(monitor)
        stage.reconciler.close()
        with Reconciler(stage.url, accounts=stage.accounts(), connect=stage.connect) as reconciler:
            reconciler.start(settings=OFTEN, on_sweep=sweeps.put)
            for _ in range(2):
                sweeps.get(timeout=DEADLINE_S)
            reconciler.stop()
            rows = reconciler.store.rows("transition_log")
    assert len({row["run_id"] for row in rows}) == 1
    counts, findings = verify(tmp_path / "trueup.db")
    assert (counts["pruning"], findings) == (1, ())
