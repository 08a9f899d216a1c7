"""Delivers alerts from the outbox: each at least once, and none before it is committed."""

from collections.abc import Callable, Sequence
from threading import Lock

from loguru import logger

from ...domain.model.alert import PendingAlert
from ...domain.ports import AlertSink, Clock, Store
from ..run.crash_points import no_crash


class Outbox:
    """Delivers committed alerts to the sinks, oldest first.

    An alert counts as delivered once every sink has returned. If a sink raises, the next delivery
    tries the alert again at every sink. One that every sink has, and that could not be marked so
    because the database was away, goes to none of them again.

    Args:
        store: the database.
        sinks: where alerts go.
        clock: the time.
        reach: called with the name of every crash point.
    """

    def __init__(
        self,
        store: Store,
        sinks: Sequence[AlertSink],
        clock: Clock,
        reach: Callable[[str], None] = no_crash,
    ) -> None:
        self._reach = reach
        self._store = store
        self._sinks = tuple(sinks)
        self._clock = clock
        self._one_at_a_time = Lock()
        self._unmarked: set[int] = set()

    def deliver(self) -> int:
        """Delivers what is pending; returns how many alerts every sink accepted.

        Raises:
            StoreError: the database cannot be used.
        """
        delivered = 0
        with self._one_at_a_time:
            for pending in self._store.pending_alerts():
                if pending.id in self._unmarked:
                    delivered += self._mark(pending)
                    continue
                self._reach("alert.before-delivery")
                try:
                    for sink in self._sinks:
                        sink.deliver(pending.alert)
                except KeyboardInterrupt:
                    raise
                except BaseException as error:  # noqa: BLE001 - a sink may raise anything
                    self._store.alert_failed(pending.id)
                    logger.bind(account=pending.alert.key.account).warning(
                        "alert {} was not delivered: {}", pending.id, type(error).__name__
                    )
                else:
                    self._reach("alert.after-delivery")
                    self._unmarked.add(pending.id)
                    delivered += self._mark(pending)
        return delivered

    def _mark(self, pending: PendingAlert) -> int:
        """Marks an alert as delivered; returns how many that makes."""
        self._store.alert_delivered(pending.id, self._clock.now())
        self._unmarked.remove(pending.id)
        return 1
