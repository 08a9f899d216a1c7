"""The chart: six states, what may follow what, and when.

It is the specification. The stepper asks it where each event leads; dispatch, the diagram, the
table in the documentation and the test that every transition has a transcript are derived from it.
It is pure: no I/O, no clock, no callbacks. The module named after a state holds what that state
does; its result is one of the events below.
"""

from dataclasses import dataclass
from functools import cache

from statemachine import State, StateChart
from statemachine.exceptions import TransitionNotAllowed
from statemachine.transition import Transition
from statemachine.transition_list import TransitionList

from ..domain.model.errors import MachineError
from ..domain.model.record import StateName

_WHEN: dict[Transition, str] = {}


def _when(text: str, arrows: TransitionList) -> TransitionList:
    """Writes beside the transitions when they are taken."""
    _WHEN.update(dict.fromkeys(arrows, text))
    return arrows


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

    wake = _when(
        "a start, a stream event, a sweep, a retry that is due, a caller", idle.to(validating)
    )
    settled = _when("the resting orders equal what the ladder asks for", validating.to(idle))
    missing = _when(
        "the position is open, and the record lacks its ladder or its orders",
        validating.to(recovering),
    )
    drifted = _when("some owned orders must go", validating.to(cancelling))
    short = _when("nothing to cancel, something to amend or place", validating.to(placing))
    blind = _when("the exchange could not be read within the retry budget", validating.to(alerting))
    closed = _when(
        "the position is flat, and owned orders are left that must go", validating.to(cancelling)
    )
    recovered = _when(
        "live TP orders were adopted, or the main account's ladder was copied",
        recovering.to(validating),
    )
    unrecoverable = _when(
        "no source gives a ladder, or the ladder cannot be applied", recovering.to(alerting)
    )
    cancelled = _when(
        "all are gone, and there are orders to amend or place", cancelling.to(placing)
    )
    cleared = _when("all are gone, and nothing is placed in this run", cancelling.to(alerting))
    overtaken = _when(
        "an order turned out to be filled, so the position moved", cancelling.to(validating)
    ) | _when(
        "the position moved, or the next level follows; rounds are bounded", placing.to(validating)
    )
    refused = _when("an order could not be cancelled", cancelling.to(alerting))
    placed = _when("every action is confirmed or refused for good", placing.to(alerting))
    alerted = _when("the outbox row is committed", alerting.to(idle))
    again = _when("a wake came in during the run", alerting.to(validating))
    broke = _when(
        "an unexpected exception ended the work of the state",
        alerting.from_(idle, validating, recovering, cancelling, placing),
    ) | _when(
        "an unexpected exception ended the conclusion: the run ends without more",
        alerting.to(idle),
    )


class Machine:
    """One run's place in the chart, from the state on record on."""

    def __init__(self, state: StateName) -> None:
        self.state = state

    def send(self, event: str) -> StateName:
        """Applies the event and returns the state that follows.

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


@dataclass(frozen=True, slots=True)
class ChartTransition:
    """One transition of the chart.

    Attributes:
        when: when it is taken, for people.
    """

    source: StateName
    event: str
    target: StateName
    when: str

    @property
    def step(self) -> tuple[str, str, str]:
        """Source, event and target, as transcripts show them."""
        return self.source.value, self.event, self.target.value


def transitions() -> tuple[ChartTransition, ...]:
    """Every transition of the chart."""
    return tuple(
        ChartTransition(
            StateName(state.value), transition.event, StateName(target.value), _WHEN[transition]
        )
        for state in MonitorChart.states
        for transition in state.transitions
        if (target := transition.target) is not None
    )
