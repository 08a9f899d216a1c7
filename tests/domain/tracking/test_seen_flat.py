"""A position that is older than the read that showed none: when it opened."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given

from tests.domain.tracking.test_continuity import ENTRY, Past, pasts, position, trades_of
from trueup.domain.model.record import PositionAnchor
from trueup.domain.tracking.continuity import Continuity, Evidence, continuity_of

D = Decimal
SEEN_FLAT = PositionAnchor(D(0), at_ms=3000, seq=102)


@given(pasts())
def test_a_read_that_shows_flat_late_dates_no_opening_where_the_trades_do(past: Past) -> None:
    """Seed 40006775: the position was older than the read that showed none."""
    evidence = replace(past.evidence, anchor=replace(SEEN_FLAT, seq=100))
    verdict = continuity_of(evidence)
    flat = [n for n, size in enumerate(past.sizes) if size <= 0]
    opened_ms = past.trades[max(flat)].at_ms if flat else SEEN_FLAT.at_ms
    assert evidence.was_seen_flat_late
    assert verdict.continuity is Continuity.NEW
    assert verdict.anchor == PositionAnchor(
        past.observed.size, 2000, past.observed.seq, opened_ms=opened_ms
    )


def test_where_no_trade_says_more_a_position_opened_after_it_was_seen_flat() -> None:
    new = replace(Evidence(SEEN_FLAT, ENTRY, position(5)), executions=trades_of((5,), 0))
    assert new.was_seen_flat_late
    assert continuity_of(new).anchor == replace(new_anchor(5), opened_ms=3000)
    in_time = replace(SEEN_FLAT, at_ms=1999)
    later = replace(new, anchor=in_time)
    assert not later.was_seen_flat_late
    assert continuity_of(later).anchor == replace(new_anchor(5), opened_ms=1999)


def new_anchor(size: int) -> PositionAnchor:
    return PositionAnchor(D(size), at_ms=2000, seq=101)
