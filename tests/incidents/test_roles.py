"""What an order is: its own fields at the exchange say so; its id and its record are hints."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.cases.play import Played
from tests.cases.values import ZERO
from tests.incidents.situations import (
    Row,
    assert_stops_alone,
    assert_true,
    resting,
    situations,
    stop,
    tp,
)
from tests.incidents.workshop import MAIN, Workshop, market
from trueup import RunOutcome
from trueup.domain.recognition.classify import suggest
from trueup.domain.recognition.families import Kind
from trueup.simulator import StopOrderType

STOP_AS_TP1: Row = {
    "account": "main",
    "symbol": "ONTUSDT",
    "side": "Buy",
    "entry_price": "0.13503",
    "remaining_size": "1522",
    "tp_orders": [
        tp("s1", "0.0", "4504", tp_number=1, percentage=0, filled=False),
        tp("o1", "0.1541", "1275", tp_number=2, percentage=0),
        tp("o2", "0.1642", "75", tp_number=3, percentage=0),
        tp("o3", "0.1742", "75", tp_number=4, percentage=0),
        tp("o4", "0.2045", "75", tp_number=5, percentage=0),
    ],
    "sl_order": stop("s1", "0.1197", "4504", order_link_id="BOT_CONS_ONTUSDT_SL_110321"),
}

NAMED_TP2: Row = {
    "account": "main",
    "symbol": "COTIUSDT",
    "side": "Buy",
    "entry_price": "0.05125",
    "remaining_size": "1850",
    "tp_orders": [
        tp("t1", "0.05511", "1572", tp_number=1, percentage=85),
        tp("t2", "0.05702", "278", tp_number=2, percentage=15),
    ],
    "sl_order": stop("s1", "0.0491", "1850", order_link_id="MIR_TP2_COTIUSDT_1752036225793"),
}


@situations(STOP_AS_TP1, "M294", "M460", "M038", "M330", "M411")
def test_i09_a_stop_loss_that_was_recorded_as_tp1_is_none(played: Played) -> None:
    """A script recorded the stop-loss, price 0.0 and of the whole size, as TP1.

    A take-profit is Limit, reduce-only, priced, without trigger. The record
    drops any other order, the journal says so, and the order stays at the exchange; only
    take-profits count as cover.
    """
    assert_true(played)
    assert_stops_alone(played)
    believed = {o.order_id for o in played.case.belief.orders if not o.price}
    reported = [d.text for d in played.first.decisions if "is not a TP of this position" in d.text]
    assert believed
    assert len(reported) == len(believed & played.before.keys())
    assert all(order.reduce_only and order.trigger_price is None for order in resting(played))


@pytest.mark.parametrize("recorded", [(), (1,)], ids=["not on record", "as TP1"])
@pytest.mark.parametrize(
    "adjusted",
    [
        {"reduceOnly": False},
        {"triggerPrice": "0.1400", "triggerDirection": 1},
        {"orderType": "Market", "triggerPrice": "0.1400", "triggerDirection": 1},
        {
            "stopOrderType": StopOrderType.TAKE_PROFIT,
            "triggerPrice": "0.1500",
            "triggerDirection": 1,
        },
        {"side": "Buy", "price": "0.1200"},
    ],
    ids=["not reduce-only", "limit with trigger", "stop market", "native", "wrong side"],
)
def test_i09_a_tp_id_makes_no_take_profit(
    adjusted: Mapping[str, Any], recorded: tuple[int, ...], tmp_path: Path
) -> None:
    """Each field alone is enough: an order that is called TP1 and is none is not ours.

    It is not adopted; a record that holds it drops it, and the order stays untouched.
    """
    sim = market("ONTUSDT", tick="0.0001", step="1", price="0.1350")
    fields: dict[str, Any] = {
        "side": "Sell",
        "orderType": "Limit",
        "price": "0.1541",
        "reduceOnly": True,
        **adjusted,
    }
    with Workshop(tmp_path, sim) as stage:
        sim.open_position(MAIN, "ONTUSDT", "Buy", "1501", "0.1300")
        name = "BOT_CONS_ONTUSDT_TP1_110321"
        tp1 = sim.record_order(MAIN, symbol="ONTUSDT", qty="1501", orderLinkId=name, **fields)
        before = sim.orders(MAIN)
        monitor = stage.reconciler.watch("main", "ONTUSDT", "Buy")
        for level in recorded:
            stage.believe(monitor, level=level, order_id=tp1, order_link_id=name, quantity="1501")
        report = stage.reconciler.reconcile(monitor)
        assert (report.outcome, report.writes) == (RunOutcome.SKIPPED, 0)
        assert report.record.resting == ()
        assert sim.orders(MAIN) == before


@pytest.mark.parametrize("recorded", [(), (1,)], ids=["not on record", "as TP1"])
def test_i13_a_stop_loss_with_the_id_of_a_take_profit_stays_one(
    recorded: tuple[int, ...],
    tmp_path: Path,
) -> None:
    """The stop's id was ``MIR_TP2_…``: role and id contradicted each other.

    The exchange's fields decide: it is conditional, so it is no take-profit, whether it stands
    on record as one or not. The contradiction is alerted, and the order left alone.
    """
    sim = market("COTIUSDT", tick="0.00001", step="1", price="0.05125")
    name = "MIR_TP2_COTIUSDT_1752036225793"
    with Workshop(tmp_path, sim) as stage:
        sim.open_position(MAIN, "COTIUSDT", "Buy", "185", "0.05120")
        sl = sim.record_order(
            MAIN,
            symbol="COTIUSDT",
            side="Sell",
            orderType="Market",
            qty="185",
            triggerPrice="0.04910",
            triggerDirection=2,
            reduceOnly=True,
            orderLinkId=name,
        )
        monitor = stage.reconciler.watch("main", "COTIUSDT", "Buy")
        for level in recorded:
            stage.believe(monitor, level=level, order_id=sl, order_link_id=name, quantity="185")
        before = sim.orders(MAIN)
        report = stage.reconciler.reconcile(monitor)
        assert suggest(name).kind is Kind.TAKE_PROFIT
        assert sim.orders(MAIN) == before
        assert (report.outcome, report.covered) == (RunOutcome.SKIPPED, ZERO)
        assert any(name in decision.text for decision in report.decisions)


@situations(NAMED_TP2, "M137")
def test_i13_the_stop_is_left_alone_where_a_ladder_is_to_be_had(played: Played) -> None:
    """As above, where there are take-profits to be covered with, and an id that tells of TP."""
    assert_true(played)
    assert_stops_alone(played)
