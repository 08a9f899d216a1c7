"""The status that sweeps store: it tells an idle engine from a dead one."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.stage import BAND_LADDER, UIDS, Stage
from trueup import LoopSettings, Reconciler, Sweep
from trueup.adapters.bybit import BybitFeed
from trueup.simulator import Fault, FaultKind
from trueup.storage import Row

MIRROR = UIDS["mirror"]
OFTEN = LoopSettings(interval=timedelta(milliseconds=20), streams=False)
LISTENING = LoopSettings(interval=timedelta(hours=1), streamed_interval=timedelta(hours=1))
DEADLINE_S = 60.0


class Life:
    """A service on real connections, and the sweeps that it reports."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.sweeps: SimpleQueue[Sweep] = SimpleQueue()
        stage.reconciler.close()
        self.reconciler = stage.reconciler = Reconciler(
            stage.url, accounts=stage.accounts(), sinks=[], listen=BybitFeed
        )
        self.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)

    def start(self, settings: LoopSettings) -> None:
        """Starts it."""
        self.reconciler.start(settings=settings, on_sweep=self.sweeps.put)

    def after_sweep(self) -> Row:
        """The only account's row, as the next sweep, or a later one, left it."""
        sweep = self.sweeps.get(timeout=DEADLINE_S)
        (row,) = self.reconciler.store.rows("account_status")
        assert datetime.fromisoformat(str(row["swept_at"])) >= sweep.at
        return row


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    """A mirror's short under watch."""
    with Stage(tmp_path) as stage:
        stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
        yield Life(stage)


def test_quiet_sweeps_keep_one_row_fresh(life: Life) -> None:
    life.start(OFTEN)
    while (row := life.after_sweep())["drifted"]:
        pass
    later = [life.after_sweep()["swept_at"] for _ in range(3)][-1]
    assert str(row["swept_at"]) < str(later)
    assert (row["account"], row["view_state"], row["monitors"]) == ("mirror", "swept", 1)
    assert row["reason"] == ""
    assert isinstance(row["clock_offset_ms"], int)


def test_what_a_stream_tells_is_streamed(life: Life) -> None:
    life.start(LISTENING)
    while (row := life.after_sweep())["view_state"] != "streamed":
        assert row["view_state"] == "swept"
    assert row["reason"] == ""


def test_an_account_that_cannot_be_read_says_why(life: Life) -> None:
    life.stage.sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="order/realtime", times=None))
    life.start(OFTEN)
    row = life.after_sweep()
    assert (row["view_state"], row["monitors"], row["drifted"]) == ("unreadable", 1, 1)
    assert "could not be read" in str(row["reason"])
