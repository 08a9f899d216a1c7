"""The writes, as statements over the tables."""

from sqlalchemy import JSON, bindparam, delete, func, insert, select, text, update
from sqlalchemy.dialects import sqlite

from ..sqlite.prepared import Prepared
from ..sqlite.reading import IS_KEY
from .rows import COMMITTED
from .tables import metadata

_MONITOR = metadata.tables["monitor"]
_LEVEL = metadata.tables["level"]
_ORDER = metadata.tables["level_order"]
_INTENT = metadata.tables["intent"]
_ALERT = metadata.tables["alert"]


def _insert(name: str) -> Prepared:
    """The insert into a table that numbers its rows itself."""
    table = metadata.tables[name]
    return Prepared(insert(table), (column.name for column in table.c if column.name != "id"))


def _upsert(name: str, *key: str) -> Prepared:
    """The insert into a table that writes over the row of that key."""
    table = metadata.tables[name]
    made = sqlite.insert(table)
    changed = {c.name: made.excluded[c.name] for c in table.c if c.name not in key}
    return Prepared(made.on_conflict_do_update(index_elements=list(key), set_=changed))


INSERT_MONITOR = _insert("monitor")
UPDATE_MONITOR = Prepared(
    update(_MONITOR).where(
        _MONITOR.c.id == bindparam("monitor_id"), _MONITOR.c.version == bindparam("read_version")
    ),
    COMMITTED,
)
UPDATE_WATCH = Prepared(
    update(_MONITOR).where(_MONITOR.c.id == bindparam("monitor_id")), ("role", "follows", "source")
)
COUNT_WAKE = Prepared(update(_MONITOR).where(*IS_KEY).values(wakes=text("wakes + 1")))
DROP_ORDERS = Prepared(
    delete(_ORDER).where(
        _ORDER.c.monitor_id == bindparam("monitor_id"), _ORDER.c.cycle == bindparam("cycle")
    )
)
INSERT_ORDERS = Prepared(insert(_ORDER))
SAVE_ORDERS = _upsert("level_order", "monitor_id", "cycle", "order_link_id")
DROP_LEVELS = Prepared(
    delete(_LEVEL).where(
        _LEVEL.c.monitor_id == bindparam("monitor_id"),
        _LEVEL.c.number.not_in(
            select(func.json_each(bindparam("kept", type_=JSON)).table_valued("value").c.value)
        ),
    )
)
_INSERT_LEVELS = sqlite.insert(_LEVEL)
_COMPUTED = {
    name: _INSERT_LEVELS.excluded[name]
    for name in ("price", "share", "live_quantity", "filled_quantity", "status")
}
KEEP_TARGETS = Prepared(
    _INSERT_LEVELS.on_conflict_do_update(index_elements=["monitor_id", "number"], set_=_COMPUTED)
)
SET_TARGETS = Prepared(
    _INSERT_LEVELS.on_conflict_do_update(
        index_elements=["monitor_id", "number"],
        set_={**_COMPUTED, "target_quantity": _INSERT_LEVELS.excluded.target_quantity},
    )
)
_INSERT_INTENTS = sqlite.insert(_INTENT)
SAVE_INTENTS = Prepared(
    _INSERT_INTENTS.on_conflict_do_update(
        index_elements=["id"],
        set_={
            column.name: _INSERT_INTENTS.excluded[column.name]
            for column in _INTENT.c
            if column.name not in ("number", "id", "monitor_id")
        },
        where=_INTENT.c.monitor_id == _INSERT_INTENTS.excluded.monitor_id,
    ),
    (column.name for column in _INTENT.c if column.name != "number"),
)
SAVE_SWEEP = _upsert("account_sweep", "account")
INSERT_TRANSITIONS = _insert("transition")
INSERT_CALLS = _insert("exchange_call")
INSERT_DECISIONS = _insert("decision")
INSERT_ALERT = _insert("alert")
DELIVERED = Prepared(
    update(_ALERT)
    .where(_ALERT.c.id == bindparam("alert_id"), _ALERT.c.delivered_at.is_(None))
    .values(attempts=text("attempts + 1"), delivered_at=bindparam("delivered"))
)
FAILED = Prepared(
    update(_ALERT)
    .where(_ALERT.c.id == bindparam("alert_id"), _ALERT.c.delivered_at.is_(None))
    .values(attempts=text("attempts + 1"))
)
