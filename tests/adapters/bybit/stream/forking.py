"""A process that forks while it has a stream: ``python -m tests.adapters.bybit.stream.forking``."""

import os
import sys

from tests.adapters.bybit.conftest import account
from tests.adapters.bybit.received import Received
from trueup.adapters.bybit import BybitFeed
from trueup.domain.tracking.feed import Opened

from .bare import Bare
from .test_connections import ALIVE
from .test_feed import QUICK


def main() -> None:
    """Forks, and says what became of the streams of parent and child."""
    with Bare() as bare:
        feed, received = BybitFeed(account(bare.url), QUICK), Received()
        feed.start(received)
        wire = bare.accept()
        wire.open()
        received.wait_for(Opened)
        says, said = os.pipe()
        lives, ends = os.pipe()
        child = os.fork()
        if not child:
            os.close(ends)
            os.write(said, _child(bare, feed).encode())
            os.read(lives, 1)
            os._exit(0)
        _say(f"child: {os.read(says, 1000).decode()}")
        wire.send(ALIVE)
        event = received.next()
        feed.stop()
        _say(f"parent: {event}, and stopped")
        if wire.has_ended():
            _say("exchange: the stream has ended, though the child lives")
        os.close(ends)
        os.waitpid(child, 0)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _child(bare: Bare, feed: BybitFeed) -> str:
    feed.ping()
    feed.stop()
    own, received = BybitFeed(account(bare.url), QUICK), Received()
    own.start(received)
    bare.accept().open()
    opened = received.next()
    own.stop()
    return f"stopped, and has a feed of its own: {opened}"


if __name__ == "__main__":
    main()
