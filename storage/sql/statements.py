"""The statements that the store runs, over the tables: what the generated texts are made from.

``make docs`` compiles them into :mod:`trueup.storage.shared.generated.statements`. A running engine
does not import this module. A column that a table gains is in its statements at once: they name the
columns that are *not* written, never those that are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Integer,
    Select,
    bindparam,
    cast,
    delete,
    func,
    insert,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upserting
from sqlalchemy.sql.dml import UpdateBase

from .column_types import Packed
from .conditions import CURRENT_CONTROL, PENDING_ALERT, UNWATCHED
from .tables import metadata

_MONITOR = metadata.tables["monitor"]
_INTENT = metadata.tables["intent"]
_ALERT = metadata.tables["alert"]
_KEY = metadata.tables["account_key"]
_CONTROL = metadata.tables["control"]
_COMMAND = metadata.tables["command"]
_UNWATCHED = metadata.tables["unwatched"]
_START = metadata.tables["engine_start"]
_PHRASE = metadata.tables["phrase"]

_WATCHED = ("role", "follows", "source")
"""What ``watch`` changes of a monitor, beside its ladder."""

_IS_KEY = (
    _MONITOR.c.account == bindparam("key_account"),
    _MONITOR.c.symbol == bindparam("key_symbol"),
    _MONITOR.c.side == bindparam("key_side"),
)
_FOR_PEOPLE = ("covered_quantity", "coverage_pct", "targets", "waits_until", "waits_for")
"""What is written of a monitor and never read back."""
_OF_LEASES = ("epoch",)
"""What only those databases write that several processes share: a claim, and the fence."""
_READ = [each for each in _MONITOR.c if each.name not in (*_FOR_PEOPLE, *_OF_LEASES)]
_NONE_SKIPPED = literal_column("0", Integer)

QUERIES: Mapping[str, Select[Any]] = {
    "MONITOR": select(*_READ).where(*_IS_KEY),
    "ALL_MONITORS": select(*_READ).order_by(_MONITOR.c.account, _MONITOR.c.symbol, _MONITOR.c.side),
    "WAKES": select(_MONITOR.c.wakes).where(_MONITOR.c.id == bindparam("monitor_id")),
    "KEPT_INTENTS": select(_INTENT)
    .where(_INTENT.c.monitor_id == bindparam("monitor_id"))
    .order_by(_INTENT.c.number),
    "RUN_INTENTS": select(_INTENT)
    .where(_INTENT.c.run_id == bindparam("run_id"))
    .order_by(_INTENT.c.number),
    "PHRASE": select(_PHRASE.c.id).where(
        _PHRASE.c.state == bindparam("state"), _PHRASE.c.text == bindparam("text")
    ),
    "KEYS": select(_KEY).order_by(_KEY.c.account, _KEY.c.read_at),
    "UNWATCHED": select(_UNWATCHED).where(text(UNWATCHED)).order_by(_UNWATCHED.c.id),
    "CONTROLS": select(_CONTROL).where(text(CURRENT_CONTROL)).order_by(_CONTROL.c.number),
    "CONTROL": select(_CONTROL).where(_CONTROL.c.number == bindparam("control_number")),
    "COMMAND": select(_COMMAND).where(_COMMAND.c.command_id == bindparam("asked_id")),
    "PENDING_ALERTS": select(_ALERT)
    .where(text(PENDING_ALERT), _ALERT.c.id > bindparam("after"))
    .order_by(_ALERT.c.id)
    .limit(bindparam("limit"))
    .offset(_NONE_SKIPPED),
    "LAST_ALERT": select(_ALERT)
    .where(_ALERT.c.monitor_id == bindparam("monitor_id"))
    .order_by(_ALERT.c.id.desc())
    .limit(literal_column("1"))
    .offset(_NONE_SKIPPED),
}


@dataclass(frozen=True, slots=True)
class Write:
    """A statement that writes.

    Attributes:
        statement: the insert, update or delete.
        columns: what an insert or update sets by parameters; None where the statement says it.
    """

    statement: UpdateBase
    columns: tuple[str, ...] | None = None


def _columns(table: str, *left_out: str) -> tuple[str, ...]:
    return tuple(each.name for each in metadata.tables[table].c if each.name not in left_out)


def _insert(table: str) -> Write:
    """The insert into a table that numbers its rows itself."""
    return Write(insert(metadata.tables[table]), _columns(table, "id"))


def _upsert(table: str, key: str, *kept: str) -> Write:
    """The insert that overwrites the row of that key, except for the columns that are kept."""
    made = upserting(metadata.tables[table])
    changed = {name: made.excluded[name] for name in _columns(table, key, *kept)}
    statement = made.on_conflict_do_update(index_elements=[key], set_=changed)
    return Write(statement, _columns(table, *kept))


_IS_MONITOR = _MONITOR.c.id == bindparam("monitor_id")
_OVER = func.json_each(bindparam("numbers", type_=Packed)).table_valued("value")
_OVER_NUMBER = cast(_OVER.c.value, Integer)
_NEW_TARGETS = func.coalesce(bindparam("targets", type_=Packed), _MONITOR.c.targets)

WRITES: Mapping[str, Write] = {
    "INSERT_MONITOR": Write(insert(_MONITOR), _columns("monitor", "id", *_OF_LEASES)),
    "UPDATE_MONITOR": Write(
        update(_MONITOR)
        .where(_IS_MONITOR, _MONITOR.c.version == bindparam("read_version"))
        .values(targets=_NEW_TARGETS),
        _columns(
            "monitor",
            "id",
            *("account", "symbol", "side", "wakes", "targets"),
            *_WATCHED,
            *_OF_LEASES,
        ),
    ),
    "UPDATE_WATCH": Write(update(_MONITOR).where(_IS_MONITOR), _WATCHED),
    "NOTE_WAIT": Write(update(_MONITOR).where(_IS_MONITOR), ("waits_until", "waits_for")),
    "COUNT_WAKE": Write(update(_MONITOR).where(*_IS_KEY).values(wakes=text("wakes + 1"))),
    "INSERT_INTENTS": Write(insert(_INTENT), _columns("intent", "number")),
    "SAVE_INTENTS": _upsert("intent", "id", "number"),
    "DROP_INTENTS": Write(delete(_INTENT).where(_INTENT.c.number.in_(select(_OVER_NUMBER)))),
    "SAVE_KEY": _upsert("account_key", "fingerprint"),
    "SAVE_SWEEP": _upsert("account_sweep", "account"),
    "INSERT_CONTROL": Write(insert(_CONTROL), _columns("control", "number")),
    "END_CONTROLS": Write(
        update(_CONTROL).where(_CONTROL.c.number.in_(select(_OVER_NUMBER))), ("ended_by",)
    ),
    "ACKNOWLEDGE": Write(
        update(_CONTROL).where(_CONTROL.c.number == bindparam("control_number")),
        ("acknowledged_at",),
    ),
    "INSERT_COMMAND": _insert("command"),
    "ANSWER_COMMAND": Write(
        update(_COMMAND).where(_COMMAND.c.command_id == bindparam("asked_id")),
        ("answered_at", "answer"),
    ),
    "INSERT_START": _insert("engine_start"),
    "NOTE_STOP": Write(update(_START).where(_START.c.id == bindparam("number")), ("stopped_at",)),
    "INSERT_JOURNAL": _insert("journal"),
    "INSERT_PHRASE": _insert("phrase"),
    "INSERT_ALERT": _insert("alert"),
    "INSERT_UNWATCHED": _insert("unwatched"),
    "END_UNWATCHED": Write(
        update(_UNWATCHED).where(
            text(UNWATCHED),
            _UNWATCHED.c.account == bindparam("key_account"),
            _UNWATCHED.c.symbol == bindparam("key_symbol"),
            _UNWATCHED.c.side == bindparam("key_side"),
        ),
        ("until", "why"),
    ),
    "NOTE_DELIVERIES": Write(
        update(_ALERT).where(_ALERT.c.id == bindparam("alert_id")),
        ("attempts", "deliveries", "delivered_at"),
    ),
}
