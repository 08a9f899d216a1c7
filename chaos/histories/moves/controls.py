"""People who pause, resume and halt, from another process, at any moment."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from trueup.domain.model.errors import ConfigurationError
from trueup.domain.stopping.control import EVERYTHING, Control, ControlKind, Scope

from ...world.world import World
from .move import MonitorMove


class Stopped(StrEnum):
    """What somebody stops."""

    MONITOR = "monitor"
    ACCOUNT = "account"
    ALL = "all"
    HALT = "halt"


@dataclass(frozen=True, slots=True)
class Stop(MonitorMove):
    """Somebody pauses a monitor, its account or all, or halts everything; for a while.

    What they resume is what they had stopped; nothing but the end of a halt ends a halt.
    """

    what: Stopped
    lasts_ms: int

    @property
    def description(self) -> str:
        """One line for the story."""
        named = {
            Stopped.MONITOR: f"monitor {self.monitor} is paused",
            Stopped.ACCOUNT: f"the account of monitor {self.monitor} is paused",
            Stopped.ALL: "all accounts are paused",
            Stopped.HALT: "everything is halted",
        }
        return f"{named[self.what]} for {self.lasts_ms} ms"

    def do(self, world: World) -> None:
        """Stops it, and has it resumed in the end."""
        scope, is_halt = self._scope(world), self.what is Stopped.HALT
        ask(world, ControlKind.HALT if is_halt else ControlKind.PAUSE, scope)
        ending = ControlKind.RESUME_ALL if is_halt else ControlKind.RESUME

        def end() -> None:
            try:
                ask(world, ending, scope)
            except ConfigurationError as error:
                world.log(f"   it is not resumed: {error}")

        world.lasts(self.lasts_ms, end)

    def _scope(self, world: World) -> Scope:
        key = self.watched(world).key
        if self.what is Stopped.MONITOR:
            return Scope(key.account, key.symbol, key.side)
        return Scope(key.account) if self.what is Stopped.ACCOUNT else EVERYTHING


def ask(world: World, kind: ControlKind, scope: Scope) -> None:
    """Puts it on record, as another process does, and lets the engine acknowledge it."""
    at = datetime.fromtimestamp(world.now_ms() / 1000, UTC)
    world.control(Control(kind, scope, at, "somebody"))
