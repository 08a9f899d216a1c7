"""What the entries have paid, by the position's trades."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup import Ladder, MonitorRecord, Side
from trueup.domain.model.events import Cause
from trueup.domain.model.identity import MonitorKey, Role
from trueup.domain.model.order import Execution
from trueup.domain.model.protection import EntryFees, StopRecord
from trueup.domain.model.record import Origin, OwnedOrder, OwnedStatus, PositionAnchor
from trueup.domain.model.stop import Breakeven, Stop
from trueup.domain.protection.entry_fees import entry_fees, trades_since

from .positions import RULES

D = Decimal
TAKER = D("0.00055")
A_MINUTE_MS, SIX_DAYS_MS, NOW_MS = 60_000, 518_400_000, 1_700_000_000_000


def record(size: str = "10", side: Side = Side.BUY) -> MonitorRecord:
    """A monitor whose position is at 100, with breakeven by fees after 1 % of profit."""
    even = Breakeven.of(after_percent=1, offset="fees")
    stop = StopRecord(Stop.of(percent=2, breakeven=even), best=D(101), best_ms=NOW_MS)
    return MonitorRecord(
        1,
        MonitorKey("main", "BANDUSDT", side),
        Role.MAIN,
        None,
        Ladder.of((102, 100)),
        position_size=D(size),
        entry_price=D(100),
        stop=stop,
    )


def trade(
    at: int,
    side: Side,
    quantity: str,
    fee: str | None = None,
    *,
    closed: str = "0",
    rate: Decimal | None = None,
) -> Execution:
    """A trade of that moment; without a fee it names none."""
    return Execution(
        f"trade-{at}", "BANDUSDT", side, D(quantity), D(closed), at_ms=at, seq=at,
        order_id=f"order-{at}", cause=Cause.TRADE, fee=None if fee is None else D(fee),
        taker_rate=rate,
    )  # fmt: skip


def opens(at: int, quantity: str, fee: str | None = None, rate: Decimal | None = None) -> Execution:
    """An entry of the long."""
    return trade(at, Side.BUY, quantity, fee, rate=rate)


def closes(at: int, quantity: str) -> Execution:
    """A close of a part of the long, which cost something."""
    return trade(at, Side.SELL, quantity, "9", closed=quantity)


def own(order_id: str, filled: str) -> OwnedOrder:
    """An order of ours that has filled."""
    return OwnedOrder(
        1, 1, "link", order_id, D(102), D(102), D(filled), D(filled), OwnedStatus.FILLED,
        Origin.PLACED,
    )  # fmt: skip


def paid(*trades: Execution, size: str = "10", orders: tuple[OwnedOrder, ...] = ()) -> EntryFees:
    """What the entries of the long have paid."""
    return entry_fees(record(size), trades, orders)


def test_entries_are_averaged_by_what_they_have_opened() -> None:
    """6 as a taker and 4 as a maker: 0.33 + 0.08 for 10."""
    found = paid(opens(1, "6", "0.33", TAKER), opens(2, "4", "0.08"))
    assert found == EntryFees(D(100), D(10), D("0.041"), TAKER)


def test_a_close_takes_its_part_of_the_fees_along() -> None:
    """0.6 for 10, of which 5 are left with 0.3; and 0.1 for 5 more: 0.4 for 10."""
    found = paid(opens(1, "10", "0.6"), closes(2, "5"), opens(3, "5", "0.1"))
    assert found.per_unit == D("0.04")
    assert found.taker_rate is None


def test_trades_of_before_the_position_count_for_nothing() -> None:
    last = (opens(1, "7", "70"), closes(2, "7"))
    assert paid(*last, opens(3, "10", "0.5")).per_unit == D("0.05")


def test_a_trade_that_turns_the_position_has_opened_only_its_rest() -> None:
    turn = trade(2, Side.BUY, "15", "1.5", closed="5")
    assert paid(trade(1, Side.SELL, "5", "9"), turn).per_unit == D("0.1")


def test_trades_of_the_other_side_of_a_hedge_are_none_of_this_position() -> None:
    other = (trade(2, Side.SELL, "3", "9"), trade(3, Side.BUY, "2", "9", closed="2"))
    assert paid(opens(1, "10", "0.5"), *other).per_unit == D("0.05")


def test_a_trade_that_is_listed_twice_counts_once_and_in_whatever_sequence() -> None:
    one, other = opens(1, "6", "0.3"), opens(2, "4", "0.1")
    assert paid(other, one, one, other).per_unit == D("0.04")


def test_a_fill_of_ours_that_the_list_lacks_yet_has_closed() -> None:
    """10 were opened, 4 of which our order has closed: the list shows 1 of them."""
    part = replace(closes(2, "1"), order_id="tp-1")
    fills = (own("tp-1", "4"),)
    assert paid(opens(1, "10", "0.5"), part, size="6", orders=fills).per_unit == D("0.05")
    assert paid(opens(1, "10", "0.5"), part, size="6").per_unit is None


@pytest.mark.parametrize(
    "trades",
    [
        (),
        (opens(1, "9", "0.5"),),
        (opens(1, "11", "0.5"),),
        (opens(1, "6", "0.5"), opens(2, "4")),
        (opens(1, "6", "0.5"), replace(opens(2, "4", "0.1"), cause=Cause.UNKNOWN)),
    ],
    ids=["no trades", "an entry is missing", "a close is missing", "no fee", "no order book"],
)
def test_what_does_not_add_up_or_is_not_said_is_unknown(trades: tuple[Execution, ...]) -> None:
    found = paid(*trades)
    assert (found.entry, found.size, found.per_unit) == (D(100), D(10), None)


@given(
    entries=st.lists(
        st.tuples(st.integers(1, 50), st.decimals("-0.5", 5, places=4)), min_size=1, max_size=6
    ),
    data=st.data(),
)
def test_the_average_is_that_of_the_entries_and_never_less(
    entries: list[tuple[int, Decimal]], data: st.DataObject
) -> None:
    trades = [opens(at, str(size), str(fee)) for at, (size, fee) in enumerate(entries)]
    size = sum(size for size, _ in entries)
    found = paid(*data.draw(st.permutations(trades)), size=str(size)).per_unit
    assert found is not None
    excess = found * size - sum(fee for _, fee in entries)
    assert 0 <= excess < D("1e-14")


def test_trades_are_read_once_the_rule_is_due_and_for_each_set_of_entries() -> None:
    due = record()
    assert due.stop is not None
    assert trades_since(due, RULES) == NOW_MS - SIX_DAYS_MS
    opened = replace(due, anchor=PositionAnchor(D(10), NOW_MS, opened_ms=NOW_MS - 5))
    assert trades_since(opened, RULES) == NOW_MS - 5 - A_MINUTE_MS
    early = replace(due, stop=replace(due.stop, best=D("100.9")))
    assert trades_since(early, RULES) is None
    known = replace(due.stop, fees=EntryFees(D(100), D(10)))
    assert trades_since(replace(due, stop=known), RULES) is None
    by_percent = Stop.of(percent=2, breakeven=Breakeven.of(after_percent=1, offset="0.08"))
    assert trades_since(replace(due, stop=replace(due.stop, wanted=by_percent)), RULES) is None


def test_another_entry_asks_anew_and_a_close_does_not() -> None:
    fees = EntryFees(D(100), D(10), D("0.05"), TAKER)
    smaller = fees.after(D(4), D(100))
    assert smaller == replace(fees, size=D(4))
    assert smaller.after(D(5), D(100)) is None, "an entry at the average price itself"
    assert fees.after(D(10), D(101)) is None
