"""A stop that is an order of ours: what it closes, what reads say of it, and what became of it."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.protection.positions import RULES as INSTRUMENT
from trueup.domain.copies import replace
from trueup.domain.model.commands import Operation
from trueup.domain.model.identity import MonitorKey, Role, Side
from trueup.domain.model.instrument import ZERO
from trueup.domain.model.intent import IntentStatus
from trueup.domain.model.order import Order, OrderKind, OrderStatus, OrderType, Position
from trueup.domain.model.protection import PositionStop, StopIntent, StopOrder, StopRecord
from trueup.domain.model.record import MonitorRecord
from trueup.domain.model.stop import Stop
from trueup.domain.protection.following import BY_HAND, follow, for_position
from trueup.domain.protection.setting import agreed, stop_change
from trueup.domain.protection.stop_orders import (
    in_form,
    is_left_over,
    is_lost,
    operation_of,
    order_became,
    shown_by,
    shows_effect,
    shrinks,
    with_found,
    without_order,
)

LINK = "MIR_SL_BANDUSDT_1737809937842_7432"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEY = MonitorKey("mirror", INSTRUMENT.symbol, Side.BUY)
KNOWN = StopOrder(LINK, "id-1", exists=True, is_listed=True)
SIZES = st.integers(1, 500).map(lambda steps: INSTRUMENT.quantity_step * steps)
PRICES = st.integers(150, 190).map(lambda ticks: Decimal(ticks) / 2)


def order(price: Decimal, quantity: Decimal, status: OrderStatus | None = None) -> Order:
    """The stop as the exchange shows it."""
    return Order(
        order_id="id-1",
        order_link_id=LINK,
        symbol=KEY.symbol,
        side=Side.SELL,
        order_type=OrderType.MARKET,
        price=ZERO,
        quantity=quantity,
        filled=ZERO,
        status=status or OrderStatus.PENDING_TRIGGER,
        reduce_only=True,
        trigger_price=price,
        kind=OrderKind.OTHER,
    )


def position(size: Decimal, entry: Decimal = Decimal(100)) -> Position:
    return Position(KEY.symbol, Side.BUY, size, entry, mark_price=entry)


def rests(price: Decimal, quantity: Decimal, percent: str = "5") -> StopRecord:
    """The record of a stop that is as it was asked to be."""
    where = PositionStop(price, quantity=quantity)
    stop = Stop.of(percent=percent, form="order")
    return StopRecord(stop, cycle=1, asked=where, seen=where, order=KNOWN)


def record(stop: StopRecord, size: Decimal) -> MonitorRecord:
    """A long from 100 with that stop, and no ladder."""
    return MonitorRecord(
        1,
        KEY,
        Role.MIRROR,
        None,
        None,
        position_size=size,
        entry_price=Decimal(100),
        cycle=1,
        stop=stop,
    )


@given(PRICES, SIZES, SIZES)
def test_it_is_as_large_as_the_position(price: Decimal, had: Decimal, size: Decimal) -> None:
    """However the position changed: what is asked for closes all of it, and no more."""
    change = stop_change(record(rests(price, had), size), INSTRUMENT)
    if change is None:
        assert had == size
    else:
        assert change.asked.quantity == size
        assert shrinks(rests(price, had), change.asked) is (size < had)


def test_one_order_is_no_larger_than_the_contract_allows() -> None:
    rules = replace(INSTRUMENT, quantity_step=Decimal(7), max_market=Decimal(60))
    change = stop_change(record(rests(Decimal(90), Decimal(7)), Decimal(100)), rules)
    assert change is not None
    assert change.asked.quantity == Decimal(56)


@pytest.mark.parametrize("limit", [None, "0.5"])
def test_one_that_rests_stays_as_large_where_the_largest_has_become_smaller(
    limit: str | None,
) -> None:
    """It protects all of the position: to make it smaller would be to give that up."""
    rules = replace(INSTRUMENT, max_quantity=Decimal(40), max_market=Decimal(40))
    stop = rests(Decimal(95), Decimal(90))
    percent = None if limit is None else Decimal(limit)
    stop = replace(stop, order=replace(KNOWN, limit_percent=percent))
    for size, quantity in ((100, 90), (90, 90), (60, 60), (30, 30)):
        asked = in_form(stop, PositionStop(Decimal(95)), Side.BUY, Decimal(size), rules)
        assert asked.quantity == Decimal(quantity)


def test_its_quantity_is_whole_steps_and_no_less_than_the_smallest() -> None:
    rules = replace(INSTRUMENT, quantity_step=Decimal(7), min_quantity=Decimal(21))
    for size, quantity in ((5, 21), (22, 28), (35, 35)):
        change = stop_change(record(rests(Decimal(90), Decimal(7)), Decimal(size)), rules)
        assert change is not None
        assert change.asked.quantity == Decimal(quantity)


def test_one_that_exists_and_was_never_shown_in_this_position_is_asked_for() -> None:
    """It counted as unknown for ever, and nothing was asked for."""
    fresh = for_position(rests(Decimal(90), Decimal(5)), cycle=2)
    seen = follow(fresh, position(Decimal(9)), 2, Decimal(100), []).stop
    assert seen.seen == PositionStop()
    assert stop_change(record(seen, Decimal(9)), INSTRUMENT) is not None


def test_one_of_the_last_position_that_somebody_has_moved_meanwhile_is_not_loosened() -> None:
    there = order(Decimal(97), Decimal(9))
    last = rests(Decimal(90), Decimal(5))
    followed = follow(last, position(Decimal(9)), 2, Decimal(100), [there])
    assert followed.stop.loosens is False
    left = follow(last, position(Decimal(9)), 2, Decimal(100), [order(Decimal(90), Decimal(9))])
    assert left.stop.loosens is True


@given(PRICES, SIZES, SIZES)
def test_no_size_loosens_it(price: Decimal, had: Decimal, size: Decimal) -> None:
    change = stop_change(record(rests(price, had), size), INSTRUMENT)
    assert change is None or change.asked.price >= price


@given(PRICES, SIZES, SIZES)
def test_a_new_size_alone_is_nobody_s_move(price: Decimal, had: Decimal, now: Decimal) -> None:
    """Somebody shrinks the order, or the exchange cuts it: only its size is set right."""
    followed = follow(rests(price, had), position(had), 1, Decimal(100), [order(price, now)])
    assert (followed.change, followed.stop.rule) == ("", "")
    assert followed.stop.seen == PositionStop(price, quantity=now)


@given(PRICES, PRICES, SIZES)
def test_a_move_by_hand_stays(price: Decimal, there: Decimal, size: Decimal) -> None:
    followed = follow(rests(price, size), position(size), 1, Decimal(100), [order(there, size)])
    assert bool(followed.change) is (price != there)
    if price != there:
        assert (followed.stop.rule, followed.stop.released) == (BY_HAND, price)


def test_an_order_that_a_list_lacks_is_not_gone() -> None:
    """Promise P5: it counts as it was, and is amended to what it has to be, whatever that is."""
    stop = rests(Decimal(95), Decimal(10))
    followed = follow(stop, position(Decimal(10)), 1, Decimal(100), []).stop
    assert followed.seen == stop.seen
    assert is_lost(followed)
    assert operation_of(KNOWN) is Operation.AMEND
    change = stop_change(record(followed, Decimal(10)), INSTRUMENT)
    assert change is not None
    assert change.asked == stop.seen
    assert not is_lost(without_order(followed))


def test_orders_that_are_unread_change_nothing() -> None:
    stop = rests(Decimal(95), Decimal(10))
    followed = follow(stop, position(Decimal(10)), 1, Decimal(100), None).stop
    assert (followed.seen, followed.order) == (stop.seen, KNOWN)


def test_an_order_that_is_closed_makes_room_for_another() -> None:
    stop = with_found(
        rests(Decimal(95), Decimal(10)), order(Decimal(95), Decimal(10), OrderStatus.CANCELLED)
    )
    assert (stop.order, stop.seen) == (None, PositionStop())


def test_a_resend_has_the_same_link_id() -> None:
    assert operation_of(StopOrder(LINK)) is Operation.PLACE
    assert operation_of(StopOrder(LINK, "id-1")) is Operation.PLACE, "a reply proves nothing"


def test_a_new_position_moves_the_order_of_the_last() -> None:
    """It may rest tighter than the new position's rules ask: nobody has asked for that here."""
    stop = for_position(rests(Decimal("99.5"), Decimal(10)), 2)
    assert (stop.order, stop.asked, stop.loosens) == (KNOWN, None, True)
    seen = follow(
        stop, position(Decimal(7)), 2, Decimal(100), [order(Decimal("99.5"), Decimal(10))]
    )
    change = stop_change(replace(record(seen.stop, Decimal(7)), cycle=2), INSTRUMENT)
    assert change is not None
    assert change.asked == PositionStop(Decimal(95), quantity=Decimal(7))


def test_what_is_left_over() -> None:
    stop = rests(Decimal(95), Decimal(10))
    assert is_left_over(stop, ZERO)
    assert not is_left_over(stop, Decimal(10))
    own = replace(stop, wanted=Stop.of(percent=5), asked=None, seen=PositionStop())
    assert not is_left_over(own, Decimal(10)), "the exchange's own stop is not there yet"
    there = agreed(
        record(replace(own, seen=PositionStop(Decimal(95))), Decimal(10)), INSTRUMENT
    ).stop
    assert there is not None
    assert is_left_over(there, Decimal(10))


def test_what_became_of_a_request() -> None:
    stop = rests(Decimal(95), Decimal(10))
    asked = PositionStop(Decimal(95), quantity=Decimal(10))
    amend = StopIntent(
        "i",
        "run",
        1,
        1,
        0,
        asked,
        "",
        PositionStop(),
        NOW,
        order_link_id=LINK,
        operation=Operation.AMEND,
    )
    other = replace(amend, asked=replace(asked, quantity=Decimal(11)))
    cancel = replace(amend, asked=PositionStop(), operation=Operation.CANCEL)
    assert order_became(amend, stop, is_over=False) is IntentStatus.CONFIRMED
    assert order_became(other, stop, is_over=False) is None
    assert order_became(other, stop, is_over=True) is IntentStatus.RESOLVED
    assert order_became(cancel, stop, is_over=False) is None
    gone = without_order(stop)
    assert order_became(amend, gone, is_over=False) is IntentStatus.RESOLVED
    assert order_became(cancel, gone, is_over=False) is IntentStatus.CONFIRMED
    lost = replace(stop, order=replace(KNOWN, is_listed=False))
    assert order_became(amend, lost, is_over=False) is None, "the last read has not shown it"


def test_a_closed_order_shows_the_request_that_had_it_where_it_was() -> None:
    asked = PositionStop(Decimal(95), quantity=Decimal(10))
    amend = StopIntent(
        "i",
        "run",
        1,
        1,
        0,
        asked,
        "",
        PositionStop(),
        NOW,
        order_link_id=LINK,
        operation=Operation.AMEND,
    )
    gone = order(Decimal(95), Decimal(10), OrderStatus.CANCELLED)
    assert shows_effect(gone, amend)
    assert not shows_effect(replace(gone, trigger_price=Decimal(94)), amend)
    assert not shows_effect(replace(gone, order_link_id="another"), amend)
    cancel = replace(amend, asked=PositionStop(), operation=Operation.CANCEL)
    assert not shows_effect(replace(gone, trigger_price=ZERO), cancel)


def limited(percent: str, limit: str, form: str = "order") -> StopRecord:
    return StopRecord(Stop.of(percent=percent, form=form, limit_percent=limit), cycle=1)


@given(PRICES, SIZES, st.sampled_from(["0.01", "0.5", "3", "99"]), st.sampled_from(Side))
def test_the_limit_is_a_function_of_the_trigger_on_the_losing_side(
    price: Decimal, size: Decimal, percent: str, side: Side
) -> None:
    asked = in_form(limited("5", percent), PositionStop(price), side, size, INSTRUMENT)
    again = in_form(limited("5", percent), asked, side, size, INSTRUMENT)
    assert again == asked
    assert asked.limit % INSTRUMENT.tick == 0
    assert asked.limit < price if side is Side.BUY else asked.limit > price


@pytest.mark.parametrize(
    ("lowest", "rested", "limit"),
    [
        ("90", "94.52", "94.52"),  # 95 less 0.5 % is 94.525
        ("94.604", "0", "94.61"),  # none is below the lowest, nor off the tick
        ("94.604", "94.52", "94.52"),  # what rests stays
        ("95.5", "94.52", "94.52"),  # and has no price on the gaining side, in any case
        ("95.5", "0", "94.52"),
    ],
)
def test_a_band_of_prices_moves_a_limit_only_to_where_it_is_one(
    lowest: str, rested: str, limit: str
) -> None:
    rules = replace(INSTRUMENT, min_price=Decimal(lowest))
    stop = limited("5", "0.5")
    if Decimal(rested):
        seen = PositionStop(Decimal(95), quantity=Decimal(10), limit=Decimal(rested))
        stop = replace(stop, seen=seen, order=replace(KNOWN, limit_percent=Decimal("0.5")))
    asked = in_form(stop, PositionStop(Decimal(95)), Side.BUY, Decimal(10), rules)
    assert asked.limit == Decimal(limit)
    short = replace(INSTRUMENT, max_price=Decimal("105.396"))
    asked = in_form(limited("5", "0.5"), PositionStop(Decimal(105)), Side.SELL, Decimal(10), short)
    assert asked.limit == Decimal("105.39")


def test_a_limit_order_that_has_triggered_protects_nothing() -> None:
    waits = replace(order(Decimal(95), Decimal(10)), order_type=OrderType.LIMIT, price=Decimal(94))
    assert shown_by(waits) == PositionStop(Decimal(95), quantity=Decimal(10), limit=Decimal(94))
    for status in (OrderStatus.OPEN, OrderStatus.PARTIALLY_FILLED):
        assert shown_by(replace(waits, status=status)) == PositionStop()
    stop = replace(rests(Decimal(95), Decimal(10)), order=replace(KNOWN, limit_percent=Decimal(1)))
    for status in (OrderStatus.OPEN, OrderStatus.TRIGGERED):
        found = with_found(stop, replace(waits, status=status))
        assert (found.has_triggered, found.seen) == (True, PositionStop())
        assert stop_change(record(found, Decimal(10)), INSTRUMENT) is None
    assert with_found(stop, replace(waits, status=OrderStatus.FILLED)).order is None
