"""Refusals that do not end by themselves, and orders of others that take the room."""

from dataclasses import dataclass, replace

from trueup.simulator import Fault, FaultKind, ReduceOnlySum

from ...world.world import World
from .move import MonitorMove, Move

_FAR = 70


@dataclass(frozen=True, slots=True)
class RefuseWrites(Move):
    """For a while, every write of some kind is answered with the same code, and has no effect.

    Attributes:
        account: whose writes.
        path: a part of the path of the writes.
        code: the answer.
        lasts_ms: for how long.
    """

    account: str
    path: str
    code: int
    lasts_ms: int

    @property
    def description(self) -> str:
        """One line for the story."""
        return f"every {self.path} of {self.account} gets {self.code} for {self.lasts_ms} ms"

    def do(self, world: World) -> None:
        """Refuses the writes, and schedules the end of it."""
        fault = Fault(
            kind=FaultKind.RET_CODE,
            path=self.path,
            uid=self.account,
            times=None,
            effect=False,
            code=self.code,
            text="refused",
        )
        world.simulator.inject(fault)
        world.log(f"🚧 {self.description}")
        world.clock.call_at(
            world.now_ms() + self.lasts_ms, lambda: world.simulator.clear_faults(fault)
        )


@dataclass(frozen=True, slots=True)
class OccupyRoom(MonitorMove):
    """Somebody's own take-profit takes a part of the position's room, for a while.

    Attributes:
        percent: how much of the position it closes.
        lasts_ms: how long it rests.
        rule: what the exchange does meanwhile where reduce-only orders exceed the position.
    """

    percent: int
    lasts_ms: int
    rule: ReduceOnlySum

    @property
    def description(self) -> str:
        """One line for the story."""
        return (
            f"someone's take-profit of {self.percent}% rests beside monitor {self.monitor} "
            f"for {self.lasts_ms} ms; the exchange's rule is {self.rule.value}"
        )

    def do(self, world: World) -> None:
        """Rests the order, and schedules its end."""
        key, simulator = self.watched(world).key, world.simulator
        spec, base = world.scene.spec(key.symbol), world.scene.base_price(key.symbol)
        book = world.judge.ledger.books[key]
        quantity = book.size * self.percent / 100 // spec.step * spec.step
        if not quantity:
            return
        before = simulator.behaviour.reduce_only_sum
        simulator.behaviour = replace(simulator.behaviour, reduce_only_sum=self.rule)
        away = spec.tick * _FAR * (1 if key.side.value == "Buy" else -1)
        order_id = simulator.record_order(
            key.account,
            symbol=key.symbol,
            side=key.side.opposite.value,
            orderType="Limit",
            qty=quantity,
            price=base + away,
            reduceOnly=True,
            orderLinkId=f"my-own-{self.at_ms}",
        )
        world.log(f"✋ {key}: {self.description}")

        def end() -> None:
            simulator.behaviour = replace(simulator.behaviour, reduce_only_sum=before)
            if any(order.order_id == order_id for order in simulator.orders(key.account)):
                with world.external_changes():
                    simulator.cancel_by_hand(key.account, order_id)

        world.clock.call_at(world.now_ms() + self.lasts_ms, end)
