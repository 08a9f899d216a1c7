"""The runner: a last level without a price, which is left to the trailing stop of the position."""

import pytest

from tests.stage import UIDS, Stage
from tests.stories.conftest import Compare
from tests.stories.stops import (
    MIRROR,
    SYMBOL,
    moved_to,
    protect,
    protected,
    sets,
    trailing_of,
)
from trueup import Ladder, MonitorRecord, RunOutcome, StopError
from trueup.domain.model.instrument import ZERO, plain
from trueup.domain.model.stop import Stop, Trailing
from trueup.simulator import Fault, FaultKind

LADDER = Ladder.of(("0.6528", 50), ("0.6400", 30), runner=20)
TRAILS = Stop.of(percent=5, trailing=Trailing.of(distance="0.0200"))
LATER = Stop.of(percent=5, trailing=Trailing.of(distance="0.0200", after_level=1))


def rest(stage: Stage) -> list[str]:
    """What the TP orders at the exchange still cover, nearest first."""
    orders = [
        one for one in stage.sim.orders(MIRROR) if one.status.is_open and "_TP" in one.link_id
    ]
    return [plain(one.leaves) for one in sorted(orders, key=lambda one: -one.price)]


def test_the_stop_trails_and_then_the_ladder_rests(stage: Stage, compare: Compare) -> None:
    """20 % of 307.3 is 61.46: 61.5 are left to the stop, 245.8 have TP orders."""
    record = protect(stage, TRAILS, LADDER)
    report = stage.reconciler.reconcile(record)
    assert (report.outcome, rest(stage)) == (RunOutcome.SUCCESS, ["153.6", "92.2"])
    assert (plain(report.covered), plain(report.record.runner)) == ("307.3", "61.5")
    again = stage.reconciler.reconcile(record)
    assert (again.outcome, again.writes) == (RunOutcome.IN_SYNC, 0)
    compare()


def test_it_grows_with_the_position(stage: Stage, compare: Compare) -> None:
    """TP1 has filled when 100 more are sold: the whole is 407.3, and 20 % of it 81.5."""
    record = protected(stage, TRAILS, LADDER)
    moved_to(stage, record, "0.6520")
    stage.sim.open_position(MIRROR, SYMBOL, "Sell", "100", "0.6800")
    report = stage.reconciler.reconcile(record)
    assert (report.outcome, plain(report.record.runner)) == (RunOutcome.SUCCESS, "81.5")
    assert (plain(report.record.position_size), rest(stage)) == ("253.7", ["172.2"])
    compare()


def test_every_level_fills_and_the_runner_is_left(stage: Stage, compare: Compare) -> None:
    """Nothing rests but the stop, nothing is placed again, and nothing is uncovered."""
    record = protected(stage, TRAILS, LADDER)
    report = moved_to(stage, record, "0.6390")
    assert (report.outcome, report.writes, rest(stage)) == (RunOutcome.IN_SYNC, 0, [])
    assert (plain(report.covered), plain(report.record.position_size)) == ("61.5", "61.5")
    assert "uncovered" not in stage.alerts[-1].text
    again = stage.reconciler.reconcile(record)
    assert (again.outcome, again.writes) == (RunOutcome.IN_SYNC, 0)
    compare()


def test_the_stop_closes_the_runner(stage: Stage, compare: Compare) -> None:
    """The market turns at 0.639, and is back by 0.02: the position is closed, and all is over."""
    record = protected(stage, TRAILS, LADDER)
    moved_to(stage, record, "0.6390")
    report = moved_to(stage, record, "0.6600")
    assert (report.outcome, report.record.position_size) == (RunOutcome.IN_SYNC, ZERO)
    assert report.record.withheld == ()
    compare()


def test_a_person_removes_the_trailing_stop(stage: Stage, compare: Compare) -> None:
    """It is set again before anything else, and the alert says who removed it."""
    record = protected(stage, TRAILS, LADDER)
    stage.set_stop_by_hand("mirror", "0", "trailingStop")
    assert trailing_of(stage) == ""
    report = stage.reconciler.reconcile(record)
    assert (report.outcome, sets(stage)) == (RunOutcome.SUCCESS, 2)
    assert trailing_of(stage) != ""
    assert "somebody else" in stage.alerts[-1].text
    compare()


def test_the_trailing_stop_is_refused(stage: Stage, compare: Compare) -> None:
    """The levels get their orders; what the runner is waits, and is alerted as uncovered."""
    refused = Fault(kind=FaultKind.RET_CODE, path="trading-stop", code=10001, times=None)
    stage.sim.inject(refused)
    record = protect(stage, TRAILS, LADDER)
    report = stage.reconciler.reconcile(record)
    assert (report.outcome, rest(stage)) == (RunOutcome.PARTIAL, ["153.6", "92.2"])
    assert "the runner's 61.5 is not covered" in stage.alerts[-1].text
    assert "245.8 of 307.3 is covered, 61.5 is not" in stage.alerts[-1].text
    compare()


def test_the_stop_trails_only_after_tp1(stage: Stage, compare: Compare) -> None:
    """Until TP1 has filled, the runner is not covered; after it, it is, and that is alerted."""
    record = protect(stage, LATER, LADDER)
    first = stage.reconciler.reconcile(record)
    assert (first.outcome, rest(stage)) == (RunOutcome.PARTIAL, ["153.6", "92.2"])
    second = moved_to(stage, record, "0.6520")
    assert (second.outcome, rest(stage)) == (RunOutcome.SUCCESS, ["92.2"])
    assert (plain(second.covered), second.record.attempts) == ("153.7", 0)
    compare()


def test_a_runner_takes_no_cover_before_the_stop_trails(stage: Stage, compare: Compare) -> None:
    """Orders cover all of a position whose ladder gets a runner: TP2 has its part until then."""
    record = protected(stage, LATER, Ladder.of(("0.6528", 70), ("0.6400", 30)))
    stage.reconciler.watch("mirror", SYMBOL, "Sell", LADDER)
    report = stage.reconciler.reconcile(record)
    assert (report.outcome, rest(stage)) == (RunOutcome.SUCCESS, ["153.7", "153.6"])
    assert moved_to(stage, record, "0.6520").outcome is RunOutcome.SUCCESS
    assert (rest(stage), trailing_of(stage)) == (["92.1"], "0.672")
    compare()


@pytest.mark.parametrize("stop", [None, Stop.of(percent=5)], ids=["no stop", "no trailing"])
def test_a_runner_is_refused_without_a_trailing_stop(stage: Stage, stop: Stop | None) -> None:
    with pytest.raises(StopError, match=r"20 % to a runner.*give a stop with trailing"):
        stage.reconciler.watch("main", SYMBOL, "Sell", LADDER, stop=stop)
    assert stage.reconciler.monitors() == ()


def test_a_stop_that_does_not_trail_is_refused_beside_a_runner(stage: Stage) -> None:
    protected(stage, TRAILS, LADDER)
    with pytest.raises(StopError, match="no trailing stop is wanted"):
        stage.reconciler.watch("mirror", SYMBOL, "Sell", stop=Stop.of(percent=5))


def test_a_mirror_copies_the_runner_with_the_stop(stage: Stage, compare: Compare) -> None:
    """It reckons both by its own position: 20 % of 307.3."""
    stage.sim.open_position(UIDS["main"], SYMBOL, "Sell", "100", "0.6800")
    stage.prologue.add(
        stage.reconciler.reconcile(
            stage.reconciler.watch("main", SYMBOL, "Sell", LADDER, stop=TRAILS)
        ).run_id
    )
    stage.sim.open_position(MIRROR, SYMBOL, "Sell", "307.3", "0.6800")
    with pytest.raises(StopError, match="no trailing stop is wanted"):
        stage.reconciler.watch("mirror", SYMBOL, "Sell", stop=Stop.of(percent=5))
    mirror: MonitorRecord = stage.reconciler.watch("mirror", SYMBOL, "Sell")
    report = stage.reconciler.reconcile(mirror)
    assert (report.outcome, rest(stage)) == (RunOutcome.SUCCESS, ["153.6", "92.2"])
    assert plain(report.record.runner) == "61.5"
    compare()
