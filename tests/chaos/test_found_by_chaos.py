"""Histories that once broke a promise, each cut down to the moves that it takes."""

from decimal import Decimal

from chaos import History, Scene, Verdict, WatchedMonitor, play
from chaos.histories import moves
from trueup.domain.model.identity import MonitorKey, Side
from trueup.domain.model.ladder import Ladder
from trueup.domain.model.record import Origin, OwnedOrder, OwnedStatus
from trueup.domain.planning.plan import plan_for
from trueup.domain.planning.targets import Target
from trueup.domain.venue.account import Account
from trueup.simulator import Behaviour, Fault, FaultKind, InstrumentSpec

LADDER = Ladder.of(("11", 50), ("12", 50))
KEY = MonitorKey("main", "BANDUSDT", Side.BUY)


def _scene() -> Scene:
    spec = InstrumentSpec(
        symbol="BANDUSDT",
        tick="0.1",
        step="1",
        min_quantity="1",
        max_quantity="1000",
        min_notional="0",
    )
    return Scene(
        accounts=(Account("main", "main-key", "main-secret"),),
        instruments=((spec, Decimal(10)),),
        monitors=(WatchedMonitor(KEY, LADDER, Decimal(100), LADDER.levels),),
        behaviour=Behaviour(rate_limits=False),
        latency_ms=20,
        order_page=50,
        batch_size=10,
        conditional_orders=False,
    )


def played(*happening: moves.Move) -> Verdict:
    in_time = tuple(sorted(happening, key=lambda move: move.at_ms))
    return play(History(0, _scene(), in_time), keep_log=True)


def _rest(verdict: Verdict) -> int:
    """The line from which on all faults are over."""
    return next(place for place, line in enumerate(verdict.lines) if "all faults end" in line)


def test_a_process_that_dies_after_going_round_again_has_one_alert_a_run() -> None:
    """The run that the wake began reused its predecessor's id, and sent its alert again."""
    verdict = played(
        moves.SweepAll(0), moves.Wake(100, 0), moves.CrashAt(0, "Alerting.after-commit", 1)
    )
    assert verdict.crashes == 1
    assert verdict.findings == ()


def test_a_wake_during_the_only_read_of_a_run_is_answered() -> None:
    """The run settled on what it had read before the wake."""
    verdict = played(moves.SweepAll(0), moves.Run(1000, 0), moves.Wake(1075, 0))
    assert verdict.findings == ()
    assert any("A wake came in during the run" in line for line in verdict.lines)


def test_a_place_that_the_exchange_cut_is_not_told_as_confirmed() -> None:
    """The position shrank under the request; each order was cut, but reported as if complete."""
    verdict = played(moves.SweepAll(0), moves.SetPosition(130, 0, 10))
    assert verdict.findings == ()
    assert not any("SUCCESSFULLY: 0 → 50" in line for line in verdict.lines)


def test_a_run_that_is_resumed_at_its_end_reads_before_it_rests() -> None:
    """The pass after the crash reported the old result and ended; a fill went unnoticed."""
    verdict = played(
        moves.SweepAll(0),
        moves.CrashAt(0, "Alerting.before-commit", 1),
        moves.FillTakeProfit(2000, 0, 0, None),
        moves.Run(3000, 0),
    )
    assert verdict.crashes == 1
    assert verdict.findings == ()
    seen = next(place for place, line in enumerate(verdict.lines) if "TP1 filled: 50" in line)
    assert seen < _rest(verdict)


def test_an_order_cancelled_by_hand_while_it_was_placed_is_placed_again_in_the_run() -> None:
    """The order was taken for impossible: the others shrank, and its share stayed uncovered."""
    verdict = played(moves.SweepAll(0), moves.CancelByHand(145, 0, 0))
    assert verdict.findings == ()
    assert sum(" places " in line for line in verdict.lines[: _rest(verdict)]) == 2


def test_an_order_cancelled_while_the_position_waits_for_its_turn_is_placed_again_in_the_run() -> (
    None
):
    """Seed 26230: the orders of the last read were 750 ms older than its position."""
    limited = Fault(kind=FaultKind.RATE_LIMITED, path="position/list", skip=1)
    verdict = played(
        moves.SpoilRequests(0, limited), moves.SweepAll(1), moves.CancelByHand(700, 0, 0)
    )
    assert verdict.findings == ()
    assert verdict.faults == 1
    assert sum(" places " in line for line in verdict.lines[: _rest(verdict)]) == 2


def test_an_order_that_filled_in_part_is_the_first_to_serve_its_level() -> None:
    """Another order took its level by price, and it was cancelled: a naked moment for nothing."""

    def owned(level: int, price: str, filled: str) -> OwnedOrder:
        return OwnedOrder(
            level=level,
            part=1,
            order_link_id=f"TP{level}",
            order_id=f"id-{level}",
            price=Decimal(price),
            asked_price=Decimal(price),
            quantity=Decimal(10),
            filled=Decimal(filled),
            status=OwnedStatus.OPEN,
            origin=Origin.PLACED,
        )

    targets = [
        Target(1, 1, Decimal("10.5"), Decimal(6)),
        Target(2, 1, Decimal("11.5"), Decimal(10)),
    ]
    plan = plan_for(targets, [owned(1, "10", "4"), owned(2, "10.5", "0")])
    assert (plan.cancels, plan.places) == ((), ())
    assert {(a.order.level, a.target.level) for a in plan.amends} == {(1, 1), (2, 2)}
