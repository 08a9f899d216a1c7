"""What a newer exchange does: values that nobody knows, fields that are left out, halts."""

from dataclasses import dataclass, replace

from trueup.simulator import InstrumentSpec, PositionItems

from ...world.world import World
from .move import MonitorMove, Move

ELSEWHERE = InstrumentSpec(
    symbol="ODDUSDT", tick="0.01", step="1", min_quantity="1", max_quantity="1000"
)
"""A contract that nobody watches."""

_PRICE_ELSEWHERE = "10"
_FAR = 400


@dataclass(frozen=True, slots=True)
class PlaceOdd(MonitorMove):
    """Somebody places an order of a kind that trueup does not know.

    Attributes:
        field: the field of its rows with a value that trueup does not know.
        value: that value.
        lasts_ms: how long the order stays beside a monitor.
        is_elsewhere: whether the order is of a contract that nobody watches. It then stays for
            good; beside a monitor it is cancelled after a while.
    """

    field: str
    value: str
    lasts_ms: int
    is_elsewhere: bool = False

    @property
    def description(self) -> str:
        """One line for the story."""
        where = ELSEWHERE.symbol if self.is_elsewhere else f"beside monitor {self.monitor}"
        return f"someone places an entry {where} that shows {self.field} {self.value!r}"

    def do(self, world: World) -> None:
        """Places the order far from the price, and lets its rows show the value."""
        key, simulator = self.watched(world).key, world.simulator
        if self.is_elsewhere:
            simulator.add_instrument(ELSEWHERE, _PRICE_ELSEWHERE)
            spec, price, symbol = ELSEWHERE, ELSEWHERE.tick, ELSEWHERE.symbol
        else:
            spec, symbol = world.scene.spec(key.symbol), key.symbol
            away = spec.tick * _FAR * (1 if key.side.value == "Buy" else -1)
            price = world.scene.base_price(symbol) - away
        order_id = simulator.place_entry(
            key.account, symbol, key.side.value, spec.min_quantity, price
        )
        simulator.show_order_as(key.account, order_id, **{self.field: self.value})
        world.log(f"🆕 {key}: {self.description}")

        def end() -> None:
            if any(order.order_id == order_id for order in simulator.orders(key.account, symbol)):
                with world.external_changes():
                    simulator.cancel_by_hand(key.account, order_id)

        if not self.is_elsewhere:
            world.clock.call_at(world.now_ms() + self.lasts_ms, end)


@dataclass(frozen=True, slots=True)
class LeaveOut(Move):
    """From now on, items of the position stream leave fields out."""

    items: PositionItems

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"items of the position stream are {self.items.value}"

    def do(self, world: World) -> None:
        """Switches the exchange's behaviour."""
        world.log(f"🆕 {self.description}")
        world.simulator.behaviour = replace(world.simulator.behaviour, position_items=self.items)


@dataclass(frozen=True, slots=True)
class Halt(Move):
    """A contract takes no orders for a while."""

    instrument: int
    status: str
    phase: str
    lasts_ms: int

    @property
    def description(self) -> str:
        """One line for the story."""
        status = " ".join(filter(None, (self.status, self.phase)))
        return f"instrument {self.instrument} is {status} for {self.lasts_ms} ms"

    def do(self, world: World) -> None:
        """Halts the contract, and schedules the end of it."""
        spec, _ = world.scene.instruments[self.instrument]
        world.simulator.set_instrument_status(spec.symbol, self.status, self.phase)
        world.log(f"⛔ {self.description}")

        def resume() -> None:
            if spec.symbol in world.simulator.symbols:
                world.simulator.set_instrument_status(spec.symbol, "Trading")

        world.clock.call_at(world.now_ms() + self.lasts_ms, resume)
