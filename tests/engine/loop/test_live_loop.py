"""The loop on private streams: a fill becomes a true ladder by one request."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from queue import SimpleQueue

import pytest

from tests.stage import BAND_LADDER, UIDS, Stage
from trueup import Account, LoopSettings, MonitorKey, Reconciler, RunReport, Side, Sweep
from trueup.adapters.bybit import BybitFeed
from trueup.domain.ports import Feed
from trueup.domain.tracking.feed import StreamEvent
from trueup.engine.live.status import ViewState
from trueup.simulator import Fault, FaultKind, StreamFault, StreamFaultKind

MIRROR = UIDS["mirror"]
KEY = MonitorKey("mirror", "BANDUSDT", Side.SELL)
RARELY = LoopSettings(interval=timedelta(seconds=8), streamed_interval=timedelta(hours=1))
"""No sweep once the view is synced. Where a read took longer than its second, as on a busy machine,
the next sweep comes two seconds later."""
DEADLINE_S = 60.0


class Dead(KeyboardInterrupt):
    """The process ends here."""


class Mute:
    """A feed that neither opens nor fails."""

    def __init__(self, account: Account) -> None:
        self.account = account.name

    def start(self, take: Callable[[StreamEvent], None]) -> None:
        """Starts, and delivers nothing."""

    def stop(self) -> None:
        """Ends."""

    def ping(self) -> None:
        """Sends no ping."""


class Life:
    """A service with streams, and the runs and sweeps that it reports."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.runs: SimpleQueue[tuple[str, RunReport]] = SimpleQueue()
        self.sweeps: SimpleQueue[Sweep] = SimpleQueue()
        self.open()
        self.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)

    def open(
        self,
        reach: Callable[[str], None] = lambda _: None,
        listen: Callable[[Account], Feed] = BybitFeed,
    ) -> None:
        """Another process on the same database."""
        self.stage.reconciler.close()
        self.reconciler = self.stage.reconciler = Reconciler(
            self.stage.url,
            accounts=self.stage.accounts(),
            sinks=[],
            connect=self.stage.connect,
            listen=listen,
            reach=reach,
        )

    def begin(self, settings: LoopSettings) -> None:
        """Starts it."""
        self.reconciler.start(
            settings=settings,
            on_run=lambda reason, report: self.runs.put((reason, report)),
            on_sweep=self.sweeps.put,
        )

    def start(self) -> None:
        """Starts it, and waits until the ladder is in place and the view synced."""
        self.begin(RARELY)
        assert self.next_run()[1] == Decimal("307.3")
        self.synced()

    def synced(self) -> None:
        """Waits for the sweep that syncs the view."""
        while self.reconciler.views()[0].state is not ViewState.SYNCED:
            self.sweeps.get(timeout=DEADLINE_S)

    def grow(self, size: str) -> None:
        """The short grows by an entry's fill, some time later."""
        self.stage.clock.advance(100)
        entry = self.stage.sim.place_entry(MIRROR, "BANDUSDT", "Sell", size, "0.7100")
        self.stage.clock.advance(100)
        self.stage.sim.fill(MIRROR, entry)

    def next_run(self) -> tuple[str, Decimal]:
        """Why the next run ran, and what it covers."""
        reason, report = self.runs.get(timeout=DEADLINE_S)
        return reason, report.covered


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    """A mirror's short under watch."""
    with Stage(tmp_path) as stage:
        stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6800")
        yield Life(stage)


def test_a_fill_is_followed_by_one_write_and_no_read(life: Life) -> None:
    life.start()
    before = len(life.stage.sim.requests)
    life.grow("614.6")
    assert life.next_run() == ("stream", Decimal("921.9"))
    asked = life.stage.sim.requests[before:]
    assert [request.path for request in asked] == ["/v5/order/amend-batch"]


def test_one_survey_proves_an_account_and_what_was_left_needs_no_read(life: Life) -> None:
    life.start()
    life.grow("614.6")
    life.next_run()

    def die(point: str) -> None:
        if point == "amend.before-send":
            raise Dead

    life.open(die)
    life.grow("78.1")
    life.stage.clock.advance(100)
    with pytest.raises(Dead):
        life.reconciler.reconcile(KEY)
    life.open()
    before = len(life.stage.sim.requests)
    life.begin(replace(RARELY, opening=timedelta(hours=1)))
    assert life.next_run() == ("resume", Decimal(1000))
    life.synced()
    life.reconciler.stop()
    asked = [request.path.removeprefix("/v5/") for request in life.stage.sim.requests[before:]]
    assert asked == ["order/realtime"] * 3 + ["position/list", "order/amend-batch"]


def test_a_list_that_lacks_the_position_at_the_start_costs_a_read_and_no_cover(
    life: Life,
) -> None:
    life.start()
    life.open()
    before = len(life.stage.sim.requests)
    life.stage.sim.inject(Fault(kind=FaultKind.ROWS_LEFT_OUT, path="position/list"))
    life.begin(replace(RARELY, opening=timedelta(hours=1)))
    assert life.next_run()[1] == Decimal("307.3")
    life.reconciler.stop()
    assert life.runs.empty()
    asked = life.stage.sim.requests[before:]
    assert [request.path for request in asked if request.method == "POST"] == []
    lists = [r.params for r in asked if r.path == "/v5/position/list"]
    assert "symbol" in lists[-1], "it was asked for by its symbol"


def test_a_stream_that_is_refused_is_not_waited_for(life: Life) -> None:
    life.stage.sim.inject(StreamFault(kind=StreamFaultKind.AUTH_FAILED, uid=MIRROR, times=None))
    life.begin(replace(RARELY, opening=timedelta(hours=1)))
    assert life.next_run() == ("start-up", Decimal("307.3"))
    assert life.reconciler.views()[0].state is ViewState.UNKNOWN


def test_a_stream_that_tells_nothing_is_waited_for_in_vain(life: Life) -> None:
    life.open(listen=Mute)
    life.begin(replace(RARELY, opening=timedelta(milliseconds=50)))
    assert life.next_run() == ("start-up", Decimal("307.3"))
    assert life.reconciler.views()[0].reason == "not opened yet"


def test_echoes_of_our_own_writes_run_nothing(life: Life) -> None:
    life.start()
    life.grow("614.6")
    life.next_run()
    life.grow("78.1")
    assert life.next_run() == ("stream", Decimal(1000))
    life.reconciler.stop()
    assert life.runs.empty()


def test_a_lost_stream_is_replaced_by_a_sweep_and_proven_again(life: Life) -> None:
    life.start()
    life.stage.sim.inject(StreamFault(kind=StreamFaultKind.DROP, uid=MIRROR))
    life.grow("614.6")
    assert life.next_run()[1] == Decimal("921.9")
    life.synced()
    life.grow("78.1")
    assert life.next_run() == ("stream", Decimal(1000))


def test_without_streams_there_is_no_view(life: Life) -> None:
    life.reconciler.start(settings=LoopSettings(streams=False))
    assert life.reconciler.views() == ()


def test_an_exchange_of_somebody_else_s_making_has_no_feed(life: Life, tmp_path: Path) -> None:
    account = Account("own", "k", "s", environment=life.stage.server.url)
    url = f"sqlite:///{tmp_path}/other.db"
    with Reconciler(url, accounts=[account], connect=life.stage.connect) as other:
        other.watch("own", "BANDUSDT", "Sell")
        other.start(settings=RARELY)
        assert other.views() == ()
