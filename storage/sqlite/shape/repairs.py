"""Databases from days on which a migration was still being written: what they lack is added.

Six migrations were changed after databases had been made by them; each change added something, or
named it otherwise. A database of those days has the revision, and not all of its tables. What is
added here is what the finished migration adds, with its values for rows that exist.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from sqlite3 import Connection

_COMPACT = "0012"
_LAST = "0017"


@dataclass(frozen=True, slots=True)
class _Column:
    """A column that was added to a migration later.

    Attributes:
        since: the migration.
        until: the last revision whose databases may lack it.
        table: its table.
        name: its name.
        kind: its type, with its default.
        before: its name on the first day, if that was another.
    """

    since: str
    until: str
    table: str
    name: str
    kind: str
    before: str = ""


_UNSURE = "BOOLEAN DEFAULT '0' NOT NULL"
_COLUMNS = (
    _Column("0002", "0011", "level_order", "updated_ms", "INTEGER DEFAULT '0' NOT NULL"),
    _Column("0011", "0011", "level_order", "purpose", "VARCHAR DEFAULT 'take_profit' NOT NULL"),
    _Column("0011", "0011", "intent", "announced_us", "INTEGER"),
    _Column("0011", _LAST, "monitor", "anchor_unsure", _UNSURE, before="anchor_in_doubt"),
    _Column("0011", _LAST, "monitor", "position_seq", "INTEGER DEFAULT '-1' NOT NULL"),
    _Column("0011", _LAST, "monitor", "position_read_us", "INTEGER"),
    _Column("0011", _LAST, "monitor", "waits_until", "VARCHAR"),
    _Column("0011", _LAST, "monitor", "waits_for", "VARCHAR DEFAULT '' NOT NULL"),
    _Column("0015", _LAST, "monitor", "instead_of", "VARCHAR"),
    _Column("0015", _LAST, "monitor", "withheld", "VARCHAR DEFAULT '[]' NOT NULL"),
)
_OPEN_INTENTS = (
    "DROP INDEX ix_intent_open",
    """CREATE INDEX ix_intent_open ON intent (monitor_id, number)
        WHERE status IN ('planned', 'sent', 'unknown')""",
)
_EVENTS = (
    """CREATE INDEX IF NOT EXISTS ix_journal_events ON journal (monitor_id, id)
        WHERE events IS NOT NULL""",
    """CREATE TABLE IF NOT EXISTS engine_start (
        id INTEGER NOT NULL, started_at VARCHAR NOT NULL, stopped_at VARCHAR,
        trueup_version VARCHAR NOT NULL, schema_version VARCHAR NOT NULL,
        pybit_version VARCHAR NOT NULL, settings VARCHAR NOT NULL,
        CONSTRAINT pk_engine_start PRIMARY KEY (id))""",
    """CREATE TABLE IF NOT EXISTS unwatched (
        id INTEGER NOT NULL, account VARCHAR NOT NULL, symbol VARCHAR NOT NULL,
        side VARCHAR NOT NULL, size VARCHAR NOT NULL, entry_price VARCHAR NOT NULL,
        since VARCHAR NOT NULL, until VARCHAR, why VARCHAR NOT NULL,
        CONSTRAINT pk_unwatched PRIMARY KEY (id))""",
    """CREATE INDEX IF NOT EXISTS ix_unwatched_account_symbol_side_id
        ON unwatched (account, symbol, side, id)""",
)
_ALERTS = (
    """CREATE TABLE alert_of_any (
        id INTEGER NOT NULL, monitor_id INTEGER, account VARCHAR NOT NULL, symbol VARCHAR NOT NULL,
        side VARCHAR NOT NULL, run_id VARCHAR NOT NULL, status VARCHAR NOT NULL,
        text VARCHAR NOT NULL, created_at VARCHAR NOT NULL, delivered_at VARCHAR,
        attempts INTEGER NOT NULL, deliveries VARCHAR DEFAULT '{}' NOT NULL,
        CONSTRAINT pk_alert PRIMARY KEY (id),
        CONSTRAINT fk_alert_monitor_id_monitor FOREIGN KEY(monitor_id) REFERENCES monitor (id))""",
    """INSERT INTO alert_of_any SELECT a.id, a.monitor_id, m.account, m.symbol, m.side, a.run_id,
        a.status, a.text, a.created_at, a.delivered_at, a.attempts, a.deliveries
        FROM alert AS a JOIN monitor AS m ON m.id = a.monitor_id""",
    "DROP TABLE alert",
    "ALTER TABLE alert_of_any RENAME TO alert",
    "CREATE INDEX ix_alert_monitor_id_id ON alert (monitor_id, id)",
    "CREATE INDEX ix_alert_account_symbol_side_id ON alert (account, symbol, side, id)",
    "CREATE INDEX ix_alert_pending ON alert (id) WHERE delivered_at IS NULL",
)


def repair(connection: Connection, revision: str) -> None:
    """Adds what a database of such a day lacks; the views are dropped already.

    Args:
        connection: one that writes, in a transaction, with references unchecked.
        revision: the database's.

    Raises:
        sqlite3.Error: it is not a database of such a day.
    """
    for statement in _statements(connection, revision):
        connection.execute(statement)


def _statements(connection: Connection, revision: str) -> Iterator[str]:
    has = _columns_of(connection)
    if revision < _COMPACT:
        yield from _OPEN_INTENTS
    for one in _COLUMNS:
        names = has(one.table)
        if not one.since <= revision <= one.until or one.name in names:
            continue
        if one.before in names:
            yield f"ALTER TABLE {one.table} RENAME COLUMN {one.before} TO {one.name}"
        else:
            yield f"ALTER TABLE {one.table} ADD COLUMN {one.name} {one.kind}"
    if "0015" <= revision <= _LAST:
        yield from _EVENTS
        if "account" not in has("alert"):
            yield from _ALERTS


def _columns_of(connection: Connection) -> Callable[[str], frozenset[str]]:
    """Finds the names of a table's columns."""
    query = "SELECT name FROM pragma_table_info(?)"
    return lambda table: frozenset(name for (name,) in connection.execute(query, (table,)))
