"""Whether a position is still the same: laws over random trades."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trueup import Side
from trueup.domain.model.identity import MonitorKey, Role
from trueup.domain.model.order import Execution, Position
from trueup.domain.model.record import (
    MonitorRecord,
    Origin,
    OwnedOrder,
    OwnedStatus,
    PositionAnchor,
)
from trueup.domain.tracking.continuity import (
    Continuity,
    Evidence,
    continuity_of,
    has_changed_since,
    shows_all_fills,
)

D = Decimal
ENTRY = D("0.7")
ANCHOR = PositionAnchor(D(10), at_ms=1000, seq=100, opened_ms=500)


@dataclass(frozen=True, slots=True)
class Past:
    """Signed sizes of a long from the anchor on, and the trades between them."""

    sizes: Sequence[int]
    trades: tuple[Execution, ...]

    @property
    def observed(self) -> Position:
        """The position that is open at the end."""
        return position(self.sizes[-1], seq=100 + len(self.trades))

    @property
    def evidence(self) -> Evidence:
        """What is known of it, the trades included."""
        return Evidence(ANCHOR, D(1), self.observed, executions=self.trades)


def position(size: int, seq: int = 101, entry_price: Decimal = ENTRY) -> Position:
    return Position("BANDUSDT", Side.BUY, D(size), entry_price, seq=seq, updated_ms=2000)


def trades_of(changes: Sequence[int], size: int = 10) -> tuple[Execution, ...]:
    found: list[Execution] = []
    for number, change in enumerate(changes, start=1):
        room = max(-size, 0) if change > 0 else max(size, 0)
        found.append(
            Execution(
                f"x{number}",
                "BANDUSDT",
                Side.BUY if change > 0 else Side.SELL,
                D(abs(change)),
                D(min(abs(change), room)),
                at_ms=1000 + number,
                seq=100 + number,
            )
        )
        size += change
    return tuple(found)


def past_of(*changes: int) -> Past:
    return Past(list(accumulate(changes, initial=10)), trades_of(changes))


@st.composite
def pasts(draw: st.DrawFn) -> Past:
    """Any trades after which a long is open."""
    changes = draw(st.lists(st.integers(-15, 15).filter(bool), min_size=1, max_size=8))
    end = 10 + sum(changes)
    if end <= 0:
        changes.append(1 - end)
    return past_of(*changes)


@given(pasts())
def test_a_position_is_new_if_and_only_if_it_was_flat_in_between(past: Past) -> None:
    verdict = continuity_of(past.evidence)
    if min(past.sizes) <= 0:
        assert verdict.continuity is Continuity.NEW
        last_flat = max(n for n, size in enumerate(past.sizes) if size <= 0)
        assert verdict.anchor is not None
        assert verdict.anchor.opened_ms == past.trades[last_flat].at_ms
    else:
        assert verdict.continuity is Continuity.SAME
        assert verdict.anchor == replace(
            ANCHOR, size=past.observed.size, at_ms=2000, seq=past.observed.seq
        )


@given(pasts(), st.data())
def test_the_sequence_and_repetitions_of_the_list_do_not_matter(
    past: Past, data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(past.trades), max_size=3))
    shuffled = data.draw(st.permutations([*past.trades, *again]))
    assert continuity_of(replace(past.evidence, executions=shuffled)) == continuity_of(
        past.evidence
    )


@given(pasts(), st.data())
def test_a_list_without_one_trade_is_asked_for_once_more_and_proves_nothing(
    past: Past, data: st.DataObject
) -> None:
    missing = data.draw(st.sampled_from(past.trades))
    rest = [trade for trade in past.trades if trade is not missing]
    first = continuity_of(replace(past.evidence, executions=rest))
    asked_again = replace(
        past.evidence, executions=rest, anchor=replace(ANCHOR, unsure=True), was_left_open=True
    )
    second = continuity_of(asked_again)
    assert first.continuity is second.continuity is Continuity.UNCERTAIN
    assert (first.stays_open, second.stays_open) == (True, False)


@given(pasts(), st.data())
def test_a_list_that_may_be_late_leaves_the_question_open(past: Past, data: st.DataObject) -> None:
    missing = data.draw(st.sampled_from(past.trades))
    rest = [trade for trade in past.trades if trade is not missing]
    evidence = replace(past.evidence, executions=rest, may_be_late=True)
    assert continuity_of(evidence).stays_open
    assert continuity_of(evidence).anchor == ANCHOR


@given(pasts())
def test_trades_before_the_anchor_and_after_the_read_are_left_out(past: Past) -> None:
    before = Execution("old", "BANDUSDT", Side.SELL, D(10), D(10), at_ms=999, seq=100)
    after = Execution("late", "BANDUSDT", Side.SELL, D(3), D(3), at_ms=3000, seq=900)
    more = (*past.trades, before, after)
    assert continuity_of(replace(past.evidence, executions=more)) == continuity_of(past.evidence)


@given(pasts())
def test_without_sequence_numbers_the_times_decide(past: Past) -> None:
    trades = [replace(trade, seq=-1) for trade in past.trades]
    observed = replace(past.observed, seq=-1)
    known = continuity_of(replace(past.evidence, executions=trades, observed=observed))
    assert known.continuity is continuity_of(past.evidence).continuity


@given(pasts(), st.lists(st.sampled_from([(Side.SELL, 0), (Side.BUY, 1)]), max_size=4))
def test_in_hedge_mode_trades_of_the_other_position_are_left_out(
    past: Past, others: list[tuple[Side, int]]
) -> None:
    """In hedge mode a position never turns: a trade opens or closes."""
    if min(past.sizes) < 0:
        return
    observed = replace(past.observed, position_index=1)
    foreign = [
        Execution(f"f{n}", "BANDUSDT", side, D(5), D(5 * closes), at_ms=1001, seq=101)
        for n, (side, closes) in enumerate(others)
    ]
    more = (*past.trades, *foreign)
    verdict = continuity_of(replace(past.evidence, observed=observed, executions=more))
    assert verdict.continuity is continuity_of(past.evidence).continuity


@pytest.mark.parametrize(
    ("evidence", "expected", "why"),
    [
        (Evidence(None, ENTRY, position(10)), "new", "no position was open before"),
        (
            Evidence(PositionAnchor(D(0)), ENTRY, position(10)),
            "new",
            "no position was open before",
        ),
        (
            Evidence(ANCHOR, D(1), position(10, seq=100)),
            "same",
            "nothing was traded since",
        ),
        (
            Evidence(ANCHOR, ENTRY, position(4), filled=D(6), resting=1),
            "same",
            "owned fills explain its size",
        ),
        (
            Evidence(ANCHOR, ENTRY, position(4), filled=D(6), last_fill_ms=1990),
            "same",
            "owned fills explain its size",
        ),
        (
            Evidence(ANCHOR, ENTRY, position(4), filled=D(6), last_fill_ms=1800),
            "uncertain",
            "its trades are not known",
        ),
        (
            Evidence(ANCHOR, ENTRY, position(4), filled=D(6), ended=1),
            "uncertain",
            "its trades are not known",
        ),
        (
            Evidence(ANCHOR, ENTRY, position(10), filled=None),
            "uncertain",
            "its trades are not known",
        ),
        (
            Evidence(ANCHOR, ENTRY, position(4), filled=D(6), cancelled=1, unexplained=1),
            "uncertain",
            "its trades are not known",
        ),
        (
            Evidence(ANCHOR, D(1), position(4), filled=D(6)),
            "uncertain",
            "its trades are not known",
        ),
        (
            Evidence(ANCHOR, ENTRY, position(50), at_stake=False),
            "same",
            "nothing has filled that counts",
        ),
        (
            Evidence(ANCHOR, ENTRY, position(50), resting=1, rested_before=1),
            "same",
            "its orders rest since before",
        ),
        (
            Evidence(ANCHOR, ENTRY, position(50), resting=1, rested_before=1, cancelled=1),
            "uncertain",
            "its trades are not known",
        ),
        (Evidence(ANCHOR, ENTRY, position(50), resting=1), "uncertain", "its trades are not known"),
        (Evidence(ANCHOR, ENTRY, position(50)), "uncertain", "its trades are not known"),
        (
            Evidence(ANCHOR, ENTRY, position(50), executions=()),
            "uncertain",
            "its trades lead to 50, and 10 is on record",
        ),
        (
            Evidence(ANCHOR, D(1), position(10), ended=3, ended_ms=1800, executions=()),
            "uncertain",
            "none of its trades ended its orders",
        ),
    ],
)
def test_what_is_known_without_trades(evidence: Evidence, expected: str, why: str) -> None:
    verdict = continuity_of(evidence)
    assert (verdict.continuity, verdict.why) == (expected, why)


@pytest.mark.parametrize(
    ("ended", "resting", "read", "asked_before", "likely", "stays_open"),
    [
        (0, 3, False, True, "same", True),
        (2, 1, False, True, "same", True),
        (2, 0, False, True, "same", True),
        (0, 3, True, True, "same", False),
        (2, 0, True, False, "same", True),
        (2, 0, True, True, "new", False),
    ],
)
def test_where_nothing_will_be_proven_the_end_of_the_orders_says_what_is_likelier(
    ended: int, resting: int, *, read: bool, asked_before: bool, likely: str, stays_open: bool
) -> None:
    anchor = replace(ANCHOR, unsure=asked_before)
    evidence = Evidence(
        anchor,
        ENTRY,
        position(50),
        ended=ended,
        cancelled=max(ended, 1),
        resting=resting,
        executions=() if read else None,
        was_left_open=asked_before,
    )
    verdict = continuity_of(evidence)
    assert (verdict.likely, verdict.stays_open) == (likely, stays_open)
    assert (verdict.anchor == anchor) is stays_open


@pytest.mark.parametrize(
    ("ended_ms", "expected"),
    [(1001, Continuity.SAME), (1050, Continuity.SAME), (1800, Continuity.UNCERTAIN)],
)
def test_orders_that_ended_for_want_of_room_ask_for_a_trade_of_that_time(
    ended_ms: int, expected: Continuity
) -> None:
    """A close and an entry just as large are not on the list: what is on it leads to the anchor."""
    cut = replace(past_of(-4).evidence, ended=2, ended_ms=ended_ms)
    assert continuity_of(cut).continuity is expected


@pytest.mark.parametrize(
    ("seq", "entry_price", "unsure", "expected"),
    [
        (103, D("0.8"), False, Continuity.UNCERTAIN),
        (103, ENTRY, True, Continuity.UNCERTAIN),
        (103, ENTRY, False, Continuity.SAME),
        (101, D("0.8"), False, Continuity.SAME),
    ],
)
def test_another_entry_price_asks_for_the_trade_that_led_to_it(
    seq: int, entry_price: Decimal, *, unsure: bool, expected: Continuity
) -> None:
    """A close and an entry just as large came after the one trade that is on the list."""
    now = position(6, seq=seq, entry_price=entry_price)
    anchor = replace(ANCHOR, unsure=unsure)
    evidence = Evidence(anchor, ENTRY, now, executions=trades_of([-4]))
    assert continuity_of(evidence).continuity is expected


def test_a_position_that_came_on_record_with_its_monitor_is_the_same() -> None:
    """An import puts fills on record beside the position, before any run has read it."""
    imported = Evidence(None, ENTRY, position(250), was_given=True)
    assert continuity_of(imported).continuity is Continuity.SAME
    assert continuity_of(replace(imported, was_given=False)).continuity is Continuity.NEW


@pytest.mark.parametrize(
    ("changes", "expected"),
    [((-4, 10), Continuity.NEW), ((6, -4), Continuity.SAME), ((10,), Continuity.UNCERTAIN)],
)
def test_a_fill_that_comes_to_light_after_the_anchor_has_the_trades_since_asked_for(
    changes: Sequence[int], expected: Continuity
) -> None:
    """Another order's fill seemed to explain the 10 that are open: the trades since this one do."""
    trades = trades_of(changes, size=10 - sum(changes))
    anchor = replace(ANCHOR, at_ms=1010, seq=110)
    late = Evidence(anchor, ENTRY, position(10, seq=110), filled=D(4), late_fill_ms=1001)
    assert continuity_of(late).continuity is Continuity.UNCERTAIN
    verdict = continuity_of(replace(late, executions=trades))
    assert verdict.continuity is expected
    if expected is Continuity.NEW:
        assert verdict.anchor is not None
        assert verdict.anchor.opened_ms == trades[-1].at_ms


def test_a_later_trade_says_that_a_position_is_old_while_reads_may_lag_behind_it() -> None:
    past = past_of(5, -3)
    before = replace(past.observed, seq=101)
    assert has_changed_since(before, past.trades, since_ms=1002)
    assert not has_changed_since(before, past.trades, since_ms=1003), "nobody waits for ever"
    assert not has_changed_since(past.observed, past.trades, since_ms=0)
    other = replace(before, side=Side.SELL, position_index=2)
    assert not has_changed_since(other, past.trades, since_ms=0), "a trade of the long"
    assert not has_changed_since(replace(before, seq=-1), past.trades, since_ms=0)


@pytest.mark.parametrize(
    ("filled", "filled_ms", "size", "seq", "expected"),
    [
        (4, 2000, 6, 101, True),
        (4, 2001, 6, 101, False),
        (4, 2000, 10, 101, False),
        (4, 2000, 6, 100, False),
        (3, 2000, 6, 101, False),
    ],
    ids=["explained", "filled since", "from before it", "not traded since", "an entry beside it"],
)
def test_fills_that_come_to_light_late_may_be_in_the_position_already(
    filled: int, filled_ms: int, size: int, seq: int, *, expected: bool
) -> None:
    record = MonitorRecord(
        1,
        MonitorKey("main", "BANDUSDT", Side.BUY),
        Role.MAIN,
        None,
        None,
        anchor=ANCHOR,
        orders=(tp(D(filled), filled_ms),),
    )
    assert shows_all_fills(record, position(size, seq)) is expected


def tp(filled: Decimal, updated_ms: int) -> OwnedOrder:
    return OwnedOrder(
        level=1,
        part=1,
        order_link_id="BOT_TP1_BANDUSDT_1_1",
        order_id="1",
        price=D(1),
        asked_price=D(1),
        quantity=filled,
        filled=filled,
        status=OwnedStatus.FILLED,
        origin=Origin.PLACED,
        updated_ms=updated_ms,
    )
