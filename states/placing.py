"""Placing: sends amends and places, and confirms that they took effect.

The amends leave first, in one batch, those that shrink an order before those that grow one: cover
moves from level to level without a naked moment (promise P4). Places wait until the orders that
must shrink have shrunk. Then the run reads the exchange again; it is done when a fresh read asks
for nothing more. :mod:`.work.answers` says what each refusal means.

The exchange answers a batch item by item. Where it refuses an amend that shrinks one order and
accepts the amend that grows another in its place, the cover exceeds the position, by no more than
the refused amend was to shrink. Waiting for the first answer before sending the second would leave
the position naked by as much whenever nothing is refused. The same run repairs it: confirming stops
waiting at such a read, and the next round shrinks, cancels or amends back by the position that the
read shows, after at most the grace time where the refusal asked for a pause. Only a run that ends
there, with its key refused or its rounds used up, leaves the repair to the next run. All orders are
reduce-only: the excess closes nothing that is not open (docs/v5/order/create-order.mdx).
"""

from collections.abc import Sequence
from datetime import timedelta

from ..domain.copies import replace
from ..domain.flow import Flow
from ..domain.model.commands import AmendOrder, Operation, PlaceOrder
from ..domain.model.errors import LadderError
from ..domain.model.instrument import ZERO, plain
from ..domain.model.intent import Intent, IntentStatus
from ..domain.model.observation import Observation
from ..domain.model.outcomes import Accepted, Held, OutcomeClass, Refused, WriteOutcome
from ..domain.model.record import RunOutcome
from ..domain.planning.plan import Plan
from ..domain.planning.remap_levels import with_orders_at_their_prices
from ..domain.planning.targets import Targets
from ..domain.recognition.conflicts import second_engine
from .closing.sending import send_close
from .protection.sending import send_stop
from .resumption import RESUMED, resumed
from .work import calls
from .work.answers import (
    apply_amend_answer,
    apply_place_answer,
    never_left,
    resolve_duplicates,
)
from .work.confirmation import confirm, end_superseded
from .work.findings import Findings, Result
from .work.intents import may_leave
from .work.planning import make_plan
from .work.room import account_for_room, why_no_more
from .work.run import Run
from .work.snapshot import adoptable_orders, read_instrument, report_second_engine
from .work.waiting import paused


def placing(run: Run, before: Result) -> Flow[Result]:
    """Sends what the announced intents say, and confirms it by a read."""
    if before.found.resumed:
        return Result("overtaken", RESUMED, resumed(before.found))
    if before.found.closes or before.found.sets_stop:
        send = send_close if before.found.closes else send_stop
        return (yield from send(run, before.found))
    found = yield from _send(run, before.found)
    end_superseded(run)
    if not found.verified:
        return _unverified(run, found)
    reading, found = yield from confirm(run, found)
    if not isinstance(reading, Observation):
        if found.vanished and run.may_go_round(found):
            return Result("overtaken", reading.reason, found.next_round())
        run.note(f"the result could not be read: {reading.reason}")
        return Result("placed", "not confirmed", found)
    return (yield from _next(run, account_for_room(run, found, reading), reading))


def _unverified(run: Run, found: Findings) -> Result:
    """Amends went out without a read of the orders: acknowledged is all that is known.

    Where all orders that had vanished turned out to be gone, the orders can be read again.
    """
    if found.held and run.may_go_round(found):
        return Result("overtaken", found.held, found.next_round())
    resting = {order.order_link_id for order in run.record.resting}
    if found.vanished and not found.vanished & resting and run.may_go_round(found):
        return Result("overtaken", "the orders that had vanished are gone", found.next_round())
    if found.vanished:
        names = ", ".join(sorted(found.vanished & resting))
        run.note(f"UNVERIFIED: in no list, but the exchange does not say that it is gone: {names}")
    return Result("placed", "unverified", found)


def _send(run: Run, found: Findings) -> Flow[Findings]:
    """Sends amends, then places; places only if every order that must shrink was accepted to."""
    amends = run.to_send(Operation.AMEND, found.announced)
    places = run.to_send(Operation.PLACE, found.announced)
    found = replace(found, sent_for=run.record.position_size)
    shrunk = True
    for intent in amends:
        _report_amend(run, intent)
    shrinking = {intent.id: _may_shrink(run, intent) for intent in amends}
    commands = [_amend(run, intent, shrinks=shrinking[intent.id]) for intent in amends]
    outcomes = yield from calls.amend(run, commands)
    for intent, outcome in zip(amends, outcomes, strict=True):
        answer = yield from apply_amend_answer(
            run,
            intent,
            outcome,
            reread=found.rules_reread,
            has_vanished=intent.order_link_id in found.vanished,
        )
        found = found.refused(answer)
        shrunk = shrunk and (isinstance(outcome, Accepted) or not shrinking[intent.id])
    found = replace(found, held=_held(outcomes))
    if found.held or not shrunk:
        _leave_out(run, found, places)
        return found
    for intent in places:
        _report_place(run, intent)
    places = [run.left(intent, run.moment()) for intent in places]
    outcomes = yield from calls.place(run, [_place(run, intent) for intent in places])
    found = replace(found, held=_held(outcomes))
    taken: list[tuple[Intent, Refused]] = []
    for intent, outcome in zip(places, outcomes, strict=True):
        if isinstance(outcome, Refused) and outcome.kind is OutcomeClass.DUPLICATE_LINK_ID:
            taken.append((intent, outcome))
        else:
            answer = apply_place_answer(run, intent, outcome, reread=found.rules_reread)
            found = found.refused(answer)
    return found.refused((yield from resolve_duplicates(run, taken)))


def _may_shrink(run: Run, amend: Intent) -> bool:
    """Whether the amend takes from its order what that may cover by an earlier, open one."""
    return amend.shrinks or any(
        write.order_link_id == amend.order_link_id
        and write.status.is_open
        and None not in (write.quantity, amend.quantity)
        and (write.quantity or ZERO) > (amend.quantity or ZERO)
        for write in run.writes
    )


def _held(outcomes: Sequence[WriteOutcome]) -> str:
    """Why writes were held back; empty if none were."""
    return next((outcome.reason for outcome in outcomes if isinstance(outcome, Held)), "")


def _leave_out(run: Run, found: Findings, places: Sequence[Intent]) -> None:
    """Settles places that do not leave, because amends before them did not, or were refused."""
    for intent in places:
        if found.held:
            run.settle(intent, IntentStatus.HELD, found.held)
        else:
            run.settle(
                intent, IntentStatus.REFUSED, "not sent: an order that had to shrink first did not"
            )
        never_left(run, intent)


def _next(run: Run, found: Findings, reading: Observation) -> Flow[Result]:
    """Ends, or starts another round, by what the fresh read still asks for."""
    if found.refusals.rules_stale:
        if run.may_go_round(found):
            return Result("overtaken", "the contract's rules are read again", found.next_round())
        # The next run has to plan by other rules than those that were kept until now.
        yield from read_instrument(run, run.moment())
    try:
        found = _planned(run, found)
    except LadderError as error:
        run.note(str(error))
        return Result("placed", str(error), found)
    plan = found.plan or Plan()
    flat = not run.record.position_size and bool(run.record.resting)
    waits = bool(run.pending) and run.may_go_round(found)
    if plan.is_empty and not flat and not waits:
        if not run.pending and second_engine(adoptable_orders(run, reading)) is not None:
            report_second_engine(run, reading)
        return Result("placed", f"{plain(run.record.covered)} covered", found)
    if _has_no_room(run, found, plan):
        run.note(why_no_more(run, found))
        return Result("placed", why_no_more(run, found), found)
    return (yield from _go_round(run, found, plan))


def _go_round(run: Run, found: Findings, plan: Plan) -> Flow[Result]:
    """Starts another round for what is left to do, where the run may."""
    if found.refusals.key_refused:
        run.note("the account's key was refused: nothing more was sent")
        return Result("placed", "the key was refused", found)
    if run.is_held_up:
        run.note(f"held back again and again: {found.held}")
        return Result("placed", found.held, found, RunOutcome.FAILED)
    if not run.may_go_round(found):
        run.note(f"actions left for the next run: {plan.actions}")
        return Result("placed", f"the run has used up its {run.used_up(found)}", found)
    if found.sent_for is not None and run.record.position_size < found.sent_for:
        # Something filled meanwhile, and the lists of one read are of two moments.
        found = replace(found, seen=None)
    # Where no read came after the last write, it is no older than that: the whole pause is left.
    since = min((run.age(intent) for intent in run.intents), default=timedelta(0))
    found = yield from paused(run, found.next_round(), since)
    return Result("overtaken", f"actions left: {plan.actions}", found)


def _has_no_room(run: Run, found: Findings, plan: Plan) -> bool:
    """Whether others take the room for all that is left to do."""
    if run.record.room_taken is None or plan.is_empty or plan.cancels:
        return False
    return may_leave(run, found.instrument, plan).is_empty


def _planned(run: Run, found: Findings) -> Findings:
    """The findings with the plan for what is still to be done: empty where the position is flat.

    Raises:
        LadderError: the ladder cannot be applied to the position.
    """
    if not run.record.position_size:
        return replace(found, targets=Targets(()), plan=Plan())
    run.record = with_orders_at_their_prices(run.record)
    return make_plan(run.record, found, run.settings.replace).followed(found)


def _report_amend(run: Run, intent: Intent) -> None:
    before = run.owned(intent).price
    price = plain(before)
    if intent.price not in (None, before):
        price = f"{price} → {plain(intent.price)}"
    run.decide(
        f"📤 Amending existing TP{intent.level} order: {run.key.side.opposite.value} "
        f"{plain(intent.covered)} → {plain(intent.covers)} @ {price}"
    )


def _report_place(run: Run, intent: Intent) -> None:
    order = run.owned(intent)
    run.decide(
        f"📤 Placing new TP{intent.level} order: {run.key.side.opposite.value} "
        f"{plain(order.quantity)} @ {plain(order.asked_price)}"
    )


def _amend(run: Run, intent: Intent, *, shrinks: bool) -> AmendOrder:
    return AmendOrder(
        run.key.symbol,
        intent.order_id,
        intent.order_link_id,
        intent.price,
        intent.quantity,
        shrinks=shrinks,
    )


def _place(run: Run, intent: Intent) -> PlaceOrder:
    if intent.price is None or intent.quantity is None:
        raise LookupError(f"intent {intent.id} to place lacks price or quantity")
    return PlaceOrder(
        symbol=run.key.symbol,
        side=run.key.side.opposite,
        price=intent.price,
        quantity=intent.quantity,
        order_link_id=intent.order_link_id,
        position_index=run.ports.exchange.position_mode.position_index(run.key.side),
    )
