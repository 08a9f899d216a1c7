"""Stream faults without sockets: what a client receives, for how long, and that runs repeat."""

import pytest

from trueup.simulator import (
    Fault,
    FaultKind,
    Json,
    Simulator,
    Step,
    StreamFault,
    StreamFaultKind,
    StreamRefused,
)

from ..caller import SYMBOL, Caller, order_id
from ..conftest import build
from ..watcher import Watcher

Kind = StreamFaultKind


def place(caller: Caller, *links: str) -> None:
    for link in links:
        order_id(caller.limit("50", "0.75", orderLinkId=link))


def links(watcher: Watcher) -> list[str]:
    return [item["orderLinkId"] for message in watcher.pop_messages() for item in message["data"]]


@pytest.mark.parametrize(
    ("kind", "step", "text"),
    [
        (Kind.REFUSED, Step.CONNECT, ""),
        (Kind.AUTH_FAILED, Step.AUTH, "Params Error"),
        (Kind.SUBSCRIBE_FAILED, Step.SUBSCRIBE, "error:handler not found"),
    ],
)
def test_a_stream_that_is_refused(
    sim: Simulator, kind: StreamFaultKind, step: Step, text: str
) -> None:
    sim.inject(StreamFault(kind=kind, uid="101", times=2))
    for _ in range(2):
        with pytest.raises(StreamRefused) as refused:
            Watcher(sim)
        assert (refused.value.step, refused.value.text) == (step, text)
    assert Watcher(sim, uid="202").subscription.is_open
    assert Watcher(sim).subscription.is_open


def test_refused_for_a_while(sim: Simulator) -> None:
    sim.inject(StreamFault(kind=Kind.REFUSED, times=None, lasts_ms=500))
    for _ in range(5):
        with pytest.raises(StreamRefused):
            Watcher(sim)
        sim.clock.advance(100)
    assert Watcher(sim).subscription.is_open


def test_dropped_at_once_and_nothing_is_replayed(sim: Simulator, caller: Caller) -> None:
    first, second = Watcher(sim, ("order",)), Watcher(sim, ("order",))
    other = Watcher(sim, ("order",), uid="202")
    sim.inject(StreamFault(kind=Kind.DROP, uid="101", code=1001))
    assert (first.cuts, second.cuts, other.cuts) == ([1001], [1001], [])
    place(caller, "in-the-gap")
    again = Watcher(sim, ("order",))
    place(caller, "after-it")
    assert (first.received, links(again)) == ([], ["after-it"])
    assert (first.subscription.is_open, again.subscription.is_open) == (False, True)


def test_dropped_in_place_of_a_message(sim: Simulator, caller: Caller) -> None:
    watcher = Watcher(sim, ("order",))
    sim.inject(StreamFault(kind=Kind.DROP, at_once=False, skip=1))
    place(caller, "one", "two", "three")
    assert (links(watcher), watcher.cuts, watcher.subscription.is_open) == (["one"], [None], False)


@pytest.mark.parametrize("at_once", [True, False])
def test_half_open(sim: Simulator, caller: Caller, *, at_once: bool) -> None:
    watcher = Watcher(sim, ("order",))
    assert watcher.subscription.ping()
    sim.inject(StreamFault(kind=Kind.HALF_OPEN, at_once=at_once))
    place(caller, "lost")
    sim.clear_faults()
    place(caller, "lost-too")
    assert (watcher.received, watcher.cuts, watcher.subscription.is_open) == ([], [], True)
    assert not watcher.subscription.ping()
    assert [state.half_open for state in sim.streams] == [True]
    sim.inject(StreamFault(kind=Kind.DROP))
    assert watcher.cuts == [None]


def test_silence_by_count_by_time_and_until_it_is_healed(sim: Simulator, caller: Caller) -> None:
    watcher = Watcher(sim, ("order",))
    sim.inject(StreamFault(kind=Kind.SILENCE, skip=1))
    place(caller, "one", "lost", "three")
    assert links(watcher) == ["one", "three"]
    sim.inject(StreamFault(kind=Kind.SILENCE, times=None, lasts_ms=100))
    place(caller, "lost-2")
    sim.clock.advance(100)
    place(caller, "five")
    assert links(watcher) == ["five"]
    sim.inject(StreamFault(kind=Kind.SILENCE, times=None))
    place(caller, "lost-3")
    assert watcher.subscription.ping()
    sim.clear_faults()
    place(caller, "seven")
    assert links(watcher) == ["seven"]


def test_a_rule_picks_its_messages(sim: Simulator, caller: Caller) -> None:
    watcher = Watcher(sim)
    sim.inject(
        StreamFault(kind=Kind.SILENCE, topic="position", times=None),
        StreamFault(kind=Kind.SILENCE, symbol="OTHER", times=None),
        StreamFault(kind=Kind.SILENCE, uid="202", times=None),
    )
    place(caller, "one")
    assert watcher.topics == ["order"]


def test_duplicates(sim: Simulator, caller: Caller) -> None:
    watcher = Watcher(sim, ("order",))
    sim.inject(StreamFault(kind=Kind.DUPLICATE, copies=3))
    place(caller, "one", "two")
    assert watcher.received[0] == watcher.received[1] == watcher.received[2]
    assert links(watcher) == ["one", "one", "one", "two"]


def test_a_message_of_an_unknown_topic_comes_first(sim: Simulator, caller: Caller) -> None:
    watcher = Watcher(sim, ("order",))
    sim.inject(StreamFault(kind=Kind.UNKNOWN_TOPIC, text="greeks"))
    place(caller, "one")
    assert watcher.topics == ["greeks", "order"]
    assert watcher.received[0]["data"] == []


def test_delayed_messages_are_overtaken(sim: Simulator, caller: Caller) -> None:
    watcher = Watcher(sim, ("order",))
    sim.inject(StreamFault(kind=Kind.DELAY, delay_ms=300))
    place(caller, "late", "soon")
    sim.clock.advance(299)
    assert links(watcher) == ["soon"]
    sim.clock.advance(1)
    (message,) = watcher.received
    assert (links(watcher), sim.clock.now_ms() - message["creationTime"]) == (["late"], 300)


def test_what_was_delayed_is_lost_with_its_connection(sim: Simulator, caller: Caller) -> None:
    watcher = Watcher(sim, ("order",))
    sim.inject(StreamFault(kind=Kind.DELAY, delay_ms=300))
    place(caller, "late")
    sim.inject(StreamFault(kind=Kind.DROP))
    sim.clock.advance(300)
    assert watcher.received == []


def test_the_messages_of_one_effect_in_another_order(sim: Simulator, caller: Caller) -> None:
    sim.open_position("101", SYMBOL, "Buy", "100", "0.69")
    caller.take_profit("50", "0.75")
    watcher = Watcher(sim)
    sim.inject(StreamFault(kind=Kind.REORDER, times=None))
    sim.set_price(SYMBOL, "0.76")
    assert watcher.topics != ["position", "order", "execution"]
    assert sorted(watcher.topics) == ["execution", "order", "position"]


def test_a_window_over_effects(sim: Simulator, caller: Caller) -> None:
    watcher = Watcher(sim, ("order",))
    sim.inject(StreamFault(kind=Kind.REORDER, times=None, window=4, delay_ms=1000))
    place(caller, "a", "b", "c")
    assert watcher.received == [], "the window is not full"
    place(caller, "d", "e")
    received = links(watcher)
    assert received != ["a", "b", "c", "d"]
    assert sorted(received) == ["a", "b", "c", "d"]
    sim.clock.advance(1000)
    assert links(watcher) == ["e"], "it has waited long enough"


def test_a_message_meets_all_that_is_due(sim: Simulator, caller: Caller) -> None:
    watcher = Watcher(sim, ("order",))
    sim.inject(
        StreamFault(kind=Kind.DELAY, delay_ms=100, times=None),
        StreamFault(kind=Kind.DUPLICATE, times=None),
        StreamFault(kind=Kind.REORDER, times=None, window=3),
        Fault(kind=FaultKind.REPLY_LOST),
    )
    place(caller, "one", "two")
    assert watcher.received == []
    sim.clock.advance(100)
    assert sorted(links(watcher)) == ["one", "one", "two", "two"]
    assert sim.requests[0].fault is FaultKind.REPLY_LOST


def test_the_same_calls_give_the_same_messages() -> None:
    def run() -> list[Json]:
        sim = build()
        watchers = [Watcher(sim), Watcher(sim)]
        sim.inject(
            StreamFault(kind=Kind.REORDER, times=None, window=5, delay_ms=50),
            StreamFault(kind=Kind.DUPLICATE, skip=2, times=4),
            StreamFault(kind=Kind.DELAY, skip=7, times=2, delay_ms=20),
        )
        caller = Caller(sim)
        caller.limit("100", "0.72", side="Buy")
        place(caller, "a", "b", "c")
        sim.set_price(SYMBOL, "0.76")
        sim.clock.advance(100)
        return watchers[0].received + watchers[1].received

    first = run()
    assert first == run()
    assert len(first) > 20
