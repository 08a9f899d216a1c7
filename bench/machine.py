"""The machine: the share of its chart in the cost of a run."""

from collections.abc import Sequence
from decimal import Decimal

from trueup import MonitorRecord, Reconciler, StateName
from trueup.states.machine import Machine

from .measurement import Figure, Kind, Measurement, Sample, Scale, Tick, figures
from .sampling import Stopwatch, interleave
from .world import AFTER, BEFORE, World, trueup, world

MAIN_JOB = Kind("CPU, main job", "ms")
IDLE_PASS = Kind("CPU, idle pass", "ms")


class _Runs:
    """Runs of both kinds, and the events that they send to their charts."""

    def __init__(self, place: World, reconciler: Reconciler, monitor: MonitorRecord) -> None:
        self._place = place
        self._reconciler = reconciler
        self._monitor = monitor
        self._events: dict[Kind, Sequence[str]] = {}

    def whole(self) -> Sample:
        """The CPU time of a main job and of an idle pass after it."""
        self._place.hold(BEFORE)
        self._reconciler.reconcile(self._monitor)
        self._place.hold(AFTER)
        return {kind: self._run(kind) for kind in (MAIN_JOB, IDLE_PASS)}

    def charts(self, repeats: int) -> Sample:
        """The CPU time of the charts of such runs alone, made and sent the same events."""
        return {kind: _chart(events, repeats) for kind, events in self._events.items()}

    def _run(self, kind: Kind) -> Decimal:
        with Stopwatch(self._place.server_cpu) as watch:
            report = self._reconciler.reconcile(self._monitor)
        self._events[kind] = [transition.event for transition in report.transitions]
        return watch.cpu_ms


def _measure(scale: Scale, tick: Tick) -> tuple[Figure, ...]:
    with world() as place, trueup(place) as (reconciler, monitor):
        runs = _Runs(place, reconciler, monitor)
        sides = {"run": runs.whole, "chart": lambda: runs.charts(scale.repeats)}
        taken = interleave(sides, scale.rounds, tick)
    return figures(taken["chart"], taken["run"], "the whole run")


def _chart(events: Sequence[str], repeats: int) -> Decimal:
    with Stopwatch() as watch:
        for _ in range(repeats):
            machine = Machine(StateName.IDLE)
            for event in events:
                machine.send(event)
    return watch.cpu_ms / repeats


MACHINE = Measurement("machine", "The chart of a run: made, and sent its events", _measure)
