"""The real pybit stream under supervision: no fault ends it, and each loss is told."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from time import monotonic

import pytest

from tests.adapters.bybit.conftest import KEY, SECRET, SYMBOL, UID, account
from tests.adapters.bybit.received import Received
from trueup.adapters.bybit import BybitExchange, BybitFeed, StreamSettings
from trueup.adapters.bybit.stream.budget import CONNECTIONS, WITHIN_S, ConnectionBudget
from trueup.adapters.bybit.stream.settings import stream_url
from trueup.domain.model.errors import ConfigurationError
from trueup.domain.model.order import OrderStatus
from trueup.domain.tracking.feed import Alive, FillEvent, Lost, Opened, OrderEvent, PositionEvent
from trueup.simulator import Simulator, SimulatorServer, StreamFault, StreamFaultKind

from .bare import Bare

Kind = StreamFaultKind
LOOP_THREAD = "trueup-loop"
MS = timedelta(milliseconds=1)
QUICK = StreamSettings(
    connect_timeout=2000 * MS,
    ready_within=8000 * MS,
    ping_every=2000 * MS,
    silent_after=8000 * MS,
    retry_after=20 * MS,
    retry_cap=40 * MS,
    refused_after=40 * MS,
    refused_cap=80 * MS,
)

Listen = Callable[..., tuple[BybitFeed, Received]]


@pytest.fixture
def served(sim: Simulator) -> Iterator[SimulatorServer]:
    """The simulator behind HTTP and WebSocket."""
    with SimulatorServer(sim) as server:
        yield server


@pytest.fixture
def listen(served: SimulatorServer) -> Iterator[Listen]:
    """Starts feeds at the simulator, and stops them."""
    made: list[BybitFeed] = []

    def make(settings: StreamSettings = QUICK, secret: str = SECRET) -> tuple[BybitFeed, Received]:
        feed, received = BybitFeed(account(served.url, secret=secret), settings), Received()
        made.append(feed)
        feed.start(received)
        return feed, received

    yield make
    for feed in made:
        feed.stop()
    assert LOOP_THREAD not in {thread.name for thread in threading.enumerate()}


def test_a_fill_is_told_by_all_three_topics(sim: Simulator, listen: Listen) -> None:
    sim.open_position(UID, SYMBOL, "Buy", "100", "0.69")
    _, received = listen()
    assert received.next() == Opened()
    order_id = sim.place_order(
        UID, symbol=SYMBOL, side="Sell", orderType="Limit", qty="60", price="0.75",
        reduceOnly=True, orderLinkId="tp",
    )  # fmt: skip
    placed = received.wait_for(OrderEvent)
    assert (placed.order.order_id, placed.order.status) == (order_id, OrderStatus.OPEN)
    assert placed.updated_ms == sim.clock.now_ms()
    sim.fill(UID, order_id, "25")
    moved = received.wait_for(PositionEvent)
    while moved.position is None or moved.position.size != 75:
        moved = received.wait_for(PositionEvent)
    filled, fill = received.wait_for(OrderEvent), received.wait_for(FillEvent)
    assert filled.order.filled == Decimal(25)
    assert fill.quantity == fill.filled == filled.order.filled
    assert fill.order_link_id == "tp"
    assert fill.seq == moved.seq


def test_a_ping_is_answered_after_all_that_was_told(sim: Simulator, listen: Listen) -> None:
    feed, received = listen()
    received.wait_for(Opened)
    sim.place_entry(UID, SYMBOL, "Buy", "50", "0.65", "first")
    feed.ping()
    kinds = [type(received.next()) for _ in range(3)]
    assert kinds == [OrderEvent, PositionEvent, Alive]


@pytest.mark.parametrize(
    "fault",
    [
        StreamFault(kind=Kind.DROP, code=1001),
        StreamFault(kind=Kind.DROP, code=None),
    ],
    ids=["close frame", "cut"],
)
def test_a_loss_is_told_and_mended(sim: Simulator, listen: Listen, fault: StreamFault) -> None:
    _, received = listen()
    received.wait_for(Opened)
    sim.inject(fault)
    sim.place_entry(UID, SYMBOL, "Buy", "50", "0.65", "in the gap")
    lost = received.wait_for(Lost)
    assert lost.reason
    received.wait_for(Opened)
    sim.place_entry(UID, SYMBOL, "Buy", "50", "0.65", "after")
    assert received.wait_for(OrderEvent).order.order_link_id == "after"


def test_a_half_open_connection_is_found_out_by_silence(sim: Simulator, listen: Listen) -> None:
    _, received = listen(replace(QUICK, ping_every=100 * MS, silent_after=500 * MS))
    received.wait_for(Alive)
    sim.inject(StreamFault(kind=Kind.HALF_OPEN))
    assert received.wait_for(Lost).reason == "silence"
    received.wait_for(Opened)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (StreamFault(kind=Kind.REFUSED, status=503, times=3), "the connection broke"),
        (StreamFault(kind=Kind.REFUSED, status=0, times=3), "the connection broke"),
        (StreamFault(kind=Kind.AUTH_FAILED, times=2), "the login was refused: Params Error"),
        (StreamFault(kind=Kind.AUTH_FAILED, times=2, code=1008), "the login was refused"),
        (StreamFault(kind=Kind.SUBSCRIBE_FAILED, topic="position"), "a subscription was refused"),
    ],
    ids=["503", "reset", "auth", "auth and close", "subscribe"],
)
def test_what_ends_pybit_for_good_is_tried_again(
    sim: Simulator, listen: Listen, fault: StreamFault, reason: str
) -> None:
    sim.inject(fault)
    _, received = listen()
    for _ in range(fault.times or 0):
        told = received.next()
        assert isinstance(told, Lost)
        assert told.reason.startswith(reason)
    assert received.next() == Opened()


def test_a_message_that_is_no_text_loses_the_stream() -> None:
    with Bare() as server:
        feed, received = BybitFeed(account(server.url), QUICK), Received()
        feed.start(received)
        wire = server.accept()
        wire.shake_hands()
        wire.send(b'{"topic": "order", "data": "\xff"}')
        assert received.next() == Lost("a message could not be handled (UnicodeDecodeError)")
        feed.stop()


def test_an_unknown_topic_is_passed_over(sim: Simulator, listen: Listen) -> None:
    _, received = listen()
    received.wait_for(Opened)
    sim.inject(StreamFault(kind=Kind.UNKNOWN_TOPIC, times=2))
    sim.place_entry(UID, SYMBOL, "Buy", "50", "0.65", "heard")
    assert isinstance(received.next(), OrderEvent)
    assert isinstance(received.next(), PositionEvent)


def test_a_revoked_key_does_not_hammer(listen: Listen) -> None:
    slow = replace(QUICK, refused_after=60_000 * MS, refused_cap=60_000 * MS)
    feed, received = listen(slow, secret="s" * 36)
    lost = received.wait_for(Lost)
    assert "login was refused" in lost.reason
    assert KEY not in lost.reason
    while feed.tend(now := monotonic()) < now + 29:
        assert received.events.empty()


def test_a_clock_that_is_an_hour_slow_logs_in_by_what_replies_have_shown(
    sim: Simulator, served: SimulatorServer, listen: Listen
) -> None:
    sim.wall_skew_ms = 3_600_000
    feed, received = listen()
    assert "login was refused" in received.wait_for(Lost).reason
    with closing(BybitExchange(account(served.url))) as exchange:
        exchange.observe([SYMBOL])
    while not isinstance(received.next(), Opened):
        feed.tend(monotonic())


def test_a_consumer_that_raises_loses_the_stream_and_gets_another(listen: Listen) -> None:
    feed, received = listen()
    received.wait_for(Opened)
    feed.stop()
    angry = threading.Event()

    def take(news: object) -> None:
        if not angry.is_set():
            angry.set()
            raise ValueError(news)
        received.events.put(news)  # type: ignore[arg-type] # a feed passes on events of one kind

    received.events.queue.clear()
    feed.start(take)
    assert "could not be handled (ValueError)" in received.wait_for(Lost).reason
    received.wait_for(Opened)


def test_a_stopped_feed_tells_nothing_more(sim: Simulator, listen: Listen) -> None:
    feed, received = listen()
    received.wait_for(Opened)
    feed.stop()
    received.events.queue.clear()
    sim.place_entry(UID, SYMBOL, "Buy", "50", "0.65", "unheard")
    feed.ping()
    assert received.events.empty()


def test_many_feeds_share_one_thread_and_have_none_of_their_own(listen: Listen) -> None:
    before = threading.active_count()
    ears = [listen()[1] for _ in range(20)]
    for received in ears:
        received.wait_for(Opened)
    assert [thread.name for thread in threading.enumerate()].count(LOOP_THREAD) == 1
    assert threading.active_count() == before + 1


def test_a_process_keeps_below_the_exchange_s_limit_of_connections() -> None:
    budget = ConnectionBudget()
    assert {budget.may_connect(1000.0) for _ in range(CONNECTIONS)} == {0.0}
    assert budget.may_connect(1001.0) == 1000.0 + WITHIN_S
    assert budget.may_connect(1000.0 + WITHIN_S) == 0.0


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ("mainnet", "wss://stream.bybit.com/v5/private"),
        ("testnet", "wss://stream-testnet.bybit.com/v5/private"),
        ("demo", "wss://stream-demo.bybit.com/v5/private"),
        ("http://127.0.0.1:8000/", "ws://127.0.0.1:8000/v5/private"),
        ("https://example.test", "wss://example.test/v5/private"),
    ],
)
def test_where_the_stream_is(environment: str, url: str) -> None:
    assert stream_url(account(environment)) == url


@pytest.mark.parametrize(
    "times",
    [
        {"auth_expiry": timedelta(seconds=1)},
        {"ping_every": timedelta(seconds=30)},
        {"ready_within": timedelta(0)},
    ],
)
def test_times_that_cannot_be_meant(times: dict[str, timedelta]) -> None:
    with pytest.raises(ConfigurationError):
        StreamSettings(**times)
