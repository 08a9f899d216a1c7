"""The world of a walk: at each request, crash point and settled point it asks what is chosen."""

from typing import Any

from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.instrument import Instrument
from trueup.domain.model.record import MonitorRecord, RunOutcome
from trueup.domain.store import Step
from trueup.engine.run.report import RunReport
from trueup.simulator import Change
from trueup.states import alerting
from trueup.states.ending.conclusion import conclude
from trueup.states.work.findings import Result
from trueup.states.work.run import Run
from trueup.testing import ApiRequest, MemoryStore

from ..scene.scene import Scene
from ..speed.patching import Patches
from ..world.engine import Engine, Parts, Start, Trueup
from ..world.history_log import HistoryLog
from ..world.network import ObservedNetwork, verb_of
from ..world.triggers import Trigger
from ..world.world import World
from .choices import Choices, Deviations
from .events import RARE_EVENTS, WAKES, happen, possible_events
from .replies import RARE_FAULTS, fault_of, oldest_read_ms, possible_replies

DIES, RAISES = "the process dies", "the code raises"
CONCLUSION = "the conclusion"
_CHANGED = ("Validating.before-commit", ".after-commit", ".in-flight", "alert.after-delivery")
"""The crash points behind which something is stored, sent or delivered, and the first one.

A process that dies at any other is in the same state as at the one before it.
"""
_WITHIN = ("/v5/position/list", "/v5/order/history", "/v5/execution/list")
"""Reads that follow another one, with nothing between: raising before either is the same."""


class KeptSteps(MemoryStore):
    """A database that keeps each step as it was committed.

    Attributes:
        steps: in their order.
    """

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[Step] = []

    def commit(self, step: Step) -> MonitorRecord:
        """Makes a step durable."""
        written = super().commit(step)
        self.steps.append(step)
        return written


class Stage(World):
    """A world whose every decision is chosen.

    Attributes:
        choices: what is chosen, and what could be.
        reports: of each pass that came to its end, in order.
        deaths: how often the process has died.

    Args:
        scene: what is there at the start.
        start: starts the engine.
        store: the database.
        history_log: receives what happens.
        deviations: what is chosen.
        looks_ahead: whether to find the points of further deviations.
    """

    def __init__(
        self,
        scene: Scene,
        start: Start,
        store: Any,  # noqa: ANN401 - any Store
        history_log: HistoryLog,
        deviations: Deviations,
        *,
        looks_ahead: bool,
    ) -> None:
        super().__init__(scene, start, store, history_log)
        self.choices = Choices(deviations, self.now_ms, looks_ahead=looks_ahead)
        self.reports: list[RunReport] = []
        self.deaths = 0
        self.reach = self._at_point
        self.network = _ChosenNetwork(self)
        self._replies: list[str] = []
        self._away_until_ms = self._changed_ms = 0
        self.simulator.listen(self._changed)

    @property
    def is_dead(self) -> bool:
        """Whether no process runs: it has died, or has not been started yet."""
        return self._engine is None

    def rules_read(self) -> Instrument | None:
        """What the running process keeps of the contract's rules; None if it keeps none."""
        engine = self._engine
        if not isinstance(engine, Trueup):
            return None
        return engine.rules_read(self.scene.monitors[0].key)

    def at_rest(self) -> None:
        """Nothing is under way: an event may happen."""
        name = self.choices.at("before the run", lambda: possible_events(self, None), _rare)
        if name:
            happen(self, name)

    def before_effect(self, request: ApiRequest) -> None:
        """A request has arrived: an event may happen first, and the reply may not be a good one.

        While every request is lost, none shows anything: what happens meanwhile might as well
        happen afterwards.
        """
        if self.now_ms() < self._away_until_ms:
            return
        words = _words(request)
        if request.path not in _WITHIN:
            self.may_raise(f"in the code around {words}")
        name = self.choices.at(f"before {words}", lambda: possible_events(self, request), _rare)
        if name:
            happen(self, name)
        name = self.choices.at(
            words, lambda: self._possible_replies(request), lambda: tuple(RARE_FAULTS)
        )
        if name:
            self._replies.append(f"{name} {request.path}")
            fault = fault_of(name, request, self.scene)
            self._away_until_ms = self.now_ms() + (fault.lasts_ms or 0)
            self.simulator.inject(fault)

    def _changed(self, _changes: tuple[Change, ...]) -> None:
        self._changed_ms = self.now_ms()

    def _possible_replies(self, request: ApiRequest) -> tuple[str, ...]:
        oldest_ms = self.now_ms() - oldest_read_ms(self.scene)
        is_fresh = self._changed_ms > oldest_ms
        key = self.scene.monitors[0].key
        has_rows = bool(self.simulator.orders(key.account, key.symbol))
        return possible_replies(request, self._replies, is_fresh=is_fresh, has_rows=has_rows)

    def _at_point(self, point: str) -> None:
        if point.endswith(_CHANGED) and self.choices.at(f"at {point}", lambda: (DIES,)):
            self.deaths += 1
            self.crashes.arm(point, 1)
        self.crashes.reach(point)

    def may_raise(self, where: str) -> None:
        """The code may raise here.

        Raises:
            Defect: it does.
        """
        name = self.choices.at(where, lambda: (RAISES,), lambda: (WAKES,))
        if name == WAKES:
            happen(self, name)
        elif name == RAISES:
            self.crashes.arm_defect(where, 1)
            self.crashes.reach(where)


class _ChosenNetwork(ObservedNetwork):
    """A network that asks the stage about each request that has arrived."""

    def __init__(self, stage: Stage) -> None:
        log = stage.log if stage.history_log.is_open else None
        super().__init__(
            stage.scene.latency_ms,
            stage.judge,
            stage.reach,
            lambda: stage.triggered_faults.fire(Trigger.WRITE),
            log,
        )
        self._stage = stage

    def before_effect(self, request: ApiRequest) -> None:
        """A request reached the exchange."""
        self._stage.before_effect(request)
        super().before_effect(request)


class Reporting(Trueup):
    """trueup, with the report of each of its passes, and a conclusion that may raise."""

    def reconcile(self, key: MonitorKey) -> None:
        """Runs one monitor once."""
        with Patches(((alerting, "conclude", self._conclude),)):
            super().reconcile(key)

    def _conclude(self, run: Run, result: Result) -> RunOutcome:
        parts = self._parts
        if isinstance(parts, Stage):
            parts.may_raise(CONCLUSION)
        return conclude(run, result)

    def ran(self, report: RunReport) -> None:
        """Keeps the report."""
        parts = self._parts
        if isinstance(parts, Stage):
            parts.reports.append(report)


def start_reporting(parts: Parts) -> Engine:
    """Starts trueup, run pass by pass, with reports."""
    engine = Reporting(parts)
    engine.open()
    return engine


def _rare() -> tuple[str, ...]:
    return tuple(RARE_EVENTS)


def _words(request: ApiRequest) -> str:
    if request.is_write:
        return f"the {verb_of(request)}"
    return f"the read of {request.path.removeprefix('/v5/')}"
