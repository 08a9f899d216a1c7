"""An alert as a sink is given it."""

from dataclasses import replace

from ...model.alert import Alert
from .identities import identity_of
from .wording import whole_text


def as_given(alert: Alert, number: int) -> Alert:
    """The alert with its key, and with all that it has to say.

    Args:
        alert: as it is on record.
        number: in the outbox; below 0 for one that is not in it.
    """
    return replace(alert, identity=identity_of(alert, number), text=whole_text(alert))
