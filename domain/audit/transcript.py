"""A run as lines of text: what it did, what it decided and sent, and what came of that.

The same run has the same lines, whoever renders it and when: they hold no times and no latencies.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ..model.alert import Alert
from ..model.events import Event, LevelFilled, Trade, Uncovered
from ..model.instrument import plain
from ..model.intent import Intent
from ..model.journal import Decision, ExchangeCall, Transition
from ..model.protection import StopIntent
from ..model.stop_events import Unprotected
from ..reporting.event_lines import event_line
from ..store import Step

_STATE = 11
_OPERATION, _WRITE, _LINK = 8, 6, 36
_INDENT = "  "


@dataclass(frozen=True, slots=True)
class Transcript:
    """What is on record of one run, each list in the order in which it was written.

    Attributes:
        intents: each as the run left it.
        stops: requests that set the position's stop, likewise.
        alert: None if the run wrote none.
    """

    run_id: str
    transitions: tuple[Transition, ...] = ()
    decisions: tuple[Decision, ...] = ()
    calls: tuple[ExchangeCall, ...] = ()
    intents: tuple[Intent, ...] = ()
    events: tuple[Event, ...] = ()
    alert: Alert | None = None
    stops: tuple[StopIntent, ...] = ()

    @classmethod
    def of(cls, run_id: str, steps: Iterable[Step]) -> "Transcript":
        """The transcript of a run that committed these steps."""
        steps = tuple(steps)
        intents = {intent.id: intent for step in steps for intent in step.intents}
        stops = {stop.id: stop for step in steps for stop in step.stops}
        alerts = [step.alert for step in steps if step.alert is not None]
        return cls(
            run_id=run_id,
            transitions=tuple(one for step in steps for one in step.transitions),
            decisions=tuple(one for step in steps for one in step.decisions),
            calls=tuple(one for step in steps for one in step.calls),
            intents=tuple(intents.values()),
            events=tuple(one for step in steps for one in step.events),
            alert=alerts[-1] if alerts else None,
            stops=tuple(stops.values()),
        )


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a transcript: a title, and a line for each entry."""

    title: str
    lines: tuple[str, ...]


def sections(run: Transcript) -> tuple[Section, ...]:
    """The parts of a transcript, in their order; those without an entry too."""
    alert = run.alert
    return (
        Section("steps", tuple(map(step_line, run.transitions))),
        Section("decisions", tuple(map(decision_line, run.decisions))),
        Section("calls", tuple(map(call_line, run.calls))),
        Section("intents", tuple(map(intent_line, run.intents))),
        Section("stops", tuple(map(stop_line, run.stops))),
        Section("events", tuple(map(event_text, run.events))),
        Section(
            "alert",
            () if alert is None else (alert.status.value, *alert.text.splitlines()),
        ),
    )


def rendered(run: Transcript) -> tuple[str, ...]:
    """The whole transcript: its head, and each part that has an entry."""
    lines = [f"══ {run.run_id}"]
    for part in sections(run):
        if part.lines:
            lines += [part.title, *(f"{_INDENT}{line}" for line in part.lines)]
    return tuple(lines)


def step_line(step: Transition) -> str:
    """``Validating ──short──▶ Placing  (amend 4, place 0)``."""
    return f"{step.source.value} ──{step.event}──▶ {step.target.value}{_aside(step.detail)}"


def decision_line(decision: Decision) -> str:
    """The state, and what it decided."""
    return f"{decision.state.value:<{_STATE}} {decision.text}"


def call_line(call: ExchangeCall) -> str:
    """The request, its order, and what the exchange answered."""
    code = "" if call.code is None else f" {call.code}"
    link = call.order_link_id or "-"
    asked = f"{call.operation:<{_OPERATION}} {link:<{_LINK}}"
    return f"{asked} {call.outcome}{code}{_aside(call.detail)}"


def intent_line(intent: Intent) -> str:
    """The write, its order, how it ended and what it asked for."""
    quantity = "" if intent.quantity is None else f" to {plain(intent.quantity)}"
    price = "" if intent.price is None else f" at {plain(intent.price)}"
    level = f"TP{intent.level}" if intent.operation.serves_a_level else "   "
    return (
        f"{intent.operation.value:<{_WRITE}} {level} {intent.order_link_id:<{_LINK}} "
        f"{intent.status.value}{quantity}{price}{_aside(intent.detail)}"
    )


def stop_line(intent: StopIntent) -> str:
    """Where the stop was, where the request sets it, how it ended, and by which rule."""
    code = f" {intent.code}" if intent.code else ""
    detail = f": {intent.detail}" if intent.detail else ""
    change = f"{intent.before} → {intent.asked}"
    return f"{change} {intent.status.value}{code}{detail}{_aside(intent.rule)}"


def event_text(event: Event) -> str:
    """What happened, as alerts say it, and what it is made of."""
    trades: tuple[Trade, ...] = getattr(event, "executions", ())
    parts = [f"{plain(trade.quantity)} in {trade.execution_id}" for trade in trades]
    if isinstance(event, LevelFilled):
        parts.insert(0, event.order_link_id)
    if isinstance(event, Uncovered | Unprotected):
        parts.append(event.why)
    return event_line(event) + _aside(", ".join(filter(None, parts)))


def _aside(text: str) -> str:
    return f"  ({text})" if text else ""
