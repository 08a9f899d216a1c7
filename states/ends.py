"""How Validating ends where nothing can be planned, or something is missing first."""

from ..domain.model.record import RunOutcome
from .work.findings import Findings, Result
from .work.run import Run


def to_recover(found: Findings, count: int) -> Result:
    """Live TP orders have to be put on record before anything is planned."""
    return Result("missing", f"live TP orders not on record: {count}", found)


def no_plan(found: Findings, reason: str) -> Result:
    """There is no plan, for that reason."""
    return Result("missing", reason, found, reason=reason)


def blind(run: Run, found: Findings, reason: str) -> Result:
    """The run ends: nothing may be decided, for that reason."""
    run.note(reason)
    run.decide(f"🚫 {reason}")
    return Result("blind", reason, found, RunOutcome.FAILED)
