"""What a run's end says of a close."""

from ...domain.copies import replace
from ...domain.model.close.closing import OPEN
from ...domain.model.commands import Operation
from ...domain.model.record import RunOutcome
from ..work.close.apart import apart_of
from ..work.close.requests import open_closes
from ..work.findings import Findings
from ..work.run import Run

_GOOD = frozenset({RunOutcome.IN_SYNC, RunOutcome.SUCCESS})
_NOT_KNOWN = "it is not known yet what its last request did"
_THIN = "the market took no more of it: the rest is tried again"


def conclude_close(run: Run, found: Findings, outcome: RunOutcome) -> RunOutcome:
    """The run's outcome, with what is known of a close; puts why it is still open on record.

    A run that leaves one open did not do all it had to: the next one goes on.
    """
    closing = run.record.closing.last
    for command in run.ports.commands:
        if command.number > run.record.closing.taken:
            run.warn(f"🚪 a close waits for its turn: {command}")
    if closing is None:
        return outcome
    if not closing.is_open:
        was_sent = any(one.run_id == run.id for one in apart_of(run, Operation.CLOSE))
        return RunOutcome.SUCCESS if outcome is RunOutcome.IN_SYNC and was_sent else outcome
    why = _NOT_KNOWN if open_closes(run) else closing.detail or _THIN
    if found.size_known:
        run.record = replace(
            run.record, closing=replace(run.record.closing, last=replace(closing, detail=why))
        )
    if closing.reported == OPEN:
        run.warn(f"🚪 {closing}: {why}")
    return RunOutcome.PARTIAL if outcome in _GOOD else outcome
