"""``on_crossed = "close"``: where the market is past the stop, the position is closed."""

import pytest

from tests.stage import BAND_LADDER, Stage
from tests.stories.closing import MIRROR, again, closes, size
from tests.stories.conftest import Compare
from tests.stories.stops import moved_to, protect, protected, stop_of
from trueup import Breakeven, Ladder, Stop
from trueup.simulator import Fault, FaultKind


@pytest.mark.parametrize("ladder", [BAND_LADDER, None], ids=["with a ladder", "alone"])
def test_a_new_position_past_its_stop_is_closed(
    stage: Stage, compare: Compare, ladder: Ladder | None
) -> None:
    """The market is at 0.7, a short's stop at 0.69 is crossed."""
    record = protect(stage, Stop.of(price="0.6900", on_crossed="close"), ladder)
    assert again(stage, record) == "SUCCESS"
    assert (str(size(stage)), len(closes(stage)), stage.sim.orders(MIRROR)) == ("0", 1, ())
    assert again(stage, record) == "IN_SYNC"
    assert len(closes(stage)) == 1
    compare()


def test_breakeven_that_the_market_is_past(stage: Stage, compare: Compare) -> None:
    """TP1 filled while nothing ran, and the market came back to 0.69: breakeven is at 0.68."""
    even = Stop.of(percent=5, breakeven=Breakeven.of(after_level=1, offset=0), on_crossed="close")
    record = protected(stage, even)
    stage.sim.set_price("BANDUSDT", "0.6500")
    assert moved_to(stage, record, "0.6900").outcome.value == "SUCCESS"
    assert (str(size(stage)), [str(filled) for _, filled in closes(stage)]) == ("0", ["46.1"])
    compare()


def test_a_lost_reply_closes_nothing_twice(stage: Stage, compare: Compare) -> None:
    record = protect(stage, Stop.of(price="0.6900", on_crossed="close"), None)
    stage.sim.inject(Fault(kind=FaultKind.REPLY_LOST, path="order/create-batch"))
    assert again(stage, record) == "SUCCESS"
    assert (str(size(stage)), len(closes(stage))) == ("0", 1)
    compare()


def test_a_refused_close_keeps_trying(stage: Stage, compare: Compare) -> None:
    """The exchange is busy: the alert says that nothing protects, and the next run closes."""
    record = protect(stage, Stop.of(price="0.6900", on_crossed="close"))
    busy = Fault(
        kind=FaultKind.RET_CODE, path="order/create-batch", code=10006, text="busy", times=1,
        effect=False,
    )  # fmt: skip
    stage.sim.inject(busy)
    assert again(stage, record) == "PARTIAL"
    assert (stop_of(stage), str(size(stage))) == ("", "307.3")
    assert "UNPROTECTED" in stage.alerts[-1].text
    assert again(stage, record) == "SUCCESS"
    assert (str(size(stage)), len(closes(stage))) == ("0", 1)
    compare()
