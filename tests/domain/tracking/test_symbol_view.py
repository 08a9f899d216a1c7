"""Merging events and reads: which record is newer, what is consistent, what a read proves."""

from dataclasses import replace
from decimal import Decimal

import pytest

from trueup.domain.model.identity import Side
from trueup.domain.model.observation import Flat
from trueup.domain.model.order import Order, OrderStatus, OrderType, Position
from trueup.domain.model.protection import PositionStop
from trueup.domain.tracking.feed import FillEvent, OrderEvent, PositionEvent, StreamEvent
from trueup.domain.tracking.known_order import KnownOrder
from trueup.domain.tracking.snapshot_merge import merge_read
from trueup.domain.tracking.symbol_view import CLOSED_KEPT, SymbolView

BAND = "BANDUSDT"


def order(quantity: str = "10", filled: str = "0", at: int = 5, **more: object) -> Order:
    """A resting TP."""
    status = OrderStatus.PARTIALLY_FILLED if Decimal(filled) else OrderStatus.OPEN
    plain = Order(
        order_id="o", order_link_id="tp", symbol=BAND, side=Side.SELL, order_type=OrderType.LIMIT,
        price=Decimal("0.75"), quantity=Decimal(quantity), filled=Decimal(filled), status=status,
        reduce_only=True, updated_ms=at,
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type] # whatever field a test changes


def held(size: str, seq: int) -> Position:
    """A long."""
    return Position(BAND, Side.BUY, Decimal(size), Decimal("0.7"), seq=seq)


def fill(filled: str, seq: int, order_id: str = "o") -> FillEvent:
    """A fill."""
    return FillEvent(BAND, Side.SELL, order_id, "tp", f"e{seq}", Decimal(1), Decimal(filled), seq)


def moved(size: str, seq: int) -> PositionEvent:
    """An event that shows a position."""
    return PositionEvent(BAND, 0, seq, held(size, seq) if Decimal(size) else None)


def with_event(view: SymbolView, news: StreamEvent, number: int) -> SymbolView:
    """The view with one stream event."""
    if isinstance(news, OrderEvent):
        return view.with_order(news.order, number)
    if isinstance(news, FillEvent):
        return view.with_fill(news, number)
    assert isinstance(news, PositionEvent)
    return view.with_position(news, number)


FLAT = Flat(BAND, Side.BUY)
SYNCED = merge_read(SymbolView(BAND), (order(),), (held("100", 7),), as_of_event=0, read_ms=5)


KNOWN = KnownOrder(order("10", "3", at=5), event_number=4)


@pytest.mark.parametrize(
    "newer",
    [
        order("10", "4", at=5),
        order("12", "3", at=6),
        order("10", "3", at=5, status=OrderStatus.CANCELLED),
        order("10", "10", at=9, status=OrderStatus.FILLED),
    ],
)
def test_newer_records_win_in_either_sequence(newer: Order) -> None:
    assert KNOWN.merge_event(newer, 5).order == newer
    later = KnownOrder(newer, 5)
    assert later.merge_event(KNOWN.order, 6) is later


def test_what_is_closed_is_never_open_again() -> None:
    closed = KNOWN.merge_event(order("10", "3", at=5, status=OrderStatus.CANCELLED), 5)
    assert closed.merge_event(order("10", "3", at=99), 6) is closed


def test_two_records_of_one_moment_are_ambiguous_until_a_newer_one() -> None:
    ambiguous = KNOWN.merge_event(order("12", "3", at=5), 5)
    assert ambiguous.is_ambiguous
    assert ambiguous.order.quantity == 12
    assert ambiguous.merge_event(KNOWN.order, 6) is ambiguous, "a double"
    assert not ambiguous.merge_event(order("15", "3", at=6), 7).is_ambiguous


def test_a_read_says_which_of_them_it_is() -> None:
    ambiguous = KNOWN.merge_event(order("12", "3", at=5), 5)
    read = ambiguous.merge_read(order("10", "3", at=5), as_of_event=5)
    assert not read.is_ambiguous
    assert read.order.quantity == 10
    assert read.merge_event(order("12", "3", at=5), 6) is read, "a double of the other"
    assert ambiguous.merge_read(order("10", "3", at=5), as_of_event=4).is_ambiguous, (
        "an event came after it was requested"
    )


def test_a_fill_in_every_sequence() -> None:
    news: list[StreamEvent] = [OrderEvent(order("10", "4", at=6)), fill("4", 8), moved("96", 8)]
    for sequence in ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)):
        view = SYNCED
        for number, index in enumerate(sequence, 1):
            assert view.inconsistent == "" if number == 1 else view.inconsistent
            view = with_event(view, news[index], number)
        assert (view.stale, view.inconsistent) == ("", "")


def test_a_position_that_only_repeats_itself() -> None:
    assert SYNCED.with_position(moved("100", 7), 1).inconsistent == ""
    assert SYNCED.with_position(moved("100", 9), 1).inconsistent == ""
    assert SYNCED.with_position(moved("90", 9), 1).inconsistent != ""


@pytest.mark.parametrize(
    ("before", "after", "is_read_again"),
    [("0.65", "0", True), ("0.65", "0.65", False), (None, "0", False), ("0.65", None, False)],
)
def test_a_stop_that_an_event_without_a_number_shows(
    before: str | None, after: str | None, *, is_read_again: bool
) -> None:
    """Somebody removed the stop, and only the next sweep saw it."""

    def position(stop: str | None, seq: int) -> Position:
        return replace(held("100", seq), stop=None if stop is None else PositionStop(Decimal(stop)))

    rows = (position(before, 7),)
    view = merge_read(SymbolView(BAND), (order(),), rows, as_of_event=0, read_ms=5)
    view = view.with_position(PositionEvent(BAND, 0, -1, position(after, -1)), 1)
    assert bool(view.invalidation) is is_read_again


def test_two_sizes_under_one_seq() -> None:
    ambiguous = SYNCED.with_position(moved("90", 7), 1)
    assert ambiguous.stale
    assert not merge_read(ambiguous, (order(),), (held("90", 7),), 1, 6).stale


def test_a_fill_of_an_unknown_order_is_settled_by_a_read() -> None:
    view = SYNCED.with_fill(fill("4", 8, "other"), 1)
    assert view.inconsistent == "a fill arrived before its order"
    assert merge_read(view, (order(),), (held("96", 8),), 1, 6).inconsistent == ""


def test_a_closing_fill_whose_position_was_lost_is_settled_by_a_flat_read() -> None:
    done = order("10", "10", at=6, status=OrderStatus.FILLED)
    view = SYNCED.with_order(done, 1).with_fill(fill("10", 8), 2)
    assert view.inconsistent == "a fill is newer than its position"
    read = merge_read(view, (), (FLAT,), 2, 7)
    assert read.stale == "too little was seen of a flat position"
    again = merge_read(read, (), (FLAT,), 2, 8)
    assert (again.stale, again.inconsistent, again.open_positions) == ("", "", ())


def test_a_settlement_of_an_account_without_positions() -> None:
    empty = merge_read(SymbolView(BAND), (), (FLAT,), 0, 5)
    view = empty.with_order(order("10", "4", at=6), 1).with_fill(fill("4", 8), 2)
    assert view.inconsistent == "a fill is newer than its position"
    assert merge_read(view, (order("10", "4", at=6),), (FLAT,), 2, 7).inconsistent == ""


def test_a_position_without_a_row_stays_as_it_was_known() -> None:
    read = merge_read(SYNCED, (order(),), (), as_of_event=1, read_ms=6)
    assert read.invalidation == "the read does not list a position that was known to be open"
    assert read.open_positions[0].size == 100
    assert read.flat == ()
    nothing = merge_read(SymbolView(BAND), (), (), 0, 5)
    assert nothing.stale == "too little was seen of a flat position"
    assert merge_read(nothing, (), (), 0, 6).stale, "no number of empty lists says more"


def test_a_flat_position_is_established_by_two_reads_and_stays_so() -> None:
    once = merge_read(SymbolView(BAND), (), (FLAT,), 0, 5)
    assert (once.stale, once.flat) == ("too little was seen of a flat position", ())
    twice = merge_read(once, (), (FLAT,), 0, 6)
    assert (twice.stale, [each.side for each in twice.flat]) == ("", list(Side))
    surveyed = merge_read(twice, (), (), 0, 7)
    assert (surveyed.stale, surveyed.flat) == ("", twice.flat)
    opened = surveyed.with_position(moved("5", 9), 1)
    assert opened.flat == ()


def test_a_flat_position_is_established_by_an_event_with_its_fill_and_one_read() -> None:
    done = order("100", "100", at=6, status=OrderStatus.FILLED)
    closed = SYNCED.with_position(moved("0", 8), 1)
    filled = closed.with_order(done, 2).with_fill(fill("100", 8), 3)
    assert (filled.inconsistent, filled.flat) == ("", ())
    assert filled.stale == "too little was seen of a flat position"
    row = replace(FLAT, seq=8)
    assert merge_read(filled, (), (row,), 3, 7).stale == ""
    assert merge_read(closed, (order(),), (row,), 1, 7).stale, "no fill explains the event"


def test_a_position_of_the_other_side_is_a_row_that_says_flat() -> None:
    flipped = replace(held("50", 9), side=Side.SELL)
    once = merge_read(SYNCED, (order(),), (flipped,), 0, 6)
    assert (once.flat, once.stale) == ((), "")
    assert merge_read(once, (order(),), (flipped,), 0, 7).flat == (Flat(BAND, Side.BUY),)


def test_events_after_the_read_was_requested_win() -> None:
    view = SYNCED.with_order(order("12", at=5, status=OrderStatus.CANCELLED), 1)
    read = merge_read(view, (order(),), (held("100", 7),), as_of_event=0, read_ms=6)
    assert (read.invalidation, read.open_orders) == ("", ())


def test_an_order_shown_after_the_read_was_requested_need_not_be_listed() -> None:
    view = SYNCED.with_order(order(at=6, order_id="new"), 1)
    read = merge_read(view, (order(),), (held("100", 7),), as_of_event=0, read_ms=6)
    assert (read.invalidation, len(read.open_orders)) == ("", 2)


def test_an_old_position_is_a_contradiction() -> None:
    done = order("10", "4", at=6)
    view = SYNCED.with_order(done, 1).with_fill(fill("4", 8), 2).with_position(moved("96", 8), 3)
    read = merge_read(view, (done,), (held("100", 7),), as_of_event=3, read_ms=7)
    assert read.invalidation == "the read shows an outdated state of a position"
    assert read.open_positions[0].size == 96


def test_an_old_read_is_a_contradiction() -> None:
    view = SYNCED.with_order(order("12", at=6), 1)
    read = merge_read(view, (order(),), (held("100", 7),), as_of_event=1, read_ms=7)
    assert read.invalidation == "the read shows an outdated state of an order"
    assert read.open_orders[0].quantity == 12


def test_an_order_that_is_not_listed() -> None:
    read = merge_read(SYNCED, (), (held("100", 7),), as_of_event=0, read_ms=6)
    assert read.invalidation == "the read does not list an order that was known to be open"
    assert read.find(order_id="o") is None
    again = merge_read(read, (), (held("100", 7),), as_of_event=0, read_ms=7)
    assert again.invalidation == ""
    assert (
        again.with_order(order(at=9), 1).invalidation
        == "the stream shows an order open that a read did not list"
    )


def test_a_read_that_lists_an_order_again_may_be_older_than_what_an_event_showed() -> None:
    """Seed 5070483: two reads lagged, and the next one showed the order as before its fill."""
    filled, at_96 = order("10", "4", at=6), (held("96", 8),)
    view = SYNCED.with_order(filled, 1).with_fill(fill("4", 8), 2).with_position(moved("96", 8), 3)
    for _ in range(2):
        view = merge_read(view, (), at_96, as_of_event=3, read_ms=7)
    assert (view.stale, view.inconsistent, view.open_orders) == ("", "", ())
    old = merge_read(view, (order(),), at_96, as_of_event=3, read_ms=8)
    assert old.stale == "the read shows an outdated state of an order"
    assert old.open_orders == (filled,)
    now = merge_read(old, (filled,), at_96, as_of_event=3, read_ms=9)
    assert (now.stale, now.inconsistent, now.open_orders) == ("", "", (filled,))


def test_so_may_one_that_lists_an_order_after_an_event_that_it_contradicted() -> None:
    late = order("10", "4", at=4, order_id="late")
    view = SYNCED.with_order(late, 1)
    old = replace(late, filled=Decimal(0), status=OrderStatus.OPEN, updated_ms=3)
    read = merge_read(view, (order(), old), (held("100", 7),), as_of_event=1, read_ms=6)
    assert read.stale == "the read shows an outdated state of an order"
    assert read.newest(old) == late


@pytest.mark.parametrize("status", [OrderStatus.PARTIALLY_FILLED, OrderStatus.CANCELLED])
def test_so_may_one_after_a_gap_in_the_stream(status: OrderStatus) -> None:
    filled = order("10", "4", at=6, status=status)
    left = SYNCED.with_order(filled, 1).without_open()
    assert (left.open_orders, left.newest(order())) == ((), filled)
    old = merge_read(left, (order(),), (held("96", 8),), as_of_event=1, read_ms=7)
    assert old.stale == "the read shows an outdated state of an order"
    assert old.newest(order()) == filled
    nothing = merge_read(left, (), (held("90", 9),), as_of_event=1, read_ms=9)
    assert (nothing.stale, nothing.open_orders) == ("", ()), "it ended in the gap"


@pytest.mark.parametrize("ids", [{"order_id": "new"}, {"order_link_id": "new-tp"}])
def test_an_order_that_an_event_has_shown_and_reads_need_not_list_yet(ids: dict[str, str]) -> None:
    new = order(at=9, order_id="new", order_link_id="new-tp")
    view = SYNCED.with_order(new, 4, ours=True)
    lag = 15

    def read_at(read_ms: int) -> SymbolView:
        return merge_read(view, (order(),), (held("100", 7),), as_of_event=4, read_ms=read_ms)

    assert view.shown_open(lag, 3, **ids) == new
    assert read_at(23).shown_open(lag, 3, **ids) == new
    assert read_at(24).shown_open(lag, 3, **ids) is None, "by now it should be listed"
    assert view.without_open().shown_open(lag, 4, **ids) is None, "it may have ended in the gap"
    ended = order(at=10, order_id="new", order_link_id="new-tp", status=OrderStatus.CANCELLED)
    assert view.with_order(ended, 5).shown_open(lag, 3, **ids) is None
    either = order("12", at=9, order_id="new", order_link_id="new-tp")
    assert view.with_order(either, 5).shown_open(lag, 3, **ids) is None, "10 or 12"


def test_news_of_an_order_that_is_older_than_the_read() -> None:
    late = order(at=4, order_id="late")
    assert SYNCED.with_order(late, 1).invalidation
    assert SYNCED.with_order(late, 1, ours=True).invalidation == ""
    assert SYNCED.with_order(replace(late, status=OrderStatus.CANCELLED), 1).invalidation == ""


def test_an_invalidation_outlives_a_read_that_was_asked_for_before_it() -> None:
    invalidated = SYNCED.invalidated("why", event_number=3)
    assert merge_read(invalidated, (order(),), (held("100", 7),), 2, 6).invalidation == "why"
    assert merge_read(invalidated, (order(),), (held("100", 7),), 3, 6).invalidation == ""


def test_after_a_gap_only_what_was_closed_and_told_is_left() -> None:
    done = replace(order("10", "10", at=6, status=OrderStatus.FILLED), order_id="done")
    half = replace(done, order_id="half")
    view = SYNCED.with_order(done, 1).with_fill(fill("10", 8, "done"), 2).with_order(half, 3)
    left = view.without_open()
    assert set(left.orders) == {"done"}
    assert set(left.unlisted) == {"o", "half"}
    assert not left.synced


def test_an_event_after_a_gap_contradicts_no_read_before_there_is_one() -> None:
    left, later = SYNCED.without_open(), order("12", at=9)
    assert left.with_order(later, 1).invalidation == ""
    read = merge_read(left.with_order(later, 1), (order(),), (held("100", 7),), 0, read_ms=7)
    assert (read.stale, read.open_orders) == ("", (later,))


def test_closed_orders_are_kept_for_a_while() -> None:
    view = SYNCED
    for number in range(CLOSED_KEPT + 5):
        closed = order(at=9, order_id=f"c{number}", status=OrderStatus.CANCELLED)
        view = view.with_order(closed, number)
    assert len(view.orders) == CLOSED_KEPT + 1
    assert view.find(order_id="c4") is None
    assert view.find(order_id="o") is not None


def test_a_link_id_finds_the_open_one() -> None:
    closed = order(at=9, order_id="c", status=OrderStatus.CANCELLED)
    found = SYNCED.with_order(closed, 1).find(order_link_id="tp")
    assert found is not None
    assert found.order_id == "o"
