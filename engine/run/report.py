"""The report of a run, for the caller."""

from dataclasses import dataclass
from decimal import Decimal

from ...domain.model.alert import Alert
from ...domain.model.identity import MonitorKey
from ...domain.model.journal import Decision, ExchangeCall, Transition
from ...domain.model.record import MonitorRecord, RunOutcome
from ...domain.reporting.alert_text import LevelResult


@dataclass(frozen=True, slots=True)
class StepReport:
    """One committed step: what a state decided, what it asked the exchange, where that led."""

    transition: Transition
    decisions: tuple[Decision, ...]
    calls: tuple[ExchangeCall, ...]


@dataclass(frozen=True, slots=True)
class RunReport:
    """One run of one monitor.

    Attributes:
        steps: the journal, step by step.
        results: what changed, by level, in every run of the pass: a wake during one starts
            another. Empty where nothing had to.
        alert: what the outbox got; None where nothing happened.
        record: the monitor after the run.
    """

    run_id: str
    outcome: RunOutcome
    record: MonitorRecord
    results: tuple[LevelResult, ...]
    steps: tuple[StepReport, ...]
    alert: Alert | None

    @property
    def key(self) -> MonitorKey:
        """The monitor."""
        return self.record.key

    @property
    def transitions(self) -> tuple[Transition, ...]:
        """Every transition of the run."""
        return tuple(step.transition for step in self.steps)

    @property
    def calls(self) -> tuple[ExchangeCall, ...]:
        """Every request to the exchange, or item of a batch, with its answer."""
        return tuple(call for step in self.steps for call in step.calls)

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Every decision of the run."""
        return tuple(decision for step in self.steps for decision in step.decisions)

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
