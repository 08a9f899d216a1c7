"""What a list of trades proves of a position, and what it does not."""

from dataclasses import replace

import pytest

from trueup.domain.tracking.continuity import Continuity, Evidence, continuity_of, includes_fills

from .test_continuity import ANCHOR, ENTRY, D, position, tp, trades_of


def test_a_list_that_has_neither_the_close_nor_the_entry_after_it_proves_nothing() -> None:
    """All 10 have filled, and 10 are open: a list without any trade leads to the size on record."""
    traded = Evidence(ANCHOR, ENTRY, position(10, seq=102), filled=D(10), last_fill_ms=1001)
    assert continuity_of(replace(traded, executions=())).continuity is Continuity.UNCERTAIN
    both = replace(traded, executions=trades_of([-10, 10]))
    assert continuity_of(both).continuity is Continuity.NEW


def test_a_fill_of_before_the_anchor_that_no_read_had_shown_is_in_the_list() -> None:
    """TP1's first 5 were in the position on record, and no read of the order had shown them yet.

    Its other 10 closed that position, and 7 are open: what the order has filled is all in the list.
    """
    first, last, entry = trades_of([-5, -10, 7], size=15)
    trades = [
        replace(first, seq=99, at_ms=990, order_id="x", filled=D(5)),
        replace(last, order_id="x", filled=D(15)),
        entry,
    ]
    known = Evidence(
        ANCHOR,
        ENTRY,
        position(7, seq=103),
        filled=D(15),
        counted={"x": D(0)},
        last_fill_ms=1002,
        ended=1,
        executions=trades,
    )
    assert continuity_of(known).continuity is Continuity.NEW
    for lacks in (replace(known, executions=trades[1:]), replace(known, counted={"x": D(5)})):
        assert continuity_of(lacks).continuity is Continuity.UNCERTAIN


@pytest.mark.parametrize(
    ("filled", "seq", "order_id", "expected"),
    [
        (4, 101, "x", True),
        (4, 102, "x", False),
        (4, -1, "x", False),
        (3, 101, "x", False),
        (4, 101, "y", False),
        (None, 101, "x", False),
    ],
    ids=["it led there", "it is later", "unnumbered", "a later one lacks", "another's", "unknown"],
)
def test_the_trade_of_a_fill_says_whether_the_position_has_it(
    filled: int | None, seq: int, order_id: str, *, expected: bool
) -> None:
    (trade,) = trades_of([-4])
    known = None if filled is None else D(filled)
    shown = replace(trade, seq=seq, order_id=order_id, filled=known)
    order = replace(tp(D(4), 2000), order_id="x")
    assert includes_fills(position(6, seq=101), [order], [shown]) is expected
    assert not includes_fills(position(6, seq=101), [order], [])
