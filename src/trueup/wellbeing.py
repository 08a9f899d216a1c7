"""Whether all is well with an engine, and its day in one message: from what is on record.

``trueup run`` asks this for its heartbeat and its daily digest, and so may a bot that embeds the
engine.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta, tzinfo

from .domain.model.alert import AlertKind
from .domain.model.record import MonitorRecord
from .domain.reporting.account_status import ViewWord
from .domain.reporting.delivery import wellness
from .domain.reporting.delivery.daily import A_DAY, Interval, daily_digest, last_due
from .storage import Row, SqlStore

_STALE = timedelta(minutes=4)
"""Three sweeps of a synced account by default, and a minute for one that takes its time."""


def why_unwell(
    store: SqlStore,
    now: datetime,
    *,
    stale: timedelta = _STALE,
    monitors: Iterable[MonitorRecord] | None = None,
) -> str:
    """The first reason for which all is not well; empty where it is.

    An account was not read, a position lacks its stop or its cover for ten minutes, or an alert
    has not arrived for as long.

    Args:
        store: the database: a reconciler's attribute ``store``.
        now: the time, with a zone.
        stale: how old the last sweep of an account may be.
        monitors: those that count; all that are watched by default.

    Raises:
        StoreError: the database cannot be read.
    """
    return wellness.why_unwell(_health_of(store, monitors), now, stale)


def put_out_digest(
    store: SqlStore,
    now: datetime,
    at: time,
    zone: tzinfo,
    *,
    monitors: Iterable[MonitorRecord] | None = None,
) -> bool:
    """Puts the daily digest into the outbox, unless the one that was due last is on record already.

    Call it every now and then. One that was due while nothing ran is put out at the next call. The
    outbox delivers it, as any alert, and is the memory of that it was.

    Args:
        store: the database: a reconciler's attribute ``store``.
        now: the time, with a zone.
        at: when it is due.
        zone: the time zone of that.
        monitors: those that it is about; all that are watched by default.

    Returns:
        Whether it was put out: the reconciler's ``deliver_alerts`` sends it at once.

    Raises:
        StoreError: the database cannot be used.
    """
    due = last_due(at, zone, now)
    alerts = store.rows("alert_log")
    if any(_at(row, "created_at") >= due for row in alerts if AlertKind.DIGEST in _kinds(row)):
        return False
    kinds = [kind for row in alerts if now - _at(row, "created_at") < A_DAY for kind in _kinds(row)]
    intervals = [
        *_intervals(store.rows("coverage_log"), "uncovered", now),
        *_intervals(store.rows("protection_log"), "unprotected", now),
    ]
    store.put_out(daily_digest(_health_of(store, monitors), intervals, kinds, now))
    return True


def _health_of(store: SqlStore, monitors: Iterable[MonitorRecord] | None) -> wellness.Health:
    if monitors is None:
        monitors = (record for record in store.monitors() if record.is_watched)
    swept = {
        str(row["account"]): _at(row, "swept_at")
        for row in store.rows("account_status")
        if row["view_state"] != ViewWord.UNREADABLE
    }
    return wellness.Health(tuple(monitors), swept, store.pending_alerts())


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
