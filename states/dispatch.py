"""Which function does the work of which state: the one that bears the state's name in the chart."""

from collections.abc import Callable, Mapping
from importlib import import_module

from ..domain.flow import Flow
from ..domain.model.record import StateName
from .machine import MonitorChart
from .work.findings import Result
from .work.run import Run

Effect = Callable[[Run, Result], Result | Flow[Result]]
"""What a state does: it turns a run and the result of the previous state into its own result."""


def _effect(name: str) -> Effect:
    effect: Effect = getattr(import_module(f".{name}", __package__), name)
    return effect


EFFECTS: Mapping[StateName, Effect] = {
    StateName(state.value): _effect(state.id) for state in MonitorChart.states
}


def work_of(state: StateName, run: Run, before: Result) -> Flow[Result]:
    """Does the work of a state; one that asks nobody for anything is done at once."""
    result = EFFECTS[state](run, before)
    return result if isinstance(result, Result) else (yield from result)
