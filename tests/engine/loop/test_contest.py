"""While repairs wait, the service observes: each change that it notices is one more run."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.engine.loop.test_loop import KEY, MIRROR, OFTEN, RARELY, SETTINGS, Life, lives
from tests.stage import BAND_LADDER
from trueup import LoopSettings, RunOutcome

__all__ = ["lives"]  # a fixture

FOUGHT = replace(SETTINGS, contest_changes=1, contest_pause=timedelta(minutes=15))
SWEPT = replace(OFTEN, cool_down=timedelta(milliseconds=1))
WOKEN = replace(RARELY, cool_down=timedelta(milliseconds=1))


def cancel(life: Life) -> None:
    """Somebody cancels the second of the orders that rest."""
    life.stage.clock.advance(1000)
    orders = sorted(life.stage.sim.orders(MIRROR, "BANDUSDT"), key=lambda order: -order.price)
    life.stage.sim.cancel_by_hand(MIRROR, orders[1].order_id)
    life.stage.clock.advance(1000)


@pytest.mark.parametrize("by_a_person", [False, True], ids=["contest", "pause"])
@pytest.mark.parametrize("loop", [SWEPT, WOKEN], ids=["sweeps", "events"])
def test_every_change_is_observed_and_alerted(
    lives: Callable[..., Life], loop: LoopSettings, *, by_a_person: bool
) -> None:
    life = lives(settings=FOUGHT)
    life.reconciler.watch("mirror", "BANDUSDT", "Sell", BAND_LADDER)
    life.start(loop)
    assert life.next_run() == ("start-up", RunOutcome.SUCCESS, Decimal("307.3"))
    if by_a_person:
        life.reconciler.pause("mirror")
    for covered in ("291.9", "276.5", "261.2"):
        cancel(life)
        if loop is WOKEN:
            life.reconciler.wake(KEY)
        run = life.next_run()
        while run[2] != Decimal(covered):
            run = life.next_run()
        assert run[1] is RunOutcome.SKIPPED
    life.reconciler.stop()
    said = [alert.text for alert in life.stage.alerts if alert.status is RunOutcome.SKIPPED]
    for covered in ("291.9", "276.5", "261.2"):
        assert sum(f"{covered} of 307.3 is covered" in text for text in said) == 1
