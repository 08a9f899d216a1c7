"""While a place is in flight no order grows in its stead."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.engine.conftest import MIRROR
from tests.stage import BAND_LADDER, PATIENCE, Stage
from trueup import Ladder, RunOutcome
from trueup.simulator import Fault, FaultKind

SIZE = Decimal("307.3")
OTHER = Ladder.of(("0.6528", 40), ("0.6400", 20), ("0.6200", 20), ("0.6000", 20))
LATE_MS = 4500


class ProcessDies(KeyboardInterrupt):
    """Nothing catches it."""


def die() -> None:
    raise ProcessDies


@pytest.fixture
def item_by_item(tmp_path: Path) -> Iterator[Stage]:
    """A stage on which every order leaves in a request of its own."""
    with Stage(tmp_path, patience=replace(PATIENCE, batch_size=1)) as opened:
        yield opened


def test_what_grows_waits_for_a_place_that_goes_out_again_with_less(item_by_item: Stage) -> None:
    """Seeds 1724, 2458, 4878: the first request took effect when the others had grown already."""
    stage = item_by_item
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", str(SIZE), "0.6800")
    monitor = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    stage.sim.inject(Fault(kind=FaultKind.LATE_EFFECT, path="order/create-batch", delay_ms=LATE_MS))
    stage.before("observe", lambda: None, die)
    with pytest.raises(ProcessDies):
        stage.reconciler.reconcile(monitor)
    stage.reconciler.close()
    stage.reconciler = stage.open()
    stage.reconciler.watch("mirror", "BANDUSDT", "Sell", OTHER)
    covers: list[Decimal] = []
    stage.sim.listen(
        lambda _: covers.append(sum((o.leaves for o in stage.sim.orders(MIRROR)), Decimal(0)))
    )
    stage.before("place", lambda: stage.clock.advance(LATE_MS))
    report = stage.reconciler.reconcile(monitor)
    assert (report.outcome, report.covered) == (RunOutcome.SUCCESS, SIZE)
    assert max(covers) == SIZE
    assert str(stage.order("mirror", 1).leaves) == "122.9"


def test_orders_that_leave_each_other_no_room_wait_for_a_read(item_by_item: Stage) -> None:
    """Seed 5073459: TP1 was refused, no read showed that the others rested, and all shrank."""
    stage = item_by_item
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", str(SIZE), "0.6800")
    monitor = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", OTHER)
    stage.sim.inject(Fault(kind=FaultKind.RET_CODE, path="order/create-batch", code=10001))
    stage.before("observe", lambda: None, die)
    with pytest.raises(ProcessDies):
        stage.reconciler.reconcile(monitor)
    stage.reconciler.close()
    stage.reconciler = stage.open()
    stage.sim.set_position(MIRROR, "BANDUSDT", "Sell", "150")
    stage.sim.inject(
        Fault(kind=FaultKind.STALE_READ, path="order/realtime", delay_ms=12_000, times=None)
    )
    covers: list[Decimal] = []
    stage.sim.listen(
        lambda _: covers.append(sum((o.leaves for o in stage.sim.orders(MIRROR)), Decimal(0)))
    )
    first, *_, last = [stage.reconciler.reconcile(monitor) for _ in range(4)]
    assert max(covers) <= SIZE - Decimal("122.9"), "what rested when the position shrank"
    assert first.alert is not None
    assert "an earlier write may still take effect" in first.alert.text
    assert (last.outcome, last.covered) == (RunOutcome.IN_SYNC, Decimal(150))
