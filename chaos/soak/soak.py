"""Running a soak."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from trueup.engine.reconciler import Reconciler
from trueup.engine.run.report import RunReport
from trueup.simulator import Simulator, SimulatorServer

from ..scene.scene import Scene
from ..scene.seeded_random import SeededRandom
from .activity import Activity
from .fault_injection import FaultInjector
from .observer import Observer
from .reconciler import LOOP, broken_runs_are_findings, open_reconciler
from .result import SoakResult
from .setup import ExternalOrder, draw_soak_scene, open_accounts, open_exchange, open_positions

_PROGRESS_S = 5.0
_STORM_S = 20.0
_QUIET_WITHIN_S = 180.0
_QUIET_S = 1.0
_LOOKS_S = 0.1


def soak(minutes: float, seed: int, say: Callable[[str], None], pace_s: float = 0.25) -> SoakResult:
    """Runs trueup under moves and faults, lets everything settle, and reports what was found.

    Args:
        minutes: how long moves and faults go on; settling comes on top.
        seed: of moves and faults; how threads meet them differs from run to run.
        say: receives lines of progress.
        pace_s: seconds between two moves, on average.
    """
    random = SeededRandom(seed)
    sim = open_exchange(seed)
    with (
        TemporaryDirectory(prefix="trueup-soak-") as folder,
        SimulatorServer(sim, follow_wall=True) as server,
    ):
        scene = draw_soak_scene(random, server.url)
        observer = Observer(scene)
        return _Soak(random, sim, scene, observer, say).run(Path(folder), 60 * minutes, pace_s)


class _Soak:
    def __init__(
        self,
        random: SeededRandom,
        sim: Simulator,
        scene: Scene,
        observer: Observer,
        say: Callable[[str], None],
    ) -> None:
        self._dice = random
        self._sim = sim
        self._scene = scene
        self._observer = observer
        self._say = say
        self._counts: Counter[str] = Counter()
        self._reported = 0

    def run(self, folder: Path, seconds: float, pace_s: float) -> SoakResult:
        sim, scene, observer = self._sim, self._scene, self._observer
        sim.listen(observer.changed)
        open_accounts(sim, scene)
        with (
            broken_runs_are_findings(observer),
            open_reconciler(folder, scene, observer, self._counts) as reconciler,
        ):
            for watched in scene.monitors:
                key = watched.key
                reconciler.watch(key.account, key.symbol, key.side, watched.ladder)
            external = open_positions(sim, scene)
            before = _snapshot(sim, external)
            reconciler.start(settings=LOOP, on_run=self._ran)
            activity = Activity(self._dice, sim, scene, reconciler)
            injector = FaultInjector(self._dice, sim, scene, observer)
            self._live(reconciler, activity, injector, seconds, pace_s)
            self._rest(reconciler)
            for name, count in {**activity.done, **injector.injected}.items():
                self._counts[name] += count
        after = _snapshot(sim, external)
        for order, then in before.items():
            if after.get(order) != then:
                observer.found(f"P6 hands off: an external order was {then}, is {after.get(order)}")
        self._count()
        seen = observer.seen
        return SoakResult(tuple(seen.findings), self._counts, tuple(seen.healthy_ms))

    def _ran(self, reason: str, report: RunReport) -> None:
        self._counts[f"runs by {reason}"] += 1
        self._counts[f"runs that ended {report.outcome.value}"] += 1

    def _live(
        self,
        reconciler: Reconciler,
        activity: Activity,
        injector: FaultInjector,
        seconds: float,
        pace_s: float,
    ) -> None:
        began = reported = strike_at = time.monotonic()
        while (now := time.monotonic()) - began < seconds:
            if now >= strike_at:
                if (now - began) % (2 * _STORM_S) < _STORM_S:
                    injector.inject_fault()
                else:
                    self._sim.clear_faults()
                strike_at = now + self._dice.between(5, 25) / 10
            activity.move()
            pause = pace_s * self._dice.between(1, 20) / 10
            if reconciler.wait(timedelta(seconds=pause)):
                self._observer.found("the loop stopped by itself")
                return
            if now - reported >= _PROGRESS_S:
                reported = now
                self._progress(now - began)

    def _rest(self, reconciler: Reconciler) -> None:
        """Ends all faults, and waits until nothing is written and nothing is left to find."""
        self._sim.clear_faults()
        self._say("faults are over")
        began = changed = time.monotonic()
        writes, left = -1, [""]
        while (now := time.monotonic()) - began < _QUIET_WITHIN_S:
            count = sum(request.is_write for request in self._sim.requests[max(writes, 0) :])
            left = self._observer.at_rest()
            if count or left:
                changed = now
            writes = len(self._sim.requests)
            if now - changed >= _QUIET_S:
                break
            reconciler.wait(timedelta(seconds=_LOOKS_S))
        self._say(f"at rest after {time.monotonic() - began:.1f} s")
        for text in left:
            self._observer.found(text)

    def _progress(self, seconds: float) -> None:
        seen = self._observer.seen
        self._say(
            f"{seconds:5.0f} s: {seen.fills} fills, {len(self._sim.requests)} requests, "
            f"{self._counts['streams opened']} streams opened, {seen.alerts} alerts, "
            f"{len(seen.healthy_ms)} ladders whole after a healthy fill, "
            f"{len(seen.findings)} findings"
        )
        for finding in seen.findings[self._reported :]:
            self._say(f"🔴 {finding}")
        self._reported = len(seen.findings)

    def _count(self) -> None:
        requests = self._sim.requests
        self._counts["requests"] = len(requests)
        self._counts["writes"] = sum(request.is_write for request in requests)
        self._counts["requests that met a fault"] = sum(r.fault is not None for r in requests)
        self._counts["fills"] = self._observer.seen.fills
        self._counts["alerts"] = self._observer.seen.alerts


def _snapshot(sim: Simulator, external: Sequence[ExternalOrder]) -> dict[ExternalOrder, object]:
    orders = {order.order_id: order for uid in sim.accounts for order in sim.orders(uid)}
    return {one: orders.get(one.order_id) for one in external}
