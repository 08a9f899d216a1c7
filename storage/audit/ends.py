"""The end of an order of one level, with what was around it."""

from ...domain.audit.on_record import OrderEnd
from ...domain.model.commands import Operation
from ...domain.model.errors import ConfigurationError
from ...domain.model.events import EventKind, LevelFilled
from ...domain.model.identity import MonitorKey
from ...domain.model.record import OwnedStatus
from ..shared.reader import SqlReader
from ..sql.columns import decimal
from .delisting import delisted_since
from .levels import events_of
from .rows import OF_MONITOR, Moment, moment, of
from .run_reading import monitor_id
from .values import LogRow, at_of, event_in, intent_in

_ENDED = (OwnedStatus.FILLED.value, OwnedStatus.CANCELLED.value, OwnedStatus.REJECTED.value)
_MOST = 1000
_POSITION = (
    EventKind.POSITION_CLOSED,
    EventKind.POSITION_FLIPPED,
    EventKind.POSITION_REDUCED,
)
_SHORT = 8
"""How much of an order's id the journal has in its lines."""


def read_end(reader: SqlReader, key: MonitorKey, number: int) -> OrderEnd:
    """The last order of a level that has ended; the one that rests where none has.

    Args:
        reader: the database.
        key: of the monitor.
        number: of the level.

    Raises:
        ConfigurationError: there is no such monitor, or no order of that level is on record.
        StoreError: the database cannot be read.
    """
    with moment(reader) as now:
        monitor_id(now, key)
        written = now.rows(
            "intent_log",
            f"{OF_MONITOR} AND level = :level ORDER BY settled_in, number",
            **of(key),
            level=number,
        )
        row = _last(now, key, number, {str(each["order_link_id"]) for each in written})
        link_id = str(row["order_link_id"])
        intents = [intent_in(each) for each in written]
        own = [each for each in intents if each.order_link_id == link_id]
        later = intents[intents.index(own[-1]) + 1 :] if own else []
        fills = events_of(now, key, EventKind.LEVEL_FILLED, "TRUE", most=_MOST)
        seen = _seen(now, key, str(row["order_id"] or link_id))
        run_id = str(seen["run_id"]) if seen else (own[-1].run_id if own else "")
        return OrderEnd(
            key=key,
            level=number,
            order_link_id=link_id,
            order_id=str(row["order_id"]),
            price=decimal(str(row["price"])),
            quantity=decimal(str(row["quantity"])),
            filled=decimal(str(row["filled"])),
            status=OwnedStatus(str(row["status"])),
            writes=tuple(own),
            fills=tuple(
                each
                for each in fills
                if isinstance(each[2], LevelFilled) and each[2].order_link_id == link_id
            ),
            run_id=run_id,
            seen_at=at_of(seen) if seen else None,
            said=_said(now, run_id, number, str(row["order_id"] or link_id)) if seen else (),
            events=tuple(
                event_in(each)
                for each in now.rows(
                    "event_log", f"{OF_MONITOR} AND run_id = :run", **of(key), run=run_id
                )
                if each["kind"] in _POSITION
            ),
            placed_next=next((o for o in later if o.operation is Operation.PLACE), None),
            delisted=delisted_since(now, key),
            cycle=int(str(row["cycle"])),
            present=_present(now, key),
        )


def _present(now: Moment, key: MonitorKey) -> int:
    """The monitor's present cycle."""
    (row,) = now.rows("monitor_status", OF_MONITOR, **of(key))
    return int(str(row["cycle"]))


def _last(now: Moment, key: MonitorKey, number: int, written: set[str]) -> LogRow:
    """The row of the order: writes of the level name those that stand for none any more."""
    rows = [
        row
        for row in now.rows("order_log", f"{OF_MONITOR} ORDER BY cycle, generation", **of(key))
        if row["level"] == number or str(row["order_link_id"]) in written
    ]
    if not rows:
        raise ConfigurationError(f"{key} has no order of TP{number} on record")
    ended = [row for row in rows if row["status"] in _ENDED]
    return (ended or rows)[-1]


def _seen(now: Moment, key: MonitorKey, order_id: str) -> LogRow | None:
    """The line of the run that saw the order gone; None where none says so."""
    rows = now.rows(
        "decision_log",
        f"{OF_MONITOR} AND text LIKE '🗑️ Removing stale TP order%' AND instr(text, :id) > 0 "
        "ORDER BY id DESC, part DESC LIMIT 1",
        **of(key),
        id=order_id[:_SHORT],
    )
    return rows[0] if rows else None


def _said(now: Moment, run_id: str, number: int, order_id: str) -> tuple[str, ...]:
    """What the run said of the order, and of who else changes orders."""
    rows = now.rows("decision_log", "run_id = :run ORDER BY id, part", run=run_id)
    texts = [str(row["text"]) for row in rows]
    return tuple(
        text
        for text in texts
        if (text.startswith("👥") and f"TP{number}" in text)
        or (text.startswith("🗑️ Removing") and order_id[:_SHORT] in text)
        or "keeps changing" in text
    )
