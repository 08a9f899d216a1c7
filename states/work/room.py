"""The room that reduce-only orders of others take beside the ladder.

Where reduce-only orders add up to more than the position, Bybit may refuse the newest (110017) or
cut it (docs/v5/order/create-order.mdx says only that they reduce). The target stays the whole
position (promise P3). What was refused or cut while the position stayed is not asked for again
until the position or the quantity of the others changes: the refusal is on record.
"""

from decimal import Decimal

from ...domain.copies import replace
from ...domain.model.instrument import ZERO, plain
from ...domain.model.intent import IntentStatus
from ...domain.model.observation import Observation
from ...domain.planning.leaving.sure_cover import with_sure_cover
from ...domain.planning.plan import Plan
from ...domain.tracking.beside import orders_beside, what_they_do
from .findings import Findings
from .intents import may_leave
from .run import Run


def account_for_room(run: Run, found: Findings, reading: Observation) -> Findings:
    """Finds out, by a read, why writes had no room: the position moved, or others take it.

    An exchange that cuts what an order adds to the room that is left may accept an amend and leave
    the order as it is. So growth that was accepted and did not come had no room where ours and the
    others' add up to the position; an earlier run may have asked for it.
    """
    orders = orders_beside(run.record, reading.orders_of(run.key.symbol))
    beside = tuple([order.remaining for order in orders])
    taken = sum(beside, ZERO)
    if run.record.room_taken not in (None, taken):
        run.record = replace(run.record, room_taken=None)
    size = run.record.position_size
    moved = found.sent_for != size
    if found.refusals.no_room and taken and not moved:
        run.record = replace(run.record, room_taken=taken)
    stayed = size == (run.position_before if found.sent_for is None else found.sent_for)
    is_full = run.record.covered < size <= run.record.covered + taken
    if found.refusals.in_vain and stayed and is_full:
        run.record = replace(run.record, room_taken=taken)
    for intent in [i for i in run.intents if i.id in found.refusals.no_room]:
        if intent.status is not IntentStatus.REFUSED:
            continue
        if moved:
            detail = f"the position moved: {intent.detail}"
            run.settle(intent, IntentStatus.RESOLVED, detail, intent.code)
        elif taken:
            run.settle(intent, IntentStatus.REFUSED, _who_has_the_room(beside), intent.code)
    refusals = found.refusals
    if refusals.no_room or refusals.in_vain:
        refusals = replace(refusals, no_room=frozenset(), in_vain=frozenset())
    return replace(found, beside=beside, refusals=refusals)


def with_cancels_that_may_leave(run: Run, found: Findings, plan: Plan) -> Plan:
    """The plan without the cancels that would leave less than the position for sure."""
    if found.instrument is None:
        return plan
    record, refusals = run.record, found.refusals
    fixed = refusals.not_amendable | {order_id for order_id, _ in refusals.unchangeable}
    return with_sure_cover(
        plan, run.pending, record.covered, record.position_size, found.instrument, fixed
    )


def without_a_gap(run: Run, found: Findings, plan: Plan) -> Plan:
    """What of the plan may be announced now: where it must, only what needs no order to shrink.

    What orders shrink for is refused until they have: hardly in one request with them, but places
    leave in another one. Where this run may be unable to send it again, the next one has the
    requests for both. What is uncovered already does not wait for that.
    """
    leaving = may_leave(run, found.instrument, plan)
    free = run.record.position_size - run.record.covered
    rounds = 2 if leaving.places else 1
    if not leaving.makes_room(free) or run.is_fresh or run.may_go_round(found, rounds):
        return plan
    return replace(plan, amends=tuple([amend for amend in plan.amends if not amend.shrinks]))


def why_no_more(run: Run, found: Findings) -> str:
    """Why no more is covered, in figures."""
    covered, size = plain(run.record.covered_with_runner), plain(run.record.position_size)
    return f"{_who_has_the_room(found.beside)}: {covered} of {size} is covered"


def without_room(run: Run, found: Findings) -> str:
    """Why the run ends without the growth that had no room; the next one reads whether it has.

    A stream that has lost the end of an order of others would show the room as taken until the
    next sweep.
    """
    run.ports.exchange.invalidate(run.key.symbol, "orders of others have the room by it")
    return why_no_more(run, found)


def _who_has_the_room(beside: tuple[Decimal, ...]) -> str:
    return what_they_do(beside, "take", "the room")
