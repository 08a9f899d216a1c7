"""People, other programs and new settings: who moves the stop, and what the rules do then."""

from tests.stage import BAND_LADDER, Stage
from tests.stories.conftest import Compare
from tests.stories.stops import (
    MIRROR,
    SYMBOL,
    by_hand,
    moved_to,
    protect,
    protected,
    sets,
    stop_of,
    trailing_of,
)
from trueup import MonitorRecord, RunOutcome
from trueup.domain.model.stop import Breakeven, Stop, Trailing
from trueup.simulator import Fault, FaultKind

STOP = Stop.of(percent=5, breakeven=Breakeven.of(after_level=1, offset=0))


def watched_with(stage: Stage, stop: Stop) -> MonitorRecord:
    """The same monitor, whose user wants another stop."""
    return stage.reconciler.watch("mirror", SYMBOL, "Sell", BAND_LADDER, stop=stop)


def test_a_person_loosens_it(stage: Stage, compare: Compare) -> None:
    """It stays where they put it, until a rule asks for more than before."""
    record = protected(stage, STOP)
    by_hand(stage, "0.7300")
    stage.reconciler.reconcile(record)
    assert (stop_of(stage), sets(stage)) == ("0.73", 1)
    moved_to(stage, record, "0.6500")
    assert stop_of(stage) == "0.68"
    compare()


def test_a_person_tightens_it(stage: Stage, compare: Compare) -> None:
    """0.66 is nearer than breakeven: TP1 changes nothing."""
    record = protected(stage, STOP)
    stage.sim.set_price(SYMBOL, "0.6550")
    by_hand(stage, "0.6600")
    stage.reconciler.reconcile(record)
    moved_to(stage, record, "0.6500")
    assert (stop_of(stage), sets(stage)) == ("0.66", 1)
    compare()


def test_a_person_removes_it(stage: Stage, compare: Compare) -> None:
    """A stop is wanted, so it is set again, and the alert says who removed it."""
    record = protected(stage, STOP)
    by_hand(stage, "0")
    assert stop_of(stage) == ""
    stage.reconciler.reconcile(record)
    assert stop_of(stage) == "0.714"
    assert "somebody else removed the stop" in stage.alerts[-1].text
    compare()


def test_a_tighter_stop_is_there_already(stage: Stage, compare: Compare) -> None:
    """Somebody's stop at 0.705 loses less than 0.714: it stays."""
    stage.sim.open_position(MIRROR, SYMBOL, "Sell", "307.3", "0.6800")
    by_hand(stage, "0.7050")
    record = watched_with(stage, STOP)
    stage.reconciler.reconcile(record)
    assert (stop_of(stage), sets(stage)) == ("0.705", 0)
    moved_to(stage, record, "0.6500")
    assert stop_of(stage) == "0.68"
    compare()


def test_a_tighter_stop_of_somebody_is_removed(stage: Stage, compare: Compare) -> None:
    """Then the rules' own place is wanted, not theirs."""
    stage.sim.open_position(MIRROR, SYMBOL, "Sell", "307.3", "0.6800")
    by_hand(stage, "0.7050")
    record = watched_with(stage, STOP)
    stage.reconciler.reconcile(record)
    by_hand(stage, "0")
    stage.reconciler.reconcile(record)
    assert stop_of(stage) == "0.714"
    compare()


def test_a_looser_stop_is_there_already(stage: Stage, compare: Compare) -> None:
    stage.sim.open_position(MIRROR, SYMBOL, "Sell", "307.3", "0.6800")
    by_hand(stage, "0.7500")
    stage.reconciler.reconcile(watched_with(stage, STOP))
    assert stop_of(stage) == "0.714"
    compare()


def test_new_settings_may_loosen_it(stage: Stage, compare: Compare) -> None:
    """8 % instead of 5: the user has said so, in words. After that it only tightens again."""
    record = protected(stage, STOP)
    record = watched_with(stage, Stop.of(percent=8))
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert stop_of(stage) == "0.7344"
    stage.sim.open_position(MIRROR, SYMBOL, "Sell", "307.3", "0.7000")
    stage.reconciler.reconcile(record)
    assert stop_of(stage) == "0.7344"
    compare()


def test_a_lost_request_to_loosen_it(stage: Stage, compare: Compare) -> None:
    """What the user wants holds until a read has shown it, not only for the first request."""
    record = protected(stage, STOP, None)
    record = stage.reconciler.watch("mirror", SYMBOL, "Sell", None, stop=Stop.of(percent=8))
    stage.sim.inject(Fault(kind=FaultKind.REQUEST_LOST, path="trading-stop"))
    stage.reconciler.reconcile(record)
    stage.reconciler.reconcile(record)
    assert stop_of(stage) == "0.7344"
    compare()


def test_new_settings_that_change_nothing_yet(stage: Stage, compare: Compare) -> None:
    """The stop is where they want it. When the average gets worse, it stays there all the same."""
    record = protected(stage, STOP)
    record = watched_with(stage, Stop.of(percent=5, moving_target=1))
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.IN_SYNC
    stage.sim.open_position(MIRROR, SYMBOL, "Sell", "307.3", "0.7000")
    stage.reconciler.reconcile(record)
    assert (stop_of(stage), sets(stage)) == ("0.714", 1)
    compare()


def test_another_activation_price(stage: Stage, compare: Compare) -> None:
    """No row shows it, so it is asked for once, as the settings are new."""
    stop = Stop.of(percent=5, trailing=Trailing.of(distance="0.0200", activation="0.6600"))
    record = protected(stage, stop, None)
    stop = Stop.of(percent=5, trailing=Trailing.of(distance="0.0200", activation="0.6700"))
    record = stage.reconciler.watch("mirror", SYMBOL, "Sell", None, stop=stop)
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.IN_SYNC
    stage.sim.set_price(SYMBOL, "0.6690")
    assert (trailing_of(stage), sets(stage)) == ("0.689", 2)
    compare()


def test_a_restart_between(stage: Stage, compare: Compare) -> None:
    """TP1 fills while no process is there; the ratchet is in the database."""
    record = protected(stage, STOP)
    stage.reconciler.close()
    stage.sim.set_price(SYMBOL, "0.6500")
    stage.sim.set_price(SYMBOL, "0.6750")
    stage.reconciler = stage.open()
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert stop_of(stage) == "0.68"
    stage.reconciler.close()
    stage.reconciler = stage.open()
    stage.sim.open_position(MIRROR, SYMBOL, "Sell", "307.3", "0.7000")
    stage.reconciler.reconcile(record)
    assert stop_of(stage) == "0.68"
    compare()


def test_the_market_is_past_breakeven(stage: Stage, compare: Compare) -> None:
    """TP1 filled while trueup was down, and the price is back at 0.69: 0.68 would close at once.

    The stop of before stays, and the alert says why it is not where it should be.
    """
    record = protected(stage, STOP)
    stage.sim.set_price(SYMBOL, "0.6500")
    assert moved_to(stage, record, "0.6900").outcome is RunOutcome.PARTIAL
    assert stop_of(stage) == "0.714"
    assert moved_to(stage, record, "0.6790").outcome is RunOutcome.SUCCESS
    assert stop_of(stage) == "0.68"
    compare()


def test_a_first_stop_that_locks_a_profit_in(stage: Stage, compare: Compare) -> None:
    """0.66 is on the winning side of 0.68; the market is beyond it, at 0.655."""
    stage.sim.set_price(SYMBOL, "0.6550")
    record = protect(stage, Stop.of(price="0.6600"), None)
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert stop_of(stage) == "0.66"
    compare()
