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
from trueup.testing import InProcessSimulator

from ..checker.ledger import Hand
from ..exchange.dice import CountedChance
from ..exchange.scene import Scene, Watched
from ..judging.judge import Judge
from .crash import Crash, CrashPlan
from .cues import Cue, Cues
from .diary import Diary
from .engine import Engine, Living, Start
from .line import WatchedLine
from .sink import WatchedSink
from .witness import Witness

_EPOCH = datetime.fromtimestamp(0, UTC)


class HistoryClock(VirtualClock):
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

    def __init__(self, scene: Scene, start: Start, store: Any, diary: Diary) -> None:  # noqa: ANN401 - any Store
        self.scene = scene
        self.diary = diary
        diary.start_ms = START_MS + _BEFORE_MS
        self.clock = HistoryClock(START_MS)
        self.simulator = InProcessSimulator(self.clock, scene.behaviour, "chaos")
        self.judge = Judge(scene, self.clock)
        tell = self.say if diary.is_open else None
        self.store = Witness(store, self.judge, scene, tell)
        self.randomness = CountedChance()
        self.crashes = CrashPlan(self.say)
        self.reach = self.crashes.reach
        self.sink = WatchedSink(self.judge)
        self.sinks = (self.sink,)
        self.cues = Cues(self.simulator.inject, self.say)
        wrote = partial(self.cues.came, Cue.WRITE)
        self.line = WatchedLine(scene.latency_ms, self.judge, self.reach, wrote, tell)
        self._start = start
        self._engine: Engine | None = None
        self._living: Living | None = None
        self._told = 0
        self.simulator.listen(self.judge.changed)
        self.simulator.on_stream_fault = self.judge.stream_fault
        with self.hand():
            self._set_up()
        self.clock.advance(_BEFORE_MS)
        self.began_ms = self.clock.now_ms()
        self.simulator.forget_setup()

    def now_ms(self) -> int:
        """The virtual time."""
        return self.clock.now_ms()

    def say(self, text: str) -> None:
        """Puts a line into the diary."""
        self.diary.tell(self.clock.now_ms(), text)

    def reconcile(self, key: MonitorKey) -> None:
        """One pass of one monitor; a process that dies on it is started again by the next."""
        self.say(f"▶  trueup runs {key}")
        try:
            self.engine.reconcile(key)
        except Crash:
            self._die()
        except Fenced:
            self.say("   the run is fenced off and dropped")
        except Exception as error:  # noqa: BLE001 - whatever it is, a run must not break
            self.judge.find("no run breaks", key, repr(error))
        self.tell_findings()

    def deliver(self) -> None:
        """Delivers the outbox."""
        try:
            self.engine.deliver()
        except Crash:
            self._die()

    def turn(self) -> bool:
        """Lets an engine that lives do one thing that is due; false if nothing is."""
        try:
            did = self.living.turn()
        except Crash:
            self._die()
            did = True
        except Exception as error:  # noqa: BLE001 - whatever it is, the loop must not break
            self.judge.find("no run breaks", "", repr(error))
            self._die()
            did = True
        self.tell_findings()
        return did

    def watch(self, key: MonitorKey, ladder: Ladder) -> None:
        """Gives a monitor another ladder, as ``Reconciler.watch`` does."""
        account = self.scene.account(key.account)
        before = self.store.load(key)
        record = self.store.watch(key, account.role, account.follows, ladder)
        if record != before and self._living is not None:
            self._living.given(record)

    def wake(self, key: MonitorKey) -> None:
        """Wakes a monitor, as ``Reconciler.wake`` does."""
        self.store.wake(key)
        if self._living is not None:
            self._living.wake(key)

    @property
    def engine(self) -> Engine:
        """The engine that runs now; started where none does."""
        if self._engine is None:
            engine = self._engine = self._start(self)
            self._living = engine if isinstance(engine, Living) else None
        return self._engine

    @property
    def lives(self) -> bool:
        """Whether the engine runs by itself."""
        return self.scene.is_live and self.engine is self._living

    @property
    def living(self) -> Living:
        """The same engine, of one that runs by itself."""
        engine = self.engine
        if self._living is None:
            raise TypeError(f"{type(engine).__name__} does not run by itself")
        return self._living

    @contextmanager
    def hand(self) -> Iterator[None]:
        """While this lasts, whatever changes at the exchange is the world's doing."""
        ledger = self.judge.ledger
        before, ledger.hand = ledger.hand, Hand.WORLD
        try:
            yield
        finally:
            ledger.hand = before

    def _die(self) -> None:
        """The process is gone, and its connections with it."""
        living, self._engine, self._living = self._living, None, None
        if living is not None:
            living.cut()

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

    def _watch(self, watched: Watched) -> None:
        key, account = watched.key, self.scene.account(watched.key.account)
        self.store.watch(key, account.role, account.follows, watched.ladder)
        price = self.scene.base_price(key.symbol)
        self.simulator.open_position(account.name, key.symbol, key.side.value, watched.size, price)
        self.say(f"{key}: a position of {watched.size} at {price}")
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

    def tell_findings(self) -> None:
        """Puts new findings into the diary."""
        for finding in self.judge.findings[self._told :]:
            self.diary.tell(finding.at_ms, f"🔴 {finding}")
        self._told = len(self.judge.findings)
