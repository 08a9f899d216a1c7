"""The world of a history: exchange, database, engine and judge, moved on a virtual clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from trueup.domain.model.errors import Fenced
from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.ladder import Ladder
from trueup.testing.face import AskedSimulator

from ..judge.judge import Judge
from ..ledger.ledger import Cause
from ..scene.scene import Scene
from ..scene.seeded_random import CountingRandomness
from .clock import SingleThreadClock
from .crash import Crash, CrashPlan
from .engine import Engine, LiveEngine, Start
from .history_log import HistoryLog
from .network import ObservedNetwork
from .observed_store import ObservedStore
from .setup import START_MS, set_up
from .sink import ObservedSink
from .triggers import Trigger, TriggeredFaults

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
        with self.external_changes():
            set_up(scene, self.simulator, self.store, self.judge.ledger, self.log)
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
            self._live_engine.ladder_given(record)

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
    def external_changes(self) -> Iterator[None]:
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

    def log_findings(self) -> None:
        """Puts new findings into the diary."""
        for finding in self.judge.findings[self._logged :]:
            self.history_log.add(finding.at_ms, f"🔴 {finding}")
        self._logged = len(self.judge.findings)
