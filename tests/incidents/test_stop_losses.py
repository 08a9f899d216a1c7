"""Stop-losses are not ours: not touched, not counted, and no reason to close anything."""

from pathlib import Path
from typing import Any

from tests.cases.play import Played
from tests.cases.resting import Kind
from tests.cases.values import ZERO
from tests.incidents.situations import (
    Row,
    assert_stops_alone,
    assert_true,
    loaded,
    resting,
    situations,
    size_of,
    stop,
    tp,
)
from tests.incidents.workshop import MAIN, Workshop, market
from trueup import RunOutcome
from trueup.domain.model.record import OwnedStatus
from trueup.domain.recognition.classify import suggest
from trueup.domain.recognition.families import Kind as Suggested

AFTER_TP1: Row = {
    "account": "main",
    "symbol": "ZROUSDT",
    "side": "Sell",
    "entry_price": "2.0339",
    "remaining_size": "12.8",
    "sl_moved_to_be": True,
    "tp_orders": [
        tp("z1", "1.8690", "72.0", percentage=85, tp_number=1, status="FILLED", filled_qty="72"),
        tp("z2", "1.7727", "4.2", percentage=5, tp_number=2),
        tp("z3", "1.6764", "4.2", percentage=5, tp_number=3),
        tp("z4", "1.3874", "4.2", percentage=5, tp_number=4),
    ],
    "sl_order": None,
    "foreign_orders": [
        stop("s1", "2.0355", "12.8", order_type="stop_market", side="Buy", reduce_only=True)
    ],
}

STOP_SAID_FILLED: Row = {
    "account": "main",
    "symbol": "FLOWUSDT",
    "side": "Sell",
    "entry_price": "0.4108",
    "remaining_size": "185.6",
    "tp_orders": [
        tp("f1", "0.3898", "1051.7", tp_number=1, status="FILLED", filled_qty="1051.7"),
        tp("f2", "0.3824", "61.8", tp_number=2),
        tp("f3", "0.3751", "61.8", tp_number=3),
        tp("f4", "0.3531", "61.8", tp_number=4),
    ],
    "sl_order": stop("s1", "0.4008", "185.6", status="FILLED", filled_qty="185.6"),
}

NAMED_TPSL: Row = {
    "account": "main",
    "symbol": "NOTUSDT",
    "side": "Sell",
    "entry_price": "0.00208",
    "remaining_size": "48100",
    "tp_orders": [
        tp("t1", "0.001901", "272510", tp_number=1, status="FILLED", filled_qty="272510"),
        tp("t2", "0.001803", "16030", tp_number=2),
        tp("t3", "0.001705", "16030", tp_number=3),
        tp("t4", "0.001411", "16030", tp_number=4),
    ],
    "sl_order": stop("s1", "0.00198", "48100", order_link_id="BOT_TPSL_NOTUSDT_1753873881048_9747"),
}


@situations(AFTER_TP1, "M548", "M549", "M550", "M551")
def test_i08_a_stop_loss_that_the_record_lost_is_left_alone(played: Played) -> None:
    """TP1 filled and the stop was "moved to breakeven", but no stop was on record any more.

    The engine of take-profits has no part in it: it covers the 12.8, then 8.6, that are open,
    makes TP1 not again, touches no stop and makes none up.
    """
    assert_true(played)
    assert_stops_alone(played)
    finished = {o.price for o in played.second.record.orders if o.status is OwnedStatus.FILLED}
    assert not finished & {order.price for order in resting(played)}


@situations(STOP_SAID_FILLED, "M025", "M178")
def test_i11_a_filled_stop_loss_closes_nothing_while_size_is_open(played: Played) -> None:
    """The record said that the stop had filled, while the position was still open.

    The exchange is asked: it shows the position, so its take-profits stay, and cover all of it.
    """
    assert_true(played)
    assert size_of(played) > ZERO
    assert played.second.record.position_size == size_of(played)
    assert "closed" not in {step.event for step in played.first.transitions}
    assert loaded(played) <= {order.order_id for order in resting(played)}


@situations(NAMED_TPSL, "M287")
def test_i17_an_id_with_tpsl_in_it_is_a_stop_loss(played: Played) -> None:
    """The stop's id was ``BOT_TPSL_…``, and whoever looked for "TP" found it.

    By its whole form it is the id of a stop-loss; it is not taken over and not touched.
    """
    (sl,) = (key for key, kind in played.protected.items() if kind is Kind.STOP_LOSS)
    assert suggest(played.before[sl].link_id).kind is Suggested.STOP_LOSS
    assert_true(played)
    assert_stops_alone(played)


def test_i17_not_even_a_limit_order_of_that_name_is_taken_over(tmp_path: Path) -> None:
    """With every field of a take-profit and such an id an order still is nobody's of ours."""
    sim = market("NOTUSDT", tick="0.000001", step="10", price="0.002000")
    with Workshop(tmp_path, sim) as stage:
        sim.open_position(MAIN, "NOTUSDT", "Sell", "48100", "0.002100")
        name = "BOT_TPSL_NOTUSDT_1753873881048_9747"
        fields: dict[str, Any] = {
            "side": "Buy",
            "orderType": "Limit",
            "price": "0.0018",
            "reduceOnly": True,
        }
        sim.record_order(MAIN, symbol="NOTUSDT", qty="48100", orderLinkId=name, **fields)
        before = sim.orders(MAIN)
        report = stage.reconciler.reconcile(stage.reconciler.watch("main", "NOTUSDT", "Sell"))
        assert (report.outcome, report.writes) == (RunOutcome.SKIPPED, 0)
        assert sim.orders(MAIN) == before
