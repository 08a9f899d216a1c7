"""Going on after the process that was at work is gone."""

from ...domain.model.record import Origin, StateName
from ...domain.planning.remap_levels import RETIRED
from .run import Run


def restore(run: Run) -> None:
    """Puts a resumed run back to where it was: by the record and its intents.

    A process leaves a monitor in Cancelling or Placing, with what it was to send; or in
    Validating, between two rounds. What it recovered is noted for the alert again; conflicts,
    clipped prices and merges that it had noted are in the journal only.
    """
    run.reason = ""
    run.resumed = run.record.state in (StateName.CANCELLING, StateName.PLACING)
    _restore_recovery(run)


def resume(run: Run) -> str:
    """Starts the round in which a read shows what had become of the writes under way; says so.

    Requests that were announced may or may not have left. Validating looks their orders up,
    settles their intents by what it finds and plans the rest anew; a place that was not seen
    goes out again under its own id.
    """
    run.resumed = False
    run.rounds += 1
    return "resumed after the process was gone: a read shows what it had done"


def _restore_recovery(run: Run) -> None:
    """A record that was completed since the last run ended was completed by this one."""
    record = run.record
    at, before = record.recovered_at, record.last_run_at
    if at is None or (before is not None and at < before):
        return
    run.recovered = True
    adopted = sum(o.origin is Origin.ADOPTED and o.level != RETIRED for o in record.orders)
    if adopted:
        run.note(f"live TP orders recovered: {adopted}")
    else:
        run.note(f"ladder recovered from {record.ladder_source}")
