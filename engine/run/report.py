"""The report of a run, for the caller."""

from dataclasses import dataclass
from decimal import Decimal

from ...domain.model.alert import Alert
from ...domain.model.commands import Operation
from ...domain.model.events import Event
from ...domain.model.identity import MonitorKey
from ...domain.model.journal import Decision, ExchangeCall, Transition
from ...domain.model.record import MonitorRecord, RunOutcome
from ...domain.reporting.alert_text import LevelResult

_WRITES = frozenset({*Operation, "set_stop"})


@dataclass(frozen=True, slots=True)
class StepReport:
    """One step of the machine: the transition, and the decisions and exchange calls behind it."""

    transition: Transition
    decisions: tuple[Decision, ...]
    calls: tuple[ExchangeCall, ...]


@dataclass(frozen=True, slots=True)
class RunReport:
    """The report of one pass of one monitor; a wake during a run makes the pass run again.

    Attributes:
        run_id: the id of the last run.
        outcome: how that run ended.
        record: the monitor after the pass.
        results: what changed, by level, in all runs of the pass; empty if nothing did.
        steps: the journal, step by step.
        alert: the last alert that the pass wrote to the outbox; None if it wrote none.
        events: what happened since the last report, whichever run saw it: fills, a position that
            was closed or reduced, cover that was lost or is whole again, another ladder.
    """

    run_id: str
    outcome: RunOutcome
    record: MonitorRecord
    results: tuple[LevelResult, ...]
    steps: tuple[StepReport, ...]
    alert: Alert | None
    events: tuple[Event, ...] = ()

    @property
    def key(self) -> MonitorKey:
        """The monitor."""
        return self.record.key

    @property
    def transitions(self) -> tuple[Transition, ...]:
        """Every transition of the pass."""
        return tuple(step.transition for step in self.steps)

    @property
    def calls(self) -> tuple[ExchangeCall, ...]:
        """Every call of the exchange with its outcome; each order of a batch is a call."""
        return tuple(call for step in self.steps for call in step.calls)

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Every decision of the pass."""
        return tuple(decision for step in self.steps for decision in step.decisions)

    @property
    def is_broken(self) -> bool:
        """Whether an unexpected exception ended the pass; the log has its traceback."""
        return any(transition.event == "broke" for transition in self.transitions[-2:])

    @property
    def is_true(self) -> bool:
        """Whether the resting orders are known to equal the ladder."""
        return self.outcome in (RunOutcome.IN_SYNC, RunOutcome.SUCCESS)

    @property
    def writes(self) -> int:
        """How many requests to place, amend or cancel an order, set the stop or close were sent."""
        return sum(call.operation in _WRITES for call in self.calls)

    @property
    def covered(self) -> Decimal:
        """The quantity that owned orders cover, and what the trailing stop covers as the runner."""
        return self.record.covered_with_runner
