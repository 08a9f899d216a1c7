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
