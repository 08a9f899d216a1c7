"""What a read of the position shows of requests that set its stop."""

from datetime import timedelta

from ...domain.copies import replace
from ...domain.model.commands import Operation
from ...domain.model.instrument import ZERO
from ...domain.model.intent import IntentStatus
from ...domain.model.protection import StopIntent, StopRecord
from ...domain.protection.following import NOT_DONE, became
from ...domain.protection.setting import with_stop_asked
from ...domain.protection.stop_orders import SHOWN_BEFORE, order_became
from ...domain.tracking.stored_time import age_of
from ..work.run import Run


def settle_stop(run: Run) -> None:
    """Settles, after a read of the position, the open requests that set its stop.

    What the read does not show counts as not done once reads can no longer lag behind it. One that
    the exchange had accepted ends with a later one that is shown: it came before that. Of several
    that asked for the same, a read shows only one: another whose outcome is unknown may still take
    effect, after something else was set.
    """
    stop = run.record.stop
    if stop is None:
        return
    shown, shows = 0, _shown_by(stop)
    for intent in reversed(stop.intents):
        is_over = age(run, intent) >= _lateness(run, intent)
        status, detail = _became(run, intent, stop, is_over=is_over), NOT_DONE
        if status is IntentStatus.CONFIRMED and intent not in shows:
            status, detail = IntentStatus.RESOLVED if is_over else None, SHOWN_BEFORE
            run.put_stop(replace(intent, detail=detail))
        if status is None and intent.status.is_sent and intent.generation < shown:
            status = IntentStatus.RESOLVED
        if status is IntentStatus.CONFIRMED and not intent.cancels:
            if not shown:
                run.decide(f"🛡️ The stop is {intent.asked}")
            shown = max(shown, intent.generation)
            run.record = with_stop_asked(run.record, intent)
        if status is IntentStatus.CONFIRMED and intent.cancels:
            run.warn(f"the stop's order {intent.order_link_id} is cancelled: {intent.rule}")
        if status is not None:
            detail = "" if status is IntentStatus.CONFIRMED else detail
            run.put_stop(replace(intent, status=status, detail=detail, resolved_at=run.now()))
    if shown and run.record.stop is not None and run.record.stop.asked == run.record.stop.seen:
        run.record = replace(run.record, stop=replace(run.record.stop, loosens=False))


def _became(
    run: Run, intent: StopIntent, stop: StopRecord, *, is_over: bool
) -> IntentStatus | None:
    if intent.operation is not None:
        return order_became(intent, stop, is_over=is_over)
    is_flat = run.record.position_size == ZERO
    is_over = is_over or (is_flat and intent.status.is_sent)
    return became(intent, None if is_flat else stop.seen, is_over=is_over)


def _shown_by(stop: StopRecord) -> list[StopIntent]:
    """The requests that the read shows, where several have asked for what it shows.

    They are those that the exchange has accepted; where it has accepted none, the first. A place or
    a cancel can take effect only once, whichever request brings it.
    """
    once = [one for one in stop.intents if one.operation in (Operation.PLACE, Operation.CANCEL)]
    equal = [intent for intent in stop.intents if intent.asked == stop.seen]
    return once + ([intent for intent in equal if intent.status.is_sent] or equal[:1])


def age(run: Run, intent: StopIntent) -> timedelta:
    """How long before the last read the request left last; before now if there is none."""
    age = age_of(intent, run.moment(), run.now())
    return age if run.read_at is None else age - (run.moment() - run.read_at)


def _lateness(run: Run, intent: StopIntent) -> timedelta:
    late = run.ports.exchange.lateness
    return late.reads if intent.status.is_sent else late.total
