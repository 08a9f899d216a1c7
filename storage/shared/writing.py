"""Writes: each takes the writer's connection, in a transaction, and may be run again."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from ...domain.copies import replace
from ...domain.keeping.watched import first_watched, watched
from ...domain.keys.facts import KeyRecord
from ...domain.model.alert import Alert, PendingAlert
from ...domain.model.errors import Fenced, StoreError
from ...domain.model.events import UnwatchedPosition
from ...domain.model.identity import MonitorKey, Role
from ...domain.model.intent import Intent
from ...domain.model.record import MonitorRecord, Source
from ...domain.model.stop import AnyLadder, NoStop, Stop
from ...domain.reporting.account_status import AccountStatus
from ...domain.reporting.engine_start import EngineStart
from ...domain.store import Step
from ..sql.intent_rows import intent_rows
from ..sql.journal_rows import (
    alert_row,
    deliveries_row,
    journal_row,
    start_row,
    sweep_row,
    unwatched_row,
)
from ..sql.key_rows import key_row
from ..sql.monitor_rows import monitor_row, new_monitor_row, targets_packed, watched_row
from ..sql.phrases import Phrase, said
from .cache import KeptIntents
from .connection import Connection
from .generated import statements
from .generated.revisions import REVISIONS
from .reading import key_parameters, read_monitor


def write_step(
    connection: Connection, step: Step, kept: KeptIntents, known: Mapping[Phrase, int]
) -> tuple[MonitorRecord, KeptIntents, Mapping[Phrase, int]]:
    """Writes all of the step.

    Returns:
        The record with its new version, the intents it leaves, and the phrases it has used.

    Args:
        connection: the writer's, in a transaction.
        step: what to write.
        kept: the rows of the monitor's intents before.
        known: phrases that are stored for certain, with their numbers.

    Raises:
        Fenced: the monitor's version moved on.
    """
    record = step.record
    written = _write_record(connection, record, targets_packed(step.targets))
    now, over = _write_intents(connection, record, step.intents, kept)
    sentences = said(step)
    phrases: dict[Phrase, int] = {}
    for phrase, _ in sentences:
        if phrase not in phrases:
            phrases[phrase] = _phrase(connection, phrase, known)
    spoken = [(phrases[phrase], values) for phrase, values in sentences]
    row = journal_row(step, over, ended_by(step), spoken)
    if row is not None:
        statements.INSERT_JOURNAL.run(connection, row)
    if step.alert is not None:
        statements.INSERT_ALERT.run(connection, alert_row(record.id, step.alert))
    return written, now, phrases


def _phrase(connection: Connection, phrase: Phrase, known: Mapping[Phrase, int]) -> int:
    """The number of the phrase, which is stored where it is not yet."""
    if (number := known.get(phrase)) is not None:
        return number
    values = dict(zip(("state", "text"), phrase, strict=True))
    found = statements.PHRASE.row(connection, **values)
    return statements.INSERT_PHRASE.insert(connection, values) if found is None else int(found.id)


def ended_by(step: Step) -> MonitorRecord | None:
    """The record as it was, if its position is over with this step and it had orders."""
    before = step.before
    ended = before is not None and before.cycle != step.record.cycle and before.orders
    return before if ended else None


def write_watch(
    connection: Connection,
    key: MonitorKey,
    role: Role,
    follows: str | None,
    ladder: AnyLadder | None,
    source: Source,
    stop: Stop | NoStop | None,
) -> MonitorRecord:
    """The monitor of the key, made or changed to what is given."""
    stored = read_monitor(connection, key)
    if stored is None:
        return _insert_monitor(connection, first_watched(key, role, follows, ladder, source, stop))
    wanted = watched(stored, role, follows, ladder, source, stop)
    if wanted == stored:
        return stored
    statements.UPDATE_WATCH.run(connection, {"monitor_id": stored.id, **watched_row(wanted)})
    # What rests for another ladder is not known yet.
    return _write_record(connection, wanted, None if wanted.ladder == stored.ladder else {})


def note_wait(connection: Connection, monitor_id: int, until: datetime, why: str) -> None:
    """Notes that the monitor's run waits; its next commit clears it."""
    values = {"monitor_id": monitor_id, "waits_until": until, "waits_for": why}
    statements.NOTE_WAIT.run(connection, values)


def count_wake(connection: Connection, key: MonitorKey) -> tuple[int, int] | None:
    """Counts a wake; returns the monitor's number and its count now, None without such a one."""
    statements.COUNT_WAKE.run(connection, key_parameters(key))
    monitor = read_monitor(connection, key)
    return None if monitor is None else (monitor.id, monitor.wakes)


def write_sweep(connection: Connection, status: AccountStatus) -> None:
    """Overwrites the row of the account's previous sweep."""
    statements.SAVE_SWEEP.run(connection, sweep_row(status))


def write_start(connection: Connection, start: EngineStart) -> int:
    """Adds the row of a start of the service; returns its number."""
    row = {**start_row(start), "schema_version": REVISIONS[-1]}
    return statements.INSERT_START.insert(connection, row)


def note_stop(connection: Connection, number: int, at: datetime) -> None:
    """Notes that the service of that start has stopped."""
    statements.NOTE_STOP.run(connection, {"number": number, "stopped_at": at})


def write_key(connection: Connection, record: KeyRecord, alert: Alert | None) -> int | None:
    """Overwrites the row of a key, and adds an alert about it.

    Returns:
        The number of the alert's monitor; None without an alert.

    Raises:
        StoreError: the alert's monitor is not on record.
    """
    statements.SAVE_KEY.run(connection, key_row(record))
    if alert is None:
        return None
    monitor = read_monitor(connection, alert.key)
    if monitor is None:
        raise StoreError(f"there is no monitor {alert.key}", account=record.account)
    statements.INSERT_ALERT.run(connection, alert_row(monitor.id, alert))
    return monitor.id


def write_unwatched(
    connection: Connection,
    key: MonitorKey,
    event: UnwatchedPosition,
    at: datetime,
    alert: Alert | None,
) -> None:
    """Adds a position that no monitor watches, or ends it; with an alert about it."""
    if event.over:
        values = {**key_parameters(key), "until": at, "why": event.over}
        statements.END_UNWATCHED.run(connection, values)
    else:
        statements.INSERT_UNWATCHED.run(connection, unwatched_row(key, event))
    if alert is not None:
        statements.INSERT_ALERT.run(connection, alert_row(None, alert))


def write_alert(connection: Connection, alert: Alert) -> None:
    """Adds an alert that is of no monitor."""
    statements.INSERT_ALERT.run(connection, alert_row(None, alert))


def write_deliveries(connection: Connection, alerts: Iterable[PendingAlert]) -> None:
    """Notes how far alerts have got at each sink."""
    statements.NOTE_DELIVERIES.run(connection, *map(deliveries_row, alerts))


def _insert_monitor(connection: Connection, record: MonitorRecord) -> MonitorRecord:
    return replace(record, id=statements.INSERT_MONITOR.insert(connection, new_monitor_row(record)))


def _write_record(
    connection: Connection, record: MonitorRecord, targets: dict[str, str | None] | None
) -> MonitorRecord:
    """Writes the monitor, if its version is still the one read."""
    written = replace(record, version=record.version + 1)
    found_by = {"monitor_id": record.id, "read_version": record.version, "targets": targets}
    if statements.UPDATE_MONITOR.run(connection, {**monitor_row(written), **found_by}) != 1:
        raise Fenced(
            f"the monitor moved on from version {record.version}: another writer owns it",
            account=record.key.account,
            symbol=record.key.symbol,
        )
    return written


def _write_intents(
    connection: Connection, record: MonitorRecord, changed: Iterable[Intent], kept: KeptIntents
) -> tuple[KeptIntents, list[tuple[int, Intent]]]:
    """Writes the intents; returns the rows that stay, and those that are over and leave.

    Those of the run under way stay, settled or not: if the process dies, the next one needs them.
    """
    rows = {**kept, **{i.id: (kept[i.id][0], i) for i in changed if i.id in kept}}
    new = [intent for intent in changed if intent.id not in kept]
    numbers = statements.INSERT_INTENTS.insert_all(connection, *intent_rows(record.id, new))
    rows.update((i.id, (number, i)) for i, number in zip(new, numbers, strict=True))
    over = [
        (number, intent)
        for number, intent in rows.values()
        if not (intent.status.is_open or record.is_running(intent.run_id))
    ]
    for _, intent in over:
        del rows[intent.id]
    saved = intent_rows(record.id, [i for i in changed if i.id in kept and i.id in rows])
    statements.SAVE_INTENTS.run(connection, *saved)
    if over:
        statements.DROP_INTENTS.run(connection, {"numbers": [number for number, _ in over]})
    return rows, over
