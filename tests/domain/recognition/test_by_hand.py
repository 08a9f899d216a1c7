"""What somebody else changed, what the ladder makes of it, and what people read."""

from dataclasses import replace
from decimal import Decimal

import pytest

from trueup import Ladder, LadderError, MonitorKey, MonitorRecord, Role, Side
from trueup.domain.model.record import Origin, OwnedOrder, OwnedStatus
from trueup.domain.recognition.by_hand import (
    Hand,
    HandChange,
    cancelled,
    hand_changes,
    repriced,
    what_became,
)

D = Decimal
ORDER = OwnedOrder(
    level=2,
    part=1,
    order_link_id="link-2",
    order_id="id-2",
    price=D("0.72"),
    asked_price=D("0.72"),
    quantity=D(50),
    filled=D(0),
    status=OwnedStatus.OPEN,
    origin=Origin.PLACED,
    updated_ms=1,
)
RECORD = MonitorRecord(
    id=1,
    key=MonitorKey("main", "BANDUSDT", Side.BUY),
    role=Role.MAIN,
    follows=None,
    ladder=Ladder.of(("0.71", 85), ("0.72", 10), ("0.73", 5)),
    entry_price=D("0.70"),
    orders=(ORDER,),
)
MOVED = HandChange(Hand.MOVED, 2, "link-2", D("0.72"), D("0.75"))
RESIZED = HandChange(Hand.RESIZED, 2, "link-2", D(50), D(20))


def test_a_price_and_a_quantity_are_changes_of_their_own() -> None:
    now = replace(ORDER, price=D("0.75"), quantity=D(20))
    assert hand_changes(ORDER, now, ()) == (MOVED, RESIZED)
    assert hand_changes(ORDER, replace(now, status=OwnedStatus.CANCELLED), ()) == ()


def test_an_order_that_nothing_has_shown_before_may_have_come_smaller() -> None:
    """It was sent long ago, the position has shrunk since, and the exchange cut it to that."""
    now = replace(ORDER, quantity=D(20))
    assert hand_changes(replace(ORDER, updated_ms=0), now, ()) == ()


@pytest.mark.parametrize(
    ("price", "levels"),
    [
        ("0.725", ["0.71 85", "0.725 10", "0.73 5"]),
        ("0.75", ["0.71 85", "0.73 5", "0.75 10"]),
        ("0.705", ["0.705 10", "0.71 85", "0.73 5"]),
    ],
)
def test_a_level_keeps_its_share_wherever_it_goes(price: str, levels: list[str]) -> None:
    made = repriced(RECORD, 2, D(price))
    assert [f"{one.price} {one.share}" for one in made.levels] == levels


@pytest.mark.parametrize("price", ["0.73", "0.70", "0.69"])
def test_what_makes_no_ladder_is_refused(price: str) -> None:
    with pytest.raises(LadderError):
        repriced(RECORD, 2, D(price))


def test_a_level_of_several_orders_is_not_repriced() -> None:
    split = replace(ORDER, part=2, order_link_id="link-2.2")
    with pytest.raises(LadderError, match="TP2 has several orders"):
        repriced(replace(RECORD, orders=(ORDER, split)), 2, D("0.75"))


def test_only_what_the_record_shows_is_said_to_be_put_back() -> None:
    assert what_became(MOVED, RECORD) == "somebody else moved TP2 from 0.72 to 0.75: put back"
    there = replace(RECORD, orders=(replace(ORDER, price=D("0.75")),))
    assert what_became(MOVED, there) == "somebody else moved TP2 from 0.72 to 0.75"
    assert what_became(RESIZED, RECORD) == "somebody else resized TP2 from 50 to 20: put back"
    gone = replace(RECORD, orders=())
    assert what_became(RESIZED, gone) == "somebody else resized TP2 from 50 to 20"


def test_only_a_level_that_is_covered_is_said_to_be_placed_again() -> None:
    ended = replace(ORDER, status=OwnedStatus.CANCELLED)
    gone = replace(RECORD, orders=(ended,))
    assert what_became(cancelled(ended), gone) == "somebody else cancelled TP2"
    again = replace(ORDER, order_link_id="link-3", order_id="id-3")
    assert (
        what_became(cancelled(ended), replace(gone, orders=(ended, again)), ["link-3"])
        == "somebody else cancelled TP2: placed again"
    )
    adopted = replace(gone, orders=(ended, again))
    assert what_became(cancelled(ended), adopted) == "somebody else cancelled TP2"
