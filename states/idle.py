"""Idle: nothing is under way; a wake starts a run."""

from dataclasses import replace

from .work.run import Result, Run


def idle(run: Run) -> Result:
    """Starts the run."""
    run.decide("🔍 Validating TP orders before rebalancing...")
    run.record = replace(run.record, last_run_id=run.id)
    return Result("wake", run.reason)
