"""What a sweep sees, and what it leaves alone."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from trueup import Ladder, MonitorKey, MonitorRecord, Role, RunOutcome, Side, StateName
from trueup.domain.model.observation import Flat, Observation
from trueup.domain.model.order import Order, OrderStatus, OrderType, Position
from trueup.domain.model.record import Origin, OwnedOrder, OwnedStatus
from trueup.domain.tracking.drift import drift_of

KEY = MonitorKey("mirror", "BANDUSDT", Side.BUY)
LADDER = Ladder.of(("0.72", 100))
AT = datetime(2026, 1, 1, tzinfo=UTC)
OWNED = OwnedOrder(
    level=1,
    part=1,
    order_link_id="MIR_TP1_BANDUSDT_1737809937842_7432",
    order_id="one",
    price=Decimal("0.72"),
    asked_price=Decimal("0.72"),
    quantity=Decimal(10),
    filled=Decimal(0),
    status=OwnedStatus.OPEN,
    origin=Origin.PLACED,
)
RECORD = MonitorRecord(
    id=1,
    key=KEY,
    role=Role.MIRROR,
    follows="main",
    ladder=LADDER,
    ladder_source="main",
    position_size=Decimal(10),
    entry_price=Decimal("0.7"),
    orders=(OWNED,),
    last_outcome=RunOutcome.SUCCESS,
)
ORDER = Order(
    order_id="one",
    order_link_id=OWNED.order_link_id,
    symbol="BANDUSDT",
    side=Side.SELL,
    order_type=OrderType.LIMIT,
    price=Decimal("0.72"),
    quantity=Decimal(10),
    filled=Decimal(0),
    status=OrderStatus.OPEN,
    reduce_only=True,
)
POSITION = Position("BANDUSDT", Side.BUY, Decimal(10), Decimal("0.7"))


def seen(position: Position | None = POSITION, *orders: Order) -> Observation:
    return Observation("mirror", AT, () if position is None else (position,), orders)


def flat(*orders: Order) -> Observation:
    return replace(seen(None, *orders), flat=(Flat("BANDUSDT", Side.BUY),))


def test_a_flat_position_stays_flat_without_a_row() -> None:
    idle = replace(RECORD, position_size=Decimal(0), entry_price=Decimal(0), orders=())
    assert drift_of(idle, seen(None), LADDER) is None
    assert drift_of(idle, seen(POSITION), LADDER) == "the position was 0 and is now 10"


def test_what_stands_as_it_was_left_is_left_alone() -> None:
    foreign = replace(ORDER, order_id="two", order_link_id="")
    assert drift_of(RECORD, seen(POSITION, ORDER, foreign), LADDER) is None


@pytest.mark.parametrize(
    ("record", "reading", "why"),
    [
        (
            RECORD,
            seen(replace(POSITION, size=Decimal(20)), ORDER),
            "the position was 10 and is now 20",
        ),
        (RECORD, flat(ORDER), "the position was 10 and is now 0"),
        (RECORD, seen(None, ORDER), "the position was 10 and is not listed"),
        (RECORD, seen(POSITION), "an order on record is no longer open as recorded"),
        (
            RECORD,
            seen(POSITION, replace(ORDER, filled=Decimal(4))),
            "an order has changed",
        ),
        (
            RECORD,
            seen(POSITION, replace(ORDER, price=Decimal("0.73"))),
            "an order has changed",
        ),
        (
            RECORD,
            seen(POSITION, replace(ORDER, reduce_only=False)),
            "an order on record is no longer open as recorded",
        ),
        (
            replace(RECORD, state=StateName.PLACING),
            seen(POSITION, ORDER),
            "the last run stopped in Placing",
        ),
        (
            replace(RECORD, last_outcome=None),
            seen(POSITION, ORDER),
            "no run has checked this monitor yet",
        ),
        (
            replace(RECORD, ladder=Ladder.of(("0.71", 100))),
            seen(POSITION, ORDER),
            "the ladder of main has changed",
        ),
    ],
)
def test_what_changed_is_told(record: MonitorRecord, reading: Observation, why: str) -> None:
    assert drift_of(record, reading, LADDER) == why


def test_a_mirror_with_a_ladder_of_its_own_does_not_follow_its_main() -> None:
    own = replace(RECORD, ladder=LADDER, ladder_source="given")
    assert drift_of(own, seen(POSITION, ORDER), Ladder.of(("0.99", 100))) is None
