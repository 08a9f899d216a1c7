"""Runs of the real reconciler over a live exchange: pybit's HTTP and stream over loopback."""

import queue
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Self

import pytest

from tests.stage import BAND_LADDER, UIDS, Stage
from trueup import Account, MonitorRecord, RunOutcome
from trueup.adapters.bybit import BybitExchange, BybitFeed, StreamSettings
from trueup.domain.model.identity import Side
from trueup.domain.model.observation import Observation
from trueup.domain.ports import Exchange
from trueup.engine.live.exchange import LiveExchange
from trueup.engine.live.settings import LiveSettings
from trueup.engine.live.status import ViewState
from trueup.simulator import Fault, FaultKind, StreamFault, StreamFaultKind

Kind = StreamFaultKind
BAND, MAIN = "BANDUSDT", UIDS["main"]
PATIENCE_S = 10.0
MS = timedelta(milliseconds=1)
PATIENT = LiveSettings(settle_within=8000 * MS)
HASTY = LiveSettings(settle_within=100 * MS)
QUICK = StreamSettings(
    connect_timeout=2000 * MS,
    ready_within=8000 * MS,
    ping_every=200 * MS,
    silent_after=1000 * MS,
    retry_after=20 * MS,
    retry_cap=40 * MS,
    refused_after=40 * MS,
    refused_cap=80 * MS,
)


class LiveStage(Stage):
    """A stage whose main account has a live view; tests ask for the surveys, as a service would."""

    stream = replace(QUICK, ping_every=2000 * MS, silent_after=8000 * MS)
    live_settings = PATIENT

    def __enter__(self) -> Self:
        """Opens it all."""
        self.woken = queue.Queue[tuple[str, Side | None]]()
        self.invalidated = queue.Queue[str]()
        self.lives: dict[str, LiveExchange] = {}
        super().__enter__()
        return self

    def connect(self, account: Account) -> Exchange:
        """The real adapter; live for the main account."""
        real = BybitExchange(account, self.patience, clock=self.clock)
        live = LiveExchange(
            real,
            BybitFeed(account, self.stream),
            self.clock,
            on_change=lambda symbol, side: self.woken.put((symbol, side)),
            on_survey_needed=self.invalidated.put,
            settings=self.live_settings,
        )
        self.lives[account.name] = live
        return live

    @property
    def live(self) -> LiveExchange:
        """The main account's."""
        return self.lives["main"]

    def open_feed(self) -> None:
        """Starts the feed and waits until it is open."""
        self.live.start()
        self.wait_until_open()

    def wait_until_open(self) -> None:
        """Waits until the feed is open, passing over its losses."""
        while self.invalidated.get(timeout=PATIENCE_S) != "the feed was opened":
            pass

    def wait_for_wake(self) -> tuple[str, Side | None]:
        """The next wake: then an observation waits for what belongs to it."""
        return self.woken.get(timeout=PATIENCE_S)

    def requests_of(self, monitor: MonitorRecord) -> tuple[RunOutcome | None, list[str]]:
        """Runs the monitor; its outcome and requests."""
        before = len(self.sim.requests)
        report = self.reconciler.reconcile(monitor)
        paths = [request.path.removeprefix("/v5/") for request in self.sim.requests[before:]]
        return report.outcome, paths

    def wait_for_size(self, size: str) -> None:
        """Waits until the view shows a short of that size."""
        while True:
            seen = self.live.known([BAND])
            if seen and seen.position(BAND, Side.SELL).size == Decimal(size):
                return
            self.wait_for_wake()

    def is_covered(self) -> bool:
        """Whether the resting TPs cover the position exactly."""
        size = self.sim.position(MAIN, BAND, "Sell").size
        resting = [o.quantity - o.filled for o in self.sim.orders(MAIN, BAND) if o.reduce_only]
        return sum(resting, Decimal(0)) == size


class HastyStage(LiveStage):
    """The same, where nothing is waited for long."""

    stream = QUICK
    live_settings = HASTY


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[LiveStage]:
    """An open stage."""
    with LiveStage(tmp_path) as opened:
        yield opened


@pytest.fixture
def hasty(tmp_path: Path) -> Iterator[LiveStage]:
    """An open stage, for what will be waited for in vain."""
    with HastyStage(tmp_path) as opened:
        yield opened


def begin(stage: LiveStage) -> MonitorRecord:
    """A short of 307.3 with its ladder resting, and a synced view."""
    stage.sim.open_position(MAIN, BAND, "Sell", "307.3", "0.6800")
    watched = stage.reconciler.watch("main", BAND, "Sell", BAND_LADDER)
    stage.open_feed()
    assert isinstance(stage.live.survey(), Observation)
    stage.clock.advance(100)
    assert stage.reconciler.reconcile(watched).outcome is RunOutcome.SUCCESS
    stage.clock.advance(100)
    return watched


@pytest.fixture
def monitor(stage: LiveStage) -> MonitorRecord:
    """The stage's monitor."""
    return begin(stage)


def test_a_grown_position_takes_one_request(stage: LiveStage, monitor: MonitorRecord) -> None:
    by_read = stage.live.status.by_read
    entry = stage.sim.place_entry(MAIN, BAND, "Sell", "92.7", "0.7100")
    assert stage.wait_for_wake() == (BAND, None)
    stage.clock.advance(100)
    stage.sim.fill(MAIN, entry)
    assert stage.wait_for_wake() == (BAND, Side.SELL)
    stage.clock.advance(100)
    outcome, requests = stage.requests_of(monitor)
    assert (outcome, requests) == (RunOutcome.SUCCESS, ["order/amend-batch"])
    assert stage.is_covered()
    assert stage.live.status.by_read == by_read


def test_a_position_from_before_an_event_is_read_again(
    stage: LiveStage, monitor: MonitorRecord
) -> None:
    """Seed 3882: the stream had shown a position opened anew, and reads that lagged showed none."""
    stage.sim.set_position(MAIN, BAND, "Sell", "0", "0.6800")
    stage.wait_for_wake()
    stage.clock.advance(1000)
    assert stage.requests_of(monitor)[0] is RunOutcome.IN_SYNC
    closed = stage.live.seq_shown(BAND, 0)
    stage.sim.open_position(MAIN, BAND, "Sell", "307.3", "0.6800")
    while stage.live.seq_shown(BAND, 0) == closed:
        stage.wait_for_wake()
    stage.live.invalidate(BAND, "read it")
    old = Fault(kind=FaultKind.STALE_READ, path="position/list", delay_ms=500, times=2)
    stage.sim.inject(old)
    outcome, requests = stage.requests_of(monitor)
    assert outcome is RunOutcome.SUCCESS
    assert requests.count("position/list") == 3
    assert stage.is_covered()


def test_a_place_that_only_the_stream_has_shown_is_confirmed(
    stage: LiveStage, monitor: MonitorRecord
) -> None:
    """Seed 5114322: the view was to be read, as reads lagged behind an amend, and a fill came."""
    late = replace(stage.sim.behaviour, visible_delay_ms=10_000, history_delay_ms=10_000)
    stage.sim.behaviour = late
    stage.sim.cancel_by_hand(MAIN, stage.order("main", 1).order_id)
    stage.wait_for_wake()
    stage.live.invalidate(BAND, "read it")
    before = stage.clock.now_ms()
    outcome, requests = stage.requests_of(monitor)
    assert outcome is RunOutcome.SUCCESS
    assert requests.count("order/create-batch") == 1
    assert stage.clock.now_ms() - before < 5_000
    assert stage.is_covered()


def test_a_filled_level_takes_no_request(stage: LiveStage, monitor: MonitorRecord) -> None:
    stage.sim.fill(MAIN, stage.order("main", 1).order_id)
    assert stage.wait_for_wake() == (BAND, Side.SELL)
    stage.clock.advance(100)
    assert stage.requests_of(monitor) == (RunOutcome.IN_SYNC, [])
    assert "TP1 filled" in str(stage.reconciler.store.rows("decision_log"))
    assert stage.is_covered()


def test_a_fill_is_reported_with_the_execution_that_the_stream_has_shown(
    stage: LiveStage, monitor: MonitorRecord
) -> None:
    """A part of the order, and then the rest of it: each execution is in one row."""
    order_id = stage.order("main", 1).order_id
    for quantity, left in (("100", "207.3"), (None, "46.1")):
        stage.sim.fill(MAIN, order_id, quantity)
        stage.clock.advance(100)
        stage.wait_for_size(left)
        assert stage.requests_of(monitor) == (RunOutcome.IN_SYNC, [])
    rows = stage.reconciler.store.rows("fill_log")
    fills = [one for one in stage.sim.executions(MAIN) if one.order_id == order_id]
    assert [(row["execution_id"], row["quantity"], row["price"]) for row in rows] == [
        (one.execution_id, str(one.quantity), str(one.price)) for one in fills
    ]
    assert all(row["executed_at"] and row["fee"] for row in rows)


def test_the_first_ladder_and_a_second_look_ask_for_nothing(
    stage: LiveStage, monitor: MonitorRecord
) -> None:
    assert stage.requests_of(monitor) == (RunOutcome.IN_SYNC, [])
    placed = [r for r in stage.sim.requests if r.path == "/v5/order/create-batch"]
    assert len(placed) == 1
    after = [r for r in stage.sim.requests if r.seq > placed[0].seq]
    assert after == []


def test_a_position_that_closes_takes_its_orders_along(hasty: LiveStage) -> None:
    stage, monitor = hasty, begin(hasty)
    stage.sim.set_position(MAIN, BAND, "Sell", "0")
    assert stage.wait_for_wake()
    stage.clock.advance(100)
    stage.requests_of(monitor)
    assert stage.sim.orders(MAIN, BAND) == ()


@pytest.mark.parametrize("bundled", [False, True])
def test_a_position_replaced_within_one_moment_gets_all_levels(
    stage: LiveStage, monitor: MonitorRecord, *, bundled: bool
) -> None:
    stage.sim.behaviour = replace(stage.sim.behaviour, stream_bundles=bundled)
    stage.sim.fill(MAIN, stage.order("main", 1).order_id)
    assert stage.wait_for_wake() == (BAND, Side.SELL)
    stage.clock.advance(100)
    assert stage.requests_of(monitor) == (RunOutcome.IN_SYNC, [])
    stage.sim.trade(MAIN, BAND, "Buy", "46.1", closing=True)
    stage.sim.trade(MAIN, BAND, "Sell", "1000")
    stage.clock.advance(100)
    stage.wait_for_size("1000")
    outcome, requests = stage.requests_of(monitor)
    assert (outcome, set(requests)) == (
        RunOutcome.SUCCESS,
        {"execution/list", "order/create-batch"},
    )
    quantities = sorted(order.leaves for order in stage.sim.orders(MAIN, BAND))
    assert quantities == [50, 50, 50, 850]


def test_a_position_that_grows_after_a_fill_keeps_its_finished_level(
    stage: LiveStage, monitor: MonitorRecord
) -> None:
    stage.sim.fill(MAIN, stage.order("main", 1).order_id)
    stage.sim.trade(MAIN, BAND, "Sell", "953.9")
    stage.clock.advance(100)
    stage.wait_for_size("1000")
    outcome, requests = stage.requests_of(monitor)
    assert (outcome, requests) == (RunOutcome.SUCCESS, ["order/amend-batch"])
    assert len(stage.sim.orders(MAIN, BAND)) == 3
    assert stage.is_covered()


FAULTS = [
    StreamFault(kind=Kind.DROP, code=1001),
    StreamFault(kind=Kind.DROP),
    StreamFault(kind=Kind.HALF_OPEN),
    StreamFault(kind=Kind.SILENCE, topic="order"),
    StreamFault(kind=Kind.SILENCE, topic="execution"),
    StreamFault(kind=Kind.SILENCE, topic="position"),
    StreamFault(kind=Kind.DUPLICATE, times=None),
    StreamFault(kind=Kind.REORDER, times=None, window=3),
    StreamFault(kind=Kind.DELAY, topic="position", delay_ms=50),
    StreamFault(kind=Kind.UNKNOWN_TOPIC),
]
STARTS = [
    StreamFault(kind=Kind.REFUSED, times=2),
    StreamFault(kind=Kind.REFUSED, times=2, status=0),
    StreamFault(kind=Kind.AUTH_FAILED),
    StreamFault(kind=Kind.SUBSCRIBE_FAILED),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.kind}-{fault.topic}")
def test_no_fault_of_the_stream_makes_a_run_go_wrong(hasty: LiveStage, fault: StreamFault) -> None:
    stage, monitor = hasty, begin(hasty)
    entry = stage.sim.place_entry(MAIN, BAND, "Sell", "92.7", "0.7100")
    stage.wait_for_wake()
    stage.clock.advance(100)
    stage.sim.inject(fault)
    stage.sim.fill(MAIN, entry)
    if fault.kind is Kind.DROP:
        stage.invalidated.get(timeout=PATIENCE_S)
    elif fault.kind is not Kind.HALF_OPEN:
        stage.wait_for_wake()
    stage.clock.advance(60)
    stage.requests_of(monitor)
    if fault.kind is Kind.HALF_OPEN:
        stage.wait_until_open()
        stage.live.survey()
        stage.requests_of(monitor)
    assert stage.is_covered()
    if fault.kind is Kind.DROP:
        stage.wait_until_open()
        stage.live.survey()
        assert stage.live.status.state is ViewState.SYNCED


@pytest.mark.parametrize("fault", STARTS, ids=lambda fault: f"{fault.kind}-{fault.status}")
def test_a_stream_that_comes_about_late_is_asked_around(
    stage: LiveStage, monitor: MonitorRecord, fault: StreamFault
) -> None:
    stage.sim.inject(fault, StreamFault(kind=Kind.DROP))
    stage.invalidated.get(timeout=PATIENCE_S)
    stage.sim.open_position(MAIN, BAND, "Sell", "92.7", "0.6800")
    stage.requests_of(monitor)
    assert stage.is_covered()
    stage.wait_until_open()
    stage.live.survey()
    stage.clock.advance(100)
    assert stage.requests_of(monitor) == (RunOutcome.IN_SYNC, [])
