"""The step that is committed over and over: it announces amends, and the last ones are over."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from trueup import Ladder, MonitorKey, MonitorRecord, Role, StateName
from trueup.domain.model.commands import Operation
from trueup.domain.model.intent import Intent, IntentStatus
from trueup.domain.model.journal import Decision, ExchangeCall, Transition
from trueup.domain.model.record import Origin, OwnedOrder, OwnedStatus
from trueup.domain.store import Step
from trueup.storage import SqlStore

from .world import AFTER, PRICES, SHARES, SIDE

LEVELS = len(PRICES)
DECISIONS = 6
_NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def watched(store: SqlStore, number: int) -> MonitorRecord:
    """Puts a monitor with a ladder and four live orders on record; each number has its own."""
    key = MonitorKey("mirror", f"COIN{number}USDT", SIDE)
    record = store.watch(key, Role.MIRROR, "main", Ladder.of(*zip(PRICES, SHARES, strict=True)))
    record = replace(record, position_size=AFTER, orders=_ORDERS[0], state=StateName.PLACING)
    return store.commit(Step(record))


def step(record: MonitorRecord) -> Step:
    """The next step of the monitor, under new ids; all of its orders and levels change."""
    last, run = (f"{record.id}-{record.version + more}" for more in (-1, 0))
    orders = _ORDERS[record.version % 2]
    return Step(
        record=replace(record, orders=orders, last_run_id=run),
        before=record,
        transitions=(Transition(run, StateName.VALIDATING, "short", StateName.PLACING, _NOON),),
        calls=(ExchangeCall(run, "observe", "", "complete", None, 61, _NOON, "size 921.9"),),
        decisions=tuple(
            Decision(run, StateName.VALIDATING, f"✏️ Amending TP{n}: 261.4 → 783.7", _NOON)
            for n in range(DECISIONS)
        ),
        intents=(
            *(replace(_intent(last, o), status=IntentStatus.CONFIRMED) for o in orders),
            *(_intent(run, order) for order in orders),
        ),
        targets={order.level: order.quantity for order in orders},
    )


def _order(level: int, price: str, quantity: str) -> OwnedOrder:
    return OwnedOrder(
        level=level,
        part=1,
        order_link_id=f"MIR_TP{level}_BANDUSDT_1737809937842_7432",
        order_id="9b4e2f3c-7d3e-4d7e-9a59-2f3f6d1f6b1c",
        price=Decimal(price),
        asked_price=Decimal(price),
        quantity=Decimal(quantity),
        filled=Decimal(0),
        status=OwnedStatus.OPEN,
        origin=Origin.PLACED,
    )


def _intent(run: str, order: OwnedOrder) -> Intent:
    return Intent(
        id=f"{run}-{order.level}",
        run_id=run,
        operation=Operation.AMEND,
        level=order.level,
        part=order.part,
        order_link_id=order.order_link_id,
        order_id=order.order_id,
        price=None,
        quantity=Decimal("138.0"),
        created_at=_NOON,
        covered=order.quantity,
        covers=Decimal("138.0"),
    )


_ORDERS = tuple(
    tuple(_order(level, price, quantity) for level, price in enumerate(PRICES, start=1))
    for quantity in ("46.0", "46.1")
)
