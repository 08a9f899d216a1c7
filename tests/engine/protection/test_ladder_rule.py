"""What is refused of a ladder by rule at the door, and what a mirror takes of its main's."""

import pytest

from tests.stage import BAND_LADDER, UIDS, Stage
from trueup import MonitorKey, RuleLadder, Side, Stop, StopError
from trueup.domain.model.stop import RuleRecord
from trueup.engine.door import Door, Wanted

BAND = "BANDUSDT"
IN_R = RuleLadder.of((1, 50), (2, 50), unit="r")
PERCENT = RuleLadder.of((2, 50), (4, 50))
FOLLOWS = {"main": None, "mirror": "main"}


def test_r_needs_a_stop_that_defines_it(stage: Stage) -> None:
    with pytest.raises(StopError, match="r is the distance to it"):
        stage.reconciler.watch("main", BAND, "Sell", IN_R)
    with pytest.raises(StopError, match="waits for TP3"):
        stage.reconciler.watch("main", BAND, "Sell", IN_R, stop=Stop.of(percent=2, moving_target=3))
    assert stage.reconciler.monitors() == ()
    stage.reconciler.watch("main", BAND, "Sell", stop=Stop.of(percent=2))
    record = stage.reconciler.watch("main", BAND, "Sell", IN_R)
    assert record.ladder_rule == RuleRecord(IN_R)
    with pytest.raises(StopError, match="waits for TP3"):
        stage.reconciler.watch("main", BAND, "Sell", stop=Stop.of(percent=2, moving_target=3))
    mirror = stage.reconciler.watch("mirror", BAND, "Sell", IN_R)
    assert mirror.ladder_rule == RuleRecord(IN_R), "its stop may be its main's"


def test_a_file_hands_over_ladder_and_stop(stage: Stage) -> None:
    key, stop = MonitorKey("main", BAND, Side.SELL), Stop.of(percent=2)
    mirror = MonitorKey("mirror", BAND, Side.SELL)
    door = Door(stage.reconciler, {key: Wanted(IN_R, stop), mirror: Wanted()}, FOLLOWS)
    assert door.watch_new() == ()
    record = stage.reconciler.monitors()[0]
    assert record.stop is not None
    assert (record.ladder_rule, record.stop.wanted) == (RuleRecord(IN_R), stop)
    (refused,) = Door(
        stage.reconciler, {mirror: Wanted(IN_R, Stop.of(price=1, moving_target=3))}, FOLLOWS
    ).watch_stored()
    assert "waits for TP3" in refused.reason


def test_a_mirror_takes_the_rule_and_nothing_else(stage: Stage) -> None:
    for uid, entry in ((UIDS["main"], "0.70"), (UIDS["mirror"], "0.68")):
        stage.sim.open_position(uid, BAND, "Sell", "100", entry)
    stage.reconciler.watch("main", BAND, "Sell", PERCENT)
    stage.reconciler.watch("mirror", BAND, "Sell")
    main, mirror = stage.reconciler.reconcile_all()
    assert main.record.ladder_rule == RuleRecord(PERCENT, "given", 1)
    assert mirror.record.ladder_rule == RuleRecord(PERCENT, "main", 1)
    assert main.record.ladder != mirror.record.ladder


def test_a_mirror_with_a_ladder_of_its_own_keeps_it(stage: Stage) -> None:
    stage.sim.open_position(UIDS["mirror"], BAND, "Sell", "100", "0.68")
    stage.reconciler.watch("main", BAND, "Sell", PERCENT)
    mirror = stage.reconciler.watch("mirror", BAND, "Sell", BAND_LADDER)
    record = stage.reconciler.reconcile(mirror).record
    assert (record.ladder, record.ladder_rule) == (BAND_LADDER, None)


def test_while_the_main_has_turned_its_rule_is_not_the_mirrors(stage: Stage) -> None:
    main_uid = UIDS["main"]
    stage.sim.open_position(main_uid, BAND, "Buy", "100", "0.68")
    stage.sim.open_position(UIDS["mirror"], BAND, "Sell", "100", "0.68")
    stage.reconciler.watch("main", BAND, "Sell", PERCENT)
    stage.reconciler.watch("main", BAND, "Buy", PERCENT)
    stage.reconciler.reconcile_all()
    mirror = stage.reconciler.watch("mirror", BAND, "Sell")
    report = stage.reconciler.reconcile(mirror)
    assert report.record.ladder_rule is None
    assert report.alert is not None
    assert "the position of main is on the other side: Buy" in report.alert.text


def test_discovery_finds_a_ladder_whose_prices_are_not_reckoned_yet(stage: Stage) -> None:
    stage.sim.open_position(UIDS["mirror"], BAND, "Sell", "100", "0.68")
    stage.reconciler.watch("main", BAND, "Sell", PERCENT)
    ((copied,),) = (one.positions for one in stage.reconciler.discover(["mirror"]))
    assert (copied.ladder, copied.ladder_source, copied.can_be_watched) == (None, "main", True)
    stage.reconciler.watch("mirror", BAND, "Sell", PERCENT)
    ((own,),) = (one.positions for one in stage.reconciler.discover(["mirror"]))
    assert (own.ladder, own.ladder_source) == (None, "rule")
