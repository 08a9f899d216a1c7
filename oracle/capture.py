"""What is noted while a history is played: commits, deliveries, plans, and the world at rest."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chaos import Engine, Parts, Start, World
from chaos.speed.patching import swapped
from trueup.domain.model.record import MonitorRecord, OwnedOrder
from trueup.domain.planning.plan import Plan
from trueup.domain.planning.targets import Target
from trueup.domain.ports import Step
from trueup.states.work import planning


@dataclass(frozen=True, slots=True)
class Planned:
    """One plan, and what it was made from: what shall rest, and what is on record.

    Attributes:
        at_ms: when it was made, by the history's clock.
    """

    at_ms: int
    targets: Sequence[Target]
    owned: Sequence[OwnedOrder]
    plan: Plan


@dataclass(frozen=True, slots=True)
class Delivery:
    """One alert that a sink took, or did not take; ``alert_id`` counts the outbox."""

    alert_id: int
    taken: bool


class Capture:
    """Looks on while one history is played, and changes nothing.

    Attributes:
        steps: what was committed, in order.
        deliveries: of alerts, in order.
        plans: every plan that was made, in order.
        records: of the monitors, when the database was closed.
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
        """The world of the history."""
        if self._world is None:
            raise LookupError("no history was played")
        return self._world

    def start(self, parts: Parts) -> Engine:
        """Starts the engine, and remembers the world that it lives in."""
        assert isinstance(parts, World)  # noqa: S101 - a history's parts are its world
        self._world = parts
        return self._start(parts)

    def planning(self) -> AbstractContextManager[None]:
        """While this lasts, every plan is noted."""
        return swapped(planning, "plan_for", self._noting(vars(planning)["plan_for"]))

    def _noting(self, plan_for: Callable[..., Plan]) -> Callable[..., Plan]:
        def noted(
            targets: Sequence[Target],
            owned: Sequence[OwnedOrder],
            **options: Any,  # noqa: ANN401 - plan_for's own
        ) -> Plan:
            plan = plan_for(targets, owned, **options)
            self.plans.append(Planned(self.world.now_ms(), tuple(targets), tuple(owned), plan))
            return plan

        return noted


class NotingStore:
    """A store whose commits and deliveries are noted."""

    def __init__(self, store: Any, capture: Capture) -> None:  # noqa: ANN401 - any Store
        self._store = store
        self._capture = capture

    def commit(self, step: Step) -> MonitorRecord:
        """See the port."""
        written: MonitorRecord = self._store.commit(step)
        self._capture.steps.append(step)
        return written

    def alert_delivered(self, alert_id: int, at: datetime) -> None:
        """See the port."""
        self._store.alert_delivered(alert_id, at)
        self._capture.deliveries.append(Delivery(alert_id, taken=True))

    def alert_failed(self, alert_id: int) -> None:
        """See the port."""
        self._store.alert_failed(alert_id)
        self._capture.deliveries.append(Delivery(alert_id, taken=False))

    def close(self) -> None:
        """See the port."""
        self._capture.records = self._store.monitors()
        self._store.close()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - what is not noted passes through
        return getattr(self._store, name)
