"""The stream's frames, as a bare client receives them; the server under load, and its end."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from decimal import Decimal
from typing import Any

import pytest
import requests
from websockets.exceptions import ConnectionClosed, InvalidMessage, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from trueup.simulator import Json, SimulatorServer, StreamFault, StreamFaultKind, stream_auth
from trueup.simulator.server import sockets

from ..caller import SYMBOL
from ..conftest import build
from ..watcher import ALL

Kind = StreamFaultKind
PATIENCE_S = 10.0


class Raw:
    """A client that shows every frame."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    def send(self, frame: Json) -> None:
        """Send a frame and don't wait."""
        self.socket.send(json.dumps(frame))

    def receive(self) -> dict[str, Any]:
        """The next frame."""
        frame: dict[str, Any] = json.loads(self.socket.recv(PATIENCE_S))
        return frame

    def ask(self, frame: Json) -> dict[str, Any]:
        """Send a frame; the next one is its answer."""
        self.send(frame)
        return self.receive()

    def count_to_the_end(self) -> int:
        """How many frames come before the connection ends."""
        received = 0
        with suppress(ConnectionClosed):
            while self.receive():
                received += 1
        return received

    def enter(self, *topics: str, uid: str = "101") -> None:
        """Authenticate and subscribe."""
        soon = time.time_ns() // 1_000_000 + 5_000
        assert self.ask(stream_auth(f"key-{uid}", f"secret-{uid}", soon))["success"]
        assert self.ask({"op": "subscribe", "args": list(topics)})["success"]


@contextmanager
def raw(server: SimulatorServer) -> Iterator[Raw]:
    with connect(server.stream_url, proxy=None, ping_interval=None, close_timeout=0.2) as client:
        yield Raw(client)


def test_pings_of_both_kinds_are_answered(served: SimulatorServer) -> None:
    with raw(served) as client:
        assert client.ask({"op": "ping", "req_id": "r"})["req_id"] == "r"
        assert client.socket.ping().wait(PATIENCE_S)


def test_auth_and_subscription_may_be_sent_at_once(served: SimulatorServer) -> None:
    soon = time.time_ns() // 1_000_000 + 5_000
    with raw(served) as client:
        client.send(stream_auth("key-101", "secret-101", soon))
        client.send({"op": "subscribe", "req_id": "r", "args": ["order"]})
        assert [client.receive()["op"] for _ in range(2)] == ["auth", "subscribe"]


def test_an_auth_that_has_expired_by_the_exchanges_clock(served: SimulatorServer) -> None:
    served.sim.wall_skew_ms = 60_000
    soon = time.time_ns() // 1_000_000 + 5_000
    with raw(served) as client:
        assert not client.ask(stream_auth("key-101", "secret-101", soon))["success"]


def test_frames_that_are_no_text_are_refused(served: SimulatorServer) -> None:
    with raw(served) as client:
        client.socket.send(b"\x00\x01")
        assert client.receive()["ret_msg"] == "error:invalid op"


@pytest.mark.parametrize("code", [1001, None])
def test_a_drop_with_and_without_a_close_frame(served: SimulatorServer, code: int | None) -> None:
    with raw(served) as client:
        client.enter("order")
        served.sim.place_entry("101", SYMBOL, "Buy", "50", "0.65", "before")
        served.sim.inject(StreamFault(kind=Kind.DROP, code=code))
        assert client.receive()["data"][0]["orderLinkId"] == "before"
        with pytest.raises(ConnectionClosed) as closed:
            client.receive()
        assert (None if closed.value.rcvd is None else closed.value.rcvd.code) == code


@pytest.mark.parametrize("code", [1008, None])
def test_a_failed_auth_may_end_the_connection(served: SimulatorServer, code: int | None) -> None:
    served.sim.inject(StreamFault(kind=Kind.AUTH_FAILED, code=code))
    soon = time.time_ns() // 1_000_000 + 5_000
    with raw(served) as client:
        assert not client.ask(stream_auth("key-101", "secret-101", soon))["success"]
        if code is None:
            assert client.ask({"op": "ping"})["op"] == "pong"
        else:
            with pytest.raises(ConnectionClosed):
                client.receive()


def test_a_half_open_connection_answers_nothing_until_it_is_cut(served: SimulatorServer) -> None:
    with raw(served) as client, raw(served) as healthy:
        client.enter("order")
        healthy.enter("order", uid="202")
        served.sim.inject(StreamFault(kind=Kind.HALF_OPEN, uid="101"))
        client.send({"op": "ping"})
        pong = client.socket.ping()
        assert healthy.ask({"op": "ping"})["op"] == "pong"
        assert not pong.wait(0.2)
        served.sim.inject(StreamFault(kind=Kind.DROP, uid="101"))
        with pytest.raises(ConnectionClosed):
            client.receive()
        assert healthy.socket.ping().wait(PATIENCE_S)


def test_silence_answers_both_kinds_of_pings(served: SimulatorServer) -> None:
    with raw(served) as client:
        client.enter("order")
        served.sim.inject(StreamFault(kind=Kind.SILENCE, times=None))
        served.sim.place_entry("101", SYMBOL, "Buy", "50", "0.65")
        assert client.ask({"op": "ping"})["op"] == "pong"
        assert client.socket.ping().wait(PATIENCE_S)


def test_refusals_of_connections(served: SimulatorServer) -> None:
    served.sim.inject(
        StreamFault(kind=Kind.REFUSED, status=403), StreamFault(kind=Kind.REFUSED, status=0)
    )
    with pytest.raises(InvalidStatus) as refused, raw(served):
        pass
    assert refused.value.response.status_code == 403


def test_a_refusal_without_an_answer(served: SimulatorServer) -> None:
    served.sim.inject(StreamFault(kind=Kind.REFUSED, status=0))
    with pytest.raises(InvalidMessage), raw(served):
        pass
    with raw(served) as client:
        assert client.ask({"op": "ping"})["op"] == "pong"


def test_no_stream_under_other_paths_and_no_page_under_the_streams(
    served: SimulatorServer,
) -> None:
    for path in ("/v5/private/x", "/v5/trade", "/control/state", "/"):
        at = served.url.replace("http", "ws") + path
        with pytest.raises(InvalidStatus) as refused, connect(at, proxy=None):
            pass
        answer = refused.value.response
        assert answer.status_code == 404
        assert json.loads(answer.body) == {
            "retCode": 10017,
            "retMsg": f"Route not found. The simulator has no stream at {path}, "
            "but /v5/private and /v5/public/linear",
        }
    assert requests.get(f"{served.url}/v5/private", timeout=5).json()["retCode"] == 10017


def test_messages_keep_their_order_from_many_threads(served: SimulatorServer) -> None:
    sim = served.sim
    with raw(served) as client:
        client.enter(*ALL)

        def work(number: int) -> None:
            entry = sim.place_entry("101", SYMBOL, "Buy", "10", "0.65", f"n-{number}")
            sim.fill("101", entry)

        with ThreadPoolExecutor(6) as pool:
            list(pool.map(work, range(60)))
        received = [client.receive() for _ in range(60 * 5)]
    fills = [m["data"][0]["seq"] for m in received if m["topic"] == "execution"]
    assert fills == sorted(fills)
    assert len(fills) == 60
    sizes = [Decimal(m["data"][0]["size"]) for m in received if m["topic"] == "position"]
    assert sizes == sorted(sizes)


def test_a_large_burst_arrives(served: SimulatorServer) -> None:
    with raw(served) as client:
        client.enter("order")
        served.sim.inject(StreamFault(kind=Kind.DUPLICATE, copies=2_000))
        served.sim.place_entry("101", SYMBOL, "Buy", "50", "0.65")
        assert len({client.receive()["id"] for _ in range(2_000)}) == 1


def test_a_client_that_is_too_far_behind_is_cut_off(
    served: SimulatorServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "BACKLOG", 50)
    with raw(served) as client:
        client.enter("order")
        served.sim.inject(StreamFault(kind=Kind.DUPLICATE, copies=500))
        served.sim.place_entry("101", SYMBOL, "Buy", "50", "0.65")
        assert client.count_to_the_end() < 500


def test_a_client_that_leaves_is_removed(served: SimulatorServer) -> None:
    with raw(served) as client:
        client.enter("order")
    with raw(served) as other:
        other.enter("order", uid="202")
        assert [state.uid for state in served.sim.streams] == ["202"]


def test_a_server_with_streams_stops_at_once(capfd: pytest.CaptureFixture[str]) -> None:
    server = SimulatorServer(build(wall_ms=None))
    server.start()
    with raw(server) as healthy, raw(server) as deaf:
        healthy.enter("order")
        deaf.enter("order")
        server.sim.inject(StreamFault(kind=Kind.SILENCE))
        server.sim.inject(StreamFault(kind=Kind.HALF_OPEN, uid="101"))
        began = time.monotonic()
        server.stop()
        assert time.monotonic() - began < 3
        with pytest.raises(ConnectionClosed):
            healthy.receive()
    assert server.sim.streams == ()
    server.sim.place_entry("101", SYMBOL, "Buy", "50", "0.65")
    assert capfd.readouterr() == ("", "")


def test_stream_faults_over_control(served: SimulatorServer) -> None:
    def post(name: str, **arguments: object) -> requests.Response:
        return requests.post(f"{served.url}/control/{name}", json=arguments, timeout=5)

    with raw(served) as client:
        client.enter("order")
        (state,) = requests.get(f"{served.url}/control/streams", timeout=5).json()["result"]
        assert (state["uid"], state["topics"], state["sent"]) == ("101", ["order"], 0)
        assert post("inject", kind="duplicate", copies=3).status_code == 200
        entry = {"symbol": SYMBOL, "side": "Buy", "quantity": "50", "price": "0.65"}
        post("place_entry", uid="101", **entry)
        assert len({client.receive()["id"] for _ in range(3)}) == 1
        assert post("inject", kind="drop", code=1001).status_code == 200
        with pytest.raises(ConnectionClosed):
            client.receive()
    assert post("schedule", entries=[{"kind": "drop"}]).status_code == 400
    assert post("inject", kind="drop", no_such=1).status_code == 400
    assert post("inject", kind="no-such").status_code == 400
