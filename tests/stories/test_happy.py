"""What happens on a good day."""

from decimal import Decimal

from tests.stage import BAND_LADDER, Stage
from tests.stories.conftest import MIRROR, Compare
from trueup import Ladder, MonitorRecord, RunOutcome
from trueup.simulator import Fault, FaultKind


def grow(stage: Stage, quantity: str = "614.6") -> None:
    """Entries fill: the mirror's short grows at the same price."""
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", quantity, "0.6800")


def test_a_new_position_gets_its_ladder(
    stage: Stage, mirror: MonitorRecord, compare: Compare
) -> None:
    report = stage.reconciler.reconcile(mirror)
    assert report.outcome is RunOutcome.SUCCESS
    compare()


def test_a_second_pass_sends_nothing(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    report = stage.reconciler.reconcile(laddered)
    assert (report.outcome, report.writes) == (RunOutcome.IN_SYNC, 0)
    compare()


def test_an_entry_fills_and_every_level_is_amended_in_place(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    grow(stage)
    report = stage.reconciler.reconcile(laddered)
    assert str(report.results[0]) == "TP1: 261.2→783.6 ✅"
    assert all(request.path.endswith("amend-batch") for request in stage.writes()[1:])
    compare()


def test_the_position_grew_while_two_orders_went_stale(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    for level in (1, 3):
        stage.sim.cancel_by_hand(MIRROR, stage.order("mirror", level).order_id)
    grow(stage)
    assert stage.reconciler.reconcile(laddered).outcome is RunOutcome.SUCCESS
    compare()


def test_tp1_fills_and_nothing_has_to_be_done(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    stage.sim.fill(MIRROR, stage.order("mirror", 1).order_id)
    assert stage.reconciler.reconcile(laddered).writes == 0
    compare()


def test_an_entry_fills_after_tp1_and_tp1_is_not_made_again(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    stage.sim.fill(MIRROR, stage.order("mirror", 1).order_id)
    grow(stage, "307.3")
    report = stage.reconciler.reconcile(laddered)
    assert [result.level for result in report.results] == [2, 3, 4]
    compare()


def test_tp1_fills_in_part_and_the_next_entry_counts_it(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    stage.sim.fill(MIRROR, stage.order("mirror", 1).order_id, "100")
    assert stage.reconciler.reconcile(laddered).writes == 0
    grow(stage, "307.3")
    stage.reconciler.reconcile(laddered)
    assert stage.order("mirror", 1).quantity == Decimal("522.4")
    compare()


def test_the_position_is_reduced_by_hand_and_the_ladder_shrinks(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    stage.sim.set_position(MIRROR, "BANDUSDT", "Sell", "150", "0.6800")
    assert stage.reconciler.reconcile(laddered).outcome is RunOutcome.SUCCESS
    compare()


def test_the_position_is_closed_while_its_orders_still_seem_to_rest(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    stage.sim.set_position(MIRROR, "BANDUSDT", "Sell", "0")
    stage.sim.inject(Fault(kind=FaultKind.STALE_READ, path="order/realtime", times=None))
    stage.before("cancel", stage.sim.clear_faults)
    assert stage.reconciler.reconcile(laddered).outcome is RunOutcome.SUCCESS
    compare()


def test_a_new_position_after_a_close_starts_its_fills_from_nothing(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    stage.sim.fill(MIRROR, stage.order("mirror", 1).order_id)
    stage.sim.set_position(MIRROR, "BANDUSDT", "Sell", "0")
    stage.reconciler.reconcile(laddered)
    grow(stage, "307.3")
    report = stage.reconciler.reconcile(laddered)
    assert [result.level for result in report.results] == [1, 2, 3, 4]
    compare()


def test_an_old_read_shows_the_last_position_s_orders_at_the_new_one(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    """Seed 102004: they were adopted, and the new position was called covered."""
    before = {order.link_id for order in stage.sim.orders(MIRROR)}
    stage.sim.set_position(MIRROR, "BANDUSDT", "Sell", "0")
    stage.reconciler.reconcile(laddered)
    grow(stage, "307.3")
    old = Fault(kind=FaultKind.STALE_READ, path="order/realtime", times=20, effects_back=2)
    stage.sim.inject(old)
    assert stage.reconciler.reconcile(laddered).outcome is RunOutcome.SUCCESS
    after = {order.link_id for order in stage.sim.orders(MIRROR)}
    assert len(after) == 4
    assert not before & after
    compare()


def test_the_ladder_is_edited_while_orders_rest(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    ladder = Ladder.of(("0.6500", 70), ("0.6300", 20), ("0.6100", 10))
    monitor = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", ladder)
    assert monitor.version > laddered.version
    assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS
    compare()


def test_a_ladder_edited_after_tp1_filled_divides_what_is_open(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    stage.sim.fill(MIRROR, stage.order("mirror", 1).order_id)
    stage.reconciler.reconcile(laddered)
    grow(stage, "307.3")
    ladder = Ladder.of(("0.6400", 50), ("0.6200", 30), ("0.6000", 20))
    monitor = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", ladder)
    report = stage.reconciler.reconcile(monitor)
    assert report.outcome is RunOutcome.SUCCESS
    assert all(request.path.endswith("amend-batch") for request in stage.writes()[1:])
    compare()


def test_a_mirror_follows_an_edit_of_its_main_s_ladder(stage: Stage, compare: Compare) -> None:
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6700")
    stage.reconciler.watch("main", "BANDUSDT", "Sell", BAND_LADDER)
    mirror = stage.reconciler.watch("mirror", "BANDUSDT", "Sell")
    stage.prologue.add(stage.reconciler.reconcile(mirror).run_id)
    stage.reconciler.watch(
        "main", "BANDUSDT", "Sell", Ladder.of(("0.6528", 60), ("0.6400", 20), ("0.6100", 20))
    )
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SUCCESS
    compare()


def test_the_position_flips_its_side(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    stage.sim.set_position(MIRROR, "BANDUSDT", "Sell", "0")
    stage.sim.open_position(MIRROR, "BANDUSDT", "Buy", "100", "0.6800")
    rising = Ladder.of(("0.7500", 60), ("0.8000", 40))
    other = stage.reconciler.watch("mirror", "BANDUSDT", "Buy", rising)
    assert stage.reconciler.reconcile(laddered).outcome is RunOutcome.IN_SYNC
    assert stage.reconciler.reconcile(other).outcome is RunOutcome.SUCCESS
    assert stage.reconciler.reconcile(laddered).writes == 0
    compare()


def test_a_wiped_record_is_recovered_from_live_orders(
    stage: Stage, mirror: MonitorRecord, compare: Compare
) -> None:
    for level, quantity in zip(BAND_LADDER.levels, ("261.2", "15.4", "15.4", "15.3"), strict=True):
        stage.sim.place_order(
            MIRROR,
            symbol="BANDUSDT",
            side="Buy",
            orderType="Limit",
            qty=quantity,
            price=str(level.price),
            reduceOnly=True,
            orderLinkId=f"MIR_TP4_BANDUSDT_173780000000{level.number}",
        )
    grow(stage)
    assert stage.reconciler.reconcile(mirror).outcome is RunOutcome.SUCCESS
    compare()


def test_a_wiped_record_is_recovered_and_nothing_has_to_change(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    stage.reconciler.close()
    stage.wipe()
    stage.reconciler = stage.open()
    again = stage.reconciler.watch("mirror", "BANDUSDT", "Sell")
    assert again.ladder is None
    report = stage.reconciler.reconcile(laddered.key)
    assert (report.outcome, report.writes) == (RunOutcome.SUCCESS, 0)
    compare()


def test_a_mirror_without_a_ladder_takes_its_main_s(stage: Stage, compare: Compare) -> None:
    stage.sim.open_position("101", "BANDUSDT", "Sell", "900", "0.6800")
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "307.3", "0.6700")
    main = stage.reconciler.watch("main", "BANDUSDT", "Sell", BAND_LADDER)
    mirror = stage.reconciler.watch("mirror", "BANDUSDT", "Sell")
    stage.reconciler.reconcile(main)
    report = stage.reconciler.reconcile(mirror)
    assert report.outcome is RunOutcome.SUCCESS
    compare()


def test_a_wake_during_the_run_starts_another(
    stage: Stage, mirror: MonitorRecord, compare: Compare
) -> None:
    stage.before("place", lambda: stage.reconciler.store.wake(mirror.key))
    report = stage.reconciler.reconcile(mirror)
    assert report.outcome is RunOutcome.IN_SYNC
    assert [result.level for result in report.results] == [1, 2, 3, 4]
    assert len(stage.alerts) == 1
    compare()
