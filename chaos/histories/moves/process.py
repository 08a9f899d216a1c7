"""What the engine is made to do, and what happens to its process."""

from dataclasses import dataclass
from typing import ClassVar

from ...world.world import World
from .move import MonitorMove, Move


@dataclass(frozen=True, slots=True)
class Run(MonitorMove):
    """One monitor is reconciled."""

    runs_engine: ClassVar[bool] = True

    @property
    def description(self) -> str:
        """What happens."""
        return f"trueup runs monitor {self.monitor}"

    def do(self, world: World) -> None:
        """Runs it."""
        world.reconcile(self.watched(world).key)


@dataclass(frozen=True, slots=True)
class SweepAll(Move):
    """Every monitor is reconciled, one after the other."""

    runs_engine: ClassVar[bool] = True

    @property
    def description(self) -> str:
        """What happens."""
        return "trueup runs every monitor"

    def do(self, world: World) -> None:
        """Runs them, mains first."""
        for watched in world.scene.monitors:
            world.reconcile(watched.key)


@dataclass(frozen=True, slots=True)
class Wake(MonitorMove):
    """The monitor is woken, as by an event of the stream."""

    @property
    def description(self) -> str:
        """What happens."""
        return f"monitor {self.monitor} is woken"

    def do(self, world: World) -> None:
        """Wakes it."""
        world.log(f"🔔 {self.watched(world).key} is woken")
        world.wake(self.watched(world).key)


@dataclass(frozen=True, slots=True)
class CrashAt(Move):
    """The process dies when it passes a point."""

    point: str
    occurrence: int

    @property
    def description(self) -> str:
        """What happens."""
        return f"the process dies at {self.point}, passing {self.occurrence}"

    def do(self, world: World) -> None:
        """Arms the point."""
        world.crashes.arm(self.point, self.occurrence)


@dataclass(frozen=True, slots=True)
class RefuseAlerts(Move):
    """The sink does not take the next alerts."""

    count: int

    @property
    def description(self) -> str:
        """What happens."""
        return f"the sink refuses {self.count} alerts"

    def do(self, world: World) -> None:
        """Puts the sink out of order."""
        world.log(f"📵 {self.description}")
        world.sink.refuses += self.count
