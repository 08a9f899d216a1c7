"""What the engine is made to do, and what happens to its process and its sink."""

from dataclasses import dataclass
from typing import ClassVar

from ...world.world import World
from .manual import SetPosition
from .move import MonitorMove, Move

_A_TICK_MS = 5


@dataclass(frozen=True, slots=True)
class Run(MonitorMove):
    """The engine reconciles one monitor."""

    runs_engine: ClassVar[bool] = True

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"trueup runs monitor {self.monitor}"

    def do(self, world: World) -> None:
        """Reconciles it."""
        world.reconcile(self.watched(world).key)


@dataclass(frozen=True, slots=True)
class SweepAll(Move):
    """The engine reconciles every monitor, one after the other."""

    runs_engine: ClassVar[bool] = True

    @property
    def description(self) -> str:
        """One line for the story."""
        return "trueup runs every monitor"

    def do(self, world: World) -> None:
        """Reconciles them, mains first."""
        for watched in world.scene.monitors:
            world.reconcile(watched.key)


@dataclass(frozen=True, slots=True)
class RunTwins(Move):
    """The engine reconciles every monitor under the second name of the first account's UID."""

    runs_engine: ClassVar[bool] = True

    @property
    def description(self) -> str:
        """One line for the story."""
        return "trueup runs every monitor of the second name"

    def do(self, world: World) -> None:
        """Reconciles them."""
        for watched in world.scene.twins:
            world.reconcile(watched.key)


@dataclass(frozen=True, slots=True)
class Wake(MonitorMove):
    """The monitor is woken, as by an event of its stream."""

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"monitor {self.monitor} is woken"

    def do(self, world: World) -> None:
        """Wakes the monitor."""
        world.log(f"🔔 {self.watched(world).key} is woken")
        world.wake(self.watched(world).key)


@dataclass(frozen=True, slots=True)
class CrashAt(Move):
    """The process dies when it passes a named point for the given time."""

    point: str
    occurrence: int

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"the process dies at {self.point}, occurrence {self.occurrence}"

    def do(self, world: World) -> None:
        """Arms the point."""
        world.crashes.arm(self.point, self.occurrence)


@dataclass(frozen=True, slots=True)
class RaiseAt(Move):
    """The engine's code raises an exception when it passes a named point for the given time."""

    point: str
    occurrence: int

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"the code raises at {self.point}, occurrence {self.occurrence}"

    def do(self, world: World) -> None:
        """Arms the point."""
        world.crashes.arm_defect(self.point, self.occurrence)


@dataclass(frozen=True, slots=True)
class LoseDatabase(Move):
    """The database cannot be written for a while: somebody holds it, or the disk is full."""

    lasts_ms: int

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"the database cannot be written for {self.lasts_ms} ms"

    def do(self, world: World) -> None:
        """Has every write fail until it is over."""
        world.log(f"💾 {self.description}")
        world.store.is_away, began_ms = True, world.now_ms()

        def end() -> None:
            world.judge.ledger.stood_ms += world.now_ms() - began_ms
            world.log("💾 the database can be written again")
            world.store.is_away = False

        world.lasts(self.lasts_ms, end)


@dataclass(frozen=True, slots=True)
class StandStill(MonitorMove):
    """The process is stopped before a write leaves, and goes on after a while.

    Meanwhile somebody takes a part of the monitor's position.
    """

    point: str
    ms: int
    percent: int

    @property
    def description(self) -> str:
        """One line for the story."""
        what = f"monitor {self.monitor} is cut to {self.percent}%"
        return f"the process stands still at {self.point} for {self.ms} ms while {what}"

    def do(self, world: World) -> None:
        """Arms the point."""
        cut = SetPosition(self.at_ms, self.monitor, self.percent)

        def meanwhile() -> None:
            go_on = world.stands_still()
            with world.external_changes():
                cut.do(world)
            # What the market ends meanwhile, nobody could have ended sooner.
            ledger = world.judge.ledger
            ledger.stood_ms += self.ms
            ledger.stands_until_ms = world.now_ms() + self.ms
            world.clock.advance(self.ms)
            # The thread that was about to send goes on before the one that reads the stream.
            world.clock.call_at(world.clock.now_ms() + _A_TICK_MS, go_on)

        world.crashes.arm_pause(self.point, 1, meanwhile)


@dataclass(frozen=True, slots=True)
class Restart(Move):
    """The process ends between two jobs, and is started again, as ``systemd`` does."""

    @property
    def description(self) -> str:
        """One line for the story."""
        return "the process is restarted"

    def do(self, world: World) -> None:
        """Has it restarted before its next job."""
        world.log("♻️ the process is restarted")
        world.restart()


@dataclass(frozen=True, slots=True)
class SlowSink(Move):
    """The second sink keeps each call for a while, and then takes the alert or refuses it."""

    each_ms: int
    lasts_ms: int
    refuses: int

    @property
    def description(self) -> str:
        """One line for the story."""
        refused = f", and refuses {self.refuses}" if self.refuses else ""
        return f"for {self.lasts_ms} ms the slow sink keeps each call {self.each_ms} ms{refused}"

    def do(self, world: World) -> None:
        """Makes the sink slow; a call that it keeps already ends when it would have."""
        world.log(f"🐌 {self.description}")
        sink = world.slow_sink
        sink.each_ms, sink.refuses = self.each_ms, sink.refuses + self.refuses

        def is_prompt() -> None:
            sink.each_ms = 0

        world.lasts(self.lasts_ms, is_prompt)


@dataclass(frozen=True, slots=True)
class RefuseAlerts(Move):
    """The sink refuses the next alerts."""

    count: int

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"the sink refuses {self.count} alerts"

    def do(self, world: World) -> None:
        """Puts the sink out of order."""
        world.log(f"📵 {self.description}")
        world.sink.refuses += self.count
