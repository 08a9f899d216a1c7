"""A run: one pass of a monitor's machine, with what its next commit will write."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from ...domain.model.alert import Alert
from ...domain.model.commands import Operation
from ...domain.model.identity import MonitorKey
from ...domain.model.instrument import ZERO
from ...domain.model.intent import Intent, IntentStatus
from ...domain.model.journal import Decision, ExchangeCall
from ...domain.model.ladder import Ladder
from ...domain.model.record import MonitorRecord, OwnedOrder, StateName
from ...domain.ports import Clock, Exchange, Moment, Randomness
from .findings import Findings
from .settings import RunSettings


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports through which a run reaches the world.

    Attributes:
        main_ladder: the stored ladder of the main monitor that this one follows: its prices and
            shares, and nothing else of another account (promise P8).
        why_no_main_ladder: the reason, for people, where ``main_ladder`` returns None.
        wakes: the monitor's count of wakes now.
        last_alert: the monitor's newest alert, or None.
        log: writes one line for people; it gets the run's id and the line.
        barred: why no write of the account may leave; empty if it may.
        reach: called with the name of every crash point that the run reaches; does nothing outside
            of tests.
    """

    exchange: Exchange
    clock: Clock
    randomness: Randomness
    main_ladder: Callable[[MonitorKey, str], Ladder | None]
    wakes: Callable[[int], int]
    last_alert: Callable[[int], Alert | None]
    log: Callable[[str, str], None]
    barred: Callable[[], str] = lambda: ""
    reach: Callable[[str], None] = lambda _point: None
    why_no_main_ladder: Callable[[MonitorKey, str], str] = lambda _key, main: f"none of {main}"


@dataclass(slots=True)
class Run:
    """One pass from Idle back to Idle. Only what is committed outlives the process.

    Attributes:
        record: the monitor as the next commit will store it.
        position_before: the position's size on record when the run began.
        intents: every intent of this run, oldest first; the alert is made from them.
        inherited: intents of earlier runs that are still to be settled.
        changed: ids of intents that the next commit writes.
        calls: of the exchange, for the journal of the step under way.
        decisions: for the journal of the step under way.
        notes: lines for the alert: reasons, merges, external orders.
        notices: lines that are a reason for an alert by themselves.
    """

    id: str
    record: MonitorRecord
    ports: Ports
    settings: RunSettings
    position_before: Decimal = ZERO
    intents: list[Intent] = field(default_factory=list)
    inherited: list[Intent] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)
    calls: list[ExchangeCall] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    notices: tuple[str, ...] = ()

    @property
    def key(self) -> MonitorKey:
        """The monitor."""
        return self.record.key

    def now(self) -> datetime:
        """The time by the wall clock, for records."""
        return self.ports.clock.now()

    def moment(self) -> Moment:
        """The moment, for durations."""
        return self.ports.clock.moment()

    def decide(self, text: str) -> None:
        """Writes a decision into the journal and the log."""
        self.decisions.append(Decision(self.id, self.record.state, text, self.now()))
        self.ports.log(self.id, text)

    def note(self, text: str) -> None:
        """Adds a line to the alert, once."""
        if text not in self.notes:
            self.notes.append(text)

    def announce(self, intent: Intent) -> Intent:
        """Adds an intent; the next commit makes it durable before anything is sent."""
        self.intents.append(intent)
        self.changed.add(intent.id)
        return intent

    def settle(
        self, intent: Intent, status: IntentStatus, detail: str = "", code: int | None = None
    ) -> Intent:
        """Changes an intent's status; the next commit writes it."""
        done = replace(
            intent,
            status=status,
            detail=detail,
            code=code,
            resolved_at=None if status.is_open else self.now(),
        )
        for intents in (self.intents, self.inherited):
            intents[:] = [done if other.id == intent.id else other for other in intents]
        self.changed.add(intent.id)
        return done

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
        return tuple(intent for intent in self.intents if intent.status.is_open)

    def to_send(self, operation: Operation, announced: Collection[str]) -> list[Intent]:
        """The announced intents of this operation that are still open."""
        return [i for i in self.open_intents() if i.operation is operation and i.id in announced]

    def tries(self, budget: timedelta) -> Iterator[int]:
        """Counts tries, with ever longer pauses between them, until the budget of time is spent."""
        until = self.moment() + budget
        pause = self.settings.pause
        number = 1
        while True:
            yield number
            now = self.moment()
            if now >= until:
                return
            self.ports.clock.sleep(min(pause, until - now))
            pause = min(pause * 2, self.settings.grace)
            number += 1

    def may_go_round(self, found: Findings) -> bool:
        """Whether another round is allowed; replacing level by level needs one per level."""
        levels = len(self.record.ladder.levels) if self.record.ladder else 0
        allowed = self.settings.max_rounds + levels
        return not found.refusals.key_refused and found.rounds < allowed

    @property
    def in_flight_for(self) -> timedelta:
        """How long after it left a request may still take effect, and reads may lag behind that."""
        return self.ports.exchange.lateness.requests + self.settings.vanishing

    def enter(self, state: StateName) -> None:
        """Puts the state into the record."""
        self.record = replace(self.record, state=state)
