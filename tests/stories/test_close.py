"""A close that a person commands: once, of the position that was meant, and looked up."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.stage import Stage
from tests.stories.closing import MIRROR, SYMBOL, again, by_hand, close, closes, reopened, size
from tests.stories.conftest import Compare
from trueup import CloseEnd, ConfigurationError, MonitorRecord, Stop
from trueup.simulator import Fault, FaultKind, ReduceOnlySum


def test_the_whole_position(stage: Stage, laddered: MonitorRecord, compare: Compare) -> None:
    closing = close(stage)
    assert closing is not None
    assert (closing.end, closing.filled) == (CloseEnd.DONE, Decimal("307.3"))
    assert (size(stage), len(stage.sim.orders(MIRROR))) == (Decimal(0), 0)
    assert again(stage, laddered) == "IN_SYNC"
    assert [filled for _, filled in closes(stage)] == [Decimal("307.3")]
    compare()


def test_a_half(stage: Stage, laddered: MonitorRecord, compare: Compare) -> None:
    """Half of 307.3 is 153.65; at a step of 0.1 that is 153.6, and 153.7 stay, covered."""
    closing = close(stage, "50")
    assert closing is not None
    assert (closing.end, closing.filled) == (CloseEnd.DONE, Decimal("153.6"))
    assert size(stage) == sum(order.leaves for order in stage.sim.orders(MIRROR))
    assert again(stage, laddered) == "IN_SYNC"
    compare()


def test_a_half_with_its_stop(stage: Stage, mirror: MonitorRecord, compare: Compare) -> None:
    stage.reconciler.watch("mirror", SYMBOL, "Sell", stop=Stop.of(percent=5))
    stage.prologue.add(stage.reconciler.reconcile(mirror).run_id)
    close(stage, "50")
    kinds = {order.stop_order_type for order in stage.sim.orders(MIRROR)}
    assert "StopLoss" in kinds
    compare()


@pytest.mark.usefixtures("laddered")
def test_a_lost_reply_is_looked_up(stage: Stage, compare: Compare) -> None:
    stage.sim.inject(Fault(kind=FaultKind.REPLY_LOST, path="order/create-batch"))
    closing = close(stage, "50")
    assert closing is not None
    assert closing.end is CloseEnd.DONE
    assert [filled for _, filled in closes(stage)] == [Decimal("153.6")]
    compare()


@pytest.mark.usefixtures("laddered")
def test_a_lost_request_is_made_anew_once_it_cannot_arrive_any_more(
    stage: Stage, compare: Compare
) -> None:
    stage.sim.inject(Fault(kind=FaultKind.REQUEST_LOST, path="order/create-batch"))
    closing = close(stage, "50")
    assert closing is not None
    assert (closing.end, len(closing.link_ids)) == (CloseEnd.DONE, 2)
    assert [filled for _, filled in closes(stage)] == [Decimal("153.6")]
    compare()


@pytest.mark.usefixtures("laddered")
def test_a_late_request_is_waited_for(stage: Stage, compare: Compare) -> None:
    """The connection is dropped, and the request arrives 1.5 s later: no other is made."""
    late = Fault(kind=FaultKind.LATE_EFFECT, path="order/create-batch", delay_ms=1500)
    stage.sim.inject(late)
    closing = close(stage, "50")
    assert closing is not None
    assert (closing.end, len(closing.link_ids)) == (CloseEnd.DONE, 1)
    assert [filled for _, filled in closes(stage)] == [Decimal("153.6")]
    compare()


def test_the_look_up_fails_and_the_next_run_goes_on(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    stage.before(
        "place",
        lambda: stage.sim.inject(
            Fault(kind=FaultKind.REPLY_LOST, path="order/create-batch"),
            Fault(kind=FaultKind.SERVER_ERROR, path="order/", times=None),
        ),
    )
    closing = close(stage, "50")
    assert closing is not None
    assert (closing.end, closing.filled) == (None, Decimal(0))
    with pytest.raises(ConfigurationError, match="a close of mirror BANDUSDT Sell is open"):
        close(stage, "50")
    stage.sim.clear_faults()
    assert again(stage, laddered) == "SUCCESS"
    assert [filled for _, filled in closes(stage)] == [Decimal("153.6")]
    compare()


def test_a_position_that_was_opened_since_stays(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    """Nothing could be read when the close was commanded, and a person opened another position."""
    stage.sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="position/list", times=None))
    assert close(stage) is None
    stage.sim.clear_faults()
    reopened(stage)
    assert again(stage, laddered) == "SUCCESS"
    assert (str(size(stage)), len(closes(stage))) == ("200", 0)
    compare()


def test_a_position_that_is_closed_since_needs_no_close(
    stage: Stage, laddered: MonitorRecord
) -> None:
    stage.sim.inject(Fault(kind=FaultKind.SERVER_ERROR, path="position/list", times=None))
    assert close(stage) is None
    stage.sim.clear_faults()
    by_hand(stage)
    again(stage, laddered)
    assert "nothing was closed for ann@host: there is no position any more" in "\n".join(
        alert.text for alert in stage.alerts
    )
    reopened(stage)
    again(stage, laddered)
    assert (str(size(stage)), len(closes(stage))) == ("200", 0)


@pytest.mark.usefixtures("laddered")
def test_a_share_below_the_smallest_order(stage: Stage, compare: Compare) -> None:
    """0.01 % of 307.3 is 0.03, which is less than a step: nothing is closed, nothing changes."""
    before = stage.sim.orders(MIRROR)
    closing = close(stage, "0.01")
    assert closing is not None
    assert (closing.end, closing.filled) == (CloseEnd.REFUSED, Decimal(0))
    assert (closes(stage), stage.sim.orders(MIRROR)) == ([], before)
    compare()


@pytest.mark.usefixtures("laddered")
@pytest.mark.parametrize("rule", [ReduceOnlySum.REJECT, ReduceOnlySum.TRUNCATE_NEWEST])
def test_what_rests_gives_way_where_the_exchange_counts_it(
    stage: Stage, compare: Compare, rule: ReduceOnlySum
) -> None:
    stage.sim.behaviour = replace(stage.sim.behaviour, reduce_only_sum=rule)
    closing = close(stage, "50")
    assert closing is not None
    assert (closing.end, closing.filled) == (CloseEnd.DONE, Decimal("153.6"))
    assert size(stage) == sum(order.leaves for order in stage.sim.orders(MIRROR))
    compare()


@pytest.mark.usefixtures("laddered")
def test_a_thin_book_takes_it_in_parts(stage: Stage, compare: Compare) -> None:
    """Each market order finds 100: what is left is asked for by another one of the same close."""
    stage.sim.behaviour = replace(stage.sim.behaviour, liquidity=Decimal(100))
    closing = close(stage)
    assert closing is not None
    assert (closing.end, closing.filled) == (CloseEnd.DONE, Decimal("307.3"))
    assert [str(filled) for _, filled in closes(stage)] == ["100", "100", "100", "7.3"]
    compare()


def test_an_empty_book_is_tried_again(
    stage: Stage, laddered: MonitorRecord, compare: Compare
) -> None:
    """The market takes nothing: the position keeps its ladder, and an alert says so."""
    stage.sim.behaviour = replace(stage.sim.behaviour, liquidity=Decimal(0))
    closing = close(stage)
    assert closing is not None
    assert (closing.end, closing.filled) == (None, Decimal(0))
    assert len(stage.sim.orders(MIRROR)) == 4
    stage.sim.behaviour = replace(stage.sim.behaviour, liquidity=None)
    assert again(stage, laddered) == "SUCCESS"
    assert [str(filled) for _, filled in closes(stage)] == ["0", "307.3"]
    compare()


def test_a_stopped_monitor_is_not_closed(stage: Stage, laddered: MonitorRecord) -> None:
    stage.reconciler.pause("mirror", by="bob@host")
    with pytest.raises(ConfigurationError, match=r"paused by bob@host.*nothing is closed before"):
        close(stage)
    assert stage.reconciler.resume("mirror").ended
    assert again(stage, laddered) == "IN_SYNC"
    assert size(stage) == Decimal("307.3")


@pytest.mark.usefixtures("laddered")
@pytest.mark.parametrize("share", ["0", "-1", "101", 0.5, "half"])
def test_a_share_is_a_percentage(stage: Stage, share: str) -> None:
    with pytest.raises(ConfigurationError, match="share"):
        close(stage, share)
    assert stage.reconciler.store.controls() == ()
