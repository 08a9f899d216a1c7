"""The exchange's book, looked at after every change: no two orders for a place, no stop lost."""

import re
from decimal import Decimal

from trueup.simulator import Change, SimOrder, SimPosition, Simulator

ZERO = Decimal(0)
Place = tuple[str, str, int]
_OWN_STOP = re.compile(r"(BOT|MIR)_SL_[A-Z0-9]+_[0-9]{13}_[0-9]{4}")


class Book:
    """Listens to a simulator and notes every moment that breaks promise P1, P3 or P12.

    Attributes:
        duplicates: moments at which two live TP orders of an account stood at one price.
        excesses: moments at which a TP order lifted the cover above the position.
        unprotected: moments at which the stop of an open position was looser than before, or gone.
        made: how many TP orders the exchange ever accepted, by account.
    """

    def __init__(self, sim: Simulator) -> None:
        self.duplicates: list[str] = []
        self.excesses: list[str] = []
        self.unprotected: list[str] = []
        self._sim = sim
        self.made: dict[str, int] = dict.fromkeys(sim.accounts, 0)
        self._live: dict[str, dict[str, SimOrder]] = {
            uid: {order.order_id: order for order in sim.orders(uid) if is_tp(order)}
            for uid in sim.accounts
        }
        self._known = {order_id for live in self._live.values() for order_id in live}
        self._sizes: dict[Place, Decimal] = {
            _place(uid, position): position.size
            for uid in sim.accounts
            for position in sim.positions(uid)
        }
        self._quantities = {place: self._quantity(place) for place in self._sizes}
        self._stops = {place: self._stop(place) for place in self._sizes}
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
                place = _place(change.uid, change.subject)
                self._sizes[place] = change.subject.size
        for place, before in touched.items():
            self._check(place, before)
        for place, size in self._sizes.items():
            self._check_order(place, size)
            self._check_stop(place, size)

    def _check_stop(self, place: Place, size: Decimal) -> None:
        """Holds the stop of a position against the one of before; a closed one forgets it."""
        stop, before = self._stop(place), self._stops.get(place, ZERO)
        self._stops[place] = stop if size else ZERO
        if not size or not before:
            return
        position = next(p for p in self._sim.positions(place[0]) if _place(place[0], p) == place)
        is_looser = stop < before if position.side == "Buy" else stop > before
        if not stop or is_looser:
            self.unprotected.append(f"the stop of {size} went from {before} to {stop}")

    def _check_order(self, place: Place, size: Decimal) -> None:
        """Two orders of ours are no stop; and none shrinks below the position by a write."""
        own = [order for order in self._sim.orders(place[0], place[1]) if is_own_stop(order)]
        if len(own) > 1:
            self.duplicates.append(" and ".join(order.link_id for order in own))
        now, before = self._quantity(place), self._quantities.get(place, ZERO)
        self._quantities[place] = now
        if size and now < min(size, before):
            self.unprotected.append(f"the order went from {before} to {now} of {size}")

    def _quantity(self, place: Place) -> Decimal:
        uid, symbol, idx = place
        own = [o for o in self._sim.orders(uid, symbol) if is_own_stop(o) and o.position_idx == idx]
        return max((order.leaves for order in own), default=ZERO)

    def _stop(self, place: Place) -> Decimal:
        """Where the position's own stop-loss is, or an order of ours; 0 for none."""
        uid, symbol, idx = place
        for order in self._sim.orders(uid, symbol):
            if order.position_idx == idx and (
                order.stop_order_type == "StopLoss" or is_own_stop(order)
            ):
                return order.trigger_price or ZERO
        return ZERO

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


def _place(uid: str, position: SimPosition) -> Place:
    return uid, position.symbol, position.idx


def is_stop(order: SimOrder) -> bool:
    """Whether it is the exchange's own stop of a position, whole; or an order of ours."""
    return order.stop_order_type in ("StopLoss", "TrailingStop") or is_own_stop(order)


def is_own_stop(order: SimOrder) -> bool:
    """Whether it is a conditional order of ours, by its link id."""
    return order.is_conditional and _OWN_STOP.fullmatch(order.link_id) is not None


def is_tp(order: SimOrder) -> bool:
    """Whether it is a take-profit order: reduce-only, a limit, without a trigger."""
    return order.reduce_only and order.order_type == "Limit" and order.trigger_price is None
