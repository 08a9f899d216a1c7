"""How much rests: what is open, no more and no less, whatever happened before."""

from decimal import Decimal
from pathlib import Path

import pytest

from tests.cases.play import Played
from tests.incidents.situations import Row, assert_true, loaded, resting, situations, stop, tp
from tests.incidents.workshop import MAIN, MIRROR, Watch, Workshop, covered, ladder_at, market
from trueup import Ladder, MonitorRecord, RunOutcome
from trueup.domain.model.record import OwnedStatus
from trueup.simulator import Fault, FaultKind

KSM = Ladder.of(("17.20", 85), ("17.90", 5), ("18.60", 5), ("20.70", 5))
ICX = Ladder.of(("0.1620", 85), ("0.1690", 5), ("0.1760", 5), ("0.1970", 5))
GTC = Ladder.of(("0.2742", 85), ("0.2671", 5), ("0.2601", 5), ("0.2390", 5))
THREE_ENTRIES = {"17.20": "12.88", "17.90": "0.76", "18.60": "0.76", "20.70": "0.75"}

MIXED_GENERATIONS: Row = {
    "account": "main",
    "symbol": "GTCUSDT",
    "side": "Sell",
    "entry_price": "0.31177",
    "remaining_size": "3898.5",
    "tp_orders": [
        tp("g1", "0.2742", "2209.1", order_link_id="BOT_TP1_GTCUSDT_1753650085656_7582"),
        tp("g2", "0.2671", "91.1", order_link_id="BOT_TP2_GTCUSDT_1753646938191_9619"),
        tp("g3", "0.2601", "91.1", order_link_id="BOT_TP3_GTCUSDT_1753646939716_6701"),
        tp("g4", "0.2390", "91.1", order_link_id="BOT_TP4_GTCUSDT_1753646943043_4897"),
    ],
    "sl_order": stop("s1", "0.3153", "3898.5", order_link_id="BOT_CONS_GTCUSDT_SL_222633"),
}

FIRST_ENTRY_ONLY: Row = {
    "account": "mirror",
    "symbol": "TAOUSDT",
    "side": "Sell",
    "entry_price": "430.67",
    "remaining_size": "2.346",
    "tp_orders": [
        tp("a1", "397", "0.664", tp_number=1, order_link_id="MIR_TP4_TAOUSDT_1753552080960"),
        tp("a2", "390", "0.039", tp_number=2, order_link_id="MIR_TP4_TAOUSDT_1753552081275"),
        tp("a3", "382", "0.039", tp_number=3, order_link_id="MIR_TP4_TAOUSDT_1753552081580"),
        tp("a4", "358", "0.039", tp_number=4, order_link_id="MIR_TP4_TAOUSDT_1753552081925"),
    ],
    "sl_order": stop("s1", "438", "2.346", order_link_id="MIR_SL_TAOUSDT_1753552082524"),
}

FILLED_AND_KEPT: Row = {
    "account": "mirror",
    "symbol": "MANAUSDT",
    "side": "Sell",
    "entry_price": "0.3302",
    "remaining_size": "53.4",
    "tp_orders": [
        tp("m1", "0.3126", "452.7", tp_number=1, status="FILLED", filled_qty="452.7"),
        tp("m2", "0.3066", "26.6", tp_number=2, status="FILLED", filled_qty="26.6"),
        tp("m3", "0.3005", "26.6", tp_number=3),
        tp("m4", "0.2823", "26.6", tp_number=4),
    ],
    "sl_order": stop("s1", "0.3473", "1598.1", order_link_id="MIR_SL_MANAUSDT_1753298527955"),
}


@pytest.mark.parametrize(
    "lost", ["orders", "orders and ladder", "orders, ladder and all that rests"]
)
def test_i01_a_wiped_mirror_gets_its_ladder_back(lost: str, tmp_path: Path) -> None:
    """A mirror's entries filled from a third to the whole, and its record of TPs became empty.

    An open position never ends without a ladder: it comes from the stored prices and the orders
    at the exchange, else from those orders alone, else from the main's prices and shares.
    """
    sim = market("KSMUSDT", tick="0.01", step="0.01", price="16.50", notional="1")
    with Workshop(tmp_path, sim) as stage:
        main = stage.reconciler.watch("main", "KSMUSDT", "Buy", KSM)
        mirror = stage.reconciler.watch("mirror", "KSMUSDT", "Buy", KSM)
        sim.open_position(MIRROR, "KSMUSDT", "Buy", "5.05", "16.10")
        stage.reconciler.reconcile(mirror)
        placed = {order.order_id for order in sim.orders(MIRROR)}
        sim.open_position(MIRROR, "KSMUSDT", "Buy", "10.10", "16.10")
        wiped = stage.rewrite(mirror, orders=())
        if "ladder" in lost:
            wiped = stage.rewrite(mirror, ladder=None, orders=())
        if "rests" in lost:
            for order_id in placed:
                sim.cancel_by_hand(MIRROR, order_id)
        watch = Watch(sim, MIRROR, Decimal("15.15"))
        report = stage.reconciler.reconcile(wiped)
        assert report.outcome is RunOutcome.SUCCESS
        wanted = {Decimal(price): Decimal(leaves) for price, leaves in THREE_ENTRIES.items()}
        assert ladder_at(sim, MIRROR) == wanted
        assert report.covered == covered(sim, MIRROR) == Decimal("15.15")
        assert watch.excesses == []
        survived = {order.order_id for order in sim.orders(MIRROR)} == placed
        assert survived is ("rests" not in lost)
        assert stage.reconciler.reconcile(wiped).writes == 0
        assert sim.orders(MAIN) == () == stage.reconciler.reconcile(main).record.orders


def test_i01_where_no_ladder_is_to_be_had_somebody_is_told(tmp_path: Path) -> None:
    """As above, with nothing to take a ladder from: none is invented, and the alert says so."""
    sim = market("KSMUSDT", tick="0.01", step="0.01", price="16.50", notional="1")
    with Workshop(tmp_path, sim) as stage:
        sim.open_position(MIRROR, "KSMUSDT", "Buy", "15.15", "16.10")
        report = stage.reconciler.reconcile(stage.reconciler.watch("mirror", "KSMUSDT", "Buy"))
        assert (report.outcome, report.writes) == (RunOutcome.SKIPPED, 0)
        assert ["no ladder" in alert.text for alert in stage.alerts] == [True]


def test_i03_tp1_is_not_made_again_after_its_fill(tmp_path: Path) -> None:
    """TP1 filled, 862 became 130, and TP2 was placed with 732: 85 % of a size read earlier.

    Size and orders are of one moment: the fill that comes to light makes the position that was
    read before it an old one. The shares belong to the levels: what is left is covered by the
    three others as they are, and at no moment by more. When the position grows again TP1 stays
    finished.
    """
    sim = market("ICXUSDT", tick="0.0001", step="1", price="0.1580")
    with Workshop(tmp_path, sim) as stage:
        sim.open_position(MIRROR, "ICXUSDT", "Buy", "862", "0.1560")
        monitor = stage.reconciler.watch("mirror", "ICXUSDT", "Buy", ICX)
        stage.reconciler.reconcile(monitor)
        watch = Watch(sim, MIRROR, Decimal(862))
        sim.fill(MIRROR, stage.order("mirror", 1).order_id)
        sim.clock.advance(1000)
        sim.inject(Fault(kind=FaultKind.STALE_READ, path="position/list", effects_back=1))
        watch.touched.clear()
        report = stage.reconciler.reconcile(monitor)
        sizes = [call.detail for call in report.calls if call.operation == "observe"]
        assert sizes == ["size 862, orders 3", "size 129, orders 3"]
        assert (report.outcome, report.writes) == (RunOutcome.IN_SYNC, 0)
        assert report.record.position_size == watch.size == covered(sim, MIRROR) == Decimal(129)
        assert watch.touched == set()
        sim.open_position(MIRROR, "ICXUSDT", "Buy", "271", "0.1560")
        assert stage.reconciler.reconcile(monitor).outcome is RunOutcome.SUCCESS
        assert min(ladder_at(sim, MIRROR)) == Decimal("0.1690")
        assert covered(sim, MIRROR) == Decimal(400)
        assert watch.excesses == []


@situations(MIXED_GENERATIONS, "M185")
def test_i04_a_ladder_of_mixed_generations_is_made_whole(played: Played) -> None:
    """TP1 was sized for 2599, the others for 1822, the position was 3898.5: 63.68 % covered.

    Each level is brought to its share of what is open, in one run, by amending what rests.
    """
    assert_true(played)
    assert {order.order_id for order in resting(played)} == loaded(played)
    leaves = [order.leaves for order in resting(played)]
    assert leaves == [Decimal("3313.8"), *[Decimal("194.9")] * 3]


def test_i04_a_partial_failure_stays_pending_until_the_sum_matches(tmp_path: Path) -> None:
    """How that ladder came to be: some orders were replaced, others failed and were forgotten.

    What failed is on record with its next try, the alert says PARTIAL, and every run goes on
    where the last one stopped, until the sum is the position's.
    """
    sim = market("GTCUSDT", tick="0.0001", step="0.1", price="0.2900")
    with Workshop(tmp_path, sim) as stage:
        sim.open_position(MAIN, "GTCUSDT", "Sell", "1299.5", "0.3118")
        monitor = stage.reconciler.watch("main", "GTCUSDT", "Sell", GTC)
        stage.reconciler.reconcile(monitor)
        for level in (2, 3):
            sim.cancel_by_hand(MAIN, stage.order("main", level).order_id)
        sim.open_position(MAIN, "GTCUSDT", "Sell", "2599", "0.3118")
        down = Fault(kind=FaultKind.RET_CODE, path="order/create", code=10016, times=None)
        sim.inject(down)
        for attempts in (1, 2):
            report = stage.reconciler.reconcile(monitor)
            assert report.record.attempts == attempts
            assert report.record.next_try_at is not None
            assert covered(sim, MAIN) < Decimal("3898.5")
        assert stage.alerts[-2].status is RunOutcome.PARTIAL
        sim.clear_faults()
        report = stage.reconciler.reconcile(monitor)
        assert (report.outcome, report.record.next_try_at) == (RunOutcome.SUCCESS, None)
        assert report.covered == covered(sim, MAIN) == Decimal("3898.5")
        assert len(ladder_at(sim, MAIN)) == len(sim.orders(MAIN)) == 4


@situations(FIRST_ENTRY_ONLY, "M494")
def test_i05_a_size_that_drifted_is_enough(played: Played) -> None:
    """The entries had filled, nobody had noticed, and the TPs covered a third for hours.

    No event is needed: a run that sees the difference repairs it, and amends what rests.
    """
    assert_true(played)
    assert [step.event for step in played.first.transitions][:2] == ["wake", "short"]
    assert all(result.before < result.after for result in played.first.results)
    assert len(played.first.results) == 4
    assert {order.order_id for order in resting(played)} == loaded(played)


def test_i05_a_sweep_sees_the_drift_that_no_event_told_of(tmp_path: Path) -> None:
    """As above: the position grows behind everybody's back, and the next sweep makes it good."""
    sim = market("TAOUSDT", tick="0.01", step="0.001", price="410")
    ladder = Ladder.of(("397", 85), ("390", 5), ("382", 5), ("358", 5))
    with Workshop(tmp_path, sim) as stage:
        sim.open_position(MIRROR, "TAOUSDT", "Sell", "0.782", "430")
        monitor: MonitorRecord = stage.reconciler.watch("mirror", "TAOUSDT", "Sell", ladder)
        stage.reconciler.reconcile(monitor)
        sim.open_position(MIRROR, "TAOUSDT", "Sell", "1.564", "431")
        (report,) = stage.reconciler.reconcile_all()
        assert report.outcome is RunOutcome.SUCCESS
        assert report.covered == covered(sim, MIRROR) == Decimal("2.346")


@situations(FILLED_AND_KEPT, "M269", "M423")
def test_i20_filled_take_profits_leave_the_live_set(played: Played) -> None:
    """Filled TPs were never taken out: on record rested six to ten times what was open.

    What the exchange does not list as open covers nothing; the levels that are not finished
    cover the rest, and the finished ones are not made again.
    """
    assert_true(played)
    record = played.second.record
    assert record.covered == record.position_size
    finished = {o.order_id for o in record.orders if o.status is OwnedStatus.FILLED}
    assert not finished & {order.order_id for order in record.resting}
    believed = {o.order_id for o in played.case.belief.orders if o.status is OwnedStatus.FILLED}
    assert finished == believed
    assert sum(order.leaves for order in resting(played)) == record.position_size
