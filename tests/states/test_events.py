"""The events that the code of each state can return are those of the chart, and no others.

Any state may break off; that event is made in a module of its own. Validating has parts.
"""

import ast
from collections.abc import Iterator
from inspect import getsource
from sys import modules

import pytest

from trueup.domain.model.record import StateName
from trueup.states import broken, contract, ends
from trueup.states.dispatch import EFFECTS
from trueup.states.machine import transitions


@pytest.mark.parametrize("state", StateName)
def test_a_state_returns_the_events_of_its_transitions(state: StateName) -> None:
    parts = (contract, ends) if state is StateName.VALIDATING else ()
    made = (modules[EFFECTS[state].__module__], broken, *parts)
    assert {event for module in made for event in _events(getsource(module))} == {
        each.event for each in transitions() if each.source is state
    }


def test_every_state_of_the_chart_has_a_function_of_its_name() -> None:
    assert set(EFFECTS) == set(StateName)
    assert [effect.__name__ for effect in EFFECTS.values()] == [
        state.value.lower() for state in EFFECTS
    ]


def test_results_are_made_in_the_modules_of_states_only() -> None:
    shared = [module for name, module in modules.items() if name.startswith("trueup.states.work.")]
    assert shared
    assert [event for module in shared for event in _events(getsource(module))] == []


def _events(source: str) -> Iterator[str]:
    """The first argument of each ``Result(…)``; one that is no literal fails."""
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "Result"
        ):
            event = node.args[0]
            assert isinstance(event, ast.Constant)
            yield str(event.value)
