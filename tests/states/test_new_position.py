"""A position that was closed and opened anew, unseen, starts with a fresh ladder (promise P7)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.stage import BAND_LADDER, UIDS, Stage, accounts
from trueup import Account, Ladder, MonitorRecord, PositionMode, RunOutcome, Side
from trueup.simulator import Fault, FaultKind, ReduceOnlySum

MIRROR = UIDS["mirror"]
BAND = "BANDUSDT"
WHOLE = ["850", "50", "50", "50"]
REST = ["333.4", "333.3", "333.3"]
CLOSED = "the position of 46.1 is closed, and a new one is open"


@dataclass
class HedgeStage(Stage):
    """A stage whose accounts are in hedge mode."""

    def __post_init__(self) -> None:
        """Switches them, before anything is on them."""
        for uid in UIDS.values():
            self.sim.switch_mode(uid, BAND, hedge=True)

    def accounts(self) -> list[Account]:
        """The accounts, as configured for it."""
        found = accounts(self.server.url)
        return [replace(each, position_mode=PositionMode.HEDGE) for each in found]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A short of 307.3 whose ladder rests, and of which TP1 has filled 261.2: 46.1 are left."""
    with Stage(tmp_path) as opened:
        yield begun(opened)


def begun(stage: Stage) -> Stage:
    """The stage with that position."""
    stage.sim.open_position(MIRROR, BAND, "Sell", "307.3", "0.6800")
    monitor = stage.reconciler.watch("mirror", BAND, "Sell", BAND_LADDER)
    stage.reconciler.reconcile(monitor)
    stage.sim.fill(MIRROR, stage.order("mirror", 1).order_id)
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.IN_SYNC
    stage.clock.advance(1000)
    return stage


@pytest.fixture
def monitor(stage: Stage) -> MonitorRecord:
    """Its monitor."""
    return watched(stage)


def watched(stage: Stage, side: Side = Side.SELL) -> MonitorRecord:
    """The stage's monitor of that side."""
    (found,) = (each for each in stage.reconciler.monitors() if each.key.side is side)
    return found


def resting(stage: Stage, side: str = "Buy") -> list[str]:
    """The quantities that rest on the closing side, nearest level first."""
    orders = [o for o in stage.sim.orders(MIRROR) if o.reduce_only and o.side.value == side]
    nearest = sorted(orders, key=lambda order: abs(order.price))
    return [str(o.leaves) for o in (reversed(nearest) if side == "Buy" else nearest)]


def nearest(stage: Stage) -> tuple[str, str]:
    """Quantity and price of the nearest order, which is TP1's unless TP1 is done."""
    order = max(stage.sim.orders(MIRROR), key=lambda each: each.price)
    return str(order.leaves), str(order.price)


def close(stage: Stage) -> None:
    """The owner closes what is left."""
    left = stage.sim.position(MIRROR, BAND, "Sell").size
    stage.sim.trade(MIRROR, BAND, "Buy", left, closing=True)


def reopen(stage: Stage, quantity: str = "1000") -> None:
    """The owner opens a short."""
    stage.sim.trade(MIRROR, BAND, "Sell", quantity)


def test_it_gets_all_levels_and_the_end_of_the_last_one_is_alerted(
    stage: Stage, monitor: MonitorRecord
) -> None:
    close(stage)
    reopen(stage)
    report = stage.reconciler.reconcile(monitor)
    assert (report.outcome, resting(stage)) == (RunOutcome.SUCCESS, WHOLE)
    assert report.alert is not None
    assert CLOSED in report.alert.text
    assert "🔎 its trades pass through zero: 46.1 was closed" in [d.text for d in report.decisions]
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.IN_SYNC


def test_so_does_one_that_was_set_without_orders(stage: Stage, monitor: MonitorRecord) -> None:
    stage.sim.set_position(MIRROR, BAND, "Sell", "0")
    stage.sim.open_position(MIRROR, BAND, "Sell", "1000", "0.6800")
    stage.reconciler.reconcile(monitor)
    assert resting(stage) == WHOLE


def test_size_and_entry_price_may_be_the_same_by_chance(
    stage: Stage, monitor: MonitorRecord
) -> None:
    stage.sim.set_position(MIRROR, BAND, "Sell", "0")
    stage.sim.open_position(MIRROR, BAND, "Sell", "46.1", "0.6800")
    stage.reconciler.reconcile(monitor)
    assert nearest(stage) == ("46.1", "0.6528")


def test_so_may_they_after_a_fill_that_leaves_just_that(
    stage: Stage, monitor: MonitorRecord
) -> None:
    """Seed 91869: what TP2 filled explained the size of the position that was opened after it."""
    for level in (3, 4):
        stage.sim.cancel_by_hand(MIRROR, stage.order("mirror", level).order_id)
    stage.sim.fill(MIRROR, stage.order("mirror", 2).order_id)
    left = stage.sim.position(MIRROR, BAND, "Sell").size
    stage.clock.advance(500)
    stage.sim.set_position(MIRROR, BAND, "Sell", "0")
    stage.sim.open_position(MIRROR, BAND, "Sell", left, "0.6800")
    stage.reconciler.reconcile(monitor)
    assert nearest(stage)[1] == "0.6528"


def test_it_may_be_smaller(stage: Stage, monitor: MonitorRecord) -> None:
    close(stage)
    reopen(stage, "40")
    stage.reconciler.reconcile(monitor)
    assert nearest(stage) == ("40", "0.6528")


def test_it_may_have_been_opened_while_the_process_was_down(
    stage: Stage, monitor: MonitorRecord
) -> None:
    stage.reconciler.close()
    close(stage)
    stage.clock.advance(16 * 86_400_000)
    reopen(stage)
    stage.clock.advance(5000)
    stage.reconciler = stage.open()
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS
    assert resting(stage) == WHOLE


def test_tp1_may_have_filled_unseen_too(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.sim.open_position(MIRROR, BAND, "Sell", "307.3", "0.6800")
        monitor = stage.reconciler.watch("mirror", BAND, "Sell", BAND_LADDER)
        stage.reconciler.reconcile(monitor)
        stage.sim.fill(MIRROR, stage.order("mirror", 1).order_id)
        close(stage)
        reopen(stage)
        stage.reconciler.reconcile(monitor)
        assert resting(stage) == WHOLE


@pytest.mark.parametrize("is_unread", [False, True])
def test_its_opening_is_seen_where_a_refused_amend_shows_that_the_orders_are_gone(
    stage: Stage, monitor: MonitorRecord, *, is_unread: bool
) -> None:
    """Seed 17964: size and entry price were those on record, and the run forgot why it was so.

    The run may also end before it has read the position: the next one no longer knows why.
    """

    def reopen_alike() -> None:
        stage.sim.set_position(MIRROR, BAND, "Sell", "0")
        stage.sim.open_position(MIRROR, BAND, "Sell", "46.1", "0.6800")
        if is_unread:
            unread = Fault(kind=FaultKind.SERVER_ERROR, path="position/list", times=None)
            stage.sim.inject(unread)

    stage.sim.open_position(MIRROR, BAND, "Sell", "10", "0.6800")
    stage.before("amend", reopen_alike)
    stage.reconciler.reconcile(monitor)
    stage.sim.clear_faults()
    if is_unread:
        stage.reconciler.reconcile(monitor)
    assert nearest(stage) == ("46.1", "0.6528")


def test_its_size_may_be_read_before_the_fills_that_closed_the_last_one(
    stage: Stage, monitor: MonitorRecord
) -> None:
    """Seed 7026: the size on record seemed to be from before these fills, and nobody judged it."""
    for level in (2, 3, 4):
        stage.sim.fill(MIRROR, stage.order("mirror", level).order_id)
    reopen(stage, "40")
    unread = Fault(kind=FaultKind.SERVER_ERROR, path="order/realtime", times=None)
    stage.sim.inject(unread)
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.FAILED
    stage.sim.clear_faults()
    stage.reconciler.reconcile(monitor)
    assert nearest(stage) == ("40", "0.6528")


def test_an_entry_that_fills_after_tp1_starts_nothing_anew(
    stage: Stage, monitor: MonitorRecord
) -> None:
    reopen(stage, "953.9")
    report = stage.reconciler.reconcile(monitor)
    assert (report.outcome, resting(stage)) == (RunOutcome.SUCCESS, REST)
    assert report.alert is not None
    assert CLOSED not in report.alert.text


def test_nor_does_it_after_a_part_was_closed(stage: Stage, monitor: MonitorRecord) -> None:
    stage.sim.trade(MIRROR, BAND, "Buy", "40", closing=True)
    reopen(stage, "993.9")
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS
    assert resting(stage) == REST


def test_a_flip_and_another_one_back_make_a_new_position(
    stage: Stage, monitor: MonitorRecord
) -> None:
    stage.sim.trade(MIRROR, BAND, "Buy", "60")
    stage.sim.trade(MIRROR, BAND, "Sell", "1013.9")
    stage.reconciler.reconcile(monitor)
    assert resting(stage) == WHOLE


def test_a_flip_ends_the_position_and_opens_the_other_monitor_s(
    stage: Stage, monitor: MonitorRecord
) -> None:
    ladder = Ladder.of(("0.7200", 50), ("0.7400", 50))
    other = stage.reconciler.watch("mirror", BAND, "Buy", ladder)
    stage.sim.trade(MIRROR, BAND, "Buy", "146.1")
    for each in (monitor, other):
        stage.reconciler.reconcile(each)
    assert (resting(stage), resting(stage, "Sell")) == ([], ["50", "50"])
    stage.sim.fill(MIRROR, next(o.order_id for o in stage.sim.orders(MIRROR)))
    stage.reconciler.reconcile(other)
    stage.sim.trade(MIRROR, BAND, "Sell", "1050")
    for each in (monitor, other):
        stage.reconciler.reconcile(each)
    assert (resting(stage), resting(stage, "Sell")) == (WHOLE, [])


def test_in_hedge_mode_the_trades_of_the_other_side_do_not_count(tmp_path: Path) -> None:
    with HedgeStage(tmp_path) as opened:
        stage = begun(opened)
        stage.sim.trade(MIRROR, BAND, "Buy", "46.1")
        stage.sim.trade(MIRROR, BAND, "Sell", "953.9")
        stage.sim.trade(MIRROR, BAND, "Sell", "46.1", closing=True)
        stage.reconciler.reconcile(watched(stage))
        assert resting(stage) == REST
        stage.sim.trade(MIRROR, BAND, "Buy", "20")
        close(stage)
        reopen(stage)
        stage.reconciler.reconcile(watched(stage))
        assert resting(stage) == WHOLE


def test_a_list_of_trades_that_lags_is_read_again(stage: Stage, monitor: MonitorRecord) -> None:
    close(stage)
    reopen(stage)
    lagging = Fault(kind=FaultKind.STALE_READ, path="execution/list", times=2, effects_back=2)
    stage.sim.inject(lagging)
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS
    assert resting(stage) == WHOLE


def test_while_the_trades_are_unread_it_counts_as_the_same_and_that_is_alerted(
    stage: Stage, monitor: MonitorRecord
) -> None:
    stage.sim.inject(Fault(kind=FaultKind.RATE_LIMITED, path="execution/list", times=99))
    stage.sim.cancel_by_hand(MIRROR, stage.order("mirror", 4).order_id)
    reopen(stage, "953.9")
    report = stage.reconciler.reconcile(monitor)
    assert (report.outcome, resting(stage)) == (RunOutcome.PARTIAL, REST)
    assert report.alert is not None
    assert "finished levels stay finished" in report.alert.text
    assert watched(stage).next_try_at is not None
    stage.sim.clear_faults()
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.IN_SYNC


def test_so_does_one_whose_close_ended_the_orders_until_the_trades_are_read(
    stage: Stage, monitor: MonitorRecord
) -> None:
    stage.sim.inject(Fault(kind=FaultKind.RATE_LIMITED, path="execution/list", times=99))
    close(stage)
    reopen(stage)
    report = stage.reconciler.reconcile(monitor)
    assert (report.outcome, resting(stage)) == (RunOutcome.PARTIAL, REST)
    assert report.alert is not None
    assert "finished levels stay finished" in report.alert.text
    stage.sim.clear_faults()
    report = stage.reconciler.reconcile(monitor)
    assert (report.outcome, resting(stage)) == (RunOutcome.SUCCESS, WHOLE)
    assert report.alert is not None
    assert CLOSED in report.alert.text


def test_a_cut_that_ended_the_orders_leaves_finished_levels_finished(
    stage: Stage, monitor: MonitorRecord
) -> None:
    """Seed 95706: it passed for a close while the trades were unread, and TP1 was placed again."""
    policy = ReduceOnlySum.CANCEL_FARTHEST_ON_SHRINK
    stage.sim.behaviour = replace(stage.sim.behaviour, reduce_only_sum=policy)
    stage.sim.inject(Fault(kind=FaultKind.RATE_LIMITED, path="execution/list", times=99))
    stage.sim.trade(MIRROR, BAND, "Buy", "36.1", closing=True)
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.PARTIAL
    stage.sim.clear_faults()
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.IN_SYNC
    assert nearest(stage)[1] != "0.6528"


def test_but_not_where_another_order_outlived_those_that_ended(
    stage: Stage, monitor: MonitorRecord
) -> None:
    """Somebody closes a part: that ends TP4. Then TP2 fills, and TP3 is cancelled by hand."""
    policy = ReduceOnlySum.TRUNCATE_NEWEST
    stage.sim.behaviour = replace(stage.sim.behaviour, reduce_only_sum=policy)
    second, third = (stage.order("mirror", level).order_id for level in (2, 3))
    stage.sim.inject(Fault(kind=FaultKind.RATE_LIMITED, path="execution/list", times=99))
    stage.sim.trade(MIRROR, BAND, "Buy", "26.1", closing=True)
    stage.clock.advance(100)
    stage.sim.fill(MIRROR, second)
    stage.sim.cancel_by_hand(MIRROR, third)
    reopen(stage, "995.4")
    report = stage.reconciler.reconcile(monitor)
    assert resting(stage) == ["500", "500"]
    assert report.alert is not None
    assert "finished levels stay finished" in report.alert.text


def test_no_edit_of_the_ladder_brings_the_last_fills_back(
    stage: Stage, monitor: MonitorRecord
) -> None:
    close(stage)
    reopen(stage)
    stage.reconciler.reconcile(monitor)
    ladder = Ladder.of(("0.6528", 50), ("0.6400", 50))
    stage.reconciler.watch("mirror", BAND, "Sell", ladder)
    stage.reconciler.reconcile(monitor)
    assert resting(stage) == ["500", "500"]


def test_orders_that_a_late_read_shows_may_have_closed_the_last_one(
    tmp_path: Path,
) -> None:
    """The run amends orders that have filled: their fills come to light after the position."""
    with Stage(tmp_path) as stage:
        stage.sim.open_position(MIRROR, BAND, "Sell", "307.3", "0.6800")
        monitor = stage.reconciler.watch("mirror", BAND, "Sell", BAND_LADDER)
        stage.reconciler.reconcile(monitor)
        for number in (4, 3, 2, 1):
            stage.sim.fill(MIRROR, stage.order("mirror", number).order_id)
        reopen(stage)
        late = Fault(kind=FaultKind.STALE_READ, path="order/realtime", times=4, effects_back=5)
        stage.sim.inject(late)
        report = stage.reconciler.reconcile(monitor)
        assert any("Amending existing TP1" in each.text for each in report.decisions)
        assert resting(stage) == WHOLE


def test_an_entry_may_leave_as_much_open_as_the_fills_that_were_read(
    stage: Stage, monitor: MonitorRecord
) -> None:
    """TP2 to TP4 closed the position; a late read of the orders shows only that TP2 filled."""
    for number in (2, 3, 4):
        stage.sim.fill(MIRROR, stage.order("mirror", number).order_id)
        stage.clock.advance(1)
    stage.sim.open_position(MIRROR, BAND, "Sell", "30.7", "0.6800")
    late = Fault(kind=FaultKind.STALE_READ, path="order/realtime", times=None, effects_back=3)
    stage.sim.inject(late)
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.IN_SYNC
    stage.sim.clear_faults()
    report = stage.reconciler.reconcile(monitor)
    assert report.alert is not None
    assert "the position of 30.7 is closed, and a new one is open" in report.alert.text
    assert nearest(stage) == ("30.7", "0.6528"), "of TP1"


def test_reads_from_before_the_position_opened_cancel_nothing(
    stage: Stage, monitor: MonitorRecord
) -> None:
    """Three reads are older than the last one: they show what is open now as flat (seed 23384)."""
    close(stage)
    stage.reconciler.reconcile(monitor)
    stage.clock.advance(1000)
    reopen(stage)
    stage.reconciler.reconcile(monitor)
    assert resting(stage) == WHOLE
    stage.clock.advance(1000)
    stage.sim.inject(Fault(kind=FaultKind.STALE_READ, path="position/list", delay_ms=2500, times=3))
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.IN_SYNC
    assert resting(stage) == WHOLE
