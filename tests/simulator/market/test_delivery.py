"""Dated futures: they are delivered when their time comes, and nothing of them is left."""

import pytest

from tests.simulator.caller import Caller
from trueup.simulator import InstrumentSpec, Simulator, UnknownInstrument

DATED = "BTC-26DEC25"
DAY_MS = 86_400_000


def listed(sim: Simulator) -> InstrumentSpec:
    """The dated future, delivered in a day, with a position and two orders of account 101."""
    spec = InstrumentSpec(
        symbol=DATED,
        settle_coin="USDC",
        delivery_ms=sim.clock.now_ms() + DAY_MS,
        tick="0.5",
        step="0.001",
        min_quantity="0.001",
        max_quantity="100",
    )
    sim.add_instrument(spec, "60000")
    sim.open_position("101", DATED, "Buy", "0.5", "59000")
    sim.place_entry("101", DATED, "Buy", "0.1", "50000")
    sim.record_order(
        "101",
        symbol=DATED,
        side="Sell",
        orderType="Limit",
        reduceOnly=True,
        qty="0.5",
        price="61000",
    )
    return spec


def row_of(caller: Caller, symbol: str = DATED, **more: str) -> dict[str, object]:
    """The contract's row."""
    found = caller.get("market/instruments-info", symbol=symbol, **more)["result"]["list"]
    return dict(found[0])


def test_its_row_says_what_it_is(sim: Simulator, caller: Caller) -> None:
    spec = listed(sim)
    row = row_of(caller)
    assert (row["contractType"], row["deliveryTime"]) == ("LinearFutures", str(spec.delivery_ms))
    assert (row["baseCoin"], row["settleCoin"]) == ("BTC", "USDC")


@pytest.mark.parametrize(
    ("symbol", "coin", "base"),
    [
        ("BTCUSDT-26DEC25", "USDT", "BTC"),
        ("BTCPERP", "USDC", "BTC"),
        ("币安人生USDT", "USDT", "币安人生"),
    ],
)
def test_its_base_coin(symbol: str, coin: str, base: str) -> None:
    spec = InstrumentSpec(
        symbol=symbol, settle_coin=coin, tick="1", step="1", min_quantity="1", max_quantity="9"
    )
    assert spec.base_coin == base


def test_it_is_delivered_when_its_time_comes(sim: Simulator, caller: Caller) -> None:
    listed(sim)
    sim.clock.advance(DAY_MS - 1)
    assert row_of(caller)["status"] == "Trading"
    sim.clock.advance(1)
    assert row_of(caller)["status"] == "Delivering"
    assert sim.orders("101", DATED) == ()
    assert sim.position("101", DATED, "Buy").size == 0
    fill = caller.get("execution/list", symbol=DATED)["result"]["list"][0]
    assert (fill["execType"], fill["execQty"], fill["execPrice"]) == ("Delivery", "0.5", "60000")
    closed = caller.get("order/history", symbol=DATED)["result"]["list"]
    assert [row["cancelType"] for row in closed] == ["UNKNOWN", *["CancelByDelivery"] * 2]
    sim.clock.advance(60_000)
    assert row_of(caller)["status"] == "Closed"


def test_it_can_be_delivered_early_at_any_price(sim: Simulator, caller: Caller) -> None:
    listed(sim)
    sim.deliver(DATED, "60500")
    fill = caller.get("execution/list", symbol=DATED)["result"]["list"][0]
    assert fill["execPrice"] == "60500"
    assert row_of(caller)["deliveryTime"] == str(sim.clock.now_ms())
    sim.clock.advance(2 * DAY_MS)
    assert row_of(caller)["status"] == "Closed"
    fills = caller.get("execution/list", symbol=DATED)["result"]["list"]
    assert [each["execType"] for each in fills].count("Delivery") == 1


def test_a_delisted_contract_that_is_listed_again_is_not_closed(
    sim: Simulator, caller: Caller
) -> None:
    spec = listed(sim)
    sim.deliver(DATED)
    sim.add_instrument(spec, "60000")
    sim.clock.advance(60_000)
    assert row_of(caller)["status"] == "Trading"


@pytest.mark.parametrize(
    ("symbol", "category", "field", "value"),
    [
        ("BTCUSD", "inverse", "contractType", "InversePerpetual"),
        ("BTC-27MAR26-100000-C", "option", "optionsType", "Call"),
        ("BTC-27MAR26-100000-P-USDT", "option", "optionsType", "Put"),
        ("BTCEUR", "spot", "status", "Trading"),
    ],
)
def test_other_categories_have_a_row_and_no_more(
    sim: Simulator, caller: Caller, symbol: str, category: str, field: str, value: str
) -> None:
    sim.behaviour = sim.behaviour.__class__(unknown_instrument=UnknownInstrument.ERROR)
    sim.add_instrument(
        InstrumentSpec(
            symbol=symbol, category=category, tick="1", step="1", min_quantity="1", max_quantity="9"
        ),
        "60000",
    )
    assert row_of(caller, symbol, category=category)[field] == value
    assert caller.get("market/instruments-info", symbol=symbol)["retCode"] == 10001
    assert caller.get("position/list", symbol=symbol)["retCode"] == 10001


def test_its_price_and_what_it_earned_are_on_record(sim: Simulator, caller: Caller) -> None:
    listed(sim)
    sim.open_position("202", DATED, "Sell", "0.2", "61000")
    prices, records = "market/delivery-price", "asset/delivery-record"
    assert caller.get(prices)["result"]["list"] == caller.get(records)["result"]["list"] == []
    at_ms = sim.clock.now_ms() + DAY_MS
    sim.clock.advance(DAY_MS + 1)
    assert caller.get(prices, symbol=DATED, baseCoin="BTC")["result"]["list"] == [
        {"symbol": DATED, "deliveryPrice": "60000", "deliveryTime": str(at_ms)}
    ]
    assert caller.get(prices, baseCoin="BAND")["result"]["list"] == []
    (long,) = caller.get(records)["result"]["list"]
    assert (long["side"], long["position"], long["deliveryTime"]) == ("Buy", "0.5", at_ms)
    assert (long["entryPrice"], long["deliveryPrice"], long["deliveryRpl"]) == (
        "59000",
        "60000",
        "500.0",
    )
    (short,) = Caller(sim, "202").get(records, symbol=DATED)["result"]["list"]
    assert (short["side"], short["entryPrice"], short["deliveryRpl"]) == ("Sell", "61000", "200.0")
    assert caller.get(records, endTime=at_ms - 1)["result"]["list"] == []
