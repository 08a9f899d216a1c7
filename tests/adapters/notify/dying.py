"""A process that delivers what is pending, and dies once the first alert was taken.

``python dying.py URL-OF-THE-DATABASE PORT-OF-THE-WEBHOOK``
"""

import os
import signal
import sys
from datetime import timedelta

from trueup.adapters.bybit import SystemClock
from trueup.adapters.notify import AppriseSink
from trueup.engine.outbox.outbox import Outbox
from trueup.engine.run.outage import Outage
from trueup.storage import open_store


def _reach(point: str) -> None:
    if point == "alert.after-delivery":
        os.kill(os.getpid(), signal.SIGKILL)


def main(url: str, port: str) -> None:
    """Delivers, and dies."""
    clock = SystemClock()
    sink = AppriseSink(f"json://127.0.0.1:{port}/hook", name="hook")
    with open_store(url) as store:
        Outbox(store, [sink], clock, Outage(clock), _reach).deliver(timedelta(seconds=60))


if __name__ == "__main__":
    main(*sys.argv[1:])
