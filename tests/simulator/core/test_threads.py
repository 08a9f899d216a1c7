"""Many threads at once, listeners, and a server that stops while a reply is due."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from pybit.unified_trading import HTTP

from trueup.simulator import (
    Change,
    Fault,
    FaultKind,
    Fill,
    SimOrder,
    SimPosition,
    Simulator,
    SimulatorServer,
)
from trueup.simulator.server.server import listen

from ..caller import SYMBOL, Caller, order_id
from ..conftest import build


def test_no_order_is_lost_between_threads(sim: Simulator) -> None:
    def work(worker: int) -> list[str]:
        caller = Caller(sim)
        made = [caller.limit("100", "0.75", orderLinkId=f"{worker}-{n}") for n in range(20)]
        sim.clock.advance(1)
        return [order_id(reply) for reply in made]

    with ThreadPoolExecutor(8) as pool:
        ids = [made for batch in pool.map(work, range(8)) for made in batch]
    assert len(set(ids)) == 160
    assert {order.order_id for order in sim.orders("101")} == set(ids)
    assert [record.seq for record in sim.requests] == list(range(1, 161))


def test_the_server_serves_threads(served: SimulatorServer, pybit: HTTP) -> None:
    def work(number: int) -> int:
        fields = {"symbol": SYMBOL, "side": "Sell", "orderType": "Limit", "qty": "10"}
        answer = pybit.place_order(
            category="linear", **fields, price="0.75", orderLinkId=f"n-{number}"
        )
        return int(answer[0]["retCode"])

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(work, range(40))) == [0] * 40
    assert len(served.sim.orders("101")) == 40


def test_listeners_receive_every_effect(sim: Simulator, caller: Caller) -> None:
    received = list[tuple[Change, ...]]()
    sim.listen(received.append)
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    order_id(caller.take_profit("60", "0.75", "TP1"))
    sim.set_price(SYMBOL, "0.76")
    kinds = [[type(change.subject) for change in changes] for changes in received]
    assert kinds == [[SimPosition], [SimOrder], [SimPosition, SimOrder, Fill]]
    assert {change.uid for changes in received for change in changes} == {"101"}


def test_a_server_stops_while_a_reply_is_due(capfd: pytest.CaptureFixture[str]) -> None:
    server = SimulatorServer(build(wall_ms=None))
    server.start()
    server.sim.inject(Fault(kind=FaultKind.LATE_REPLY, delay_ms=60_000))
    outcome = list[Exception]()

    def ask() -> None:
        try:
            requests.get(f"{server.url}/v5/market/time", timeout=30)
        except requests.exceptions.ConnectionError as error:
            outcome.append(error)

    client = threading.Thread(target=ask)
    client.start()
    while not server.sim.requests:
        pass
    server.stop()
    client.join(5)
    assert len(outcome) == 1
    assert capfd.readouterr() == ("", "")


def test_two_servers_one_after_the_other_on_one_port() -> None:
    sim = build(wall_ms=None)
    with SimulatorServer(sim) as first:
        port = int(first.url.rpartition(":")[2])
    with SimulatorServer(sim, port) as second:
        assert second.url == first.url
        assert requests.get(f"{second.url}/v5/market/time", timeout=5).status_code == 200


def test_small_answers_are_not_held_back() -> None:
    listener = listen(0)
    with listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_a_port_in_use_is_reported(served: SimulatorServer) -> None:
    port = int(served.url.rpartition(":")[2])
    with pytest.raises(OSError, match="in use"):
        SimulatorServer(served.sim, port).start()
