"""What a contract's own life brings: it ends."""

from dataclasses import dataclass

from ...world.world import World
from .move import Move


@dataclass(frozen=True, slots=True)
class Deliver(Move):
    """A dated future is delivered: its orders are cancelled, its positions closed."""

    instrument: int

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"instrument {self.instrument} is delivered"

    def do(self, world: World) -> None:
        """Delivers it; it stays closed."""
        spec, _ = world.scene.instruments[self.instrument]
        if spec.symbol not in world.simulator.symbols:
            return
        world.log(f"⌛ {spec.symbol} is delivered")
        world.delivered.add(spec.symbol)
        with world.external_changes():
            world.simulator.deliver(spec.symbol)
