"""Reads: each takes a connection in a transaction, so that its selects are of one snapshot."""

from ...domain.keys.facts import KeyRecord
from ...domain.model.alert import Alert, PendingAlert
from ...domain.model.events import UnwatchedPosition
from ...domain.model.identity import MonitorKey
from ...domain.model.intent import Intent
from ...domain.model.record import MonitorRecord
from ..sql.intent_rows import intent_of
from ..sql.journal_rows import pending_alert_of, unwatched_of
from ..sql.key_rows import key_of
from ..sql.monitor_rows import monitor_of
from .cache import KeptIntents
from .connection import Connection
from .generated import statements


def key_parameters(key: MonitorKey) -> dict[str, str]:
    """What a statement that finds a monitor by its key needs."""
    return {"key_account": key.account, "key_symbol": key.symbol, "key_side": key.side.value}


def read_monitor(connection: Connection, key: MonitorKey) -> MonitorRecord | None:
    """The monitor of that key, or None."""
    row = statements.MONITOR.row(connection, **key_parameters(key))
    return None if row is None else monitor_of(row)


def read_monitors(connection: Connection) -> tuple[MonitorRecord, ...]:
    """All monitors, by key."""
    return tuple(map(monitor_of, statements.ALL_MONITORS.rows(connection)))


def read_wakes(connection: Connection, monitor_id: int) -> int | None:
    """The monitor's count of wakes; None if there is no such monitor."""
    row = statements.WAKES.row(connection, monitor_id=monitor_id)
    return None if row is None else int(row.wakes)


def read_intents(connection: Connection, monitor_id: int) -> KeptIntents:
    """The monitor's intents that are not settled, and those of its run under way."""
    rows = statements.KEPT_INTENTS.rows(connection, monitor_id=monitor_id)
    return {row.id: (row.number, intent_of(row)) for row in rows}


def read_run_intents(connection: Connection, run_id: str) -> tuple[Intent, ...]:
    """All intents of the run if it is under way; else those that are open; oldest first."""
    return tuple(map(intent_of, statements.RUN_INTENTS.rows(connection, run_id=run_id)))


def read_pending_alerts(connection: Connection, after: int, limit: int) -> tuple[PendingAlert, ...]:
    """Alerts that some sink does not have yet, oldest first, with ids above that one."""
    rows = statements.PENDING_ALERTS.rows(connection, after=after, limit=limit)
    return tuple(map(pending_alert_of, rows))


def read_unwatched(connection: Connection) -> tuple[tuple[MonitorKey, UnwatchedPosition], ...]:
    """The positions that no monitor watches, oldest first."""
    return tuple(map(unwatched_of, statements.UNWATCHED.rows(connection)))


def read_last_alert(connection: Connection, monitor_id: int) -> Alert | None:
    """The monitor's newest alert, delivered or not."""
    row = statements.LAST_ALERT.row(connection, monitor_id=monitor_id)
    return None if row is None else pending_alert_of(row).alert


def read_keys(connection: Connection) -> tuple[KeyRecord, ...]:
    """What is on record of the accounts' keys, by account."""
    return tuple(map(key_of, statements.KEYS.rows(connection)))
