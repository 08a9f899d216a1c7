"""What closing a position has brought: what is known of it, and how much of it is not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup import (
    Cause,
    Event,
    LevelFilled,
    MonitorRecord,
    PositionClosed,
    PositionFlipped,
    PositionReduced,
    Realised,
    Side,
    Trade,
)
from trueup.domain.happenings.happened import Seen, first_reported, what_happened
from trueup.domain.model.order import Execution
from trueup.domain.model.record import OwnedOrder, OwnedStatus, PositionAnchor
from trueup.domain.planning.remap_levels import next_cycle

from .test_happened import SEEN, long_of

D = Decimal


def opened(size: int, entry: str = "0.70") -> MonitorRecord:
    """A long of 1000 with two TPs, of which all is reported, its entry price included."""
    record = replace(long_of(size), entry_price=D(entry), reported=None)
    return replace(record, reported=first_reported(record))


def filled(
    record: MonitorRecord, level: int, quantity: int, price: str | None, fee: str | None = "0.1"
) -> MonitorRecord:
    """The record once the level has filled so much at that price, and the position is smaller."""

    def grown(order: OwnedOrder) -> OwnedOrder:
        more = D(quantity) - order.filled
        value = None if price is None else (order.value or D(0)) + more * D(price)
        status = OwnedStatus.FILLED if quantity == order.quantity else OwnedStatus.OPEN
        paid = None if fee is None else (order.fee or D(0)) + D(fee)
        return replace(order, filled=D(quantity), value=value, fee=paid, status=status)

    more = sum((D(quantity) - one.filled for one in record.orders if one.level == level), D(0))
    orders = tuple(grown(one) if one.level == level else one for one in record.orders)
    size = max(record.position_size - more, D(0))
    return replace(record, orders=orders, position_size=size)


def sold(
    quantity: int, seq: int, price: str | None = "0.60", order_id: str = "theirs", filled: int = 0
) -> Execution:
    """A sale that closed so much."""
    return Execution(
        f"trade-{seq}",
        "BANDUSDT",
        Side.SELL,
        D(quantity),
        D(quantity),
        at_ms=1000 + seq,
        seq=seq,
        order_id=order_id,
        cause=Cause.STOP_LOSS,
        price=None if price is None else D(price),
        fee=D("0.2"),
        filled=D(filled or quantity),
    )


def last(
    before: MonitorRecord, after: MonitorRecord, seen: Seen = SEEN
) -> tuple[Event, MonitorRecord]:
    """The last event of the position, and the record that says so."""
    kinds = LevelFilled | PositionClosed | PositionFlipped | PositionReduced
    events, record = what_happened(before, after, seen)
    return [one for one in events if isinstance(one, kinds)][-1], record


def realised(before: MonitorRecord, after: MonitorRecord, seen: Seen = SEEN) -> Realised:
    """What closing the position has brought."""
    event, _ = last(before, after, seen)
    assert isinstance(event, PositionClosed | PositionFlipped)
    return event.realised


def test_the_fills_of_its_tps_add_up_over_several_runs() -> None:
    before = opened(1000)
    _, later = last(before, filled(before, 1, 200, "0.71"))
    _, later = last(later, filled(later, 1, 850, "0.72"))
    event, reported = last(later, filled(later, 2, 150, "0.72"))
    assert isinstance(event, PositionClosed)
    # 200 × 0.01 + 650 × 0.02 + 150 × 0.02
    assert event.realised == Realised(D(1000), gross=D("18.00"), fees=D("0.3"))
    assert reported.reported is not None
    assert reported.reported.realised == Realised()


def test_that_the_value_of_fills_becomes_known_is_no_change_of_an_order() -> None:
    """Else an adopted order would seem to have been changed by somebody."""
    (own, _) = opened(1000).orders
    assert replace(own, value=D(0), fee=D(0)) == own


def test_a_short_gains_where_the_price_falls() -> None:
    before = opened(1000)
    short = replace(before, key=replace(before.key, side=Side.SELL))
    after = filled(filled(short, 1, 850, "0.69"), 2, 150, "0.69")
    assert realised(short, after).gross == D("10.00")


def test_what_a_stop_closed_is_in_it_with_its_executions() -> None:
    before = opened(1000)
    _, later = last(before, filled(before, 1, 850, "0.71"))
    later = replace(later, anchor=PositionAnchor(D(150), at_ms=1000, seq=10))
    trades = (sold(100, 11), sold(50, 12, "0.58"))
    seen = replace(SEEN, trades=trades)
    event, _ = last(later, replace(later, position_size=D(0)), seen)
    assert isinstance(event, PositionClosed)
    assert event.cause is Cause.STOP_LOSS
    # 850 × 0.01 − 100 × 0.10 − 50 × 0.12
    assert event.realised == Realised(D(1000), gross=D("-7.50"), fees=D("0.5"))
    at = datetime(1970, 1, 1, 0, 0, 1, 11_000, tzinfo=UTC)
    first = Trade("trade-11", D(100), D("0.60"), at, D("0.2"))
    second = Trade("trade-12", D(50), D("0.58"), at + timedelta(milliseconds=1), D("0.2"))
    assert event.executions == (first, second)


@pytest.mark.parametrize(
    "trades",
    [None, (), (sold(900, 11),), (sold(1000, 11, None),)],
    ids=["unread", "none", "too few", "without a price"],
)
def test_what_is_not_known_is_said_and_not_guessed(trades: Sequence[Execution] | None) -> None:
    before = opened(1000)
    known = realised(before, replace(before, position_size=D(0)), replace(SEEN, trades=trades))
    assert (known.result, known.unknown, known.closed) == (None, D(1000), D(1000))


def test_the_known_part_of_a_result_is_said() -> None:
    before = opened(1000)
    _, later = last(before, filled(before, 1, 850, "0.71"))
    known = realised(later, filled(later, 2, 150, None, None))
    assert known == Realised(D(1000), D(150), D("8.50"), D("0.1"), D(150))
    assert known.result == D("8.50")


def test_nothing_is_known_where_something_was_added_meanwhile() -> None:
    before = opened(1000)
    grown = replace(filled(before, 1, 850, "0.71"), position_size=D(650), entry_price=D("0.705"))
    _, later = last(before, grown)
    assert later.reported is not None
    assert later.reported.realised == Realised(D(850), D(850), fees=D("0.1"))
    assert later.reported.entry == D("0.705")


def test_fills_found_while_the_position_is_unread_count_once_it_is_read() -> None:
    before = opened(1000)
    unread = replace(filled(before, 1, 850, "0.71"), position_size=D(1000))
    _, later = last(before, unread, replace(SEEN, is_known=False))
    flat = replace(filled(later, 2, 150, "0.72"), position_size=D(0))
    assert realised(later, flat).gross == D("11.50")


def test_of_a_position_that_was_replaced_unseen_only_its_tps_are_known() -> None:
    before = opened(1000)
    closed = filled(before, 1, 850, "0.71")
    after = replace(
        next_cycle(closed, PositionAnchor(D(300), at_ms=2000, seq=20)),
        position_size=D(300),
        entry_price=D("0.5"),
    )
    known = realised(before, after)
    assert (known.gross, known.unknown) == (D("8.50"), D(150))


def test_a_position_that_flipped_says_what_closing_it_has_brought() -> None:
    before = opened(1000)
    flip = replace(sold(1400, 11), closed=D(1000))
    seen = replace(SEEN, opposite=D(400), trades=(flip,))
    known = realised(before, replace(before, position_size=D(0)), seen)
    assert known == Realised(D(1000), gross=D("-100.00"), fees_unknown=D(1000))


def test_a_fill_names_its_executions_where_all_of_them_are_known() -> None:
    before = opened(1000)
    after = filled(before, 1, 300, "0.71")
    parts = (sold(100, 11, "0.71", "id-1", 100), sold(200, 12, "0.71", "id-1", 300))
    event, reported = last(before, after, replace(SEEN, streamed=(*parts, parts[0])))
    assert isinstance(event, LevelFilled)
    assert [one.execution_id for one in event.executions] == ["trade-11", "trade-12"]
    assert event.average == D("0.71")
    more = filled(reported, 1, 850, "0.72")
    event, _ = last(reported, more, replace(SEEN, streamed=parts))
    assert isinstance(event, LevelFilled)
    assert event.executions == ()
    assert event.average == D("0.72")


@given(st.lists(st.tuples(st.sampled_from([1, 2]), st.integers(1, 400)), max_size=8))
def test_the_parts_add_up_to_what_was_closed(steps: list[tuple[int, int]]) -> None:
    """Whatever fills, in whichever parts: closed is known or unknown, and never counted twice."""
    record = opened(1000)
    for level, quantity in steps:
        own = next(one for one in record.orders if one.level == level)
        target = min(int(own.filled) + quantity, int(own.quantity))
        after = filled(record, level, target, "0.71" if quantity % 2 else None)
        _, record = what_happened(record, after, SEEN)
    assert record.reported is not None
    total = record.reported.realised
    if record.position_size:
        assert total.closed == 1000 - record.position_size
        assert total.unknown <= total.closed
        assert total.gross == (total.closed - total.unknown) * D("0.01")
    else:
        assert total == Realised()
