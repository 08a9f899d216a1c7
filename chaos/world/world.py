"""The world of a history: exchange, database, engine and judge, moved on a virtual clock."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from trueup.domain.model.errors import Fenced, StoreUnavailable
from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.ladder import Ladder
from trueup.domain.model.record import Source
from trueup.domain.model.stop import NoStop, Stop
from trueup.domain.stopping.control import Control
from trueup.testing import InProcessSimulator

from ..judge.judge import PROMISES, Judge, Make
from ..judge.sinks import PROMPT, SLOW
from ..ledger.ledger import Cause
from ..scene.scene import Scene
from ..scene.seeded_random import CountingRandomness
from .clock import SingleThreadClock
from .crash import Crash, CrashPlan
from .engine import Engine, LiveEngine, Start
from .history_log import HistoryLog
from .machine_clock import MachineClock
from .network import ObservedNetwork
from .observed_store import ObservedStore
from .setup import BEFORE_MS, BEGAN_MS, START_MS, set_up
from .sink import ObservedSink
from .triggers import Trigger, TriggeredFaults


class World:
    """Everything that a history happens in.

    Args:
        scene: what is there at the start.
        start: starts the engine, and starts it again after each crash.
        store: the database, which outlives the engine.
        history_log: receives what happens.
        promises: what the judge checks.
    """

    def __init__(
        self,
        scene: Scene,
        start: Start,
        store: Any,  # noqa: ANN401 - any Store
        history_log: HistoryLog,
        promises: Sequence[Make] = PROMISES,
    ) -> None:
        self.scene = scene
        self.history_log = history_log
        history_log.start_ms = BEGAN_MS
        self.delivered: set[str] = set()
        self.clock = SingleThreadClock(START_MS)
        self.simulator = InProcessSimulator(self.clock, scene.behaviour, "chaos")
        self.machine = MachineClock(self.clock)
        self.judge = Judge(scene, self.clock, promises)
        log = self.log if history_log.is_open else None
        self.store = ObservedStore(store, self.judge, scene, log)
        self.randomness = CountingRandomness()
        self.crashes = CrashPlan(self.log, self.judge.raised)
        self.reach = self.crashes.reach
        self.sink = ObservedSink(self.judge, PROMPT)
        self.slow_sink = ObservedSink(self.judge, SLOW)
        self.sinks = (self.sink, self.slow_sink) if scene.has_slow_sink else (self.sink,)
        self.triggered_faults = TriggeredFaults(self.simulator.inject, self.log)
        wrote = partial(self.triggered_faults.fire, Trigger.WRITE)
        self.network = ObservedNetwork(scene.latency_ms, self.judge, self.reach, wrote, log)
        self._start = start
        self._engine: Engine | None = None
        self._live_engine: LiveEngine | None = None
        self._engines = 0
        self._is_to_restart = False
        self._lasting: list[Callable[[], None]] = []
        self._logged = 0
        self.simulator.listen(self.judge.changed)
        self.simulator.on_stream_fault = self.judge.stream_fault
        with self.external_changes():
            set_up(scene, self.simulator, self.store, self.judge.ledger, self.log)
        self.clock.advance(BEFORE_MS)
        self.began_ms = self.clock.now_ms()
        self.simulator.forget_setup()

    def now_ms(self) -> int:
        """The virtual time, in epoch milliseconds."""
        return self.clock.now_ms()

    def set_machine_clock(self, ahead: timedelta) -> None:
        """Somebody sets the clock of trueup's machine."""
        self.machine.ahead = self.judge.ledger.ahead = ahead

    def log(self, text: str) -> None:
        """Adds a line to the history's log."""
        self.history_log.add(self.clock.now_ms(), text)

    def restart(self) -> None:
        """Has the process end before its next job, and start again."""
        self._is_to_restart = True

    def set_price(self, symbol: str, price: Decimal, *, gap: bool = False) -> None:
        """The market of a contract moves, and the judge knows where it is; a delisted has none."""
        if symbol in self.simulator.symbols:
            self.judge.ledger.note_price(symbol, price, self.now_ms())
        self.simulator.set_price(symbol, price, gap=gap)

    def lasts(self, ms: int, end: Callable[[], None]) -> None:
        """Something lasts for a while, and ends at the latest when the history settles."""
        self._lasting.append(end)
        self.clock.call_at(self.now_ms() + ms, lambda: self._end(end))

    def keeps(self, name: str, goes_on: Callable[[], None]) -> bool:
        """Whether the sink of a name keeps the call that is due; ``goes_on`` is called then.

        Not where the process has died meanwhile. One that dies then does so before its next job, or
        at the next point that it passes.
        """
        each_ms = next(sink.each_ms for sink in self.sinks if sink.name == name)
        if not each_ms:
            return False
        process = self._engines
        self.log(f"🐌 the {name} sink keeps a call for {each_ms} ms")

        def returns() -> None:
            if self._engines == process:
                self.log(f"🐌 the {name} sink returns from a call")
                try:
                    goes_on()
                except Crash:
                    self.crashes.die()
                    self.restart()

        self.lasts(each_ms, returns)
        return True

    def end_what_lasts(self) -> None:
        """Ends everything that would last longer."""
        for end in tuple(self._lasting):
            self._end(end)

    def _end(self, end: Callable[[], None]) -> None:
        if end in self._lasting:
            self._lasting.remove(end)
            with self.external_changes():
                end()

    def reconcile(self, key: MonitorKey) -> None:
        """Runs one monitor once; if the process dies, the next call starts it again."""
        self._restart_if_due()
        self.log(f"▶  trueup runs {key}")
        try:
            self.engine.reconcile(key)
        except Crash:
            self._kill_engine()
        except Fenced:
            self.judge.run_dropped()
            self.log("   the run is fenced off and dropped")
        except StoreUnavailable as error:
            self.judge.run_dropped()
            self.log(f"   the run ends where it is: {error}")
        except Exception as error:  # noqa: BLE001 - no run may raise, whatever it is
            self.judge.find("no run breaks", key, repr(error))
        self.log_findings()

    def deliver(self) -> None:
        """Delivers the outbox."""
        try:
            self.engine.deliver()
        except Crash:
            self._kill_engine()
        except StoreUnavailable as error:
            self.log(f"   alerts are not marked: {error}")

    def run_next(self) -> bool:
        """Lets a live engine do its next job that is due; false if none is."""
        self._restart_if_due()
        try:
            did = self.live_engine.run_next()
        except Crash:
            self._kill_engine()
            did = True
        except Exception as error:  # noqa: BLE001 - no job may raise, whatever it is
            self.judge.find("no run breaks", "", repr(error))
            self._kill_engine()
            did = True
        self.log_findings()
        return did

    def watch(self, key: MonitorKey, ladder: Ladder) -> None:
        """Replaces a monitor's ladder, as ``Reconciler.watch`` does."""
        account = self.scene.account(key.account)
        before = self.store.load(key)
        record = self.store.watch(
            key, account.role, account.follows, ladder, source=Source.CONFIGURED
        )
        if record != before and self._live_engine is not None:
            self._live_engine.ladder_given(record)

    def give_stop(self, key: MonitorKey, stop: Stop | NoStop) -> None:
        """Replaces a monitor's stop or takes it off, as ``Reconciler.watch`` does."""
        account = self.scene.account(key.account)
        record = self.store.watch(
            key, account.role, account.follows, None, source=Source.CONFIGURED, stop=stop
        )
        if self._live_engine is not None:
            self._live_engine.ladder_given(record)

    def wake(self, key: MonitorKey) -> None:
        """Wakes a monitor, as ``Reconciler.wake`` does."""
        self.store.wake(key)
        if self._live_engine is not None:
            self._live_engine.wake(key)

    def control(self, asked: Control) -> None:
        """Somebody pauses, halts or resumes, from another process.

        Raises:
            ConfigurationError: it is a resume, and more than it names is stopped.
        """
        self.store.control(asked)
        self.log(f"✋ {asked.kind.value}: {asked.scope}")
        self.judge.ledger.set_controls(self.store.controls(), self.now_ms())
        if self._engine is not None:
            self._engine.refresh_controls()

    @property
    def engine(self) -> Engine:
        """The engine that is running; started first if none is."""
        if self._engine is None:
            # What a process has read of the exchange is kept by its clock: a new one has read none.
            self.machine = MachineClock(self.clock, self.machine.ahead)
            engine = self._engine = self._start(self)
            self._live_engine = engine if isinstance(engine, LiveEngine) else None
        return self._engine

    @property
    def is_live(self) -> bool:
        """Whether the engine runs by itself."""
        return self.scene.is_live and self.engine is self._live_engine

    @property
    def live_engine(self) -> LiveEngine:
        """The engine, if it runs by itself.

        Raises:
            TypeError: it does not.
        """
        engine = self.engine
        if self._live_engine is None:
            raise TypeError(f"{type(engine).__name__} does not run by itself")
        return self._live_engine

    def stands_still(self) -> Callable[[], None]:
        """The process is stopped: what its streams receive waits; returns what lets it go on."""
        return (lambda: None) if self._live_engine is None else self._live_engine.stands_still()

    @contextmanager
    def external_changes(self) -> Iterator[None]:
        """While this lasts, the market or people change the exchange, not the engine."""
        ledger = self.judge.ledger
        before, ledger.cause = ledger.cause, Cause.WORLD
        try:
            yield
        finally:
            ledger.cause = before

    def _restart_if_due(self) -> None:
        if self._is_to_restart:
            self._is_to_restart = False
            self._kill_engine()

    def _kill_engine(self) -> None:
        """The process dies, and its connections with it."""
        self._engines += 1
        self.crashes.live()
        self.judge.process_died()
        live_engine, self._engine, self._live_engine = self._live_engine, None, None
        if live_engine is not None:
            live_engine.disconnect()

    def log_findings(self) -> None:
        """Adds the judge's new findings to the history's log."""
        for finding in self.judge.findings[self._logged :]:
            self.history_log.add(finding.at_ms, f"🔴 {finding}")
        self._logged = len(self.judge.findings)
