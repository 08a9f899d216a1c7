"""The gateway: keys, clocks, signatures, limits, routes, headers, the request log."""

import json
from dataclasses import replace

import pytest

from trueup.simulator import Request, Simulator, VirtualClock, sign

from ..caller import SYMBOL, WALL_MS, Caller
from ..conftest import build

PATH = "/v5/order/realtime"
QUERY = f"category=linear&symbol={SYMBOL}"


def code(sim: Simulator, request: Request) -> int:
    return int(sim.handle(request).headers["Ret_code"])


def test_a_wrong_key_and_a_wrong_secret(sim: Simulator) -> None:
    request = Request("GET", PATH, QUERY)
    assert code(sim, request) == 10003
    assert code(sim, sign(request, "stranger", "secret-101", WALL_MS)) == 10003
    assert code(sim, sign(request, "key-101", "wrong", WALL_MS)) == 10004
    assert code(sim, sign(request, "key-101", "secret-101", WALL_MS)) == 0


@pytest.mark.parametrize("name", ["X-BAPI-API-KEY", "X-BAPI-TIMESTAMP", "X-BAPI-SIGN"])
def test_a_request_that_lacks_a_header_of_its_signature(sim: Simulator, name: str) -> None:
    signed = sign(Request("GET", PATH, QUERY), "key-101", "secret-101", WALL_MS)
    headers = {key: text for key, text in signed.headers.items() if key != name}
    reply = sim.handle(replace(signed, headers=headers))
    assert reply.status == 401
    assert json.loads(reply.body)["retMsg"] == f"API key is invalid. The request has no {name}"
    assert sim.handle(Request("GET", "/v5/market/time")).status == 200, "public ones need none"


def test_the_signature_covers_the_raw_bytes(sim: Simulator) -> None:
    signed = sign(Request("GET", PATH, QUERY), "key-101", "secret-101", WALL_MS)
    assert code(sim, replace(signed, query=QUERY + "&limit=1")) == 10004
    posted = sign(
        Request("POST", "/v5/order/create", body=b"{ }"), "key-101", "secret-101", WALL_MS
    )
    assert code(sim, replace(posted, body=b"{}")) == 10004


@pytest.mark.parametrize(
    ("offset", "window", "expected"),
    [(-5000, 5000, 0), (-5001, 5000, 10002), (999, 5000, 0), (1000, 60_000, 10002)],
)
def test_the_window_of_timestamps(sim: Simulator, offset: int, window: int, expected: int) -> None:
    request = sign(Request("GET", PATH, QUERY), "key-101", "secret-101", WALL_MS + offset, window)
    assert code(sim, request) == expected


def test_a_skewed_exchange_clock_shows_in_the_text(sim: Simulator, caller: Caller) -> None:
    sim.wall_skew_ms = 9000
    reply = caller.get("order/realtime", symbol=SYMBOL)
    assert reply["retCode"] == 10002
    assert reply["retMsg"] == (
        "invalid request, please check your server timestamp or recv_window param. "
        f"req_timestamp[{WALL_MS}],server_timestamp[{WALL_MS + 9000}],recv_window[5000]"
    )
    time = caller.get("market/time")["result"]
    assert time["timeSecond"] == str((WALL_MS + 9000) // 1000)


def test_headers_and_the_limit_of_an_endpoint() -> None:
    sim = Simulator(clock=VirtualClock(1_000_000), wall=lambda: WALL_MS)
    sim.add_account(uid="101", api_key="key-101", api_secret="secret-101")
    request = sign(
        Request("POST", "/v5/order/cancel", body=b"{}"), "key-101", "secret-101", WALL_MS
    )
    replies = [sim.handle(request) for _ in range(11)]
    assert [reply.headers["X-Bapi-Limit-Status"] for reply in replies] == [
        *map(str, range(9, -1, -1)),
        "0",
    ]
    assert replies[0].headers["X-Bapi-Limit"] == "10"
    assert replies[0].headers["X-Bapi-Limit-Reset-Timestamp"] == str(WALL_MS)
    assert replies[10].status == 200
    assert replies[10].headers["Ret_code"] == "10006"
    assert replies[10].headers["X-Bapi-Limit-Reset-Timestamp"] == str(WALL_MS + 1000)
    assert replies[10].headers["Timenow"] == str(WALL_MS)
    sim.clock.advance(999)
    assert code(sim, request) == 10006
    sim.clock.advance(1)
    assert code(sim, request) == 10001


def test_limits_of_accounts_differ_and_do_not_touch_each_other() -> None:
    sim = Simulator(wall=lambda: WALL_MS)
    sim.add_account(uid="1", api_key="a", api_secret="s", limits={PATH: 2})
    sim.add_account(uid="2", api_key="b", api_secret="s")
    request = Request("GET", PATH, "category=linear&settleCoin=USDT")
    first, second = sign(request, "a", "s", WALL_MS), sign(request, "b", "s", WALL_MS)
    assert [code(sim, first) for _ in range(3)] == [0, 0, 10006]
    assert [code(sim, second) for _ in range(51)] == [0] * 50 + [10006]


def test_the_limit_of_the_ip_locks_everybody_out() -> None:
    sim = build()
    sim.behaviour = replace(sim.behaviour, ip_limit=True)
    request = Request("GET", "/v5/market/time")
    statuses = [sim.handle(request).status for _ in range(601)]
    assert statuses == [200] * 600 + [403]
    assert sim.handle(replace(request, client="10.0.0.9")).status == 200
    sim.clock.advance(599_999)
    assert sim.handle(request).status == 403
    sim.clock.advance(1)
    assert sim.handle(request).status == 200


def test_routes_and_bodies_that_are_wrong(sim: Simulator) -> None:
    assert sim.handle(Request("GET", "/v5/nowhere")).status == 404
    for body in (b"{", b"[]"):
        request = Request("POST", "/v5/order/create", body=body)
        assert code(sim, sign(request, "key-101", "secret-101", WALL_MS)) == 10001


def test_in_other_categories_accounts_have_nothing(sim: Simulator, caller: Caller) -> None:
    sim.open_position("101", SYMBOL, "Buy", "5", "0.7")
    for path in ("position/list", "order/realtime", "execution/list"):
        answer = caller.get(path, category="inverse", settleCoin="USDT")
        assert (answer["retCode"], answer["result"]["list"]) == (0, [])
        assert caller.get(path, category="linear2", settleCoin="USDT")["retCode"] == 10001
    assert caller.post("order/cancel-all", category="inverse", settleCoin="BTC")["retCode"] == 10001


def test_the_log_keeps_every_request(sim: Simulator, caller: Caller) -> None:
    caller.limit("100", "0.75", orderLinkId="L")
    caller.get("order/realtime", symbol=SYMBOL)
    first, second = sim.requests
    assert (first.seq, first.uid, first.path, first.ret_code) == (1, "101", "/v5/order/create", 0)
    assert first.params["orderLinkId"] == "L"
    assert (first.is_write, second.is_write) == (True, False)
    assert (first.fault, first.http_status) == (None, 200)


HUGE = "1" + "0" * 27
DEEP = b'{"a":' * 20_000 + b"1" + b"}" * 20_000


@pytest.mark.parametrize(
    "quantity", [" 0.1", "+0.1", "０.１", "0_1", "1e-1", "nan", HUGE, "0." + "0" * 50 + "1"]
)
def test_what_bybit_does_not_read_as_a_number_is_a_parameter_error(
    caller: Caller, quantity: str
) -> None:
    assert caller.limit(quantity, "0.75")["retCode"] == 10001
    assert caller.limit("100", quantity)["retCode"] == 10001
    assert caller.open_rows() == []


def test_a_row_of_a_batch_with_a_huge_price_fails_alone(caller: Caller) -> None:
    good = {"symbol": SYMBOL, "side": "Buy", "orderType": "Limit", "qty": "100", "price": "0.6"}
    reply = caller.post("order/create-batch", request=[good, {**good, "price": HUGE}, good])
    codes = [one["code"] for one in reply["retExtInfo"]["list"]]
    assert (reply["retCode"], codes) == (0, [0, 10001, 0])


@pytest.mark.parametrize("body", [DEEP, b"[" * 100_000, b"[]", b"nonsense"])
def test_a_body_that_is_no_object_is_refused_and_logged(sim: Simulator, body: bytes) -> None:
    request = Request("POST", "/v5/order/create", body=body)
    reply = sim.handle(sign(request, "key-101", "secret-101", WALL_MS))
    assert (reply.status, reply.headers["Ret_code"] != "0") == (200, True)
    assert sim.requests[-1].path == "/v5/order/create"


def test_headers_of_any_text_are_refused_by_code(sim: Simulator) -> None:
    signed = sign(Request("GET", PATH, QUERY), "key-101", "secret-101", WALL_MS)
    for name, value, expected in (
        ("X-BAPI-SIGN", "ﬁ½", 10004),
        ("X-BAPI-TIMESTAMP", "9" * 5000, 10002),
        ("X-BAPI-TIMESTAMP", "١٢٣", 10002),
    ):
        headers = {key.lower(): text for key, text in signed.headers.items()}
        assert code(sim, replace(signed, headers={**headers, name.lower(): value})) == expected
