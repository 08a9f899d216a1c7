"""The read endpoints: scopes, pages, windows, rows."""

from dataclasses import replace
from typing import Any

import pytest

from trueup.simulator import Dialect, InstrumentSpec, Simulator, UnknownInstrument

from ..caller import SYMBOL, Caller, order_id
from ..watcher import Watcher

DAY_MS = 86_400_000


@pytest.mark.parametrize("encoded", [True, False])
def test_pages_follow_the_cursor_newest_first(caller: Caller, *, encoded: bool) -> None:
    made = [order_id(caller.limit("100", "0.75")) for _ in range(5)]
    seen, cursor = list[str](), ""
    result: dict[str, Any] = {}
    for _ in range(4):
        result = caller.get("order/realtime", symbol=SYMBOL, limit=2, cursor=cursor)["result"]
        seen += [row["orderId"] for row in result["list"]]
        cursor = result["nextPageCursor"]
        if cursor and not encoded:
            cursor = cursor.replace("%3D", "=").replace("%3A", ":").replace("%26", "&")
    assert seen == made[::-1]
    assert (result["list"], cursor) == ([], "")


def test_the_cursor_ends_with_the_last_page_where_the_switch_says_so(
    sim: Simulator, caller: Caller
) -> None:
    order_id(caller.limit("100", "0.75"))
    assert caller.get("order/realtime", symbol=SYMBOL)["result"]["nextPageCursor"] == (
        "page_args%3D1737809937000%3A1%26"
    )
    sim.behaviour = replace(sim.behaviour, cursor_on_last_page=False)
    assert caller.get("order/realtime", symbol=SYMBOL)["result"]["nextPageCursor"] == ""


@pytest.mark.parametrize(
    ("path", "default", "most"),
    [("order/realtime", 20, 50), ("order/history", 20, 50), ("execution/list", 50, 100)],
)
def test_page_sizes(sim: Simulator, caller: Caller, path: str, default: int, most: int) -> None:
    for _ in range(120):
        entry = sim.place_entry("101", SYMBOL, "Buy", "10", "0.60")
        if path != "order/realtime":
            sim.fill("101", entry)
    for limit, rows in (("", default), (most, most), (most + 1, most), (1, 1)):
        reply = caller.get(path, symbol=SYMBOL, limit=limit)
        assert len(reply["result"]["list"]) == rows
    assert caller.get(path, symbol=SYMBOL, limit=0)["retCode"] == 10001
    assert caller.get(path, symbol=SYMBOL, cursor="x")["retCode"] == 10001


def test_realtime_needs_a_scope(sim: Simulator, caller: Caller) -> None:
    made = sim.place_entry("101", SYMBOL, "Buy", "10", "0.60")
    assert caller.get("order/realtime")["retCode"] == 10001
    assert caller.get("order/realtime", orderId=made)["retCode"] == 10001
    for scope in ({"symbol": SYMBOL}, {"baseCoin": "BAND"}, {"settleCoin": "USDT"}):
        assert len(caller.get("order/realtime", **scope)["result"]["list"]) == 1
    for scope in ({"symbol": "X"}, {"baseCoin": "BTC"}, {"settleCoin": "USDC"}):
        assert caller.get("order/realtime", **scope)["result"]["list"] == []


def test_an_id_looks_into_open_and_closed_orders(sim: Simulator, caller: Caller) -> None:
    gone = sim.place_entry("101", SYMBOL, "Buy", "10", "0.60", "GONE")
    sim.cancel_by_hand("101", gone)
    sim.place_entry("101", SYMBOL, "Buy", "10", "0.61", "HERE")
    assert [row["orderStatus"] for row in caller.open_rows(orderLinkId="GONE")] == ["Cancelled"]
    assert [row["price"] for row in caller.open_rows(orderLinkId="HERE", openOnly=1)] == ["0.61"]
    assert [row["orderLinkId"] for row in caller.open_rows(openOnly=1)] == ["GONE"]
    assert [row["orderLinkId"] for row in caller.open_rows()] == ["HERE"]


def test_only_the_last_500_closed_orders_and_none_after_a_restart(
    sim: Simulator, caller: Caller
) -> None:
    ids = [sim.place_entry("101", SYMBOL, "Buy", "10", "0.60") for _ in range(501)]
    for made in ids:
        sim.cancel_by_hand("101", made)
    assert caller.open_rows(orderId=ids[0]) == []
    assert len(caller.open_rows(orderId=ids[1])) == 1
    assert len(caller.get("order/history", orderId=ids[0])["result"]["list"]) == 1
    sim.restart()
    assert caller.open_rows(orderId=ids[-1]) == []


def test_conditional_orders_and_the_filter(sim: Simulator, caller: Caller) -> None:
    active = order_id(caller.limit("100", "0.75"))
    waiting = order_id(caller.limit("100", "0.64", triggerPrice="0.65", triggerDirection=2))

    def listed(**params: object) -> list[str]:
        return [row["orderId"] for row in caller.open_rows(**params)]

    assert listed() == [waiting, active]
    assert (listed(orderFilter="Order"), listed(orderFilter="StopOrder")) == ([active], [waiting])
    sim.behaviour = replace(sim.behaviour, conditional_listed=False)
    assert (listed(), listed(orderFilter="StopOrder")) == ([active], [waiting])


def test_history_windows(sim: Simulator, caller: Caller) -> None:
    unfilled, filled = (sim.place_entry("101", SYMBOL, "Buy", "10", "0.60") for _ in range(2))
    sim.cancel_by_hand("101", unfilled)
    sim.fill("101", filled)

    def listed(**params: object) -> list[str]:
        rows = caller.get("order/history", **params)["result"]["list"]
        return [row["orderId"] for row in rows]

    start = sim.clock.now_ms()
    assert listed() == [filled, unfilled]
    assert listed(orderStatus="Filled") == [filled]
    sim.clock.advance(DAY_MS + 1)
    assert listed() == [filled]
    sim.clock.advance(7 * DAY_MS)
    assert listed() == []
    assert listed(startTime=start, endTime=start + DAY_MS) == [filled]
    wide = caller.get("order/history", startTime=start, endTime=start + 8 * DAY_MS)
    assert wide["retCode"] == 10001
    assert caller.get("order/history", orderStatus="New")["retCode"] == 181017


def test_executions_by_id_ignore_the_rest(sim: Simulator, caller: Caller) -> None:
    entry = sim.place_entry("101", SYMBOL, "Buy", "10", "0.60", "E1")
    sim.fill("101", entry, "4")
    sim.fill("101", entry)
    sim.clock.advance(30 * DAY_MS)
    assert caller.get("execution/list", symbol=SYMBOL)["result"]["list"] == []
    rows = caller.get("execution/list", orderLinkId="E1", symbol="OTHER")["result"]["list"]
    assert [(row["execQty"], row["leavesQty"]) for row in rows] == [("6", "0"), ("4", "6")]
    assert {row["execFee"] for row in rows} == {"0.000720", "0.000480"}


def test_positions_by_symbol_and_by_coin(sim: Simulator, caller: Caller, hedger: Caller) -> None:
    flat = caller.get("position/list", symbol=SYMBOL)["result"]["list"]
    assert [(row["positionIdx"], row["side"], row["size"]) for row in flat] == [(0, "", "0")]
    assert caller.get("position/list", settleCoin="USDT")["result"]["list"] == []
    assert caller.get("position/list")["retCode"] == 10001
    sim.open_position("202", SYMBOL, "Sell", "12.5", "0.71")
    both = hedger.get("position/list", symbol=SYMBOL)["result"]["list"]
    assert [(row["positionIdx"], row["side"], row["size"]) for row in both] == [
        (1, "", "0"),
        (2, "Sell", "12.5"),
    ]
    (row,) = hedger.get("position/list", settleCoin="USDT")["result"]["list"]
    assert (row["avgPrice"], row["unrealisedPnl"]) == ("0.71", "0.12500")


def test_instruments(sim: Simulator, caller: Caller) -> None:
    (row,) = caller.get("market/instruments-info")["result"]["list"]
    assert row["priceFilter"]["tickSize"] == "0.0001"
    assert row["priceScale"] == "4"
    assert row["lotSizeFilter"] == {
        "maxOrderQty": "100000",
        "minOrderQty": "0.1",
        "qtyStep": "0.1",
        "postOnlyMaxOrderQty": "100000",
        "maxMktOrderQty": "40000",
        "minNotionalValue": "5",
    }
    unknown = caller.get("market/instruments-info", symbol="NOPE")
    assert (unknown["retCode"], unknown["result"]["list"]) == (0, [])
    sim.behaviour = replace(sim.behaviour, unknown_instrument=UnknownInstrument.ERROR)
    assert caller.get("market/instruments-info", symbol="NOPE")["retCode"] == 10001


def test_instruments_come_in_pages_and_only_those_that_trade(
    sim: Simulator, caller: Caller
) -> None:
    for number in range(5):
        spec = InstrumentSpec(
            symbol=f"C{number}USDT",
            tick="1",
            step="1",
            min_quantity="1",
            max_quantity="10",
            status="PreLaunch" if number == 4 else "Trading",
        )
        sim.add_instrument(spec, price="5")
    seen, cursor = list[str](), ""
    for _ in range(3):
        result = caller.get("market/instruments-info", limit=2, cursor=cursor)["result"]
        seen += [row["symbol"] for row in result["list"]]
        cursor = result["nextPageCursor"]
    assert seen == [SYMBOL, "C0USDT", "C1USDT", "C2USDT", "C3USDT"]
    assert cursor == ""


def test_market_figures(caller: Caller) -> None:
    (row,) = caller.get("market/tickers", symbol=SYMBOL)["result"]["list"]
    assert (row["lastPrice"], row["markPrice"]) == ("0.7000", "0.7000")
    limits = caller.get("market/price-limit", symbol=SYMBOL)["result"]
    assert (limits["buyLmt"], limits["sellLmt"]) == ("0.7350", "0.6650")
    assert caller.get("market/tickers", symbol="NOPE")["retCode"] == 10001


EMPTY = ("stopOrderType", "triggerPrice", "triggerBy", "tpTriggerBy", "slTriggerBy", "avgPrice")


def test_what_an_order_does_not_have_is_written_as_the_dialect_does(
    sim: Simulator, caller: Caller
) -> None:
    order_id(caller.limit("50", "0.75"))
    (row,) = caller.open_rows()
    assert [row[name] for name in EMPTY] == [""] * 6
    sim.behaviour = replace(sim.behaviour, dialect=Dialect.SAMPLES)
    (old,) = caller.open_rows()
    assert [old[name] for name in EMPTY] == ["UNKNOWN", "0.00", *["UNKNOWN"] * 3, "0"]
    assert old.keys() == row.keys()


def test_what_an_order_has_is_written_alike_in_both_dialects(
    sim: Simulator, caller: Caller
) -> None:
    waits = {"triggerPrice": "0.80", "triggerDirection": 1, "triggerBy": "MarkPrice"}
    order_id(caller.limit("50", "0.80", **waits))
    for dialect in Dialect:
        sim.behaviour = replace(sim.behaviour, dialect=dialect)
        (row,) = caller.open_rows()
        assert [row[name] for name in EMPTY[:3]] == ["Stop", "0.80", "MarkPrice"]


def test_a_cancelled_order_has_nothing_left(sim: Simulator, caller: Caller) -> None:
    sim.cancel_by_hand("101", order_id(caller.limit("50", "0.75")))
    names = ("leavesQty", "leavesValue", "rejectReason")
    for dialect, wanted in (
        (Dialect.NOW, ["", "", "EC_PerCancelRequest"]),
        (Dialect.SAMPLES, ["0", "0.00", "EC_NoError"]),
    ):
        sim.behaviour = replace(sim.behaviour, dialect=dialect)
        (row,) = caller.get("order/history", symbol=SYMBOL)["result"]["list"]
        assert [row[name] for name in names] == wanted


def test_an_order_shows_its_fees_by_coin(caller: Caller) -> None:
    order_id(caller.limit("100", "", side="Buy", orderType="Market"))
    resting = order_id(caller.limit("100", "0.75"))
    bought, waits = (
        caller.get(path, **scope)["result"]["list"][0]
        for path, scope in (
            ("order/history", {"symbol": SYMBOL}),
            ("order/realtime", {"symbol": SYMBOL, "orderId": resting}),
        )
    )
    assert bought["cumFeeDetail"] == {"USDT": bought["cumExecFee"]} != {"USDT": "0"}
    assert waits["cumFeeDetail"] == {}


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("order/realtime", "orderFilter"),
        ("order/history", "orderFilter"),
        ("execution/list", "execType"),
    ],
)
def test_an_unknown_option_is_refused(caller: Caller, path: str, name: str) -> None:
    reply = caller.get(path, symbol=SYMBOL, **{name: "Everything"})
    assert (reply["retCode"], reply["retMsg"]) == (10001, f"params error: {name} invalid")


def test_history_has_the_filter_too(sim: Simulator, caller: Caller) -> None:
    for more in ({}, {"triggerPrice": "0.75", "triggerDirection": 1}):
        made = caller.limit("10", "0.72", **more)["result"]["orderId"]
        caller.post("order/cancel", symbol=SYMBOL, orderId=made)
    kinds = {
        kind: [
            row["triggerPrice"]
            for row in caller.get("order/history", orderFilter=kind)["result"]["list"]
        ]
        for kind in ("Order", "StopOrder")
    }
    assert kinds == {"Order": [""], "StopOrder": ["0.75"]}
    assert len(sim.closed_orders("101")) == 2


def test_a_read_may_ask_for_executions_that_there_are_none_of(caller: Caller) -> None:
    reply = caller.get("execution/list", symbol=SYMBOL, execType="Settle")
    assert (reply["retCode"], reply["result"]["list"]) == (0, [])


def realised(caller: Caller) -> tuple[str, str]:
    """What the position's row says that it has realised, and all there were."""
    (row,) = caller.get("position/list", symbol=SYMBOL)["result"]["list"]
    return row["curRealisedPnl"], row["cumRealisedPnl"]


def test_what_a_position_realised_is_its_own(sim: Simulator, caller: Caller) -> None:
    sim.trade("101", SYMBOL, "Buy", "100")
    sim.set_price(SYMBOL, "0.7100")
    sim.trade("101", SYMBOL, "Sell", "100")
    assert realised(caller) == ("1.0000", "1.0000"), "the last one's, while there is none"
    sim.trade("101", SYMBOL, "Buy", "100")
    assert realised(caller) == ("0.0000", "1.0000")
    sim.set_price(SYMBOL, "0.7200")
    sim.trade("101", SYMBOL, "Sell", "40")
    assert realised(caller) == ("0.4000", "1.4000")
    sim.trade("101", SYMBOL, "Sell", "80")
    assert realised(caller) == ("0.0000", "2.0000"), "the other side is another position"


def test_what_was_realised_is_rounded_as_averages_are(sim: Simulator, caller: Caller) -> None:
    watcher = Watcher(sim)
    for price, quantity in (("0.7000", "100"), ("0.7001", "100"), ("0.7003", "100")):
        sim.set_price(SYMBOL, price)
        sim.trade("101", SYMBOL, "Buy", quantity)
    sim.set_price(SYMBOL, "0.7100")
    sim.trade("101", SYMBOL, "Sell", "100")
    log = caller.get("account/transaction-log")["result"]["list"][0]
    figures = [
        watcher.items("order")[-1]["closedPnl"],
        watcher.items("execution")[-1]["execPnl"],
        *(log[name] for name in ("cashFlow", "change", "cashBalance")),
    ]
    assert figures[0] == "0.98666667"
    assert [each for each in figures if len(each.partition(".")[2]) > 8] == []
