"""Each rule moves the stop of a short of 307.3 from 0.68: where to, by hand, is in each story."""

from tests.stage import Stage
from tests.stories.conftest import Compare
from tests.stories.stops import moved_to, protect, protected, sets, stop_of, trailing_of
from trueup import RunOutcome
from trueup.domain.model.stop import Breakeven, Stop, Trailing


def test_a_fixed_price(stage: Stage, compare: Compare) -> None:
    record = protect(stage, Stop.of(price="0.7200"), None)
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert stop_of(stage) == "0.72"
    compare()


def test_breakeven_by_profit(stage: Stage, compare: Compare) -> None:
    """3 % of 0.68 is 0.0204: at 0.6597 that is not reached, at 0.659 it is; then it stays."""
    record = protected(stage, Stop.of(percent=5, breakeven=Breakeven.of(after_percent=3, offset=0)))
    assert moved_to(stage, record, "0.6597").outcome is RunOutcome.IN_SYNC
    assert moved_to(stage, record, "0.6590").outcome is RunOutcome.SUCCESS
    assert moved_to(stage, record, "0.6700").outcome is RunOutcome.IN_SYNC
    assert stop_of(stage) == "0.68"
    compare()


def test_one_target_behind(stage: Stage, compare: Compare) -> None:
    """Breakeven after TP1; TP1's price, 0.6528, after TP2; TP2's, 0.64, after TP3."""
    record = protected(stage, Stop.of(percent=5, moving_target=1))
    stops = []
    for price in ("0.6500", "0.6390", "0.6190"):
        assert moved_to(stage, record, price).outcome is RunOutcome.SUCCESS
        stops.append(stop_of(stage))
    assert stops == ["0.68", "0.6528", "0.64"]
    compare()


def test_two_targets_behind(stage: Stage, compare: Compare) -> None:
    """Nothing after TP1; breakeven after TP2; TP1's price, 0.6528, after TP3."""
    record = protected(stage, Stop.of(percent=5, moving_target=2))
    stops = []
    for price in ("0.6500", "0.6390", "0.6190"):
        moved_to(stage, record, price)
        stops.append(stop_of(stage))
    assert stops == ["0.714", "0.68", "0.6528"]
    compare()


def test_percent_behind_the_last_target(stage: Stage, compare: Compare) -> None:
    """2 % behind 0.6528 is 0.665856, behind 0.64 it is 0.6528; down to the tick, the gaining one.

    A fill of TP1 that is never seen makes no difference: TP2's decides.
    """
    record = protected(stage, Stop.of(percent=5, behind_target=2))
    moved_to(stage, record, "0.6500")
    assert stop_of(stage) == "0.6658"
    moved_to(stage, record, "0.6390")
    assert stop_of(stage) == "0.6528"
    compare()


def test_trailing_after_tp1(stage: Stage, compare: Compare) -> None:
    """The exchange trails by 0.02 from TP1 on: 0.65 + 0.02 = 0.67, then 0.645 + 0.02 = 0.665."""
    stop = Stop.of(percent=5, trailing=Trailing.of(distance="0.0200", after_level=1))
    record = protected(stage, stop)
    assert moved_to(stage, record, "0.6500").outcome is RunOutcome.SUCCESS
    assert (stop_of(stage), trailing_of(stage)) == ("0.714", "0.67")
    assert moved_to(stage, record, "0.6450").outcome is RunOutcome.IN_SYNC
    assert (stop_of(stage), trailing_of(stage)) == ("0.714", "0.665")
    compare()


def test_trailing_from_an_activation_price(stage: Stage, compare: Compare) -> None:
    """3 % of 0.66 is 0.0198. It waits for 0.66 at the exchange: trueup need not run then."""
    stop = Stop.of(percent=5, trailing=Trailing.of(percent=3, activation="0.6600"))
    record = protect(stage, stop, None)
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    stage.sim.set_price("BANDUSDT", "0.6600")
    assert (stop_of(stage), trailing_of(stage)) == ("0.714", "0.6798")
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.IN_SYNC
    assert sets(stage) == 1
    compare()


def test_the_tightest_of_several_rules_wins(stage: Stage, compare: Compare) -> None:
    """After TP1 breakeven says 0.68, and 1 % behind TP1 says 0.659328: that is nearer."""
    even = Breakeven.of(after_level=1, offset=0)
    record = protected(stage, Stop.of(percent=5, breakeven=even, behind_target=1))
    assert moved_to(stage, record, "0.6500").outcome is RunOutcome.SUCCESS
    assert stop_of(stage) == "0.6593"
    compare()
