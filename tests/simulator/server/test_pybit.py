"""The real pybit over HTTP: the main paths, and what each fault does to it."""

from typing import Any

import pytest
import requests
from pybit.exceptions import FailedRequestError, InvalidRequestError
from pybit.unified_trading import HTTP

from trueup.simulator import Fault, FaultKind, SimulatorServer

from ..caller import SYMBOL

ORDER = {
    "category": "linear",
    "symbol": SYMBOL,
    "side": "Sell",
    "orderType": "Limit",
    "qty": "50",
    "price": "0.75",
}


def rows(http: HTTP, **params: object) -> list[dict[str, Any]]:
    answer = http.get_open_orders(category="linear", symbol=SYMBOL, **params)
    listed: list[dict[str, Any]] = answer[0]["result"]["list"]
    return listed


def test_the_life_of_a_ladder(served: SimulatorServer, pybit: HTTP) -> None:
    sim = served.sim
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    made, _, headers = pybit.place_order(**ORDER, reduceOnly=True, orderLinkId="TP1")
    assert headers["x-bapi-limit"] == "10"
    order_id = made["result"]["orderId"]
    pybit.amend_order(category="linear", symbol=SYMBOL, orderId=order_id, qty="60")
    assert [row["qty"] for row in rows(pybit)] == ["60"]
    sim.set_price(SYMBOL, "0.76")
    position = pybit.get_positions(category="linear", symbol=SYMBOL)[0]["result"]["list"][0]
    assert (position["size"], position["side"]) == ("40", "Buy")
    fills = pybit.get_executions(category="linear", orderLinkId="TP1")[0]["result"]["list"]
    assert [(fill["execPrice"], fill["isMaker"]) for fill in fills] == [("0.75", True)]
    history = pybit.get_order_history(category="linear", orderLinkId="TP1")[0]["result"]["list"]
    assert [row["orderStatus"] for row in history] == ["Filled"]
    with pytest.raises(InvalidRequestError) as gone:
        pybit.cancel_order(category="linear", symbol=SYMBOL, orderId=order_id)
    assert (gone.value.status_code, gone.value.message) == (
        110001,
        "order not exists or too late to cancel",
    )


def test_pages_and_market_endpoints(pybit: HTTP) -> None:
    batch = {"category": "linear", "request": [{**ORDER, "orderLinkId": f"b{i}"} for i in range(9)]}
    notes = pybit.place_batch_order(**batch)[0]["retExtInfo"]["list"]
    assert [note["code"] for note in notes] == [0] * 9
    seen, cursor = list[str](), ""
    while True:
        answer = pybit.get_open_orders(category="linear", symbol=SYMBOL, limit=4, cursor=cursor)
        page = answer[0]["result"]
        if not page["list"]:
            break
        seen += [row["orderLinkId"] for row in page["list"]]
        cursor = page["nextPageCursor"]
    assert seen == [f"b{i}" for i in range(8, -1, -1)]
    pybit.cancel_all_orders(category="linear", symbol=SYMBOL)
    assert rows(pybit) == []
    info = pybit.get_instruments_info(category="linear", symbol=SYMBOL)[0]["result"]["list"][0]
    assert info["lotSizeFilter"]["qtyStep"] == "0.1"
    assert pybit.get_tickers(category="linear", symbol=SYMBOL)[0]["retCode"] == 0
    assert pybit.get_server_time()[0]["time"] == 1_737_809_937_000


@pytest.mark.parametrize(
    ("fault", "error", "landed"),
    [
        (Fault(kind=FaultKind.REQUEST_LOST), requests.exceptions.ConnectionError, False),
        (Fault(kind=FaultKind.REPLY_LOST), requests.exceptions.ConnectionError, True),
        (Fault(kind=FaultKind.LATE_REPLY, delay_ms=5000), requests.exceptions.ReadTimeout, True),
        (Fault(kind=FaultKind.TRUNCATED), requests.exceptions.ChunkedEncodingError, True),
        (Fault(kind=FaultKind.SERVER_ERROR), FailedRequestError, False),
        (Fault(kind=FaultKind.NOT_JSON, effect=True), FailedRequestError, True),
        (Fault(kind=FaultKind.RATE_LIMITED), InvalidRequestError, False),
        (Fault(kind=FaultKind.TIMESTAMP), InvalidRequestError, False),
        (Fault(kind=FaultKind.RET_CODE, effect=True), InvalidRequestError, True),
    ],
)
def test_what_pybit_makes_of_a_fault(
    served: SimulatorServer, pybit: HTTP, *, fault: Fault, error: type[Exception], landed: bool
) -> None:
    assert rows(pybit) == [], "the connection is warm"
    served.sim.inject(fault)
    with pytest.raises(error):
        pybit.place_order(**ORDER, orderLinkId="L")
    assert [row["orderLinkId"] for row in rows(pybit)] == (["L"] if landed else [])


def test_a_late_reply_that_is_waited_for(served: SimulatorServer, pybit: HTTP) -> None:
    served.sim.inject(Fault(kind=FaultKind.LATE_REPLY, delay_ms=20))
    answer, elapsed, _ = pybit.place_order(**ORDER)
    assert answer["retCode"] == 0
    assert elapsed.total_seconds() >= 0.02


def test_wrong_keys(served: SimulatorServer, pybit: HTTP) -> None:
    pybit.api_secret = "wrong"
    with pytest.raises(InvalidRequestError) as refused:
        rows(pybit)
    assert refused.value.status_code == 10004
    assert served.sim.requests[-1].uid == "101"
