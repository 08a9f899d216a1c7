"""Streams on the one thread that they share with everything else."""

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from time import monotonic

import pytest

from tests.adapters.bybit.conftest import account
from tests.adapters.bybit.received import Received
from trueup.adapters.bybit import BybitFeed
from trueup.aio.fibers import run_fiber
from trueup.aio.loop_thread import LOOP, submit
from trueup.domain.tracking.feed import Alive, Lost, Opened, StreamEvent

from .bare import Bare, Wire, frame
from .test_connections import ALIVE
from .test_feed import LOOP_THREAD, QUICK

PATIENCE_S = 10.0


@pytest.fixture
def bare() -> Iterator[Bare]:
    """An exchange that the test plays; no thread is left."""
    with Bare() as server:
        yield server
    assert LOOP_THREAD not in {thread.name for thread in threading.enumerate()}


def started(bare: Bare, received: Received) -> tuple[BybitFeed, Wire]:
    """A feed whose stream is open."""
    feed = BybitFeed(account(bare.url), QUICK)
    feed.start(received)
    wire = bare.accept()
    wire.open()
    assert received.next() == Opened()
    return feed, wire


class Heavy(Received):
    """Stands still at the first sign of life, until the test lets it go on."""

    def __init__(self) -> None:
        super().__init__()
        self.stands, self.go_on = threading.Event(), threading.Event()

    def __call__(self, event: StreamEvent) -> None:
        """Keeps one event."""
        if event == Alive() and not self.stands.is_set():
            self.stands.set()
            self.go_on.wait(PATIENCE_S)
        super().__call__(event)


def test_a_flood_of_one_stream_leaves_the_others_their_turn(bare: Bare) -> None:
    heavy, light = Heavy(), Received()
    (flooded, flood), (quiet, trickle) = started(bare, heavy), started(bare, light)
    flood.send(ALIVE)
    assert heavy.stands.wait(PATIENCE_S)
    flooding = threading.Thread(target=flood.plain.sendall, args=(frame(ALIVE) * 100_000,))
    flooding.start()
    trickle.send(ALIVE)
    heavy.go_on.set()
    assert light.next() == Alive()
    assert heavy.events.qsize() < 50_000
    assert [heavy.next() for _ in range(100_001)] == [Alive()] * 100_001
    flooding.join()
    flooded.stop()
    quiet.stop()


def test_what_waited_while_the_process_stood_still_is_no_silence(bare: Bare) -> None:
    received = Heavy()
    silent_after = timedelta(milliseconds=300)
    settings = replace(QUICK, ping_every=silent_after / 3, silent_after=silent_after)
    feed = BybitFeed(account(bare.url), settings)
    feed.start(received)
    wire = bare.accept()
    wire.open()
    wire.send(ALIVE)
    assert received.stands.wait(PATIENCE_S)
    wire.send(ALIVE)
    until = monotonic() + 2 * silent_after.total_seconds()
    while monotonic() < until:
        assert received.events.qsize() == 1
    received.go_on.set()
    assert [received.next() for _ in range(3)] == [Opened(), Alive(), Alive()]
    assert json.loads(wire.read()[1]) == {"op": "ping"}
    feed.stop()
    assert received.events.empty()


@pytest.mark.parametrize("kind", [ValueError, SystemExit, KeyboardInterrupt])
def test_what_one_consumer_raises_ends_no_other_stream(
    bare: Bare, kind: type[BaseException]
) -> None:
    received, others = Received(), Received()

    def handle(event: StreamEvent) -> None:
        received(event)
        if event == Alive():
            raise kind

    feed = BybitFeed(account(bare.url), QUICK)
    feed.start(handle)
    wire = bare.accept()
    wire.open()
    other, other_wire = started(bare, others)
    wire.send(ALIVE)
    assert received.wait_for(Lost).reason == f"an event could not be handled ({kind.__name__})"
    other_wire.send(ALIVE)
    assert others.next() == Alive()
    feed.stop()
    other.stop()


def test_a_consumer_may_stop_its_own_feed(bare: Bare) -> None:
    received = Received()
    feed = BybitFeed(account(bare.url), QUICK)

    def handle(event: StreamEvent) -> None:
        received(event)
        feed.stop()

    feed.start(handle)
    wire = bare.accept()
    (loop,) = (thread for thread in threading.enumerate() if thread.name == LOOP_THREAD)
    wire.open()
    loop.join(PATIENCE_S)
    assert not loop.is_alive()
    assert wire.has_ended()
    assert [received.next(), received.events.empty()] == [Opened(), True]


@pytest.mark.parametrize("is_held", [True, False])
def test_a_fiber_that_stops_a_feed_suspends_until_it_has_ended(bare: Bare, is_held: bool) -> None:  # noqa: FBT001 - a parameter of the test
    feed, wire = started(bare, Received())
    loop = LOOP.hold()
    if not is_held:
        LOOP.release()

    def stop() -> int:
        feed.stop()
        return len(asyncio.all_tasks())

    own = 1
    assert submit(loop, run_fiber(stop)).result(PATIENCE_S) == own
    assert wire.has_ended()
    for thread in threading.enumerate():
        if thread.name == LOOP_THREAD and not is_held:
            thread.join(PATIENCE_S)
    if is_held:
        LOOP.release()


def test_a_feed_starts_again_and_again(bare: Bare) -> None:
    feed, received = BybitFeed(account(bare.url), QUICK), Received()
    for _ in range(3):
        feed.start(received)
        feed.start(received)
        bare.accept().open()
        assert received.next() == Opened()
        feed.stop()
        feed.stop()


def test_a_forked_process_leaves_the_stream_to_its_parent() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.adapters.bybit.stream.forking"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "child: stopped, and has a feed of its own: Opened()",
        "parent: Alive(), and stopped",
        "exchange: the stream has ended, though the child lives",
    ]
