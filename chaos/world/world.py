"""The world of a history: exchange, database, engine and judge, moved on a virtual clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from heapq import heappop
from typing import Any

from trueup.domain.model.errors import Fenced
from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.ladder import Ladder
from trueup.simulator import VirtualClock
from trueup.testing.face import AskedSimulator

from ..judge.judge import Judge
from ..ledger.ledger import Cause
from ..scene.scene import Scene, WatchedMonitor
from ..scene.seeded_random import CountingRandomness
from .crash import Crash, CrashPlan
from .engine import Engine, LiveEngine, Start
from .history_log import HistoryLog
from .network import ObservedNetwork
from .observed_store import ObservedStore
from .sink import ObservedSink
from .triggers import Trigger, TriggeredFaults

_EPOCH = datetime.fromtimestamp(0, UTC)


class SingleThreadClock(VirtualClock):
    """A virtual clock for one thread, without locks: it is asked the time by the thousand."""

    def __init__(self, start_ms: int) -> None:
        super().__init__(start_ms)
        self._now = (start_ms, super().now())

    def now_ms(self) -> int:
        """The present, in milliseconds since the epoch."""
        return self._now_ms

    def now(self) -> datetime:
        """The present, in UTC."""
        if self._now[0] != self._now_ms:
            self._now = (self._now_ms, _EPOCH + timedelta(milliseconds=self._now_ms))
        return self._now[1]

    def next_due_ms(self) -> int | None:
        """When the next effect falls due; None if none waits."""
        return self._due[0].at_ms if self._due else None

    def advance(self, ms: int) -> None:
        """Move on by some milliseconds and run what falls due on the way."""
        if ms < 0:
            raise ValueError("a clock does not go back")
        until = self._now_ms + ms
        while self._due and self._due[0].at_ms <= until:
            due = heappop(self._due)
            self._now_ms = max(self._now_ms, due.at_ms)
            due.effect()
        self._now_ms = max(self._now_ms, until)


START_MS = 1_737_809_937_842
_BEFORE_MS = 10_000


class World:
    """Everything that a history happens in.

    Args:
        scene: what is there at the start.
        start: starts the engine; again after each crash.
        store: the database, which outlives the engine.
        diary: takes what happens.
    """

    def __init__(self, scene: Scene, start: Start, store: Any, history_log: HistoryLog) -> None:  # noqa: ANN401 - any Store
        self.scene = scene
        self.history_log = history_log
        history_log.start_ms = START_MS + _BEFORE_MS
        self.clock = SingleThreadClock(START_MS)
        self.simulator = AskedSimulator(self.clock, scene.behaviour, "chaos")
        self.judge = Judge(scene, self.clock)
        log = self.log if history_log.is_open else None
        self.store = ObservedStore(store, self.judge, scene, log)
        self.randomness = CountingRandomness()
        self.crashes = CrashPlan(self.log)
        self.reach = self.crashes.reach
        self.sink = ObservedSink(self.judge)
        self.sinks = (self.sink,)
        self.triggered_faults = TriggeredFaults(self.simulator.inject, self.log)
        wrote = partial(self.triggered_faults.fire, Trigger.WRITE)
        self.network = ObservedNetwork(scene.latency_ms, self.judge, self.reach, wrote, log)
        self._start = start
        self._engine: Engine | None = None
        self._live_engine: LiveEngine | None = None
        self._logged = 0
        self.simulator.listen(self.judge.changed)
        self.simulator.on_stream_fault = self.judge.stream_fault
        with self.cause():
            self._set_up()
        self.clock.advance(_BEFORE_MS)
        self.began_ms = self.clock.now_ms()
        self.simulator.begin()

    def now_ms(self) -> int:
        """The virtual time."""
        return self.clock.now_ms()

    def log(self, text: str) -> None:
        """Puts a line into the diary."""
        self.history_log.add(self.clock.now_ms(), text)

    def reconcile(self, key: MonitorKey) -> None:
        """One pass of one monitor; a process that dies on it is started again by the next."""
        self.log(f"▶  trueup runs {key}")
        try:
            self.engine.reconcile(key)
        except Crash:
            self._kill_engine()
        except Fenced:
            self.log("   the run is fenced off and dropped")
        except Exception as error:  # noqa: BLE001 - whatever it is, a run must not break
            self.judge.find("no run breaks", key, repr(error))
        self.log_findings()

    def deliver(self) -> None:
        """Delivers the outbox."""
        try:
            self.engine.deliver()
        except Crash:
            self._kill_engine()

    def run_next(self) -> bool:
        """Lets an engine that lives do one thing that is due; false if nothing is."""
        try:
            did = self.live_engine.run_next()
        except Crash:
            self._kill_engine()
            did = True
        except Exception as error:  # noqa: BLE001 - whatever it is, the loop must not break
            self.judge.find("no run breaks", "", repr(error))
            self._kill_engine()
            did = True
        self.log_findings()
        return did

    def watch(self, key: MonitorKey, ladder: Ladder) -> None:
        """Gives a monitor another ladder, as ``Reconciler.watch`` does."""
        account = self.scene.account(key.account)
        before = self.store.load(key)
        record = self.store.watch(key, account.role, account.follows, ladder)
        if record != before and self._live_engine is not None:
            self._live_engine.given(record)

    def wake(self, key: MonitorKey) -> None:
        """Wakes a monitor, as ``Reconciler.wake`` does."""
        self.store.wake(key)
        if self._live_engine is not None:
            self._live_engine.wake(key)

    @property
    def engine(self) -> Engine:
        """The engine that runs now; started where none does."""
        if self._engine is None:
            engine = self._engine = self._start(self)
            self._live_engine = engine if isinstance(engine, LiveEngine) else None
        return self._engine

    @property
    def is_live(self) -> bool:
        """Whether the engine runs by itself."""
        return self.scene.is_live and self.engine is self._live_engine

    @property
    def live_engine(self) -> LiveEngine:
        """The same engine, of one that runs by itself."""
        engine = self.engine
        if self._live_engine is None:
            raise TypeError(f"{type(engine).__name__} does not run by itself")
        return self._live_engine

    @contextmanager
    def cause(self) -> Iterator[None]:
        """While this lasts, whatever changes at the exchange is the world's doing."""
        ledger = self.judge.ledger
        before, ledger.cause = ledger.cause, Cause.WORLD
        try:
            yield
        finally:
            ledger.cause = before

    def _kill_engine(self) -> None:
        """The process is gone, and its connections with it."""
        live_engine, self._engine, self._live_engine = self._live_engine, None, None
        if live_engine is not None:
            live_engine.disconnect()

    def _set_up(self) -> None:
        for account in self.scene.accounts:
            self.simulator.add_account(
                uid=account.name,
                api_key=account.api_key,
                api_secret=account.api_secret,
                hedge=account.position_mode.value == "hedge",
            )
        for spec, price in self.scene.instruments:
            self.simulator.add_instrument(spec, price)
        for watched in self.scene.monitors:
            self._watch(watched)

    def _watch(self, watched: WatchedMonitor) -> None:
        key, account = watched.key, self.scene.account(watched.key.account)
        self.store.watch(key, account.role, account.follows, watched.ladder)
        price = self.scene.base_price(key.symbol)
        self.simulator.open_position(account.name, key.symbol, key.side.value, watched.size, price)
        self.log(f"{key}: a position of {watched.size} at {price}")
        made_ms = START_MS - 10 - len(self.judge.ledger.books)
        self.judge.ledger.adopting = True
        for number, quantity in enumerate(watched.left_over):
            level = watched.levels[number]
            self.simulator.record_order(
                account.name,
                symbol=key.symbol,
                side=key.side.opposite.value,
                orderType="Limit",
                qty=quantity,
                price=level.price,
                reduceOnly=True,
                orderLinkId=f"BOT_TP{level.number}_{key.symbol[:4]}_{made_ms}_{1000 + number}",
            )
        self.judge.ledger.adopting = False

    def log_findings(self) -> None:
        """Puts new findings into the diary."""
        for finding in self.judge.findings[self._logged :]:
            self.history_log.add(finding.at_ms, f"🔴 {finding}")
        self._logged = len(self.judge.findings)
