"""The domain's values, from the rows that hold them."""

from collections.abc import Iterable

from ...domain.alert import Alert, PendingAlert
from ...domain.commands import Operation
from ...domain.identity import MonitorKey, Role, Side
from ...domain.intent import Intent, IntentStatus
from ...domain.ladder import Ladder, Level
from ...domain.record import (
    MonitorRecord,
    Origin,
    OwnedOrder,
    OwnedStatus,
    RunOutcome,
    Source,
    StateName,
)
from ..sqlite.prepared import Row


def record_of(row: Row, levels: Iterable[Row], orders: Iterable[Row]) -> MonitorRecord:
    """The monitor of its row, its levels' rows and its orders' rows, both in sequence."""
    ladder = tuple(Level(level.number, level.price, level.share) for level in levels)
    return MonitorRecord(
        id=row.id,
        key=MonitorKey(row.account, row.symbol, Side(row.side)),
        role=Role(row.role),
        follows=row.follows,
        ladder=Ladder(ladder) if ladder else None,
        ladder_source=row.ladder_source,
        state=StateName(row.state),
        version=row.version,
        cycle=row.cycle,
        position_size=row.position_size,
        entry_price=row.entry_price,
        orders=tuple(_order_of(order) for order in orders),
        last_outcome=None if row.last_outcome is None else RunOutcome(row.last_outcome),
        last_run_id=row.last_run_id,
        last_run_at=row.last_run_at,
        attempts=row.attempts,
        next_try_at=row.next_try_at,
        recovered_at=row.recovered_at,
        wakes=row.wakes,
        source=Source(row.source),
    )


def intent_of(row: Row) -> Intent:
    """The intent of its row."""
    return Intent(
        id=row.id,
        run_id=row.run_id,
        operation=Operation(row.operation),
        level=row.level,
        part=row.part,
        order_link_id=row.order_link_id,
        order_id=row.order_id,
        price=row.price,
        quantity=row.quantity,
        created_at=row.created_at,
        covered=row.covered,
        covers=row.covers,
        generation=row.generation,
        again=row.again,
        status=IntentStatus(row.status),
        code=row.code,
        detail=row.detail,
        resolved_at=row.resolved_at,
    )


def pending_alert_of(row: Row) -> PendingAlert:
    """The alert of its row, joined with its monitor's key."""
    key = MonitorKey(row.account, row.symbol, Side(row.side))
    alert = Alert(row.run_id, key, RunOutcome(row.status), row.text, row.created_at)
    return PendingAlert(row.id, alert, row.attempts)


def _order_of(row: Row) -> OwnedOrder:
    return OwnedOrder(
        level=row.level,
        part=row.part,
        order_link_id=row.order_link_id,
        order_id=row.order_id,
        price=row.price,
        asked_price=row.asked_price,
        quantity=row.quantity,
        filled=row.filled,
        status=OwnedStatus(row.status),
        origin=Origin(row.origin),
        generation=row.generation,
        updated_ms=row.updated_ms,
    )
