"""Orders that rest and that the contract's rules would not allow again: what each of them keeps.

Rules bind what is placed or amended; an order that rests outlives a change of them. Such an order
still closes its part of the position, and what cannot be made again is not given up: it is held,
its level counts what it covers, and the other orders are planned around it (promise P4). Only the
position itself outranks it: more than that shall not rest (promise P3), unless nothing that rests
could take its place.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from operator import attrgetter

from ..model.instrument import ZERO, Instrument, plain
from ..model.record import MonitorRecord, Origin, OwnedOrder, OwnedStatus
from .pairing import pair_orders
from .targets import Target, Targets

_PLACE = attrgetter("level", "part")


@dataclass(frozen=True, slots=True)
class HeldOrder:
    """An order that cannot be made again, and what becomes of it.

    It keeps its price, and is never replaced. It shrinks or goes where the position demands it; one
    that has to go may serve a level whose price the rules allow.

    Attributes:
        order: as it rests.
        why: a phrase for people.
        least: what it covers when it has shrunk as far as it can: all, if it cannot shrink.
        keeps: what it shall cover; 0 if it has to go.
        is_doubtful: whether the exchange may refuse to let it shrink.
        may_move: whether the exchange may accept it at another price.
        is_refused: whether the exchange refused to amend it, though the rules allow that.
    """

    order: OwnedOrder
    why: str
    least: Decimal
    keeps: Decimal
    is_doubtful: bool = False
    may_move: bool = False
    is_refused: bool = False

    @property
    def target(self) -> Target:
        """The order as it shall rest."""
        order = self.order
        return Target(order.level, order.part, order.asked_price, self.keeps)

    def __str__(self) -> str:
        """What becomes of the order, in figures."""
        name, rests = f"TP{self.order.level}", plain(self.order.remaining)
        if self.keeps == self.order.remaining:
            return f"{name} stays at {rests}: {self.why}"
        if self.keeps:
            return f"{name} shrinks from {rests} to {plain(self.keeps)}: {self.why}"
        return f"{name}'s {rests} has to go, the position is smaller: {self.why}"


def held_at_first(
    record: MonitorRecord,
    instrument: Instrument,
    unchangeable: Collection[str] = (),
    not_amendable: Collection[str] = (),
    immovable: Collection[str] = (),
) -> tuple[HeldOrder, ...]:
    """Orders of levels that the exchange takes no other order for.

    An order whose level has a price that the rules no longer allow can shrink, unless the exchange
    says otherwise of one of them: whether it looks at a price that does not change is not
    documented (docs/v5/order/amend-order.mdx).

    Args:
        record: the monitor.
        instrument: the rules.
        unchangeable: order ids that the exchange refused to amend, though the rules allow it. All
            orders of their levels stay.
        not_amendable: order ids of which the exchange says that they cannot be amended.
        immovable: order ids that the exchange refused to amend to another price.
    """
    live = _live(record)
    refused = {order.level for order in live if order.order_id in unchangeable}
    off = {order.order_link_id: _price_refused(record, order, instrument) for order in live}
    cannot = {*unchangeable, *not_amendable}
    rechecked = any(off[order.order_link_id] and order.order_id in cannot for order in live)
    held: list[HeldOrder] = []
    for order in live:
        why = off[order.order_link_id]
        if why:
            each = _stays(order, why) if rechecked else _shrinks(order, why, instrument)
            stuck = order.order_id in not_amendable or order.order_id in immovable
            held.append(replace(each, may_move=not stuck))
        elif order.level in refused:
            stays = _stays(order, "the exchange refuses to amend it")
            held.append(replace(stays, is_refused=True))
    return tuple(held)


def fitted(
    held: Sequence[HeldOrder], size: Decimal, share: Decimal, instrument: Instrument
) -> tuple[HeldOrder, ...]:
    """The held orders with what each keeps, so that together they cover no more than ``size``.

    They give up only what they must: those that may, shrink, from the farthest level on; and only
    where that is not enough, orders go. Less than a quantity step above the position stays.

    Where they have to shrink, they shrink to their share, so that other levels keep theirs.

    Three orders of 40, 40 and 20, each of which can shrink to 10 at the least, or not at all:

    ========  ======================  ==============================================
    position  they shrink             they stay
    ========  ======================  ==============================================
    90        40, 40, 10              40, 40, –
    60        40, 10, 10              40, –, 20
    25        15, 10, –               –, –, 20
    ========  ======================  ==============================================

    Args:
        held: the orders, the nearest level first.
        size: the open position.
        share: the part of it that their levels should cover; all of it where no other level can.
        instrument: the rules.
    """
    left = _that_fit(held, size, instrument)
    excess = covered_by(left) - size
    if excess >= instrument.quantity_step:
        excess = covered_by(left) - share
    keeps: dict[str, Decimal] = {}
    for each in reversed(left):
        less = max(each.keeps - max(excess, ZERO), each.least)
        less = _on_step(each.order, less, instrument)
        kept = less if ZERO < less < each.keeps and excess > 0 else each.keeps
        keeps[each.order.order_link_id] = kept
        excess -= each.keeps - kept
    return tuple([replace(each, keeps=keeps.get(each.order.order_link_id, ZERO)) for each in held])


def not_given_up(
    record: MonitorRecord,
    instrument: Instrument,
    held: Sequence[HeldOrder],
    beside: Callable[[Sequence[HeldOrder]], Targets],
) -> tuple[HeldOrder, ...]:
    """The held orders, of which one more stays where only new orders could take its place.

    An exchange that refuses what its rules allow may refuse the new order as well, and until that
    rests nothing is covered (promise P4). Being reduce-only, the order closes no more than the
    position. The next run asks for less again.

    The exchange refuses to shrink TP1's order of 100, and the position is 60:

    ================  =============================  ===========================================
    beside it rest    without it                     so
    ================  =============================  ===========================================
    nothing           TP2 and TP3 would be placed    the 100 stay
    TP2's 40          that grows to 60, by an amend  the 100 have to go
    ================  =============================  ===========================================

    Args:
        record: the monitor.
        instrument: the rules.
        held: the orders with what each keeps.
        beside: what shall rest beside such orders.
    """
    going = [each for each in held if each.is_refused and not each.keeps]
    if not going:
        return tuple(held)
    known = {each.order.order_link_id for each in held}
    free = [order for order in _live(record) if order.order_link_id not in known]
    pairs = pair_orders(beside(held).orders, free).pairs
    others = covered_by(held) + sum([target.quantity for _, target in pairs], ZERO)
    if others and record.position_size - others < instrument.quantity_step:
        return tuple(held)
    least = min(going, key=lambda each: each.order.remaining)
    return tuple([replace(each, keeps=each.least) if each is least else each for each in held])


def stays_above(held: Sequence[HeldOrder], size: Decimal) -> bool:
    """Whether the position is smaller than what orders cover that the exchange refused to amend."""
    return any(each.is_refused for each in held) and covered_by(held) > size


def held_for_their_fills(
    record: MonitorRecord,
    instrument: Instrument,
    held: Sequence[HeldOrder],
    beside: Callable[[Sequence[HeldOrder]], Targets],
    not_amendable: Collection[str] = (),
) -> tuple[HeldOrder, ...]:
    """Further orders that have filled off the quantity step.

    A total on the step leaves them with a remainder that is off it, which no target is: another
    quantity would rest than was planned and alerted. They stay as far as the position has room, or
    lacks less than a step for them. Where it lacks more, they shrink to what they would be given
    had they filled on the step, rounded up to a total that is on it. One that cannot be amended is
    replaced instead.

    The step has become 0.1, and 0.05 of an order of 0.92 at the only level has filled:

    ========  =====  ===========================================================
    position  keeps  because
    ========  =====  ===========================================================
    0.90      0.87   it fits
    0.80      0.87   it exceeds the position by less than a step
    0.26      0.35   a total of 0.30 would cover less, and one of 0.40 does not
    0.25      0.25   a total of 0.30 covers just that
    ========  =====  ===========================================================

    Args:
        record: the monitor.
        instrument: the rules.
        held: the orders that are held anyway.
        beside: what shall rest beside such orders.
        not_amendable: order ids of which the exchange says that they cannot be amended.
    """
    known = {each.order.order_link_id for each in held}
    more: list[HeldOrder] = []
    for order in _live(record):
        if order.order_link_id in known or not order.filled % instrument.quantity_step:
            continue
        room = record.position_size - covered_by(held) - covered_by(more)
        keeps = order.remaining
        if keeps - room >= instrument.quantity_step:
            wanted = min(beside((*held, *more)).of_part(order.level, order.part), room)
            if wanted <= 0 or order.order_id in not_amendable:
                continue
            keeps = min(_on_step(order, wanted, instrument), keeps)
        step = plain(instrument.quantity_step)
        why = f"{plain(order.filled)} of it filled, off the quantity step {step}"
        more.append(HeldOrder(order, why, keeps, keeps))
    return tuple(more)


def held_as_outgrown(
    record: MonitorRecord, instrument: Instrument, held: Sequence[HeldOrder]
) -> tuple[HeldOrder, ...]:
    """Further orders whose quantity no amend can change, as far as the position has room.

    The maximum binds an order's total. One that has filled as much, before the maximum was
    lowered, has nothing left to grow into, nor to shrink to. Others cover what it lacks; where
    that is less than the smallest order, it stays uncovered: to gain it, all that the order covers
    would have to be given up for a moment (promise P4).
    """
    room = record.position_size - covered_by(held)
    known = {each.order.order_link_id for each in held}
    largest = plain(instrument.max_quantity)
    more: list[HeldOrder] = []
    for order in _live(record):
        is_outgrown = order.filled >= instrument.max_quantity and _is_at_its_level(record, order)
        if is_outgrown and order.order_link_id not in known and order.remaining <= room:
            room -= order.remaining
            why = f"{plain(order.filled)} of it filled, and the exchange's largest order is"
            more.append(_stays(order, f"{why} {largest} now"))
    return tuple(more)


def held_besides(
    record: MonitorRecord,
    instrument: Instrument,
    held: Sequence[HeldOrder],
    targets: Targets,
) -> tuple[HeldOrder, ...]:
    """Further orders that are worth more than what ``targets`` would make of them.

    An order above the maximum cannot grow, and one below a minimum would go: both stay, as far as
    the position has room for them. That holds for orders that trueup placed, by rules that allowed
    it then; an adopted one is brought into the ladder's shape where that costs no cover. Where the
    targets would cover less than what rests, every order stays that could not be made again, though
    they exceed the position by less than a step.

    Args:
        record: the monitor.
        instrument: the rules.
        held: the orders that are held anyway.
        targets: what shall rest beside them.
    """
    room = record.position_size - covered_by(held)
    known = {each.order.order_link_id for each in held}
    planned = covered_by(held) + sum([target.quantity for target in targets.orders], ZERO)
    loses = planned < min(record.covered, record.position_size)
    more: list[HeldOrder] = []
    for order in _live(record):
        if order.order_link_id in known:
            continue
        if _is_at_its_level(record, order) and order.origin is Origin.PLACED:
            why = _worth_keeping(order, instrument, targets, loses=loses)
        else:
            why = _cannot_be_made_again(order, instrument) if loses else ""
        if loses and not targets.orders:
            why = why or "no other order can take its place"
        beyond = order.remaining - room
        if why and (beyond <= 0 or (loses and beyond < instrument.quantity_step)):
            room -= order.remaining
            more.append(_stays(order, why))
    return tuple(more)


def covered_by(held: Sequence[HeldOrder]) -> Decimal:
    """What the held orders shall cover."""
    return sum([each.keeps for each in held], ZERO)


def _stays(order: OwnedOrder, why: str) -> HeldOrder:
    return HeldOrder(order, why, order.remaining, order.remaining)


def _on_step(order: OwnedOrder, covers: Decimal, instrument: Instrument) -> Decimal:
    """The least that the order can cover that is no less than ``covers``.

    The total of an order is a number of steps; one above the maximum shrinks to that.
    """
    largest = instrument.largest_limit
    return min(instrument.rounded_up(order.filled + covers), largest) - order.filled


def _shrinks(order: OwnedOrder, why: str, instrument: Instrument) -> HeldOrder:
    total = instrument.smallest(order.price)
    least = max(total - order.filled, instrument.quantity_step)
    least = min(least, order.remaining)
    return HeldOrder(order, why, least, order.remaining, is_doubtful=True)


def _that_fit(held: Sequence[HeldOrder], size: Decimal, instrument: Instrument) -> list[HeldOrder]:
    """Those that fit into the position at their least: the largest first."""
    room = size + instrument.quantity_step
    fit: set[str] = set()
    for each in sorted(held, key=lambda each: -each.keeps):
        if each.least < room:
            room -= each.least
            fit.add(each.order.order_link_id)
    return [each for each in held if each.order.order_link_id in fit]


def _live(record: MonitorRecord) -> list[OwnedOrder]:
    live = [order for order in record.orders if order.status is OwnedStatus.OPEN]
    return sorted(live, key=_PLACE)


def _price_refused(record: MonitorRecord, order: OwnedOrder, instrument: Instrument) -> str:
    """Why the order's level can have no other order, or no amend of this one; empty if it can.

    An order that somebody moved off its level's price keeps that price with every amend.
    """
    level = record.ladder.level(order.level) if record.ladder else None
    if level is None:
        return ""
    its_own = order.price if level.price == order.asked_price else level.price
    for price in (level.price, its_own):
        if why := instrument.refuses(price):
            return f"its price {plain(price)} {why}"
    return ""


def _is_at_its_level(record: MonitorRecord, order: OwnedOrder) -> bool:
    level = record.ladder.level(order.level) if record.ladder else None
    return level is not None and level.price == order.asked_price


def _worth_keeping(
    order: OwnedOrder, instrument: Instrument, targets: Targets, *, loses: bool
) -> str:
    """Why the order is worth more than what the targets make of it; empty if it is not."""
    total = order.quantity
    wanted = targets.of_level(order.level) + order.filled
    if min(total, wanted) > instrument.max_quantity:
        return f"the exchange's largest order is {plain(instrument.max_quantity)} now"
    parts = {(target.level, target.part) for target in targets.orders}
    is_gone = (order.level, order.part) not in parts
    if is_gone and not instrument.allows(total, order.price):
        return "it is below the exchange's minimum now"
    return _cannot_be_made_again(order, instrument) if loses else ""


def _cannot_be_made_again(order: OwnedOrder, instrument: Instrument) -> str:
    """Which rule would refuse the order if it were placed now; empty if none would."""
    if order.quantity > instrument.max_quantity:
        return f"the exchange's largest order is {plain(instrument.max_quantity)} now"
    if not instrument.allows(order.quantity, order.price):
        return "it is below the exchange's minimum now"
    if order.quantity % instrument.quantity_step:
        return f"it is no multiple of the quantity step {plain(instrument.quantity_step)}"
    return ""
