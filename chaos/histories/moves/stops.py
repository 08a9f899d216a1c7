"""What happens to stops: people move them, the market reaches them, entries move the average."""

from dataclasses import dataclass
from decimal import Decimal

from trueup.domain.model.identity import Side
from trueup.domain.model.stop import NO_STOP, Stop
from trueup.simulator import SimOrder
from trueup.simulator.api import trading_stop, writes

from ...ledger.book import Book
from ...world.world import World
from .move import MonitorMove

_HUNDRED, _PERMILLE = Decimal(100), Decimal(1000)


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
        if held.is_order:
            self._move_order(world, book, price)
            return
        fields = {"symbol": key.symbol, "positionIdx": book.index, "stopLoss": asked}
        if world.simulator.call_by_hand(key.account, trading_stop.set_trading_stop, fields):
            world.log(f"✋ {key}: someone sets the stop from {held.stop.price} to {asked}")

    def _move_order(self, world: World, book: Book, price: Decimal) -> None:
        """Amends the order of ours that is the stop, or cancels it."""
        account = book.key.account
        for order in stop_orders(world, book):
            fields = {"symbol": order.symbol, "orderId": order.order_id, "triggerPrice": str(price)}
            if not self.ticks:
                world.simulator.cancel_by_hand(account, order.order_id)
                world.log(f"✋ {book.key}: someone cancels the stop's order")
            elif world.simulator.by_hand(account, writes.amend, fields):
                world.log(f"✋ {book.key}: someone amends the stop's order to {price}")


@dataclass(frozen=True, slots=True)
class ResizeStopByHand(MonitorMove):
    """Somebody changes the quantity of the order of ours that is the stop.

    Attributes:
        percent: of what it was.
    """

    percent: int

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"someone makes the stop's order of monitor {self.monitor} {self.percent}% as large"

    def do(self, world: World) -> None:
        """Amends it, if there is one and the exchange allows it."""
        key, book = self.watched(world).key, world.judge.ledger.books[self.watched(world).key]
        step = world.scene.spec(key.symbol).step
        for order in stop_orders(world, book):
            part = order.quantity * self.percent / _HUNDRED
            fields = {
                "symbol": order.symbol,
                "orderId": order.order_id,
                "qty": str(max(part // step * step, step)),
            }
            if world.simulator.by_hand(key.account, writes.amend, fields):
                world.log(f"✋ {key}: someone amends the stop's order to close {fields['qty']}")


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


class RemoveStop(MonitorMove):
    """The trader wants no stop of the monitor any more."""

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"monitor {self.monitor} is to have no stop any more"

    def do(self, world: World) -> None:
        """Takes the stop off, as ``watch`` does."""
        key = self.watched(world).key
        world.log(f"🛡️ {key}: no stop is wanted any more")
        world.give_stop(key, NO_STOP)


def stop_orders(world: World, book: Book) -> list[SimOrder]:
    """The orders of ours that wait for a trigger as the monitor's stop."""
    orders = world.simulator.orders(book.key.account, book.key.symbol)
    return [
        order
        for order in orders
        if order.is_conditional and order.link_id in book.protection.link_ids
    ]


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
    names = (name for name in Stop.__dataclass_fields__ if name != "on_crossed")
    settings = {name: getattr(stop, name) for name in names}
    return ", ".join(f"{n} {v}" for n, v in settings.items() if v != getattr(default, n))
