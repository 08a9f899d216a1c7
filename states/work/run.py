"""A run: one pass of a monitor's machine, with what it has seen and is about to commit."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from ...domain.model.alert import Alert
from ...domain.model.commands import Operation
from ...domain.model.identity import MonitorKey
from ...domain.model.instrument import ZERO, Instrument
from ...domain.model.intent import Intent, IntentStatus
from ...domain.model.journal import Decision, ExchangeCall
from ...domain.model.ladder import Ladder
from ...domain.model.observation import Observation
from ...domain.model.record import MonitorRecord, Origin, OwnedOrder, RunOutcome, StateName
from ...domain.planning.plan import Plan
from ...domain.planning.targets import Targets
from ...domain.ports import Clock, Exchange, Randomness
from .settings import RunSettings


@dataclass(frozen=True, slots=True)
class Ports:
    """What a run reaches the world through.

    Attributes:
        main_ladder: the stored ladder of the monitor that this one's account follows: its
            prices and shares, and nothing else of another account (promise P8).
        why_no_main_ladder: the reason, for people, where that gives None.
        wakes: the monitor's count of wakes now.
        last_alert: the monitor's newest alert, or None.
        log: takes the run and one line a decision, for people.
        reach: told the name of every crash point that is reached; does nothing, but in tests.
    """

    exchange: Exchange
    clock: Clock
    randomness: Randomness
    main_ladder: Callable[[MonitorKey, str], Ladder | None]
    wakes: Callable[[int], int]
    last_alert: Callable[[int], Alert | None]
    log: Callable[[str, str], None]
    reach: Callable[[str], None] = lambda _point: None
    why_no_main_ladder: Callable[[MonitorKey, str], str] = lambda _key, main: f"none of {main}"


@dataclass(frozen=True, slots=True)
class Result:
    """What a state's action came to: the event to send, and why."""

    event: str
    detail: str = ""


@dataclass(slots=True)
class Run:
    """One pass from Idle back to Idle. Nothing in it outlives the process but by a commit.

    Attributes:
        record: the monitor as the next commit shall make it.
        intents: every intent of this run, oldest first; the alert is told from them.
        inherited: intents of earlier runs that are still to be settled.
        changed: ids of intents that the next commit writes.
        fresh: ids of intents announced since Validating last began: only these are sent.
        notes: lines for the alert: reasons, merges, foreign orders.
        bent: what the targets of its plans had to bend: merges, splits, levels armed again.
        outcome: set by the state that ends the run otherwise than by its intents.
        reason: why the run cannot go on; for the outcome.
        rounds: how often it went back to Validating.
        stopped: whether a further round is of no use: the key was refused.
        verified: False once orders were amended without a read of the orders.
        not_amendable: order ids whose amend the exchange refused.
        unplaceable: level parts whose place was refused for good in this run.
        resumed: whether the process that started the run is gone.
        position_before: the position's size on record when the run began.
        was_flat: whether the monitor's last run saw no position: one that is open now is new.
        recovered: whether the record was completed in this run.
        adopted: how many live orders Recovering put on record since Validating last began.
        must_pause: whether the exchange asked for a pause before the next round.
        before: by order link id, the order as it was before an amend in flight.
        why_closed: by order link id, what the exchange said of an order it closed.
        in_flight: by order link id, an amend or cancel that no read showed, and may yet.
        counted: by order link id, what had filled when the record's position was taken.
    """

    id: str
    record: MonitorRecord
    ports: Ports
    settings: RunSettings
    position_before: Decimal = ZERO
    intents: list[Intent] = field(default_factory=list)
    inherited: list[Intent] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)
    fresh: set[str] = field(default_factory=set)
    calls: list[ExchangeCall] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    instrument: Instrument | None = None
    targets: Targets | None = None
    adjusted: tuple[str, ...] = ()
    plan: Plan | None = None
    observation: Observation | None = None
    outcome: RunOutcome | None = None
    reason: str = ""
    rounds: int = 0
    stopped: bool = False
    verified: bool = True
    size_known: bool = False
    not_amendable: set[str] = field(default_factory=set)
    unplaceable: dict[tuple[int, int], str] = field(default_factory=dict)
    resumed: bool = False
    was_flat: bool = False
    recovered: bool = False
    adopted: int = 0
    must_pause: bool = False
    before: dict[str, OwnedOrder] = field(default_factory=dict)
    why_closed: dict[str, str] = field(default_factory=dict)
    in_flight: dict[str, Intent] = field(default_factory=dict)
    counted: dict[str, Decimal] = field(init=False)

    def __post_init__(self) -> None:
        self.position_taken()

    def position_taken(self) -> None:
        """The record's position is of now: what its orders have filled is counted in it."""
        self.counted = {order.order_link_id: order.filled for order in self.record.orders}

    @property
    def has_filled(self) -> bool:
        """Whether an order filled since the record's position was taken; adopted ones had."""
        return any(
            order.filled > self.counted.get(order.order_link_id, _before(order))
            for order in self.record.orders
        )

    @property
    def key(self) -> MonitorKey:
        """The monitor."""
        return self.record.key

    def now(self) -> datetime:
        """The time, by the run's clock."""
        return self.ports.clock.now()

    def decide(self, text: str) -> None:
        """Puts a decision into the journal and the log."""
        self.decisions.append(Decision(self.id, self.record.state, text, self.now()))
        self.ports.log(self.id, text)

    def note(self, text: str) -> None:
        """Adds a line to the alert, once."""
        if text not in self.notes:
            self.notes.append(text)

    def announce(self, intent: Intent) -> None:
        """Adds an intent; it is durable with the next commit, before anything is sent."""
        self.intents.append(intent)
        self.changed.add(intent.id)
        self.fresh.add(intent.id)

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
        """The order of the intent, as on record; a record without it is a defect."""
        owned = self.record.order(order_link_id=intent.order_link_id, order_id=intent.order_id)
        if owned is None:
            raise LookupError(f"intent {intent.id} is for an order that is not on record")
        return owned

    def open_intents(self) -> tuple[Intent, ...]:
        """Intents of this run that are not settled."""
        return tuple(intent for intent in self.intents if intent.status.is_open)

    def to_send(self, operation: Operation) -> list[Intent]:
        """Open intents of this round. One of an earlier round may be for a position that moved."""
        return [i for i in self.open_intents() if i.operation is operation and i.id in self.fresh]

    def tries(self, budget: timedelta) -> Iterator[int]:
        """Numbers tries, waiting between them ever longer, until the budget of time is spent."""
        until = self.now() + budget
        pause = self.settings.pause
        number = 1
        while True:
            yield number
            now = self.now()
            if now >= until:
                return
            self.ports.clock.sleep(min(pause, until - now))
            pause = min(pause * 2, self.settings.grace)
            number += 1

    def target_quantities(self) -> dict[int, Decimal] | None:
        """What each level of the ladder shall rest with; None before it is known."""
        ladder = self.record.ladder
        if self.targets is None or ladder is None:
            return None
        return {level.number: self.targets.of_level(level.number) for level in ladder.levels}

    @property
    def may_go_round(self) -> bool:
        """Whether another round is allowed; replacing level by level needs one a level."""
        levels = len(self.record.ladder.levels) if self.record.ladder else 0
        return not self.stopped and self.rounds < self.settings.max_rounds + levels

    def enter(self, state: StateName) -> None:
        """Puts the state into the record."""
        self.record = replace(self.record, state=state)


def _before(order: OwnedOrder) -> Decimal:
    """What an order had filled that was not on record: all of it, if somebody else placed it."""
    return order.filled if order.origin is Origin.ADOPTED else ZERO
