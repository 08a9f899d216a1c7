"""Triggered faults: they wait for an event, so that they hit where it hurts."""

from collections.abc import Callable
from enum import StrEnum

from trueup.simulator import Fault


class Trigger(StrEnum):
    """What a fault may wait for."""

    FILL = "a fill"
    WRITE = "a write of ours"


class TriggeredFaults:
    """Faults that are held back until their trigger fires.

    Args:
        inject: puts a fault in force.
        log: receives a line for the history's log.
    """

    def __init__(self, inject: Callable[[Fault], None], log: Callable[[str], None]) -> None:
        self._inject = inject
        self._log = log
        self._waiting: list[tuple[Trigger, Fault]] = []

    def add(self, trigger: Trigger, fault: Fault) -> None:
        """Holds a fault back until the trigger fires."""
        self._waiting.append((trigger, fault))

    def fire(self, trigger: Trigger) -> None:
        """Puts the faults in force that waited for this trigger."""
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
        """Drops the faults that still wait."""
        self._waiting.clear()
