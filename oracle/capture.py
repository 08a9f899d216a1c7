"""What is recorded while a history is played: commits, deliveries, plans, and the final records."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chaos import Engine, Parts, Start, World
from chaos.speed.patching import patched
from trueup.domain.model.record import MonitorRecord, OwnedOrder
from trueup.domain.planning.plan import Plan
from trueup.domain.planning.targets import Target
from trueup.domain.store import Step
from trueup.states.work import planning

PATCHED_PLANNING = (planning, "plan_for")
"""Where states look up the function that makes plans."""


@dataclass(frozen=True, slots=True)
class Planned:
    """One plan, with the targets and the owned orders that it was made from.

    Attributes:
        at_ms: when it was made, by the history's clock.
    """

    at_ms: int
    targets: Sequence[Target]
    owned: Sequence[OwnedOrder]
    plan: Plan


@dataclass(frozen=True, slots=True)
class Delivery:
    """The delivery of an alert: which one of the outbox, and whether the sink accepted it."""

    alert_id: int
    taken: bool


class Capture:
    """Records what happens while one history is played, and changes nothing.

    Attributes:
        steps: what was committed, in order.
        deliveries: the deliveries of alerts, in order.
        plans: every plan that was made, in order.
        records: the monitors' records when the database was closed.
    """

    def __init__(self, start: Start) -> None:
        self._start = start
        self._world: World | None = None
        self.steps: list[Step] = []
        self.deliveries: list[Delivery] = []
        self.plans: list[Planned] = []
        self.records: tuple[MonitorRecord, ...] = ()

    @property
    def world(self) -> World:
        """The world of the history.

        Raises:
            LookupError: no history has been played yet.
        """
        if self._world is None:
            raise LookupError("no history has been played yet")
        return self._world

    def start(self, parts: Parts) -> Engine:
        """Starts the engine, and keeps the world that it runs in."""
        assert isinstance(parts, World)  # noqa: S101 - a history's parts are its world
        self._world = parts
        return self._start(parts)

    def planning(self) -> AbstractContextManager[None]:
        """Records every plan until the block ends."""
        module, name = PATCHED_PLANNING
        return patched(module, name, self._recording(vars(module)[name]))

    def _recording(self, plan_for: Callable[..., Plan]) -> Callable[..., Plan]:
        def recorded(
            targets: Sequence[Target],
            owned: Sequence[OwnedOrder],
            **options: Any,  # noqa: ANN401 - plan_for's own
        ) -> Plan:
            plan = plan_for(targets, owned, **options)
            self.plans.append(Planned(self.world.now_ms(), tuple(targets), tuple(owned), plan))
            return plan

        return recorded


class RecordingStore:
    """A store whose commits and deliveries are recorded."""

    def __init__(self, store: Any, capture: Capture) -> None:  # noqa: ANN401 - any Store
        self._store = store
        self._capture = capture

    def commit(self, step: Step) -> MonitorRecord:
        """Makes a step durable: see the port."""
        written: MonitorRecord = self._store.commit(step)
        self._capture.steps.append(step)
        return written

    def note_deliveries(self, alerts: Sequence[Any]) -> None:
        """Notes how far alerts have got at each sink: see the port."""
        self._store.note_deliveries(alerts)
        self._capture.deliveries += [
            Delivery(each.id, taken=each.delivered_at is not None) for each in alerts
        ]

    def alert_delivered(self, alert_id: int, at: datetime) -> None:
        """Notes that an alert was delivered: the port of commits before sinks had rows."""
        self._store.alert_delivered(alert_id, at)
        self._capture.deliveries.append(Delivery(alert_id, taken=True))

    def alert_failed(self, alert_id: int) -> None:
        """Notes that an alert was not delivered: the same."""
        self._store.alert_failed(alert_id)
        self._capture.deliveries.append(Delivery(alert_id, taken=False))

    def close(self) -> None:
        """Takes the monitors' records, and closes the store."""
        self._capture.records = self._store.monitors()
        self._store.close()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - everything else passes through
        return getattr(self._store, name)
