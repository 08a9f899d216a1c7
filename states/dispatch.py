"""Which module does the work of which state."""

from collections.abc import Callable, Mapping

from ..domain.model.record import StateName
from .alerting import alerting
from .cancelling import cancelling
from .idle import idle
from .placing import placing
from .recovering import recovering
from .validating import validating
from .work.run import Result, Run

EFFECTS: Mapping[StateName, Callable[[Run], Result]] = {
    StateName.IDLE: idle,
    StateName.VALIDATING: validating,
    StateName.RECOVERING: recovering,
    StateName.CANCELLING: cancelling,
    StateName.PLACING: placing,
    StateName.ALERTING: alerting,
}
