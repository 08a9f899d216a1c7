"""What the engine needs of the record of pauses and halts, as a protocol that storage fulfils."""

from datetime import datetime
from typing import Protocol

from .control import Control


class Controls(Protocol):
    """What people have paused, halted and resumed. Other processes write it, too."""

    def controls(self) -> tuple[Control, ...]:
        """The pauses and halts in force, and what was not acknowledged yet, oldest first.

        It is of this very moment, whoever wrote it, and costs next to nothing where nobody did:
        it is asked before every write.
        """
        ...

    def control(self, asked: Control) -> Control:
        """Puts a pause, halt or resume on record, durably.

        Returns:
            It, with its number, and with what it ended.

        Raises:
            ConfigurationError: it is a resume, and more than it names is stopped.
            StoreError: the database cannot be written.
        """
        ...

    def acknowledge(self, number: int, at: datetime) -> None:
        """Notes that the engine goes by a control, with nothing under way that was sent before."""
        ...
