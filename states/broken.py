"""Breaking off: an unexpected exception in any state ends the run as FAILED."""

from ..domain.model.record import RunOutcome
from .resumption import date_requests
from .work.findings import Findings, Result
from .work.run import Run


def break_off(run: Run, reason: str, found: Findings) -> Result:
    """The result of a state whose work raised.

    The intents of writes that were under way stay planned: the exception may have come before or
    after the request left. The next run looks their orders up, as after a crash.

    Args:
        run: the run, back at its last commit.
        reason: what the alert states.
        found: what the run knew at its last commit.
    """
    date_requests(run)
    run.note(f"{reason}: the log has its traceback; please report it")
    run.decide(f"💥 {reason}")
    return Result("broke", reason, found, RunOutcome.FAILED)
