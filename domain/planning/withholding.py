"""What of a pairing would fill at once, because the market has passed it, and is withheld."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ..model.instrument import ZERO
from ..model.record import OwnedOrder
from .pairing import Pair, Pairing, new_total, price_differs
from .targets import Target

Withholds = Callable[[Decimal], bool]
"""Whether no order may be placed at that price, or moved to it."""


def nothing_withheld(_price: Decimal) -> bool:
    """The answer where an order may be placed at every price."""
    return False


@dataclass(frozen=True, slots=True)
class Withholding:
    """What is left of a pairing, and what is withheld.

    Attributes:
        pairing: the pairs without those that would put an order beyond the market.
        resent: what is left of the targets whose orders are sent again.
        targets: what no order is placed for, or moved to.
        missing: how much less rests for that.
    """

    pairing: Pairing
    resent: tuple[Target, ...]
    targets: tuple[Target, ...]
    missing: Decimal


def withhold(
    pairing: Pairing,
    resent: Sequence[Target],
    not_amendable: Collection[str],
    withholds: Withholds,
) -> Withholding:
    """The pairing without what would fill at once.

    A long, and the market has passed 100 and 101:

    ==================  ============  =================================================
    order               target        so
    ==================  ============  =================================================
    none                TP1 85 at 100 none is placed
    TP1 85 at 100       TP1 90 at 100 it rests there, and grows
    TP1 85 at 110       TP1 90 at 100 it grows to 90, and stays at 110
    the same, and       TP1 90 at 100 it stays as it is: it would have to be placed anew
    cannot be amended   TP1 80 at 100 it goes, and none is placed
    ==================  ============  =================================================

    Args:
        pairing: which order serves which target.
        resent: targets whose orders were sent before, and are sent again.
        not_amendable: ids of orders that can only be replaced.
        withholds: whether no order may be placed at a price.
    """
    new = [target for target in (*resent, *pairing.unserved) if withholds(target.price)]
    missing = sum((target.quantity for target in new), ZERO)
    pairs: list[Pair] = []
    spare: list[OwnedOrder] = list(pairing.spare)
    for order, target in pairing.pairs:
        is_stuck = order.order_id in not_amendable
        changes = price_differs(order, target) or new_total(order, target) != order.quantity
        is_new = changes and (is_stuck or price_differs(order, target))
        if not (is_new and withholds(target.price)):
            pairs.append((order, target))
            continue
        rests = min(order.remaining, target.quantity) if is_stuck else target.quantity
        if rests < order.remaining and is_stuck:
            spare.append(order)
            rests = ZERO
        else:
            pairs.append((order, replace(target, price=order.asked_price, quantity=rests)))
        left = target.quantity if price_differs(order, target) else target.quantity - rests
        new.append(replace(target, quantity=left))
        missing += target.quantity - rests
    return Withholding(
        Pairing(
            tuple(pairs), tuple(spare), tuple(one for one in pairing.unserved if one not in new)
        ),
        tuple(target for target in resent if target not in new),
        tuple(new),
        missing,
    )
