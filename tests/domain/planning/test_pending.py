"""What open writes may still do: the interval of each order, and how a read settles them."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.planning.test_plan import order
from tests.domain.writes import amended, cancelled, pending, placed
from trueup.domain.model.instrument import ZERO
from trueup.domain.model.intent import Intent, IntentStatus
from trueup.domain.model.order import CancelReason, Closure
from trueup.domain.model.record import OwnedOrder, OwnedStatus
from trueup.domain.planning.pending import Cover, PendingStatus, cover, cover_of
from trueup.domain.tracking.settling import is_over, may_show_another, settled, superseded
from trueup.domain.venue.exchange_facts import Lateness

D = Decimal
OPEN = order(1, 40)
PARTLY = order(1, 60, filled=10)
SENT = order(1, 20, status=OwnedStatus.PENDING_NEW)
LATE = Lateness(requests=timedelta(seconds=5), reads=timedelta(seconds=15))


@pytest.mark.parametrize(
    ("owned", "writes", "least", "most"),
    [
        (OPEN, [], 40, 40),
        (OPEN, [amended(OPEN, 60)], 40, 60),
        (PARTLY, [amended(PARTLY, 40)], 30, 50),
        (OPEN, [amended(OPEN, 60), amended(OPEN, 30)], 30, 60),
        (OPEN, [amended(OPEN, price=90)], 40, 40),
        (OPEN, [cancelled(OPEN)], 0, 40),
        (SENT, [placed(SENT)], 0, 20),
        (SENT, [placed(SENT), placed(SENT, 30)], 0, 30),
        (SENT, [], 0, 0),
    ],
)
def test_what_an_order_covers(
    owned: OwnedOrder, writes: list[Intent], least: int, most: int
) -> None:
    assert cover_of(owned, pending([owned], *writes)) == Cover(D(least), D(most))


def test_what_an_order_waits_for_is_said_in_the_words_of_fix() -> None:
    change = pending([OPEN], amended(OPEN, 60, status=IntentStatus.SENT))[OPEN.order_link_id]
    assert (change.status, change.is_acknowledged) == (PendingStatus.REPLACE, True)
    change = pending([OPEN], amended(OPEN, 60), cancelled(OPEN))[OPEN.order_link_id]
    assert (change.status, change.is_acknowledged) == (PendingStatus.CANCEL, False)
    assert pending([SENT], placed(SENT))[SENT.order_link_id].status is PendingStatus.NEW


def test_a_settled_write_and_a_closed_order_are_not_pending() -> None:
    done = amended(OPEN, 60, status=IntentStatus.CONFIRMED)
    assert pending([OPEN], done) == {}
    gone = order(2, 40, status=OwnedStatus.CANCELLED)
    assert pending([gone], cancelled(gone)) == {}


def shown(quantity: int, price: int = 101, status: OwnedStatus = OwnedStatus.OPEN) -> OwnedOrder:
    """TP1 of 40 at 101, as a read shows it later."""
    return order(1, quantity, price=price, status=status)


@pytest.mark.parametrize(
    ("now", "became"),
    [
        (shown(60, 90), (IntentStatus.CONFIRMED, False, None)),
        (shown(60, 91), (IntentStatus.CONFIRMED, False, D(90))),
        (shown(60), None),
        (shown(40), None),
        (shown(50, 90), (IntentStatus.RESOLVED, True, None)),
        (shown(30), None),
        (shown(40, status=OwnedStatus.FILLED), (IntentStatus.RESOLVED, False, None)),
    ],
)
def test_an_amend_is_settled_by_what_is_shown(
    now: OwnedOrder, became: tuple[IntentStatus, bool, Decimal | None] | None
) -> None:
    end = settled(amended(OPEN, 60, 90), now, (), None)
    assert (None if end is None else (end.status, end.is_cut, end.clipped_from)) == became


def test_what_another_write_asked_for_settles_only_that_one() -> None:
    first, second = amended(OPEN, 50), amended(OPEN, 60)
    now = shown(50)
    became = settled(first, now, (second,), None)
    assert became is not None
    assert became.status is IntentStatus.CONFIRMED
    assert settled(second, now, (first,), None) is None
    dearer, cheaper = amended(OPEN, price=95), amended(OPEN, price=90)
    assert settled(cheaper, shown(40, 95), (dearer,), None) is None


def test_a_write_from_before_its_order_was_noted_waits_for_its_time() -> None:
    old = Intent(
        **{
            name: getattr(amended(OPEN, 60), name)
            for name in Intent.__slots__
            if not name.endswith("_before")
        }
    )
    assert settled(old, shown(50), (), None) is None


def test_a_place_is_settled_by_what_is_shown() -> None:
    place = placed(SENT)
    assert settled(place, SENT, (), None) is None
    rests = settled(place, order(1, 20), (), None)
    assert rests is not None
    assert rests.status is IntentStatus.CONFIRMED
    cut = settled(place, order(1, 10, price=99), (), None)
    assert cut is not None
    assert (cut.status, cut.is_cut, cut.order.asked_price) == (IntentStatus.RESOLVED, True, D(99))
    other = settled(place, order(1, 10), (placed(SENT, 10),), None)
    assert other is not None
    assert not other.is_cut
    closed = order(1, 20, status=OwnedStatus.CANCELLED)
    refused = settled(place, closed, (), Closure(CancelReason.OTHER, "EC_Odd"))
    assert refused is not None
    assert refused.status is IntentStatus.REFUSED


def test_a_cancel_is_settled_by_the_end_of_its_order() -> None:
    assert settled(cancelled(OPEN), OPEN, (), None) is None
    for status in (OwnedStatus.CANCELLED, OwnedStatus.FILLED):
        became = settled(cancelled(OPEN), shown(40, status=status), (), None)
        assert became is not None
        assert became.status is IntentStatus.CONFIRMED


@pytest.mark.parametrize(
    ("status", "seconds"),
    [(IntentStatus.SENT, 15), (IntentStatus.UNKNOWN, 20), (IntentStatus.PLANNED, 20)],
)
def test_time_settles_what_no_read_shows(status: IntentStatus, seconds: int) -> None:
    write = amended(OPEN, 60, status=status)
    assert is_over(write, timedelta(seconds=seconds), LATE)
    assert not is_over(write, timedelta(seconds=seconds - 1), LATE)


def test_a_later_write_stands_for_an_earlier_one_where_it_asks_for_the_same_or_is_shown() -> None:
    first, other = amended(OPEN, 50), amended(OPEN, 60)
    same = amended(OPEN, 50, status=IntentStatus.SENT)
    assert superseded([first, same]) == [first]
    assert superseded([first, other]) == []
    seen = amended(OPEN, 60, status=IntentStatus.CONFIRMED)
    assert superseded([first, seen]) == []
    accepted = amended(OPEN, 50, status=IntentStatus.SENT)
    assert superseded([accepted, seen]) == [accepted]
    refused = amended(OPEN, 50, status=IntentStatus.REFUSED)
    assert superseded([first, refused]) == []


def test_what_two_amends_ask_for_settles_neither_while_another_lies_between() -> None:
    first = amended(OPEN, 60, status=IntentStatus.UNKNOWN)
    between = amended(OPEN, 50, status=IntentStatus.SENT)
    last = amended(OPEN, 60, status=IntentStatus.SENT)
    writes = [first, between, last]
    assert [may_show_another(each, writes) for each in writes] == [True, False, True]
    assert superseded(writes) == []
    assert superseded([first, *writes]) == [first]
    again = replace(last, id="again")
    assert superseded([*writes, again]) == [last], "what stands for the last is the last"
    assert superseded([*writes, between, again]) == [first]
    ended = replace(between, status=IntentStatus.CONFIRMED)
    assert not may_show_another(last, [first, ended, last])
    assert superseded([first, ended, last]) == [first]


totals = st.lists(st.integers(1, 90), max_size=4)


@given(st.lists(st.tuples(st.integers(1, 60), totals, st.booleans()), max_size=5))
def test_whatever_became_of_them_the_cover_is_within_the_interval(
    drawn: list[tuple[int, list[int], bool]],
) -> None:
    """The law behind P3 and P4: each order ends as it is shown, or as one of its writes asks."""
    owned = [order(level, quantity) for level, (quantity, _, _) in enumerate(drawn, 1)]
    writes = [
        write
        for each, (_, asked, goes) in zip(owned, drawn, strict=True)
        for write in (*(amended(each, total) for total in asked), *((cancelled(each),) * goes))
    ]
    may_be = pending(owned, *writes)
    whole = cover(owned, may_be)
    least = most = ZERO
    for each, (quantity, asked, goes) in zip(owned, drawn, strict=True):
        ends = [D(total) for total in (quantity, *asked, *((0,) * goes))]
        interval = cover_of(each, may_be)
        assert all(interval.least <= end <= interval.most for end in ends)
        assert {interval.least, interval.most} <= set(ends)
        least, most = least + min(ends), most + max(ends)
    assert whole == Cover(least, most)
