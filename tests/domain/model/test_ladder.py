"""Ladders that cannot be meant are refused with a line that says why."""

from decimal import Decimal

import pytest

from trueup import Ladder, LadderError, Side
from trueup.domain.model.instrument import Instrument

Pairs = tuple[tuple[Decimal | str | int, Decimal | str | int], ...]


@pytest.mark.parametrize(
    ("pairs", "says"),
    [
        ((("1", 85), ("2", 14)), "sum to 99 %"),
        ((("1", 85), ("2", 16)), "sum to 101 %"),
        ((("-1", 100),), "above 0"),
        ((("0", 100),), "above 0"),
        ((("1", 0), ("2", 100)), "share must be above 0"),
        ((("1", 50), ("1", 50)), "the same price"),
        ((("1", 50), ("3", 25), ("2", 25)), "prices must run one way"),
        ((("one", 100),), "not a number"),
        ((("NaN", 100),), "above 0"),
        ((("Infinity", 100),), "above 0"),
        ((("1e400", 100),), "more than 18 digits"),
        ((("0.1234567890123456789", 100),), "more than 18 digits"),
        ((), "1 to 20 levels"),
    ],
)
def test_a_bad_ladder_is_refused(pairs: Pairs, says: str) -> None:
    with pytest.raises(LadderError, match=says):
        Ladder.of(*pairs)


def test_a_binary_fraction_is_no_price() -> None:
    with pytest.raises(LadderError, match="a Decimal, a string or an int"):
        Ladder.of((0.1, 100))  # type: ignore[arg-type] # a float is the mistake


@pytest.mark.parametrize(
    ("side", "entry", "says"),
    [
        (Side.SELL, None, "prices of a Sell ladder must fall"),
        (Side.BUY, Decimal("1.5"), "TP1 at 1 is on the losing side of the entry 1.5"),
        (Side.BUY, Decimal(1), "TP1 at 1 is on the losing side"),
    ],
)
def test_a_ladder_on_the_wrong_side_is_refused(
    side: Side, entry: Decimal | None, says: str
) -> None:
    with pytest.raises(LadderError, match=says):
        Ladder.of(("1", 50), ("2", 50)).check_side(side, entry)


def test_a_ladder_on_the_right_side_passes() -> None:
    ladder = Ladder.of(("2", 50), ("1", 50))
    ladder.check_side(Side.SELL, Decimal(3))
    assert [level.number for level in ladder.levels] == [1, 2]


def test_a_price_off_the_tick_is_never_rounded_silently() -> None:
    rules = Instrument("X", Decimal("0.01"), Decimal(1), Decimal(1), Decimal(100))
    with pytest.raises(LadderError, match="not a multiple of the tick size"):
        Ladder.of(("0.105", 100)).check_instrument(rules)
