"""The monitor's chart as a table, for histories by the thousand.

The table is drawn from the chart itself, so it knows the same events; it only leaves out the
library that walks them, which takes a third of a simulated run's time.
"""

from ..domain.errors import MachineError
from ..domain.record import StateName
from ..states.monitor import transitions

_TABLE = {(source, event): target for source, event, target in transitions()}


class TableMachine:
    """Does what :class:`trueup.states.monitor.Machine` does."""

    def __init__(self, state: StateName) -> None:
        self.state = state

    def send(self, event: str) -> StateName:
        """Takes the event and gives the state that follows.

        Raises:
            MachineError: the event is not allowed in the state.
        """
        target = _TABLE.get((self.state, event))
        if target is None:
            raise MachineError(f"{event!r} is not allowed in {self.state.value}")
        self.state = target
        return target
