"""Subscriptions in the same process: topics, their forms, accounts, switches."""

from dataclasses import replace

import pytest

from trueup.simulator import Change, SimOrder, Simulator, Step, StreamRefused

from ..caller import SYMBOL, Caller, order_id
from ..watcher import Watcher


def test_only_the_account_and_the_topics_that_are_asked_for(
    sim: Simulator, caller: Caller, hedger: Caller
) -> None:
    mine, other = Watcher(sim, ("order",)), Watcher(sim, ("position", "wallet"), uid="202")
    caller.limit("50", "0.75")
    assert (mine.topics, other.topics) == (["order"], [])
    hedger.limit("50", "0.75", positionIdx=2)
    assert (mine.topics, other.topics) == (["order"], ["position"])
    assert other.items("position")[0]["positionIdx"] == 2


def test_nothing_is_sent_about_the_past(sim: Simulator, caller: Caller) -> None:
    caller.limit("50", "0.75")
    assert Watcher(sim).received == []


def test_a_categorised_topic_names_its_messages(sim: Simulator, caller: Caller) -> None:
    watcher = Watcher(sim, ("order.linear", "position.inverse", "execution.fast.linear"))
    caller.limit("50", "0.65")
    assert watcher.topics == ["order.linear", "execution.fast.linear"]


@pytest.mark.parametrize(
    ("topics", "text"),
    [
        (("orders",), "error:handler not found,topic:orders"),
        (("position.spot",), "error:handler not found,topic:position.spot"),
        (("order", "execution.linear"), "Params Error"),
        ((), "Params Error"),
    ],
)
def test_wrong_topics(sim: Simulator, topics: tuple[str, ...], text: str) -> None:
    with pytest.raises(StreamRefused) as refused:
        Watcher(sim, topics)
    assert (refused.value.step, refused.value.text) == (Step.SUBSCRIBE, text)
    assert sim.streams == ()


def test_an_account_that_is_not_there(sim: Simulator) -> None:
    with pytest.raises(KeyError, match="no account 303"):
        Watcher(sim, uid="303")


def test_a_closed_subscription_receives_nothing(sim: Simulator, caller: Caller) -> None:
    watcher = Watcher(sim)
    assert [(state.uid, state.topics) for state in sim.streams] == [
        ("101", ("order", "execution", "position"))
    ]
    watcher.subscription.close()
    watcher.subscription.close()
    caller.limit("50", "0.75")
    assert (watcher.received, watcher.cuts, sim.streams) == ([], [], ())
    assert not watcher.subscription.is_open
    assert not watcher.subscription.ping()


@pytest.mark.parametrize("bundled", [True, False])
def test_the_changes_of_one_effect_come_in_one_message_of_each_topic(
    sim: Simulator, caller: Caller, *, bundled: bool
) -> None:
    sim.behaviour = replace(sim.behaviour, stream_bundles=bundled)
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    for price in ("0.75", "0.76"):
        caller.take_profit("10", price)
    watcher = Watcher(sim)
    sim.set_price(SYMBOL, "0.77")
    assert watcher.topics == ["position", "order", "execution"] * (1 if bundled else 2)
    assert [item["size"] for item in watcher.items("position")] == ["90", "80"]
    assert [item["execPrice"] for item in watcher.items("execution")] == ["0.75", "0.76"]


@pytest.mark.parametrize(("twice", "times"), [(False, 1), (True, 2)])
def test_a_cancel_that_loses_may_send_the_filled_order_twice(
    sim: Simulator, caller: Caller, *, twice: bool, times: int
) -> None:
    sim.behaviour = replace(sim.behaviour, effect_delay_ms=200, second_filled=twice)
    entry = sim.place_entry("101", SYMBOL, "Buy", "100", "0.65")
    watcher, received = Watcher(sim, ("order",)), list[tuple[Change, ...]]()
    sim.listen(received.append)
    caller.post("order/cancel", symbol=SYMBOL, orderId=entry)
    sim.fill("101", entry)
    sim.clock.advance(200)
    filled = [
        ("Filled", "UNKNOWN", "EC_NoError"),
        ("Filled", "CancelByUser", "EC_OrigClOrdIDDoesNotExist"),
    ]
    fields = ("orderStatus", "cancelType", "rejectReason")
    assert [tuple(item[name] for name in fields) for item in watcher.items("order")] == filled[
        :times
    ]
    assert len([c for each in received for c in each if isinstance(c.subject, SimOrder)]) == times
    (kept,) = sim.closed_orders("101")
    assert kept.reject_reason.value == "EC_NoError", "the books stay as they are"


def test_a_cancel_that_loses_to_another_cancel_sends_nothing(
    sim: Simulator, caller: Caller
) -> None:
    sim.behaviour = replace(sim.behaviour, effect_delay_ms=200, second_filled=True)
    entry = sim.place_entry("101", SYMBOL, "Buy", "100", "0.65")
    watcher = Watcher(sim, ("order",))
    for _ in range(2):
        assert order_id(caller.post("order/cancel", symbol=SYMBOL, orderId=entry)) == entry
    sim.clock.advance(200)
    assert [item["orderStatus"] for item in watcher.items("order")] == ["Cancelled"]
