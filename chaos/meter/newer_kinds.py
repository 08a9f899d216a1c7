"""Kinds of history that older trees cannot play, so that they have figures of their own."""

from datetime import timedelta
from enum import StrEnum

from trueup.simulator import FaultKind

from ..histories.history import History
from ..histories.moves import SetClock, SpoilRequests, StandStill

_MS = timedelta(milliseconds=1)


class Kind(StrEnum):
    """What a history has that those of the comparison lack."""

    CLOCK = "with a clock that is set"
    STOPPED = "with a process that stands still before a write"
    LATE = "with an exchange that is 10, 20 or 30 s late, as stated"
    TOO_LATE = "with a write that is later than stated"


def kinds_of(history: History) -> tuple[Kind, ...]:
    """The newer kinds that a history is of; most are of none."""
    has = {
        Kind.CLOCK: any(isinstance(move, SetClock) for move in history.moves),
        Kind.STOPPED: any(isinstance(move, StandStill) for move in history.moves),
        Kind.LATE: history.scene.late_seconds is not None,
        Kind.TOO_LATE: _has_a_write_too_late(history),
    }
    return tuple(kind for kind, is_so in has.items() if is_so)


def _has_a_write_too_late(history: History) -> bool:
    stated_ms = history.scene.lateness.total // _MS
    faults = (move.fault for move in history.moves if isinstance(move, SpoilRequests))
    return any(f.kind is FaultKind.LATE_EFFECT and f.delay_ms > stated_ms for f in faults)
