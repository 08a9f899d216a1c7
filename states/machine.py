"""The chart: six states, and what may follow what.

It is pure: no I/O, no clock, no callbacks. The module named after a state holds what that
state does; its result is one of the events below. The tables in the documentation are
generated from this chart.
"""

from dataclasses import dataclass
from functools import cache

from statemachine import State, StateChart
from statemachine.exceptions import TransitionNotAllowed

from ..domain.model.errors import MachineError
from ..domain.model.record import StateName

WHEN: dict[tuple[str, str], str] = {
    ("Idle", "wake"): "start-up, a sweep, a retry that is due, a caller",
    ("Validating", "settled"): "observed equals target",
    ("Validating", "missing"): "open position, and the record lacks its ladder or its orders",
    ("Validating", "drifted"): "some live owned orders must go",
    ("Validating", "short"): "nothing to cancel; amend or place",
    ("Validating", "blind"): "the exchange could not be read within the retry budget",
    ("Validating", "closed"): "the position is flat; owned leftovers must go",
    ("Recovering", "recovered"): "live TP orders adopted, or a ladder taken from the main account",
    ("Recovering", "unrecoverable"): "no ladder to be had, or none that can be applied: SKIPPED",
    ("Cancelling", "cancelled"): "all gone; there are orders to amend or place",
    ("Cancelling", "cleared"): "all gone; nothing to place",
    ("Cancelling", "overtaken"): "an order turned out to be filled: the position moved",
    ("Cancelling", "refused"): "an order could not be cancelled",
    ("Placing", "placed"): "every action confirmed or definitively refused",
    ("Placing", "overtaken"): "the exchange moved on, or the next level follows; bounded rounds",
    ("Alerting", "alerted"): "the outbox row is committed",
    ("Alerting", "again"): "a wake came in during the run",
}


@dataclass(slots=True)
class StateCell:
    """The chart's model: holds the state's value."""

    state: str


class MonitorChart(StateChart[StateCell]):
    """The machine of one monitor, made from the state on record.

    The library's defaults swallow exceptions and ignore events that are not allowed; the
    four flags make every one of them loud.
    """

    catch_errors_as_events = False
    atomic_configuration_update = True
    allow_event_without_transition = False
    enable_self_transition_entries = False

    idle = State("Idle", value=StateName.IDLE.value, initial=True)
    validating = State("Validating", value=StateName.VALIDATING.value)
    recovering = State("Recovering", value=StateName.RECOVERING.value)
    cancelling = State("Cancelling", value=StateName.CANCELLING.value)
    placing = State("Placing", value=StateName.PLACING.value)
    alerting = State("Alerting", value=StateName.ALERTING.value)

    wake = idle.to(validating)
    settled = validating.to(idle)
    missing = validating.to(recovering)
    drifted = validating.to(cancelling)
    short = validating.to(placing)
    blind = validating.to(alerting)
    closed = validating.to(cancelling)
    recovered = recovering.to(validating)
    unrecoverable = recovering.to(alerting)
    cancelled = cancelling.to(placing)
    cleared = cancelling.to(alerting)
    overtaken = cancelling.to(validating) | placing.to(validating)
    refused = cancelling.to(alerting)
    placed = placing.to(alerting)
    alerted = alerting.to(idle)
    again = alerting.to(validating)


class Machine:
    """One run's place in the chart, from the state on record on."""

    def __init__(self, state: StateName) -> None:
        self.state = state

    def send(self, event: str) -> StateName:
        """Takes the event and gives the state that follows.

        Raises:
            MachineError: the event is not allowed in the state.
        """
        self.state = _following(self.state, event)
        return self.state


@cache
def _following(source: StateName, event: str) -> StateName:
    """The state that follows by the chart, which is pure: it is asked once for each answer."""
    cell = StateCell(source.value)
    chart = MonitorChart(model=cell)
    try:
        chart.send(event)
    except TransitionNotAllowed as error:
        raise MachineError(f"{event!r} is not allowed in {source.value}") from error
    return StateName(cell.state)


def transitions() -> tuple[tuple[StateName, str, StateName], ...]:
    """Every transition of the chart: source, event, target."""
    return tuple(
        (StateName(state.value), transition.event, StateName(target.value))
        for state in MonitorChart.states
        for transition in state.transitions
        if (target := transition.target) is not None
    )
