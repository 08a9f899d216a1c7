"""Ladders by rule become prices, and follow the average where that is asked for."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup import Ladder, LadderError, Side
from trueup.domain.model.stop import LadderBasis, LevelUnit, RuleLadder
from trueup.domain.protection.rule_ladders import followed_ladder, resolved_ladder

from .positions import BUY, RULES, filled

D = Decimal
Pairs = tuple[tuple[Decimal | str | int, Decimal | str | int], ...]
PERCENT = RuleLadder.of((2, 50), ("4.5", 50))
AVERAGE = replace(PERCENT, basis=LadderBasis.AVERAGE)
IN_R = RuleLadder.of(("1.5", 50), (3, 50), unit="r")


@pytest.mark.parametrize(
    ("pairs", "words", "says"),
    [
        ((), {}, "1 to 20 levels, not 0"),
        (((2, 50), (4, 49)), {}, "sum to 99 %"),
        (((4, 50), (4, 50)), {}, "TP2 must be farther from the entry than TP1: 4 is not above 4"),
        (((0, 100),), {}, "TP1's percent must be above 0"),
        (((0, 100),), {"unit": "r"}, "TP1's r must be above 0"),
        (((1.5, 100),), {}, "a Decimal, a string or an int"),
        (((2, 100),), {"unit": "ticks"}, "unit is percent or r, not 'ticks'"),
        (((2, 100),), {"basis": "mark"}, "basis is first_fill or average, not 'mark'"),
    ],
)
def test_a_bad_ladder_by_rule_is_refused(pairs: Pairs, words: dict[str, str], says: str) -> None:
    with pytest.raises(LadderError, match=says):
        RuleLadder.of(*pairs, **words)


def test_percentages_and_r_become_prices() -> None:
    assert resolved_ladder(PERCENT, Side.BUY, D(200), None, RULES) == Ladder.of(
        (204, 50), (209, 50)
    )
    assert resolved_ladder(PERCENT, Side.SELL, D(200), None, RULES) == Ladder.of(
        (196, 50), (191, 50)
    )
    # R is 200 - 196 = 4: 1.5 R is 6, 3 R is 12.
    assert resolved_ladder(IN_R, Side.BUY, D(200), D(196), RULES) == Ladder.of((206, 50), (212, 50))
    assert resolved_ladder(IN_R, Side.SELL, D(200), D(204), RULES) == Ladder.of(
        (194, 50), (188, 50)
    )


@pytest.mark.parametrize(
    ("rule", "entry", "first", "says"),
    [
        (IN_R, 200, None, "needs a first stop on the losing side of the entry 200: there is none"),
        (IN_R, 200, 201, "it is at 201"),
        (PERCENT, 0, None, "the entry is not known"),
        (RuleLadder.of(("1.5", 50), (2, 50)), 1, None, "two levels have the same price"),
        (PERCENT, 1000, None, "above the exchange's highest price"),
    ],
)
def test_a_ladder_that_cannot_be_resolved_is_refused(
    rule: RuleLadder, entry: int, first: int | None, says: str
) -> None:
    rules = replace(RULES, max_price=D(1000))
    with pytest.raises(LadderError, match=says):
        resolved_ladder(rule, Side.BUY, D(entry), None if first is None else D(first), rules)


def test_a_short_position_gains_less_than_its_entry() -> None:
    with pytest.raises(LadderError, match="TP1's price must be above 0"):
        resolved_ladder(RuleLadder.of((100, 100)), Side.SELL, D(200), None, RULES)


@given(
    side=st.sampled_from(Side),
    entry=st.decimals(50, 500, places=6),
    gains=st.lists(st.integers(1, 90), min_size=2, max_size=2, unique=True).map(sorted),
    unit=st.sampled_from(LevelUnit),
)
def test_a_level_gains_what_was_asked_and_a_tick_at_most_more(
    side: Side, entry: Decimal, gains: list[int], unit: LevelUnit
) -> None:
    rule = RuleLadder.of((gains[0], 40), (gains[1], 60), unit=unit)
    one = entry / 100
    first = entry - one if side is Side.BUY else entry + one
    ladder = resolved_ladder(rule, side, entry, first, RULES)
    ladder.check_side(side, entry)
    for level, gain in zip(ladder.levels, gains, strict=True):
        more = abs(level.price - entry) - one * gain
        assert 0 <= more < RULES.tick


def test_by_the_first_fill_the_ladder_on_record_stays() -> None:
    first = followed_ladder(PERCENT, replace(BUY, ladder=None))
    assert first == Ladder.of((102, 50), ("104.5", 50))
    assert followed_ladder(PERCENT, replace(BUY, ladder=first, entry=D(90))) == first


def test_by_the_average_the_levels_that_have_not_filled_follow() -> None:
    facts = replace(BUY, ladder=followed_ladder(AVERAGE, replace(BUY, ladder=None)))
    lower = replace(facts, entry=D(98))
    assert followed_ladder(AVERAGE, lower) == Ladder.of(("99.96", 50), ("102.41", 50))
    assert followed_ladder(AVERAGE, filled(lower, 1)) == Ladder.of((102, 50), ("102.41", 50))
    assert followed_ladder(AVERAGE, filled(lower, 2)) == facts.ladder


def test_no_level_follows_to_before_one_that_has_filled() -> None:
    facts = replace(BUY, ladder=followed_ladder(AVERAGE, replace(BUY, ladder=None)))
    assert followed_ladder(AVERAGE, filled(replace(facts, entry=D(90)), 1)) == facts.ladder
