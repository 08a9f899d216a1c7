"""The difference between the orders that should rest and those that do, as actions; pure.

Amending keeps a position covered, while cancelling and placing uncovers it for two round trips.
So every order that can serve a target is amended, even one whose level is gone. Only orders that
no target needs are cancelled, and orders that must be replaced are replaced level by level
(promise P4).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from ..copies import replace
from ..model.instrument import ZERO, Instrument
from ..model.record import OwnedOrder, OwnedStatus
from .held_orders import HeldOrder
from .pairing import Pair, Pairing, new_total, pair_orders, price_differs, with_free_parts
from .targets import Target
from .withholding import Withholds, nothing_withheld, withhold


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
        """How much more the order will cover; negative when it shrinks."""
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
        resends: the order of that part that was sent before and that no read has shown. The new
            request carries its id, so that the exchange accepts only one of them (promise P1).
    """

    target: Target
    resends: OwnedOrder | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What has to be done; amends in the order in which they must be sent.

    Attributes:
        kept: orders that already equal their targets.
        deferred: levels that a later round replaces, because only one level is uncovered at a
            time.
        withheld: what no order is placed for, or moved to.
    """

    cancels: tuple[Cancel, ...] = ()
    amends: tuple[Amend, ...] = ()
    places: tuple[Place, ...] = ()
    kept: tuple[Pair, ...] = ()
    deferred: tuple[int, ...] = ()
    withheld: tuple[Target, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.cancels or self.amends or self.places)

    @property
    def replaces(self) -> bool:
        """Whether an order is to be cancelled while another changes or is placed."""
        return bool(self.cancels and (self.amends or self.places))

    @property
    def prices(self) -> tuple[Decimal, ...]:
        """The prices at which it places orders, or to which it moves them."""
        moved = (amend.price for amend in self.amends if amend.price is not None)
        return (*(place.target.price for place in self.places), *moved)

    @property
    def comes(self) -> Decimal:
        """The cover that growing amends and places add."""
        more = sum((place.target.quantity for place in self.places), ZERO)
        return more + sum((max(amend.growth, ZERO) for amend in self.amends), ZERO)

    @property
    def gives_up(self) -> Decimal:
        """The cover that cancels and shrinking amends give up, for growth or places to replace."""
        gone = sum([cancel.order.remaining for cancel in self.cancels], ZERO)
        return gone + sum([-amend.growth for amend in self.amends if amend.shrinks], ZERO)

    def makes_room(self, free: Decimal) -> bool:
        """Whether orders shrink so that others can rest: there is room for so much already."""
        return self.comes > free and any(amend.shrinks for amend in self.amends)

    @property
    def actions(self) -> int:
        """How many orders the plan amends, places or cancels."""
        return len(self.amends) + len(self.places) + len(self.cancels)


def plan_for(
    targets: Sequence[Target],
    owned: Sequence[OwnedOrder],
    *,
    mode: ReplaceMode = ReplaceMode.AMEND,
    not_amendable: Collection[str] = (),
    held: Sequence[HeldOrder] = (),
    largest: Decimal | None = None,
    withholds: Withholds = nothing_withheld,
) -> Plan:
    """What turns the owned orders that rest into ``targets``.

    Args:
        targets: what should rest, at most one for each level part.
        owned: orders on record: open ones are paired with targets, those still in flight lend
            their ids.
        mode: whether to amend, or to cancel and place level by level.
        not_amendable: ids of orders that the exchange says cannot be amended: they are replaced.
        held: open orders that keep their price and are never replaced, beside the targets. One that
            has to go serves a target at another price where it may: cancelling it first would
            uncover that.
        largest: the most that an order may ask for, what has filled of it included; None if that
            does not matter. An order that no amend can bring below it is replaced.
        withholds: at which prices no order may be placed, or moved to. What would shrink for one
            does not.
    """
    live = [order for order in owned if order.status is OwnedStatus.OPEN]
    in_flight = {(o.level, o.part): o for o in owned if o.status is OwnedStatus.PENDING_NEW}
    live_parts = {(order.level, order.part) for order in live}
    # The exchange may still accept an order in flight: no other order takes its part meanwhile.
    reserved = in_flight.keys() - live_parts
    resent = [target for target in targets if (target.level, target.part) in reserved]
    going = {e.order.order_link_id: str(e) for e in held if e.may_move and not e.keeps}
    held = [each for each in held if each.order.order_link_id not in going]
    held_ids = {each.order.order_link_id for each in held}
    free = [order for order in live if order.order_link_id not in held_ids]
    pairing = pair_orders([target for target in targets if target not in resent], free)
    pairing = with_free_parts(pairing, held={*in_flight, *live_parts})
    if mode is ReplaceMode.CANCEL:
        not_amendable = {order.order_id for order, _ in pairing.pairs}
    elif largest is not None:
        too_large = {o.order_id for o, target in pairing.pairs if new_total(o, target) > largest}
        not_amendable = {*not_amendable, *too_large}
    above = _above(pairing, (*resent, *pairing.unserved), held)
    left = withhold(pairing, resent, not_amendable, withholds)
    placed = (*left.resent, *left.pairing.unserved)
    places = tuple(
        Place(target, in_flight.get((target.level, target.part)))
        for target in sorted(placed, key=lambda target: (target.level, target.part))
    )
    plan = _plan_of(left.pairing, places, not_amendable, held, going, above)
    if not left.targets:
        return plan
    return keeping_cover(replace(plan, withheld=left.targets), left.missing)


def _plan_of(
    pairing: Pairing,
    places: tuple[Place, ...],
    not_amendable: Collection[str],
    held: Sequence[HeldOrder],
    going: Mapping[str, str],
    above: Decimal,
) -> Plan:
    """Sorts the pairs into orders that are kept, amended or replaced; adds those that are held.

    Where more rests than shall, a held order that the exchange may refuse to shrink does so before
    anything else is given up: if it is refused, the order has to go, and the others cover for it.
    It shrinks no further than that at first: what would grow in its stead waits for its answer.
    """
    less = [each for each in held if ZERO < each.keeps < each.order.remaining]
    doubtful = _shrunk(each for each in less if each.is_doubtful)
    spare = [o for o in pairing.spare if o.order_link_id not in going]
    gone = [Cancel(o, going[o.order_link_id]) for o in pairing.spare if o not in spare]
    gone += [Cancel(each.order, str(each)) for each in held if not each.keeps]
    if doubtful and above > 0:
        return Plan(tuple(gone), _shrinking_by(above, doubtful))
    amends = _shrunk(less)
    kept = [(each.order, each.target) for each in held if each.keeps == each.order.remaining]
    replaced: list[Amend] = []
    for order, target in pairing.pairs:
        amend = amend_to(order, target)
        if amend is None:
            kept.append((order, target))
        elif order.order_id in not_amendable:
            replaced.append(amend)
        else:
            amends.append(amend)
    plan = Plan(
        cancels=(*(Cancel(order, "no level needs it") for order in spare), *gone),
        amends=_in_sending_order(amends),
        places=places,
        kept=tuple(kept),
    )
    return _with_replaced(plan, replaced)


def keeping_cover(plan: Plan, missing: Decimal) -> Plan:
    """The plan without the shrinks that were to make room for what is not done (promise P4).

    TP1 of 60 is withheld. Beside it TP2 is to shrink from 100 to 40, for a position of 100: it
    stays. For a position of 80, where it is to shrink to 20, it shrinks to 80.

    Args:
        plan: what is done, without what is withheld, or refused.
        missing: how much less rests, when it is done, than with that.
    """
    shrinking = [amend for amend in plan.amends if amend.shrinks]
    others = [amend for amend in plan.amends if not amend.shrinks]
    less = sum((-amend.growth for amend in shrinking), ZERO) - missing
    left = _shrinking_by(max(less, ZERO), shrinking)
    shrink = {amend.order.order_link_id for amend in left}
    stay = tuple(
        (
            amend.order,
            replace(amend.target, price=amend.order.asked_price, quantity=amend.order.remaining),
        )
        for amend in shrinking
        if amend.order.order_link_id not in shrink
    )
    return replace(plan, amends=(*left, *others), kept=(*plan.kept, *stay))


def _above(pairing: Pairing, new: Sequence[Target], held: Sequence[HeldOrder]) -> Decimal:
    """How much more rests than shall, without what is cancelled of it."""
    paired = sum([o.remaining - target.quantity for o, target in pairing.pairs], ZERO)
    held_more = sum([e.order.remaining - e.keeps for e in held if e.keeps], ZERO)
    return paired + held_more - sum([target.quantity for target in new], ZERO)


def _shrinking_by(above: Decimal, amends: Sequence[Amend]) -> tuple[Amend, ...]:
    """The amends, which all shrink an order, as far as they take ``above`` off together."""
    shrinking: list[Amend] = []
    for amend in _in_sending_order(amends):
        given_up = min(-amend.growth, above)
        above -= given_up
        target = replace(amend.target, quantity=amend.order.remaining - given_up)
        less = amend_to(amend.order, target)
        if less is not None:
            shrinking.append(less)
    return tuple(shrinking)


def _shrunk(held: Iterable[HeldOrder]) -> list[Amend]:
    amends = (amend_to(each.order, each.target) for each in held)
    return [amend for amend in amends if amend is not None]


def _in_sending_order(amends: Iterable[Amend]) -> tuple[Amend, ...]:
    """Orders that shrink come before orders that grow, which need their room."""
    return tuple(sorted(amends, key=lambda amend: (amend.growth > 0, amend.target.level)))


def _with_replaced(plan: Plan, replaced: Sequence[Amend]) -> Plan:
    """Adds cancels and places for one level; the levels of later rounds stay covered meanwhile.

    A level that shrinks comes first: what grows needs its room.
    """
    if not replaced:
        return plan
    shrinking = [amend for amend in replaced if amend.shrinks]
    first = (shrinking or replaced)[0].target.level
    now = [amend for amend in replaced if amend.target.level == first]
    later = {amend.target.level for amend in replaced} - {first}
    return replace(
        plan,
        cancels=plan.cancels + tuple([Cancel(amend.order, "replaced") for amend in now]),
        places=plan.places + tuple([Place(amend.target) for amend in now]),
        deferred=tuple(sorted(later)),
    )


def amend_to(order: OwnedOrder, target: Target) -> Amend | None:
    """The amend that turns the order into the target; None if it already equals the target."""
    total = new_total(order, target)
    price = target.price if price_differs(order, target) else None
    quantity = total if total != order.quantity else None
    if price is None and quantity is None:
        return None
    return Amend(order, target, price, quantity)


def with_growth(amend: Amend, growth: Decimal, instrument: Instrument) -> Amend | None:
    """The amend with that growth; where that is off the quantity step, a little less change."""
    order = amend.order
    total, step = order.quantity + growth, instrument.quantity_step
    off = total % step
    if off and growth:
        total += step - off if growth < 0 else -off
        total = min(total, order.quantity) if growth < 0 else max(total, order.quantity)
    return amend_to(order, replace(amend.target, quantity=total - order.filled))
