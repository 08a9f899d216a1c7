"""The daily digest of ``trueup run``: put into the outbox once a day, over restarts."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Thread

from loguru import logger

from ....composition import Reconciler
from ....domain.model.alert import AlertKind
from ....domain.model.errors import StoreError
from ....domain.reporting.delivery.daily import A_DAY, Interval, daily_digest, last_due
from ....storage.sqlite import Row
from ...configuration.loading import Loaded
from .heartbeat import health_of

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
    """Puts the digest into the outbox, unless the one that was due last is on record already.

    One that was due while nothing ran is put out at the next start. The outbox delivers it, and is
    the memory of that it was.

    Raises:
        StoreError: the database cannot be used.
    """
    section, store = loaded.options.alerts, reconciler.store
    if section.digest_at is None:
        return False
    due = last_due(section.digest_at, section.zone_info, now)
    alerts = store.rows("alert_log")
    if any(_at(row, "created_at") >= due for row in alerts if AlertKind.DIGEST in _kinds(row)):
        return False
    kinds = [kind for row in alerts if now - _at(row, "created_at") < A_DAY for kind in _kinds(row)]
    intervals = [
        *_intervals(store.rows("coverage_log"), "uncovered", now),
        *_intervals(store.rows("protection_log"), "unprotected", now),
    ]
    store.put_out(daily_digest(health_of(reconciler, loaded), intervals, kinds, now))
    reconciler.deliver_alerts()
    return True


def _intervals(rows: list[Row], what: str, now: datetime) -> Iterator[Interval]:
    """Those of the last day."""
    for row in rows:
        until = None if row["until"] is None else _at(row, "until")
        if until is None or now - until < A_DAY:
            key = f"{row['account']} {row['symbol']} {row['side']}"
            yield Interval(what, key, str(row["quantity"]), _at(row, "since"), until)


def _kinds(row: Row) -> list[str]:
    return str(row["kinds"]).split()


def _at(row: Row, name: str) -> datetime:
    return datetime.fromisoformat(str(row[name]))
