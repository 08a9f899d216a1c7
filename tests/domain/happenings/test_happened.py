"""What happened: each fill once, whoever saw it, and a close only once it is known."""

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
    Ladder,
    LadderChanged,
    LevelFilled,
    MonitorKey,
    MonitorRecord,
    PositionClosed,
    PositionFlipped,
    PositionReduced,
    Realised,
    Recovered,
    Role,
    Side,
    Uncovered,
)
from trueup.domain.happenings.happened import Seen, first_reported, unexplained, what_happened
from trueup.domain.model.order import Execution
from trueup.domain.model.record import Origin, OwnedOrder, OwnedStatus, PositionAnchor
from trueup.domain.planning.remap_levels import next_cycle

D = Decimal
AT = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
LADDER = Ladder.of(("0.71", 85), ("0.72", 15))
SEEN = Seen(AT)


def order(level: int, quantity: int) -> OwnedOrder:
    """A TP that rests."""
    return OwnedOrder(
        level=level,
        part=1,
        order_link_id=f"link-{level}",
        order_id=f"id-{level}",
        price=LADDER.levels[level - 1].price,
        asked_price=LADDER.levels[level - 1].price,
        quantity=D(quantity),
        filled=D(0),
        status=OwnedStatus.OPEN,
        origin=Origin.PLACED,
    )


def long_of(size: int) -> MonitorRecord:
    """A long with two TPs, all of it reported."""
    record = MonitorRecord(
        id=1,
        key=MonitorKey("main", "BANDUSDT", Side.BUY),
        role=Role.MAIN,
        follows=None,
        ladder=LADDER,
        position_size=D(size),
        orders=(order(1, 850), order(2, 150)),
        last_run_at=AT,
        anchor=PositionAnchor(D(size), at_ms=1000, seq=10),
    )
    return replace(record, reported=first_reported(record))


def filled(record: MonitorRecord, level: int, quantity: int, size: int) -> MonitorRecord:
    """The record once so much of the level has filled, and the position has that size."""
    orders = tuple(
        replace(
            one,
            filled=D(quantity),
            status=OwnedStatus.FILLED if one.quantity == quantity else OwnedStatus.OPEN,
        )
        if one.level == level
        else one
        for one in record.orders
    )
    return replace(record, orders=orders, position_size=D(size))


def trade(quantity: int, seq: int, cause: Cause, order_id: str = "theirs") -> Execution:
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
        cause=cause,
    )


def happened(
    before: MonitorRecord, after: MonitorRecord, seen: Seen = SEEN
) -> tuple[list[Event], MonitorRecord]:
    """What happened, without the cover, and without what test_realised.py is about."""
    events, record = what_happened(before, after, seen)
    others = [each for each in events if not isinstance(each, Uncovered | Recovered)]
    return [_without_money(each) for each in others], record


def _without_money(event: Event) -> Event:
    match event:
        case PositionClosed() | PositionFlipped():
            return replace(event, realised=Realised(), executions=())
        case PositionReduced():
            return replace(event, executions=())
        case _:
            return event


def test_a_fill_is_reported_once() -> None:
    before = long_of(1000)
    after = filled(before, 1, 200, 800)
    events, reported = happened(before, after)
    assert events == [LevelFilled(1, D(200), D("0.71"), D(650), "link-1")]
    assert happened(reported, reported)[0] == []
    more = filled(reported, 1, 850, 150)
    assert happened(reported, more)[0] == [LevelFilled(1, D(650), D("0.71"), D(0), "link-1")]


def test_a_fill_of_an_order_that_the_run_placed_says_so() -> None:
    before = replace(long_of(1000), orders=())
    after = filled(long_of(1000), 1, 850, 150)
    events, _ = happened(before, after, replace(SEEN, placed=["link-1"]))
    assert events == [LevelFilled(1, D(850), D("0.71"), D(0), "link-1", at_once=True)]


def test_a_position_that_its_tps_closed_is_closed_by_them() -> None:
    before = long_of(1000)
    after = filled(filled(before, 1, 850, 150), 2, 150, 0)
    events, reported = happened(before, after)
    assert events[2:] == [PositionClosed(Cause.TAKE_PROFIT, D(1000), D(1000))]
    assert happened(reported, reported)[0] == []


def test_fills_are_reported_while_the_position_is_unread_and_the_close_once_it_is_read() -> None:
    before = long_of(1000)
    after = filled(filled(before, 1, 850, 1000), 2, 150, 1000)
    events, reported = happened(before, after, replace(SEEN, is_known=False))
    assert [type(each) for each in events] == [LevelFilled, LevelFilled]
    flat = replace(reported, position_size=D(0))
    events, reported = happened(reported, flat)
    assert events == [PositionClosed(Cause.TAKE_PROFIT, D(1000), D(1000))]
    assert happened(reported, reported)[0] == []


@pytest.mark.parametrize("cause", [Cause.STOP_LOSS, Cause.ADL, Cause.LIQUIDATION, Cause.TRADE])
def test_the_trades_say_who_closed_it(cause: Cause) -> None:
    before = long_of(1000)
    trades = (trade(7, 9, Cause.TRADE), trade(1000, 11, cause))
    events, _ = happened(before, replace(before, position_size=D(0)), replace(SEEN, trades=trades))
    assert events == [PositionClosed(cause, D(1000), D(0))]


@pytest.mark.parametrize(
    "trades",
    [
        None,
        (),
        (trade(900, 11, Cause.STOP_LOSS),),
        (trade(500, 11, Cause.STOP_LOSS), trade(500, 12, Cause.ADL)),
        (trade(1000, 11, Cause.TRADE, "id-1"),),
        (replace(trade(1000, 11, Cause.TRADE, "id-3"), order_link_id="link-2"),),
    ],
    ids=["unread", "none", "too few", "of two kinds", "our own", "our own, not answered yet"],
)
def test_trades_that_do_not_explain_it_prove_nothing(trades: Sequence[Execution] | None) -> None:
    before = long_of(1000)
    events, _ = happened(before, replace(before, position_size=D(0)), replace(SEEN, trades=trades))
    assert events == [PositionClosed(Cause.UNKNOWN, D(1000), D(0))]


def test_a_position_that_others_reduced() -> None:
    before = long_of(1000)
    after = filled(before, 1, 200, 500)
    seen = replace(SEEN, trades=(trade(200, 11, Cause.TRADE, "id-1"), trade(300, 12, Cause.ADL)))
    events, reported = happened(before, after, seen)
    assert events[1:] == [PositionReduced(Cause.ADL, D(800), D(500))]
    assert unexplained(before, D(700)) == 300
    assert unexplained(reported, D(500)) == 0


def test_trades_that_were_reported_are_in_no_second_event_where_the_size_is_back() -> None:
    """Seed 2112164: trades were read from a size that the position had twice."""
    before = long_of(1000)
    back = replace(trade(400, 12, Cause.TRADE), side=Side.BUY, closed=D(0))
    trades = (trade(400, 11, Cause.TRADE), back, trade(1000, 13, Cause.ADL))
    after = replace(before, position_size=D(0))
    (closed,) = what_happened(before, after, replace(SEEN, trades=trades))[0]
    assert isinstance(closed, PositionClosed)
    assert closed.cause is Cause.ADL
    assert [one.execution_id for one in closed.executions] == ["trade-13"]


def test_fills_from_before_an_order_was_adopted_are_in_no_second_event() -> None:
    """Seed 20024810: reads that lagged showed such a fill only together with a later one."""
    first = replace(trade(100, 11, Cause.UNKNOWN, "id-1"), filled=D(100))
    then = replace(trade(300, 12, Cause.UNKNOWN, "id-1"), filled=D(400))
    before = long_of(900)
    adopted = replace(before.orders[0], origin=Origin.ADOPTED, adopted_ms=first.at_ms)
    before = replace(before, orders=(adopted, *before.orders[1:]))
    seen = replace(SEEN, trades=(first, then))
    (fill,), record = happened(before, filled(before, 1, 400, 600), seen)
    assert isinstance(fill, LevelFilled)
    assert fill.quantity == D(300)
    assert [one.execution_id for one in fill.executions] == ["trade-12"]
    assert record.orders[0].reported == D(400)


def test_a_position_that_grew_is_no_event() -> None:
    before = long_of(1000)
    events, reported = happened(before, replace(before, position_size=D(1500)))
    assert events == []
    assert reported.reported is not None
    assert reported.reported.size == 1500


@pytest.mark.parametrize("was_known", [True, False])
def test_a_position_that_grew_before_it_was_closed_is_named_as_large_as_it_was(
    *, was_known: bool
) -> None:
    before, after = long_of(1000), replace(long_of(1000), position_size=D(0))
    if was_known:
        events, _ = happened(replace(before, position_size=D(1300)), after)
    else:
        events, _ = happened(before, after, replace(SEEN, decided_for=D(1300)))
    assert events == [PositionClosed(Cause.UNKNOWN, D(1300), D(0))]


def test_a_position_that_flipped() -> None:
    before = long_of(1000)
    seen = replace(SEEN, opposite=D(400))
    events, _ = happened(before, replace(before, position_size=D(0)), seen)
    assert events == [PositionFlipped(Cause.UNKNOWN, D(1000), Side.SELL, D(400))]


def test_a_new_position_says_that_the_last_one_is_closed_and_its_fills_keep_their_levels() -> None:
    before = long_of(1000)
    closed = filled(before, 1, 850, 1000)
    anchor = PositionAnchor(D(300), at_ms=2000, seq=20)
    after = replace(next_cycle(closed, anchor), position_size=D(300))
    events, reported = happened(before, after)
    assert events == [
        LevelFilled(1, D(850), D("0.71"), D(0), "link-1"),
        PositionClosed(Cause.UNKNOWN, D(1000), D(850)),
    ]
    assert happened(reported, reported)[0] == []


def test_what_is_uncovered_is_reported_once_and_so_is_its_end() -> None:
    before = long_of(1000)
    bare = replace(before, position_size=D(1200))
    events, reported = what_happened(before, bare, replace(SEEN, why="refused"))
    assert events == (Uncovered(AT, D(200), "refused"),)
    later = replace(SEEN, at=AT + timedelta(minutes=5))
    assert what_happened(reported, reported, later)[0] == ()
    whole = replace(reported, position_size=D(1000))
    events, _ = what_happened(reported, whole, later)
    assert events[-1] == Recovered(AT, timedelta(minutes=5))


def test_nothing_is_said_of_the_cover_while_a_write_may_take_effect() -> None:
    before = long_of(1000)
    bare = replace(before, position_size=D(1200))
    assert what_happened(before, bare, replace(SEEN, is_settled=False))[0] == ()


def test_another_ladder_says_where_it_is_from() -> None:
    before = long_of(1000)
    other = Ladder.of(("0.75", 100))
    after = replace(before, ladder=other, ladder_source="live orders")
    events, reported = happened(before, after)
    assert events == [LadderChanged("live orders", LADDER, other)]
    assert happened(reported, reported)[0] == []


def test_the_first_ladder_of_a_new_monitor_is_a_change() -> None:
    new = replace(long_of(0), last_run_at=None, reported=None, orders=())
    assert happened(new, new)[0] == [LadderChanged("given", None, LADDER)]


def test_nothing_from_before_events_is_reported() -> None:
    old = replace(long_of(1000), reported=None)
    assert happened(old, old)[0] == []


_STEP = st.tuples(st.sampled_from([1, 2]), st.integers(0, 400), st.booleans(), st.integers(0, 300))


@given(st.lists(_STEP, max_size=12))
def test_events_add_up_to_what_has_filled_and_to_what_is_open(
    steps: list[tuple[int, int, bool, int]],
) -> None:
    """Fills, entries, and runs that could not read the position, in any sequence."""
    record = long_of(1000)
    said: dict[str, D] = {}
    size = 1000
    for level, quantity, is_known, grown in steps:
        own = next(one for one in record.orders if one.level == level)
        more = min(quantity, int(own.remaining), size)
        size = size - more + grown
        shown = size if is_known else int(record.position_size)
        after = filled(record, level, int(own.filled) + more, shown)
        events, record = what_happened(record, after, replace(SEEN, is_known=is_known))
        for event in events:
            assert not isinstance(event, PositionReduced)
            if isinstance(event, LevelFilled):
                said[event.order_link_id] = said.get(event.order_link_id, D(0)) + event.quantity
    assert said == {one.order_link_id: one.filled for one in record.orders if one.filled}
    assert what_happened(record, record, replace(SEEN, is_known=False))[0] == ()
