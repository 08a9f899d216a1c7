"""Idle: the monitor has no run; a wake starts one."""

from ..domain.copies import replace
from .work.findings import Result
from .work.run import Run


def idle(run: Run, before: Result) -> Result:
    """Starts the run; the reason for it is the detail of what came before."""
    run.decide("🔍 Validating TP orders before rebalancing...")
    run.record = replace(run.record, last_run_id=run.id)
    return Result("wake", before.detail, before.found)
