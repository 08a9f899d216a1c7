"""Writes: each takes the writer's connection, in a transaction, and may be run again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from sqlite3 import Connection

from ...domain.keys.facts import KeyRecord
from ...domain.model.alert import Alert
from ...domain.model.errors import Fenced, StoreError, Unstorable
from ...domain.model.identity import MonitorKey, Role
from ...domain.model.intent import Intent
from ...domain.model.ladder import Ladder
from ...domain.model.record import MonitorRecord, OwnedOrder, Source
from ...domain.planning.remap_levels import remap_levels
from ...domain.ports import Step
from ...domain.reporting.account_status import AccountStatus
from ..sql.intent_rows import intent_rows
from ..sql.journal_rows import alert_row, call_rows, decision_rows, sweep_row, transition_rows
from ..sql.key_rows import key_row
from ..sql.monitor_rows import (
    Values,
    level_rows,
    monitor_row,
    new_monitor_row,
    order_rows,
    watched_row,
)
from .generated import statements
from .reading import key_parameters, read_monitor


def write_step(connection: Connection, step: Step) -> MonitorRecord:
    """Writes all of the step; returns the record with its new version.

    Raises:
        Fenced: the monitor's version moved on.
        Unstorable: an intent's id belongs to another monitor.
    """
    record = step.record
    written = _write_record(connection, record, step.targets, step.before)
    _write_intents(connection, record, step.intents)
    for statement, rows in (
        (statements.INSERT_TRANSITIONS, transition_rows(record.id, step.transitions)),
        (statements.INSERT_CALLS, call_rows(record.id, step.calls)),
        (statements.INSERT_DECISIONS, decision_rows(record.id, step.decisions)),
    ):
        if rows:
            statement.run(connection, *rows)
    if step.alert is not None:
        statements.INSERT_ALERT.run(connection, alert_row(record.id, step.alert))
    return written


def write_watch(
    connection: Connection,
    key: MonitorKey,
    role: Role,
    follows: str | None,
    ladder: Ladder | None,
    source: Source,
) -> MonitorRecord:
    """The monitor of the key, made or changed to what is given."""
    stored = read_monitor(connection, key)
    if stored is None:
        made = MonitorRecord(0, key, role, follows, ladder, source=source)
        return _insert_monitor(connection, made)
    wanted = watched(stored, role, follows, ladder, source)
    if wanted == stored:
        return stored
    statements.UPDATE_WATCH.run(connection, {"monitor_id": stored.id, **watched_row(wanted)})
    return _write_record(connection, wanted, None if wanted.ladder == stored.ladder else {})


def watched(
    stored: MonitorRecord,
    role: Role,
    follows: str | None,
    ladder: Ladder | None,
    source: Source,
) -> MonitorRecord:
    """The monitor as it should be stored; equal to the stored one if there is nothing to write."""
    wanted = replace(stored, role=role, follows=follows, source=source)
    if ladder is None or ladder == stored.ladder:
        return wanted
    # No run has seen this ladder yet: the next one is due, whenever the engine starts again.
    return replace(remap_levels(wanted, ladder), last_outcome=None)


def note_wait(connection: Connection, monitor_id: int, until: datetime, why: str) -> None:
    """Notes that the monitor's run waits; its next commit clears it."""
    values = {"monitor_id": monitor_id, "waits_until": until, "waits_for": why}
    statements.NOTE_WAIT.run(connection, values)


def count_wake(connection: Connection, key: MonitorKey) -> None:
    """Counts a wake; a key without a monitor changes nothing."""
    statements.COUNT_WAKE.run(connection, key_parameters(key))


def write_sweep(connection: Connection, status: AccountStatus) -> None:
    """Overwrites the row of the account's previous sweep."""
    statements.SAVE_SWEEP.run(connection, sweep_row(status))


def write_key(connection: Connection, record: KeyRecord, alert: Alert | None) -> None:
    """Overwrites the row of a key, and adds an alert about it.

    Raises:
        StoreError: the alert's monitor is not on record.
    """
    statements.SAVE_KEY.run(connection, key_row(record))
    if alert is None:
        return
    monitor = read_monitor(connection, alert.key)
    if monitor is None:
        raise StoreError(f"there is no monitor {alert.key}", account=record.account)
    statements.INSERT_ALERT.run(connection, alert_row(monitor.id, alert))


def mark_delivered(connection: Connection, alert_id: int, at: datetime) -> None:
    """Marks the alert as delivered, once."""
    statements.DELIVERED.run(connection, {"alert_id": alert_id, "delivered": at})


def count_failed(connection: Connection, alert_id: int) -> None:
    """Counts an attempt at a pending alert."""
    statements.FAILED.run(connection, {"alert_id": alert_id})


def _insert_monitor(connection: Connection, record: MonitorRecord) -> MonitorRecord:
    made = replace(record, id=statements.INSERT_MONITOR.insert(connection, new_monitor_row(record)))
    _write_levels(connection, made, None, None)
    return made


def _write_record(
    connection: Connection,
    record: MonitorRecord,
    targets: Mapping[int, Decimal] | None,
    before: MonitorRecord | None = None,
) -> MonitorRecord:
    """Writes the monitor, its levels and its orders, if its version is still the one read.

    Given the record as it is stored, it writes only what differs; the version proves that nothing
    else has changed it.
    """
    written = replace(record, version=record.version + 1)
    found_by = {"monitor_id": record.id, "read_version": record.version}
    if statements.UPDATE_MONITOR.run(connection, {**monitor_row(written), **found_by}) != 1:
        raise Fenced(
            f"the monitor moved on from version {record.version}: another writer owns it",
            account=record.key.account,
            symbol=record.key.symbol,
        )
    stored = before if before is not None and before.version == record.version else None
    moved = stored is None or _orders(stored) != _orders(record)
    if moved:
        _write_orders(connection, record, stored)
    if moved or targets is not None or stored is None or stored.ladder != record.ladder:
        _write_levels(connection, record, targets, stored)
    return written


def _orders(record: MonitorRecord) -> tuple[int, tuple[OwnedOrder, ...]]:
    return record.cycle, record.orders


def _numbers(record: MonitorRecord) -> list[int]:
    return [level.number for level in record.ladder.levels] if record.ladder else []


def _write_levels(
    connection: Connection,
    record: MonitorRecord,
    targets: Mapping[int, Decimal] | None,
    stored: MonitorRecord | None,
) -> None:
    kept = _numbers(record)
    if stored is None or _numbers(stored) != kept:
        statements.DROP_LEVELS.run(connection, {"monitor_id": record.id, "kept": kept})
    save = statements.KEEP_TARGETS if targets is None else statements.SET_TARGETS
    save.run(connection, *level_rows(record, targets))


def _write_orders(
    connection: Connection, record: MonitorRecord, stored: MonitorRecord | None
) -> None:
    """Writes this cycle's orders: those that changed, where what is stored is known.

    Those of older cycles stay as they are.
    """
    rows = order_rows(record)
    known = None if stored is None or stored.cycle != record.cycle else _by_link(stored)
    links = {row["order_link_id"] for row in rows}
    if known is None or not known.keys() <= links or len(links) < len(rows):
        statements.DROP_ORDERS.run(connection, {"monitor_id": record.id, "cycle": record.cycle})
        statements.INSERT_ORDERS.run(connection, *rows)
    else:
        changed = (row for row in rows if row != known.get(row["order_link_id"]))
        statements.SAVE_ORDERS.run(connection, *changed)


def _by_link(record: MonitorRecord) -> dict[str, Values]:
    return {row["order_link_id"]: row for row in order_rows(record)}


def _write_intents(
    connection: Connection, record: MonitorRecord, intents: tuple[Intent, ...]
) -> None:
    rows = intent_rows(record.id, intents)
    if rows and statements.SAVE_INTENTS.run(connection, *rows) != len(rows):
        raise Unstorable(
            "an intent's id belongs to another monitor",
            account=record.key.account,
            symbol=record.key.symbol,
        )
