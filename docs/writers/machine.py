"""``machine.md``: the machine of a monitor, drawn from the chart."""

import sys
from pathlib import Path

from trueup.cli.commands.diagram import table as transition_table
from trueup.states.dispatch import EFFECTS
from trueup.states.machine import transitions

from ..markdown import first_line, page, table
from .stories import shortest_by_step

_INTRODUCTION = """
Every monitor has one machine: one account, one symbol, one side. Its state is a column of the
monitor's row in the database. A run takes the machine from Idle back to Idle.

Each state does its work and names the event that follows. Event, journal, intents and record are
committed together: before anything leaves for the exchange, on the way into Cancelling or Placing;
as soon as trueup knows what became of it; and with the alert at the end. Steps that only read or
only conclude share the commit of the step that follows them. So a process that dies leaves the
monitor in a state from which the next run goes on, and a fill waits for one commit before its
orders move.

The chart is [`states/machine.py`](../states/machine.py), and it is the specification: the diagram
and the tables on this page, the `trueup diagram` command, the choice of the function that does a
state's work and the test that every transition has a reviewed transcript are derived from it. A
test compares the events that each state's code can return with the chart, both ways.
"""

_LIBRARY = """
The chart is written with [python-statemachine](https://python-statemachine.readthedocs.io/). The
library has two tasks:

- It holds the chart. States and transitions are declared as a `StateChart`; on import the library
  refuses a declaration with a state that cannot be reached, or that nothing leaves.
- It decides each step. After every piece of work the stepper sends the event to the chart, and
  goes where the chart leads. An event that is not allowed in the state raises `MachineError`. The
  chart is pure, so each answer is worked out once and remembered.

It does nothing else: it runs no work and holds no state between steps. There are no
callbacks, no conditions, no queue and no timers in it. The stepper
([`engine/run/stepper.py`](../engine/run/stepper.py)) calls the state's function, takes the event
from its result, and commits; the state of a monitor lives in the database.
"""

_PICTURE = """
![The six states and the transitions between them](machine.svg)

One transition is left out: from every state `broke` leads to Alerting, and from Alerting to Idle.
`trueup diagram` draws the same for mermaid.
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
        _PICTURE,
        "## Transitions",
        transition_table(),
        "## What the library drives",
        _LIBRARY,
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
    for each in transitions():
        story = shown.get(each.step)
        rows.append((*each.step, story.link if story else "none yet"))
    return table(("from", "event", "to", "story"), rows)
