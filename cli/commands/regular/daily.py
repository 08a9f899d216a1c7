"""The daily digest of ``trueup run``: put into the outbox once a day, over restarts."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Thread

from loguru import logger

from ....composition import Reconciler
from ....domain.model.errors import StoreError
from ....wellbeing import put_out_digest
from ...configuration.loading import Loaded
from ...configuration.opening import on_record

_LOOKS_EVERY_S = 20.0


@contextmanager
def reporting_daily(reconciler: Reconciler, loaded: Loaded) -> Iterator[None]:
    """Puts out a digest within it whenever one is due, if the configuration asks for it."""
    if loaded.options.alerts.digest_at is None:
        yield
        return
    ends = Event()

    def serve() -> None:
        while not ends.is_set():
            try:
                put_out_if_due(reconciler, loaded, datetime.now(UTC))
            except StoreError as error:
                logger.warning("the daily digest waits for the database: {}", error)
            ends.wait(_LOOKS_EVERY_S)

    Thread(target=serve, name="trueup-digest", daemon=True).start()
    try:
        yield
    finally:
        ends.set()


def put_out_if_due(reconciler: Reconciler, loaded: Loaded, now: datetime) -> bool:
    """Puts out the digest that was due last and sends it, unless that was done before.

    Raises:
        StoreError: the database cannot be used.
    """
    section, store = loaded.options.alerts, reconciler.store
    if section.digest_at is None:
        return False
    at, zone, monitors = section.digest_at, section.zone_info, on_record(reconciler, loaded)
    if not put_out_digest(store, now, at, zone, monitors=monitors):
        return False
    reconciler.deliver_alerts()
    return True
