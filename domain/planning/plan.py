"""The difference between what shall rest and what rests, as actions: a pure function.

Amending keeps a position covered while cancelling and placing uncovers it for two round
trips, so every order that can be made into what is wanted is amended, one whose level is
gone included; only what is left over is cancelled, and what has to be replaced is replaced
level by level (promise P4).
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from itertools import count

from ..model.record import OwnedOrder, OwnedStatus
from .targets import Target


class ReplaceMode(StrEnum):
    """How an order is changed: amended in place, or cancelled and placed level by level."""

    AMEND = "amend"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Amend:
    """An owned order becomes the target; None leaves price or total quantity as it is."""

    order: OwnedOrder
    target: Target
    price: Decimal | None
    quantity: Decimal | None

    @property
    def growth(self) -> Decimal:
        """How much more the order will cover: negative when it shrinks."""
        return self.target.quantity - self.order.remaining

    @property
    def shrinks(self) -> bool:
        """Whether the order will cover less than before."""
        return self.growth < 0


@dataclass(frozen=True, slots=True)
class Cancel:
    """An owned order must go, and why."""

    order: OwnedOrder
    reason: str


@dataclass(frozen=True, slots=True)
class Place:
    """A new order for the target.

    Attributes:
        again: the order of that part that was sent before and never seen: the new request
            carries its id, so that both cannot come to rest (promise P1).
    """

    target: Target
    again: OwnedOrder | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done; amends in the order in which they must be sent.

    Attributes:
        kept: orders that already are what is wanted.
        deferred: levels that a later round will replace: one level is uncovered at a time.
    """

    cancels: tuple[Cancel, ...] = ()
    amends: tuple[Amend, ...] = ()
    places: tuple[Place, ...] = ()
    kept: tuple[tuple[OwnedOrder, Target], ...] = ()
    deferred: tuple[int, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be done."""
        return not (self.cancels or self.amends or self.places)

    @property
    def actions(self) -> int:
        """How many levels' worth of orders are touched."""
        return len(self.amends) + len(self.places) + len(self.cancels)


def plan_for(
    targets: Sequence[Target],
    owned: Sequence[OwnedOrder],
    *,
    mode: ReplaceMode = ReplaceMode.AMEND,
    not_amendable: Collection[str] = (),
) -> Plan:
    """What turns the owned orders that rest into ``targets``.

    Args:
        targets: what shall rest, at most one for each level part.
        owned: orders on record: live ones are matched, sent ones lend their ids.
        mode: whether to amend, or to cancel and place level by level.
        not_amendable: order ids whose amend the exchange refused: those are replaced.
    """
    live = [order for order in owned if order.status is OwnedStatus.OPEN]
    sent = {(o.level, o.part): o for o in owned if o.status is OwnedStatus.PENDING_NEW}
    # What was sent and not seen may still land: no other order takes its part meanwhile.
    awaited = sent.keys() - {(order.level, order.part) for order in live}
    again = [target for target in targets if (target.level, target.part) in awaited]
    pairs, spare, wanted = _match([t for t in targets if t not in again], live)
    pairs, wanted = _named(pairs, wanted, held={*sent, *((o.level, o.part) for o in live)})
    open_targets = sorted((*again, *wanted), key=lambda target: (target.level, target.part))
    amends: list[Amend] = []
    kept: list[tuple[OwnedOrder, Target]] = []
    replaced: list[Amend] = []
    for order, target in pairs:
        amend = amend_to(order, target)
        if amend is None:
            kept.append((order, target))
        elif mode is ReplaceMode.CANCEL or order.order_id in not_amendable:
            replaced.append(amend)
        else:
            amends.append(amend)
    plan = Plan(
        cancels=tuple(Cancel(order, "no level needs it") for order in spare),
        amends=tuple(sorted(amends, key=lambda amend: (amend.growth > 0, amend.target.level))),
        places=tuple(Place(t, sent.get((t.level, t.part))) for t in open_targets),
        kept=tuple(kept),
    )
    return _with_replaced(plan, replaced)


def _with_replaced(plan: Plan, replaced: Sequence[Amend]) -> Plan:
    """Cancels and places anew what cannot be amended: one level a round, the others stay covered.

    What shall shrink comes first: what grows needs its room.
    """
    if not replaced:
        return plan
    shrinking = [amend for amend in replaced if amend.shrinks]
    first = (shrinking or replaced)[0].target.level
    now = [amend for amend in replaced if amend.target.level == first]
    later = {amend.target.level for amend in replaced} - {first}
    return replace(
        plan,
        cancels=plan.cancels + tuple(Cancel(amend.order, "replaced") for amend in now),
        places=plan.places + tuple(Place(amend.target) for amend in now),
        deferred=tuple(sorted(later)),
    )


def amend_to(order: OwnedOrder, target: Target) -> Amend | None:
    """The amend that makes the order the target; None if it already is.

    A price that the exchange clipped stays: what was asked for is compared, unless somebody
    moved the order since (docs/v5/account/set-price-limit.mdx: out-of-band limit prices of
    futures are adjusted, not rejected).
    """
    total = order.filled + target.quantity
    price = target.price if target.price != order.asked_price else None
    quantity = total if total != order.quantity else None
    if price is None and quantity is None:
        return None
    return Amend(order, target, price, quantity)


def _match(
    targets: Sequence[Target], owned: Sequence[OwnedOrder]
) -> tuple[list[tuple[OwnedOrder, Target]], list[OwnedOrder], list[Target]]:
    """Which order stands for which target.

    An order whose part is wanted serves that part: the part's quantity was drawn up with what
    the order has filled, which would count for another level. One that has filled serves no
    other. Then the one that already is it, one at its price, one of its level, any spare one.
    """
    spare = sorted(owned, key=lambda order: (order.level, order.part, -order.filled))
    pairs: list[tuple[OwnedOrder, Target]] = []
    wanted = list(targets)

    def take(fits: Callable[[OwnedOrder, Target], bool]) -> None:
        for target in list(wanted):
            best = min(
                (o for o in spare if fits(o, target) and (not o.filled or has_its_part(o, target))),
                key=lambda order: abs(order.remaining - target.quantity),
                default=None,
            )
            if best is not None:
                spare.remove(best)
                wanted.remove(target)
                pairs.append((best, target))

    def already_is(order: OwnedOrder, target: Target) -> bool:
        return amend_to(order, target) is None

    def has_its_part(order: OwnedOrder, target: Target) -> bool:
        return (order.level, order.part) == (target.level, target.part)

    def has_its_level(order: OwnedOrder, target: Target) -> bool:
        return order.level == target.level

    take(has_its_part)
    take(already_is)
    take(lambda order, target: order.asked_price == target.price)
    take(has_its_level)
    take(lambda _order, _target: True)
    pairs.sort(key=lambda pair: (pair[1].level, pair[1].part))
    return pairs, spare, wanted


def _named(
    pairs: Sequence[tuple[OwnedOrder, Target]],
    wanted: Sequence[Target],
    held: set[tuple[int, int]],
) -> tuple[list[tuple[OwnedOrder, Target]], list[Target]]:
    """The same with parts that no two orders have: one that serves its level keeps its own.

    What comes to a level gets a part that no order of it holds, one to be cancelled included:
    it is gone only when the exchange says so (promise P1).
    """
    held = set(held)

    def fresh(target: Target) -> Target:
        free = (part for part in count(1) if (target.level, part) not in held)
        part = target.part if (target.level, target.part) not in held else next(free)
        held.add((target.level, part))
        return replace(target, part=part)

    def serving(order: OwnedOrder, target: Target) -> Target:
        if order.level != target.level:
            return fresh(target)
        return target if order.part == target.part else replace(target, part=order.part)

    named = [(order, serving(order, target)) for order, target in pairs]
    return named, [fresh(target) for target in wanted]
