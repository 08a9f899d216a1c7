"""What the market does: entries and take-profits fill, and the price moves."""

from dataclasses import dataclass, replace
from decimal import Decimal

from ...world.triggers import Trigger
from ...world.world import World
from .move import MonitorMove, Move, take_profits


@dataclass(frozen=True, slots=True)
class FillEntry(MonitorMove):
    """An entry fills: the position grows, or opens again."""

    steps: int

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"an entry of {self.steps} steps fills for monitor {self.monitor}"

    def do(self, world: World) -> None:
        """Places the entry at the base price and fills it, unless the contract is delivered."""
        key = self.watched(world).key
        if key.symbol in world.delivered:
            return
        simulator = world.simulator
        quantity = world.scene.spec(key.symbol).step * self.steps
        price = world.scene.base_price(key.symbol)
        order_id = simulator.place_entry(
            key.account, key.symbol, key.side.value, quantity, price, ""
        )
        if any(order.order_id == order_id for order in simulator.orders(key.account, key.symbol)):
            simulator.fill(key.account, order_id)
        size = simulator.position(key.account, key.symbol, key.side.value).size
        world.log(f"💹 {key}: an entry of {quantity} fills, the position is {size}")


@dataclass(frozen=True, slots=True)
class FillRestingEntry(MonitorMove):
    """An entry that rests fills, completely or by some steps.

    Attributes:
        place: which of them, oldest first.
    """

    place: int
    steps: int | None

    @property
    def description(self) -> str:
        """One line for the story."""
        amount = "completely" if self.steps is None else f"by {self.steps} steps"
        return f"resting entry number {self.place} of monitor {self.monitor} fills {amount}"

    def do(self, world: World) -> None:
        """Fills the order at that place, if there is one."""
        key = self.watched(world).key
        resting = [
            order
            for order in world.simulator.orders(key.account, key.symbol)
            if order.is_active and order.side.value == key.side.value and not order.reduce_only
        ]
        if not resting:
            return
        order = sorted(resting, key=lambda one: one.number)[self.place % len(resting)]
        step = world.scene.spec(key.symbol).step
        amount = None if self.steps is None else step * self.steps
        done = world.simulator.fill(key.account, order.order_id, amount)
        world.log(f"💹 {key}: {done} of the entry {order.link_id} at {order.price} fills")


@dataclass(frozen=True, slots=True)
class FillTakeProfit(MonitorMove):
    """A take-profit fills, completely or by some steps."""

    place: int
    steps: int | None

    @property
    def description(self) -> str:
        """One line for the story."""
        amount = "completely" if self.steps is None else f"by {self.steps} steps"
        return f"TP number {self.place} of monitor {self.monitor} fills {amount}"

    def do(self, world: World) -> None:
        """Fills the order at that place, if there is one."""
        watched = self.watched(world)
        resting = take_profits(world, watched)
        if not resting:
            return
        key, order = watched.key, resting[self.place % len(resting)]
        step = world.scene.spec(key.symbol).step
        amount = None if self.steps is None else step * self.steps
        done = world.simulator.fill(key.account, order.order_id, amount)
        world.triggered_faults.fire(Trigger.FILL)
        world.log(f"💰 {key}: {done} of {order.leaves} at {order.price} fills")


@dataclass(frozen=True, slots=True)
class MovePrice(Move):
    """The price moves, and returns to where it was at the start."""

    instrument: int
    ticks: int

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"the price of instrument {self.instrument} goes {self.ticks:+} ticks and back"

    def do(self, world: World) -> None:
        """Moves the price there and back."""
        spec, base = world.scene.instruments[self.instrument]
        target = base + spec.tick * self.ticks
        world.log(f"📈 {spec.symbol} goes to {target} and back to {base}")
        world.set_price(spec.symbol, target)
        world.set_price(spec.symbol, base)


@dataclass(frozen=True, slots=True)
class ChangeRules(Move):
    """The exchange makes a contract's rules stricter; orders that rest stay as they are.

    Attributes:
        instrument: the contract, by its place in the scene.
        rule: ``tick``, ``step``, ``max_quantity``, ``min_notional`` or ``band``.
        factor: how many times the tick or the step; how many steps the largest order has, or how
            many are worth the smallest order; how many tenths of a percent the band is wide.
        checks_price: whether the exchange checks the price in an amend that does not change it.
    """

    instrument: int
    rule: str
    factor: int
    checks_price: bool = True

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"the exchange changes {self.rule} of instrument {self.instrument} (×{self.factor})"

    def do(self, world: World) -> None:
        """Changes the rule, and tells the judge."""
        spec, base = world.scene.instruments[self.instrument]
        if spec.symbol not in world.simulator.symbols:
            return
        coarse = spec.step * self.factor
        changes: dict[str, dict[str, Decimal]] = {
            "tick": {"tick": spec.tick * self.factor},
            "step": {"step": coarse, "min_quantity": max(coarse, spec.min_quantity)},
            "max_quantity": {"max_quantity": coarse},
            "min_notional": {"min_notional": base * coarse},
            "band": {
                "min_price": base * (1000 - self.factor) / 1000,
                "max_price": base * (1000 + self.factor) / 1000,
            },
        }
        rules = changes[self.rule]
        changed = world.simulator.set_instrument(spec.symbol, **rules)
        behaviour = world.simulator.behaviour
        world.simulator.behaviour = replace(behaviour, amend_checks_price=self.checks_price)
        world.judge.ledger.note_rules(changed, world.now_ms())
        figures = ", ".join(f"{name} {value}" for name, value in rules.items())
        world.log(f"📐 {spec.symbol}: the exchange changes {figures}")
