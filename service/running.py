"""What the application serves: the reconciler that runs now, which every reload replaces."""

from collections.abc import Iterator
from contextlib import contextmanager

from ..composition import Reconciler
from ..domain.model.errors import TrueupError
from .ran import Ran


class NotRunning(TrueupError):  # noqa: N818 - says the state of the service
    """The service runs no engine at this moment: it starts, reloads or ends."""


class RunningEngine:
    """The engine of a service, for whoever answers a request; threads may share it.

    Attributes:
        ran: what the runs have added up to, of every engine that ran.
    """

    def __init__(self) -> None:
        self.ran = Ran()
        self._reconciler: Reconciler | None = None

    @property
    def reconciler(self) -> Reconciler:
        """The reconciler that runs.

        Raises:
            NotRunning: none does at this moment.
        """
        reconciler = self._reconciler
        if reconciler is None:
            raise NotRunning("no engine runs at this moment: the service starts, reloads or ends")
        return reconciler

    @contextmanager
    def by(self, reconciler: Reconciler) -> Iterator[None]:
        """Has the application serve a reconciler until the context ends."""
        self._reconciler = reconciler
        try:
            yield
        finally:
            self._reconciler = None
