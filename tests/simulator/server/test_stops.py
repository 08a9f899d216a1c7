"""Stops over HTTP, as pybit sets and reads them, and the prices that control moves."""

import requests
from pybit.unified_trading import HTTP

from trueup.simulator import SimulatorServer, build_scenario

from ..caller import SYMBOL


def test_pybit_sets_a_stop_and_reads_where_the_price_has_been(
    served: SimulatorServer, pybit: HTTP
) -> None:
    served.sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    named = {"category": "linear", "symbol": SYMBOL}
    reply, *_ = pybit.set_trading_stop(
        **named,
        tpslMode="Full",
        stopLoss="0.60",
        slTriggerBy="MarkPrice",
        trailingStop="0.05",
        activePrice="0.75",
        positionIdx=0,
    )
    assert (reply["retCode"], reply["result"]) == (0, {})
    position = pybit.get_positions(**named)[0]["result"]["list"][0]
    assert (position["stopLoss"], position["trailingStop"]) == ("0.60", "0.05")
    served.sim.set_price(SYMBOL, "0.80")
    served.sim.set_price(SYMBOL, "0.76")
    (last,) = pybit.get_kline(**named, interval=1)[0]["result"]["list"]
    (mark,) = pybit.get_mark_price_kline(**named, interval=1)[0]["result"]["list"]
    assert last[1:5] == mark[1:] == ["0.7000", "0.80", "0.7000", "0.76"]
    rows = pybit.get_open_orders(**named, orderFilter="StopOrder")[0]["result"]["list"]
    shown = {row["stopOrderType"]: (row["triggerPrice"], row["triggerBy"]) for row in rows}
    assert shown == {"StopLoss": ("0.60", "MarkPrice"), "TrailingStop": ("0.75", "LastPrice")}


def test_control_moves_mark_and_index_prices(served: SimulatorServer) -> None:
    with requests.Session() as session:
        session.trust_env = False

        def post(name: str, **arguments: object) -> int:
            url = f"{served.url}/control/{name}"
            return session.post(url, json=arguments, timeout=5).status_code

        codes = [
            post("set_mark_price", symbol=SYMBOL, price="0.68"),
            post("set_index_price", symbol=SYMBOL, price="0.67"),
            post("set_price", symbol=SYMBOL, price="0.72", gap=True),
            post("set_index_price", symbol=SYMBOL, price=None),
        ]
        state = session.get(f"{served.url}/control/state", timeout=5).json()["result"]
    assert codes == [200] * 4
    prices = [state[name][SYMBOL] for name in ("prices", "mark_prices", "index_prices")]
    assert prices == ["0.72", "0.68", "0.72"]


def test_a_scenario_may_set_the_prices_apart() -> None:
    band = {"symbol": SYMBOL, "tick": "0.0001", "step": "0.1", "min_quantity": "0.1"}
    prices = {"price": "0.70", "mark_price": "0.69"}
    sim = build_scenario({"instruments": [{**band, "max_quantity": "1000", **prices}]})
    shown = (sim.price(SYMBOL), sim.mark_price(SYMBOL), sim.index_price(SYMBOL))
    assert [str(price) for price in shown] == ["0.70", "0.69", "0.70"]
