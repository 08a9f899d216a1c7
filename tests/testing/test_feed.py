"""The feed in the same process: it meets every fault that a connection meets, on virtual time."""

import pytest

from tests.simulator.caller import SYMBOL
from trueup.adapters.bybit import parse_events
from trueup.domain.tracking.feed import Alive, Lost, Opened, OrderEvent, PositionEvent, StreamEvent
from trueup.simulator import Simulator, StreamFault, StreamFaultKind
from trueup.testing import SimulatorFeed

Kind = StreamFaultKind


class Received(list[StreamEvent]):
    """The events that were received."""

    @property
    def kinds(self) -> list[type]:
        """The types of the events so far; the next call returns later ones only."""
        kinds = [type(event) for event in self]
        self.clear()
        return kinds


@pytest.fixture
def feed(sim: Simulator) -> SimulatorFeed:
    """The feed of account 101."""
    return SimulatorFeed(sim, "101", parse_events, account="main")


@pytest.fixture
def received(feed: SimulatorFeed) -> Received:
    """The events of the feed since it was started."""
    received = Received()
    feed.start(received.append)
    assert received.kinds == [Opened]
    return received


def entry(sim: Simulator, link: str = "") -> None:
    """Lets an entry rest."""
    sim.place_entry("101", SYMBOL, "Buy", "50", "0.65", link)


def test_it_passes_on_what_happens(sim: Simulator, feed: SimulatorFeed, received: Received) -> None:
    assert feed.account == "main"
    entry(sim)
    feed.ping()
    assert received.kinds == [OrderEvent, PositionEvent, Alive]
    feed.stop()
    entry(sim)
    feed.ping()
    assert received.kinds == []
    assert sim.streams == ()


@pytest.mark.parametrize("code", [1001, None])
def test_a_drop_is_reported_and_the_feed_reconnects(
    sim: Simulator, received: Received, code: int | None
) -> None:
    sim.inject(StreamFault(kind=Kind.DROP, code=code))
    entry(sim, "in the gap")
    assert received.kinds == [Lost]
    sim.clock.advance(1_000)
    entry(sim, "after")
    assert received.kinds == [Opened, OrderEvent, PositionEvent]


def test_a_half_open_connection_is_lost_after_an_unanswered_ping(
    sim: Simulator, feed: SimulatorFeed, received: Received
) -> None:
    sim.inject(StreamFault(kind=Kind.HALF_OPEN))
    sim.clock.advance(100_000)
    feed.ping()
    feed.ping()
    assert received.kinds == []
    sim.clock.advance(10_000)
    assert received == [Lost("silence")]
    sim.clock.advance(1_000)
    assert received.kinds == [Lost, Opened]


@pytest.mark.parametrize("kind", [Kind.REFUSED, Kind.AUTH_FAILED, Kind.SUBSCRIBE_FAILED])
def test_a_refused_feed_tries_again(
    sim: Simulator, feed: SimulatorFeed, kind: StreamFaultKind
) -> None:
    sim.inject(StreamFault(kind=kind, times=2))
    received = Received()
    feed.start(received.append)
    feed.ping()
    assert received.kinds == [Lost]
    sim.clock.advance(1_000)
    assert received.kinds == [Lost]
    sim.clock.advance(1_000)
    assert received.kinds == [Opened]


def test_messages_meet_their_faults(sim: Simulator, received: Received) -> None:
    sim.inject(
        StreamFault(kind=Kind.SILENCE, topic="position"),
        StreamFault(kind=Kind.DUPLICATE, topic="order"),
        StreamFault(kind=Kind.UNKNOWN_TOPIC, topic="order"),
    )
    entry(sim)
    assert received.kinds == [OrderEvent, OrderEvent]
