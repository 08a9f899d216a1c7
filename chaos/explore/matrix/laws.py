"""Laws: what cannot be reached, and the line of code that excludes it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .cells import NO_CALL, Cell, Path, Reply, Step

_READS = ("observe", "look_up", "executions")
_SET_STOP = "set_stop"
"""Sets the stop of a position, or places, amends or cancels the order of ours that is the stop."""
_WRITES = ("place", "amend", "cancel", _SET_STOP)


@dataclass(frozen=True, slots=True)
class CellLaw:
    """Cells that cannot be reached.

    Attributes:
        name: for the table.
        code: where the code says so.
        reason: for people.
        excludes: whether it excludes a transition with a reply before it.
    """

    name: str
    code: str
    reason: str
    excludes: Callable[[Step, Reply], bool]


@dataclass(frozen=True, slots=True)
class PathLaw:
    """Paths that cannot be taken: the second event never follows the first one directly.

    Attributes:
        name: for the table.
        code: where the code says so.
        reason: for people.
        first: an event of the chart.
        then: the events that never come next.
    """

    name: str
    code: str
    reason: str
    first: str
    then: tuple[str, ...]

    def excludes(self, path: Path) -> bool:
        """Whether it excludes the path."""
        events = [event for _, event, _ in path]
        return any(one == self.first and other in self.then for one, other in pairwise(events))


def _asks_nothing(step: Step, reply: Reply) -> bool:
    return step[0] in ("Idle", "Alerting") and reply[0] != NO_CALL


def _writes_unasked(step: Step, reply: Reply) -> bool:
    return step[0] in ("Validating", "Recovering") and reply[0] in _WRITES


def _other_writes(step: Step, reply: Reply) -> bool:
    cancels = step[0] == "Cancelling" and reply[0] in ("place", "amend", _SET_STOP)
    return cancels or (step[0] == "Placing" and reply[0] == "cancel")


def _not_such_a_refusal(_step: Step, reply: Reply) -> bool:
    operation, outcome, _ = reply
    kinds = {
        "duplicate-link-id": ("place", _SET_STOP),
        "already-gone": ("amend", "cancel", _SET_STOP),
        "not-amendable": ("amend", _SET_STOP),
        "nothing-changed": ("amend", _SET_STOP),
        "crossed": (_SET_STOP,),
    }
    return operation in _WRITES and outcome in kinds and operation not in kinds[outcome]


CELL_LAWS: Sequence[CellLaw] = (
    CellLaw(
        "no call",
        "states/idle.py, states/alerting.py",
        "Idle and Alerting ask the exchange nothing",
        _asks_nothing,
    ),
    CellLaw(
        "reads only",
        "states/validating.py, states/recovering.py",
        "Validating and Recovering send no write",
        _writes_unasked,
    ),
    CellLaw(
        "own writes",
        "states/cancelling.py, states/placing.py",
        "Cancelling only cancels; Placing only amends, places and sets the stop",
        _other_writes,
    ),
    CellLaw(
        "no such refusal",
        "chaos/explore/replies.py",
        "the exchange answers this only to other operations",
        _not_such_a_refusal,
    ),
)
"""Which cells cannot be reached."""

PATH_LAWS: Sequence[PathLaw] = (
    PathLaw(
        "a defect ends the run",
        "engine/run/stepper.py, `_conclude_broken`",
        "after an exception the stepper concludes the run itself: no wake prolongs it",
        "broke",
        ("again", "broke"),
    ),
    PathLaw(
        "a closed position is only cleared",
        "states/validating.py, `_flat`",
        "the plan for a closed position holds cancels and nothing else",
        "closed",
        ("cancelled",),
    ),
)
"""Which paths cannot be taken."""


def law_of_cell(cell: Cell) -> CellLaw | None:
    """The law that excludes a cell, or None."""
    return next((law for law in CELL_LAWS if law.excludes(cell.step, cell.reply)), None)


def law_of_path(path: Path) -> PathLaw | None:
    """The law that excludes a path, or None."""
    return next((law for law in PATH_LAWS if law.excludes(path)), None)
