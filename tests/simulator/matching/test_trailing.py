"""Trailing stops: activation, the best price, the distance, and what reads show of them."""

from dataclasses import replace
from decimal import Decimal

import pytest

from trueup.simulator import CancelType, Simulator

from ..caller import SYMBOL, Caller
from ..stopping import shown, stop, triggers
from ..watcher import Watcher


@pytest.fixture
def long(sim: Simulator) -> Simulator:
    """An exchange where account 101 is long 100; the market is at 0.70."""
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    return sim


def test_it_follows_the_best_price_and_fires_at_its_distance(
    long: Simulator, caller: Caller
) -> None:
    assert stop(caller, trailingStop="0.03")["retCode"] == 0
    assert (triggers(long), shown(caller)) == ({"TrailingStop": "0.6700"}, ("", "", "0.03"))
    for price, trigger in [("0.72", "0.69"), ("0.70", "0.69"), ("0.75", "0.72")]:
        long.set_price(SYMBOL, price)
        assert triggers(long) == {"TrailingStop": trigger}
    long.set_price(SYMBOL, "0.60")
    (fill,) = long.executions("101")
    assert (fill.quantity, fill.price, fill.stop_order_type) == (
        Decimal(100),
        Decimal("0.72"),
        "TrailingStop",
    )
    assert (long.orders("101"), shown(caller)) == ((), ("", "", "0"))


def test_it_sleeps_until_its_activation_price(long: Simulator, caller: Caller) -> None:
    assert stop(caller, trailingStop="0.03", activePrice="0.75")["retCode"] == 0
    assert triggers(long) == {"TrailingStop": "0.75"}
    long.set_price(SYMBOL, "0.60")
    long.set_price(SYMBOL, "0.74")
    assert long.position("101", SYMBOL, "Buy").size == 100, "it is not active yet"
    long.set_price(SYMBOL, "0.76")
    assert (triggers(long), shown(caller)[2]) == ({"TrailingStop": "0.73"}, "0.03")
    long.set_price(SYMBOL, "0.73")
    assert long.position("101", SYMBOL, "Buy").size == 0


def test_a_short_is_followed_downwards(sim: Simulator, caller: Caller) -> None:
    sim.open_position("101", SYMBOL, "Sell", "100", "0.71")
    assert stop(caller, trailingStop="0.03", activePrice="0.65")["retCode"] == 0
    sim.set_price(SYMBOL, "0.60")
    assert triggers(sim) == {"TrailingStop": "0.63"}
    sim.set_price(SYMBOL, "0.64")
    assert sim.executions("101")[0].price == Decimal("0.63")


def test_zero_cancels_it_and_a_closed_position_clears_it(long: Simulator, caller: Caller) -> None:
    stop(caller, trailingStop="0.03", stopLoss="0.6")
    assert stop(caller, trailingStop="0")["retCode"] == 0
    assert (triggers(long), shown(caller)) == ({"StopLoss": "0.6"}, ("0.6", "", "0"))
    assert stop(caller, trailingStop="0")["retCode"] == 34040
    stop(caller, trailingStop="0.03")
    long.set_position("101", SYMBOL, "Buy", "0")
    assert {o.cancel_type for o in long.closed_orders("101")} == {CancelType.BY_TPSL_CLEAR}
    assert long.orders("101") == ()


def test_what_is_set_again_changes_nothing(long: Simulator, caller: Caller) -> None:
    stop(caller, trailingStop="0.03")
    long.set_price(SYMBOL, "0.80")
    assert stop(caller, trailingStop="0.03")["retCode"] == 34040
    assert triggers(long) == {"TrailingStop": "0.77"}


@pytest.mark.parametrize(("restarts", "trigger"), [(True, "0.74"), (False, "0.78")])
def test_another_distance_starts_anew_or_keeps_the_best_price(
    long: Simulator, caller: Caller, *, restarts: bool, trigger: str
) -> None:
    long.behaviour = replace(long.behaviour, trailing_restarts=restarts)
    stop(caller, trailingStop="0.10")
    long.set_price(SYMBOL, "0.80")
    long.set_price(SYMBOL, "0.76")
    assert stop(caller, trailingStop="0.02")["retCode"] == 0
    assert triggers(long) == {"TrailingStop": trigger}


def test_another_distance_keeps_the_activation_that_it_waits_for(
    long: Simulator, caller: Caller
) -> None:
    stop(caller, trailingStop="0.10", activePrice="0.75")
    assert stop(caller, trailingStop="0.05")["retCode"] == 0
    assert triggers(long) == {"TrailingStop": "0.75"}
    assert stop(caller, activePrice="0.77")["retCode"] == 0
    assert (triggers(long), shown(caller)[2]) == ({"TrailingStop": "0.77"}, "0.05")


@pytest.mark.parametrize(
    ("fields", "code", "text"),
    [
        (
            {"trailingStop": "0.03", "activePrice": "0.69"},
            10001,
            "TrailingProfit:0.69 set for Buy position should higher than base_price:0.7000",
        ),
        ({"trailingStop": "0.8"}, 10001, "trailingStop err"),
        ({"trailingStop": "-0.1"}, 10001, "trailingStop err"),
        ({"trailingStop": "0.00005"}, 10001, "trailingStop err"),
        ({"activePrice": "0.75"}, 34040, "not modified"),
    ],
)
@pytest.mark.usefixtures("long")
def test_refusals(caller: Caller, fields: dict[str, object], code: int, text: str) -> None:
    reply = stop(caller, **fields)
    assert reply["retCode"] == code
    assert text in reply["retMsg"]


@pytest.mark.parametrize("sent", [False, True])
def test_the_stream_shows_each_step_only_where_the_switch_says_so(
    long: Simulator, caller: Caller, *, sent: bool
) -> None:
    long.behaviour = replace(long.behaviour, trailing_sent=sent)
    watcher = Watcher(long)
    stop(caller, trailingStop="0.03")
    long.set_price(SYMBOL, "0.72")
    prices = [item["triggerPrice"] for item in watcher.items("order")]
    assert prices == (["0.6700", "0.69"] if sent else ["0.6700"])
    assert {item["trailingStop"] for item in watcher.items("position")} == {"0.03"}
    (listed,) = caller.open_rows()
    assert listed["triggerPrice"] == "0.69"


def test_a_gap_through_it_costs_what_the_market_says(long: Simulator, caller: Caller) -> None:
    stop(caller, trailingStop="0.03")
    long.set_price(SYMBOL, "0.80")
    long.set_price(SYMBOL, "0.65", gap=True)
    assert long.executions("101")[0].price == Decimal("0.65")
