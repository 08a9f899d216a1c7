"""Faults of the network and of the exchange."""

from dataclasses import dataclass, replace
from datetime import timedelta

from trueup.simulator import Fault, StreamFault

from ...world.triggers import Trigger
from ...world.world import World
from .move import Move

_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class SpoilRequests(Move):
    """The next requests of some kind meet a fault."""

    fault: Fault

    @property
    def description(self) -> str:
        """One line for the story."""
        fault = self.fault
        on = f"{fault.method or 'any'} {fault.path or 'request'}"
        times = "for good" if fault.times is None else f"×{fault.times}"
        return f"{fault.kind.value} on {on} {fault.uid} {times} after {fault.skip}".replace(
            "  ", " "
        )

    def do(self, world: World) -> None:
        """Puts the fault in force."""
        world.log(f"⚡ from now: {self.description}")
        world.simulator.inject(self.fault)


@dataclass(frozen=True, slots=True)
class SpoilStream(Move):
    """The private stream of an account meets a fault."""

    fault: StreamFault

    @property
    def description(self) -> str:
        """One line for the story."""
        fault = self.fault
        ends = "" if fault.lasts_ms is None else f" for {fault.lasts_ms} ms"
        times = "" if fault.times is None else f" ×{fault.times}"
        topic = f" {fault.topic}" if fault.topic else ""
        return f"the stream of {fault.uid or 'all'} meets {fault.kind.value}{topic}{times}{ends}"

    def do(self, world: World) -> None:
        """Puts the fault in force."""
        world.log(f"📡 {self.description}")
        world.simulator.inject(self.fault)


@dataclass(frozen=True, slots=True)
class SpoilAfter(Move):
    """Requests meet a fault from the next fill, or the next write of ours, on."""

    trigger: Trigger
    fault: Fault

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"after {self.trigger.value}: {SpoilRequests(self.at_ms, self.fault).description}"

    def do(self, world: World) -> None:
        """Holds the fault back until its trigger fires.

        Nobody knows beforehand how old the effects are that a read then does not show. So the
        stated lateness of reads bounds how old the read may be.
        """
        oldest_ms = world.scene.lateness.reads // _MILLISECOND - 1
        world.triggered_faults.add(self.trigger, replace(self.fault, oldest_ms=oldest_ms))


@dataclass(frozen=True, slots=True)
class DriftClock(Move):
    """The exchange's clock and ours drift apart for a while."""

    skew_ms: int
    lasts_ms: int

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"the clocks are {self.skew_ms} ms apart for {self.lasts_ms} ms"

    def do(self, world: World) -> None:
        """Skews the clock, and schedules the end of it."""
        world.log(f"🕰 {self.description}")
        world.simulator.wall_skew_ms = self.skew_ms

        def heal() -> None:
            world.simulator.wall_skew_ms = 0

        world.clock.call_at(world.now_ms() + self.lasts_ms, heal)


@dataclass(frozen=True, slots=True)
class SetClock(Move):
    """Somebody sets the wall clock of trueup's machine, and sets it right after a while."""

    ahead_ms: int
    lasts_ms: int

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"the machine's clock is set {self.ahead_ms:+} ms for {self.lasts_ms} ms"

    def do(self, world: World) -> None:
        """Sets the clock, and schedules that it is right again."""
        world.log(f"🕰 {self.description}")
        world.set_machine_clock(timedelta(milliseconds=self.ahead_ms))

        def set_right() -> None:
            world.log("🕰 the machine's clock is set right")
            world.set_machine_clock(timedelta(0))

        world.lasts(self.lasts_ms, set_right)


@dataclass(frozen=True, slots=True)
class RestartExchange(Move):
    """The exchange restarts, and forgets the orders that closed lately."""

    @property
    def description(self) -> str:
        """One line for the story."""
        return "the exchange restarts"

    def do(self, world: World) -> None:
        """Restarts the exchange."""
        world.log("🔌 the exchange restarts")
        world.simulator.restart()
