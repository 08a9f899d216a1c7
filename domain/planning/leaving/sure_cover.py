"""Cancels beside pending writes: what they leave the position is sure to be there (promise P4)."""

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal

from ...model.instrument import ZERO, Instrument
from ...model.record import OwnedOrder
from ..pending import Pending, cover_of
from ..plan import Amend, Plan, amend_to
from ..targets import Target
from . import measures


def with_sure_cover(
    plan: Plan,
    pending: Pending,
    covered: Decimal,
    size: Decimal,
    instrument: Instrument,
    fixed: Collection[str] = (),
) -> Plan:
    """The plan with cancels that wait, or only shrink their orders, while others may cover less.

    An order covers less than it is shown to where a write that shrinks it got no answer. What the
    cancels would leave counts with that; the most that they could leave is what the plan wants.

    A position of 8; TP1 of 40 is to go, and an amend of TP2 from 27 to 2 got no answer:

    ======================  ===========================  ===========================================
    rests                   the plan                     sent now
    ======================  ===========================  ===========================================
    TP1 40, TP2 27 (or 2)   cancel TP1                   TP1 40 → 6: with TP2 it covers 8 for sure
    TP1 6, TP2 27 (or 2)    cancel TP1                   nothing: TP1 waits
    TP1 6, TP2 27           cancel TP1                   the cancel
    ======================  ===========================  ===========================================

    Args:
        plan: what has to be done.
        pending: the changes that are pending.
        covered: what rests, as far as the record knows.
        size: the open position.
        instrument: whose minimums bind what an order shrinks to.
        fixed: ids of orders whose amend the exchange refuses.
    """
    going = {cancel.order.order_link_id for cancel in plan.cancels}
    left = covered - sum([cancel.order.remaining for cancel in plan.cancels], ZERO)
    sure = left - measures.unsure({key: one for key, one in pending.items() if key not in going})
    lacking = min(size, left, covered - measures.unsure(pending)) - sure
    if lacking <= 0 or not plan.cancels:
        return plan
    cancels = list(plan.cancels)
    shrinks: list[Amend] = []
    for cancel in sorted(plan.cancels, key=lambda one: -cover_of(one.order, pending).least):
        least = cover_of(cancel.order, pending).least
        if lacking <= 0 or least <= 0:
            break
        cancels.remove(cancel)
        kept = _kept(cancel.order, min(lacking, least), instrument)
        lacking -= min(kept, least)
        amend = None if cancel.order.order_id in fixed else _shrunk(cancel.order, kept)
        shrinks += [amend] if amend is not None else []
    return replace(plan, cancels=tuple(cancels), amends=(*shrinks, *plan.amends))


def _kept(order: OwnedOrder, needed: Decimal, instrument: Instrument) -> Decimal:
    """What the order keeps: no less than is needed, or than an order may have."""
    least = max(instrument.rounded_up(needed), instrument.smallest(order.asked_price))
    return min(least, order.remaining)


def _shrunk(order: OwnedOrder, kept: Decimal) -> Amend | None:
    return amend_to(order, Target(order.level, order.part, order.asked_price, kept))
