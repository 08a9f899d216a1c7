"""Reads: each takes a connection in a transaction, so that its selects are of one snapshot."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, text

from ..domain.alert import Alert, PendingAlert
from ..domain.identity import MonitorKey
from ..domain.intent import Intent
from ..domain.record import MonitorRecord
from .records import intent_of, pending_alert_of, record_of
from .tables import OPEN_INTENT, PENDING_ALERT, metadata

_MONITOR = metadata.tables["monitor"]
_LEVEL = metadata.tables["level"]
_ORDER = metadata.tables["level_order"]
_INTENT = metadata.tables["intent"]
_TRANSITION = metadata.tables["transition"]
_ALERT = metadata.tables["alert"]

IS_KEY = (
    _MONITOR.c.account == bindparam("key_account"),
    _MONITOR.c.symbol == bindparam("key_symbol"),
    _MONITOR.c.side == bindparam("key_side"),
)
_SELECT_ONE = select(_MONITOR).where(*IS_KEY)
_SELECT_ALL = select(_MONITOR).order_by(_MONITOR.c.account, _MONITOR.c.symbol, _MONITOR.c.side)
_SELECT_LEVELS = select(_LEVEL).order_by(_LEVEL.c.monitor_id, _LEVEL.c.number)
_SELECT_ORDERS = (
    select(_ORDER)
    .join(_MONITOR, (_MONITOR.c.id == _ORDER.c.monitor_id) & (_MONITOR.c.cycle == _ORDER.c.cycle))
    .order_by(_ORDER.c.monitor_id, _ORDER.c.sequence)
)
_ITS_LEVELS = _SELECT_LEVELS.where(_LEVEL.c.monitor_id == bindparam("monitor_id"))
_ITS_ORDERS = _SELECT_ORDERS.where(_ORDER.c.monitor_id == bindparam("monitor_id"))
_SELECT_WAKES = select(_MONITOR.c.wakes).where(_MONITOR.c.id == bindparam("monitor_id"))
_SELECT_OPEN_INTENTS = (
    select(_INTENT)
    .where(_INTENT.c.monitor_id == bindparam("monitor_id"), text(OPEN_INTENT))
    .order_by(_INTENT.c.number)
)
_SELECT_RUN_INTENTS = (
    select(_INTENT).where(_INTENT.c.run_id == bindparam("run_id")).order_by(_INTENT.c.number)
)
_SELECT_LAST_TRANSITION = (
    select(_TRANSITION)
    .where(_TRANSITION.c.monitor_id == bindparam("monitor_id"))
    .order_by(_TRANSITION.c.id.desc())
    .limit(1)
)
_SELECT_PENDING = (
    select(_ALERT, _MONITOR.c.account, _MONITOR.c.symbol, _MONITOR.c.side)
    .join(_MONITOR, _MONITOR.c.id == _ALERT.c.monitor_id)
    .where(text(PENDING_ALERT))
    .order_by(_ALERT.c.id)
    .limit(bindparam("limit"))
)
_SELECT_LAST_ALERT = (
    select(_ALERT, _MONITOR.c.account, _MONITOR.c.symbol, _MONITOR.c.side)
    .join(_MONITOR, _MONITOR.c.id == _ALERT.c.monitor_id)
    .where(_ALERT.c.monitor_id == bindparam("monitor_id"))
    .order_by(_ALERT.c.id.desc())
    .limit(1)
)


def key_parameters(key: MonitorKey) -> dict[str, str]:
    """What a statement with ``IS_KEY`` needs to find the monitor."""
    return {"key_account": key.account, "key_symbol": key.symbol, "key_side": key.side.value}


def read_monitor(connection: Connection, key: MonitorKey) -> MonitorRecord | None:
    """The monitor of that key, or None."""
    row = connection.execute(_SELECT_ONE, key_parameters(key)).one_or_none()
    if row is None:
        return None
    own = {"monitor_id": row.id}
    return record_of(
        row, connection.execute(_ITS_LEVELS, own), connection.execute(_ITS_ORDERS, own)
    )


def read_monitors(connection: Connection) -> tuple[MonitorRecord, ...]:
    """All monitors, by key."""
    levels = _by_monitor(connection.execute(_SELECT_LEVELS))
    orders = _by_monitor(connection.execute(_SELECT_ORDERS))
    return tuple(
        record_of(row, levels[row.id], orders[row.id]) for row in connection.execute(_SELECT_ALL)
    )


def read_wakes(connection: Connection, monitor_id: int) -> int | None:
    """The monitor's count of wakes; None if there is no such monitor."""
    return connection.execute(_SELECT_WAKES, {"monitor_id": monitor_id}).scalar()


def read_open_intents(connection: Connection, monitor_id: int) -> tuple[Intent, ...]:
    """The monitor's intents that are not settled, oldest first."""
    rows = connection.execute(_SELECT_OPEN_INTENTS, {"monitor_id": monitor_id})
    return tuple(intent_of(row) for row in rows)


def read_run_intents(connection: Connection, run_id: str) -> tuple[Intent, ...]:
    """All intents of the run, oldest first."""
    rows = connection.execute(_SELECT_RUN_INTENTS, {"run_id": run_id})
    return tuple(intent_of(row) for row in rows)


def read_pending_alerts(connection: Connection, limit: int) -> tuple[PendingAlert, ...]:
    """Alerts that were not delivered, oldest first."""
    rows = connection.execute(_SELECT_PENDING, {"limit": limit})
    return tuple(pending_alert_of(row) for row in rows)


def read_last_alert(connection: Connection, monitor_id: int) -> Alert | None:
    """The monitor's newest alert, delivered or not."""
    row = connection.execute(_SELECT_LAST_ALERT, {"monitor_id": monitor_id}).one_or_none()
    return None if row is None else pending_alert_of(row).alert


def _by_monitor(rows: Iterable[Row[Any]]) -> defaultdict[int, list[Row[Any]]]:
    grouped: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        grouped[row.monitor_id].append(row)
    return grouped
