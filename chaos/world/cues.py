"""Cues: faults that wait for something to happen, so that they hit where it hurts."""

from collections.abc import Callable
from enum import StrEnum

from trueup.simulator import Fault


class Cue(StrEnum):
    """What a fault may wait for."""

    FILL = "a fill"
    WRITE = "a write of ours"


class Cues:
    """Faults held back until their cue comes.

    Args:
        inject: puts a fault in force.
        tell: takes a line for the diary.
    """

    def __init__(self, inject: Callable[[Fault], None], tell: Callable[[str], None]) -> None:
        self._inject = inject
        self._tell = tell
        self._waiting: list[tuple[Cue, Fault]] = []

    def await_cue(self, cue: Cue, fault: Fault) -> None:
        """Holds a fault back."""
        self._waiting.append((cue, fault))

    def came(self, cue: Cue) -> None:
        """Puts the faults in force that waited for it."""
        if not self._waiting:
            return
        due = [fault for awaited, fault in self._waiting if awaited is cue]
        self._waiting = [waits for waits in self._waiting if waits[0] is not cue]
        for fault in due:
            self._tell(f"⚡ after {cue.value}: {fault.kind.value} on {fault.path} ×{fault.times}")
            self._inject(fault)

    def clear(self) -> None:
        """Nothing waits any more."""
        self._waiting.clear()
