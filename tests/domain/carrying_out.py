"""What the exchange makes of a plan when nothing goes wrong."""

from dataclasses import replace
from decimal import Decimal

from trueup.domain.model.record import Origin, OwnedOrder, OwnedStatus
from trueup.domain.planning.plan import Plan


def carried_out(plan: Plan, orders: list[OwnedOrder], at: int = 0) -> list[OwnedOrder]:
    """The owned orders once the exchange did what the plan asks; new ids carry ``at``."""
    cancelled = {cancel.order.order_link_id for cancel in plan.cancels}
    now = {
        o.order_link_id: replace(o, status=OwnedStatus.CANCELLED)
        if o.order_link_id in cancelled
        else o
        for o in orders
    }
    for amend in plan.amends:
        was, to = amend.order, amend.target
        now[was.order_link_id] = replace(
            was,
            level=to.level,
            part=to.part,
            price=to.price,
            asked_price=to.price,
            quantity=was.filled + to.quantity,
        )
    for place in plan.places:
        to = place.target
        name = place.resends.order_link_id if place.resends else f"new-{to.level}-{to.part}-{at}"
        now[name] = OwnedOrder(
            to.level,
            to.part,
            name,
            f"id-{name}",
            to.price,
            to.price,
            to.quantity,
            Decimal(0),
            OwnedStatus.OPEN,
            Origin.PLACED,
        )
    return list(now.values())
