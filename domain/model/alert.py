"""An alert: a row of the outbox, written in the transaction that ends its run."""

from dataclasses import dataclass
from datetime import datetime

from .identity import MonitorKey
from .record import RunOutcome


@dataclass(frozen=True, slots=True)
class Alert:
    """The message to people about one run; its text states only what was verified."""

    run_id: str
    key: MonitorKey
    status: RunOutcome
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PendingAlert:
    """An alert of the outbox that has not been delivered yet."""

    id: int
    alert: Alert
    attempts: int
