"""Steps one run through the machine: does the state's work, sends its event, commits, goes on.

There are three kinds of commit, each one transaction: before requests leave, what the run decided;
before it decides anything further, what became of the requests; and the end of the run with its
alert. A step that only reads or concludes is committed with the next one: a crash could lose
nothing yet, and a fill waits for one commit instead of two. A commit that is fenced off ends the
run at once, because another writer owns the monitor.

An unexpected exception ends the run as FAILED (promise P11). Of what the run knew, only what was
committed is kept, as if the process had died; its journal is kept, too. The next run resolves the
intents that are still open, so it does not matter which requests had left.
"""

from datetime import timedelta
from decimal import Decimal
from functools import partial

from ...domain.copies import replace
from ...domain.flow import Flow, Request, Wait
from ...domain.happenings.happened import first_reported
from ...domain.model.alert import Alert
from ...domain.model.errors import StoreError, Unstorable
from ...domain.model.events import Event
from ...domain.model.intent import Intent
from ...domain.model.journal import Transition
from ...domain.model.record import MonitorRecord, RunOutcome, StateName
from ...domain.ports import Moment
from ...domain.reporting.alert_text import LevelResult, level_results
from ...domain.store import RunStore, Step
from ...states.broken import break_off
from ...states.dispatch import work_of
from ...states.ending.conclusion import alert_of, conclude
from ...states.machine import Machine
from ...states.ports import Ports
from ...states.resumption import restore
from ...states.work.findings import Findings, Result
from ...states.work.run import Run
from ...states.work.settings import RunSettings
from .internal_error import error_id, log_broken_run
from .outage import Outage
from .report import RunReport, StepReport

_WORTH_NOTING = timedelta(seconds=1)
_WRITING = (StateName.CANCELLING, StateName.PLACING)


def run_to_idle(
    store: RunStore,
    outage: Outage,
    record: MonitorRecord,
    ports: Ports,
    settings: RunSettings,
    reason: str,
) -> Flow[RunReport]:
    """Runs the monitor from its state to Idle.

    A monitor whose run a killed process left unfinished goes on from its persisted state.

    Args:
        store: the database.
        outage: whether it can be written, and how long to wait for it.
        record: the monitor as stored.
        ports: what the states work with.
        settings: the time limits and rules.
        reason: why the monitor runs, for the log and the journal.

    Raises:
        Fenced: another writer owns the monitor; nothing more was sent.
        StoreError: a step could not be committed; nothing more was sent.
    """
    return (yield from _Stepper(store, outage, ports, settings, record, reason).to_idle())


class _Stepper:
    """A pass under way: its current run, and the journal of what was committed."""

    def __init__(
        self,
        store: RunStore,
        outage: Outage,
        ports: Ports,
        settings: RunSettings,
        record: MonitorRecord,
        reason: str,
    ) -> None:
        self._store = store
        self._outage = outage
        self._settings = settings
        self._ports = ports
        self._machine = Machine(record.state)
        self._stored = record
        self._targets: dict[int, Decimal] | None = None
        self._run = self._new_run(record)
        self._result = Result("", reason, Findings().at_first(record))
        self._committed: tuple[Findings, tuple[Intent, ...]] = (self._result.found, ())
        self._apart: tuple[Intent, ...] = ()
        self._read_at: Moment | None = None
        self._steps: list[StepReport] = []
        self._pending: list[StepReport] = []
        self._results: tuple[LevelResult, ...] = ()
        self._alert: Alert | None = None
        self._events: tuple[Event, ...] = ()

    def to_idle(self) -> Flow[RunReport]:
        try:
            self._begin()
            while (yield from self._step()) is not StateName.IDLE:
                pass
        except Exception as error:  # noqa: BLE001 - whatever ends a run is an outcome (promise P11)
            yield from self._end_broken(error)
        return self._report()

    def _step(self) -> Flow[StateName]:
        """Does the work of the state and takes its event; gives the state that follows."""
        run, source = self._run, self._machine.state
        result = self._result = yield from self._noting(work_of(source, run, self._result))
        target = self._machine.send(result.event)
        goes_on = source is StateName.ALERTING and target is not StateName.IDLE
        if goes_on:
            # This run ends with the commit: a process that dies after it resumes the next.
            run.record = replace(run.record, last_run_id=self._ports.randomness.run_id())
        yield from self._record_step(source, result, target)
        if goes_on:
            self._results += level_results(run.intents)
            self._begin_again()
        return target

    def _noting(self, work: Flow[Result]) -> Flow[Result]:
        """Does the work of a state; what it waits for is noted for people, unless it is short."""
        while isinstance(stop := _next_need(work), Request | Wait):
            if isinstance(stop, Wait) and stop.until - self._run.moment() >= _WORTH_NOTING:
                yield from self._note(stop)
            yield stop
            if isinstance(stop, Wait):
                self._ports.waited()
        return stop

    def _note(self, wait: Wait) -> Flow[None]:
        run, until = self._run, self._run.now() + (wait.until - self._run.moment())
        run.ports.log(run.id, f"⏳ Waiting until {until:%H:%M:%S}: {wait.why}")
        note = partial(self._store.waits, run.record.id, until, wait.why)
        yield from self._outage.durably(note, run.key)

    def _new_run(self, record: MonitorRecord, run_id: str = "") -> Run:
        reported = record.reported or first_reported(record)
        record = replace(record, reported=reported)
        return Run(
            id=run_id or self._ports.randomness.run_id(),
            record=record,
            ports=self._ports,
            settings=self._settings,
            before=record,
        )

    def _begin(self) -> None:
        """Gives the run what is known before its first state."""
        run, record, found = self._run, self._run.record, Findings()
        if record.state is not StateName.IDLE and record.last_run_id is not None:
            found = self._resume(run, record.last_run_id)
        known = {intent.id for intent in (*run.intents, *run.apart)}
        left = [i for i in self._store.open_intents(record.id) if i.id not in known]
        run.apart += [i for i in left if not i.operation.serves_a_level]
        run.inherited += [i for i in left if i.operation.serves_a_level]
        for intent in run.writes:
            run.knows(intent)
        for each in record.stop.intents if record.stop else ():
            run.ports.exchange.note(run.key.symbol, each)
        self._result = replace(self._result, found=found.at_first(record))
        self._committed = self._result.found, tuple(run.intents)
        self._apart = tuple(run.apart)

    def _resume(self, run: Run, run_id: str) -> Findings:
        """Puts the run back to where a killed process left it; returns what it knows then."""
        run.id = run_id
        own = self._store.run_intents(run_id)
        run.intents += [i for i in own if i.operation.serves_a_level]
        run.apart += [i for i in own if not i.operation.serves_a_level]
        return restore(run)

    def _begin_again(self) -> None:
        """The next run of the same pass: a wake came in while this one was under way."""
        record = self._run.record
        record = replace(record, wakes=self._store.wakes(record.id))
        idle = replace(record, state=StateName.IDLE)
        self._run = self._new_run(idle, record.last_run_id or "")
        self._result = Result("", "", Findings())
        self._begin()
        self._run.record = record

    def _end_broken(self, error: Exception) -> Flow[None]:
        """Ends the run that raised.

        If that raises too, it ends without its journal; and if even that does, without its intents
        as well: they stay on record, and the alert does not name them.

        Raises:
            Fenced: another writer owns the monitor.
            StoreError: the database cannot be written.
        """
        run, reason = self._run, f"internal error {error_id(error)}"
        found, intents = self._committed
        for left in (intents, intents, ()):
            _raise_store_errors(error)
            log_broken_run(run.key, error, run.id)
            self._committed = found, left
            try:
                yield from self._conclude_broken(reason)
            except Exception as further:  # noqa: BLE001 - the same
                error = further
            else:
                return
            self._pending, self._machine = [], Machine(self._stored.state)
            run.calls.clear()
            run.decisions.clear()
        raise error

    def _conclude_broken(self, reason: str) -> Flow[None]:
        """Takes the monitor from the state that raised to Idle, from what was committed last."""
        run, source = self._run, self._machine.state
        found, intents = self._committed
        if run.read_at != self._read_at:
            # The exchange has been read since: what was committed is not how the position is.
            found = replace(found, size_known=False)
        run.record, run.intents[:] = replace(self._stored, state=source), intents
        run.apart[:] = self._apart
        run.followed_at = None
        run.changed.clear()
        run.stops.clear()
        result = self._result = break_off(run, reason, found)
        outcome = conclude(run, result)
        target = self._machine.send(result.event)
        yield from self._record_step(source, result, target)
        if target is not StateName.IDLE:
            end = replace(result, event="alerted", detail=outcome.value)
            yield from self._record_step(target, end, self._machine.send(end.event))

    def _record_step(self, source: StateName, result: Result, target: StateName) -> Flow[None]:
        """Adds the step to the journal; commits before and after writes, and at the end."""
        run = self._run
        transition = Transition(run.id, source, result.event, target, run.now(), result.detail)
        self._pending.append(StepReport(transition, tuple(run.decisions), tuple(run.calls)))
        run.calls.clear()
        run.decisions.clear()
        run.enter(target)
        ends = target is StateName.IDLE or source is StateName.ALERTING
        if ends or target in _WRITING or (source in _WRITING and target is StateName.VALIDATING):
            alert = alert_of(run, result) if ends else None
            yield from self._commit(source, alert, tuple(run.events) if ends else ())

    def _commit(
        self, source: StateName, alert: Alert | None, events: tuple[Event, ...]
    ) -> Flow[None]:
        run, steps = self._run, self._pending
        targets = _target_quantities(run, self._result.found)
        self._ports.reach(f"{source.value}.before-commit")
        step = Step(
            record=run.record,
            transitions=tuple([step.transition for step in steps]),
            calls=tuple([call for step in steps for call in step.calls]),
            decisions=tuple([decision for step in steps for decision in step.decisions]),
            intents=tuple(_changed(run)),
            alert=alert,
            targets=None if targets == self._targets else targets,
            before=self._stored,
            events=events,
            stops=tuple(run.stops.values()),
        )
        commit = partial(self._store.commit, step)
        run.record = self._stored = yield from self._outage.durably(commit, run.key)
        if run.followed_at is not None:
            self._ports.unanswered.forget_until(run.followed_at)
        self._targets = targets
        self._committed, self._read_at = (self._result.found, tuple(run.intents)), run.read_at
        self._apart = tuple(run.apart)
        self._steps += steps
        self._pending = []
        self._alert = alert or self._alert
        self._events += events
        run.changed.clear()
        run.stops.clear()
        self._ports.reach(f"{source.value}.after-commit")

    def _report(self) -> RunReport:
        run = self._run
        return RunReport(
            run_id=run.id,
            outcome=self._result.outcome or RunOutcome.IN_SYNC,
            record=run.record,
            results=(*self._results, *level_results(run.intents)),
            steps=tuple(self._steps),
            alert=self._alert,
            events=self._events,
        )


def _next_need(work: Flow[Result]) -> Request[object] | Wait | Result:
    """What the work needs next, or its result."""
    try:
        return next(work)
    except StopIteration as end:
        result: Result = end.value
        return result


def _raise_store_errors(error: Exception) -> None:
    """Raises the error again if it says that this run may not write, or that nobody can."""
    if isinstance(error, StoreError) and not isinstance(error, Unstorable):
        raise error


def _changed(run: Run) -> list[Intent]:
    return [i for i in (*run.writes, *run.apart) if i.id in run.changed]


def _target_quantities(run: Run, found: Findings) -> dict[int, Decimal] | None:
    """The quantity that should rest for each level of the ladder; None before it is known."""
    ladder = run.record.ladder
    if found.targets is None or ladder is None:
        return None
    return {level.number: found.targets.of_level(level.number) for level in ladder.levels}
