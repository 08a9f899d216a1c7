"""``machine.md``: the machine of a monitor, drawn from the chart."""

import sys
from pathlib import Path

from trueup.cli.commands.diagram import mermaid
from trueup.cli.commands.diagram import table as transition_table
from trueup.states.dispatch import EFFECTS
from trueup.states.machine import transitions

from .markdown import fenced, first_line, page, table
from .stories import shortest_by_step

_INTRODUCTION = """
Every monitor has one machine: one account, one symbol, one side. Its state is a column of the
monitor's row in the database. A run takes the machine from Idle back to Idle.

Each state does its work and names the event that follows. Event, journal, intents and record are
committed together: before anything leaves for the exchange, on the way into Cancelling or Placing;
as soon as it is known what became of it; and with the alert at the end. Steps that only read or
only conclude share the commit of the step that follows them. So a process that dies leaves the
monitor in a state from which the next run goes on, and a fill waits for one commit before its
orders move.

The chart is [`states/machine.py`](../states/machine.py). It is pure: no I/O, no clock, no
callbacks. An event that the chart does not allow raises `MachineError`.
"""

_STATES = """
The table says which module does a state's work. It reaches the exchange, the clock and randomness
through ports only.
"""

_STORIES = """
Each transition is shown by at least one reviewed transcript; a test fails where one is missing.
The link leads to the shortest one.
"""


def machine() -> str:
    """The whole page."""
    return page(
        "The machine",
        _INTRODUCTION,
        "## Diagram",
        fenced(mermaid(), "mermaid"),
        "## Transitions",
        transition_table(),
        "## States",
        _STATES,
        _states(),
        "## Stories",
        _STORIES,
        _stories(),
    )


def _states() -> str:
    rows: list[tuple[str, str, str]] = []
    for state, effect in EFFECTS.items():
        module = sys.modules[effect.__module__]
        path = Path("states", effect.__module__.rpartition(".")[2] + ".py")
        rows.append((state.value, f"[`{path}`](../{path})", first_line(module.__doc__)))
    return table(("state", "module", "what it does"), rows)


def _stories() -> str:
    shown = shortest_by_step()
    rows: list[tuple[str, str, str, str]] = []
    for source, event, target in transitions():
        story = shown.get((source.value, event, target.value))
        rows.append((source.value, event, target.value, story.link if story else "none yet"))
    return table(("from", "event", "to", "story"), rows)
