"""An alert: a row of the outbox, written in the transaction that ends its run."""

from dataclasses import dataclass
from datetime import datetime

from .identity import MonitorKey
from .record import RunOutcome


@dataclass(frozen=True, slots=True)
class Alert:
    """What people are told of one run; the text states only what was verified."""

    run_id: str
    key: MonitorKey
    status: RunOutcome
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class PendingAlert:
    """An alert of the outbox that no sink has taken yet."""

    id: int
    alert: Alert
    attempts: int
