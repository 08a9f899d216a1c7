"""Merging news and reads: which record is the newer, what fits together, what a read proves."""

from dataclasses import replace
from decimal import Decimal

import pytest

from trueup.domain.model.feed import FillEvent, OrderEvent, PositionEvent, StreamEvent
from trueup.domain.model.identity import Side
from trueup.domain.model.order import Order, OrderStatus, OrderType, Position
from trueup.domain.tracking.known_order import KnownOrder
from trueup.domain.tracking.snapshot_merge import merged_read
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
    return replace(plain, **more)  # type: ignore[arg-type]


def held(size: str, seq: int) -> Position:
    """A long."""
    return Position(BAND, Side.BUY, Decimal(size), Decimal("0.7"), seq=seq)


def fill(filled: str, seq: int, order_id: str = "o") -> FillEvent:
    """A fill."""
    return FillEvent(BAND, Side.SELL, order_id, "tp", f"e{seq}", Decimal(1), Decimal(filled), seq)


def moved(size: str, seq: int) -> PositionEvent:
    """A position's news."""
    return PositionEvent(BAND, 0, seq, held(size, seq) if Decimal(size) else None)


def take(view: SymbolView, news: StreamEvent, number: int) -> SymbolView:
    """Merges one piece of news."""
    if isinstance(news, OrderEvent):
        return view.with_order(news.order, number)
    if isinstance(news, FillEvent):
        return view.with_fill(news, number)
    assert isinstance(news, PositionEvent)
    return view.with_position(news, number)


SYNCED = merged_read(SymbolView(BAND), (order(),), (held("100", 7),), mark=0, read_ms=5)


KNOWN = KnownOrder(order("10", "3", at=5), received=4)


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
    assert KNOWN.meet(newer, 5).order == newer
    later = KnownOrder(newer, 5)
    assert later.meet(KNOWN.order, 6) is later


def test_what_is_closed_is_never_open_again() -> None:
    closed = KNOWN.meet(order("10", "3", at=5, status=OrderStatus.CANCELLED), 5)
    assert closed.meet(order("10", "3", at=99), 6) is closed


def test_two_records_of_one_moment_are_torn_until_a_newer_one() -> None:
    torn = KNOWN.meet(order("12", "3", at=5), 5)
    assert torn.is_torn
    assert torn.order.quantity == 12
    assert torn.meet(KNOWN.order, 6) is torn, "a double"
    assert not torn.meet(order("15", "3", at=6), 7).is_torn


def test_a_read_says_which_of_them_it_is() -> None:
    torn = KNOWN.meet(order("12", "3", at=5), 5)
    read = torn.read(order("10", "3", at=5), mark=5)
    assert not read.is_torn
    assert read.order.quantity == 10
    assert read.meet(order("12", "3", at=5), 6) is read, "a double of the other"
    assert torn.read(order("10", "3", at=5), mark=4).is_torn, "news came after it began"


def test_a_fill_in_every_sequence() -> None:
    news: list[StreamEvent] = [OrderEvent(order("10", "4", at=6)), fill("4", 8), moved("96", 8)]
    for sequence in ((0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)):
        view = SYNCED
        for number, index in enumerate(sequence, 1):
            assert view.inconsistent == "" if number == 1 else view.inconsistent
            view = take(view, news[index], number)
        assert (view.stale, view.inconsistent) == ("", "")


def test_a_position_that_only_repeats_itself() -> None:
    assert SYNCED.with_position(moved("100", 7), 1).inconsistent == ""
    assert SYNCED.with_position(moved("100", 9), 1).inconsistent == ""
    assert SYNCED.with_position(moved("90", 9), 1).inconsistent != ""


def test_two_sizes_under_one_seq() -> None:
    torn = SYNCED.with_position(moved("90", 7), 1)
    assert torn.stale
    assert not merged_read(torn, (order(),), (held("90", 7),), 1, 6).stale


def test_a_fill_of_an_unknown_order_is_settled_by_a_read() -> None:
    view = SYNCED.with_fill(fill("4", 8, "other"), 1)
    assert view.inconsistent == "a fill came before its order"
    assert merged_read(view, (order(),), (held("96", 8),), 1, 6).inconsistent == ""


def test_a_closing_fill_whose_position_was_lost_is_settled_by_a_flat_read() -> None:
    done = order("10", "10", at=6, status=OrderStatus.FILLED)
    view = SYNCED.with_order(done, 1).with_fill(fill("10", 8), 2)
    assert view.inconsistent == "a fill is ahead of its position"
    read = merged_read(view, (), (), 2, 7)
    assert read.invalidation == "the read does not list a position that was told as open"
    again = merged_read(read, (), (), 2, 8)
    assert (again.stale, again.inconsistent, again.open_positions) == ("", "", ())


def test_a_settlement_of_an_account_without_positions() -> None:
    empty = merged_read(SymbolView(BAND), (), (), 0, 5)
    view = empty.with_order(order("10", "4", at=6), 1).with_fill(fill("4", 8), 2)
    assert view.inconsistent == "a fill is ahead of its position"
    assert merged_read(view, (order("10", "4", at=6),), (), 2, 7).inconsistent == ""


def test_news_after_the_mark_win() -> None:
    view = SYNCED.with_order(order("12", at=5, status=OrderStatus.CANCELLED), 1)
    read = merged_read(view, (order(),), (held("100", 7),), mark=0, read_ms=6)
    assert (read.invalidation, read.open_orders) == ("", ())


def test_an_order_told_after_the_mark_need_not_be_listed() -> None:
    view = SYNCED.with_order(order(at=6, order_id="new"), 1)
    read = merged_read(view, (order(),), (held("100", 7),), mark=0, read_ms=6)
    assert (read.invalidation, len(read.open_orders)) == ("", 2)


def test_an_old_position_is_a_contradiction() -> None:
    done = order("10", "4", at=6)
    view = SYNCED.with_order(done, 1).with_fill(fill("4", 8), 2).with_position(moved("96", 8), 3)
    read = merged_read(view, (done,), (held("100", 7),), mark=3, read_ms=7)
    assert read.invalidation == "the read shows a position as it was before"
    assert read.open_positions[0].size == 96


def test_an_old_read_is_a_contradiction() -> None:
    view = SYNCED.with_order(order("12", at=6), 1)
    read = merged_read(view, (order(),), (held("100", 7),), mark=1, read_ms=7)
    assert read.invalidation == "the read shows an order as it was before"
    assert read.open_orders[0].quantity == 12


def test_an_order_that_is_not_listed() -> None:
    read = merged_read(SYNCED, (), (held("100", 7),), mark=0, read_ms=6)
    assert read.invalidation == "the read does not list an order that was told as open"
    assert read.find(order_id="o") is None
    again = merged_read(read, (), (held("100", 7),), mark=0, read_ms=7)
    assert again.invalidation == ""
    assert again.with_order(order(at=9), 1).invalidation == "an order that was gone is told as open"


def test_news_of_an_order_that_is_older_than_the_read() -> None:
    late = order(at=4, order_id="late")
    assert SYNCED.with_order(late, 1).invalidation
    assert SYNCED.with_order(late, 1, ours=True).invalidation == ""
    assert SYNCED.with_order(replace(late, status=OrderStatus.CANCELLED), 1).invalidation == ""


def test_a_doubt_outlives_a_read_that_was_asked_for_before_it() -> None:
    invalidated = SYNCED.invalidated("why", received=3)
    assert merged_read(invalidated, (order(),), (held("100", 7),), 2, 6).invalidation == "why"
    assert merged_read(invalidated, (order(),), (held("100", 7),), 3, 6).invalidation == ""


def test_after_a_gap_only_what_was_closed_and_told_is_left() -> None:
    done = replace(order("10", "10", at=6, status=OrderStatus.FILLED), order_id="done")
    half = replace(done, order_id="half")
    view = SYNCED.with_order(done, 1).with_fill(fill("10", 8, "done"), 2).with_order(half, 3)
    left = view.without_open()
    assert set(left.orders) == {"done"}
    assert not left.synced


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
