"""The drawings of the machine agree with the chart."""

from pathlib import Path

import pytest

from trueup.cli.commands.diagram import mermaid, table
from trueup.domain.model.record import StateName
from trueup.states.machine import transitions

from ..desk import Desk


def test_the_diagram_has_every_transition_of_the_chart_and_no_other() -> None:
    head, start, *arrows = mermaid().splitlines()
    assert head == "stateDiagram-v2"
    assert start.strip() == "[*] --> Idle"
    assert [arrow.strip() for arrow in arrows] == [
        f"{each.source.value} --> {each.target.value}: {each.event}" for each in transitions()
    ]


def test_the_table_says_when_every_transition_is_taken() -> None:
    rows = [line.strip("| ").split(" | ") for line in table().splitlines()[2:]]
    assert [tuple(row) for row in rows] == [(*each.step, each.when) for each in transitions()]
    assert {target for _, _, target, _ in rows} == {state.value for state in StateName}


@pytest.mark.parametrize(
    ("args", "drawn"),
    [((), mermaid()), (("--format", "mermaid"), mermaid()), (("--format", "table"), table())],
)
def test_the_command_prints_it(tmp_path: Path, args: tuple[str, ...], drawn: str) -> None:
    result = Desk(tmp_path).bare("diagram", *args)
    assert (result.exit_code, result.stdout) == (0, drawn + "\n")
