"""Alerting: concludes the run; the commit that ends it puts the alert into the outbox."""

from .ending.conclusion import conclude
from .work.findings import Result
from .work.run import Run


def alerting(run: Run, before: Result) -> Result:
    """Concludes the run; a wake that came in meanwhile starts the next one at once."""
    outcome = conclude(run, before)
    run.decide(f"📣 {outcome.value} for {run.key}")
    if run.ports.wakes(run.record.id) > run.record.wakes:
        return Result("again", "a wake came in during the run", before.found, outcome)
    return Result("alerted", outcome.value, before.found, outcome)
