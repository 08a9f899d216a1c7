"""What a run's end says of entries that the user has named."""

from ...domain.model.commands import Operation
from ...domain.model.intent import IntentStatus
from ...domain.model.record import RunOutcome
from ...domain.model.stop_events import EntriesCancelled
from ..work.close.apart import apart_of
from ..work.findings import Findings
from ..work.run import Run

_GOOD = frozenset({RunOutcome.IN_SYNC, RunOutcome.SUCCESS})


def conclude_entries(run: Run, found: Findings, outcome: RunOutcome) -> RunOutcome:
    """The run's outcome: one that leaves entries that are to go did not do all it had to."""
    if found.entries_left:
        names = ", ".join(found.entries_left)
        run.warn(f"🧹 entries that are to go still rest: {names}{_why(run, found)}")
        return RunOutcome.PARTIAL if outcome in _GOOD else outcome
    is_done = run.record.stop is not None and run.record.stop.cancelled
    return RunOutcome.SUCCESS if is_done and outcome is RunOutcome.IN_SYNC else outcome


def is_of_entries(run: Run, found: Findings) -> bool:
    """Whether the run's outcome is that of entries, and every TP order that had to change did."""
    if any(one.status is not IntentStatus.CONFIRMED for one in run.undertaken):
        return False
    is_well = not (found.recovered or found.unsure or found.must_act or found.unplanned)
    if found.entries_left:
        return is_well and found.verified and not (run.record.stop and run.record.stop.problem)
    is_done = any(isinstance(event, EntriesCancelled) for event in run.events)
    is_alone = not (run.intents or run.stops_done) and bool(run.record.position_size)
    return is_done and is_alone and is_well


def _why(run: Run, found: Findings) -> str:
    """What stood in the way of the last of them, as far as the run knows."""
    asked = [
        one
        for one in apart_of(run, Operation.CANCEL_ENTRY)
        if one.order_link_id in found.entries_left
    ]
    if not asked:
        return ""
    last = asked[-1]
    if last.status is IntentStatus.REFUSED:
        return f": refused ({last.code}: {last.detail})"
    return ": they were asked to be cancelled, and no answer or read has shown it yet"
