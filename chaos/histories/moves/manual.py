"""What people do in the app: close, reduce and flip positions, change, cancel and place orders."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from trueup.domain.model.identity import PositionMode
from trueup.domain.model.ladder import Ladder
from trueup.simulator.api import trading_stop, writes

from ...world.world import World
from .move import MonitorMove, take_profits

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class SetPosition(MonitorMove):
    """Somebody closes the position, or reduces it to some percent."""

    percent: int

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"someone leaves {self.percent}% of the position of monitor {self.monitor}"

    def do(self, world: World) -> None:
        """Sets the position, if there is one."""
        key = self.watched(world).key
        held = world.simulator.position(key.account, key.symbol, key.side.value)
        if not held.size:
            return
        step = world.scene.spec(key.symbol).step
        size = held.size * self.percent // (_HUNDRED * step) * step
        world.simulator.set_position(
            key.account, key.symbol, key.side.value, size, held.average_price
        )
        world.log(f"✋ {key}: someone takes the position from {held.size} to {size}")


@dataclass(frozen=True, slots=True)
class Flip(MonitorMove):
    """The position turns to the other side; only in one-way mode."""

    steps: int

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"the position of monitor {self.monitor} flips"

    def do(self, world: World) -> None:
        """Turns the position."""
        key = self.watched(world).key
        if world.scene.account(key.account).position_mode is not PositionMode.ONE_WAY:
            return
        size = world.scene.spec(key.symbol).step * self.steps
        price = world.scene.base_price(key.symbol)
        world.simulator.set_position(key.account, key.symbol, key.side.opposite.value, size, price)
        world.log(f"🔄 {key}: the position flips to {key.side.opposite.value} {size}")


@dataclass(frozen=True, slots=True)
class CancelByHand(MonitorMove):
    """Somebody cancels a take-profit."""

    place: int

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"someone cancels TP number {self.place} of monitor {self.monitor}"

    def do(self, world: World) -> None:
        """Cancels the order at that place, if there is one."""
        watched = self.watched(world)
        resting = take_profits(world, watched)
        if resting:
            order = resting[self.place % len(resting)]
            world.simulator.cancel_by_hand(watched.key.account, order.order_id)
            world.log(f"✋ {watched.key}: someone cancels {order.leaves} at {order.price}")


@dataclass(frozen=True, slots=True)
class AmendByHand(MonitorMove):
    """Somebody changes a take-profit: its price by ticks, or its quantity by steps."""

    place: int
    ticks: int
    steps: int

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"someone amends TP number {self.place} of monitor {self.monitor}"

    def do(self, world: World) -> None:
        """Amends the order at that place, if there is one and the exchange allows it."""
        watched = self.watched(world)
        resting = take_profits(world, watched)
        if not resting:
            return
        key, order = watched.key, resting[self.place % len(resting)]
        spec = world.scene.spec(key.symbol)
        fields = {
            "symbol": key.symbol,
            "orderId": order.order_id,
            "price": order.price + spec.tick * self.ticks,
            "qty": order.quantity + spec.step * self.steps,
        }
        if world.simulator.by_hand(key.account, writes.amend, fields):
            world.log(
                f"✋ {key}: someone amends {order.quantity} at {order.price} "
                f"to {fields['qty']} at {fields['price']}"
            )


@dataclass(frozen=True, slots=True)
class PlaceExternal(MonitorMove):
    """Somebody places an order of their own: a limit order far away, or a stop-loss."""

    link_id: str
    is_stop: bool
    ticks: int
    steps: int

    @property
    def description(self) -> str:
        """One line for the story."""
        kind = "stop-loss" if self.is_stop else "limit order"
        return f"someone places a {kind} {self.link_id!r} beside monitor {self.monitor}"

    def do(self, world: World) -> None:
        """Places the order, whatever the exchange's rules say."""
        key = self.watched(world).key
        spec, base = world.scene.spec(key.symbol), world.scene.base_price(key.symbol)
        away = spec.tick * self.ticks * (1 if key.side.value == "Buy" else -1)
        link_id = f"{self.link_id}_{self.at_ms}_{self.steps}" if self.link_id else ""
        fields: dict[str, Any] = {
            "symbol": key.symbol,
            "side": key.side.opposite.value,
            "orderType": "Limit",
            "qty": spec.step * self.steps,
            "price": base - away if self.is_stop else base + away,
            "reduceOnly": True,
            "orderLinkId": link_id,
        }
        if self.is_stop:
            fields |= {
                "triggerPrice": base - away,
                "triggerDirection": 2 if key.side.value == "Buy" else 1,
            }
        world.simulator.record_order(key.account, **fields)
        world.log(f"✋ {key}: {self.description}")


@dataclass(frozen=True, slots=True)
class RestEntry(MonitorMove):
    """Somebody places a limit order of their own that is no take-profit, mostly an entry.

    Attributes:
        link_id: how its link id begins; empty for none.
        ticks: how much better than the base price it fills; below 0 for one that waits for a
            trigger as far on the other side.
        kind: ``entry``, or what no rule for entries means: ``other side`` or ``reduce-only``. Those
            two rest where the position would gain.
    """

    link_id: str
    ticks: int
    steps: int
    kind: str = "entry"

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"someone rests the order {self.link_id!r} ({self.kind}) for monitor {self.monitor}"

    def do(self, world: World) -> None:
        """Places the order, whatever the exchange's rules say."""
        key = self.watched(world).key
        if key.symbol in world.delivered or key.symbol not in world.simulator.symbols:
            return
        spec, base = world.scene.spec(key.symbol), world.scene.base_price(key.symbol)
        is_entry, way = self.kind == "entry", -1 if key.side.value == "Buy" else 1
        price = base + spec.tick * self.ticks * (way if is_entry else -way)
        fields: dict[str, Any] = {
            "symbol": key.symbol,
            "side": (key.side if is_entry else key.side.opposite).value,
            "orderType": "Limit",
            "qty": spec.step * self.steps,
            "price": price,
            "reduceOnly": self.kind == "reduce-only",
            "orderLinkId": f"{self.link_id}{self.at_ms}_{self.steps}" if self.link_id else "",
        }
        if is_entry and self.ticks < 0:
            fields |= {
                "triggerPrice": price,
                "triggerDirection": 1 if key.side.value == "Buy" else 2,
            }
        world.simulator.record_order(key.account, **fields)
        world.log(f"✋ {key}: {self.description}: {fields['orderLinkId']} at {price}")


@dataclass(frozen=True, slots=True)
class SetStopLoss(MonitorMove):
    """Somebody sets the exchange's own stop-loss of the position."""

    ticks: int

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"someone sets a stop-loss for monitor {self.monitor} by trading-stop"

    def do(self, world: World) -> None:
        """Sets the stop-loss, if there is a position."""
        key = self.watched(world).key
        spec, base = world.scene.spec(key.symbol), world.scene.base_price(key.symbol)
        away = spec.tick * self.ticks * (1 if key.side.value == "Buy" else -1)
        index = world.judge.ledger.books[key].index
        fields = {"symbol": key.symbol, "positionIdx": index, "stopLoss": str(base - away)}
        if world.simulator.call_by_hand(key.account, trading_stop.set_trading_stop, fields):
            world.log(f"✋ {key}: someone sets a stop-loss at {base - away}")


@dataclass(frozen=True, slots=True)
class EditLadder(MonitorMove):
    """The trader gives the monitor another ladder."""

    ladder: Ladder

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"monitor {self.monitor} gets another ladder of {len(self.ladder.levels)} levels"

    def do(self, world: World) -> None:
        """Replaces the ladder, as ``watch`` does."""
        key = self.watched(world).key
        levels = ", ".join(f"{level.share}% at {level.price}" for level in self.ladder.levels)
        world.log(f"🪜 {key}: the new ladder is {levels}")
        world.watch(key, self.ladder)
