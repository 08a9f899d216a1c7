"""A run: one pass of a monitor's machine, with what its next commit will write."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from ...domain.copies import replace
from ...domain.flow import Tries
from ...domain.model.commands import Operation
from ...domain.model.events import Event
from ...domain.model.identity import MonitorKey
from ...domain.model.intent import Intent, IntentStatus
from ...domain.model.journal import Decision, ExchangeCall
from ...domain.model.observation import Observation
from ...domain.model.order import Closure, Execution
from ...domain.model.protection import StopIntent
from ...domain.model.record import MonitorRecord, OwnedOrder, StateName
from ...domain.planning.pending import Pending, pending_changes
from ...domain.ports import Moment
from ...domain.recognition.by_hand import HandChange
from ...domain.recognition.conflicts import Conflict
from ...domain.recognition.contest import ContestStep
from ...domain.tracking.settling import is_over, may_arrive_later
from ...domain.tracking.stored_time import age_of
from ..ports import Ports
from .findings import Findings
from .settings import RunSettings

_MOST_HELD = 3


@dataclass(slots=True)
class Run:
    """One pass from Idle back to Idle. Only what is committed outlives the process.

    Attributes:
        record: the monitor as the next commit will store it.
        before: the record when the run began.
        key: the monitor.
        now: the time by the wall clock, for records.
        moment: the moment, for durations.
        position_moved: whether a plan of it was for another size; see :mod:`.pace`.
        intents: every intent of this run, oldest first; the alert is made from them.
        inherited: intents of earlier runs that are still to be settled.
        changed: ids of intents that the next commit writes.
        stops: the intents of the position's stop that the next commit writes, by id.
        stops_done: those that have ended in this run, oldest first.
        apart: those that serve no level, of this run and earlier ones: :mod:`.close.apart`.
        calls: of the exchange, for the journal of the step under way.
        decisions: for the journal of the step under way.
        notes: lines for the alert: reasons, merges, external orders.
        notices: lines of the run's end that are a reason for an alert by themselves.
        changes_by_others: of owned orders, since the last plan; see :mod:`.pace`.
        by_hand: the same, one by one, for the alert.
        contest_step: what this run did about a contest.
        warnings: those of the notes that are alerted even where the run did nothing else.
        requests: how many requests its calls have sent.
        orders: the most orders that it has had on record: what it may send goes by them.
        searched: link ids of orders that left no trace, and whose place was not sent since then.
        searches: whether an order that is waited for was in no list.
        why_closed: by order link id, why the exchange closed the orders that it showed closed; None
            where it did not say.
        trades: of the symbol, each time that they were read.
        events: what happened, once the run has ended.
        created_ms: by order link id, when those that were looked up came to be; 0: it is not known.
        lost_an_answer: whether the answer to a write of it was lost.
        read_at: when the last complete read began.
        followed_at: when the last read began whose orders went on record.
        asked_at: when it last asked the exchange: how long ago its knowledge was good for writes.
        changes_read: how often the live view had changed by then; None where none was used.
        read_ms: when that read was, by the exchange's clock; 0 where it did not say.
        decided_ms: by an intent's id, when the last read before it was, by the exchange's clock.
        read_number: the number of that read, where the exchange was read beside a view.
        held: how often writes of it were held back.
        dearest: the most requests that one call is known to need; at first a read, made twice.
    """

    id: str
    record: MonitorRecord
    ports: Ports
    settings: RunSettings
    before: MonitorRecord
    key: MonitorKey = field(init=False)
    now: Callable[[], datetime] = field(init=False)
    moment: Callable[[], Moment] = field(init=False)
    position_moved: bool = False
    intents: list[Intent] = field(default_factory=list)
    inherited: list[Intent] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)
    stops: dict[str, StopIntent] = field(default_factory=dict)
    stops_done: list[StopIntent] = field(default_factory=list)
    apart: list[Intent] = field(default_factory=list)
    calls: list[ExchangeCall] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    changes_by_others: list[str] = field(default_factory=list)
    by_hand: list[HandChange] = field(default_factory=list)
    contest_step: ContestStep = ContestStep.NONE
    warnings: list[str] = field(default_factory=list)
    requests: int = 0
    orders: int = 0
    dearest: int = 6
    lost_an_answer: bool = False
    read_at: Moment | None = None
    followed_at: Moment | None = None
    asked_at: Moment | None = None
    changes_read: int | None = None
    read_ms: int = 0
    decided_ms: dict[str, int] = field(default_factory=dict)
    read_number: int = 0
    held: int = 0
    searched: set[str] = field(default_factory=set)
    searches: bool = False
    why_closed: dict[str, Closure | None] = field(default_factory=dict)
    created_ms: dict[str, int] = field(default_factory=dict)
    trades: list[tuple[Execution, ...]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key = self.record.key
        self.now, self.moment = self.ports.clock.now, self.ports.clock.moment

    @property
    def position_before(self) -> Decimal:
        """The position's size on record when the run began."""
        return self.before.position_size

    def decide(self, text: str) -> None:
        """Writes a decision into the journal and the log."""
        self.decisions.append(Decision(self.id, self.record.state, text, self.now()))
        self.ports.log(self.id, text)

    def note(self, text: str) -> None:
        """Adds a line to the alert, once."""
        if text not in self.notes:
            self.notes.append(text)

    def warn(self, text: str) -> None:
        """Adds a line that is alerted even where the run did nothing else."""
        self.note(text)
        self.warnings.append(text)

    def report(self, conflict: Conflict, add: Callable[[str], None]) -> None:
        """Writes a conflict into the journal, order by order, and one line of it into the alert.

        Args:
            conflict: what contradicts.
            add: :meth:`note` or :meth:`warn`.
        """
        for line in conflict.details:
            self.decide(f"⚠️ {line}")
        add(conflict.summary)

    def saw_change(self, text: str) -> None:
        """Notes what somebody else changed of an owned order; nothing where the text is empty."""
        if text and text not in self.changes_by_others:
            self.changes_by_others.append(text)
            self.decide(f"👥 Somebody else changed an order: {text}")

    def sees_size(self) -> None:
        """Notes whether the position has moved since the run began; that is kept until it ends."""
        self.position_moved |= self.record.position_size != self.position_before

    def report_contest(self, step: ContestStep) -> None:
        """Notes what the run has to say of a contest; that one began is kept until it ends."""
        if self.contest_step is not ContestStep.BEGAN:
            self.contest_step = step

    @property
    def undertaken(self) -> tuple[Intent, ...]:
        """This run's intents, but for those whose requests were held back."""
        return tuple([intent for intent in self.intents if intent.status is not IntentStatus.HELD])

    @property
    def writes(self) -> tuple[Intent, ...]:
        """This run's intents, and those of earlier runs that are still to be settled."""
        return (*self.inherited, *self.intents)

    def announce(self, intent: Intent) -> Intent:
        """Adds an intent; the next commit makes it durable before anything is sent."""
        self.intents.append(intent)
        self.changed.add(intent.id)
        self.decided_ms[intent.id] = self.read_ms
        self.knows(intent)
        return intent

    def knows(self, intent: Intent) -> None:
        """Tells the exchange's view of a write that is open."""
        self.ports.exchange.note(self.key.symbol, intent)

    def age(self, intent: Intent) -> timedelta:
        """How long before the last read the write left last; before now if there is none."""
        age = self._age_now(intent)
        return age if self.read_at is None else age - (self.moment() - self.read_at)

    def _age_now(self, intent: Intent) -> timedelta:
        return age_of(intent, self.moment(), self.now())

    @property
    def pending(self) -> Pending:
        """What writes of its orders may still do, or have done unseen."""
        return pending_changes(self.record.resting, self.writes)

    def is_over(self, intent: Intent) -> bool:
        """Whether the last read, which shows no effect of the write, shows that it had none."""
        return is_over(intent, self.age(intent), self.ports.exchange.lateness)

    def left(self, intent: Intent, at: Moment) -> Intent:
        """Notes when its request left, for the first time or again: it is no older than that."""
        later = timedelta(0) if intent.announced is None else at - intent.announced
        until = None if intent.until is None else intent.until + later
        if intent.operation is Operation.PLACE:
            self.searched.discard(intent.order_link_id)
        return self._change(replace(intent, announced=at, until=until))

    def settle(
        self, intent: Intent, status: IntentStatus, detail: str = "", code: int | None = None
    ) -> Intent:
        """Changes an intent's status; the next commit writes it."""
        at = None if status.is_open else self.now()
        done = replace(intent, status=status, detail=detail, code=code, resolved_at=at)
        self._change(done)
        if may_arrive_later(intent, status):
            left = self.ports.exchange.lateness.total - self._age_now(intent)
            self.ports.unanswered.note(done, self.moment() + left)
        return done

    def was_seen(self, intent: Intent, order: OwnedOrder) -> None:
        """Notes how a read shows the order of an open intent that may still change it."""
        self._change(replace(intent, price_before=order.price, quantity_before=order.quantity))

    def _change(self, changed: Intent) -> Intent:
        for intents in (self.intents, self.inherited):
            intents[:] = [changed if other.id == changed.id else other for other in intents]
        self.changed.add(changed.id)
        self.ports.exchange.note(self.key.symbol, changed)
        return changed

    def put_stop(self, intent: StopIntent) -> None:
        """Puts an intent of the position's stop on record: while it is open, with the monitor."""
        stop = self.record.stop
        if stop is None:
            raise LookupError(f"intent {intent.id} is for a stop that is not on record")
        self.record = replace(self.record, stop=stop.with_intent(intent))
        self.stops[intent.id] = intent
        if not intent.status.is_open:
            self.stops_done.append(intent)
        self.ports.exchange.note(self.key.symbol, intent)

    def was_answered_so(self, intent: Intent, code: int | None) -> bool:
        """Whether this run sent the same command before, and got the same code for it."""
        return bool(code) and any(
            other.code == code and other.id != intent.id and other.command == intent.command
            for other in self.intents
        )

    def owned(self, intent: Intent) -> OwnedOrder:
        """The order of the intent, as it is on record.

        Raises:
            LookupError: the record does not hold the order, which is a defect.
        """
        owned = self.record.order(order_link_id=intent.order_link_id, order_id=intent.order_id)
        if owned is None:
            raise LookupError(f"intent {intent.id} is for an order that is not on record")
        return owned

    def open_intents(self) -> tuple[Intent, ...]:
        """Intents of this run that are not settled."""
        return tuple([intent for intent in self.intents if intent.status.is_open])

    def to_send(self, operation: Operation, announced: Collection[str]) -> list[Intent]:
        """The announced intents of this operation that are still open."""
        return [i for i in self.open_intents() if i.operation is operation and i.id in announced]

    def tries(self, why: str, budget: timedelta, age: timedelta = timedelta(0)) -> Tries:
        """Tries, with ever longer waits between them, until the budget of time is spent.

        They end sooner where the run is spent: what was waited for is then not known.

        Args:
            why: what is waited for, for people.
            budget: for how long.
            age: for how long it has been waited for already: the waits begin accordingly.
        """
        grace = self.settings.grace
        first = max(self.settings.pause, min(age / 2, grace))
        return Tries(self.moment, lambda: self.is_spent, why, budget, first=first, longest=grace)

    def count(self, requests: int) -> None:
        """Counts the requests that a call has sent."""
        self.requests += requests
        self.orders = max(self.orders, len(self.record.resting))
        self.dearest = max(self.dearest, requests)

    def has_searched(self, order_link_ids: Collection[str]) -> None:
        """Notes orders that left no trace for as long as reads may lag."""
        self.searched.update(order_link_ids)

    def note_search(self) -> None:
        """Notes that an order is in no list, and is looked up again and again."""
        self.searches = True

    def lose_an_answer(self) -> None:
        """Notes that nobody answered a write: its orders are looked up one by one."""
        self.lost_an_answer = True

    def has_read(self, since: Moment, whole: Observation | None) -> None:
        """Notes the read that the next decisions are made by."""
        self.read_at = self.asked_at = since
        self.changes_read = whole.changes if whole else None
        self.read_number = whole.read if whole else 0
        self.read_ms = whole.read_ms if whole else 0

    def has_followed(self) -> None:
        """Notes that the orders of the last read go on record."""
        self.followed_at = self.read_at

    def has_asked(self, since: Moment) -> None:
        """Notes that it looked something up, and had not stood still since it asked before."""
        if not self._has_stood_still_until(since):
            self.asked_at = since

    @property
    def has_stood_still(self) -> bool:
        """Whether too much time has passed to send what it decided by what it asked for."""
        return self._has_stood_still_until(self.moment())

    def hold(self) -> None:
        """Notes that writes were held back: what they were decided by does not hold any more."""
        self.held += 1

    @property
    def is_held_up(self) -> bool:
        """Whether its writes were held back so often that it ends; the next run begins at once."""
        return self.held > _MOST_HELD

    def _has_stood_still_until(self, moment: Moment) -> bool:
        """Each time that it was held back, it may take twice as long: slow machines get on, too."""
        if self.asked_at is None:
            return False
        return moment - self.asked_at > self.settings.decided_within * (1 << self.held)

    @property
    def is_spent(self) -> bool:
        """Whether one more call might exceed the requests that the run may send.

        Its open intents then stay on record, and the next run resolves them.
        """
        return self._left < self.dearest

    def may_go_round(self, found: Findings, rounds: int = 1) -> bool:
        """Whether so many rounds are allowed; replacing level by level needs one per level."""
        has_rounds = found.rounds < self.settings.max_rounds + self._levels
        stops = found.refusals.key_refused or self.is_held_up
        return has_rounds and self._has_requests(found, rounds) and not stops

    @property
    def is_fresh(self) -> bool:
        """Whether it has sent no more than the reads of a first round: no run can do more."""
        return self.requests <= 2 * self.dearest and not self.intents

    def used_up(self, found: Findings) -> str:
        """Of what the run has nothing left, where it may not go round again: for people."""
        return "rounds" if self._has_requests(found) else "requests"

    def _has_requests(self, found: Findings, rounds: int = 1) -> bool:
        """Whether the reads of so many rounds can be made, before and after their writes.

        An order that has vanished, and may not be gone, is looked up at both times: half a read.
        """
        lost = sum(order.order_link_id in found.vanished for order in self.record.resting)
        return self._left > rounds * (2 + lost) * self.dearest

    @property
    def _left(self) -> int:
        """How many requests the run may still send.

        As many where an order is given up. Half as many more where the stop was set, which takes a
        round, and as many where an order is looked for: no list has it, or an answer was lost.
        """
        bound = self.settings.requests_for(max(self._levels, self.orders, len(self.record.resting)))
        halves = bool(self.lost_an_answer or self.searches) + bool(self.stops_done)
        return bound + halves * (bound // 2) - self.requests

    @property
    def _levels(self) -> int:
        return len(self.record.ladder.levels) if self.record.ladder else 0

    @property
    def writes_age(self) -> timedelta:
        """How long ago the newest write was sent that is still open; 0 where there is none."""
        ages = (self._age_now(intent) for intent in self.writes if intent.status.is_open)
        return min(ages, default=timedelta(0))

    def enter(self, state: StateName) -> None:
        """Puts the state into the record."""
        self.record = replace(self.record, state=state)
