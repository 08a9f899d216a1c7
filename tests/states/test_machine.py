"""The machine goes where its chart goes, and nowhere else; however often it is asked."""

from itertools import product

import pytest

from trueup.domain.model.errors import MachineError
from trueup.domain.model.record import StateName
from trueup.states.machine import Machine, transitions

FOLLOWS = {(each.source, each.event): each.target for each in transitions()}
EVENTS = sorted({event for _, event in FOLLOWS})


@pytest.mark.parametrize("time", ["first", "again"])
def test_it_goes_where_the_chart_goes_and_nowhere_else(time: str) -> None:
    for source, event in product(StateName, EVENTS):
        machine = Machine(source)
        target = FOLLOWS.get((source, event))
        if target is not None:
            assert machine.send(event) is machine.state is target, time
        else:
            with pytest.raises(MachineError, match=f"'{event}' is not allowed in {source.value}"):
                machine.send(event)
            assert machine.state is source, time


def test_it_knows_no_other_event() -> None:
    with pytest.raises(MachineError):
        Machine(StateName.IDLE).send("nonsense")
