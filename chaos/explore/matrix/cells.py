"""Cells: a transition of the chart, and one of the replies that the state before it had."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trueup.engine.run.report import RunReport
from trueup.states.machine import transitions

NO_CALL = "no call"
"""What stands for the replies of a state that asked the exchange nothing."""

Step = tuple[str, str, str]
"""Source, event, target."""
Path = tuple[Step, ...]
"""The transitions of a run, or of the runs that a wake joined, from Idle to Idle."""


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A transition, and one reply that came before it in the same state.

    Attributes:
        source: the state that had the reply.
        event: that ended it.
        target: the state after it.
        operation: what was asked for.
        outcome: the class of the answer, as the journal has it.
        code: of the answer; empty for none.
    """

    source: str
    event: str
    target: str
    operation: str
    outcome: str
    code: str

    @property
    def step(self) -> Step:
        """The transition."""
        return self.source, self.event, self.target

    @property
    def reply(self) -> tuple[str, str, str]:
        """Operation, outcome class and code."""
        return self.operation, self.outcome, self.code


Reply = tuple[str, str, str]
"""Operation, outcome class and code."""


def cells_of(report: RunReport) -> Iterator[Cell]:
    """The cells of a pass, step by step."""
    for each in report.steps:
        taken = each.transition
        step = taken.source.value, taken.event, taken.target.value
        if not each.calls:
            yield Cell(*step, NO_CALL, "", "")
        for call in each.calls:
            code = "" if call.code is None else str(call.code)
            yield Cell(*step, call.operation, call.outcome, code)


def path_of(report: RunReport) -> Path:
    """The transitions of a pass."""
    return tuple((t.source.value, t.event, t.target.value) for t in report.transitions)


def is_whole(path: Path) -> bool:
    """Whether a path begins and ends in Idle: no process died on it."""
    return bool(path) and path[0][0] == "Idle" and path[-1][2] == "Idle"


def chart_steps() -> Sequence[Step]:
    """Every transition of the chart, in its order."""
    return [each.step for each in transitions()]
