"""Values that the tests store: the seed's own monitor, and journal rows by the piece."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from trueup.domain.model.alert import Alert, Delivery
from trueup.domain.model.close.closing import (
    CloseCause,
    CloseCommand,
    CloseEnd,
    Closing,
    ClosingRecord,
)
from trueup.domain.model.commands import Operation
from trueup.domain.model.events import (
    Cause,
    Event,
    LadderChanged,
    LevelFilled,
    PositionClosed,
    Realised,
    Trade,
    Uncovered,
    UnwatchedPosition,
)
from trueup.domain.model.identity import MonitorKey, Role, Side
from trueup.domain.model.intent import Intent, IntentStatus
from trueup.domain.model.journal import Decision, ExchangeCall, Transition
from trueup.domain.model.ladder import Ladder
from trueup.domain.model.protection import PositionStop, StopIntent, StopRecord
from trueup.domain.model.record import (
    MonitorRecord,
    Origin,
    OwnedOrder,
    OwnedStatus,
    RunOutcome,
    StateName,
)
from trueup.domain.model.stop import Stop
from trueup.domain.model.stop_events import Unprotected
from trueup.domain.reporting.account_status import AccountStatus, ViewWord
from trueup.domain.reporting.engine_start import EngineStart
from trueup.domain.stopping.command import Command, CommandKind, CommandRecord
from trueup.domain.stopping.control import Control, ControlKind, Scope
from trueup.domain.store import Step
from trueup.storage import SqlStore

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
KEY = MonitorKey("mirror", "BANDUSDT", Side.SELL)
LADDER = Ladder.of(("0.95", 85), ("0.90", 5), ("0.85", 5), ("0.80", 5))


def watched(store: SqlStore, key: MonitorKey = KEY) -> MonitorRecord:
    """The monitor of the key, new in the store, with the sample ladder."""
    return store.watch(key, Role.MIRROR, "main", LADDER)


def order(level: int, quantity: str, status: OwnedStatus = OwnedStatus.OPEN) -> OwnedOrder:
    """An owned order of the level, its ids made of the level's number."""
    price = LADDER.levels[level - 1].price
    filled = Decimal(quantity) if status is OwnedStatus.FILLED else Decimal(0)
    return OwnedOrder(
        level=level,
        part=1,
        order_link_id=f"MIR_TP{level}_BANDUSDT_1737809937842_7432",
        order_id=f"id-{level}",
        price=price,
        asked_price=price,
        quantity=Decimal(quantity),
        filled=filled,
        status=status,
        origin=Origin.PLACED,
    )


def transition(run_id: str = "r1") -> Transition:
    """A machine's first step."""
    return Transition(run_id, StateName.IDLE, "wake", StateName.VALIDATING, NOON, "start-up")


def call(run_id: str = "r1") -> ExchangeCall:
    """A place that was accepted."""
    return ExchangeCall(run_id, "place", "MIR_TP1", "accepted", 0, 61, NOON)


def decision(run_id: str = "r1") -> Decision:
    """What a state thought."""
    return Decision(run_id, StateName.VALIDATING, "TP1 is short of 10", NOON)


def intent(identity: str = "r1-1") -> Intent:
    """A place that is about to be sent."""
    return Intent(
        id=identity,
        run_id="r1",
        operation=Operation.PLACE,
        level=1,
        part=1,
        order_link_id="MIR_TP1",
        order_id="",
        price=Decimal("0.95"),
        quantity=Decimal("85.0"),
        created_at=NOON,
    )


def alert(key: MonitorKey = KEY, run_id: str = "r1", text: str = "TP1 placed") -> Alert:
    """What people are told of the run."""
    return Alert(run_id, key, RunOutcome.SUCCESS, text, NOON)


EVENTS: tuple[Event, ...] = (
    LevelFilled(
        1,
        Decimal("85.0"),
        Decimal("0.95"),
        Decimal(0),
        "MIR_TP1",
        executions=(
            Trade("e-1", Decimal(60), Decimal("0.96"), NOON, Decimal("0.02")),
            Trade("e-2", Decimal(25)),
        ),
    ),
    PositionClosed(
        Cause.ADL,
        Decimal(100),
        Decimal("85.0"),
        Realised(Decimal(100), Decimal(15), Decimal("-4.25"), Decimal("0.02"), Decimal(40)),
    ),
    Uncovered(NOON, Decimal(15), "the key was refused"),
    LadderChanged("given", None, LADDER),
    Unprotected(NOON, Decimal(100), "the market is past it"),
)
"""What a run reported: an event for each view of events."""


def start(**settings: str) -> EngineStart:
    """A start of the service with these settings."""
    return EngineStart(NOON, {"trueup": "0.1.0", "pybit": "5.17.0"}, settings)


STOP = StopRecord(
    Stop.of(percent=5),
    cycle=1,
    asked=PositionStop(Decimal("0.714")),
    rule="5 % from the entry",
    first=Decimal("0.714"),
    generation=1,
    seen=PositionStop(Decimal("0.714")),
)


def stop_intent(run_id: str = "r1") -> StopIntent:
    """A request that has set the stop of a position."""
    return StopIntent(
        f"{run_id}-stop-1",
        run_id,
        1,
        1,
        0,
        PositionStop(Decimal("0.714")),
        "5 % from the entry",
        PositionStop(),
        NOON,
        status=IntentStatus.CONFIRMED,
        resolved_at=NOON,
    )


def close_intent(run_id: str = "r1") -> Intent:
    """A request that has closed half of a position."""
    return Intent(
        id=f"{run_id}-close-1",
        run_id=run_id,
        operation=Operation.CLOSE,
        level=0,
        part=1,
        order_link_id="MIR_CLOSE",
        order_id="c1",
        price=None,
        quantity=Decimal(50),
        created_at=NOON,
        covered=Decimal(100),
        covers=Decimal(50),
        status=IntentStatus.CONFIRMED,
        detail="filled 50",
        resolved_at=NOON,
    )


CLOSING = ClosingRecord(
    taken=3,
    last=Closing(
        CloseCommand(CloseCause.COMMAND, 1, Decimal(50), "ann@host", "enough", 3),
        Decimal(100),
        Decimal(50),
        NOON,
        Decimal(50),
        ("MIR_CLOSE",),
        CloseEnd.DONE,
    ),
)


def filled(store: SqlStore, key: MonitorKey = KEY, run_id: str = "r1") -> None:
    """A monitor with a row in every view, but for those of closes."""
    record = watched(store, key)
    store.commit(
        Step(
            replace(
                record,
                position_size=Decimal("100.00"),
                orders=(
                    order(1, "50.50"),
                    replace(order(1, "34.50"), part=2, order_link_id="L2", order_id=""),
                    order(2, "5", OwnedStatus.FILLED),
                    order(3, "5", OwnedStatus.PENDING_NEW),
                    order(4, "5", OwnedStatus.CANCELLED),
                ),
                last_outcome=RunOutcome.PARTIAL,
                last_run_id=run_id,
                last_run_at=NOON,
                position_read_at=NOON,
                stop=STOP,
            ),
            transitions=(transition(run_id),),
            calls=(call(run_id),),
            decisions=(decision(run_id),),
            intents=(replace(intent(f"{run_id}-1"), run_id=run_id),),
            alert=alert(key, run_id),
            targets={1: Decimal(85), 2: Decimal(0), 3: Decimal(5), 4: Decimal(5)},
            events=EVENTS,
            stops=(stop_intent(run_id),),
        )
    )
    store.engine_started(start(interval="15 s"))
    store.swept(AccountStatus(key.account, NOON, 1, 0, ViewWord.SWEPT))
    store.note_deliveries(
        [replace(each, deliveries={"log": Delivery(1, NOON)}) for each in store.pending_alerts()]
    )
    store.control(Control(ControlKind.PAUSE, Scope(key.account), NOON, "ann@host"))
    command = Command("c-1", CommandKind.RECONCILE, Scope(key.account), "ann@host", NOON)
    store.begin_command(CommandRecord(command))
    store.note_unwatched(key, UnwatchedPosition(Decimal(5), Decimal(2), NOON), NOON)


def closed(store: SqlStore, key: MonitorKey = KEY, run_id: str = "r1") -> None:
    """A monitor that is there, with a row in the views of closes."""
    record = replace(watched(store, key), closing=CLOSING)
    store.commit(Step(record, intents=(close_intent(run_id),)))
