"""What every move has: a time, a description, and an effect on the world."""

from dataclasses import dataclass
from typing import ClassVar

from trueup.simulator import SimOrder

from ...scene.scene import WatchedMonitor
from ...world.world import World


@dataclass(frozen=True, slots=True)
class Move:
    """One thing that happens.

    Attributes:
        at_ms: milliseconds since the start.
        runs_engine: whether the move runs the engine. Such a move waits for the previous one to
            end; all others happen at their time, in the middle of a run or not.
    """

    at_ms: int
    runs_engine: ClassVar[bool] = False

    @property
    def description(self) -> str:
        """One line for the story: what was drawn."""
        raise NotImplementedError

    def do(self, world: World) -> None:
        """Lets it happen."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class MonitorMove(Move):
    """A move that concerns one monitor, given by its place in the scene."""

    monitor: int

    def watched(self, world: World) -> WatchedMonitor:
        """The monitor."""
        return world.scene.monitors[self.monitor]


def take_profits(world: World, watched: WatchedMonitor) -> list[SimOrder]:
    """The live limit orders that close the monitor's position, nearest price first."""
    key = watched.key
    book = world.judge.ledger.books[key]
    found = [
        order
        for order in world.simulator.orders(key.account, key.symbol)
        if order.is_active and order.side.value == book.closing and order.position_idx == book.index
    ]
    return sorted(found, key=lambda order: (abs(order.price), order.number))
