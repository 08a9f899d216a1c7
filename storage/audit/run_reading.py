"""One run: found by its id or a time, and read with what was around it."""

from datetime import datetime

from ...domain.audit.on_record import RunOnRecord
from ...domain.audit.transcript import Transcript
from ...domain.model.errors import ConfigurationError
from ...domain.model.identity import MonitorKey
from ..shared.reader import SqlReader
from ..sql.columns import instant_text, microseconds_since_1970
from ..sql.views.definitions import KEPT_OF_RUN
from .positions import positions_of
from .rows import OF_MONITOR, Moment, moment, of
from .surroundings import (
    engine_at,
    gaps_between,
    ladder_at,
    sent_alert,
    size_before,
    stops_between,
)
from .values import (
    alert_of,
    call_of,
    decision_of,
    event_in,
    intent_in,
    key_of,
    stop_intent_in,
    transition_of,
)

_LATE = 100
"""In how many later commits of its monitor the end of a run's write is looked for."""
_STARTING = """
SELECT DISTINCT run_id FROM journal WHERE run_id >= :start AND run_id < :beyond
ORDER BY run_id LIMIT 3"""
_COMMITS = """
SELECT j.id, j.monitor_id, m.account, m.symbol, m.side
FROM journal j JOIN monitor m ON m.id = j.monitor_id WHERE run_id = :run ORDER BY j.id"""
_MONITOR = f"SELECT id FROM monitor WHERE {OF_MONITOR}"  # noqa: S608 - our own words
_UNTIL = """
SELECT run_id FROM journal WHERE monitor_id = :monitor AND at_us <= :at ORDER BY id DESC LIMIT 1"""
_BEFORE = """
SELECT run_id FROM journal WHERE monitor_id = :monitor AND id < :first AND run_id <> :run
ORDER BY id DESC LIMIT 1"""
_ENDS = """settled_in IN (
    SELECT id FROM (SELECT id, run_id, intents FROM journal
                    WHERE monitor_id = :monitor AND id >= :first ORDER BY id LIMIT :most) AS later
    WHERE run_id = :run OR instr(intents, :run) > 0)"""
"""The commits that may have ended a write of the run: a later run's names it."""


def find_run(reader: SqlReader, start: str) -> str:
    """The id of the one run whose id is this, or starts like this.

    Raises:
        ConfigurationError: there is none, or there are several.
        StoreError: the database cannot be read.
    """
    with moment(reader) as now:
        rows = now.select(_STARTING, start=start, beyond=f"{start}\U0010ffff")
    found = [str(row["run_id"]) for row in rows if start]
    if start in found or len(found) == 1:
        return found[0]
    if found:
        raise ConfigurationError(
            f"several runs start with {start!r}, such as {found[0]} and {found[1]}: give more of "
            "the id"
        )
    raise ConfigurationError(
        f"no run {start!r} is on record: alerts, the log and `trueup history` show the ids of runs"
    )


def run_at(reader: SqlReader, key: MonitorKey, at: datetime) -> str:
    """The id of the monitor's run that was under way then, or else of the last one before.

    Raises:
        ConfigurationError: there is no such monitor, or it had no run until then.
        StoreError: the database cannot be read.
    """
    with moment(reader) as now:
        monitor = monitor_id(now, key)
        found = now.select(_UNTIL, monitor=monitor, at=microseconds_since_1970(at))
        first = now.rows("transition_log", f"{OF_MONITOR} ORDER BY id LIMIT 1", **of(key))
    if found:
        return str(found[0]["run_id"])
    known = f"its first one on record began {first[0]['at']}" if first else "it has had none yet"
    raise ConfigurationError(f"{key} had no run until {instant_text(at)}: {known}")


def monitor_id(now: Moment, key: MonitorKey) -> int:
    """The database's number of the monitor.

    Raises:
        ConfigurationError: there is no such monitor.
    """
    rows = now.select(_MONITOR, **of(key))
    if rows:
        return int(rows[0]["id"] or 0)
    known = now.select("SELECT account, symbol, side FROM monitor ORDER BY account, symbol, side")
    there = ", ".join(str(key_of(row)) for row in known)
    raise ConfigurationError(
        f"there is no monitor {key}: "
        + (f"on record are {there}" if there else "none is on record")
    )


def read_transcript(reader: SqlReader, run_id: str) -> Transcript:
    """What a run did; nothing where none of that id is on record.

    Raises:
        StoreError: the database cannot be read.
    """
    with moment(reader) as now:
        return transcript(now, run_id)


def read_run(reader: SqlReader, run_id: str) -> RunOnRecord:
    """A run that is on record, and what was around it.

    Raises:
        ConfigurationError: it is not on record.
        StoreError: the database cannot be read.
    """
    with moment(reader) as now:
        commits = now.select(_COMMITS, run=run_id)
        if not commits:
            raise ConfigurationError(f"no run {run_id!r} is on record")
        key, monitor = key_of(commits[0]), int(commits[0]["monitor_id"] or 0)
        first, last = (int(commits[place]["id"] or 0) for place in (0, -1))
        run = RunOnRecord(key, transcript(now, run_id))
        before = now.select(_BEFORE, monitor=monitor, first=first, run=run_id)
        ladder, source = ladder_at(now, key, last)
        return RunOnRecord(
            key=key,
            transcript=run.transcript,
            before=str(before[0]["run_id"]) if before else "",
            size_before=size_before(now, key, first),
            ladder=ladder,
            ladder_from=source,
            engine=engine_at(now, run.began),
            stops=stops_between(now, key, run.began, run.ended),
            alert=sent_alert(now, key, run_id),
            gaps=gaps_between(now, key, run.began, run.ended),
            positions=positions_of(now, key, run.transcript.intents),
        )


def transcript(now: Moment, run_id: str) -> Transcript:
    """What a run did, with the ends of its writes that came later."""
    of_run = {"run": run_id}
    in_order = "run_id = :run ORDER BY id, part"
    commits = now.select(_COMMITS, **of_run)
    if not commits:
        return Transcript(run_id)
    first, monitor = int(commits[0]["id"] or 0), int(commits[0]["monitor_id"] or 0)
    most = len(commits) + _LATE
    ended = now.rows(
        "intent_log",
        f"run_id = :run AND {_ENDS}",
        **of_run,
        monitor=monitor,
        first=first,
        most=most,
    )
    kept = now.select(KEPT_OF_RUN, **of_run)
    writes = {int(row["number"] or 0): row for row in (*kept, *ended)}
    stops = {row["intent_id"]: row for row in now.rows("stop_log", in_order, **of_run)}
    of_alert = {**of_run, **of(key_of(commits[0]))}
    alerts = now.rows("alert_log", f"{OF_MONITOR} AND run_id = :run ORDER BY id", **of_alert)
    return Transcript(
        run_id,
        tuple(map(transition_of, now.rows("transition_log", in_order, **of_run))),
        tuple(map(decision_of, now.rows("decision_log", in_order, **of_run))),
        tuple(map(call_of, now.rows("exchange_call_log", in_order, **of_run))),
        tuple(intent_in(writes[number]) for number in sorted(writes)),
        tuple(map(event_in, now.rows("event_log", in_order, **of_run))),
        alert_of(alerts[-1]) if alerts else None,
        tuple(map(stop_intent_in, stops.values())),
    )
