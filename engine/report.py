"""What a run came to, for the caller."""

from dataclasses import dataclass
from decimal import Decimal

from ..domain.alert import Alert
from ..domain.alert_text import LevelResult
from ..domain.identity import MonitorKey
from ..domain.journal import Decision, ExchangeCall, Transition
from ..domain.record import MonitorRecord, RunOutcome


@dataclass(frozen=True, slots=True)
class RunReport:
    """One run of one monitor.

    Attributes:
        results: what changed, by level; empty where nothing had to.
        alert: what the outbox got; None where nothing happened.
        record: the monitor after the run.
    """

    run_id: str
    outcome: RunOutcome
    record: MonitorRecord
    results: tuple[LevelResult, ...]
    transitions: tuple[Transition, ...]
    calls: tuple[ExchangeCall, ...]
    decisions: tuple[Decision, ...]
    alert: Alert | None

    @property
    def key(self) -> MonitorKey:
        """The monitor."""
        return self.record.key

    @property
    def is_true(self) -> bool:
        """Whether the ladder is known to equal what the position asks for."""
        return self.outcome in (RunOutcome.IN_SYNC, RunOutcome.SUCCESS)

    @property
    def writes(self) -> int:
        """How many orders the run asked the exchange to place, amend or cancel."""
        return sum(call.operation in ("place", "amend", "cancel") for call in self.calls)

    @property
    def covered(self) -> Decimal:
        """Quantity that owned orders cover."""
        return self.record.covered
