"""Triggers by last, mark and index price; gaps, slippage and thin books."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from trueup.simulator import CancelType, OrderStatus, RejectReason, Simulator

from ..caller import SYMBOL, Caller, order_id
from ..stopping import row, stop, triggers

BOTH = (("MarkPrice", "set_mark_price"), ("IndexPrice", "set_index_price"))


@pytest.fixture
def long(sim: Simulator) -> Simulator:
    """An exchange where account 101 is long 100; the market is at 0.70."""
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    return sim


def conditional(caller: Caller, **fields: object) -> dict[str, Any]:
    """A conditional reduce-only market sell of 100 at 0.65."""
    usual = {"side": "Sell", "orderType": "Market", "qty": "100", "reduceOnly": True}
    trigger = {"triggerPrice": "0.65", "triggerDirection": 2}
    return caller.post("order/create", symbol=SYMBOL, **{**usual, **trigger, **fields})


def test_mark_and_index_follow_the_last_price(long: Simulator, caller: Caller) -> None:
    stop(caller, stopLoss="0.6", slTriggerBy="MarkPrice")
    long.set_price(SYMBOL, "0.68")
    assert (long.mark_price(SYMBOL), long.index_price(SYMBOL)) == (Decimal("0.68"),) * 2
    long.set_price(SYMBOL, "0.5")
    assert long.executions("101")[0].price == Decimal("0.6")


@pytest.mark.parametrize(("kind", "move"), BOTH)
def test_only_the_price_that_a_stop_names_triggers_it(
    long: Simulator, caller: Caller, kind: str, move: str
) -> None:
    getattr(long, move)(SYMBOL, "0.70")
    assert stop(caller, stopLoss="0.6", slTriggerBy=kind)["retCode"] == 0
    order_id(conditional(caller, triggerPrice="0.5", triggerBy=kind))
    long.set_price(SYMBOL, "0.45")
    assert long.executions("101") == (), "the last price triggers neither"
    getattr(long, move)(SYMBOL, "0.59")
    (fill,) = long.executions("101")
    assert (fill.quantity, fill.price) == (Decimal(100), Decimal("0.45"))


def test_a_price_that_follows_again_fires_what_it_jumps_over(
    long: Simulator, caller: Caller
) -> None:
    long.set_mark_price(SYMBOL, "0.70")
    stop(caller, stopLoss="0.6", slTriggerBy="MarkPrice")
    long.set_price(SYMBOL, "0.55")
    long.set_mark_price(SYMBOL, None)
    assert long.position("101", SYMBOL, "Buy").size == 0
    assert long.mark_price(SYMBOL) == Decimal("0.55")


def test_reads_show_the_mark_and_index_prices(long: Simulator, caller: Caller) -> None:
    long.set_mark_price(SYMBOL, "0.71")
    long.set_index_price(SYMBOL, "0.72")
    assert (row(caller)["markPrice"], row(caller)["unrealisedPnl"]) == ("0.71", "2.00")
    ticker = caller.get("market/tickers", symbol=SYMBOL)["result"]["list"][0]
    prices = [ticker[name] for name in ("lastPrice", "markPrice", "indexPrice")]
    assert prices == ["0.7000", "0.71", "0.72"]


@pytest.mark.parametrize(("kind", "move"), BOTH)
def test_refusals_name_the_price_that_is_compared(
    long: Simulator, caller: Caller, kind: str, move: str
) -> None:
    getattr(long, move)(SYMBOL, "0.60")
    reply = stop(caller, stopLoss="0.65", slTriggerBy=kind)
    assert reply["retMsg"] == (
        f"StopLoss:0.65 set for Buy position should lower than base_price:0.60??{kind}"
    )
    reply = conditional(caller, triggerBy=kind)
    assert (reply["retCode"], reply["retMsg"]) == (
        110093,
        f"expect Falling, but trigger_price[0.65] >= current[0.60]??{kind}",
    )
    assert conditional(caller, triggerBy="FairPrice")["retMsg"] == "params error: triggerBy invalid"


def test_a_gap_goes_through_the_stop(long: Simulator, caller: Caller) -> None:
    stop(caller, stopLoss="0.65")
    long.set_price(SYMBOL, "0.60", gap=True)
    assert long.executions("101")[0].price == Decimal("0.60")


def test_slippage_fills_behind_the_market(long: Simulator, caller: Caller) -> None:
    long.behaviour = replace(long.behaviour, slippage_ticks=10)
    stop(caller, stopLoss="0.65")
    long.set_price(SYMBOL, "0.64")
    assert long.executions("101")[0].price == Decimal("0.6490")


def test_a_thin_book_fills_price_by_price(long: Simulator, caller: Caller) -> None:
    long.behaviour = replace(long.behaviour, book_depth=Decimal(40))
    stop(caller, stopLoss="0.65")
    long.set_price(SYMBOL, "0.64")
    assert [(fill.quantity, fill.price) for fill in long.executions("101")] == [
        (Decimal(40), Decimal("0.65")),
        (Decimal(40), Decimal("0.6499")),
        (Decimal(20), Decimal("0.6498")),
    ]
    assert long.orders("101") == ()


@pytest.mark.parametrize(
    "switches",
    [{"liquidity": Decimal(60)}, {"book_depth": Decimal(1), "slippage_ticks": 266}],
    ids=["liquidity", "band"],
)
def test_what_the_book_does_not_fill_is_cancelled(
    long: Simulator, caller: Caller, switches: dict[str, Any]
) -> None:
    long.behaviour = replace(long.behaviour, **switches)
    stop(caller, stopLoss="0.65", takeProfit="0.9")
    long.set_price(SYMBOL, "0.649")
    stopped = long.closed_orders("101")[-1]
    left = long.position("101", SYMBOL, "Buy").size
    assert left == 40
    assert (stopped.filled, stopped.status, stopped.cancel_type, stopped.reject_reason) == (
        Decimal(60),
        OrderStatus.CANCELLED,
        CancelType.UNKNOWN,
        RejectReason.NO_LIQUIDITY,
    )
    assert triggers(long) == {"TakeProfit": "0.9"}, "nothing protects what is left"
    assert [order.quantity for order in long.orders("101")] == [left]
