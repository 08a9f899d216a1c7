"""What happens in a soak: fills, manual changes, and new ladders."""

from collections import Counter
from collections.abc import Callable

from trueup.domain.model.errors import TrueupError
from trueup.domain.model.identity import MonitorKey
from trueup.engine.reconciler import Reconciler
from trueup.simulator import SimOrder, Simulator

from ..scene.scene import Scene
from ..scene.seeded_random import SeededRandom
from .setup import new_ladder


class Activity:
    """Changes the exchange, one move at a time.

    Attributes:
        done: how often each kind of move was made.
    """

    def __init__(
        self, random: SeededRandom, sim: Simulator, scene: Scene, reconciler: Reconciler
    ) -> None:
        self._dice = random
        self._sim = sim
        self._scene = scene
        self._reconciler = reconciler
        self.done: Counter[str] = Counter()

    def move(self) -> None:
        """Makes one move for one monitor."""
        key = self._dice.choice(self._scene.monitors).key
        moves: tuple[tuple[int, tuple[str, Callable[[MonitorKey], bool]]], ...] = (
            (45, ("entries filled", self._entry)),
            (25, ("take-profits filled", self._take_profit)),
            (8, ("manual cancels", self._cancel)),
            (5, ("manual reductions", self._cut)),
            (3, ("manual closes", self._close)),
            (6, ("other ladders", self._edit)),
        )
        name, move = self._dice.weighted(moves)
        try:
            did = move(key)
        except LookupError:
            return  # the order closed before the move reached it
        self.done[name] += did

    def _entry(self, key: MonitorKey) -> bool:
        quantity = self._scene.spec(key.symbol).step * self._dice.between(1, 60)
        price = self._scene.base_price(key.symbol)
        order_id = self._sim.place_entry(key.account, key.symbol, key.side.value, quantity, price)
        self._sim.fill(key.account, order_id)
        return True

    def _take_profit(self, key: MonitorKey) -> bool:
        resting = self._resting(key)
        if not resting:
            return False
        order = resting[0]
        steps = self._dice.choice((None, 1, 5, 20))
        quantity = None if steps is None else self._scene.spec(key.symbol).step * steps
        self._sim.fill(key.account, order.order_id, quantity)
        return True

    def _cancel(self, key: MonitorKey) -> bool:
        resting = self._resting(key)
        if resting:
            self._sim.cancel_by_hand(key.account, self._dice.choice(resting).order_id)
        return bool(resting)

    def _cut(self, key: MonitorKey) -> bool:
        step = self._scene.spec(key.symbol).step
        held = self._sim.position(key.account, key.symbol, key.side.value)
        size = held.size * self._dice.between(30, 90) // (100 * step) * step
        if not size:
            return False
        self._sim.set_position(key.account, key.symbol, key.side.value, size, held.average_price)
        return True

    def _close(self, key: MonitorKey) -> bool:
        self._sim.set_position(key.account, key.symbol, key.side.value, 0)
        return True

    def _edit(self, key: MonitorKey) -> bool:
        try:
            self._reconciler.watch(
                key.account, key.symbol, key.side, new_ladder(self._dice, self._scene, key)
            )
        except TrueupError:
            return False  # the ladder does not fit the present position
        return True

    def _resting(self, key: MonitorKey) -> list[SimOrder]:
        found = [
            order
            for order in self._sim.orders(key.account, key.symbol)
            if order.is_active and order.reduce_only and order.side.value == key.side.opposite.value
        ]
        base = self._scene.base_price(key.symbol)
        return sorted(found, key=lambda order: abs(order.price - base))
