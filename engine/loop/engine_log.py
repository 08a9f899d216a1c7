"""The record of the service's starts and stops, for people."""

from collections.abc import Mapping
from threading import Lock

from ...aio.log import logger
from ...domain.model.errors import StoreError
from ...domain.ports import Clock
from ...domain.reporting.engine_start import EngineStart, settings_in_words
from ...domain.store import Store
from ...domain.venue.account import Account
from ...states.work.settings import RunSettings
from .settings import LoopSettings


class EngineLog:
    """Records when the service started and stopped, by which versions and settings.

    No run depends on it: where the database cannot be written at that moment, the row is missing,
    and the log says so; the next sweep tries again.

    Args:
        store: the database.
        clock: the time.
        accounts: the configured accounts; their keys are not recorded.
        settings: those of runs.
        versions: see :class:`EngineStart`.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        accounts: Mapping[str, Account],
        settings: RunSettings,
        versions: Mapping[str, str],
    ) -> None:
        self._store = store
        self._clock = clock
        self._accounts = accounts
        self._settings = settings
        self._versions = versions
        self._number: int | None = None
        self._unrecorded: EngineStart | None = None
        self._lock = Lock()

    @property
    def number(self) -> int | None:
        """The number of the start on record; None before it is, and after the stop."""
        with self._lock:
            if self._unrecorded is not None:
                self._record(self._unrecorded)
            return self._number

    def started(self, loop: LoopSettings) -> None:
        """Records a start."""
        settings = settings_in_words(run=self._settings, loop=loop)
        settings |= {f"accounts.{name}": _described(one) for name, one in self._accounts.items()}
        with self._lock:
            self._record(EngineStart(self._clock.now(), self._versions, settings))

    def stopped(self) -> None:
        """Records that the service of the last start has stopped, once."""
        with self._lock:
            number, self._number, self._unrecorded = self._number, None, None
        if number is None:
            return
        try:
            self._store.engine_stopped(number, self._clock.now())
        except StoreError as error:
            logger.warning("the stop could not be recorded: {}", error)

    def _record(self, start: EngineStart) -> None:
        """Records it, or keeps it for another try."""
        self._unrecorded = start
        try:
            self._number = self._store.engine_started(start)
        except StoreError as error:
            logger.warning("the start could not be recorded: {}", error)
        else:
            self._unrecorded = None


def _described(account: Account) -> str:
    """An account without its key."""
    follows = f" of {account.follows}" if account.follows else ""
    mode = account.position_mode.value
    return f"{account.role.value}{follows}, {account.environment}, {mode}"
