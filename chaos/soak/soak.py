"""Running a soak, and what it came to."""

import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from loguru import logger

from trueup.adapters.bybit import (
    BybitExchange,
    BybitFeed,
    BybitSettings,
    StreamSettings,
    SystemClock,
)
from trueup.adapters.notify import CallableSink
from trueup.domain.model.account import Account
from trueup.domain.model.feed import Opened, StreamEvent
from trueup.engine.accounts import check_accounts
from trueup.engine.loop.settings import LoopSettings
from trueup.engine.randomness import SystemRandomness
from trueup.engine.reconciler import Reconciler
from trueup.engine.run.report import RunReport
from trueup.simulator import Simulator, SimulatorServer
from trueup.states.work.settings import RunSettings
from trueup.storage import open_store

from ..exchange.dice import Dice
from ..exchange.scene import Scene
from .hands import Hands
from .place import Foreign, draw_place, furnish, open_accounts, open_exchange
from .trouble import Trouble
from .watching import WatchedStore, Watcher

_S = timedelta(seconds=1)
_STREAMS = StreamSettings(
    connect_timeout=3 * _S,
    ready_within=3 * _S,
    ping_every=_S,
    silent_after=3 * _S,
    retry_after=0.3 * _S,
    retry_cap=2 * _S,
    refused_after=_S,
    refused_cap=3 * _S,
    steady_after=10 * _S,
)
_REQUESTS = BybitSettings(connect_timeout=2 * _S, read_timeout=2 * _S)
_LOOP = LoopSettings(interval=5 * _S, streamed_interval=20 * _S, calm=_S, threads=8)
_PROGRESS_S = 5.0
_STORM_S = 20.0
_QUIET_WITHIN_S = 180.0
_QUIET_S = 1.0
_LOOKS_S = 0.1


@dataclass(frozen=True, slots=True)
class Soaked:
    """What a soak came to.

    Attributes:
        findings: what was broken; empty if all held.
        counts: what happened, by its name.
        healthy_ms: from a fill to the true ladder, where nothing was in the way.
    """

    findings: tuple[str, ...]
    counts: Counter[str]
    healthy_ms: tuple[float, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """For people."""
        told = [f"{name}: {count}" for name, count in sorted(self.counts.items())]
        if self.healthy_ms:
            median, p99 = statistics.median(self.healthy_ms), _percentile(self.healthy_ms, 99)
            told.append(
                f"fills on a healthy stream: {len(self.healthy_ms)}, ladder true after "
                f"{median:.0f} ms (median), {p99:.0f} ms (p99)"
            )
        return (*told, *(f"🔴 {finding}" for finding in self.findings))


def soak(minutes: float, seed: int, say: Callable[[str], None], pace_s: float = 0.25) -> Soaked:
    """Soaks for so long, lets everything come to rest, and looks at what is left.

    Args:
        minutes: of moves and faults; the rest comes on top.
        seed: of moves and faults; when threads meet them differs from run to run.
        say: takes lines of progress.
        pace_s: between two moves, on average.
    """
    dice = Dice(seed)
    sim = open_exchange(seed)
    with (
        TemporaryDirectory(prefix="trueup-soak-") as folder,
        SimulatorServer(sim, follow_wall=True) as server,
    ):
        scene = draw_place(dice, server.url)
        watcher = Watcher(scene)
        return _Soak(dice, sim, scene, watcher, say).run(Path(folder), 60 * minutes, pace_s)


class _Soak:
    def __init__(
        self,
        dice: Dice,
        sim: Simulator,
        scene: Scene,
        watcher: Watcher,
        say: Callable[[str], None],
    ) -> None:
        self._dice = dice
        self._sim = sim
        self._scene = scene
        self._watcher = watcher
        self._say = say
        self._counts: Counter[str] = Counter()
        self._told = 0

    def run(self, folder: Path, seconds: float, pace_s: float) -> Soaked:
        sim, scene, watcher = self._sim, self._scene, self._watcher
        sim.listen(watcher.changed)
        open_accounts(sim, scene)
        with _breakages(watcher), self._open(folder) as reconciler:
            for watched in scene.monitors:
                key = watched.key
                reconciler.watch(key.account, key.symbol, key.side, watched.ladder)
            foreign = furnish(sim, scene)
            before = _as_they_are(sim, foreign)
            reconciler.start(settings=_LOOP, on_run=self._ran)
            hands = Hands(self._dice, sim, scene, reconciler)
            trouble = Trouble(self._dice, sim, scene, watcher)
            self._live(reconciler, hands, trouble, seconds, pace_s)
            self._rest(reconciler)
            for name, count in {**hands.done, **trouble.injected}.items():
                self._counts[name] += count
        after = _as_they_are(sim, foreign)
        for order, then in before.items():
            if after.get(order) != then:
                watcher.found(f"P6 hands off: a foreign order was {then}, is {after.get(order)}")
        self._count()
        seen = watcher.seen
        return Soaked(tuple(seen.findings), self._counts, tuple(seen.healthy_ms))

    @contextmanager
    def _open(self, folder: Path) -> Iterator[Reconciler]:
        watcher, scene = self._watcher, self._scene

        store: Any = WatchedStore(open_store(f"sqlite:///{folder / 'trueup.db'}"), watcher, scene)
        with Reconciler(
            store,
            accounts=check_accounts(scene.accounts),
            connect=lambda account: BybitExchange(account, _REQUESTS),
            listen=partial(_CountedFeed, counts=self._counts),
            sinks=[CallableSink(watcher.delivered)],
            clock=SystemClock(),
            randomness=SystemRandomness(),
            settings=RunSettings(),
        ) as reconciler:
            yield reconciler

    def _ran(self, reason: str, report: RunReport) -> None:
        self._counts[f"runs by {reason}"] += 1
        self._counts[f"runs that came to {report.outcome.value}"] += 1

    def _live(
        self,
        reconciler: Reconciler,
        hands: Hands,
        trouble: Trouble,
        seconds: float,
        pace_s: float,
    ) -> None:
        began = told = strike_at = time.monotonic()
        while (now := time.monotonic()) - began < seconds:
            if now >= strike_at:
                if (now - began) % (2 * _STORM_S) < _STORM_S:
                    trouble.strike()
                else:
                    self._sim.clear_faults()
                strike_at = now + self._dice.among(5, 25) / 10
            hands.move()
            pause = pace_s * self._dice.among(1, 20) / 10
            if reconciler.wait(timedelta(seconds=pause)):
                self._watcher.found("the loop stopped by itself")
                return
            if now - told >= _PROGRESS_S:
                told = now
                self._progress(now - began)

    def _rest(self, reconciler: Reconciler) -> None:
        """Heals everything and waits until nothing is written and all is as it must be."""
        self._sim.clear_faults()
        self._say("faults are over")
        began = changed = time.monotonic()
        writes, left = -1, [""]
        while (now := time.monotonic()) - began < _QUIET_WITHIN_S:
            count = sum(request.is_write for request in self._sim.requests[max(writes, 0) :])
            left = self._watcher.at_rest()
            if count or left:
                changed = now
            writes = len(self._sim.requests)
            if now - changed >= _QUIET_S:
                break
            reconciler.wait(timedelta(seconds=_LOOKS_S))
        self._say(f"at rest after {time.monotonic() - began:.1f} s")
        for text in left:
            self._watcher.found(text)

    def _progress(self, seconds: float) -> None:
        seen = self._watcher.seen
        self._say(
            f"{seconds:5.0f} s: {seen.fills} fills, {len(self._sim.requests)} requests, "
            f"{self._counts['streams opened']} streams opened, {seen.alerts} alerts, "
            f"{len(seen.healthy_ms)} ladders true after a healthy fill, "
            f"{len(seen.findings)} findings"
        )
        for finding in seen.findings[self._told :]:
            self._say(f"🔴 {finding}")
        self._told = len(seen.findings)

    def _count(self) -> None:
        requests = self._sim.requests
        self._counts["requests"] = len(requests)
        self._counts["writes"] = sum(request.is_write for request in requests)
        self._counts["requests that met a fault"] = sum(r.fault is not None for r in requests)
        self._counts["fills"] = self._watcher.seen.fills
        self._counts["alerts"] = self._watcher.seen.alerts


class _CountedFeed(BybitFeed):
    """The real feed; openings are counted."""

    def __init__(self, account: Account, *, counts: Counter[str]) -> None:
        super().__init__(account, _STREAMS)
        self._counts = counts

    def start(self, take: Callable[[StreamEvent], None]) -> None:
        """Begins."""

        def received(news: StreamEvent) -> None:
            if isinstance(news, Opened):
                self._counts["streams opened"] += 1
            take(news)

        super().start(received)


@contextmanager
def _breakages(watcher: Watcher) -> Iterator[None]:
    """While this lasts, runs and sweeps that break are findings."""

    def take(message: object) -> None:
        text = str(message)
        if " broke: " in text:
            watcher.found(f"no run breaks: {text.strip().splitlines()[-1]}")

    logger.enable("trueup")
    handler = logger.add(take, level="ERROR", format="{message}")
    try:
        yield
    finally:
        logger.remove(handler)


def _as_they_are(sim: Simulator, foreign: Sequence[Foreign]) -> dict[Foreign, object]:
    orders = {order.order_id: order for uid in sim.accounts for order in sim.orders(uid)}
    return {one: orders.get(one.order_id) for one in foreign}


def _percentile(values: Sequence[float], percent: int) -> float:
    ranked = sorted(values)
    return ranked[min(len(ranked) * percent // 100, len(ranked) - 1)]
