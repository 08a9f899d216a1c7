"""The machine as people read it: a diagram and a table, both drawn from the chart."""

from enum import StrEnum
from typing import Annotated

import typer

from ...domain.model.record import StateName
from ...states.machine import WHEN, transitions


class Format(StrEnum):
    """How to draw it."""

    MERMAID = "mermaid"
    TABLE = "table"


def mermaid() -> str:
    """The chart as a mermaid ``stateDiagram-v2``, without a last line break."""
    lines = ["stateDiagram-v2", f"    [*] --> {StateName.IDLE}"]
    lines += [f"    {source} --> {target}: {event}" for source, event, target in transitions()]
    return "\n".join(lines)


def table() -> str:
    """The chart as a Markdown table: from, event, to, when; without a last line break."""
    lines = ["| from | event | to | when |", "|---|---|---|---|"]
    lines += [
        f"| {source} | {event} | {target} | {WHEN[source, event]} |"
        for source, event, target in transitions()
    ]
    return "\n".join(lines)


def diagram(
    form: Annotated[
        Format, typer.Option("--format", help="A mermaid diagram, or a Markdown table.")
    ] = Format.MERMAID,
) -> None:
    """Draw the state machine of every monitor."""
    typer.echo(mermaid() if form is Format.MERMAID else table())
