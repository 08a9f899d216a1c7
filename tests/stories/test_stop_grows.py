"""The position grows, shrinks, closes, comes back and turns around: the stop is always its own."""

from tests.stage import Stage
from tests.stories.conftest import Compare
from tests.stories.stops import (
    MIRROR,
    SYMBOL,
    moved_to,
    protect,
    protected,
    sets,
    stop_of,
    trailing_of,
)
from trueup import RunOutcome
from trueup.domain.model.stop import Breakeven, Stop, Trailing

STOP = Stop.of(percent=5, breakeven=Breakeven.of(after_level=1, offset=0))


def grow(stage: Stage, price: str) -> None:
    """Two more entries fill, together as large as the position."""
    stage.sim.open_position(MIRROR, SYMBOL, "Sell", "307.3", price)


def test_the_position_grows(stage: Stage, compare: Compare) -> None:
    """The exchange sizes the stop: the four orders are amended in one request, and that is all."""
    record = protected(stage, STOP)
    before = len(stage.writes())
    grow(stage, "0.6800")
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert [write.path for write in stage.writes()[before:]] == ["/v5/order/amend-batch"]
    stops = [o for o in stage.sim.orders(MIRROR) if o.stop_order_type == "StopLoss"]
    assert [(str(o.trigger_price), str(o.quantity)) for o in stops] == [("0.714", "614.6")]
    compare()


def test_an_average_that_falls(stage: Stage, compare: Compare) -> None:
    """It falls to 0.67: 5 % from there is 0.7035, which is nearer, so the stop follows."""
    record = protected(stage, STOP)
    grow(stage, "0.6600")
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert stop_of(stage) == "0.7035"
    compare()


def test_a_worse_average_loosens_nothing(stage: Stage, compare: Compare) -> None:
    """The average rises to 0.69: 5 % from there is 0.7245, but no rule loosens a stop."""
    record = protected(stage, STOP)
    grow(stage, "0.7000")
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert (stop_of(stage), sets(stage)) == ("0.714", 1)
    compare()


def test_follow_average_was_asked_for(stage: Stage, compare: Compare) -> None:
    """In words: then it goes to 0.7245, until TP1 fills, and never back after that."""
    stop = Stop.of(percent=5, breakeven=Breakeven.of(after_level=1), follow_average=True)
    record = protected(stage, stop)
    grow(stage, "0.7000")
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert stop_of(stage) == "0.7245"
    moved_to(stage, record, "0.6500")
    assert stop_of(stage) == "0.69"
    grow(stage, "0.7000")
    stage.reconciler.reconcile(record)
    assert stop_of(stage) == "0.69"
    compare()


def test_half_of_it_is_closed_by_hand(stage: Stage, compare: Compare) -> None:
    record = protected(stage, STOP)
    stage.sim.set_position(MIRROR, SYMBOL, "Sell", "150.0", "0.6800")
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    stops = [o for o in stage.sim.orders(MIRROR) if o.stop_order_type == "StopLoss"]
    assert [str(o.quantity) for o in stops] == ["150.0"]
    assert sets(stage) == 1
    compare()


def test_it_closes_and_opens_anew(stage: Stage, compare: Compare) -> None:
    """The new position has a stop of its own, though the old one's was tighter: 5 % from 0.7."""
    record = protected(stage, STOP)
    moved_to(stage, record, "0.6500")
    stage.sim.set_position(MIRROR, SYMBOL, "Sell", "0")
    stage.reconciler.reconcile(record)
    assert stop_of(stage) == ""
    stage.sim.open_position(MIRROR, SYMBOL, "Sell", "307.3", "0.7000")
    stage.sim.set_price(SYMBOL, "0.7000")
    stage.reconciler.reconcile(record)
    assert stop_of(stage) == "0.735"
    compare()


def test_it_closes_and_opens_anew_unseen(stage: Stage, compare: Compare) -> None:
    """Between two reads: the position of before is over, by its executions and its entry."""
    record = protected(stage, STOP)
    stage.sim.set_position(MIRROR, SYMBOL, "Sell", "0")
    stage.sim.open_position(MIRROR, SYMBOL, "Sell", "200.0", "0.7000")
    stage.reconciler.reconcile(record)
    assert stop_of(stage) != ""
    compare()


def test_it_turns_around(stage: Stage, compare: Compare) -> None:
    """A long is not this monitor's: it gets no stop of the short's, and nothing is sent for it."""
    record = protected(stage, STOP)
    stage.sim.set_position(MIRROR, SYMBOL, "Sell", "0")
    stage.sim.open_position(MIRROR, SYMBOL, "Buy", "100.0", "0.7000")
    stage.reconciler.reconcile(record)
    assert (stop_of(stage), sets(stage)) == ("", 1)
    compare()


def test_the_stop_is_hit(stage: Stage, compare: Compare) -> None:
    record = protected(stage, STOP)
    moved_to(stage, record, "0.7150")
    assert stage.sim.position(MIRROR, SYMBOL, "Sell").size == 0
    assert stage.sim.orders(MIRROR) == ()
    compare()


def test_a_trailing_stop_beside_a_growing_position(stage: Stage, compare: Compare) -> None:
    """Neither the distance nor the best price changes when the position grows."""
    stop = Stop.of(percent=5, trailing=Trailing.of(percent=2))
    record = protect(stage, stop)
    stage.reconciler.reconcile(record)
    moved_to(stage, record, "0.6700")
    before = trailing_of(stage)
    grow(stage, "0.7000")
    stage.reconciler.reconcile(record)
    assert (before, trailing_of(stage)) == ("0.6836", "0.6836")
    compare()
