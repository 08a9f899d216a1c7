"""Positions that are closed and opened anew by their owner, with nobody looking in between."""

from dataclasses import dataclass

from trueup.domain.model.identity import PositionMode

from ...scene.scene import Scene
from ...scene.seeded_random import SeededRandom
from ...world.world import World
from .market import FillTakeProfit
from .move import MonitorMove, Move
from .process import Run

_GAPS_MS = (0, 0, 1, 40, 300)


@dataclass(frozen=True, slots=True)
class Reopen(MonitorMove):
    """Somebody closes the position and opens another one of the same side.

    Attributes:
        steps: the size of the new position.
        gap_ms: how long the position stays flat; 0 for both trades in one moment.
    """

    steps: int
    gap_ms: int

    @property
    def description(self) -> str:
        """One line for the story."""
        return (
            f"someone closes the position of monitor {self.monitor}, then opens {self.steps} steps"
        )

    def do(self, world: World) -> None:
        """Closes the position, if there is one, and opens the other, now or a little later."""
        key = self.watched(world).key
        uid, symbol, side = key.account, key.symbol, key.side
        held = world.simulator.position(uid, symbol, side.value).size
        if not held:
            return
        size = world.scene.spec(symbol).step * self.steps
        world.simulator.trade(uid, symbol, side.opposite.value, held, closing=True)
        world.log(f"♻️ {key}: someone closes the position of {held}")

        def again() -> None:
            world.simulator.trade(uid, symbol, side.value, size)
            world.log(f"♻️ {key}: someone opens a position of {size}")

        def later() -> None:
            if symbol not in world.simulator.symbols or symbol in world.delivered:
                return  # gone meanwhile
            with world.external_changes():
                again()

        if self.gap_ms:
            world.clock.call_at(world.now_ms() + self.gap_ms, later)
        else:
            again()


@dataclass(frozen=True, slots=True)
class FlipTwice(MonitorMove):
    """The position turns to the other side and back, each time by one trade; one-way mode only.

    Attributes:
        steps: the size of the position in between, and of the new one.
    """

    steps: int

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"the position of monitor {self.monitor} flips to the other side and back"

    def do(self, world: World) -> None:
        """Turns the position twice, if there is one."""
        key = self.watched(world).key
        uid, symbol, side = key.account, key.symbol, key.side
        held = world.simulator.position(uid, symbol, side.value).size
        is_one_way = world.scene.account(uid).position_mode is PositionMode.ONE_WAY
        if not held or not is_one_way:
            return
        size = world.scene.spec(symbol).step * self.steps
        world.simulator.trade(uid, symbol, side.opposite.value, held + size)
        world.simulator.trade(uid, symbol, side.value, size + size)
        world.log(f"🔄 {key}: the position of {held} flips twice, and is {size}")


def draw_reopened(seed: int, scene: Scene, drawn: tuple[Move, ...]) -> tuple[Move, ...]:
    """The moves of a seed, in some histories with a position that is replaced unseen.

    Mostly a take-profit of the first one has filled before, and trueup has seen it or not.
    """
    random = SeededRandom(f"{seed}-reopened")
    last_ms = max(move.at_ms for move in drawn)
    if not random.happens(10):
        return drawn
    at_ms = random.between(600, last_ms + 3000)
    monitor = random.between(0, len(scene.monitors) - 1)
    more: list[Move] = []
    if random.happens(85):
        steps = random.choice((None, None, 2))
        more.append(FillTakeProfit(at_ms - 500, monitor, random.between(0, 1), steps))
        if random.happens(70):
            more.append(Run(at_ms - 400, monitor))
    steps = random.between(1, 40)
    if random.happens(25):
        more.append(FlipTwice(at_ms, monitor, steps))
    else:
        more.append(Reopen(at_ms, monitor, steps, random.choice(_GAPS_MS)))
    if random.happens(50):
        more.append(Run(at_ms + random.between(1, 400), monitor))
    return tuple(sorted((*drawn, *more), key=lambda move: move.at_ms))
