"""Which ladder the rule of a monitor comes to, by its record: laws for any entry and side."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup import LadderError, MonitorKey, MonitorRecord, Role, RuleLadder, Side, Stop
from trueup.domain.model.protection import PositionStop, StopRecord
from trueup.domain.model.stop import BY_RULE, LadderBasis, RuleRecord
from trueup.domain.protection.laddering import Ruled, ruled_ladder, without_reckoned

from .positions import RULES

D = Decimal
BASES = st.sampled_from(LadderBasis)
ENTRIES = st.integers(100, 500).map(Decimal)
SIDES = st.sampled_from(Side)


def record_of(
    side: Side, entry: Decimal, basis: LadderBasis = LadderBasis.FIRST_FILL, unit: str = "percent"
) -> MonitorRecord:
    """A monitor of an open position whose ladder by rule nobody has reckoned yet."""
    rule = RuleLadder.of((2, 50), (4, 50), basis=basis, unit=unit)
    return MonitorRecord(
        1,
        MonitorKey("main", "BANDUSDT", side),
        Role.MAIN,
        None,
        None,
        position_size=D(10),
        entry_price=entry,
        ladder_rule=RuleRecord(rule),
    )


def put(record: MonitorRecord, ruled: Ruled | None) -> MonitorRecord:
    """The record with that ladder."""
    assert ruled is not None
    return replace(record, ladder=ruled.ladder, ladder_source=BY_RULE, ladder_rule=ruled.rule)


def prices(record: MonitorRecord) -> list[Decimal]:
    """Of the ladder on record."""
    assert record.ladder is not None
    return [level.price for level in record.ladder.levels]


@given(SIDES, ENTRIES, BASES)
def test_on_record_it_changes_nothing_more(side: Side, entry: Decimal, basis: LadderBasis) -> None:
    record = record_of(side, entry, basis)
    first = ruled_ladder(record, RULES)
    assert first is not None
    assert first.is_new
    assert ruled_ladder(put(record, first), RULES) is None


@given(SIDES, ENTRIES, ENTRIES)
def test_by_the_first_fill_no_later_entry_moves_it(
    side: Side, entry: Decimal, later: Decimal
) -> None:
    record = record_of(side, entry)
    record = put(record, ruled_ladder(record, RULES))
    assert ruled_ladder(replace(record, entry_price=later), RULES) is None


@given(SIDES, ENTRIES, ENTRIES)
def test_by_the_average_it_is_what_a_new_position_at_that_entry_has(
    side: Side, entry: Decimal, later: Decimal
) -> None:
    record = record_of(side, entry, LadderBasis.AVERAGE)
    record = replace(put(record, ruled_ladder(record, RULES)), entry_price=later)
    moved = ruled_ladder(record, RULES)
    anew = record_of(side, later, LadderBasis.AVERAGE)
    expected = prices(put(anew, ruled_ladder(anew, RULES)))
    assert prices(record if moved is None else put(record, moved)) == expected
    assert moved is None or not moved.is_new


@given(SIDES, ENTRIES, ENTRIES, BASES)
def test_the_next_position_has_a_ladder_of_its_own(
    side: Side, entry: Decimal, later: Decimal, basis: LadderBasis
) -> None:
    record = record_of(side, entry, basis)
    record = put(record, ruled_ladder(record, RULES))
    # With orders the cycle counts on; a flat position without any forgets what was reckoned.
    for following in (replace(record, cycle=2), without_reckoned(record)):
        ruled = ruled_ladder(replace(following, entry_price=later), RULES)
        assert ruled is not None
        assert (ruled.is_new, ruled.rule.cycle) == (True, following.cycle)


@pytest.mark.parametrize("basis", LadderBasis)
def test_prices_of_somebody_else_stay_in_their_position(basis: LadderBasis) -> None:
    record = record_of(Side.BUY, D(200), basis)
    adopted = replace(put(record, ruled_ladder(record, RULES)), ladder_source="exchange")
    assert ruled_ladder(replace(adopted, entry_price=D(210)), RULES) is None
    assert ruled_ladder(replace(adopted, cycle=2), RULES) is not None


def test_without_a_rule_or_a_position_there_is_nothing_to_reckon() -> None:
    record = record_of(Side.BUY, D(200))
    assert ruled_ladder(replace(record, ladder_rule=None), RULES) is None
    assert ruled_ladder(replace(record, position_size=D(0)), RULES) is None
    assert without_reckoned(record) is record


def test_r_is_the_distance_to_the_stop_on_record_or_to_the_one_that_is_to_be_set() -> None:
    record = record_of(Side.BUY, D(200), unit="r")
    stop = StopRecord(Stop.of(percent=2), cycle=1, seen=PositionStop())
    ruled = ruled_ladder(replace(record, stop=stop), RULES)
    assert ruled is not None
    assert (ruled.first, prices(put(record, ruled))) == (D(196), [D(208), D(216)])
    known = replace(record, stop=replace(stop, first=D(190), seen=None))
    assert prices(put(record, ruled_ladder(known, RULES))) == [D(220), D(240)]
    for unknown in (None, replace(stop, seen=None)):
        with pytest.raises(LadderError, match="there is none"):
            ruled_ladder(replace(record, stop=unknown), RULES)
