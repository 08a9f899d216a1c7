"""Adopting live TP orders: which level each stands for, by price rank.

The number in an order's id is only a hint: in 326 ids of the original bot it was wrong (all said
TP4). The rank of a price cannot be wrong.
"""

from collections.abc import Collection, Sequence
from decimal import Decimal
from fractions import Fraction

from ..model.errors import LadderError
from ..model.identity import Side
from ..model.instrument import ZERO
from ..model.ladder import HUNDRED, Ladder
from ..model.order import Order
from ..model.record import Origin, OwnedOrder, OwnedStatus
from ..planning.apportion import apportion, in_proportion

_SHARE_RESOLUTIONS = (Decimal(1), Decimal("0.0001"))


def by_rank(orders: Sequence[Order], side: Side) -> tuple[Order, ...]:
    """The TP orders of a position of ``side``, nearest price first."""
    return tuple(sorted(orders, key=lambda o: o.price, reverse=side is Side.SELL))


def ladder_of(orders: Sequence[Order], side: Side, main: Ladder | None) -> Ladder:
    """The ladder that these live TP orders stand for.

    Its prices are those of the orders, by rank. Its shares, and its runner, are the main account's
    if that has as many levels; otherwise they follow the quantities, in whole percent where that
    gives the same ratio. Orders of 261.2, 15.4, 15.4 and 15.3 make 85/5/5/5.

    Raises:
        LadderError: the orders make no ladder.
    """
    quantities: dict[Decimal, Decimal] = {}
    for order in by_rank(orders, side):
        quantities[order.price] = quantities.get(order.price, ZERO) + order.quantity
    if not quantities:
        raise LadderError("no live TP orders")
    if main is not None and len(main.levels) == len(quantities):
        shares, runner = [level.share for level in main.levels], main.runner
    else:
        shares, runner = _shares(list(quantities.values())), ZERO
    return Ladder.of(*zip(quantities, shares, strict=True), runner=runner)


def merge_ladder(
    stored: Ladder, done: Collection[int], orders: Sequence[Order], side: Side
) -> Ladder:
    """The ladder on record, with the prices of live orders for the levels that are not finished.

    Finished levels stay as they are. The others keep their shares if there are as many live
    prices as unfinished levels; otherwise the shares left of the 100 %, without the runner's,
    follow the quantities of the orders.

    Args:
        stored: the ladder on record.
        done: the numbers of its finished levels.
        orders: live TP orders.
        side: of the position.

    Raises:
        LadderError: finished levels and live orders together make no ladder.
    """
    finished = [level for level in stored.levels if level.number in done]
    unfinished = [level for level in stored.levels if level.number not in done]
    live = ladder_of(orders, side, None).levels
    rest = sum((level.share for level in unfinished), ZERO)
    shares = (
        [level.share for level in unfinished]
        if len(unfinished) == len(live)
        else [level.share * rest / HUNDRED for level in live]
    )
    new = zip((level.price for level in live), shares, strict=True)
    pairs = (*((level.price, level.share) for level in finished), *new)
    return Ladder.of(*pairs, runner=stored.runner)


def stand_ins(orders: Sequence[Order], prices: Collection[Decimal]) -> tuple[Order, ...]:
    """The orders that stand where orders are missing: the oldest at each price.

    Another engine, or this one before its database was restored, has placed them already. A second
    order at the price would double that part of the ladder.

    Args:
        orders: live TP orders that are not on record.
        prices: at which an order is to be placed.
    """
    oldest: dict[Decimal, Order] = {}
    for order in sorted(orders, key=lambda each: (each.created_ms, each.order_id)):
        if order.price in prices:
            oldest.setdefault(order.price, order)
    return tuple(oldest.values())


def adopt(
    orders: Sequence[Order],
    ladder: Ladder,
    side: Side,
    done: Collection[int] = (),
    as_of_ms: int = 0,
) -> tuple[OwnedOrder, ...]:
    """The live orders as owned ones, each for a level of the ladder.

    An order at a level's exact price stands for that level. The others stand for the remaining
    unfinished levels, by price rank. Orders beyond the ladder become further parts of its last
    level; the plan uses or cancels them.

    Args:
        orders: live TP orders.
        ladder: the ladder whose levels they stand for afterwards.
        side: of the position.
        done: numbers of levels that are finished and are not made again.
        as_of_ms: when the exchange had last changed the position, as it is known; 0: not known.
    """
    ranked = by_rank(orders, side)
    at_price = {level.price: level.number for level in ladder.levels}
    matched = {at_price[order.price] for order in ranked if order.price in at_price}
    free = [level.number for level in ladder.levels if level.number not in {*matched, *done}]
    parts: dict[int, int] = {}
    adopted: list[OwnedOrder] = []
    for order in ranked:
        level = at_price.get(order.price)
        if level is None:
            level = free.pop(0) if free else ladder.levels[-1].number
        parts[level] = parts.get(level, 0) + 1
        adopted.append(_owned(order, level, parts[level], as_of_ms))
    return tuple(adopted)


def _owned(order: Order, level: int, part: int, as_of_ms: int) -> OwnedOrder:
    return OwnedOrder(
        level=level,
        part=part,
        order_link_id=order.order_link_id or order.order_id,
        order_id=order.order_id,
        price=order.price,
        asked_price=order.price,
        quantity=order.quantity,
        filled=order.filled,
        status=OwnedStatus.OPEN,
        origin=Origin.ADOPTED,
        reported=order.filled,
        value=order.value,
        fee=order.fee,
        adopted_ms=as_of_ms,
    )


def _shares(quantities: Sequence[Decimal]) -> list[Decimal]:
    """Percentages that sum to 100: whole ones if each is within 1/4 of exact, else finer."""
    weights = dict(enumerate(in_proportion(quantities)))
    total = sum(weights.values())
    shares: list[Decimal] = []
    for resolution in _SHARE_RESOLUTIONS:
        parts = apportion(int(100 / resolution), weights)
        shares = [parts[number] * resolution for number in weights]
        errors = (
            abs(Fraction(share) - Fraction(100 * weights[number], total))
            for number, share in enumerate(shares)
        )
        if all(share > 0 for share in shares) and max(errors) <= Fraction(1, 4):
            break
    return shares
