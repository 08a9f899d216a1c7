"""Which entries are to go: by the record and the orders alone, and exactly those."""

from dataclasses import replace
from decimal import Decimal

import pytest

from trueup import CancelEntries, Ladder, MonitorRecord, Role, Side, Stop
from trueup.domain.model.identity import MonitorKey
from trueup.domain.model.order import Order, OrderKind, OrderStatus, OrderType
from trueup.domain.model.protection import StopEnd, StopRecord
from trueup.domain.model.record import Origin, OwnedOrder, OwnedStatus
from trueup.domain.protection.entries import entries_to_cancel

D = Decimal
FILLED_MS = 5000
RULE = Stop.of(percent=5, cancel_entries=CancelEntries.of("BOT_*_LIMIT*", 2))
ENTRY = Order(
    "order-9",
    "BOT_0aeb9057_LIMIT2",
    "BANDUSDT",
    Side.SELL,
    OrderType.LIMIT,
    D("0.7"),
    D(100),
    D(0),
    OrderStatus.OPEN,
    reduce_only=False,
    created_ms=1000,
)


def _owned(level: int, status: OwnedStatus) -> OwnedOrder:
    filled = D(10) if status is OwnedStatus.FILLED else D(0)
    return OwnedOrder(
        level, 1, f"BOT_TP{level}", f"order-{level}", D("0.6"), D("0.6"), D(10), filled, status,
        Origin.PLACED, updated_ms=FILLED_MS,
    )  # fmt: skip


def _record(*filled: int, size: str = "30", stop: Stop = RULE) -> MonitorRecord:
    ladder = Ladder.of(("0.66", 40), ("0.64", 30), ("0.62", 30))
    status = {True: OwnedStatus.FILLED, False: OwnedStatus.OPEN}
    return MonitorRecord(
        1,
        MonitorKey("main", "BANDUSDT", Side.SELL),
        Role.MAIN,
        None,
        ladder,
        position_size=D(size),
        orders=tuple(_owned(one.number, status[one.number in filled]) for one in ladder.levels),
        stop=StopRecord(stop),
    )


def _gone(record: MonitorRecord, order: Order = ENTRY, index: int = 0) -> bool:
    return entries_to_cancel(record, [order], index) == (order,)


@pytest.mark.parametrize(
    ("filled", "is_to_go"),
    [((), False), ((1,), False), ((1, 2), True), ((2,), True), ((3,), True)],
)
def test_it_goes_once_its_level_or_one_beyond_has_filled(
    filled: tuple[int, ...], *, is_to_go: bool
) -> None:
    assert _gone(_record(*filled)) is is_to_go


OTHERS = {
    "of another name": replace(ENTRY, order_link_id="0aeb9057_LIMIT2"),
    "without a name": replace(ENTRY, order_link_id=""),
    "of the other side": replace(ENTRY, side=Side.BUY),
    "of another symbol": replace(ENTRY, symbol="BTCUSDT"),
    "of the other position": replace(ENTRY, position_index=2),
    "that reduces": replace(ENTRY, reduce_only=True),
    "of the exchange's own": replace(ENTRY, kind=OrderKind.TAKE_PROFIT),
    "that is closed": replace(ENTRY, status=OrderStatus.FILLED),
    "that is on record": replace(ENTRY, order_id="order-3"),
}


@pytest.mark.parametrize("kind", OTHERS)
def test_none_goes(kind: str) -> None:
    assert not _gone(_record(1, 2), OTHERS[kind])


def test_one_that_waits_for_a_trigger_goes() -> None:
    waits = replace(
        ENTRY, status=OrderStatus.PENDING_TRIGGER, kind=OrderKind.OTHER, trigger_price=D("0.69")
    )
    assert _gone(_record(1, 2), waits)


def test_in_hedge_mode_only_those_of_the_same_index() -> None:
    assert _gone(_record(1, 2), replace(ENTRY, position_index=2), index=2)


def test_none_goes_without_the_rule_or_once_it_is_taken_off() -> None:
    assert not _gone(_record(1, 2, stop=Stop.of(percent=5)))
    record = _record(1, 2)
    assert record.stop is not None
    assert not _gone(replace(record, stop=None))
    assert not _gone(replace(record, stop=replace(record.stop, ended=StopEnd.SAID)))


def test_a_level_that_a_second_part_still_covers_has_not_filled() -> None:
    record = _record(1, 2)
    rests = replace(_owned(2, OwnedStatus.OPEN), part=2, order_link_id="BOT_TP2b", order_id="b")
    assert not _gone(replace(record, orders=(*record.orders, rests)))


def test_orders_of_the_last_position_count_for_nothing() -> None:
    record = _record(1, 2)
    orders = tuple(replace(order, level=-1) for order in record.orders)
    assert not _gone(replace(record, orders=orders))


@pytest.mark.parametrize(
    ("created_ms", "is_to_go"), [(0, False), (1, True), (FILLED_MS, True), (FILLED_MS + 1, False)]
)
def test_once_the_position_is_closed_only_those_go_that_were_there(
    created_ms: int, *, is_to_go: bool
) -> None:
    """While it is open a later one goes as well; one of unknown age stays once it is closed."""
    entry = replace(ENTRY, created_ms=created_ms)
    assert _gone(_record(1, 2), entry)
    assert _gone(_record(1, 2, 3, size="0"), entry) is is_to_go
