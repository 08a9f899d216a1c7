"""What the market does to one monitor for a while, beyond the exchange's health and rules."""

from dataclasses import dataclass
from decimal import Decimal

from trueup.domain.model.identity import Side

from ...world.world import World
from .move import MonitorMove, Move


@dataclass(frozen=True, slots=True)
class Delist(Move):
    """A contract is delisted, and listed again later."""

    instrument: int
    lasts_ms: int

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"instrument {self.instrument} is delisted for {self.lasts_ms} ms"

    def do(self, world: World) -> None:
        """Settles its positions, cancels its orders, and schedules the next listing."""
        spec, base = world.scene.instruments[self.instrument]
        if spec.symbol not in world.simulator.symbols:
            return
        world.simulator.delist(spec.symbol)
        world.log(f"⛔ {spec.symbol} is delisted")

        def list_again() -> None:
            world.simulator.add_instrument(world.judge.ledger.rules.get(spec.symbol, spec), base)
            world.judge.ledger.note_price(spec.symbol, base, world.now_ms())
            world.log(f"⛔ {spec.symbol} is listed again")

        world.lasts(self.lasts_ms, list_again)


@dataclass(frozen=True, slots=True)
class EnterBeyond(MonitorMove):
    """An entry lifts the average beyond the first level, or a new position opens there.

    Later the average is back at the base price, where a bot's next entries would bring it.
    """

    is_new: bool
    lasts_ms: int

    @property
    def description(self) -> str:
        """One line for the story."""
        what = "opens anew beyond its TP1" if self.is_new else "is averaged past its TP1"
        return f"monitor {self.monitor} {what}, for {self.lasts_ms} ms"

    def do(self, world: World) -> None:
        """Moves the entry price; the size doubles unless the position is a new one."""
        key, first = self.watched(world).key, self.watched(world).levels[0].price
        simulator, base = world.simulator, world.scene.base_price(key.symbol)
        if key.symbol not in simulator.symbols:
            return
        size = simulator.position(key.account, key.symbol, key.side.value).size
        if not size:
            return

        def put(size: Decimal, price: Decimal) -> None:
            simulator.set_position(key.account, key.symbol, key.side.value, size, price)

        if self.is_new:
            put(Decimal(0), base)
        else:
            size *= 2
        put(size, 2 * first - base)
        world.log(f"💹 {key}: {self.description}; {size} at {2 * first - base}")

        def back() -> None:
            if key.symbol in simulator.symbols:
                left = simulator.position(key.account, key.symbol, key.side.value).size
                if left:
                    put(left, base)

        world.lasts(self.lasts_ms, back)


@dataclass(frozen=True, slots=True)
class PassLevels(MonitorMove):
    """The market passes levels of a monitor, and comes back to where it was at the start.

    Attributes:
        level: the last one that it passes, counted from 0.
        ticks: how far beyond that it goes; 0 is just there.
    """

    level: int
    ticks: int
    lasts_ms: int

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"the market passes level {self.level + 1} of monitor {self.monitor}"

    def do(self, world: World) -> None:
        """Moves the price; on the way it fills what rests."""
        key = self.watched(world).key
        ladder = world.judge.ledger.books[key].record.ladder
        if ladder is None or key.symbol not in world.simulator.symbols:
            return
        level, spec = ladder.levels[self.level % len(ladder.levels)], world.scene.spec(key.symbol)
        ahead = spec.tick * self.ticks
        price = level.price + ahead if key.side is Side.BUY else max(level.price - ahead, spec.tick)
        world.log(f"📈 {key.symbol} goes to {price}, for {self.lasts_ms} ms")
        world.set_price(key.symbol, price)

        def back() -> None:
            if key.symbol in world.simulator.symbols:
                world.set_price(key.symbol, world.scene.base_price(key.symbol))
                world.log(f"📉 {key.symbol} is back at the base price")

        world.lasts(self.lasts_ms, back)
