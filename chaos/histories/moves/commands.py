"""A person who closes a position, or a share of it, by ``trueup close`` beside the engine."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from trueup.domain.model.errors import ConfigurationError
from trueup.engine.control.closing import command_to_close

from ...world.world import World
from .move import MonitorMove


@dataclass(frozen=True, slots=True)
class CloseByCommand(MonitorMove):
    """Somebody commands a close of a monitor's position: so many per cent of it."""

    share: int

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"somebody commands a close of {self.share} % of monitor {self.monitor}"

    def do(self, world: World) -> None:
        """Puts the command on record, as another process does."""
        record = world.store.load(self.watched(world).key)
        if record is None:
            return
        at = datetime.fromtimestamp(world.now_ms() / 1000, UTC)
        try:
            world.control(
                command_to_close(record, Decimal(self.share), at, "somebody", "", record.cycle)
            )
        except ConfigurationError as error:
            world.log(f"   it is not commanded: {error}")
