"""The statements that the store runs, over the tables: what the generated texts are made from.

``make docs`` compiles them into :mod:`trueup.storage.sqlite.generated.statements`. A running engine
does not import this module. A column that a table gains is in its statements at once: they name the
columns that are *not* written, never those that are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    Insert,
    Integer,
    Select,
    bindparam,
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

from .tables import OPEN_INTENT, PENDING_ALERT, metadata

_MONITOR = metadata.tables["monitor"]
_LEVEL = metadata.tables["level"]
_ORDER = metadata.tables["level_order"]
_INTENT = metadata.tables["intent"]
_ALERT = metadata.tables["alert"]
_KEY = metadata.tables["account_key"]

_WATCHED = ("role", "follows", "source")
"""What ``watch`` changes of a monitor, beside its ladder."""

_IS_KEY = (
    _MONITOR.c.account == bindparam("key_account"),
    _MONITOR.c.symbol == bindparam("key_symbol"),
    _MONITOR.c.side == bindparam("key_side"),
)
_IS_ITS_CYCLE = (_MONITOR.c.id == _ORDER.c.monitor_id) & (_MONITOR.c.cycle == _ORDER.c.cycle)
_LEVELS = select(_LEVEL).order_by(_LEVEL.c.monitor_id, _LEVEL.c.number)
_ORDERS = (
    select(_ORDER).join(_MONITOR, _IS_ITS_CYCLE).order_by(_ORDER.c.monitor_id, _ORDER.c.sequence)
)
_ALERTS = select(_ALERT, _MONITOR.c.account, _MONITOR.c.symbol, _MONITOR.c.side).join(
    _MONITOR, _MONITOR.c.id == _ALERT.c.monitor_id
)
_NONE_SKIPPED = literal_column("0", Integer)

QUERIES: Mapping[str, Select[Any]] = {
    "MONITOR": select(_MONITOR).where(*_IS_KEY),
    "ITS_LEVELS": _LEVELS.where(_LEVEL.c.monitor_id == bindparam("monitor_id")),
    "ITS_ORDERS": _ORDERS.where(_ORDER.c.monitor_id == bindparam("monitor_id")),
    "ALL_MONITORS": select(_MONITOR).order_by(
        _MONITOR.c.account, _MONITOR.c.symbol, _MONITOR.c.side
    ),
    "ALL_LEVELS": _LEVELS,
    "ALL_ORDERS": _ORDERS,
    "WAKES": select(_MONITOR.c.wakes).where(_MONITOR.c.id == bindparam("monitor_id")),
    "OPEN_INTENTS": select(_INTENT)
    .where(_INTENT.c.monitor_id == bindparam("monitor_id"), text(OPEN_INTENT))
    .order_by(_INTENT.c.number),
    "RUN_INTENTS": select(_INTENT)
    .where(_INTENT.c.run_id == bindparam("run_id"))
    .order_by(_INTENT.c.number),
    "KEYS": select(_KEY).order_by(_KEY.c.account, _KEY.c.read_at),
    "PENDING_ALERTS": _ALERTS.where(text(PENDING_ALERT))
    .order_by(_ALERT.c.id)
    .limit(bindparam("limit"))
    .offset(_NONE_SKIPPED),
    "LAST_ALERT": _ALERTS.where(_ALERT.c.monitor_id == bindparam("monitor_id"))
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


def _upsert(table: str, *key: str, kept: tuple[str, ...] = ()) -> Insert:
    """The insert that overwrites the row of that key, except for the columns that are kept."""
    made = upserting(metadata.tables[table])
    changed = {name: made.excluded[name] for name in _columns(table, *key, *kept)}
    return made.on_conflict_do_update(index_elements=list(key), set_=changed)


def _save_intents() -> Write:
    """The insert or update of intents by their id; one of another monitor is left alone."""
    made = upserting(_INTENT)
    changed = {
        name: made.excluded[name] for name in _columns("intent", "number", "id", "monitor_id")
    }
    statement = made.on_conflict_do_update(
        index_elements=["id"],
        set_=changed,
        where=_INTENT.c.monitor_id == made.excluded.monitor_id,
    )
    return Write(statement, _columns("intent", "number"))


_IS_MONITOR = _MONITOR.c.id == bindparam("monitor_id")
_IS_PENDING = (_ALERT.c.id == bindparam("alert_id"), _ALERT.c.delivered_at.is_(None))
_KEPT_LEVELS = func.json_each(bindparam("kept", type_=JSON)).table_valued("value")

WRITES: Mapping[str, Write] = {
    "INSERT_MONITOR": _insert("monitor"),
    "UPDATE_MONITOR": Write(
        update(_MONITOR).where(_IS_MONITOR, _MONITOR.c.version == bindparam("read_version")),
        _columns("monitor", "id", "account", "symbol", "side", "wakes", *_WATCHED),
    ),
    "UPDATE_WATCH": Write(update(_MONITOR).where(_IS_MONITOR), _WATCHED),
    "NOTE_WAIT": Write(update(_MONITOR).where(_IS_MONITOR), ("waits_until", "waits_for")),
    "COUNT_WAKE": Write(update(_MONITOR).where(*_IS_KEY).values(wakes=text("wakes + 1"))),
    "DROP_ORDERS": Write(
        delete(_ORDER).where(
            _ORDER.c.monitor_id == bindparam("monitor_id"), _ORDER.c.cycle == bindparam("cycle")
        )
    ),
    "INSERT_ORDERS": Write(insert(_ORDER)),
    "SAVE_ORDERS": Write(_upsert("level_order", "monitor_id", "cycle", "order_link_id")),
    "DROP_LEVELS": Write(
        delete(_LEVEL).where(
            _LEVEL.c.monitor_id == bindparam("monitor_id"),
            _LEVEL.c.number.not_in(select(_KEPT_LEVELS.c.value)),
        )
    ),
    "KEEP_TARGETS": Write(_upsert("level", "monitor_id", "number", kept=("target_quantity",))),
    "SET_TARGETS": Write(_upsert("level", "monitor_id", "number")),
    "SAVE_INTENTS": _save_intents(),
    "SAVE_KEY": Write(_upsert("account_key", "fingerprint")),
    "SAVE_SWEEP": Write(_upsert("account_sweep", "account")),
    "INSERT_TRANSITIONS": _insert("transition"),
    "INSERT_CALLS": _insert("exchange_call"),
    "INSERT_DECISIONS": _insert("decision"),
    "INSERT_ALERT": _insert("alert"),
    "DELIVERED": Write(
        update(_ALERT)
        .where(*_IS_PENDING)
        .values(attempts=text("attempts + 1"), delivered_at=bindparam("delivered"))
    ),
    "FAILED": Write(update(_ALERT).where(*_IS_PENDING).values(attempts=text("attempts + 1"))),
}
