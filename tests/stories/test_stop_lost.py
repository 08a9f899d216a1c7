"""Requests and replies that are lost, late, or followed by reads that fail."""

from tests.stage import Stage
from tests.stories.conftest import Compare
from tests.stories.stops import MIRROR, by_hand, moved_to, protect, protected, sets, stop_of
from trueup import RunOutcome
from trueup.domain.model.stop import Breakeven, Stop
from trueup.simulator import Fault, FaultKind

STOP = Stop.of(percent=5, breakeven=Breakeven.of(after_level=1, offset=0))


def test_a_lost_reply_is_looked_up(stage: Stage, compare: Compare) -> None:
    stage.sim.inject(Fault(kind=FaultKind.REPLY_LOST, path="trading-stop"))
    assert stage.reconciler.reconcile(protect(stage, STOP)).outcome is RunOutcome.SUCCESS
    assert (stop_of(stage), sets(stage)) == ("0.714", 1)
    compare()


def test_a_lost_request_is_sent_again(stage: Stage, compare: Compare) -> None:
    """A set does no harm twice: a position without any stop does not wait for certainty."""
    stage.sim.inject(Fault(kind=FaultKind.REQUEST_LOST, path="trading-stop"))
    assert stage.reconciler.reconcile(protect(stage, STOP)).outcome is RunOutcome.SUCCESS
    assert stop_of(stage) == "0.714"
    compare()


def test_a_lost_request_to_move_it_is_sent_again(stage: Stage, compare: Compare) -> None:
    """The stop of before protects meanwhile. The first request may still take effect."""
    record = protected(stage, STOP)
    stage.sim.inject(Fault(kind=FaultKind.REQUEST_LOST, path="trading-stop"))
    report = moved_to(stage, record, "0.6500")
    assert (report.outcome, report.record.next_try_at is None) == (RunOutcome.SUCCESS, False)
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.IN_SYNC
    assert stop_of(stage) == "0.68"
    compare()


def test_a_late_effect(stage: Stage, compare: Compare) -> None:
    """The connection is dropped, and the request arrives 1.5 s later."""
    stage.sim.inject(Fault(kind=FaultKind.LATE_EFFECT, path="trading-stop", delay_ms=1500))
    assert stage.reconciler.reconcile(protect(stage, STOP)).outcome is RunOutcome.SUCCESS
    assert stop_of(stage) == "0.714"
    compare()


def test_the_result_cannot_be_read(stage: Stage, compare: Compare) -> None:
    """Nobody says that the stop is set before a read has shown it; the next run finds it."""
    blind = Fault(kind=FaultKind.SERVER_ERROR, path="position/list", times=None)
    record = protect(stage, STOP)
    stage.before("set_stop", lambda: stage.sim.inject(blind))
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.FAILED
    stage.sim.clear_faults()
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert (stop_of(stage), sets(stage)) == ("0.714", 1)
    compare()


def test_the_orders_are_unread(stage: Stage, compare: Compare) -> None:
    """The position's row has all that a stop needs, so it is set; the ladder waits."""
    record = protect(stage, STOP)
    stage.sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="order/realtime", times=None))
    report = stage.reconciler.reconcile(record)
    assert report.outcome is not RunOutcome.SUCCESS
    assert stop_of(stage) == "0.714"
    compare()


def test_it_is_lost_again_and_again(stage: Stage, compare: Compare) -> None:
    """The ladder does not wait for it for ever, and the alert says what is missing."""
    stage.sim.inject(Fault(kind=FaultKind.REQUEST_LOST, path="trading-stop", times=None))
    assert stage.reconciler.reconcile(protect(stage, STOP)).outcome is RunOutcome.PARTIAL
    assert (stop_of(stage), len(stage.sim.orders(MIRROR))) == ("", 4)
    compare()


def test_breakeven_while_the_orders_are_unread(stage: Stage, compare: Compare) -> None:
    """That TP1 has filled is not known then: the stop stays, and moves once it is."""
    record = protected(stage, STOP)
    stage.sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="order/realtime", times=None))
    moved_to(stage, record, "0.6500")
    stage.sim.clear_faults()
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert stop_of(stage) == "0.68"
    compare()


def test_a_person_is_faster_than_a_late_request(stage: Stage, compare: Compare) -> None:
    """The request arrives after the person's: theirs is gone, and no rule asks for it."""
    record = protected(stage, STOP)
    late = Fault(kind=FaultKind.LATE_EFFECT, path="trading-stop", delay_ms=1500)

    def hand() -> None:
        by_hand(stage, "0.6700")
        stage.sim.inject(late)

    stage.before("set_stop", hand)
    moved_to(stage, record, "0.6500")
    stage.clock.advance(60_000)
    stage.reconciler.reconcile(record)
    assert stop_of(stage) == "0.68"
    compare()
