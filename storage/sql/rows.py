"""The rows that the domain's values make."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, localcontext
from typing import Any

from ...domain.account_status import AccountStatus
from ...domain.alert import Alert
from ...domain.instrument import ZERO
from ...domain.intent import Intent
from ...domain.journal import Decision, ExchangeCall, Transition
from ...domain.ladder import HUNDRED
from ...domain.record import (
    MonitorRecord,
    OwnedOrder,
    OwnedStatus,
)

Values = dict[str, Any]

# A crumb of a position under a large order is a percentage of many digits.
_WIDE = Context(prec=100)


def coverage(record: MonitorRecord) -> Decimal | None:
    """Percentage of the position that is covered, to 2 decimals; None where it is flat.

    It is rounded away from 100: only a whole cover shows as 100. It refuses no number: that is
    the columns' part.
    """
    size, covered = record.position_size, record.covered
    if not size or not (size.is_finite() and covered.is_finite()):
        return None
    rounding = ROUND_FLOOR if covered < size else ROUND_CEILING
    with localcontext(_WIDE):
        return (HUNDRED * covered / size).quantize(Decimal("0.01"), rounding)


COMMITTED = (
    "ladder_source",
    "state",
    "version",
    "cycle",
    "position_size",
    "entry_price",
    "covered_quantity",
    "coverage_pct",
    "last_outcome",
    "last_run_id",
    "last_run_at",
    "attempts",
    "next_try_at",
    "recovered_at",
)
"""What a commit writes of a monitor: neither its key, role and source, nor its wakes."""


def monitor_values(record: MonitorRecord) -> Values:
    """What a commit writes of the monitor: neither key, role, source and wakes, nor version."""
    return {
        "ladder_source": record.ladder_source,
        "state": record.state.value,
        "cycle": record.cycle,
        "position_size": record.position_size,
        "entry_price": record.entry_price,
        "covered_quantity": record.covered,
        "coverage_pct": coverage(record),
        "last_outcome": record.last_outcome and record.last_outcome.value,
        "last_run_id": record.last_run_id,
        "last_run_at": record.last_run_at,
        "attempts": record.attempts,
        "next_try_at": record.next_try_at,
        "recovered_at": record.recovered_at,
    }


def level_values(record: MonitorRecord, targets: Mapping[int, Decimal] | None) -> list[Values]:
    """The rows of the ladder's levels; no level has a target where ``targets`` is None."""
    rows: list[Values] = []
    for level in record.ladder.levels if record.ladder else ():
        own = [order for order in record.orders if order.level == level.number]
        rows.append(
            {
                "monitor_id": record.id,
                "number": level.number,
                "price": level.price,
                "share": level.share,
                "target_quantity": None if targets is None else targets.get(level.number),
                "live_quantity": sum((order.remaining for order in own), ZERO),
                "filled_quantity": sum((order.filled for order in own), ZERO),
                "status": _level_status(own),
            }
        )
    return rows


def order_values(record: MonitorRecord) -> list[Values]:
    """The rows of the monitor's orders, in their sequence."""
    return [
        {
            "monitor_id": record.id,
            "cycle": record.cycle,
            "order_link_id": order.order_link_id,
            "sequence": sequence,
            "level": order.level,
            "part": order.part,
            "order_id": order.order_id,
            "price": order.price,
            "asked_price": order.asked_price,
            "quantity": order.quantity,
            "filled": order.filled,
            "status": order.status.value,
            "origin": order.origin.value,
            "generation": order.generation,
            "updated_ms": order.updated_ms,
        }
        for sequence, order in enumerate(record.orders)
    ]


def intent_values(monitor_id: int, intents: Iterable[Intent]) -> list[Values]:
    """The rows of the intents."""
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
        }
        for intent in intents
    ]


def transition_values(monitor_id: int, transitions: Iterable[Transition]) -> list[Values]:
    """The rows of the transitions."""
    return [
        {
            "monitor_id": monitor_id,
            "run_id": one.run_id,
            "source": one.source.value,
            "event": one.event,
            "target": one.target.value,
            "at": one.at,
            "detail": one.detail,
        }
        for one in transitions
    ]


def call_values(monitor_id: int, calls: Iterable[ExchangeCall]) -> list[Values]:
    """The rows of the exchange calls."""
    return [
        {
            "monitor_id": monitor_id,
            "run_id": call.run_id,
            "operation": call.operation,
            "order_link_id": call.order_link_id,
            "outcome": call.outcome,
            "code": call.code,
            "latency_ms": call.latency_ms,
            "at": call.at,
            "detail": call.detail,
        }
        for call in calls
    ]


def decision_values(monitor_id: int, decisions: Iterable[Decision]) -> list[Values]:
    """The rows of the decisions."""
    return [
        {
            "monitor_id": monitor_id,
            "run_id": one.run_id,
            "state": one.state.value,
            "text": one.text,
            "at": one.at,
        }
        for one in decisions
    ]


def alert_values(monitor_id: int, alert: Alert) -> Values:
    """The outbox's row of a new alert."""
    return {
        "monitor_id": monitor_id,
        "run_id": alert.run_id,
        "status": alert.status.value,
        "text": alert.text,
        "created_at": alert.created_at,
        "delivered_at": None,
        "attempts": 0,
    }


def _level_status(own: Iterable[OwnedOrder]) -> str:
    """``live``, ``sent``, ``filled`` where none of its orders may rest, or else ``none``."""
    statuses = {order.status for order in own}
    for status in (OwnedStatus.LIVE, OwnedStatus.SENT, OwnedStatus.FILLED):
        if status in statuses:
            return status.value
    return "none"


def sweep_values(status: AccountStatus) -> Values:
    """The row of an account's last sweep."""
    return {
        "account": status.account,
        "swept_at": status.swept_at,
        "monitors": status.monitors,
        "drifted": status.drifted,
        "view_state": status.view.value,
        "reason": status.reason,
        "clock_offset_ms": status.clock_offset_ms,
    }
