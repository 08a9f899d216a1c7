"""What a run would do: the machine's first states, in memory; no write is sent, nothing stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from ...domain.copies import replace
from ...domain.flow import Flow
from ...domain.model.instrument import ZERO, plain
from ...domain.model.intent import Intent
from ...domain.model.ladder import level_name
from ...domain.model.order import Position
from ...domain.model.protection import StopIntent
from ...domain.model.record import MonitorRecord, StateName
from ...domain.planning.plan import Plan
from ...domain.planning.targets import Target, Targets
from ...domain.ports import Randomness
from ...states.closing.sending import announced_close
from ...states.dispatch import work_of
from ...states.machine import Machine
from ...states.ports import Ports
from ...states.protection.cancelling import announced_entries
from ...states.protection.sending import announced_stop
from ...states.work.findings import Findings, Refusals, Result
from ...states.work.run import Run
from ...states.work.settings import RunSettings

_READ_ONLY = (StateName.IDLE, StateName.VALIDATING, StateName.RECOVERING)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a run would do.

    Attributes:
        record: the monitor as the run would have it at this point; it is not stored.
        event: the event that ends the preview: ``settled``, ``short``, ``drifted``, ``closed``,
            ``blind`` or ``unrecoverable``.
        detail: why the run would take this event.
        plan: the actions; None where no plan could be made.
        targets: the orders that the ladder asks for; None where they are unknown.
        decisions: what the run would log: what it saw and decided.
        size_known: whether the position was read; else the record has the size last known.
        beside: the quantities of external reduce-only orders that close the position too.
        stopped: why a run would send nothing of it now: somebody has paused or halted the monitor;
            empty if nobody has.
        stop: the request that would set the position's stop first; None where none would leave.
        entries: the cancels of entries that the user has named.
        close: the request that would close a part of the position, or all of it, before anything
            else is planned; None where none would leave.
        mark_price: by the last read of the exchange; 0 where it showed none.
    """

    record: MonitorRecord
    event: str
    detail: str
    plan: Plan | None
    targets: Targets | None
    decisions: tuple[str, ...]
    size_known: bool
    beside: tuple[Decimal, ...] = ()
    stopped: str = ""
    stop: StopIntent | None = None
    close: Intent | None = None
    entries: tuple[Intent, ...] = ()
    mark_price: Decimal = ZERO

    @property
    def at_once(self) -> tuple[str, ...]:
        """The orders that would fill at once, as the market has passed their prices."""
        record, mark = self.record, self.mark_price
        position = Position(
            record.key.symbol, record.key.side, record.position_size, record.entry_price, mark
        )
        passed = (one for one in self._new if position.has_passed(one.price))
        return tuple(
            f"TP{one.level} at {plain(one.price)} would fill at once: the market has passed it "
            f"(mark price {plain(mark)})"
            for one in passed
        )

    @property
    def adjusted(self) -> tuple[str, ...]:
        """How the ladder was adjusted, and which of its levels get no order, for people."""
        targets, ladder = self.targets, self.record.ladder
        if targets is None:
            return ()
        named = {one.level for one in targets.orders} | {one.level for one in targets.withheld}
        without = (
            f"TP{level.number} gets no order: {plain(level.share)} % of "
            f"{plain(self.record.position_size)} is less than the quantity step"
            for level in (ladder.levels if ladder and targets.orders else ())
            if level.number not in named
            and not self.record.is_done(level.number)
            and not any(note.startswith(_names_of(level.number)) for note in targets.notes)
        )
        return (*targets.notes, *without)

    @property
    def _new(self) -> Iterable[Target]:
        """The orders that would be placed, or moved to another price."""
        if self.plan is None:
            return ()
        moved = (one.target for one in self.plan.amends if one.price is not None)
        return (*moved, *(place.target for place in self.plan.places))

    @property
    def actions(self) -> tuple[str, ...]:
        """The actions in the order in which they would be sent, one line each."""
        plan = _lines(self.plan) if self.plan else ()
        entries = (f"cancel the entry {one.order_link_id}" for one in self.entries)
        return (*_close_lines(self.close), *_stop_lines(self.stop), *entries, *plan)


def preview(record: MonitorRecord, ports: Ports, settings: RunSettings) -> Flow[Preview]:
    """Runs the states that only read, and stops before the first write.

    Args:
        record: the monitor.
        ports: what the states read from.
        settings: the time limits and rules.
    """
    randomness: Randomness = ports.randomness
    machine = Machine(StateName.IDLE)
    run = Run(
        id=randomness.run_id(),
        record=record,
        ports=ports,
        settings=settings,
        before=record,
    )
    result = yield from work_of(machine.state, run, Result("", "", Findings().at_first(record)))
    stop: StopIntent | None = None
    cancelled: tuple[Intent, ...] = ()
    while True:
        state = machine.send(result.event)
        if stop is None and (stop := announced_stop(run, result.found)) is not None:
            # The ladder is planned by a read after it, as if it were set.
            machine, set_ = Machine(StateName.VALIDATING), Refusals(stops=frozenset({stop.asked}))
            found = replace(result.found, sets_stop="").refused(set_)
            result = yield from work_of(machine.state, run, replace(result, found=found))
            continue
        if entries := announced_entries(run, result.found):
            # The ladder is planned as if they were gone.
            machine, ids = Machine(StateName.VALIDATING), {one.order_id for one in entries}
            found = replace(result.found, entries=frozenset(), tried=result.found.tried | ids)
            cancelled += entries
            result = yield from work_of(machine.state, run, replace(result, found=found))
            continue
        if announced_close(run, result.found) is not None:
            break  # What else is to do is planned by a read after it.
        if state not in _READ_ONLY or state is StateName.IDLE:
            break
        result = yield from work_of(state, run, result)
    if stop is not None:
        event = "short" if result.event == "settled" else result.event
        detail = f"set the stop to {stop.asked}; {result.detail}"
        result = replace(result, event=event, detail=detail)
    if cancelled:
        event = "drifted" if result.event == "settled" else result.event
        detail = f"entries to cancel: {len(cancelled)}; {result.detail}"
        result = replace(result, event=event, detail=detail)
    decisions = tuple(decision.text for decision in run.decisions)
    found = result.found
    return Preview(
        run.record,
        result.event,
        result.detail,
        found.plan,
        found.targets,
        decisions,
        found.size_known,
        found.beside,
        stop=stop,
        close=announced_close(run, found),
        entries=cancelled,
        mark_price=found.mark_price,
    )


def _names_of(level: int) -> tuple[str, str]:
    """How notes on the targets begin that are about a level."""
    return (f"TP{level}'s ", f"TP{level} ")


def _close_lines(close: Intent | None) -> Iterable[str]:
    if close is None or close.quantity is None:
        return ()
    return (f"close {plain(close.quantity)} of {plain(close.covered)} at the market",)


def _stop_lines(stop: StopIntent | None) -> Iterable[str]:
    return () if stop is None else (f"set the stop {stop.before} → {stop.asked}: {stop.rule}",)


def _lines(plan: Plan) -> Iterable[str]:
    for cancel in plan.cancels:
        order = cancel.order
        name = level_name(order.level, order.order_link_id)
        yield f"cancel {name} {plain(order.remaining)} at {plain(order.price)}"
    for amend in plan.amends:
        was, target = amend.order, amend.target
        yield (
            f"amend TP{target.level} {plain(was.remaining)}→{plain(target.quantity)} "
            f"at {plain(target.price)}"
        )
    for place in plan.places:
        target = place.target
        yield f"place TP{target.level} {plain(target.quantity)} at {plain(target.price)}"
    for level in plan.deferred:
        yield f"then replace TP{level}"
