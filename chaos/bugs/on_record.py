"""Bugs in what is committed, when it is committed, and how a run resumes after a crash."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from trueup.domain.flow import Flow, ask
from trueup.domain.happenings.happened import Seen, what_happened
from trueup.domain.model.alert import Alert
from trueup.domain.model.errors import InstrumentError, StoreUnavailable
from trueup.domain.model.events import Event
from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.instrument import Instrument
from trueup.domain.model.intent import Intent, IntentStatus
from trueup.domain.model.ladder import Ladder
from trueup.domain.model.observation import Observation, Reading
from trueup.domain.model.record import MonitorRecord, OwnedStatus, RunOutcome, Source, StateName
from trueup.domain.model.stop import AnyLadder, NoStop, Stop
from trueup.domain.store import Step
from trueup.domain.tracking.expiry import is_notice_due
from trueup.engine.run import stepper
from trueup.engine.run.factory import RunFactory
from trueup.engine.run.outage import Outage
from trueup.engine.watchlist import Watchlist
from trueup.states import alerting, placing, validating
from trueup.states.ending import conclusion, events
from trueup.states.work import confirmation
from trueup.states.work.findings import Findings, Result
from trueup.states.work.run import Run
from trueup.testing import MemoryStore

from ..histories.defects import FIRST_SEED
from ..judge.alerts import ExpiryOnce, NoAlertLies, NoAlertLost, OutageIsSaid
from ..judge.events import FillsReported
from ..judge.final_state import NeverLost
from ..judge.on_record import IntentFirst, NeverSilent
from ..judge.run_bounds import NoWakeLost, RunsAreBounded
from ..speed.patching import Patch
from ..world.engine import DOOR, Parts, Trueup
from .planted import Bug

FIRST_AWAY = 5
"""The first seed with a database that is away."""
_commit = MemoryStore.commit
_ports = RunFactory._ports  # noqa: SLF001 - the bug is in there
_alert_of = conclusion.alert_of
_conclude = conclusion.conclude
_confirm = confirmation.confirm
_watch = Watchlist.watch
_what_happened = what_happened


def _late_intents(run: Run) -> Iterable[Intent]:
    if run.record.state in (StateName.CANCELLING, StateName.PLACING):
        return ()
    return (*run.inherited, *run.intents)


def _nothing_restored(stepper: Any, run: Run, run_id: str) -> Findings:  # noqa: ANN401 - _Stepper
    del stepper
    run.id = run_id
    return Findings(resumed=run.record.state in (StateName.CANCELLING, StateName.PLACING))


def _no_open_intents(_store: MemoryStore, _monitor: int) -> tuple[Intent, ...]:
    return ()


def _unfenced(store: MemoryStore, step: Step) -> MonitorRecord:
    stored = store.load(step.record.key)
    version = step.record.version if stored is None else stored.version
    return _commit(store, replace(step, record=replace(step.record, version=version)))


def _ignores_wakes(runs: RunFactory, *args: Any) -> Any:  # noqa: ANN401 - _ports' own
    return replace(_ports(runs, *args), wakes=lambda _monitor: 0)


def _alert_before_commit(parts: Parts, _engine: Trueup) -> tuple[Patch, ...]:
    def alert_of(run: Run, result: Result) -> Alert | None:
        alert = _alert_of(run, result)
        if alert is not None:
            for sink in parts.sinks:
                sink.deliver(alert)
        return alert

    return ((stepper, "alert_of", alert_of),)


def _counted_in_memory(_parts: Parts, _engine: Trueup) -> tuple[Patch, ...]:
    attempts: dict[int, int] = {}

    def conclude(run: Run, result: Result) -> RunOutcome:
        outcome = _conclude(run, result)
        good = outcome in (RunOutcome.IN_SYNC, RunOutcome.SUCCESS)
        attempts[run.record.id] = 0 if good else attempts.get(run.record.id, 0) + 1
        run.record = replace(run.record, attempts=attempts[run.record.id])
        return outcome

    return ((alerting, "conclude", conclude), (validating, "conclude", conclude))


def _believes_acknowledgements(run: Run, found: Findings) -> Flow[tuple[Reading, Findings]]:
    for intent in run.open_intents():
        owned = run.record.order(order_link_id=intent.order_link_id)
        if owned is not None and owned.status is OwnedStatus.PENDING_NEW:
            run.record = run.record.with_order(replace(owned, status=OwnedStatus.OPEN))
        run.settle(intent, IntentStatus.CONFIRMED)
    return (yield from _confirm(run, found))


def _broken_in_silence(run: Run, result: Result) -> Alert | None:
    is_broken = any(note.startswith("internal error") for note in run.notes)
    return None if is_broken else _alert_of(run, result)


def _uncounted_if_broken(run: Run, result: Result) -> RunOutcome:
    attempts = run.record.attempts
    outcome = _conclude(run, result)
    run.record = replace(run.record, attempts=attempts)
    return outcome


def _judges_the_market(
    watchlist: Watchlist,
    key: MonitorKey,
    ladder: AnyLadder | None,
    source: Source,
    stop: Stop | NoStop | None = None,
) -> tuple[MonitorRecord, bool]:
    exchange = watchlist._exchanges[key.account]  # noqa: SLF001 - the bug is in there
    instrument = exchange.instrument(key.symbol)
    if instrument is None or (isinstance(instrument, Instrument) and instrument.halted):
        raise InstrumentError("the exchange takes no orders of this symbol", symbol=key.symbol)
    reading = exchange.observe((key.symbol,))
    if isinstance(ladder, Ladder) and isinstance(reading, Observation):
        ladder.check_side(key.side, reading.position(key.symbol, key.side).entry_price)
    return _watch(watchlist, key, ladder, source, stop)


def _goes_on_unwritten(_outage: Outage, call: Any, _key: MonitorKey) -> Flow[Any]:  # noqa: ANN401 - durably's own
    try:
        return (yield from ask(call))
    except StoreUnavailable:
        (step,) = call.args[:1]
        return step.record if isinstance(step, Step) else None


def _never_alerted_before(record: MonitorRecord, now: datetime) -> bool:
    return is_notice_due(replace(record, expiry_alerted_at=None), now)


def _uncounted_requests(run: Run, requests: int) -> None:
    """Counts nothing: the run is never spent."""
    del run, requests


def _reported_again(
    before: MonitorRecord, after: MonitorRecord, seen: Seen
) -> tuple[tuple[Event, ...], MonitorRecord]:
    happened, _ = _what_happened(before, after, seen)
    return happened, after


def _seen_by_this_run(
    before: MonitorRecord, after: MonitorRecord, seen: Seen
) -> tuple[tuple[Event, ...], MonitorRecord]:
    had = {order.order_link_id: order.filled for order in before.orders}
    orders = tuple(
        replace(one, reported=had.get(one.order_link_id, one.reported)) for one in after.orders
    )
    return _what_happened(before, replace(after, orders=orders), seen)


RECORD_BUGS = (
    Bug(
        "intent committed after the call",
        (IntentFirst.name,),
        lambda *_: ((stepper, "_changed", _late_intents),),
    ),
    Bug(
        "resume that skips open intents",
        (IntentFirst.name, NeverLost.name),
        lambda *_: (
            (stepper._Stepper, "_resume", _nothing_restored),  # noqa: SLF001 - the bug is in there
            (MemoryStore, "open_intents", _no_open_intents),
        ),
    ),
    Bug("alert sent before commit", (NoAlertLost.name,), _alert_before_commit),
    Bug(
        "wake lost during a run",
        (NoWakeLost.name,),
        lambda *_: ((RunFactory, "_ports", _ignores_wakes),),
        first_seed=1501,
    ),
    Bug(
        "requests of a run not counted",
        (RunsAreBounded.name,),
        lambda *_: ((Run, "count", _uncounted_requests),),
    ),
    Bug("retry counter in memory", (NeverSilent.name,), _counted_in_memory),
    Bug(
        "version check dropped",
        (IntentFirst.name,),
        lambda *_: ((MemoryStore, "commit", _unfenced),),
    ),
    Bug(
        "acknowledgement taken as done",
        (NoAlertLies.name,),
        lambda *_: ((placing, "confirm", _believes_acknowledgements),),
    ),
    Bug(
        "start that judges the market",
        (DOOR,),
        lambda *_: ((Watchlist, "watch", _judges_the_market),),
    ),
    Bug(
        "exception in a run without an alert",
        (NeverSilent.name,),
        lambda *_: ((stepper, "alert_of", _broken_in_silence),),
        FIRST_SEED,
    ),
    Bug(
        "exception in a run not counted",
        (NeverSilent.name,),
        lambda *_: ((stepper, "conclude", _uncounted_if_broken),),
        FIRST_SEED,
    ),
    Bug(
        "goes on while the database is away",
        (IntentFirst.name,),
        lambda *_: ((Outage, "durably", _goes_on_unwritten),),
        FIRST_AWAY,
    ),
    Bug(
        "outage of the database in silence",
        (OutageIsSaid.name,),
        lambda *_: ((Outage, "_alert", lambda *_: None),),
        FIRST_AWAY,
    ),
    Bug(
        "expiry alerted in every run",
        (ExpiryOnce.name,),
        lambda *_: ((conclusion, "is_notice_due", _never_alerted_before),),
    ),
    Bug(
        "fill reported in every run",
        (FillsReported.name,),
        lambda *_: ((events, "what_happened", _reported_again),),
    ),
    Bug(
        "fill that only the run which died has seen",
        (FillsReported.name,),
        lambda *_: ((events, "what_happened", _seen_by_this_run),),
    ),
)
