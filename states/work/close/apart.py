"""Writes that serve no level of the ladder: closes of the position, and cancels of entries.

Each has an intent that is durable before it leaves, like any write. No order on record is theirs,
so what they did is looked up at the exchange, and never counts as cover.
"""

from ....domain.copies import replace
from ....domain.model.commands import Operation
from ....domain.model.intent import Intent, IntentStatus
from ..run import Run

NO_LEVEL = 0
"""The level of an intent that serves none."""


def put_apart(run: Run, intent: Intent) -> None:
    """Puts the intent of a request into the run as it is now; the next commit writes it."""
    if any(other.id == intent.id for other in run.apart):
        run.apart[:] = [intent if other.id == intent.id else other for other in run.apart]
    else:
        run.apart.append(intent)
    run.changed.add(intent.id)


def apart_of(run: Run, operation: Operation) -> tuple[Intent, ...]:
    """The intents of that kind: of this run, and of earlier ones where open; oldest first."""
    return tuple(intent for intent in run.apart if intent.operation is operation)


def open_apart(run: Run, operation: Operation) -> tuple[Intent, ...]:
    """Those of them of which it is not known what they did."""
    return tuple(intent for intent in apart_of(run, operation) if intent.status.is_open)


def date_apart(run: Run) -> None:
    """Makes no request older than it is, where a run broke off: it may have left since."""
    for intent in run.apart:
        if intent.status is IntentStatus.PLANNED and (at := intent.announced) is not None:
            at = max(at, min(at + run.settings.grace, run.moment()))
            put_apart(run, replace(intent, announced=at, status=IntentStatus.UNKNOWN))
