"""A run that was cut off goes on from the database and the exchange, wherever it was cut."""

from collections.abc import Callable

import pytest

from tests.engine.conftest import MIRROR
from tests.stage import Stage
from trueup import Ladder, MonitorRecord, RunOutcome

SHORTER = Ladder.of(("0.6528", 85), ("0.6400", 5), ("0.6200", 10))


class Cut(KeyboardInterrupt):
    """The process ends here, as far as the run can tell."""


def cut() -> None:
    raise Cut


def nothing() -> None:
    """Lets a request pass."""


def ladder_of(stage: Stage) -> list[tuple[str, str, str]]:
    """What rests for the mirror: price, quantity, filled."""
    return sorted(
        (str(order.price), str(order.quantity), str(order.filled))
        for order in stage.sim.orders(MIRROR)
    )


def restart(stage: Stage) -> None:
    """A new process on the same database."""
    stage.moments.clear()
    stage.reconciler.close()
    stage.reconciler = stage.open()


WHOLE = [
    ("0.6", "46.1", "0"),
    ("0.62", "46.1", "0"),
    ("0.64", "46.1", "0"),
    ("0.6528", "783.6", "0"),
]

CUTS: dict[str, tuple[str, int]] = {
    "before the first read": ("observe", 0),
    "before the amends leave": ("amend", 0),
    "between amends and places": ("place", 0),
    "before the result is read": ("observe", 1),
}


@pytest.mark.parametrize("where", CUTS)
def test_a_run_that_was_cut_off_is_finished_by_the_next_process(
    stage: Stage, mirror: MonitorRecord, where: str
) -> None:
    stage.reconciler.reconcile(mirror)
    for level in (3, 4):
        stage.sim.cancel_by_hand(MIRROR, stage.order("mirror", level).order_id)
    stage.sim.open_position(MIRROR, "BANDUSDT", "Sell", "614.6", "0.6800")
    operation, passes = CUTS[where]
    stage.before(operation, *[nothing] * passes, cut)
    with pytest.raises(Cut):
        stage.reconciler.reconcile(mirror)
    restart(stage)
    report = stage.reconciler.reconcile(mirror)
    assert report.outcome in (RunOutcome.SUCCESS, RunOutcome.IN_SYNC)
    assert ladder_of(stage) == WHOLE
    assert stage.reconciler.reconcile(mirror).writes == 0
    assert stage.reconciler.store.open_intents(mirror.id) == ()


@pytest.mark.parametrize("hand", [cut, "after"])
def test_a_cancel_that_was_cut_off_is_finished_by_the_next_process(
    stage: Stage, mirror: MonitorRecord, hand: Callable[[], None] | str
) -> None:
    stage.reconciler.reconcile(mirror)
    monitor = stage.reconciler.watch("mirror", "BANDUSDT", "Sell", SHORTER)
    if callable(hand):
        stage.before("cancel", hand)
    else:
        stage.before("look_up", cut)
    with pytest.raises(Cut):
        stage.reconciler.reconcile(monitor)
    restart(stage)
    stage.reconciler.reconcile(monitor)
    assert [quantity for _, quantity, _ in ladder_of(stage)] == ["30.7", "15.4", "261.2"]
    assert stage.reconciler.reconcile(monitor).writes == 0


def test_orders_that_landed_unheard_are_found_and_told_of(
    stage: Stage, mirror: MonitorRecord
) -> None:
    stage.before("observe", nothing, cut)
    with pytest.raises(Cut):
        stage.reconciler.reconcile(mirror)
    assert len(stage.sim.orders(MIRROR)) == 4
    assert stage.alerts == []
    restart(stage)
    report = stage.reconciler.reconcile(mirror)
    assert report.writes == 0
    assert report.outcome is RunOutcome.SUCCESS
    assert [alert.status for alert in stage.alerts] == [RunOutcome.SUCCESS]
    assert len(stage.sim.orders(MIRROR)) == 4


def test_places_of_a_dead_process_are_no_failure_once_the_position_is_closed(
    stage: Stage, mirror: MonitorRecord
) -> None:
    """They may have left; nobody wants their orders any more, and the alert says no more."""
    stage.before("place", cut)
    with pytest.raises(Cut):
        stage.reconciler.reconcile(mirror)
    stage.sim.set_position(MIRROR, "BANDUSDT", "Sell", "0")
    restart(stage)
    report = stage.reconciler.reconcile(mirror)
    assert report.outcome is RunOutcome.IN_SYNC
    assert "TP1: 0→261.2 ❓ it may have been sent" in stage.alerts[-1].text
    assert stage.alerts[-1].text.endswith(
        "there is no position, and a TP order that still appears will go"
    )
    due = report.record.next_try_at
    assert due is not None
    stage.clock.sleep(due - stage.clock.now())
    assert stage.reconciler.reconcile(mirror).record.resting == ()
    assert stage.reconciler.store.open_intents(mirror.id) == ()
