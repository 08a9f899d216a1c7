"""Placing's part: sends the request that closes. What it did is looked up by Validating."""

from ...domain.closing.going_on import given_up
from ...domain.copies import replace
from ...domain.flow import Flow
from ...domain.model.commands import Operation, PlaceOrder
from ...domain.model.instrument import ZERO, plain
from ...domain.model.intent import Intent, IntentStatus
from ...domain.model.outcomes import (
    Accepted,
    Held,
    OutcomeClass,
    Refused,
    Retry,
    Unsure,
    WriteOutcome,
)
from ..work import calls
from ..work.close.apart import open_apart, put_apart
from ..work.close.requests import put_closing, settle_close
from ..work.findings import Findings, Refusals, Result
from ..work.run import Run

_SENT = "a close was sent"
_AGAIN = "a close was sent: what it did is looked up, and the rest is planned by a read after it"


def send_close(run: Run, found: Findings) -> Flow[Result]:
    """Sends the announced request, once; then the run validates again."""
    intent = announced_close(run, found)
    if intent is not None:
        intent = replace(intent, announced=run.moment())
        put_apart(run, intent)
        size = plain(run.record.position_size)
        run.decide(
            f"📤 Closing {plain(intent.quantity or ZERO)} of {size} at the market: "
            f"{run.key.side.opposite.value}"
        )
        outcome = yield from calls.close(run, _order(run, intent))
        run.ports.exchange.invalidate(run.key.symbol, _SENT)
        found = _apply(run, intent, outcome, found)
    if not run.may_go_round(found):
        why = f"the run has used up its {run.used_up(found)}"
        return Result("placed", why, replace(found, unplanned=True))
    return Result("overtaken", _AGAIN, found.next_round())


def announced_close(run: Run, found: Findings) -> Intent | None:
    """The request that Validating has announced since Placing was entered last; None for none."""
    waiting = open_apart(run, Operation.CLOSE)
    return next((one for one in waiting if one.id == found.closes), None)


def _order(run: Run, intent: Intent) -> PlaceOrder:
    if intent.quantity is None:
        raise LookupError(f"intent {intent.id} to close lacks its quantity")
    return PlaceOrder(
        symbol=run.key.symbol,
        side=run.key.side.opposite,
        price=None,
        quantity=intent.quantity,
        order_link_id=intent.order_link_id,
        position_index=run.ports.exchange.position_mode.position_index(run.key.side),
    )


def _apply(run: Run, intent: Intent, outcome: WriteOutcome, found: Findings) -> Findings:
    """Puts the answer on record; returns what the run knows after it."""
    match outcome:
        case Accepted(order_id=order_id):
            put_apart(run, replace(intent, status=IntentStatus.SENT, order_id=order_id))
        case Refused(kind=OutcomeClass.DUPLICATE_LINK_ID):
            # The exchange has the order: the request had arrived before.
            put_apart(run, replace(intent, status=IntentStatus.SENT, code=outcome.code))
        case Unsure():
            unknown = replace(intent, status=IntentStatus.UNKNOWN, code=outcome.code)
            put_apart(run, replace(unknown, detail=outcome.reason))
        case Held():
            settle_close(run, intent, IntentStatus.HELD, outcome.reason)
        case Refused():
            refused = replace(intent, code=outcome.code)
            settle_close(run, refused, IntentStatus.REFUSED, outcome.message)
            return _refused(run, outcome, found)
    return found


def _refused(run: Run, refusal: Refused, found: Findings) -> Findings:
    """What follows from a refusal: of the moment, of what rests beside it, or for good."""
    why = f"refused ({refusal.code}: {refusal.message})"
    run.decide(f"🚫 The close was {why}")
    match refusal.kind:
        case OutcomeClass.REDUCE_ONLY if not found.close_room:
            # What rests may take the room; or there is no position any more: a read says which.
            return replace(found, close_room=True)
        case OutcomeClass.VALUES if not found.rules_reread:
            return found.refused(Refusals(rules_stale=True))
        case OutcomeClass.AUTH:
            found = found.refused(Refusals(key_refused=True))
        case OutcomeClass.REDUCE_ONLY:
            pass
        case kind if kind.retry is Retry.LATER:
            pass
        case _:
            if (closing := run.record.closing.open) is not None:
                put_closing(run, given_up(closing, why))
            return found
    if (closing := run.record.closing.open) is not None:
        put_closing(run, replace(closing, detail=why))
    return replace(found, no_close=True)
