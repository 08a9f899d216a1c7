"""Going on after the process that was at work is gone."""

from .run import Result, Run


def resume(run: Run) -> Result:
    """Back to Validating: whatever was under way, a read says what it came to.

    Requests that were announced may or may not have left. Validating looks their orders up,
    settles their intents by what it finds and plans the rest anew; a place that was not seen
    goes out again under its own id.
    """
    run.resumed = False
    run.rounds += 1
    return Result("overtaken", "resumed: what was under way is read")
