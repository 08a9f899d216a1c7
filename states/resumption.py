"""Resuming a run whose process died."""

from dataclasses import replace

from ..domain.model.commands import Operation
from ..domain.model.intent import IntentStatus
from ..domain.model.record import MonitorRecord, Origin, StateName
from ..domain.planning.remap_levels import RETIRED
from .work.close.apart import date_apart
from .work.findings import Findings
from .work.run import Run

RESUMED = "resumed: the run before did not come to its end; a read will show what it had done"


def restore(run: Run) -> Findings:
    """What a resumed run knows, by its record and its intents.

    A process leaves a monitor in Cancelling or Placing, with what it was to send; or in
    Validating, between two rounds. The alert notes again what the run had recovered; conflicts,
    clipped prices and merges that it had noted are in the journal only.
    """
    is_writing = run.record.state in (StateName.CANCELLING, StateName.PLACING)
    is_recovered = _is_recovered(run.record)
    date_requests(run)
    if is_recovered:
        run.note(_recovery(run.record))
    return Findings(resumed=is_writing, recovered=is_recovered)


def date_requests(run: Run) -> None:
    """Makes no write older than it is, where a run broke off: its last request counts.

    Only when the writes were announced is on record then. For the grace time after that a cancel
    may have left again; and a place for the first time, as orders to be amended were looked up.
    """
    for intent in run.open_intents():
        if intent.status is not IntentStatus.PLANNED or intent.operation is Operation.AMEND:
            continue
        if (at := intent.announced) is not None:
            run.left(intent, max(at, min(at + run.settings.grace, run.moment())))
    _date_stops(run)
    date_apart(run)


def _date_stops(run: Run) -> None:
    """The same for requests that set the position's stop."""
    for intent in run.record.stop.intents if run.record.stop else ():
        if intent.status is IntentStatus.PLANNED and (at := intent.announced) is not None:
            at = max(at, min(at + run.settings.grace, run.moment()))
            run.put_stop(replace(intent, announced=at, status=IntentStatus.UNKNOWN))


def resumed(found: Findings) -> Findings:
    """Starts the round in which a read shows what became of the writes that were under way.

    Requests that were announced may or may not have left. Validating looks their orders up,
    settles their intents by what it finds and plans the rest again; a place that no read shows is
    sent again under its own id.
    """
    return replace(found.next_round(), resumed=False)


def _is_recovered(record: MonitorRecord) -> bool:
    """Whether this run completed the record: that was after the last run had ended."""
    at, before = record.recovered_at, record.last_run_at
    return at is not None and (before is None or at >= before)


def _recovery(record: MonitorRecord) -> str:
    """What was recovered, for the alert."""
    adopted = sum(o.origin is Origin.ADOPTED and o.level > RETIRED for o in record.orders)
    if adopted:
        return f"live TP orders recovered: {adopted}"
    return f"ladder recovered from {record.ladder_source}"
