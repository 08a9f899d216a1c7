"""``database.md``: the views, the tables, and questions to ask them."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from inspect import getsource
from pathlib import Path

from sqlalchemy import Boolean, Column, Integer
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.schema import CreateTable
from sqlalchemy.types import TypeEngine

from examples import inspect_database
from trueup.storage.sql import tables
from trueup.storage.sql.column_types import ExactDecimal, UtcInstant
from trueup.storage.sql.tables import metadata
from trueup.storage.sql.views.definitions import VIEWS, ViewName, definitions

from ..markdown import fenced, page, paragraph, table, wrapped
from .columns import meaning
from .questions import QUESTIONS

_INTRODUCTION = """
trueup keeps everything in one SQLite file: the monitors, their ladders and orders, the intents,
the journal, the outbox of alerts and the last sweep of each account. It may be a database of
[PostgreSQL](postgres.md) instead, with the same views and tables. Read the file with any SQLite
client, also while the engine runs:

```sh
sqlite3 -box -readonly trueup.db 'SELECT * FROM monitor_status'
```

The views are for people. The tables are what the store writes; migrations may change them. Never
write to the file: the engine holds it for itself, and its commits are fenced by the monitor's
version. What other processes may write is the table `control` alone, by `trueup pause`, `resume`
and `halt`.

Quantities and prices are exact decimals, kept as plain text without trailing zeros: `0.1`, `100`.
Text compares as text: ask for `= '0'`, and don't sort or sum by such a column. Instants are UTC
text of one width, so they sort chronologically.
"""

_APPEND_ONLY = """
The journal, alerts, controls, starts, positions without a monitor and phrases stay as they were
written: triggers refuse to change or remove a row, in `sqlite3` too. What still changes is how far
an alert is delivered, whether a control is in force and acknowledged, and when a start or a
position ended. Whoever drops the triggers has them back at the engine's next start, and each row of
the journal has a checksum.

Pruning is the exception, and on record: a row of `pruning` names a range of row ids, and in the
same transaction all rows of that range leave. Nothing else lets a row go. What is older than
[`[retention]`](configuration.md#retention) keeps leaves while the engine runs, a hundred rows a
minute, and with `trueup prune`. What the present state needs stays, however old it is: runs with
open writes, the newest run of each monitor, the row that says since when a position is uncovered,
alerts that some sink does not have, and pauses and halts in force. The file keeps its size: new
rows take the place of those that left.

`trueup verify` checks all of this, and more, also while the engine runs.
"""

_COPIES = """
`trueup backup copy.db` makes a copy while the engine runs. The copy is one file, of one moment and
checked; it opens as a database. It overwrites nothing: name a new file each time.

Copying `trueup.db` alone by other means loses what is in `trueup.db-wal`: commits go into that log
first, and are moved into the file now and then, and when the engine stops. A new database may have
all of its rows there. To restore a copy, stop the engine, put the copy in the place of `trueup.db`,
and remove `trueup.db-wal` and `trueup.db-shm`: they belong to the other one.

A file that is deleted, moved, replaced or overwritten while the engine runs ends the service at the
next commit, and nothing is sent after it. Whatever else writes to the file, `touch` for one, counts
as overwriting it.
"""

_READING = """
These read a database, with the `sqlite3` of SQLite 3.40:

| | engine running | engine stopped |
|---|---|---|
| `sqlite3 -readonly trueup.db` | yes | yes, if you may write to the folder |
| `sqlite3 'file:trueup.db?mode=ro'` | yes | yes, if you may write to the folder |
| `sqlite3 'file:trueup.db?immutable=1'` | **no**: it misses what is in the log | yes, anywhere |

SQLite makes `trueup.db-wal` and `trueup.db-shm` beside a database that it opens, for reading too.
Where it may not and they are not there, the first two say "attempt to write a readonly database".
`trueup status` and `trueup history` find out for themselves. A log without its index, as after
`trueup.db` and `trueup.db-wal` were copied from an engine that was killed, cannot be read in a
folder that you may not write: copy both into a folder of your own.
"""

_VIEWS: Mapping[ViewName, tuple[str, str]] = {
    "account_status": (
        "account_sweep",
        "Is the engine alive? One row per account: its last sweep, and how trueup follows it.",
    ),
    "monitor_status": ("monitor", "How does every position stand? One row per monitor."),
    "level_status": (
        "level_status",
        "What does each level ask for, and what rests? One row per level.",
    ),
    "pending_write": (
        "intent",
        "Which writes may still take effect, or have done so unseen, and until when? One row each.",
    ),
    "transition_log": ("journal", "Which steps did the machines take, and why? Oldest first."),
    "exchange_call_log": (
        "journal",
        "What did trueup request, and what did the exchange answer? A row per read or order.",
    ),
    "decision_log": (
        "journal",
        "What did each state decide on what it saw? One line per decision.",
    ),
    "intent_log": (
        "intent",
        "Which writes were planned, and what became of them? One row per write.",
    ),
    "alert_log": (
        "alert",
        "Which alerts were written, and were they delivered? One row per alert.",
    ),
    "alert_delivery_log": (
        "alert_delivery_log",
        "Which sink has which alert, and which one refuses? One row per alert and sink.",
    ),
    "order_log": (
        "order_log",
        "Which orders were a position's, and how did each end? One row per owned order.",
    ),
    "control_status": (
        "control",
        "What has somebody paused, halted, resumed or had closed, and why? One row each.",
    ),
    "command_log": (
        "command_log",
        "Who asked a running service for what, what changed, and what did it answer? One row each.",
    ),
    "event_log": (
        "event_log",
        "What became of the positions? One row per event of a run, of every kind.",
    ),
    "fill_log": (
        "fill_log",
        "Which TP orders filled? A row per execution, where these are known; else per fill.",
    ),
    "result_log": (
        "result_log",
        "What has closing each position brought? One row per position that is closed.",
    ),
    "coverage_log": (
        "coverage_log",
        "When was a position not wholly covered at a run's end? One row per interval.",
    ),
    "ladder_log": ("ladder_log", "Who changed which ladder to what? One row per change."),
    "engine_log": (
        "engine_start",
        "When did the service start and stop, by which versions, and what was set differently?",
    ),
    "unwatched_log": (
        "unwatched",
        "Which positions does no monitor watch, on accounts that have monitors? One row each.",
    ),
    "stop_status": (
        "stop_status",
        "Is every position protected, where, and by which rule? One row per monitor with a stop.",
    ),
    "stop_log": (
        "stop_log",
        "What was sent to set stops, and what came of it? A row per request and commit.",
    ),
    "protection_log": (
        "protection_log",
        "When did a position lack the stop that is wanted at a run's end? One row per interval.",
    ),
    "close_status": (
        "close_status",
        "Was the close that somebody commanded done? A row for the last one of each monitor.",
    ),
    "close_log": (
        "close_log",
        "What was sent to close positions, and what came of it? One row per request.",
    ),
    "timeline": (
        "timeline",
        "What happened, in one sequence? Starts, pauses, requests, writes, fills, alerts …",
    ),
}

_PYTHON = """
`trueup.inspect` opens the file for reading, also while the engine runs, and returns its views as
[SQLModel](https://sqlmodel.tiangolo.com) rows: numbers are exact `Decimal`s, instants are aware and
in UTC. Each view has its class: `AccountStatus`, `MonitorStatus`, `LevelStatus`, `TransitionLog`,
`ExchangeCallLog`, `DecisionLog`, `IntentLog`, `AlertLog`, `AlertDeliveryLog`, `OrderLog` and
`ControlStatus`.

A query that asks which number is less, sorts by a number, or asks for a sum or a maximum raises
`TypeError`, as SQLite would compare text and calculate with floats: sort and add in Python. A file
that is missing, or that another trueup or another program made, raises a `StoreError` that says so.
A session reads the state of one moment; end it soon.
"""

_TABLES = """
A column that may be NULL has a `?` behind its type. A `*` marks the primary key. Migrations bring
an older database to this schema; a copy is kept beside it. `alembic_version` holds the revision.
"""

_QUESTIONS = """
A test runs each of these on a real database.
"""


def database() -> str:
    """The whole page."""
    return page(
        "The database",
        _INTRODUCTION,
        "## Views",
        *_views(),
        "## Questions",
        _QUESTIONS,
        *(f"{each.asks}\n\n{fenced(each.sql, 'sql')}" for each in QUESTIONS),
        "## In Python",
        _PYTHON,
        *_examples(),
        "## Append-only",
        _APPEND_ONLY,
        "## Backups",
        _COPIES,
        "## Reading without trueup",
        _READING,
        "## Tables",
        _TABLES,
        *_tables(),
    )


def view_columns() -> Mapping[str, tuple[str, ...]]:
    """The columns of every view, as SQLite names them."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for statement in (*_schema(), *definitions().values()):
            connection.execute(statement)
        return {
            name: tuple(row[1] for row in connection.execute(f"PRAGMA table_info({name})"))
            for name in VIEWS
        }


def _views() -> Iterator[str]:
    columns = view_columns()
    for name in VIEWS:
        base, asks = _VIEWS[name]
        rows = ((f"`{column}`", meaning(base, column)) for column in columns[name])
        yield f"### {name}\n\n{asks}\n\n{table(('column', 'meaning'), rows)}"


def _examples() -> Iterator[str]:
    """The imports of the example, and each of its functions."""
    source = Path(inspect_database.__file__).read_text("utf-8")
    imports = source.partition('"""\n\n')[2].partition("\n\n\n")[0]
    yield fenced(imports, "python")
    for function in (
        inspect_database.uncovered,
        inspect_database.last_run,
        inspect_database.levels_of_alerts,
    ):
        yield fenced(getsource(function), "python")


def _tables() -> Iterator[str]:
    for name, docstring in _docstrings().items():
        rows = (
            (f"`{column.name}`", _type(column), meaning(name, column.name))
            for column in metadata.tables[name].columns
        )
        head = ("column", "type", "meaning")
        yield f"### Table {name}\n\n{wrapped(paragraph(docstring))}\n\n{table(head, rows)}"


def _docstrings() -> Mapping[str, str | None]:
    """The docstring of each table's class, in the order of the module."""
    found = {
        str(each.__tablename__): each.__doc__
        for each in vars(tables).values()
        if hasattr(each, "__table__")
    }
    if set(found) != set(metadata.tables):
        raise LookupError(f"tables without a class: {set(metadata.tables) ^ set(found)}")
    return found


def _type(column: Column[object]) -> str:
    word = _word(column.type)
    return f"{word}{'?' if column.nullable else ''}{' *' if column.primary_key else ''}"


def _word(kind: TypeEngine[object]) -> str:
    match kind:
        case ExactDecimal():
            return "decimal"
        case UtcInstant():
            return "instant"
        case Boolean():
            return "0 or 1"
        case Integer():
            return "integer"
        case _:
            return "text"


def _schema() -> list[str]:
    return [str(CreateTable(each).compile(dialect=dialect())) for each in metadata.sorted_tables]
