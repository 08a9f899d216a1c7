"""The points at which a test kills the process, by name.

In production nothing happens at them. A test passes
:class:`~trueup.engine.reconciler.Reconciler` a function that kills the process at one of them; it
then starts another process and compares the end with that of a run that was never killed.
"""

from ...domain.model.commands import Operation
from ...domain.model.record import StateName


def no_crash(_point: str) -> None:
    """What happens at a crash point in production: nothing."""


_COMMITTING = (
    StateName.VALIDATING,
    StateName.CANCELLING,
    StateName.PLACING,
    StateName.ALERTING,
)
"""The states whose step may end with a commit (:mod:`.stepper`)."""
COMMITS = tuple(
    f"{state.value}.{side}-commit" for state in _COMMITTING for side in ("before", "after")
)
_SIDES = ("before-send", "after-reply")
SENDS = tuple(
    f"{operation.value}.{side}"
    for operation in (Operation.PLACE, Operation.AMEND, Operation.CANCEL)
    for side in _SIDES
)
DELIVERIES = ("alert.before-delivery", "alert.after-delivery")
POINTS: tuple[str, ...] = COMMITS + SENDS + DELIVERIES
"""The crash points around each commit (named by the state whose step it ends), around each kind of
write of orders to the exchange, and around the delivery of an alert."""
SETS = ("set_stop.before-send", "set_stop.after-reply")
"""Those around a request that sets the stop of a position."""
CLOSES = tuple(f"{Operation.CLOSE.value}.{side}" for side in _SIDES)
"""Those around a request that closes a part of the position."""
ENTRIES = tuple(f"{Operation.CANCEL_ENTRY.value}.{side}" for side in _SIDES)
"""Those around a request that cancels entries which the user has named."""
