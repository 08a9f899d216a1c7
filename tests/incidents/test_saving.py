"""What is on record at every moment: read by somebody else, between any two commits."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cases.play import Played
from tests.incidents.situations import Row, assert_true, loaded, resting, situations, stop, tp
from tests.incidents.workshop import MIRROR, Cut, Workshop, covered, cut, ladder_at, market, nothing
from tests.stage import SETTINGS
from trueup import Ladder, RunOutcome
from trueup.domain.planning.plan import ReplaceMode
from trueup.simulator import Simulator

LQTY = Ladder.of(("1.210", 85), ("1.260", 5), ("1.310", 5), ("1.460", 5))
ONE, TWO = Decimal("127.6"), Decimal("255.2")

TORN_LOOP: Row = {
    "account": "mirror",
    "symbol": "CYBERUSDT",
    "side": "Buy",
    "entry_price": "1.676",
    "remaining_size": "168.2",
    "tp_orders": [
        tp("c1", "1.814", "142.9", order_link_id="MIR_TP1_CYBERUSDT_1753731634889_5196"),
        tp("c2", "1.874", "4.1", order_link_id="MIR_TP4_CYBERUSDT_1753710164128"),
        tp("c3", "1.880", "4.1", order_link_id="MIR_TP4_CYBERUSDT_1753710165210"),
        tp("c4", "1.978", "4.1", order_link_id="MIR_TP4_CYBERUSDT_1753710166287"),
    ],
    "sl_order": stop("s1", "1.599", "249.3", order_link_id="MIR_SL_CYBERUSDT_1753710168224"),
}

TP1_UNNOTICED: Row = {
    "account": "main",
    "symbol": "COTIUSDT",
    "side": "Sell",
    "entry_price": "0.05989",
    "remaining_size": "1252",
    "tp1_hit": False,
    "phase": "BUILDING",
    "tp_orders": [
        tp("k1", "0.05626", "7090", tp_number=1, status="FILLED", filled_qty="7090"),
        tp("k2", "0.05510", "417", tp_number=2),
        tp("k3", "0.05395", "417", tp_number=3),
        tp("k4", "0.05049", "417", tp_number=4),
    ],
    "sl_order": stop("s1", "0.06409", "25028", order_link_id="BOT_CONS_COTIUSDT_SL_093042"),
    "limit_orders": [
        tp("e2", "0.06001", "8342", status="ACTIVE", order_link_id="BOT_CONS_9bd8cf38_LIMIT2"),
        tp("e3", "0.06184", "8342", status="ACTIVE", order_link_id="BOT_CONS_9bd8cf38_LIMIT3"),
    ],
}

STATE = "SELECT position_size, covered_quantity FROM monitor_status"
TP1 = "SELECT status, filled_quantity FROM level_status WHERE level = 1"
INTENTS = "SELECT status FROM intent_log WHERE operation = 'amend'"
GROWING = [
    f"{state}.{side}-commit" for state in ("Validating", "Alerting") for side in ("before", "after")
]


@pytest.fixture
def sim() -> Simulator:
    """LQTYUSDT, below every take-profit of a long."""
    return market("LQTYUSDT", tick="0.001", step="0.1", price="1.150")


def grown(stage: Workshop) -> None:
    """A mirror whose ladder rests for 127.6, and whose position is twice that now."""
    stage.sim.open_position(MIRROR, "LQTYUSDT", "Buy", ONE, "1.120")
    monitor = stage.reconciler.watch("mirror", "LQTYUSDT", "Buy", LQTY)
    stage.reconciler.reconcile(monitor)
    stage.sim.open_position(MIRROR, "LQTYUSDT", "Buy", ONE, "1.120")


@pytest.mark.parametrize("point", GROWING)
def test_i06_size_and_orders_are_saved_together(point: str, sim: Simulator, tmp_path: Path) -> None:
    """For 68 seconds the store held the new orders and the old size: 199.84 %, then 99.92 %.

    The size and what is to become of each order are one transaction: whoever reads, or dies,
    between two commits finds both old or both new, never more covered than open. The next
    process finishes it.
    """
    with Workshop(tmp_path, sim) as stage:
        grown(stage)
        seen: list[tuple[Decimal, Decimal, int]] = []

        def look(reached: str) -> None:
            (size, cover), *_ = stage.tables(STATE)
            seen.append((Decimal(size), Decimal(cover), len(stage.tables(INTENTS))))
            if reached == point:
                raise Cut

        stage.reach = look
        (monitor,) = stage.reconciler.monitors()
        with pytest.raises(Cut):
            stage.reconciler.reconcile(monitor)
        assert {(size, planned) for size, _, planned in seen} <= {(ONE, 0), (TWO, 4)}
        assert all(cover <= size for size, cover, _ in seen)
        stage.restart()
        assert stage.reconciler.reconcile(monitor).is_true
        assert covered(sim, MIRROR) == TWO
        assert stage.reconciler.reconcile(monitor).writes == 0
        assert len(stage.alerts) == 2


@situations(TORN_LOOP, "M158")
def test_i07_a_loop_that_was_cut_off_is_made_whole(played: Played) -> None:
    """The store was saved inside the loop: one of four TPs was of the new size.

    Each level is compared for itself: the one that is done stays, the others are brought on.
    """
    assert_true(played)
    assert {order.order_id for order in resting(played)} == loaded(played)


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_i07_each_level_has_an_intent_of_its_own_to_go_on_from(
    level: int, sim: Simulator, tmp_path: Path
) -> None:
    """How it was cut: cancel, place, cancel, place, and the process died on the way.

    With orders cancelled and placed level by level too, the intent and the id of the level's
    order are on record before the request leaves; the next process sends that very id, and goes
    on with the levels that are left. No level is uncovered but the one under way.
    """
    with Workshop(tmp_path, sim, replace(SETTINGS, replace=ReplaceMode.CANCEL)) as stage:
        grown(stage)
        (monitor,) = stage.reconciler.monitors()
        stage.before("place", *[nothing] * (level - 1), cut)
        with pytest.raises(Cut):
            stage.reconciler.reconcile(monitor)
        (waiting,) = stage.reconciler.store.open_intents(monitor.id)
        assert waiting.level == level
        assert len(ladder_at(sim, MIRROR)) == 3
        stage.restart()
        report = stage.reconciler.reconcile(monitor)
        assert report.outcome is RunOutcome.SUCCESS
        assert waiting.order_link_id in {order.link_id for order in sim.orders(MIRROR)}
        assert len(sim.orders(MIRROR)) == len(ladder_at(sim, MIRROR)) == 4
        assert report.covered == covered(sim, MIRROR) == TWO
        assert stage.reconciler.store.open_intents(monitor.id) == ()


@situations(TP1_UNNOTICED, "M286", "M140")
def test_i12_a_fill_that_was_half_booked_counts_whole(played: Played) -> None:
    """TP1 was FILLED, but its flag was not set, and the phase still said BUILDING.

    There are no flags to forget: the level is finished because its order is filled. It is not
    made again, and the entries, which are not ours, stay.
    """
    assert_true(played)
    record = played.second.record
    prices = (
        {level.price for level in record.ladder.levels if record.is_done(level.number)}
        if (record.ladder)
        else set()
    )
    assert prices
    assert not prices & {order.price for order in resting(played)}
    assert all(played.before[key] == played.at_last[key] for key in played.protected)


def test_i12_the_fill_and_what_follows_from_it_are_one_step(sim: Simulator, tmp_path: Path) -> None:
    """As it happens: TP1 fills, and somebody reads between any two commits.

    TP1 is filled on record from the very commit that has the smaller position.
    """
    with Workshop(tmp_path, sim) as stage:
        grown(stage)
        (monitor,) = stage.reconciler.monitors()
        stage.reconciler.reconcile(monitor)
        filled = sim.fill(MIRROR, stage.order("mirror", 1).order_id)
        seen: set[tuple[str, Decimal, Decimal]] = set()

        def look(_point: str) -> None:
            ((size, _),) = stage.tables(STATE)
            ((status, done),) = stage.tables(TP1)
            seen.add((status, Decimal(done), Decimal(size)))

        stage.reach = look
        assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.IN_SYNC
        after = ("filled", filled, TWO - filled)
        assert after in seen
        assert len(seen) == 2
        assert {size for status, _, size in seen if status != "filled"} == {TWO}
