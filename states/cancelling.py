"""Cancelling: cancels the owned orders that must go, and confirms that they are gone.

An acknowledgement is not a cancel. After 110001 ("order not exists or too late to cancel") the
order is looked up: if it filled, the position moved and the run validates again; if it was
cancelled, the work is done; if it is still open, the cancel is sent again.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from ..domain.flow import Flow
from ..domain.model.commands import CancelOrder, Operation
from ..domain.model.instrument import plain
from ..domain.model.intent import Intent, IntentStatus
from ..domain.model.outcomes import Accepted, Held, OutcomeClass, Refused, Retry
from ..domain.model.record import OwnedStatus, RunOutcome
from ..domain.planning.plan import Plan
from .protection.cancelling import cancel_entries
from .resumption import RESUMED, resumed
from .work import calls
from .work.confirmation import end_superseded
from .work.findings import Findings, Result
from .work.intents import announce_writes, may_leave
from .work.lookup import query_orders, report_gone, short_id
from .work.planning import plan_left
from .work.room import without_a_gap
from .work.run import Run


def cancelling(run: Run, before: Result) -> Flow[Result]:
    """Cancels what the open intents say and finds out what became of each order."""
    found = before.found
    if found.resumed:
        return Result("overtaken", RESUMED, resumed(found))
    if found.entries:
        return (yield from cancel_entries(run, found))
    intents = run.to_send(Operation.CANCEL, found.announced)
    planned = {intent.id: run.owned(intent).filled for intent in intents}
    filled, held = False, run.held
    sent: set[str] = set()
    tries = run.tries("an order to be cancelled is still open", run.settings.grace)
    while (yield from tries.another()):
        intents, overtaken = yield from _round(run, intents, planned, sent)
        filled = filled or overtaken
        if not intents:
            break
    for intent in intents:
        run.settle(intent, IntentStatus.UNKNOWN, "the cancel is not confirmed", intent.code)
    end_superseded(run)
    if filled:
        return _overtaken(run, found, "an order was filled")
    if run.held > held:
        return _overtaken(run, found, "cancels were held back")
    failed = [i for i in run.intents if i.operation is Operation.CANCEL and _is_refused(i)]
    if failed:
        return Result("refused", f"orders not cancelled: {len(failed)}", found, RunOutcome.FAILED)
    return _go_on(run, found)


def _round(
    run: Run, intents: Sequence[Intent], planned: Mapping[str, Decimal], sent: set[str]
) -> Flow[tuple[list[Intent], bool]]:
    """Sends the cancels once.

    Args:
        run: the run.
        intents: of the cancels.
        planned: by intent, what its order had filled when the plan was made.
        sent: the intents of which a request has left; those of this round are added.

    Returns:
        The intents of orders that are still open, and whether an order turned out to be filled.
    """
    commands = [CancelOrder(run.key.symbol, i.order_id, i.order_link_id) for i in intents]
    for intent in intents:
        run.decide(
            f"🗑️ Cancelling existing TP{intent.level} order: {short_id(intent.order_id)}"
            f" ({intent.detail})"
        )
    intents = [run.left(intent, run.moment()) for intent in intents]
    outcomes = yield from calls.cancel(run, commands)
    waiting: list[Intent] = []
    gone: set[str] = set()
    for intent, outcome in zip(intents, outcomes, strict=True):
        # What was sent before may take effect, or have done so, whatever is said of it now.
        if isinstance(outcome, Refused) and outcome.retry is Retry.NEVER and intent.id not in sent:
            run.settle(intent, IntentStatus.REFUSED, outcome.message, outcome.code)
        elif isinstance(outcome, Held) and intent.id not in sent:
            run.settle(intent, IntentStatus.HELD, outcome.reason)
        else:
            sent.add(intent.id)
            accepted = isinstance(outcome, Accepted)
            waiting.append(
                run.settle(intent, IntentStatus.SENT, intent.detail) if accepted else intent
            )
            if isinstance(outcome, Refused) and outcome.kind is OutcomeClass.ALREADY_GONE:
                gone.add(intent.id)
    return (yield from _settle(run, waiting, planned, gone))


def _settle(
    run: Run, intents: Sequence[Intent], planned: Mapping[str, Decimal], gone: Collection[str]
) -> Flow[tuple[list[Intent], bool]]:
    """Looks up what became of the orders.

    Args:
        run: the run.
        intents: of the cancels that the exchange did not refuse for good.
        planned: by intent, what its order had filled when the plan was made.
        gone: ids of the intents whose cancel the exchange answered with "order not exists".

    Returns:
        The intents of orders that are open or unknown, and whether an order turned out to be
        filled.
    """
    owned = [run.owned(intent) for intent in intents]
    answers = yield from query_orders(
        run,
        [order for order in owned if order.status.may_rest],
        not_open={intent.order_link_id for intent in intents if intent.id in gone},
    )
    became = answers.orders
    still: list[Intent] = []
    filled = False
    for intent, before in zip(intents, owned, strict=True):
        after = became.get(before.order_link_id, before)
        if after is None or after.status.may_rest:
            still.append(intent)
            continue
        if intent.id in gone:
            report_gone(run, intent)
        if after.filled > planned[intent.id] or after.status is OwnedStatus.FILLED:
            filled = True
            run.settle(intent, IntentStatus.RESOLVED, f"the order had filled {plain(after.filled)}")
        else:
            run.settle(intent, IntentStatus.CONFIRMED)
            run.decide(f"✅ TP{intent.level} cancelled: {plain(intent.covered)}")
    return still, filled


def _go_on(run: Run, found: Findings) -> Result:
    """Goes on to Placing if the plan has anything to amend or place.

    Where it has not, it may have been a part of what is to be done: in a cool-down, what is above
    the position goes before the rest.
    """
    plan = found.plan or Plan()
    rest = Plan(amends=plan.amends, places=plan.places, deferred=plan.deferred)
    if rest.is_empty:
        left = plan_left(run.record, found, run.settings.replace) or rest
        found = replace(found, plan=left)
        if (run.pending or not left.is_empty) and run.may_go_round(found):
            pending = "a write is still pending" if run.pending else f"actions left: {left.actions}"
            return _overtaken(run, found, pending)
        return Result("cleared", "nothing to place", found)
    found = replace(found, plan=rest)
    whole, rest = rest, without_a_gap(run, found, rest)
    if rest is not whole and may_leave(run, found.instrument, rest).is_empty:
        run.note(f"actions left for the next run: {whole.actions}")
        return Result("cleared", f"the run has used up its {run.used_up(found)}", found)
    found = announce_writes(run, found, rest)
    return Result("cancelled", f"amend {len(rest.amends)}, place {len(rest.places)}", found)


def _overtaken(run: Run, found: Findings, detail: str) -> Result:
    if not run.may_go_round(found):
        why = f"the run has used up its {run.used_up(found)}"
        run.note(f"{why}: {detail}")
        return Result("refused", why, found, RunOutcome.FAILED)
    return Result("overtaken", detail, found.next_round())


def _is_refused(intent: Intent) -> bool:
    return intent.status in (IntentStatus.REFUSED, IntentStatus.UNKNOWN)
