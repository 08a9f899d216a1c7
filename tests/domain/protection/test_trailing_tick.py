"""A trailing stop of an older tick: set anew it would trail from where the market is now."""

from decimal import Decimal

import pytest

from tests.domain.protection.positions import RULES
from tests.domain.protection.test_stop_orders import record
from trueup.domain.copies import replace
from trueup.domain.model.protection import PositionStop, StopRecord
from trueup.domain.model.stop import Stop, Trailing
from trueup.domain.protection.setting import stop_change

GROWN = replace(RULES, tick=Decimal("0.1"))
TRAILS = Stop.of(trailing=Trailing.of(distance="1.05"))


@pytest.mark.parametrize(
    ("seen", "loosens", "asked"),
    [("1.05", False, None), ("0", False, "1"), ("1.2", False, "1"), ("1.05", True, "1")],
)
def test_it_stays_unless_the_user_asks(seen: str, loosens: bool, asked: str | None) -> None:  # noqa: FBT001 - a case
    set_, there = (PositionStop(trailing=Decimal(each)) for each in ("1.05", seen))
    stop = StopRecord(TRAILS, cycle=1, asked=set_, seen=there, loosens=loosens)
    change = stop_change(record(stop, Decimal(10)), GROWN)
    assert (change and change.asked.trailing) == (asked and Decimal(asked))


def test_what_rests_is_not_cleared_where_the_exchange_cannot_trail() -> None:
    """Seed 40020687: the user wants a trailing stop in place of a price, and it was refused."""
    there = PositionStop(Decimal("0.7"))
    stop = StopRecord(TRAILS, cycle=1, seen=there, loosens=True)
    change = stop_change(record(stop, Decimal(10)), RULES)
    assert change is not None
    assert change.asked.trailing
    again = stop_change(record(stop, Decimal(10)), RULES, refused=(change.asked,))
    assert again is not None
    assert (again.asked.price, again.asked.trailing) == (there.price, change.asked.trailing)
