"""The stop of one monitor, over time: how it stands, its requests, what others did to it."""

from ...domain.audit.on_record import Gap, StopOnRecord
from ...domain.model.events import EventKind
from ...domain.model.identity import MonitorKey
from ..shared.reader import SqlReader
from ..sql.columns import decimal, instant
from .levels import events_of
from .rows import OF_MONITOR, moment, of
from .run_reading import monitor_id
from .values import LogRow, at_of, stop_intent_in


def read_stop(reader: SqlReader, key: MonitorKey, most: int) -> StopOnRecord:
    """What happened to a monitor's stop last.

    Args:
        reader: the database.
        key: of the monitor.
        most: how many requests, changes by others and times without it, each.

    Raises:
        ConfigurationError: there is no such monitor.
        StoreError: the database cannot be read.
    """
    last = f"{OF_MONITOR} ORDER BY id DESC, part DESC LIMIT :most"
    with moment(reader) as now:
        monitor_id(now, key)
        status = now.rows("stop_status", OF_MONITOR, **of(key))
        requests = now.rows("stop_log", last, **of(key), most=most)
        gaps = now.rows("protection_log", last, **of(key), most=most)
        ends = {row["intent_id"]: row for row in reversed(requests)}
        return StopOnRecord(
            key=key,
            status=status[0] if status else {},
            requests=tuple(map(stop_intent_in, ends.values())),
            events=tuple(
                event
                for kind in (EventKind.STOP_MOVED_BY_OTHERS, EventKind.ENTRIES_CANCELLED)
                for event in events_of(now, key, kind, "1", most=most)
            ),
            gaps=tuple(map(_gap, reversed(gaps))),
        )


def _gap(row: LogRow) -> Gap:
    until = row["until"]
    return Gap(
        decimal(str(row["quantity"])),
        at_of(row, "since"),
        None if until is None else instant(str(until)),
        str(row["why"]),
    )
