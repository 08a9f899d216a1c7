"""The control paths, as another process uses them."""

import json
import signal
import subprocess
import sys
from decimal import Decimal

import pytest
import requests

from trueup.simulator import (
    FaultKind,
    InstrumentSpec,
    Request,
    SimulatorServer,
    build_scenario,
    load_scenario,
    scenarios,
)
from trueup.simulator.server.control import Control

from ..caller import SYMBOL

BAND = scenarios()["band"]
SPEC = {"tick": "1", "step": "1", "min_quantity": "1", "max_quantity": "9", "price": "5"}


def test_a_whole_story_over_control(served: SimulatorServer) -> None:
    with requests.Session() as session:
        session.trust_env = False

        def post(name: str, **arguments: object) -> object:
            answer = session.post(f"{served.url}/control/{name}", json=arguments, timeout=5)
            assert answer.status_code == 200, answer.text
            return answer.json()["result"]

        entry = post(
            "place_entry", uid="101", symbol=SYMBOL, side="Buy", quantity="100", price="0.68"
        )
        assert post("fill", uid="101", order_id=entry, quantity="40") == "40"
        post("cancel_by_hand", uid="101", order_id=entry)
        post("advance", ms=250)
        post("behaviour", reduce_only_sum="reject", liquidity="10")
        post("inject", kind="reply_lost", path="order/create")
        post("schedule", entries=[None, {"kind": "not_json"}])
        post("set_price", symbol=SYMBOL, price="0.71")
        state = session.get(f"{served.url}/control/state", timeout=5).json()["result"]
        seen = session.get(f"{served.url}/control/requests", timeout=5).json()["result"]
    assert seen == [], "control is not on the wire log"
    assert (state["now_ms"], state["prices"]) == (1_737_809_937_250, {SYMBOL: "0.71"})
    assert [row["size"] for row in state["accounts"]["101"]["positions"]] == ["40"]
    assert served.sim.behaviour.liquidity == Decimal(10)


def test_refusals_are_reported(served: SimulatorServer) -> None:
    url = f"{served.url}/control"
    with requests.Session() as session:
        session.trust_env = False
        assert session.post(f"{url}/no-such", timeout=5).status_code == 404
        assert session.get(f"{url}/no-such", timeout=5).status_code == 404
        wrong = session.post(f"{url}/set_price", json={"symbol": "NOPE", "price": "1"}, timeout=5)
        assert (wrong.status_code, wrong.json()["retCode"]) == (400, 10001)
        wrong = session.post(f"{url}/behaviour", json={"no_such_switch": 1}, timeout=5)
        assert wrong.status_code == 400
        wrong = session.post(f"{url}/fill", json={"uid": "101", "order_id": "x"}, timeout=5)
        assert "no open order" in wrong.json()["error"]


def test_the_request_log_over_control(served: SimulatorServer) -> None:
    with requests.Session() as session:
        session.trust_env = False
        session.get(f"{served.url}/v5/market/time", timeout=5)
        (record,) = session.get(f"{served.url}/control/requests", timeout=5).json()["result"]
    assert (record["path"], record["ret_code"], record["fault"]) == ("/v5/market/time", 0, None)


def test_virtual_time_may_follow_the_wall(served: SimulatorServer) -> None:
    sim = served.sim
    with SimulatorServer(sim, follow_wall=True) as second, requests.Session() as session:
        session.trust_env = False
        start = now = sim.clock.now_ms()
        while now < start + 40:
            now = session.get(f"{second.url}/v5/market/time", timeout=5).json()["time"]
    stopped = sim.clock.now_ms()
    assert stopped >= now >= start + 40


def test_the_band_scenario() -> None:
    sim = load_scenario(BAND)
    assert sim.accounts == ("101", "202")
    assert sim.position("101", SYMBOL, "Buy").size == Decimal(1000)
    ladder = [order for order in sim.orders("202") if order.reduce_only]
    assert sum(order.quantity for order in ladder) == sim.position("202", SYMBOL, "Buy").size
    kinds = {order.stop_order_type.value for order in sim.orders("101")}
    assert kinds == {"UNKNOWN", "StopLoss"}


def test_scenarios_say_what_is_wrong() -> None:
    with pytest.raises(ValueError, match="unknown sections: account"):
        build_scenario({"account": []})
    with pytest.raises(TypeError, match="no_such"):
        build_scenario({"behaviour": {"no_such": 1}})
    with pytest.raises(TypeError, match=r"not 0\.5"):
        InstrumentSpec(symbol="X", tick=0.5, step="1", min_quantity="1", max_quantity="2")  # type: ignore[arg-type] # a float is the mistake


CONTRACT = {"symbol": "X", **SPEC}
OWNER = {"uid": "1", "api_key": "k", "api_secret": "s"}
PLACE = {"symbol": "X", "side": "Buy", "quantity": "1", "price": "5"}
FAULTY: list[tuple[dict[str, object], str]] = [
    ({"behaviour": {"no_such": 1}}, "[behaviour]: there is no no_such"),
    ({"behaviour": 5}, "[behaviour]: a table is wanted, not 5"),
    ({"instruments": {"symbol": "X"}}, "[[instruments]]: tables are wanted, not {"),
    ({"instruments": ["X"]}, "[[instruments]] number 1: a table is wanted, not 'X'"),
    (
        {"instruments": [CONTRACT, {**CONTRACT, "symbol": "Y", "tick": "0"}]},
        "[[instruments]] number 2 (Y): the tick and the step of Y must be positive",
    ),
    (
        {"instruments": [CONTRACT, CONTRACT]},
        "[[instruments]] number 2: symbol: X is there already",
    ),
    ({"accounts": [OWNER, OWNER]}, "[[accounts]] number 2: uid: 1 is there already"),
    (
        {"accounts": [OWNER, {**OWNER, "uid": "2"}]},
        "[[accounts]] number 2 (2): account 2 or its API key exists already",
    ),
    ({"accounts": [{"uid": "1"}]}, "[[accounts]] number 1 (1): api_key is missing"),
    (
        {"accounts": [{**OWNER, "keys": [{"api_key": "k", "api_secret": "t"}]}]},
        "[[accounts]] number 1 (1): [[keys]] number 1 (k): api_key: k is the account's first one",
    ),
    (
        {"instruments": [CONTRACT], "accounts": [{**OWNER, "positions": [PLACE, {}]}]},
        "[[accounts]] number 1 (1): [[positions]] number 2: symbol is missing",
    ),
    (
        {"accounts": [{**OWNER, "positions": [PLACE]}]},
        "[[accounts]] number 1 (1): [[positions]] number 1: params error: symbol invalid X",
    ),
    (
        {"instruments": [CONTRACT], "accounts": [{**OWNER, "orders": [{"symbol": "X"}]}]},
        "[[accounts]] number 1 (1): [[orders]] number 1: params error: side invalid",
    ),
    ({"faults": [{"kind": "not_json"}, {}]}, "[[faults]] number 2: kind is missing"),
]


@pytest.mark.parametrize(("scenario", "error"), FAULTY)
def test_a_scenario_says_in_which_section_it_is_wrong(
    scenario: dict[str, object], error: str
) -> None:
    with pytest.raises((TypeError, ValueError)) as raised:
        build_scenario(scenario)
    assert str(raised.value).startswith(error)


def test_a_scenario_may_bring_a_balance() -> None:
    account = {"uid": "1", "api_key": "k", "api_secret": "s", "balance": {"USDT": "12.5"}}
    assert build_scenario({"accounts": [account]}).wallet("1") == {"USDT": Decimal("12.5")}
    wrong = account | {"balance": {"USDT": "much"}}
    with pytest.raises(ValueError, match=r"balance\.USDT: not a number"):
        build_scenario({"accounts": [wrong]})


def test_a_scenario_may_bring_faults() -> None:
    sim = build_scenario({"faults": [{"kind": "not_json"}]})
    assert sim.accounts == ()
    assert FaultKind.NOT_JSON.value == "not_json"


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("ignores", [(), ("sh", "-c", 'trap "" INT; exec "$@"', "sh")])
def test_a_scenario_is_served_as_a_process_of_its_own(
    ignores: tuple[str, ...], ending: signal.Signals
) -> None:
    command = [*ignores, sys.executable, "-m", "trueup.simulator", str(BAND), "--frozen"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        with requests.Session() as session:
            session.trust_env = False
            answer = session.get(f"{url}/v5/market/time", timeout=5).json()
        process.send_signal(ending)
        assert process.wait(10) == 0
    assert answer["time"] == 1_737_809_937_000


def test_all_faults_are_removed_over_control(served: SimulatorServer) -> None:
    control, time = Control(served.sim), Request("GET", "/v5/market/time")
    control.post("inject", b'{"kind": "server_error", "times": null}')
    assert served.sim.handle(time).status != 200
    assert control.post("clear_faults", b"{}") == (200, {"result": None})
    assert served.sim.handle(time).status == 200
    status, answer = control.post("clear_faults", b'{"faults": []}')
    assert (status, answer["error"]) == (400, "there is no faults: there is nothing")


def test_numbers_may_be_text_everywhere(served: SimulatorServer) -> None:
    control = Control(served.sim)
    assert control.post("advance", b'{"ms": "10"}') == (200, {"result": None})
    assert control.post("behaviour", b'{"effect_delay_ms": "30"}') == (200, {"result": None})
    assert control.post("inject", b'{"kind": "late_effect", "delay_ms": "200"}')[0] == 200
    assert served.sim.behaviour.effect_delay_ms == 30
    order = {"symbol": SYMBOL, "side": "Sell", "orderType": "Limit", "qty": "10", "price": "0.72"}
    body = json.dumps({"uid": "101", **order}).encode()
    assert control.post("place_order", body)[0] == 200
    sim = build_scenario(
        {
            "start_ms": "1737809937000",
            "behaviour": {"effect_delay_ms": "30"},
            "faults": [{"kind": "delay", "delay_ms": "200", "times": "2"}],
        }
    )
    assert (sim.clock.now_ms(), sim.behaviour.effect_delay_ms) == (1_737_809_937_000, 30)


@pytest.mark.parametrize(
    ("command", "body", "error"),
    [
        ("advance", '{"ms": "soon"}', "ms: not a number: 'soon'"),
        ("advance", '{"ms": 1.5}', "ms: a whole number is wanted, not Decimal('1.5')"),
        ("advance", "{}", "ms is missing"),
        ("advance", "[]", "a JSON object is wanted, of no more than 32 levels"),
        ("advance", '{"ms": ' + "[" * 100_000, "a JSON object is wanted, of no more than 32"),
        ("restart", '{"ms": 1}', "there is no ms: there is nothing"),
        ("behaviour", '{"ip_limit": "no"}', "ip_limit: true or false is wanted, not 'no'"),
        (
            "behaviour",
            '{"no_change": "maybe"}',
            "no_change: one of ok, error is wanted, not 'maybe'",
        ),
        ("inject", "{}", "kind is missing"),
        ("inject", '{"kind": "late_reply", "delay_ms": true}', "delay_ms: a number must be "),
        ("inject", '{"kind": "delay", "uid": 101}', "uid: text is wanted, not 101"),
        ("schedule", '{"entries": {}}', "entries: a list is wanted, not {}"),
        ("fill", '{"uid": "101", "order_id": "x", "quantity": "all"}', "quantity: not a number"),
        ("add_instrument", '{"symbol": "X"}', "tick is missing"),
        (
            "add_account",
            '{"uid": "9", "api_key": "k", "api_secret": "s", "limits": {"/v5": "x"}}',
            "limits./v5: not a number: 'x'",
        ),
    ],
)
def test_what_has_the_wrong_type_is_refused_by_name(
    served: SimulatorServer, command: str, body: str, error: str
) -> None:
    status, answer = Control(served.sim).post(command, body.encode())
    assert status == 400
    assert answer["error"].startswith(error)


@pytest.mark.parametrize(
    ("command", "body", "says"),
    [
        ("advance", b'{"ms": 400000000000}', "ms: a whole number from 0 to 315360000000 is wanted"),
        (
            "set_price",
            b'{"symbol": "BANDUSDT", "price": "-5"}',
            "price: a number above 0 is wanted, not -5",
        ),
        (
            "set_price",
            b'{"symbol": "BANDUSDT", "price": "0"}',
            "price: a number above 0 is wanted, not 0",
        ),
        ("set_price", b'{"symbol": "BANDUSDT", "price": "1e999"}', "price: not a number"),
        (
            "set_mark_price",
            b'{"symbol": "BANDUSDT", "price": "-5"}',
            "price: a number above 0 is wanted",
        ),
        (
            "record_order",
            b'{"uid": "101", "symbol": "BANDUSDT", "side": "Sell", "reduceonly": true}',
            "an order has no reduceonly; it has ",
        ),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    served: SimulatorServer, command: str, body: bytes, says: str
) -> None:
    control, before = Control(served.sim), served.sim.clock.now_ms()
    status, answer = control.post(command, body)
    assert status == 400
    assert answer["error"].startswith(says), answer
    assert served.sim.clock.now_ms() == before
    assert served.sim.orders("101") == ()


AT = {"uid": "101", "symbol": SYMBOL, "side": "Buy"}
KEYED = {"uid": "9", "api_key": "k", "api_secret": "s"}
WRONG: list[tuple[str, dict[str, object], str]] = [
    ("set_position", {**AT, "quantity": "-5", "price": "0.7"}, "quantity: 0 or a number above it"),
    ("set_position", {**AT, "quantity": "5", "price": "-1"}, "price: 0 or a number above it"),
    ("set_position", {**AT, "side": "Long", "quantity": "5"}, "side: one of Buy, Sell is wanted"),
    ("open_position", {**AT, "quantity": "0", "price": "0.7"}, "quantity: a number above 0"),
    ("open_position", {**AT, "quantity": "5", "price": "-0.7"}, "price: a number above 0"),
    ("place_entry", {**AT, "quantity": "-5", "price": "0.6"}, "quantity: a number above 0"),
    ("place_entry", {**AT, "quantity": "5", "price": "-0.6"}, "price: a number above 0"),
    ("trade", {**AT, "uid": "9", "quantity": "5"}, "no account 9: add_account first"),
    ("trade", {**AT, "quantity": "-5"}, "quantity: a number above 0 is wanted, not -5"),
    ("fill", {"uid": "101", "order_id": "x", "quantity": "-1"}, "quantity: a number above 0"),
    ("liquidate", {**AT, "quantity": "-5"}, "quantity: a number above 0"),
    ("deleverage", {**AT, "quantity": "-5"}, "quantity: a number above 0"),
    ("deliver", {"symbol": SYMBOL, "price": "0"}, "price: a number above 0"),
    ("backdate", {"symbol": SYMBOL, "ms": -1}, "ms: a whole number from 0 to 315360000000"),
    ("advance", {"ms": -1}, "ms: a whole number from 0 to 315360000000 is wanted, not -1"),
    ("add_instrument", {**SPEC, "symbol": ""}, "symbol: 1 to 40 capitals, digits and hyphens"),
    ("add_instrument", {**SPEC, "symbol": "new usdt"}, "symbol: 1 to 40 capitals"),
    ("add_instrument", {**SPEC, "symbol": "X", "status": "Open"}, "status: one of Trading, "),
    ("add_instrument", {**SPEC, "symbol": "X", "category": "forward"}, "category: one of linear"),
    ("add_instrument", {**SPEC, "symbol": "X", "min_quantity": "-1"}, "min_quantity: 0 or a"),
    ("add_instrument", {**SPEC, "symbol": "X", "price": "-5"}, "price: a number above 0"),
    ("add_instrument", {**SPEC, "symbol": "X", "mark_price": "0"}, "mark_price: a number above 0"),
    ("set_instrument_status", {"symbol": SYMBOL, "status": "Open"}, "status: one of Trading, "),
    ("set_instrument_status", {"symbol": SYMBOL, "status": "PreLaunch", "phase": "x"}, "phase: "),
    ("add_account", {**KEYED, "uid": ""}, "uid: 1 to 64 ASCII characters without spaces"),
    ("add_account", {**KEYED, "api_key": " key"}, "api_key: 1 to 128 ASCII characters are"),
    ("add_account", {**KEYED, "api_secret": ""}, "api_secret: 1 to 128 ASCII characters"),
    ("add_account", {**KEYED, "limits": {"/v5/order/create": -1}}, "limits./v5/order/create: a"),
    ("add_account", {**KEYED, "limits": {"order/create": 1}}, "limits: there is no path 'order/cr"),
    ("add_account", {**KEYED, "balance": {"USDT": "-1"}}, "balance.USDT: 0 or a number above it"),
    ("add_key", {**KEYED, "uid": "101", "contract_trade": ["All"]}, "contract_trade: one of Order"),
    ("add_key", {**KEYED, "uid": "101", "expires_ms": -1}, "expires_ms: a whole number from 0 on"),
    ("behaviour", {"effect_delay_ms": -1}, "effect_delay_ms: 0 or a number above it is wanted"),
    ("behaviour", {"book_depth": "-1"}, "book_depth: 0 or a number above it is wanted"),
    ("inject", {"kind": "duplicate", "copies": 0}, "copies: a whole number from 1 to 10000"),
    ("inject", {"kind": "duplicate", "copies": 10**9}, "copies: a whole number from 1 to 10000"),
    ("inject", {"kind": "reply_lost", "times": -1}, "times: a whole number from 0 on is wanted"),
    ("inject", {"kind": "reply_lost", "method": "PUT"}, 'method: one of "", GET, POST is wanted'),
    ("inject", {"kind": "late_reply", "delay_ms": -1}, "delay_ms: a whole number from 0 to"),
    ("inject", {"kind": "server_error", "status": 99}, "status: a whole number from 200 to 599"),
    ("schedule", {"entries": [{"kind": "not_json", "skip": -1}]}, "skip: a whole number from 0"),
    (
        "record_order",
        {**AT, "orderType": "Limit", "qty": "-5", "price": "0.6"},
        "qty: 0 or a number above it is wanted, not -5",
    ),
    (
        "place_order",
        {**AT, "orderType": "Limit", "qty": "5", "price": "0.6", "cumExecQty": "6"},
        "cumExecQty: at most the qty of 5 is wanted",
    ),
]


@pytest.mark.parametrize(("command", "given", "error"), WRONG)
def test_what_means_nothing_is_refused_by_name_and_changes_nothing(
    served: SimulatorServer, command: str, given: dict[str, object], error: str
) -> None:
    control = Control(served.sim)
    shown = ("overview", "requests")
    before = [control.get(name, {}) for name in shown], served.sim.symbols, served.sim.behaviour
    status, answer = control.post(command, json.dumps(given).encode())
    assert status == 400
    assert answer["error"].startswith(error)
    after = [control.get(name, {}) for name in shown], served.sim.symbols, served.sim.behaviour
    assert after == before
