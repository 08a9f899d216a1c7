"""One level of a monitor, over time: its writes, its fills, and the ladders that it was in."""

from datetime import datetime

from ...domain.audit.on_record import LevelOnRecord
from ...domain.model.errors import ConfigurationError
from ...domain.model.events import Event, EventKind, LadderChanged, LevelFilled
from ...domain.model.identity import MonitorKey
from ..shared.reader import SqlReader
from .positions import positions_of
from .rows import OF_MONITOR, Moment, moment, of
from .run_reading import monitor_id, transcript
from .values import at_of, event_in, intent_in

_OF_LEVEL = "CAST(json_extract(detail, '$.level') AS INTEGER) = :level"


def read_level(reader: SqlReader, key: MonitorKey, number: int, most: int) -> LevelOnRecord:
    """What happened to a level last.

    Args:
        reader: the database.
        key: of the monitor.
        number: of the level.
        most: how many writes, fills and changes of the ladder, each.

    Raises:
        ConfigurationError: there is no such monitor, or it never had such a level.
        StoreError: the database cannot be read.
    """
    with moment(reader) as now:
        monitor_id(now, key)
        status = now.rows(
            "level_status", f"{OF_MONITOR} AND level = :level", **of(key), level=number
        )
        writes = now.rows(
            "intent_log",
            f"{OF_MONITOR} AND level = :level ORDER BY settled_in DESC, number DESC LIMIT :most",
            **of(key),
            level=number,
            most=most,
        )
        if not status and not writes:
            levels = now.rows("level_status", f"{OF_MONITOR} ORDER BY level", **of(key))
            there = ", ".join(f"TP{row['level']}" for row in levels) or "none"
            raise ConfigurationError(f"{key} has no TP{number} on record: its levels are {there}")
        fills = events_of(now, key, EventKind.LEVEL_FILLED, _OF_LEVEL, level=number, most=most)
        ladders = events_of(now, key, EventKind.LADDER_CHANGED, "TRUE", most=most)
        intents = [intent_in(row) for row in reversed(writes)]
        return LevelOnRecord(
            key=key,
            number=number,
            status=status[0] if status else {},
            writes=tuple(intents),
            fills=tuple(
                (at, run, event) for at, run, event in fills if isinstance(event, LevelFilled)
            ),
            ladders=tuple(
                (at, run, event) for at, run, event in ladders if isinstance(event, LadderChanged)
            ),
            runs={run: transcript(now, run) for run in {intent.run_id for intent in intents}},
            positions=positions_of(now, key, intents),
        )


def events_of(
    now: Moment, key: MonitorKey, kind: EventKind, asked: str, **values: int
) -> list[tuple[datetime, str, Event]]:
    """The last events of a kind, oldest first, each with its time and its run."""
    rows = now.rows(
        "event_log",
        f"{OF_MONITOR} AND kind = :kind AND {asked} ORDER BY id DESC, part DESC LIMIT :most",
        **of(key),
        kind=kind.value,
        **values,
    )
    return [(at_of(row), str(row["run_id"]), event_in(row)) for row in reversed(rows)]
