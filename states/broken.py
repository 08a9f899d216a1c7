"""Breaking off: an unexpected exception in any state ends the run as FAILED."""

from dataclasses import replace

from ..domain.model.intent import IntentStatus
from ..domain.model.record import RunOutcome
from .work.findings import Findings, Result
from .work.run import Run


def break_off(run: Run, reason: str, found: Findings) -> Result:
    """The result of a state whose work raised.

    The run's alert and report state of a write that is still planned that it may have been sent:
    the exception may have come before or after it. Its intent on record stays planned, so that
    the next run looks the order up, as after a crash.

    Args:
        run: the run, back at its last commit.
        reason: what the alert states.
        found: what the run knew at its last commit.
    """
    run.intents[:] = [
        replace(intent, status=IntentStatus.UNKNOWN, detail="it may have been sent")
        if intent.status is IntentStatus.PLANNED
        else intent
        for intent in run.intents
    ]
    run.note(f"{reason}: the log has its traceback; please report it")
    run.decide(f"💥 {reason}")
    return Result("broke", reason, found, RunOutcome.FAILED)
