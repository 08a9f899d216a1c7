"""An intent and its row, both ways."""

from collections.abc import Iterable

from ...domain.model.commands import Operation
from ...domain.model.intent import Intent, IntentStatus
from .monitor_rows import Row, Values, microseconds, moment_of


def intent_rows(monitor_id: int, intents: Iterable[Intent]) -> list[Values]:
    """The rows of the monitor's intents."""
    return [
        {
            "id": intent.id,
            "monitor_id": monitor_id,
            "run_id": intent.run_id,
            "operation": intent.operation.value,
            "level": intent.level,
            "part": intent.part,
            "order_link_id": intent.order_link_id,
            "order_id": intent.order_id,
            "price": intent.price,
            "quantity": intent.quantity,
            "covered": intent.covered,
            "covers": intent.covers,
            "generation": intent.generation,
            "again": intent.again,
            "status": intent.status.value,
            "code": intent.code,
            "detail": intent.detail,
            "created_at": intent.created_at,
            "resolved_at": intent.resolved_at,
            "price_before": intent.price_before,
            "quantity_before": intent.quantity_before,
            "until": intent.until,
            "announced_us": microseconds(intent.announced),
        }
        for intent in intents
    ]


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
        price_before=row.price_before,
        quantity_before=row.quantity_before,
        until=row.until,
        announced=moment_of(row.announced_us),
    )
