"""All of the overview, read in one moment: accounts, notices, the list, and what is needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ....domain.reporting.account_status import ViewWord
from ....domain.tracking.stored_time import is_old
from ....storage import Row, SqlReader
from .asked import Asked
from .engine import Engine, read_engine
from .listing import Listing, natural, read_listing
from .needs import Need, needs_of
from .rows import rows_of

LATE = timedelta(minutes=5)
"""A sweep that began longer ago is late: by default there is one a minute at least."""
_ACCOUNTS = """
SELECT a.account, s.swept_at, s.view_state, s.reason, s.clock_offset_ms, a.monitors,
       (SELECT MAX(m.position_read_at) FROM monitor m WHERE m.account = a.account) AS run_read_at,
       s.engine_start, (SELECT id FROM engine_log WHERE id = (SELECT max(id) FROM engine_log)
                        AND stopped_at IS NULL) AS running
FROM (SELECT account, COUNT(*) AS monitors FROM monitor WHERE source <> 'unwatched'
      GROUP BY account
      UNION ALL
      SELECT account, 0 FROM account_sweep
      WHERE account NOT IN (SELECT account FROM monitor WHERE source <> 'unwatched')) AS a
LEFT JOIN account_status s ON s.account = a.account
ORDER BY a.account"""
_UNWATCHED = """
SELECT account, symbol, side, size, entry_price, since FROM unwatched_log
WHERE until IS NULL ORDER BY id"""
_CONTROLS = """
SELECT kind, account, symbol, side, asked_at, asked_by, reason FROM control_status
WHERE in_force = 1 ORDER BY kind, number"""
_ORDERS = "SELECT worker, ordered_at, ordered_by, reason FROM fleet_order ORDER BY worker"
_UNDELIVERED = "SELECT COUNT(*), MIN(created_at) FROM alert_log WHERE delivered_at IS NULL"


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account, and what about it needs a person; empty where nothing does."""

    row: Row
    need: str
    next_step: str


@dataclass(frozen=True, slots=True)
class Overview:
    """What the overview shows.

    Attributes:
        engine: whether one runs.
        accounts: those that need a person first.
        orders: to the processes that share the accounts, the halt of all first.
        needs: of each row of the list, in its order.
        undelivered: how many alerts some sink does not have, and since when the oldest waits.
    """

    engine: Engine
    accounts: Sequence[AccountLine]
    controls: Sequence[Row]
    orders: Sequence[Row]
    unwatched: Sequence[Row]
    listing: Listing
    needs: Sequence[tuple[Need, ...]]
    undelivered: tuple[int, str]


def read_overview(
    reader: SqlReader, asked: Asked, now: datetime, *, is_held: bool = True
) -> Overview:
    """Reads it.

    Args:
        reader: of the database.
        asked: which monitors, and in which order.
        now: the time, by the wall clock.
        is_held: whether a process has the database open for writing: without one no engine runs,
            whatever is on record.

    Raises:
        StoreError: the database cannot be read.
    """
    with reader.connection() as connection:
        engine = read_engine(connection, is_held=is_held)
        listing = read_listing(connection, asked)
        count, oldest = connection.execute(_UNDELIVERED).fetchone()
        return Overview(
            engine,
            sorted(
                (_account(row, now) for row in rows_of(connection, _ACCOUNTS)),
                key=lambda line: (not line.need, natural(str(line.row["account"]))),
            ),
            rows_of(connection, _CONTROLS),
            rows_of(connection, _ORDERS),
            rows_of(connection, _UNWATCHED),
            listing,
            [needs_of(connection, row, engine) for row in listing.rows],
            (count, oldest or ""),
        )


def _account(row: Row, now: datetime) -> AccountLine:
    swept = row["swept_at"]
    if swept is None:
        return AccountLine(
            row, "was never swept", "Start trueup run: no engine has run as a service."
        )
    if row["running"] is not None and row["engine_start"] != row["running"]:
        return AccountLine(
            row,
            "was not swept yet since the engine started",
            "Wait for the first sweep: what stands below is of the engine before.",
        )
    if is_old(datetime.fromisoformat(str(swept)), LATE, now):
        return AccountLine(
            row,
            "the last complete read is old",
            "Look whether trueup run runs: what stands below is as of that time.",
        )
    if row["view_state"] == ViewWord.UNREADABLE.value:
        return AccountLine(
            row,
            "cannot be read",
            "If it lasts: check the network, the key and the exchange's status page.",
        )
    return AccountLine(row, "", "")
