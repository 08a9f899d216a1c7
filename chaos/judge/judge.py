"""The judge: receives every event of a history, keeps the ledger, and asks every promise."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from trueup.domain.model.alert import Alert, PendingAlert
from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.observation import Observation
from trueup.domain.model.record import MonitorRecord
from trueup.domain.store import Step
from trueup.domain.tracking.feed import Lost, Opened, OrderEvent, PositionEvent, StreamEvent
from trueup.engine.loop.sweep import Sweep
from trueup.simulator import Change, StreamFault, VirtualClock
from trueup.testing import ApiRequest, ApiResponse

from ..ledger.book import Book, Claim
from ..ledger.effects import note_protection, record_changes, refresh
from ..ledger.ledger import Cause, Ledger, RunLog
from ..ledger.recorded import as_recorded
from ..ledger.replies import ReplyRecorder
from ..ledger.stop_requests import SETS, note_asked
from ..ledger.stop_shown import note_event, note_viewed
from ..scene.scene import Scene
from .alerts import ExpiryOnce, NoAlertLies, NoAlertLost, OutageIsSaid
from .broken_runs import BREAKS, NeverBrokenInSilence, NoRunBreaks
from .contained import HaltedIsLeftAlone, NoFight, SecondEngineIsNamed, SweepsSee
from .cover.beyond_market import NothingBeyond
from .cover.covered_again import CoveredAgain
from .cover.no_naked_moment import NoNakedMoment
from .cover.not_above import NotAbove
from .cover.pending_cover import LeastStays, MostIsWithin
from .cover.settled_cover import WholeWhenSettled
from .events import FillsReported
from .final_state import NeverLost, WholeCover
from .hands_off import HandsOff
from .never_twice import ClosedOnce, IdentifiedFirst, NeverTwice
from .on_record import IntentFirst, NeverSilent
from .present import DecidedLately
from .promise import Finding, Promise
from .protection.entries import NamedEntriesGo
from .protection.kept import NeverLoosened, RightPlace
from .protection.limits import StopLimitFollows
from .protection.orders import OneStopOrder, StopCoverKept, StopGrowsFirst, StopOrderIsSound
from .protection.runner import RunnerTrails
from .protection.said import BareIsAlerted, StopIntentFirst, StopNeverLies
from .protection.settled import StopRests
from .reads import AmendedUnread, FlatIsShown, UnknownIsNotEmpty
from .run_bounds import NoWakeLost, RunsAreBounded
from .sinks import PROMPT, SinksApart
from .stopped import StoppedIsStopped

Make = Callable[[Ledger, Callable[[str, MonitorKey | str, str], None]], Promise]
"""Makes a promise from the ledger and from what receives its breaches."""

PROMISES: tuple[type[Promise], ...] = (
    NeverTwice,
    ClosedOnce,
    IdentifiedFirst,
    NoNakedMoment,
    CoveredAgain,
    NotAbove,
    MostIsWithin,
    LeastStays,
    DecidedLately,
    WholeWhenSettled,
    NothingBeyond,
    UnknownIsNotEmpty,
    AmendedUnread,
    FlatIsShown,
    HandsOff,
    IntentFirst,
    NeverSilent,
    NoAlertLost,
    NoAlertLies,
    ExpiryOnce,
    OutageIsSaid,
    FillsReported,
    NoWakeLost,
    RunsAreBounded,
    NeverBrokenInSilence,
    NoRunBreaks,
    HaltedIsLeftAlone,
    SweepsSee,
    NoFight,
    SecondEngineIsNamed,
    NeverLost,
    WholeCover,
    StoppedIsStopped,
    SinksApart,
    NeverLoosened,
    RightPlace,
    StopRests,
    StopIntentFirst,
    StopNeverLies,
    BareIsAlerted,
    RunnerTrails,
    OneStopOrder,
    StopOrderIsSound,
    StopLimitFollows,
    StopCoverKept,
    StopGrowsFirst,
    NamedEntriesGo,
)

_IN_A_RUN = 2


class Judge:
    """Checks one history against the promises.

    Attributes:
        ledger: what happened so far.
        findings: the promises that were broken; each finding once.

    Args:
        scene: the accounts, contracts and monitors, and how the exchange behaves.
        clock: the exchange's clock.
        promises: the promises to check.
    """

    def __init__(
        self, scene: Scene, clock: VirtualClock, promises: Sequence[Make] = PROMISES
    ) -> None:
        self.ledger = Ledger()
        self.findings: list[Finding] = []
        self._clock = clock
        self._twin_key = None if scene.twin is None else scene.twin.api_key
        self._replies = ReplyRecorder(self.ledger, scene.behaviour.effect_delay_ms, scene.lateness)
        self._lag_ms = scene.behaviour.visible_delay_ms
        self._promises = [kind(self.ledger, self._found) for kind in promises]
        for promise in self._promises:
            promise.set_scene(scene)
        self._on_effect = _handlers(self._promises, "on_effect")
        self._before_request = _handlers(self._promises, "before_request")
        self._on_reply = _handlers(self._promises, "on_reply")
        self._on_commit = _handlers(self._promises, "on_commit")
        self._on_drop = _handlers(self._promises, "on_drop")
        self._on_view = _handlers(self._promises, "on_view")
        self._on_notified = _handlers(self._promises, "on_notified")

    def now_ms(self) -> int:
        """The exchange's time, in epoch milliseconds."""
        return self._clock.now_ms()

    def watched(self, record: MonitorRecord, index: int) -> None:
        """A monitor was put under watch, or its ladder was replaced."""
        key = record.key
        book = self.ledger.books.get(key)
        if book is None:
            book = Book(key, key.side.opposite.value, index, record)
            self.ledger.books[key] = book
        before, book.record = book.record, record
        book.given = record.ladder if record.ladder_source == "given" else None
        self._note_stop(book, before, record)

    def _note_stop(self, book: Book, before: MonitorRecord, record: MonitorRecord) -> None:
        """Notes that another stop is wanted from now on: the user gave it, or it is the main's."""
        wanted = before.stop and before.stop.wanted
        if record.stop is not None:
            book.protection.note_record(record.stop)
        if record.stop is not None and wanted != record.stop.wanted:
            book.protection.given_ms = self.now_ms()
            note_protection(self.ledger, book, self.now_ms())

    def woken(self, key: MonitorKey) -> None:
        """A monitor was woken."""
        self.ledger.books[key].wakes.append(self.now_ms())

    def changed(self, changes: tuple[Change, ...]) -> None:
        """The exchange's orders or positions changed."""
        effect = record_changes(self.ledger, changes)
        for handler in self._on_effect:
            handler(effect)

    def request_leaves(self, request: ApiRequest) -> None:
        """A request of ours is about to leave."""
        if self._is_aside(request):
            return
        if request.path in SETS:
            note_asked(self.ledger, request)
        for handler in self._before_request:
            handler(request)
        if request.path == "/v5/order/create-batch":
            self.ledger.sent |= {(request.uid, i["orderLinkId"]) for i in request.fields["request"]}

    def request_arrives(self, request: ApiRequest) -> None:
        """A request of ours reached the exchange; what changes now is its effect."""
        if self._is_aside(request):
            return
        self.ledger.cause = Cause.REQUEST
        if request.is_write:
            self.ledger.request_items = request.fields.get("request", ())
            self.ledger.request_ms = self.now_ms()

    def request_answered(self, request: ApiRequest, reply: ApiResponse, *, received: bool) -> None:
        """The exchange answered; ``received`` says whether the engine got the reply."""
        self.ledger.cause = Cause.DELAYED
        if self._is_aside(request):
            return
        self._replies.record(request, reply, received=received)
        self.ledger.streams.read(request, reply, received=received)
        for handler in self._on_reply:
            handler(request, reply, received=received)

    def stream_fault(self, uid: str, fault: StreamFault) -> None:
        """A fault hit the private stream of an account."""
        self.ledger.streams.fault_met(uid, fault, self.now_ms())

    def received(self, uid: str, event: StreamEvent) -> None:
        """The engine received an event of a private stream."""
        if isinstance(event, Opened):
            self.ledger.streams.opened(uid, self.now_ms(), self._lag_ms)
        elif isinstance(event, Lost):
            self.ledger.streams.lost(uid)
        elif isinstance(event, PositionEvent):
            for book in self.ledger.books_of(uid, event.symbol):
                if book.index == event.index:
                    held = event.position
                    is_flat = held is None or held.side is not book.key.side
                    book.flat.note_event(event.seq, self.now_ms(), is_flat=is_flat)
        elif isinstance(event, OrderEvent):
            self.ledger.shown.setdefault(event.order.order_id, set()).add(event.order.quantity)
            for book in self.ledger.books_of(uid, event.order.symbol):
                note_event(book, event.order, self.now_ms())

    def viewed(self, seen: Observation, symbols: Sequence[str]) -> None:
        """The engine used the stream's view of some symbols, which counts like a read made now."""
        now, uid = self.now_ms(), seen.account
        missed_ms = self.ledger.streams.missed_since(uid)
        if missed_ms is not None:
            self.ledger.stale.setdefault(uid, []).append((now, missed_ms))
        for symbol in symbols:
            for book in self.ledger.books_of(uid, symbol):
                book.asked_ms = now
                book.listed.append(now)
                book.orders_ms = now
                book.viewed.add(now)
                if seen.shows(symbol, book.key.side):
                    size = seen.position(symbol, book.key.side).size
                    book.note_size(now, size)
                    if size:
                        note_viewed(book, seen, now)
            for handler in self._on_view:
                handler(uid, symbol)
        for order in seen.orders:
            self.ledger.shown.setdefault(order.order_id, set()).add(order.quantity)

    def committed(self, step: Step, written: MonitorRecord) -> None:
        """A step was committed; ``written`` is the record as stored."""
        key, ledger = step.record.key, self.ledger
        book, now = ledger.books[key], self.now_ms()
        before, book.record = book.record, written
        for run_id in sorted({transition.run_id for transition in step.transitions}):
            ledger.runs.setdefault(run_id, RunLog(key, now))
        for order in written.orders:
            claim = Claim(key, order.level, order.part)
            ledger.claims[key.account, order.order_link_id] = claim
            if order.order_id:
                ledger.claims[key.account, order.order_id] = claim
                ledger.note_recorded_fill(order.order_id, order.filled, now)
        book.note_intents(step.intents)
        for intent in step.intents:
            ledger.announced_ms.setdefault(intent.id, now)
        if written.recovered_at != before.recovered_at:
            book.recovered_ms = now
        if written.cycle != before.cycle:
            book.recognised_ms = now
        if step.targets is not None:
            book.targets = step.targets
        if step.alert is not None:
            ledger.alerts.append(step.alert)
            ledger.runs[step.alert.run_id].alerts.append(step.alert)
        refresh(ledger, book)
        self._note_stop(book, before, written)
        for handler in self._on_commit:
            handler(step, before, now)
        ledger.refused_ms.pop(key, None)

    def committed_aside(self, account: str, step: Step, written: MonitorRecord) -> None:
        """A step of a second name for an account's UID was committed.

        Its orders stand for the levels of the account's own monitor.
        """
        key = replace(step.record.key, account=account)
        for order in written.orders:
            claim = Claim(key, order.level, order.part)
            for named in filter(None, (order.order_link_id, order.order_id)):
                self.ledger.claims.setdefault((account, named), claim)
        if step.alert is not None:
            self.ledger.alerts.append(step.alert)
        if any(transition.event == BREAKS for transition in step.transitions):
            self.ledger.ends_raised(key)

    def raised(self) -> bool:
        """The history raises an exception in a run: one, and another while that one ends the run.

        After a third nobody could put the end on record; the next run resumes it.
        """
        return self.ledger.raises(at_most=_IN_A_RUN)

    def refused_a_write(self, of: MonitorKey | None) -> None:
        """The database refused a write of the engine: a commit of that monitor, or another one."""
        if of is not None:
            self.ledger.refused_ms.setdefault(of, self.now_ms())
        for promise in self._promises:
            promise.on_store_refusal()

    def run_dropped(self) -> None:
        """A run was fenced off, or its process died: nothing that happened in it has an outcome."""
        self.ledger.raised.clear()
        self.ledger.refused_ms.clear()
        self.ledger.requests.clear()
        for handler in self._on_drop:
            handler()

    def works_on(self, key: MonitorKey | None, *, begins: bool) -> None:
        """A live engine begins a run of a monitor, or goes on with it; or it sweeps, for None."""
        self.ledger.running = key
        if key is not None and begins:
            self.ledger.began_ms[key] = self.now_ms()
            self.ledger.refused_ms.pop(key, None)

    def swept(self, sweep: Sweep) -> None:
        """A live engine has swept an account."""
        self.ledger.sweeps[sweep.account] = sweep
        began = sweep.at - self.ledger.ahead
        self.ledger.swept_ms[sweep.account] = int(began.timestamp() * 1000)

    def process_died(self) -> None:
        """The process died, and with it whatever was under way."""
        self.run_dropped()
        for book in self.ledger.books.values():
            book.flat.note_death(book.record.position_seq)
        for promise in self._promises:
            promise.on_death()

    def delivered(self, sink: str, alert: Alert) -> None:
        """A sink accepted an alert, or one message for several."""
        for given in alert.includes or (alert,):
            each = as_recorded(self.ledger.alerts, given)
            for promise in self._promises:
                promise.on_sink(sink, each)
            if sink != PROMPT:
                continue
            self.ledger.delivered.append(each)
            for promise in self._promises:
                promise.on_delivery(each)

    def refused_by(self, sink: str, alert: Alert) -> None:
        """A sink refused an alert."""
        for promise in self._promises:
            promise.on_sink_refusal(sink, alert, self.now_ms())

    def marked(self, alerts: Sequence[PendingAlert]) -> None:
        """The database has on record how far these alerts have got."""
        for promise in self._promises:
            promise.on_marked(alerts)

    def notified(self) -> None:
        """Each sink was asked to be given what is due."""
        for handler in self._on_notified:
            handler(self.now_ms())

    def at_rest(self) -> None:
        """All faults are over, and every monitor has run until nothing was left to do."""
        now = self.now_ms()
        for key in sorted(self.ledger.books):
            for promise in self._promises:
                promise.at_rest(self.ledger.books[key], now)

    def find(self, promise: str, monitor: MonitorKey | str, text: str) -> None:
        """Adds a finding that is not a promise's own: a broken run, a loop that spins."""
        self._found(promise, monitor, text)

    def _is_aside(self, request: ApiRequest) -> bool:
        """Whether a read of the second name shows nothing to the account that is judged.

        The rules of contracts are everybody's: accounts share what one of them has read.
        """
        is_public = request.path.endswith("/instruments-info")
        is_read = not (request.is_write or is_public)
        return is_read and request.api_key == self._twin_key

    def _found(self, promise: str, monitor: MonitorKey | str, text: str) -> None:
        finding = Finding(promise, self.now_ms(), str(monitor), text)
        known = {replace(one, at_ms=0) for one in self.findings}
        if replace(finding, at_ms=0) not in known:
            self.findings.append(finding)


def _handlers(promises: Sequence[Promise], event: str) -> tuple[Callable[..., None], ...]:
    """The promises that handle this event, as bound methods."""
    return tuple(
        getattr(promise, event)
        for promise in promises
        if getattr(type(promise), event) is not getattr(Promise, event)
    )
