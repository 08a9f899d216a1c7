"""Cancelling's part: cancels the announced entries, and finds out what became of each.

A reply is an acknowledgement, and 110001 says only that the entry is not open: it may have filled.
So each is looked up, and what is still open is asked to be cancelled again.
"""

from ...domain.copies import replace
from ...domain.flow import Flow
from ...domain.model.commands import CancelOrder
from ...domain.model.intent import Intent, IntentStatus
from ...domain.model.outcomes import Accepted, Held, OutcomeClass, Refused, Unsure, WriteOutcome
from ..work import calls
from ..work.close.apart import put_apart
from ..work.findings import Findings, Refusals, Result
from ..work.run import Run
from .entries import is_gone, open_entries, settle_entries

_SENT = "entries were cancelled"
_AGAIN = "entries were cancelled: what else is to do is planned by a read after it"


def cancel_entries(run: Run, found: Findings) -> Flow[Result]:
    """Sends the announced cancels; then the run validates again: an entry may have filled.

    The ladder does not wait longer than for orders of its own. What is not known by then is left to
    the next run.
    """
    waiting, sent = announced_entries(run, found), set[str]()
    tried = frozenset(one.order_id for one in waiting)
    tries = run.tries("an entry to be cancelled is still open", run.settings.grace)
    while (yield from tries.another()):
        found = found.refused((yield from _round(run, waiting, sent)))
        waiting = announced_entries(run, found)
        if not waiting:
            break
        run.note_search()
    for intent in waiting:
        put_apart(run, replace(intent, status=IntentStatus.UNKNOWN, detail="it is not confirmed"))
    held = {one.order_id for one in run.apart if one.status is IntentStatus.HELD}
    found = replace(
        found,
        entries=frozenset(),
        tried=found.tried | (tried - held),
        entries_left=_left(run, found),
    )
    if not run.may_go_round(found):
        why = f"the run has used up its {run.used_up(found)}"
        if found.refusals.key_refused:
            why = "the account's key was refused"
        return Result("cleared", why, replace(found, unplanned=True))
    return Result("overtaken", _AGAIN, found.next_round())


def announced_entries(run: Run, found: Findings) -> tuple[Intent, ...]:
    """The cancels that Validating has announced, and of which it is not known what they did."""
    return tuple(one for one in open_entries(run) if one.id in found.entries)


def _left(run: Run, found: Findings) -> tuple[str, ...]:
    """The link ids of the announced entries that are not known to be gone."""
    own = (one for one in run.apart if one.id in found.entries)
    return tuple(one.order_link_id for one in own if not is_gone(one))


def _round(run: Run, intents: tuple[Intent, ...], sent: set[str]) -> Flow[Refusals]:
    """Sends the cancels once, and looks up the entries; those that left are added to ``sent``."""
    refusals = Refusals()
    before = {one.id for one in intents if one.status is not IntentStatus.PLANNED} | sent
    intents = tuple(replace(one, announced=run.moment()) for one in intents)
    for intent in intents:
        put_apart(run, intent)
    commands = [CancelOrder(run.key.symbol, one.order_id, one.order_link_id) for one in intents]
    outcomes = yield from calls.cancel_entries(run, commands)
    run.ports.exchange.invalidate(run.key.symbol, _SENT)
    for intent, outcome in zip(intents, outcomes, strict=True):
        if isinstance(outcome, Refused) and outcome.kind is OutcomeClass.AUTH:
            refusals = Refusals(key_refused=True)
        sent |= _put(run, intent, outcome, was_sent=intent.id in before)
    left = {one.id for one in intents}
    yield from settle_entries(run, [one for one in open_entries(run) if one.id in left])
    return refusals


def _put(run: Run, intent: Intent, outcome: WriteOutcome, *, was_sent: bool) -> set[str]:
    """Puts the answer on record.

    Returns:
        Its id, where a request of it may have an effect: this one or one before.
    """
    match outcome:
        case Accepted():
            put_apart(run, replace(intent, status=IntentStatus.SENT, code=None, detail=""))
        case Unsure() if intent.status is not IntentStatus.SENT:
            unknown = replace(intent, status=IntentStatus.UNKNOWN, code=outcome.code)
            put_apart(run, replace(unknown, detail=outcome.reason))
        case Refused(kind=OutcomeClass.ALREADY_GONE):
            put_apart(run, replace(intent, status=IntentStatus.SENT, code=outcome.code))
        case Refused() if not was_sent:
            run.decide(
                f"🚫 The cancel of {intent.order_link_id} was refused ({outcome.code}): "
                f"{outcome.message}"
            )
            refused = replace(intent, status=IntentStatus.REFUSED, code=outcome.code)
            put_apart(run, replace(refused, detail=outcome.message, resolved_at=run.now()))
            return set()
        case Held() if not was_sent:
            held = replace(intent, status=IntentStatus.HELD, detail=outcome.reason)
            put_apart(run, replace(held, resolved_at=run.now()))
            return set()
    return {intent.id}
