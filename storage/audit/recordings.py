"""What was recorded of runs, read from the journal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from ...domain.model.errors import ConfigurationError, StoreError
from ...domain.model.identity import MonitorKey
from ...domain.recording.passes import RecordedPass, Row, passes
from ...domain.recording.segments import Place
from ..shared.reader import SqlReader
from ..sql.columns import microseconds_since_1970
from .rows import Moment, moment
from .values import key_of

_FIRST = f"substr(inputs, 1, 1) IN (x'{Place.WHOLE:02x}', x'{Place.DELTA:02x}')"
_WHOLE = f"""
SELECT inputs FROM journal
WHERE run_id = :run AND id < :before AND substr(inputs, 1, 1) = x'{Place.WHOLE:02x}'
ORDER BY id DESC LIMIT 1"""  # noqa: S608 - a number of ours
_ROWS = """
SELECT id, run_id, inputs FROM journal
WHERE monitor_id = :monitor AND id >= :start ORDER BY id"""
_MONITORS = "SELECT id, account, symbol, side FROM monitor ORDER BY account, symbol, side"
_SINCE = "SELECT min(id) AS id FROM journal WHERE monitor_id = :monitor AND at_us >= :since"
_PARTLY = """
SELECT DISTINCT run_id FROM journal WHERE monitor_id = :monitor AND id >= :start AND (
    inputs IS NULL
    OR run_id IN (SELECT run_id FROM journal WHERE monitor_id = :monitor AND id < :start
                  ORDER BY id DESC LIMIT 1))"""
_RUN = """
SELECT monitor_id, min(id) AS first, max(CASE WHEN inputs IS NULL THEN 1 ELSE 0 END) AS partly
FROM journal WHERE run_id = :run GROUP BY monitor_id"""
_IS_RECORDED = "SELECT 1 FROM pragma_table_info('journal') WHERE name = 'inputs'"
_BEGIN = f"""
SELECT max(id) AS id FROM journal
WHERE monitor_id = :monitor AND id <= :first AND {_FIRST}"""  # noqa: S608 - a number of ours


@dataclass(frozen=True, slots=True)
class Recordings:
    """What was recorded of a monitor's runs.

    Attributes:
        key: of the monitor.
        passes: oldest first.
        partly: runs of these passes that are not recorded as a whole.
    """

    key: MonitorKey
    passes: Iterator[RecordedPass]
    partly: frozenset[str]


def recordings(reader: SqlReader, since: datetime | None = None) -> Iterator[Recordings]:
    """What was recorded of the runs of each monitor; of those that began since then.

    Raises:
        StoreError: the database cannot be read; the passes raise it where a row was changed.
    """
    with moment(reader) as now:
        if not now.select(_IS_RECORDED):
            return
        for row in now.select(_MONITORS):
            monitor, start = int(row["id"] or 0), 0
            if since is not None:
                at = microseconds_since_1970(since)
                (first,) = now.select(_SINCE, monitor=monitor, since=at)
                if first["id"] is None:
                    continue
                start = int(first["id"])
            partly = now.select(_PARTLY, monitor=monitor, start=start)
            yield Recordings(
                key_of(row),
                _passes(now, monitor, start),
                frozenset(str(one["run_id"]) for one in partly),
            )


def passes_of(reader: SqlReader, run_id: str) -> tuple[RecordedPass, ...]:
    """The passes that a run is of: more than one where a killed process left it.

    Raises:
        ConfigurationError: it is not on record, or was not recorded, or no longer is.
        StoreError: the database cannot be read.
    """
    with moment(reader) as now:
        found = now.select(_RUN, run=run_id) if now.select(_IS_RECORDED) else []
        if not found:
            raise ConfigurationError(
                f"what the run {run_id!r} was decided by is not on record: a version wrote the "
                "database that recorded none"
            )
        monitor, first = int(found[0]["monitor_id"] or 0), int(found[0]["first"] or 0)
        (begin,) = now.select(_BEGIN, monitor=monitor, first=first)
        if found[0]["partly"] or begin["id"] is None:
            raise ConfigurationError(
                f"what the run {run_id!r} was decided by is not on record as a whole: it ran in a "
                "version from before that was recorded, or a part of it has been pruned"
            )
        return tuple(
            takewhile(lambda one: run_id in one.runs, _passes(now, monitor, int(begin["id"])))
        )


def _passes(now: Moment, monitor: int, start: int) -> Iterator[RecordedPass]:
    rows = now.each(_ROWS, monitor=monitor, start=start)

    def whole(run_id: str, before: int) -> bytes | None:
        found = next(now.each(_WHOLE, run=run_id, before=before), None)
        return None if found is None else found[0]

    try:
        yield from passes((Row(*row) for row in rows), whole)
    except ValueError as error:
        raise StoreError(f"{error}: `trueup verify` says whether a row was changed") from error
