"""Reads: each takes a connection in a transaction, so that its selects are of one snapshot."""

from collections import defaultdict
from collections.abc import Iterable
from sqlite3 import Connection

from sqlalchemy import bindparam, select, text

from ...domain.alert import Alert, PendingAlert
from ...domain.identity import MonitorKey
from ...domain.intent import Intent
from ...domain.record import MonitorRecord
from ..sql.records import intent_of, pending_alert_of, record_of
from ..sql.tables import OPEN_INTENT, PENDING_ALERT, metadata
from .prepared import Query, Row

_MONITOR = metadata.tables["monitor"]
_LEVEL = metadata.tables["level"]
_ORDER = metadata.tables["level_order"]
_INTENT = metadata.tables["intent"]
_ALERT = metadata.tables["alert"]

IS_KEY = (
    _MONITOR.c.account == bindparam("key_account"),
    _MONITOR.c.symbol == bindparam("key_symbol"),
    _MONITOR.c.side == bindparam("key_side"),
)
_SELECT_LEVELS = select(_LEVEL).order_by(_LEVEL.c.monitor_id, _LEVEL.c.number)
_SELECT_ORDERS = (
    select(_ORDER)
    .join(_MONITOR, (_MONITOR.c.id == _ORDER.c.monitor_id) & (_MONITOR.c.cycle == _ORDER.c.cycle))
    .order_by(_ORDER.c.monitor_id, _ORDER.c.sequence)
)
_ALERTS = select(_ALERT, _MONITOR.c.account, _MONITOR.c.symbol, _MONITOR.c.side).join(
    _MONITOR, _MONITOR.c.id == _ALERT.c.monitor_id
)

_ONE = Query(select(_MONITOR).where(*IS_KEY))
_ITS_LEVELS = Query(_SELECT_LEVELS.where(_LEVEL.c.monitor_id == bindparam("monitor_id")))
_ITS_ORDERS = Query(_SELECT_ORDERS.where(_ORDER.c.monitor_id == bindparam("monitor_id")))
_ALL = Query(select(_MONITOR).order_by(_MONITOR.c.account, _MONITOR.c.symbol, _MONITOR.c.side))
_ALL_LEVELS = Query(_SELECT_LEVELS)
_ALL_ORDERS = Query(_SELECT_ORDERS)
_WAKES = Query(select(_MONITOR.c.wakes).where(_MONITOR.c.id == bindparam("monitor_id")))
_OPEN_INTENTS = Query(
    select(_INTENT)
    .where(_INTENT.c.monitor_id == bindparam("monitor_id"), text(OPEN_INTENT))
    .order_by(_INTENT.c.number)
)
_RUN_INTENTS = Query(
    select(_INTENT).where(_INTENT.c.run_id == bindparam("run_id")).order_by(_INTENT.c.number)
)
_PENDING = Query(_ALERTS.where(text(PENDING_ALERT)).order_by(_ALERT.c.id).limit(bindparam("limit")))
_LAST_ALERT = Query(
    _ALERTS.where(_ALERT.c.monitor_id == bindparam("monitor_id"))
    .order_by(_ALERT.c.id.desc())
    .limit(1)
)


def key_parameters(key: MonitorKey) -> dict[str, str]:
    """What a statement with ``IS_KEY`` needs to find the monitor."""
    return {"key_account": key.account, "key_symbol": key.symbol, "key_side": key.side.value}


def read_monitor(connection: Connection, key: MonitorKey) -> MonitorRecord | None:
    """The monitor of that key, or None."""
    row = _ONE.row(connection, **key_parameters(key))
    if row is None:
        return None
    levels = _ITS_LEVELS.rows(connection, monitor_id=row.id)
    return record_of(row, levels, _ITS_ORDERS.rows(connection, monitor_id=row.id))


def read_monitors(connection: Connection) -> tuple[MonitorRecord, ...]:
    """All monitors, by key."""
    levels = _by_monitor(_ALL_LEVELS.rows(connection))
    orders = _by_monitor(_ALL_ORDERS.rows(connection))
    return tuple(record_of(row, levels[row.id], orders[row.id]) for row in _ALL.rows(connection))


def read_wakes(connection: Connection, monitor_id: int) -> int | None:
    """The monitor's count of wakes; None if there is no such monitor."""
    row = _WAKES.row(connection, monitor_id=monitor_id)
    return None if row is None else int(row.wakes)


def read_open_intents(connection: Connection, monitor_id: int) -> tuple[Intent, ...]:
    """The monitor's intents that are not settled, oldest first."""
    return tuple(map(intent_of, _OPEN_INTENTS.rows(connection, monitor_id=monitor_id)))


def read_run_intents(connection: Connection, run_id: str) -> tuple[Intent, ...]:
    """All intents of the run, oldest first."""
    return tuple(map(intent_of, _RUN_INTENTS.rows(connection, run_id=run_id)))


def read_pending_alerts(connection: Connection, limit: int) -> tuple[PendingAlert, ...]:
    """Alerts that were not delivered, oldest first."""
    return tuple(map(pending_alert_of, _PENDING.rows(connection, limit=limit)))


def read_last_alert(connection: Connection, monitor_id: int) -> Alert | None:
    """The monitor's newest alert, delivered or not."""
    row = _LAST_ALERT.row(connection, monitor_id=monitor_id)
    return None if row is None else pending_alert_of(row).alert


def _by_monitor(rows: Iterable[Row]) -> defaultdict[int, list[Row]]:
    grouped: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[row.monitor_id].append(row)
    return grouped
