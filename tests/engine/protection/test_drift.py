"""What of a stop wakes a monitor in a sweep."""

from dataclasses import replace
from decimal import Decimal

import pytest

from trueup import Side
from trueup.domain.model.order import Position
from trueup.domain.model.protection import PositionStop, StopRecord
from trueup.domain.model.stop import Breakeven, Stop
from trueup.domain.protection.waking import stop_drift

SEEN = PositionStop(Decimal(95))
WANTED = Stop.of(percent=5, breakeven=Breakeven.of(after_percent=3, offset=0))
RECORD = StopRecord(WANTED, cycle=1, asked=SEEN, seen=SEEN, best=Decimal(101))
LONG = Position("BANDUSDT", Side.BUY, Decimal(10), Decimal(100), mark_price=Decimal(101), stop=SEEN)


def test_a_stop_that_rests_where_it_was_seen_wakes_nobody() -> None:
    assert stop_drift(RECORD, LONG) is None
    assert stop_drift(None, LONG) is None


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (PositionStop(), "the stop was 95 and is now none"),
        (PositionStop(Decimal(90)), "the stop was 95 and is now 90"),
        (PositionStop(Decimal(95), Decimal(2)), "the stop was 95 and is now 95, trailing by 2"),
    ],
)
def test_one_that_is_elsewhere_or_gone_does(now: PositionStop, said: str) -> None:
    assert stop_drift(RECORD, replace(LONG, stop=now)) == said


def test_a_position_whose_stop_is_not_known_says_nothing() -> None:
    assert stop_drift(RECORD, replace(LONG, stop=None)) is None


def test_the_market_wakes_it_once_it_has_gone_far_enough() -> None:
    high = replace(LONG, mark_price=Decimal(103))
    assert stop_drift(RECORD, replace(LONG, mark_price=Decimal("102.9"))) is None
    assert stop_drift(RECORD, high) == (
        "the market has reached 103, from where a rule moves the stop"
    )
    assert stop_drift(replace(RECORD, best=Decimal(103)), high) is None, "a run has seen that"


def test_a_short_counts_the_other_way() -> None:
    short = replace(LONG, side=Side.SELL, mark_price=Decimal(97))
    known = replace(RECORD, best=Decimal(99))
    assert stop_drift(known, replace(short, mark_price=Decimal("97.1"))) is None
    assert stop_drift(known, short) == "the market has reached 97, from where a rule moves the stop"
