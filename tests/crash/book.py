"""The exchange's book, looked at after every change: no two orders for one place, ever."""

from decimal import Decimal

from trueup.simulator import Change, SimOrder, SimPosition, Simulator

ZERO = Decimal(0)
Place = tuple[str, str, int]


class Book:
    """Listens to a simulator and notes every moment that breaks promise P1 or P3.

    Attributes:
        duplicates: moments at which two live TP orders of an account stood at one price.
        excesses: moments at which a TP order lifted the cover above the position.
        made: how many TP orders the exchange ever accepted, by account.
    """

    def __init__(self, sim: Simulator) -> None:
        self.duplicates: list[str] = []
        self.excesses: list[str] = []
        self.made: dict[str, int] = dict.fromkeys(sim.accounts, 0)
        self._live: dict[str, dict[str, SimOrder]] = {
            uid: {order.order_id: order for order in sim.orders(uid) if is_tp(order)}
            for uid in sim.accounts
        }
        self._known = {order_id for live in self._live.values() for order_id in live}
        self._sizes: dict[Place, Decimal] = {
            (uid, position.symbol, position.idx): position.size
            for uid in sim.accounts
            for position in sim.positions(uid)
        }
        sim.listen(self._hear)

    def _hear(self, changes: tuple[Change, ...]) -> None:
        touched: dict[Place, Decimal] = {}
        for change in changes:
            subject = change.subject
            if isinstance(subject, SimOrder) and is_tp(subject):
                place = (change.uid, subject.symbol, subject.position_idx)
                touched.setdefault(place, self._cover(place))
                self._take(change.uid, subject)
        for change in changes:
            if isinstance(change.subject, SimPosition):
                place = (change.uid, change.subject.symbol, change.subject.idx)
                self._sizes[place] = change.subject.size
        for place, before in touched.items():
            self._check(place, before)

    def _take(self, uid: str, order: SimOrder) -> None:
        if order.order_id not in self._known:
            self._known.add(order.order_id)
            self.made[uid] += 1
        if order.status.is_open:
            self._live[uid][order.order_id] = order
        else:
            self._live[uid].pop(order.order_id, None)

    def _check(self, place: Place, before: Decimal) -> None:
        prices: dict[Decimal, str] = {}
        for order in self._at(place):
            twin = prices.setdefault(order.price, order.link_id)
            if twin != order.link_id:
                self.duplicates.append(f"{twin} and {order.link_id} at {order.price}")
        cover, size = self._cover(place), self._sizes.get(place, ZERO)
        if cover > max(before, size):
            self.excesses.append(f"{cover} covered of {size}")

    def _at(self, place: Place) -> list[SimOrder]:
        uid, symbol, idx = place
        live = self._live[uid].values()
        return [o for o in live if (o.symbol, o.position_idx) == (symbol, idx)]

    def _cover(self, place: Place) -> Decimal:
        return sum((order.leaves for order in self._at(place)), ZERO)


def is_tp(order: SimOrder) -> bool:
    """Whether it is a take-profit order: reduce-only, a limit, without a trigger."""
    return order.reduce_only and order.order_type == "Limit" and order.trigger_price is None
