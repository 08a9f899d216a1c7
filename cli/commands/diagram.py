"""The machine as people read it: a diagram and a table, both drawn from the chart."""

from enum import StrEnum
from typing import Annotated

import typer

from ...domain.model.record import StateName
from ...states.machine import transitions


class Format(StrEnum):
    """How to draw it."""

    MERMAID = "mermaid"
    TABLE = "table"


def mermaid() -> str:
    """The chart as a mermaid ``stateDiagram-v2``, without a last line break."""
    lines = ["stateDiagram-v2", f"    [*] --> {StateName.IDLE}"]
    lines += [f"    {each.source} --> {each.target}: {each.event}" for each in transitions()]
    return "\n".join(lines)


def table() -> str:
    """The chart as a Markdown table: from, event, to, when; without a last line break."""
    lines = ["| from | event | to | when |", "|---|---|---|---|"]
    lines += [
        f"| {each.source} | {each.event} | {each.target} | {each.when} |" for each in transitions()
    ]
    return "\n".join(lines)


def diagram(
    form: Annotated[
        Format, typer.Option("--format", help="A mermaid diagram, or a Markdown table.")
    ] = Format.MERMAID,
) -> None:
    """Draw the state machine of every monitor."""
    typer.echo(mermaid() if form is Format.MERMAID else table())
