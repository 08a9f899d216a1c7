"""What happens to stops: people move them, the market reaches them, entries move the average."""

from dataclasses import dataclass
from decimal import Decimal

from trueup.domain.model.identity import Side
from trueup.domain.model.stop import Stop
from trueup.simulator.api import trading_stop

from ...world.world import World
from .move import MonitorMove

_PERMILLE = Decimal(1000)


@dataclass(frozen=True, slots=True)
class MoveStopByHand(MonitorMove):
    """Somebody moves the position's stop, or removes it.

    Attributes:
        ticks: how far: above 0 is nearer to the market. 0 removes it.
    """

    ticks: int

    @property
    def description(self) -> str:
        """One line for the story."""
        what = f"moves the stop by {self.ticks:+} ticks" if self.ticks else "removes the stop"
        return f"someone {what} of monitor {self.monitor}"

    def do(self, world: World) -> None:
        """Moves it from where it is, if there is one and the exchange allows it."""
        key, book = self.watched(world).key, world.judge.ledger.books[self.watched(world).key]
        held = book.protection.now
        if held is None or not held.stop.price:
            return
        away = world.scene.spec(key.symbol).tick * self.ticks
        price = held.stop.price + (away if key.side is Side.BUY else -away)
        asked = str(price) if self.ticks else "0"
        fields = {"symbol": key.symbol, "positionIdx": book.index, "stopLoss": asked}
        if world.simulator.call_by_hand(key.account, trading_stop.set_trading_stop, fields):
            world.log(f"✋ {key}: someone sets the stop from {held.stop.price} to {asked}")


@dataclass(frozen=True, slots=True)
class ReachStop(MonitorMove):
    """The market goes to the position's stop or past it, and comes back.

    Attributes:
        ticks: how far past it; below 0 it is not reached.
        is_gap: whether there is no trade on the way.
    """

    ticks: int
    is_gap: bool
    lasts_ms: int

    @property
    def description(self) -> str:
        """One line for the story."""
        how = "gaps" if self.is_gap else "goes"
        return f"the market {how} {self.ticks:+} ticks past the stop of monitor {self.monitor}"

    def do(self, world: World) -> None:
        """Moves the price, if there is a stop."""
        key = self.watched(world).key
        held, tick = world.judge.ledger.books[key].protection.now, world.scene.spec(key.symbol).tick
        if held is None or not held.stop.price or key.symbol not in world.simulator.symbols:
            return
        past = tick * self.ticks
        price = held.stop.price - past if key.side is Side.BUY else held.stop.price + past
        go(world, key.symbol, max(price, tick), self.lasts_ms, is_gap=self.is_gap)


@dataclass(frozen=True, slots=True)
class GoIntoProfit(MonitorMove):
    """The market goes so far into profit from the base price, and comes back.

    Attributes:
        permille: of the base price; below 0 is a loss.
    """

    permille: int
    lasts_ms: int

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"the market goes {self.permille:+}‰ into the profit of monitor {self.monitor}"

    def do(self, world: World) -> None:
        """Moves the price, to the tick."""
        key = self.watched(world).key
        if key.symbol not in world.simulator.symbols:
            return
        base, tick = world.scene.base_price(key.symbol), world.scene.spec(key.symbol).tick
        away = base * self.permille / _PERMILLE // tick * tick
        go(world, key.symbol, base + away if key.side is Side.BUY else base - away, self.lasts_ms)


@dataclass(frozen=True, slots=True)
class EnterAt(MonitorMove):
    """An entry fills away from the base price: the average moves.

    Attributes:
        ticks: how much worse than the base price; below 0 is better.
    """

    steps: int
    ticks: int

    @property
    def description(self) -> str:
        """One line for the story."""
        return (
            f"an entry of {self.steps} steps, {self.ticks:+} ticks off, fills for "
            f"monitor {self.monitor}"
        )

    def do(self, world: World) -> None:
        """Adds to the position, unless the contract is gone or the other side is held."""
        key, simulator = self.watched(world).key, world.simulator
        if key.symbol in world.delivered or key.symbol not in simulator.symbols:
            return
        spec, base = world.scene.spec(key.symbol), world.scene.base_price(key.symbol)
        away = spec.tick * self.ticks
        price = base + away if key.side is Side.BUY else base - away
        order_id = simulator.place_entry(
            key.account, key.symbol, key.side.value, spec.step * self.steps, price, ""
        )
        if any(order.order_id == order_id for order in simulator.orders(key.account, key.symbol)):
            simulator.fill(key.account, order_id)
        held = simulator.position(key.account, key.symbol, key.side.value)
        world.log(f"💹 {key}: {self.description}; {held.size} at {held.average_price}")


@dataclass(frozen=True, slots=True)
class GiveStop(MonitorMove):
    """The trader gives the monitor another stop."""

    stop: Stop

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"monitor {self.monitor} gets another stop"

    def do(self, world: World) -> None:
        """Replaces the stop, as ``watch`` does."""
        key = self.watched(world).key
        world.log(f"🛡️ {key}: the new stop is {words_of(self.stop)}")
        world.give_stop(key, self.stop)


def go(world: World, symbol: str, price: Decimal, lasts_ms: int, *, is_gap: bool = False) -> None:
    """The market goes to a price, and comes back to the base price."""
    world.log(f"📈 {symbol} {'gaps' if is_gap else 'goes'} to {price}, for {lasts_ms} ms")
    world.set_price(symbol, price, gap=is_gap)

    def back() -> None:
        if symbol in world.simulator.symbols:
            world.set_price(symbol, world.scene.base_price(symbol))
            world.log(f"📉 {symbol} is back at the base price")

    world.lasts(lasts_ms, back)


def words_of(stop: Stop) -> str:
    """The settings that are not as by default, for the story."""
    default = Stop()
    names = (name for name in Stop.__dataclass_fields__ if name not in ("form", "on_crossed"))
    settings = {name: getattr(stop, name) for name in names}
    return ", ".join(f"{n} {v}" for n, v in settings.items() if v != getattr(default, n))
