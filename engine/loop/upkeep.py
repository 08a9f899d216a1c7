"""The upkeep of the database while the service runs: old rows leave, some at a time."""

from datetime import timedelta

from ...aio.log import logger
from ...domain.keeping.retention import Retention
from ...domain.model.errors import StoreError
from ...domain.ports import Clock, Moment
from ...domain.store import Store

_BETWEEN = timedelta(minutes=1)


class Upkeep:
    """Prunes the database now and then, after sweeps: a small transaction a minute at most.

    Nothing depends on it: where the database cannot be written at that moment, a later sweep tries
    again.

    Args:
        store: the database.
        clock: the time.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._next: Moment | None = None

    def swept(self, retention: Retention) -> None:
        """Removes some old rows, unless it has just done so.

        Args:
            retention: what is kept.
        """
        now = self._clock.moment()
        if self._next is not None and now < self._next:
            return
        self._next = now + _BETWEEN
        try:
            self._store.prune(retention, self._clock.now())
        except StoreError as error:
            logger.warning("old rows could not be removed: {}", error)
