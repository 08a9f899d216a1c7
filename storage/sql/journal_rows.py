"""The rows of the journal and the outbox, and an account's last sweep.

Only alerts are read back by the store; the rest is for people, who read it in the views.
"""

from collections.abc import Iterable

from ...domain.model.alert import Alert, PendingAlert
from ...domain.model.identity import MonitorKey, Side
from ...domain.model.journal import Decision, ExchangeCall, Transition
from ...domain.model.record import RunOutcome
from ...domain.reporting.account_status import AccountStatus
from .monitor_rows import Row, Values


def transition_rows(monitor_id: int, transitions: Iterable[Transition]) -> list[Values]:
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


def call_rows(monitor_id: int, calls: Iterable[ExchangeCall]) -> list[Values]:
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


def decision_rows(monitor_id: int, decisions: Iterable[Decision]) -> list[Values]:
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


def alert_row(monitor_id: int, alert: Alert) -> Values:
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


def pending_alert_of(row: Row) -> PendingAlert:
    """The alert of its row, joined with its monitor's key."""
    key = MonitorKey(row.account, row.symbol, Side(row.side))
    alert = Alert(row.run_id, key, RunOutcome(row.status), row.text, row.created_at)
    return PendingAlert(row.id, alert, row.attempts)


def sweep_row(status: AccountStatus) -> Values:
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
