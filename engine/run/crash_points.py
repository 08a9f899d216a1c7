"""The instants at which a process may die, by name.

Production code reaches them and nothing happens. A test hands a function to
:class:`~trueup.engine.reconciler.Reconciler` that kills the process at one of them, starts
another and compares the end with that of a run that was never killed.
"""

from ...domain.model.commands import Operation
from ...domain.model.record import StateName


def no_crash(_point: str) -> None:
    """Reaches a point in production: nothing happens."""


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
SENDS = tuple(
    f"{operation.value}.{side}"
    for operation in Operation
    for side in ("before-send", "after-reply")
)
DELIVERIES = ("alert.before-delivery", "alert.after-delivery")
POINTS: tuple[str, ...] = COMMITS + SENDS + DELIVERIES
"""Every point: around each commit, by the state whose step it ends, around each kind of write to
the exchange, and around the delivery of an alert."""
