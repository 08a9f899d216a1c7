"""Request faults: what takes effect, what the client receives, which requests they hit."""

import json
from dataclasses import replace

import pytest

from trueup.simulator import Delivery, Fault, FaultKind, Reply, Request, Simulator

from ..caller import SYMBOL, Caller, order_id


def send(caller: Caller, link_id: str = "L") -> Reply:
    fields = {
        "category": "linear",
        "symbol": SYMBOL,
        "side": "Sell",
        "orderType": "Limit",
        "qty": "100",
        "price": "0.75",
        "orderLinkId": link_id,
    }
    body = json.dumps(fields).encode()
    return caller.reply(Request("POST", "/v5/order/create", body=body))


@pytest.mark.parametrize(
    ("fault", "landed", "delivery", "status"),
    [
        (Fault(kind=FaultKind.REQUEST_LOST), False, Delivery.DROP, 200),
        (Fault(kind=FaultKind.REPLY_LOST), True, Delivery.DROP, 200),
        (Fault(kind=FaultKind.LATE_REPLY, delay_ms=900), True, Delivery.DELAY, 200),
        (Fault(kind=FaultKind.LATE_EFFECT, delay_ms=900), False, Delivery.DROP, 200),
        (Fault(kind=FaultKind.SERVER_ERROR), False, Delivery.SEND, 502),
        (Fault(kind=FaultKind.SERVER_ERROR, effect=True, status=504), True, Delivery.SEND, 504),
        (Fault(kind=FaultKind.RATE_LIMITED), False, Delivery.SEND, 200),
        (Fault(kind=FaultKind.TIMESTAMP), False, Delivery.SEND, 200),
        (Fault(kind=FaultKind.TRUNCATED), True, Delivery.TRUNCATE, 200),
        (Fault(kind=FaultKind.TRUNCATED, effect=False), False, Delivery.TRUNCATE, 200),
        (Fault(kind=FaultKind.NOT_JSON), False, Delivery.SEND, 200),
        (Fault(kind=FaultKind.NOT_JSON, effect=True), True, Delivery.SEND, 200),
        (Fault(kind=FaultKind.EMPTY_OBJECT, effect=True), True, Delivery.SEND, 200),
        (Fault(kind=FaultKind.RET_CODE), False, Delivery.SEND, 200),
        (Fault(kind=FaultKind.RET_CODE, effect=True), True, Delivery.SEND, 200),
    ],
)
def test_every_kind_on_a_write(
    sim: Simulator, caller: Caller, *, fault: Fault, landed: bool, delivery: Delivery, status: int
) -> None:
    sim.inject(fault)
    reply = send(caller)
    assert (reply.delivery, reply.status) == (delivery, status)
    assert bool(sim.orders("101")) == landed
    (record,) = sim.requests
    assert record.fault is fault.kind
    again = send(caller)
    assert json.loads(again.body)["retCode"] == (110072 if landed else 0), "met only once"


def test_the_bodies(sim: Simulator, caller: Caller) -> None:
    sim.schedule(
        Fault(kind=FaultKind.RET_CODE, code=10000, text="Server Timeout"),
        Fault(kind=FaultKind.NOT_JSON),
        Fault(kind=FaultKind.EMPTY_OBJECT),
        Fault(kind=FaultKind.TIMESTAMP),
        Fault(kind=FaultKind.RATE_LIMITED, delay_ms=400),
        Fault(kind=FaultKind.RATE_LIMITED, reset_header=False),
    )
    replies = [send(caller) for _ in range(6)]
    coded = json.loads(replies[0].body)
    assert (coded["retCode"], coded["retMsg"], coded["result"]) == (10000, "Server Timeout", {})
    assert replies[1].body.startswith(b"<html>")
    assert json.loads(replies[2].body) == {}
    assert json.loads(replies[3].body)["retCode"] == 10002
    assert json.loads(replies[4].body)["retCode"] == 10006
    reset = "X-Bapi-Limit-Reset-Timestamp"
    ahead = int(replies[4].headers[reset]) - int(replies[4].headers["Timenow"])
    assert ahead == 400
    assert reset not in replies[5].headers


def test_a_delayed_request_arrives_after_its_retry(sim: Simulator, caller: Caller) -> None:
    sim.inject(Fault(kind=FaultKind.LATE_EFFECT, delay_ms=500))
    send(caller)
    retried = order_id(json.loads(send(caller).body))
    sim.clock.advance(500)
    assert [order.order_id for order in sim.orders("101")] == [retried], "the link id held"
    sim.inject(Fault(kind=FaultKind.LATE_EFFECT, delay_ms=500))
    send(caller, "first")
    order_id(json.loads(send(caller, "second").body))
    sim.clock.advance(500)
    assert [order.link_id for order in sim.orders("101")] == ["L", "second", "first"]


def test_a_stale_read_by_effects_and_by_time(sim: Simulator, caller: Caller) -> None:
    first = order_id(caller.limit("100", "0.75"))
    sim.clock.advance(1000)
    second = order_id(caller.limit("100", "0.76"))
    sim.cancel_by_hand("101", first)

    def listed(fault: Fault) -> list[str]:
        sim.inject(fault)
        return [row["orderId"] for row in caller.open_rows()]

    stale = FaultKind.STALE_READ
    assert listed(Fault(kind=stale)) == [second, first]
    assert listed(Fault(kind=stale, effects_back=2)) == [first]
    assert listed(Fault(kind=stale, delay_ms=1)) == [first]
    assert listed(Fault(kind=stale, effects_back=99)) == []
    assert listed(Fault(kind=stale, effects_back=99, oldest_ms=999)) == [first]
    assert listed(Fault(kind=stale, effects_back=1, oldest_ms=2000)) == [second, first]
    assert [row["orderId"] for row in caller.open_rows()] == [second]


def test_a_stale_position(sim: Simulator, caller: Caller) -> None:
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    sim.inject(Fault(kind=FaultKind.STALE_READ, path="position/list"))
    order_id(caller.take_profit("50", "0.75"))
    sim.set_price(SYMBOL, "0.75")
    sizes = [
        caller.get("position/list", symbol=SYMBOL)["result"]["list"][0]["size"] for _ in range(2)
    ]
    assert sizes == ["100", "50"]


def test_rules_pick_their_requests(sim: Simulator, caller: Caller, hedger: Caller) -> None:
    lost = FaultKind.REQUEST_LOST
    sim.inject(
        Fault(kind=lost, uid="101", path="order/create", link_id="X"),
        Fault(kind=lost, uid="202", method="GET", symbol=SYMBOL, skip=1, times=2),
    )

    def dropped(reply: Reply) -> bool:
        return reply.delivery is Delivery.DROP

    assert [dropped(send(caller, link)) for link in ("A", "X", "X")] == [False, True, False]
    request = Request("GET", "/v5/position/list", f"category=linear&symbol={SYMBOL}")
    assert [dropped(hedger.reply(request)) for _ in range(4)] == [False, True, True, False]
    assert not dropped(caller.reply(request))


def test_a_rule_without_end_until_it_is_cleared(sim: Simulator, caller: Caller) -> None:
    sim.inject(Fault(kind=FaultKind.SERVER_ERROR, times=None))
    assert [send(caller).status for _ in range(3)] == [502] * 3
    sim.clear_faults()
    assert send(caller).status == 200


def test_a_schedule_meets_the_next_requests_in_order(sim: Simulator, caller: Caller) -> None:
    sim.schedule(None, Fault(kind=FaultKind.REPLY_LOST, path="order/create"), None)
    caller.open_rows()
    caller.open_rows()
    assert send(caller).delivery is Delivery.DROP
    assert [record.fault for record in sim.requests] == [None, None, FaultKind.REPLY_LOST]


def test_a_batch_is_met_by_any_of_its_items(sim: Simulator, caller: Caller) -> None:
    sim.inject(Fault(kind=FaultKind.RET_CODE, link_id="two"))
    items = [
        {
            "symbol": SYMBOL,
            "side": "Sell",
            "orderType": "Limit",
            "qty": "100",
            "price": "0.75",
            "orderLinkId": link,
        }
        for link in ("one", "two")
    ]
    assert caller.post("order/create-batch", request=items)["retCode"] == 10016
    assert sim.orders("101") == ()


LISTS = ("order/realtime", "order/history", "execution/list", "position/list")


def rows(caller: Caller, path: str) -> int:
    query = f"category=linear&symbol={SYMBOL}"
    reply = json.loads(caller.reply(Request("GET", f"/v5/{path}", query)).body)
    assert reply["retCode"] == 0
    return len(reply["result"]["list"])


@pytest.fixture
def busy(sim: Simulator, caller: Caller) -> Caller:
    """An account with a row in each list."""
    sim.open_position("101", SYMBOL, "Buy", "1000", "0.7")
    send(caller, "filled")
    sim.fill("101", sim.orders("101")[0].order_id)
    send(caller, "open")
    return caller


@pytest.mark.parametrize("path", LISTS)
def test_rows_are_left_out_of_a_list_that_looks_complete(
    sim: Simulator, busy: Caller, path: str
) -> None:
    sim.inject(Fault(kind=FaultKind.ROWS_LEFT_OUT, path=path, times=2))
    assert [bool(rows(busy, path)) for _ in range(3)] == [False, False, True]
    assert all(rows(busy, other) for other in LISTS)


@pytest.mark.parametrize("path", LISTS)
def test_rows_of_one_symbol_are_left_out_for_a_time(
    sim: Simulator, busy: Caller, path: str
) -> None:
    fault = Fault(kind=FaultKind.ROWS_LEFT_OUT, path=path, times=None, lasts_ms=1000)
    sim.inject(replace(fault, leaves_out="ANOTHERUSDT"))
    assert rows(busy, path)
    sim.clear_faults()
    sim.inject(replace(fault, leaves_out=SYMBOL))
    assert [rows(busy, path) for _ in range(5)] == [0] * 5
    sim.clock.advance(1000)
    assert rows(busy, path)


def test_a_page_without_rows_is_the_last(sim: Simulator, busy: Caller) -> None:
    send(busy, "second")
    sim.inject(Fault(kind=FaultKind.ROWS_LEFT_OUT, path="order/realtime"))
    query = f"category=linear&symbol={SYMBOL}&limit=1"
    pages = [
        json.loads(busy.reply(Request("GET", "/v5/order/realtime", query)).body)["result"]
        for _ in range(2)
    ]
    assert [(len(page["list"]), bool(page["nextPageCursor"])) for page in pages] == [
        (0, False),
        (1, True),
    ]
