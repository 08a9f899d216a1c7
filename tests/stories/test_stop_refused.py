"""What the exchange says no to, and what trueup does about it: the ladder goes on all the same."""

import pytest

from tests.stage import BAND_LADDER, Stage
from tests.stories.conftest import Compare
from tests.stories.stops import MIRROR, SYMBOL, by_hand, moved_to, protect, sets, stop_of
from trueup import RunOutcome
from trueup.domain.model.stop import Stop
from trueup.simulator import Fault, FaultKind

PERCENT = Stop.of(percent=5)


def says(code: int, text: str, *, effect: bool = False, times: int | None = 1) -> Fault:
    """The exchange's answer to a request that sets the stop."""
    return Fault(
        kind=FaultKind.RET_CODE,
        path="trading-stop",
        code=code,
        text=text,
        effect=effect,
        times=times,
    )


def covered(stage: Stage) -> str:
    """What the orders of the ladder cover."""
    orders = [o for o in stage.sim.orders(MIRROR) if o.order_type == "Limit"]
    return str(sum(order.leaves for order in orders))


def test_the_market_is_past_it(stage: Stage, compare: Compare) -> None:
    """The market is at 0.7, a short's stop at 0.69 is crossed; it is set once the price is back."""
    record = protect(stage, Stop.of(price="0.6900"))
    report = stage.reconciler.reconcile(record)
    assert report.outcome is RunOutcome.PARTIAL
    assert (stop_of(stage), covered(stage)) == ("", "307.3")
    assert moved_to(stage, record, "0.6850").outcome is RunOutcome.SUCCESS
    assert stop_of(stage) == "0.69"
    compare()


def test_a_price_on_the_winning_side_of_the_entry(stage: Stage, compare: Compare) -> None:
    """0.66 would close a short from 0.68 at once, and nobody has seen the market beyond it.

    So there is no stop, and that is no success. It is used once the market has been beyond it.
    """
    stop = Stop.of(price="0.6600")
    record = stage.reconciler.watch("mirror", SYMBOL, "Sell", None, stop=stop)
    stage.sim.open_position(MIRROR, SYMBOL, "Sell", "307.3", "0.6800")
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.PARTIAL
    assert "UNPROTECTED" in stage.alerts[-1].text
    assert (stop_of(stage), sets(stage)) == ("", 0)
    assert moved_to(stage, record, "0.6550").outcome is RunOutcome.SUCCESS
    assert stop_of(stage) == "0.66"
    compare()


@pytest.mark.parametrize("code", [110092, 110093])
def test_the_codes_that_say_the_market_is_past_it(stage: Stage, code: int) -> None:
    """They belong to conditional orders; should they come here, they mean the same."""
    stage.sim.inject(says(code, "expect Rising, but trigger_price is not above the market"))
    report = stage.reconciler.reconcile(protect(stage, PERCENT))
    assert report.outcome is RunOutcome.PARTIAL
    assert "UNPROTECTED" in stage.alerts[-1].text
    assert "the market is past it" in stage.alerts[-1].text
    assert (sets(stage), covered(stage)) == (1, "307.3")


def test_not_modified_and_it_is_there(stage: Stage, compare: Compare) -> None:
    """A person was faster: 34040, and the read that follows shows the stop."""
    record = protect(stage, PERCENT)
    stage.before("set_stop", lambda: by_hand(stage, "0.7140"))
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert (stop_of(stage), covered(stage)) == ("0.714", "307.3")
    compare()


def test_not_modified_and_it_is_not_there(stage: Stage, compare: Compare) -> None:
    """34040 proves nothing: the read shows no stop, so it is asked for again."""
    stage.sim.inject(says(34040, "not modified"))
    record = protect(stage, PERCENT)
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert (stop_of(stage), sets(stage)) == ("0.714", 2)
    compare()


def test_not_modified_again_and_again(stage: Stage, compare: Compare) -> None:
    """It ends, and says that the position is unprotected."""
    stage.sim.inject(says(34040, "not modified", times=None))
    record = protect(stage, PERCENT)
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.PARTIAL
    assert (stop_of(stage), covered(stage)) == ("", "307.3")
    compare()


def test_the_tick_has_changed(stage: Stage, compare: Compare) -> None:
    """0.714 is no price any more: the rules are read again, and 0.71 is nearer to the entry."""
    record = protect(stage, PERCENT, None)
    stage.before("set_stop", lambda: stage.sim.set_instrument(SYMBOL, tick="0.01"))
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert stop_of(stage) == "0.71"
    compare()


def test_a_price_that_is_refused_whatever_the_rules_say(stage: Stage, compare: Compare) -> None:
    """It is not sent again and again."""
    stage.sim.inject(says(10001, "params error: stopLoss invalid", times=None))
    record = protect(stage, PERCENT)
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.PARTIAL
    assert (sets(stage), covered(stage)) == (2, "307.3")
    compare()


def test_the_position_is_gone_when_it_arrives(stage: Stage, compare: Compare) -> None:
    record = protect(stage, PERCENT)
    stage.before("set_stop", lambda: stage.sim.set_position(MIRROR, SYMBOL, "Sell", "0"))
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.IN_SYNC
    assert (stop_of(stage), covered(stage)) == ("", "0")
    compare()


def test_the_key_may_not(stage: Stage, compare: Compare) -> None:
    stage.sim.inject(says(10005, "Permission denied, please check your API key permissions."))
    record = protect(stage, PERCENT)
    assert stage.reconciler.reconcile(record).outcome is not RunOutcome.SUCCESS
    assert stop_of(stage) == ""
    compare()


def test_too_many_requests(stage: Stage, compare: Compare) -> None:
    stage.sim.inject(Fault(kind=FaultKind.RATE_LIMITED, path="trading-stop"))
    record = protect(stage, PERCENT)
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert (stop_of(stage), covered(stage)) == ("0.714", "307.3")
    compare()


@pytest.mark.parametrize("effect", [True, False], ids=["with effect", "without effect"])
def test_an_unknown_code(stage: Stage, compare: Compare, *, effect: bool) -> None:
    """Nobody knows what it means: the position's row says."""
    stage.sim.inject(says(999999, "something new", effect=effect))
    record = protect(stage, PERCENT, BAND_LADDER)
    assert stage.reconciler.reconcile(record).outcome is RunOutcome.SUCCESS
    assert (stop_of(stage), covered(stage)) == ("0.714", "307.3")
    compare()
