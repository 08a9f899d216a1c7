"""What the application serves: the reconciler that runs now, which every reload replaces."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

from ..composition import Reconciler
from ..domain.model.errors import TrueupError
from .host import Host
from .ran import Ran

PATIENCE_SECONDS = 10.0
"""For so long commands under way may put their answers on record while an engine ends."""


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
        self._host: Host | None = None
        self._users = 0
        self._changed = Condition()

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
    def using(self) -> Iterator[tuple[Reconciler, Host]]:
        """The reconciler that runs and its host; it is not closed before the context ends.

        Raises:
            NotRunning: none runs at this moment.
        """
        with self._changed:
            reconciler, host = self.reconciler, self._host
            if host is None:
                raise NotRunning("this engine takes no commands")
            self._users += 1
        try:
            yield reconciler, host
        finally:
            with self._changed:
                self._users -= 1
                self._changed.notify_all()

    @contextmanager
    def by(self, reconciler: Reconciler, host: Host | None = None) -> Iterator[None]:
        """Has the application serve a reconciler until the context ends.

        Args:
            reconciler: what runs.
            host: what commands need beside it; without it none is taken.
        """
        with self._changed:
            self._reconciler, self._host = reconciler, host
        try:
            yield
        finally:
            with self._changed:
                self._reconciler = self._host = None
                self._changed.wait_for(lambda: not self._users, PATIENCE_SECONDS)
