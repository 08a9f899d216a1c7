"""Whether what the view said still holds, when a write that was decided by it is to leave."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.engine.living import BAND, UID, Living
from trueup.domain.tracking.symbol_view import READ_OVERTAKEN
from trueup.engine.live.exchange import NOT_CURRENT, VIEW_CHANGED
from trueup.simulator import PositionItems


@pytest.fixture
def living() -> Iterator[Living]:
    """A long of 100 with two TPs, known from the stream."""
    living = Living()
    living.hold("100")
    living.tp("60", "0.75")
    living.tp("40", "0.80")
    living.prove()
    living.see()
    living.asked()
    yield living
    living.live.stop()


def why_outdated(living: Living, changes: int | None) -> str:
    return living.live.outdated(BAND, changes)


def test_what_was_seen_a_moment_ago_holds(living: Living) -> None:
    assert why_outdated(living, living.see().changes) == ""
    assert living.asked() == []


def test_it_does_not_after_a_fill(living: Living) -> None:
    seen = living.see().changes
    living.sim.set_price(BAND, "0.76")
    assert why_outdated(living, seen) == VIEW_CHANGED
    assert why_outdated(living, living.see().changes) == ""


def test_it_does_not_after_somebody_changed_the_position_or_an_order(living: Living) -> None:
    seen = living.see().changes
    living.sim.set_position(UID, BAND, "Buy", "70", "0.69")
    assert why_outdated(living, seen) == VIEW_CHANGED
    living.see()
    seen = living.see().changes
    living.sim.cancel_by_hand(UID, living.sim.orders(UID)[0].order_id)
    assert why_outdated(living, seen) == VIEW_CHANGED


def test_our_own_writes_and_other_symbols_change_nothing(living: Living) -> None:
    seen = living.see().changes
    first, second = (order.order_id for order in living.sim.orders(UID))
    living.amend(first, "50")
    living.place("10", "0.9", "own")
    living.cancel(second)
    living.pass_by(50)
    living.sim.open_position(UID, "AUSDT", "Buy", "5", "0.69")
    living.pass_by(50)
    assert why_outdated(living, seen) == ""


def test_where_the_exchange_was_read_only_another_position_says_so(living: Living) -> None:
    """Seed 564: a cancel went out again although the position had been opened anew."""
    living.live.invalidate(BAND, "for the test")
    seen = living.see().changes
    assert seen is None
    living.sim.cancel_by_hand(UID, living.sim.orders(UID)[0].order_id)
    assert why_outdated(living, seen) == ""
    living.sim.set_position(UID, BAND, "Buy", "70", "0.69")
    assert why_outdated(living, seen) == READ_OVERTAKEN


def test_a_position_that_was_opened_and_closed_again_is_another_one(living: Living) -> None:
    """Seed 17910: a cancel for a flat position went out again; no read had shown this one flat."""
    living.sim.set_position(UID, BAND, "Buy", "0", "0.69")
    living.live.invalidate(BAND, "for the test")
    living.see()
    assert why_outdated(living, None) == ""
    living.sim.set_position(UID, BAND, "Buy", "70", "0.69")
    living.sim.set_position(UID, BAND, "Buy", "0", "0.69")
    assert why_outdated(living, None) == READ_OVERTAKEN


def test_another_run_s_read_makes_an_older_one_no_newer(living: Living) -> None:
    """Seed 911472: a position was closed during look-ups; its other side's run read it flat."""
    living.live.stop()
    first = living.see()
    second = living.see()
    living.live.start()
    assert [living.live.outdated(BAND, None, seen.read) for seen in (first, second)] == ["", ""]
    living.sim.set_position(UID, BAND, "Buy", "70", "0.69")
    third = living.see()
    numbers = [first.read, second.read, third.read]
    why = [living.live.outdated(BAND, None, number) for number in numbers]
    assert why == [READ_OVERTAKEN, READ_OVERTAKEN, ""]


def test_a_read_that_shows_another_position_outdates_those_before_it(living: Living) -> None:
    living.live.stop()
    first = living.see()
    living.sim.set_position(UID, BAND, "Buy", "70", "0.69")
    assert living.live.outdated(BAND, None, first.read) == ""
    second = living.see()
    assert living.live.outdated(BAND, None, first.read) == READ_OVERTAKEN
    assert living.live.outdated(BAND, None, second.read) == ""


def test_a_sweep_without_a_stream_outdates_what_was_read_before_it(living: Living) -> None:
    """Seed 913125: a cancel for a flat position went out again; a sweep had shown it open."""
    living.sim.set_position(UID, BAND, "Buy", "0", "0.69")
    living.live.stop()
    first = living.see()
    living.live.survey([BAND])
    assert living.live.outdated(BAND, None, first.read) == ""
    living.sim.set_position(UID, BAND, "Buy", "70", "0.69")
    living.live.survey([BAND])
    assert living.live.outdated(BAND, None, first.read) == READ_OVERTAKEN


def test_what_an_event_said_before_the_stream_was_lost_stays_so(living: Living) -> None:
    living.live.invalidate(BAND, "for the test")
    living.see()
    living.sim.set_position(UID, BAND, "Buy", "70", "0.69")
    living.live.stop()
    assert why_outdated(living, None) == READ_OVERTAKEN
    living.see()
    assert why_outdated(living, None) == "", "it was read since"


def test_an_event_contradicts_what_was_read_before_the_stream_was_opened(living: Living) -> None:
    """Seed 18252: a cancel for a flat position went out again; the stream had shown it open."""
    living.live.stop()
    living.sim.set_position(UID, BAND, "Buy", "0", "0.69")
    living.see()
    living.live.start()
    assert why_outdated(living, None) == ""
    living.sim.set_position(UID, BAND, "Buy", "70", "0.69")
    assert why_outdated(living, None) == READ_OVERTAKEN


def test_after_a_while_the_stream_is_asked_for_what_it_has_not_delivered(living: Living) -> None:
    seen = living.see().changes
    living.pass_by(300)
    assert why_outdated(living, seen) == ""
    assert living.asked() == [], "a ping is no request"


def test_a_stream_that_does_not_answer_proves_nothing(living: Living) -> None:
    seen = living.see().changes
    living.feed.ping = lambda: None  # type: ignore[method-assign] # the ping of the feed is silenced
    living.pass_by(300)
    assert why_outdated(living, seen) == NOT_CURRENT
    assert living.see().changes is None, "the exchange is read"


def test_a_stream_that_was_lost_and_opened_again_proves_nothing(living: Living) -> None:
    seen = living.see().changes
    living.live.stop()
    assert why_outdated(living, seen) == "stopped"
    living.prove()
    assert why_outdated(living, seen) == VIEW_CHANGED


def test_an_event_without_a_number_that_shows_another_position_says_so_too(living: Living) -> None:
    """Seed 400104: a cancel for a flat position went out again; the stream had shown it open."""
    living.sim.behaviour = replace(living.sim.behaviour, position_items=PositionItems.BARE)
    living.live.invalidate(BAND, "for the test")
    living.see()
    assert why_outdated(living, None) == ""
    living.sim.set_position(UID, BAND, "Buy", "70", "0.69")
    assert why_outdated(living, None) == READ_OVERTAKEN
    living.see()
    assert why_outdated(living, None) == "", "it was read since"
