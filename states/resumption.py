"""Going on after the process that was at work is gone."""

from dataclasses import replace

from ..domain.journal import Transition
from ..domain.record import Origin, RunOutcome, StateName
from .run import Result, Run

COVERED = "covered"
"""How the detail of ``placed`` ends where a read asked for nothing more."""
UNVERIFIED = "unverified"
"""The detail of ``placed`` where orders were amended without a read of the orders."""

BLIND = "the exchange could not be read"
"""How the detail of ``unrecoverable`` begins where the exchange did not answer."""


def restore(run: Run, last: Transition | None) -> None:
    """Puts a resumed run back to where it was: by the record, its intents and its last step.

    What the process that is gone had noted for the alert is noted again, as far as it can be
    told from these: why it ended, what it recovered. Conflicts, clipped prices and merges that
    it had noted are in the journal only.
    """
    record = run.record
    run.reason = ""
    run.resumed = record.state in (StateName.CANCELLING, StateName.PLACING)
    _restore_recovery(run)
    if record.state is StateName.ALERTING:
        # Whatever happened since its last read, nobody saw: as if a wake had come in.
        run.record = replace(record, wakes=record.wakes - 1)
    if record.state is StateName.ALERTING and last is not None:
        run.size_known = last.event in ("placed", "cleared")
        _restore_outcome(run, last)


def resume(run: Run) -> Result:
    """Back to Validating: whatever was under way, a read says what it came to.

    Requests that were announced may or may not have left. Validating looks their orders up,
    settles their intents by what it finds and plans the rest anew; a place that was not seen
    goes out again under its own id.
    """
    run.resumed = False
    run.rounds += 1
    return Result("overtaken", "resumed: what was under way is read")


def _restore_recovery(run: Run) -> None:
    """A record that was completed since the last run ended was completed by this one."""
    record = run.record
    at, before = record.recovered_at, record.last_run_at
    if at is None or (before is not None and at < before):
        return
    run.recovered = True
    adopted = sum(order.origin is Origin.ADOPTED for order in record.orders)
    if adopted:
        run.note(f"live TP orders recovered: {adopted}")
    else:
        run.note(f"ladder recovered from {record.ladder_source}")


def _restore_outcome(run: Run, last: Transition) -> None:
    """The outcome that the step into Alerting stood for; None where the intents tell it."""
    if last.event == "cleared" or (last.event == "placed" and last.detail.endswith(COVERED)):
        return
    if (last.event, last.detail) == ("placed", UNVERIFIED):
        run.verified = False
        run.note("UNVERIFIED: the orders could not be read")
        return
    skipped = last.event == "unrecoverable" and not last.detail.startswith(BLIND)
    run.outcome = RunOutcome.SKIPPED if skipped else RunOutcome.FAILED
    run.note(last.detail)
