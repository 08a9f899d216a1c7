"""The page and the control paths: what is served, to whom, and that the page knows all faults."""

import json
import re
from dataclasses import fields
from pathlib import PurePosixPath
from typing import Any

import pytest
import requests

from trueup.simulator import Fault, FaultKind, SimulatorServer, StreamFault, StreamFaultKind
from trueup.simulator.server.guard import outsider, stranger
from trueup.simulator.server.page import FILES
from trueup.simulator.server.queries import Queries

from ..caller import SYMBOL, Caller
from ..conftest import build

HTML = (FILES / "index.html").read_text("utf-8")
HOST = "127.0.0.1:8080"


def _get(served: SimulatorServer, path: str, **headers: str) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.get(f"{served.url}{path}", headers=headers, timeout=5)


def test_the_page_loads_nothing_from_elsewhere(served: SimulatorServer) -> None:
    for path in ("/", *re.findall(r'(?:src|href)="(/[^"]+)"', HTML)):
        answer = _get(served, path)
        assert answer.status_code == 200, path
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    texts = [file.read_text("utf-8") for file in FILES.iterdir()]
    addresses = {one for text in texts for one in re.findall(r"https?://[^\s\"'`]*", text)}
    assert addresses == {"http://www.w3.org/2000/svg"}, "the name of a format, which nobody opens"
    assert not re.search(r"\s(?:style|on\w+)=", HTML), "the policy forbids them"


def test_there_is_nothing_else_under_page(served: SimulatorServer) -> None:
    for path in ("/page/none.js", "/page/..%2Fpage.py", "/page/%2e%2e/page.py"):
        assert _get(served, path).status_code == 404, path
    suffixes = {PurePosixPath(file.name).suffix for file in FILES.iterdir()}
    assert suffixes <= {".html", ".css", ".js", ".svg"}


def test_bybits_paths_are_bybits(served: SimulatorServer) -> None:
    answer = _get(served, "/v5/market/time", Host="api.bybit.test")
    assert answer.json()["retCode"] == 0
    assert "Content-Security-Policy" not in answer.headers


@pytest.mark.parametrize("host", ["localhost", "localhost:1", "127.0.0.1:9", "[::1]", "[::1]:7"])
def test_this_machine_may(host: str) -> None:
    assert stranger("127.0.0.1", {"host": host}) is None
    assert outsider("127.0.0.1", {"host": host, "origin": f"http://{host}"}) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "evil.test:8080"},
        {"host": "localhost.evil.test"},
        {"host": "localhost:80:80"},
        {"host": ""},
        {},
        {"host": HOST, "origin": "http://evil.test"},
        {"host": HOST, "origin": "http://127.0.0.1:9090"},
        {"host": HOST, "origin": f"https://{HOST}"},
        {"host": HOST, "origin": "null"},
        {"host": HOST, "origin": ""},
        {"host": HOST, "sec-fetch-site": "cross-site"},
        {"host": HOST, "sec-fetch-site": "same-site"},
    ],
)
def test_pages_of_elsewhere_may_not(headers: dict[str, str]) -> None:
    assert outsider("127.0.0.1", headers) is not None
    assert outsider("192.0.2.1", {"host": HOST}) is not None


def test_a_refused_command_does_nothing(served: SimulatorServer) -> None:
    body = json.dumps({"symbol": SYMBOL, "price": "9"})
    with requests.Session() as session:
        session.trust_env = False
        for wrong in ({"Origin": "http://evil.test"}, {"Host": "evil.test"}):
            url = f"{served.url}/control/set_price"
            answer = session.post(url, body, headers=wrong, timeout=5)
            assert (answer.status_code, "evil.test" in answer.json()["error"]) == (403, True)
    assert _get(served, "/", Host="evil.test").status_code == 403
    assert _get(served, "/control/state", Host="evil.test").status_code == 403
    assert str(served.sim.price(SYMBOL)) == "0.7000"


def test_no_secret_is_shown() -> None:
    caller = Caller(build())
    caller.get("user/query-api")
    caller.limit("10", "0.8")
    shown = json.dumps([Queries(caller.sim).get(name, {}) for name in ("overview", "requests")])
    assert "order/create" in shown
    assert "key-101" in shown
    assert caller.secret not in shown


def test_the_last_requests_come_with_what_the_client_saw() -> None:
    caller = Caller(build())
    caller.limit("10", "0.8")
    caller.sim.inject(Fault(kind=FaultKind.REPLY_LOST))
    caller.limit("20", "0.9")
    shown: Any = Queries(caller.sim).get("answered", {"after": "1"})
    (lost,) = shown
    assert (lost["seq"], lost["ret_code"], lost["fault"]) == (2, 0, "reply_lost")
    assert lost["reply"]["delivery"] == "drop"
    assert json.loads(lost["reply"]["body"])["retMsg"] == "OK"
    overview: Any = Queries(caller.sim).get("overview", {"after": "2"})
    assert (overview["last_seq"], overview["answered"]) == (2, [])


def test_only_the_last_hundred_replies_are_kept() -> None:
    caller = Caller(build())
    for _ in range(103):
        caller.get("market/time")
    assert [each.record.seq for each in caller.sim.answered] == [*range(4, 104)]
    assert len(caller.sim.requests) == 103


def test_the_faults_in_force_say_how_often_they_hit_yet() -> None:
    caller = Caller(build())
    endless = StreamFault(kind=StreamFaultKind.SILENCE, times=None)
    some = Fault(kind=FaultKind.RATE_LIMITED, path="order", skip=1, times=2)
    brief = Fault(kind=FaultKind.NOT_JSON, path="none", lasts_ms=10)
    caller.sim.inject(endless, some, brief)
    caller.sim.schedule(None, Fault(kind=FaultKind.TRUNCATED, path="none"))
    assert [left for _, left in caller.sim.faults] == [2, 1, 1, None]
    for left in (2, 2, 1):
        caller.limit("10", "0.8")
        assert dict(caller.sim.faults)[some] == left
    caller.limit("10", "0.8")
    caller.sim.clock.advance(10)
    told: Any = Queries(caller.sim).get("faults", {})
    assert told == [
        {"kind": "truncated", "path": "none", "left": 1},
        {"kind": "silence", "times": None, "left": None},
    ]


def test_an_account_shows_its_balance() -> None:
    caller = Caller(build())
    state: Any = Queries(caller.sim).get("state", {})
    balance = caller.get("account/wallet-balance", accountType="UNIFIED")["result"]["list"][0]
    assert state["accounts"]["101"]["balance"] == balance


def test_a_query_takes_what_it_takes(served: SimulatorServer) -> None:
    for path, error in (
        ("answered?after=soon", "after: not a number: 'soon'"),
        ("state?after=1", "there is no after: there is nothing"),
    ):
        answer = _get(served, f"/control/{path}")
        assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_the_page_offers_every_fault_with_every_field() -> None:
    offered = re.findall(r'<option value="(\w+)" data-text', HTML)
    assert sorted(offered) == sorted([*FaultKind, *StreamFaultKind])
    form = HTML.partition('<form id="inject"')[2].partition("</form>")[0]
    named = set(re.findall(r' name="(\w+)"', form))
    assert named == {each.name for kind in (Fault, StreamFault) for each in fields(kind)}
    fitted = {one for kinds in re.findall(r'data-kinds="([\w ]+)"', form) for one in kinds.split()}
    assert fitted <= set(offered)
