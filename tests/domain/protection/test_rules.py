"""Where the stop belongs, rule by rule and together."""

from dataclasses import replace
from decimal import Decimal

import pytest

from trueup import Ladder, Side
from trueup.domain.model.instrument import Instrument
from trueup.domain.model.stop import Breakeven, Stop, Trailing
from trueup.domain.protection.facts import StopFacts
from trueup.domain.protection.rules import wanted_stop
from trueup.domain.protection.wanted import WantedStop, WantedTrailing

from .positions import BUY, RULES, SELL, filled, kept, on_record, where

D = Decimal
PERCENT = Stop.of(percent=2)
EVEN = Stop.of(percent=2, breakeven=Breakeven.of(after_level=1, offset="0.08"))
BY_FEES = Stop.of(percent=2, breakeven=Breakeven.of(after_level=1, offset="fees"))
FOLLOWS = Stop.of(percent=2, follow_average=True, breakeven=Breakeven.of(after_percent=1, offset=0))


@pytest.mark.parametrize(
    ("stop", "levels", "says"),
    [
        (PERCENT, (), "98: 2 % from the entry"),
        (Stop.of(price="97.5"), (1, 2), "97.5: the price 97.5"),
        (EVEN, (), "98: 2 % from the entry"),
        (EVEN, (1,), "100.08: breakeven after TP1"),
        (EVEN, (2,), "100.08: breakeven after TP1"),
        (Stop.of(percent=2, moving_target=1), (1,), "100: breakeven, 1 target behind TP1"),
        (Stop.of(percent=2, moving_target=1), (2,), "102: 1 target behind TP2"),
        (Stop.of(percent=2, moving_target=2), (1,), "98: 2 % from the entry"),
        (Stop.of(percent=2, moving_target=2), (1, 2), "100: breakeven, 2 targets behind TP2"),
        (Stop.of(percent=2, moving_target=2), (3,), "102: 2 targets behind TP3"),
        (Stop.of(percent=2, behind_target=1), (2,), "102.96: 1 % behind TP2"),
        (Stop.of(percent=2, behind_target=1, moving_target=1), (2,), "102.96: 1 % behind TP2"),
        (Stop.of(percent=2, behind_target=5, moving_target=1), (2,), "102: 1 target behind TP2"),
    ],
)
def test_the_tightest_rule_that_applies_wins(
    stop: Stop, levels: tuple[int, ...], says: str
) -> None:
    assert where(stop, filled(BUY, *levels)) == says


def test_moving_to_breakeven_uses_the_offset_of_the_breakeven_rule() -> None:
    stop = Stop.of(percent=2, moving_target=1, breakeven=Breakeven.of(after_level=3, offset="0.08"))
    assert where(stop, filled(BUY, 1)) == "100.08: breakeven, 1 target behind TP1"


def test_a_short_position_is_protected_from_above() -> None:
    assert where(PERCENT, SELL) == "102: 2 % from the entry"
    assert where(EVEN, filled(SELL, 1)) == "99.92: breakeven after TP1"
    assert where(Stop.of(percent=2, behind_target=1), filled(SELL, 2)) == "96.96: 1 % behind TP2"


@pytest.mark.parametrize(
    ("facts", "fees", "rate", "says"),
    [
        # (100 + 0.055) / 0.99945 = 100.11006, (100 - 0.055) / 1.00055 = 99.8900
        (BUY, "0.055", "0.00055", "100.12: breakeven after TP1"),
        (SELL, "0.055", "0.00055", "99.89: breakeven after TP1"),
        # A maker's entry, and a cheaper way out: (100 + 0.02) / 0.9996 = 100.0600
        (BUY, "0.02", "0.0004", "100.07: breakeven after TP1"),
        # 0.01 was received: (100 - 0.01) / 0.99945 = 100.04502
        (BUY, "-0.01", "0.00055", "100.05: breakeven after TP1"),
        # More was received than closing costs.
        (BUY, "-0.1", "0.00055", "100: breakeven after TP1"),
        (SELL, "-0.1", "0.00055", "100: breakeven after TP1"),
    ],
)
def test_breakeven_by_fees_pays_for_both_ways(
    facts: StopFacts, fees: str, rate: str, says: str
) -> None:
    known = replace(filled(facts, 1), fees=D(fees), taker_rate=D(rate))
    assert where(BY_FEES, known) == says


def test_unknown_fees_count_as_a_percentage() -> None:
    unknown = wanted_stop(BY_FEES, filled(BUY, 1))
    assert unknown.trigger == D("100.08")
    assert unknown.notes == (
        "the fees of the entries are not known: breakeven is 0.08 % beyond the entry",
    )
    behind = Stop.of(
        percent=2, moving_target=1, breakeven=Breakeven.of(after_level=3, offset="fees")
    )
    assert where(behind, filled(BUY, 1)) == "100.08: breakeven, 1 target behind TP1"


def test_without_an_offset_breakeven_is_the_entry_whatever_was_paid() -> None:
    stop = Stop.of(percent=2, breakeven=Breakeven.of(after_level=1))
    wanted = wanted_stop(stop, replace(filled(BUY, 1), fees=D("0.055")))
    assert (wanted.trigger, wanted.notes) == (D(100), ())


def test_profit_is_that_of_the_best_price() -> None:
    stop = Stop.of(percent=2, breakeven=Breakeven.of(after_percent=3, offset=0))
    for facts, before, at in ((BUY, "102.99", "103"), (SELL, "97.01", "97")):
        assert wanted_stop(stop, replace(facts, best=D(before))).trigger != D(100)
        assert where(stop, replace(facts, best=D(at))) == "100: breakeven after 3 % in profit"


def test_rounding_loses_no_more_than_asked_and_stays_on_its_side() -> None:
    coarse = replace(BUY, entry=D("100.03"), instrument=replace(RULES, tick=D("0.5")))
    assert wanted_stop(Stop.of(percent="1.9"), coarse).trigger == D("98.5")
    assert wanted_stop(Stop.of(percent="0.01"), coarse).trigger == D("100.0")
    assert wanted_stop(EVEN, filled(coarse, 1)).trigger == D("100.5")
    short = replace(coarse, side=Side.SELL)
    assert wanted_stop(Stop.of(percent="0.01"), short).trigger == D("100.5")


def test_a_fixed_price_that_loses_loses_on_a_coarser_tick_as_well() -> None:
    """Rounded to the safe side it would have been past the market, and was refused for good."""
    coarse = replace(BUY, instrument=replace(RULES, tick=D(40)))
    assert where(Stop.of(price=97), coarse) == "80: the price 97"


def test_a_growing_position_does_not_loosen_the_stop() -> None:
    grown = replace(kept(PERCENT, BUY), entry=D(95), size=D(80))
    assert where(PERCENT, grown) == "98: where it was, as no rule loosens it"
    dearer = replace(kept(PERCENT, BUY), entry=D(101), size=D(80))
    assert where(PERCENT, dearer) == "98.98: 2 % from the entry"


def test_a_stop_that_follows_the_average_goes_both_ways_until_a_rule_tightens_it() -> None:
    facts = kept(FOLLOWS, BUY)
    lower = replace(facts, entry=D(95))
    wanted = wanted_stop(FOLLOWS, lower)
    assert (wanted.trigger, wanted.loosens) == (D("93.10"), True)
    # 1 % in profit: breakeven. After that the average may go where it wants.
    even = kept(FOLLOWS, replace(on_record(lower, wanted), best=D("95.95")))
    assert (even.tightest, even.tightened) == (D(95), True)
    again = wanted_stop(FOLLOWS, replace(even, entry=D(90), best=D(0)))
    assert (again.trigger, again.loosens) == (D(95), False)
    assert wanted_stop(FOLLOWS, filled(lower, 1)).trigger == D(98)


def test_the_first_stop_stays_on_record() -> None:
    facts = kept(FOLLOWS, BUY)
    assert facts.first == D(98)
    assert kept(FOLLOWS, replace(facts, entry=D(95))).first == D(98)
    assert kept(EVEN, filled(kept(EVEN, BUY), 1)).first == D(98)


@pytest.mark.parametrize("best", ["0", "98", "99"])
def test_a_price_on_the_winning_side_waits_for_the_market(best: str) -> None:
    stop, facts = Stop.of(price=99), replace(BUY, entry=D(98), best=D(best))
    wanted = wanted_stop(stop, facts)
    assert (wanted.trigger, wanted.first) == (None, None)
    (note,) = wanted.notes
    assert note.startswith("the stop's price 99 is on the winning side of the entry 98")
    locked = wanted_stop(stop, replace(facts, best=D("99.01")))
    assert (locked.trigger, locked.first, locked.notes) == (D(99), None, ())


def test_a_level_that_the_ladder_has_not_is_said() -> None:
    stop = Stop.of(percent=2, moving_target=1, behind_target=1)
    wanted = wanted_stop(stop, replace(filled(BUY, 3), ladder=Ladder.of((102, 100))))
    assert wanted.trigger == D(100)
    assert wanted.notes == (
        "the ladder has no TP2, which the stop follows",
        "the ladder has no TP3, which the stop follows",
    )


def test_a_stop_that_the_exchange_does_not_take_is_said() -> None:
    facts = replace(BUY, instrument=replace(RULES, min_price=D(99)))
    wanted = wanted_stop(PERCENT, facts)
    assert wanted.trigger is None
    assert wanted.notes == ("2 % from the entry: 98 is below the exchange's lowest price 99",)


def test_where_the_last_level_s_price_is_not_taken_the_one_before_says_where() -> None:
    stop = Stop.of(percent=2, moving_target=1, behind_target=1)
    facts = filled(replace(BUY, instrument=replace(RULES, max_price=D(105))), 1, 2, 3, 4)
    wanted = wanted_stop(stop, facts)
    assert (wanted.trigger, wanted.rule) == (D("104.94"), "1 % behind TP3")
    assert wanted.notes == (
        "1 target behind TP4: 106 is above the exchange's highest price 105",
        "1 % behind TP4: 106.92 is above the exchange's highest price 105",
    )


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        (replace(RULES, max_price=D(103)), "is above the exchange's highest price 103"),
        (replace(RULES, tick=D("0.05")), "is not a multiple of the tick size 0.05"),
    ],
)
def test_a_trailing_stop_whose_activation_the_exchange_does_not_take_is_said(
    rules: Instrument, why: str
) -> None:
    stop = Stop.of(percent=2, trailing=Trailing.of(percent=1, activation="103.99"))
    wanted = wanted_stop(stop, replace(BUY, instrument=rules))
    assert (wanted.trigger, wanted.trailing) == (D(98), None)
    assert wanted.untrailed == f"trailing from 103.99 on: 103.99 {why}"
    assert wanted.notes == (wanted.untrailed,)


def test_without_a_position_or_its_entry_no_rule_speaks() -> None:
    assert wanted_stop(PERCENT, replace(BUY, size=D(0))) == WantedStop(None, "no position is open")
    unknown = wanted_stop(PERCENT, replace(kept(PERCENT, BUY), entry=D(0)))
    assert unknown.trigger == D(98)
    assert unknown.notes[0].startswith("the entry is not known")


@pytest.mark.parametrize(
    ("trailing", "levels", "wanted"),
    [
        (Trailing.of(distance="1.5"), (), WantedTrailing(D("1.5"))),
        (Trailing.of(percent="1.5"), (), WantedTrailing(D("1.5"))),
        (Trailing.of(percent="0.001"), (), WantedTrailing(D("0.01"))),
        (Trailing.of(percent=1, activation="103.99"), (), WantedTrailing(D("1.03"), D("103.99"))),
        (Trailing.of(percent=1, after_level=2), (1,), None),
        (Trailing.of(percent=1, after_level=2), (3,), WantedTrailing(D("1.04"))),
    ],
)
def test_the_trailing_stop(
    trailing: Trailing, levels: tuple[int, ...], wanted: WantedTrailing | None
) -> None:
    stop = Stop.of(percent=2, trailing=trailing)
    assert wanted_stop(stop, filled(BUY, *levels)).trailing == wanted


def test_the_trailing_distance_stays_when_the_average_moves() -> None:
    stop = Stop.of(trailing=Trailing.of(percent=1))
    assert wanted_stop(stop, BUY).trigger is None
    grown = replace(kept(stop, BUY), entry=D(120))
    assert wanted_stop(stop, grown).trailing == WantedTrailing(D(1))
