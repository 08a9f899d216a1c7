"""Cues: faults that wait for something to happen, so that they hit where it hurts."""

from collections.abc import Callable
from enum import StrEnum

from trueup.simulator import Fault


class Trigger(StrEnum):
    """What a fault may wait for."""

    FILL = "a fill"
    WRITE = "a write of ours"


class TriggeredFaults:
    """Faults held back until their cue comes.

    Args:
        inject: puts a fault in force.
        tell: takes a line for the diary.
    """

    def __init__(self, inject: Callable[[Fault], None], log: Callable[[str], None]) -> None:
        self._inject = inject
        self._log = log
        self._waiting: list[tuple[Trigger, Fault]] = []

    def add(self, trigger: Trigger, fault: Fault) -> None:
        """Holds a fault back."""
        self._waiting.append((trigger, fault))

    def fire(self, trigger: Trigger) -> None:
        """Puts the faults in force that waited for it."""
        if not self._waiting:
            return
        due = [fault for awaited, fault in self._waiting if awaited is trigger]
        self._waiting = [waits for waits in self._waiting if waits[0] is not trigger]
        for fault in due:
            self._log(
                f"⚡ after {trigger.value}: {fault.kind.value} on {fault.path} ×{fault.times}"
            )
            self._inject(fault)

    def clear(self) -> None:
        """Nothing waits any more."""
        self._waiting.clear()
