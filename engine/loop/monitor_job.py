"""One job of the loop: a run of a monitor, and when to try it again."""

from ...domain.model.errors import Fenced, StoreError
from ...domain.model.identity import MonitorKey
from ..jobs.reasons import STREAM
from ..jobs.schedule import RunFlow
from ..run.internal_error import log_broken_run
from .accounts import AccountExchanges
from .parts import Parts
from .settings import LoopSettings
from .sweep import Sweeper


class MonitorJob:
    """Runs monitors; several runs may be under way at once.

    Args:
        parts: the reconciler's.
        settings: the cool-down.
        sweeper: keeps the records.
        accounts: the accounts' live views.
    """

    def __init__(
        self, parts: Parts, settings: LoopSettings, sweeper: Sweeper, accounts: AccountExchanges
    ) -> None:
        self._parts = parts
        self._settings = settings
        self._sweeper = sweeper
        self._accounts = accounts

    def do(self, key: MonitorKey, reason: str) -> RunFlow:
        """Runs a monitor once; returns when to try it again, None for not by itself.

        Whatever ends the run is in its report (promise P11). An unexpected exception around the
        run concerns this monitor alone (promise P8): it is logged, and the monitor is tried again
        after the cool-down.

        Raises:
            LeaseOver: another process owns the account: nothing of it is read again, or tried.
            StoreError: the database cannot be written.
        """
        try:
            if reason == STREAM and self._is_in_sync(key):
                # What the last run left for the next try is no part of what the view shows.
                record = self._sweeper.record(key)
                return self._parts.moment_of(record) if record else None
            report = yield from self._parts.run(key, reason, self._sweeper.record(key))
        except StoreError as error:
            if not isinstance(error, Fenced):
                raise
            # A caller changed or removed the monitor during the run: start over at once.
            log_broken_run(key, error)
            self._reload(key)
            return self._parts.clock.moment()
        except Exception as error:  # noqa: BLE001 - a defect in one run concerns no other
            log_broken_run(key, error)
        else:
            self._sweeper.update(report.record, is_stuck=not report.is_true)
            self._parts.callbacks.ran(reason, report)
            return self._parts.moment_of(report.record)
        self._reload(key)
        return self._parts.clock.moment() + self._settings.cool_down

    def _is_in_sync(self, key: MonitorKey) -> bool:
        """Whether the live view shows, without a request, that there is nothing to do."""
        known = self._accounts.known(key)
        return known is not None and self._sweeper.drift(key, known) is None

    def _reload(self, key: MonitorKey) -> None:
        record = self._parts.load(key)
        if record is not None:
            self._sweeper.update(record)
