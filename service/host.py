"""What the process of a service does for its commands: it has the configuration in hand."""

from collections.abc import Collection
from typing import Protocol

from ..domain.model.identity import MonitorKey
from ..domain.model.stop import AnyLadder, NoStop, Stop


class Host(Protocol):
    """The configuration of the engine that runs, and how to read what is written as in it."""

    @property
    def accounts(self) -> Collection[str]:
        """The names of the configured accounts."""
        ...

    def is_configured(self, key: MonitorKey) -> bool:
        """Whether the file names the monitor."""
        ...

    def gives_ladder(self, key: MonitorKey) -> bool:
        """Whether the file says the monitor's ladder: the next start would put it back."""
        ...

    def gives_stop(self, key: MonitorKey) -> bool:
        """Whether the file says the monitor's stop."""
        ...

    def ladder(self, given: object) -> AnyLadder:
        """The ladder of a document, as a table ``[ladders.NAME]`` has it.

        Raises:
            ConfigurationError: it is none.
        """
        ...

    def stop(self, given: object) -> Stop | NoStop:
        """The stop of a document, as a table ``[stops.NAME]`` has it; of ``false`` none.

        Raises:
            ConfigurationError: it is none.
        """
        ...

    def reload(self) -> None:
        """Has the configuration read again; returns once the engine restarts with it.

        Raises:
            ConfigurationError: it cannot be used; the engine goes on with the old one.
            NotRunning: the service ends.
        """
        ...
