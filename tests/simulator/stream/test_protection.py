"""Disconnection protection: what happens to the orders of a client that is gone."""

import pytest

from trueup.simulator import Simulator, StreamFault, StreamFaultKind

from ..caller import SYMBOL, Caller, order_id
from ..watcher import Watcher

TOPIC = "dcp.future"


@pytest.fixture
def protected(caller: Caller) -> Caller:
    """A client whose window is 5 s, with one active order and one that waits for its trigger."""
    assert caller.post("order/disconnected-cancel-all", timeWindow=5)["retCode"] == 0
    order_id(caller.limit("50", "0.75", orderLinkId="active"))
    waits = {"triggerPrice": "0.80", "triggerDirection": 1, "orderLinkId": "waits"}
    order_id(caller.limit("50", "0.80", **waits))
    return caller


def left(caller: Caller) -> set[str]:
    return {row["orderLinkId"] for row in caller.open_rows()}


def test_the_window_is_kept_and_shown(caller: Caller) -> None:
    assert caller.get("account/query-dcp-info")["result"]["dcpInfos"] == []
    assert caller.get("account/info")["result"]["dcpStatus"] == "OFF"
    for fields in (
        {"timeWindow": 2},
        {"timeWindow": 301},
        {},
        {"timeWindow": 5, "product": "SPOT"},
    ):
        assert caller.post("order/disconnected-cancel-all", **fields)["retCode"] == 10001
    caller.post("order/disconnected-cancel-all", timeWindow=40, product="DERIVATIVES")
    (row,) = caller.get("account/query-dcp-info")["result"]["dcpInfos"]
    assert row == {"product": "DERIVATIVES", "dcpStatus": "ON", "timeWindow": "40"}
    info = caller.get("account/info")["result"]
    assert (info["dcpStatus"], info["timeWindow"]) == ("ON", 40)


def test_active_orders_are_cancelled_when_the_window_is_over(
    sim: Simulator, protected: Caller
) -> None:
    Watcher(sim, (TOPIC, "order")).subscription.close()
    sim.clock.advance(4_999)
    assert left(protected) == {"active", "waits"}
    sim.clock.advance(1)
    assert left(protected) == {"waits"}
    (row,) = protected.get("order/history", symbol=SYMBOL)["result"]["list"]
    assert row["cancelType"] == "CancelByDCP"


def test_a_cut_counts_too_and_who_comes_back_in_time_keeps_them(
    sim: Simulator, protected: Caller
) -> None:
    Watcher(sim, (TOPIC,))
    sim.inject(StreamFault(kind=StreamFaultKind.DROP))
    sim.clock.advance(4_000)
    back = Watcher(sim, (TOPIC,))
    sim.clock.advance(60_000)
    back.subscription.close()
    sim.clock.advance(4_000)
    again = Watcher(sim, (TOPIC,))
    again.subscription.close()
    sim.clock.advance(4_000)
    assert left(protected) == {"active", "waits"}, "each window begins anew"
    sim.clock.advance(1_000)
    assert left(protected) == {"waits"}


def test_all_connections_have_to_be_gone(sim: Simulator, protected: Caller) -> None:
    stays, goes = Watcher(sim, (TOPIC,)), Watcher(sim, (TOPIC,))
    goes.subscription.close()
    sim.clock.advance(60_000)
    assert left(protected) == {"active", "waits"}
    assert stays.received == []


@pytest.mark.parametrize("topics", [("order",), ()])
def test_connections_that_do_not_follow_it_protect_nothing(
    sim: Simulator, protected: Caller, topics: tuple[str, ...]
) -> None:
    for topic in topics:
        Watcher(sim, (topic,)).subscription.close()
    sim.clock.advance(60_000)
    assert left(protected) == {"active", "waits"}


def test_an_account_that_has_set_no_window_keeps_its_orders(sim: Simulator, caller: Caller) -> None:
    order_id(caller.limit("50", "0.75"))
    Watcher(sim, (TOPIC,)).subscription.close()
    sim.clock.advance(600_000)
    assert len(caller.open_rows()) == 1
