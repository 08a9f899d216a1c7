"""Which resting order serves which target, so that as few orders as possible are replaced."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import count

from ..copies import replace
from ..model.record import OwnedOrder
from .targets import Target

Pair = tuple[OwnedOrder, Target]
Rule = Callable[[OwnedOrder, Target], bool]


@dataclass(frozen=True, slots=True)
class Pairing:
    """Which order serves which target.

    Attributes:
        pairs: by the target's level and part.
        spare: orders that no target needs.
        unserved: targets that need a new order.
    """

    pairs: tuple[Pair, ...]
    spare: tuple[OwnedOrder, ...]
    unserved: tuple[Target, ...]


def pair_orders(targets: Sequence[Target], orders: Sequence[OwnedOrder]) -> Pairing:
    """Pairs orders with targets: the best fit first, any spare order last.

    An order whose level part is wanted serves that part, because the part's quantity was computed
    with what the order has filled. An order that has filled serves no other part: its fills would
    count for another level. After that an order serves the target that it already equals, then
    one at its price, then one of its level, then any.

    Three orders and two targets, none of the orders filled:

    ======================  =====================  ============================================
    order                   target                 paired because
    ======================  =====================  ============================================
    TP1 part 1, 85 at 101   TP1 part 1, 90 at 101  same level part
    TP3 part 1, 5 at 105    TP2 part 1, 5 at 102   nothing fits better; of the two spare orders
                                                   its 5 are nearer to the wanted 5
    TP4 part 1, 10 at 106   –                      spare: no target is left
    ======================  =====================  ============================================

    Args:
        targets: at most one for each level part.
        orders: the resting orders.
    """
    spare = sorted(orders, key=lambda order: (order.level, order.part, -order.filled))
    unserved = list(targets)
    pairs: list[Pair] = []
    for rule in _RULES:
        for target in list(unserved):
            fit = [
                o for o in spare if rule(o, target) and (not o.filled or _has_its_part(o, target))
            ]
            order = _nearest_in_size(target, fit)
            if order is not None:
                spare.remove(order)
                unserved.remove(target)
                pairs.append((order, target))
    pairs.sort(key=lambda pair: (pair[1].level, pair[1].part))
    return Pairing(tuple(pairs), tuple(spare), tuple(unserved))


def with_free_parts(pairing: Pairing, held: set[tuple[int, int]]) -> Pairing:
    """The same pairing with parts that no two orders share.

    An order that serves its own level keeps its part. An order that comes to a level gets a part
    that no other order of the level holds, not even one that is about to be cancelled: that one
    is gone only when the exchange says so (promise P1).

    Args:
        pairing: which order serves which target.
        held: level and part of each order that rests, or may.
    """
    held = set(held)

    def with_free_part(target: Target) -> Target:
        free = (part for part in count(1) if (target.level, part) not in held)
        part = target.part if (target.level, target.part) not in held else next(free)
        held.add((target.level, part))
        return replace(target, part=part)

    def with_part(order: OwnedOrder, target: Target) -> Target:
        if order.level != target.level:
            return with_free_part(target)
        return target if order.part == target.part else replace(target, part=order.part)

    pairs = tuple([(order, with_part(order, target)) for order, target in pairing.pairs])
    return replace(
        pairing,
        pairs=pairs,
        unserved=tuple([with_free_part(target) for target in pairing.unserved]),
    )


def price_differs(order: OwnedOrder, target: Target) -> bool:
    """Whether the order was asked for at another price.

    The price that was asked for is compared, not the one that the exchange may have clipped: a
    clipped price stays (docs/v5/account/set-price-limit.mdx: limit prices of futures that are out
    of band are adjusted, not rejected). An order that somebody moved counts as asked for there.
    """
    return target.price != order.asked_price


def new_total(order: OwnedOrder, target: Target) -> Decimal:
    """The total quantity with which the order covers the target, its filled part included."""
    return order.filled + target.quantity


def _has_its_part(order: OwnedOrder, target: Target) -> bool:
    return (order.level, order.part) == (target.level, target.part)


def _equals(order: OwnedOrder, target: Target) -> bool:
    return not price_differs(order, target) and new_total(order, target) == order.quantity


def _has_its_price(order: OwnedOrder, target: Target) -> bool:
    return not price_differs(order, target)


def _has_its_level(order: OwnedOrder, target: Target) -> bool:
    return order.level == target.level


def _is_any(_order: OwnedOrder, _target: Target) -> bool:
    return True


_RULES: tuple[Rule, ...] = (_has_its_part, _equals, _has_its_price, _has_its_level, _is_any)


def _nearest_in_size(target: Target, orders: Sequence[OwnedOrder]) -> OwnedOrder | None:
    return min(orders, key=lambda o: abs(o.remaining - target.quantity), default=None)
